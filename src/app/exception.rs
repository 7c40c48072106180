//! Exceptions: what weakens an entry gets an owner and an end, is told while it holds, and makes `status` red past it.
//!
//! What each kind does while it holds stands where it is done: `status.rs` asks for no proof and for no end of a copy,
//! `drill/compare.rs` compares nothing, `plan/flags.rs` says that the second factor is not there.

use std::collections::HashMap;

use super::context::Context;
use super::failure::{Failure, Kind, Unchanged};
use super::session::Session;
use super::time::{day, shown};
use super::{log, vault_file};
use crate::audit::{Event, Record};
use crate::entry::{Entry, EntryId, Label, UnixSeconds};
use crate::recovery::exception::{Exception, ExceptionKind};
use crate::recovery::item::{ItemId, Items, MOST_ITEMS};
use crate::vault::Vault;

/// Furthest end of an exception, in seconds from now: 400 days, so that one that is looked at every year has a month's
/// grace, and nothing is put off for longer than anybody remembers why.
pub const LONGEST_SECONDS: u64 = 400 * 86_400;

/// An exception that ends within so many seconds is told as one that expires: 14 days.
pub const EXPIRES_WITHIN: u64 = 14 * 86_400;

/// Longest name of an owner, in characters.
const LONGEST_OWNER: usize = 100;
/// Longest reason that is kept with an exception, in bytes.
const LONGEST_REASON: usize = 4 << 10;
/// How often an id is drawn before it is said that none is left.
const MOST_DRAWS: usize = 100;

/// A new exception; its reason is that of the context.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewException {
    /// The entry that it is about.
    pub entry: EntryId,
    /// What it weakens.
    pub kind: ExceptionKind,
    /// Its end.
    pub until: UnixSeconds,
    /// Who answers for it.
    pub owner: String,
}

/// How an exception stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Standing {
    /// Its end has passed, and nobody has ended it.
    Past,
    /// It holds, and ends within [`EXPIRES_WITHIN`].
    Expiring,
    /// It holds.
    Holds,
    /// Somebody has ended it.
    Ended,
}

impl Standing {
    /// How an exception stands now.
    pub fn of(exception: &Exception, now: UnixSeconds) -> Self {
        if !exception.is_open() {
            Self::Ended
        } else if exception.is_past(now) {
            Self::Past
        } else if exception.until - now <= EXPIRES_WITHIN {
            Self::Expiring
        } else {
            Self::Holds
        }
    }

    /// The word for scripts.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Past => "past",
            Self::Expiring => "expiring",
            Self::Holds => "holds",
            Self::Ended => "ended",
        }
    }
}

/// An exception in the list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListedException {
    /// What the vault keeps of it.
    pub exception: Exception,
    /// The name of its entry, safe to show; the entry's id where the vault has it no more.
    pub name: String,
    /// How it stands.
    pub standing: Standing,
}

impl ListedException {
    /// What, of which entry, until when, and who answers for it; safe to show.
    pub fn in_words(&self) -> String {
        let Exception { id, kind, owner, until, .. } = &self.exception;
        format!("{id} {} of {}, until {}, {owner}", kind.name(), self.name, day(*until))
    }
}

/// The exceptions: those past their end first, then by their end, then those that were ended, the newest first.
pub fn list(ctx: &Context, session: &Session) -> Vec<ListedException> {
    let now = ctx.clock.now();
    let names = EntryNames::of(&session.vault);
    let mut listed: Vec<ListedException> = session
        .vault
        .items
        .exceptions
        .iter()
        .map(|exception| ListedException {
            exception: exception.clone(),
            name: names.name(exception.entry),
            standing: Standing::of(exception, now),
        })
        .collect();
    listed.sort_by_key(|listed| match listed.exception.ended {
        None => (false, listed.exception.until),
        Some(ended) => (true, u64::MAX - ended),
    });
    listed
}

/// Adds an exception.
///
/// # Errors
///
/// Exit 2 for an owner that is no name; exit 8 for an end that does not lie ahead, or by more than [`LONGEST_SECONDS`],
/// and while one of the same kind and entry is open. The vault is unchanged.
pub fn add(ctx: &Context, session: &mut Session, new: NewException) -> Result<Exception, Failure> {
    let now = ctx.clock.now();
    let owner = Label::new(new.owner.trim());
    let reason = ctx.reason.clone().unwrap_or_default();
    judge(&owner, &reason, new.until, now).map_err(|failure| failure.unchanged(Unchanged::NothingTouched))?;
    let path = session.path.clone();
    vault_file::change(ctx, session, |vault| {
        let kept = |failure: Failure| failure.unchanged(Unchanged::VaultKept(path.clone()));
        let entry = vault
            .entry(new.entry)
            .map(Entry::title)
            .ok_or_else(|| kept(Failure::new(Kind::NoEntry, "the entry is not in the vault any more")))?;
        let of_it =
            |other: &&Exception| other.entry == new.entry && other.kind == new.kind && other.is_open();
        if let Some(open) = vault.items.exceptions.iter().find(of_it) {
            return Err(kept(already_open(open, &entry, now)));
        }
        if vault.items.exceptions.len() >= MOST_ITEMS {
            return Err(kept(Failure::new(
                Kind::Refused,
                format!("the vault keeps {MOST_ITEMS} exceptions and no more"),
            )));
        }
        let exception = Exception {
            id: new_id(ctx, &vault.items)?,
            kind: new.kind,
            entry: new.entry,
            owner,
            reason,
            added: now,
            until: new.until,
            ended: None,
        };
        let record = record(ctx, Event::ExceptionAdded, &exception);
        vault.items.exceptions.push(exception.clone());
        Ok((exception, vec![record]))
    })
}

/// Ends an exception.
///
/// # Errors
///
/// Exit 4 when none has the id, exit 8 when it was ended before. The vault is unchanged.
pub fn end(ctx: &Context, session: &mut Session, id: &str) -> Result<Exception, Failure> {
    let wanted = ItemId::parse(id.trim());
    let path = session.path.clone();
    vault_file::change(ctx, session, |vault| {
        let kept = |failure: Failure| failure.unchanged(Unchanged::VaultKept(path.clone()));
        let mut exceptions = vault.items.exceptions.iter_mut();
        let exception = exceptions.find(|exception| Some(exception.id) == wanted).ok_or_else(|| {
            kept(
                Failure::new(Kind::NoEntry, format!("no exception is \"{}\"", Label::new(id)))
                    .next("`lifeboat exception list` shows their ids"),
            )
        })?;
        if let Some(ended) = exception.ended {
            let words = format!("the exception {} was ended on {}", exception.id, day(ended));
            return Err(kept(Failure::new(Kind::Refused, words)));
        }
        exception.ended = Some(ctx.clock.now());
        let record = record(ctx, Event::ExceptionEnded, exception);
        Ok((exception.clone(), vec![record]))
    })
}

fn judge(owner: &Label, reason: &str, until: UnixSeconds, now: UnixSeconds) -> Result<(), Failure> {
    let n_characters = owner.raw().chars().count();
    if owner.is_empty() || n_characters > LONGEST_OWNER {
        let words = format!("an owner's name has 1 to {LONGEST_OWNER} characters");
        return Err(Failure::new(Kind::Usage, words).next("--owner NAME says who answers for the exception"));
    }
    if reason.len() > LONGEST_REASON {
        let words = format!("a reason that is kept with an exception has at most {LONGEST_REASON} bytes");
        return Err(Failure::new(Kind::Usage, words));
    }
    if until <= now {
        let words = format!("the end of an exception lies ahead, and {} does not", shown(until));
        return Err(Failure::new(Kind::Refused, words)
            .next("--until takes a day such as 2027-03-31, a time, or a duration such as 30d"));
    }
    if until - now > LONGEST_SECONDS {
        let days = LONGEST_SECONDS / 86_400;
        let words = format!("an exception ends within {days} days, and {} is further ahead", day(until));
        return Err(Failure::new(Kind::Refused, words)
            .because("an end that nobody remembers is none: somebody is to look at it again within a year")
            .next(format!(
                "name an end by {}; when it has come, the exception can be ended and added anew",
                // The end of that day lies within the bound too.
                day(now + LONGEST_SECONDS - 86_400)
            )));
    }
    Ok(())
}

fn already_open(open: &Exception, entry: &str, now: UnixSeconds) -> Failure {
    let Exception { id, kind, until, .. } = open;
    let verb = if open.is_past(now) { "is still open, past its end on" } else { "holds already, until" };
    Failure::new(Kind::Duplicate, format!("{} of {entry} {verb} {}", kind.name(), day(*until)))
        .next(format!("to give it another end: `lifeboat exception end {id}`, then add it anew"))
}

/// The facts name the entry by its id alone; who answers is part of what happened.
fn record(ctx: &Context, event: Event, exception: &Exception) -> Record {
    let mut record = log::about(ctx, event, exception.entry);
    record.facts = vec![
        ("exception".into(), exception.id.to_string()),
        ("kind".into(), exception.kind.name().into()),
        ("owner".into(), exception.owner.raw().into()),
        ("until".into(), shown(exception.until)),
    ];
    record
}

fn new_id(ctx: &Context, items: &Items) -> Result<ItemId, Failure> {
    for _ in 0..MOST_DRAWS {
        let id = ItemId::from_bytes(ctx.random_bytes::<4>()?);
        if !items.has(id) {
            return Ok(id);
        }
    }
    Err(Failure::new(Kind::Io, "no id is left for another exception"))
}

/// The names of entries, wherever they lie.
pub(super) struct EntryNames<'a>(HashMap<EntryId, (&'a Entry, bool)>);

impl<'a> EntryNames<'a> {
    pub(super) fn of(vault: &'a Vault) -> Self {
        let live = vault.entries.iter().map(|entry| (entry.id, (entry, true)));
        let trash = vault.trash.iter().map(|trashed| (trashed.entry.id, (&trashed.entry, false)));
        Self(trash.chain(live).collect())
    }

    /// An entry's name, safe to show; its id where it is not among the entries.
    pub(super) fn name(&self, id: EntryId) -> String {
        match self.0.get(&id) {
            Some((entry, true)) => entry.title(),
            Some((entry, false)) => format!("{} (in the trash)", entry.title()),
            None => format!("{id} (not among the entries)"),
        }
    }
}
