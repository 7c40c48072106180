//! Opening Ente Auth's encrypted export: Argon2id as libsodium's `crypto_pwhash` runs it, and one message of libsodium's
//! secret stream over `XChaCha20` and Poly1305.

use data_encoding::BASE64;
use serde::Deserialize;

use crate::interchange::cipher::{Argon2, argon2id, secret_stream};
use crate::interchange::json::{self, damaged};
use crate::interchange::registry::SealedFile;
use crate::interchange::{ImportError, Imported, otpauth_list};
use crate::secret::SecretText;

#[derive(Deserialize)]
struct File {
    version: u64,
    #[serde(rename = "kdfParams")]
    kdf: Kdf,
    #[serde(rename = "encryptedData")]
    data: String,
    #[serde(rename = "encryptionNonce")]
    header: String,
}

#[derive(Deserialize)]
struct Kdf {
    #[serde(rename = "memLimit")]
    memory_bytes: u64,
    #[serde(rename = "opsLimit")]
    passes: u32,
    salt: String,
}

/// An encrypted export.
#[derive(Debug)]
pub(super) struct Sealed {
    argon2: Argon2,
    salt: Vec<u8>,
    /// The header of the stream; it is called a nonce in the file and is none of XChaCha20-Poly1305's.
    header: [u8; 24],
    message: Vec<u8>,
}

impl Sealed {
    pub(super) fn parse(bytes: &[u8]) -> Result<Self, ImportError> {
        let file: File = json::parse(bytes)?;
        if file.version > 1 {
            return Err(ImportError::Unsupported {
                what: format!("version {} of an Ente export", file.version),
            });
        }
        let base64 = |text: &str, at: &str| BASE64.decode(text.as_bytes()).map_err(|_| damaged(at));
        let memory_kib = u32::try_from(file.kdf.memory_bytes / 1024).unwrap_or(u32::MAX);
        Ok(Self {
            argon2: Argon2::new(memory_kib, file.kdf.passes, 1)?,
            salt: base64(&file.kdf.salt, "kdfParams.salt")?,
            header: base64(&file.header, "encryptionNonce")?
                .try_into()
                .map_err(|_| damaged("encryptionNonce"))?,
            message: base64(&file.data, "encryptedData")?,
        })
    }
}

impl SealedFile for Sealed {
    fn cost(&self) -> String {
        self.argon2.cost()
    }

    fn open(self: Box<Self>, passphrase: &SecretText) -> Result<Imported, ImportError> {
        let key = argon2id(passphrase.expose().as_bytes(), &self.salt, &self.argon2)?;
        let text = secret_stream(&key, &self.header, &self.message).ok_or(ImportError::WrongPassphrase)?;
        otpauth_list::import(text.expose())
    }
}
