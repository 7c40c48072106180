//! The ways of opening a vault: made with it, changed, added, taken away, and kept open for a while.

use serde_json::json;

use super::super::args::{Dropping, Init, NewCredential, Passwd, Unlock};
use super::super::render::{self, fields};
use super::super::{ask, credentials};
use super::Run;
use crate::app::rekey::{self, ListedSlot, Rekey, Rekeyed};
use crate::app::{Exit, Failure, Kind, Session, Unchanged, init, keyring};
use crate::envelope::{Credentials, KdfParameters};

pub(super) fn init(run: &mut Run<'_, '_>, args: &Init) -> Result<Exit, Failure> {
    let mut cost = run.ctx.kdf.vault;
    if let Some(memory) = args.kdf.kdf_memory {
        cost.memory_kib = memory.saturating_mul(1024);
    }
    cost.passes = args.kdf.kdf_passes.unwrap_or(cost.passes);
    let chosen = args.kdf.kdf_memory.is_some() || args.kdf.kdf_passes.is_some();
    if chosen && !cost.reaches_floor() {
        return Err(Failure::new(
            Kind::Refused,
            "the key derivation is never made weaker than 64 MiB and 3 passes",
        )
        .unchanged(Unchanged::NothingTouched)
        .next("choose --kdf-memory 64 --kdf-passes 3 or more"));
    }
    if chosen && crate::envelope::kdf::check(cost, run.ctx.kdf.ceiling).is_err() {
        return Err(Failure::new(
            Kind::Refused,
            "no reader would open a vault with a key derivation that costly",
        )
        .unchanged(Unchanged::NothingTouched)
        .next("stay under 2048 MiB, 64 passes, and 16384 MiB times passes"));
    }
    run.ctx.kdf.vault = cost;
    refuse_existing(run)?;
    let slot = credentials::new_for_vault(run.global, run.ctx, run.io, &args.new, true)?;
    let mut session =
        making(run, slot.passphrase.is_some(), "Making the vault", cost, |ctx| init::init(ctx, &slot))?;
    run.tell_notices(&mut session);
    let path = session.path().display().to_string();
    let json = fields([
        ("vault", json!(path)),
        ("id", json!(session.vault().id.to_string())),
        ("slots", json!(rekey::list(&session).iter().map(render::slot_json).collect::<Vec<_>>())),
    ]);
    run.result("init", &json, "")?;
    run.tell(&format!("made the vault {}", crate::app::failure::shown_path(session.path())));
    run.tell("next: `lifeboat import FILE` or `lifeboat add`, then `lifeboat bundle create -o FILE`");
    Ok(Exit::Done)
}

/// Says so before anything is asked or a key file is made.
pub(super) fn refuse_existing(run: &Run<'_, '_>) -> Result<(), Failure> {
    use crate::app::unlock::{Presence, presence};
    match presence(run.ctx)? {
        Presence::Absent => Ok(()),
        Presence::Present => Err(Failure::new(
            Kind::FileExists,
            format!(
                "there is something at {} already",
                crate::app::failure::shown_path(&run.ctx.paths.vault)
            ),
        )
        .unchanged(Unchanged::VaultKept(run.ctx.paths.vault.clone()))
        .next("to use it, just run `lifeboat`; to make another vault, name it with --vault PATH")
        .next("to bring a bundle's entries into it: `lifeboat restore BUNDLE --merge`")),
    }
}

/// Runs something that derives a key, under a line that says so.
pub(super) fn making<T>(
    run: &mut Run<'_, '_>,
    derives: bool,
    what: &str,
    cost: KdfParameters,
    work: impl FnOnce(&mut crate::app::Context) -> T,
) -> T {
    let cost = format!("{} MiB, {} passes", cost.memory_mib(), cost.passes);
    let Run { global, ctx, io } = run;
    credentials::working(global, io, derives, what, &cost, || work(ctx))
}

pub(super) fn passwd(run: &mut Run<'_, '_>, args: &Passwd) -> Result<Exit, Failure> {
    let (mut session, at_hand) = credentials::open_vault_keeping(run.global, run.ctx, run.io)?;
    let plan = rekey::plan(&session, &Rekey::Change, &at_hand)?;
    let may_drop = agreed(run, &plan.dropped, &args.dropping)?;
    let new = credentials::new_for_vault(run.global, run.ctx, run.io, &args.new, false)?;
    let cost = run.ctx.kdf.vault;
    let rekeyed = making(run, true, "Changing the key", cost, |ctx| {
        rekey::rekey(ctx, &mut session, &Rekey::Change, &at_hand, Some(&new), &may_drop)
    })?;
    done(run, &mut session, &rekeyed, &args.dropping, "passwd")
}

pub(super) fn slot_list(run: &mut Run<'_, '_>) -> Result<Exit, Failure> {
    let session = run.open()?;
    let slots = rekey::list(&session);
    let rows: Vec<Vec<String>> = slots.iter().map(slot_row).collect();
    let json = fields([("slots", json!(slots.iter().map(render::slot_json).collect::<Vec<_>>()))]);
    let text = run.rows(&["SLOT", "OPENED BY", "COST", ""], &rows);
    run.result("slot", &json, &text)
}

fn slot_row(slot: &ListedSlot) -> Vec<String> {
    let cost =
        slot.cost.map_or_else(String::new, |(memory, passes)| format!("{memory} MiB, {passes} passes"));
    let mark = if slot.opened_this { "opened it now" } else { "" };
    vec![slot.name.clone(), slot.words.clone(), cost, mark.to_owned()]
}

pub(super) fn slot_add(run: &mut Run<'_, '_>, new: &NewCredential) -> Result<Exit, Failure> {
    let mut session = run.open_proven()?;
    let slot = credentials::new_for_vault(run.global, run.ctx, run.io, new, false)?;
    let cost = run.ctx.kdf.vault;
    let derives = slot.passphrase.is_some();
    let added = making(run, derives, "Adding it", cost, |ctx| rekey::add_slot(ctx, &mut session, &slot))?;
    run.tell_notices(&mut session);
    run.result("slot", &fields([("added", render::slot_json(&added))]), &format!("{}\n", added.name))?;
    run.tell(&format!("the vault is now also opened by {}", added.words));
    Ok(Exit::Done)
}

pub(super) fn slot_remove(run: &mut Run<'_, '_>, name: &str, dropping: &Dropping) -> Result<Exit, Failure> {
    let (mut session, at_hand): (Session, Credentials) =
        credentials::open_vault_keeping(run.global, run.ctx, run.io)?;
    let change = Rekey::Remove(name.to_owned());
    let plan = rekey::plan(&session, &change, &at_hand)?;
    let may_drop = agreed(run, &plan.dropped, dropping)?;
    let cost = run.ctx.kdf.vault;
    let rekeyed = making(run, at_hand.passphrase.is_some(), "Changing the key", cost, |ctx| {
        rekey::rekey(ctx, &mut session, &change, &at_hand, None, &may_drop)
    })?;
    done(run, &mut session, &rekeyed, dropping, "slot")
}

/// The ways that may be dropped: named with `--drop`, or agreed to now, by name.
fn agreed(
    run: &mut Run<'_, '_>,
    dropped: &[ListedSlot],
    dropping: &Dropping,
) -> Result<Vec<String>, Failure> {
    let mut may_drop = dropping.drop.clone();
    let unnamed: Vec<&ListedSlot> =
        dropped.iter().filter(|slot| !may_drop.iter().any(|name| name.to_lowercase() == slot.name)).collect();
    if !unnamed.is_empty() {
        let names: Vec<String> =
            unnamed.iter().map(|slot| format!("{} ({})", slot.name, slot.words)).collect();
        let question = format!(
            "The new key cannot be wrapped for {}, because what opens it is not at hand. Drop it?",
            names.join(" and ")
        );
        ask::confirm(run.global, run.io, &question)?;
        may_drop.extend(unnamed.iter().map(|slot| slot.name.clone()));
    }
    Ok(may_drop)
}

fn done(
    run: &mut Run<'_, '_>,
    session: &mut Session,
    rekeyed: &Rekeyed,
    dropping: &Dropping,
    command: &str,
) -> Result<Exit, Failure> {
    let mut older = rekeyed.older_copies;
    if older > 0 && !dropping.purge_previous {
        run.tell(&format!(
            "{older} previous generations beside the vault, and every copy elsewhere, still open with what opened them before"
        ));
    }
    // The flag is an answer of its own; without it the person is asked, and a no changes nothing.
    let purge = dropping.purge_previous
        || (older > 0 && ask::offer(run.global, run.io, "Destroy those beside the vault now?"));
    // Asked for, it is done or fails: that none were found may be because the folder could not be read.
    if purge {
        older = older.saturating_sub(rekey::purge_previous(run.ctx, session)?);
        run.tell("the previous generations beside the vault are destroyed");
    } else if older > 0 {
        run.tell("they stay; the next changes push them out one by one, and `--purge-previous` destroys them at once");
    }
    if rekeyed.bundles > 0 {
        run.tell(&format!("{} bundles keep their own passphrases", rekeyed.bundles));
    }
    run.tell_notices(session);
    let json = fields([
        ("slots", json!(rekeyed.slots.iter().map(render::slot_json).collect::<Vec<_>>())),
        ("older_copies", json!(older)),
    ]);
    run.result(command, &json, "")?;
    run.tell("done: the vault has a new master key");
    Ok(Exit::Done)
}

pub(super) fn unlock(run: &mut Run<'_, '_>, args: &Unlock) -> Result<Exit, Failure> {
    keyring::can_keep(run.ctx, args.time.0)?;
    let mut session = run.open_proven()?;
    let kept = keyring::unlock(run.ctx, &mut session, args.time.0)?;
    run.tell_notices(&mut session);
    let json = fields([
        ("seconds", json!(kept.seconds)),
        ("until", json!(kept.until)),
        ("keyring", json!(kept.place.name())),
    ]);
    run.result("unlock", &json, "")?;
    run.tell(&format!(
        "unlocked for {}: the vault's key is in the kernel's {}, on no disk",
        keyring::in_words(kept.seconds),
        kept.place.name()
    ));
    run.tell(&format!(
        "until then {} can open the vault without the passphrase; `lifeboat lock` drops the key now",
        kept.place.who()
    ));
    Ok(Exit::Done)
}

pub(super) fn lock(run: &mut Run<'_, '_>) -> Result<Exit, Failure> {
    let dropped = keyring::lock(run.ctx)?;
    run.result("lock", &fields([("dropped", json!(dropped))]), "")?;
    run.tell(if dropped {
        "locked: the vault's key is no longer in the kernel's keyring"
    } else {
        "no key of this vault was in a kernel keyring of this session"
    });
    Ok(Exit::Done)
}
