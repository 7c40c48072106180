//! Dual control: an entry's seed sealed once more, to a passphrase of its own or to the shares of a set.
//!
//! Whoever opens the vault then has everything about the entry but what makes its codes. It is encryption that holds,
//! and no question: what opens it is asked for because nothing else can.

mod open;

use super::context::Context;
use super::failure::{Failure, Kind, Unchanged};
use super::init::{NewSlot, make_slot};
use super::session::Session;
use super::{log, passphrase, share_set, vault_file};
use crate::audit::Event;
use crate::entry::{Entry, EntryId, SealedBy, SealedSecret, UnixSeconds};
use crate::envelope::{self, Credentials, MasterKey, Passphrase, QuorumLock, Sealed, Slot, ToSeal};
use crate::secret::SecretBytes;
use crate::storage::previous;
use crate::vault::{Vault, VaultError};
use crate::wire::sealed_v1::{self, SealedDocument};

pub use open::{Brought, Opened, Ways, needed, no_reason, note_refused, open, reason_asked, unseal, ways};
pub(super) use open::{about, check, read};

/// What an entry is to be sealed to.
#[derive(Debug)]
pub enum SealTo<'a> {
    /// A passphrase of its own, and what opened the vault: the same one is refused.
    Passphrase {
        /// The new passphrase.
        new: Passphrase,
        /// The vault's own, where one was given.
        vault: Option<&'a Passphrase>,
    },
    /// The shares of a set that the vault knows, by its id.
    Set(u16),
}

/// An entry that was sealed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SealDone {
    /// Its name, safe to show.
    pub title: String,
    /// What opens it from now on, in words.
    pub by: String,
    /// Until when its seed lay open in this vault.
    pub known_before: UnixSeconds,
    /// Previous generations beside the vault, which hold it as it was.
    pub n_previous: usize,
    /// Bundles of this vault that hold it as it was.
    pub n_bundles: usize,
}

/// Seals an entry's seed and recovery codes. It is opened once more before the vault is saved: with the passphrase, or
/// from the maker's side where shares open it.
///
/// # Errors
///
/// Exit 8 for an entry that is sealed, a weak passphrase, the vault's own one and a set that was replaced; exit 4 for a
/// set that is not known. Nothing is changed then.
pub fn seal(ctx: &Context, session: &mut Session, id: EntryId, to: SealTo<'_>) -> Result<SealDone, Failure> {
    let entry = session.vault.entry(id).ok_or(VaultError::Gone(id))?;
    let document = to_seal(entry)?;
    let title = entry.title();
    let ways = match to {
        SealTo::Passphrase { new, vault } => {
            refuse_weak(&new, vault)?;
            NewWays { passphrase: Some(new), locks: Vec::new() }
        }
        SealTo::Set(set) => NewWays { passphrase: None, locks: vec![lock_of(&session.vault, set)?] },
    };
    let sealed = make(ctx, &document, ways)?;
    let by = in_words(&sealed);
    let before = sealed_v1::encode(&document);
    let now = ctx.clock.now();
    let sealed_to = by.clone();
    vault_file::change(ctx, session, |vault| {
        let entry = vault.entry_mut(id)?;
        // Deriving a key takes a while, and nobody else was kept from the vault meanwhile.
        if !sealed_v1::encode(&to_seal(entry)?).same_as(&before) {
            return Err(changed_meanwhile(entry));
        }
        sealed_v1::seal_into(entry, sealed);
        entry.known_before = Some(now);
        entry.updated = now;
        let mut record = log::about(ctx, Event::Sealed, id);
        record.facts = vec![("sealed to".into(), sealed_to)];
        Ok(((), vec![record]))
    })?;
    let holds = |contents: &[crate::vault::BundledEntry]| contents.iter().any(|bundled| bundled.id == id);
    Ok(SealDone {
        title,
        by,
        known_before: now,
        n_previous: previous::list(ctx.disk.as_ref(), &session.path).map_or(0, |found| found.len()),
        n_bundles: session.vault.bundles.iter().filter(|record| holds(&record.contents)).count(),
    })
}

/// What of an entry is to be sealed.
fn to_seal(entry: &Entry) -> Result<SealedDocument, Failure> {
    SealedDocument::of(entry).ok_or_else(|| {
        Failure::new(Kind::Refused, format!("{} is sealed already", entry.title()))
            .details(entry.secret.sealed().map(|sealed| format!("what opens it: {}", in_words(sealed))))
            .unchanged(Unchanged::NothingTouched)
            .next("to seal it to something else: `lifeboat unseal NAME` first")
    })
}

/// Refuses an entry that is sealed already, before anybody thinks of a passphrase for it.
///
/// # Errors
///
/// Exit 8 when it is.
pub fn refuse_sealed(entry: &Entry) -> Result<(), Failure> {
    to_seal(entry).map(drop)
}

fn refuse_weak(new: &Passphrase, vault: Option<&Passphrase>) -> Result<(), Failure> {
    let refuse = |what: &str| {
        Failure::new(Kind::Refused, what)
            .unchanged(Unchanged::NothingTouched)
            .next("take the passphrase that the prompt offers, eight words, or one of 15 characters and more")
    };
    if vault.is_some_and(|vault| vault.same_as(new)) {
        return Err(refuse(
            "an entry is not sealed with the vault's own passphrase: it would keep nobody out",
        ));
    }
    let estimate = passphrase::estimate(new.text());
    if !estimate.weak_for_bundle {
        return Ok(());
    }
    let failure = refuse("the passphrase is too weak: whoever opens the vault can try without end");
    Err(match estimate.advice {
        Some(advice) => failure.because(advice),
        None => failure,
    })
}

/// The public half of a set that seals, with what is certain when it does not.
fn lock_of(vault: &Vault, set: u16) -> Result<QuorumLock, Failure> {
    share_set::lock_of(vault, set).map_err(|failure| failure.unchanged(Unchanged::NothingTouched))
}

/// What opens a container that is to be made.
struct NewWays {
    passphrase: Option<Passphrase>,
    locks: Vec<QuorumLock>,
}

/// Makes a container and proves that each of its ways opens it.
fn make(ctx: &Context, document: &SealedDocument, ways: NewWays) -> Result<SealedSecret, Failure> {
    let kind = envelope::Kind::SealedEntry;
    let id: [u8; 16] = ctx.random_bytes()?;
    let master = MasterKey::from_bytes(ctx.random_bytes()?);
    let new_slot = NewSlot { passphrase: ways.passphrase, key_file: None };
    let mut slots = Vec::with_capacity(1 + ways.locks.len());
    if new_slot.passphrase.is_some() {
        slots.push(make_slot(ctx, kind, &id, &master, &new_slot, ctx.kdf.vault)?);
    }
    let mut makers = Vec::with_capacity(ways.locks.len());
    for lock in ways.locks {
        let ephemeral = zeroize::Zeroizing::new(ctx.random_bytes::<32>()?);
        let slot = Slot::for_quorum(kind, &id, &master, &lock, &ephemeral, &ctx.slot_random()?);
        slots.push(slot.ok_or_else(|| {
            Failure::new(Kind::Refused, format!("the share set {} seals nothing", share_set::name(lock.set)))
                .details(["its public half or its numbers are not those of a share set".to_owned()])
                .unchanged(Unchanged::NothingTouched)
        })?);
        makers.push((lock, ephemeral));
    }
    let json = sealed_v1::encode(document);
    let bytes = container(ctx, id, &slots, &master, &json)?;
    drop(master);

    let sealed = parse(&bytes)?;
    let mut masters = Vec::with_capacity(slots.len());
    if new_slot.passphrase.is_some() {
        let typed = Credentials { passphrase: new_slot.passphrase, ..Credentials::default() };
        masters.push(sealed.unlock(&typed, ctx.kdf.ceiling).map_err(not_proven)?.0);
    }
    for (lock, ephemeral) in &makers {
        masters.push(sealed.unlock_as_maker(lock, ephemeral).map_err(not_proven)?);
    }
    prove(&sealed, &masters, &json)?;
    from_bytes(bytes)
}

/// Seals a document anew for whoever opens the container that it came from.
fn remake(
    ctx: &Context,
    from: &Sealed,
    master: &MasterKey,
    json: &SecretBytes,
) -> Result<SealedSecret, Failure> {
    let bytes = container(ctx, from.header().id, &from.header().slots, master, json)?;
    prove(&parse(&bytes)?, std::slice::from_ref(master), json)?;
    from_bytes(bytes)
}

fn container(
    ctx: &Context,
    id: [u8; 16],
    slots: &[Slot],
    master: &MasterKey,
    json: &SecretBytes,
) -> Result<Vec<u8>, Failure> {
    let kind = envelope::Kind::SealedEntry;
    let to_seal = ToSeal { kind, id, slots, info: None, json: json.expose(), signature: &[] };
    envelope::seal(&to_seal, master, &ctx.random_bytes()?).map_err(|_| {
        Failure::new(Kind::Refused, "the entry was not sealed")
            .details(["its recovery codes are more than a sealed entry holds (64 KiB)".to_owned()])
            .unchanged(Unchanged::NothingTouched)
            .next("store fewer of them: `lifeboat edit NAME --recovery-codes -`")
    })
}

/// Opens what was just made with each of the keys that its ways give, and compares.
fn prove(sealed: &Sealed, masters: &[MasterKey], json: &SecretBytes) -> Result<(), Failure> {
    let mut is_the_same = !masters.is_empty();
    for master in masters {
        is_the_same &= sealed.open(master).map_err(not_proven)?.json() == json.expose();
    }
    if is_the_same { Ok(()) } else { Err(unproven()) }
}

fn parse(bytes: &[u8]) -> Result<Sealed, Failure> {
    Sealed::parse(bytes.to_vec(), envelope::Kind::SealedEntry).map_err(not_proven)
}

fn from_bytes(bytes: Vec<u8>) -> Result<SealedSecret, Failure> {
    sealed_v1::container(bytes).ok_or_else(unproven)
}

fn not_proven(error: envelope::OpenError) -> Failure {
    unproven().because(error)
}

fn unproven() -> Failure {
    Failure::new(Kind::Io, "what was sealed does not open again, and was not saved")
        .unchanged(Unchanged::NothingTouched)
        .next("run the command again; if it happens twice, check the memory of this machine")
}

fn changed_meanwhile(entry: &Entry) -> Failure {
    Failure::new(Kind::Busy, format!("{} was changed meanwhile by another process", entry.title()))
        .unchanged(Unchanged::NothingTouched)
        .next("run the command again")
}

/// Seals a new seed to the same sets as the one that it replaces, without opening that. A set that was replaced gives
/// way to the one that took its place.
pub(super) fn renewed(
    ctx: &Context,
    vault: &Vault,
    entry: &Entry,
    document: &SealedDocument,
) -> Result<SealedSecret, Failure> {
    let ways = entry.secret.sealed().map(SealedSecret::ways).unwrap_or_default();
    let mut locks = Vec::with_capacity(ways.len());
    for way in ways {
        let SealedBy::Shares { set, .. } = way else { return Err(needed(entry)) };
        if vault.share_set(*set).is_none() {
            return Err(needed(entry).details([format!(
                "this vault does not know the share set {}, so it can seal nothing new to it",
                share_set::name(*set)
            )]));
        }
        locks.push(lock_of(vault, current(vault, *set))?);
    }
    make(ctx, document, NewWays { passphrase: None, locks })
}

/// The set that stands in the place of a set today.
fn current(vault: &Vault, set: u16) -> u16 {
    let mut id = set;
    // No longer than there are sets: a circle leads nowhere.
    for _ in &vault.share_sets {
        match vault.share_set(id).and_then(|set| set.replaced) {
            Some(replaced) => id = replaced.by,
            None => break,
        }
    }
    id
}

/// What opens a sealed entry, in words: `2 of 3 shares of the set MAPLE VELVET`.
pub fn in_words(sealed: &SealedSecret) -> String {
    let ways: Vec<String> = sealed.ways().iter().map(|way| way_in_words(*way)).collect();
    ways.join(", or ")
}

fn way_in_words(way: SealedBy) -> String {
    match way {
        SealedBy::Other => "something that this version does not open".to_owned(),
        SealedBy::Passphrase => "a passphrase of its own".to_owned(),
        SealedBy::Shares { set, threshold, n_shares } => {
            format!("{threshold} of {n_shares} shares of the set {}", share_set::name(set))
        }
    }
}

/// The share set that opens a sealed entry, by its name, where one does.
pub fn set_name(sealed: &SealedSecret) -> Option<String> {
    sealed.ways().iter().find_map(|way| match way {
        SealedBy::Shares { set, .. } => Some(share_set::name(*set)),
        SealedBy::Other | SealedBy::Passphrase => None,
    })
}

/// What to do about a seed that was open before it was sealed, a line for each step.
pub fn advice(done: &SealDone) -> Vec<String> {
    let mut lines = vec![format!(
        "its seed was open in this vault until now: who could open the vault before may know it ({})",
        copies(done)
    )];
    lines.push(
        "to end that: give the service a new seed, then `lifeboat edit NAME --seed -`, which seals it at once and \
         takes the mark \"known before\" away"
            .to_owned(),
    );
    if done.n_previous > 0 {
        lines.push("the previous generations go with `lifeboat passwd --purge-previous`".to_owned());
    }
    lines
}

fn copies(done: &SealDone) -> String {
    let mut copies = Vec::new();
    if done.n_previous > 0 {
        let n = super::status::count(done.n_previous, "previous generation", "previous generations");
        copies.push(n);
    }
    if done.n_bundles > 0 {
        copies.push(super::status::count(done.n_bundles, "older bundle", "older bundles"));
    }
    if copies.is_empty() {
        return "copies of the vault elsewhere hold it".to_owned();
    }
    format!("{} still hold it", copies.join(" and "))
}
