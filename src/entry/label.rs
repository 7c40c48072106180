//! Text that came from strangers: kept as it came, shown only escaped and shortened.
//!
//! Imported names, notes, file names and bundle labels may hold escape sequences, bidirectional
//! overrides and invisible characters. What goes to a terminal or a report is [`Label::shown`];
//! what goes back into a file is [`Label::raw`]: what came in goes out.

use std::fmt::{self, Write as _};

use unicode_normalization::UnicodeNormalization as _;
use unicode_normalization::char::is_combining_mark;
use unicode_segmentation::UnicodeSegmentation as _;

/// Longest label that is shown whole, in graphemes; longer ones end in `…`.
pub const LONGEST_SHOWN: usize = 128;

/// Combining marks shown on one base character; more of them are escaped.
const MOST_COMBINING_MARKS: usize = 4;

/// A name from outside: issuer, account, tag, note, file name.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
pub struct Label(String);

impl Label {
    /// Keeps the text as it came.
    pub fn new(raw: impl Into<String>) -> Self {
        Self(raw.into())
    }

    /// The text as it came, for files and comparison. Never send it to a terminal.
    pub fn raw(&self) -> &str {
        &self.0
    }

    /// Tells whether there is no text.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The text as it may be shown: one line, escaped, at most [`LONGEST_SHOWN`] graphemes.
    pub fn shown(&self) -> String {
        shown(&self.0)
    }
}

impl fmt::Debug for Label {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}", self.shown())
    }
}

impl fmt::Display for Label {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.shown())
    }
}

/// Makes any text safe to show on one line: escapes what could deceive, and shortens.
pub fn shown(raw: &str) -> String {
    let mut out = String::with_capacity(raw.len());
    for (idx, grapheme) in raw.nfc().collect::<String>().graphemes(true).enumerate() {
        if idx == LONGEST_SHOWN {
            out.push('…');
            break;
        }
        escape_into(&mut out, grapheme);
    }
    out
}

/// Makes text of several lines (a note) safe to show: each line as [`shown`] does, unshortened.
pub fn shown_lines(raw: &str) -> Vec<String> {
    raw.lines()
        .map(|line| {
            let mut out = String::with_capacity(line.len());
            line.nfc()
                .collect::<String>()
                .graphemes(true)
                .for_each(|grapheme| escape_into(&mut out, grapheme));
            out
        })
        .collect()
}

fn escape_into(out: &mut String, text: &str) {
    let mut n_marks = 0;
    for c in text.chars() {
        n_marks = if is_combining_mark(c) { n_marks + 1 } else { 0 };
        if is_deceptive(c) || n_marks > MOST_COMBINING_MARKS {
            // Writing to a string cannot fail.
            let _written = write!(out, "<U+{:04X}>", u32::from(c));
        } else {
            out.push(c);
        }
    }
}

/// Tells whether a character is invisible, changes the order of others, or commands a terminal.
pub(crate) fn is_deceptive(c: char) -> bool {
    c.is_control()
        || matches!(c,
            // Format characters (Cf), those of bidirectional text first.
            '\u{061c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}'
            | '\u{00ad}' | '\u{0600}'..='\u{0605}' | '\u{06dd}' | '\u{070f}' | '\u{0890}'..='\u{0891}' | '\u{08e2}'
            | '\u{180e}' | '\u{200b}'..='\u{200d}' | '\u{2060}'..='\u{2065}' | '\u{206a}'..='\u{206f}'
            | '\u{feff}' | '\u{fff0}'..='\u{fffb}' | '\u{110bd}' | '\u{110cd}' | '\u{13430}'..='\u{1343f}'
            | '\u{1bca0}'..='\u{1bca3}' | '\u{1d173}'..='\u{1d17a}'
            // Line and paragraph separators, and spaces that look like nothing or like another width.
            | '\u{2028}' | '\u{2029}' | '\u{034f}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}'
            | '\u{180b}'..='\u{180d}' | '\u{180f}' | '\u{3164}' | '\u{ffa0}' | '\u{2800}'
            // Variation selectors and tags.
            | '\u{fe00}'..='\u{fe0f}' | '\u{e0000}'..='\u{e0fff}'
            // Private use and noncharacters.
            | '\u{e000}'..='\u{f8ff}' | '\u{f0000}'..='\u{10ffff}' | '\u{fdd0}'..='\u{fdef}'
        )
        || matches!(u32::from(c) & 0xffff, 0xfffe | 0xffff)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_commands_a_terminal_or_deceives_is_made_visible() {
        assert_eq!(shown("a\u{1b}[31mb"), "a<U+001B>[31mb");
        assert_eq!(shown("a\u{202e}gnp.exe"), "a<U+202E>gnp.exe");
        assert_eq!(shown("line\nbreak\ttab\u{7f}\u{9b}"), "line<U+000A>break<U+0009>tab<U+007F><U+009B>");
        assert_eq!(shown("tag\u{e0041} zwj\u{200d}"), "tag<U+E0041> zwj<U+200D>");
    }

    #[test]
    fn ordinary_text_of_any_script_stays_readable() {
        for text in ["GitHub", "Müller & Söhne", "鸭子", "Яндекс", "שלום", "a+b@example.com", "🏦"]
        {
            assert_eq!(shown(text), text.nfc().collect::<String>());
        }
    }

    #[test]
    fn a_long_label_is_shortened_when_shown_and_kept_whole() {
        let label = Label::new("x".repeat(5000));
        assert_eq!(label.shown().chars().count(), LONGEST_SHOWN + 1);
        assert_eq!(label.raw().len(), 5000);
    }

    #[test]
    fn a_pile_of_combining_marks_is_cut() {
        let piled = format!("a{}", "\u{0301}".repeat(30));
        assert!(shown(&piled).contains("<U+0301>"));
    }
}
