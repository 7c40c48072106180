//! Incidents: opened, listed, shown, and ticked off.

mod told;

use serde_json::{Value, json};

use super::super::args::{IncidentCommand, IncidentOpen, Numbers};
use super::super::render::fields;
use super::super::time;
use super::Run;
use crate::app::incident::{self, words};
use crate::app::{Exit, Failure};
use crate::entry::Label;
use crate::recovery::incident::{Incident, IncidentKind};

/// How a thing is found again.
const TAKEN_BACK: &str = "when it is there again: `lifeboat plan edit`, and take its `lost` away";

pub(super) fn incident(run: &mut Run<'_, '_>, command: &IncidentCommand) -> Result<Exit, Failure> {
    match command {
        IncidentCommand::Open(args) => open(run, args),
        IncidentCommand::List => list(run),
        IncidentCommand::Show { id } => show(run, id),
        IncidentCommand::Done { id, tasks, note } => done(run, id, tasks, note),
    }
}

fn open(run: &mut Run<'_, '_>, args: &IncidentOpen) -> Result<Exit, Failure> {
    let kind = args.kind.0;
    let reason = run.ctx.reason.as_deref();
    let subject = incident::subject(kind, args.device.as_deref(), args.person.as_deref(), reason)?;
    let mut session = run.open()?;
    let opened = incident::open(run.ctx, &mut session, kind, &subject)?;
    run.tell_notices(&mut session);
    let shown = incident::show(run.ctx, &session, opened.id)?;
    let mut json = told::shown_json(&shown);
    json.insert("accounts".to_owned(), json!(opened.n_accounts));
    json.insert("marked_lost".to_owned(), json!(opened.marked_lost));
    run.result("incident", &json, &told::shown(&shown))?;
    if let Some(name) = &opened.marked_lost {
        run.tell(&format!("{name} is marked as lost in the plan, and stays so when the incident is closed;"));
        run.tell(&format!("      {TAKEN_BACK}"));
    }
    let id = opened.id;
    if kind == IncidentKind::BreakGlass {
        run.tell(&format!(
            "what is shown from now on is grouped; to end it earlier: lifeboat incident done {id}"
        ));
    } else {
        run.tell("a new seed (`lifeboat edit NAME --seed -`), `prove`, `passwd`, `share replace` and `bundle create` tick");
        run.tell(&format!("      off what they do; everything else: lifeboat incident done {id} NUMBER"));
    }
    Ok(Exit::Done)
}

fn list(run: &mut Run<'_, '_>) -> Result<Exit, Failure> {
    let mut session = run.open()?;
    run.tell_notices(&mut session);
    let now = run.ctx.clock.now();
    let mut incidents: Vec<&Incident> = session.vault().items.incidents.iter().collect();
    incidents.sort_by_key(|incident| !incident.is_open());
    if incidents.is_empty() && !run.global.json {
        run.tell("there is no incident; `lifeboat incident open KIND` opens one");
        return Ok(Exit::Done);
    }
    let json: Vec<Value> =
        incidents.iter().map(|incident| Value::Object(told::incident_json(incident, now))).collect();
    let row = |incident: &&Incident| {
        vec![
            incident.id.to_string(),
            incident.kind.name().to_owned(),
            incident.subject.as_ref().map(Label::shown).unwrap_or_default(),
            time::day(incident.opened),
            words::state(incident, now),
        ]
    };
    let rows: Vec<Vec<String>> = incidents.iter().map(row).collect();
    let text = run.rows(&["ID", "KIND", "ABOUT", "OPENED", "LEFT TO DO"], &rows);
    run.result("incidents", &fields([("incidents", json!(json))]), &text)
}

fn show(run: &mut Run<'_, '_>, id: &str) -> Result<Exit, Failure> {
    let mut session = run.open()?;
    run.tell_notices(&mut session);
    let id = incident::find(session.vault(), id)?;
    let shown = incident::show(run.ctx, &session, id)?;
    run.result("incident", &told::shown_json(&shown), &told::shown(&shown))?;
    for line in told::next(&shown, run.ctx.clock.now()) {
        run.tell(&line);
    }
    Ok(Exit::Done)
}

fn done(run: &mut Run<'_, '_>, id: &str, tasks: &[Numbers], note: &str) -> Result<Exit, Failure> {
    let mut session = run.open()?;
    let id = incident::find(session.vault(), id)?;
    let numbers: Vec<usize> = tasks.iter().flat_map(|numbers| numbers.each()).collect();
    let done = incident::done(run.ctx, &mut session, id, &numbers, note)?;
    run.tell_notices(&mut session);
    let before: Vec<Value> =
        done.ticked.before.iter().map(|(number, at)| json!({ "task": number, "done": at })).collect();
    let json = fields([
        ("id", json!(id.to_string())),
        ("ticked", json!(done.ticked.now)),
        ("ticked_before", json!(before)),
        ("list_made", json!(done.list_made)),
        ("left", json!(done.n_left)),
        ("closed", json!(done.closed)),
    ]);
    run.result("incident-done", &json, &format!("{}\n", words::done(&done).join("\n")))?;
    if let Some(name) = done.still_lost.filter(|_| done.closed.is_some()) {
        run.tell(&format!("{name} is still marked as lost in the plan; {TAKEN_BACK}"));
    }
    Ok(Exit::Done)
}
