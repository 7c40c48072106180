//! What happens to each incoming entry: taken, already there, or in conflict.

use std::collections::{BTreeSet, HashMap};

use crate::entry::{Entry, EntryDraft, EntryId};
use crate::otp::{Otp, Period, Seed};

/// What becomes of one incoming draft.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// An entry that the vault held before has the same seed, type, algorithm, digits and period.
    AlreadyThere(EntryId),
    /// An entry that the vault held before has the same issuer and account, with another seed or other
    /// numbers. It is taken beside it: which one is current only the service can say.
    Conflicting(EntryId),
    /// New.
    Taken,
}

/// What makes two entries show the same codes. A counter's position is not part of it.
#[derive(PartialEq, Eq, Hash)]
struct CodeKey<'a> {
    type_name: &'static str,
    algorithm: &'static str,
    digits: u8,
    period_seconds: u32,
    seed: &'a [u8],
}

fn code_key(seed: &Seed, otp: Otp) -> CodeKey<'_> {
    CodeKey {
        type_name: otp.type_name(),
        algorithm: otp.algorithm().name(),
        digits: otp.digits(),
        period_seconds: otp.period().map_or(0, Period::seconds),
        seed: seed.bytes().expose(),
    }
}

/// Tells whether an entry shows the same codes as a seed with these numbers. Of a sealed one nobody can tell.
pub fn same_codes(entry: &Entry, seed: &Seed, otp: Otp) -> bool {
    let Some(own) = entry.seed() else { return false };
    let (left, right) = (code_key(own, entry.otp), code_key(seed, otp));
    own.same_as(seed)
        && (left.type_name, left.algorithm, left.digits, left.period_seconds)
            == (right.type_name, right.algorithm, right.digits, right.period_seconds)
}

/// Says for each draft of one file what becomes of it.
///
/// Only entries that the vault held before count as already there: the entries of one file are all
/// taken, even where two of them are alike.
pub fn plan(existing: &[Entry], drafts: &[EntryDraft]) -> Vec<Verdict> {
    let by_codes: HashMap<CodeKey<'_>, EntryId> =
        existing.iter().filter_map(|entry| Some((code_key(entry.seed()?, entry.otp), entry.id))).collect();
    let by_name: HashMap<(&str, &str), EntryId> =
        existing.iter().map(|entry| ((entry.issuer.raw(), entry.account.raw()), entry.id)).collect();
    drafts
        .iter()
        .map(|draft| {
            if let Some(id) = by_codes.get(&code_key(&draft.seed, draft.otp)) {
                Verdict::AlreadyThere(*id)
            } else if let Some(id) = by_name.get(&(draft.issuer.raw(), draft.account.raw())) {
                Verdict::Conflicting(*id)
            } else {
                Verdict::Taken
            }
        })
        .collect()
}

/// What a merge of a bundle into a vault does to one entry, by its id.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MergeVerdict {
    /// Not in the vault: added with its id.
    Added,
    /// The bundle's is newer (by its date of change): it replaces the vault's.
    Newer,
    /// The vault's is newer or differs with the same date: it stays.
    Older,
    /// Alike.
    Same,
    /// Lies in the vault's trash: it stays there.
    InTrash,
}

/// Says for each entry of a bundle what a merge by id would do. Nothing is ever rolled back silently.
///
/// `same` compares two entries as they are written.
pub fn plan_by_id(
    existing: &[Entry],
    trashed: &BTreeSet<EntryId>,
    incoming: &[Entry],
    same: impl Fn(&Entry, &Entry) -> bool,
) -> Vec<MergeVerdict> {
    let by_id: HashMap<EntryId, &Entry> = existing.iter().map(|entry| (entry.id, entry)).collect();
    incoming
        .iter()
        .map(|entry| match by_id.get(&entry.id) {
            Some(mine) if same(mine, entry) => MergeVerdict::Same,
            Some(mine) if entry.updated > mine.updated => MergeVerdict::Newer,
            Some(_) => MergeVerdict::Older,
            None if trashed.contains(&entry.id) => MergeVerdict::InTrash,
            None => MergeVerdict::Added,
        })
        .collect()
}

#[cfg(test)]
mod tests;
