//! A bundle's entries held against the live vault's, by their ids.

use std::collections::{HashMap, HashSet};

use crate::app::time::day;
use crate::entry::{Entry, EntryId, EntrySecret, UnixSeconds};
use crate::otp::Otp;
use crate::recovery::Verdict;
use crate::vault::{BundleRecord, Quarantined, Vault, merge};
use crate::wire::BundlePayload;
use crate::wire::drill_report_v1::ReportedEntry;

/// What is told of an entry that the vault has in its trash.
pub(super) const IN_TRASH: &str = "in the vault's trash";
/// What is told of an entry that the vault does not have at all.
pub(super) const NOT_THERE: &str = "the vault has it no more";

/// What is told of an entry that makes other codes of the same seed.
const OTHER_WAY: &str = "the same seed, and codes made of it in another way";

/// Every entry of either side with what was found: those of the bundle in its order, then what is missing in it.
pub(super) fn compare(
    vault: &Vault,
    payload: &BundlePayload,
    record: Option<&BundleRecord>,
) -> Vec<ReportedEntry> {
    let live: HashMap<EntryId, &Entry> = vault.entries.iter().map(|entry| (entry.id, entry)).collect();
    let trash: HashSet<EntryId> = vault.trash.iter().map(|trashed| trashed.entry.id).collect();
    let mut found: Vec<ReportedEntry> = payload
        .entries
        .iter()
        .map(|entry| match live.get(&entry.id) {
            Some(live) => {
                let (verdict, detail) = judge(entry, live, payload.created);
                told(live, verdict, detail)
            }
            None if trash.contains(&entry.id) => told(entry, Verdict::Extra, IN_TRASH.to_owned()),
            None => told(entry, Verdict::Extra, NOT_THERE.to_owned()),
        })
        .collect();
    found.extend(payload.quarantine.iter().map(unreadable));
    let bundled: HashSet<EntryId> = payload.entries.iter().map(|entry| entry.id).collect();
    let missing = vault
        .entries
        .iter()
        .filter(|entry| !bundled.contains(&entry.id) && is_expected(entry.id, payload.selected, record));
    found.extend(missing.map(|entry| told(entry, Verdict::Missing, missing_since(entry, payload.created))));
    found
}

/// The entries of a bundle that nothing was compared with.
pub(super) fn alone(payload: &BundlePayload) -> Vec<ReportedEntry> {
    let entries = payload.entries.iter().map(|entry| told(entry, Verdict::NotCompared, String::new()));
    entries.chain(payload.quarantine.iter().map(unreadable)).collect()
}

/// Tells whether a bundle should have an entry that the live vault has. A selection should have what was put into it.
pub(super) fn is_expected(id: EntryId, selected: bool, record: Option<&BundleRecord>) -> bool {
    !selected || record.is_some_and(|record| record.contents.iter().any(|bundled| bundled.id == id))
}

/// Why an entry may be missing.
pub(super) fn missing_since(entry: &Entry, bundle_created: UnixSeconds) -> String {
    if entry.created >= bundle_created {
        format!("added on {}, after the bundle was made", day(entry.created))
    } else {
        "it was there when the bundle was made".to_owned()
    }
}

/// What a seed that is another one means.
pub(super) fn other_seed(live: &Entry, bundle_created: UnixSeconds) -> (Verdict, String) {
    match live.rotated.filter(|rotated| *rotated >= bundle_created) {
        Some(rotated) => (Verdict::Stale, format!("its seed was replaced on {}", day(rotated))),
        None => (Verdict::Different, "another seed, though none was replaced since".to_owned()),
    }
}

fn judge(bundled: &Entry, live: &Entry, bundle_created: UnixSeconds) -> (Verdict, String) {
    match (&bundled.secret, &live.secret) {
        (EntrySecret::Open(seed), EntrySecret::Open(own)) if seed.same_as(own) => {
            if merge::same_codes(live, seed, bundled.otp) {
                (Verdict::Same, String::new())
            } else {
                (Verdict::Different, OTHER_WAY.to_owned())
            }
        }
        (EntrySecret::Open(_), EntrySecret::Open(_)) => other_seed(live, bundle_created),
        // Sealed apart they could not be told from one another: the very same bytes can.
        (EntrySecret::Sealed(one), EntrySecret::Sealed(other)) if one == other => {
            if in_the_same_way(bundled.otp, live.otp) {
                (Verdict::Same, "sealed, and the same bytes".to_owned())
            } else {
                (Verdict::Different, OTHER_WAY.to_owned())
            }
        }
        (EntrySecret::Sealed(_), EntrySecret::Sealed(_)) => {
            (Verdict::NotCompared, "sealed, and sealed anew since".to_owned())
        }
        (EntrySecret::Open(_), EntrySecret::Sealed(_)) => {
            (Verdict::NotCompared, "sealed in the vault, and not in the bundle".to_owned())
        }
        (EntrySecret::Sealed(_), EntrySecret::Open(_)) => {
            (Verdict::NotCompared, "sealed in the bundle, and not in the vault".to_owned())
        }
    }
}

/// Tells whether two entries make codes in the same way. A counter moves with every code and is not part of it.
fn in_the_same_way(one: Otp, other: Otp) -> bool {
    let numbers = |otp: Otp| (otp.type_name(), otp.algorithm(), otp.digits(), otp.period());
    numbers(one) == numbers(other)
}

fn told(entry: &Entry, verdict: Verdict, detail: String) -> ReportedEntry {
    ReportedEntry { id: Some(entry.id), title: entry.title(), verdict, detail }
}

fn unreadable(quarantined: &Quarantined) -> ReportedEntry {
    ReportedEntry {
        id: None,
        title: quarantined.title.shown(),
        verdict: Verdict::Unreadable,
        detail: crate::entry::label::shown_message(&quarantined.reason),
    }
}
