//! A way in as a person writes it: `password + hardware key`, or `2 of: card A + card B + card C` for a quorum.

use std::str::FromStr;

use super::Way;
use crate::entry::Label;

/// What stands between two names.
const PLUS: &str = " + ";

/// A text that names no things.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("write it as \"password + hardware key\", with spaces around each plus sign")]
pub struct NotNames;

/// Reads names that are written with plus signs between them.
///
/// # Errors
///
/// [`NotNames`] when one of them is empty.
pub fn names_of(text: &str) -> Result<Vec<Label>, NotNames> {
    let names: Vec<&str> = text.split(PLUS).map(str::trim).collect();
    // A plus sign without a space stands at an end, where a name is still to come.
    let is_name = |name: &&str| !name.is_empty() && *name != "+";
    if names.iter().all(is_name) { Ok(names.into_iter().map(Label::new).collect()) } else { Err(NotNames) }
}

/// Writes names so that [`names_of`] reads them; raw.
pub fn names_written(names: &[Label]) -> String {
    names.iter().map(Label::raw).collect::<Vec<_>>().join(PLUS)
}

impl FromStr for Way {
    type Err = NotNames;

    fn from_str(text: &str) -> Result<Self, NotNames> {
        let quorum =
            text.split_once("of:").and_then(|(number, rest)| Some((number.trim().parse().ok()?, rest)));
        let (at_least, names) = match quorum {
            Some((number, rest)) => (Some(number), rest),
            None => (None, text),
        };
        Ok(Self { of: names_of(names)?, at_least })
    }
}

impl Way {
    /// The way in as it is typed; raw.
    pub fn written(&self) -> String {
        self.in_words(names_written(&self.of))
    }

    /// The way in, safe to show.
    pub fn shown(&self) -> String {
        self.in_words(self.of.iter().map(Label::shown).collect::<Vec<_>>().join(PLUS))
    }

    fn in_words(&self, names: String) -> String {
        match self.at_least {
            Some(number) => format!("{number} of: {names}"),
            None => names,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn way(text: &str) -> Way {
        text.parse().unwrap()
    }

    #[test]
    fn a_way_in_is_read_as_it_is_written() {
        for text in ["password", "password + hardware key", "2 of: card A + card B + card C"] {
            assert_eq!(way(text).written(), text);
        }
        assert_eq!(way("2 of: A + B"), Way { of: vec![Label::new("A"), Label::new("B")], at_least: Some(2) });
        assert_eq!(way("proof of: life").at_least, None, "what is no number belongs to the name");
        assert_eq!(way("C++ + B").of, [Label::new("C++"), Label::new("B")]);
    }

    #[test]
    fn a_way_in_with_an_empty_name_is_refused() {
        for text in ["", " ", "A + ", " + A", "A +  + B", "2 of:", "A + +", "+"] {
            assert_eq!(text.parse::<Way>(), Err(NotNames), "{text:?}");
        }
    }
}
