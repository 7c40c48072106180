//! What one machine remembers of a vault, outside it: no secret, and nothing that is missed when lost.

use data_encoding::HEXLOWER;
use serde_json::{Map, Value, json};

use super::residue::Object;

/// The newest generation that this machine has seen, and small things between two commands.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct LocalState {
    /// The newest generation seen.
    pub generation: u64,
    /// SHA-256 of that file.
    pub sha256: [u8; 32],
    /// When it was seen, in Unix seconds; a clock before it is wrong.
    pub last_seen: u64,
    /// Entries whose code was copied: id, first second of the code's step, when it was copied.
    pub copied: Vec<(String, u64, u64)>,
    /// Records that could not be written to the log, and since when.
    pub log_gap: Option<(u64, u64)>,
}

/// Writes the state.
pub fn encode(state: &LocalState) -> Vec<u8> {
    let copied: Vec<Value> = state.copied.iter().map(|(id, from, at)| json!([id, from, at])).collect();
    let mut fields = Map::new();
    fields.insert("generation".to_owned(), json!(state.generation));
    fields.insert("sha256".to_owned(), json!(HEXLOWER.encode(&state.sha256)));
    fields.insert("last_seen".to_owned(), json!(state.last_seen));
    fields.insert("copied".to_owned(), Value::Array(copied));
    if let Some((count, since)) = state.log_gap {
        fields.insert("log_gap".to_owned(), json!([count, since]));
    }
    Value::Object(fields).to_string().into_bytes()
}

/// Reads the state; `None` when it cannot be read, which is treated as never having seen the vault.
pub fn parse(json: &[u8]) -> Option<LocalState> {
    let mut object = Object::of(serde_json::from_slice(json).ok()?, "state").ok()?;
    let copied = object
        .list("copied")
        .ok()?
        .iter()
        .filter_map(|value| {
            let id = value.get(0)?.as_str()?.to_owned();
            Some((id, value.get(1)?.as_u64()?, value.get(2)?.as_u64()?))
        })
        .collect();
    let log_gap = object.take("log_gap").and_then(|gap| Some((gap.get(0)?.as_u64()?, gap.get(1)?.as_u64()?)));
    Some(LocalState {
        generation: object.number("generation").ok()?,
        sha256: object.hex("sha256").ok()?,
        last_seen: object.number("last_seen").ok()?,
        copied,
        log_gap,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_state_is_read_as_it_was_written_and_nonsense_is_none() {
        let state = LocalState {
            generation: 7,
            sha256: [1; 32],
            last_seen: 9,
            copied: vec![("ab".into(), 30, 31)],
            log_gap: Some((2, 5)),
        };
        assert_eq!(parse(&encode(&state)), Some(state));
        assert_eq!(parse(b"{}"), None);
        assert_eq!(parse(b""), None);
    }
}
