//! Steam's authenticator: the app's own file, and the maFile of programs for the desktop, plain or encrypted.
//!
//! An encrypted maFile says nothing of itself: how to open it stands in `manifest.json` beside it, under its name.
//!
//! The seed is `shared_secret`; the one in `uri` is a dummy in some files. Confirming trades is nothing that codes can do.

mod manifest;
mod sealed;

use serde::Deserialize;
use serde_json::Value;
use serde_json::value::RawValue;

use self::manifest::Manifest;
use super::ImportError;
use super::account::{self, Codes, Kind};
use super::cipher::base64_blocks;
use super::json::{self, Values, each, take_secret, text};
use super::outcome::{Imported, Notice, SkippedReason};
use super::registry::{Format, Import, Look, Source};

/// The format.
pub const FORMAT: Format = Format {
    id: "steam",
    name: "Steam",
    help: "Steam: the app's Steamguard file, or .maFiles of a desktop authenticator with their manifest.json",
    import: Some(Import { recognises, open: |bytes| open(bytes).map(Source::Plain) }),
    export: None,
};

/// Larger files are not read; real ones have some thousand bytes.
const LARGEST_FILE: usize = 4 << 20;

/// The accounts of newer files of the app, by their ids and in the file's order.
#[derive(Deserialize)]
struct Several<'a> {
    #[serde(borrow)]
    accounts: Values<&'a RawValue>,
}

fn recognises(look: &Look<'_>) -> bool {
    // Another program's file may be large, and would take many times that as a value.
    if look.text.len() > LARGEST_FILE {
        return false;
    }
    look.json_object_with(&["shared_secret"], |text| {
        let file: Value = serde_json::from_slice(text)?;
        Ok(has_secret(&file) || accounts(&file).any(has_secret) || manifest::is_one(&file))
    })
}

fn has_secret(account: &Value) -> bool {
    account.get("shared_secret").is_some()
}

/// The accounts by their ids, in newer files of the app.
fn accounts(file: &Value) -> impl Iterator<Item = &Value> {
    file.get("accounts").and_then(Value::as_object).into_iter().flat_map(|accounts| accounts.values())
}

/// What opens files of Steam's besides their passphrase: a manifest.
#[derive(Debug)]
pub struct Companion(Manifest);

impl Companion {
    /// How the file is called.
    pub const NAME: &str = "manifest.json";

    /// Reads a file as a manifest; `None` where it is none.
    pub fn of(bytes: &[u8]) -> Option<Result<Self, ImportError>> {
        let text = Look::new(bytes).text;
        let is_object = text.starts_with(b"{") && text.len() <= json::LARGEST_FILE;
        let file: Value = serde_json::from_slice(text).ok().filter(|_| is_object)?;
        manifest::is_one(&file).then(|| Manifest::parse(bytes).map(Self))
    }

    /// Tells whether a file is one that cannot be opened without a manifest: it is named `….maFile` and encrypted.
    pub fn is_needed_by(name: &str, bytes: &[u8]) -> bool {
        name.to_ascii_lowercase().ends_with(".mafile") && base64_blocks(bytes).is_some()
    }

    /// Opens a file that the manifest says is encrypted; `None` where it does not say so.
    pub fn open(&self, name: &str, bytes: &[u8]) -> Option<Source> {
        let encryption = self.0.encryption_of(name)?.clone();
        let ciphertext = base64_blocks(bytes)?;
        Some(Source::Sealed(Box::new(sealed::Sealed { encryption, ciphertext })))
    }
}

/// Reads a file of one account or of several, or a manifest, which has none.
///
/// # Errors
///
/// [`ImportError`] when it is damaged or too large, or encrypted.
pub fn open(bytes: &[u8]) -> Result<Imported, ImportError> {
    if bytes.len() > LARGEST_FILE {
        return Err(ImportError::TooLarge);
    }
    if base64_blocks(bytes).is_some() {
        return Err(ImportError::Unsupported {
            what: "an encrypted .maFile without its manifest.json".to_owned(),
        });
    }
    let mut file: Value = json::parse(bytes)?;
    let mut imported = Imported::default();
    if manifest::is_one(&file) {
        imported.notice(Notice::Manifest(Manifest::parse(bytes)?.n_files()));
        return Ok(imported);
    }
    if has_secret(&file) {
        take(&mut imported, 1, &mut file);
    } else {
        each(json::parse::<Several<'_>>(bytes)?.accounts.0, &mut imported, take)?;
    }
    imported.notice(Notice::ConfirmationsOfTrades);
    Ok(imported)
}

fn take(imported: &mut Imported, position: usize, account: &mut Value) {
    let name = name(account);
    let secret = take_secret(account, "shared_secret");
    let bytes = secret.and_then(|secret| json::base64(secret.expose()));
    let seed = bytes.ok_or(SkippedReason::Field("shared_secret")).and_then(account::bytes);
    let codes = Codes { kind: Kind::Steam, ..Codes::USUAL };
    let judged = seed.and_then(|seed| account::draft("Steam", &name, seed, codes));
    imported.take(position, account::title("Steam", &name), judged);
}

/// The account's name; of a file without one the account's number, which is a text in some.
fn name(account: &Value) -> String {
    let name = text(account, "account_name");
    let id = |field: &str| match account.get(field) {
        Some(Value::String(id)) => Some(id.clone()),
        Some(Value::Number(id)) => Some(id.to_string()),
        _ => None,
    };
    if name.is_empty() {
        id("steamid").or_else(|| id("steam_id")).unwrap_or_default()
    } else {
        name.to_owned()
    }
}

#[cfg(test)]
mod tests;
