//! A line of the log, and the record sealed in it.
//!
//! Bytes: one that chooses, then a line, or the JSON of a record.

use lifeboat::audit::chain::{Line, SealedLine};
use lifeboat::envelope::MasterKey;
use lifeboat::envelope::aead::{open_small, seal_small};
use lifeboat::wire::log_v1;

const INFO: &[u8] = b"lifeboat/1/log";

pub fn run(data: &[u8]) {
    let Some((first, rest)) = data.split_first() else { return };
    if first & 1 == 0 { line(rest) } else { record(rest) }
}

/// What is read as a line is written as the very same: the chain is over its bytes.
fn line(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    match Line::parse(text) {
        Some(Line::Sealed(sealed)) => {
            assert_eq!(sealed.encode(), text);
            let key = MasterKey::from_bytes([1; 32]);
            let binding = SealedLine::binding(sealed.number, &sealed.previous);
            assert!(open_small(&key, INFO, binding.as_bytes(), &sealed.sealed).is_err(), "nobody sealed it");
        }
        Some(Line::Open { at, event }) => assert_eq!(Line::open(at, &event), text),
        None => {}
    }
}

/// A record is written so that it is read as the same, through its sealed line too.
fn record(json: &[u8]) {
    let Some(record) = log_v1::parse(json) else { return };
    let written = log_v1::encode(&record);
    assert_eq!(log_v1::parse(&written).as_ref(), Some(&record));

    let key = MasterKey::from_bytes([1; 32]);
    let (number, previous) = (record.at, [2; 32]);
    let binding = SealedLine::binding(number, &previous);
    let sealed = seal_small(&key, INFO, binding.as_bytes(), &[3; 32], &written);
    let text = SealedLine { number, previous, sealed }.encode();
    let Some(Line::Sealed(line)) = Line::parse(&text) else { panic!("a sealed line is read") };
    let opened = open_small(&key, INFO, binding.as_bytes(), &line.sealed).expect("what was sealed opens");
    assert_eq!(log_v1::parse(opened.expose()), Some(record));
    let other = SealedLine::binding(number.wrapping_add(1), &previous);
    assert!(open_small(&key, INFO, other.as_bytes(), &line.sealed).is_err(), "it is bound to its number");
}
