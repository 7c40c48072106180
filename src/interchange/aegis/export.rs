//! Writing an Aegis file: version 1, database version 3, one password slot.

use std::collections::BTreeMap;

use aes_gcm::aead::AeadInOut as _;
use aes_gcm::{Aes256Gcm, KeyInit as _};
use data_encoding::{BASE64, HEXLOWER};
use serde_json::{Value, json};

use crate::entry::{Entry, Label};
use crate::interchange::ExportError;
use crate::secret::{SecretBytes, SecretText};

/// Aegis' own cost: 2¹⁵ blocks of 8 × 128 bytes, which is 32 MiB.
const LOG_N: u8 = 15;
const BLOCK: u32 = 8;

/// Writes entries, encrypted where a passphrase is given.
///
/// # Errors
///
/// [`ExportError::Cipher`] when the derivation or the cipher fails.
pub fn export(
    entries: &[&Entry],
    passphrase: Option<&SecretText>,
    random: &mut dyn FnMut(&mut [u8]),
) -> Result<SecretBytes, ExportError> {
    let db = database(entries, random);
    let file = match passphrase {
        None => json!({ "version": 1, "header": { "slots": null, "params": null }, "db": db }),
        Some(passphrase) => sealed(&db, passphrase, random)?,
    };
    let mut out = SecretBytes::with_capacity(4096 + entries.len() * 1024);
    serde_json::to_writer_pretty(out.expose_mut(), &file).map_err(|_| ExportError::Cipher)?;
    out.expose_mut().push(b'\n');
    Ok(out)
}

fn database(entries: &[&Entry], random: &mut dyn FnMut(&mut [u8])) -> Value {
    let mut groups: BTreeMap<&Label, String> = BTreeMap::new();
    for tag in entries.iter().flat_map(|entry| &entry.tags) {
        groups.entry(tag).or_insert_with(|| uuid(random));
    }
    let listed: Vec<Value> = entries.iter().map(|entry| listed(entry, &groups, random)).collect();
    let groups: Vec<Value> =
        groups.iter().map(|(name, uuid)| json!({ "uuid": uuid, "name": name.raw() })).collect();
    json!({ "version": 3, "entries": listed, "groups": groups })
}

fn listed(entry: &Entry, groups: &BTreeMap<&Label, String>, random: &mut dyn FnMut(&mut [u8])) -> Value {
    let mut info = json!({
        "secret": entry.seed.to_base32().expose(),
        "algo": entry.otp.algorithm().name(),
        "digits": entry.otp.digits(),
    });
    if let Value::Object(fields) = &mut info {
        if let Some(counter) = entry.otp.counter() {
            fields.insert("counter".to_owned(), json!(counter));
        }
        if let Some(period) = entry.otp.period() {
            fields.insert("period".to_owned(), json!(period.seconds()));
        }
    }
    let of_entry: Vec<&String> = entry.tags.iter().filter_map(|tag| groups.get(tag)).collect();
    json!({
        "type": entry.otp.type_name(),
        "uuid": uuid(random),
        "name": entry.account.raw(),
        "issuer": entry.issuer.raw(),
        "note": entry.note,
        "favorite": entry.favourite,
        "icon": null,
        "info": info,
        "groups": of_entry,
    })
}

fn sealed(
    db: &Value,
    passphrase: &SecretText,
    random: &mut dyn FnMut(&mut [u8]),
) -> Result<Value, ExportError> {
    let mut salt = [0; 32];
    random(&mut salt);
    let mut master = SecretBytes::new(vec![0; 32]);
    random(master.expose_mut());
    let params = scrypt::Params::new(LOG_N, BLOCK, 1).map_err(|_| ExportError::Cipher)?;
    let mut derived = SecretBytes::new(vec![0; 32]);
    scrypt::scrypt(passphrase.expose().as_bytes(), &salt, &params, derived.expose_mut())
        .map_err(|_| ExportError::Cipher)?;
    let mut wrapped = master.duplicate();
    let (slot_nonce, slot_tag) = encrypt(&derived, &mut wrapped, random)?;
    let mut text = SecretBytes::with_capacity(64 << 10);
    serde_json::to_writer(text.expose_mut(), db).map_err(|_| ExportError::Cipher)?;
    let (db_nonce, db_tag) = encrypt(&master, &mut text, random)?;
    let hex = |bytes: &[u8]| HEXLOWER.encode(bytes);
    Ok(json!({
        "version": 1,
        "header": {
            "slots": [{
                "type": 1,
                "uuid": uuid(random),
                "key": hex(wrapped.expose()),
                "key_params": { "nonce": hex(&slot_nonce), "tag": hex(&slot_tag) },
                "n": 1_u64 << LOG_N,
                "r": BLOCK,
                "p": 1,
                "salt": hex(&salt),
                "repaired": true,
                "is_backup": false,
            }],
            "params": { "nonce": hex(&db_nonce), "tag": hex(&db_tag) },
        },
        "db": BASE64.encode(text.expose()),
    }))
}

/// Seals AES-256-GCM in place under a fresh nonce; gives the nonce and the tag.
fn encrypt(
    key: &SecretBytes,
    buffer: &mut SecretBytes,
    random: &mut dyn FnMut(&mut [u8]),
) -> Result<([u8; 12], [u8; 16]), ExportError> {
    let mut nonce = [0; 12];
    random(&mut nonce);
    let cipher = Aes256Gcm::new_from_slice(key.expose()).map_err(|_| ExportError::Cipher)?;
    let tag = cipher
        .encrypt_inout_detached(&nonce.into(), &[], buffer.expose_mut().as_mut_slice().into())
        .map_err(|_| ExportError::Cipher)?;
    Ok((nonce, tag.into()))
}

/// A random UUID, version 4 (RFC 9562 §5.4).
fn uuid(random: &mut dyn FnMut(&mut [u8])) -> String {
    let mut bytes = [0_u8; 16];
    random(&mut bytes);
    let [_, _, _, _, _, _, version, _, variant, ..] = &mut bytes;
    *version = (*version & 0x0f) | 0x40;
    *variant = (*variant & 0x3f) | 0x80;
    let hex = HEXLOWER.encode(&bytes);
    let mut text = String::with_capacity(36);
    for (idx, c) in hex.chars().enumerate() {
        if matches!(idx, 8 | 12 | 16 | 20) {
            text.push('-');
        }
        text.push(c);
    }
    text
}
