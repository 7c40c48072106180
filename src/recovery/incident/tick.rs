//! Ticking off: by a person, by number, or by the program when it has seen that something was done.

use super::{Done, Incident, IncidentKind, Task, TaskStep};
use crate::entry::{EntryId, UnixSeconds};

/// What stands for the vault itself in a thing to do.
pub const THIS_VAULT: &str = "this vault";

/// Something that was done to the vault, and may be what an incident waits for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Happened {
    /// A bundle of all entries was made; with the name of the share set that opens it, if one does.
    Bundled(Option<String>),
    /// The service accepted a code of an entry.
    Proven(EntryId),
    /// The vault has a new master key.
    Rekeyed,
    /// The seed of an entry was replaced.
    Rotated(EntryId),
    /// Another share set took the place of the one with this name.
    SharesReplaced(String),
}

/// What became of the numbers that a person has given.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Ticked {
    /// Those that were ticked off now.
    pub now: Vec<usize>,
    /// Those that were ticked off before, with the date.
    pub before: Vec<(usize, UnixSeconds)>,
}

impl Incident {
    /// Ticks off what was seen to be done, and closes the incident when nothing is left. Says the numbers.
    ///
    /// A code is proof of the seed that it was made of, and a bundle holds the seeds of its day: neither counts for an
    /// incident in which that seed is still to be rotated. Nor does a bundle for shares that are to be replaced.
    pub fn tick_by_itself(&mut self, happened: &Happened, now: UnixSeconds) -> Vec<usize> {
        if !self.is_open() {
            return Vec::new();
        }
        let left = |step: TaskStep, fits: &dyn Fn(&Task) -> bool| {
            self.tasks.iter().any(|task| task.step == step && task.done.is_none() && fits(task))
        };
        let (step, entry, about) = match happened {
            Happened::Bundled(set) => {
                let is_of = |task: &Task| set.as_deref() == Some(task.about.raw());
                if left(TaskStep::RotateSeed, &|_| true) || left(TaskStep::ReplaceShares, &is_of) {
                    return Vec::new();
                }
                (TaskStep::Rebundle, None, None)
            }
            Happened::Proven(id) => {
                if left(TaskStep::RotateSeed, &|task| task.entry == Some(*id)) {
                    return Vec::new();
                }
                (TaskStep::Prove, Some(*id), None)
            }
            Happened::Rekeyed => (TaskStep::ChangePassphrase, None, Some(THIS_VAULT)),
            Happened::Rotated(id) => (TaskStep::RotateSeed, Some(*id), None),
            Happened::SharesReplaced(set) => (TaskStep::ReplaceShares, None, Some(set.as_str())),
        };
        let mut numbers = Vec::new();
        for (number, task) in (1..).zip(&mut self.tasks) {
            let fits = task.entry == entry && about.is_none_or(|about| task.about.raw() == about);
            if task.step == step && task.done.is_none() && fits {
                task.done = Some(Done { at: now, by_itself: true, note: String::new() });
                numbers.push(number);
            }
        }
        if !numbers.is_empty() {
            self.close_when_done(now);
        }
        numbers
    }

    /// Ticks off by number, and closes the incident when nothing is left.
    ///
    /// # Errors
    ///
    /// A number that nothing has; then nothing is ticked off.
    pub fn tick(&mut self, numbers: &[usize], note: &str, now: UnixSeconds) -> Result<Ticked, usize> {
        let is_there = |number: &usize| 1 <= *number && *number <= self.tasks.len();
        if let Some(unknown) = numbers.iter().find(|number| !is_there(number)) {
            return Err(*unknown);
        }
        let mut ticked = Ticked::default();
        for number in numbers {
            let Some(task) = number.checked_sub(1).and_then(|place| self.tasks.get_mut(place)) else {
                continue;
            };
            if let Some(done) = &task.done {
                if !ticked.now.contains(number) {
                    ticked.before.push((*number, done.at));
                }
                continue;
            }
            task.done = Some(Done { at: now, by_itself: false, note: note.to_owned() });
            ticked.now.push(*number);
        }
        if !ticked.now.is_empty() {
            self.close_when_done(now);
        }
        Ok(ticked)
    }

    /// Puts the list of things to do in, of a break-glass session that has ended or is ended now. Without any it is closed.
    pub fn take_list(&mut self, tasks: Vec<Task>, basis: Vec<String>, now: UnixSeconds) {
        if self.kind == IncidentKind::BreakGlass {
            self.until = Some(self.until.map_or(now, |until| until.min(now)));
        }
        self.tasks = tasks;
        self.basis.extend(basis);
        self.close_when_done(now);
    }

    fn close_when_done(&mut self, now: UnixSeconds) {
        if self.n_left() == 0 {
            self.closed = Some(now);
        }
    }
}

/// Numbers in ascending order with runs drawn together: `1, 3-5`.
pub fn ranges(numbers: &[usize]) -> String {
    let mut numbers = numbers.to_vec();
    numbers.sort_unstable();
    numbers.dedup();
    let mut runs: Vec<(usize, usize)> = Vec::new();
    for number in numbers {
        match runs.last_mut() {
            Some((_, last)) if *last + 1 == number => *last = number,
            _ => runs.push((number, number)),
        }
    }
    let words = runs.iter().map(
        |(first, last)| {
            if first == last { first.to_string() } else { format!("{first}-{last}") }
        },
    );
    words.collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::entry::Label;
    use crate::recovery::ItemId;

    const ENTRY: EntryId = EntryId::from_bytes([7; 16]);

    fn incident(steps: &[(TaskStep, Option<EntryId>, &str)]) -> Incident {
        let task = |(step, entry, about): &(TaskStep, Option<EntryId>, &str)| Task {
            step: *step,
            entry: *entry,
            about: Label::new(*about),
            privileged: false,
            note: String::new(),
            done: None,
        };
        Incident {
            id: ItemId::from_bytes([1; 4]),
            kind: IncidentKind::Stolen,
            subject: None,
            reason: String::new(),
            opened: 1,
            until: None,
            closed: None,
            basis: Vec::new(),
            tasks: steps.iter().map(task).collect(),
        }
    }

    #[test]
    fn a_code_of_a_seed_that_is_still_to_be_rotated_proves_nothing() {
        let mut incident =
            incident(&[(TaskStep::RotateSeed, Some(ENTRY), "a"), (TaskStep::Prove, Some(ENTRY), "a")]);
        assert!(incident.tick_by_itself(&Happened::Proven(ENTRY), 5).is_empty());
        assert_eq!(incident.tick_by_itself(&Happened::Rotated(ENTRY), 6), [1]);
        assert!(incident.is_open());
        assert_eq!(incident.tick_by_itself(&Happened::Proven(ENTRY), 7), [2]);
        assert_eq!(incident.closed, Some(7));
        assert!(incident.tick_by_itself(&Happened::Rotated(ENTRY), 8).is_empty());
    }

    #[test]
    fn a_bundle_counts_when_every_seed_is_rotated_and_its_shares_are_new() {
        let mut incident = incident(&[
            (TaskStep::RotateSeed, Some(ENTRY), "a"),
            (TaskStep::ReplaceShares, None, "olive arch"),
            (TaskStep::Rebundle, None, ""),
        ]);
        assert!(incident.tick_by_itself(&Happened::Bundled(None), 5).is_empty());
        incident.tick_by_itself(&Happened::Rotated(ENTRY), 6);
        let of_set = Happened::Bundled(Some("olive arch".to_owned()));
        assert!(incident.tick_by_itself(&of_set, 7).is_empty());
        assert_eq!(incident.clone().tick_by_itself(&Happened::Bundled(None), 7), [3]);
        assert!(incident.tick_by_itself(&Happened::SharesReplaced("other".to_owned()), 8).is_empty());
        assert_eq!(incident.tick_by_itself(&Happened::SharesReplaced("olive arch".to_owned()), 8), [2]);
        assert_eq!(incident.tick_by_itself(&of_set, 9), [3]);
        assert_eq!(incident.closed, Some(9));
    }

    #[test]
    fn a_new_passphrase_of_the_vault_is_none_of_an_account() {
        let mut incident = incident(&[
            (TaskStep::ChangePassphrase, None, THIS_VAULT),
            (TaskStep::ChangePassphrase, None, "Entra password"),
        ]);
        assert_eq!(incident.tick_by_itself(&Happened::Rekeyed, 5), [1]);
        assert_eq!(incident.n_left(), 1);
    }

    #[test]
    fn a_number_that_nothing_has_ticks_nothing_off_and_twice_is_told() {
        let mut incident = incident(&[(TaskStep::Review, None, "a"), (TaskStep::Review, None, "b")]);
        for unknown in [0, 3] {
            assert_eq!(incident.tick(&[1, unknown], "", 5), Err(unknown));
        }
        assert_eq!(incident.n_left(), 2);
        let ticked = incident.tick(&[1, 1], "by telephone", 5).unwrap();
        assert_eq!((ticked.now.as_slice(), ticked.before.as_slice()), (&[1][..], &[][..]));
        let ticked = incident.tick(&[1, 2], "", 9).unwrap();
        assert_eq!((ticked.now.as_slice(), ticked.before.as_slice()), (&[2][..], &[(1, 5)][..]));
        assert_eq!(incident.tasks[0].done.as_ref().unwrap().note, "by telephone");
        assert_eq!(incident.closed, Some(9));
    }

    #[test]
    fn runs_of_numbers_are_drawn_together() {
        assert_eq!(ranges(&[4, 1, 3, 5, 9, 3]), "1, 3-5, 9");
        assert_eq!(ranges(&[]), "");
    }
}
