//! The 1 024 words of SLIP-0039, each with its own first four letters.
//!
//! Generated passphrases use them because a custodian who later types share words types from the
//! same list: short, common, and told apart by four letters.

use std::sync::LazyLock;

use crate::secret::SecretText;

/// Words of the list. A word's index has ten bits.
pub const N_WORDS: u16 = 1024;

/// Letters that tell every word from all others.
pub const PREFIX_LETTERS: usize = 4;

/// Letters of the longest word.
pub const LONGEST_WORD: usize = 8;

/// Words of a generated passphrase: 8 words of 10 bits are 80 bits.
pub const PASSPHRASE_WORDS: usize = 8;

const LIST: &str = include_str!("slip39_words.txt");

/// The list is in the order of the alphabet.
static ALL: LazyLock<Vec<&'static str>> = LazyLock::new(|| LIST.lines().collect());

/// The word at an index from 0 to 1 023.
pub fn word(index: usize) -> Option<&'static str> {
    ALL.get(index).copied()
}

/// The index of a word as it is typed: whole, or its first four letters or more, in either case.
pub fn index(typed: &str) -> Option<u16> {
    if !(PREFIX_LETTERS..=LONGEST_WORD).contains(&typed.len()) {
        return None;
    }
    let first = first_from(typed);
    let word = ALL.get(first)?;
    begins_so(word, typed).then(|| u16::try_from(first).ok())?
}

/// The words that begin so, in either case, in their order: all of them for nothing, one at most from four letters on.
pub fn complete(prefix: &str) -> &'static [&'static str] {
    let rest = ALL.get(first_from(prefix)..).unwrap_or_default();
    let n_words = rest.partition_point(|word| begins_so(word, prefix));
    rest.get(..n_words).unwrap_or_default()
}

/// The word that somebody may have meant: the one with the fewest letters wrong, missing, too many or changed with
/// their neighbours, if there is one such word and these are two at most.
///
/// It is for a message. A word that was not typed is never taken.
pub fn nearest(typed: &str) -> Option<&'static str> {
    // Whatever is longer has more than two letters too many, and would make the table below large.
    if typed.len() > LONGEST_WORD + FEW_LETTERS || !typed.bytes().all(|byte| byte.is_ascii_alphabetic()) {
        return None;
    }
    let distances = || ALL.iter().map(|word| (distance(word.as_bytes(), typed.as_bytes()), *word));
    let (least, word) = distances().min_by_key(|(distance, _)| *distance)?;
    let is_alone = distances().filter(|(distance, _)| *distance == least).count() == 1;
    (is_alone && least <= FEW_LETTERS).then_some(word)
}

/// More letters than these make another word.
const FEW_LETTERS: usize = 2;

/// Where the words begin that do not stand before a text, which may have capitals.
fn first_from(text: &str) -> usize {
    ALL.partition_point(|word| word.bytes().lt(text.bytes().map(|byte| byte.to_ascii_lowercase())))
}

fn begins_so(word: &str, prefix: &str) -> bool {
    word.get(..prefix.len()).is_some_and(|start| start.eq_ignore_ascii_case(prefix))
}

/// Letters that make one word of another (Damerau's distance, where no letter is changed twice).
fn distance(word: &[u8], typed: &[u8]) -> usize {
    let typed: Vec<u8> = typed.iter().map(u8::to_ascii_lowercase).collect();
    let mut before_last: Vec<usize> = Vec::new();
    let mut last: Vec<usize> = (0..=typed.len()).collect();
    for (row, letter) in word.iter().enumerate() {
        let mut current = vec![row + 1];
        for (column, other) in typed.iter().enumerate() {
            let at = |line: &[usize], column: usize| line.get(column).copied().unwrap_or(usize::MAX - 1);
            let mut least = at(&last, column) + usize::from(letter != other);
            least = least.min(at(&last, column + 1) + 1).min(at(&current, column) + 1);
            let are_changed = row > 0
                && column > 0
                && word.get(row - 1) == Some(other)
                && typed.get(column - 1) == Some(letter);
            if are_changed {
                least = least.min(at(&before_last, column - 1) + 1);
            }
            current.push(least);
        }
        before_last = std::mem::replace(&mut last, current);
    }
    last.last().copied().unwrap_or_default()
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
    fn a_word_is_taken_whole_or_by_four_letters_and_more_in_either_case() {
        for (number, word) in LIST.lines().enumerate() {
            let number = u16::try_from(number).unwrap();
            for n_letters in PREFIX_LETTERS..=word.len() {
                assert_eq!(index(word.split_at(n_letters).0), Some(number), "{word}");
                assert_eq!(index(&word.split_at(n_letters).0.to_uppercase()), Some(number), "{word}");
            }
            assert_eq!(index(word.split_at(3).0), None);
            assert_eq!(index(&format!("{word}s")), None);
            assert_eq!(super::word(usize::from(number)), Some(word));
        }
        for none in ["", "zzzz", "aaaa", "acad\u{e9}mic", "acadé", " academic", "academic "] {
            assert_eq!(index(none), None, "{none}");
        }
    }

    #[test]
    fn the_words_that_begin_so_become_fewer_with_every_letter() {
        assert_eq!(complete("").len(), 1024);
        assert_eq!(complete("ac"), ["academic", "acid", "acne", "acquire", "acrobat", "activity", "actress"]);
        assert_eq!(complete("ACA"), ["academic"]);
        assert_eq!(complete("zer"), ["zero"]);
        assert!(complete("zz").is_empty() && complete("é").is_empty() && complete("academics").is_empty());
        for word in LIST.lines() {
            assert_eq!(complete(word.split_at(4).0), [word]);
        }
    }

    #[test]
    fn one_word_is_suggested_where_one_is_nearest() {
        assert_eq!(nearest("acedemic"), Some("academic"));
        assert_eq!(nearest("Acadmeic"), Some("academic"));
        assert_eq!(nearest("cademic"), Some("academic"));
        assert_eq!(nearest("academics"), Some("academic"));
        // Of "bulb" and "bulge" each is one letter away.
        assert_eq!(nearest("bulbe"), None);
        assert_eq!(nearest("qqqqqqqq"), None);
        assert_eq!(nearest(&"academic".repeat(1000)), None);
        assert_eq!(nearest("acad\u{1b}mic"), None);
    }

    #[test]
    fn a_passphrase_has_eight_words_of_the_list() {
        let text = passphrase(&[0xff; 16]);
        assert_eq!(text.expose().split(' ').count(), 8);
        assert!(text.expose().split(' ').all(|w| w == word(1023).unwrap()));
    }
}
