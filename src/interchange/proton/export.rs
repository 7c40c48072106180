//! Writing Proton Authenticator's export, plain and encrypted.

use data_encoding::BASE64;
use serde::Serialize;

use super::{BINDING, COST};
use crate::entry::Entry;
use crate::interchange::cipher::{key_for_writing, seal_aes256_gcm};
use crate::interchange::written::{base32, each_refused, in_clear, json, taken_for_steam, uuid};
use crate::interchange::{ExportError, otpauth};
use crate::otp::Otp;
use crate::secret::{SecretBytes, SecretText};

#[derive(Serialize)]
struct File<'a> {
    version: u8,
    entries: Vec<Listed<'a>>,
}

#[derive(Serialize)]
struct Listed<'a> {
    id: String,
    content: Content,
    note: Option<&'a str>,
}

#[derive(Serialize)]
struct Content {
    #[serde(serialize_with = "in_clear")]
    uri: SecretText,
    entry_type: &'static str,
    name: Option<String>,
}

#[derive(Serialize)]
struct Sealed {
    version: u8,
    salt: String,
    content: String,
}

/// What the app does not take.
pub(super) fn refuses(entries: &[&Entry]) -> Vec<Option<&'static str>> {
    each_refused(entries, |entry| match entry.otp {
        Otp::Hotp { .. } => Some("the app has no codes by a counter"),
        Otp::Totp { .. } | Otp::Steam => taken_for_steam(entry),
    })
}

/// Writes entries, encrypted where a passphrase is given.
///
/// # Errors
///
/// [`ExportError::Cipher`] when the derivation or the cipher fails.
pub(super) fn export(
    entries: &[&Entry],
    passphrase: Option<&SecretText>,
    random: &mut dyn FnMut(&mut [u8]),
) -> Result<SecretBytes, ExportError> {
    let listed = entries.iter().filter_map(|entry| listed(entry, random)).collect();
    let mut text = json(&File { version: 1, entries: listed })?;
    let Some(passphrase) = passphrase else { return Ok(text) };
    let (mut salt, mut nonce) = ([0; 16], [0; 12]);
    random(&mut salt);
    random(&mut nonce);
    let key = key_for_writing(passphrase.expose().as_bytes(), &salt, COST)?;
    seal_aes256_gcm(&key, &nonce, BINDING, &mut text)?;
    let content = BASE64.encode(&[nonce.as_slice(), text.expose()].concat());
    json(&Sealed { version: 1, salt: BASE64.encode(&salt), content })
}

fn listed<'a>(entry: &'a Entry, random: &mut dyn FnMut(&mut [u8])) -> Option<Listed<'a>> {
    let content = if entry.otp == Otp::Steam {
        let secret = base32(entry)?;
        let mut uri = SecretText::with_capacity("steam://".len() + secret.len());
        uri.expose_mut().push_str("steam://");
        uri.expose_mut().push_str(secret.expose());
        Content { uri, entry_type: "Steam", name: Some(name_of_steam(entry)) }
    } else {
        let name = (!entry.account.is_empty()).then(|| entry.account.raw().to_owned());
        Content { uri: otpauth::write_entry(entry)?, entry_type: "Totp", name }
    };
    let note = (!entry.note.is_empty()).then_some(entry.note.as_str());
    Some(Listed { id: uuid(random), content, note })
}

/// The one name of an entry of Steam's codes: that it is Steam's need not be said.
fn name_of_steam(entry: &Entry) -> String {
    match (entry.issuer.raw(), entry.account.raw()) {
        (issuer, "") => issuer.to_owned(),
        ("" | "Steam", account) => account.to_owned(),
        (issuer, account) => format!("{issuer}: {account}"),
    }
}
