//! Text that came from strangers: kept as it came, shown only escaped and shortened.
//!
//! Imported names, notes, file names and bundle labels may hold escape sequences, bidirectional
//! overrides and invisible characters. What goes to a terminal or a report is [`Label::shown`];
//! what goes back into a file is [`Label::raw`]: what came in goes out.

use std::fmt::{self, Write as _};

use unicode_normalization::UnicodeNormalization as _;
use unicode_normalization::char::{is_combining_mark, is_public_assigned};
use unicode_segmentation::UnicodeSegmentation as _;

/// Longest label that is shown whole, in graphemes; longer ones end in `…`.
pub const LONGEST_SHOWN: usize = 128;

/// Longest message that is shown whole, in graphemes.
const LONGEST_MESSAGE: usize = 1024;

/// Room for a grapheme that is shown as it is: a base and four marks of three bytes, and some more.
const BYTES_OF_A_GRAPHEME: usize = 16;

/// `<U+10FFFF>`
const LONGEST_ESCAPE: usize = 10;

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
    shortened(raw, LONGEST_SHOWN)
}

/// Makes a whole message safe to show on one line, as [`shown`] does for a name in it. It may hold the
/// words of another crate, which may repeat what they were given.
pub fn shown_message(raw: &str) -> String {
    shortened(raw, LONGEST_MESSAGE)
}

fn shortened(raw: &str, most_graphemes: usize) -> String {
    if raw.len() <= most_graphemes && is_plain(raw) {
        return raw.to_owned();
    }
    // A grapheme may be of any length, so that the bytes are bounded too.
    let most_bytes = most_graphemes * BYTES_OF_A_GRAPHEME;
    let mut line = Escaped::with_capacity(raw.len().min(most_bytes));
    let start: String = raw.chars().take(most_bytes).nfc().collect();
    for (n_graphemes, grapheme) in start.graphemes(true).enumerate() {
        for c in grapheme.chars() {
            if n_graphemes == most_graphemes || line.out.len() + LONGEST_ESCAPE > most_bytes {
                line.out.push('…');
                return line.out;
            }
            line.push(c);
        }
    }
    line.out
}

/// Makes text safe to show on one line as [`shown`] does, and keeps all of it.
pub fn escaped(raw: &str) -> String {
    if is_plain(raw) {
        return raw.to_owned();
    }
    let mut line = Escaped::with_capacity(raw.len());
    raw.nfc().for_each(|c| line.push(c));
    line.out
}

/// Makes text of several lines (a note) safe to show: each line as [`escaped`] does.
pub fn shown_lines(raw: &str) -> Vec<String> {
    raw.lines().map(escaped).collect()
}

/// Tells whether text can be shown as it is: most of it can.
fn is_plain(text: &str) -> bool {
    text.bytes().all(|byte| matches!(byte, b' '..=b'~'))
}

/// A line that is safe to show.
struct Escaped {
    out: String,
    /// Combining marks since the last base character.
    n_marks: usize,
}

impl Escaped {
    fn with_capacity(n_bytes: usize) -> Self {
        Self { out: String::with_capacity(n_bytes), n_marks: 0 }
    }

    fn push(&mut self, c: char) {
        if is_to_be_escaped(c, &mut self.n_marks) {
            // Writing to a string cannot fail.
            let _written = write!(self.out, "<U+{:04X}>", u32::from(c));
        } else {
            self.out.push(c);
        }
    }
}

/// JSON text in which what could deceive stands as `\u` escapes: the same text to whoever reads JSON. Line ends stay, which
/// can only stand between two tokens.
pub(crate) fn escaped_json(json: &str) -> String {
    let mut out = String::with_capacity(json.len());
    let mut n_marks = 0;
    for c in json.chars() {
        if c != '\n' && is_to_be_escaped(c, &mut n_marks) {
            let mut units = [0; 2];
            for unit in c.encode_utf16(&mut units) {
                // Writing to a string cannot fail.
                let _written = write!(out, "\\u{unit:04x}");
            }
        } else {
            out.push(c);
        }
    }
    out
}

/// A basic string of TOML. What deceives in an editor is escaped too.
pub(crate) fn quoted(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    let mut n_marks = 0;
    out.push('"');
    for c in text.chars() {
        match c {
            '"' | '\\' => out.extend(['\\', c]),
            '\n' => out.push_str("\\n"),
            c if is_to_be_escaped(c, &mut n_marks) => {
                let _written = write!(out, "\\U{:08X}", u32::from(c));
            }
            c => out.push(c),
        }
    }
    out.push('"');
    out
}

/// Tells whether a character deceives by itself, or is one combining mark too many. `n_marks` counts
/// those since the last base character.
pub(crate) fn is_to_be_escaped(c: char, n_marks: &mut usize) -> bool {
    *n_marks = if is_combining_mark(c) { *n_marks + 1 } else { 0 };
    *n_marks > MOST_COMBINING_MARKS || is_deceptive(c)
}

/// Tells whether a character is invisible, changes the order of others, or commands a terminal.
fn is_deceptive(c: char) -> bool {
    if c.is_ascii() {
        return c.is_ascii_control();
    }
    c.is_control()
        // Private use, noncharacters, and what Unicode has not assigned: nobody knows how it is drawn.
        || !is_public_assigned(c)
        || matches!(c,
            // Format characters (Cf), those of bidirectional text first.
            '\u{061c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}'
            | '\u{00ad}' | '\u{0600}'..='\u{0605}' | '\u{06dd}' | '\u{070f}' | '\u{0890}'..='\u{0891}' | '\u{08e2}'
            | '\u{180e}' | '\u{200b}'..='\u{200d}' | '\u{2060}'..='\u{2065}' | '\u{206a}'..='\u{206f}'
            | '\u{feff}' | '\u{fff0}'..='\u{fffb}' | '\u{110bd}' | '\u{110cd}' | '\u{13430}'..='\u{1343f}'
            | '\u{1bca0}'..='\u{1bca3}' | '\u{1d173}'..='\u{1d17a}'
            // Line and paragraph separators, and letters and marks that look like nothing.
            | '\u{2028}' | '\u{2029}' | '\u{034f}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}'
            | '\u{180b}'..='\u{180d}' | '\u{180f}' | '\u{3164}' | '\u{ffa0}' | '\u{2800}'
            // Variation selectors and tags.
            | '\u{fe00}'..='\u{fe0f}' | '\u{e0000}'..='\u{e0fff}'
        )
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
        assert_eq!(shown(&piled).matches("<U+0301>").count(), 25, "the first is composed with its base");
        // Marks that take a column of their own are no part of the grapheme before them.
        assert!(shown(&"\u{102b}".repeat(30)).contains("<U+102B>"));
    }

    #[test]
    fn one_grapheme_of_any_length_is_shortened_too() {
        let shown = shown(&format!("a{}", "\u{0301}".repeat(50_000)));
        assert!(shown.len() <= LONGEST_SHOWN * BYTES_OF_A_GRAPHEME + '…'.len_utf8(), "{} bytes", shown.len());
        assert!(shown.ends_with('…'));
    }

    #[test]
    fn what_nobody_knows_how_to_draw_is_escaped() {
        assert_eq!(shown("\u{0378}\u{e000}\u{fdd0}\u{10ffff}"), "<U+0378><U+E000><U+FDD0><U+10FFFF>");
    }

    #[test]
    fn a_line_is_escaped_whole_where_nothing_may_be_missing() {
        let raw = format!("{}\u{202e}\n", "x".repeat(5000));
        assert_eq!(escaped(&raw), format!("{}<U+202E><U+000A>", "x".repeat(5000)));
    }
}
