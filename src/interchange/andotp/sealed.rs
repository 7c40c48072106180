//! Opening an encrypted backup of andOTP, of which the file itself does not say which of two forms it has.

use super::entries;
use crate::interchange::cipher::{aes256_gcm, pbkdf2_sha1, sha256};
use crate::interchange::json::{LARGEST_FILE, damaged, damaged_at};
use crate::interchange::registry::SealedFile;
use crate::interchange::{ImportError, Imported, otpclient};
use crate::secret::{SecretBytes, SecretText};

/// Rounds that a file may ask for; the app draws between 140 000 and 160 000.
const ROUNDS: std::ops::RangeInclusive<u32> = 1_000..=10_000_000;
/// Nonce and tag, without which there is no file.
const SHORTEST: usize = 12 + 16;

/// An encrypted file.
#[derive(Debug)]
pub(super) struct Sealed {
    /// Rounds and salt of the newer form, where the file may have it.
    newer: Option<(u32, [u8; 12])>,
    bytes: Vec<u8>,
}

impl Sealed {
    pub(super) fn parse(bytes: &[u8]) -> Result<Self, ImportError> {
        if bytes.len() > LARGEST_FILE {
            return Err(ImportError::TooLarge);
        }
        if bytes.len() < SHORTEST {
            return Err(damaged("it is too short"));
        }
        let newer = bytes.split_first_chunk::<4>().and_then(|(rounds, rest)| {
            let rounds = u32::from_be_bytes(*rounds);
            let salt = *rest.first_chunk::<12>()?;
            (ROUNDS.contains(&rounds) && bytes.len() >= 16 + SHORTEST).then_some((rounds, salt))
        });
        Ok(Self { newer, bytes: bytes.to_vec() })
    }
}

impl SealedFile for Sealed {
    fn cost(&self) -> String {
        "1 MiB".to_owned()
    }

    fn may_be(&self) -> Option<&'static str> {
        Some("andotp or otpclient")
    }

    fn open(self: Box<Self>, passphrase: &SecretText) -> Result<Imported, ImportError> {
        let password = passphrase.expose().as_bytes();
        let newer = self.newer.and_then(|(rounds, salt)| {
            unseal(&pbkdf2_sha1(password, &salt, rounds, 32), self.bytes.get(16..)?)
        });
        // The tag of one form fits nothing of the other, nor of another program's that begins with nothing either.
        let text = newer.or_else(|| unseal(&sha256(password), &self.bytes));
        let Some(text) = text else {
            let other = otpclient::Sealed::parse(&self.bytes).map_err(|_| ImportError::OpensAsNothing)?;
            let opened = Box::new(other).open(passphrase);
            if matches!(opened, Err(ImportError::WrongPassphrase)) {
                return Err(ImportError::OpensAsNothing);
            }
            let mut imported = opened?;
            imported.format = Some(otpclient::FORMAT.id);
            return Ok(imported);
        };
        let text = std::str::from_utf8(text.expose()).map_err(|_| damaged("the decrypted list"))?;
        entries(serde_json::from_str(text).map_err(|error| damaged_at("the decrypted list, ", &error))?)
    }
}

/// Opens nonce, ciphertext and tag.
fn unseal(key: &SecretBytes, bytes: &[u8]) -> Option<SecretBytes> {
    let (nonce, sealed) = bytes.split_first_chunk::<12>()?;
    let mut text = SecretBytes::from_slice(sealed);
    aes256_gcm(key, nonce, &mut text).then_some(text)
}
