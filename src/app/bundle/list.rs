//! The bundles made from this vault, with what has changed since.

use std::collections::HashMap;

use crate::app::context::Context;
use crate::app::session::Session;
use crate::entry::EntryId;
use crate::vault::BundleRecord;
use crate::wire::entry_v1;

/// A bundle in the list, with what has changed since it was made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListedBundle {
    /// What was noted when it was made.
    pub record: BundleRecord,
    /// Entries that the vault has and the bundle has not (only for one of all entries).
    pub added: usize,
    /// Entries that are different now.
    pub changed: usize,
    /// Entries that the vault has no more.
    pub removed: usize,
    /// Its review date lies back.
    pub review_due: bool,
}

impl ListedBundle {
    /// What has changed since it was made, in words.
    pub fn changes(&self) -> String {
        let parts: Vec<String> = [(self.added, "new"), (self.changed, "changed"), (self.removed, "removed")]
            .into_iter()
            .filter(|(n, _)| *n > 0)
            .map(|(n, what)| format!("{n} {what}"))
            .collect();
        if parts.is_empty() { "current".to_owned() } else { parts.join(", ") }
    }
}

/// The bundles made from this vault, newest first.
pub fn list(ctx: &Context, session: &Session) -> Vec<ListedBundle> {
    let now = ctx.clock.now();
    let digests: HashMap<EntryId, [u8; 4]> =
        session.vault.entries.iter().map(|entry| (entry.id, entry_v1::digest(entry))).collect();
    let of_record = |record: &BundleRecord| {
        let mut kept = 0;
        let mut changed = 0;
        for bundled in &record.contents {
            if let Some(digest) = digests.get(&bundled.id) {
                kept += 1;
                changed += usize::from(*digest != bundled.digest);
            }
        }
        ListedBundle {
            record: record.clone(),
            added: if record.selected { 0 } else { digests.len().saturating_sub(kept) },
            changed,
            removed: record.contents.len().saturating_sub(kept),
            review_due: record.review.is_some_and(|review| review <= now),
        }
    };
    session.vault.bundles.iter().rev().map(of_record).collect()
}
