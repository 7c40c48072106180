//! What is encrypted in a 2FAS backup, and opening it.
//!
//! `base64(ciphertext and tag):base64(salt):base64(nonce)`. PBKDF2 over the password gives the key (HMAC-SHA-256, 10 000
//! rounds), AES-256-GCM the list of services. The number of rounds stands nowhere in the file, so that it cannot be
//! raised by one.

use data_encoding::BASE64;
use serde_json::value::RawValue;

use super::{Bounded, Groups, services};
use crate::interchange::cipher::{aes256_gcm, pbkdf2_sha256};
use crate::interchange::json::{damaged, damaged_at};
use crate::interchange::registry::SealedFile;
use crate::interchange::{ImportError, Imported};
use crate::secret::{SecretBytes, SecretText};

/// Rounds of the key derivation.
pub(super) const ROUNDS: u32 = 10_000;
/// Longest salt; Android's is 256 bytes, that of iOS 32.
const LONGEST_SALT: usize = 1024;

/// The encrypted services, with the groups that stand beside them in clear.
#[derive(Debug)]
pub(super) struct Sealed {
    ciphertext: Vec<u8>,
    salt: Vec<u8>,
    nonce: [u8; 12],
    groups: Groups,
}

impl Sealed {
    pub(super) fn parse(text: &str, groups: Groups) -> Result<Self, ImportError> {
        let broken = || damaged("servicesEncrypted");
        let mut parts = text.split(':').map(|part| BASE64.decode(part.trim().as_bytes()));
        let mut next = || parts.next().and_then(Result::ok).ok_or_else(broken);
        let (ciphertext, salt, nonce) = (next()?, next()?, next()?);
        if parts.next().is_some() || salt.len() > LONGEST_SALT {
            return Err(broken());
        }
        Ok(Self { ciphertext, salt, nonce: nonce.try_into().map_err(|_| broken())?, groups })
    }
}

impl SealedFile for Sealed {
    fn cost(&self) -> String {
        "1 MiB".to_owned()
    }

    fn open(self: Box<Self>, passphrase: &SecretText) -> Result<Imported, ImportError> {
        let key = pbkdf2_sha256(passphrase.expose().as_bytes(), &self.salt, ROUNDS);
        let mut text = SecretBytes::new(self.ciphertext);
        if !aes256_gcm(&key, &self.nonce, &mut text) {
            return Err(ImportError::WrongPassphrase);
        }
        let text = std::str::from_utf8(text.expose()).map_err(|_| damaged("servicesEncrypted"))?;
        let listed: Bounded<&RawValue> =
            serde_json::from_str(text).map_err(|error| damaged_at("servicesEncrypted, ", &error))?;
        services(listed, &self.groups)
    }
}
