//! One record of the log as the JSON that is sealed into its line.

use serde_json::{Map, Value, json};

use super::residue::Object;
use crate::audit::{Event, Record};

/// Writes a record.
pub fn encode(record: &Record) -> Vec<u8> {
    let mut fields = Map::new();
    fields.insert("at".to_owned(), json!(record.at));
    fields.insert("event".to_owned(), json!(record.event.name()));
    fields.insert("user".to_owned(), json!(record.user));
    fields.insert("host".to_owned(), json!(record.host));
    for (name, text) in [("entry", &record.entry), ("reason", &record.reason), ("way", &record.way)] {
        if let Some(text) = text {
            fields.insert(name.to_owned(), json!(text));
        }
    }
    if let Some(generation) = record.generation {
        fields.insert("generation".to_owned(), json!(generation));
    }
    if !record.facts.is_empty() {
        let facts: Map<String, Value> =
            record.facts.iter().map(|(name, value)| (name.clone(), json!(value))).collect();
        fields.insert("facts".to_owned(), Value::Object(facts));
    }
    Value::Object(fields).to_string().into_bytes()
}

/// Reads a record; `None` when it is not one, or of an event that this version does not know.
pub fn parse(json: &[u8]) -> Option<Record> {
    let mut object = Object::of(serde_json::from_slice(json).ok()?, "record").ok()?;
    let facts = match object.take("facts") {
        Some(Value::Object(facts)) => facts
            .into_iter()
            .map(|(name, value)| (name, value.as_str().unwrap_or_default().to_owned()))
            .collect(),
        _ => Vec::new(),
    };
    Some(Record {
        at: object.number("at").ok()?,
        event: Event::parse(&object.text("event").ok()?)?,
        entry: object.optional_text("entry").ok()?,
        user: object.text("user").ok()?,
        host: object.text("host").ok()?,
        way: object.optional_text("way").ok()?,
        reason: object.optional_text("reason").ok()?,
        generation: object.optional_number("generation").ok()?,
        facts,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_record_is_read_as_it_was_written() {
        let record = Record {
            at: 1,
            event: Event::CodeShown,
            entry: Some("00".into()),
            user: "ana".into(),
            host: "h".into(),
            way: Some("0a0b0c0d".into()),
            reason: Some("INC-1".into()),
            generation: Some(3),
            facts: vec![("format".into(), "aegis".into())],
        };
        assert_eq!(parse(&encode(&record)), Some(record));
    }
}
