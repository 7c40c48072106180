//! The arguments of bundles: what opens one, how one is made, how one is restored.

use std::path::PathBuf;

use clap::{Args, Subcommand};

use super::super::time::Seconds;
use super::NewCredential;

/// What opens a bundle.
#[derive(Debug, Args)]
pub(in crate::cli) struct BundleCredential {
    /// Read the bundle's passphrase from a file, or from standard input with -
    #[arg(long, value_name = "PATH")]
    pub(in crate::cli) bundle_passphrase_file: Option<PathBuf>,
    /// Use this key file for the bundle; it is made where it is absent
    #[arg(long, value_name = "PATH")]
    pub(in crate::cli) bundle_key_file: Option<PathBuf>,
}

#[derive(Debug, Subcommand)]
pub(in crate::cli) enum Bundle {
    /// Make a bundle, read it back and compare
    Create {
        /// Only entries whose issuer:account contains this
        query: Option<String>,
        /// The file to write
        #[arg(short, long, value_name = "FILE")]
        output: PathBuf,
        /// Only entries with this tag
        #[arg(long, value_name = "TAG")]
        tag: Vec<String>,
        /// Warn at every opening after this time, for example 90d
        #[arg(long, value_name = "DURATION")]
        review: Option<Seconds>,
        /// A label that can be read without opening the bundle
        #[arg(long, value_name = "TEXT")]
        label: Option<String>,
        /// Take a weak passphrase all the same
        #[arg(long)]
        allow_weak: bool,
        /// Replace the file when it exists
        #[arg(long)]
        force: bool,
        #[command(flatten)]
        credential: BundleCredential,
    },
    /// Show what can be read without a passphrase
    Inspect {
        /// The bundle
        file: PathBuf,
    },
    /// Open a bundle and check everything in it
    Verify {
        /// The bundle
        file: PathBuf,
        #[command(flatten)]
        credential: BundleCredential,
    },
    /// List the bundles made from this vault and what has changed since
    List,
}

#[derive(Debug, Args)]
pub(in crate::cli) struct Restore {
    /// The bundle
    #[arg(required_unless_present = "previous")]
    pub(in crate::cli) file: Option<PathBuf>,
    /// Bring the bundle's entries into the vault that is there
    #[arg(long)]
    pub(in crate::cli) merge: bool,
    /// With --merge: say what would be done, and write nothing
    #[arg(long, requires = "merge")]
    pub(in crate::cli) dry_run: bool,
    /// Only entries whose issuer:account contains this
    #[arg(long, value_name = "QUERY")]
    pub(in crate::cli) select: Option<String>,
    /// Put back previous generation N (1 is the newest; without N the newest that is whole)
    #[arg(long, value_name = "N", num_args = 0..=1, conflicts_with_all = ["file", "merge", "select"])]
    #[expect(clippy::option_option, reason = "absent, present without a number, present with one")]
    pub(in crate::cli) previous: Option<Option<u32>>,
    #[command(flatten)]
    pub(in crate::cli) new: NewCredential,
    #[command(flatten)]
    pub(in crate::cli) credential: BundleCredential,
}
