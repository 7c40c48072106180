//! Bitwarden's export with a password: a key derivation, two keys expanded from it, AES-256-CBC with HMAC-SHA-256.

use data_encoding::BASE64;
use serde::Deserialize;

use super::items;
use crate::interchange::cipher::{
    Argon2, argon2id, cbc_aes256, hkdf_expand, hmac_sha256_fits, pbkdf2_sha256, sha256,
};
use crate::interchange::json::{self, damaged};
use crate::interchange::registry::SealedFile;
use crate::interchange::{ImportError, Imported};
use crate::secret::{SecretBytes, SecretText};

/// Most rounds of PBKDF2; Bitwarden's own choice is 600 000, and two million the most it offers.
const MOST_ROUNDS: u32 = 5_000_000;

#[derive(Deserialize)]
struct File {
    salt: String,
    #[serde(rename = "kdfType")]
    kdf: u64,
    #[serde(rename = "kdfIterations")]
    rounds: u32,
    #[serde(rename = "kdfMemory")]
    memory_mib: Option<u32>,
    #[serde(rename = "kdfParallelism")]
    lanes: Option<u32>,
    #[serde(rename = "encKeyValidation_DO_NOT_EDIT")]
    check: String,
    data: String,
}

#[derive(Debug)]
enum Kdf {
    Pbkdf2(u32),
    Argon2(Argon2),
}

/// An encrypted export.
#[derive(Debug)]
pub(super) struct Sealed {
    kdf: Kdf,
    salt: String,
    check: Encrypted,
    data: Encrypted,
}

/// `2.<nonce>|<ciphertext>|<MAC>`, each in base64.
#[derive(Debug)]
struct Encrypted {
    nonce: [u8; 16],
    ciphertext: Vec<u8>,
    mac: [u8; 32],
}

impl Encrypted {
    fn parse(text: &str, at: &'static str) -> Result<Self, ImportError> {
        let (kind, rest) = text.split_once('.').ok_or_else(|| damaged(at))?;
        if kind != "2" {
            return Err(ImportError::Unsupported {
                what: "a newer kind of Bitwarden's encryption".to_owned(),
            });
        }
        let mut parts = rest.split('|').map(|part| BASE64.decode(part.as_bytes()));
        let mut next = || parts.next().and_then(Result::ok).ok_or_else(|| damaged(at));
        let (nonce, ciphertext, mac) = (next()?, next()?, next()?);
        let (Ok(nonce), Ok(mac)) = (nonce.try_into(), mac.try_into()) else { return Err(damaged(at)) };
        Ok(Self { nonce, ciphertext, mac })
    }

    fn open(&self, key: &SecretBytes, mac_key: &SecretBytes) -> Option<SecretBytes> {
        if !hmac_sha256_fits(mac_key, &[&self.nonce, &self.ciphertext], &self.mac) {
            return None;
        }
        cbc_aes256(key, &self.nonce, &self.ciphertext)
    }
}

impl Sealed {
    pub(super) fn parse(bytes: &[u8]) -> Result<Self, ImportError> {
        let file: File = json::parse(bytes)?;
        let kdf = match file.kdf {
            0 if file.rounds > MOST_ROUNDS => {
                return Err(ImportError::Unsupported {
                    what: "a key derivation of so many rounds".to_owned(),
                });
            }
            0 => Kdf::Pbkdf2(file.rounds.max(1)),
            1 => {
                let memory_kib = file.memory_mib.unwrap_or(0).saturating_mul(1024);
                Kdf::Argon2(Argon2::new(memory_kib, file.rounds, file.lanes.unwrap_or(1))?)
            }
            _ => {
                return Err(ImportError::Unsupported {
                    what: "a newer key derivation of Bitwarden".to_owned(),
                });
            }
        };
        Ok(Self {
            kdf,
            salt: file.salt,
            check: Encrypted::parse(&file.check, "encKeyValidation_DO_NOT_EDIT")?,
            data: Encrypted::parse(&file.data, "data")?,
        })
    }
}

impl SealedFile for Sealed {
    fn cost(&self) -> String {
        match &self.kdf {
            Kdf::Pbkdf2(_) => "1 MiB".to_owned(),
            Kdf::Argon2(argon2) => argon2.cost(),
        }
    }

    fn open(self: Box<Self>, passphrase: &SecretText) -> Result<Imported, ImportError> {
        // The salt is the text itself, not what its base64 stands for.
        let (password, salt) = (passphrase.expose().as_bytes(), self.salt.as_bytes());
        let key = match &self.kdf {
            Kdf::Pbkdf2(rounds) => pbkdf2_sha256(password, salt, *rounds),
            Kdf::Argon2(argon2) => argon2id(password, sha256(salt).expose(), argon2)?,
        };
        let (enc, mac) = (hkdf_expand(&key, b"enc"), hkdf_expand(&key, b"mac"));
        self.check.open(&enc, &mac).ok_or(ImportError::WrongPassphrase)?;
        let text = self.data.open(&enc, &mac).ok_or_else(|| damaged("data"))?;
        items(json::parse(text.expose())?)
    }
}
