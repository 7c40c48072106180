//! Drills: a rehearsed restore that changes nothing.

use super::context::Context;
use super::failure::{Failure, Kind, Unchanged};
use super::log;
use super::session::Session;
use crate::recovery::Drill;

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
