//! Writing an Aegis file: version 1, database version 3, one password slot.
//!
//! Every field is written, also those that hold nothing: 2FAS and Bitwarden read these files too, and
//! miss `note`, `groups`, `favorite`, `uuid` and `period` when they are left out.

use std::collections::BTreeMap;

use aes_gcm::aead::AeadInOut as _;
use aes_gcm::{Aes256Gcm, KeyInit as _};
use data_encoding::{BASE32_NOPAD, BASE64, HEXLOWER};
use serde::Serialize;

use crate::entry::{Entry, Label};
use crate::interchange::ExportError;
use crate::interchange::written::{in_clear, json, uuid};
use crate::secret::{SecretBytes, SecretText};

/// Aegis' own cost: 2¹⁵ blocks of 8 × 128 bytes, which is 32 MiB.
const LOG_N: u8 = 15;
const BLOCK: u32 = 8;

#[derive(Serialize)]
struct File<'a, T> {
    version: u8,
    header: Header,
    db: &'a T,
}

#[derive(Serialize, Default)]
struct Header {
    slots: Option<[Slot; 1]>,
    params: Option<GcmParams>,
}

#[derive(Serialize)]
struct Slot {
    #[serde(rename = "type")]
    kind: u8,
    uuid: String,
    key: String,
    key_params: GcmParams,
    n: u64,
    r: u32,
    p: u32,
    salt: String,
    repaired: bool,
    is_backup: bool,
}

#[derive(Serialize)]
pub(super) struct GcmParams {
    pub(super) nonce: String,
    pub(super) tag: String,
}

#[derive(Serialize)]
struct Database<'a> {
    version: u8,
    entries: Vec<Listed<'a>>,
    groups: Vec<Group<'a>>,
}

#[derive(Serialize)]
struct Group<'a> {
    uuid: &'a str,
    name: &'a str,
}

#[derive(Serialize)]
struct Listed<'a> {
    #[serde(rename = "type")]
    kind: &'a str,
    uuid: String,
    name: &'a str,
    issuer: &'a str,
    note: &'a str,
    favorite: bool,
    icon: Option<&'a str>,
    info: Info,
    groups: Vec<&'a str>,
}

#[derive(Serialize)]
struct Info {
    #[serde(serialize_with = "in_clear")]
    secret: SecretText,
    algo: &'static str,
    digits: u8,
    #[serde(skip_serializing_if = "Option::is_none")]
    period: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    counter: Option<u64>,
}

/// Writes entries, encrypted where a passphrase is given. Sealed ones are left out.
///
/// # Errors
///
/// [`ExportError::Cipher`] when the derivation or the cipher fails.
pub fn export(
    entries: &[&Entry],
    passphrase: Option<&SecretText>,
    random: &mut dyn FnMut(&mut [u8]),
) -> Result<SecretBytes, ExportError> {
    let mut groups: BTreeMap<&Label, String> = BTreeMap::new();
    for tag in entries.iter().flat_map(|entry| &entry.tags) {
        groups.entry(tag).or_insert_with(|| uuid(random));
    }
    let db = Database {
        version: 3,
        entries: entries.iter().filter_map(|entry| listed(entry, &groups, random)).collect(),
        groups: groups.iter().map(|(name, uuid)| Group { uuid, name: name.raw() }).collect(),
    };
    match passphrase {
        None => json(&File { version: 1, header: Header::default(), db: &db }),
        Some(passphrase) => {
            let (header, db) = sealed(json(&db)?, passphrase, random)?;
            json(&File { version: 1, header, db: &db })
        }
    }
}

fn listed<'a>(
    entry: &'a Entry,
    groups: &'a BTreeMap<&Label, String>,
    random: &mut dyn FnMut(&mut [u8]),
) -> Option<Listed<'a>> {
    let seed = entry.seed()?;
    Some(Listed {
        kind: entry.otp.type_name(),
        uuid: uuid(random),
        name: entry.account.raw(),
        issuer: entry.issuer.raw(),
        note: &entry.note,
        favorite: entry.favourite,
        icon: None,
        info: Info {
            // The bytes are encoded anew: Aegis refuses the whole file for a spelling that phones accept,
            // such as nine symbols. The codes are the same.
            secret: SecretText::new(BASE32_NOPAD.encode(seed.bytes().expose())),
            algo: entry.otp.algorithm().name(),
            digits: entry.otp.digits(),
            period: entry.otp.period().map(crate::otp::Period::seconds),
            counter: entry.otp.counter(),
        },
        groups: entry.tags.iter().filter_map(|tag| groups.get(tag)).map(String::as_str).collect(),
    })
}

/// The header that leads a passphrase to the database, and the base64 text of its ciphertext.
fn sealed(
    mut text: SecretBytes,
    passphrase: &SecretText,
    random: &mut dyn FnMut(&mut [u8]),
) -> Result<(Header, String), ExportError> {
    let mut salt = [0_u8; 32];
    random(&mut salt);
    let mut master = SecretBytes::new(vec![0; 32]);
    random(master.expose_mut());
    let params = scrypt::Params::new(LOG_N, BLOCK, 1).map_err(|_| ExportError::Cipher)?;
    let mut derived = SecretBytes::new(vec![0; 32]);
    scrypt::scrypt(passphrase.expose().as_bytes(), &salt, &params, derived.expose_mut())
        .map_err(|_| ExportError::Cipher)?;
    let mut wrapped = master.duplicate();
    let key_params = encrypt(&derived, &mut wrapped, random)?;
    let params = encrypt(&master, &mut text, random)?;
    let slot = Slot {
        kind: 1,
        uuid: uuid(random),
        key: HEXLOWER.encode(wrapped.expose()),
        key_params,
        n: 1 << LOG_N,
        r: BLOCK,
        p: 1,
        salt: HEXLOWER.encode(&salt),
        repaired: true,
        is_backup: false,
    };
    Ok((Header { slots: Some([slot]), params: Some(params) }, BASE64.encode(text.expose())))
}

/// Seals AES-256-GCM in place under a fresh nonce.
pub(super) fn encrypt(
    key: &SecretBytes,
    buffer: &mut SecretBytes,
    random: &mut dyn FnMut(&mut [u8]),
) -> Result<GcmParams, ExportError> {
    let mut nonce = [0; 12];
    random(&mut nonce);
    let cipher = Aes256Gcm::new_from_slice(key.expose()).map_err(|_| ExportError::Cipher)?;
    let tag = cipher
        .encrypt_inout_detached(&nonce.into(), &[], buffer.expose_mut().as_mut_slice().into())
        .map_err(|_| ExportError::Cipher)?;
    let tag: [u8; 16] = tag.into();
    Ok(GcmParams { nonce: HEXLOWER.encode(&nonce), tag: HEXLOWER.encode(&tag) })
}
