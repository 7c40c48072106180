//! The words of a share as a person types them, pastes them or has them read from a file.
//!
//! Between words may stand any white space and the numbers of a card (`1.`, `1:`, `12)`); nothing else. A word is
//! taken whole or by its first four letters or more, in either case.

use super::words;

/// The words of a text, without the numbers between them.
pub(super) fn tokens(text: &str) -> impl Iterator<Item = &str> {
    text.split_whitespace().map(without_number).filter(|token| !token.is_empty())
}

/// Takes `12.`, `12:`, `12)` from the front of a word, and a number that stands alone.
fn without_number(token: &str) -> &str {
    let rest = token.trim_start_matches(|c: char| c.is_ascii_digit());
    let n_digits = token.len() - rest.len();
    if !(1..=2).contains(&n_digits) {
        return token;
    }
    match rest.strip_prefix(['.', ':', ')']) {
        Some(word) => word,
        None if rest.is_empty() => rest,
        None => token,
    }
}

/// What is known of words that are still being typed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Progress {
    /// Words that are complete: those with white space behind them, and the last one where no letter is missing.
    pub n_words: usize,
    /// The places, from one, of words that are not in the list.
    pub not_in_list: Vec<usize>,
    /// The words that begin as the last one does, while it is being typed.
    pub candidates: Candidates,
}

/// Words of the list; they are not shown by `Debug`, because one of them is a part of a share.
#[derive(Clone, Copy, PartialEq, Eq, Default)]
pub struct Candidates(&'static [&'static str]);

impl Candidates {
    /// The words.
    pub fn words(self) -> &'static [&'static str] {
        self.0
    }
}

impl std::fmt::Debug for Candidates {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Candidates({})", self.0.len())
    }
}

/// Looks at the words that have been typed so far: the last one may be incomplete.
pub fn progress(text: &str) -> Progress {
    let ends_in_space = text.ends_with(char::is_whitespace);
    let mut progress = Progress { n_words: 0, not_in_list: Vec::new(), candidates: Candidates::default() };
    let mut places = tokens(text).zip(1..).peekable();
    while let Some((token, place)) = places.next() {
        let is_being_typed = places.peek().is_none() && !ends_in_space && text.ends_with(token);
        if words::index(token).is_some() {
            progress.n_words += 1;
        } else if !is_being_typed || words::complete(token).is_empty() {
            progress.n_words += 1;
            progress.not_in_list.push(place);
        }
        if is_being_typed {
            progress.candidates = Candidates(words::complete(token));
        }
    }
    progress
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_and_white_space_between_words_are_passed_over() {
        let text = " 1. academic\n2:acid\t12) acne 7 acquire\r\n\u{2003}99.\u{a0}zero ";
        assert_eq!(tokens(text).collect::<Vec<_>>(), ["academic", "acid", "acne", "acquire", "zero"]);
        let not_numbers = "100 1.. 1acid .acid 1. acid, 1.) -1";
        assert_eq!(
            tokens(not_numbers).collect::<Vec<_>>(),
            ["100", ".", "1acid", ".acid", "acid,", ")", "-1"]
        );
    }

    #[test]
    fn words_that_are_being_typed_are_wrong_only_where_no_word_begins_so() {
        let of = |text: &str| {
            let progress = progress(text);
            (progress.n_words, progress.not_in_list, progress.candidates.words().len())
        };
        assert_eq!(of(""), (0, vec![], 0));
        assert_eq!(of("ac"), (0, vec![], 7));
        assert_eq!(of("acad"), (1, vec![], 1));
        assert_eq!(of("acad "), (1, vec![], 0));
        assert_eq!(of("ac "), (1, vec![1], 0));
        assert_eq!(of("acx"), (1, vec![1], 0));
        assert_eq!(of("1. academic 2. acidd 3. acn"), (2, vec![2], 1));
        assert_eq!(of("academic 2."), (1, vec![], 0));
        assert_eq!(format!("{:?}", progress("acad").candidates), "Candidates(1)");
    }
}
