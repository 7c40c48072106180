//! The names of files that are made.

use std::path::{Path, PathBuf};

use clap::builder::{PathBufValueParser, TypedValueParser};

/// Standard output, where a command can write to it, and standard input, where one can read from it.
pub(in crate::cli) const STANDARD: &str = "-";

/// Takes a name for a file or a folder that is made, and refuses the one that everybody means as standard output: a file
/// of that name would lie unseen wherever the command was run.
pub(in crate::cli) fn made() -> impl TypedValueParser<Value = PathBuf> {
    PathBufValueParser::new().try_map(|path| {
        if path == Path::new(STANDARD) {
            return Err("a file is made, and - is none (./- would be one)");
        }
        Ok(path)
    })
}
