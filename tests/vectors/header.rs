//! A vector file: header lines, a blank line, and the bytes that are tested.

use std::path::Path;

/// A vector that was read.
pub(crate) struct Vector {
    lines: Vec<(String, String)>,
    /// What stands behind the blank line.
    pub(crate) body: Vec<u8>,
}

impl Vector {
    /// Splits a file; every header line must have one of the known names.
    pub(crate) fn parse(path: &Path, bytes: &[u8], known: &[&str]) -> Self {
        let at = bytes.windows(2).position(|pair| pair == b"\n\n").expect("a blank line ends the header");
        let header = std::str::from_utf8(&bytes[..at]).expect("the header is text");
        let lines: Vec<(String, String)> = header
            .lines()
            .map(|line| {
                let (name, value) = line.split_once(':').expect("a header line holds a colon");
                assert!(known.contains(&name), "{}: unknown header line {name}", path.display());
                (name.to_owned(), value.strip_prefix(' ').unwrap_or(value).to_owned())
            })
            .collect();
        let vector = Self { lines, body: bytes[at + 2..].to_vec() };
        assert!(!vector.one("comment").is_empty(), "a vector says what it is for");
        vector
    }

    /// The one value of a name.
    pub(crate) fn one(&self, name: &str) -> &str {
        let values = self.all(name);
        assert_eq!(values.len(), 1, "header line {name} stands once");
        values[0]
    }

    /// The values of a name, in their order.
    pub(crate) fn all(&self, name: &str) -> Vec<&str> {
        self.lines.iter().filter(|(other, _)| other == name).map(|(_, value)| value.as_str()).collect()
    }
}
