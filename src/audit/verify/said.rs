//! What the records say: clocks, generations, gaps, changes that were announced.

use super::lines::Records;
use super::{Finding, Kind, Known, Placed, counted};
use crate::audit::record::{Event, Record};

/// A clock may go back by so many seconds without being told: it was set by a little.
const LEEWAY_SECONDS: u64 = 60;
/// A step that the program noticed is recorded within so many records.
const STEP_TOLD_WITHIN: usize = 20;

pub(super) fn check(records: &Records<'_>, known: &Known, findings: &mut Vec<Finding>) {
    let read: Vec<(&Placed<'_>, &Record)> =
        records.values().filter_map(|placed| Some((placed, placed.own.record.as_ref()?))).collect();
    clocks(&read, findings);
    generations(&read, known, findings);
    for (placed, record) in &read {
        if record.event == Event::Gap {
            let fact = |wanted: &str| {
                let value = record.facts.iter().find(|(name, _)| name == wanted).map(|(_, value)| value);
                value.and_then(|value| value.parse::<u64>().ok()).unwrap_or(0)
            };
            let n = usize::try_from(fact("records")).unwrap_or(usize::MAX);
            let words =
                format!("{} be written before this one", counted(n, "record could not", "records could not"));
            findings.push(about(Kind::Gap, placed, record, words));
        }
    }
    let newer = records.values().filter(|placed| placed.own.record.is_none());
    if let Some(first) = newer.clone().next() {
        let words = format!(
            "{} of a newer version of this program, which this one cannot read; the chain goes through them",
            counted(newer.count(), "record is", "records are")
        );
        let finding = Finding::new(Kind::Newer, words).about(first.own.number, first.own.number);
        findings.push(finding.at(first.place));
    }
}

fn about(kind: Kind, placed: &Placed<'_>, record: &Record, words: String) -> Finding {
    let number = placed.own.number;
    Finding::new(kind, words).about(number, number).at(placed.place).reading(Some(record))
}

fn clocks(read: &[(&Placed<'_>, &Record)], findings: &mut Vec<Finding>) {
    for (idx, pair) in read.windows(2).enumerate() {
        let [(_, before), (placed, record)] = pair else { continue };
        let back = before.at.saturating_sub(record.at);
        if back <= LEEWAY_SECONDS {
            continue;
        }
        if before.host != record.host {
            let words = format!(
                "the clock of the machine is {back} s behind that of the machine which made the record before"
            );
            findings.push(about(Kind::ClocksApart, placed, record, words));
            continue;
        }
        let ahead = read.iter().skip(idx + 1).take(STEP_TOLD_WITHIN);
        if !ahead.clone().any(|(_, record)| explains(record, back)) {
            let words = format!("the clock went back by {back} s, and no record says that it was set");
            findings.push(about(Kind::ClockWentBack, placed, record, words));
        }
    }
}

/// Whether a record tells of a step of the clock by as much. A correction for codes moves no other time.
fn explains(record: &Record, back: u64) -> bool {
    let stepped = record.facts.iter().find(|(name, _)| name == "seconds").map(|(_, value)| value);
    let stepped = stepped.and_then(|value| value.parse::<i64>().ok()).unwrap_or(0);
    record.event == Event::ClockStepped
        && stepped < 0
        && stepped.unsigned_abs().saturating_add(LEEWAY_SECONDS) >= back
}

fn generations(read: &[(&Placed<'_>, &Record)], known: &Known, findings: &mut Vec<Finding>) {
    let mut saved = 0;
    let mut saved_by = None;
    let mut announced: Option<(u64, &Placed<'_>, &Record)> = None;
    for (placed, record) in read {
        let Some(generation) = record.generation else { continue };
        if matches!(record.event, Event::NotDone | Event::Saved) {
            announced = announced.filter(|(waiting, ..)| *waiting != generation);
            if record.event == Event::Saved {
                (saved, saved_by) = (saved.max(generation), Some((*placed, *record)));
            }
            continue;
        }
        if let Some((waiting, placed, record)) = announced.filter(|(waiting, ..)| *waiting < generation) {
            let words = format!(
                "no record says how the change to generation {waiting} ended; a later one went on from it"
            );
            findings.push(about(Kind::Unsettled, placed, record, words));
        }
        if generation <= saved {
            let words = format!(
                "the vault's generation went back from {saved} to {generation}: an older copy of the vault was put in its \
                 place, and changed"
            );
            findings.push(about(Kind::GenerationWentBack, placed, record, words));
            saved = generation.saturating_sub(1);
        }
        announced = Some((generation, placed, record));
    }
    if let Some((generation, placed, record)) = announced {
        let words = format!(
            "the change to generation {generation} was announced, and not confirmed: it was interrupted, and the next \
             unlock says whether it was done"
        );
        findings.push(about(Kind::Unsettled, placed, record, words));
    }
    if let Some((placed, record)) = saved_by.filter(|_| saved > known.generation) {
        let words = format!(
            "the log says that generation {saved} was saved, and the vault is generation {}: it is an older copy",
            known.generation
        );
        findings.push(about(Kind::VaultOlder, placed, record, words));
    }
}
