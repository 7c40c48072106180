//! What happens around files of other programs.

/// One thing that happened.
#[derive(Debug)]
pub enum TransferMessage {
    /// Take what is good of a file of which some cannot be taken.
    AllowSkipped,
}

impl TransferMessage {
    /// Whether the person did it.
    pub fn is_by_person(&self) -> bool {
        match self {
            Self::AllowSkipped => true,
        }
    }
}
