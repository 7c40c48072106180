//! What happens around the log.

use crate::tui::model::{Done, LogFilter, LogRecords};

/// One thing that happened.
#[derive(Debug)]
pub enum LogMessage {
    // What the person means.
    /// Check the log.
    Check,
    /// Make a report for auditors.
    Evidence,
    /// Ask which records are wanted.
    Filter,
    /// Ask for a head that was noted elsewhere, and look for it.
    Head,
    /// The line by which this vault's reports are checked.
    Key,
    /// Type the passphrase from memory.
    Rehearse,
    /// All of the selected record.
    Whole,

    // What the world says.
    /// Something was found or done.
    Done(Done),
    /// The passphrase was recalled.
    Recalled(Done),
    /// The records that were wanted.
    Read(LogFilter, LogRecords),
    /// The vault has a passphrase that can be rehearsed.
    RehearsalBegun,
}

impl LogMessage {
    /// Whether the person did it.
    pub fn is_by_person(&self) -> bool {
        match self {
            Self::Check
            | Self::Evidence
            | Self::Filter
            | Self::Head
            | Self::Key
            | Self::Rehearse
            | Self::Whole => true,
            Self::Done(_) | Self::Recalled(_) | Self::Read(..) | Self::RehearsalBegun => false,
        }
    }
}
