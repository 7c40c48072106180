//! What happens around share sets and their custodians.

use crate::secret::SecretText;
use crate::tui::model::{AboutCards, Done, SetRow};

/// One thing that happened.
#[derive(Debug)]
pub enum CustodianMessage {
    // What the person means.
    /// Make a new set.
    New,
    /// The share sets.
    Open,
    /// Bring an acknowledgement home.
    Record,
    /// Replace the selected set.
    Replace,

    // What the world says.
    /// A card is to be shown.
    Card {
        /// The share's number.
        number: u8,
        /// Its words.
        words: SecretText,
        /// The places of the words that are typed back, from 1.
        asked: Vec<usize>,
    },
    /// It was done.
    Done(Done),
    /// A set was drawn; nothing is written yet.
    Drawn(AboutCards),
    /// The share sets of the vault.
    Listed(Vec<SetRow>),
    /// Whether a word that was typed back is the one on the card.
    WordChecked(bool),
}

impl CustodianMessage {
    /// Whether the person did it.
    pub fn is_by_person(&self) -> bool {
        match self {
            Self::New | Self::Open | Self::Record | Self::Replace => true,
            Self::Card { .. } | Self::Done(_) | Self::Drawn(_) | Self::Listed(_) | Self::WordChecked(_) => {
                false
            }
        }
    }
}
