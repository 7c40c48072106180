//! What opens the encrypted values of a container, and whether it is what was used.
//!
//! The ciphers in use have no tag of their own but the wrapping of keys, so that RFC 6030 asks for a MAC beside each
//! value. Where there is none, a value counts only with a padding that a wrong key would not make: a wrong code must
//! never come out.

use std::fmt;

use data_encoding::{BASE64, HEXLOWER_PERMISSIVE};
use hmac::{Hmac, KeyInit as _, Mac as _};
use roxmltree::Node;
use sha1::Sha1;
use sha2::{Sha256, Sha384, Sha512};

use super::{accounts, base64, below, content, document, keys};
use crate::interchange::cipher::{Aes, pbkdf2_sha1, pbkdf2_sha256, pbkdf2_sha512};
use crate::interchange::json::damaged;
use crate::interchange::registry::SealedFile;
use crate::interchange::{ImportError, Imported};
use crate::secret::{SecretBytes, SecretText};

/// Most rounds of PBKDF2.
const MOST_ROUNDS: u32 = 5_000_000;
/// So many bytes of padding, all of them as they have to be, are no accident.
const TELLING_PADDING: usize = 4;

/// A hash.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Hash {
    Sha1,
    Sha256,
    Sha384,
    Sha512,
}

impl Hash {
    /// By the name of an algorithm that uses it: `…#hmac-sha256`, `hmacWithSHA256`.
    fn of(algorithm: &str) -> Option<Self> {
        let name = algorithm.rsplit(['#', '/', ':']).next().unwrap_or_default().to_ascii_lowercase();
        match name.replace(['-', '_'], "").replace("with", "").as_str() {
            "hmacsha1" => Some(Self::Sha1),
            "hmacsha256" => Some(Self::Sha256),
            "hmacsha384" => Some(Self::Sha384),
            "hmacsha512" => Some(Self::Sha512),
            _ => None,
        }
    }

    fn mac_fits(self, key: &SecretBytes, text: &[u8], mac: &[u8]) -> bool {
        macro_rules! fits {
            ($hash:ty) => {
                Hmac::<$hash>::new_from_slice(key.expose()).is_ok_and(|mut hmac| {
                    hmac.update(text);
                    hmac.verify_slice(mac).is_ok()
                })
            };
        }
        match self {
            Self::Sha1 => fits!(Sha1),
            Self::Sha256 => fits!(Sha256),
            Self::Sha384 => fits!(Sha384),
            Self::Sha512 => fits!(Sha512),
        }
    }
}

/// Where the key comes from.
#[derive(Debug)]
enum Origin {
    /// A passphrase, by PBKDF2.
    Derived { hash: Hash, salt: Vec<u8>, rounds: u32, length: usize },
    /// Both sides have it; it is given in hexadecimal digits or base64.
    Shared,
}

/// An encrypted container.
pub(super) struct Sealed {
    origin: Origin,
    text: SecretText,
}

impl fmt::Debug for Sealed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Sealed").field("origin", &self.origin).finish_non_exhaustive()
    }
}

impl Sealed {
    pub(super) fn parse(text: &str, container: Node<'_, '_>) -> Result<Self, ImportError> {
        let key = below(container, &["EncryptionKey"]).ok_or_else(|| damaged("EncryptionKey"))?;
        let origin = if let Some(method) = below(key, &["DerivedKey", "KeyDerivationMethod"]) {
            derived(method, container)?
        } else if below(key, &["KeyName"]).is_some() {
            Origin::Shared
        } else {
            return Err(unsupported("a PSKC file that is encrypted for a certificate"));
        };
        Ok(Self { origin, text: SecretText::new(text.to_owned()) })
    }

    fn key(&self, passphrase: &SecretText) -> Result<SecretBytes, ImportError> {
        let password = passphrase.expose();
        match &self.origin {
            Origin::Derived { hash, salt, rounds, length } => {
                let mut key = match hash {
                    Hash::Sha1 => pbkdf2_sha1(password.as_bytes(), salt, *rounds, *length),
                    Hash::Sha256 => pbkdf2_sha256(password.as_bytes(), salt, *rounds),
                    Hash::Sha512 => pbkdf2_sha512(password.as_bytes(), salt, *rounds),
                    Hash::Sha384 => return Err(unsupported("PBKDF2 with SHA-384")),
                };
                // A shorter key of PBKDF2 is the beginning of a longer one.
                key.expose_mut().truncate(*length);
                Ok(key)
            }
            Origin::Shared => {
                let symbols: Vec<u8> = password.bytes().filter(|byte| !byte.is_ascii_whitespace()).collect();
                let key = HEXLOWER_PERMISSIVE.decode(&symbols).or_else(|_| BASE64.decode(&symbols));
                let key = key.map(SecretBytes::new).map_err(|_| ImportError::WrongPassphrase)?;
                if Aes::new(&key).is_some() { Ok(key) } else { Err(ImportError::WrongPassphrase) }
            }
        }
    }
}

fn derived(method: Node<'_, '_>, container: Node<'_, '_>) -> Result<Origin, ImportError> {
    let name = method.attribute("Algorithm").unwrap_or_default().to_ascii_lowercase();
    if !name.ends_with("pbkdf2") {
        return Err(unsupported("the key derivation of this PSKC file"));
    }
    let at = |path: &[&str]| below(method, &["PBKDF2-params"]).and_then(|params| below(params, path));
    let salt = at(&["Salt", "Specified"]).and_then(base64).ok_or_else(|| damaged("the salt"))?;
    let rounds = at(&["IterationCount"]).and_then(|rounds| content(rounds).parse::<u64>().ok());
    let rounds = rounds.filter(|rounds| *rounds > 0).ok_or_else(|| damaged("the number of rounds"))?;
    let rounds = u32::try_from(rounds).ok().filter(|rounds| *rounds <= MOST_ROUNDS);
    let rounds = rounds.ok_or_else(|| unsupported("a key derivation of more than 5 million rounds"))?;
    let hash = match at(&["PRF"]).and_then(|prf| prf.attribute("Algorithm")).unwrap_or_default() {
        "" => Hash::Sha1,
        name => Hash::of(name).ok_or_else(|| unsupported("the key derivation of this PSKC file"))?,
    };
    let length = match at(&["KeyLength"]).map(content) {
        Some(length) => length.parse().ok(),
        // The length that the ciphers of the values want.
        None => {
            keys(container).find_map(|(_, key)| cipher_of(below(key, &["Data", "Secret"])?)).map(|(_, n)| n)
        }
    };
    let length = length
        .filter(|length| matches!(length, 16 | 24 | 32))
        .ok_or_else(|| damaged("the length of the key"))?;
    Ok(Origin::Derived { hash, salt, rounds, length })
}

/// How a value is encrypted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Cipher {
    Chain,
    KeyWrap,
}

/// The cipher of an encrypted value and the length of its key; `None` where it is not known.
fn cipher_of(value: Node<'_, '_>) -> Option<(Cipher, usize)> {
    let value = below(value, &["EncryptedValue"]).unwrap_or(value);
    let name = below(value, &["EncryptionMethod"])?.attribute("Algorithm")?;
    match name.rsplit('#').next()?.to_ascii_lowercase().as_str() {
        "aes128-cbc" => Some((Cipher::Chain, 16)),
        "aes192-cbc" => Some((Cipher::Chain, 24)),
        "aes256-cbc" => Some((Cipher::Chain, 32)),
        "kw-aes128" => Some((Cipher::KeyWrap, 16)),
        "kw-aes192" => Some((Cipher::KeyWrap, 24)),
        "kw-aes256" => Some((Cipher::KeyWrap, 32)),
        _ => None,
    }
}

/// What opens values.
pub(super) struct Keys {
    key: SecretBytes,
    /// The hash and the key of the values' MACs.
    mac: Option<(Hash, SecretBytes)>,
}

impl Keys {
    fn new(key: SecretBytes, container: Node<'_, '_>) -> Result<Self, ImportError> {
        let Some(method) = below(container, &["MACMethod"]) else { return Ok(Self { key, mac: None }) };
        let hash = Hash::of(method.attribute("Algorithm").unwrap_or_default());
        let hash = hash.ok_or_else(|| unsupported("the MAC of this PSKC file"))?;
        let mac_key = match below(method, &["MACKey"]) {
            // It is authenticated by what it authenticates.
            Some(value) => unpadded(&opened(&key, value)?.ok_or(ImportError::WrongPassphrase)?, 1)
                .ok_or(ImportError::WrongPassphrase)?,
            None => key.duplicate(),
        };
        Ok(Self { key, mac: Some((hash, mac_key)) })
    }

    /// Opens a value; `None` where it does not fit.
    pub(super) fn open(&self, value: Node<'_, '_>) -> Option<SecretBytes> {
        let text = opened(&self.key, value).ok()??;
        if cipher_of(value)?.0 == Cipher::KeyWrap {
            return Some(text);
        }
        match (below(value, &["ValueMAC"]), &self.mac) {
            (Some(mac), Some((hash, key))) => {
                let sealed = base64(below(value, &["EncryptedValue", "CipherData", "CipherValue"])?)?;
                hash.mac_fits(key, &sealed, &base64(mac)?).then(|| unpadded(&text, 1))?
            }
            (None, _) => unpadded(&text, TELLING_PADDING),
            (Some(_), None) => None,
        }
    }
}

/// What is in an encrypted value, with the padding that its cipher leaves; `None` where it cannot be.
fn opened(key: &SecretBytes, value: Node<'_, '_>) -> Result<Option<SecretBytes>, ImportError> {
    let (cipher, n_key) = cipher_of(value).ok_or_else(|| unsupported("the cipher of this PSKC file"))?;
    let inside = below(value, &["EncryptedValue"]).unwrap_or(value);
    let sealed = below(inside, &["CipherData", "CipherValue"]).and_then(base64);
    let sealed = sealed.ok_or_else(|| damaged("an encrypted value"))?;
    let Some(aes) = Aes::new(key).filter(|_| key.len() == n_key) else { return Ok(None) };
    Ok(match cipher {
        Cipher::Chain => aes.chain(&sealed),
        Cipher::KeyWrap => aes.unwrap(&sealed),
    })
}

/// Takes the padding off, whose last byte says how long it is. XML Encryption lets the others be anything; what stands
/// in for a MAC has to be the padding of PKCS #7, and long enough.
fn unpadded(text: &SecretBytes, telling: usize) -> Option<SecretBytes> {
    let bytes = text.expose();
    let last = *bytes.last()?;
    let length = usize::from(last);
    let (content, padding) = bytes.split_at_checked(bytes.len().checked_sub(length)?)?;
    let is_telling = telling == 1 || length >= telling && padding.iter().all(|byte| *byte == last);
    (1..=16).contains(&length).then_some(())?;
    is_telling.then(|| SecretBytes::from_slice(content))
}

impl SealedFile for Sealed {
    fn cost(&self) -> String {
        "1 MiB".to_owned()
    }

    fn open(self: Box<Self>, passphrase: &SecretText) -> Result<Imported, ImportError> {
        let document = document(self.text.expose())?;
        let container = document.root_element();
        let opening = Keys::new(self.key(passphrase)?, container)?;
        let (mut n_fit, mut first_bad) = (0_usize, None);
        for (idx, (_, key)) in keys(container).enumerate() {
            let Some(value) = below(key, &["Data", "Secret"]) else { continue };
            if below(value, &["EncryptedValue"]).is_none() {
                continue;
            }
            cipher_of(value).ok_or_else(|| unsupported("the cipher of this PSKC file"))?;
            if opening.open(value).is_some() {
                n_fit += 1;
            } else {
                first_bad.get_or_insert(idx + 1);
            }
        }
        match first_bad {
            None => accounts(container, Some(&opening)),
            Some(_) if n_fit == 0 => Err(ImportError::WrongPassphrase),
            Some(position) => Err(damaged(&format!("the encrypted secret of key {position}"))),
        }
    }
}

fn unsupported(what: &str) -> ImportError {
    ImportError::Unsupported { what: what.to_owned() }
}
