//! One mnemonic of the standard: from the indices of its words to what they say, and back.

use std::fmt;

use zeroize::Zeroizing;

use super::super::rs1024::{self, CHECKSUM_WORDS, Customization};
use super::super::set_id::SetId;
use super::super::{typed, words};
use crate::secret::{SecretBytes, SecretText};

/// Words before the value.
const HEADER_WORDS: usize = 4;
/// Words around the value.
const OTHER_WORDS: usize = HEADER_WORDS + CHECKSUM_WORDS;
/// Fewest words: of 128 bits.
const FEWEST_WORDS: usize = OTHER_WORDS + 13;
/// Most words that are read: of 512 bits. The standard names no limit.
const MOST_WORDS: usize = OTHER_WORDS + 52;
const WORD_BITS: usize = 10;

/// The indices of words, wiped when dropped.
pub(in super::super) type Indices = Zeroizing<Vec<u16>>;

/// Why words are no mnemonic. None of them is repeated.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum MnemonicError {
    /// A word is wrong, missing or in another place.
    #[error("the checksum differs")]
    Checksum,
    /// More groups are needed than there are.
    #[error("more groups are needed than there are")]
    GroupThreshold,
    /// A length that no secret has.
    #[error("{n_words} words are no length of a share")]
    Length {
        /// How many words there are.
        n_words: usize,
    },
    /// Bits that no writer sets.
    #[error("the padding is not zero")]
    Padding,
    /// A word that is not in the list.
    #[error("word {position} is not in the list")]
    UnknownWord {
        /// Its place from one.
        position: usize,
    },
}

/// One mnemonic: a value of a polynomial, and where it belongs.
pub struct Mnemonic {
    /// The set that it was made with.
    pub set: SetId,
    /// The group that it is of, from zero.
    pub group: u8,
    /// Groups that are needed.
    pub group_threshold: u8,
    /// Groups that there are.
    pub n_groups: u8,
    /// Its place in its group, from zero.
    pub member: u8,
    /// Members of the group that are needed.
    pub member_threshold: u8,
    /// The value at its place.
    pub value: SecretBytes,
}

impl Mnemonic {
    /// Reads a text of words as [`super::super::Share::parse`] does, of any length that the standard has.
    ///
    /// # Errors
    ///
    /// [`MnemonicError`] says what is wrong first.
    pub fn parse(text: &str) -> Result<Self, MnemonicError> {
        let n_words = typed::tokens(text).count();
        if n_words > MOST_WORDS {
            return Err(MnemonicError::Length { n_words });
        }
        let mut indices = Zeroizing::new(Vec::with_capacity(n_words));
        for (token, position) in typed::tokens(text).zip(1..) {
            indices.push(words::index(token).ok_or(MnemonicError::UnknownWord { position })?);
        }
        Self::decode(&indices)
    }

    /// Reads the indices of words.
    ///
    /// # Errors
    ///
    /// [`MnemonicError`] says what is wrong first: length, checksum, padding, groups.
    pub(in super::super) fn decode(indices: &[u16]) -> Result<Self, MnemonicError> {
        let n_words = indices.len();
        let padding = n_words.saturating_sub(OTHER_WORDS) * WORD_BITS % 16;
        if !(FEWEST_WORDS..=MOST_WORDS).contains(&n_words) || padding > 8 {
            return Err(MnemonicError::Length { n_words });
        }
        let [first, second, third, fourth, rest @ ..] = indices else {
            return Err(MnemonicError::Length { n_words });
        };
        let set = SetId::from_words(*first, *second);
        if !rs1024::is_right(customization(set), indices) {
            return Err(MnemonicError::Checksum);
        }
        let digits = u32::from(*third) << WORD_BITS | u32::from(*fourth);
        let digit = |place: u32| u8::try_from(digits >> (4 * (4 - place)) & 0xf).unwrap_or_default();
        let value_words = rest.get(..rest.len().saturating_sub(CHECKSUM_WORDS)).unwrap_or_default();
        let mnemonic = Self {
            set,
            group: digit(0),
            group_threshold: digit(1) + 1,
            n_groups: digit(2) + 1,
            member: digit(3),
            member_threshold: digit(4) + 1,
            value: value_of(value_words, padding).ok_or(MnemonicError::Padding)?,
        };
        if mnemonic.group_threshold > mnemonic.n_groups {
            return Err(MnemonicError::GroupThreshold);
        }
        Ok(mnemonic)
    }

    /// The words, in small letters with one space between them.
    pub fn words(&self) -> SecretText {
        let indices = self.indices();
        let mut text = SecretText::with_capacity(indices.len() * (words::LONGEST_WORD + 1));
        for index in indices.iter() {
            if !text.is_empty() {
                text.expose_mut().push(' ');
            }
            text.expose_mut().push_str(words::word(usize::from(*index)).unwrap_or_default());
        }
        text
    }

    fn indices(&self) -> Indices {
        let mut indices = Zeroizing::new(Vec::with_capacity(MOST_WORDS));
        indices.extend(self.set.words());
        let digits =
            [self.group, self.group_threshold - 1, self.n_groups - 1, self.member, self.member_threshold - 1];
        let digits = digits.iter().fold(0_u32, |sum, digit| sum << 4 | u32::from(digit & 0xf));
        indices.extend(
            [digits >> WORD_BITS, digits & 0x3ff].map(|word| u16::try_from(word).unwrap_or_default()),
        );
        push_value(&mut indices, &self.value);
        let checksum = rs1024::checksum(customization(self.set), &indices);
        indices.extend(checksum);
        indices
    }
}

impl fmt::Debug for Mnemonic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (set, group, member) = (self.set, self.group, self.member);
        write!(f, "Mnemonic({set}, group {group}, member {member}, redacted)")
    }
}

fn customization(set: SetId) -> Customization {
    if set.is_extendable() { Customization::ShamirExtendable } else { Customization::Shamir }
}

/// The bytes of a value; `None` when the bits before them are not zero.
fn value_of(indices: &[u16], padding: usize) -> Option<SecretBytes> {
    let mut value = SecretBytes::with_capacity(indices.len() * WORD_BITS / 8);
    let (mut bits, mut n_bits) = (Zeroizing::new(0_u32), 0);
    for (n, index) in indices.iter().enumerate() {
        *bits = *bits << WORD_BITS | u32::from(*index);
        n_bits += WORD_BITS;
        if n == 0 {
            n_bits -= padding;
            if *bits >> n_bits != 0 {
                return None;
            }
        }
        while n_bits >= 8 {
            n_bits -= 8;
            value.expose_mut().push(u8::try_from(*bits >> n_bits & 0xff).ok()?);
        }
        *bits &= (1 << n_bits) - 1;
    }
    Some(value)
}

/// Adds the words of a value, with the zero bits before it that fill the first one.
fn push_value(indices: &mut Vec<u16>, value: &SecretBytes) {
    let mut bits = Zeroizing::new(0_u32);
    let mut n_bits = (WORD_BITS - value.len() * 8 % WORD_BITS) % WORD_BITS;
    for byte in value.expose() {
        *bits = *bits << 8 | u32::from(*byte);
        n_bits += 8;
        if n_bits >= WORD_BITS {
            n_bits -= WORD_BITS;
            indices.push(u16::try_from(*bits >> n_bits & 0x3ff).unwrap_or_default());
            *bits &= (1 << n_bits) - 1;
        }
    }
}
