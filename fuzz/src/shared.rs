//! What several targets need: a container made by hand, and what may be shown.

use lifeboat::entry::Entry;
use lifeboat::envelope::aead::OneTimeKey;
use lifeboat::envelope::{Kind, MAGIC, VERSION};
use serde_json::Value;
use sha2::{Digest as _, Sha256};
use unicode_normalization::char::is_combining_mark;
use unicode_width::UnicodeWidthChar as _;

/// The moment that all targets use.
pub const NOW: u64 = 1_700_000_000;

/// Puts a container together from its parts, with the checksum that fits.
pub fn container(kind: Kind, header: &[u8], commitment: &[u8; 32], body: &[u8]) -> Vec<u8> {
    let mut file = preamble(kind, header);
    file.extend_from_slice(header);
    file.extend_from_slice(commitment);
    file.extend_from_slice(body);
    with_checksum(file)
}

/// The sixteen bytes before a header.
fn preamble(kind: Kind, header: &[u8]) -> Vec<u8> {
    let mut file = MAGIC.to_vec();
    file.extend_from_slice(&[VERSION, kind.byte(), 0, 0]);
    file.extend_from_slice(&u32::try_from(header.len()).unwrap().to_be_bytes());
    file
}

/// Adds the checksum of all bytes.
pub fn with_checksum(mut file: Vec<u8>) -> Vec<u8> {
    let trailer = Sha256::digest(&file);
    file.extend_from_slice(&trailer);
    file
}

/// Seals any header and any plaintext as the format's pages say, without the program's own `seal`.
pub fn sealed_by_hand(
    kind: Kind,
    header: &[u8],
    (id, salt): (&[u8; 16], &[u8; 32]),
    master: &[u8; 32],
    mut plaintext: Vec<u8>,
) -> Vec<u8> {
    let mut info = b"lifeboat/1/payload\0".to_vec();
    info.push(kind.byte());
    info.extend_from_slice(id);
    info.extend_from_slice(&Sha256::digest(header));
    let key = OneTimeKey::derive(master, salt, &info);
    let commitment = *key.commitment();
    let mut bound = preamble(kind, header);
    bound.extend_from_slice(header);
    bound.extend_from_slice(&commitment);
    key.seal(&bound, &mut plaintext);
    container(kind, header, &commitment, &plaintext)
}

/// Asserts that a text commands no terminal and hides nothing. Written without a look at `entry::label`.
pub fn assert_safe(text: &str) {
    if text.bytes().all(|byte| (b' '..=b'~').contains(&byte)) {
        return;
    }
    for c in text.chars() {
        assert!(!is_unsafe(c), "U+{:04X} would reach the terminal in {text:?}", u32::from(c));
    }
}

fn is_unsafe(c: char) -> bool {
    // Jamo that join the one before them have no width of their own and can be seen.
    let joins = matches!(c, '\u{1161}'..='\u{11ff}' | '\u{d7b0}'..='\u{d7fb}');
    c.is_control()
        || matches!(c, '\u{200e}' | '\u{200f}' | '\u{061c}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
        || matches!(c, '\u{2028}' | '\u{2029}' | '\u{e0000}'..='\u{e007f}')
        || (c.width().unwrap_or(0) == 0 && !is_combining_mark(c) && !joins)
}

/// Asserts that a message is safe, and no longer than a screen can take.
pub fn assert_message(text: &str) {
    assert_safe(text);
    assert!(text.len() < 64 << 10, "a message of {} bytes", text.len());
}

/// Tells whether all numbers are those of the format: 0 to 2⁶⁴−1. Others may lose digits.
pub fn has_whole_numbers_only(value: &Value) -> bool {
    match value {
        Value::Number(number) => number.is_u64(),
        Value::Array(elements) => elements.iter().all(has_whole_numbers_only),
        Value::Object(fields) => fields.values().all(has_whole_numbers_only),
        Value::Bool(_) | Value::Null | Value::String(_) => true,
    }
}

/// Makes every code that an entry has now and at the ends of time, which must not fail.
pub fn make_codes(entry: &Entry) {
    for at in [0, NOW, u64::MAX] {
        if let Some(timed) = entry.code_at(at) {
            assert_eq!(timed.code.expose().chars().count(), usize::from(entry.otp.digits()));
        }
    }
    if let Some(code) = entry.counter_code() {
        assert_eq!(code.expose().len(), usize::from(entry.otp.digits()));
    }
}
