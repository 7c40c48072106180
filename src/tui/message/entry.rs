//! What happens around one entry.

use crate::app::check::Checked;
use crate::secret::SecretText;
use crate::tui::model::{EntryDetails, EntryValues, Picture};

/// One thing that happened.
#[derive(Debug)]
pub enum EntryMessage {
    // What the person means.
    /// The service has accepted the first code.
    Accepted,
    /// Ask before the seed is shown as a QR code.
    AskQr,
    /// Ask before the next recovery code is handed out.
    AskRecoveryCode,
    /// The service has not accepted the first code.
    NotAccepted,
    /// The first code is not tried now.
    Skip,

    // What the world says.
    /// An entry was changed; in words.
    Changed(String),
    /// What can be said of the seed as it was typed, or what is wrong with it.
    Checked {
        /// The words, or what is known.
        outcome: Result<Box<Checked>, String>,
        /// What a URI says goes into the other fields.
        fills: bool,
    },
    /// What is known of the selected entry.
    Described(EntryDetails),
    /// A recovery code was handed out; it is saved as used.
    HandedOut {
        /// The entry's name, safe to show.
        title: String,
        /// The code.
        code: SecretText,
        /// How many are left.
        left: usize,
    },
    /// The accounts in the QR codes of a picture, a text each.
    PictureRead(Vec<SecretText>),
    /// The seed as a QR code.
    QrDrawn(Picture),
    /// All that is known of an entry.
    Read(EntryDetails),
    /// A seed was made.
    SeedMade(SecretText),
    /// What an entry is like before it is changed.
    ToChange(Box<EntryValues>),
}

impl EntryMessage {
    /// Whether the person did it.
    pub fn is_by_person(&self) -> bool {
        match self {
            Self::Accepted | Self::AskQr | Self::AskRecoveryCode | Self::NotAccepted | Self::Skip => true,
            Self::Changed(_)
            | Self::Checked { .. }
            | Self::Described(_)
            | Self::HandedOut { .. }
            | Self::PictureRead(_)
            | Self::QrDrawn(_)
            | Self::Read(_)
            | Self::SeedMade(_)
            | Self::ToChange(_) => false,
        }
    }
}
