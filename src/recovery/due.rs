//! When each bundle is to be drilled next.
//!
//! A level is met by a drill that reached it or a higher one. That a person can open a bundle is shown only by one who
//! typed what opens it. A change of who may open the vault, or of who holds shares, makes every level due at once.

use crate::audit::{Event, Record};
use crate::entry::UnixSeconds;
use crate::recovery::drill::{Drill, KEY_FILE_ALONE, Level};

const DAY: u64 = 86_400;

/// How long a drill of each level counts, in seconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Intervals {
    /// L1.
    pub opens: u64,
    /// L2.
    pub restored: u64,
    /// L3.
    pub accepted: u64,
}

impl Intervals {
    /// How long a drill of a level counts; `None` for L0, which is never due: L1 holds it.
    const fn of(self, level: Level) -> Option<u64> {
        match level {
            Level::Whole => None,
            Level::Opens => Some(self.opens),
            Level::Restored => Some(self.restored),
            Level::Accepted => Some(self.accepted),
        }
    }
}

/// After how long a new bundle is to be drilled for the first time, where the interval is not shorter.
const fn first(level: Level) -> u64 {
    match level {
        Level::Whole | Level::Opens => 7 * DAY,
        Level::Restored => 30 * DAY,
        Level::Accepted => 90 * DAY,
    }
}

/// A change after which what was drilled before counts no longer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// When.
    pub at: UnixSeconds,
    /// What, in words.
    pub what: &'static str,
}

impl Change {
    /// Reads a record of the log; `None` where it is not one of such a change.
    pub fn of_record(record: &Record) -> Option<Self> {
        let what = if record.event == Event::Rekeyed {
            "the ways of opening the vault were changed"
        } else if record.event == Event::ShareSetReplaced {
            "a share set was replaced"
        } else {
            return None;
        };
        Some(Self { at: record.at, what })
    }
}

/// Why a level is due when it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Why {
    /// Something was changed after the last drill.
    Changed(Change),
    /// The last drill counts no longer.
    Interval,
    /// It was never drilled.
    Never,
}

/// When one level of a bundle is due.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LevelDue {
    /// The level.
    pub level: Level,
    /// When it was last met.
    pub last: Option<UnixSeconds>,
    /// From when on it is due.
    pub next: UnixSeconds,
    /// Why.
    pub why: Why,
}

impl LevelDue {
    /// Tells whether it is due.
    pub const fn is_due(&self, now: UnixSeconds) -> bool {
        self.next <= now
    }
}

/// Tells whether a drill meets a level.
fn meets(drill: &Drill, level: Level) -> bool {
    match level {
        Level::Whole => true,
        // What was found of single entries does not take back that somebody could open it.
        Level::Opens => drill.level >= Level::Opens && (drill.typed || drill.opened_with == KEY_FILE_ALONE),
        Level::Restored | Level::Accepted => drill.level >= level && !drill.has_findings(),
    }
}

/// When each level of a bundle that was made at `created` is due. `drills` are those of this bundle, each with the time
/// that counts for it; `changes` are those of its vault.
pub fn due(
    created: UnixSeconds,
    drills: &[(UnixSeconds, &Drill)],
    changes: &[Change],
    intervals: Intervals,
) -> Vec<LevelDue> {
    let of_level = |level: Level| {
        let interval = intervals.of(level)?;
        let last = drills.iter().filter(|(_, drill)| meets(drill, level)).map(|(at, _)| *at).max();
        let (next, why) = match last {
            Some(at) => (at.saturating_add(interval), Why::Interval),
            None => (created.saturating_add(first(level).min(interval)), Why::Never),
        };
        let since = last.unwrap_or(created);
        let change = changes.iter().filter(|change| change.at > since).min_by_key(|change| change.at);
        Some(match change.filter(|change| change.at < next) {
            Some(change) => LevelDue { level, last, next: change.at, why: Why::Changed(change.clone()) },
            None => LevelDue { level, last, next, why },
        })
    };
    Level::ALL.into_iter().filter_map(of_level).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::recovery::Verdict;
    use crate::recovery::drill::Found;

    const MADE: u64 = 1_800_000_000;
    const USUAL: Intervals = Intervals { opens: 90 * DAY, restored: 180 * DAY, accepted: 365 * DAY };

    fn drill(level: Level, typed: bool) -> Drill {
        Drill {
            at: MADE,
            user: String::new(),
            host: String::new(),
            bundle: [0; 16],
            level,
            opened_with: "passphrase".into(),
            typed,
            beside_vault: true,
            found: Vec::new(),
            clock_off: None,
            first_code_millis: None,
            total_millis: 0,
            attested: Vec::new(),
            report: None,
        }
    }

    /// Days after the making when L1, L2 and L3 are due.
    fn days(drills: &[(u64, Drill)], changes: &[Change], intervals: Intervals) -> [u64; 3] {
        let drills: Vec<_> = drills.iter().map(|(day, drill)| (MADE + day * DAY, drill)).collect();
        let due = due(MADE, &drills, changes, intervals);
        let days: Vec<u64> = due.iter().map(|due| (due.next - MADE) / DAY).collect();
        days.try_into().expect("three levels")
    }

    #[test]
    fn a_bundle_that_was_never_drilled_is_due_a_week_a_month_and_a_season_after_its_making() {
        assert_eq!(days(&[], &[], USUAL), [7, 30, 90]);
        let short = Intervals { opens: DAY, restored: 20 * DAY, accepted: 400 * DAY };
        assert_eq!(days(&[], &[], short), [1, 20, 90]);
    }

    #[test]
    fn a_drill_meets_its_level_and_those_below_it() {
        for (level, expected) in [
            (Level::Whole, [7, 30, 90]),
            (Level::Opens, [92, 30, 90]),
            (Level::Restored, [92, 182, 90]),
            (Level::Accepted, [92, 182, 367]),
        ] {
            assert_eq!(days(&[(2, drill(level, true))], &[], USUAL), expected, "{level}");
        }
    }

    #[test]
    fn the_last_drill_counts_in_whatever_order_the_log_has_them() {
        let drills = [(50, drill(Level::Restored, true)), (10, drill(Level::Accepted, true))];
        assert_eq!(days(&drills, &[], USUAL), [140, 230, 375]);
    }

    #[test]
    fn that_a_person_can_open_it_is_shown_by_typing_alone_unless_nothing_can_be_typed() {
        assert_eq!(days(&[(2, drill(Level::Restored, false))], &[], USUAL), [7, 182, 90]);
        let key_file = Drill { opened_with: KEY_FILE_ALONE.into(), ..drill(Level::Opens, false) };
        assert_eq!(days(&[(2, key_file)], &[], USUAL), [92, 30, 90]);
    }

    #[test]
    fn what_is_wrong_with_an_entry_takes_back_all_but_that_it_opens() {
        let found = vec![Found { verdict: Verdict::Stale, count: 1, entries: Vec::new() }];
        let stale = Drill { found, ..drill(Level::Accepted, true) };
        assert_eq!(days(&[(2, stale)], &[], USUAL), [92, 30, 90]);
        let off = Drill { clock_off: Some(-90), ..drill(Level::Accepted, true) };
        assert_eq!(days(&[(2, off)], &[], USUAL), [92, 30, 90]);
    }

    #[test]
    fn a_change_makes_every_level_due_from_then_on_until_it_is_drilled_again() {
        let change = |day| Change { at: MADE + day * DAY, what: "changed" };
        let accepted = (2, drill(Level::Accepted, true));
        assert_eq!(days(std::slice::from_ref(&accepted), &[change(5), change(9)], USUAL), [5, 5, 5]);
        let opened = (6, drill(Level::Opens, true));
        assert_eq!(days(&[accepted.clone(), opened], &[change(5)], USUAL), [96, 5, 5]);
        // Before the drill, or before the making, it changes nothing; after the day on which it is due anyway neither.
        assert_eq!(days(&[accepted], &[change(1), change(500)], USUAL), [92, 182, 367]);
        let before = Change { at: MADE - DAY, what: "changed" };
        assert_eq!(days(&[], &[before, change(3)], USUAL), [3, 3, 3]);
        let due = due(MADE, &[], &[change(3)], USUAL);
        assert_eq!(due[0].why, Why::Changed(change(3)));
        assert!(due[0].is_due(MADE + 3 * DAY) && !due[0].is_due(MADE + 3 * DAY - 1));
    }

    #[test]
    fn times_at_the_end_of_time_do_not_overflow() {
        let drill = drill(Level::Accepted, true);
        let due = due(u64::MAX, &[(u64::MAX, &drill)], &[], USUAL);
        assert!(due.iter().all(|due| due.next == u64::MAX));
    }
}
