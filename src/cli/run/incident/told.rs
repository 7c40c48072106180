//! An incident as text and as JSON.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use super::super::super::render::fields;
use super::super::super::time;
use crate::app::audit::in_words;
use crate::app::card::wrapped;
use crate::app::incident::Shown;
use crate::app::status::count;
use crate::entry::{EntryId, Label, UnixSeconds, label};
use crate::recovery::incident::session::Revealed;
use crate::recovery::incident::{Incident, IncidentKind, Task, TaskStep};

/// Most accounts and other groups of things to do that the text shows; `--json` has all.
const MOST_SHOWN: usize = 20;
/// Most lines of what was revealed.
const MOST_REVEALED: usize = 30;
/// Columns of a line of prose, with what stands before it.
const COLUMNS: usize = 80;

/// How an incident stands, for a row.
pub(super) fn state(incident: &Incident, now: UnixSeconds) -> String {
    if let Some(closed) = incident.closed {
        return format!("nothing, closed {}", time::day(closed));
    }
    match incident.until {
        Some(until) if incident.is_running(now) => format!("running until {}", time::shown(until)),
        Some(_) if incident.awaits_list() => "ended, its list is to be made".to_owned(),
        _ => format!("{} of {}", incident.n_left(), incident.tasks.len()),
    }
}

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
    let mut line = |heading: &str, words: &str| {
        for (place, words) in wrapped(words, COLUMNS - 11).into_iter().enumerate() {
            text.push_str(&format!("{:<10} {words}\n", if place == 0 { heading } else { "" }));
        }
    };
    line("opened", &time::shown(incident.opened));
    if !incident.reason.is_empty() {
        line("reason", &label::shown(&incident.reason));
    }
    if let Some(until) = incident.until {
        line("until", &time::shown(until));
    }
    if let Some(closed) = incident.closed {
        line("closed", &format!("{}: nothing left", time::shown(closed)));
    } else if !incident.tasks.is_empty() {
        let things = count(incident.tasks.len(), "thing to do", "things to do");
        line("left", &format!("{} of {things}", incident.n_left()));
    }
    for (place, words) in incident.basis.iter().enumerate() {
        line(if place == 0 { "made from" } else { "" }, &label::shown_message(words));
    }
    if let Some(why) = &shown.log_unread {
        line("log", &format!("cannot be read: {}", label::shown_message(why)));
    }
    text.push_str(&revealed(shown));
    text.push_str(&tasks(shown));
    text
}

fn revealed(shown: &Shown) -> String {
    if shown.incident.kind != IncidentKind::BreakGlass || shown.log_unread.is_some() {
        return String::new();
    }
    if shown.revealed.is_empty() {
        return "\nnothing was revealed in it\n".to_owned();
    }
    // The list names each entry once, with its name.
    let names: BTreeMap<EntryId, String> =
        shown.incident.tasks.iter().filter_map(|task| Some((task.entry?, task.about.shown()))).collect();
    let name = |id: &EntryId| names.get(id).cloned().unwrap_or_else(|| id.to_string());
    let row = |one: &Revealed| {
        let of = one.entry.map(|id| format!(": {}", name(&id))).unwrap_or_default();
        format!("  {}  {}  {}{of}\n", time::shown(one.at), one.who, in_words(one.event.name()))
    };
    let rows: String = shown.revealed.iter().take(MOST_REVEALED).map(row).collect();
    let more = shown.revealed.len().saturating_sub(MOST_REVEALED);
    let more = if more > 0 { format!("  and {more} more, which --json names\n") } else { String::new() };
    format!("\nrevealed in it\n{rows}{more}")
}

/// Things to do of one account, or one that stands alone.
struct Group<'a> {
    tasks: Vec<(usize, &'a Task)>,
}

fn groups(tasks: &[Task]) -> Vec<Group<'_>> {
    let mut groups: Vec<Group<'_>> = Vec::new();
    for (number, task) in (1..).zip(tasks) {
        let last = groups.last_mut().filter(|group| {
            group.tasks.last().is_some_and(|(_, last)| {
                last.entry == task.entry && last.about == task.about && last.step < task.step
            })
        });
        match last {
            Some(group) => group.tasks.push((number, task)),
            None => groups.push(Group { tasks: vec![(number, task)] }),
        }
    }
    groups
}

fn tasks(shown: &Shown) -> String {
    let all = groups(&shown.incident.tasks);
    let is_left = |group: &&Group<'_>| group.tasks.iter().any(|(_, task)| task.done.is_none());
    // Of a long list what is done gives room to what is left.
    let is_long = all.len() > MOST_SHOWN;
    let told: Vec<&Group<'_>> = all.iter().filter(|group| !is_long || is_left(group)).collect();
    let mut text = String::new();
    for group in told.iter().take(MOST_SHOWN) {
        text.push_str(&self::group(shown, group));
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

fn group(shown: &Shown, group: &Group<'_>) -> String {
    let Some((_, first)) = group.tasks.first() else { return String::new() };
    let privileged = first.privileged.then_some("privileged");
    let where_is = first.entry.and_then(|id| away(shown, id));
    let marks: Vec<&str> = privileged.into_iter().chain(where_is).collect();
    let marks = if marks.is_empty() { String::new() } else { format!("  ({})", marks.join(", ")) };
    let title = if first.about.is_empty() { "the vault".to_owned() } else { first.about.shown() };
    let mut text = format!("\n{title}{marks}\n");
    for (number, task) in &group.tasks {
        let mark = if task.done.is_some() { 'x' } else { ' ' };
        text.push_str(&format!("{number:>5} [{mark}] {}\n", task.step.words()));
        if let Some(done) = &task.done {
            let by = if done.by_itself { ", by itself" } else { "" };
            let note =
                if done.note.is_empty() { String::new() } else { format!(": {}", label::shown(&done.note)) };
            prose(&mut text, &format!("done {}{by}{note}", time::day(done.at)));
        } else if !task.note.is_empty() {
            prose(&mut text, &label::shown_message(&task.note));
        }
    }
    text
}

fn prose(text: &mut String, words: &str) {
    for line in wrapped(words, COLUMNS - 10) {
        text.push_str(&format!("          {line}\n"));
    }
}

fn away(shown: &Shown, id: EntryId) -> Option<&'static str> {
    if shown.gone.contains(&id) {
        Some("gone from the vault")
    } else if shown.in_trash.contains(&id) {
        Some("in the trash")
    } else {
        None
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
