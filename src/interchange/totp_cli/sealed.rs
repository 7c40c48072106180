//! Opening totp-cli's credentials.

use data_encoding::HEXLOWER;
use serde_json::Value;

use super::namespaces;
use crate::interchange::cipher::{base64_blocks, cbc_aes256_unpadded, sha1};
use crate::interchange::json::damaged_at;
use crate::interchange::registry::SealedFile;
use crate::interchange::{ImportError, Imported, age};
use crate::secret::{SecretBytes, SecretText};

/// The current form.
#[derive(Debug)]
pub(super) struct New(pub(super) age::Sealed);

impl SealedFile for New {
    fn cost(&self) -> String {
        self.0.cost()
    }

    fn open(self: Box<Self>, passphrase: &SecretText) -> Result<Imported, ImportError> {
        let text = self.0.open(passphrase)?;
        let list = serde_json::from_slice(text.expose());
        namespaces(list.map_err(|error| damaged_at("the decrypted list, ", &error))?)
    }
}

/// The old form: a nonce and AES-256-CBC in base64, without a tag and without the padding that others have.
#[derive(Debug)]
pub(crate) struct Old {
    nonce: [u8; 16],
    ciphertext: Vec<u8>,
}

impl Old {
    /// `None` where it is no base64 of whole blocks.
    pub(crate) fn parse(text: &[u8]) -> Option<Self> {
        Self::of(&base64_blocks(text)?)
    }

    /// `None` where nothing is behind the nonce; `bytes` are whole blocks.
    pub(crate) fn of(bytes: &[u8]) -> Option<Self> {
        let (nonce, ciphertext) = bytes.split_first_chunk::<16>()?;
        (!ciphertext.is_empty()).then(|| Self { nonce: *nonce, ciphertext: ciphertext.to_vec() })
    }
}

impl SealedFile for Old {
    fn cost(&self) -> String {
        "1 MiB".to_owned()
    }

    fn open(self: Box<Self>, passphrase: &SecretText) -> Result<Imported, ImportError> {
        // The program takes the first letters of the hash as it would be printed for the key's bytes.
        let mut key =
            SecretBytes::new(HEXLOWER.encode(sha1(passphrase.expose().as_bytes()).expose()).into_bytes());
        key.expose_mut().truncate(32);
        let text = cbc_aes256_unpadded(&key, &self.nonce, &self.ciphertext);
        let text = text.ok_or(ImportError::WrongPassphrase)?;
        let text = text.expose();
        // What fills up the last block is no part of it.
        let end =
            text.iter().position(|byte| *byte == 0).or_else(|| text.iter().position(|byte| *byte == 13));
        let text = text.get(..end.unwrap_or(text.len())).unwrap_or_default();
        let list: Value = serde_json::from_slice(text).map_err(|_| ImportError::WrongPassphrase)?;
        namespaces(list)
    }
}
