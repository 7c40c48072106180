//! Texts from strangers: whatever they hold, nothing that commands a terminal, hides or reorders text
//! is ever sent to one. Every command and every screen, with the worst texts in every place.

mod commands;
mod drills;
mod files;
mod incidents;
mod plan;
mod recovery;
pub(crate) mod screens;

use proptest::prelude::*;
use unicode_properties::{GeneralCategory, GeneralCategoryGroup, UnicodeGeneralCategory as _};

/// Combining marks that may follow one another.
const MOST_MARKS: usize = 4;

/// Characters that a line may have: several names, each shortened, of characters that are all escaped. What
/// holds a person's whole text is told apart by its start.
const LONGEST_LINE: usize = 10_000;

/// The worst of each kind, alone.
const PIECES: [&str; 44] = [
    "\u{1b}[31m",
    "\u{1b}]52;c;aGk=\u{7}",
    "\u{1b}]0;title\u{1b}\\",
    "\u{1b}P1$r\u{1b}\\",
    "\u{1b}c",
    "\u{9b}2J",
    "\u{9d}52;c;aGk=\u{9c}",
    "\u{0}",
    "\u{7}",
    "\u{8}\u{8}\u{8}",
    "\r",
    "x\nFORGED",
    "x\r\nFORGED",
    "\u{b}\u{c}",
    "x\u{85}FORGED",
    "\t",
    "\u{7f}",
    "\u{80}\u{9f}",
    "\u{ad}",
    "\u{202e}gnp.exe",
    "\u{202d}\u{202c}",
    "\u{2066}\u{2067}\u{2068}\u{2069}",
    "\u{200e}\u{200f}\u{61c}",
    "\u{200b}\u{200c}\u{200d}",
    "\u{2060}\u{feff}",
    "\u{e0001}\u{e0041}\u{e007f}",
    "x\u{2028}FORGED",
    "x\u{2029}FORGED",
    "\u{fffe}\u{ffff}\u{1fffe}\u{fdd0}",
    "\u{e000}\u{f8ff}\u{f0000}\u{10fffd}",
    "\u{378}\u{e0fff}\u{40000}",
    "\u{3164}\u{115f}\u{1160}\u{ffa0}",
    "\u{fe00}\u{fe0f}\u{e0100}",
    "\u{34f}\u{17b4}\u{180b}\u{180e}\u{2800}",
    "\u{301}\u{302}\u{303}\u{304}\u{305}\u{306}\u{307}\u{308}\u{309}\u{30a}\u{30b}\u{30c}\u{30d}\u{30e}\u{30f}",
    "\u{102b}\u{102b}\u{102b}\u{102b}\u{102b}\u{102b}\u{102b}",
    "\u{5e9}\u{5dc}\u{5d5}\u{5dd} \u{645}\u{631}\u{62d}\u{628}\u{627}",
    "\u{1f468}\u{200d}\u{1f469}\u{200d}\u{1f467}",
    "\u{1f3f4}\u{e0067}\u{e0062}\u{e007f}",
    "\u{9e2d}\u{5b50}",
    "\\u202e\\n%1b%0a\\x1b",
    "\"quoted\" 'too' <b> {0} %s",
    "plain",
    " ",
];

/// Why a text must not be sent to a terminal; `None` when it may. Made from Unicode's own categories,
/// apart from the code that is tried.
pub(crate) fn danger(text: &str) -> Option<String> {
    let mut n_marks = 0;
    for c in text.chars() {
        let category = c.general_category();
        n_marks = if c.general_category_group() == GeneralCategoryGroup::Mark { n_marks + 1 } else { 0 };
        let never = matches!(
            category,
            GeneralCategory::Control
                | GeneralCategory::Format
                | GeneralCategory::LineSeparator
                | GeneralCategory::ParagraphSeparator
                | GeneralCategory::PrivateUse
                | GeneralCategory::Surrogate
                | GeneralCategory::Unassigned
        );
        // Letters, marks and symbols that look like nothing, or change the one before.
        let looks_like_nothing = matches!(c,
            '\u{115f}' | '\u{1160}' | '\u{3164}' | '\u{ffa0}' | '\u{2800}' | '\u{34f}' | '\u{17b4}' | '\u{17b5}'
            | '\u{180b}'..='\u{180d}' | '\u{180f}' | '\u{fe00}'..='\u{fe0f}' | '\u{e0100}'..='\u{e01ef}');
        let bad = (never && c != '\n') || looks_like_nothing;
        if bad {
            return Some(format!("U+{:04X} is sent raw", u32::from(c)));
        }
        if n_marks > MOST_MARKS {
            return Some("a pile of combining marks is sent".to_owned());
        }
    }
    None
}

/// Texts of one to six of the pieces, some of any character, some very long.
fn hostile() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        6 => prop::sample::select(PIECES.to_vec()).prop_map(str::to_owned),
        1 => any::<char>().prop_map(String::from),
        1 => any::<char>().prop_map(|c| String::from(c).repeat(200)),
    ];
    let short = prop::collection::vec(piece, 1..6).prop_map(|pieces| pieces.concat());
    prop_oneof![12 => short.clone(), 1 => short.prop_map(|text| text.repeat(100_000 / text.len().max(1)))]
}

/// All of the pieces in one text.
fn worst() -> String {
    PIECES.concat()
}

#[test]
fn the_judge_knows_what_is_dangerous() {
    for text in ["\u{1b}[31m", "\r", "\u{9b}", "\u{202e}", "\u{200d}", "\u{e0041}", "\u{fdd0}", "\u{3164}"] {
        assert!(danger(text).is_some(), "{text:?}");
    }
    for text in ["plain\nlines", "M\u{fc}ller", "\u{9e2d}\u{5b50}", "\u{5e9}\u{5dc}", "\u{1f3e6}"] {
        assert_eq!(danger(text), None);
    }
}

#[test]
fn no_character_of_unicode_is_dangerous_once_it_is_escaped() {
    use lifeboat::entry::label;
    let all: Vec<char> = ('\0'..=char::MAX).filter(|c| *c != '\n').collect();
    for some in all.chunks(512) {
        let text: String = some.iter().flat_map(|c| ['a', *c]).collect();
        assert_eq!(danger(&label::escaped(&text)), None, "from U+{:04X} on", u32::from(some[0]));
    }
}

proptest! {
    #[test]
    fn whatever_is_shown_is_one_safe_line_and_short(text in hostile()) {
        let shown = lifeboat::entry::label::shown(&text);
        prop_assert_eq!(danger(&shown), None);
        prop_assert!(!shown.contains('\n') && shown.len() <= 2100, "{} bytes", shown.len());
        // What is escaped can be escaped again: nothing escapes an escape.
        let escaped = lifeboat::entry::label::escaped(&text);
        prop_assert_eq!(danger(&escaped), None);
        prop_assert_eq!(lifeboat::entry::label::escaped(&escaped), escaped);
    }
}
