//! The arguments of bundles: what opens one, how one is made, how one is restored.

use std::path::PathBuf;
use std::str::FromStr;

use clap::{Args, Subcommand};

use super::super::time::Seconds;
use super::NewCredential;
use crate::vault::ShareSet;

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

/// What opens a bundle that is there: its own credential, or shares.
#[derive(Debug, Args)]
pub(in crate::cli) struct BundleOpening {
    #[command(flatten)]
    pub(in crate::cli) credential: BundleCredential,
    /// Open it with a share: a file with its words, a picture of its QR code, or standard input with -; once for each
    #[arg(long, value_name = "FILE", conflicts_with_all = ["bundle_passphrase_file", "bundle_key_file"])]
    pub(in crate::cli) share: Vec<PathBuf>,
}

/// The shares that are to open a new bundle.
#[derive(Debug, Args)]
pub(in crate::cli) struct NewShares {
    /// Make a new share set for it: so many of its shares open it together
    #[arg(long, value_name = "M-of-N")]
    pub(in crate::cli) quorum: Option<QuorumText>,
    /// Who holds a share of the new set; once for each, in the order of the shares
    #[arg(long, value_name = "NAME")]
    pub(in crate::cli) custodian: Vec<String>,
}

impl NewShares {
    /// The same, with what is not said as it is with a set that is there.
    pub(in crate::cli) fn as_before(&self, set: &ShareSet) -> Self {
        let before = QuorumText {
            threshold: set.threshold,
            n_shares: u8::try_from(set.n_shares()).unwrap_or(u8::MAX),
        };
        let custodian = if self.custodian.is_empty() {
            set.shares.iter().map(|share| share.custodian.raw().to_owned()).collect()
        } else {
            self.custodian.clone()
        };
        Self { quorum: self.quorum.or(Some(before)), custodian }
    }
}

/// Where the cards of a new share set are written, instead of being shown.
#[derive(Debug, Args)]
pub(in crate::cli) struct CardFolder {
    /// Write the cards of the new set into this folder instead of showing them, to be printed: one folder for each
    /// custodian, with card.html, card.txt and share.txt. Only where it lies in memory, as below /dev/shm
    #[arg(long, value_name = "DIR")]
    pub(in crate::cli) shares: Option<PathBuf>,
    /// With --shares: write the shares in clear
    #[arg(long, requires = "shares")]
    pub(in crate::cli) plaintext: bool,
}

/// How many shares of how many: `2-of-3`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::cli) struct QuorumText {
    /// How many are needed.
    pub(in crate::cli) threshold: u8,
    /// How many there are.
    pub(in crate::cli) n_shares: u8,
}

impl FromStr for QuorumText {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let numbers = text.split_once("-of-").and_then(|(m, n)| Some((m.parse().ok()?, n.parse().ok()?)));
        let (threshold, n_shares) = numbers.ok_or("write it as 2-of-3: how many are needed, of how many")?;
        Ok(Self { threshold, n_shares })
    }
}

impl BundleCredential {
    /// Tells whether any was named.
    pub(in crate::cli) fn is_given(&self) -> bool {
        self.bundle_passphrase_file.is_some() || self.bundle_key_file.is_some()
    }
}

#[derive(Debug, Subcommand)]
pub(in crate::cli) enum Bundle {
    /// Make a bundle, read it back and compare
    Create {
        /// Only entries whose issuer:account contains this
        query: Option<String>,
        /// The file to write
        #[arg(short, long, value_name = "FILE", value_parser = super::file::made())]
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
        /// Let the shares of this set open it: its custodians need no new cards
        #[arg(long, value_name = "NAME", conflicts_with_all = ["quorum", "custodian"])]
        share_set: Option<String>,
        #[command(flatten)]
        new_shares: NewShares,
        #[command(flatten)]
        cards: CardFolder,
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
        opening: BundleOpening,
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
    pub(in crate::cli) opening: BundleOpening,
}
