//! One screen of what is unreachable, open, due, unproven, undrilled and expiring.
//!
//! `items.rs` looks at incidents and passes, `facts.rs` says what is known besides, `lines.rs` says what all of it comes to, a group after the other.

mod facts;
mod items;
mod lines;

pub use facts::facts;
pub use items::{OpenIncident, OpenPass};
pub use lines::{Group, Line, cut_names};

use super::bundle::{self, ListedBundle};
use super::context::Context;
use super::drill::{self, BundleDue};
use super::exception::{self, EXPIRES_WITHIN, ListedException};
use super::plan::{self, PlanBrief};
use super::rehearse;
use super::session::Session;
use super::share_set;
use super::time::day;
use crate::entry::{Entry, EntryId, ProvenanceKind, UnixSeconds};
use crate::otp::Strength;
use crate::recovery::exception::{ExceptionKind, excepted};
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
    /// Entries whose service was never seen to accept a code, but those that an exception lets be so.
    pub never_proven: Vec<NamedEntry>,
    /// Entries whose proof is older than a year, but those that an exception lets be so.
    pub proof_aged: Vec<NamedEntry>,
    /// Entries whose seed lies on another device too, without an exception that says until when.
    pub copies_without_end: Vec<NamedEntry>,
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
    /// Bundles whose review date lies ahead by 14 days at most.
    pub reviews_expiring: Vec<ListedBundle>,
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
    /// The exceptions that nobody has ended: past ones first, then by their end.
    pub exceptions: Vec<ListedException>,
    /// The incidents that nobody has closed: break-glass sessions first, then the oldest.
    pub incidents: Vec<OpenIncident>,
    /// The passes that nobody has closed, those that have ended first.
    pub passes: Vec<OpenPass>,
    /// What the plan comes to; `None` where the person has made none, or it cannot be checked.
    pub plan: Option<PlanBrief>,
    /// Why the plan cannot be checked, where it cannot.
    pub plan_unchecked: Option<String>,
    /// How many items, of a newer version, are not understood.
    pub n_not_understood: usize,
    /// What there is to see to, a group after the other, the most urgent first.
    pub lines: Vec<Line>,
    /// What of it counts, in words; empty when nothing is due.
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
    let skipped = excepted(&vault.items.exceptions, ExceptionKind::SkippedProof, now);
    let cloned = excepted(&vault.items.exceptions, ExceptionKind::Clone, now);
    let is_copied = |entry: &Entry| {
        entry.provenance.as_ref().is_some_and(|provenance| provenance.how == ProvenanceKind::Copied)
    };
    let mut exceptions = exception::list(ctx, session);
    exceptions.retain(|listed| listed.exception.is_open());
    let (plan, plan_unchecked) = match plan::brief(session) {
        Ok(plan) => (plan, None),
        Err(failure) => (None, Some(in_a_line(&failure))),
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
        never_proven: named(&|entry| entry.proven.is_none() && !skipped.contains(&entry.id)),
        proof_aged: named(&|entry| {
            entry.proven.is_some_and(|at| is_old(at, now)) && !skipped.contains(&entry.id)
        }),
        copies_without_end: named(&|entry| is_copied(entry) && !cloned.contains(&entry.id)),
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
        reviews_expiring: bundles.iter().filter(|listed| is_review_near(listed, now)).cloned().collect(),
        reviews_due: bundles.into_iter().filter(|listed| listed.review_due).collect(),
        shares_due: share_set::due(vault, now),
        drills_due,
        bundle_of_replaced_set,
        older_copy: session.newer_seen,
        passphrase: known.vault,
        rehearsed: known.others,
        log_unread,
        kept_until: ctx.kept.as_ref().and_then(|look| look.key()).map(super::keyring::KeptKey::until),
        exceptions,
        incidents: items::incidents(vault),
        passes: items::passes(vault, now),
        plan,
        plan_unchecked,
        n_not_understood: vault.items.unread.len(),
        lines: Vec::new(),
        due: Vec::new(),
    };
    status.lines = lines::of(&status, log_unreadable, now);
    status.due = status.lines.iter().filter(|line| line.counts).map(Line::in_words).collect();
    status
}

/// What failed and why, in one line.
fn in_a_line(failure: &super::Failure) -> String {
    let causes = failure.causes().into_iter().chain(failure.details.iter().cloned());
    std::iter::once(failure.what.clone()).chain(causes.take(2)).collect::<Vec<_>>().join("; ")
}

fn is_review_near(listed: &ListedBundle, now: UnixSeconds) -> bool {
    listed.record.review.is_some_and(|review| review > now && review - now <= EXPIRES_WITHIN)
}

/// A date as far ahead is no better: the clock was wrong when it was noted, or is now.
pub(super) fn is_old(at: UnixSeconds, now: UnixSeconds) -> bool {
    now.abs_diff(at) > PROOF_AGES_AFTER
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
