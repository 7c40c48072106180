//! The arguments of `pass`.

use std::path::PathBuf;

use clap::{Args, Subcommand};

use super::super::time::{Moment, Seconds};
use super::Query;

#[derive(Debug, Subcommand)]
pub(in crate::cli) enum PassCommand {
    /// Write the codes of an entry for a limited time, without its seed, under words that are said to somebody
    Issue(PassIssue),
    /// Show the codes of a pass while its time runs; no vault is needed
    Open(PassOpen),
    /// Print the codes of a pass with their times; no vault is needed
    Sheet(PassOpening),
    /// List the passes that were issued
    List,
    /// Say that new methods were registered and old ones removed, so that nothing is left to do
    Close {
        /// The id of the pass
        id: String,
    },
}

#[derive(Debug, Args)]
pub(in crate::cli) struct PassIssue {
    #[command(flatten)]
    pub(in crate::cli) entry: Query,
    /// How long it lasts, 8 hours at most
    #[arg(long = "for", value_name = "DURATION", default_value = "1h")]
    pub(in crate::cli) lasts: Seconds,
    /// When it begins (default: now)
    #[arg(long, value_name = "TIME")]
    pub(in crate::cli) from: Option<Moment>,
    /// Whom it is for
    #[arg(long, value_name = "NAME")]
    pub(in crate::cli) to: String,
    /// How that person was identified; asked for
    #[arg(long, value_name = "TEXT")]
    pub(in crate::cli) identified: Option<String>,
    /// The channel by which the words go; asked for
    #[arg(long, value_name = "TEXT")]
    pub(in crate::cli) channel: Option<String>,
    /// Issue it of a privileged entry too
    #[arg(long)]
    pub(in crate::cli) privileged_ok: bool,
    /// The file to write; FILE.png is a picture of it as one QR code
    #[arg(short, long, value_name = "FILE", value_parser = super::file::made())]
    pub(in crate::cli) output: PathBuf,
}

/// What a pass is opened with.
#[derive(Debug, Args)]
pub(in crate::cli) struct PassOpening {
    /// The pass, or a picture of its QR code
    pub(in crate::cli) file: PathBuf,
    /// Read its words from a file, or from standard input with -
    #[arg(long, value_name = "PATH")]
    pub(in crate::cli) pass_passphrase_file: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub(in crate::cli) struct PassOpen {
    #[command(flatten)]
    pub(in crate::cli) opening: PassOpening,
    /// Show the code of this time, once
    #[arg(long, value_name = "TIME")]
    pub(in crate::cli) at: Option<Moment>,
}
