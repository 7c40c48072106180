//! A line of text that may be secret: a buffer that never moves, wiped when dropped, shown as dots.

use crate::secret::SecretText;

/// Room for the longest otpauth URI that anybody pastes.
const CAPACITY: usize = 8192;

/// An editable line.
#[derive(Debug)]
pub struct SecretField {
    text: SecretText,
    shown: bool,
}

impl Default for SecretField {
    fn default() -> Self {
        Self { text: SecretText::with_capacity(CAPACITY), shown: false }
    }
}

impl SecretField {
    /// Adds a character at the end; what does not fit is not taken.
    pub fn push(&mut self, c: char) {
        if !c.is_control() && self.text.len() + c.len_utf8() <= CAPACITY {
            self.text.expose_mut().push(c);
        }
    }

    /// Adds a pasted text; line ends in it never submit.
    pub fn paste(&mut self, text: &SecretText) {
        text.expose().trim().chars().for_each(|c| self.push(c));
    }

    /// Takes the last character away.
    pub fn pop(&mut self) {
        self.text.expose_mut().pop();
    }

    /// Empties it, wiping what was there.
    pub fn clear(&mut self) {
        *self = Self { shown: self.shown, ..Self::default() };
    }

    /// Gives the text away and leaves an empty field.
    #[must_use]
    pub fn take(&mut self) -> SecretText {
        let taken = std::mem::take(self);
        self.shown = taken.shown;
        taken.text
    }

    /// Shows or hides the characters.
    pub fn toggle_shown(&mut self) {
        self.shown = !self.shown;
    }

    /// Whether the characters are shown.
    pub fn is_shown(&self) -> bool {
        self.shown
    }

    /// The text.
    pub fn text(&self) -> &SecretText {
        &self.text
    }

    /// Tells whether nothing was typed.
    pub fn is_empty(&self) -> bool {
        self.text.is_empty()
    }

    /// What is drawn in `width` columns: the characters, or a dot for each.
    pub fn drawn(&self, width: usize, ascii: bool) -> String {
        let n = self.text.expose().chars().count();
        let skipped = n.saturating_sub(width);
        if self.shown {
            let tail: String = self.text.expose().chars().skip(skipped).collect();
            crate::entry::label::shown(&tail)
        } else {
            (if ascii { "*" } else { "•" }).repeat(n.min(width))
        }
    }
}
