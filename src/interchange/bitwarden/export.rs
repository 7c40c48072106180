//! Writing Bitwarden's JSON: a login with a code for each entry, plain or with a password.

use std::collections::BTreeMap;

use data_encoding::BASE64;
use serde::Serialize;

use crate::entry::{Entry, Label};
use crate::interchange::cipher::{hkdf_expand, hmac_sha256, key_for_writing, seal_cbc_aes256, sha256};
use crate::interchange::written::{
    base32, each_refused, in_clear, issuer_or_account, json, taken_for_steam, uuid,
};
use crate::interchange::{ExportError, otpauth};
use crate::otp::Otp;
use crate::secret::{SecretBytes, SecretText};

/// Argon2id as Bitwarden proposes it: 64 MiB, 3 passes, 4 lanes.
const COST: (u32, u32, u32) = (64 << 10, 3, 4);
/// The server takes a thousand characters of an encrypted name, user name or code, which hold so many bytes in clear,
/// and of notes ten thousand. It refuses the whole import for one that is longer.
const LONGEST_FIELD: usize = 687;
const LONGEST_NOTE: usize = 7_400;

#[derive(Serialize)]
struct File<'a> {
    encrypted: bool,
    folders: Vec<Folder<'a>>,
    items: Vec<Item<'a>>,
}

#[derive(Serialize)]
struct Folder<'a> {
    id: &'a str,
    name: &'a str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Item<'a> {
    id: String,
    organization_id: Option<&'a str>,
    folder_id: Option<&'a str>,
    #[serde(rename = "type")]
    kind: u8,
    reprompt: u8,
    name: &'a str,
    notes: Option<&'a str>,
    favorite: bool,
    login: Login<'a>,
    collection_ids: Option<&'a str>,
}

#[derive(Serialize)]
struct Login<'a> {
    uris: [(); 0],
    username: Option<&'a str>,
    password: Option<&'a str>,
    #[serde(serialize_with = "in_clear")]
    totp: SecretText,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Outside {
    encrypted: bool,
    #[serde(rename = "passwordProtected")]
    has_password: bool,
    salt: String,
    kdf_type: u8,
    kdf_iterations: u32,
    kdf_memory: u32,
    kdf_parallelism: u32,
    #[serde(rename = "encKeyValidation_DO_NOT_EDIT")]
    check: String,
    data: String,
}

/// What Bitwarden does not take.
pub(super) fn refuses(entries: &[&Entry]) -> Vec<Option<&'static str>> {
    each_refused(entries, |entry| {
        let is_too_long = || {
            issuer_or_account(entry).len() > LONGEST_FIELD
                || entry.account.raw().len() > LONGEST_FIELD
                || code(entry).is_some_and(|code| code.len() > LONGEST_FIELD)
        };
        match entry.otp {
            Otp::Hotp { .. } => Some("the app has no codes by a counter"),
            Otp::Totp { .. } if entry.otp.digits() < 5 => Some("the app takes codes of 5 to 10 digits"),
            _ if is_too_long() => Some("its names or its seed are longer than the server takes"),
            _ if entry.note.len() > LONGEST_NOTE => Some("its note is longer than the server takes"),
            Otp::Totp { .. } | Otp::Steam => taken_for_steam(entry),
        }
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
    // An item is in one folder.
    let mut folders: BTreeMap<&Label, String> = BTreeMap::new();
    for tag in entries.iter().filter_map(|entry| entry.tags.first()) {
        folders.entry(tag).or_insert_with(|| uuid(random));
    }
    let items = entries.iter().filter_map(|entry| item(entry, &folders, random)).collect();
    let folders = folders.iter().map(|(name, id)| Folder { id, name: name.raw() }).collect();
    let text = json(&File { encrypted: false, folders, items })?;
    let Some(passphrase) = passphrase else { return Ok(text) };
    let mut salt = [0; 16];
    random(&mut salt);
    // The salt is the text itself, not what it stands for.
    let salt = BASE64.encode(&salt);
    let hashed = sha256(salt.as_bytes());
    let key = key_for_writing(passphrase.expose().as_bytes(), hashed.expose(), COST)?;
    let keys = (hkdf_expand(&key, b"enc"), hkdf_expand(&key, b"mac"));
    let (memory_kib, passes, lanes) = COST;
    json(&Outside {
        encrypted: true,
        has_password: true,
        salt,
        kdf_type: 1,
        kdf_iterations: passes,
        kdf_memory: memory_kib >> 10,
        kdf_parallelism: lanes,
        check: sealed(&keys, uuid(random).as_bytes(), random)?,
        data: sealed(&keys, text.expose(), random)?,
    })
}

/// The field of the code: Steam's own short form, or a URI.
fn code(entry: &Entry) -> Option<SecretText> {
    if entry.otp != Otp::Steam {
        return otpauth::write_entry(entry);
    }
    let secret = base32(entry)?;
    let mut code = SecretText::with_capacity("steam://".len() + secret.len());
    code.expose_mut().push_str("steam://");
    code.expose_mut().push_str(secret.expose());
    Some(code)
}

fn item<'a>(
    entry: &'a Entry,
    folders: &'a BTreeMap<&Label, String>,
    random: &mut dyn FnMut(&mut [u8]),
) -> Option<Item<'a>> {
    let account = entry.account.raw();
    Some(Item {
        id: uuid(random),
        organization_id: None,
        folder_id: entry.tags.first().and_then(|tag| folders.get(tag)).map(String::as_str),
        kind: 1,
        reprompt: 0,
        name: issuer_or_account(entry),
        notes: (!entry.note.is_empty()).then_some(entry.note.as_str()),
        favorite: entry.favourite,
        login: Login {
            uris: [],
            username: (!account.is_empty()).then_some(account),
            password: None,
            totp: code(entry)?,
        },
        collection_ids: None,
    })
}

/// `2.<nonce>|<ciphertext>|<MAC>`, each in base64.
fn sealed(
    (key, mac_key): &(SecretBytes, SecretBytes),
    text: &[u8],
    random: &mut dyn FnMut(&mut [u8]),
) -> Result<String, ExportError> {
    let mut nonce = [0; 16];
    random(&mut nonce);
    let ciphertext = seal_cbc_aes256(key, &nonce, text)?;
    let mac = hmac_sha256(mac_key, &[&nonce, &ciphertext])?;
    Ok(format!("2.{}|{}|{}", BASE64.encode(&nonce), BASE64.encode(&ciphertext), BASE64.encode(&mac)))
}
