//! JSON values in which no object has a key twice.
//!
//! A general value lets the last of two equal keys win in silence; another reader may take the first, and
//! the two would see two contents in the same bytes.

use std::fmt;

use serde::de::{self, Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Value};

/// How the message of an error about a key that stands twice begins. It repeats no key.
const TWICE: &str = "a key stands twice";

/// The error about a key that stands twice.
pub(super) fn twice<E: de::Error>() -> E {
    E::custom(TWICE)
}

/// Tells whether an error is about a key that stands twice.
pub(super) fn is_twice(error: &serde_json::Error) -> bool {
    error.to_string().starts_with(TWICE)
}

/// Reads the value of a key into a map that must not have the key yet.
pub(super) fn read_into<'de, A: MapAccess<'de>>(
    fields: &mut Map<String, Value>,
    key: String,
    access: &mut A,
) -> Result<(), A::Error> {
    match fields.insert(key, access.next_value::<Strict>()?.0) {
        None => Ok(()),
        Some(_) => Err(twice()),
    }
}

/// A JSON value in which no object has a key twice.
pub(super) struct Strict(pub(super) Value);

impl<'de> Deserialize<'de> for Strict {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(StrictVisitor).map(Self)
    }
}

struct StrictVisitor;

impl<'de> Visitor<'de> for StrictVisitor {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON without a key that stands twice")
    }

    fn visit_bool<E: de::Error>(self, value: bool) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_i64<E: de::Error>(self, value: i64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_u64<E: de::Error>(self, value: u64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_f64<E: de::Error>(self, value: f64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_str<E: de::Error>(self, value: &str) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_unit<E: de::Error>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut access: A) -> Result<Value, A::Error> {
        let mut elements = Vec::new();
        while let Some(Strict(element)) = access.next_element()? {
            elements.push(element);
        }
        Ok(Value::Array(elements))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut access: A) -> Result<Value, A::Error> {
        let mut fields = Map::new();
        while let Some(key) = access.next_key::<String>()? {
            read_into(&mut fields, key, &mut access)?;
        }
        Ok(Value::Object(fields))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_is_read_as_any_reader_reads_it() {
        let text = r#"{"a":[1,-2,0.5,true,null,"x\n"],"b":{"c":{}}}"#;
        let Strict(value) = serde_json::from_str(text).unwrap();
        assert_eq!(value, serde_json::from_str::<Value>(text).unwrap());
    }

    #[test]
    fn a_key_that_stands_twice_is_an_error_of_its_own_at_every_depth() {
        for text in [r#"{"a":1,"a":1}"#, r#"[{"b":{"a":1,"\u0061":2}}]"#] {
            let error = serde_json::from_str::<Strict>(text).map(|_| ()).unwrap_err();
            assert!(is_twice(&error), "{text}: {error}");
        }
        let error = serde_json::from_str::<Strict>("{\"a\":}").map(|_| ()).unwrap_err();
        assert!(!is_twice(&error));
    }
}
