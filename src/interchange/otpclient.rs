//! `OTPClient`'s database, in its three versions (its `db-common.c`): AES-256-GCM with a nonce of sixteen bytes, bound to
//! everything before it.

use serde_json::Value;
use serde_json::value::RawValue;

use super::ImportError;
use super::account::{self, Codes, Judged, Kind};
use super::cipher::{Argon2, aes256_gcm_long_nonce, argon2id, pbkdf2_sha512};
use super::json::{Bounded, LARGEST_FILE, damaged, damaged_at, each, number, take_secret, text};
use super::outcome::{Imported, SkippedReason, safe_name};
use super::registry::{Format, Import, Look, SealedFile, Source};
use crate::entry::Label;
use crate::secret::{SecretBytes, SecretText};

/// The format.
pub const FORMAT: Format = Format {
    id: "otpclient",
    name: "OTPClient",
    help: "OTPClient: its database (.enc)",
    import: Some(Import { recognises, open }),
    export: None,
};

/// First bytes of versions 2 and 3; the first version has none.
const MAGIC: &[u8; 9] = b"OTPClient";
/// Rounds of version 1's key derivation.
const ROUNDS: u32 = 100_000;
/// Passes that the program itself takes.
const PASSES: std::ops::RangeInclusive<u32> = 1..=64;
/// Lanes that it takes.
const LANES: std::ops::RangeInclusive<u32> = 1..=16;
/// Most memory that it takes.
const MOST_MEMORY_KIB: u32 = 1 << 20;

fn recognises(look: &Look<'_>) -> bool {
    look.bytes.starts_with(MAGIC)
}

/// Reads the outside of a database.
///
/// # Errors
///
/// [`ImportError`] when it is cut off, too large, of a newer version, or asks for too much memory.
pub fn open(bytes: &[u8]) -> Result<Source, ImportError> {
    Sealed::parse(bytes).map(|sealed| Source::Sealed(Box::new(sealed)))
}

/// A database.
#[derive(Debug)]
pub(super) struct Sealed {
    kdf: Option<Argon2>,
    /// How many bytes stand before the ciphertext; it is bound to them.
    header: usize,
    nonce: [u8; 16],
    salt: [u8; 32],
    bytes: Vec<u8>,
}

impl Sealed {
    pub(super) fn parse(bytes: &[u8]) -> Result<Self, ImportError> {
        let broken = || damaged("it is cut off");
        if bytes.len() > LARGEST_FILE {
            return Err(ImportError::TooLarge);
        }
        let Some(rest) = bytes.strip_prefix(MAGIC) else {
            let (nonce, rest) = bytes.split_first_chunk().ok_or_else(broken)?;
            let (salt, rest) = rest.split_first_chunk().ok_or_else(broken)?;
            if rest.len() < 16 {
                return Err(broken());
            }
            return Ok(Self { kdf: None, header: 48, nonce: *nonce, salt: *salt, bytes: bytes.to_vec() });
        };
        // Version 2 wrote the structure as it lay in memory, with three bytes of padding and in the machine's order.
        let (version, rest) = rest.split_first_chunk::<4>().ok_or_else(broken)?;
        let (rest, is_structure) = match version {
            [0, 0, 0, 2] => (rest.get(3..).ok_or_else(broken)?, true),
            [0, 0, 0, 3] => (rest, false),
            _ => {
                return Err(ImportError::Unsupported {
                    what: "a newer version of an OTPClient database".to_owned(),
                });
            }
        };
        let (nonce, rest) = rest.split_first_chunk().ok_or_else(broken)?;
        let (salt, mut rest) = rest.split_first_chunk().ok_or_else(broken)?;
        let mut number = || {
            let (bytes, after) = rest.split_first_chunk::<4>().ok_or_else(broken)?;
            rest = after;
            Ok(if is_structure { u32::from_le_bytes(*bytes) } else { u32::from_be_bytes(*bytes) })
        };
        let (passes, memory_kib, lanes) = (number()?, number()?, number()?);
        if !PASSES.contains(&passes) || !LANES.contains(&lanes) {
            return Err(damaged("the key derivation's parameters"));
        }
        if memory_kib > MOST_MEMORY_KIB {
            let (asked_mib, limit_mib) = (u64::from(memory_kib >> 10), u64::from(MOST_MEMORY_KIB >> 10));
            return Err(ImportError::TooCostly { asked_mib, limit_mib });
        }
        Ok(Self {
            kdf: Some(Argon2::new(memory_kib, passes, lanes)?),
            header: bytes.len() - rest.len(),
            nonce: *nonce,
            salt: *salt,
            bytes: bytes.to_vec(),
        })
    }

    fn with(&self, password: &[u8]) -> Result<Option<SecretBytes>, ImportError> {
        let key = match &self.kdf {
            None => pbkdf2_sha512(password, &self.salt, ROUNDS),
            Some(argon2) => argon2id(password, &self.salt, argon2)?,
        };
        let (header, sealed) = self.bytes.split_at(self.header.min(self.bytes.len()));
        let mut text = SecretBytes::from_slice(sealed);
        Ok(aes256_gcm_long_nonce(&key, &self.nonce, header, &mut text).then_some(text))
    }
}

impl SealedFile for Sealed {
    fn cost(&self) -> String {
        self.kdf.as_ref().map_or_else(|| "1 MiB".to_owned(), Argon2::cost)
    }

    fn open(self: Box<Self>, passphrase: &SecretText) -> Result<Imported, ImportError> {
        let password = passphrase.expose().as_bytes();
        let mut text = self.with(password)?;
        // Old versions counted letters where bytes were meant, and so cut a password that has more of these.
        let n_letters = passphrase.expose().chars().count();
        if text.is_none() && n_letters < password.len() {
            text = self.with(password.get(..n_letters).unwrap_or(password))?;
        }
        let text = text.ok_or(ImportError::WrongPassphrase)?;
        entries(&text)
    }
}

fn entries(text: &SecretBytes) -> Result<Imported, ImportError> {
    // The program encrypts a text of C, together with the zero byte that ends it.
    let mut list = text.expose();
    while let Some(shorter) = list.strip_suffix(b"\0") {
        list = shorter;
    }
    let list: Bounded<&RawValue> =
        serde_json::from_slice(list).map_err(|error| damaged_at("the list, ", &error))?;
    let mut imported = Imported::default();
    each(list, &mut imported, |imported, position, entry| {
        let (issuer, label) = (json_text(entry, "issuer"), json_text(entry, "label"));
        let mut judged = judge(entry, &issuer, &label);
        if let (Ok((draft, _)), group) = (&mut judged, json_text(entry, "group"))
            && !group.is_empty()
        {
            draft.tags.push(Label::new(group));
        }
        imported.take(position, account::title(&issuer, &label), judged);
    })?;
    Ok(imported)
}

fn json_text(entry: &Value, name: &str) -> String {
    text(entry, name).to_owned()
}

fn judge(entry: &mut Value, issuer: &str, label: &str) -> Judged {
    let kind = match text(entry, "type") {
        "TOTP" if issuer.eq_ignore_ascii_case("steam") => Kind::Steam,
        "TOTP" => Kind::Totp,
        "HOTP" => Kind::Hotp,
        other => return Err(SkippedReason::UnknownType(safe_name(other))),
    };
    let seed = account::base32(take_secret(entry, "secret"))?;
    let codes = Codes {
        kind,
        algorithm: text(entry, "algo"),
        digits: number(entry, "digits"),
        period: number(entry, "period"),
        counter: number(entry, "counter"),
    };
    account::draft(issuer, label, seed, codes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_database_that_is_cut_off_newer_or_too_costly_is_refused_before_any_work() {
        let mut newer = MAGIC.to_vec();
        newer.extend_from_slice(&[0, 0, 0, 4]);
        assert!(matches!(open(&newer), Err(ImportError::Unsupported { .. })));
        let mut third = MAGIC.to_vec();
        third.extend_from_slice(&[0, 0, 0, 3]);
        third.extend_from_slice(&[1; 48]);
        assert!(matches!(open(&third), Err(ImportError::Damaged { .. })));
        third.extend_from_slice(&4_u32.to_be_bytes());
        third.extend_from_slice(&((1_u32 << 20) + 1).to_be_bytes());
        third.extend_from_slice(&4_u32.to_be_bytes());
        assert!(matches!(open(&third), Err(ImportError::TooCostly { .. })));
        assert!(matches!(open(&[1; 40]), Err(ImportError::Damaged { .. })));
    }

    #[test]
    fn the_zero_byte_behind_the_list_is_no_damage() {
        let list = r#"[{"type":"TOTP","label":"a","issuer":"A","secret":"JBSWY3DPEHPK3PXP","digits":6,"algo":"SHA1","period":30}]"#;
        for end in ["", "\0"] {
            let text = SecretBytes::from_slice(format!("{list}{end}").as_bytes());
            assert_eq!(entries(&text).expect("it can be read").drafts.len(), 1, "{end:?}");
        }
    }
}
