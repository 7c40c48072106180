//! What is taken for a reason, where a person has chosen that one is asked for.

use regex::{Regex, RegexBuilder};

/// Most characters of a reason.
pub const LONGEST: usize = 200;
/// Most bytes of a pattern.
pub(super) const LONGEST_PATTERN: usize = 500;
/// Most bytes of memory that a pattern may need; a few characters of one can ask for gigabytes.
const MOST_MEMORY: usize = 1 << 20;

/// Says what a reason has to be like.
#[derive(Debug, Clone)]
pub struct Rule {
    pattern: String,
    compiled: Option<Regex>,
}

// Nothing but the pattern decides.
impl PartialEq for Rule {
    fn eq(&self, other: &Self) -> bool {
        self.pattern == other.pattern
    }
}

impl Eq for Rule {}

/// Why a text is not taken for a reason.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NotTaken {
    /// Nothing was said.
    #[error("a blank reason says nothing")]
    Blank,
    /// It is not what the pattern wants.
    #[error("it does not match the pattern as a whole")]
    NoMatch,
    /// It has line breaks.
    #[error("a reason is one line")]
    SeveralLines,
    /// It is too long.
    #[error("a reason has at most {LONGEST} characters")]
    TooLong,
}

impl Rule {
    /// The rule of a pattern. One that is empty, or none that can be used, takes any text that is not blank:
    /// a mistake in the settings must not switch the question off.
    pub fn new(pattern: &str) -> Self {
        let compiled = if pattern.is_empty() { None } else { compile(pattern).ok() };
        Self { pattern: pattern.to_owned(), compiled }
    }

    /// The pattern that the whole reason has to match; `None` where any text is taken.
    pub fn pattern(&self) -> Option<&str> {
        self.compiled.as_ref().map(|_| self.pattern.as_str())
    }

    /// Gives the reason in a text, without the blanks around it.
    ///
    /// # Errors
    ///
    /// [`NotTaken`] says why it is none.
    pub fn take<'t>(&self, text: &'t str) -> Result<&'t str, NotTaken> {
        let reason = text.trim();
        if reason.is_empty() {
            return Err(NotTaken::Blank);
        }
        if reason.contains(is_line_break) {
            return Err(NotTaken::SeveralLines);
        }
        if reason.chars().nth(LONGEST).is_some() {
            return Err(NotTaken::TooLong);
        }
        match &self.compiled {
            Some(compiled) if !compiled.is_match(reason) => Err(NotTaken::NoMatch),
            _ => Ok(reason),
        }
    }
}

/// Whatever any program breaks a line at.
fn is_line_break(c: char) -> bool {
    matches!(c, '\n' | '\r' | '\u{b}' | '\u{c}' | '\u{85}' | '\u{2028}' | '\u{2029}')
}

/// Compiles a pattern so that it matches whole texts alone; else says in a few words what is wrong with it.
pub(super) fn compile(pattern: &str) -> Result<Regex, String> {
    if pattern.len() > LONGEST_PATTERN {
        return Err(format!("it has more than {LONGEST_PATTERN} bytes"));
    }
    // By itself first: `a)|(b` is none, and would be one within the brackets below.
    bounded(pattern)?;
    bounded(&format!(r"\A(?:{pattern})\z"))
}

fn bounded(pattern: &str) -> Result<Regex, String> {
    let built = RegexBuilder::new(pattern).size_limit(MOST_MEMORY).dfa_size_limit(MOST_MEMORY).build();
    built.map_err(|error| match error {
        regex::Error::CompiledTooBig(_) => "it needs too much memory".to_owned(),
        // The last line has the words; those before it draw the place.
        regex::Error::Syntax(text) => {
            let last = text.lines().last().unwrap_or_default();
            last.strip_prefix("error: ").unwrap_or(last).to_owned()
        }
        _ => "it cannot be used".to_owned(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reason_matches_the_pattern_from_its_first_to_its_last_character() {
        let rule = Rule::new("INC-[0-9]+|CHG");
        for taken in ["INC-4711", " CHG  ", "INC-1"] {
            assert_eq!(rule.take(taken), Ok(taken.trim()));
        }
        for other in ["INC-", "INC-4711 and more", "see INC-4711", "inc-4711", "CHGINC-1"] {
            assert_eq!(rule.take(other), Err(NotTaken::NoMatch), "{other}");
        }
        assert_eq!(rule.pattern(), Some("INC-[0-9]+|CHG"));
    }

    #[test]
    fn several_lines_match_no_pattern_that_looks_at_one_of_them() {
        for pattern in ["(?m)^a$", "(?s).*", "a\\nb", ""] {
            for text in ["a\nb", "a\rb", "a\u{2028}b", "a\u{85}b"] {
                assert_eq!(
                    Rule::new(pattern).take(text),
                    Err(NotTaken::SeveralLines),
                    "{pattern:?} {text:?}"
                );
            }
        }
        assert_eq!(Rule::new("(?m)^a$").take("a"), Ok("a"));
    }

    #[test]
    fn without_a_pattern_that_can_be_used_any_text_is_taken_and_none_is_not() {
        for pattern in ["", "INC-[", "a)|(b", "(?:\\w{200}){200}", &"a".repeat(501)] {
            let rule = Rule::new(pattern);
            assert_eq!((rule.pattern(), rule.take("why not")), (None, Ok("why not")), "{pattern}");
            assert_eq!(rule.take(" \t "), Err(NotTaken::Blank), "{pattern}");
        }
    }

    #[test]
    fn a_reason_has_at_most_two_hundred_characters() {
        let rule = Rule::new("");
        assert!(rule.take(&"ü".repeat(200)).is_ok());
        assert_eq!(rule.take(&"ü".repeat(201)), Err(NotTaken::TooLong));
    }

    #[test]
    fn what_is_wrong_with_a_pattern_is_said_in_a_line() {
        let wrong = |pattern: &str| compile(pattern).unwrap_err();
        assert_eq!(wrong("INC-[0-9"), "unclosed character class");
        assert_eq!(wrong("(?:\\w{200}){200}"), "it needs too much memory");
        assert_eq!(wrong(&"a".repeat(501)), "it has more than 500 bytes");
    }
}
