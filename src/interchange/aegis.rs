//! Aegis' vault file, plain and encrypted (its `docs/vault.md`; file version 1, database versions 1 to 3).
//!
//! This file reads the outside and decides which of the two it is. The cipher is in `sealed.rs`, the
//! entries are in `entries.rs`, writing is in `export.rs`.

mod entries;
mod export;
mod sealed;

use serde::Deserialize;
use serde_json::value::RawValue;

use super::ImportError;
use super::registry::Source;
use crate::secret::SecretText;

pub use export::export;
pub use sealed::Sealed;

/// Larger files are not read. Icons make real ones large, up to some megabytes for hundreds of accounts.
const LARGEST_FILE: usize = 64 << 20;

#[derive(Deserialize)]
struct File<'a> {
    version: u64,
    header: sealed::Header,
    /// An object, or in an encrypted file the base64 text of its ciphertext.
    #[serde(borrow)]
    db: &'a RawValue,
}

/// Tells whether a JSON object is an Aegis file: it has `header` and `db` at its top.
///
/// A damaged file is recognised too, so that the person hears that it is damaged and where.
pub fn recognises(text: &[u8]) -> bool {
    #[derive(Deserialize)]
    struct Top {
        header: Option<serde::de::IgnoredAny>,
        db: Option<serde::de::IgnoredAny>,
    }
    match serde_json::from_slice::<Top>(text) {
        Ok(top) => top.header.is_some() && top.db.is_some(),
        Err(_) => contains(text, b"\"header\"") && contains(text, b"\"db\""),
    }
}

fn contains(text: &[u8], needle: &[u8]) -> bool {
    text.windows(needle.len()).any(|window| window == needle)
}

/// Reads a file as far as it goes without a passphrase.
///
/// # Errors
///
/// [`ImportError`] when it is damaged, too large, of a newer version, or asks for too much memory.
pub fn open(bytes: &[u8]) -> Result<Source, ImportError> {
    if bytes.len() > LARGEST_FILE {
        return Err(ImportError::TooLarge);
    }
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let file: File<'_> = serde_json::from_slice(bytes).map_err(|error| damaged_at("", &error))?;
    if file.version > 1 {
        return Err(ImportError::Unsupported { what: format!("version {} of an Aegis file", file.version) });
    }
    if file.db.get().starts_with('"') {
        let ciphertext = serde_json::from_str(file.db.get()).map_err(|_| damaged("db"))?;
        return Sealed::parse(file.header, &SecretText::new(ciphertext)).map(Source::Sealed);
    }
    entries::import(file.db.get()).map(Source::Plain)
}

/// The place of a JSON error. Its own message is not repeated, since it could hold a value.
fn damaged_at(part: &str, error: &serde_json::Error) -> ImportError {
    ImportError::Damaged { at: format!("{part}line {}, column {}", error.line(), error.column()) }
}

fn damaged(at: &str) -> ImportError {
    ImportError::Damaged { at: at.to_owned() }
}

#[cfg(test)]
mod tests;
