//! What is to be done around the log.

use crate::secret::SecretText;
use crate::tui::model::LogFilter;

/// One thing to do.
#[derive(Debug)]
pub enum LogEffect {
    /// See whether the vault has a passphrase that can be rehearsed.
    BeginRehearsal,
    /// Check the log, and look for a head that was noted elsewhere.
    Check(Option<[u8; 32]>),
    /// Give the line by which this vault's reports are checked.
    Key,
    /// Make a report for auditors.
    MakeEvidence(EvidenceOrder),
    /// Note that the passphrase was not recalled in so many tries.
    NotRecalled(usize),
    /// Read the records that are wanted.
    Read(LogFilter),
    /// Tell whether a passphrase that was typed from memory opens the vault.
    Rehearse {
        /// What was typed.
        typed: SecretText,
        /// How many others were typed before.
        n_failed: usize,
    },
}

/// A report for auditors, as it was asked for.
#[derive(Debug)]
pub struct EvidenceOrder {
    /// The folder, as it was typed.
    pub folder: String,
    /// Length of the period, in seconds.
    pub since: u64,
    /// Pseudonyms in the place of names.
    pub redact: bool,
    /// The path of a policy, as it was typed; empty for none.
    pub policy: String,
}
