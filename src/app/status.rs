//! One screen of what is due, unproven and not backed up.

use super::bundle::{self, ListedBundle};
use super::context::Context;
use super::drill::{self, BundleDue};
use super::rehearse;
use super::session::Session;
use super::share_set;
use super::time::day;
use crate::entry::{Entry, EntryId, UnixSeconds};
use crate::otp::Strength;
use crate::recovery::rehearsal::{Rehearsal, Standing, Subject};
use crate::storage::previous;

/// A proof of enrolment is asked for again after so many seconds: a year.
const PROOF_AGES_AFTER: u64 = 365 * 86_400;

/// An entry that is named in the status.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NamedEntry {
    /// The entry.
    pub id: EntryId,
    /// Its name, safe to show.
    pub title: String,
}

/// What the vault's state is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Status {
    /// The vault file, safe to show.
    pub path: String,
    /// Its generation.
    pub generation: u64,
    /// How many entries.
    pub n_entries: usize,
    /// How many of them open something privileged.
    pub n_privileged: usize,
    /// How many lie in the trash.
    pub n_trash: usize,
    /// Previous generations beside the vault.
    pub n_previous: usize,
    /// Entries whose service was never seen to accept a code.
    pub never_proven: Vec<NamedEntry>,
    /// Entries whose proof is older than a year.
    pub proof_aged: Vec<NamedEntry>,
    /// Entries whose seed is under what is advised.
    pub short_seeds: Vec<NamedEntry>,
    /// Entries whose seed is sealed once more.
    pub sealed: Vec<NamedEntry>,
    /// Those of them whose seed lay open in this vault before, and is still the same.
    pub known_before: Vec<NamedEntry>,
    /// Entries with stored recovery codes of which none is unused.
    pub recovery_codes_spent: Vec<NamedEntry>,
    /// Entries that cannot be read, by name and reason.
    pub quarantined: Vec<(String, String)>,
    /// The newest bundle of all entries.
    pub newest_bundle: Option<ListedBundle>,
    /// Bundles whose review date lies back.
    pub reviews_due: Vec<ListedBundle>,
    /// Shares whose custodians are to check them, in words.
    pub shares_due: Vec<String>,
    /// Bundles of which a drill is due.
    pub drills_due: Vec<BundleDue>,
    /// The set that opens the newest bundle, where another has taken its place.
    pub bundle_of_replaced_set: Option<String>,
    /// The newer generation that was seen here, when the file is an older copy.
    pub older_copy: Option<u64>,
    /// How it stands with the vault's passphrase; `None` where none opens it, or the log cannot be read.
    pub passphrase: Option<Standing>,
    /// The last rehearsal of each bundle's passphrase and of each share, the newest first.
    pub rehearsed: Vec<Rehearsal>,
    /// Why the log cannot be read, where it cannot.
    pub log_unread: Option<String>,
    /// Until when the kernel's keyring keeps the vault's key, if it does.
    pub kept_until: Option<UnixSeconds>,
    /// What is due, in words; empty when nothing is.
    pub due: Vec<String>,
}

/// Looks through the vault.
pub fn status(ctx: &Context, session: &Session) -> Status {
    let now = ctx.clock.now();
    let vault = &session.vault;
    let named = |fits: &dyn Fn(&Entry) -> bool| {
        let fitting = vault.entries.iter().filter(|entry| fits(entry));
        fitting.map(|entry| NamedEntry { id: entry.id, title: entry.title() }).collect::<Vec<_>>()
    };
    let bundles = bundle::list(ctx, session);
    let drills = drill::due(ctx, session);
    let log_unreadable = drills.as_ref().err().map(ToString::to_string);
    let mut drills_due = drills.unwrap_or_default();
    drills_due.retain(|bundle| bundle.due(now).next().is_some());
    let newest_bundle = bundles.iter().find(|listed| !listed.record.selected).cloned();
    let bundle_of_replaced_set = newest_bundle
        .as_ref()
        .and_then(|listed| vault.share_set(listed.record.share_set?))
        .filter(|set| set.replaced.is_some())
        .map(|set| share_set::name(set.id));
    let (known, log_unread) = match rehearse::known(ctx, session) {
        Ok(known) => (known, None),
        Err(failure) => {
            let causes = failure.causes().join("; ");
            (rehearse::Known { vault: None, others: Vec::new() }, Some(causes))
        }
    };
    let mut status = Status {
        path: super::failure::shown_path(&session.path),
        generation: vault.generation,
        n_entries: vault.entries.len(),
        n_privileged: vault.entries.iter().filter(|entry| entry.privileged).count(),
        n_trash: vault.trash.len(),
        n_previous: previous::list(ctx.disk.as_ref(), &session.path).map_or(0, |found| found.len()),
        never_proven: named(&|entry| entry.proven.is_none()),
        proof_aged: named(&|entry| entry.proven.is_some_and(|at| is_old(at, now))),
        short_seeds: named(&|entry| entry.seed().is_some_and(|seed| seed.strength() != Strength::Good)),
        sealed: named(&Entry::is_sealed),
        known_before: named(&|entry| entry.is_sealed() && entry.known_before.is_some()),
        recovery_codes_spent: named(&|entry| {
            !entry.recovery_codes.is_empty() && entry.recovery_codes_left() == 0
        }),
        quarantined: vault
            .quarantine
            .iter()
            .map(|quarantined| (quarantined.title.shown(), quarantined.reason.clone()))
            .collect(),
        newest_bundle,
        reviews_due: bundles.into_iter().filter(|listed| listed.review_due).collect(),
        shares_due: share_set::due(vault, now),
        drills_due,
        bundle_of_replaced_set,
        older_copy: session.newer_seen,
        passphrase: known.vault,
        rehearsed: known.others,
        log_unread,
        kept_until: ctx.kept.as_ref().and_then(|look| look.key()).map(super::keyring::KeptKey::until),
        due: Vec::new(),
    };
    status.due = due(&status, now);
    status.due.extend(log_unreadable.map(|why| format!("{why}: when a drill is due is not known")));
    status
}

/// A date as far ahead is no better: the clock was wrong when it was noted, or is now.
pub(super) fn is_old(at: UnixSeconds, now: UnixSeconds) -> bool {
    now.abs_diff(at) > PROOF_AGES_AFTER
}

fn due(status: &Status, now: UnixSeconds) -> Vec<String> {
    let mut due = Vec::new();
    if let Some(newer) = status.older_copy {
        due.push(format!("this vault is an older copy: generation {newer} was seen on this machine"));
    }
    if !status.quarantined.is_empty() {
        due.push(format!(
            "{} cannot be read and were set aside: `lifeboat edit NAME` repairs one",
            count(status.quarantined.len(), "entry", "entries")
        ));
    }
    match &status.newest_bundle {
        None if status.n_entries > 0 => {
            due.push(
                "there is no bundle of this vault: `lifeboat bundle create -o FILE` makes one".to_owned(),
            );
        }
        Some(listed) if listed.added + listed.changed > 0 => due.push(format!(
            "the newest bundle lacks {} and holds {} as they were: make a new one",
            count(listed.added, "new entry", "new entries"),
            count(listed.changed, "changed entry", "changed entries"),
        )),
        _ => {}
    }
    for listed in &status.reviews_due {
        due.push(format!(
            "the review of a bundle is due: {}",
            if listed.record.label.is_empty() { &listed.record.path } else { &listed.record.label }
        ));
    }
    due.extend(status.drills_due.iter().filter_map(|bundle| bundle.in_words(now)));
    for share in &status.shares_due {
        due.push(format!(
            "{share}: has it been checked? `lifeboat share acknowledge`, then `lifeboat share record FILE`"
        ));
    }
    if let Some(set) = &status.bundle_of_replaced_set {
        due.push(format!(
            "the newest bundle opens with the cards of {set}, which was replaced: make a new one"
        ));
    }
    if !status.never_proven.is_empty() {
        due.push(format!(
            "{} never proven: sign in with a code, then `lifeboat prove NAME`",
            count(status.never_proven.len(), "entry was", "entries were")
        ));
    }
    if !status.proof_aged.is_empty() {
        due.push(format!(
            "{} proven more than a year ago: sign in with a code, then `lifeboat prove NAME`",
            count(status.proof_aged.len(), "entry was", "entries were")
        ));
    }
    if !status.recovery_codes_spent.is_empty() {
        due.push(format!(
            "{} no unused recovery code left",
            count(status.recovery_codes_spent.len(), "entry has", "entries have")
        ));
    }
    if let Some(standing) = status.passphrase.filter(|standing| standing.due() <= now) {
        due.push(passphrase_due(&standing));
    }
    if let Some(why) = &status.log_unread {
        due.push(format!("the log cannot be read, so that it is not known what was rehearsed: {why}"));
    }
    due
}

fn passphrase_due(standing: &Standing) -> String {
    let last = match (standing.failed, standing.recalled) {
        (Some(failed), _) => format!("the vault's passphrase was not recalled on {}", day(failed)),
        (None, Some(recalled)) => {
            format!("the vault's passphrase was last typed from memory on {}", day(recalled))
        }
        (None, None) => {
            format!("the vault's passphrase, of {}, was never typed from memory", day(standing.since))
        }
    };
    format!("{last}: `lifeboat rehearse`")
}

/// What was rehearsed, in words: the bundle by its label or place, where the vault knows it.
pub fn rehearsed_in_words(session: &Session, rehearsal: &Rehearsal) -> String {
    let named = |id: &[u8; 16]| {
        let record = session.vault.bundles.iter().find(|record| record.id == *id);
        match record {
            Some(record) if record.label.is_empty() => format!("the bundle {}", record.path),
            Some(record) => format!("the bundle {}", record.label),
            None => format!("the bundle {}", data_encoding::HEXLOWER.encode(id)),
        }
    };
    let on = day(rehearsal.at);
    match &rehearsal.subject {
        Subject::Bundle { bundle } if rehearsal.is_right => {
            format!("{on}, the passphrase of {}", named(bundle))
        }
        Subject::Bundle { bundle } => format!("{on}, the passphrase of {}: NOT RECALLED", named(bundle)),
        Subject::Share { set, share, .. } => format!("{on}, share {share} of {}", share_set::name(*set)),
        Subject::Vault => format!("{on}, the vault's passphrase"),
    }
}

/// `1 entry`, `2 entries`.
pub fn count(n: usize, one: &str, several: &str) -> String {
    if n == 1 { format!("1 {one}") } else { format!("{n} {several}") }
}
