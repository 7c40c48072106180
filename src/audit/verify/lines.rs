//! What can be done to a log without its key: lines taken away, moved, doubled, spoiled, brought from elsewhere.

use std::collections::BTreeMap;

use super::{Checked, File, Finding, Kind, Known, Place, Placed, counted, numbered};
use crate::audit::record::Event;
use crate::audit::trail::{InClear, Read, Seen};

/// The records that are there, by number.
pub(super) type Records<'a> = BTreeMap<u64, Placed<'a>>;

/// The lines in the order in which they were written, and those of files that hold nothing of this vault.
pub(super) struct Walk<'a> {
    lines: Vec<(Place, &'a Seen)>,
    elsewhere: Vec<(Place, &'a Seen)>,
}

impl<'a> Walk<'a> {
    pub(super) fn over(files: &'a [File]) -> Self {
        let mut walk = Self { lines: Vec::new(), elsewhere: Vec::new() };
        for (file, content) in files.iter().enumerate() {
            let has_own = content.reads.iter().any(|read| matches!(read.seen, Seen::Own(_)));
            let placed = |Read { line, seen }: &'a Read| (Place { file, line: *line }, seen);
            let into = if has_own || content.is_current { &mut walk.lines } else { &mut walk.elsewhere };
            into.extend(content.reads.iter().map(placed));
        }
        walk
    }

    /// Collects the records, each once, and tells which stand twice or in another order than their numbers.
    pub(super) fn records(&self, findings: &mut Vec<Finding>) -> Records<'a> {
        let mut records = Records::new();
        let mut behind = Runs::default();
        let mut twice = Runs::default();
        let mut highest = 0;
        for (place, seen) in &self.lines {
            let Seen::Own(own) = seen else { continue };
            let placed = Placed { own, place: *place };
            match records.get(&own.number) {
                Some(Placed { own: first, .. }) if first.head == own.head => twice.push(placed, 0),
                Some(Placed { place: first, .. }) => findings.push(
                    Finding::new(
                        Kind::Twice,
                        format!(
                            "there are two records {}, which say different things, the other one on line {}: the log \
                             was set back, and went on from there",
                            own.number, first.line
                        ),
                    )
                    .about(own.number, own.number)
                    .at(*place)
                    .reading(own.record.as_ref()),
                ),
                None => {
                    if own.number < highest {
                        behind.push(placed, highest);
                    }
                    highest = highest.max(own.number);
                    records.insert(own.number, placed);
                }
            }
        }
        for run in behind.0 {
            let words = format!("{} behind record {}", stand(run.first.own.number, run.last), run.highest);
            findings.push(run.finding(Kind::OutOfOrder, words));
        }
        for run in twice.0 {
            let words =
                format!("{} twice, the second time from here on", stand(run.first.own.number, run.last));
            findings.push(run.finding(Kind::Twice, words));
        }
        records
    }

    /// Tells which records are missing, and what stands in their places.
    pub(super) fn unopened(&self, records: &Records<'a>, known: &Known, findings: &mut Vec<Finding>) {
        let mut missing = Missing::of(records, known.anchor.0);
        let mut bad = Vec::new();
        let mut last: Option<Placed<'a>> = None;
        for (idx, (place, seen)) in self.lines.iter().enumerate() {
            match seen {
                Seen::Open { .. } => {}
                Seen::Own(own) => {
                    let is_repaired = self.begins_with_repair(idx);
                    Self::judge(
                        &Between { last, next: Some(own.number), is_repaired, start: known.start },
                        &bad,
                        &mut missing,
                        findings,
                    );
                    bad.clear();
                    last = Some(Placed { own, place: *place });
                }
                Seen::Cut { over: None } if idx + 1 == self.lines.len() => findings.push(
                    Finding::new(
                        Kind::Torn,
                        "the last line has no end: a crash cut it short, and the next record will say so",
                    )
                    .at(*place),
                ),
                Seen::Cut { .. } | Seen::Foreign { .. } | Seen::Spoiled => bad.push((*place, *seen)),
            }
        }
        let end = Between { last, next: None, is_repaired: false, start: known.start };
        Self::judge(&end, &bad, &mut missing, findings);
        missing.told(known, findings);
        for group in grouped(&self.elsewhere) {
            findings.push(group);
        }
    }

    /// Whether the records that were written together with this one, and began there, tell of a line cut short.
    fn begins_with_repair(&self, idx: usize) -> bool {
        let ahead = self.lines.iter().skip(idx).take(3);
        for (_, seen) in ahead {
            match seen {
                Seen::Own(own) => match own.record.as_ref().map(|record| record.event) {
                    Some(Event::Repaired) => return true,
                    Some(Event::LogBroken | Event::LogRotated) => {}
                    Some(_) | None => return false,
                },
                Seen::Cut { .. } | Seen::Foreign { .. } | Seen::Open { .. } | Seen::Spoiled => return false,
            }
        }
        false
    }

    /// Says what the lines between two records are that are none of this vault.
    fn judge(
        between: &Between<'a>,
        bad: &[(Place, &'a Seen)],
        missing: &mut Missing,
        findings: &mut Vec<Finding>,
    ) {
        if bad.is_empty() {
            return;
        }
        let after = between.last.map_or(0, |placed| placed.own.number);
        let n_missing = missing.between(after, between.next);
        // Nearest to the record that follows: what stands before the first one may be another vault's.
        let taken = usize::try_from(n_missing).unwrap_or(usize::MAX).min(bad.len());
        let skipped = if between.last.is_none() { bad.len() - taken } else { 0 };
        let changed = bad.iter().skip(skipped).take(taken);
        for (number, (place, seen)) in (after + 1..).zip(changed) {
            missing.found(number);
            let what = match seen {
                Seen::Cut { over: Some(_) } => "the end of its line is another character",
                Seen::Cut { over: None }
                | Seen::Foreign { .. }
                | Seen::Open { .. }
                | Seen::Own(_)
                | Seen::Spoiled => "its line does not open",
            };
            findings.push(
                Finding::new(Kind::Changed, format!("record {number} was changed: {what}"))
                    .about(number, number)
                    .at(*place),
            );
        }
        let rest: Vec<(Place, &Seen)> =
            bad.iter().take(skipped).chain(bad.iter().skip(skipped + taken)).copied().collect();
        let head = between.last.map_or(between.start, |placed| placed.own.head);
        for finding in grouped(&rest) {
            let is_ours = rest
                .iter()
                .any(|(place, seen)| Some(*place) == finding.place && claims(seen, after + 1, &head));
            let Some(place) = finding.place else { continue };
            findings.push(match (&between.last, between.next) {
                _ if finding.kind == Kind::Changed && between.is_repaired => Finding::new(
                    Kind::Repaired,
                    "a line that a crash cut short; the record after it says so",
                )
                .about(after, after + 1)
                .at(place),
                _ if is_ours && between.is_repaired => Finding::new(
                    Kind::Repaired,
                    "a record that a crash cut short; the record after it says so",
                )
                .about(after, after + 1)
                .at(place),
                (last, None) if is_ours || (last.is_some() && finding.kind == Kind::Changed) => Finding::new(
                    Kind::Changed,
                    format!(
                        "a line behind record {after} does not open: it was record {} and was changed, or somebody \
                         added it",
                        after + 1
                    ),
                )
                .about(after + 1, after + 1)
                .at(place),
                (Some(_), _) if finding.kind == Kind::ForeignBefore => {
                    Finding { kind: Kind::Foreign, ..finding.about(after, after) }
                }
                _ => finding,
            });
        }
    }

    /// Compares the lines in clear with what the records say that they took in.
    pub(super) fn in_clear(&self, findings: &mut Vec<Finding>) {
        let mut waiting = InClear::default();
        let mut first: Option<Place> = None;
        for (place, seen) in &self.lines {
            let own = match seen {
                Seen::Open { at, event } => {
                    waiting.push(*at, event);
                    first = first.or(Some(*place));
                    continue;
                }
                Seen::Own(own) => own,
                Seen::Cut { .. } | Seen::Foreign { .. } | Seen::Spoiled => continue,
            };
            let record = own.record.as_ref();
            let event = record.map(|record| record.event);
            if matches!(event, Some(Event::LogBroken | Event::LogRotated | Event::Repaired)) {
                continue;
            }
            let there = waiting.count();
            let found = std::mem::take(&mut waiting).facts();
            let place = first.take().unwrap_or(*place);
            let absorbs = record.filter(|record| record.event == Event::Absorbed);
            let words = match absorbs {
                Some(record) if found.as_ref() != Some(&record.facts) => {
                    let fact = record.facts.iter().find(|(name, _)| name == "lines");
                    let taken: u64 = fact.and_then(|(_, n)| n.parse().ok()).unwrap_or(0);
                    format!(
                        "the lines in clear before record {} are not those that it took in: it took in {taken}, and {there} \
                         stand there",
                        own.number
                    )
                }
                None if there > 0 => format!(
                    "{} in clear before record {}, and no record took them in: they were added later",
                    counted(usize::try_from(there).unwrap_or(usize::MAX), "line stands", "lines stand"),
                    own.number
                ),
                _ => continue,
            };
            let finding = Finding::new(Kind::ClearLinesDiffer, words).about(own.number, own.number).at(place);
            findings.push(finding.reading(record));
        }
        if let (Some(place), n @ 1..) = (first, waiting.count()) {
            let n = usize::try_from(n).unwrap_or(usize::MAX);
            let words = format!(
                "{} not sealed yet: anybody who can write the file could have added, changed or removed them",
                counted(n, "line in clear at the end is", "lines in clear at the end are")
            );
            findings.push(Finding::new(Kind::NotSealed, words).at(place));
        }
    }
}

/// The records around lines that are none.
struct Between<'a> {
    last: Option<Placed<'a>>,
    next: Option<u64>,
    /// The record behind them tells of a line cut short.
    is_repaired: bool,
    /// The head before the first record.
    start: [u8; 32],
}

/// Whether a line that does not open says of itself that it goes on from a record.
fn claims(seen: &Seen, next: u64, head: &[u8; 32]) -> bool {
    match seen {
        Seen::Foreign { number, previous } => *number == next && previous == head,
        Seen::Cut { .. } | Seen::Open { .. } | Seen::Own(_) | Seen::Spoiled => false,
    }
}

/// One finding for lines of one sort that follow one another.
fn grouped(lines: &[(Place, &Seen)]) -> Vec<Finding> {
    let mut groups: Vec<(Place, bool, usize)> = Vec::new();
    for (place, seen) in lines {
        let is_foreign = match seen {
            Seen::Foreign { .. } => true,
            Seen::Cut { .. } | Seen::Spoiled => false,
            Seen::Open { .. } | Seen::Own(_) => continue,
        };
        match groups.last_mut() {
            Some((first, foreign, n)) if *foreign == is_foreign && first.file == place.file => *n += 1,
            _ => groups.push((*place, is_foreign, 1)),
        }
    }
    let told = |(place, is_foreign, n)| {
        if is_foreign {
            let n = counted(n, "record is", "records are");
            Finding::new(Kind::ForeignBefore, format!("{n} not of this vault, from here on")).at(place)
        } else {
            let n = counted(n, "line is", "lines are");
            Finding::new(Kind::Changed, format!("{n} nothing that a writer makes, from here on")).at(place)
        }
    };
    groups.into_iter().map(told).collect()
}

/// The numbers that have no record.
struct Missing {
    /// Runs of them, first and last.
    runs: Vec<(u64, u64)>,
    /// The number of the last record that is there.
    last: u64,
    /// Those in whose place a line stands that was changed.
    found: Vec<u64>,
}

impl Missing {
    fn of(records: &Records<'_>, anchored: u64) -> Self {
        let mut runs = Vec::new();
        let mut last = 0;
        for number in records.keys() {
            if *number > last + 1 {
                runs.push((last + 1, number - 1));
            }
            last = *number;
        }
        if anchored > last {
            runs.push((last + 1, anchored));
        }
        Self { runs, last, found: Vec::new() }
    }

    /// How many are missing directly behind a record and before the next.
    fn between(&self, after: u64, next: Option<u64>) -> u64 {
        let run = self.runs.iter().find(|(first, _)| *first == after + 1);
        run.filter(|(_, last)| next.is_none_or(|next| *last < next))
            .map_or(0, |(first, last)| last - first + 1)
    }

    fn found(&mut self, number: u64) {
        self.found.push(number);
    }

    fn told(&self, known: &Known, findings: &mut Vec<Finding>) {
        for (first, last) in &self.runs {
            let n_changed = self.found.iter().filter(|number| (*first..=*last).contains(number)).count();
            // The changed ones were given the first numbers of the run.
            let first = first + u64::try_from(n_changed).unwrap_or(0);
            if first > *last {
                continue;
            }
            let is_end = *last == known.anchor.0 && first > self.last;
            let (kind, words) = if is_end && self.last == 0 && n_changed == 0 {
                let words = format!(
                    "the log holds no record of this vault, which knows of {}: it was removed, or the vault was copied without it",
                    known.anchor.0
                );
                (Kind::Cut, words)
            } else if is_end {
                let words = format!(
                    "{} missing: the log was cut, or an older one was put back; the vault knows of {}",
                    are(first, *last),
                    known.anchor.0
                );
                (Kind::Cut, words)
            } else {
                (Kind::Missing, format!("{} missing", are(first, *last)))
            };
            findings.push(Finding::new(kind, words).about(first, *last));
        }
    }
}

/// `record 5 is`, `records 5 to 9 are`
fn are(first: u64, last: u64) -> String {
    format!("{} {}", numbered(first, last), if first == last { "is" } else { "are" })
}

fn stand(first: u64, last: u64) -> String {
    format!("{} {}", numbered(first, last), if first == last { "stands" } else { "stand" })
}

/// Records that follow one another by number and by place.
struct Run<'a> {
    first: Placed<'a>,
    last: u64,
    highest: u64,
}

impl Run<'_> {
    fn finding(&self, kind: Kind, words: String) -> Finding {
        let finding = Finding::new(kind, words).about(self.first.own.number, self.last);
        finding.at(self.first.place).reading(self.first.own.record.as_ref())
    }
}

#[derive(Default)]
struct Runs<'a>(Vec<Run<'a>>);

impl<'a> Runs<'a> {
    fn push(&mut self, placed: Placed<'a>, highest: u64) {
        match self.0.last_mut() {
            Some(run) if run.last + 1 == placed.own.number && run.first.place.file == placed.place.file => {
                run.last = placed.own.number;
            }
            _ => self.0.push(Run { first: placed, last: placed.own.number, highest }),
        }
    }
}

/// Follows the chain by number, and compares it with what the vault knows.
pub(super) fn chain(records: &Records<'_>, known: &Known, findings: &mut Vec<Finding>) {
    let mut before = Some((0, known.start));
    for placed in records.values() {
        let own = placed.own;
        if let Some((number, head)) = before
            && number + 1 == own.number
            && head != own.previous
        {
            let words = if number == 0 {
                "record 1 does not go on from the start of this vault's log".to_owned()
            } else {
                format!(
                    "record {} does not go on from record {number} as it stands here, but from another one",
                    own.number
                )
            };
            let finding = Finding::new(Kind::ChainBroken, words).about(own.number, own.number);
            findings.push(finding.at(placed.place).reading(own.record.as_ref()));
        }
        before = Some((own.number, own.head));
    }
    let (count, anchored) = known.anchor;
    if count == 0 {
        return;
    }
    let at = records.get(&count);
    let next = records.get(&count.saturating_add(1));
    let found = at.map(|placed| placed.own.head).or(next.map(|placed| placed.own.previous));
    if found.is_some_and(|found| found != anchored) {
        let words = format!(
            "the head after record {count} is not the one that the vault knows: the log is not the one that it was saved with"
        );
        let finding = Finding::new(Kind::AnchorDiffers, words).about(count, count);
        findings.push(match at {
            Some(placed) => finding.at(placed.place).reading(placed.own.record.as_ref()),
            None => finding,
        });
    }
}

impl Checked {
    /// Whether something is wrong.
    pub fn is_wrong(&self) -> bool {
        self.findings.iter().any(|finding| finding.kind.is_wrong())
    }
}
