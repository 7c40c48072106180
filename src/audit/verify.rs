//! Checks a log against its chain, against itself, and against what the vault knows of it.
//!
//! A sealed line is bound to its vault, its number and the head before it. Without the vault's key a whole line can be
//! taken away, put elsewhere, doubled or spoiled, and nothing else; each of these is looked for by itself
//! (`lines`). What the records say must fit together as well (`said`).
//!
//! Whoever has the key can write another chain, and what stands behind the last record that the vault knows of can be
//! cut off unseen: no check of the log alone finds either.

mod lines;
mod said;

use std::collections::BTreeMap;

use super::record::{Event, Record};
use super::trail::{Own, Read};

/// A file of the log, read.
#[derive(Debug, Clone, Default)]
pub struct File {
    /// Its lines.
    pub reads: Vec<Read>,
    /// It is the one that is written to, and the last.
    pub is_current: bool,
}

/// What is known of the log from elsewhere.
#[derive(Debug, Clone, Copy)]
pub struct Known {
    /// The head of the vault's empty chain.
    pub start: [u8; 32],
    /// How many records there were at the vault's last save, and the head after them. No record means none.
    pub anchor: (u64, [u8; 32]),
    /// The vault's generation.
    pub generation: u64,
}

/// The sort of a finding. Its name is part of the JSON that `audit verify` prints.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// The vault knows another head.
    AnchorDiffers,
    /// A record does not go on from the one before it.
    ChainBroken,
    /// A line was changed: it cannot be opened, or is none.
    Changed,
    /// Lines in clear are not those that a record took in.
    ClearLinesDiffer,
    /// The clock of one machine went back.
    ClockWentBack,
    /// The clocks of two machines are apart.
    ClocksApart,
    /// The log ends before what the vault knows of.
    Cut,
    /// Records of another vault stand between those of this one.
    Foreign,
    /// Records of another vault stand before those of this one.
    ForeignBefore,
    /// Records could not be written for a while.
    Gap,
    /// The vault's generation went back.
    GenerationWentBack,
    /// A head that was noted elsewhere is not in the chain.
    HeadUnknown,
    /// Records are missing.
    Missing,
    /// Records of a newer version, which this one cannot read.
    Newer,
    /// Lines in clear that no record has taken in yet.
    NotSealed,
    /// Records stand in another order than they were written in.
    OutOfOrder,
    /// A line that a crash cut short, as the record after it says.
    Repaired,
    /// A last line without its end.
    Torn,
    /// Records stand twice.
    Twice,
    /// A file cannot be read.
    Unreadable,
    /// A change was announced, and no record says how it ended.
    Unsettled,
    /// The vault is older than the log.
    VaultOlder,
}

impl Kind {
    /// The word in JSON.
    pub const fn name(self) -> &'static str {
        match self {
            Self::AnchorDiffers => "anchor-differs",
            Self::ChainBroken => "chain-broken",
            Self::Changed => "changed",
            Self::ClearLinesDiffer => "clear-lines-differ",
            Self::ClockWentBack => "clock-went-back",
            Self::ClocksApart => "clocks-apart",
            Self::Cut => "cut",
            Self::Foreign => "foreign",
            Self::ForeignBefore => "foreign-before",
            Self::Gap => "gap",
            Self::GenerationWentBack => "generation-went-back",
            Self::HeadUnknown => "head-unknown",
            Self::Missing => "missing",
            Self::Newer => "newer",
            Self::NotSealed => "not-sealed",
            Self::OutOfOrder => "out-of-order",
            Self::Repaired => "repaired",
            Self::Torn => "torn",
            Self::Twice => "twice",
            Self::Unreadable => "unreadable",
            Self::Unsettled => "unsettled",
            Self::VaultOlder => "vault-older",
        }
    }

    /// Whether it is about records that cannot be read.
    const fn is_unread(self) -> bool {
        matches!(self, Self::Changed | Self::Cut | Self::Missing)
    }

    /// Whether something is wrong; else it is told for the sake of completeness.
    pub const fn is_wrong(self) -> bool {
        match self {
            Self::AnchorDiffers
            | Self::ChainBroken
            | Self::Changed
            | Self::ClearLinesDiffer
            | Self::ClockWentBack
            | Self::Cut
            | Self::Foreign
            | Self::GenerationWentBack
            | Self::HeadUnknown
            | Self::Missing
            | Self::OutOfOrder
            | Self::Twice
            | Self::Unreadable
            | Self::VaultOlder => true,
            Self::ClocksApart
            | Self::ForeignBefore
            | Self::Gap
            | Self::Newer
            | Self::NotSealed
            | Self::Repaired
            | Self::Torn
            | Self::Unsettled => false,
        }
    }
}

/// Where a line stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place {
    /// The file, counted from 0 in the order in which they were given.
    pub file: usize,
    /// The line in it, from 1.
    pub line: u64,
}

/// One thing that the check has found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// Its sort.
    pub kind: Kind,
    /// The first and the last record that it is about.
    pub records: Option<(u64, u64)>,
    /// Where it stands.
    pub place: Option<Place>,
    /// When the first of the records was made and what it says, where that can be read.
    pub of: Option<(u64, Event)>,
    /// When the records before and behind those that it is about were made, where they cannot be read themselves.
    pub between: (Option<u64>, Option<u64>),
    /// What was found, in words without a full stop. Nothing in them is from outside.
    pub words: String,
}

impl Finding {
    /// A finding about nothing in particular.
    pub fn new(kind: Kind, words: impl Into<String>) -> Self {
        Self { kind, records: None, place: None, of: None, between: (None, None), words: words.into() }
    }

    fn at(mut self, place: Place) -> Self {
        self.place = Some(place);
        self
    }

    fn about(mut self, first: u64, last: u64) -> Self {
        self.records = Some((first, last));
        self
    }

    fn reading(mut self, record: Option<&Record>) -> Self {
        self.of = record.map(|record| (record.at, record.event));
        self
    }
}

/// What came of a check.
#[derive(Debug, Clone)]
pub struct Checked {
    /// What was found, in the order of the records.
    pub findings: Vec<Finding>,
    /// The records that are there, each once.
    pub n_records: u64,
    /// The number of the last one.
    pub count: u64,
    /// The head of the chain after it.
    pub head: [u8; 32],
    /// Every head that is known, with the number of records before it.
    heads: BTreeMap<[u8; 32], u64>,
}

impl Checked {
    /// After how many records the chain had this head; `None` when it never did.
    pub fn stands_at(&self, head: &[u8; 32]) -> Option<u64> {
        self.heads.get(head).copied()
    }
}

/// A record in its place.
#[derive(Debug, Clone, Copy)]
struct Placed<'a> {
    own: &'a Own,
    place: Place,
}

/// Checks the files of a log, the rotated ones first, in the order of their numbers.
pub fn check(files: &[File], known: &Known) -> Checked {
    let walk = lines::Walk::over(files);
    let mut findings = Vec::new();
    let records = walk.records(&mut findings);
    walk.unopened(&records, known, &mut findings);
    lines::chain(&records, known, &mut findings);
    said::check(&records, known, &mut findings);
    walk.in_clear(&mut findings);
    for finding in &mut findings {
        if let (Some((first, last)), true) = (finding.records, finding.kind.is_unread()) {
            let made = |placed: &Placed<'_>| placed.own.record.as_ref().map(|record| record.at);
            let before = records.range(..first).next_back().and_then(|(_, placed)| made(placed));
            let behind = records.range(last.saturating_add(1)..).next().and_then(|(_, placed)| made(placed));
            finding.between = (before, behind);
        }
    }
    // What is about one record stands together, whichever check has found it; what is about none comes last.
    findings.sort_by_key(|finding| finding.records.map_or(u64::MAX, |(first, _)| first));
    let mut heads = BTreeMap::from([(known.start, 0)]);
    for placed in records.values() {
        heads.insert(placed.own.previous, placed.own.number.saturating_sub(1));
        heads.insert(placed.own.head, placed.own.number);
    }
    let last = records.values().next_back();
    Checked {
        findings,
        n_records: u64::try_from(records.len()).unwrap_or(u64::MAX),
        count: last.map_or(0, |placed| placed.own.number),
        head: last.map_or(known.start, |placed| placed.own.head),
        heads,
    }
}

/// `record 5`, `records 5 to 9`
fn numbered(first: u64, last: u64) -> String {
    if first == last { format!("record {first}") } else { format!("records {first} to {last}") }
}

/// `1 line`, `2 lines`
fn counted(n: usize, one: &str, several: &str) -> String {
    if n == 1 { format!("1 {one}") } else { format!("{n} {several}") }
}

#[cfg(test)]
mod tests;
