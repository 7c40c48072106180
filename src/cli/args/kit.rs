//! The arguments of `kit`.

use std::path::PathBuf;

use clap::Args;

#[derive(Debug, Args)]
pub(in crate::cli) struct Kit {
    /// The folder to make; it does not exist yet, or is empty
    #[arg(short, long, value_name = "DIR", value_parser = super::file::made())]
    pub(in crate::cli) output: PathBuf,
    /// Name the accounts and the custodians in the instructions
    #[arg(long)]
    pub(in crate::cli) names: bool,
    /// Make a kit anew that lies there, whole or in part
    #[arg(long)]
    pub(in crate::cli) force: bool,
    /// Prove that the bundle opens: read the bundle's passphrase from a file, or from standard input with -
    #[arg(long, value_name = "PATH")]
    pub(in crate::cli) bundle_passphrase_file: Option<PathBuf>,
    /// Prove that the bundle opens: use the bundle's key file
    #[arg(long, value_name = "PATH")]
    pub(in crate::cli) bundle_key_file: Option<PathBuf>,
}
