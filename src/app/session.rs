//! An unlocked vault: its content, its key, and what is to be told about it. Dropping it is locking.

use std::path::{Path, PathBuf};

use super::clock::Doubt;
use super::failure::{Failure, Kind};
use crate::envelope::{MasterKey, Slot};
use crate::signature::SigningKey;
use crate::vault::Vault;

/// Something to tell beside the result: on stderr, or in the notice bar.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notice(pub String);

/// An unlocked vault.
#[derive(Debug)]
pub struct Session {
    pub(super) vault: Vault,
    pub(super) master: MasterKey,
    pub(super) slots: Vec<Slot>,
    /// The slot that opened it.
    pub(super) opened_by: [u8; 4],
    pub(super) path: PathBuf,
    /// SHA-256 of the file that `vault` was read from.
    pub(super) sha256: [u8; 32],
    /// Set when this machine has seen a newer generation than the file holds.
    pub(super) newer_seen: Option<u64>,
    pub(super) older_accepted: bool,
    pub(super) notices: Vec<Notice>,
    /// What spoke against the clock when the vault was opened.
    pub(super) clock_doubt: Option<Doubt>,
}

impl Session {
    /// The content.
    pub fn vault(&self) -> &Vault {
        &self.vault
    }

    /// The vault file.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The key that signs what the vault vouches for.
    pub(super) fn signing_key(&self) -> Result<SigningKey, Failure> {
        SigningKey::from_seed(&self.vault.keys.signing).ok_or_else(|| {
            // `wire` reads no other number of bytes.
            Failure::new(Kind::Io, "the vault's signing key has not the right length")
        })
    }

    /// What is to be told; each is given out once.
    pub fn take_notices(&mut self) -> Vec<Notice> {
        std::mem::take(&mut self.notices)
    }

    /// What spoke against the clock when the vault was opened. It is among the notices too.
    pub fn clock_doubt(&self) -> Option<Doubt> {
        self.clock_doubt
    }

    pub(super) fn doubt_clock(&mut self, doubt: Option<Doubt>) {
        if let (None, Some(doubt)) = (self.clock_doubt, doubt) {
            self.tell(doubt.to_string());
            self.clock_doubt = Some(doubt);
        }
    }

    /// The newer generation that this machine has seen, if the file is an older copy.
    pub fn newer_generation_seen(&self) -> Option<u64> {
        self.newer_seen
    }

    /// Lets changes go on top of an older copy, after somebody said that it is meant.
    pub fn accept_older(&mut self) {
        self.older_accepted = true;
    }

    pub(super) fn tell(&mut self, notice: impl Into<String>) {
        let notice = Notice(notice.into());
        if !self.notices.contains(&notice) {
            self.notices.push(notice);
        }
    }
}
