//! Rehearsals: what the log keeps of one, and when the vault's passphrase is to be typed from memory again.
//!
//! What was recalled is asked for at growing intervals. A failure, and a passphrase that is new, begin anew with the
//! shortest.

use crate::audit::{Event, Record};
use crate::entry::UnixSeconds;

/// Seconds of a day.
const DAY: u64 = 86_400;
/// Days after which the passphrase is asked for: while it is new, and after each time that it was recalled. The last
/// one stays.
const INTERVALS_DAYS: [u64; 6] = [7, 14, 30, 60, 90, 180];

/// What was recalled, or looked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Subject {
    /// The passphrase of a bundle.
    Bundle {
        /// The bundle.
        bundle: [u8; 16],
    },
    /// One share, checked alone against a bundle.
    Share {
        /// The bundle.
        bundle: [u8; 16],
        /// The id of its set.
        set: u16,
        /// Its number, from one.
        share: u8,
    },
    /// The vault's passphrase.
    Vault,
}

impl Subject {
    /// The word in the log and in JSON.
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Bundle { .. } => "bundle",
            Self::Share { .. } => "share",
            Self::Vault => "vault",
        }
    }
}

/// One rehearsal, as the log keeps it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rehearsal {
    /// When.
    pub at: UnixSeconds,
    /// What.
    pub subject: Subject,
    /// Whether it was the right one.
    pub is_right: bool,
    /// Whether a person typed it; a share may come from a file or a picture.
    pub typed: bool,
}

impl Rehearsal {
    /// The facts of its record.
    pub fn facts(&self) -> Vec<(String, String)> {
        let yes = |is_so: bool| if is_so { "yes" } else { "no" }.to_owned();
        let mut facts = vec![
            ("what".to_owned(), self.subject.name().to_owned()),
            ("ok".to_owned(), yes(self.is_right)),
            ("typed".to_owned(), yes(self.typed)),
        ];
        let mut put = |name: &str, value: String| facts.push((name.to_owned(), value));
        match &self.subject {
            Subject::Bundle { bundle } => put("bundle", data_encoding::HEXLOWER.encode(bundle)),
            Subject::Share { bundle, set, share } => {
                put("bundle", data_encoding::HEXLOWER.encode(bundle));
                put("share set", set.to_string());
                put("share", share.to_string());
            }
            Subject::Vault => {}
        }
        facts
    }

    /// Reads a record of the log; `None` where it is not one of a rehearsal.
    pub fn of_record(record: &Record) -> Option<Self> {
        if record.event != Event::Rehearsed {
            return None;
        }
        let fact = |name: &str| {
            record.facts.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
        };
        let bundle = || data_encoding::HEXLOWER.decode(fact("bundle")?.as_bytes()).ok()?.try_into().ok();
        let subject = match fact("what")? {
            "bundle" => Subject::Bundle { bundle: bundle()? },
            "share" => Subject::Share {
                bundle: bundle()?,
                set: fact("share set")?.parse().ok()?,
                share: fact("share")?.parse().ok()?,
            },
            "vault" => Subject::Vault,
            _ => return None,
        };
        let (is_right, typed) = (fact("ok")? == "yes", fact("typed")? == "yes");
        Some(Self { at: record.at, subject, is_right, typed })
    }
}

/// How it stands with the vault's passphrase.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Standing {
    /// Since when it is what it is: the vault was made, or its ways of opening were changed.
    pub since: UnixSeconds,
    /// When it was last recalled.
    pub recalled: Option<UnixSeconds>,
    /// When it was last tried and not recalled, if it was not since.
    pub failed: Option<UnixSeconds>,
    /// How many times in a row it was recalled.
    pub n_in_a_row: usize,
}

impl Standing {
    /// What the log says, oldest record first, of a vault that was made then.
    pub fn of<'r, I: IntoIterator<Item = &'r Record>>(made: UnixSeconds, records: I) -> Self {
        let new = |since| Self { since, recalled: None, failed: None, n_in_a_row: 0 };
        let mut standing = new(made);
        for record in done(records) {
            if is_another_passphrase(record) {
                standing = new(record.at);
                continue;
            }
            match Rehearsal::of_record(record) {
                Some(Rehearsal { subject: Subject::Vault, is_right: true, at, .. }) => {
                    standing.recalled = Some(at);
                    standing.failed = None;
                    standing.n_in_a_row += 1;
                }
                Some(Rehearsal { subject: Subject::Vault, is_right: false, at, .. }) => {
                    standing.failed = Some(at);
                    standing.n_in_a_row = 0;
                }
                Some(_) | None => {}
            }
        }
        standing
    }

    /// Days from the last time to the next.
    pub fn interval_days(&self) -> u64 {
        let place = self.n_in_a_row.min(INTERVALS_DAYS.len() - 1);
        INTERVALS_DAYS.get(place).copied().unwrap_or_default()
    }

    /// When it is to be typed from memory again.
    pub fn due(&self) -> UnixSeconds {
        let last = self.failed.or(self.recalled).unwrap_or(self.since);
        last.saturating_add(self.interval_days() * DAY)
    }
}

/// Leaves out the changes that were announced and never reached the disk.
fn done<'r, I: IntoIterator<Item = &'r Record>>(records: I) -> Vec<&'r Record> {
    let mut done: Vec<&Record> = Vec::new();
    for record in records {
        if matches!(record.event, Event::Rehearsed | Event::Rekeyed | Event::Restored) {
            done.push(record);
        } else if record.event == Event::NotDone
            && let Some(place) = done.iter().rposition(|before| before.generation == record.generation)
        {
            done.remove(place);
        }
    }
    done
}

/// Tells whether the vault has another passphrase since then, as far as a log that knows none can tell. A key file that
/// was added is another way beside it, and entries that came from a bundle changed no way at all.
fn is_another_passphrase(record: &Record) -> bool {
    let has = |name: &str| record.facts.iter().any(|(known, _)| known == name);
    let added_key_file = || record.facts.iter().any(|(name, value)| name == "added" && value == "keyfile");
    record.event == Event::Rekeyed && !added_key_file() || record.event == Event::Restored && !has("entries")
}

#[cfg(test)]
mod tests {
    use super::*;

    const MADE: u64 = 1_800_000_000;

    fn record(day: u64, event: Event, facts: &[(&str, &str)]) -> Record {
        Record {
            at: MADE + day * DAY,
            event,
            entry: None,
            user: "ana".into(),
            host: "laptop".into(),
            way: None,
            reason: None,
            generation: None,
            facts: facts.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect(),
        }
    }

    fn rehearsed(day: u64, subject: Subject, is_right: bool) -> Record {
        let facts = Rehearsal { at: MADE, subject, is_right, typed: true }.facts();
        Record { facts, ..record(day, Event::Rehearsed, &[]) }
    }

    fn recalled(day: u64) -> Record {
        rehearsed(day, Subject::Vault, true)
    }

    /// The day on which it is due.
    fn due(records: &[Record]) -> u64 {
        (Standing::of(MADE, records).due() - MADE) / DAY
    }

    #[test]
    fn each_time_that_it_was_recalled_the_next_one_lies_further_away() {
        let mut records = Vec::new();
        for (day, next) in [(7, 14), (21, 30), (51, 60), (111, 90), (201, 180), (381, 180), (561, 180)] {
            assert_eq!(due(&records), day);
            records.push(recalled(day));
            assert_eq!(due(&records), day + next);
        }
    }

    #[test]
    fn a_failure_begins_with_the_shortest_interval_again() {
        let mut records = vec![recalled(7), recalled(20), rehearsed(40, Subject::Vault, false)];
        assert_eq!(due(&records), 47);
        assert_eq!(Standing::of(MADE, &records).recalled, Some(MADE + 20 * DAY));
        records.push(recalled(41));
        assert_eq!(due(&records), 41 + 14);
        assert_eq!(Standing::of(MADE, &records).failed, None);
    }

    #[test]
    fn another_passphrase_is_as_new_as_that_of_a_new_vault() {
        let before = [recalled(7), recalled(21)];
        for change in [
            record(30, Event::Rekeyed, &[("dropped", "0")]),
            record(30, Event::Rekeyed, &[("added", "passphrase")]),
            record(30, Event::Restored, &[("from generation", "3")]),
        ] {
            let records = [&before[..], &[change]].concat();
            assert_eq!(due(&records), 37);
            assert_eq!(Standing::of(MADE, &records).recalled, None);
        }
    }

    #[test]
    fn what_leaves_the_passphrase_as_it_was_changes_nothing() {
        let mut undone = record(30, Event::Rekeyed, &[("dropped", "0")]);
        undone.generation = Some(4);
        let not_done = Record { generation: Some(4), ..record(30, Event::NotDone, &[]) };
        let records = [
            recalled(7),
            record(8, Event::Rekeyed, &[("added", "keyfile")]),
            record(9, Event::Restored, &[("bundle", "00"), ("entries", "2")]),
            rehearsed(10, Subject::Bundle { bundle: [1; 16] }, false),
            rehearsed(11, Subject::Share { bundle: [1; 16], set: 3, share: 1 }, true),
            record(12, Event::Unlocked, &[]),
            undone,
            not_done,
        ];
        assert_eq!(due(&records), 21);
    }

    #[test]
    fn the_log_gives_back_what_was_kept_of_a_rehearsal() {
        for subject in [
            Subject::Vault,
            Subject::Bundle { bundle: [7; 16] },
            Subject::Share { bundle: [7; 16], set: 30_000, share: 16 },
        ] {
            for (is_right, typed) in [(true, true), (true, false), (false, true)] {
                let said = Rehearsal { at: MADE, subject: subject.clone(), is_right, typed };
                let kept = Record { facts: said.facts(), ..record(0, Event::Rehearsed, &[]) };
                assert_eq!(Rehearsal::of_record(&kept), Some(said.clone()));
                let other = Record { facts: said.facts(), ..record(0, Event::Edited, &[]) };
                assert_eq!(Rehearsal::of_record(&other), None);
            }
        }
        assert_eq!(Rehearsal::of_record(&record(0, Event::Rehearsed, &[("what", "seat")])), None);
    }
}
