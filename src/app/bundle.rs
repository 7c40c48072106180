//! Bundles: made, looked at from outside, checked, listed with what has changed since.

mod list;

use std::path::{Path, PathBuf};

use super::context::Context;
use super::failure::{Failure, Kind, Unchanged, reading, shown_path};
use super::init::{NewSlot, make_slot};
use super::session::Session;
use super::unlock::{cost_in_words, enough_memory};
use super::{key_file, log, passphrase, vault_file};
use crate::audit::Event;
use crate::entry::{Entry, EntryId, Label, UnixSeconds};
use crate::envelope::{self, Credentials, Info, KeyFile, MasterKey, Passphrase, Sealed, ToSeal};
use crate::storage::atomic::{self, Durability, Existing};
use crate::vault::{BundleRecord, BundledEntry, VaultId};
use crate::wire::bundle_v1::{self, BundleOut, BundlePayload};
use crate::wire::entry_v1;

pub use list::{ListedBundle, list};

/// The name and version that go into a bundle.
const TOOL: &str = concat!("lifeboat ", env!("CARGO_PKG_VERSION"));

/// A bundle file whose outside was checked and that nobody has opened yet.
#[derive(Debug)]
pub struct SealedBundle {
    pub(super) sealed: Sealed,
    pub(super) path: PathBuf,
}

/// What stands outside the encryption of a bundle. It is not proven until the bundle is opened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BundleInfo {
    /// Its id, as 32 hexadecimal digits.
    pub id: String,
    /// When it says that it was made.
    pub created: UnixSeconds,
    /// Its label, if it has one.
    pub label: Option<Label>,
    /// The ways of opening it, in words.
    pub ways: Vec<String>,
    /// SHA-256 of the file.
    pub sha256: [u8; 32],
    /// Memory and rough time that a passphrase costs, in words; empty for none.
    pub cost: String,
}

impl SealedBundle {
    /// What can be read without opening it.
    pub fn inspect(&self) -> BundleInfo {
        let header = self.sealed.header();
        BundleInfo {
            id: data_encoding::HEXLOWER.encode(&header.id),
            created: header.info.as_ref().map_or(0, |info| info.created),
            label: header.info.as_ref().and_then(|info| info.label.clone()).map(Label::new),
            ways: header.slots.iter().map(|slot| slot.kind.in_words()).collect(),
            sha256: self.sealed.sha256(),
            cost: self.sealed.cost().map(cost_in_words).unwrap_or_default(),
        }
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

    /// Opens it.
    ///
    /// # Errors
    ///
    /// A credential that does not fit (exit 3), damage (exit 5), a derivation past the ceiling (exit 8).
    pub fn open(&self, ctx: &Context, credentials: &Credentials) -> Result<OpenedBundle, Failure> {
        if credentials.passphrase.is_some() {
            enough_memory(ctx, self.sealed.cost())?;
        }
        let (master, _) = self
            .sealed
            .unlock(credentials, ctx.kdf.ceiling)
            .map_err(|error| vault_file::cannot_open(&self.path, "bundle", error))?;
        let payload = self
            .sealed
            .open(&master)
            .map_err(|error| vault_file::cannot_open(&self.path, "bundle", error))?;
        let payload = bundle_v1::parse(payload.json())
            .map_err(|error| vault_file::not_understood(&self.path, error))?;
        Ok(OpenedBundle { payload, id: self.sealed.header().id })
    }
}

/// An opened bundle.
#[derive(Debug)]
pub struct OpenedBundle {
    pub(super) payload: BundlePayload,
    pub(super) id: [u8; 16],
}

impl OpenedBundle {
    /// What is in it.
    pub fn payload(&self) -> &BundlePayload {
        &self.payload
    }

    /// How many seconds its review date lies back; `None` before it. It warns and never refuses: a clock
    /// may be wrong and the night is long.
    pub fn overdue(&self, now: UnixSeconds) -> Option<u64> {
        self.payload.review.and_then(|review| now.checked_sub(review)).filter(|late| *late > 0)
    }
}

/// Reads a bundle file and checks its outside.
///
/// # Errors
///
/// Exit 4 when there is no file, exit 5 when it is damaged or something else.
pub fn look_at_bundle(ctx: &Context, path: &Path) -> Result<SealedBundle, Failure> {
    let bytes = ctx.disk.read(path, envelope::LARGEST_FILE).map_err(|error| {
        Failure::new(reading(&error), format!("cannot read the bundle {}", shown_path(path)))
            .because(error)
            .unchanged(Unchanged::NothingTouched)
            .next("check the path, and that the medium it lies on is there")
    })?;
    let sealed = Sealed::parse(bytes, envelope::Kind::Bundle)
        .map_err(|error| vault_file::cannot_open(path, "bundle", error))?;
    Ok(SealedBundle { sealed, path: path.to_owned() })
}

/// What a new bundle is to be like.
#[derive(Debug)]
pub struct BundleRequest<'a> {
    /// Where it is written.
    pub output: &'a Path,
    /// Replace what is there.
    pub force: bool,
    /// The entries that go into it; `None` for all.
    pub selection: Option<Vec<EntryId>>,
    /// After so many seconds every opening warns.
    pub review_seconds: Option<u64>,
    /// Readable without opening it.
    pub label: Option<String>,
    /// Its own passphrase.
    pub passphrase: Option<Passphrase>,
    /// Its own key file.
    pub key_file: Option<KeyFile>,
    /// Take a weak passphrase all the same.
    pub allow_weak: bool,
    /// What opened the vault: a bundle sealed with the same is refused unless `allow_weak`.
    pub vault_passphrase: Option<&'a Passphrase>,
}

/// A bundle that was made, read back and compared.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BundleMade {
    /// Its id, as 32 hexadecimal digits.
    pub id: String,
    /// Where it lies.
    pub path: PathBuf,
    /// How many entries are in it.
    pub n_entries: usize,
    /// Length of the file in bytes.
    pub len: usize,
    /// SHA-256 of the file.
    pub sha256: [u8; 32],
    /// Its review date.
    pub review: Option<UnixSeconds>,
    /// False when the disk did not confirm that it survives a power cut.
    pub durable: bool,
}

/// Makes a bundle, reads its file back, opens it with what it was sealed with and compares.
///
/// # Errors
///
/// Exit 8 for a weak passphrase, for the vault's own one, and for an output that exists.
pub fn create(
    ctx: &Context,
    session: &mut Session,
    request: BundleRequest<'_>,
) -> Result<BundleMade, Failure> {
    refuse_weak(&request)?;
    refuse_vault(ctx, session, request.output)?;
    let now = ctx.clock.now();
    let id: [u8; 16] = ctx.random_bytes()?;
    let review = request.review_seconds.map(|seconds| now.saturating_add(seconds));
    let vault = &session.vault;
    let entries: Vec<&Entry> = match &request.selection {
        Some(ids) => vault.entries.iter().filter(|entry| ids.contains(&entry.id)).collect(),
        None => vault.entries.iter().collect(),
    };
    if entries.is_empty() {
        return Err(Failure::new(Kind::NoEntry, "there is no entry to put into a bundle")
            .unchanged(Unchanged::OutputNotCreated(request.output.to_owned()))
            .next("`lifeboat list` shows what the vault holds"));
    }
    let json = bundle_v1::encode(&BundleOut {
        created: now,
        tool: TOOL,
        review,
        selected: request.selection.is_some(),
        vault,
        public_key: session.signing_key()?.public(),
        entries: &entries,
        quarantine: if request.selection.is_some() { &[] } else { &vault.quarantine },
    });
    let contents: Vec<BundledEntry> =
        entries.iter().map(|entry| BundledEntry { id: entry.id, digest: entry_v1::digest(entry) }).collect();
    let n_entries = entries.len();
    let new_slot = NewSlot { passphrase: request.passphrase, key_file: request.key_file };
    let master = MasterKey::from_bytes(ctx.random_bytes()?);
    let slots = [make_slot(ctx, envelope::Kind::Bundle, &id, &master, &new_slot, ctx.kdf.bundle)?];
    let info = Info { created: now, label: request.label.clone().filter(|label| !label.is_empty()) };
    let to_seal = ToSeal {
        kind: envelope::Kind::Bundle,
        id,
        slots: &slots,
        info: Some(info),
        json: json.expose(),
        signature: &[],
    };
    let bytes = envelope::seal(&to_seal, &master, &ctx.random_bytes()?).map_err(|error| {
        Failure::new(Kind::Refused, "the bundle was not made")
            .because(error)
            .unchanged(Unchanged::OutputNotCreated(request.output.to_owned()))
    })?;
    drop(master);

    let existing = if request.force { Existing::Replace } else { Existing::Refuse };
    let durability = atomic::create(ctx.disk.as_ref(), request.output, &bytes, &ctx.token()?, existing)
        .map_err(|error| not_written(request.output, "bundle", error))?;
    prove_by_opening(ctx, request.output, new_slot, json.expose())?;

    let made = BundleMade {
        id: data_encoding::HEXLOWER.encode(&id),
        path: request.output.to_owned(),
        n_entries,
        len: bytes.len(),
        sha256: sha256(&bytes),
        review,
        durable: durability == Durability::Confirmed,
    };
    let selected = request.selection.is_some();
    let label = Label::new(request.label.unwrap_or_default());
    let sha256 = made.sha256;
    let path = Label::new(
        std::path::absolute(request.output).unwrap_or_else(|_| request.output.to_owned()).to_string_lossy(),
    );
    let written = vault_file::change(ctx, session, |vault| {
        let generation = vault.generation;
        vault.bundles.push(BundleRecord {
            id,
            created: now,
            path,
            label,
            review,
            generation,
            selected,
            share_set: None,
            sha256,
            contents,
        });
        let mut record = log::record(ctx, Event::BundleMade);
        record.facts = vec![
            ("bundle".into(), data_encoding::HEXLOWER.encode(&id)),
            ("entries".into(), n_entries.to_string()),
        ];
        Ok(((), vec![record]))
    });
    if let Err(mut failure) = written {
        failure.what =
            format!("the bundle was made and is whole, but the vault could not note it: {}", failure.what);
        let words =
            format!("{} is whole and opens; the vault is as it was before", shown_path(request.output));
        failure.unchanged = Some(Unchanged::Partly(words));
        return Err(failure);
    }
    Ok(made)
}

/// Opens the file that was just written, from the disk, with what it was sealed with.
fn prove_by_opening(ctx: &Context, path: &Path, slot: NewSlot, json: &[u8]) -> Result<(), Failure> {
    let credentials =
        Credentials { passphrase: slot.passphrase, key_file: slot.key_file, recovery_secret: None };
    let is_the_same = look_at_bundle(ctx, path).and_then(|bundle| {
        let (master, _) = bundle
            .sealed
            .unlock(&credentials, ctx.kdf.ceiling)
            .map_err(|error| vault_file::cannot_open(path, "bundle", error))?;
        let payload =
            bundle.sealed.open(&master).map_err(|error| vault_file::cannot_open(path, "bundle", error))?;
        Ok(payload.json() == json)
    });
    let mut failure = match is_the_same {
        Ok(true) => return Ok(()),
        Ok(false) => Failure::new(Kind::Io, "the bundle that was read back is not the one that was written"),
        Err(failure) => failure,
    };
    let words = format!("{} exists, was not proven to open and must not be relied on", shown_path(path));
    failure.unchanged = Some(Unchanged::Partly(words));
    failure.next = vec!["write it to another disk".to_owned()];
    Err(failure)
}

fn refuse_weak(request: &BundleRequest<'_>) -> Result<(), Failure> {
    let Some(given) = &request.passphrase else { return Ok(()) };
    let refuse = |what: &str, advice: Option<String>| {
        let failure = Failure::new(Kind::Refused, what.to_owned())
            .unchanged(Unchanged::OutputNotCreated(request.output.to_owned()));
        let failure = match advice {
            Some(advice) => failure.because(advice),
            None => failure,
        };
        Err(failure
            .next("take the passphrase that the prompt offers, eight words, or one of 15 characters and more")
            .next("to use this one all the same: --allow-weak"))
    };
    if request.allow_weak {
        return Ok(());
    }
    if request.vault_passphrase.is_some_and(|own| own.same_as(given)) {
        return refuse("a bundle is not sealed with the vault's own passphrase", None);
    }
    let estimate = passphrase::estimate(given.text());
    if estimate.weak_for_bundle && request.key_file.is_none() {
        return refuse(
            "the passphrase is too weak for a bundle, which lies about for years",
            estimate.advice,
        );
    }
    Ok(())
}

/// Reads the key file of a bundle, or makes it where there is none.
///
/// # Errors
///
/// As reading and making a key file.
pub fn key_file_for(ctx: &Context, path: &Path) -> Result<KeyFile, Failure> {
    match ctx.disk.facts(path) {
        Ok(None) => key_file::make_key_file(ctx, path),
        Ok(Some(_)) => key_file::read_key_file(ctx, path),
        // Only "not found" means that there is none.
        Err(error) => Err(Failure::new(Kind::Io, format!("cannot look at {}", shown_path(path)))
            .because(error)
            .unchanged(Unchanged::NothingTouched)
            .next("check the path and its permissions, then run the command again")),
    }
}

/// What a check of a bundle found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BundleChecked {
    /// What stands outside.
    pub info: BundleInfo,
    /// The vault that it was made from.
    pub vault: VaultId,
    /// That vault's generation.
    pub generation: u64,
    /// How many entries it holds.
    pub n_entries: usize,
    /// How many of them cannot be read.
    pub n_quarantined: usize,
    /// Its review date.
    pub review: Option<UnixSeconds>,
    /// How many seconds that lies back.
    pub overdue: Option<u64>,
    /// True when it holds a selection.
    pub selected: bool,
    /// The program that made it.
    pub tool: String,
    /// Fingerprint of the vault's signing key.
    pub key_fingerprint: String,
}

/// Opens a bundle and checks everything in it; changes nothing.
///
/// # Errors
///
/// As opening it.
pub fn verify(
    ctx: &Context,
    bundle: &SealedBundle,
    credentials: &Credentials,
) -> Result<BundleChecked, Failure> {
    let opened = bundle.open(ctx, credentials)?;
    let overdue = opened.overdue(ctx.clock.now());
    let payload = opened.payload;
    Ok(BundleChecked {
        info: bundle.inspect(),
        vault: payload.vault,
        generation: payload.generation,
        n_entries: payload.entries.len(),
        n_quarantined: payload.quarantine.len(),
        review: payload.review,
        overdue,
        selected: payload.selected,
        tool: payload.tool,
        key_fingerprint: payload.public_key.fingerprint(),
    })
}

pub(super) fn sha256(bytes: &[u8]) -> [u8; 32] {
    use sha2::Digest as _;
    sha2::Sha256::digest(bytes).into()
}

/// Refuses the vault itself as an output, however its path is spelled.
///
/// # Errors
///
/// Exit 8 when the output is the vault's file.
pub fn refuse_vault(ctx: &Context, session: &Session, output: &Path) -> Result<(), Failure> {
    let is_there = |path: &Path| ctx.disk.resolve(path).ok();
    let is_vault = output == session.path
        || is_there(output).is_some_and(|real| is_there(&session.path).is_some_and(|vault| vault == real));
    if !is_vault {
        return Ok(());
    }
    Err(Failure::new(Kind::Refused, "nothing is written over the vault")
        .unchanged(Unchanged::VaultKept(session.path.clone()))
        .next("name another file with -o"))
}

/// Refuses an output that exists, before anybody types a passphrase for it.
///
/// # Errors
///
/// Exit 8 when something is there and `force` is not set. Writing it checks again.
pub fn refuse_existing_output(ctx: &Context, path: &Path, force: bool) -> Result<(), Failure> {
    match ctx.disk.facts(path) {
        Ok(Some(_)) if !force => Err(exists_already(path)),
        // What cannot be looked at is told when it cannot be written.
        _ => Ok(()),
    }
}

fn exists_already(path: &Path) -> Failure {
    Failure::new(Kind::FileExists, format!("{} exists already", shown_path(path)))
        .unchanged(Unchanged::NothingTouched)
        .next("name another file with -o, or replace it with --force")
}

/// What a failed output means.
pub(super) fn not_written(path: &Path, what: &str, error: crate::storage::StorageError) -> Failure {
    if error.is_already_exists() {
        return exists_already(path);
    }
    let mut failure = vault_file::not_saved(path, error);
    failure.what = format!("the {what} was not written");
    failure.unchanged = Some(Unchanged::OutputNotCreated(path.to_owned()));
    failure.next =
        vec!["check the path, its permissions and the space on the medium, then run it again".to_owned()];
    failure
}
