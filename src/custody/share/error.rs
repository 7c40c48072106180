//! What can be wrong with the words of a share, told so that it can be found on the card.

use std::fmt;

use super::super::words;
use crate::secret::SecretText;

/// Why words are no share of Lifeboat. Positions count from one.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ShareError {
    /// All words are in the list, and some are not those of the card, or not in its order.
    #[error("the words do not fit together{}", told(likely.as_ref()))]
    Checksum {
        /// What is probably wrong, if that can be told.
        likely: Option<Likely>,
    },
    /// The words are right, and another program made them.
    #[error("the words are a share of another program: {0}")]
    Foreign(Foreign),
    /// A word that is not in the list. What was typed may be a part of a share, so the message leaves it out.
    #[error("word {position} is not in the list{}", asked(suggestion.as_ref()))]
    UnknownWord {
        /// Its place.
        position: usize,
        /// What was typed there, at most its first 32 bytes; to be shown as a label would be, or not at all.
        typed: SecretText,
        /// The word that was probably meant.
        suggestion: Option<Suggestion>,
    },
    /// A share has twenty words.
    #[error("there {} and a share has {needed}", if *found == 1 { "is 1 word".into() } else { format!("are {found} words") })]
    WordCount {
        /// How many there are.
        found: usize,
        /// How many are needed.
        needed: usize,
    },
}

/// A mistake that would explain a wrong checksum. It is told and never put right.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Likely {
    /// A word and the next one have changed places.
    Swapped {
        /// The place of the first of the two.
        position: usize,
    },
    /// One word is another one.
    Wrong {
        /// Its place.
        position: usize,
        /// The word that was probably meant.
        suggestion: Suggestion,
    },
}

/// What makes a share one of another program.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Foreign {
    /// It takes groups of shares.
    #[error("it is of a group among several")]
    Groups,
    /// It has an exponent or a kind of identifier that Lifeboat does not use.
    #[error("its secret is encrypted in another way")]
    Encryption,
    /// Its checksum is right, and bits of it are not as the standard says.
    #[error("it is not as the standard says")]
    Malformed,
    /// One share opens everything.
    #[error("it needs no other share")]
    Single,
}

/// A word of the list that somebody may have meant.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Suggestion(pub(super) &'static str);

impl Suggestion {
    pub(super) fn of(index: u16) -> Option<Self> {
        words::word(usize::from(index)).map(Self)
    }

    /// The word.
    pub fn word(self) -> &'static str {
        self.0
    }
}

impl fmt::Debug for Suggestion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Suggestion(redacted)")
    }
}

fn told(likely: Option<&Likely>) -> String {
    match likely {
        None => ": at least two of them are wrong, compare each with the card".to_owned(),
        Some(Likely::Swapped { position }) => {
            format!(": words {position} and {} have probably changed places", position + 1)
        }
        Some(Likely::Wrong { position, suggestion }) => {
            format!(": word {position} is probably wrong, did you mean {:?}?", suggestion.word())
        }
    }
}

fn asked(suggestion: Option<&Suggestion>) -> String {
    suggestion.map_or_else(String::new, |suggestion| format!(", did you mean {:?}?", suggestion.word()))
}
