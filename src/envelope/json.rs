//! JSON as strict as a header needs it: no duplicate keys, whole numbers only, nothing lost.
//!
//! A general JSON value would let the last of two equal keys win in silence and turn numbers into
//! floats; two readers could then see two headers in the same bytes.

use std::fmt;

use serde::de::{self, Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};

/// A JSON value of a header.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Node {
    /// `true` or `false`.
    Bool(bool),
    /// `[…]`.
    List(Vec<Node>),
    /// `{…}`, sorted by key.
    Map(Vec<(String, Node)>),
    /// `null`.
    Null,
    /// A whole number from 0 to 2⁶⁴−1.
    Number(u64),
    /// `"…"`.
    Text(String),
}

impl Node {
    /// Parses one JSON document with nothing behind it.
    ///
    /// # Errors
    ///
    /// A message of the parser, with a position and without content.
    pub fn parse(bytes: &[u8]) -> Result<Self, String> {
        serde_json::from_slice(bytes)
            .map_err(|error| format!("line {} column {}", error.line(), error.column()))
    }

    /// The value under a key of a map.
    pub fn field(&self, name: &str) -> Option<&Self> {
        match self {
            Self::Map(fields) => fields.iter().find(|(key, _)| key == name).map(|(_, value)| value),
            Self::Bool(_) | Self::List(_) | Self::Null | Self::Number(_) | Self::Text(_) => None,
        }
    }

    /// The text, if it is one.
    pub fn text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            Self::Bool(_) | Self::List(_) | Self::Map(_) | Self::Null | Self::Number(_) => None,
        }
    }

    /// The number, if it is one.
    pub fn number(&self) -> Option<u64> {
        match self {
            Self::Number(number) => Some(*number),
            Self::Bool(_) | Self::List(_) | Self::Map(_) | Self::Null | Self::Text(_) => None,
        }
    }

    /// The elements, if it is a list.
    pub fn list(&self) -> Option<&[Self]> {
        match self {
            Self::List(elements) => Some(elements),
            Self::Bool(_) | Self::Map(_) | Self::Null | Self::Number(_) | Self::Text(_) => None,
        }
    }

    /// Bytes written as exactly `N` pairs of lower-case hexadecimal digits.
    pub fn hex<const N: usize>(&self) -> Option<[u8; N]> {
        let bytes = data_encoding::HEXLOWER.decode(self.text()?.as_bytes()).ok()?;
        bytes.try_into().ok()
    }

    /// Adds a field to a map; other values are left alone.
    #[must_use]
    pub fn with(self, key: &str, value: Self) -> Self {
        match self {
            Self::Map(mut fields) => {
                fields.push((key.to_owned(), value));
                sorted(fields)
            }
            other @ (Self::Bool(_) | Self::List(_) | Self::Null | Self::Number(_) | Self::Text(_)) => other,
        }
    }

    /// Writes the value on one line, keys sorted, no spaces.
    pub fn write(&self, out: &mut String) {
        match self {
            Self::Bool(value) => out.push_str(if *value { "true" } else { "false" }),
            Self::Null => out.push_str("null"),
            Self::Number(number) => out.push_str(&number.to_string()),
            Self::Text(text) => write_text(text, out),
            Self::List(elements) => {
                out.push('[');
                for (idx, element) in elements.iter().enumerate() {
                    if idx > 0 {
                        out.push(',');
                    }
                    element.write(out);
                }
                out.push(']');
            }
            Self::Map(fields) => {
                out.push('{');
                for (idx, (key, value)) in fields.iter().enumerate() {
                    if idx > 0 {
                        out.push(',');
                    }
                    write_text(key, out);
                    out.push(':');
                    value.write(out);
                }
                out.push('}');
            }
        }
    }
}

/// A map from keys and values.
pub fn map<const N: usize>(fields: [(&str, Node); N]) -> Node {
    sorted(fields.into_iter().map(|(key, value)| (key.to_owned(), value)).collect())
}

/// A map whose keys are in order, as it is written.
fn sorted(mut fields: Vec<(String, Node)>) -> Node {
    fields.sort_by(|left, right| left.0.cmp(&right.0));
    Node::Map(fields)
}

/// Bytes as lower-case hexadecimal digits.
pub fn hex(bytes: &[u8]) -> Node {
    Node::Text(data_encoding::HEXLOWER.encode(bytes))
}

fn write_text(text: &str, out: &mut String) {
    // Writing a string cannot fail: the escapes are JSON's own.
    out.push_str(&serde_json::Value::from(text).to_string());
}

impl<'de> Deserialize<'de> for Node {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(NodeVisitor)
    }
}

struct NodeVisitor;

impl<'de> Visitor<'de> for NodeVisitor {
    type Value = Node;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON with whole numbers and no duplicate keys")
    }

    fn visit_bool<E: de::Error>(self, value: bool) -> Result<Node, E> {
        Ok(Node::Bool(value))
    }

    fn visit_u64<E: de::Error>(self, value: u64) -> Result<Node, E> {
        Ok(Node::Number(value))
    }

    fn visit_str<E: de::Error>(self, value: &str) -> Result<Node, E> {
        Ok(Node::Text(value.to_owned()))
    }

    fn visit_unit<E: de::Error>(self) -> Result<Node, E> {
        Ok(Node::Null)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut access: A) -> Result<Node, A::Error> {
        let mut elements = Vec::new();
        while let Some(element) = access.next_element()? {
            elements.push(element);
        }
        Ok(Node::List(elements))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut access: A) -> Result<Node, A::Error> {
        let mut fields: Vec<(String, Node)> = Vec::new();
        while let Some((key, value)) = access.next_entry::<String, Node>()? {
            if fields.iter().any(|(other, _)| *other == key) {
                return Err(de::Error::custom("duplicate key"));
            }
            fields.push((key, value));
        }
        Ok(sorted(fields))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_two_readers_could_see_differently_is_refused() {
        for text in [
            "{\"a\":1,\"a\":2}",
            "1.0",
            "1e3",
            "-1",
            "{} {}",
            "{\"a\":{\"b\":1,\"b\":1}}",
            "[1,]",
            "18446744073709551616",
        ] {
            assert!(Node::parse(text.as_bytes()).is_err(), "{text}");
        }
    }

    #[test]
    fn a_value_is_written_sorted_and_read_back_the_same() {
        let node = Node::parse(b"{\"b\":[1,\"x\\n\\u0001\",null,true],\"a\":{}}").unwrap();
        let mut text = String::new();
        node.write(&mut text);
        assert_eq!(text, r#"{"a":{},"b":[1,"x\n\u0001",null,true]}"#);
        let mut again = String::new();
        Node::parse(text.as_bytes()).unwrap().write(&mut again);
        assert_eq!(again, text);
    }

    #[test]
    fn a_value_is_taken_as_what_it_is_and_as_nothing_else() {
        let node = |text: &str| Node::parse(text.as_bytes()).unwrap();
        let seen = |text: &str| {
            let node = node(text);
            (node.text().map(str::to_owned), node.number(), node.list().map(<[Node]>::len))
        };
        assert_eq!(seen("\"a\""), (Some("a".to_owned()), None, None));
        assert_eq!(seen("18446744073709551615"), (None, Some(u64::MAX), None));
        assert_eq!(seen("[1,2]"), (None, None, Some(2)));
        for other in ["true", "false", "null", "{}"] {
            assert_eq!(seen(other), (None, None, None), "{other}");
        }
        assert_eq!(node("false"), Node::Bool(false));
        assert_eq!(node("{\"a\":1,\"b\":2}").field("b"), Some(&Node::Number(2)));
        assert_eq!(node("{\"a\":1}").field("b"), None);
        assert_eq!(node("[1]").field("a"), None);
        assert_eq!(node("\"00ff\"").hex(), Some([0, 255]));
        assert_eq!(node("\"00ff\"").hex::<3>(), None);
    }

    #[test]
    fn a_field_is_added_to_a_map_and_to_nothing_else() {
        let node = |text: &str| Node::parse(text.as_bytes()).unwrap();
        assert_eq!(node("{\"b\":1}").with("a", Node::Null), node("{\"a\":null,\"b\":1}"));
        assert_eq!(node("[1]").with("a", Node::Null), node("[1]"));
    }

    #[test]
    fn an_error_names_a_place_and_repeats_nothing() {
        assert_eq!(Node::parse(b"{\"a\":\n1.5}").unwrap_err(), "line 2 column 3");
    }

    #[test]
    fn deep_nesting_is_refused_quickly() {
        assert!(Node::parse("[".repeat(1_000_000).as_bytes()).is_err());
    }
}
