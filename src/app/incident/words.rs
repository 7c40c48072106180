//! An incident in words: how it stands, what it rests on, and its things to do, account by account.

use std::collections::BTreeMap;

use super::{DoneWith, Shown};
use crate::app::audit::in_words;
use crate::app::status::count;
use crate::app::time;
use crate::entry::{EntryId, UnixSeconds, label};
use crate::recovery::incident::session::Revealed;
use crate::recovery::incident::tick::ranges;
use crate::recovery::incident::{Incident, IncidentKind, Task};

/// Things to do of one account, or one that stands alone; all of it safe to show.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Group {
    /// What they are about.
    pub title: String,
    /// What is to be known of it: it is privileged, or no longer in the vault.
    pub marks: Vec<&'static str>,
    /// The things to do.
    pub tasks: Vec<ToDo>,
}

/// One thing to do; all of it safe to show.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ToDo {
    /// Its number, by which it is ticked off.
    pub number: usize,
    /// It is ticked off.
    pub is_done: bool,
    /// What is to be done.
    pub words: &'static str,
    /// When and how it was done; else what is known of it. May be empty.
    pub note: String,
}

impl Group {
    /// True where something of it is not ticked off.
    pub fn is_left(&self) -> bool {
        self.tasks.iter().any(|task| !task.is_done)
    }

    /// What it is about, with what is to be known of that.
    pub fn heading(&self) -> String {
        let marks =
            if self.marks.is_empty() { String::new() } else { format!("  ({})", self.marks.join(", ")) };
        format!("{}{marks}", self.title)
    }
}

/// How an incident stands, for a row.
pub fn state(incident: &Incident, now: UnixSeconds) -> String {
    if let Some(closed) = incident.closed {
        return format!("nothing, closed {}", time::day(closed));
    }
    match incident.until {
        Some(until) if incident.is_running(now) => format!("running until {}", time::shown(until)),
        Some(_) if incident.awaits_list() => "ended, its list is to be made".to_owned(),
        _ => format!("{} of {}", incident.n_left(), incident.tasks.len()),
    }
}

/// What it is and what it rests on: names and what is known, safe to show.
pub fn facts(shown: &Shown) -> Vec<(&'static str, String)> {
    let incident = &shown.incident;
    let mut facts = vec![("opened", time::shown(incident.opened))];
    if !incident.reason.is_empty() {
        facts.push(("reason", label::shown(&incident.reason)));
    }
    facts.extend(incident.until.map(|until| ("until", time::shown(until))));
    if let Some(closed) = incident.closed {
        facts.push(("closed", format!("{}: nothing left", time::shown(closed))));
    } else if !incident.tasks.is_empty() {
        let things = count(incident.tasks.len(), "thing to do", "things to do");
        facts.push(("left", format!("{} of {things}", incident.n_left())));
    }
    for (place, words) in incident.basis.iter().enumerate() {
        facts.push((if place == 0 { "made from" } else { "" }, label::shown_message(words)));
    }
    if let Some(why) = &shown.log_unread {
        facts.push(("log", format!("cannot be read: {}", label::shown_message(why))));
    }
    facts
}

/// Of a break-glass session: what was revealed, a line each and in order, safe to show; `None` where there is nothing to
/// say of that.
pub fn revealed(shown: &Shown) -> Option<Vec<String>> {
    if shown.incident.kind != IncidentKind::BreakGlass || shown.log_unread.is_some() {
        return None;
    }
    // The list names each entry once, with its name.
    let names: BTreeMap<EntryId, String> =
        shown.incident.tasks.iter().filter_map(|task| Some((task.entry?, task.about.shown()))).collect();
    let name = |id: &EntryId| names.get(id).cloned().unwrap_or_else(|| id.to_string());
    let line = |one: &Revealed| {
        let of = one.entry.map(|id| format!(": {}", name(&id))).unwrap_or_default();
        format!("{}  {}  {}{of}", time::shown(one.at), one.who, in_words(one.event.name()))
    };
    Some(shown.revealed.iter().map(line).collect())
}

/// The things to do, in their order, those of one account together.
pub fn groups(shown: &Shown) -> Vec<Group> {
    let mut groups: Vec<Group> = Vec::new();
    let mut last: Option<&Task> = None;
    for (number, task) in (1..).zip(&shown.incident.tasks) {
        let goes_on = last.is_some_and(|last| {
            last.entry == task.entry && last.about == task.about && last.step < task.step
        });
        last = Some(task);
        let to_do = ToDo { number, is_done: task.done.is_some(), words: task.step.words(), note: note(task) };
        if let Some(group) = groups.last_mut().filter(|_| goes_on) {
            group.tasks.push(to_do);
            continue;
        }
        let privileged = task.privileged.then_some("privileged");
        let marks = privileged.into_iter().chain(task.entry.and_then(|id| away(shown, id))).collect();
        let title = if task.about.is_empty() { "the vault".to_owned() } else { task.about.shown() };
        groups.push(Group { title, marks, tasks: vec![to_do] });
    }
    groups
}

fn note(task: &Task) -> String {
    let Some(done) = &task.done else { return label::shown_message(&task.note) };
    let by = if done.by_itself { ", by itself" } else { "" };
    let note = if done.note.is_empty() { String::new() } else { format!(": {}", label::shown(&done.note)) };
    format!("done {}{by}{note}", time::day(done.at))
}

/// Where an entry of the list is, if it is not among the others.
pub fn away(shown: &Shown, id: EntryId) -> Option<&'static str> {
    if shown.gone.contains(&id) {
        Some("gone from the vault")
    } else if shown.in_trash.contains(&id) {
        Some("in the trash")
    } else {
        None
    }
}

/// What was ticked off and what is left, a line each.
pub fn done(done: &DoneWith) -> Vec<String> {
    let mut lines = Vec::new();
    if let Some(n) = done.list_made {
        lines.push(format!("the session has ended; its list: {}", count(n, "thing to do", "things to do")));
    }
    if !done.ticked.now.is_empty() {
        lines.push(format!("ticked off: {}", ranges(&done.ticked.now)));
    }
    for (number, at) in &done.ticked.before {
        lines.push(format!("{number} was ticked off already, on {}", time::day(*at)));
    }
    lines.push(match (done.closed, done.n_left) {
        (Some(_), _) => "nothing left: the incident is closed".to_owned(),
        (None, n) => count(n, "thing is left", "things are left"),
    });
    lines
}
