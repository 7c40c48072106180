//! Commands as they stand on paper: typed or pasted into a shell they do what they say, whatever a name holds.

use std::fmt;

use crate::entry::{Entry, Label};
use crate::vault::{Vault, find};

/// Longest name of a device, a bundle's path or a reason that a command repeats, in characters.
const LONGEST: usize = 60;

/// A command line, word by word.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Typed(Vec<String>);

impl Typed {
    /// Takes a line of our own, split at its spaces.
    pub(super) fn new(line: &str) -> Self {
        Self(line.split(' ').map(str::to_owned).collect())
    }

    /// A line as a person wrote it, which is not taken apart.
    pub(super) fn whole(line: String) -> Self {
        Self(vec![line])
    }

    /// Adds words of our own.
    pub(super) fn words(mut self, line: &str) -> Self {
        self.0.extend(line.split(' ').map(str::to_owned));
        self
    }

    /// Adds one word that may hold spaces: what a person fills in, such as `"WHO"`.
    pub(super) fn word(mut self, word: impl Into<String>) -> Self {
        self.0.push(word.into());
        self
    }

    /// Adds a name from outside. One that could not be typed as it is shown is left to be filled in.
    pub(super) fn name(self, name: &Label, otherwise: &str) -> Self {
        let word = quoted(name).unwrap_or_else(|| otherwise.to_owned());
        self.word(word)
    }

    /// Adds what names an entry: its name where that is plain and finds it alone, else its id.
    pub(super) fn entry(self, vault: &Vault, entry: &Entry) -> Self {
        let word = query(vault, entry);
        self.word(word)
    }

    /// The line broken into lines of so many columns, with an option and its value together.
    pub fn lines(&self, columns: usize) -> Vec<String> {
        let mut pieces: Vec<String> = Vec::new();
        let mut joins = false;
        for word in &self.0 {
            match pieces.last_mut() {
                Some(piece) if joins && !word.starts_with("--") => {
                    piece.push(' ');
                    piece.push_str(word);
                }
                _ => pieces.push(word.clone()),
            }
            // `lifeboat pass issue` stays together too.
            joins =
                word.starts_with('-') || (pieces.len() == 1 && word.chars().all(|c| c.is_ascii_lowercase()));
        }
        let mut lines: Vec<String> = Vec::new();
        let mut line = String::new();
        for piece in pieces {
            let room = columns.saturating_sub(2);
            if !line.is_empty() && line.chars().count() + 1 + piece.chars().count() > room {
                line.push_str(" \\");
                lines.push(std::mem::replace(&mut line, format!("    {piece}")));
                continue;
            }
            if !line.is_empty() {
                line.push(' ');
            }
            line.push_str(&piece);
        }
        lines.push(line);
        lines
    }
}

impl fmt::Display for Typed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.join(" "))
    }
}

/// A name as one word of a shell; `None` where it could not be typed as it is shown.
fn quoted(name: &Label) -> Option<String> {
    let raw = name.raw();
    let is_plain = !raw.is_empty() && raw.chars().count() <= LONGEST && name.shown() == raw;
    if !is_plain {
        return None;
    }
    if is_word(raw) {
        return Some(raw.to_owned());
    }
    // An option in its place would be taken for one.
    (!raw.starts_with('-')).then(|| format!("'{}'", raw.replace('\'', "'\\''")))
}

/// Tells whether a shell and a command line take a text as one word without any quotes.
fn is_word(text: &str) -> bool {
    let is_ordinary = |c: char| c.is_ascii_alphanumeric() || "@._:/+-".contains(c);
    !text.is_empty() && !text.starts_with('-') && text.chars().all(is_ordinary)
}

/// What names an entry and no other on a command line.
fn query(vault: &Vault, entry: &Entry) -> String {
    let title = entry.title();
    let finds_it = find::find(vault.entries.iter(), &title).is_ok_and(|found| found.id == entry.id);
    if finds_it && is_word(&title) && title.len() <= LONGEST { title } else { entry.id.to_string() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_one_word_of_a_shell_whatever_it_holds() {
        for (name, word) in [
            ("phone-ana", Some("phone-ana")),
            ("Ana's phone", Some("'Ana'\\''s phone'")),
            ("$(rm -rf ~)", Some("'$(rm -rf ~)'")),
            ("--force", None),
            ("a\nb", None),
            ("\u{202e}gnp", None),
            ("", None),
        ] {
            assert_eq!(quoted(&Label::new(name)).as_deref(), word, "{name:?}");
        }
    }

    #[test]
    fn a_long_line_is_broken_so_that_it_can_still_be_pasted() {
        let line = Typed::new("lifeboat pass issue AWS:root --for 1h --to").word("\"WHO\"");
        let line = line.words("--reason").word("\"TICKET\"").words("-o pass.lifeboat");
        assert_eq!(
            line.lines(60),
            [
                "lifeboat pass issue AWS:root --for 1h --to \"WHO\" \\",
                "    --reason \"TICKET\" -o pass.lifeboat"
            ]
        );
        assert_eq!(line.lines(200), [line.to_string()]);
    }
}
