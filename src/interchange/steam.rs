//! Steam's authenticator: the app's own file, and the maFile of programs for the desktop, plain or encrypted.
//!
//! An encrypted maFile says nothing of itself: how to open it stands in `manifest.json` beside it, under its name.
//!
//! The seed is `shared_secret`; the one in `uri` is a dummy in some files. Confirming trades is nothing that codes can do.

mod manifest;
mod sealed;

use data_encoding::BASE64;
use serde_json::Value;

use self::manifest::Manifest;
use super::ImportError;
use super::account::{self, Codes, Kind};
use super::cipher::base64_blocks;
use super::json::{self, take_secret, text};
use super::outcome::{Imported, Notice, SkippedReason};
use super::registry::{Format, Import, Look, Source};
use crate::secret::SecretBytes;

/// The format.
pub const FORMAT: Format = Format {
    id: "steam",
    name: "Steam",
    help: "Steam: the app's Steamguard file, or .maFiles of a desktop authenticator with their manifest.json",
    import: Some(Import { recognises, open: |bytes| open(bytes).map(Source::Plain) }),
    export: None,
};

fn recognises(look: &Look<'_>) -> bool {
    look.json_object_with(&["shared_secret"], |text| {
        let file: Value = serde_json::from_slice(text)?;
        Ok(has_secret(&file) || accounts(&file).next().is_some_and(has_secret) || manifest::is_one(&file))
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
        let accounts = file.get_mut("accounts").and_then(Value::as_object_mut);
        let accounts = accounts.ok_or_else(|| json::damaged("accounts"))?;
        for (idx, account) in accounts.values_mut().enumerate() {
            take(&mut imported, idx + 1, account);
        }
    }
    imported.notice(Notice::ConfirmationsOfTrades);
    Ok(imported)
}

fn take(imported: &mut Imported, position: usize, account: &mut Value) {
    let name = text(account, "account_name").to_owned();
    let secret = take_secret(account, "shared_secret");
    let seed = secret.ok_or(SkippedReason::Field("shared_secret")).and_then(|secret| {
        let bytes = BASE64.decode(secret.expose().trim().as_bytes());
        account::bytes(SecretBytes::new(bytes.map_err(|_| SkippedReason::Field("shared_secret"))?))
    });
    let codes = Codes { kind: Kind::Steam, ..Codes::USUAL };
    let judged = seed.and_then(|seed| account::draft("Steam", &name, seed, codes));
    imported.take(position, account::title("Steam", &name), judged);
}

#[cfg(test)]
mod tests;
