//! Writes the log: seals records, chains them, appends them under the log's own lock.
//!
//! A log that cannot be written never blocks a code: the number of missing records is remembered
//! on this machine, told, and written as a `gap` record once the log can be written again.
//!
//! A log that is shorter than what the vault knows of it, or another one, is gone on with at the number and from the head
//! that the vault knows: what is missing stays missing for whoever checks it later.

mod end;
mod places;
mod read;
mod sealer;

use std::path::Path;
use std::time::Duration;

pub(super) use self::read::{Whole, files, recent, whole};

use self::end::Broken;
use self::sealer::Sealer;
use super::context::Context;
use super::session::Session;
use super::state;
use crate::audit::{Event, Line, Record};
use crate::entry::EntryId;
use crate::storage::disk::FileKind;
use crate::storage::{StorageError, append, lock};
use crate::vault::{LogAnchor, Vault};

/// How long a writer waits for another one of the log.
const LOCK_WAIT: Duration = Duration::from_secs(5);
const LOCK_POLL: Duration = Duration::from_millis(5);

/// The event of a line in clear that a failed unlock leaves.
pub(super) const FAILED_UNLOCK: &str = "failed-unlock";

/// Starts a record with the time, the person and the reason.
pub(super) fn record(ctx: &Context, event: Event) -> Record {
    Record {
        at: ctx.clock.now(),
        event,
        entry: None,
        user: ctx.who.user.clone(),
        host: ctx.who.host.clone(),
        way: None,
        reason: ctx.reason.clone(),
        generation: None,
        facts: Vec::new(),
    }
}

/// Starts a record about one entry.
pub(super) fn about(ctx: &Context, event: Event, entry: EntryId) -> Record {
    Record { entry: Some(entry.to_string()), ..record(ctx, event) }
}

/// A record that the kernel was asked to refuse nothing in this run; `None` where it was.
pub(super) fn sandbox_off(ctx: &Context) -> Option<Record> {
    ctx.protection.is_switched_off().then(|| record(ctx, Event::SandboxOff))
}

/// Appends records for an unlocked vault; a failure is told as a notice and remembered as a gap.
///
/// Returns where the log then stands, or where it stood when it cannot be written.
pub(super) fn append(ctx: &Context, session: &mut Session, mut records: Vec<Record>) -> LogAnchor {
    for record in &mut records {
        record.way = Some(data_encoding::HEXLOWER.encode(&session.opened_by));
    }
    let n_records = u64::try_from(records.len()).unwrap_or(u64::MAX);
    match append_for(ctx, &session.path, &session.vault, records) {
        Ok(Appended { anchor, broken }) => {
            if let Some(Broken { found, expected }) = broken {
                session.tell(format!(
                    "the log is not the one that this vault was last saved with (it has {found} records, and had \
                     {expected}); `lifeboat audit verify` says what is missing"
                ));
            }
            anchor
        }
        Err(error) => {
            tell_gap(ctx, session, n_records, &error);
            session.vault.log_anchor
        }
    }
}

/// Tells that so many records were not written, and remembers it for the log.
pub(super) fn tell_gap(ctx: &Context, session: &mut Session, n_records: u64, error: &StorageError) {
    session.tell(format!("the log could not be written ({error}); the gap will be recorded when it can be"));
    state::remember_gap(ctx, session.vault.id, n_records);
}

/// What was appended.
pub(super) struct Appended {
    /// Where the log stands now.
    pub(super) anchor: LogAnchor,
    broken: Option<Broken>,
}

/// Appends records to the log beside a vault file.
pub(super) fn append_for(
    ctx: &Context,
    vault_path: &Path,
    vault: &Vault,
    records: Vec<Record>,
) -> Result<Appended, StorageError> {
    let path = places::current(ctx, vault_path);
    let deadline = attempts(LOCK_WAIT);
    let _lock = lock::acquire(ctx.disk.as_ref(), &path, &mut |attempt| {
        (ctx.pause)(LOCK_POLL);
        attempt < deadline
    })?;
    let sealer = Sealer::of(vault);
    let end = end::read(ctx, &path, &sealer, vault.log_anchor)?;
    let gap = state::gap(ctx, vault.id);
    let mut anchor = end.goes_on_from(vault.log_anchor);
    let broken = end.broken;
    let first = first_records(ctx, &path, end, gap);
    let mut text = String::new();
    for record in first.into_iter().chain(records) {
        let (line, after) = sealer.seal(anchor, &record, &random(ctx));
        anchor = after;
        text.push_str(&line);
        text.push('\n');
    }
    append::append_lines(ctx.disk.as_ref(), &path, text.as_bytes())?;
    if gap.is_some() {
        // Only now: what the log has refused once more would be forgotten.
        state::forget_gap(ctx, vault.id);
    }
    Ok(Appended { anchor, broken })
}

/// What the log says of itself before anything else: that it is broken, that it goes on in a new file, that a write was
/// cut short, which lines in clear are taken in, and that records are missing. A log that is large enough is put aside
/// here; one that cannot be is added to as before.
fn first_records(ctx: &Context, path: &Path, end: end::End, gap: Option<(u64, u64)>) -> Vec<Record> {
    let with = |event, facts| Record { facts, ..record(ctx, event) };
    let count = end.anchor.count;
    let mut first = Vec::new();
    if let Some(Broken { found, expected }) = end.broken {
        let facts = vec![("records".into(), found.to_string()), ("expected".into(), expected.to_string())];
        first.push(with(Event::LogBroken, facts));
    } else {
        // A torn line is closed off where it stands first, and a link keeps its target.
        let is_full = end.is_current && !end.is_torn && is_file_of(ctx, path, ctx.log_limit);
        let is_put_aside = !end.is_current && count > 0;
        if is_put_aside || (is_full && places::rotate(ctx, path, count).is_ok()) {
            first.push(with(Event::LogRotated, vec![("last".into(), count.to_string())]));
        }
    }
    if end.is_torn {
        first.push(record(ctx, Event::Repaired));
    }
    first.extend(end.in_clear.facts().map(|facts| with(Event::Absorbed, facts)));
    if let Some((records, since)) = gap {
        let facts = vec![("records".into(), records.to_string()), ("since".into(), since.to_string())];
        first.push(with(Event::Gap, facts));
    }
    first
}

fn is_file_of(ctx: &Context, path: &Path, least: u64) -> bool {
    let facts = ctx.disk.facts(path).ok().flatten();
    facts.is_some_and(|facts| facts.kind == FileKind::File && facts.len >= least)
}

/// Notes a failed unlock in clear: without the vault's key nothing can be sealed.
pub(super) fn note_failed_unlock(ctx: &Context, vault_path: &Path) {
    let path = places::current(ctx, vault_path);
    let deadline = attempts(LOCK_WAIT);
    let lock = lock::acquire(ctx.disk.as_ref(), &path, &mut |attempt| {
        (ctx.pause)(LOCK_POLL);
        attempt < deadline
    });
    if lock.is_ok() {
        let line = format!("{}\n", Line::open(ctx.clock.now(), FAILED_UNLOCK));
        // It stands in clear and proves nothing; a failure to write it must not hide the wrong passphrase.
        let _written = append::append_lines(ctx.disk.as_ref(), &path, line.as_bytes());
    }
}

/// Random bytes for a line's salt. Without any the salt still depends on the record and its number:
/// a code is never blocked for want of them.
fn random(ctx: &Context) -> [u8; 32] {
    let mut bytes = [0; 32];
    let _filled = ctx.random.fill(&mut bytes);
    bytes
}

fn attempts(wait: Duration) -> u32 {
    u32::try_from(wait.as_millis() / LOCK_POLL.as_millis().max(1)).unwrap_or(u32::MAX)
}
