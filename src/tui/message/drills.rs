//! What happens around drills.

use crate::entry::EntryId;
use crate::secret::SecretText;
use crate::tui::model::{Done, DrillOpened, DrillsKnown};

/// One thing that happened.
#[derive(Debug)]
pub enum DrillMessage {
    // What the person means.
    /// Everything that is to be attested was attested.
    GoOn,
    /// What was drilled, or what is due.
    History,
    /// The service did not accept the code of the selected entry.
    NotAccepted,
    /// Bring a report home.
    Record,
    /// Begin a drill.
    Run,
    /// Show the code of the selected entry, or hide it again.
    ShowCode,

    // What the world says.
    /// What somebody said of an entry was taken: the reference, or that its code was not accepted.
    Attested(EntryId, Option<String>),
    /// The clock was compared: what came of it, or why nothing did. `Err` is asked for once more.
    ClockCompared(Result<String, String>),
    /// A code to sign in with.
    Code {
        /// The entry.
        id: EntryId,
        /// The code, grouped.
        code: SecretText,
        /// First second after its step; `None` for a counter.
        ends: Option<u64>,
        /// It follows one that is shown.
        follows: bool,
    },
    /// It was done.
    Done(Done),
    /// What is due, and what was drilled.
    Listed(Box<DrillsKnown>),
    /// The bundle is open, and was compared where the open vault is its own.
    Opened(Box<DrillOpened>),
}

impl DrillMessage {
    /// Whether the person did it.
    pub fn is_by_person(&self) -> bool {
        match self {
            Self::GoOn | Self::History | Self::NotAccepted | Self::Record | Self::Run | Self::ShowCode => {
                true
            }
            Self::Attested(..)
            | Self::ClockCompared(_)
            | Self::Code { .. }
            | Self::Done(_)
            | Self::Listed(_)
            | Self::Opened(_) => false,
        }
    }
}
