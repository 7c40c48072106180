//! Drills: how far a rehearsed restore went, what it found, and what the log keeps of it.

use std::fmt;

use crate::audit::{Event, Record};
use crate::entry::{EntryId, UnixSeconds};

/// Most entries of one finding that a record names; a record of the log stays far below the 64 KiB in which its writer
/// looks for the last one. The report names all of them.
const MOST_NAMED: usize = 100;

/// Most bytes of all attestations that a record keeps.
const MOST_ATTESTED_BYTES: usize = 16 << 10;

/// What opened a bundle that a key file alone opens: there is nothing that could be typed for it.
pub const KEY_FILE_ALONE: &str = "key file alone";

/// How far a drill went. Each level holds all before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Level {
    /// L0: the file is whole. Nothing was opened.
    Whole,
    /// L1: it opens with what was given.
    Opens,
    /// L2: restored into memory, its seeds and the clock are the live vault's.
    Restored,
    /// L3: services accepted its codes, and somebody attests it.
    Accepted,
}

impl Level {
    /// Every level, the lowest first.
    pub const ALL: [Self; 4] = [Self::Whole, Self::Opens, Self::Restored, Self::Accepted];

    /// The name in reports, in the log and on screens: `L0` to `L3`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Whole => "L0",
            Self::Opens => "L1",
            Self::Restored => "L2",
            Self::Accepted => "L3",
        }
    }

    /// Reads that name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|level| level.name() == name)
    }

    /// What it says, in words.
    pub const fn in_words(self) -> &'static str {
        match self {
            Self::Whole => "the file is whole",
            Self::Opens => "it opens",
            Self::Restored => "its seeds and the clock are the live vault's",
            Self::Accepted => "services accepted its codes",
        }
    }
}

impl fmt::Display for Level {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// What a drill found of one entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Verdict {
    /// The bundle gives the live vault's codes.
    Same,
    /// The live vault has it and the bundle has not.
    Missing,
    /// Its seed was replaced in the live vault after the bundle was made.
    Stale,
    /// The bundle has another seed, or makes codes in another way, though nothing was replaced since.
    Different,
    /// The bundle has it and the live vault has not.
    Extra,
    /// The bundle has it and cannot read it.
    Unreadable,
    /// It could not be compared: its seed is sealed, or too short for a proof that leaves the machine.
    NotCompared,
}

impl Verdict {
    /// Every verdict, in the order in which they are told.
    pub const ALL: [Self; 7] = [
        Self::Same,
        Self::Missing,
        Self::Stale,
        Self::Different,
        Self::Extra,
        Self::Unreadable,
        Self::NotCompared,
    ];

    /// The word in reports and in the log.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Same => "same",
            Self::Missing => "missing",
            Self::Stale => "stale",
            Self::Different => "different",
            Self::Extra => "extra",
            Self::Unreadable => "unreadable",
            Self::NotCompared => "not-compared",
        }
    }

    /// Reads that word.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|verdict| verdict.name() == name)
    }

    /// Tells whether a drill that has it ends with exit status 7.
    pub const fn is_finding(self) -> bool {
        !matches!(self, Self::Same | Self::NotCompared)
    }
}

/// The entries of one verdict.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// The verdict.
    pub verdict: Verdict,
    /// How many entries have it.
    pub count: usize,
    /// Which; the log keeps the first hundred, and none of those that are the same.
    pub entries: Vec<EntryId>,
}

/// Somebody signed in with a code that the bundle gave, and says so.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attested {
    /// The entry.
    pub entry: EntryId,
    /// Where it is written down: a ticket, a line of a log. Free text.
    pub reference: String,
}

/// What the log keeps of one drill.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Drill {
    /// When it began, by the clock of the machine that it ran on.
    pub at: UnixSeconds,
    /// Who ran it, as that machine named them.
    pub user: String,
    /// That machine.
    pub host: String,
    /// The bundle.
    pub bundle: [u8; 16],
    /// How far it went.
    pub level: Level,
    /// What opened the bundle, in words; empty at L0.
    pub opened_with: String,
    /// True when a person typed what opened it, during the drill.
    pub typed: bool,
    /// True when the live vault was on the same machine; false when a report was brought home.
    pub beside_vault: bool,
    /// What was found, by verdict; verdicts that no entry has are left out.
    pub found: Vec<Found>,
    /// Seconds by which the drill's clock was ahead of the live vault's, where it was off.
    pub clock_off: Option<i64>,
    /// Milliseconds from the start to the first code; `None` where none was reached.
    pub first_code_millis: Option<u64>,
    /// Milliseconds from the start to the end.
    pub total_millis: u64,
    /// What was attested.
    pub attested: Vec<Attested>,
    /// SHA-256 of the report, as hexadecimal digits, where one was written.
    pub report: Option<String>,
}

impl Drill {
    /// Tells whether anything is missing, stale or different.
    pub fn has_findings(&self) -> bool {
        self.clock_off.is_some()
            || self.found.iter().any(|found| found.count > 0 && found.verdict.is_finding())
    }

    /// How many entries have a verdict.
    pub fn count(&self, verdict: Verdict) -> usize {
        self.found.iter().filter(|found| found.verdict == verdict).map(|found| found.count).sum()
    }

    /// The facts of its record in the log. Who and where stand in the record itself, unless a report was brought home.
    pub fn facts(&self) -> Vec<(String, String)> {
        let mut facts = vec![
            ("bundle".to_owned(), data_encoding::HEXLOWER.encode(&self.bundle)),
            ("level".to_owned(), self.level.name().to_owned()),
            ("opened with".to_owned(), self.opened_with.clone()),
            ("typed".to_owned(), yes(self.typed)),
            ("beside the vault".to_owned(), yes(self.beside_vault)),
            ("total ms".to_owned(), self.total_millis.to_string()),
            ("drilled at".to_owned(), self.at.to_string()),
            ("drilled by".to_owned(), self.user.clone()),
            ("drilled on".to_owned(), self.host.clone()),
        ];
        let mut put = |name: String, value: String| facts.push((name, value));
        if let Some(millis) = self.first_code_millis {
            put("first code ms".to_owned(), millis.to_string());
        }
        if let Some(seconds) = self.clock_off {
            put("clock off".to_owned(), seconds.to_string());
        }
        if let Some(sha256) = &self.report {
            put("report".to_owned(), sha256.clone());
        }
        for found in self.found.iter().filter(|found| found.count > 0) {
            put(found.verdict.name().to_owned(), found.count.to_string());
            if found.verdict != Verdict::Same && !found.entries.is_empty() {
                let named: Vec<String> =
                    found.entries.iter().take(MOST_NAMED).map(EntryId::to_string).collect();
                put(format!("{} entries", found.verdict.name()), named.join(","));
            }
        }
        let mut n_bytes = 0;
        for attested in &self.attested {
            n_bytes += attested.reference.len() + 64;
            if n_bytes > MOST_ATTESTED_BYTES {
                break;
            }
            put(format!("attested {}", attested.entry), attested.reference.clone());
        }
        facts
    }

    /// Reads a record of the log; `None` where it is not one of a drill.
    pub fn of_record(record: &Record) -> Option<Self> {
        if !matches!(record.event, Event::Drilled | Event::DrillRecorded) {
            return None;
        }
        let fact = |name: &str| {
            record.facts.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
        };
        let found = |verdict: Verdict| {
            let count = fact(verdict.name())?.parse().ok()?;
            let entries = fact(&format!("{} entries", verdict.name())).unwrap_or_default();
            let entries = entries.split(',').filter_map(EntryId::parse).collect();
            Some(Found { verdict, count, entries })
        };
        let attested = record.facts.iter().filter_map(|(name, reference)| {
            let entry = EntryId::parse(name.strip_prefix("attested ")?)?;
            Some(Attested { entry, reference: reference.clone() })
        });
        Some(Self {
            at: fact("drilled at")?.parse().ok()?,
            user: fact("drilled by")?.to_owned(),
            host: fact("drilled on")?.to_owned(),
            bundle: data_encoding::HEXLOWER.decode(fact("bundle")?.as_bytes()).ok()?.try_into().ok()?,
            level: Level::parse(fact("level")?)?,
            opened_with: fact("opened with")?.to_owned(),
            typed: fact("typed")? == "yes",
            beside_vault: fact("beside the vault")? == "yes",
            found: Verdict::ALL.into_iter().filter_map(found).collect(),
            clock_off: fact("clock off").and_then(|seconds| seconds.parse().ok()),
            first_code_millis: fact("first code ms").and_then(|millis| millis.parse().ok()),
            total_millis: fact("total ms")?.parse().ok()?,
            attested: attested.collect(),
            report: fact("report").map(str::to_owned),
        })
    }
}

fn yes(is_so: bool) -> String {
    if is_so { "yes" } else { "no" }.to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn id(byte: u8) -> EntryId {
        EntryId::parse(&format!("{byte:02x}").repeat(16)).expect("32 digits")
    }

    fn drill() -> Drill {
        Drill {
            at: 1_800_000_000,
            user: "ana".into(),
            host: "laptop".into(),
            bundle: [7; 16],
            level: Level::Opens,
            opened_with: "passphrase".into(),
            typed: true,
            beside_vault: false,
            found: vec![
                Found { verdict: Verdict::Same, count: 3, entries: Vec::new() },
                Found { verdict: Verdict::Stale, count: 2, entries: vec![id(1), id(2)] },
            ],
            clock_off: Some(-90),
            first_code_millis: Some(61_000),
            total_millis: 120_000,
            attested: vec![Attested { entry: id(3), reference: "INC-7, by phone".into() }],
            report: Some("ab".repeat(32)),
        }
    }

    fn record(drill: &Drill) -> Record {
        Record {
            at: 1_800_000_500,
            event: Event::DrillRecorded,
            entry: None,
            user: "bob".into(),
            host: "home".into(),
            way: None,
            reason: None,
            generation: None,
            facts: drill.facts(),
        }
    }

    #[test]
    fn the_log_gives_back_what_was_kept_of_a_drill() {
        let drill = drill();
        assert_eq!(Drill::of_record(&record(&drill)), Some(drill));
    }

    #[test]
    fn a_record_names_a_hundred_entries_of_a_finding_and_counts_all() {
        let mut long = drill();
        long.found = vec![Found { verdict: Verdict::Missing, count: 300, entries: vec![id(9); 300] }];
        let read = Drill::of_record(&record(&long)).expect("a drill");
        assert_eq!((read.count(Verdict::Missing), read.found[0].entries.len()), (300, 100));
        assert!(read.has_findings());
    }

    #[test]
    fn a_record_of_something_else_is_no_drill() {
        let other = Record { event: Event::Edited, ..record(&drill()) };
        assert_eq!(Drill::of_record(&other), None);
        let cut = Record { facts: Vec::new(), ..record(&drill()) };
        assert_eq!(Drill::of_record(&cut), None);
    }
}
