//! Which bundles are to be drilled, and when.

use std::collections::BTreeSet;

use super::name_of;
use crate::app::context::Context;
use crate::app::failure::{Failure, Kind, Unchanged};
use crate::app::session::Session;
use crate::app::time::day;
use crate::app::{log, share_set};
use crate::audit::Record;
use crate::entry::{EntryId, Label, UnixSeconds};
use crate::recovery::due::{Change, Intervals, LevelDue, Why, due as rule};
use crate::recovery::{Drill, Level};
use crate::settings::Drills;
use crate::vault::{BundleRecord, Vault};

/// Whether a bundle is one that would be taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Standing {
    /// It is the newest of its kind.
    Current,
    /// A newer bundle has taken its place.
    Replaced {
        /// What that one is called, safe to show.
        by: String,
        /// When that one was made.
        made: UnixSeconds,
    },
    /// It opens with the cards of a set that was replaced, by the set's name.
    OfReplacedSet(String),
}

/// When a bundle is to be drilled.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BundleDue {
    /// Its id.
    pub id: [u8; 16],
    /// Its label or the name of its file, safe to show.
    pub name: String,
    /// Where it was written; raw.
    pub path: Label,
    /// When it was made.
    pub created: UnixSeconds,
    /// Whether it is to be drilled at all.
    pub standing: Standing,
    /// Each level with its last time and its next one; none for a bundle that is never due.
    pub levels: Vec<LevelDue>,
}

impl BundleDue {
    /// The levels that are due.
    pub fn due(&self, now: UnixSeconds) -> impl Iterator<Item = &LevelDue> {
        self.levels.iter().filter(move |level| level.is_due(now))
    }

    /// The first level that is due, in words, with what to do; `None` where nothing is.
    pub fn in_words(&self, now: UnixSeconds) -> Option<String> {
        let due = self.due(now).next()?;
        let (name, path) = (&self.name, self.path.shown());
        let not_done = match due.level {
            Level::Whole | Level::Opens => "has not been opened by a person",
            Level::Restored => "has not been compared with the vault, with nothing wrong,",
            Level::Accepted => "has given no code that a service was seen to accept",
        };
        let since = match (due.last, &due.why) {
            (_, Why::Changed(change)) => format!("since {} on {}", change.what, day(change.at)),
            (Some(last), _) => format!("since {}", day(last)),
            (None, _) => format!("since it was made on {}", day(self.created)),
        };
        Some(format!("a drill is due: the bundle {name} {not_done} {since}: `lifeboat drill run {path}`"))
    }
}

/// When each bundle of the vault is to be drilled, the newest first.
///
/// # Errors
///
/// When the log cannot be read.
pub fn due(ctx: &Context, session: &Session) -> Result<Vec<BundleDue>, Failure> {
    let whole = log::whole(ctx, &session.path, &session.vault).map_err(|error| {
        Failure::new(Kind::Io, "the log cannot be read").because(error).unchanged(Unchanged::NothingTouched)
    })?;
    let records: Vec<Record> = whole.records.into_iter().map(|(_, record)| record).collect();
    Ok(of_records(&session.vault, &records, intervals(&ctx.settings.drills)))
}

fn intervals(settings: &Drills) -> Intervals {
    Intervals {
        opens: settings.opens.as_secs(),
        restored: settings.restored.as_secs(),
        accepted: settings.accepted.as_secs(),
    }
}

fn of_records(vault: &Vault, records: &[Record], intervals: Intervals) -> Vec<BundleDue> {
    // A clock that was ahead on the other machine puts nothing off.
    let drills: Vec<(UnixSeconds, Drill)> = records
        .iter()
        .filter_map(|record| Drill::of_record(record).map(|drill| (drill.at.min(record.at), drill)))
        .collect();
    let changes: Vec<Change> = records.iter().filter_map(Change::of_record).collect();
    let of_bundle = |record: &BundleRecord| {
        let standing = standing(vault, record);
        let of_it: Vec<(UnixSeconds, &Drill)> = drills
            .iter()
            .filter(|(_, drill)| drill.bundle == record.id)
            .map(|(at, drill)| (*at, drill))
            .collect();
        let levels = match standing {
            Standing::Current => rule(record.created, &of_it, &changes, intervals),
            Standing::OfReplacedSet(_) | Standing::Replaced { .. } => Vec::new(),
        };
        BundleDue {
            id: record.id,
            name: name_of(record),
            path: record.path.clone(),
            created: record.created,
            standing,
            levels,
        }
    };
    vault.bundles.iter().rev().map(of_bundle).collect()
}

/// A newer bundle takes the place of an older one that is opened in the same way and is of the same entries: all of
/// them, or the same selection.
fn standing(vault: &Vault, record: &BundleRecord) -> Standing {
    let set = record.share_set.and_then(|set| vault.share_set(set));
    if let Some(set) = set.filter(|set| set.replaced.is_some()) {
        return Standing::OfReplacedSet(share_set::name(set.id));
    }
    let newer = vault.bundles.iter().skip_while(|other| other.id != record.id).skip(1);
    let replacement = newer.filter(|other| {
        other.share_set == record.share_set
            && other.selected == record.selected
            && (!record.selected || ids(other) == ids(record))
    });
    replacement
        .last()
        .map_or(Standing::Current, |other| Standing::Replaced { by: name_of(other), made: other.created })
}

fn ids(record: &BundleRecord) -> BTreeSet<EntryId> {
    record.contents.iter().map(|bundled| bundled.id).collect()
}
