//! A break-glass session: what was revealed in its time, and what is to be done about it.

use std::cmp::Reverse;
use std::collections::{BTreeMap, HashMap};

use super::exposure::{entry_of, is_reveal};
use super::{Incident, Task, TaskStep};
use crate::audit::{Event, Record};
use crate::entry::{Entry, EntryId, Label, UnixSeconds};

/// Names the session itself in a thing to do.
const SESSION: &str = "the session";

/// Something that was revealed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Revealed {
    /// When.
    pub at: UnixSeconds,
    /// What happened.
    pub event: Event,
    /// The entry that the record names.
    pub entry: Option<EntryId>,
    /// Who, as the log has it, safe to show.
    pub who: String,
    /// Recovery codes, and not a seed.
    pub is_codes: bool,
    /// The recovery plan, and no entry.
    pub is_plan: bool,
}

/// What was revealed between the opening of an incident and its end, or now.
pub fn revealed(incident: &Incident, records: &[Record], now: UnixSeconds) -> Vec<Revealed> {
    let end = incident.until.unwrap_or(now);
    // The log's order says what came after the opening; clocks say it to the second.
    let id = incident.id.to_string();
    let is_opening = |record: &Record| {
        record.event == Event::IncidentOpened
            && record.facts.iter().any(|(name, value)| name == "incident" && *value == id)
    };
    let after = records.iter().position(is_opening).map_or(0, |place| place + 1);
    let records = records.get(after..).unwrap_or_default();
    let in_time = |record: &&Record| incident.opened <= record.at && record.at <= end && is_reveal(record);
    let told = records.iter().filter(in_time).map(|record| {
        let has = |name: &str, value: &str| record.facts.iter().any(|(n, v)| n == name && v == value);
        Revealed {
            at: record.at,
            event: record.event,
            entry: entry_of(record),
            who: format!("{}@{}", Label::new(record.user.as_str()), Label::new(record.host.as_str())),
            is_codes: has("what", "recovery codes"),
            is_plan: record.event == Event::Exported && has("format", "plan"),
        }
    });
    told.collect()
}

/// What is to be done where the log could not be read, and nobody can say what was revealed.
pub fn unread() -> Task {
    let note = "the log could not be read: write down by hand what was opened, and rotate it".to_owned();
    let about = Label::new(SESSION);
    Task { step: TaskStep::Review, entry: None, about, privileged: false, note, done: None }
}

/// What is known of an entry after the session.
#[derive(Default)]
struct Opened {
    seed: bool,
    codes: Vec<&'static str>,
    notes: Vec<&'static str>,
}

/// The list of things to do: every seed that was shown or exported is rotated, every code looked at, and of privileged
/// entries rotated as well.
pub fn list(revealed: &[Revealed], entries: &[Entry]) -> Vec<Task> {
    let by_id: HashMap<EntryId, &Entry> = entries.iter().map(|entry| (entry.id, entry)).collect();
    let mut opened: BTreeMap<EntryId, Opened> = BTreeMap::new();
    let mut others: BTreeMap<&'static str, usize> = BTreeMap::new();
    for one in revealed {
        let mut other = |words| *others.entry(words).or_default() += 1;
        if one.event == Event::Exported && one.entry.is_none() && !one.is_plan {
            other("an export whose record names none of its entries: destroy the file");
            for entry in entries.iter().filter(|entry| !entry.is_sealed() && entry.created <= one.at) {
                opened.entry(entry.id).or_default().exported(true);
            }
        } else if one.entry.is_none() {
            other(without_entry(one));
        }
        if let Some(id) = one.entry {
            opened.entry(id).or_default().take(one);
        }
    }
    let title =
        |id: &EntryId| by_id.get(id).map_or_else(|| format!("entry {id}, which is gone"), |e| e.title());
    let mut found: Vec<(EntryId, bool, Label, Opened)> = opened
        .into_iter()
        .map(|(id, opened)| {
            (id, by_id.get(&id).is_some_and(|entry| entry.privileged), Label::new(title(&id)), opened)
        })
        .collect();
    found.sort_by_cached_key(|(_, privileged, about, opened)| {
        (Reverse(*privileged), Reverse(opened.seed), about.shown().to_lowercase())
    });
    let mut tasks = Vec::new();
    for (id, privileged, about, opened) in found {
        let rotates = opened.seed || privileged;
        let note = opened.codes.iter().chain(&opened.notes).copied().collect::<Vec<_>>().join("; ");
        let steps: &[TaskStep] =
            if rotates { &[TaskStep::RotateSeed, TaskStep::Prove] } else { &[TaskStep::Review] };
        for step in steps {
            let note = if *step == TaskStep::Prove { String::new() } else { note.clone() };
            tasks.push(Task {
                step: *step,
                entry: Some(id),
                about: about.clone(),
                privileged,
                note,
                done: None,
            });
        }
    }
    let other = |step, about: Label, note: &str| {
        let note = note.to_owned();
        Task { step, entry: None, about, privileged: false, note, done: None }
    };
    for (words, n) in others {
        let about = if n == 1 { "once".to_owned() } else { format!("{n} times") };
        tasks.push(other(TaskStep::Review, Label::new(about), words));
    }
    if tasks.is_empty() {
        return tasks;
    }
    let is_rotated = tasks.iter().any(|task| task.step == TaskStep::RotateSeed);
    let note = "who opened what, and why; was it needed; what would make it needless";
    tasks.push(other(TaskStep::Review, Label::new(SESSION), note));
    if is_rotated {
        let note = "of all entries, when every seed is rotated; destroy the older bundles";
        tasks.push(other(TaskStep::Rebundle, Label::default(), note));
    }
    tasks
}

impl Opened {
    fn exported(&mut self, perhaps: bool) {
        self.seed = true;
        self.note(if perhaps { "may have been in an export" } else { "the seed was exported" });
    }

    fn take(&mut self, one: &Revealed) {
        if one.event == Event::SeedShown && one.is_codes {
            self.note("recovery codes were shown: make new ones at the service");
        } else if one.event == Event::SeedShown {
            self.seed = true;
            self.note("the seed was shown");
        } else if one.event == Event::Exported {
            self.exported(false);
        } else if one.event == Event::Unsealed {
            self.seed = true;
            self.note("the seal was taken away: seal it again");
        } else if one.event == Event::RecoveryCodeUsed {
            self.note("a recovery code was handed out");
        } else if one.event == Event::PassIssued {
            self.note("a pass was issued: close it");
        } else {
            self.code("codes were shown");
        }
    }

    fn code(&mut self, words: &'static str) {
        if !self.codes.contains(&words) {
            self.codes.push(words);
        }
    }

    fn note(&mut self, words: &'static str) {
        if !self.notes.contains(&words) {
            self.notes.push(words);
        }
    }
}

fn without_entry(one: &Revealed) -> &'static str {
    let event = one.event;
    if event == Event::BundleMade {
        "a bundle was made: where is it, and who can open it"
    } else if event == Event::KitMade {
        "a kit was made: who has it"
    } else if event == Event::Restored {
        "a bundle was restored, or a previous generation put back"
    } else if one.is_plan {
        "the recovery plan was written out: destroy the file"
    } else {
        "something was shown that is no entry"
    }
}
