//! What is to be done around incidents.

use crate::recovery::ItemId;
use crate::recovery::incident::{IncidentKind, Subject};

/// One thing to do.
#[derive(Debug)]
pub enum IncidentEffect {
    /// Tick things off by their numbers; without any, end a break-glass session and make its list.
    Done(ItemId, Vec<usize>),
    /// Open one.
    Open(IncidentKind, Subject),
    /// Read all of them.
    Read,
    /// Read everything about one.
    Show(ItemId),
}
