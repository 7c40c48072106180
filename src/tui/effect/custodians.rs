//! What is to be done around share sets and their custodians.

use crate::secret::SecretText;

/// One thing to do.
#[derive(Debug)]
pub enum CustodianEffect {
    /// Tell whether this is the word of a card.
    CheckWord {
        /// The share's number.
        number: u8,
        /// The word's place, from 1.
        place: usize,
        /// What was typed.
        typed: SecretText,
    },
    /// Draw a set for custodians. Nothing is written.
    Draw {
        /// How many are needed.
        needed: u8,
        /// Who they are.
        custodians: Vec<String>,
    },
    /// Keep the set that was drawn, in the place of another where one is named.
    Keep(Option<u16>),
    /// Say which share sets there are.
    List,
    /// Bring an acknowledgement home; the path is as it was typed.
    Record(String),
    /// Give the words of a card.
    Show(u8),
    /// Note that words of a card were typed back.
    TypedBack(u8),
}
