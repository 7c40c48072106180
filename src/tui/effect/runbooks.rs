//! What is to be done around runbooks.

use crate::app::runbook::{Asked, Runbook};

/// One thing to do.
#[derive(Debug)]
pub enum RunbookEffect {
    /// List them.
    List,
    /// Fill one in.
    Make(Asked),
    /// Write one as it was filled in to a file; the path is as it was typed.
    Write(Box<Runbook>, String),
}
