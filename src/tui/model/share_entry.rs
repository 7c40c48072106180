//! The shares of a bundle being typed: one card at a time, a word after the other.

use crate::custody::{Share, words};
use crate::secret::SecretText;
use crate::tui::secret_field::SecretField;

/// Letters of the longest word of the list.
const LONGEST_WORD: usize = words::LONGEST_WORD;

/// The shares that open a bundle, as far as they were brought, and the card that is being typed.
///
/// What was taken is the runner's. Here are the words of one card at most, until it is taken or left.
#[derive(Debug)]
pub struct ShareEntry {
    /// The set that is needed, by its name.
    pub set: String,
    /// How many of its shares open the bundle.
    pub needed: u8,
    /// How many are still missing.
    pub missing: u8,
    /// The numbers of those that were taken.
    pub numbers: Vec<u8>,
    /// The words of the card; empty where none was taken yet.
    words: Vec<SecretText>,
    /// The place of the word that is being typed, from 0.
    place: usize,
    /// The letters of that word.
    pub field: SecretField,
    /// What is to be said of the last word, or of the whole card. It may name a word.
    pub remark: Option<SecretText>,
    /// What came of the last share.
    pub told: Option<String>,
    /// The folder from which the last file was taken.
    pub folder: String,
}

impl ShareEntry {
    /// Begins with no share.
    pub fn new(set: String, needed: u8) -> Self {
        Self {
            set,
            needed,
            missing: needed,
            numbers: Vec::new(),
            words: empty_card(),
            place: 0,
            field: SecretField::plain(),
            remark: None,
            told: None,
            folder: "~".to_owned(),
        }
    }

    /// The words of the card, in their places; empty where none was taken yet.
    pub fn words(&self) -> impl Iterator<Item = &str> {
        self.words.iter().map(SecretText::expose)
    }

    /// The place of the word that is being typed, from 0.
    pub fn place(&self) -> usize {
        self.place
    }

    /// The word that stands in the place that is being typed.
    pub fn word_here(&self) -> &str {
        self.words.get(self.place).map(SecretText::expose).unwrap_or_default()
    }

    /// The words that begin with the letters that are being typed; none where nothing is.
    pub fn candidates(&self) -> &'static [&'static str] {
        let typed = self.field.text().expose();
        if typed.is_empty() { &[] } else { words::complete(typed) }
    }

    /// Whether anything of a card is here.
    pub fn holds_words(&self) -> bool {
        !self.field.is_empty() || self.remark.is_some() || self.words.iter().any(|word| !word.is_empty())
    }

    /// Goes to a place; letters that were being typed go.
    pub fn go_to(&mut self, place: usize) {
        self.field.clear();
        self.place = place.min(Share::WORDS - 1);
    }

    /// Puts a word into the place that is being typed, and goes to the next one that has none. False when all have one.
    pub fn put(&mut self, word: &str) -> bool {
        if let Some(here) = self.words.get_mut(self.place) {
            *here = SecretText::with_capacity(LONGEST_WORD);
            here.expose_mut().push_str(word);
        }
        self.field.clear();
        self.remark = None;
        let n_words = self.words.len();
        let after = (self.place + 1..n_words).chain(0..self.place);
        let empty = after.into_iter().find(|place| self.words.get(*place).is_some_and(SecretText::is_empty));
        self.place = empty.unwrap_or(self.place);
        empty.is_some()
    }

    /// Takes the word in the place that is being typed away; where there is none, the one before it.
    pub fn take_back(&mut self) {
        if self.word_here().is_empty() {
            self.place = self.place.saturating_sub(1);
        }
        if let Some(here) = self.words.get_mut(self.place) {
            *here = SecretText::with_capacity(0);
        }
    }

    /// The whole card, its words with a space between them; `None` while one is missing.
    pub fn whole(&self) -> Option<SecretText> {
        if self.words.iter().any(SecretText::is_empty) {
            return None;
        }
        let mut text = SecretText::with_capacity(Share::WORDS * (LONGEST_WORD + 1));
        for word in self.words() {
            text.expose_mut().push_str(word);
            text.expose_mut().push(' ');
        }
        Some(text)
    }

    /// Forgets the card, wiping its words.
    pub fn clear(&mut self) {
        self.words = empty_card();
        self.place = 0;
        self.field.clear();
        self.remark = None;
    }
}

fn empty_card() -> Vec<SecretText> {
    (0..Share::WORDS).map(|_| SecretText::with_capacity(0)).collect()
}
