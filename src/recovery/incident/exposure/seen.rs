//! What the log says that a device or a person has opened.

use std::collections::{BTreeSet, HashMap, HashSet};

use super::Certainty;
use crate::audit::{Event, Record};
use crate::entry::{EntryId, Label, UnixSeconds};
use crate::recovery::incident::subject::{Subject, folded};

/// Something of an entry that was seen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum What {
    CodeShown,
    Exported,
    PassIssued,
    RecoveryCodes,
    SeedShown,
    SeedTyped,
    Unsealed,
}

/// Each, the gravest first, with what it means.
pub(super) const KINDS: [(What, Certainty); 7] = [
    (What::SeedShown, Certainty::SeedKnown),
    (What::Exported, Certainty::SeedKnown),
    (What::SeedTyped, Certainty::SeedKnown),
    (What::Unsealed, Certainty::SeedKnown),
    (What::RecoveryCodes, Certainty::CodeShown),
    (What::PassIssued, Certainty::CodeShown),
    (What::CodeShown, Certainty::CodeShown),
];

impl What {
    pub(super) const fn words(self) -> &'static str {
        match self {
            Self::CodeShown => "codes shown",
            Self::Exported => "the seed exported",
            Self::PassIssued => "a pass issued",
            Self::RecoveryCodes => "recovery codes shown: make new ones",
            Self::SeedShown => "the seed shown",
            Self::SeedTyped => "the seed brought in",
            Self::Unsealed => "the seal taken away",
        }
    }

    /// What a record says of the entry that it names.
    fn of(record: &Record) -> Option<Self> {
        if record.event == Event::CodeShown {
            Some(Self::CodeShown)
        } else if record.event == Event::SeedShown {
            let is_codes = fact(record, "what") == Some("recovery codes");
            Some(if is_codes { Self::RecoveryCodes } else { Self::SeedShown })
        } else if record.event == Event::RecoveryCodeUsed {
            Some(Self::RecoveryCodes)
        } else if record.event == Event::PassIssued {
            Some(Self::PassIssued)
        } else if record.event == Event::Unsealed {
            Some(Self::Unsealed)
        } else if matches!(record.event, Event::Added | Event::Rotated) {
            Some(Self::SeedTyped)
        } else {
            None
        }
    }
}

/// Tells whether a record says that something was revealed: what a break-glass session groups.
pub fn is_reveal(record: &Record) -> bool {
    matches!(
        record.event,
        Event::BundleMade
            | Event::CodeShown
            | Event::Exported
            | Event::KitMade
            | Event::PassIssued
            | Event::RecoveryCodeUsed
            | Event::Restored
            | Event::SeedShown
            | Event::Unsealed
    )
}

/// The entry that a record names; an export of several names none.
pub fn entry_of(record: &Record) -> Option<EntryId> {
    record.entry.as_deref().and_then(EntryId::parse)
}

/// When something of an entry was seen.
#[derive(Debug, Clone, Default)]
pub(super) struct PerEntry(Vec<(What, UnixSeconds)>);

impl PerEntry {
    pub(super) fn first_since(&self, what: What, since: UnixSeconds) -> Option<UnixSeconds> {
        self.0.iter().filter(|(seen, at)| *seen == what && *at >= since).map(|(_, at)| *at).min()
    }
}

/// What a device or a person has opened, by the log.
#[derive(Debug, Default)]
pub(super) struct Seen {
    /// The first record of theirs.
    pub(super) first: Option<UnixSeconds>,
    /// By what it was matched, safe to show.
    pub(super) matched: BTreeSet<String>,
    pub(super) entries: HashMap<EntryId, PerEntry>,
    /// Exports whose records do not name the entries.
    pub(super) unnamed_exports: Vec<UnixSeconds>,
    pub(super) n_bundles_made: usize,
    pub(super) other_hosts: BTreeSet<String>,
    pub(super) other_users: BTreeSet<String>,
}

impl Seen {
    pub(super) fn of(records: &[Record], subject: &Subject, devices: &HashSet<String>) -> Self {
        let person = match subject {
            Subject::Person(name) => Some(folded(name.raw())),
            Subject::Device(_) | Subject::Nobody => None,
        };
        let mut seen = Self::default();
        for record in records {
            let Some(by) = matched(record, person.as_deref(), devices) else {
                seen.other_hosts.insert(Label::new(record.host.as_str()).shown());
                seen.other_users.insert(Label::new(record.user.as_str()).shown());
                continue;
            };
            seen.matched.insert(by);
            // A clock that was wrong must not hide what came later in the log.
            seen.first = Some(seen.first.map_or(record.at, |first| first.min(record.at)));
            seen.take(record);
        }
        seen
    }

    fn take(&mut self, record: &Record) {
        if matches!(record.event, Event::BundleMade | Event::KitMade) {
            self.n_bundles_made += 1;
        }
        let named = entry_of(record);
        if record.event == Event::Exported {
            if named.is_none() && fact(record, "format") != Some("plan") {
                self.unnamed_exports.push(record.at);
            }
            if let Some(id) = named {
                self.note(id, What::Exported, record.at);
            }
        } else if let Some(what) = What::of(record) {
            if let Some(id) = named {
                self.note(id, what, record.at);
            }
        } else if record.event == Event::Drilled {
            let shown = fact(record, "codes shown").unwrap_or_default();
            for id in shown.split(',').filter_map(EntryId::parse) {
                self.note(id, What::CodeShown, record.at);
            }
        }
    }

    fn note(&mut self, id: EntryId, what: What, at: UnixSeconds) {
        self.entries.entry(id).or_default().0.push((what, at));
    }
}

/// By what a record is theirs.
fn matched(record: &Record, person: Option<&str>, devices: &HashSet<String>) -> Option<String> {
    if devices.contains(&folded(&record.host)) {
        return Some(format!("host `{}`", Label::new(record.host.as_str())));
    }
    let person = person?;
    let (user, host) = (Label::new(record.user.as_str()), Label::new(record.host.as_str()));
    if folded(&record.user) == person {
        return Some(format!("user `{user}`"));
    }
    if folded(&format!("{}@{}", record.user, record.host)) == person {
        return Some(format!("user `{user}@{host}`"));
    }
    let way = record.way.as_deref().filter(|way| folded(way) == person)?;
    Some(format!("way of opening `{}`", Label::new(way)))
}

fn fact<'a>(record: &'a Record, name: &str) -> Option<&'a str> {
    record.facts.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
}
