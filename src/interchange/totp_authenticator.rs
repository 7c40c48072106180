//! TOTP Authenticator's backup, and the preferences of its app.

use std::collections::BTreeMap;

use data_encoding::HEXLOWER_PERMISSIVE;
use serde_json::Value;
use serde_json::value::RawValue;

use super::ImportError;
use super::account::{self, Codes, Judged, Number};
use super::cipher::{base64_blocks, cbc_aes256, sha256};
use super::json::{self, Bounded, damaged, each, number, take_secret, text};
use super::outcome::{Imported, SkippedReason};
use super::prefs::{self, Prefs};
use super::registry::{Format, Import, Look, SealedFile, Source};
use super::totp_cli;
use crate::secret::{SecretBytes, SecretText};

/// The format.
pub const FORMAT: Format = Format {
    id: "totp-authenticator",
    name: "TOTP Authenticator",
    help: "TOTP Authenticator, Backup: the file, with its password where one was chosen",
    import: Some(Import { recognises, open }),
    export: None,
};

/// The password of a backup for which none was chosen; it is the same in every copy of the app.
const OF_NOBODY: &str = "TotpAuthenticator";
/// Larger files are not read.
const LARGEST_FILE: usize = 16 << 20;
/// Where the app keeps its accounts.
const KEPT: &str = "STATIC_TOTP_CODES_LIST";

fn recognises(look: &Look<'_>) -> bool {
    prefs::has(look.text, KEPT) || look.text.len() <= LARGEST_FILE && ciphertext(look.text).is_some()
}

/// One line of base64 whose length is whole blocks, and at least one for each of the least that a backup says.
fn ciphertext(text: &[u8]) -> Option<SecretBytes> {
    base64_blocks(text).filter(|bytes| bytes.len() >= 64).map(SecretBytes::new)
}

/// Reads a file as far as it goes without a password.
///
/// # Errors
///
/// [`ImportError`] when it is damaged or too large.
pub fn open(bytes: &[u8]) -> Result<Source, ImportError> {
    if bytes.len() > LARGEST_FILE {
        return Err(ImportError::TooLarge);
    }
    let text = Look::new(bytes).text;
    if prefs::begins(text) {
        let prefs = Prefs::parse(text)?;
        return accounts(prefs.get(KEPT).ok_or_else(|| damaged(KEPT))?).map(Source::Plain);
    }
    let ciphertext = ciphertext(text).ok_or_else(|| damaged("it is no base64 of whole blocks"))?;
    let sealed = Sealed(ciphertext);
    // Who has chosen no password cannot know this one, and need not be asked.
    match sealed.with(&SecretText::new(OF_NOBODY.to_owned())) {
        Err(ImportError::WrongPassphrase) => Ok(Source::Sealed(Box::new(sealed))),
        opened => opened.map(Source::Plain),
    }
}

fn accounts(list: &SecretText) -> Result<Imported, ImportError> {
    let list: Bounded<&RawValue> = serde_json::from_str(list.expose())
        .map_err(|error| json::damaged_at("the list of accounts, ", &error))?;
    let mut imported = Imported::default();
    each(list, &mut imported, |imported, position, account| {
        let (issuer, name) = (text(account, "issuer").to_owned(), text(account, "name").to_owned());
        let judged = judge(account, &issuer, &name);
        imported.take(position, account::title(&issuer, &name), judged);
    })?;
    Ok(imported)
}

fn judge(account: &mut Value, issuer: &str, name: &str) -> Judged {
    let wrong = SkippedReason::Field("the secret");
    let base = number(account, "base");
    let key = take_secret(account, "key").ok_or_else(|| wrong.clone())?;
    let key = key.expose().trim();
    let bytes = match base {
        Number::Is(16) => HEXLOWER_PERMISSIVE.decode(key.as_bytes()).ok().map(SecretBytes::new),
        Number::Is(64) => json::base64(key),
        Number::Is(32) | Number::Missing => {
            let seed = account::base32(Some(SecretText::new(key.to_owned())))?;
            return account::draft(issuer, name, seed, Codes::USUAL);
        }
        Number::Is(_) | Number::Bad => None,
    };
    let seed = account::bytes(bytes.ok_or(wrong)?)?;
    account::draft(issuer, name, seed, Codes::USUAL)
}

/// An encrypted backup: AES-256-CBC under the hash of the password, without a tag.
#[derive(Debug)]
struct Sealed(SecretBytes);

impl Sealed {
    fn with(&self, password: &SecretText) -> Result<Imported, ImportError> {
        let key = sha256(password.expose().as_bytes());
        let text = cbc_aes256(&key, &[0; 16], self.0.expose()).ok_or(ImportError::WrongPassphrase)?;
        // An object whose one key is the text of the list.
        let object: BTreeMap<String, &RawValue> =
            serde_json::from_slice(text.expose()).map_err(|_| ImportError::WrongPassphrase)?;
        let list = object.into_keys().next().map(SecretText::new);
        accounts(&list.ok_or_else(|| damaged("the decrypted list"))?)
    }
}

impl SealedFile for Sealed {
    fn cost(&self) -> String {
        "1 MiB".to_owned()
    }

    fn open(self: Box<Self>, passphrase: &SecretText) -> Result<Imported, ImportError> {
        match self.with(passphrase) {
            // totp-cli's oldest form is base64 without a heading as well, and nothing tells the two apart before.
            Err(ImportError::WrongPassphrase) => {
                let other = totp_cli::Old::of(self.0.expose()).ok_or(ImportError::WrongPassphrase)?;
                let mut imported = Box::new(other).open(passphrase)?;
                imported.format = Some(totp_cli::FORMAT.id);
                Ok(imported)
            }
            done => done,
        }
    }
}
