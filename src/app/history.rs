//! What the end of the log says: the newest records, what happened to one entry, what was used last.
//!
//! As far back as the last 64 KiB of the file go, some hundred records. It proves nothing: the chain is
//! followed by whoever checks the log.

use std::collections::BTreeMap;

use super::context::Context;
use super::log;
use super::session::Session;
use crate::audit::{Event, Record};
use crate::entry::{Entry, EntryId, Label, UnixSeconds};

/// One thing that happened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Happened {
    /// When, by the machine's clock of then.
    pub at: UnixSeconds,
    /// The word for it in the log.
    pub event: &'static str,
    /// The entry it was about.
    pub entry: Option<EntryId>,
    /// The entry's name as it is now, safe to show; empty where it is gone for good or there was none.
    pub title: String,
    /// Who, where, why, and further facts, safe to show.
    pub about: String,
}

/// The newest records, newest first.
pub fn recent(ctx: &Context, session: &Session) -> Vec<Happened> {
    let records = log::recent(ctx, &session.path, &session.vault).records;
    let mut titles: BTreeMap<String, (EntryId, String)> = BTreeMap::new();
    let trashed = session.vault.trash.iter().map(|trashed| &trashed.entry);
    // Only the names that are asked for: a vault may be large and the end of its log is not.
    let wanted: std::collections::BTreeSet<&str> =
        records.iter().filter_map(|record| record.entry.as_deref()).collect();
    for entry in session.vault.entries.iter().chain(trashed) {
        let id = entry.id.to_string();
        if wanted.contains(id.as_str()) {
            titles.insert(id, (entry.id, Entry::title(entry)));
        }
    }
    records
        .iter()
        .rev()
        .filter(|record| is_worth_telling(record))
        .map(|record| told(record, &titles))
        .collect()
}

/// What happened to one entry, newest first.
pub fn of_entry(ctx: &Context, session: &Session, id: EntryId) -> Vec<Happened> {
    let mut happened = recent(ctx, session);
    happened.retain(|one| one.entry == Some(id));
    happened
}

/// When the codes of entries were last shown or copied, newest first.
pub fn last_used(ctx: &Context, session: &Session) -> Vec<(EntryId, UnixSeconds)> {
    let mut used: Vec<(EntryId, UnixSeconds)> = Vec::new();
    for happened in recent(ctx, session) {
        let Some(id) = happened.entry.filter(|_| happened.event == Event::CodeShown.name()) else { continue };
        if !used.iter().any(|(other, _)| *other == id) {
            used.push((id, happened.at));
        }
    }
    used
}

/// A confirmation of a change says nothing that its announcement has not said.
fn is_worth_telling(record: &Record) -> bool {
    record.event != Event::Saved
}

fn told(record: &Record, titles: &BTreeMap<String, (EntryId, String)>) -> Happened {
    let known = record.entry.as_ref().and_then(|id| titles.get(id));
    let shown = |text: &str| Label::new(text).shown();
    let mut about = format!("{}@{}", shown(&record.user), shown(&record.host));
    if let Some(reason) = &record.reason {
        about.push_str(&format!("  because {}", shown(reason)));
    }
    for (name, value) in &record.facts {
        about.push_str(&format!("  {}={}", shown(name), shown(value)));
    }
    Happened {
        at: record.at,
        event: record.event.name(),
        entry: known.map(|(id, _)| *id),
        title: known.map(|(_, title)| title.clone()).unwrap_or_default(),
        about,
    }
}
