//! Android's shared preferences: an XML file with named texts, in which several apps keep their accounts.

use super::ImportError;
use crate::secret::SecretText;

/// Larger files are not read.
const LARGEST_FILE: usize = 16 << 20;

/// The named texts of a file, in its order.
#[derive(Debug)]
pub(super) struct Prefs(Vec<(String, SecretText)>);

impl Prefs {
    /// Reads a file.
    ///
    /// # Errors
    ///
    /// [`ImportError::TooLarge`], and [`ImportError::Damaged`] with the place.
    pub(super) fn parse(bytes: &[u8]) -> Result<Self, ImportError> {
        if bytes.len() > LARGEST_FILE {
            return Err(ImportError::TooLarge);
        }
        let document = super::markup::parse(bytes)?;
        let strings = document.root_element().children().filter(|node| node.has_tag_name("string"));
        let named = strings.filter_map(|node| {
            let text = node.text().unwrap_or_default();
            Some((node.attribute("name")?.to_owned(), SecretText::new(text.to_owned())))
        });
        Ok(Self(named.collect()))
    }

    /// The text with a name.
    pub(super) fn get(&self, name: &str) -> Option<&SecretText> {
        self.0.iter().find(|(known, _)| known == name).map(|(_, text)| text)
    }

    /// All of them.
    pub(super) fn iter(&self) -> impl Iterator<Item = (&str, &SecretText)> {
        self.0.iter().map(|(name, text)| (name.as_str(), text))
    }
}

/// Tells whether a text begins as such a file does.
pub(super) fn begins(text: &[u8]) -> bool {
    let start = text.get(..text.len().min(512)).unwrap_or_default();
    start.starts_with(b"<") && start.windows(4).any(|window| window == b"<map")
}

/// Tells whether such a file has a text with this name.
pub(super) fn has(text: &[u8], name: &str) -> bool {
    holds(text, &format!("name=\"{name}\""))
}

/// Tells whether a word stands anywhere in such a file.
pub(super) fn holds(text: &[u8], word: &str) -> bool {
    begins(text) && text.windows(word.len()).any(|window| window == word.as_bytes())
}
