//! The ways of opening a vault: adding one, removing one, changing the passphrase.
//!
//! Whatever takes a way of opening away makes a new master key: who kept the old key, or an old copy
//! with its passphrase, cannot open what is written from then on. A way whose credential is not at
//! hand cannot be wrapped anew and is dropped, by name and after a question.

use super::context::Context;
use super::failure::{Failure, Kind, Unchanged, shown_path};
use super::init::{NewSlot, make_slot};
use super::session::Session;
use super::{incident, log, vault_file};
use crate::audit::Event;
use crate::envelope::header::{MOST_PASSPHRASE_SLOTS, MOST_SLOTS};
use crate::envelope::{self, Credentials, MasterKey, Slot, SlotKind};
use crate::recovery::incident::Happened;
use crate::storage::previous;

/// A way of opening, as it is listed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListedSlot {
    /// Its short name: 8 hexadecimal digits.
    pub name: String,
    /// What it wants: `passphrase`, `keyfile`, `passphrase+keyfile`.
    pub type_name: String,
    /// The same in words.
    pub words: String,
    /// Argon2id's memory in MiB and passes, where a passphrase is derived.
    pub cost: Option<(u32, u32)>,
    /// True for the one that opened this session.
    pub opened_this: bool,
}

/// The ways of opening the vault.
pub fn list(session: &Session) -> Vec<ListedSlot> {
    session.slots.iter().map(|slot| listed(slot, session.opened_by)).collect()
}

fn listed(slot: &Slot, opened_by: [u8; 4]) -> ListedSlot {
    ListedSlot {
        name: slot_name(slot),
        type_name: crate::entry::label::shown(slot.kind.type_name()),
        words: slot.kind.in_words(),
        cost: slot.kind.derivation().map(|derivation| (derivation.cost.memory_mib(), derivation.cost.passes)),
        opened_this: slot.sid == opened_by,
    }
}

fn slot_name(slot: &Slot) -> String {
    data_encoding::HEXLOWER.encode(&slot.sid)
}

/// Adds a way of opening; the master key stays.
///
/// # Errors
///
/// Exit 8 when there are as many as a file may hold.
pub fn add_slot(ctx: &Context, session: &mut Session, new: &NewSlot) -> Result<ListedSlot, Failure> {
    let slot =
        make_slot(ctx, envelope::Kind::Vault, &session.vault.id.0, &session.master, new, ctx.kdf.vault)?;
    let _lock = vault_file::lock_vault(ctx, session)?;
    let (vault, mut slots) = vault_file::read_under_lock(ctx, session)?;
    let n_passphrases = slots.iter().chain([&slot]).filter(|slot| slot.kind.derivation().is_some()).count();
    if slots.len() >= MOST_SLOTS || n_passphrases > MOST_PASSPHRASE_SLOTS {
        return Err(Failure::new(
            Kind::Refused,
            format!(
                "a vault has at most {MOST_PASSPHRASE_SLOTS} ways with a passphrase, and {MOST_SLOTS} in all"
            ),
        )
        .unchanged(Unchanged::VaultKept(session.path.clone()))
        .next("take one away with `lifeboat slot remove`"));
    }
    let listed = listed(&slot, session.opened_by);
    slots.push(slot);
    session.slots = slots;
    let mut record = log::record(ctx, Event::Rekeyed);
    record.facts = vec![("added".into(), listed.type_name.clone())];
    vault_file::save(ctx, session, vault, vec![record])?;
    Ok(listed)
}

/// What a change of the ways of opening would do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RekeyPlan {
    /// Ways that stay: their credential is at hand.
    pub kept: Vec<ListedSlot>,
    /// Ways that are dropped: nothing at hand can wrap the new key for them.
    pub dropped: Vec<ListedSlot>,
}

/// What is to be done with the ways of opening.
#[derive(Debug)]
pub enum Rekey {
    /// The way that opened this session gets a new credential.
    Change,
    /// The named way goes.
    Remove(String),
}

/// Says what a change would keep and drop.
///
/// # Errors
///
/// Exit 4 when no way has the name; exit 8 when none would be left.
pub fn plan(session: &Session, rekey: &Rekey, at_hand: &Credentials) -> Result<RekeyPlan, Failure> {
    let removed = match rekey {
        Rekey::Change => None,
        Rekey::Remove(name) => Some(
            session
                .slots
                .iter()
                .find(|slot| slot_name(slot) == name.to_lowercase())
                .ok_or_else(|| no_such_slot(name))?
                .sid,
        ),
    };
    let mut plan = RekeyPlan { kept: Vec::new(), dropped: Vec::new() };
    for slot in &session.slots {
        let replaced = matches!(rekey, Rekey::Change) && slot.sid == session.opened_by;
        if Some(slot.sid) == removed || replaced {
            continue;
        }
        let listed = listed(slot, session.opened_by);
        if slot.sid == session.opened_by || fits(slot, session, at_hand) {
            plan.kept.push(listed);
        } else {
            plan.dropped.push(listed);
        }
    }
    if matches!(rekey, Rekey::Remove(_)) && plan.kept.is_empty() {
        return Err(Failure::new(Kind::Refused, "nothing would open the vault any more")
            .unchanged(Unchanged::VaultKept(session.path.clone()))
            .next("unlock it with a way that stays, or add one first with `lifeboat slot add`"));
    }
    Ok(plan)
}

/// Only a key file alone can be wrapped anew besides the way that opened the session: whether a second
/// passphrase is the one at hand is not known without trying it, and it was not the one that opened.
/// There may be several key files; a way is wrapped anew for the one that opens it, or it would open
/// with another afterwards.
fn fits(slot: &Slot, session: &Session, at_hand: &Credentials) -> bool {
    let opens = |key_file| slot.opens_by_key_file_alone(envelope::Kind::Vault, &session.vault.id.0, key_file);
    at_hand.key_file.as_ref().is_some_and(opens)
}

fn no_such_slot(name: &str) -> Failure {
    Failure::new(
        Kind::NoEntry,
        format!("no way of opening is named \"{}\"", crate::entry::label::shown(name)),
    )
    .unchanged(Unchanged::NothingTouched)
    .next("`lifeboat slot list` shows their names")
}

/// What came of a change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rekeyed {
    /// The ways of opening now.
    pub slots: Vec<ListedSlot>,
    /// Previous generations that still open with what opened them before.
    pub older_copies: usize,
    /// Bundles made before; each opens with its own credential, which this did not change.
    pub bundles: usize,
}

/// Makes a new master key, wraps it for what stays and for `new`, and drops the rest.
///
/// # Errors
///
/// Exit 8 when a way would be dropped that `may_drop` does not name; then nothing is changed.
pub fn rekey(
    ctx: &Context,
    session: &mut Session,
    rekey: &Rekey,
    at_hand: &Credentials,
    new: Option<&NewSlot>,
    may_drop: &[String],
) -> Result<Rekeyed, Failure> {
    let _lock = vault_file::lock_vault(ctx, session)?;
    let (mut vault, slots) = vault_file::read_under_lock(ctx, session)?;
    session.slots = slots;
    let plan = plan(session, rekey, at_hand)?;
    let unasked: Vec<String> = plan
        .dropped
        .iter()
        .filter(|slot| !may_drop.iter().any(|name| name.to_lowercase() == slot.name))
        .map(|slot| format!("{}  {}", slot.name, slot.words))
        .collect();
    if !unasked.is_empty() {
        return Err(Failure::new(
            Kind::Refused,
            "these ways of opening would be dropped, because what opens them is not at hand",
        )
        .details(unasked)
        .unchanged(Unchanged::VaultKept(session.path.clone()))
        .next("name each with --drop NAME to go on; add it again afterwards with `lifeboat slot add`"));
    }
    let master = MasterKey::from_bytes(ctx.random_bytes()?);
    let id = vault.id.0;
    let mut slots = Vec::new();
    for kept in &plan.kept {
        let Some(old) = session.slots.iter().find(|slot| slot_name(slot) == kept.name) else { continue };
        let mut credential = NewSlot::default();
        if !matches!(old.kind, SlotKind::KeyFile) {
            credential.passphrase = at_hand.passphrase.as_ref().map(envelope::Passphrase::duplicate);
        }
        if !matches!(old.kind, SlotKind::Passphrase(_)) {
            credential.key_file = at_hand.key_file.as_ref().map(envelope::KeyFile::duplicate);
        }
        slots.push(make_slot(ctx, envelope::Kind::Vault, &id, &master, &credential, ctx.kdf.vault)?);
    }
    if let Some(new) = new {
        slots.insert(0, make_slot(ctx, envelope::Kind::Vault, &id, &master, new, ctx.kdf.vault)?);
    }
    let opened_by = slots.first().map(|slot| slot.sid).unwrap_or_default();
    let before = (session.master.duplicate(), session.slots.clone(), session.opened_by);
    session.master = master;
    session.slots = slots;
    session.opened_by = opened_by;
    let mut record = log::record(ctx, Event::Rekeyed);
    record.facts = vec![("dropped".into(), plan.dropped.len().to_string())];
    let mut records = vec![record];
    records.extend(incident::tick(ctx, &mut vault, &Happened::Rekeyed));
    if let Err(failure) = vault_file::save(ctx, session, vault, records) {
        (session.master, session.slots, session.opened_by) = before;
        return Err(failure);
    }
    let older_copies = previous::list(ctx.disk.as_ref(), &session.path).map_or(0, |found| found.len());
    Ok(Rekeyed { slots: list(session), older_copies, bundles: session.vault.bundles.len() })
}

/// Destroys the previous generations, which still open with what opened them before.
///
/// # Errors
///
/// When one cannot be removed.
pub fn purge_previous(ctx: &Context, session: &mut Session) -> Result<usize, Failure> {
    let purged = previous::purge(ctx.disk.as_ref(), &session.path).map_err(|error| {
        let left = shown_path(&session.path);
        Failure::new(Kind::Io, "the previous generations were not all destroyed")
            .because(error)
            .unchanged(Unchanged::Partly("the vault has its new master key, and is whole".to_owned()))
            .next(format!(
                "delete the files {left}.previous.* by hand: they open with what opened them before"
            ))
    })?;
    let mut record = log::record(ctx, Event::PreviousPurged);
    record.facts = vec![("files".into(), purged.to_string())];
    log::append(ctx, session, vec![record]);
    Ok(purged)
}
