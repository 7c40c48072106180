//! Which bundle goes into a kit: the newest one of all entries that lies where it was noted, as it was written.

use std::path::{Path, PathBuf};

use super::super::bundle::{self, ListedBundle, sha256};
use super::super::context::Context;
use super::super::failure::{Failure, Kind, Unchanged};
use super::super::session::Session;
use super::super::share_set;
use super::super::time::day;
use crate::envelope;
use crate::vault::BundleRecord;

/// A bundle that was not taken, though it is newer than the one that was.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NotTaken {
    /// What was noted of it.
    pub record: BundleRecord,
    /// Why, in words.
    pub why: String,
    /// True when it is there, and the disk did not let it be read.
    pub is_unread: bool,
}

/// The bundle that goes into the kit.
pub(super) struct Chosen {
    pub(super) listed: ListedBundle,
    pub(super) bytes: Vec<u8>,
    pub(super) not_taken: Vec<NotTaken>,
}

pub(super) fn choose(ctx: &Context, session: &Session, folder: &Path) -> Result<Chosen, Failure> {
    let mut not_taken = Vec::new();
    for listed in bundle::list(ctx, session) {
        match usable(ctx, session, &listed.record) {
            Ok(bytes) => return Ok(Chosen { listed, bytes, not_taken }),
            Err((why, is_unread)) => not_taken.push(NotTaken { record: listed.record, why, is_unread }),
        }
    }
    let set = session.vault.share_sets.iter().rev().find(|set| set.replaced.is_none());
    let set = set.map(|set| format!(" --share-set {}", share_set::name(set.id).replace(' ', "-")));
    // A disk that fails is no rule that refuses.
    let kind = if not_taken.iter().any(|not_taken| not_taken.is_unread) { Kind::Io } else { Kind::Refused };
    let mut failure = Failure::new(kind, "there is no bundle to make a kit of")
        .details(not_taken.iter().map(NotTaken::in_words))
        .unchanged(Unchanged::OutputNotCreated(folder.to_owned()))
        .next(format!("make one: lifeboat bundle create -o FILE{}", set.unwrap_or_default()));
    if not_taken.iter().any(|not_taken| not_taken.why == NOT_THERE) {
        failure = failure.next("or put the medium back in place that one of them lies on");
    }
    Err(failure)
}

const NOT_THERE: &str = "it is not where it was written";

impl NotTaken {
    /// A line that names it and says why.
    pub fn in_words(&self) -> String {
        format!("{}, made {}: {}", self.record.path, day(self.record.created), self.why)
    }
}

/// The bytes of a bundle that a custodian can be given; else why not, and whether the disk is why.
fn usable(ctx: &Context, session: &Session, record: &BundleRecord) -> Result<Vec<u8>, (String, bool)> {
    if record.selected {
        return Err(("it holds a selection of the entries".to_owned(), false));
    }
    let set = record.share_set.and_then(|id| session.vault.share_set(id));
    if let Some(replaced) = set.and_then(|set| set.replaced) {
        return Err((format!("its share set was replaced by {}", share_set::name(replaced.by)), false));
    }
    let bytes =
        ctx.disk.read(&PathBuf::from(record.path.raw()), envelope::LARGEST_FILE).map_err(|error| {
            if error.kind() == std::io::ErrorKind::NotFound {
                (NOT_THERE.to_owned(), false)
            } else {
                (format!("it cannot be read: {error}"), true)
            }
        })?;
    if sha256(&bytes) == record.sha256 {
        Ok(bytes)
    } else {
        Err(("what lies there now is something else".to_owned(), false))
    }
}
