//! Passes: the codes of one entry for a limited time, without its seed. Here: what the vault that issued one remembers.

use super::item::ItemId;
use crate::entry::{EntryId, Label, UnixSeconds};

/// A pass that was issued. The codes in it are in its file alone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IssuedPass {
    /// Its name.
    pub id: ItemId,
    /// The entry whose codes it has.
    pub entry: EntryId,
    /// Whom it was given to.
    pub to: Label,
    /// Why.
    pub reason: String,
    /// How that person was identified; `None` where nobody said.
    pub identified: Option<String>,
    /// The channel by which the words go; `None` where nobody said.
    pub channel: Option<String>,
    /// When it was issued.
    pub issued: UnixSeconds,
    /// Its first moment.
    pub from: UnixSeconds,
    /// The moment after its last.
    pub until: UnixSeconds,
    /// The entry opened something privileged when it was issued.
    pub privileged: bool,
    /// SHA-256 of its file.
    pub sha256: [u8; 32],
    /// When somebody said that new methods were registered and old ones removed.
    pub closed: Option<UnixSeconds>,
}

impl IssuedPass {
    /// It has not ended, and nobody has closed it.
    pub fn is_live(&self, now: UnixSeconds) -> bool {
        self.closed.is_none() && now < self.until
    }
}
