//! Ticks off what the vault's own changes have done, in the same save.

use crate::app::context::Context;
use crate::app::session::Session;
use crate::app::status::count;
use crate::app::{log, vault_file};
use crate::audit::{Event, Record};
use crate::entry::EntryId;
use crate::recovery::incident::tick::ranges;
use crate::recovery::incident::{Happened, Incident};
use crate::vault::Vault;

/// The fact that names an incident.
const INCIDENT: &str = "incident";

/// Ticks something off in every open incident, and gives the records that say so. Called inside the change that has
/// done it, so that neither is saved without the other.
pub(in crate::app) fn tick(ctx: &Context, vault: &mut Vault, happened: &Happened) -> Vec<Record> {
    let now = ctx.clock.now();
    let mut said = Vec::new();
    for incident in &mut vault.items.incidents {
        let numbers = incident.tick_by_itself(happened, now);
        said.extend(records(ctx, incident, &numbers, true));
    }
    said
}

/// The records of what was ticked off, and that nothing is left where nothing is. They name an entry by its id where all
/// of it is about one, and nothing else by name.
pub(super) fn records(ctx: &Context, incident: &Incident, numbers: &[usize], by_itself: bool) -> Vec<Record> {
    let mut records = Vec::new();
    if !numbers.is_empty() {
        let tasks = || numbers.iter().filter_map(|number| incident.tasks.get(number.checked_sub(1)?));
        let first = tasks().next();
        let entry =
            first.and_then(|task| task.entry).filter(|id| tasks().all(|task| task.entry == Some(*id)));
        let mut record = log::record(ctx, Event::TaskDone);
        record.entry = entry.map(|id| id.to_string());
        record.facts = vec![(INCIDENT.into(), incident.id.to_string()), ("tasks".into(), ranges(numbers))];
        let step = first.map(|task| task.step).filter(|step| tasks().all(|task| task.step == *step));
        record.facts.extend(step.map(|step| ("step".into(), step.name().into())));
        if by_itself {
            record.facts.push(("by itself".into(), "yes".into()));
        }
        records.push(record);
    }
    if !incident.is_open() {
        let mut record = log::record(ctx, Event::IncidentClosed);
        record.facts = vec![(INCIDENT.into(), incident.id.to_string())];
        records.push(record);
    }
    records
}

/// Tells after a save what it has ticked off by itself.
pub(in crate::app) fn tell_ticked(session: &mut Session, saved: &[Record]) {
    for record in saved {
        let fact =
            |wanted: &str| record.facts.iter().find(|(name, _)| name == wanted).map(|(_, value)| value);
        let (Some(id), Some(tasks)) = (fact(INCIDENT), fact("tasks")) else { continue };
        if record.event != Event::TaskDone || fact("by itself").is_none() {
            continue;
        }
        let incidents = session.vault.items.incidents.iter();
        let Some(incident) = incidents.into_iter().find(|incident| incident.id.to_string() == *id) else {
            continue;
        };
        let left = match incident.n_left() {
            0 => match super::still_lost(&session.vault, incident) {
                Some(name) => {
                    format!("nothing left, it is closed; {name} is still marked as lost in the plan")
                }
                None => "nothing left, it is closed".to_owned(),
            },
            n => format!("{} left", count(n, "thing to do is", "things to do are")),
        };
        session.tell(format!("incident {id}: ticked off by itself: {tasks}; {left}"));
    }
}

/// Ticks proofs off that a drill has brought, which changes the vault where an incident waits for them alone. That it
/// could not be saved is told: the drill itself is as it was.
pub(in crate::app) fn tick_proven(ctx: &Context, session: &mut Session, proven: &[EntryId]) {
    let now = ctx.clock.now();
    let is_waiting = |incident: &Incident| {
        let mut copy = incident.clone();
        proven.iter().any(|id| !copy.tick_by_itself(&Happened::Proven(*id), now).is_empty())
    };
    if !session.vault.items.incidents.iter().any(is_waiting) {
        return;
    }
    let saved = vault_file::change(ctx, session, |vault| {
        let ticked = proven.iter().flat_map(|id| tick(ctx, vault, &Happened::Proven(*id)));
        Ok(((), ticked.collect()))
    });
    if let Err(failure) = saved {
        session.tell(format!("what the drill has proven was not ticked off: {failure}"));
    }
}
