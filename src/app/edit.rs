//! Changing an entry, repairing a quarantined one, and noting that a service accepted a code.

use serde_json::{Value, json};

use super::add::Particulars;
use super::context::Context;
use super::failure::{Failure, Kind, Unchanged};
use super::seal::{self, Opened};
use super::session::Session;
use super::{incident, log, vault_file};
use crate::audit::Event;
use crate::entry::{Entry, EntryId, EntrySecret, Label, Provenance, RecoveryCode};
use crate::otp::Seed;
use crate::recovery::incident::Happened;
use crate::secret::SecretText;
use crate::vault::{Vault, VaultError};
use crate::wire::entry_v1;
use crate::wire::sealed_v1::{self, SealedDocument};

/// What is to be changed; what is `None` or empty stays.
#[derive(Debug, Default)]
pub struct Edit {
    /// Issuer, account, type and numbers.
    pub particulars: Particulars,
    /// Tags to add.
    pub tags_added: Vec<String>,
    /// Tags to take away.
    pub tags_removed: Vec<String>,
    /// The note; an empty one clears it.
    pub note: Option<String>,
    /// Whether it opens something privileged.
    pub privileged: Option<bool>,
    /// Whether it is shown first.
    pub favourite: Option<bool>,
    /// A new seed: the entry keeps its id, and the log holds a rotation.
    pub seed: Option<Seed>,
    /// New recovery codes, which replace the stored ones.
    pub recovery_codes: Option<Vec<RecoveryCode>>,
    /// How the seed came here.
    pub provenance: Option<Provenance>,
    /// How the seed came here is taken back: it is not said any more.
    pub provenance_not_said: bool,
    /// Recovery codes that are sealed with a seed may be lost with it. Without this, a new seed for a sealed entry that
    /// nobody opened is refused unless new codes come with it.
    pub drops_sealed_codes: bool,
}

impl Edit {
    /// Tells whether nothing is to be changed.
    pub fn is_empty(&self) -> bool {
        let p = &self.particulars;
        let unnamed = p.issuer.is_none() && p.account.is_none() && p.type_name.is_none();
        let unnumbered =
            p.algorithm.is_none() && p.digits.is_none() && p.period.is_none() && p.counter.is_none();
        unnamed
            && unnumbered
            && self.tags_added.is_empty()
            && self.tags_removed.is_empty()
            && self.note.is_none()
            && self.privileged.is_none()
            && self.favourite.is_none()
            && self.seed.is_none()
            && self.recovery_codes.is_none()
            && self.provenance.is_none()
            && !self.provenance_not_said
    }
}

/// Changes an entry and saves the vault.
///
/// # Errors
///
/// When the entry is gone or a value is out of range; then nothing is changed.
pub fn edit(ctx: &Context, session: &mut Session, id: EntryId, edit: Edit) -> Result<(), Failure> {
    edit_with(ctx, session, id, edit, None)
}

/// As [`edit()`], of an entry that may be sealed, with what was opened for it.
///
/// # Errors
///
/// As [`edit()`]; exit 3 where something sealed has to be opened for it and was not.
pub fn edit_with(
    ctx: &Context,
    session: &mut Session,
    id: EntryId,
    edit: Edit,
    opened: Option<&Opened>,
) -> Result<(), Failure> {
    let now = ctx.clock.now();
    vault_file::change(ctx, session, |vault| {
        let new = NewSecret {
            seed: edit.seed,
            codes: edit.recovery_codes,
            drops_sealed_codes: edit.drops_sealed_codes,
        };
        let is_rotated = replace_secret(ctx, vault, id, new, opened)?;
        let entry = vault.entry_mut(id)?;
        let otp = edit.particulars.otp(entry.otp)?;
        if !otp.makes_codes_as(entry.otp) {
            // What the service accepted was a code of another kind.
            entry.proven = None;
        }
        entry.otp = otp;
        if let Some(issuer) = edit.particulars.issuer {
            entry.issuer = Label::new(issuer);
        }
        if let Some(account) = edit.particulars.account {
            entry.account = Label::new(account);
        }
        set_tags(entry, &edit.tags_added, &edit.tags_removed);
        if let Some(note) = edit.note {
            entry.note = note;
        }
        entry.privileged = edit.privileged.unwrap_or(entry.privileged);
        entry.favourite = edit.favourite.unwrap_or(entry.favourite);
        if edit.provenance_not_said {
            entry.provenance = None;
        }
        if let Some(provenance) = edit.provenance {
            entry.provenance = Some(provenance);
        }
        let mut event = Event::Edited;
        if is_rotated {
            entry.rotated = Some(now);
            // What the service accepted was a code of the seed that is gone.
            entry.proven = None;
            // Nobody has seen the new one in this vault.
            entry.known_before = None;
            event = Event::Rotated;
        }
        entry.updated = now;
        let mut records = vec![seal::about(ctx, event, id, opened)];
        if is_rotated {
            records.extend(incident::tick(ctx, vault, &Happened::Rotated(id)));
        }
        Ok(((), records))
    })
}

/// What comes in the place of a seed and of recovery codes.
struct NewSecret {
    seed: Option<Seed>,
    codes: Option<Vec<RecoveryCode>>,
    drops_sealed_codes: bool,
}

/// Puts a new seed and new recovery codes where the old ones are: in the open, or under the same seal. Tells whether
/// the seed is another one.
fn replace_secret(
    ctx: &Context,
    vault: &mut Vault,
    id: EntryId,
    new: NewSecret,
    opened: Option<&Opened>,
) -> Result<bool, Failure> {
    let NewSecret { seed, codes, drops_sealed_codes } = new;
    let entry = vault.entry(id).ok_or(VaultError::Gone(id))?;
    if seed.is_none() && codes.is_none() {
        return Ok(false);
    }
    let differs = |old: &Seed, seed: &Option<Seed>| seed.as_ref().is_some_and(|seed| !seed.same_as(old));
    match (entry.seed(), opened, seed) {
        (Some(old), _, seed) => {
            let is_rotated = differs(old, &seed);
            let entry = vault.entry_mut(id)?;
            entry.recovery_codes = codes.unwrap_or_else(|| std::mem::take(&mut entry.recovery_codes));
            if let Some(seed) = seed.filter(|_| is_rotated) {
                entry.secret = EntrySecret::Open(seed);
            }
            Ok(is_rotated)
        }
        (None, Some(opened), seed) => {
            let is_rotated = differs(&opened.document().seed, &seed);
            opened.reseal(ctx, vault.entry_mut(id)?, |document| {
                if let Some(codes) = codes {
                    document.replace_codes(codes);
                }
                if let Some(seed) = seed {
                    document.seed = seed;
                }
            })?;
            Ok(is_rotated)
        }
        (None, None, None) => Err(seal::needed(entry)),
        (None, None, Some(_)) if codes.is_none() && !drops_sealed_codes => Err(codes_would_be_lost(entry)),
        (None, None, Some(seed)) => {
            let document = SealedDocument::new(id, seed, codes.unwrap_or_default());
            let sealed = seal::renewed(ctx, vault, entry, &document)?;
            sealed_v1::seal_into(vault.entry_mut(id)?, sealed);
            // Whether it is the old one, nobody here can tell.
            Ok(true)
        }
    }
}

/// Without its shares nobody knows whether recovery codes are sealed with a seed.
fn codes_would_be_lost(entry: &Entry) -> Failure {
    Failure::new(
        Kind::Refused,
        format!(
            "recovery codes that are sealed with the old seed of {} would be lost with it",
            entry.title()
        ),
    )
    .details(["whether there are any is not known without opening it".to_owned()])
    .unchanged(Unchanged::NothingTouched)
    .next("keep them: open it for this, with --share FILE once for each share")
    .next("bring the new ones: --recovery-codes FILE")
    .next("or let them go: --yes")
}

/// Adds tags to entries and takes others away, all in one save.
///
/// # Errors
///
/// When an entry is gone or the vault cannot be saved; then nothing is changed.
pub fn tag(
    ctx: &Context,
    session: &mut Session,
    ids: &[EntryId],
    added: &[String],
    removed: &[String],
) -> Result<(), Failure> {
    let now = ctx.clock.now();
    vault_file::change(ctx, session, |vault| {
        for id in ids {
            let entry = vault.entry_mut(*id)?;
            set_tags(entry, added, removed);
            entry.updated = now;
        }
        Ok(((), ids.iter().map(|id| log::about(ctx, Event::Edited, *id)).collect()))
    })
}

/// Taking away goes first and does not mind case; what is there already is not added twice.
fn set_tags(entry: &mut Entry, added: &[String], removed: &[String]) {
    entry.tags.retain(|tag| !removed.iter().any(|gone| gone.to_lowercase() == tag.raw().to_lowercase()));
    for tag in added {
        if !entry.tags.iter().any(|other| other.raw() == tag) {
            entry.tags.push(Label::new(tag));
        }
    }
}

/// Notes that the service has accepted a code of this entry.
///
/// # Errors
///
/// When the entry is gone or the vault cannot be saved.
pub fn prove(ctx: &Context, session: &mut Session, id: EntryId) -> Result<(), Failure> {
    let now = ctx.clock.now();
    vault_file::change(ctx, session, |vault| {
        let entry = vault.entry_mut(id)?;
        entry.proven = Some(now);
        entry.updated = now;
        let mut records = vec![log::about(ctx, Event::Proven, id)];
        records.extend(incident::tick(ctx, vault, &Happened::Proven(id)));
        Ok(((), records))
    })
}

/// Finds the quarantined entry whose name holds the query; its place in the vault's list.
///
/// # Errors
///
/// Exit 4 when none or several fit.
pub fn find_quarantined(session: &Session, query: &str) -> Result<usize, Failure> {
    let needle = query.to_lowercase();
    let places: Vec<usize> = session
        .vault
        .quarantine
        .iter()
        .enumerate()
        .filter(|(_, quarantined)| quarantined.title.raw().to_lowercase().contains(&needle))
        .map(|(idx, _)| idx)
        .collect();
    match places.as_slice() {
        [place] => Ok(*place),
        [] => Err(Failure::new(Kind::NoEntry, "no entry that was set aside fits")
            .unchanged(Unchanged::NothingTouched)),
        _ => Err(Failure::new(Kind::SeveralEntries, "several entries that were set aside fit")
            .unchanged(Unchanged::NothingTouched)
            .next("name one of them by more of its issuer:account")),
    }
}

/// The JSON text of a quarantined entry, which may hold its seed. The log is written first.
///
/// # Errors
///
/// When it is gone.
pub fn reveal_quarantined(ctx: &Context, session: &mut Session, place: usize) -> Result<SecretText, Failure> {
    let text = session.vault.quarantine.get(place).ok_or_else(gone)?.text.duplicate();
    let mut record = log::record(ctx, Event::SeedShown);
    record.facts = vec![("what".into(), "an entry that was set aside".into())];
    log::append(ctx, session, vec![record]);
    Ok(text)
}

/// Puts the fields that were given into a quarantined entry; it joins the others once it can be read.
///
/// # Errors
///
/// Exit 2 when it still cannot be read, naming the next field; then nothing is changed.
pub fn repair(ctx: &Context, session: &mut Session, place: usize, edit: &Edit) -> Result<EntryId, Failure> {
    let wanted = session.vault.quarantine.get(place).ok_or_else(gone)?.text.duplicate();
    let id = ctx.random_bytes::<16>()?;
    let now = ctx.clock.now();
    vault_file::change(ctx, session, |vault| {
        let place = vault.quarantine.iter().position(|q| q.text.same_as(&wanted)).ok_or_else(gone)?;
        let Ok(Value::Object(mut fields)) = serde_json::from_str::<Value>(wanted.expose()) else {
            return Err(gone());
        };
        let particulars = &edit.particulars;
        let mut set = |name: &str, value: Option<Value>| {
            if let Some(value) = value {
                fields.insert(name.to_owned(), value);
            }
        };
        set("issuer", particulars.issuer.as_ref().map(|text| json!(text)));
        set("account", particulars.account.as_ref().map(|text| json!(text)));
        set("type", particulars.type_name.as_ref().map(|text| json!(text)));
        set("algorithm", particulars.algorithm.as_ref().map(|text| json!(text)));
        set("digits", particulars.digits.map(|n| json!(n)));
        set("period", particulars.period.map(|n| json!(n)));
        set("counter", particulars.counter.map(|n| json!(n)));
        set("seed", edit.seed.as_ref().map(|seed| json!(seed.to_base32().expose())));
        if edit.seed.is_some() {
            // A seed comes in the place of what was sealed, and is new here.
            fields.remove("sealed");
            fields.remove("known_before");
        }
        // What every entry has and nobody can be asked for.
        if !fields.contains_key("id") {
            fields.insert("id".to_owned(), json!(EntryId::from_bytes(id).to_string()));
        }
        fields.entry("created").or_insert_with(|| json!(now));
        fields.insert("updated".to_owned(), json!(now));
        let text = SecretText::new(Value::Object(fields).to_string());
        let entry = entry_v1::parse(text.expose()).map_err(|quarantined| {
            Failure::new(Kind::Usage, "it still cannot be read")
                .because(quarantined.reason)
                .unchanged(Unchanged::NothingTouched)
                .next("give that field too, for example --digits 6 or --seed -")
        })?;
        let id = entry.id;
        drop(vault.quarantine.remove(place));
        vault.entries.push(entry);
        Ok((id, vec![log::about(ctx, Event::Edited, id)]))
    })
}

fn gone() -> Failure {
    Failure::new(Kind::NoEntry, "it is not there any more").unchanged(Unchanged::NothingTouched)
}
