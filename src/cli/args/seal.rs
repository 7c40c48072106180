//! The arguments of dual control: what an entry is sealed to, and what opens it.

use std::path::PathBuf;

use clap::Args;

use super::Query;

/// What opens a sealed entry.
#[derive(Debug, Args)]
pub(in crate::cli) struct SealOpening {
    /// Open a sealed entry with a share: a file with its words, a picture of its QR code, or standard input with -; once for each
    #[arg(long, value_name = "FILE", conflicts_with = "seal_passphrase_file")]
    pub(in crate::cli) share: Vec<PathBuf>,
    /// Read the passphrase of a sealed entry from a file, or from standard input with -
    #[arg(long, value_name = "PATH")]
    pub(in crate::cli) seal_passphrase_file: Option<PathBuf>,
}

impl SealOpening {
    /// Tells whether anything was named.
    pub(in crate::cli) fn is_given(&self) -> bool {
        !self.share.is_empty() || self.seal_passphrase_file.is_some()
    }
}

#[derive(Debug, Args)]
#[expect(clippy::struct_field_names, reason = "clap names the option after it")]
pub(in crate::cli) struct Seal {
    #[command(flatten)]
    pub(in crate::cli) entry: Query,
    /// Let the shares of this set open it: who opens the vault cannot
    #[arg(long, value_name = "NAME", conflicts_with = "seal_passphrase_file")]
    pub(in crate::cli) share_set: Option<String>,
    /// Read its new passphrase from a file, or from standard input with -; without either option it is asked for
    #[arg(long, value_name = "PATH")]
    pub(in crate::cli) seal_passphrase_file: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub(in crate::cli) struct Unseal {
    #[command(flatten)]
    pub(in crate::cli) entry: Query,
    #[command(flatten)]
    pub(in crate::cli) opening: SealOpening,
}
