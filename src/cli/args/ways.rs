//! The arguments of making a vault and of its ways of opening.

use std::path::PathBuf;

use clap::{Args, Subcommand};

use super::super::time::Seconds;

/// How a new way of opening is given.
#[derive(Debug, Args)]
pub(in crate::cli) struct NewCredential {
    /// Read the new passphrase from a file, or from standard input with -
    #[arg(long, value_name = "PATH")]
    pub(in crate::cli) new_passphrase_file: Option<PathBuf>,
    /// Make this key file; alone it opens the vault, with a passphrase both are needed
    #[arg(long, value_name = "PATH")]
    pub(in crate::cli) new_key_file: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub(in crate::cli) struct Init {
    #[command(flatten)]
    pub(in crate::cli) new: NewCredential,
    #[command(flatten)]
    pub(in crate::cli) kdf: Kdf,
}

#[derive(Debug, Args)]
pub(in crate::cli) struct Kdf {
    /// Memory of the key derivation in MiB (default 128, at least 64)
    #[arg(long, value_name = "MIB")]
    pub(in crate::cli) kdf_memory: Option<u32>,
    /// Passes of the key derivation (default 3, at least 3)
    #[arg(long, value_name = "N")]
    pub(in crate::cli) kdf_passes: Option<u32>,
}

/// What a change of the ways of opening may take away.
#[derive(Debug, Args)]
pub(in crate::cli) struct Dropping {
    /// Drop this way of opening (its name from `slot list`) if what opens it is not at hand
    #[arg(long, value_name = "SLOT")]
    pub(in crate::cli) drop: Vec<String>,
    /// Destroy the previous generations, which open with the old passphrase
    #[arg(long)]
    pub(in crate::cli) purge_previous: bool,
}

#[derive(Debug, Args)]
pub(in crate::cli) struct Passwd {
    #[command(flatten)]
    pub(in crate::cli) new: NewCredential,
    #[command(flatten)]
    pub(in crate::cli) dropping: Dropping,
}

#[derive(Debug, Subcommand)]
pub(in crate::cli) enum Slot {
    /// List the ways of opening the vault
    List,
    /// Add a way of opening the vault
    Add(NewCredential),
    /// Take a way of opening away, with a new master key
    Remove {
        /// Its name from `slot list`
        slot: String,
        #[command(flatten)]
        dropping: Dropping,
    },
}

#[derive(Debug, Args)]
pub(in crate::cli) struct Unlock {
    /// For how long: at most 12h. Meanwhile every process of the session can open the vault (Linux)
    #[arg(long = "for", value_name = "DURATION", default_value = "15m")]
    pub(in crate::cli) time: Seconds,
}
