//! The 1 024 words of SLIP-0039, each with its own first four letters.
//!
//! Generated passphrases use them because a custodian who later types share words types from the
//! same list: short, common, and told apart by four letters.

use crate::secret::SecretText;

/// Words of a generated passphrase: 8 words of 10 bits are 80 bits.
pub const PASSPHRASE_WORDS: usize = 8;

const LIST: &str = include_str!("slip39_words.txt");

/// The word at an index from 0 to 1 023.
pub fn word(index: usize) -> Option<&'static str> {
    LIST.lines().nth(index)
}

/// Makes a passphrase of eight words from 16 random bytes; 10 bits of each pair choose a word.
pub fn passphrase(random: &[u8; 2 * PASSPHRASE_WORDS]) -> SecretText {
    // The longest word has 8 letters.
    let mut text = SecretText::with_capacity(PASSPHRASE_WORDS * 9);
    for pair in random.chunks_exact(2) {
        let index = pair.iter().fold(0_usize, |value, byte| (value << 8) | usize::from(*byte)) % 1024;
        if !text.is_empty() {
            text.expose_mut().push(' ');
        }
        text.expose_mut().push_str(word(index).unwrap_or_default());
    }
    text
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn the_list_has_1024_words_known_by_four_letters() {
        let prefixes: HashSet<&str> = LIST.lines().map(|word| word.get(..4).unwrap_or(word)).collect();
        assert_eq!(LIST.lines().count(), 1024);
        assert_eq!(prefixes.len(), 1024);
        assert!(LIST.lines().all(|word| (4..=8).contains(&word.len())));
    }

    #[test]
    fn a_passphrase_has_eight_words_of_the_list() {
        let text = passphrase(&[0xff; 16]);
        assert_eq!(text.expose().split(' ').count(), 8);
        assert!(text.expose().split(' ').all(|w| w == word(1023).unwrap()));
    }
}
