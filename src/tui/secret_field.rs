//! A line of text that may be secret: a buffer that never moves, wiped when dropped, shown as dots.

use unicode_segmentation::UnicodeSegmentation as _;
use unicode_width::UnicodeWidthStr as _;

use crate::entry::label;
use crate::secret::SecretText;

/// Room for the longest otpauth URI that anybody pastes.
const CAPACITY: usize = 8192;

/// Dots that stand for a hidden text, however long it is.
const DOTS: usize = 8;

/// Capitals from which on nobody means them by chance.
const FEWEST_CAPITALS: usize = 3;

/// What a seed's URI begins with.
pub const SCHEMES: [&str; 3] = ["otpauth://", "otpauth-migration://", "steam://"];

/// Longest part that is drawn, in characters; [`label::shown`] shortens what is longer.
const LONGEST_DRAWN: usize = 120;

/// An editable line.
#[derive(Debug)]
pub struct SecretField {
    text: SecretText,
    /// Bytes before the cursor; always at the border of a character.
    cursor: usize,
    shown: bool,
    /// It is for something that is no secret, and so is never hidden.
    plain: bool,
}

/// Where the cursor goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Jump {
    /// After the last character.
    End,
    /// One character to the left.
    Left,
    /// One character to the right.
    Right,
    /// Before the first character.
    Start,
}

/// What is drawn of a field.
#[derive(Debug, PartialEq, Eq)]
pub struct Drawn {
    /// The characters, safe to show, or the dots.
    pub text: String,
    /// Columns before the cursor.
    pub cursor: usize,
}

impl Default for SecretField {
    fn default() -> Self {
        Self { text: SecretText::with_capacity(CAPACITY), cursor: 0, shown: false, plain: false }
    }
}

impl SecretField {
    /// Starts a field for something that is no secret.
    pub fn plain() -> Self {
        Self { shown: true, plain: true, ..Self::default() }
    }

    /// Adds a character at the cursor; what does not fit is not taken, nor is a control character.
    pub fn push(&mut self, c: char) {
        if !c.is_control() && self.text.len() + c.len_utf8() <= CAPACITY {
            self.text.expose_mut().insert(self.cursor, c);
            self.cursor += c.len_utf8();
        }
    }

    /// Adds a pasted text. Line ends are dropped, so that they never submit; spaces are kept, because
    /// a passphrase may begin or end with one.
    pub fn paste(&mut self, text: &SecretText) {
        text.expose().chars().for_each(|c| self.push(c));
    }

    /// Takes the character before the cursor away.
    pub fn erase(&mut self) {
        if let Some(c) = self.before().chars().next_back() {
            self.cursor -= c.len_utf8();
            self.text.expose_mut().remove(self.cursor);
        }
    }

    /// Takes the character at the cursor away.
    pub fn erase_next(&mut self) {
        if self.cursor < self.text.len() {
            self.text.expose_mut().remove(self.cursor);
        }
    }

    /// Takes the word before the cursor away, with the spaces after it.
    pub fn erase_word(&mut self) {
        while self.before().ends_with(char::is_whitespace) {
            self.erase();
        }
        while !self.before().is_empty() && !self.before().ends_with(char::is_whitespace) {
            self.erase();
        }
    }

    /// True when the cursor stands after the last character.
    pub fn is_at_end(&self) -> bool {
        self.cursor == self.text.len()
    }

    /// Empties it, wiping what was there.
    pub fn clear(&mut self) {
        drop(self.take());
    }

    /// Gives the text away and leaves an empty field.
    #[must_use]
    pub fn take(&mut self) -> SecretText {
        let taken = std::mem::take(self);
        (self.shown, self.plain) = (taken.shown, taken.plain);
        taken.text
    }

    /// Moves the cursor.
    pub fn jump(&mut self, jump: Jump) {
        self.cursor = match jump {
            Jump::End => self.text.len(),
            Jump::Left => self.cursor - self.before().chars().next_back().map_or(0, char::len_utf8),
            Jump::Right => self.cursor + self.after().chars().next().map_or(0, char::len_utf8),
            Jump::Start => 0,
        };
    }

    /// Shows or hides the characters. What is no secret is never hidden.
    pub fn toggle_shown(&mut self) {
        self.shown = self.plain || !self.shown;
    }

    /// Whether the characters are shown.
    pub fn is_shown(&self) -> bool {
        self.shown
    }

    /// The text.
    pub fn text(&self) -> &SecretText {
        &self.text
    }

    /// Tells whether every letter of a text with several of them is a capital: Caps Lock may be on. Most terminals
    /// tell nothing of that key, and what was typed does.
    pub fn looks_like_caps_lock(&self) -> bool {
        let letters = || self.text.expose().chars().filter(|c| c.is_alphabetic());
        letters().count() >= FEWEST_CAPITALS && letters().all(char::is_uppercase)
    }

    /// Tells whether nothing was typed.
    pub fn is_empty(&self) -> bool {
        self.text.is_empty()
    }

    /// What is drawn in `width` columns: the characters around the cursor, or dots.
    ///
    /// The number of dots says nothing about the length. The last one changes with every character,
    /// so that a person sees that a key was taken.
    pub fn drawn(&self, width: usize, ascii: bool) -> Drawn {
        // A terminal that tells nothing of a paste has a seed typed into any field.
        if !self.shown || self.plain && holds_uri(self.text.expose()) {
            return self.dots(width, ascii);
        }
        let width = width.min(LONGEST_DRAWN);
        let mut before = label::shown(tail(self.before(), LONGEST_DRAWN));
        let mut kept = LONGEST_DRAWN;
        while before.width() >= width && kept > 0 {
            kept -= 1;
            before = label::shown(tail(self.before(), kept));
        }
        let cursor = before.width();
        // Escaped as one text: a pile of combining marks must not pass in two parts, before the cursor and after it.
        let around = format!("{}{}", tail(self.before(), kept), head(self.after(), LONGEST_DRAWN));
        let mut text = String::new();
        for grapheme in label::shown(&around).graphemes(true) {
            if text.width() + grapheme.width() > width {
                break;
            }
            text.push_str(grapheme);
        }
        Drawn { text, cursor }
    }

    fn dots(&self, width: usize, ascii: bool) -> Drawn {
        if self.text.is_empty() {
            return Drawn { text: String::new(), cursor: 0 };
        }
        let (dot, other) = if ascii { ("*", "+") } else { ("•", "◦") };
        let n_dots = DOTS.min(width.saturating_sub(1)).max(1);
        let last = if self.text.expose().chars().count().is_multiple_of(2) { other } else { dot };
        Drawn { text: format!("{}{last}", dot.repeat(n_dots - 1)), cursor: n_dots }
    }

    fn before(&self) -> &str {
        self.text.expose().get(..self.cursor).unwrap_or_default()
    }

    fn after(&self) -> &str {
        self.text.expose().get(self.cursor..).unwrap_or_default()
    }
}

/// Whether a seed's URI is anywhere in a text.
pub fn holds_uri(text: &str) -> bool {
    SCHEMES.iter().any(|scheme| {
        text.as_bytes().windows(scheme.len()).any(|window| window.eq_ignore_ascii_case(scheme.as_bytes()))
    })
}

/// The first characters of a text.
fn head(text: &str, n_chars: usize) -> &str {
    let end = text.char_indices().nth(n_chars).map_or(text.len(), |(end, _)| end);
    text.get(..end).unwrap_or_default()
}

/// The last characters of a text.
fn tail(text: &str, n_chars: usize) -> &str {
    let start = text.char_indices().rev().take(n_chars).last().map_or(text.len(), |(start, _)| start);
    text.get(start..).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn field(text: &str) -> SecretField {
        let mut field = SecretField::plain();
        field.paste(&SecretText::new(text.to_owned()));
        field
    }

    #[test]
    fn the_dots_do_not_tell_the_length() {
        let widths = ["a", "ab", "hunter2", "a very long passphrase of many words"].map(|text| {
            let mut field = SecretField::default();
            field.paste(&SecretText::new(text.to_owned()));
            field.drawn(40, false).text.width()
        });
        assert_eq!(widths, [DOTS; 4]);
    }

    #[test]
    fn every_key_changes_what_is_drawn_of_a_hidden_text() {
        let mut field = SecretField::default();
        let mut last = field.drawn(40, false);
        for c in "hunter2".chars() {
            field.push(c);
            let now = field.drawn(40, false);
            assert_ne!(last, now);
            last = now;
        }
    }

    #[test]
    fn text_is_edited_where_the_cursor_is() {
        let mut field = field("/media/ub/x");
        (0..3).for_each(|_| field.jump(Jump::Left));
        field.push('s');
        assert_eq!(field.text().expose(), "/media/usb/x");
        field.jump(Jump::Start);
        field.erase();
        field.erase_next();
        assert_eq!(field.text().expose(), "media/usb/x");
        field.jump(Jump::End);
        field.jump(Jump::Right);
        field.erase();
        assert_eq!(field.text().expose(), "media/usb/");
    }

    #[test]
    fn what_is_no_secret_is_not_hidden_unless_it_is_a_seed_all_the_same() {
        let mut field = field("/media/usb");
        field.toggle_shown();
        assert_eq!(field.drawn(40, false).text, "/media/usb");
        field.paste(&SecretText::new(" OTPAUTH://totp/a?secret=ABCD".to_owned()));
        assert_eq!(field.drawn(40, true).text.width(), DOTS);
    }

    #[test]
    fn capitals_alone_look_like_caps_lock() {
        for (text, looks) in
            [("HUNTER2", true), ("HU", false), ("Hunter", false), ("123", false), ("ÄÖÜ", true)]
        {
            assert_eq!(field(text).looks_like_caps_lock(), looks, "{text}");
        }
    }

    #[test]
    fn a_word_is_erased_with_the_spaces_after_it() {
        let mut field = field("one näh  ");
        field.erase_word();
        assert_eq!(field.text().expose(), "one ");
        field.erase_word();
        field.erase_word();
        assert!(field.is_empty());
    }

    #[test]
    fn the_cursor_stays_in_sight_of_a_long_text() {
        let mut field = field(&"x".repeat(500));
        let at_end = field.drawn(20, false);
        assert!(at_end.cursor < 20 && at_end.text.width() <= 20, "{at_end:?}");
        field.jump(Jump::Start);
        let at_start = field.drawn(20, false);
        assert_eq!((at_start.cursor, at_start.text.width()), (0, 20));
    }

    #[test]
    fn a_pile_of_combining_marks_does_not_pass_around_the_cursor() {
        let mut field = field(&format!("c{}", "\u{301}".repeat(12)));
        (0..6).for_each(|_| field.jump(Jump::Left));
        assert_eq!(
            field.drawn(120, false).text.matches("<U+0301>").count(),
            7,
            "one is composed, four are shown"
        );
    }

    #[test]
    fn a_pasted_line_end_is_dropped_and_a_space_is_not() {
        assert_eq!(field(" two\r\nlines \n").text().expose(), " twolines ");
    }
}
