//! Writes the log: seals records, chains them, appends them under the log's own lock.
//!
//! A log that cannot be written never blocks a code: the number of missing records is remembered
//! on this machine, told, and written as a `gap` record once the log can be written again.

use std::io;
use std::path::PathBuf;
use std::time::Duration;

use super::context::Context;
use super::session::Session;
use super::state;
use crate::audit::{self, Event, Line, Record, SealedLine};
use crate::entry::EntryId;
use crate::envelope::MasterKey;
use crate::envelope::aead;
use crate::secret::SecretBytes;
use crate::storage::{Step, StorageError, append, atomic, lock};
use crate::vault::{LogAnchor, Vault, VaultId};
use crate::wire::log_v1;

/// How long a writer waits for another one of the log.
const LOCK_WAIT: Duration = Duration::from_secs(5);
const LOCK_POLL: Duration = Duration::from_millis(5);
/// The end of the file that holds its last sealed line; a record is far smaller.
const TAIL_BYTES: u64 = 64 << 10;
/// Most of a log that is looked through for it where lines in clear have filled that end: more than a million.
const LARGEST_TAIL: u64 = 64 << 20;

/// The event of a line in clear that a failed unlock leaves.
const FAILED_UNLOCK: &str = "failed-unlock";

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
    let written = append_for(ctx, &session.path, &session.vault, records);
    match written {
        Ok(anchor) => anchor,
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

/// Appends records to the log beside a vault file.
pub(super) fn append_for(
    ctx: &Context,
    vault_path: &std::path::Path,
    vault: &Vault,
    mut records: Vec<Record>,
) -> Result<LogAnchor, StorageError> {
    let path = log_path(ctx, vault_path);
    let deadline = attempts(LOCK_WAIT);
    let _lock = lock::acquire(ctx.disk.as_ref(), &path, &mut |attempt| {
        (ctx.pause)(LOCK_POLL);
        attempt < deadline
    })?;
    let mut end = read_end(ctx, &path, vault)?;
    let gap = state::gap(ctx, vault.id);
    if let Some(gap) = gap {
        let mut told = record(ctx, Event::Gap);
        told.facts = vec![("records".into(), gap.0.to_string()), ("since".into(), gap.1.to_string())];
        records.insert(0, told);
    }
    if let Some(open) = end.open_lines.take() {
        let mut absorbed = record(ctx, Event::Absorbed);
        absorbed.facts = vec![("lines".into(), open.count.to_string()), ("sha256".into(), open.sha256)];
        records.insert(0, absorbed);
    }
    if end.torn {
        records.insert(0, record(ctx, Event::Repaired));
    }
    let key = log_key(vault);
    let mut anchor = end.anchor;
    let mut text = String::new();
    for record in &records {
        let number = anchor.count + 1;
        let binding = SealedLine::binding(number, &anchor.head);
        let info = line_info(vault.id, number);
        let random = random(ctx);
        let sealed = aead::seal_small(&key, &info, binding.as_bytes(), &random, &log_v1::encode(record));
        let line = SealedLine { number, previous: anchor.head, sealed }.encode();
        anchor = LogAnchor { count: number, head: audit::advance(&anchor.head, &line) };
        text.push_str(&line);
        text.push('\n');
    }
    append::append_lines(ctx.disk.as_ref(), &path, text.as_bytes())?;
    if gap.is_some() {
        // Only now: what the log has refused once more would be forgotten.
        state::forget_gap(ctx, vault.id);
    }
    Ok(anchor)
}

/// Notes a failed unlock in clear: without the vault's key nothing can be sealed.
pub(super) fn note_failed_unlock(ctx: &Context, vault_path: &std::path::Path) {
    let path = log_path(ctx, vault_path);
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

/// `<vault>.log`, beside the real file: a vault that is reached through a link has one log.
fn log_path(ctx: &Context, vault_path: &std::path::Path) -> PathBuf {
    let target = atomic::target_of(ctx.disk.as_ref(), vault_path).unwrap_or_else(|_| vault_path.to_owned());
    let mut name = target.into_os_string();
    name.push(".log");
    PathBuf::from(name)
}

/// Opens one sealed line; `None` when it was not sealed by this vault at this place of the chain.
pub(super) fn open_line(vault: &Vault, line: &SealedLine) -> Option<Record> {
    log_v1::parse(open_json(vault, line)?.expose())
}

/// Tells whether this vault sealed a line, whatever it says: a newer version may have written it.
fn is_own(vault: &Vault, line: &SealedLine) -> bool {
    open_json(vault, line).is_some()
}

fn open_json(vault: &Vault, line: &SealedLine) -> Option<SecretBytes> {
    let binding = SealedLine::binding(line.number, &line.previous);
    let info = line_info(vault.id, line.number);
    aead::open_small(&log_key(vault), &info, binding.as_bytes(), &line.sealed).ok()
}

/// What the end of the log says, as far back as it is read.
pub(super) struct Recent {
    /// Records of this vault, newest last.
    pub(super) records: Vec<Record>,
    /// How many unlocks have failed since the newest of them, and when the last one did.
    pub(super) failed_unlocks: Option<(usize, u64)>,
}

/// Reads the end of the log.
pub(super) fn recent(ctx: &Context, vault_path: &std::path::Path, vault: &Vault) -> Recent {
    let mut recent = Recent { records: Vec::new(), failed_unlocks: None };
    let Ok(Some(tail)) = append::tail(ctx.disk.as_ref(), &log_path(ctx, vault_path), TAIL_BYTES) else {
        return recent;
    };
    let text = String::from_utf8_lossy(&tail);
    for line in text.lines().filter_map(Line::parse) {
        match line {
            Line::Sealed(sealed) => {
                if let Some(record) = open_line(vault, &sealed) {
                    recent.records.push(record);
                    recent.failed_unlocks = None;
                }
            }
            Line::Open { at, event } if event == FAILED_UNLOCK => {
                let before = recent.failed_unlocks.map_or(0, |(count, _)| count);
                recent.failed_unlocks = Some((before + 1, at));
            }
            Line::Open { .. } => {}
        }
    }
    recent
}

/// Every record of this vault that can be read, in the order of the chain. What cannot be read is passed over: whether
/// the chain is whole is for [`super::audit`] to tell.
pub(super) struct Whole {
    /// The records with their numbers, oldest first.
    pub(super) records: Vec<(u64, Record)>,
    /// Where the chain stands after the newest of them.
    pub(super) anchor: LogAnchor,
}

/// Reads the whole log.
///
/// # Errors
///
/// When a file of it cannot be read. A log that is not there has no records.
pub(super) fn whole(
    ctx: &Context,
    vault_path: &std::path::Path,
    vault: &Vault,
) -> Result<Whole, StorageError> {
    let mut whole =
        Whole { records: Vec::new(), anchor: LogAnchor { count: 0, head: audit::start(&vault.id.0) } };
    let path = log_path(ctx, vault_path);
    let Some(bytes) = append::tail(ctx.disk.as_ref(), &path, u64::MAX)? else { return Ok(whole) };
    for line in String::from_utf8_lossy(&bytes).lines() {
        let Some(Line::Sealed(sealed)) = Line::parse(line) else { continue };
        if let Some(record) = open_line(vault, &sealed) {
            whole.records.push((sealed.number, record));
            whole.anchor = LogAnchor { count: sealed.number, head: audit::advance(&sealed.previous, line) };
        }
    }
    Ok(whole)
}

struct OpenLines {
    count: u64,
    sha256: String,
}

struct End {
    anchor: LogAnchor,
    open_lines: Option<OpenLines>,
    torn: bool,
}

/// Finds where the chain stands, from the end of the file or, where lines in clear have filled that, from
/// much more of it. Without a line of this vault the chain starts: the file may be that of a vault that is
/// gone. A file of which not all was looked through may hold one, so it is no place to start.
fn read_end(ctx: &Context, path: &std::path::Path, vault: &Vault) -> Result<End, StorageError> {
    let start = LogAnchor { count: 0, head: audit::start(&vault.id.0) };
    let mut end = End { anchor: start, open_lines: None, torn: false };
    for most in [TAIL_BYTES, LARGEST_TAIL] {
        let Some(tail) = append::tail(ctx.disk.as_ref(), path, most)? else { break };
        // A last line without its end was cut by a crash: it is no record, however it may read.
        let whole = tail.iter().rposition(|byte| *byte == b'\n').map_or(0, |at| at + 1);
        end.torn = whole < tail.len();
        let text = String::from_utf8_lossy(tail.get(..whole).unwrap_or_default());
        let lines: Vec<(&str, Line)> =
            text.lines().filter_map(|line| Some((line, Line::parse(line)?))).collect();
        // A line that was cut and then closed off can still read like one; it does not open.
        let last = lines.iter().enumerate().rev().find_map(|(place, (line, parsed))| match parsed {
            Line::Sealed(sealed) if is_own(vault, sealed) => Some((place, *line, sealed)),
            Line::Sealed(_) | Line::Open { .. } => None,
        });
        let after = last.map_or(0, |(place, ..)| place + 1);
        end.open_lines = open_lines(lines.get(after..).unwrap_or_default());
        if let Some((_, line, sealed)) = last {
            end.anchor = LogAnchor { count: sealed.number, head: audit::advance(&sealed.previous, line) };
            return Ok(end);
        }
    }
    let facts = ctx.disk.facts(path).map_err(|error| StorageError::new(Step::Look, path, error))?;
    if facts.is_some_and(|facts| facts.len > LARGEST_TAIL) {
        let error =
            io::Error::new(io::ErrorKind::FileTooLarge, "its last 64 MiB hold no record of this vault");
        return Err(StorageError::new(Step::Read, path, error));
    }
    Ok(end)
}

/// Counts and hashes lines in clear, which the next sealed record takes in.
fn open_lines(lines: &[(&str, Line)]) -> Option<OpenLines> {
    use sha2::Digest as _;
    let mut hash = sha2::Sha256::new();
    let mut count = 0;
    for (line, _) in lines.iter().filter(|(_, parsed)| matches!(parsed, Line::Open { .. })) {
        count += 1;
        hash.update(line.as_bytes());
        hash.update(b"\n");
    }
    (count > 0).then(|| OpenLines { count, sha256: data_encoding::HEXLOWER.encode(&hash.finalize()) })
}

fn log_key(vault: &Vault) -> MasterKey {
    let mut key = zeroize::Zeroizing::new([0_u8; 32]);
    if vault.keys.log.len() == key.len() {
        key.copy_from_slice(vault.keys.log.expose());
    }
    MasterKey::from_bytes(*key)
}

fn line_info(vault: VaultId, number: u64) -> Vec<u8> {
    let mut info = b"lifeboat/1/log\0".to_vec();
    info.extend_from_slice(&vault.0);
    info.extend_from_slice(&number.to_be_bytes());
    info
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
