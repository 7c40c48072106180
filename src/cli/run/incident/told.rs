//! An incident as text and as JSON.

use serde_json::{Map, Value, json};

use super::super::super::render::fields;
use super::super::super::time;
use crate::app::card::wrapped;
use crate::app::incident::Shown;
use crate::app::incident::words::{self, Group, away};
use crate::app::status::count;
use crate::entry::{Label, UnixSeconds};
use crate::recovery::incident::{Incident, Task, TaskStep};

/// Most accounts and other groups of things to do that the text shows; `--json` has all.
const MOST_SHOWN: usize = 20;
/// Most lines of what was revealed.
const MOST_REVEALED: usize = 30;
/// Columns of a line of prose, with what stands before it.
const COLUMNS: usize = 80;

/// An incident without its things to do.
pub(super) fn incident_json(incident: &Incident, now: UnixSeconds) -> Map<String, Value> {
    fields([
        ("id", json!(incident.id.to_string())),
        ("kind", json!(incident.kind.name())),
        ("subject", json!(incident.subject.as_ref().map(Label::raw))),
        ("reason", json!(incident.reason)),
        ("opened", json!(incident.opened)),
        ("until", json!(incident.until)),
        ("running", json!(incident.is_running(now))),
        ("closed", json!(incident.closed)),
        ("tasks", json!(incident.tasks.len())),
        ("left", json!(incident.n_left())),
    ])
}

/// An incident with everything.
pub(super) fn shown_json(shown: &Shown) -> Map<String, Value> {
    let incident = &shown.incident;
    let task = |(number, task): (usize, &Task)| {
        json!({
            "number": number,
            "step": task.step.name(),
            "entry": task.entry.map(|id| id.to_string()),
            "entry_is": task.entry.and_then(|id| away(shown, id)),
            "about": task.about.raw(),
            "privileged": task.privileged,
            "note": task.note,
            "done": task.done.as_ref().map(|done| done.at),
            "by_itself": task.done.as_ref().map(|done| done.by_itself),
            "done_note": task.done.as_ref().map(|done| done.note.as_str()),
        })
    };
    let steps: Map<String, Value> =
        TaskStep::ALL.into_iter().map(|step| (step.name().to_owned(), json!(step.words()))).collect();
    let revealed = shown.revealed.iter().map(|one| {
        json!({
            "at": one.at,
            "event": one.event.name(),
            "entry": one.entry.map(|id| id.to_string()),
            "who": one.who,
        })
    });
    fields([
        ("id", json!(incident.id.to_string())),
        ("kind", json!(incident.kind.name())),
        ("subject", json!(incident.subject.as_ref().map(Label::raw))),
        ("reason", json!(incident.reason)),
        ("opened", json!(incident.opened)),
        ("until", json!(incident.until)),
        ("closed", json!(incident.closed)),
        ("basis", json!(incident.basis)),
        ("left", json!(incident.n_left())),
        ("list_is_stored", json!(!shown.is_made_now)),
        ("log_unread", json!(shown.log_unread)),
        ("revealed", revealed.collect()),
        ("steps", Value::Object(steps)),
        ("tasks", (1..).zip(&incident.tasks).map(task).collect()),
    ])
}

/// An incident as people read it.
pub(super) fn shown(shown: &Shown) -> String {
    let incident = &shown.incident;
    let about = incident.subject.as_ref().map(|name| format!(": {name}")).unwrap_or_default();
    let mut text = format!("incident {}  {}{about}\n", incident.id, incident.kind.name());
    for (heading, words) in words::facts(shown) {
        for (place, words) in wrapped(&words, COLUMNS - 11).into_iter().enumerate() {
            text.push_str(&format!("{:<10} {words}\n", if place == 0 { heading } else { "" }));
        }
    }
    text.push_str(&revealed(shown));
    text.push_str(&tasks(shown));
    text
}

fn revealed(shown: &Shown) -> String {
    let Some(lines) = words::revealed(shown) else { return String::new() };
    if lines.is_empty() {
        return "\nnothing was revealed in it\n".to_owned();
    }
    let rows: String = lines.iter().take(MOST_REVEALED).map(|line| format!("  {line}\n")).collect();
    let more = lines.len().saturating_sub(MOST_REVEALED);
    let more = if more > 0 { format!("  and {more} more, which --json names\n") } else { String::new() };
    format!("\nrevealed in it\n{rows}{more}")
}

fn tasks(shown: &Shown) -> String {
    let all = words::groups(shown);
    // Of a long list what is done gives room to what is left.
    let is_long = all.len() > MOST_SHOWN;
    let told: Vec<&Group> = all.iter().filter(|group| !is_long || group.is_left()).collect();
    let mut text = String::new();
    for group in told.iter().take(MOST_SHOWN) {
        text.push_str(&self::group(group));
    }
    let hidden = told.iter().skip(MOST_SHOWN);
    let n_things: usize = hidden.clone().map(|group| group.tasks.len()).sum();
    if n_things > 0 {
        let accounts = count(hidden.count(), "account", "accounts");
        text.push_str(&format!("\nand {n_things} more things to do of {accounts}, which --json names\n"));
    }
    let n_done = all.len() - told.len();
    if n_done > 0 {
        let accounts = count(n_done, "account is", "accounts are");
        text.push_str(&format!("{accounts} done and not shown here\n"));
    }
    text
}

fn group(group: &Group) -> String {
    let mut text = format!("\n{}\n", group.heading());
    for task in &group.tasks {
        let mark = if task.is_done { 'x' } else { ' ' };
        text.push_str(&format!("{:>5} [{mark}] {}\n", task.number, task.words));
        if !task.note.is_empty() {
            prose(&mut text, &task.note);
        }
    }
    text
}

fn prose(text: &mut String, words: &str) {
    for line in wrapped(words, COLUMNS - 10) {
        text.push_str(&format!("          {line}\n"));
    }
}

/// What to do next.
pub(super) fn next(shown: &Shown, now: UnixSeconds) -> Vec<String> {
    let incident = &shown.incident;
    let id = incident.id;
    let mut lines = Vec::new();
    if let Some(until) = incident.until.filter(|_| shown.is_made_now) {
        if now < until {
            lines.push(format!(
                "it runs until {}; to end it earlier: lifeboat incident done {id}",
                time::shown(until)
            ));
        } else {
            lines.push(format!(
                "it has ended: `lifeboat incident done {id}` stores this list, then it is worked off"
            ));
        }
    }
    if !shown.gone.is_empty() || !shown.in_trash.is_empty() {
        lines.push(format!(
            "entries that were removed: close the account or its second factor at the service, then tick them off with \
             `lifeboat incident done {id} NUMBER --note TEXT`"
        ));
    }
    lines
}
