//! Incidents: opened with a list of things to do, listed, shown, and ticked off until none is left.
//!
//! `material.rs` brings together what the vault, its plan and its log say; the list itself is made by the rules in
//! [`recovery::incident`](crate::recovery::incident). `tick.rs` ticks off what the vault's own changes have
//! done, `words.rs` tells an incident to people.

mod material;
mod tick;
pub mod words;

pub(super) use tick::{tell_ticked, tick, tick_proven};

use std::collections::BTreeSet;

use super::context::Context;
use super::failure::{Failure, Kind, Unchanged};
use super::session::Session;
use super::{log, time, vault_file};
use crate::audit::{Event, Record};
use crate::entry::{EntryId, Label, UnixSeconds, label};
use crate::recovery::ItemId;
use crate::recovery::incident::session::{self, Revealed};
use crate::recovery::incident::subject::same;
use crate::recovery::incident::tick::Ticked;
use crate::recovery::incident::{BREAK_GLASS_SECONDS, Incident, IncidentKind, Subject};
use crate::recovery::item::MOST_ITEMS;
use crate::vault::{StoredPlan, Vault};

/// An incident that was opened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Opened {
    /// It.
    pub id: ItemId,
    /// How many accounts its list is about.
    pub n_accounts: usize,
    /// The thing of the plan that was marked as lost, safe to show.
    pub marked_lost: Option<String>,
}

/// An incident as it is shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shown {
    /// It. Of a break-glass session whose list was not stored yet, with the list as it would be now.
    pub incident: Incident,
    /// The list was made for this showing and is not stored.
    pub is_made_now: bool,
    /// Of a break-glass session: what was revealed, in order.
    pub revealed: Vec<Revealed>,
    /// Why the log could not be read, where it was needed.
    pub log_unread: Option<String>,
    /// Entries of the list that lie in the trash.
    pub in_trash: Vec<EntryId>,
    /// Entries of the list that are gone.
    pub gone: Vec<EntryId>,
}

/// What `done` did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DoneWith {
    /// What became of the numbers.
    pub ticked: Ticked,
    /// The list of a break-glass session was made and stored: so many things to do.
    pub list_made: Option<usize>,
    /// How many are left.
    pub n_left: usize,
    /// When it was closed, if it is.
    pub closed: Option<UnixSeconds>,
    /// What it was about is still marked as lost in the plan, safe to show.
    pub still_lost: Option<String>,
}

/// What an incident is about, as it was asked for.
///
/// # Errors
///
/// Exit 2 when the kind needs something else than was given, exit 8 for a break-glass without its reason.
pub fn subject(
    kind: IncidentKind,
    device: Option<&str>,
    person: Option<&str>,
    reason: Option<&str>,
) -> Result<Subject, Failure> {
    let refuse = |what: &str, next: &str| {
        let what = format!("an incident of the kind {} {what}", kind.name());
        Err(Failure::new(Kind::Usage, what).unchanged(Unchanged::NothingTouched).next(next))
    };
    let given = |name: Option<&str>| name.map(str::trim).filter(|name| !name.is_empty()).map(Label::new);
    let has_reason = reason.is_some_and(|reason| !reason.trim().is_empty());
    match (kind, given(device), given(person)) {
        (
            IncidentKind::Compromised
            | IncidentKind::HandedOver
            | IncidentKind::LostDevice
            | IncidentKind::ReplacedDevice
            | IncidentKind::Stolen,
            Some(device),
            None,
        ) => Ok(Subject::Device(device)),
        (IncidentKind::Compromised | IncidentKind::Leaver, None, Some(person)) => Ok(Subject::Person(person)),
        (IncidentKind::BreakGlass | IncidentKind::Compromised, None, None) if has_reason => {
            Ok(Subject::Nobody)
        }
        (IncidentKind::BreakGlass, None, None) => {
            Err(Failure::new(Kind::Refused, "glass is broken for a reason, and none was given")
                .unchanged(Unchanged::NothingTouched)
                .next("give it: --reason 'INC-4711, the identity provider is down'"))
        }
        (IncidentKind::BreakGlass, ..) => refuse("is about no device and no person", "leave the option away"),
        (IncidentKind::Compromised, ..) => {
            refuse("is about one of these", "give --device NAME, --person NAME, or --reason TEXT alone")
        }
        (IncidentKind::Leaver, ..) => refuse("is about a person", "give --person NAME, and no --device"),
        (
            IncidentKind::HandedOver
            | IncidentKind::LostDevice
            | IncidentKind::ReplacedDevice
            | IncidentKind::Stolen,
            ..,
        ) => refuse("is about a device", "give --device NAME, and no --person"),
    }
}

/// Opens an incident and makes its list of things to do; a device that is gone is marked as lost in the plan.
///
/// # Errors
///
/// Exit 8 when one of the same kind and subject is open.
pub fn open(
    ctx: &Context,
    session: &mut Session,
    kind: IncidentKind,
    subject: &Subject,
) -> Result<Opened, Failure> {
    let now = ctx.clock.now();
    let path = session.path.clone();
    vault_file::change(ctx, session, |vault| {
        let kept = || Unchanged::VaultKept(path.clone());
        refuse_second(vault, kind, subject, now).map_err(|failure| failure.unchanged(kept()))?;
        let id = new_id(ctx, vault)?;
        let list_of = |vault: &Vault| material::list(ctx, &path, vault, kind, subject);
        let (list, basis) =
            if kind == IncidentKind::BreakGlass { Default::default() } else { list_of(vault) };
        let incident = Incident {
            id,
            kind,
            subject: subject.name().cloned(),
            reason: ctx.reason.clone().unwrap_or_default(),
            opened: now,
            until: (kind == IncidentKind::BreakGlass).then(|| now.saturating_add(BREAK_GLASS_SECONDS)),
            closed: None,
            basis,
            tasks: list.tasks,
        };
        let mut record = log::record(ctx, Event::IncidentOpened);
        record.facts = vec![
            ("incident".into(), id.to_string()),
            ("kind".into(), kind.name().into()),
            ("tasks".into(), incident.tasks.len().to_string()),
        ];
        let mut records = vec![record];
        let is_gone =
            matches!(kind, IncidentKind::Compromised | IncidentKind::LostDevice | IncidentKind::Stolen);
        let marked_lost = match subject {
            Subject::Device(device) if is_gone => mark_lost(vault, device),
            Subject::Device(_) | Subject::Nobody | Subject::Person(_) => None,
        };
        if let (Some(_), StoredPlan::Read(plan)) = (&marked_lost, &vault.plan) {
            let mut record = log::record(ctx, Event::PlanChanged);
            record.facts = vec![("things".into(), plan.things.len().to_string())];
            records.push(record);
        }
        vault.items.incidents.push(incident);
        Ok((Opened { id, n_accounts: list.n_accounts, marked_lost }, records))
    })
}

/// An incident by its id.
///
/// # Errors
///
/// Exit 4 when none has it.
pub fn find(vault: &Vault, id: &str) -> Result<ItemId, Failure> {
    let found = ItemId::parse(id.trim())
        .and_then(|wanted| vault.items.incidents.iter().find(|incident| incident.id == wanted));
    found.map(|incident| incident.id).ok_or_else(|| no_such(id))
}

/// An incident with everything that is known of it.
///
/// # Errors
///
/// Exit 4 when none has the id.
pub fn show(ctx: &Context, session: &Session, id: ItemId) -> Result<Shown, Failure> {
    let vault = &session.vault;
    let incident = vault.items.incidents.iter().find(|incident| incident.id == id);
    let mut incident = incident.ok_or_else(|| no_such(&id.to_string()))?.clone();
    let (mut revealed, mut log_unread) = (Vec::new(), None);
    if incident.kind == IncidentKind::BreakGlass {
        match log::whole(ctx, &session.path, vault) {
            Ok(whole) => revealed = session::revealed(&incident, &records_of(whole), ctx.clock.now()),
            Err(error) => log_unread = Some(error.to_string()),
        }
    }
    let is_made_now = incident.awaits_list();
    if is_made_now {
        incident.tasks = match log_unread {
            None => session::list(&revealed, &vault.entries),
            Some(_) => vec![session::unread()],
        };
    }
    let named: BTreeSet<EntryId> = incident.tasks.iter().filter_map(|task| task.entry).collect();
    let there: BTreeSet<EntryId> = vault.entries.iter().map(|entry| entry.id).collect();
    let trash: BTreeSet<EntryId> = vault.trash.iter().map(|trashed| trashed.entry.id).collect();
    let away = || named.iter().copied().filter(|id| !there.contains(id));
    Ok(Shown {
        is_made_now,
        revealed,
        log_unread,
        in_trash: away().filter(|id| trash.contains(id)).collect(),
        gone: away().filter(|id| !trash.contains(id)).collect(),
        incident,
    })
}

/// Ticks things off by their numbers. Of a break-glass session the list is made and stored first, where it is not yet;
/// without numbers that is all, and ends it.
///
/// # Errors
///
/// Exit 2 without numbers where a list is there, exit 4 for an id or a number that is not, exit 8 when it is closed.
pub fn done(
    ctx: &Context,
    session: &mut Session,
    id: ItemId,
    numbers: &[usize],
    note: &str,
) -> Result<DoneWith, Failure> {
    let now = ctx.clock.now();
    let path = session.path.clone();
    vault_file::change(ctx, session, |vault| {
        let refused = |failure: Failure| Err(failure.unchanged(Unchanged::VaultKept(path.clone())));
        let place = vault.items.incidents.iter().position(|incident| incident.id == id);
        let Some(slot) = place.and_then(|place| vault.items.incidents.get(place)) else {
            return refused(no_such(&id.to_string()));
        };
        let mut incident = slot.clone();
        if let Some(closed) = incident.closed {
            let what = format!("incident {id} was closed on {}: nothing of it is left", time::day(closed));
            return refused(Failure::new(Kind::Refused, what));
        }
        let mut list_made = None;
        if incident.awaits_list() {
            let (tasks, basis) = match log::whole(ctx, &path, vault) {
                Ok(whole) => {
                    let revealed = session::revealed(&incident, &records_of(whole), now);
                    (session::list(&revealed, &vault.entries), None)
                }
                Err(error) => (vec![session::unread()], Some(format!("the log could not be read: {error}"))),
            };
            list_made = Some(tasks.len());
            incident.take_list(tasks, basis.into_iter().collect(), now);
        } else if numbers.is_empty() {
            return refused(
                Failure::new(Kind::Usage, "which of its things to do are done was not said")
                    .next(format!("lifeboat incident show {id}"))
                    .next(format!("then, by their numbers: lifeboat incident done {id} 1 3-5")),
            );
        }
        let ticked = match incident.tick(numbers, note, now) {
            Ok(ticked) => ticked,
            Err(unknown) => {
                let n = incident.tasks.len();
                let what =
                    format!("incident {id} has nothing with the number {unknown}; it has {n} things to do");
                return refused(
                    Failure::new(Kind::NoEntry, what).next(format!("lifeboat incident show {id} lists them")),
                );
            }
        };
        let records = tick::records(ctx, &incident, &ticked.now, false);
        let done = DoneWith {
            ticked,
            list_made,
            n_left: incident.n_left(),
            closed: incident.closed,
            still_lost: still_lost(vault, &incident),
        };
        if let Some(slot) = place.and_then(|place| vault.items.incidents.get_mut(place)) {
            *slot = incident;
        }
        Ok((done, records))
    })
}

/// The reason of a break-glass session that is running.
pub fn running_reason(ctx: &Context, session: &Session) -> Option<(ItemId, String)> {
    let now = ctx.clock.now();
    let running = session.vault.items.incidents.iter().find(|incident| incident.is_running(now))?;
    Some((running.id, running.reason.clone()))
}

/// Of break-glass there may be several, but for one that is running: a list that is not worked off keeps nobody out.
fn refuse_second(
    vault: &Vault,
    kind: IncidentKind,
    subject: &Subject,
    now: UnixSeconds,
) -> Result<(), Failure> {
    if vault.items.incidents.len() >= MOST_ITEMS {
        return Err(Failure::new(Kind::Refused, format!("a vault keeps at most {MOST_ITEMS} incidents")));
    }
    let is_same = |incident: &&Incident| {
        let about = match (&incident.subject, subject.name()) {
            (Some(one), Some(other)) => same(one.raw(), other.raw()),
            (None, None) => kind != IncidentKind::BreakGlass || incident.is_running(now),
            (Some(_), None) | (None, Some(_)) => false,
        };
        incident.kind == kind && incident.is_open() && about
    };
    match vault.items.incidents.iter().find(is_same) {
        None => Ok(()),
        Some(open) => {
            let what = format!(
                "such an incident is open: {}, {}, of {}",
                open.id,
                kind.name(),
                time::day(open.opened)
            );
            Err(Failure::new(Kind::Refused, what)
                .next(format!("lifeboat incident show {} says what is left to do", open.id)))
        }
    }
}

fn new_id(ctx: &Context, vault: &Vault) -> Result<ItemId, Failure> {
    loop {
        let id = ItemId::from_bytes(ctx.random_bytes()?);
        if !vault.items.has(id) {
            return Ok(id);
        }
    }
}

/// Marks the thing of the person's plan that has this name.
fn mark_lost(vault: &mut Vault, device: &Label) -> Option<String> {
    let StoredPlan::Read(plan) = &mut vault.plan else { return None };
    let thing = plan.things.iter_mut().find(|thing| same(thing.name.raw(), device.raw()))?;
    if thing.lost {
        return None;
    }
    thing.lost = true;
    Some(thing.name.shown())
}

/// The thing of the person's plan that an incident is about, where it is marked as lost.
fn still_lost(vault: &Vault, incident: &Incident) -> Option<String> {
    let (StoredPlan::Read(plan), Some(subject)) = (&vault.plan, &incident.subject) else { return None };
    let thing = plan.things.iter().find(|thing| thing.lost && same(thing.name.raw(), subject.raw()))?;
    Some(thing.name.shown())
}

fn records_of(whole: log::Whole) -> Vec<Record> {
    whole.records.into_iter().map(|(_, record)| record).collect()
}

fn no_such(id: &str) -> Failure {
    Failure::new(Kind::NoEntry, format!("no incident has the id \"{}\"", label::shown(id)))
        .unchanged(Unchanged::NothingTouched)
        .next("`lifeboat incident list` shows their ids")
}
