//! andOTP's backup: a JSON list, plain or encrypted with a password (its `Entry.java` and `EncryptionHelper.java`).
//!
//! An encrypted file starts with nothing that tells it apart. Its newer form begins with the number of rounds of its key
//! derivation; its older one has none.

mod export;
mod sealed;

use serde_json::Value;
use serde_json::value::RawValue;

use super::ImportError;
use super::account::{self, Codes, Judged, Kind};
use super::json::{self, Bounded, each, has, number, take_secret, text};
use super::outcome::{Imported, Notice};
use super::registry::{Export, Format, Import, Look, Source, Trait};
use crate::entry::Label;

/// The format.
pub const FORMAT: Format = Format {
    id: "andotp",
    name: "andOTP",
    help: "andOTP, Backups: the plain JSON file, or the one that is encrypted with a password (.json.aes)",
    import: Some(Import { recognises, open }),
    export: Some(Export {
        ending: "json",
        encrypts: true,
        keeps: &[Trait::Tags, Trait::FurtherTags, Trait::DigitsOfSteam],
        changes: &[],
        refuses: export::refuses,
        write: export::export,
    }),
};

fn recognises(look: &Look<'_>) -> bool {
    look.json_list_whose_items_have(&["secret", "type", "label"])
}

/// Reads a file: a list, or what is taken for an encrypted one.
///
/// # Errors
///
/// [`ImportError`] when it is damaged or too large.
pub fn open(bytes: &[u8]) -> Result<Source, ImportError> {
    if Look::new(bytes).text.starts_with(b"[") {
        return entries(json::parse(bytes)?).map(Source::Plain);
    }
    sealed::Sealed::parse(bytes).map(|sealed| Source::Sealed(Box::new(sealed)))
}

pub(super) fn entries(list: Bounded<&RawValue>) -> Result<Imported, ImportError> {
    let mut imported = Imported::default();
    each(list, &mut imported, |imported, position, entry| {
        if has(entry, "thumbnail") && text(entry, "thumbnail") != "Default" {
            imported.notice(Notice::Icons);
        }
        let (issuer, name) = names(entry);
        let mut judged = judge(entry, &issuer, &name);
        if let Ok((draft, _)) = &mut judged {
            let tags = entry.get("tags").and_then(Value::as_array).into_iter().flatten();
            draft.tags.extend(tags.filter_map(Value::as_str).map(Label::new));
        }
        imported.take(position, account::title(&issuer, &name), judged);
    })?;
    Ok(imported)
}

/// Old backups have no issuer, and both in the label.
fn names(entry: &Value) -> (String, String) {
    let label = text(entry, "label");
    if has(entry, "issuer") {
        return (text(entry, "issuer").to_owned(), label.to_owned());
    }
    let (issuer, name) = label.split_once(" - ").unwrap_or_else(|| account::split_name(label));
    (issuer.trim().to_owned(), name.trim().to_owned())
}

fn judge(entry: &mut Value, issuer: &str, name: &str) -> Judged {
    let kind = Kind::named(text(entry, "type"))?;
    let seed = account::base32(take_secret(entry, "secret"))?;
    let codes = Codes {
        kind,
        algorithm: text(entry, "algorithm"),
        digits: number(entry, "digits"),
        period: number(entry, "period"),
        counter: number(entry, "counter"),
    };
    account::draft(issuer, name, seed, codes)
}

#[cfg(test)]
mod tests;
