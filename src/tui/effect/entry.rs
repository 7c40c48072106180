//! What is to be done around one entry.

/// One thing to do.
#[derive(Debug)]
pub enum EntryEffect {}
