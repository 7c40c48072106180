//! What happens around incidents.

use crate::recovery::ItemId;
use crate::tui::model::{IncidentShown, IncidentsKnown};

/// One thing that happened.
#[derive(Debug)]
pub enum IncidentMessage {
    // What the person means.
    /// End a break-glass session, or make the list of one that has ended.
    End,
    /// Write a new one down.
    New,
    /// The page of the incidents.
    Page,

    // What the world says.
    /// Something was ticked off, or a session was ended: what to tell.
    Done(String),
    /// One was opened: what to tell.
    Opened(ItemId, String),
    /// All of them.
    Read(IncidentsKnown),
    /// Everything about one.
    Shown(Box<IncidentShown>),
}

impl IncidentMessage {
    /// Whether the person did it.
    pub fn is_by_person(&self) -> bool {
        match self {
            Self::End | Self::New | Self::Page => true,
            Self::Done(_) | Self::Opened(..) | Self::Read(_) | Self::Shown(_) => false,
        }
    }
}
