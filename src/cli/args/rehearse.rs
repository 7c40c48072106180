//! The arguments of `rehearse`.

use std::path::PathBuf;

use clap::Args;

#[derive(Debug, Args)]
pub(in crate::cli) struct Rehearse {
    /// A bundle, whose passphrase is typed instead of the vault's
    pub(in crate::cli) bundle: Option<PathBuf>,
    /// Check one share instead: a file with its words, a picture of its QR code, or standard input with -
    #[arg(long, value_name = "FILE", requires = "bundle", conflicts_with = "bundle_key_file")]
    pub(in crate::cli) share: Option<PathBuf>,
    /// Use this key file for a bundle that a passphrase and a key file open together
    #[arg(long, value_name = "PATH", requires = "bundle")]
    pub(in crate::cli) bundle_key_file: Option<PathBuf>,
}
