//! The checksum of SLIP-0039: a Reed-Solomon code over GF(2¹⁰), whose symbols are words.
//!
//! Three words of checksum find up to three wrong ones for sure, and let more of them pass once in a thousand million
//! times. One wrong word can also be located, which is used for a suggestion and never for a correction.

use super::words::N_WORDS;

/// Words of a checksum.
pub const CHECKSUM_WORDS: usize = 3;

/// What the standard's generator polynomial makes of each bit that is shifted out.
const GENERATOR: [u32; 10] = [
    0x00e0_e040,
    0x01c1_c080,
    0x0383_8100,
    0x0707_0200,
    0x0e0e_0009,
    0x1c0c_2412,
    0x3808_6c24,
    0x3090_fc48,
    0x21b1_f890,
    0x03f3_f120,
];

/// What a checksum begins with, so that one kind of share does not pass for another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Customization {
    /// Shares whose identifier takes part in the encryption (`shamir`).
    Shamir,
    /// Shares whose identifier does not, so that more sets can be made of one secret (`shamir_extendable`).
    ShamirExtendable,
}

impl Customization {
    fn text(self) -> &'static str {
        match self {
            Self::Shamir => "shamir",
            Self::ShamirExtendable => "shamir_extendable",
        }
    }
}

/// The checksum of some words.
pub fn checksum(customization: Customization, words: &[u16]) -> [u16; CHECKSUM_WORDS] {
    let rest = remainder(customization, words.iter().copied().chain([0; CHECKSUM_WORDS])) ^ 1;
    [20, 10, 0].map(|shift| u16::try_from((rest >> shift) & 0x3ff).unwrap_or_default())
}

/// Tells whether some words end in their checksum.
pub fn is_right(customization: Customization, words: &[u16]) -> bool {
    difference(customization, words) == 0
}

/// The one word that makes the checksum right, as its place from zero and its index.
///
/// `None` when the checksum is right, or when more than one word is wrong. Where two are, none is suggested; from three
/// on one may be, about once in fifty thousand times.
pub fn wrong_word(customization: Customization, words: &[u16]) -> Option<(usize, u16)> {
    let wanted = difference(customization, words);
    (0..words.len()).find_map(|place| {
        let word = words.get(place)?;
        let change = change_at(words.len() - place - 1, wanted)?;
        Some((place, word ^ change))
    })
}

/// The word that makes the checksum right at a place where any word may stand now.
pub fn word_at(customization: Customization, words: &[u16], place: usize) -> Option<u16> {
    let wanted = difference(customization, words);
    let change = change_at(words.len().checked_sub(place + 1)?, wanted);
    let word = words.get(place)?;
    if wanted == 0 { Some(*word) } else { change.map(|change| word ^ change) }
}

/// The place from zero of a word that makes the checksum right when it changes places with the next one.
pub fn swapped_words(customization: Customization, words: &[u16]) -> Option<usize> {
    let wanted = difference(customization, words);
    words.windows(2).enumerate().find_map(|(place, pair)| {
        let &[left, right] = pair else { return None };
        let n_after = words.len() - place - 1;
        // Each of the two words changes by the same: the one by the other.
        let change = u32::from(left ^ right);
        let seen = passed_on(change, n_after) ^ passed_on(change, n_after - 1);
        (change != 0 && seen == wanted).then_some(place)
    })
}

/// What the remainder differs by from the one of words with their checksum: zero where it is right.
fn difference(customization: Customization, words: &[u16]) -> u32 {
    remainder(customization, words.iter().copied()) ^ 1
}

fn remainder(customization: Customization, words: impl Iterator<Item = u16>) -> u32 {
    let prefix = customization.text().bytes().map(u16::from);
    prefix.chain(words).fold(1, |state, word| shifted(state) ^ u32::from(word))
}

/// Multiplies the state by x and reduces it; what a word changes there goes through the same, for the code is linear.
fn shifted(state: u32) -> u32 {
    let out = state >> 20;
    let kept = (state & 0x000f_ffff) << 10;
    GENERATOR
        .iter()
        .enumerate()
        .fold(kept, |sum, (bit, row)| sum ^ (row & 0_u32.wrapping_sub(out >> bit & 1)))
}

/// What a change of a word makes of the remainder when `n_after` words follow it.
fn passed_on(change: u32, n_after: usize) -> u32 {
    (0..n_after).fold(change, |state, _| shifted(state))
}

/// The change of a word, `n_after` words before the end, that changes the remainder by `wanted`.
fn change_at(n_after: usize, wanted: u32) -> Option<u16> {
    let mut of_bits = [0; 10];
    for (bit, effect) in of_bits.iter_mut().enumerate() {
        *effect = passed_on(1 << bit, n_after);
    }
    // In the order of Gray's code, where each change differs from the last one in a single bit.
    let (mut change, mut effect) = (0, 0);
    for step in 1..N_WORDS {
        let bit = step.trailing_zeros();
        change ^= 1 << bit;
        effect ^= of_bits.get(usize::try_from(bit).ok()?)?;
        if effect == wanted {
            return Some(change);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const BOTH: [Customization; 2] = [Customization::Shamir, Customization::ShamirExtendable];

    fn with_checksum(customization: Customization, mut words: Vec<u16>) -> Vec<u16> {
        words.extend(checksum(customization, &words));
        words
    }

    #[test]
    fn every_single_wrong_word_is_found_and_located() {
        let words = with_checksum(Customization::ShamirExtendable, (0..17).map(|n| n * 37 % 1024).collect());
        for place in 0..words.len() {
            for wrong in (0..N_WORDS).filter(|wrong| *wrong != words[place]) {
                let mut typed = words.clone();
                typed[place] = wrong;
                assert!(!is_right(Customization::ShamirExtendable, &typed));
                assert_eq!(wrong_word(Customization::ShamirExtendable, &typed), Some((place, words[place])));
            }
        }
    }

    fn words() -> impl Strategy<Value = Vec<u16>> {
        prop::collection::vec(0..N_WORDS, 4..=30)
    }

    proptest! {
        #[test]
        fn words_with_their_checksum_are_right_in_one_kind_alone(words in words(), which in 0..2_usize) {
            let words = with_checksum(BOTH[which], words);
            prop_assert!(is_right(BOTH[which], &words));
            prop_assert!(!is_right(BOTH[1 - which], &words));
            prop_assert_eq!(wrong_word(BOTH[which], &words), None);
            prop_assert_eq!(swapped_words(BOTH[which], &words), None);
        }

        #[test]
        fn two_and_three_wrong_words_are_found_and_two_are_never_corrected(
            words in words(),
            changes in prop::collection::btree_map(0..33_usize, 1..N_WORDS, 2..=3),
        ) {
            let mut words = with_checksum(Customization::ShamirExtendable, words);
            let mut n_wrong = 0;
            for (place, change) in changes {
                if let Some(word) = words.get_mut(place) {
                    *word ^= change;
                    n_wrong += 1;
                }
            }
            prop_assert_eq!(is_right(Customization::ShamirExtendable, &words), n_wrong == 0);
            if n_wrong == 2 {
                prop_assert_eq!(wrong_word(Customization::ShamirExtendable, &words), None);
            }
        }

        #[test]
        fn neighbours_that_changed_places_are_located(words in words(), place in 0..20_usize) {
            let mut words = with_checksum(Customization::ShamirExtendable, words);
            let place = place % (words.len() - 1);
            prop_assume!(words[place] != words[place + 1]);
            words.swap(place, place + 1);
            prop_assert_eq!(swapped_words(Customization::ShamirExtendable, &words), Some(place));
            prop_assert_eq!(wrong_word(Customization::ShamirExtendable, &words), None);
        }

        #[test]
        fn a_word_that_cannot_be_read_follows_from_the_others(
            words in words(), place in 0..20_usize, read_as in 0..N_WORDS,
        ) {
            let mut words = with_checksum(Customization::ShamirExtendable, words);
            let place = place % words.len();
            let word = std::mem::replace(&mut words[place], read_as);
            prop_assert_eq!(word_at(Customization::ShamirExtendable, &words, place), Some(word));
        }
    }
}
