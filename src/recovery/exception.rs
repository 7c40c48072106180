//! Exceptions: what weakens something for a time, with an owner and an end. None is without an end.

use std::collections::HashSet;

use super::item::ItemId;
use crate::entry::{EntryId, Label, UnixSeconds};

/// Something that is weaker than it should be, until a day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Exception {
    /// Its name.
    pub id: ItemId,
    /// What it weakens.
    pub kind: ExceptionKind,
    /// The entry that it is about.
    pub entry: EntryId,
    /// Who answers for it.
    pub owner: Label,
    /// Why; may be empty.
    pub reason: String,
    /// When it was added.
    pub added: UnixSeconds,
    /// Its end: past it `status` is red until somebody ends it.
    pub until: UnixSeconds,
    /// When somebody ended it.
    pub ended: Option<UnixSeconds>,
}

impl Exception {
    /// Nobody has ended it.
    pub const fn is_open(&self) -> bool {
        self.ended.is_none()
    }

    /// Its end has passed, and nobody has ended it.
    pub fn is_past(&self, now: UnixSeconds) -> bool {
        self.is_open() && now >= self.until
    }

    /// It holds: it is open and its end has not come.
    pub fn holds(&self, now: UnixSeconds) -> bool {
        self.is_open() && now < self.until
    }
}

/// The entries of which an exception of a kind holds.
pub fn excepted(exceptions: &[Exception], kind: ExceptionKind, now: UnixSeconds) -> HashSet<EntryId> {
    let holding = exceptions.iter().filter(|exception| exception.kind == kind && exception.holds(now));
    holding.map(|exception| exception.entry).collect()
}

/// What an exception weakens.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum ExceptionKind {
    /// The seed lies on another device too.
    Clone,
    /// The account is without its second factor.
    NoSecondFactor,
    /// Drills do not look at the entry.
    NotDrilled,
    /// No service was seen to accept a code, or not for longer than a year.
    SkippedProof,
}

impl ExceptionKind {
    /// Every kind, by its name.
    pub const ALL: [Self; 4] = [Self::Clone, Self::NoSecondFactor, Self::NotDrilled, Self::SkippedProof];

    /// The word on the command line and in files.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Clone => "clone",
            Self::NoSecondFactor => "no-second-factor",
            Self::NotDrilled => "not-drilled",
            Self::SkippedProof => "skipped-proof",
        }
    }

    /// What it says of the entry, in words.
    pub const fn in_words(self) -> &'static str {
        match self {
            Self::Clone => "its seed lies on another device too",
            Self::NoSecondFactor => "the account is without its second factor",
            Self::NotDrilled => "drills do not look at it",
            Self::SkippedProof => "no service is asked to accept a code of it",
        }
    }

    /// Reads that word.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }
}
