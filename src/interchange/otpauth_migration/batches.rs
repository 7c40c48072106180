//! Which codes of an export were read, and which ones are missing.

use std::collections::BTreeMap;
use std::collections::BTreeSet;

use super::Place;
use crate::interchange::outcome::Notice;

/// Most missing codes of an export that are named, and most exports of which that is told: a file that is made to
/// annoy says that there are two thousand million.
const MOST_NAMED: usize = 12;

/// The codes that were read, by export. Exports of new versions of the app carry no number: codes of two of them
/// that have as many parts cannot be told apart, and count as one.
#[derive(Debug, Clone, Default)]
pub struct Batches {
    read: BTreeMap<(i32, Option<i32>, u32), BTreeSet<u32>>,
}

impl Batches {
    /// Notes a code that was read.
    pub(in crate::interchange) fn add(&mut self, place: Place) {
        if let Some((number, size)) = place.of_several() {
            self.read.entry((place.version, place.id, size)).or_default().insert(number);
        }
    }

    /// Tells whether no code of several was read.
    pub fn is_empty(&self) -> bool {
        self.read.is_empty()
    }

    /// Adds the codes of another file.
    pub fn join(&mut self, other: &Self) {
        for (export, numbers) in &other.read {
            self.read.entry(*export).or_default().extend(numbers);
        }
    }

    /// What is to be told about exports that are not whole.
    pub fn missing(&self) -> impl Iterator<Item = Notice> {
        let of_export = |(&(_, _, of), read): (&(i32, Option<i32>, u32), &BTreeSet<u32>)| {
            let named: Vec<u32> = (1..=of).filter(|number| !read.contains(number)).take(MOST_NAMED).collect();
            let n_read = u32::try_from(read.len()).unwrap_or(u32::MAX);
            let n_missing = of.saturating_sub(n_read);
            (n_missing > 0).then_some(Notice::MissingParts { named, n_missing, of })
        };
        self.read.iter().filter_map(of_export).take(MOST_NAMED)
    }
}
