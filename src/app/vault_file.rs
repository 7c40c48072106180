//! The one place where a vault becomes a file and a file a vault.
//!
//! Down: vault → [`wire`](crate::wire) (bytes) → [`envelope`](crate::envelope) (sealed bytes) →
//! [`storage`](crate::storage) (file). Up: the same in reverse. A change always starts from what the
//! file holds at that moment, under the lock, so any number of processes may write and nothing is lost.

use std::path::Path;
use std::time::Duration;

use super::context::Context;
use super::failure::{Failure, Kind, Unchanged, reading, shown_path};
use super::session::Session;
use super::{clock, incident, log, state};
use crate::audit::{Event, Record};
use crate::envelope::{self, MasterKey, OpenError, Sealed, Slot, ToSeal};
use crate::secret::SecretBytes;
use crate::storage::atomic::{self, Durability, Keep};
use crate::storage::lock::{self, Lock};
use crate::storage::{StorageError, modes};
use crate::vault::{Vault, VaultError};
use crate::wire::{self, WireError};

/// How long a writer waits for another one (exit 6 after it).
const LOCK_WAIT: Duration = Duration::from_secs(10);
const LOCK_POLL: Duration = Duration::from_millis(10);
/// Previous generations that are kept beside the vault.
pub(super) const PREVIOUS_KEPT: u32 = 5;

/// Reads a vault file; `None` when there is none. Only "not found" means that.
pub(super) fn read_sealed(ctx: &Context, path: &Path) -> Result<Option<Sealed>, Failure> {
    let bytes = match ctx.disk.read(path, envelope::LARGEST_FILE) {
        Ok(bytes) => bytes,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
        Err(error) => {
            // What is too large to be a vault is of no known format, as it would be for a bundle.
            return Err(Failure::new(reading(&error), format!("cannot read the vault {}", shown_path(path)))
                .because(error)
                .unchanged(Unchanged::NothingTouched)
                .next("check the path, its permissions and the disk"));
        }
    };
    let sealed = Sealed::parse(bytes, envelope::Kind::Vault);
    sealed.map(Some).map_err(|error| cannot_open(path, "vault", error))
}

/// Tells whether a path is a link that leads nowhere.
pub(super) fn is_dangling(ctx: &Context, path: &Path) -> bool {
    ctx.disk.resolve(path).is_err_and(|error| error.kind() == std::io::ErrorKind::NotFound)
}

/// Turns an unlocked container into a vault.
pub(super) fn decode(path: &Path, sealed: &Sealed, master: &MasterKey) -> Result<Vault, Failure> {
    let payload = sealed.open(master).map_err(|error| cannot_open(path, "vault", error))?;
    let vault = wire::vault_v1::parse(payload.json()).map_err(|error| not_understood(path, error))?;
    if vault.id.0 != sealed.header().id {
        return Err(not_understood(path, WireError::Field { field: "vault.id" }));
    }
    Ok(vault)
}

/// Opens a session on a vault that was just unlocked, tells what is worth telling about it, and remembers on this
/// machine which generation was seen.
pub(super) fn start_session(
    ctx: &Context,
    path: &Path,
    sealed: &Sealed,
    master: MasterKey,
    opened_by: [u8; 4],
) -> Result<Session, Failure> {
    let session = start_unnoted(ctx, path, sealed, master, opened_by)?;
    if session.newer_seen.is_none() {
        state::note_generation(ctx, session.vault.id, session.vault.generation, session.sha256);
    }
    Ok(session)
}

/// As [`start_session`], and writes nothing.
pub(super) fn start_unnoted(
    ctx: &Context,
    path: &Path,
    sealed: &Sealed,
    master: MasterKey,
    opened_by: [u8; 4],
) -> Result<Session, Failure> {
    let vault = decode(path, sealed, &master)?;
    let state::Remembered { state: seen, trouble } = state::read(ctx, vault.id);
    if seen.generation > vault.generation
        && let Some(now) = read_sealed(ctx, path)?
        && now.sha256() != sealed.sha256()
    {
        // Another process has saved between the reading of the file and of the state: this is no older
        // copy, it is an older reading.
        return start_unnoted(ctx, path, &now, master, opened_by);
    }
    let mut session = Session {
        newer_seen: (seen.generation > vault.generation).then_some(seen.generation),
        vault,
        master,
        slots: sealed.header().slots.clone(),
        opened_by,
        path: path.to_owned(),
        sha256: sealed.sha256(),
        older_accepted: false,
        notices: Vec::new(),
        clock_doubt: None,
    };
    if let Some(newer) = session.newer_seen {
        let generation = session.vault.generation;
        session.tell(format!(
            "this vault is an older copy: it is generation {generation}, and generation {newer} was seen on this \
             machine; what was changed since is not in it"
        ));
    }
    if let Some(error) = trouble {
        session.tell(format!(
            "what this machine remembers of this vault could not be read ({error}): an older copy of it would not be \
             noticed"
        ));
    }
    let last_use = (seen.last_seen > 0).then_some(seen.last_seen);
    session.doubt_clock(clock::doubt(ctx.clock.now(), last_use));
    if !session.vault.quarantine.is_empty() {
        session.tell(format!(
            "{} of the entries cannot be read and were set aside; `lifeboat list` names them",
            session.vault.quarantine.len()
        ));
    }
    Ok(session)
}

/// Carries out one change: lock, read afresh, apply, announce, save, confirm.
///
/// `apply` works on what the file holds now, which may be more than the session saw. When it
/// refuses, nothing is written and the session keeps what it had.
pub(super) fn change<T>(
    ctx: &Context,
    session: &mut Session,
    apply: impl FnOnce(&mut Vault) -> Result<(T, Vec<Record>), Failure>,
) -> Result<T, Failure> {
    let _lock = lock_vault(ctx, session)?;
    let (mut vault, slots) = read_under_lock(ctx, session)?;
    let (value, records) = apply(&mut vault)?;
    session.slots = slots;
    save(ctx, session, vault, records)?;
    Ok(value)
}

/// Reads the file afresh under the lock: its content and its ways of opening.
pub(super) fn read_under_lock(ctx: &Context, session: &mut Session) -> Result<(Vault, Vec<Slot>), Failure> {
    let sealed = read_sealed(ctx, &session.path)?.ok_or_else(|| vanished(&session.path))?;
    let mut vault = decode(&session.path, &sealed, &session.master)
        .map_err(|failure| key_changed(&session.path, failure))?;
    // Writers note what they saved before they let go of the lock, so this comparison is exact.
    let seen = state::read(ctx, vault.id).state.generation;
    session.newer_seen = (seen > vault.generation).then_some(seen);
    refuse_rollback(session, vault.generation)?;
    vault.previous = Some(sealed.sha256());
    Ok((vault, sealed.header().slots.clone()))
}

/// Seals and replaces the file. The caller holds the lock and has read the file under it.
pub(super) fn save(
    ctx: &Context,
    session: &mut Session,
    mut vault: Vault,
    records: Vec<Record>,
) -> Result<(), Failure> {
    vault.generation = vault.generation.max(session.newer_seen.unwrap_or(0)).saturating_add(1);
    let generation = vault.generation;
    let said = records.clone();
    let announced =
        records.into_iter().map(|record| Record { generation: Some(generation), ..record }).collect();
    vault.log_anchor = log::append(ctx, session, announced);

    let bytes = seal(ctx, &vault, &session.slots, &session.master)?;
    let token = ctx.token()?;
    let expected = envelope_digest(&bytes);
    let replaced = atomic::replace(
        ctx.disk.as_ref(),
        &session.path,
        &bytes,
        &token,
        Keep::Previous(PREVIOUS_KEPT),
        &|read_back| opens_again(read_back, &session.master),
    );
    match replaced {
        Ok(replaced) => {
            if replaced.durability == Durability::NotConfirmed {
                session.tell(
                    "saved, but the disk did not confirm that it will survive a power cut; the previous generation \
                     was kept"
                        .to_owned(),
                );
            }
        }
        Err(error) => {
            let mut undone = log::record(ctx, Event::NotDone);
            undone.generation = Some(generation);
            log::append(ctx, session, vec![undone]);
            return Err(not_saved(&session.path, error));
        }
    }
    session.vault = vault;
    session.sha256 = expected;
    session.newer_seen = None;
    let mut saved = log::record(ctx, Event::Saved);
    saved.generation = Some(generation);
    log::append(ctx, session, vec![saved]);
    state::note_generation(ctx, session.vault.id, generation, expected);
    incident::tell_ticked(session, &said);
    Ok(())
}

/// Seals a vault into the bytes of its file.
pub(super) fn seal(
    ctx: &Context,
    vault: &Vault,
    slots: &[Slot],
    master: &MasterKey,
) -> Result<Vec<u8>, Failure> {
    let json: SecretBytes = wire::vault_v1::encode(vault);
    let to_seal = ToSeal {
        kind: envelope::Kind::Vault,
        id: vault.id.0,
        slots,
        info: None,
        json: json.expose(),
        signature: &[],
    };
    envelope::seal(&to_seal, master, &ctx.random_bytes()?).map_err(|error| {
        Failure::new(Kind::Refused, "the vault was not saved")
            .because(error)
            .unchanged(Unchanged::NothingTouched)
            .next("remove entries, or empty the trash with `lifeboat trash purge`")
    })
}

/// Takes the vault's lock, waiting for another writer, and clears what a crash left behind.
pub(super) fn lock_vault(ctx: &Context, session: &mut Session) -> Result<Lock, Failure> {
    let (lock, notice) = lock_path(ctx, &session.path)?;
    if let Some(notice) = notice {
        session.tell(notice);
    }
    Ok(lock)
}

/// Takes the lock of a vault that is not open; says in words what is worth telling.
pub(super) fn lock_path(ctx: &Context, path: &Path) -> Result<(Lock, Option<String>), Failure> {
    let most = u32::try_from(LOCK_WAIT.as_millis() / LOCK_POLL.as_millis()).unwrap_or(u32::MAX);
    let lock = lock::acquire(ctx.disk.as_ref(), path, &mut |attempt| {
        (ctx.pause)(LOCK_POLL);
        attempt < most
    })
    .map_err(|error| {
        if error.is_would_block() {
            Failure::new(Kind::Busy, "another process is writing the vault and did not finish in time")
                .unchanged(Unchanged::VaultKept(path.to_owned()))
                .next("wait until it is done and run the command again")
        } else {
            not_saved(path, error)
        }
    })?;
    let notice = (!lock.is_held()).then(|| {
        "this file system has no locks: two writers at once could undo each other's changes".to_owned()
    });
    // Left behind by a crash; a failure to tidy up must not stop anybody.
    let _swept = atomic::sweep(ctx.disk.as_ref(), path);
    let _repaired = modes::repair(ctx.disk.as_ref(), path);
    Ok((lock, notice))
}

fn refuse_rollback(session: &Session, generation: u64) -> Result<(), Failure> {
    match session.newer_seen {
        Some(newer) if !session.older_accepted => Err(Failure::new(
            Kind::Refused,
            format!(
                "this vault is an older copy (generation {generation}; generation {newer} was seen here), and a change \
                 would go on from it"
            ),
        )
        .unchanged(Unchanged::VaultKept(session.path.clone()))
        .next("bring back the newer file, or `lifeboat restore --previous` if it was damaged")
        .next("to go on from this copy, run the command again with --yes")),
        _ => Ok(()),
    }
}

fn opens_again(bytes: &[u8], master: &MasterKey) -> bool {
    Sealed::parse(bytes.to_vec(), envelope::Kind::Vault).and_then(|sealed| sealed.open(master)).is_ok()
}

fn envelope_digest(bytes: &[u8]) -> [u8; 32] {
    use sha2::Digest as _;
    sha2::Sha256::digest(bytes).into()
}

/// What a container's error means to the person who wanted it open.
pub(super) fn cannot_open(path: &Path, what: &str, error: OpenError) -> Failure {
    let shown = shown_path(path);
    let only_read = Unchanged::OnlyRead(path.to_owned());
    match error {
        OpenError::WrongCredential { tried } => {
            let ways =
                if tried == 1 { "its one way".to_owned() } else { format!("none of its {tried} ways") };
            let verb = if tried == 1 { "does not accept" } else { "accepts" };
            Failure::new(
                Kind::WrongPassphrase,
                format!("cannot open the {what} {shown}: {ways} of opening it {verb} what was given"),
            )
            .unchanged(only_read)
            .next("check Caps Lock, the keyboard layout and which key file it was, then try again")
        }
        OpenError::NoFittingSlot => Failure::new(
            Kind::WrongPassphrase,
            format!("cannot open the {what} {shown}: nothing that was given is a way of opening it"),
        )
        .unchanged(only_read)
        .next(format!(
            "`lifeboat {}` says what opens it",
            if what == "bundle" { "bundle inspect FILE" } else { "doctor" }
        )),
        OpenError::Kdf(cause @ envelope::KdfError::TooCostly { .. }) => {
            Failure::new(Kind::KdfTooCostly, format!("did not open the {what} {shown}"))
                .because(cause)
                .unchanged(only_read)
                .next("if you know where the file comes from, run the command again with --allow-kdf-cost")
        }
        OpenError::Kdf(cause @ envelope::KdfError::OutOfMemory(_)) => {
            Failure::new(Kind::Io, format!("could not open the {what} {shown}"))
                .because(cause)
                .unchanged(only_read)
                .next("close other programs, or open it on a machine with more memory")
        }
        cause @ OpenError::NotAnEnvelope => {
            let failure = Failure::new(Kind::UnknownFormat, format!("{shown} is no {what}"))
                .because(cause)
                .unchanged(only_read)
                .next("`lifeboat import FILE` reads other authenticators' files");
            if what == "vault" {
                failure.next(
                    "if it was a vault: `lifeboat restore --previous` puts back the newest whole generation",
                )
            } else {
                failure.next("if it was a bundle: try another copy of it")
            }
        }
        cause @ OpenError::WrongKind { .. } => {
            Failure::new(Kind::UnknownFormat, format!("{shown} cannot be used here"))
                .because(cause)
                .unchanged(only_read)
                .next("a vault is named with --vault PATH, a bundle with `lifeboat restore FILE`")
                .next("a pass is opened with `lifeboat pass open FILE`")
        }
        cause @ (OpenError::UnsupportedVersion { .. } | OpenError::UnsupportedFeature { .. }) => {
            Failure::new(Kind::UnknownVersion, format!("cannot open the {what} {shown}"))
                .because(cause)
                .unchanged(only_read)
                .next("open it with the version of Lifeboat that wrote it, or a newer one")
        }
        cause @ (OpenError::Altered { .. }
        | OpenError::BadHeader { .. }
        | OpenError::Damaged { .. }
        | OpenError::Kdf(_)) => {
            let failure = Failure::new(Kind::Damaged, format!("cannot open the {what} {shown}"))
                .because(cause)
                .unchanged(only_read);
            if what == "bundle" {
                failure.next("try another copy of the bundle; a kit holds three")
            } else {
                failure
                    .next("`lifeboat restore --previous` puts back the newest previous generation that is whole")
                    .next("`lifeboat restore BUNDLE` restores from a bundle; do not delete this file yet")
            }
        }
    }
}

/// The payload was authenticated and still is not what this version writes.
pub(super) fn not_understood(path: &Path, error: WireError) -> Failure {
    let kind = match error {
        WireError::NewerSchema { .. } => Kind::UnknownVersion,
        WireError::Field { .. } | WireError::KeyTwice | WireError::NotAnObject => Kind::Damaged,
    };
    Failure::new(kind, format!("{} opened, but its content is not understood", shown_path(path)))
        .because(error)
        .unchanged(Unchanged::OnlyRead(path.to_owned()))
        .next("open it with the version of Lifeboat that wrote it, or a newer one")
}

/// What a failed write means, and what is certain.
pub(super) fn not_saved(path: &Path, error: StorageError) -> Failure {
    let kind = if error.is_no_space() {
        Kind::NoSpace
    } else if error.is_read_only() {
        Kind::ReadOnly
    } else {
        Kind::Io
    };
    let failure = Failure::new(kind, "the vault was not saved")
        .because(error)
        .unchanged(Unchanged::VaultKept(path.to_owned()));
    if kind == Kind::NoSpace {
        failure.next("free some space, then run the command again; nothing needs repair")
    } else if kind == Kind::ReadOnly {
        failure.next("copy the vault to a place that can be written, and name it with --vault")
    } else {
        failure.next("check the disk and the folder's permissions, then run the command again")
    }
}

fn vanished(path: &Path) -> Failure {
    Failure::new(Kind::NoFile, format!("the vault {} is not there any more", shown_path(path)))
        .unchanged(Unchanged::NothingTouched)
        .next("`lifeboat restore --previous` puts back the newest previous generation")
}

fn key_changed(path: &Path, failure: Failure) -> Failure {
    if failure.kind != Kind::Damaged {
        return failure;
    }
    Failure::new(
        Kind::NoCredential,
        "the vault can no longer be opened with the key at hand: its passphrase was changed meanwhile",
    )
    .because(failure.to_string())
    .unchanged(Unchanged::VaultKept(path.to_owned()))
    .next("unlock it again and repeat the change")
}

impl From<VaultError> for Failure {
    fn from(error: VaultError) -> Self {
        match error {
            VaultError::Duplicate(id) => {
                Self::new(Kind::Duplicate, "the same account is already in the vault")
                    .details([format!("its id is {id}")])
                    .unchanged(Unchanged::NothingTouched)
                    .next("add it anyway with --allow-duplicate")
            }
            VaultError::Gone(id) => Self::new(Kind::NoEntry, "the entry is not in the vault any more")
                .details([format!("its id was {id}")])
                .unchanged(Unchanged::NothingTouched)
                .next("another process removed it; `lifeboat trash list` may hold it"),
        }
    }
}
