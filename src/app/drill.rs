//! Drills: a rehearsed restore that changes nothing.
//!
//! Step by step, so that a face can ask in between: [`Running::begin`] finds the file whole (L0), [`Running::open`]
//! opens it (L1), [`Running::compare`] holds it against the live vault where that is at hand (L2), and
//! [`Running::attest`] takes what a person says of a service (L3). [`Running::finish`] writes the report and the one
//! record of the log, and nothing else.

mod compare;
mod due;
mod finish;
mod record;
mod running;

pub use due::{BundleDue, Standing, due};
pub use finish::{Outcome, SAME_CLOCK, Written, refuse_report, signature_of};
pub use record::{Recorded, record};
pub use running::{Live, OpenedWith, Running, ShownCode, reference_of};

pub use crate::wire::drill_report_v1::{
    DrillReport, NotTested, Proofs, ReportedBundle, ReportedClock, ReportedEntry,
};

use super::context::Context;
use super::failure::{Failure, Kind, Unchanged};
use super::log;
use super::session::Session;
use crate::entry::Label;
use crate::recovery::Drill;
use crate::vault::{BundleRecord, Vault};

/// What the signature of a report is for.
const SIGNED_AS: &str = "lifeboat-drill";

/// A drill that the log knows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LoggedDrill {
    /// The number of its record.
    pub number: u64,
    /// When it came into the log: with the drill, or when its report was brought home.
    pub logged: crate::entry::UnixSeconds,
    /// What the log keeps of it.
    pub drill: Drill,
}

/// Every drill in the log, oldest first.
///
/// # Errors
///
/// When the log cannot be read.
pub fn history(ctx: &Context, session: &Session) -> Result<Vec<LoggedDrill>, Failure> {
    let whole = log::whole(ctx, &session.path, &session.vault).map_err(|error| {
        Failure::new(Kind::Io, "the log cannot be read").because(error).unchanged(Unchanged::NothingTouched)
    })?;
    let drills = whole.records.iter().filter_map(|(number, record)| {
        Some(LoggedDrill { number: *number, logged: record.at, drill: Drill::of_record(record)? })
    });
    Ok(drills.collect())
}

/// What a bundle is called: its label, or the name of the file that it was written to, safe to show; the start of its
/// id where the vault does not know it.
pub fn bundle_name(vault: &Vault, id: &[u8; 16]) -> String {
    let known = vault.bundles.iter().find(|record| record.id == *id);
    known.map_or_else(|| data_encoding::HEXLOWER.encode(id).chars().take(8).collect(), name_of)
}

/// The label of a bundle, or the name of its file.
fn name_of(record: &BundleRecord) -> String {
    if !record.label.is_empty() {
        return record.label.shown();
    }
    let path = record.path.raw();
    Label::new(path.rsplit(['/', '\\']).next().unwrap_or(path)).shown()
}
