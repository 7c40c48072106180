//! One entry of a payload. Bytes: its JSON.

use lifeboat::entry::EntryId;
use lifeboat::otp::Seed;
use lifeboat::wire::entry_v1::{encode, parse};
use serde_json::Value;
use serde_json::value::RawValue;

use super::shared::{assert_message, has_whole_numbers_only, make_codes};

pub fn run(data: &[u8]) {
    // An entry reaches its parser as one JSON value.
    let Ok(raw) = serde_json::from_slice::<&RawValue>(data) else { return };
    match parse(raw.get()) {
        Ok(entry) => {
            let written = encode(&entry);
            let text = std::str::from_utf8(written.expose()).expect("JSON is text");
            let again = parse(text).expect("what was written is read");
            assert_eq!(encode(&again).expose(), written.expose());
            make_codes(&again);
            same(raw.get(), text);
        }
        Err(quarantined) => {
            assert_eq!(quarantined.text.expose(), raw.get(), "an entry is set aside as it came");
            assert_message(&quarantined.reason);
            assert_message(&quarantined.title.shown());
        }
    }
}

/// Every field comes out as it came in, known or not; a known one may be left out where it says nothing.
fn same(before: &str, after: &str) {
    let (Ok(before), Ok(after)) = (serde_json::from_str(before), serde_json::from_str(after)) else { return };
    if has_whole_numbers_only(&before) {
        assert_eq!(normal(before), normal(after));
    }
}

fn normal(mut entry: Value) -> Value {
    let fields = entry.as_object_mut().expect("an entry is an object");
    for name in ["rotated", "proven", "provenance", "issuer", "account"] {
        fields.retain(|other, value| other != name || !value.is_null());
    }
    for (name, nothing) in [
        ("issuer", Value::from("")),
        ("account", Value::from("")),
        ("note", Value::from("")),
        ("tags", Value::Array(Vec::new())),
        ("recovery_codes", Value::Array(Vec::new())),
        ("uri_parameters", Value::Array(Vec::new())),
        ("favourite", Value::Bool(false)),
        ("privileged", Value::Bool(false)),
    ] {
        fields.retain(|other, value| other != name || *value != nothing);
    }
    // Numbers that do not belong to the type of code are not kept.
    let without: &[&str] = match fields["type"].as_str() {
        Some("totp") => &["counter"],
        Some("hotp") => &["period"],
        _ => &["algorithm", "counter", "digits", "period"],
    };
    fields.retain(|name, _| !without.contains(&name.as_str()));
    // Of an id and a seed the spelling is ours.
    let seed = Seed::from_base32(fields["seed"].as_str().unwrap()).unwrap().to_base32().expose().to_owned();
    fields.insert("seed".to_owned(), seed.into());
    let id = EntryId::parse(fields["id"].as_str().unwrap()).unwrap().to_string();
    fields.insert("id".to_owned(), id.into());
    for code in fields.get_mut("recovery_codes").and_then(Value::as_array_mut).into_iter().flatten() {
        let code = code.as_object_mut().expect("a recovery code is an object");
        code.retain(|name, value| name != "used" || !value.is_null());
    }
    entry
}
