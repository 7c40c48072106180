//! What importers of JSON files share: fields that may be missing or of another kind, lists that end somewhere.

use std::fmt;
use std::marker::PhantomData;

use serde::de::{IgnoredAny, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer};
use serde_json::Value;

use super::ImportError;
use super::account::Number;
use super::outcome::MOST_ENTRIES;
use crate::secret::SecretText;

/// A field's text; a missing one and one of another kind are empty, as in files of real programs.
pub(super) fn text<'a>(value: &'a Value, name: &str) -> &'a str {
    value.get(name).and_then(Value::as_str).unwrap_or_default()
}

/// A field's number, which some programs write as a text.
pub(super) fn number(value: &Value, name: &str) -> Number {
    let read = match value.get(name) {
        None | Some(Value::Null) => return Number::Missing,
        Some(Value::Number(number)) => number.as_u64(),
        Some(Value::String(text)) => text.trim().parse().ok(),
        Some(Value::Bool(_) | Value::Array(_) | Value::Object(_)) => None,
    };
    read.map_or(Number::Bad, Number::Is)
}

/// Tells whether a field is there and not null.
pub(super) fn has(value: &Value, name: &str) -> bool {
    value.get(name).is_some_and(|field| !field.is_null())
}

/// Moves a field's text out, so that no copy of it stays behind unwiped.
pub(super) fn take_secret(value: &mut Value, name: &str) -> Option<SecretText> {
    match value.get_mut(name) {
        Some(Value::String(secret)) => Some(SecretText::new(std::mem::take(secret))),
        _ => None,
    }
}

/// The place of a JSON error in a part of a file. Its own message is not repeated, since it could hold a value.
pub(super) fn damaged_at(part: &str, error: &serde_json::Error) -> ImportError {
    ImportError::Damaged { at: format!("{part}line {}, column {}", error.line(), error.column()) }
}

/// Damage at a named place.
pub(super) fn damaged(at: &str) -> ImportError {
    ImportError::Damaged { at: at.to_owned() }
}

/// A list that is read up to [`MOST_ENTRIES`]; what is beyond is only noticed.
pub(super) struct Bounded<T> {
    /// What was read.
    pub(super) items: Vec<T>,
    /// True when there was more.
    pub(super) overflowed: bool,
}

impl<T> Default for Bounded<T> {
    fn default() -> Self {
        Self { items: Vec::new(), overflowed: false }
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Bounded<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_seq(BoundedVisitor(PhantomData))
    }
}

struct BoundedVisitor<T>(PhantomData<T>);

impl<'de, T: Deserialize<'de>> Visitor<'de> for BoundedVisitor<T> {
    type Value = Bounded<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Bounded<T>, A::Error> {
        let mut bounded = Bounded::default();
        while bounded.items.len() < MOST_ENTRIES {
            match list.next_element()? {
                Some(item) => bounded.items.push(item),
                None => return Ok(bounded),
            }
        }
        while list.next_element::<IgnoredAny>()?.is_some() {
            bounded.overflowed = true;
        }
        Ok(bounded)
    }
}
