//! Aegis' vault file, plain and encrypted (its `docs/vault.md`; file version 1, database versions 1 to 3).
//!
//! Encrypted: scrypt over the password gives a key that opens a slot, the slot holds the master key, and
//! that opens the database, both with AES-256-GCM. Aegis' old fallback for passwords over 64 bytes
//! (a slot without `repaired`) is not tried.

mod export;

use aes_gcm::aead::AeadInOut as _;
use aes_gcm::{Aes256Gcm, KeyInit as _};
use data_encoding::{BASE64, HEXLOWER_PERMISSIVE};
use serde::Deserialize;
use serde_json::Value;

use super::ImportError;
use super::outcome::{Drafted, Imported, Notice, Skipped, SkippedReason, Warning};
use super::registry::Source;
use crate::entry::{EntryDraft, Label};
use crate::otp::{Algorithm, Digits, Otp, Period, Seed, Strength};
use crate::secret::{SecretBytes, SecretText};

pub use export::export;

/// Aegis itself caps imports at this.
const LARGEST_FILE: usize = 100 << 20;
/// Most memory that a slot's scrypt may ask for.
const MOST_SCRYPT_BYTES: u64 = 1 << 30;
const PASSWORD_SLOT: u64 = 1;

#[derive(Deserialize)]
struct File {
    version: u64,
    header: Header,
    db: Value,
}

#[derive(Deserialize)]
struct Header {
    slots: Option<Vec<Slot>>,
    params: Option<GcmParams>,
}

#[derive(Deserialize)]
struct Slot {
    #[serde(rename = "type")]
    kind: u64,
    key: String,
    key_params: GcmParams,
    n: Option<u64>,
    r: Option<u64>,
    p: Option<u64>,
    salt: Option<String>,
}

#[derive(Deserialize)]
struct GcmParams {
    nonce: String,
    tag: String,
}

#[derive(Deserialize)]
struct Database {
    version: u64,
    entries: Vec<Value>,
    #[serde(default)]
    groups: Vec<Group>,
}

#[derive(Deserialize)]
struct Group {
    uuid: String,
    name: String,
}

/// An encrypted file whose outside was read.
#[derive(Debug)]
pub struct Sealed {
    slots: Vec<PasswordSlot>,
    nonce: [u8; 12],
    tag: [u8; 16],
    ciphertext: Vec<u8>,
}

#[derive(Debug)]
struct PasswordSlot {
    scrypt: scrypt::Params,
    memory_bytes: u64,
    salt: Vec<u8>,
    key: [u8; 32],
    nonce: [u8; 12],
    tag: [u8; 16],
}

/// Tells whether a JSON object is an Aegis file: it has `header` and `db` at its top.
pub fn recognises(text: &[u8]) -> bool {
    #[derive(Deserialize)]
    struct Top {
        header: Option<serde::de::IgnoredAny>,
        db: Option<serde::de::IgnoredAny>,
    }
    serde_json::from_slice::<Top>(text).is_ok_and(|top| top.header.is_some() && top.db.is_some())
        || (contains(text, b"\"header\"")
            && contains(text, b"\"db\"")
            && !contains(text, b"\"servicesEncrypted\""))
}

fn contains(text: &[u8], needle: &[u8]) -> bool {
    text.windows(needle.len()).any(|window| window == needle)
}

/// Reads a file as far as it goes without a passphrase.
///
/// # Errors
///
/// [`ImportError`] when it is damaged, too large, of a newer version, or asks for too much memory.
pub fn open(bytes: &[u8]) -> Result<Source, ImportError> {
    if bytes.len() > LARGEST_FILE {
        return Err(ImportError::TooLarge);
    }
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let file: File = serde_json::from_slice(bytes).map_err(|error| damaged_at(&error))?;
    if file.version > 1 {
        return Err(ImportError::Unsupported { what: format!("version {} of an Aegis file", file.version) });
    }
    match file.db {
        Value::String(text) => sealed(file.header, &SecretText::new(text)).map(Source::Sealed),
        db @ (Value::Array(_) | Value::Bool(_) | Value::Null | Value::Number(_) | Value::Object(_)) => {
            import(db).map(Source::Plain)
        }
    }
}

/// The place of a JSON error; its message could repeat a value.
fn damaged_at(error: &serde_json::Error) -> ImportError {
    ImportError::Damaged { at: format!("line {}, column {}", error.line(), error.column()) }
}

fn damaged(at: &str) -> ImportError {
    ImportError::Damaged { at: at.to_owned() }
}

fn hex<const N: usize>(text: &str, at: &'static str) -> Result<[u8; N], ImportError> {
    let bytes = HEXLOWER_PERMISSIVE.decode(text.as_bytes()).map_err(|_| damaged(at))?;
    bytes.try_into().map_err(|_| damaged(at))
}

fn sealed(header: Header, db: &SecretText) -> Result<Sealed, ImportError> {
    let params = header.params.ok_or_else(|| damaged("header.params"))?;
    let slots = header.slots.unwrap_or_default();
    let slots = slots
        .into_iter()
        .filter(|slot| slot.kind == PASSWORD_SLOT)
        .map(password_slot)
        .collect::<Result<Vec<_>, _>>()?;
    if slots.is_empty() {
        return Err(ImportError::Unsupported { what: "an Aegis file without a password slot".to_owned() });
    }
    Ok(Sealed {
        slots,
        nonce: hex(&params.nonce, "header.params.nonce")?,
        tag: hex(&params.tag, "header.params.tag")?,
        ciphertext: BASE64.decode(db.expose().as_bytes()).map_err(|_| damaged("db"))?,
    })
}

fn password_slot(slot: Slot) -> Result<PasswordSlot, ImportError> {
    let number = |value: Option<u64>, at| value.ok_or_else(|| damaged(at));
    let n = number(slot.n, "header.slots.n")?;
    let r = number(slot.r, "header.slots.r")?;
    let p = number(slot.p, "header.slots.p")?;
    let memory_bytes = n.saturating_mul(r).saturating_mul(128);
    if memory_bytes > MOST_SCRYPT_BYTES || p > 16 {
        return Err(ImportError::TooCostly {
            asked_mib: memory_bytes >> 20,
            limit_mib: MOST_SCRYPT_BYTES >> 20,
        });
    }
    if !n.is_power_of_two() {
        return Err(damaged("header.slots.n"));
    }
    let log_n = u8::try_from(n.trailing_zeros()).map_err(|_| damaged("header.slots.n"))?;
    let small = |value: u64, at| u32::try_from(value).map_err(|_| damaged(at));
    let scrypt = scrypt::Params::new(log_n, small(r, "header.slots.r")?, small(p, "header.slots.p")?)
        .map_err(|_| damaged("header.slots"))?;
    let salt = slot.salt.ok_or_else(|| damaged("header.slots.salt"))?;
    Ok(PasswordSlot {
        scrypt,
        memory_bytes,
        salt: HEXLOWER_PERMISSIVE.decode(salt.as_bytes()).map_err(|_| damaged("header.slots.salt"))?,
        key: hex(&slot.key, "header.slots.key")?,
        nonce: hex(&slot.key_params.nonce, "header.slots.key_params.nonce")?,
        tag: hex(&slot.key_params.tag, "header.slots.key_params.tag")?,
    })
}

impl Sealed {
    /// The memory that opening it takes, in words.
    pub fn cost(&self) -> String {
        let most = self.slots.iter().map(|slot| slot.memory_bytes).max().unwrap_or(0);
        format!("{} MiB", (most >> 20).max(1))
    }

    /// Opens it with the file's own passphrase; every password slot is tried.
    ///
    /// # Errors
    ///
    /// [`ImportError::WrongPassphrase`] when no slot opens, [`ImportError::Damaged`] when one does and the
    /// database does not.
    pub fn open(self, passphrase: &SecretText) -> Result<Imported, ImportError> {
        let master = self
            .slots
            .iter()
            .find_map(|slot| slot.unwrap_key(passphrase))
            .ok_or(ImportError::WrongPassphrase)?;
        let mut text = SecretBytes::new(self.ciphertext);
        if !decrypt(&master, &self.nonce, &self.tag, &mut text) {
            return Err(damaged("the database does not belong to the key that opened its slot"));
        }
        let db: Value = serde_json::from_slice(text.expose()).map_err(|error| damaged_at(&error))?;
        import(db)
    }
}

impl PasswordSlot {
    fn unwrap_key(&self, passphrase: &SecretText) -> Option<SecretBytes> {
        let mut derived = SecretBytes::new(vec![0; 32]);
        scrypt::scrypt(passphrase.expose().as_bytes(), &self.salt, &self.scrypt, derived.expose_mut())
            .ok()?;
        let mut key = SecretBytes::from_slice(&self.key);
        decrypt(&derived, &self.nonce, &self.tag, &mut key).then_some(key)
    }
}

/// Opens AES-256-GCM in place; false when the tag does not fit.
fn decrypt(key: &SecretBytes, nonce: &[u8; 12], tag: &[u8; 16], buffer: &mut SecretBytes) -> bool {
    let Ok(cipher) = Aes256Gcm::new_from_slice(key.expose()) else { return false };
    cipher
        .decrypt_inout_detached(
            &(*nonce).into(),
            &[],
            buffer.expose_mut().as_mut_slice().into(),
            &(*tag).into(),
        )
        .is_ok()
}

fn import(db: Value) -> Result<Imported, ImportError> {
    let db: Database = serde_json::from_value(db).map_err(|_| damaged("db"))?;
    if db.version > 3 {
        return Err(ImportError::Unsupported {
            what: format!("version {} of an Aegis database", db.version),
        });
    }
    let mut imported = Imported::default();
    for (idx, entry) in db.entries.iter().enumerate() {
        let position = idx + 1;
        if entry.get("icon").is_some_and(|icon| !icon.is_null()) {
            imported.notice(Notice::Icons);
        }
        match draft(entry, &db.groups) {
            Ok((draft, warnings)) => imported.drafts.push(Drafted { position, draft, warnings }),
            Err(reason) => {
                imported.skipped.push(Skipped { position, title: title(entry), reason });
            }
        }
    }
    Ok(imported)
}

fn text<'a>(value: &'a Value, name: &str) -> &'a str {
    value.get(name).and_then(Value::as_str).unwrap_or_default()
}

fn title(entry: &Value) -> Label {
    let (issuer, name) = (text(entry, "issuer"), text(entry, "name"));
    Label::new(if issuer.is_empty() { name.to_owned() } else { format!("{issuer}:{name}") })
}

fn draft(entry: &Value, groups: &[Group]) -> Result<(EntryDraft, Vec<Warning>), SkippedReason> {
    let info = entry.get("info").ok_or(SkippedReason::Field("info"))?;
    let mut warnings = Vec::new();
    let kind = text(entry, "type");
    if !matches!(kind, "totp" | "hotp" | "steam") {
        return Err(SkippedReason::UnknownType(Label::new(kind)));
    }
    let secret = info.get("secret").and_then(Value::as_str).ok_or(SkippedReason::Field("info.secret"))?;
    let seed = Seed::from_base32(secret).map_err(SkippedReason::Seed)?;
    if let Strength::Short(bits) = seed.strength() {
        warnings.push(Warning::ShortSeed(bits));
    }
    let otp = if kind == "steam" { Otp::Steam } else { otp(kind, info, &mut warnings)? };
    let mut draft =
        EntryDraft::new(Label::new(text(entry, "issuer")), Label::new(text(entry, "name")), seed, otp);
    text(entry, "note").clone_into(&mut draft.note);
    draft.favourite = entry.get("favorite").and_then(Value::as_bool).unwrap_or(false);
    draft.tags = tags(entry, groups);
    Ok((draft, warnings))
}

fn otp(kind: &str, info: &Value, warnings: &mut Vec<Warning>) -> Result<Otp, SkippedReason> {
    let name = text(info, "algo");
    let algorithm = match Algorithm::parse(name) {
        Some(algorithm) => algorithm,
        None if name.is_empty() => Algorithm::Sha1,
        None if name.eq_ignore_ascii_case("MD5") => {
            warnings.push(Warning::Md5ReadAsSha1);
            Algorithm::Sha1
        }
        None => return Err(SkippedReason::UnknownAlgorithm(Label::new(name))),
    };
    let number = |name: &str| info.get(name).and_then(Value::as_u64);
    let digits = number("digits").and_then(|n| u8::try_from(n).ok()).and_then(Digits::new);
    let digits = digits.ok_or(SkippedReason::Field("the number of digits"))?;
    if kind == "hotp" {
        let counter = number("counter").ok_or(SkippedReason::Field("the counter"))?;
        return Ok(Otp::Hotp { algorithm, digits, counter });
    }
    let period = number("period").and_then(|n| u32::try_from(n).ok()).and_then(Period::new);
    Ok(Otp::Totp { algorithm, digits, period: period.ok_or(SkippedReason::Field("the period"))? })
}

/// Groups become tags: version 3 names them by id, older ones by text.
fn tags(entry: &Value, groups: &[Group]) -> Vec<Label> {
    if let Some(ids) = entry.get("groups").and_then(Value::as_array) {
        return ids
            .iter()
            .filter_map(Value::as_str)
            .filter_map(|id| groups.iter().find(|group| group.uuid == id))
            .map(|group| Label::new(group.name.clone()))
            .collect();
    }
    Some(text(entry, "group")).filter(|group| !group.is_empty()).map(Label::new).into_iter().collect()
}
