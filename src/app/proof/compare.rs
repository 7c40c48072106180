//! A file of proofs against this vault and this clock.

use std::collections::{BTreeMap, BTreeSet};

use super::file::{self, Brought, Origin, Side, side};
use super::{Challenge, STEP_SECONDS};
use crate::app::context::Context;
use crate::app::failure::Failure;
use crate::app::session::Session;
use crate::entry::{EntryId, UnixSeconds};
use crate::wire::proof_v1::Proofs;

/// What is known of one entry after comparing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// The seed, or how codes are made of it, is another one.
    Different,
    /// Nothing can be said: a seed is sealed, or both are too short.
    NotComparable,
    /// Only this vault has it.
    OnlyHere,
    /// Only the file has it.
    OnlyThere,
    /// Both make the same codes.
    Same,
    /// Both make the same codes, and know the account by different ids.
    SameByAnotherId,
}

impl Verdict {
    /// The word for people and for scripts.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Different => "different",
            Self::NotComparable => "not comparable",
            Self::OnlyHere => "only here",
            Self::OnlyThere => "only there",
            Self::Same => "same",
            Self::SameByAnotherId => "same, by another id",
        }
    }

    /// Tells whether it makes the comparison end with exit status 7.
    pub const fn is_finding(self) -> bool {
        matches!(self, Self::Different | Self::OnlyHere | Self::OnlyThere)
    }
}

/// One entry, compared.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ComparedEntry {
    /// The entry: by the id it has here, where it is here.
    pub id: EntryId,
    /// Its name here, safe to show; `None` where it is only there.
    pub title: Option<String>,
    /// What is known.
    pub verdict: Verdict,
    /// What is to be added, in words; empty for nothing.
    pub because: String,
}

/// How the file's time stands to this clock. A file may have been on its way for any time, so only one from the future
/// shows that the clocks differ.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ClockVerdict {
    /// It was made so many seconds ago, by this clock; none where it is ahead by no more than half a minute.
    Ago(u64),
    /// It will be made in so many seconds, by this clock.
    FromTheFuture(u64),
}

/// What came of comparing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Compared {
    /// When the file was made, by its maker's clock.
    pub made: UnixSeconds,
    /// How that stands to this clock.
    pub clock: ClockVerdict,
    /// Where the file comes from.
    pub origin: Origin,
    /// True when this vault's own key signed it.
    pub is_own_key: bool,
    /// True when it was made from a vault with this one's id.
    pub is_same_vault: bool,
    /// Every entry of either side: those of this vault in its order, then the others.
    pub entries: Vec<ComparedEntry>,
}

impl Compared {
    /// How many entries have a verdict.
    pub fn count(&self, verdict: Verdict) -> usize {
        self.entries.iter().filter(|entry| entry.verdict == verdict).count()
    }

    /// How many entries were seen to be the same.
    pub fn n_same(&self) -> usize {
        self.count(Verdict::Same) + self.count(Verdict::SameByAnotherId)
    }

    /// Tells whether anything is different, missing on one side, or off; and whether nothing was compared at all.
    pub fn has_findings(&self) -> bool {
        let is_off = matches!(self.clock, ClockVerdict::FromTheFuture(_));
        is_off || self.n_same() == 0 || self.entries.iter().any(|entry| entry.verdict.is_finding())
    }
}

/// Compares a file of proofs with the open vault and the clock. Nothing is changed.
///
/// # Errors
///
/// When the vault has no key to sign with, which does not happen to one that was read.
pub fn compare(ctx: &Context, session: &Session, brought: &Brought) -> Result<Compared, Failure> {
    let Brought(there) = brought;
    let now = ctx.clock.now();
    let challenge = Challenge { nonce: there.nonce, at: there.at, signer: there.key };
    let here = file::all(&session.vault, &challenge);
    let ahead = there.at.saturating_sub(now);
    let clock = if ahead > STEP_SECONDS {
        ClockVerdict::FromTheFuture(ahead)
    } else {
        ClockVerdict::Ago(now.saturating_sub(there.at))
    };
    let own_key = session.signing_key()?.public();
    Ok(Compared {
        made: there.at,
        clock,
        origin: Origin::of(there),
        is_own_key: there.key == own_key,
        is_same_vault: there.vault == session.vault.id,
        entries: entries(session, &here, there),
    })
}

fn entries(session: &Session, here: &Proofs, there: &Proofs) -> Vec<ComparedEntry> {
    let vault = &session.vault;
    // A seed that came into both vaults on its own has another id there, and the same proof.
    let mut strangers: BTreeMap<[u8; 16], Vec<EntryId>> = BTreeMap::new();
    let is_here = |id: &EntryId| side(here, *id).is_some();
    for (id, proof) in there.entries.iter().filter(|(id, _)| !is_here(id)) {
        strangers.entry(*proof).or_default().push(*id);
    }
    let mut met = BTreeSet::new();
    let mut compared = Vec::new();
    for entry in &vault.entries {
        let Some(of_here) = side(here, entry.id) else { continue };
        let (verdict, because) = match (of_here, side(there, entry.id)) {
            (of_here, Some(of_there)) => judge(of_here, of_there),
            (Side::Proof(proof), None) => match strangers.get_mut(&proof).and_then(Vec::pop) {
                Some(id) => {
                    met.insert(id);
                    (Verdict::SameByAnotherId, format!("there it is {id}"))
                }
                None => (Verdict::OnlyHere, String::new()),
            },
            (Side::Sealed | Side::Short, None) => (Verdict::OnlyHere, String::new()),
        };
        compared.push(ComparedEntry { id: entry.id, title: Some(entry.title()), verdict, because });
    }
    let of_there = there.entries.keys().chain(&there.sealed).chain(&there.short);
    for id in of_there.filter(|id| !is_here(id) && !met.contains(*id)) {
        let trashed = vault.trash.iter().find(|trashed| trashed.entry.id == *id);
        let because = trashed.map_or_else(String::new, |trashed| {
            format!("here it lies in the trash: {}", trashed.entry.title())
        });
        compared.push(ComparedEntry { id: *id, title: None, verdict: Verdict::OnlyThere, because });
    }
    compared
}

/// What two sides of one entry say together.
fn judge(here: Side, there: Side) -> (Verdict, String) {
    let (verdict, because) = match (here, there) {
        (Side::Proof(here), Side::Proof(there)) if here == there => (Verdict::Same, ""),
        (Side::Proof(_), Side::Proof(_)) => (Verdict::Different, ""),
        (Side::Sealed, Side::Sealed) => (Verdict::NotComparable, "the seed is sealed on both sides"),
        (Side::Sealed, _) => (Verdict::NotComparable, "the seed is sealed here"),
        (_, Side::Sealed) => (Verdict::NotComparable, "the seed is sealed there"),
        (Side::Short, Side::Short) => {
            (Verdict::NotComparable, "the seed has less than 80 bits on both sides")
        }
        (Side::Short, Side::Proof(_)) => (Verdict::Different, "the seed has less than 80 bits here alone"),
        (Side::Proof(_), Side::Short) => (Verdict::Different, "the seed has less than 80 bits there alone"),
    };
    (verdict, because.to_owned())
}
