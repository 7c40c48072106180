//! A bundle's entries held against the live vault's, by their ids.

use std::collections::{HashMap, HashSet};

use crate::app::status::count;
use crate::app::time::day;
use crate::entry::{Entry, EntryId, EntrySecret, UnixSeconds};
use crate::otp::Otp;
use crate::recovery::exception::ExceptionKind;
use crate::recovery::{Level, Verdict};
use crate::vault::{BundleRecord, Quarantined, Vault, merge};
use crate::wire::BundlePayload;
use crate::wire::drill_report_v1::{NotTested, ReportedEntry};

/// What is told of an entry that the vault has in its trash.
pub(super) const IN_TRASH: &str = "in the vault's trash";
/// What is told of an entry that the vault does not have at all.
pub(super) const NOT_THERE: &str = "the vault has it no more";

/// What is told of an entry that makes other codes of the same seed.
const OTHER_WAY: &str = "the same seed, and codes made of it in another way";

/// Where a detail begins with it, an exception keeps the entry out of drills: nothing of it was compared.
pub(super) const KEPT_OUT: &str = "kept out of drills by an exception";

/// Most entries that are named where it is said what was not tested; the report has all of them.
const MOST_NAMED: usize = 3;

/// The entries that exceptions keep out of drills now, each with the words for it.
pub(super) fn kept_out(vault: &Vault, now: UnixSeconds) -> HashMap<EntryId, String> {
    let exceptions = vault.items.exceptions.iter();
    let holding =
        exceptions.filter(|exception| exception.kind == ExceptionKind::NotDrilled && exception.holds(now));
    let words = |until: UnixSeconds| format!("{KEPT_OUT} until {}: it was not tested", day(until));
    holding.map(|exception| (exception.entry, words(exception.until))).collect()
}

/// How many entries exceptions keep out of a drill, and what the drill did not test because of that.
pub(super) fn not_tested(entries: &[ReportedEntry]) -> (usize, Option<NotTested>) {
    let is_kept_out =
        |entry: &&ReportedEntry| entry.verdict == Verdict::NotCompared && entry.detail.starts_with(KEPT_OUT);
    let titles: Vec<&str> = entries.iter().filter(is_kept_out).map(|entry| entry.title.as_str()).collect();
    let n = titles.len();
    let named = titles.get(..n.min(MOST_NAMED)).unwrap_or_default().join(", ");
    let more = if n > MOST_NAMED { format!(" and {} more", n - MOST_NAMED) } else { String::new() };
    let what = format!(
        "the seeds of {}, kept out of drills by exceptions: {named}{more}",
        count(n, "entry", "entries")
    );
    (n, (n > 0).then_some(NotTested { level: Level::Restored, what }))
}

/// Every entry of either side with what was found: those of the bundle in its order, then what is missing in it.
pub(super) fn compare(
    vault: &Vault,
    payload: &BundlePayload,
    record: Option<&BundleRecord>,
    now: UnixSeconds,
) -> Vec<ReportedEntry> {
    let kept_out = kept_out(vault, now);
    let live: HashMap<EntryId, &Entry> = vault.entries.iter().map(|entry| (entry.id, entry)).collect();
    let trash: HashSet<EntryId> = vault.trash.iter().map(|trashed| trashed.entry.id).collect();
    let mut found: Vec<ReportedEntry> = payload
        .entries
        .iter()
        .map(|entry| match (live.get(&entry.id), kept_out.get(&entry.id)) {
            (Some(live), Some(words)) => told(live, Verdict::NotCompared, words.clone()),
            (Some(live), None) => {
                let (verdict, detail) = judge(entry, live, payload.created);
                told(live, verdict, detail)
            }
            (None, _) if trash.contains(&entry.id) => told(entry, Verdict::Extra, IN_TRASH.to_owned()),
            (None, _) => told(entry, Verdict::Extra, NOT_THERE.to_owned()),
        })
        .collect();
    found.extend(payload.quarantine.iter().map(unreadable));
    let bundled: HashSet<EntryId> = payload.entries.iter().map(|entry| entry.id).collect();
    let missing = vault
        .entries
        .iter()
        .filter(|entry| !bundled.contains(&entry.id) && is_expected(entry.id, payload.selected, record));
    found.extend(missing.map(|entry| match kept_out.get(&entry.id) {
        Some(words) => told(entry, Verdict::NotCompared, format!("{words}; the bundle does not hold it")),
        None => told(entry, Verdict::Missing, missing_since(entry, payload.created)),
    }));
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
