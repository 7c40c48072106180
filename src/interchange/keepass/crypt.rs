//! The ciphers of a KDBX database: one around everything, one for single values inside, and the older key derivation.

use aes::cipher::array::Array;
use aes::cipher::consts::U16;
use aes::cipher::{
    BlockCipherEncBackend, BlockCipherEncClosure, BlockCipherEncrypt as _, BlockSizeUser, KeyInit as _,
};
use cbc::cipher::block_padding::NoPadding;
use cbc::cipher::{BlockModeDecrypt as _, KeyIvInit as _, StreamCipher as _};
use sha2::{Digest as _, Sha512};

use crate::interchange::ImportError;
use crate::interchange::cipher::sha256_of;
use crate::interchange::json::damaged;
use crate::secret::SecretBytes;

/// The nonce of every Salsa20 of a database.
const SALSA20_NONCE: [u8; 8] = [0xe8, 0x30, 0x09, 0x4b, 0x97, 0x20, 0x5d, 0x2a];

/// SHA-512 of several parts, one behind the other.
pub(super) fn sha512_of(parts: &[&[u8]]) -> SecretBytes {
    let mut hash = Sha512::new();
    for part in parts {
        hash.update(part);
    }
    SecretBytes::from_slice(&hash.finalize())
}

/// The key derivation of KDBX 3: both halves of a key, encrypted over and over with AES-256, then hashed.
///
/// # Errors
///
/// [`ImportError::Damaged`] for a key that is no 32 bytes.
pub(super) fn aes_kdf(key: &SecretBytes, seed: &[u8; 32], rounds: u64) -> Result<SecretBytes, ImportError> {
    let cipher = aes::Aes256::new(&(*seed).into());
    let mut halves = key.duplicate();
    let (blocks, rest) = Array::slice_as_chunks_mut(halves.expose_mut());
    let ([one, other], []) = (blocks, rest) else { return Err(damaged("the key")) };
    cipher.encrypt_with_backend(Rounds { one, other, n_times: rounds });
    Ok(sha256_of(&[halves.expose()]))
}

/// Two blocks that are encrypted over and over. Asking the cipher for each round would take longer than the round.
struct Rounds<'a> {
    one: &'a mut Array<u8, U16>,
    other: &'a mut Array<u8, U16>,
    n_times: u64,
}

impl BlockSizeUser for Rounds<'_> {
    type BlockSize = U16;
}

impl BlockCipherEncClosure for Rounds<'_> {
    fn call<B: BlockCipherEncBackend<BlockSize = U16>>(self, backend: &B) {
        for _ in 0..self.n_times {
            backend.encrypt_block_inplace(self.one);
            backend.encrypt_block_inplace(self.other);
        }
    }
}

/// The cipher around a database.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Outer {
    Aes256,
    ChaCha20,
    Twofish,
}

impl Outer {
    /// By the id in the header.
    pub(super) fn by_id(id: &[u8]) -> Option<Self> {
        match id {
            b"\x31\xc1\xf2\xe6\xbf\x71\x43\x50\xbe\x58\x05\x21\x6a\xfc\x5a\xff" => Some(Self::Aes256),
            b"\xd6\x03\x8a\x2b\x8b\x6f\x4c\xb5\xa5\x24\x33\x9a\x31\xdb\xb5\x9a" => Some(Self::ChaCha20),
            b"\xad\x68\xf2\x9f\x57\x6f\x4b\xb9\xa3\x6a\xd4\x7a\xf9\x65\x34\x6c" => Some(Self::Twofish),
            _ => None,
        }
    }

    /// Length of its nonce, in bytes.
    pub(super) const fn nonce_length(self) -> usize {
        if matches!(self, Self::ChaCha20) { 12 } else { 16 }
    }

    /// Tells whether a ciphertext can be of this length.
    pub(super) const fn takes(self, length: usize) -> bool {
        matches!(self, Self::ChaCha20) || length > 0 && length.is_multiple_of(16)
    }

    /// Decrypts in place and leaves the padding, which [`Outer::unpad`] takes off. `None` for a length that does not fit.
    pub(super) fn decrypt(self, key: &SecretBytes, nonce: &[u8], text: &mut SecretBytes) -> Option<()> {
        let key = key.expose();
        match self {
            Self::Aes256 => {
                let cipher = cbc::Decryptor::<aes::Aes256>::new_from_slices(key, nonce).ok()?;
                cipher.decrypt_padded::<NoPadding>(text.expose_mut()).ok()?;
            }
            Self::Twofish => {
                let cipher = cbc::Decryptor::<twofish::Twofish>::new_from_slices(key, nonce).ok()?;
                cipher.decrypt_padded::<NoPadding>(text.expose_mut()).ok()?;
            }
            Self::ChaCha20 => {
                let mut cipher = chacha20::ChaCha20::new_from_slices(key, nonce).ok()?;
                cipher.try_apply_keystream(text.expose_mut()).ok()?;
            }
        }
        Some(())
    }

    /// Takes the padding (PKCS #7) off; `None` where it does not fit.
    pub(super) fn unpad(self, text: &mut SecretBytes) -> Option<()> {
        if self == Self::ChaCha20 {
            return Some(());
        }
        let last = *text.expose().last()?;
        let length = text.len().checked_sub(last.into())?;
        let padding = text.expose().get(length..)?;
        if !(1..=16).contains(&last) || padding.iter().any(|byte| *byte != last) {
            return None;
        }
        text.expose_mut().truncate(length);
        Some(())
    }
}

/// The key stream under which single values of a database lie, one behind the other in the order of the document.
pub(super) enum Inner {
    ChaCha20(Box<chacha20::ChaCha20>),
    Salsa20(Box<salsa20::Salsa20>),
    /// Values are not hidden any further.
    None,
}

impl Inner {
    /// By the number in the header.
    ///
    /// # Errors
    ///
    /// [`ImportError::Unsupported`] for the cipher that only KeePass 2.0's alpha versions had.
    pub(super) fn new(number: u32, key: &[u8]) -> Result<Self, ImportError> {
        let wrong = || damaged("the key of protected values");
        match number {
            0 => Ok(Self::None),
            2 => {
                let key = sha256_of(&[key]);
                let cipher = salsa20::Salsa20::new_from_slices(key.expose(), &SALSA20_NONCE);
                Ok(Self::Salsa20(Box::new(cipher.map_err(|_| wrong())?)))
            }
            3 => {
                let long = sha512_of(&[key]);
                let (key, rest) = long.expose().split_first_chunk::<32>().ok_or_else(wrong)?;
                let nonce = rest.first_chunk::<12>().ok_or_else(wrong)?;
                let cipher = chacha20::ChaCha20::new(&(*key).into(), &(*nonce).into());
                Ok(Self::ChaCha20(Box::new(cipher)))
            }
            _ => Err(ImportError::Unsupported {
                what: "the cipher of this database's protected values".to_owned(),
            }),
        }
    }

    /// Decrypts the next value in place. `None` past the end of the key stream, which no file reaches.
    pub(super) fn apply(&mut self, value: &mut SecretBytes) -> Option<()> {
        match self {
            Self::ChaCha20(cipher) => cipher.try_apply_keystream(value.expose_mut()).ok(),
            Self::Salsa20(cipher) => cipher.try_apply_keystream(value.expose_mut()).ok(),
            Self::None => Some(()),
        }
    }
}
