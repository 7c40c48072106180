//! A custodian's acknowledgement: one line that names the format, one of JSON, and a signature of that line.
//!
//! ```text
//! lifeboat-share-acknowledgement/1
//! {"bundle":"<32 hex>","date":<Unix seconds>,"set":<number>,"share":<number>}
//! -----BEGIN SSH SIGNATURE-----
//! …
//! -----END SSH SIGNATURE-----
//! ```

use data_encoding::HEXLOWER;
use serde_json::json;

use super::residue::Object;
use super::strict::Strict;
use crate::entry::UnixSeconds;
use crate::signature;

/// First line of the file.
const MAGIC: &str = "lifeboat-share-acknowledgement/1";

/// What a custodian says of a share: it was there, whole, and of this bundle's set.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Acknowledgement {
    /// The id of the set.
    pub set: u16,
    /// The share's number, from one.
    pub share: u8,
    /// When it was checked.
    pub date: UnixSeconds,
    /// The bundle that it was checked against.
    pub bundle: [u8; 16],
}

/// The line that is signed.
pub fn message(acknowledgement: &Acknowledgement) -> String {
    json!({
        "bundle": HEXLOWER.encode(&acknowledgement.bundle),
        "date": acknowledgement.date,
        "set": acknowledgement.set,
        "share": acknowledgement.share,
    })
    .to_string()
}

/// The file of a line and its signature.
pub fn encode(message: &str, signature: &[u8]) -> String {
    format!("{MAGIC}\n{message}\n{}", signature::armor(signature))
}

/// Takes a file apart: what it says, the line that is signed, and the signature. Nothing is checked yet.
///
/// `None` when it is not such a file.
pub fn parse(text: &str) -> Option<(Acknowledgement, String, Vec<u8>)> {
    let (magic, rest) = text.split_once('\n')?;
    let (line, armored) = rest.split_once('\n')?;
    let line = line.strip_suffix('\r').unwrap_or(line);
    if magic.trim_end() != MAGIC {
        return None;
    }
    let Strict(value) = serde_json::from_str(line).ok()?;
    let mut object = Object::of(value, "acknowledgement").ok()?;
    let acknowledgement = Acknowledgement {
        set: object.small("set").ok()?,
        share: object.small("share").ok()?,
        date: object.number("date").ok()?,
        bundle: object.hex("bundle").ok()?,
    };
    Some((acknowledgement, line.to_owned(), signature::dearmor(armored)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    const SAID: Acknowledgement =
        Acknowledgement { set: 4660, share: 2, date: 1_700_000_000, bundle: [0xab; 16] };

    #[test]
    fn what_was_written_is_read_with_any_line_ends() {
        let line = message(&SAID);
        assert_eq!(
            line,
            format!(r#"{{"bundle":"{}","date":1700000000,"set":4660,"share":2}}"#, "ab".repeat(16))
        );
        let text = encode(&line, b"signed");
        for text in [text.clone(), text.replace('\n', "\r\n")] {
            assert_eq!(parse(&text), Some((SAID, line.clone(), b"signed".to_vec())));
        }
    }

    #[test]
    fn anything_else_is_no_acknowledgement() {
        let text = encode(&message(&SAID), b"signed");
        for (from, to) in [
            ("acknowledgement/1", "acknowledgement/2"),
            (r#""share":2"#, r#""share":256"#),
            (r#""share":2"#, r#""share":2,"share":3"#),
            (r#""set":4660"#, r#""set":"4660""#),
            ("-----END", "----END"),
            ("\n{", "\n\n{"),
        ] {
            let wrong = text.replace(from, to);
            assert_ne!(wrong, text);
            assert_eq!(parse(&wrong), None, "{to}");
        }
    }
}
