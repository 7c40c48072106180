//! What happened in the period, from the log, and what weakens something now.

use std::collections::{BTreeMap, HashMap};

use super::super::redact::Sort;
use super::{Material, fact, moment};
use crate::app::share_set;
use crate::audit::{Event, Record};
use crate::entry::EntryId;
use crate::wire::evidence_v1::Item;

/// The outcomes of changes that were announced, by the numbers of their records. A generation is announced again after it
/// was not saved, so that they are settled in the order of the log.
pub(super) struct Outcomes(HashMap<u64, &'static str>);

impl Outcomes {
    pub(super) fn of(records: &[(u64, &Record)]) -> Self {
        let mut outcomes = HashMap::new();
        let mut open: Vec<(u64, u64)> = Vec::new();
        for (number, record) in records {
            let Some(generation) = record.generation else { continue };
            if !matches!(record.event, Event::Saved | Event::NotDone) {
                open.push((*number, generation));
                outcomes.insert(*number, "unknown");
                continue;
            }
            let word = if record.event == Event::Saved { "saved" } else { "not-saved" };
            open.retain(|(announced, of)| {
                if *of == generation {
                    outcomes.insert(*announced, word);
                }
                *of != generation
            });
        }
        Self(outcomes)
    }

    /// `saved`, `not-saved` or `unknown`, of a record that announces a change.
    pub(super) fn of_record(&self, number: u64) -> Option<&'static str> {
        self.0.get(&number).copied()
    }
}

/// What was enrolled, rotated, removed and so on.
pub(super) fn changes(material: &Material<'_>) -> Vec<Item> {
    let outcomes = Outcomes::of(&material.records);
    let is_change = |record: &Record| {
        matches!(
            record.event,
            Event::Added
                | Event::ExceptionAdded
                | Event::ExceptionEnded
                | Event::Imported
                | Event::ImportUndone
                | Event::IncidentClosed
                | Event::IncidentOpened
                | Event::PassClosed
                | Event::PassIssued
                | Event::PlanChanged
                | Event::Proven
                | Event::Purged
                | Event::Rekeyed
                | Event::Removed
                | Event::Restored
                | Event::Rotated
                | Event::RunbookChanged
                | Event::Sealed
                | Event::TakenBack
                | Event::TaskDone
                | Event::Unsealed
        )
    };
    let records = material.records_in_period().filter(|(_, record)| is_change(record));
    let told = records.map(|(number, record)| Item {
        outcome: outcomes.of_record(number).map(str::to_owned),
        ..item(material, number, record)
    });
    told.collect()
}

/// Passphrases typed from memory, and shares checked.
pub(super) fn rehearsals(material: &Material<'_>) -> Vec<Item> {
    let records = material.records_in_period().filter(|(_, record)| record.event == Event::Rehearsed);
    records.map(|(number, record)| item(material, number, record)).collect()
}

/// What weakens something: what holds now, then what happened.
pub(super) fn exceptions(material: &Material<'_>) -> Vec<Item> {
    let mut items = states(material);
    let weakens = |record: &Record| {
        let in_clear = record.event == Event::Exported && fact(record, "plaintext") == Some("true");
        let other = matches!(
            record.event,
            Event::ClockCorrected
                | Event::ClockStepped
                | Event::Gap
                | Event::Repaired
                | Event::SandboxOff
                | Event::SeedShown
        );
        in_clear || other
    };
    let records = material.records_in_period().filter(|(_, record)| weakens(record));
    items.extend(records.map(|(number, record)| item(material, number, record)));
    items
}

fn states(material: &Material<'_>) -> Vec<Item> {
    let vault = &material.session.vault;
    let saved = material.records.iter().filter(|(_, record)| record.event == Event::Saved);
    let newest = saved.filter_map(|(_, record)| record.generation).max().unwrap_or(0);
    // From the log and not from what this machine has seen: the report is the same wherever it is made.
    let older = (newest > vault.generation).then(|| {
        let details = [("newest generation".to_owned(), newest.to_string())].into();
        Item { details, ..state("older-copy") }
    });
    let unreadable = vault.quarantine.iter().map(|quarantined| {
        let name = material.names.of(Sort::Text, quarantined.title.raw());
        Item { details: [("name".to_owned(), name)].into(), ..state("entry-unreadable") }
    });
    let known = vault.entries.iter().filter(|entry| entry.is_sealed()).filter_map(|entry| {
        Some(Item {
            at: Some(moment(entry.known_before?)),
            entry: Some(material.names.entry(entry.id)),
            ..state("sealed-known-before")
        })
    });
    older.into_iter().chain(unreadable).chain(known).collect()
}

fn state(event: &str) -> Item {
    Item {
        number: None,
        at: None,
        event: event.to_owned(),
        entry: None,
        user: None,
        host: None,
        way: None,
        reason: None,
        outcome: None,
        details: BTreeMap::new(),
    }
}

fn item(material: &Material<'_>, number: u64, record: &Record) -> Item {
    let names = &material.names;
    let facts = record.facts.iter().map(|(name, value)| {
        // A moment of the log's is told as every other.
        let since = if name == "since" { value.parse().ok().map(moment) } else { None };
        // Some records have a set's number, and its name is no secret.
        let set = if name == "share set" { value.parse().ok().map(share_set::name) } else { None };
        (name.clone(), since.or(set).unwrap_or_else(|| names.fact(name, value)))
    });
    Item {
        number: Some(number),
        at: Some(moment(record.at)),
        entry: record.entry.as_deref().and_then(EntryId::parse).map(|id| names.entry(id)),
        user: Some(names.of(Sort::Person, &record.user)),
        host: Some(names.of(Sort::Host, &record.host)),
        way: record.way.clone(),
        reason: record.reason.as_deref().map(|reason| names.of(Sort::Text, reason)),
        details: facts.collect(),
        ..state(record.event.name())
    }
}
