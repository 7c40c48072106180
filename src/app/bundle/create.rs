//! Making a bundle: sealed, written, read back, opened again and noted in the vault.

use std::path::{Path, PathBuf};

use zeroize::Zeroizing;

use super::super::context::Context;
use super::super::failure::{Failure, Kind, Unchanged, shown_path};
use super::super::init::{NewSlot, make_slot};
use super::super::session::Session;
use super::super::share_set::{self, NewShareSet};
use super::super::{incident, log, passphrase, vault_file};
use super::{SIGNED_AS, look_at_bundle, not_written, refuse_vault, sha256};
use crate::audit::Event;
use crate::entry::{Entry, EntryId, Label, UnixSeconds};
use crate::envelope::{self, Credentials, Info, KeyFile, MasterKey, Passphrase, QuorumLock, Slot, ToSeal};
use crate::recovery::incident::Happened;
use crate::storage::atomic::{self, Durability, Existing};
use crate::vault::{BundleRecord, BundledEntry};
use crate::wire::bundle_v1::{self, BundleOut};
use crate::wire::entry_v1;

/// The name and version that go into a bundle.
const TOOL: &str = concat!("lifeboat ", env!("CARGO_PKG_VERSION"));

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
    /// The shares that open it, beside passphrase and key file or instead of them.
    pub shares: Option<BundleShares<'a>>,
    /// Take a weak passphrase all the same.
    pub allow_weak: bool,
    /// What opened the vault: a bundle sealed with the same is refused unless `allow_weak`.
    pub vault_passphrase: Option<&'a Passphrase>,
}

/// The shares that open a bundle.
#[derive(Debug)]
pub enum BundleShares<'a> {
    /// Those of a set that the vault knows, by its id.
    Set(u16),
    /// Those of a set that was drawn for it. The vault knows it once the bundle is made.
    New(&'a NewShareSet),
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
    /// The share set that opens it.
    pub share_set: Option<u16>,
    /// Fingerprint of the key that signed it, where shares open it.
    pub signed_by: Option<String>,
    /// False when the disk did not confirm that it survives a power cut.
    pub durable: bool,
}

/// The slots of a new bundle, and what its maker needs to prove that they open.
struct Ways {
    slots: Vec<Slot>,
    new_slot: NewSlot,
    lock: Option<(QuorumLock, Zeroizing<[u8; 32]>)>,
}

/// Makes a bundle, reads its file back, opens it with what it was sealed with and compares.
///
/// What shares alone open cannot be opened here afterwards. Then the slot is proven from the maker's side: with the
/// one-time half of its key, which is forgotten after that, and for a new set with the shares themselves.
///
/// # Errors
///
/// Exit 8 for a weak passphrase, for the vault's own one, for an output that exists and for a set that was replaced.
pub fn create(
    ctx: &Context,
    session: &mut Session,
    request: BundleRequest<'_>,
) -> Result<BundleMade, Failure> {
    refuse(ctx, session, &request)?;
    let now = ctx.clock.now();
    let id: [u8; 16] = ctx.random_bytes()?;
    let review = request.review_seconds.map(|seconds| now.saturating_add(seconds));
    let vault = &session.vault;
    let lock = request.shares.as_ref().map(|shares| lock_for(session, shares, request.output)).transpose()?;
    let entries = chosen(session, &request);
    let signing_key = session.signing_key()?;
    let json = bundle_v1::encode(&BundleOut {
        created: now,
        tool: TOOL,
        review,
        selected: request.selection.is_some(),
        vault,
        public_key: signing_key.public(),
        entries: &entries,
        quarantine: if request.selection.is_some() { &[] } else { &vault.quarantine },
    });
    let contents: Vec<BundledEntry> =
        entries.iter().map(|entry| BundledEntry { id: entry.id, digest: entry_v1::digest(entry) }).collect();
    let n_entries = entries.len();
    let master = MasterKey::from_bytes(ctx.random_bytes()?);
    let new_slot = NewSlot { passphrase: request.passphrase, key_file: request.key_file };
    let ways = make_slots(ctx, &id, &master, new_slot, lock, request.output)?;
    let info = Info { created: now, label: request.label.clone().filter(|label| !label.is_empty()) };
    let signature = match &ways.lock {
        Some(_) => {
            let message = envelope::signed_message(envelope::Kind::Bundle, &id, json.expose());
            signing_key.sign(SIGNED_AS, &message)
        }
        None => Vec::new(),
    };
    let to_seal = ToSeal {
        kind: envelope::Kind::Bundle,
        id,
        slots: &ways.slots,
        info: Some(info),
        json: json.expose(),
        signature: &signature,
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
    let new_set = match &request.shares {
        Some(BundleShares::New(new)) => Some(*new),
        Some(BundleShares::Set(_)) | None => None,
    };
    let share_set = ways.lock.as_ref().map(|(lock, _)| lock.set);
    prove_by_opening(ctx, request.output, ways, new_set, json.expose())?;

    let made = BundleMade {
        id: data_encoding::HEXLOWER.encode(&id),
        path: request.output.to_owned(),
        n_entries,
        len: bytes.len(),
        sha256: sha256(&bytes),
        review,
        share_set,
        signed_by: share_set.map(|_| signing_key.public().fingerprint()),
        durable: durability == Durability::Confirmed,
    };
    let record = BundleRecord {
        id,
        created: now,
        path: Label::new(
            std::path::absolute(request.output)
                .unwrap_or_else(|_| request.output.to_owned())
                .to_string_lossy(),
        ),
        label: Label::new(request.label.unwrap_or_default()),
        review,
        generation: 0,
        selected: request.selection.is_some(),
        share_set,
        sha256: made.sha256,
        contents,
    };
    note(ctx, session, record, new_set).map_err(|failure| not_noted(request.output, failure))?;
    Ok(made)
}

/// Notes a bundle in the vault, with the share set that was drawn for it.
fn note(
    ctx: &Context,
    session: &mut Session,
    mut record: BundleRecord,
    new_set: Option<&NewShareSet>,
) -> Result<(), Failure> {
    vault_file::change(ctx, session, |vault| {
        let mut records = Vec::new();
        if let Some(new) = new_set {
            records.push(share_set::add(ctx, vault, new)?);
        }
        let mut made = log::record(ctx, Event::BundleMade);
        made.facts = vec![
            ("bundle".into(), data_encoding::HEXLOWER.encode(&record.id)),
            ("entries".into(), record.contents.len().to_string()),
        ];
        made.facts.extend(record.share_set.map(|set| ("share set".into(), share_set::name(set))));
        records.push(made);
        if !record.selected {
            let happened = Happened::Bundled(record.share_set.map(share_set::name));
            records.extend(incident::tick(ctx, vault, &happened));
        }
        record.generation = vault.generation;
        vault.bundles.push(record);
        Ok(((), records))
    })
}

/// Refuses what [`create`] would refuse, before custodians are asked to write cards for it.
///
/// # Errors
///
/// As [`create`] where nothing was written.
pub fn refuse(ctx: &Context, session: &Session, request: &BundleRequest<'_>) -> Result<(), Failure> {
    refuse_weak(request)?;
    refuse_vault(ctx, session, request.output)?;
    if chosen(session, request).is_empty() {
        return Err(Failure::new(Kind::NoEntry, "there is no entry to put into a bundle")
            .unchanged(Unchanged::OutputNotCreated(request.output.to_owned()))
            .next("`lifeboat list` shows what the vault holds"));
    }
    Ok(())
}

fn chosen<'s>(session: &'s Session, request: &BundleRequest<'_>) -> Vec<&'s Entry> {
    let entries = session.vault.entries.iter();
    match &request.selection {
        Some(ids) => entries.filter(|entry| ids.contains(&entry.id)).collect(),
        None => entries.collect(),
    }
}

fn not_noted(output: &Path, mut failure: Failure) -> Failure {
    failure.what =
        format!("the bundle was made and is whole, but the vault could not note it: {}", failure.what);
    failure.unchanged = Some(Unchanged::MadeNotNoted(output.to_owned()));
    failure
}

/// The public half of the shares that are to open it.
fn lock_for(session: &Session, shares: &BundleShares<'_>, output: &Path) -> Result<QuorumLock, Failure> {
    match shares {
        BundleShares::New(new) => Ok(new.lock(&session.vault)),
        BundleShares::Set(id) => share_set::lock_of(&session.vault, *id)
            .map_err(|failure| failure.unchanged(Unchanged::OutputNotCreated(output.to_owned()))),
    }
}

fn make_slots(
    ctx: &Context,
    id: &[u8; 16],
    master: &MasterKey,
    new_slot: NewSlot,
    lock: Option<QuorumLock>,
    output: &Path,
) -> Result<Ways, Failure> {
    let kind = envelope::Kind::Bundle;
    let mut slots = Vec::with_capacity(2);
    // A bundle that shares open needs no other way; without shares the lack of one is said.
    if new_slot.passphrase.is_some() || new_slot.key_file.is_some() || lock.is_none() {
        slots.push(make_slot(ctx, kind, id, master, &new_slot, ctx.kdf.bundle)?);
    }
    let lock = lock
        .map(|lock| ctx.random_bytes::<32>().map(|ephemeral| (lock, Zeroizing::new(ephemeral))))
        .transpose()?;
    if let Some((lock, ephemeral)) = &lock {
        let slot = Slot::for_quorum(kind, id, master, lock, ephemeral, &ctx.slot_random()?);
        slots.push(slot.ok_or_else(|| {
            Failure::new(Kind::Refused, format!("the share set {} seals nothing", share_set::name(lock.set)))
                .details(["its public half or its numbers are not those of a share set".to_owned()])
                .unchanged(Unchanged::OutputNotCreated(output.to_owned()))
                .next("make a new set: --quorum 2-of-3 --custodian NAME (once for each custodian)")
        })?);
    }
    Ok(Ways { slots, new_slot, lock })
}

/// Opens the file that was just written, from the disk, in each way that it was sealed for.
fn prove_by_opening(
    ctx: &Context,
    path: &Path,
    sealed_for: Ways,
    new_set: Option<&NewShareSet>,
    json: &[u8],
) -> Result<(), Failure> {
    let Ways { new_slot, lock, .. } = sealed_for;
    let credentials = Credentials {
        passphrase: new_slot.passphrase,
        key_file: new_slot.key_file,
        recovery_secret: new_set.map(NewShareSet::recovery_secret).transpose()?,
    };
    let is_the_same = look_at_bundle(ctx, path).and_then(|bundle| {
        let cannot_open = |error| vault_file::cannot_open(path, "bundle", error);
        let mut masters = Vec::new();
        if credentials.passphrase.is_some() || credentials.key_file.is_some() {
            let typed = Credentials { recovery_secret: None, ..credentials };
            masters.push(bundle.sealed.unlock(&typed, ctx.kdf.ceiling).map_err(cannot_open)?.0);
        }
        if let Some(secret) = credentials.recovery_secret {
            let shares = Credentials { recovery_secret: Some(secret), ..Credentials::default() };
            masters.push(bundle.sealed.unlock(&shares, ctx.kdf.ceiling).map_err(cannot_open)?.0);
        }
        if let Some((lock, ephemeral)) = &lock {
            masters.push(bundle.sealed.unlock_as_maker(lock, ephemeral).map_err(cannot_open)?);
        }
        let mut is_the_same = !masters.is_empty();
        for master in masters {
            let payload = bundle.sealed.open(&master).map_err(cannot_open)?;
            is_the_same &= payload.json() == json;
        }
        Ok(is_the_same)
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
