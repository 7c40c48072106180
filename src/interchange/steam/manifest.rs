//! What `manifest.json` says of the .maFiles beside it: which of them are encrypted, and with what beginnings.

use data_encoding::BASE64;
use serde_json::Value;

use crate::interchange::ImportError;
use crate::interchange::json::{self, damaged, text};
use crate::interchange::outcome::MOST_ENTRIES;

/// A manifest that was read.
#[derive(Debug)]
pub(super) struct Manifest {
    files: Vec<(String, Option<Encryption>)>,
}

/// How a file is encrypted.
#[derive(Debug, Clone)]
pub(super) struct Encryption {
    pub(super) scheme: Scheme,
    pub(super) nonce: [u8; 16],
    pub(super) salt: Vec<u8>,
}

/// The key derivations that are in use.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Scheme {
    /// Argon2id, of newer versions of steamguard-cli.
    Argon2id,
    /// PBKDF2, of Steam Desktop Authenticator.
    Pbkdf2,
}

/// Tells whether a JSON object is a manifest.
pub(super) fn is_one(file: &Value) -> bool {
    let entries = file.get("entries").and_then(Value::as_array);
    entries.is_some_and(|entries| match entries.first() {
        Some(first) => {
            first.get("filename").is_some()
                && ["steamid", "steam_id", "encryption", "encryption_iv"]
                    .iter()
                    .any(|key| first.get(key).is_some())
        }
        None => file.get("periodic_checking").is_some() || file.get("encrypted").is_some(),
    })
}

impl Manifest {
    /// Reads a manifest.
    ///
    /// # Errors
    ///
    /// [`ImportError`] when it is damaged or too large, or names a scheme that is not known.
    pub(super) fn parse(bytes: &[u8]) -> Result<Self, ImportError> {
        let file: Value = json::parse(bytes)?;
        let entries = file.get("entries").and_then(Value::as_array).ok_or_else(|| damaged("entries"))?;
        if entries.len() > MOST_ENTRIES {
            return Err(ImportError::TooLarge);
        }
        let files = entries.iter().map(|entry| {
            // Some versions on Windows wrote a path.
            let name = text(entry, "filename").rsplit(['/', '\\']).next().unwrap_or_default();
            Ok((name.to_owned(), encryption(entry)?))
        });
        Ok(Self { files: files.collect::<Result<_, ImportError>>()? })
    }

    /// How a file of this name is encrypted; `None` where the manifest does not say that it is.
    pub(super) fn encryption_of(&self, name: &str) -> Option<&Encryption> {
        self.files.iter().find(|(known, _)| known == name).and_then(|(_, encryption)| encryption.as_ref())
    }

    /// How many files it names.
    pub(super) fn n_files(&self) -> usize {
        self.files.len()
    }
}

fn encryption(entry: &Value) -> Result<Option<Encryption>, ImportError> {
    let newer = entry.get("encryption").filter(|newer| !newer.is_null());
    let (scheme, nonce, salt) = match newer {
        Some(newer) => {
            let scheme = match text(newer, "scheme") {
                "Argon2idAes256" => Scheme::Argon2id,
                "LegacySdaCompatible" => Scheme::Pbkdf2,
                _ => {
                    return Err(ImportError::Unsupported {
                        what: "the manifest's encryption scheme".to_owned(),
                    });
                }
            };
            (scheme, text(newer, "iv"), text(newer, "salt"))
        }
        None => (Scheme::Pbkdf2, text(entry, "encryption_iv"), text(entry, "encryption_salt")),
    };
    if newer.is_none() && nonce.is_empty() && salt.is_empty() {
        return Ok(None);
    }
    let nonce = BASE64.decode(nonce.as_bytes()).ok().and_then(|nonce| nonce.try_into().ok());
    let nonce = nonce.ok_or_else(|| damaged("entries.encryption_iv"))?;
    let salt = BASE64.decode(salt.as_bytes()).ok().filter(|salt| salt.len() >= 8);
    let salt = salt.ok_or_else(|| damaged("entries.encryption_salt"))?;
    Ok(Some(Encryption { scheme, nonce, salt }))
}
