//! Paragraphs of pages that are kept as text: broken at their spaces, and nowhere else.

use unicode_width::UnicodeWidthStr as _;

/// How a paragraph stands on its page.
#[derive(Debug, Clone, Copy)]
pub(super) struct Paragraph<'a> {
    /// What its first line begins with.
    pub(super) first: &'a str,
    /// Columns that its other lines stand in.
    pub(super) indent: usize,
    /// Columns of a line. A word that is longer stands on a line of its own.
    pub(super) columns: usize,
}

impl Paragraph<'_> {
    /// Writes a text below what is on a page. `begin` writes the word that a line begins with.
    pub(super) fn write(self, page: &mut String, text: &str, begin: impl Fn(&str) -> String) {
        let mut line = self.first.to_owned();
        let mut is_begun = false;
        for word in text.split(' ') {
            if is_begun && line.width() + 1 + word.width() > self.columns {
                page.push_str(line.trim_end());
                page.push('\n');
                line = " ".repeat(self.indent);
                is_begun = false;
            }
            if is_begun {
                line.push(' ');
                line.push_str(word);
            } else {
                line.push_str(&begin(word));
            }
            is_begun = true;
        }
        page.push_str(line.trim_end());
        page.push('\n');
    }
}
