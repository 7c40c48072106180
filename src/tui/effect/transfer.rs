//! What is to be done around files of other programs.

/// One thing to do.
#[derive(Debug)]
pub enum TransferEffect {}
