//! What happens around one entry.

/// One thing that happened.
#[derive(Debug)]
pub enum EntryMessage {
    /// Ask before the seed is shown as a QR code.
    AskQr,
    /// Ask before the next recovery code is handed out.
    AskRecoveryCode,
}

impl EntryMessage {
    /// Whether the person did it.
    pub fn is_by_person(&self) -> bool {
        match self {
            Self::AskQr | Self::AskRecoveryCode => true,
        }
    }
}
