//! The arguments of `evidence`.

use std::path::PathBuf;

use clap::{Args, Subcommand};

use super::super::time::{Moment, Seconds};

#[derive(Debug, Args)]
#[command(subcommand_negates_reqs = true)]
pub(in crate::cli) struct Evidence {
    #[command(subcommand)]
    pub(in crate::cli) other: Option<AboutEvidence>,
    /// The folder to write the report into; made where it is not there
    #[arg(short, long, value_name = "DIR", required = true, value_parser = super::file::made())]
    pub(in crate::cli) output: Option<PathBuf>,
    /// Length of the period that it speaks of (default: 90d)
    #[arg(long, value_name = "DURATION")]
    pub(in crate::cli) since: Option<Seconds>,
    /// Put stable pseudonyms in the place of names
    #[arg(long)]
    pub(in crate::cli) redact: bool,
    /// Put a policy and its sensitive applications into it
    #[arg(long, value_name = "FILE")]
    pub(in crate::cli) policy: Option<PathBuf>,
    /// The moment that it is made for, which ends the period (default: now)
    #[arg(long, value_name = "TIME")]
    pub(in crate::cli) at: Option<Moment>,
}

#[derive(Debug, Subcommand)]
pub(in crate::cli) enum AboutEvidence {
    /// Print the key that signs reports, for whoever will check one
    Key,
    /// Check a report with a list of keys that was had before it
    Verify {
        /// The folder of the report
        #[arg(value_name = "DIR")]
        folder: PathBuf,
        /// The keys, in the form of OpenSSH's `allowed_signers`
        #[arg(long, value_name = "FILE")]
        signers: PathBuf,
    },
}
