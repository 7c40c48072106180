//! `FreeOTP` 2's backup: a master key that PBKDF2 over the password opens, and a key for each token that the master key
//! opens, all with AES-256-GCM bound to the name of what is inside.

use std::collections::HashMap;

use serde_json::Value;

use super::java;
use crate::interchange::account::Number;
use crate::interchange::account::{self, Judged};
use crate::interchange::cipher::{aes256_gcm_with, pbkdf2_sha1, pbkdf2_sha512};
use crate::interchange::freeotp_plus;
use crate::interchange::json::{LARGEST_FILE, damaged, number, signed_bytes, text};
use crate::interchange::outcome::SkippedReason;
use crate::interchange::registry::SealedFile;
use crate::interchange::{ImportError, Imported};
use crate::secret::{SecretBytes, SecretText};

/// Most rounds that a file may ask for; the app's own choice is 100 000.
const MOST_ROUNDS: u32 = 5_000_000;
/// Name of the entry that holds the master key.
const MASTER: &str = "masterKey";
/// What stands behind a token's id in the name of its description.
const DESCRIPTION: &str = "-token";

/// An encrypted backup.
#[derive(Debug)]
pub(super) struct Sealed {
    map: Vec<(String, SecretText)>,
    rounds: u32,
    /// Android below 8 derived with SHA-1.
    with_sha1: bool,
    salt: SecretBytes,
    master: Encrypted,
}

/// A key that is encrypted, as `EncryptedKey.java` writes it.
#[derive(Debug)]
struct Encrypted {
    nonce: [u8; 12],
    ciphertext: SecretBytes,
    /// The algorithm of the key inside, to which it is bound.
    binding: String,
}

impl Encrypted {
    fn of(value: &Value) -> Option<Self> {
        let parameters = signed_bytes(value, "mParameters")?;
        // DER: an octet string of twelve bytes, alone or first in a sequence.
        let parameters = parameters.expose();
        let nonce = parameters.windows(2).position(|window| window == [4, 12])?;
        Some(Self {
            nonce: *parameters.get(nonce + 2..)?.first_chunk()?,
            ciphertext: signed_bytes(value, "mCipherText")?,
            binding: text(value, "mToken").to_owned(),
        })
    }

    fn open(&self, key: &SecretBytes) -> Option<SecretBytes> {
        let mut opened = SecretBytes::from_slice(self.ciphertext.expose());
        aes256_gcm_with(key, &self.nonce, self.binding.as_bytes(), &mut opened).then_some(opened)
    }
}

impl Sealed {
    pub(super) fn parse(bytes: &[u8]) -> Result<Self, ImportError> {
        if bytes.len() > LARGEST_FILE {
            return Err(ImportError::TooLarge);
        }
        let map = java::map(bytes)?;
        let broken = || damaged("the master key");
        let (_, master) = map.iter().find(|(name, _)| name == MASTER).ok_or_else(broken)?;
        let master: Value = serde_json::from_str(master.expose()).map_err(|_| broken())?;
        let Number::Is(rounds) = number(&master, "mIterations") else { return Err(broken()) };
        let rounds = u32::try_from(rounds).ok().filter(|rounds| (1..=MOST_ROUNDS).contains(rounds));
        let with_sha1 = match text(&master, "mAlgorithm") {
            "PBKDF2withHmacSHA512" => false,
            "PBKDF2withHmacSHA1" => true,
            _ => {
                return Err(ImportError::Unsupported {
                    what: "another key derivation of FreeOTP".to_owned(),
                });
            }
        };
        let encrypted = master.get("mEncryptedKey").and_then(Encrypted::of).ok_or_else(broken)?;
        Ok(Self {
            rounds: rounds.ok_or_else(|| ImportError::Unsupported {
                what: "a key derivation of so many rounds".to_owned(),
            })?,
            with_sha1,
            salt: signed_bytes(&master, "mSalt").ok_or_else(broken)?,
            master: encrypted,
            map,
        })
    }
}

impl SealedFile for Sealed {
    fn cost(&self) -> String {
        "1 MiB".to_owned()
    }

    fn open(self: Box<Self>, passphrase: &SecretText) -> Result<Imported, ImportError> {
        let password = passphrase.expose().as_bytes();
        let key = if self.with_sha1 {
            pbkdf2_sha1(password, self.salt.expose(), self.rounds, 32)
        } else {
            pbkdf2_sha512(password, self.salt.expose(), self.rounds)
        };
        let master = self.master.open(&key).ok_or(ImportError::WrongPassphrase)?;
        Ok(self.tokens(&master))
    }
}

impl Sealed {
    /// Every token in the order of the file. What has a key and no description, or a description and no key, is named.
    fn tokens(&self, master: &SecretBytes) -> Imported {
        let names: HashMap<&str, &SecretText> =
            self.map.iter().map(|(name, text)| (name.as_str(), text)).collect();
        let mut imported = Imported::default();
        let mut position = 0;
        for (name, text) in self.map.iter().filter(|(name, _)| name != MASTER) {
            let described = match name.strip_suffix(DESCRIPTION) {
                Some(id) if names.contains_key(id) => continue,
                Some(_) => Some(text),
                None => names.get(format!("{name}{DESCRIPTION}").as_str()).copied(),
            };
            position += 1;
            let Some(Ok(token)) = described.map(|text| serde_json::from_str::<Value>(text.expose())) else {
                imported.unreadable(position);
                continue;
            };
            let (issuer, account) = freeotp_plus::names(&token);
            let judged = judge(master, names.get(name.as_str()).copied(), &token, &issuer, &account);
            imported.take(position, account::title(&issuer, &account), judged);
        }
        imported
    }
}

/// Judges a token by the key that stands under its id, and its description.
fn judge(
    master: &SecretBytes,
    held: Option<&SecretText>,
    token: &Value,
    issuer: &str,
    account: &str,
) -> Judged {
    let secret = held.and_then(|held| secret(master, held)).ok_or(SkippedReason::Field("the secret"))?;
    account::draft(issuer, account, account::bytes(secret)?, freeotp_plus::codes(token)?)
}

/// The key of one token: JSON inside of a text of JSON.
fn secret(master: &SecretBytes, held: &SecretText) -> Option<SecretBytes> {
    let held: Value = serde_json::from_str(held.expose()).ok()?;
    let key: Value = serde_json::from_str(text(&held, "key")).ok()?;
    Encrypted::of(&key)?.open(master)
}
