//! What importers of JSON files share: fields that may be missing or of another kind, lists that end somewhere.

use std::fmt;
use std::marker::PhantomData;

use data_encoding::BASE64_NOPAD;
use serde::de::{IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer};
use serde_json::Value;
use serde_json::value::RawValue;

use super::ImportError;
use super::account::Number;
use super::outcome::{Imported, MOST_ENTRIES};
use crate::secret::{SecretBytes, SecretText};

/// Larger files are not read. Icons make real ones large, up to some megabytes for hundreds of accounts.
pub(super) const LARGEST_FILE: usize = 64 << 20;
/// Larger items are not read: as values they take many times their text. Real ones have an icon at most.
const LARGEST_ITEM: usize = 4 << 20;

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

/// Reads each item of a list by itself, so that a bad one costs itself alone; `take` gets its place from 1.
///
/// # Errors
///
/// [`ImportError::TooLarge`] for a list that is longer than any person's.
pub(super) fn each(
    list: Bounded<&RawValue>,
    imported: &mut Imported,
    mut take: impl FnMut(&mut Imported, usize, &mut Value),
) -> Result<(), ImportError> {
    if list.overflowed {
        return Err(ImportError::TooLarge);
    }
    for (idx, raw) in list.items.into_iter().enumerate() {
        match item(raw) {
            Some(mut item) => take(imported, idx + 1, &mut item),
            None => imported.unreadable(idx + 1),
        }
    }
    Ok(())
}

/// Reads one item by itself; `None` where it cannot be read, or is larger than any.
pub(super) fn item(raw: &RawValue) -> Option<Value> {
    // The depth of an item is bounded by the parser, and so is the time for it.
    let text = Some(raw.get()).filter(|text| text.len() <= LARGEST_ITEM)?;
    serde_json::from_str(text).ok()
}

/// What a text says in base64, with line breaks in it and without its padding as well.
pub(super) fn base64(text: &str) -> Option<SecretBytes> {
    let mut symbols = SecretBytes::with_capacity(text.len());
    symbols.expose_mut().extend(text.bytes().filter(|byte| !byte.is_ascii_whitespace()));
    while symbols.expose().last() == Some(&b'=') {
        symbols.expose_mut().pop();
    }
    BASE64_NOPAD.decode(symbols.expose()).ok().map(SecretBytes::new)
}

/// A seed that is written as a list of signed bytes, as Java's programs do.
pub(super) fn signed_bytes(value: &Value, name: &str) -> Option<SecretBytes> {
    let list = value.get(name)?.as_array()?;
    let mut bytes = SecretBytes::with_capacity(list.len());
    for item in list {
        let number = item.as_i64().filter(|number| (-128..256).contains(number))?;
        bytes.expose_mut().push(number.to_le_bytes()[0]);
    }
    Some(bytes)
}

/// The file as JSON, without a byte order mark, where it is not larger than any such file.
///
/// # Errors
///
/// [`ImportError::TooLarge`] and, with the place, [`ImportError::Damaged`].
pub(super) fn parse<'a, T: Deserialize<'a>>(bytes: &'a [u8]) -> Result<T, ImportError> {
    if bytes.len() > LARGEST_FILE {
        return Err(ImportError::TooLarge);
    }
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    serde_json::from_slice(bytes).map_err(|error| damaged_at("", &error))
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

/// The values of an object in the file's order, up to [`MOST_ENTRIES`], without their keys.
pub(super) struct Values<T>(pub(super) Bounded<T>);

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Values<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(ValuesVisitor(PhantomData))
    }
}

struct ValuesVisitor<T>(PhantomData<T>);

impl<'de, T: Deserialize<'de>> Visitor<'de> for ValuesVisitor<T> {
    type Value = Values<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut object: A) -> Result<Values<T>, A::Error> {
        let mut bounded = Bounded::default();
        while bounded.items.len() < MOST_ENTRIES {
            match object.next_entry::<IgnoredAny, T>()? {
                Some((_, value)) => bounded.items.push(value),
                None => return Ok(Values(bounded)),
            }
        }
        while object.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {
            bounded.overflowed = true;
        }
        Ok(Values(bounded))
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_item_that_is_larger_than_any_costs_itself_alone() {
        let large = format!("[{}0]", "0,".repeat(LARGEST_ITEM / 2));
        let text = format!("[{{}},{large},{{}}]");
        let list: Bounded<&RawValue> = serde_json::from_str(&text).unwrap();
        let (mut imported, mut positions) = (Imported::default(), Vec::new());
        each(list, &mut imported, |_, position, _| positions.push(position)).unwrap();
        assert_eq!((positions, imported.skipped[0].position), (vec![1, 3], 2));
    }

    #[test]
    fn base64_is_read_in_lines_and_without_its_padding() {
        for text in ["SGVsbG8h3g==", "SGVs\r\nbG8h\n3g==\n", "SGVsbG8h3g"] {
            assert_eq!(base64(text).expect("base64").expose(), b"Hello!\xde", "{text:?}");
        }
        for text in ["SGVsbG8h3", "SGV$", "SGVsbG8h3h=="] {
            assert!(base64(text).is_none(), "{text:?}");
        }
    }

    #[test]
    fn values_of_an_object_come_in_its_order() {
        let values: Values<u8> = serde_json::from_str(r#"{"10":1,"9":2,"a":3}"#).unwrap();
        assert_eq!((values.0.items, values.0.overflowed), (vec![1, 2, 3], false));
    }
}
