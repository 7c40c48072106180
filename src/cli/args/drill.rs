//! The arguments of drills.

use std::path::PathBuf;
use std::str::FromStr;

use clap::{Args, Subcommand};

use super::BundleOpening;

#[derive(Debug, Subcommand)]
pub(in crate::cli) enum Drill {
    /// Rehearse a restore into memory, and say which level it reached and what it did not test
    Run(DrillRun),
    /// Bring the report of a drill home that was run on another machine
    Record {
        /// The report; its signature lies beside it, with .sig behind its name
        report: PathBuf,
    },
    /// List the drills that the log knows, newest first
    List,
    /// Show when each bundle is to be drilled next
    Due {
        /// Exit with 7 if a drill is due
        #[arg(long)]
        check: bool,
    },
}

#[derive(Debug, Args)]
pub(in crate::cli) struct DrillRun {
    /// The bundle, or the folder of a kit
    pub(in crate::cli) file: PathBuf,
    /// Write a report, and its signature beside it with .sig behind its name
    #[arg(long, value_name = "FILE", value_parser = super::file::made())]
    pub(in crate::cli) report: Option<PathBuf>,
    /// Attest that the service accepted the code of an entry, and say where that is written down; once for each
    #[arg(long, value_name = "QUERY=REFERENCE")]
    pub(in crate::cli) attest: Vec<Attestation>,
    #[command(flatten)]
    pub(in crate::cli) opening: BundleOpening,
}

/// `aws:root=INC-4711`
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::cli) struct Attestation {
    /// Names the entry.
    pub(in crate::cli) query: String,
    /// Where it is written down.
    pub(in crate::cli) reference: String,
}

impl FromStr for Attestation {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let (query, reference) = text
            .split_once('=')
            .ok_or("write it as aws:root=INC-4711: the entry, =, where it is written down")?;
        Ok(Self { query: query.trim().to_owned(), reference: reference.to_owned() })
    }
}
