//! What happens around runbooks.

use crate::app::runbook::{Asked, Runbook};
use crate::tui::model::RunbookRow;

/// One thing that happened.
#[derive(Debug)]
pub enum RunbookMessage {
    // What the person means.
    /// To their page.
    Open,
    /// Choose a file for the one that is shown.
    Write,

    // What the world says.
    /// All of them.
    Listed(Vec<RunbookRow>),
    /// One was filled in, for what was asked.
    Made(Asked, Box<Runbook>),
    /// One was written: what to tell.
    Written(String),
}

impl RunbookMessage {
    /// Whether the person did it.
    pub fn is_by_person(&self) -> bool {
        match self {
            Self::Open | Self::Write => true,
            Self::Listed(_) | Self::Made(..) | Self::Written(_) => false,
        }
    }
}
