//! An encrypted .maFile, opened with what the manifest says of it.

use super::manifest::{Encryption, Scheme};
use crate::interchange::cipher::{Argon2, argon2id, cbc_aes256, pbkdf2_sha1};
use crate::interchange::json::damaged;
use crate::interchange::registry::SealedFile;
use crate::interchange::{ImportError, Imported};
use crate::secret::SecretText;

/// Argon2id of steamguard-cli: 12 MiB, 3 passes, 12 lanes. Nothing of it stands in a file.
const COST: (u32, u32, u32) = (12_288, 3, 12);
/// Rounds of PBKDF2 of Steam Desktop Authenticator.
const ROUNDS: u32 = 50_000;

/// An encrypted .maFile.
#[derive(Debug)]
pub(super) struct Sealed {
    pub(super) encryption: Encryption,
    pub(super) ciphertext: Vec<u8>,
}

impl SealedFile for Sealed {
    fn cost(&self) -> String {
        match self.encryption.scheme {
            Scheme::Argon2id => "12 MiB",
            Scheme::Pbkdf2 => "1 MiB",
        }
        .to_owned()
    }

    fn open(self: Box<Self>, passphrase: &SecretText) -> Result<Imported, ImportError> {
        let (password, Encryption { scheme, nonce, salt }) =
            (passphrase.expose().as_bytes(), &self.encryption);
        let key = match scheme {
            Scheme::Argon2id => {
                let (memory_kib, passes, lanes) = COST;
                argon2id(password, salt, &Argon2::new(memory_kib, passes, lanes)?)?
            }
            Scheme::Pbkdf2 => pbkdf2_sha1(password, salt, ROUNDS, 32),
        };
        // There is no tag: a wrong password shows in the padding, or in that what comes out is no account.
        let text = cbc_aes256(&key, nonce, &self.ciphertext).filter(|text| text.expose().starts_with(b"{"));
        let text = text.ok_or(ImportError::WrongPassphrase)?;
        super::open(text.expose()).map_err(|_| damaged("the decrypted account"))
    }
}
