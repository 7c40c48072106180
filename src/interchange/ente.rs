//! Ente Auth's export: encrypted, or as JSON with a URI for each code (its `export_widget.dart` and `code_display.dart`).
//!
//! Its plain text is a list of otpauth URIs; what it says beside a code stands in a parameter there (`display.rs`).

pub(super) mod display;
mod export;
mod sealed;

use serde::Deserialize;
use serde_json::Value;

use self::display::Display;
use super::ImportError;
use super::account;
use super::json::{self, Bounded, text};
use super::otpauth_list;
use super::outcome::Imported;
use super::registry::{Export, Format, Import, Look, Source, Trait};

/// The format.
pub const FORMAT: Format = Format {
    id: "ente",
    name: "Ente Auth",
    help: "Ente Auth, Settings, Data, Export codes: the encrypted file, or the plain text",
    import: Some(Import { recognises, open }),
    export: Some(Export {
        ending: "txt",
        encrypts: true,
        keeps: &[
            Trait::Tags,
            Trait::FurtherTags,
            Trait::Notes,
            Trait::Favourites,
            Trait::DigitsOfSteam,
            Trait::UriParameters,
        ],
        changes: &[],
        refuses: export::refuses,
        write: export::export,
    }),
};

#[derive(Deserialize)]
struct Top {
    #[serde(rename = "kdfParams")]
    kdf: Option<serde::de::IgnoredAny>,
    #[serde(rename = "encryptedData")]
    data: Option<serde::de::IgnoredAny>,
    items: Option<Bounded<Value>>,
}

fn recognises(look: &Look<'_>) -> bool {
    look.json_object_with(&["kdfParams", "encryptedData"], |text| {
        let top: Top = serde_json::from_slice(text)?;
        let has_uris =
            |items: Bounded<Value>| items.items.first().is_some_and(|item| item.get("rawData").is_some());
        Ok(top.kdf.is_some() && top.data.is_some() || top.items.is_some_and(has_uris))
    })
}

/// Reads a file as far as it goes without a password.
///
/// # Errors
///
/// [`ImportError`] when it is damaged, too large, of a newer version, or asks for too much memory.
pub fn open(bytes: &[u8]) -> Result<Source, ImportError> {
    let top: Top = json::parse(bytes)?;
    let Some(items) = top.items else {
        return sealed::Sealed::parse(bytes).map(|sealed| Source::Sealed(Box::new(sealed)));
    };
    if items.overflowed {
        return Err(ImportError::TooLarge);
    }
    let mut imported = Imported::default();
    for (idx, item) in items.items.iter().enumerate() {
        let uri = text(item, "rawData");
        let mut judged = account::of_uri(uri);
        let mut is_trashed = false;
        if let Ok((draft, _)) = &mut judged {
            // The URI may say it too; what stands beside it goes before that.
            let beside = item.get("display").filter(|said| said.is_object()).map(Display::of);
            let said = Display::take_from(draft);
            if let Some(display) = beside.or(said) {
                is_trashed = display.apply(draft);
            }
        }
        if is_trashed {
            imported.leave_trashed();
        } else {
            imported.take(idx + 1, otpauth_list::title_of(uri), judged);
        }
    }
    Ok(Source::Plain(imported))
}

#[cfg(test)]
mod tests;
