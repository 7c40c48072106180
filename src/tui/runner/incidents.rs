//! The incidents: read, opened, and ticked off.

use super::Runner;
use super::changes;
use super::jobs::Wait;
use crate::app::incident::{self, DoneWith, Opened, Shown, words};
use crate::app::status::count;
use crate::app::{Context, Failure, Session, time};
use crate::entry::Label;
use crate::recovery::ItemId;
use crate::recovery::incident::subject::same;
use crate::recovery::incident::{Incident, IncidentKind};
use crate::recovery::plan::ThingKind;
use crate::tui::effect::IncidentEffect;
use crate::tui::message::{IncidentMessage, Message};
use crate::tui::model::{Ends, IncidentRow, IncidentShown, IncidentsKnown};
use crate::vault::StoredPlan;

impl Runner {
    /// Does what update wants done about it.
    pub(super) fn for_incident(&mut self, effect: IncidentEffect) -> Vec<Message> {
        match effect {
            IncidentEffect::Read => {
                self.read(|ctx, session| Message::Incident(IncidentMessage::Read(read(ctx, session))))
            }
            // Of a break-glass session the log is read for it.
            IncidentEffect::Show(id) => {
                self.with_session_for("Reading the incident", Wait::Short, move |ctx, session| {
                    let shown = shown(ctx, &session, id);
                    changes::answer(session, shown)
                })
            }
            IncidentEffect::Done(id, numbers) => {
                self.with_session_for("Saving the incident", Wait::Short, move |ctx, mut session| {
                    let done = incident::done(ctx, &mut session, id, &numbers, "");
                    let done = done.map(|done| Message::Incident(IncidentMessage::Done(told(&done))));
                    changes::answer(session, done.map_err(here))
                })
            }
            IncidentEffect::Open(kind, subject) => {
                self.with_session_for("Opening the incident", Wait::Short, move |ctx, mut session| {
                    let opened = incident::open(ctx, &mut session, kind, &subject);
                    let opened = opened.map(|opened| {
                        Message::Incident(IncidentMessage::Opened(opened.id, opened_in_words(kind, &opened)))
                    });
                    changes::answer(session, opened.map_err(here))
                })
            }
        }
    }
}

/// All incidents, those that are open first, and the names that a new one may be about.
fn read(ctx: &Context, session: &Session) -> IncidentsKnown {
    let now = ctx.clock.now();
    let vault = session.vault();
    let mut incidents: Vec<&Incident> = vault.items.incidents.iter().collect();
    incidents.sort_by_key(|incident| !incident.is_open());
    let row = |incident: &Incident| IncidentRow {
        id: incident.id,
        kind: incident.kind,
        subject: incident.subject.clone(),
        opened: time::day(incident.opened),
        state: match incident.closed {
            Some(closed) => format!("nothing left, closed {}", time::day(closed)),
            None if incident.awaits_list() => words::state(incident, now),
            None => format!("{} left", words::state(incident, now)),
        },
        is_running: incident.is_running(now),
        is_open: incident.is_open(),
        reason: crate::entry::label::shown(&incident.reason),
    };
    let things = match &vault.plan {
        StoredPlan::Read(plan) => plan.things.as_slice(),
        _ => &[],
    };
    let of_kind = |wanted: fn(ThingKind) -> bool| {
        things.iter().filter(move |thing| wanted(thing.kind)).map(|thing| thing.name.clone())
    };
    let origins = vault.entries.iter().filter_map(|entry| entry.provenance.as_ref()?.device.clone());
    IncidentsKnown {
        rows: incidents.into_iter().map(row).collect(),
        devices: names(of_kind(|kind| kind == ThingKind::Device).chain(origins)),
        persons: names(of_kind(|kind| kind == ThingKind::Person)),
    }
}

/// Each name once, in order.
fn names(all: impl Iterator<Item = Label>) -> Vec<Label> {
    let mut names: Vec<Label> = Vec::new();
    for name in all {
        if !names.iter().any(|other| same(other.raw(), name.raw())) {
            names.push(name);
        }
    }
    names.sort_by_key(|name| name.raw().to_lowercase());
    names
}

/// Everything about one.
fn shown(ctx: &Context, session: &Session, id: ItemId) -> Result<Message, Failure> {
    let shown = incident::show(ctx, session, id)?;
    Ok(Message::Incident(IncidentMessage::Shown(Box::new(page(&shown, ctx.clock.now())))))
}

fn page(shown: &Shown, now: u64) -> IncidentShown {
    let incident = &shown.incident;
    let about = incident.subject.as_ref().map(|name| format!(": {name}")).unwrap_or_default();
    let ends = incident
        .until
        .filter(|_| shown.is_made_now)
        .map(|until| if now < until { Ends::At(time::shown(until)) } else { Ends::Ended });
    IncidentShown {
        id: incident.id,
        title: format!("{}{about}", incident.kind.name()),
        facts: words::facts(shown),
        revealed: words::revealed(shown),
        groups: words::groups(shown),
        is_open: incident.is_open(),
        ends,
        is_away: !shown.gone.is_empty() || !shown.in_trash.is_empty(),
    }
}

fn told(done: &DoneWith) -> String {
    let mut lines = words::done(done);
    if let Some(name) = done.still_lost.as_ref().filter(|_| done.closed.is_some()) {
        lines.push(format!("{name} is still marked as lost in the plan (4; l on it takes that back)"));
    }
    lines.join("; ")
}

fn opened_in_words(kind: IncidentKind, opened: &Opened) -> String {
    if kind == IncidentKind::BreakGlass {
        return "glass is broken: what is shown from now on is grouped; e here ends it".to_owned();
    }
    let accounts = count(opened.n_accounts, "account", "accounts");
    let lost = opened.marked_lost.as_ref().map(|name| format!("; {name} is marked as lost in the plan"));
    format!("the incident is open, about {accounts}{}", lost.unwrap_or_default())
}

/// A failure with the steps that can be taken here.
fn here(mut failure: Failure) -> Failure {
    failure.next.retain(|step| !step.starts_with("lifeboat incident"));
    failure
}
