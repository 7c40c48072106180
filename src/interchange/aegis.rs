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
use super::json::{self, damaged};
use super::registry::{self, Export, Format, Import, Look, Source, Trait};
use crate::secret::SecretText;

pub use export::export;
pub use sealed::Sealed;

/// The format.
pub const FORMAT: Format = Format {
    id: "aegis",
    name: "Aegis",
    help: "Aegis, Settings, Import & Export, Export: JSON, encrypted or plain",
    import: Some(Import { recognises, open }),
    export: Some(Export {
        ending: "json",
        encrypts: true,
        keeps: &[Trait::Tags, Trait::FurtherTags, Trait::Notes, Trait::Favourites, Trait::DigitsOfSteam],
        changes: &[],
        refuses: registry::holds_all,
        write: export,
    }),
};

#[derive(Deserialize)]
struct File<'a> {
    version: u64,
    header: sealed::Header,
    /// An object, or in an encrypted file the base64 text of its ciphertext.
    #[serde(borrow)]
    db: &'a RawValue,
}

#[derive(Deserialize)]
struct Top {
    header: Option<serde::de::IgnoredAny>,
    db: Option<serde::de::IgnoredAny>,
}

/// A JSON object with `header` and `db` at its top.
fn recognises(look: &Look<'_>) -> bool {
    look.json_object_with(&["header", "db"], |text| {
        serde_json::from_slice::<Top>(text).map(|top| top.header.is_some() && top.db.is_some())
    })
}

/// Reads a file as far as it goes without a passphrase.
///
/// # Errors
///
/// [`ImportError`] when it is damaged, too large, of a newer version, or asks for too much memory.
pub fn open(bytes: &[u8]) -> Result<Source, ImportError> {
    let file: File<'_> = json::parse(bytes)?;
    if file.version > 1 {
        return Err(ImportError::Unsupported { what: format!("version {} of an Aegis file", file.version) });
    }
    if file.db.get().starts_with('"') {
        let ciphertext = serde_json::from_str(file.db.get()).map_err(|_| damaged("db"))?;
        return Sealed::parse(file.header, &SecretText::new(ciphertext))
            .map(|sealed| Source::Sealed(Box::new(sealed)));
    }
    entries::import(file.db.get()).map(Source::Plain)
}

#[cfg(test)]
mod tests;
