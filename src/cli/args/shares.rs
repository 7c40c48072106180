//! The arguments of share sets: one share checked alone, acknowledgements, a set replaced.

use std::path::PathBuf;

use clap::Subcommand;

use super::{CardFolder, NewShares};

#[derive(Debug, Subcommand)]
pub(in crate::cli) enum Shares {
    /// List the share sets, and when each share was last known to be there
    List,
    /// Check one share alone against a bundle; nothing is opened or revealed
    Check {
        /// The bundle that it helps to open
        bundle: PathBuf,
        /// The share: a file with its words, a picture of its QR code, or standard input with -
        #[arg(long, value_name = "FILE")]
        share: Option<PathBuf>,
    },
    /// Check one share alone and write a dated acknowledgement for whoever keeps the vault
    Acknowledge {
        /// The bundle that it helps to open
        bundle: PathBuf,
        /// The share: a file with its words, a picture of its QR code, or standard input with -
        #[arg(long, value_name = "FILE")]
        share: Option<PathBuf>,
        /// The file to write
        #[arg(short, long, value_name = "FILE", value_parser = super::file::made())]
        output: PathBuf,
        /// Replace the file when it exists
        #[arg(long)]
        force: bool,
    },
    /// Bring a custodian's acknowledgement home
    Record {
        /// The acknowledgement
        file: PathBuf,
    },
    /// Make a new share set in the place of one, after a custodian leaves or a card is lost
    Replace {
        /// The set, by its name
        set: String,
        #[command(flatten)]
        new_shares: NewShares,
        #[command(flatten)]
        cards: CardFolder,
    },
}
