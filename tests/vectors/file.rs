//! The form of a `.vec` file: header lines, a blank line, a body.

use std::fmt::Debug;

/// What a test gives: an error is told with the file's name by the harness.
pub(crate) type Outcome = datatest_stable::Result<()>;

/// A file, taken apart. Every header must be asked for, so that a misspelt one does not pass unseen.
pub(crate) struct Vector<'a> {
    headers: Vec<(&'a str, &'a str)>,
    /// Everything behind the blank line.
    pub(crate) body: &'a str,
}

impl<'a> Vector<'a> {
    pub(crate) fn parse(text: &'a str, known: &[&str]) -> datatest_stable::Result<Self> {
        let (head, body) = text.split_once("\n\n").ok_or("there is no blank line behind the headers")?;
        let mut headers = Vec::new();
        for line in head.lines() {
            let (name, value) = line.split_once(':').ok_or_else(|| format!("no header line: {line}"))?;
            if !known.contains(&name) {
                return Err(format!("unknown header: {name}").into());
            }
            headers.push((name, value.strip_prefix(' ').unwrap_or(value)));
        }
        Ok(Self { headers, body })
    }

    pub(crate) fn get(&self, name: &str) -> Option<&'a str> {
        self.all(name).next()
    }

    pub(crate) fn want(&self, name: &str) -> datatest_stable::Result<&'a str> {
        self.get(name).ok_or_else(|| format!("the header {name} is missing").into())
    }

    pub(crate) fn all(&self, name: &str) -> impl Iterator<Item = &'a str> {
        self.headers.iter().filter(move |(other, _)| *other == name).map(|(_, value)| *value)
    }
}

/// Compares one thing, and says which it was.
pub(crate) fn same<T: PartialEq + Debug>(what: &str, found: T, expected: T) -> Outcome {
    if found == expected {
        Ok(())
    } else {
        Err(format!("{what} is {found:?}, the vector says {expected:?}").into())
    }
}
