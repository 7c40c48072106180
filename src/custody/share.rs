//! One share: what a custodian holds.

mod error;

use std::fmt;

use sha2::{Digest as _, Sha256};
use zeroize::Zeroizing;

pub use self::error::{Foreign, Likely, ShareError, Suggestion};
use super::rs1024::{self, Customization};
use super::set_id::SetId;
use super::slip39::{Mnemonic, MnemonicError};
use super::{typed, words};
use crate::secret::{SecretBytes, SecretText};

/// Four bytes by which a share is recognised without its words.
pub type Fingerprint = [u8; 4];

/// Most bytes of a typed word that are handed back.
const LONGEST_TYPED: usize = 32;

/// A share of a recovery secret, which alone says nothing about it.
pub struct Share(Mnemonic);

impl Share {
    /// Words of a share.
    pub const WORDS: usize = 20;

    pub(super) fn new(set: SetId, number: u8, threshold: u8, value: SecretBytes) -> Self {
        let member = number.saturating_sub(1);
        Self(Mnemonic {
            set,
            group: 0,
            group_threshold: 1,
            n_groups: 1,
            member,
            member_threshold: threshold,
            value,
        })
    }

    /// Reads the words of a share and nothing behind them.
    ///
    /// Words stand between any white space, with the numbers of a card before them or not, whole or shortened to four
    /// letters or more, in either case. Nothing is put right: what may have been meant is told in the error.
    ///
    /// # Errors
    ///
    /// [`ShareError`] says what is wrong first: a word that is not in the list, the number of words, the checksum, and
    /// what makes it another program's.
    pub fn parse(text: &str) -> Result<Self, ShareError> {
        let indices = indices(text)?;
        // A share of ours is checked as one of ours whatever its second word says: up to three wrong words are found.
        if rs1024::is_right(Customization::ShamirExtendable, &indices) {
            return Self::ours(Mnemonic::decode(&indices)).map_err(ShareError::Foreign);
        }
        if rs1024::is_right(Customization::Shamir, &indices) {
            let reason = Self::ours(Mnemonic::decode(&indices)).err().unwrap_or(Foreign::Malformed);
            return Err(ShareError::Foreign(reason));
        }
        Err(ShareError::Checksum { likely: likely(&indices) })
    }

    fn ours(decoded: Result<Mnemonic, MnemonicError>) -> Result<Self, Foreign> {
        let mnemonic = decoded.map_err(|_| Foreign::Malformed)?;
        if SetId::new(mnemonic.set.number()) != Some(mnemonic.set) {
            return Err(Foreign::Encryption);
        }
        if (mnemonic.group, mnemonic.group_threshold, mnemonic.n_groups) != (0, 1, 1) {
            return Err(Foreign::Groups);
        }
        if mnemonic.member_threshold < 2 {
            return Err(Foreign::Single);
        }
        Ok(Self(mnemonic))
    }

    /// The set that it is of.
    pub fn set(&self) -> SetId {
        self.0.set
    }

    /// Its number in the set, from one.
    pub fn number(&self) -> u8 {
        self.0.member + 1
    }

    /// Shares that are needed.
    pub fn threshold(&self) -> u8 {
        self.0.member_threshold
    }

    /// What no other share has: 16 bytes.
    pub fn value(&self) -> &SecretBytes {
        &self.0.value
    }

    /// The twenty words, in small letters with one space between them.
    pub fn words(&self) -> SecretText {
        self.0.words()
    }

    /// The first four bytes of SHA-256 over `lifeboat/1/share` and the value.
    pub fn fingerprint(&self) -> Fingerprint {
        let digest =
            Sha256::new().chain_update(b"lifeboat/1/share").chain_update(self.value().expose()).finalize();
        let mut fingerprint = Fingerprint::default();
        for (byte, full) in fingerprint.iter_mut().zip(digest) {
            *byte = full;
        }
        fingerprint
    }

    /// Tells whether two shares are one and the same; the values are compared in constant time.
    pub fn same_as(&self, other: &Self) -> bool {
        (self.set(), self.number(), self.threshold()) == (other.set(), other.number(), other.threshold())
            && self.value().same_as(other.value())
    }
}

impl fmt::Debug for Share {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Share({}, {}, needs {}, redacted)", self.set(), self.number(), self.threshold())
    }
}

/// The indices of exactly twenty words.
fn indices(text: &str) -> Result<Zeroizing<Vec<u16>>, ShareError> {
    let mut indices = Zeroizing::new(Vec::with_capacity(Share::WORDS));
    let mut unknown: Option<(usize, &str)> = None;
    let mut n_unknown = 0;
    for (token, place) in typed::tokens(text).take(Share::WORDS).zip(0..) {
        indices.push(words::index(token).unwrap_or_else(|| {
            n_unknown += 1;
            unknown.get_or_insert((place, token));
            0
        }));
    }
    let found = typed::tokens(text).count();
    let Some((place, token)) = unknown else {
        return if found == Share::WORDS {
            Ok(indices)
        } else {
            Err(ShareError::WordCount { found, needed: Share::WORDS })
        };
    };
    // Where all others are right, the checksum knows the word however it was misread.
    let by_checksum = if found == Share::WORDS && n_unknown == 1 {
        rs1024::word_at(Customization::ShamirExtendable, &indices, place).and_then(Suggestion::of)
    } else {
        None
    };
    Err(ShareError::UnknownWord {
        position: place + 1,
        typed: SecretText::new(start(token).to_owned()),
        suggestion: by_checksum.or_else(|| words::nearest(token).map(Suggestion)),
    })
}

/// The first characters, as many as fit.
fn start(token: &str) -> &str {
    let ends = token.char_indices().map(|(at, c)| at + c.len_utf8());
    let end = ends.take_while(|end| *end <= LONGEST_TYPED).last().unwrap_or_default();
    token.get(..end).unwrap_or_default()
}

fn likely(indices: &[u16]) -> Option<Likely> {
    if let Some(place) = rs1024::swapped_words(Customization::ShamirExtendable, indices) {
        return Some(Likely::Swapped { position: place + 1 });
    }
    let (place, index) = rs1024::wrong_word(Customization::ShamirExtendable, indices)?;
    Some(Likely::Wrong { position: place + 1, suggestion: Suggestion::of(index)? })
}

#[cfg(test)]
mod tests;
