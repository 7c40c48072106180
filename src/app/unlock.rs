//! Opening the vault: what it wants, whether it is there, and the session that comes of it.

use std::path::{Path, PathBuf};

use super::context::Context;
use super::failure::{Failure, Kind, Unchanged, shown_path};
use super::keyring::{KeptKey, in_words};
use super::session::Session;
use super::{clock, log, state, vault_file};
use crate::audit::{Event, Record};
use crate::envelope::{Credentials, KdfParameters, MasterKey, OpenError, Sealed};
use crate::storage::lock::{self, Lock};
use crate::vault::VaultId;

/// Whether there is a vault where this context looks for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Presence {
    /// No file is there.
    Absent,
    /// Something is there, perhaps damaged.
    Present,
}

/// A vault file whose outside was checked and that nobody has opened yet.
#[derive(Debug)]
pub struct SealedVault {
    sealed: Sealed,
    path: PathBuf,
}

impl SealedVault {
    /// Its id, which stands outside the encryption.
    pub(super) fn id(&self) -> VaultId {
        VaultId(self.sealed.header().id)
    }

    /// Tells whether a passphrase opens it, alone or with a key file.
    pub fn wants_passphrase(&self) -> bool {
        self.sealed.wants_passphrase()
    }

    /// Tells whether it cannot be opened without a key file.
    pub fn wants_key_file(&self) -> bool {
        self.sealed.wants_key_file()
    }

    /// Tells whether a key file alone opens it.
    pub fn opens_with_key_file_alone(&self) -> bool {
        self.sealed.opens_with_key_file_alone()
    }

    /// The memory and rough time that a passphrase costs, in words; empty for none.
    pub fn cost(&self) -> String {
        self.sealed.cost().map(cost_in_words).unwrap_or_default()
    }

    /// The ways of opening it, in words.
    pub fn ways(&self) -> Vec<String> {
        self.sealed.header().slots.iter().map(|slot| slot.kind.in_words()).collect()
    }
}

/// `128 MiB, about 0.3 s`: measured at 0.8 ms per MiB and pass on a two-core machine of 2021.
pub(super) fn cost_in_words(cost: KdfParameters) -> String {
    let millis = u64::from(cost.memory_mib()) * u64::from(cost.passes) * 8 / 10;
    format!("{} MiB, about {}.{} s", cost.memory_mib(), millis / 1000, millis % 1000 / 100)
}

/// Tells whether there is a vault. Only "not found" means that there is none.
///
/// # Errors
///
/// When the place cannot be looked at.
pub fn presence(ctx: &Context) -> Result<Presence, Failure> {
    match ctx.disk.facts(&ctx.paths.vault) {
        Ok(None) => Ok(Presence::Absent),
        Ok(Some(_)) => Ok(Presence::Present),
        Err(error) => Err(Failure::new(
            Kind::Io,
            format!("cannot tell whether there is a vault at {}", shown_path(&ctx.paths.vault)),
        )
        .because(error)
        .unchanged(Unchanged::NothingTouched)
        .next("check the path and its permissions; nothing is made while this is not known")),
    }
}

/// Tells whether the system says that nothing can be changed where the vault lies: a read-only medium, or a
/// folder of somebody else. Codes work there all the same. A hint: only a change that is tried shows.
pub fn is_read_only(ctx: &Context) -> bool {
    let vault = ctx.disk.resolve(&ctx.paths.vault).unwrap_or_else(|_| ctx.paths.vault.clone());
    vault.parent().is_some_and(|folder| !ctx.disk.takes_files(folder))
}

/// Reads the vault file and checks its outside.
///
/// # Errors
///
/// No vault (exit 4), damage or an unknown version (exit 5), or a disk that cannot be read.
pub fn look(ctx: &Context) -> Result<SealedVault, Failure> {
    let path = ctx.paths.vault.clone();
    // A link that leads nowhere is there, and what it led to is not: "make a vault" would be wrong advice.
    if presence(ctx)? == Presence::Present && vault_file::is_dangling(ctx, &path) {
        return Err(Failure::new(
            Kind::NoFile,
            format!("{} is a link, and what it leads to is not there", shown_path(&path)),
        )
        .unchanged(Unchanged::NothingTouched)
        .next("bring back the medium or the file that it leads to")
        .next("`lifeboat restore BUNDLE --vault PATH` restores to another place"));
    }
    match vault_file::read_sealed(ctx, &path)? {
        Some(sealed) => Ok(SealedVault { sealed, path }),
        None => Err(Failure::new(Kind::NoFile, format!("there is no vault at {}", shown_path(&path)))
            .unchanged(Unchanged::NothingTouched)
            .next("`lifeboat init` makes one; `lifeboat restore BUNDLE` makes one from a bundle")
            .next("`--vault PATH` or LIFEBOAT_VAULT names one that lies elsewhere")),
    }
}

/// Opens the vault. The key derivation of a passphrase runs here.
///
/// # Errors
///
/// A credential that does not fit (exit 3), damage (exit 5), a derivation past the ceiling (exit 8).
pub fn unlock(ctx: &Context, vault: SealedVault, credentials: &Credentials) -> Result<Session, Failure> {
    let SealedVault { sealed, path } = vault;
    if credentials.passphrase.is_some() {
        enough_memory(ctx, sealed.cost())?;
    }
    let (master, opened_by) = unlock_sealed(ctx, &sealed, &path, credentials)?;
    let mut session = vault_file::start_session(ctx, &path, &sealed, master, opened_by)?;
    note_unlocked(ctx, &mut session, Vec::new());
    Ok(session)
}

/// Opens the vault and notes nothing, neither in the log nor on this machine: for what writes one record of its own in
/// place of that (a drill, evidence) and must leave everything else as it was. A wrong passphrase is noted all the same.
///
/// # Errors
///
/// As [`unlock`].
pub fn unlock_unnoted(
    ctx: &Context,
    vault: SealedVault,
    credentials: &Credentials,
) -> Result<Session, Failure> {
    let SealedVault { sealed, path } = vault;
    if credentials.passphrase.is_some() {
        enough_memory(ctx, sealed.cost())?;
    }
    let (master, opened_by) = unlock_sealed(ctx, &sealed, &path, credentials)?;
    vault_file::start_unnoted(ctx, &path, &sealed, master, opened_by)
}

/// As [`unlock_unnoted`], by a passphrase alone, with a key file where it takes both: a key file that opens the vault by
/// itself says nothing of what was typed.
pub(super) fn by_passphrase(
    ctx: &Context,
    vault: &SealedVault,
    typed: &Credentials,
) -> Result<Session, Failure> {
    let SealedVault { sealed, path } = vault;
    enough_memory(ctx, sealed.cost())?;
    let unlocked = sealed.unlock_by_passphrase(typed, ctx.kdf.ceiling);
    let (master, opened_by) = unlocked.map_err(|error| not_unlocked(ctx, path, error))?;
    vault_file::start_unnoted(ctx, path, sealed, master, opened_by)
}

/// Tells whether what a person gives now opens the vault on the disk, without opening it a second time: for
/// what outlasts a sitting, because the one who sits there may no longer be the one who opened it.
///
/// # Errors
///
/// As [`unlock`]. A wrong passphrase is noted as a failed attempt.
pub fn prove(ctx: &Context, credentials: &Credentials) -> Result<(), Failure> {
    let SealedVault { sealed, path } = look(ctx)?;
    if credentials.passphrase.is_some() {
        enough_memory(ctx, sealed.cost())?;
    }
    unlock_sealed(ctx, &sealed, &path, credentials).map(drop)
}

fn unlock_sealed(
    ctx: &Context,
    sealed: &Sealed,
    path: &Path,
    credentials: &Credentials,
) -> Result<(MasterKey, [u8; 4]), Failure> {
    sealed.unlock(credentials, ctx.kdf.ceiling).map_err(|error| not_unlocked(ctx, path, error))
}

/// What an error means; a wrong credential is noted as a failed attempt.
fn not_unlocked(ctx: &Context, path: &Path, error: OpenError) -> Failure {
    if matches!(error, OpenError::WrongCredential { .. }) {
        log::note_failed_unlock(ctx, path);
    }
    vault_file::cannot_open(path, "vault", error)
}

/// Opens the vault with a key that the kernel's keyring has kept.
///
/// # Errors
///
/// Exit 3 when the vault has another key by now, and damage as in [`unlock`].
pub fn unlock_kept(ctx: &Context, vault: SealedVault, key: &KeptKey) -> Result<Session, Failure> {
    let SealedVault { sealed, path } = fitting(vault, key)?;
    let mut session = vault_file::start_session(ctx, &path, &sealed, key.master.duplicate(), key.slot)?;
    note_unlocked(ctx, &mut session, by(Opened::WithKeptKey));
    Ok(session)
}

/// What opened a vault.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Opened {
    /// What somebody gave.
    WithCredentials,
    /// A key that the kernel's keyring has kept.
    WithKeptKey,
}

fn by(opened: Opened) -> Vec<(String, String)> {
    match opened {
        Opened::WithCredentials => Vec::new(),
        Opened::WithKeptKey => vec![("by".into(), "kernel keyring".into())],
    }
}

/// Notes later what [`unlock_unnoted`] and [`unlock_kept_unnoted`] have not: for a command that had to see first how
/// everything lay before it was opened.
pub fn note(ctx: &Context, session: &mut Session, opened: Opened) {
    if session.newer_seen.is_none() {
        state::note_generation(ctx, session.vault.id, session.vault.generation, session.sha256);
    }
    note_unlocked(ctx, session, by(opened));
}

/// As [`unlock_kept`], and notes nothing; see [`unlock_unnoted`].
///
/// # Errors
///
/// As [`unlock_kept`].
pub fn unlock_kept_unnoted(ctx: &Context, vault: SealedVault, key: &KeptKey) -> Result<Session, Failure> {
    let SealedVault { sealed, path } = fitting(vault, key)?;
    vault_file::start_unnoted(ctx, &path, &sealed, key.master.duplicate(), key.slot)
}

/// The vault, if the key that was kept still opens it.
fn fitting(vault: SealedVault, key: &KeptKey) -> Result<SealedVault, Failure> {
    let SealedVault { sealed, path } = vault;
    if sealed.header().id != key.vault || !sealed.is_sealed_with(&key.master) {
        return Err(Failure::new(
            Kind::NoCredential,
            "the key that was kept does not open the vault any more: its passphrase was changed meanwhile",
        )
        .unchanged(Unchanged::OnlyRead(path))
        .next("give the passphrase; `lifeboat unlock` keeps the new key"));
    }
    Ok(SealedVault { sealed, path })
}

/// Logs that the vault was opened, and tells of the attempts that failed since it was last used.
fn note_unlocked(ctx: &Context, session: &mut Session, facts: Vec<(String, String)>) {
    let recent = log::recent(ctx, &session.path, &session.vault);
    // The log goes with the vault: on a machine that has never seen it, it is all that says when it was used.
    let last_use = recent.records.last().map(|record| record.at);
    session.doubt_clock(clock::doubt(ctx.clock.now(), last_use));
    if let Some((count, last)) = recent.failed_unlocks {
        let attempts = super::status::count(count, "failed attempt", "failed attempts");
        let ago = in_words(ctx.clock.now().saturating_sub(last));
        session.tell(format!("{attempts} to open this vault since it was last used, the last {ago} ago"));
    }
    let (settled, _lock) = settle(ctx, session, &recent.records);
    let mut records: Vec<Record> = settled.into_iter().collect();
    records.push(Record { facts, ..log::record(ctx, Event::Unlocked) });
    if let Some(without) = log::sandbox_off(ctx) {
        records.push(without);
        session.tell("the sandbox is switched off in this run (--sandbox off); the log says so");
    }
    log::append(ctx, session, records);
}

/// Tells of the attempts that failed since the vault was last used, for what takes them into the log without an unlock
/// that would tell. `n_own` were made just now, by whoever is told.
pub(super) fn tell_failed_attempts(ctx: &Context, session: &mut Session, n_own: usize) {
    let recent = log::recent(ctx, &session.path, &session.vault);
    let others = recent.failed_unlocks.map_or(0, |(count, _)| count.saturating_sub(n_own));
    if others > 0 {
        let attempts = super::status::count(others, "failed attempt", "failed attempts");
        let besides = if n_own > 0 { ", besides those of just now" } else { "" };
        session.tell(format!("{attempts} to open this vault since it was last used{besides}"));
    }
}

/// Reads the vault again if another process has changed it; the key at hand must still open it.
///
/// # Errors
///
/// When the file cannot be read, is damaged, or its passphrase was changed (then: unlock again).
pub fn reload_if_changed(ctx: &Context, session: &mut Session) -> Result<bool, Failure> {
    let Some(sealed) = vault_file::read_sealed(ctx, &session.path)? else { return Ok(false) };
    if sealed.sha256() == session.sha256 {
        return Ok(false);
    }
    let master = session.master.duplicate();
    let fresh = vault_file::start_session(ctx, &session.path.clone(), &sealed, master, session.opened_by)?;
    *session = fresh;
    Ok(true)
}

/// Settles a change that was announced and never confirmed: a record that says whether it reached the disk.
///
/// Its process may still be at work: then the lock is held, and nothing is settled. Under the lock log and
/// file are read afresh, and it is kept until the record is written: of two processes one confirms.
fn settle(ctx: &Context, session: &Session, records: &[Record]) -> (Option<Record>, Option<Lock>) {
    let disk = ctx.disk.as_ref();
    if unfinished(records).is_none() {
        return (None, None);
    }
    let Ok(lock) = lock::acquire(disk, &session.path, &mut |_| false) else { return (None, None) };
    let present = vault_file::read_sealed(ctx, &session.path).ok().flatten();
    let present = present.and_then(|sealed| vault_file::decode(&session.path, &sealed, &session.master).ok());
    let announced = unfinished(&log::recent(ctx, &session.path, &session.vault).records);
    let (Some(announced), Some(present)) = (announced, present) else { return (None, Some(lock)) };
    let event = if present.generation >= announced { Event::Saved } else { Event::NotDone };
    let mut record = log::record(ctx, event);
    record.generation = Some(announced);
    record.facts = vec![("found".into(), "at the next unlock".into())];
    (Some(record), Some(lock))
}

/// The generation of the last change that was announced, if it was never confirmed.
fn unfinished(records: &[Record]) -> Option<u64> {
    let announced = records.iter().rev().find_map(|record| record.generation)?;
    let is_settled = records.iter().rev().any(|record| {
        record.generation == Some(announced) && matches!(record.event, Event::Saved | Event::NotDone)
    });
    (!is_settled).then_some(announced)
}

/// Refuses a derivation that the machine's free memory cannot hold: Linux would kill the program instead.
pub(super) fn enough_memory(ctx: &Context, cost: Option<KdfParameters>) -> Result<(), Failure> {
    let (Some(cost), Some(free_kib)) = (cost, free_memory_kib(ctx)) else { return Ok(()) };
    if u64::from(cost.memory_kib) <= free_kib {
        return Ok(());
    }
    Err(Failure::new(
        Kind::Io,
        format!(
            "opening it needs {} MiB of memory, and {} MiB are free here",
            cost.memory_mib(),
            free_kib >> 10
        ),
    )
    .unchanged(Unchanged::NothingTouched)
    .next("close other programs, or open it on a machine with more memory"))
}

/// `MemAvailable` and free swap of `/proc/meminfo`, in KiB; `None` where there is no such file.
pub(super) fn free_memory_kib(ctx: &Context) -> Option<u64> {
    let bytes = ctx.disk.read_special(Path::new("/proc/meminfo"), 64 << 10).ok()?;
    let text = String::from_utf8_lossy(&bytes);
    let value = |name: &str| {
        let line = text.lines().find(|line| line.starts_with(name))?;
        line.split_whitespace().nth(1)?.parse::<u64>().ok()
    };
    Some(value("MemAvailable:")? + value("SwapFree:").unwrap_or(0))
}
