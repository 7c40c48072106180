//! The ciphers and key derivations that several other programs' formats share.

mod aes_blocks;
mod secret_stream;

use aes_gcm::aead::AeadInOut as _;
use aes_gcm::{Aes256Gcm, KeyInit as _};
use cbc::cipher::block_padding::{NoPadding, Pkcs7};
use cbc::cipher::{BlockModeDecrypt as _, BlockModeEncrypt as _, KeyIvInit as _};
use chacha20poly1305::{ChaCha20Poly1305, XChaCha20Poly1305};
use hkdf::Hkdf;
use hmac::{Hmac, Mac as _};
use sha1::Sha1;
use sha2::{Digest as _, Sha256};

pub(super) use aes_blocks::Aes;
pub(super) use secret_stream::{seal_secret_stream, secret_stream};

use super::{ExportError, ImportError};
use crate::secret::SecretBytes;

/// Most memory that a file's Argon2 may ask for; Ente's own choice is one gibibyte.
const MOST_MEMORY_KIB: u32 = 2 << 20;
/// Most memory that its passes together may run through, which bounds the time.
const MOST_WORK_KIB: u64 = 16 << 20;

/// SHA-256, as a key.
pub(super) fn sha256(bytes: &[u8]) -> SecretBytes {
    SecretBytes::from_slice(&Sha256::digest(bytes))
}

/// SHA-1, as a part of a key.
pub(super) fn sha1(bytes: &[u8]) -> SecretBytes {
    SecretBytes::from_slice(&Sha1::digest(bytes))
}

/// SHA-256 of several parts, one behind the other.
pub(super) fn sha256_of(parts: &[&[u8]]) -> SecretBytes {
    let mut hash = Sha256::new();
    for part in parts {
        hash.update(part);
    }
    SecretBytes::from_slice(&hash.finalize())
}

/// Parameters of an Argon2id (RFC 9106) that a file asks for, within what is allowed.
#[derive(Debug, Clone)]
pub(super) struct Argon2 {
    params: argon2::Params,
}

impl Argon2 {
    /// # Errors
    ///
    /// [`ImportError::TooCostly`], and [`ImportError::Damaged`] for numbers that Argon2 does not take.
    pub(super) fn new(memory_kib: u32, passes: u32, lanes: u32) -> Result<Self, ImportError> {
        let work_kib = u64::from(memory_kib).saturating_mul(passes.into());
        if memory_kib > MOST_MEMORY_KIB || work_kib > MOST_WORK_KIB {
            let limit = if memory_kib > MOST_MEMORY_KIB { MOST_MEMORY_KIB.into() } else { MOST_WORK_KIB };
            return Err(ImportError::TooCostly { asked_mib: work_kib >> 10, limit_mib: limit >> 10 });
        }
        let params = argon2::Params::new(memory_kib, passes, lanes, Some(32));
        let params = params.map_err(|_| super::json::damaged("the key derivation's parameters"))?;
        Ok(Self { params })
    }

    /// The memory that it takes, in words.
    pub(super) fn cost(&self) -> String {
        format!("{} MiB", (self.params.m_cost() >> 10).max(1))
    }
}

/// Argon2id, version 1.3: a key of 32 bytes.
///
/// # Errors
///
/// [`ImportError::Damaged`] for a salt that Argon2 does not take.
pub(super) fn argon2id(password: &[u8], salt: &[u8], argon2: &Argon2) -> Result<SecretBytes, ImportError> {
    argon2_of(Argon2Kind::Id, 0x13, password, salt, argon2)
}

/// Which Argon2 a file asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Argon2Kind {
    /// Argon2d.
    D,
    /// Argon2id.
    Id,
}

/// Argon2 of a kind and a version (0x10 or 0x13): a key of 32 bytes.
///
/// # Errors
///
/// [`ImportError::Damaged`] for a version that does not exist, or a salt that Argon2 does not take.
pub(super) fn argon2_of(
    kind: Argon2Kind,
    version: u32,
    password: &[u8],
    salt: &[u8],
    argon2: &Argon2,
) -> Result<SecretBytes, ImportError> {
    let algorithm = match kind {
        Argon2Kind::D => argon2::Algorithm::Argon2d,
        Argon2Kind::Id => argon2::Algorithm::Argon2id,
    };
    let version =
        argon2::Version::try_from(version).map_err(|_| super::json::damaged("the version of Argon2"))?;
    let mut key = SecretBytes::new(vec![0; 32]);
    argon2::Argon2::new(algorithm, version, argon2.params.clone())
        .hash_password_into(password, salt, key.expose_mut())
        .map_err(|_| super::json::damaged("the key derivation's salt"))?;
    Ok(key)
}

/// As [`argon2id`], for a file that is written.
///
/// # Errors
///
/// [`ExportError::Cipher`] for parameters that Argon2 does not take.
pub(super) fn key_for_writing(
    password: &[u8],
    salt: &[u8],
    (memory_kib, passes, lanes): (u32, u32, u32),
) -> Result<SecretBytes, ExportError> {
    let argon2 = Argon2::new(memory_kib, passes, lanes).map_err(|_| ExportError::Cipher)?;
    argon2id(password, salt, &argon2).map_err(|_| ExportError::Cipher)
}

/// PBKDF2 with HMAC-SHA-512: a key of 32 bytes.
pub(super) fn pbkdf2_sha512(password: &[u8], salt: &[u8], rounds: u32) -> SecretBytes {
    let mut key = SecretBytes::new(vec![0; 32]);
    pbkdf2::pbkdf2_hmac::<sha2::Sha512>(password, salt, rounds, key.expose_mut());
    key
}

/// PBKDF2 with HMAC-SHA-1.
pub(super) fn pbkdf2_sha1(password: &[u8], salt: &[u8], rounds: u32, length: usize) -> SecretBytes {
    let mut key = SecretBytes::new(vec![0; length]);
    pbkdf2::pbkdf2_hmac::<Sha1>(password, salt, rounds, key.expose_mut());
    key
}

/// The second half of HKDF-SHA-256 alone: 32 bytes.
pub(super) fn hkdf_expand(key: &SecretBytes, info: &[u8]) -> SecretBytes {
    let mut expanded = SecretBytes::new(vec![0; 32]);
    // A key of 32 bytes and an output of 32 are within what HKDF takes.
    if let Ok(hkdf) = Hkdf::<Sha256>::from_prk(key.expose()) {
        let _expanded = hkdf.expand(info, expanded.expose_mut());
    }
    expanded
}

/// HKDF-SHA-256 (RFC 5869): 32 bytes.
pub(super) fn hkdf_sha256(key: &SecretBytes, salt: &[u8], info: &[u8]) -> SecretBytes {
    let mut derived = SecretBytes::new(vec![0; 32]);
    // An output of 32 bytes is within what HKDF gives.
    let _expanded = Hkdf::<Sha256>::new(Some(salt), key.expose()).expand(info, derived.expose_mut());
    derived
}

/// Tells whether HMAC-SHA-256 over parts is what a file says, in constant time.
pub(super) fn hmac_sha256_fits(key: &SecretBytes, parts: &[&[u8]], mac: &[u8]) -> bool {
    let Ok(mut hmac) = Hmac::<Sha256>::new_from_slice(key.expose()) else { return false };
    for part in parts {
        hmac.update(part);
    }
    hmac.verify_slice(mac).is_ok()
}

/// HMAC-SHA-256 over parts.
///
/// # Errors
///
/// None in practice: HMAC takes a key of any length.
pub(super) fn hmac_sha256(key: &SecretBytes, parts: &[&[u8]]) -> Result<[u8; 32], ExportError> {
    let mut hmac = Hmac::<Sha256>::new_from_slice(key.expose()).map_err(|_| ExportError::Cipher)?;
    for part in parts {
        hmac.update(part);
    }
    Ok(hmac.finalize().into_bytes().into())
}

/// Seals AES-256-CBC with PKCS #7 padding.
///
/// # Errors
///
/// [`ExportError::Cipher`] for a key that is not 32 bytes long.
pub(super) fn seal_cbc_aes256(
    key: &SecretBytes,
    nonce: &[u8; 16],
    text: &[u8],
) -> Result<Vec<u8>, ExportError> {
    let cipher = cbc::Encryptor::<aes::Aes256>::new_from_slices(key.expose(), nonce);
    let mut buffer = SecretBytes::new(vec![0; text.len() + 16]);
    buffer.expose_mut().get_mut(..text.len()).ok_or(ExportError::Cipher)?.copy_from_slice(text);
    let cipher = cipher.map_err(|_| ExportError::Cipher)?;
    let sealed = cipher.encrypt_padded::<Pkcs7>(buffer.expose_mut(), text.len());
    sealed.map(<[u8]>::to_vec).map_err(|_| ExportError::Cipher)
}

/// The bytes of a text that is nothing but base64 of whole blocks of AES, as files of several programs are.
pub(super) fn base64_blocks(text: &[u8]) -> Option<Vec<u8>> {
    let is_symbol = |byte: &u8| byte.is_ascii_alphanumeric() || b"+/= \t\r\n".contains(byte);
    if !text.iter().all(is_symbol) {
        return None;
    }
    let symbols: Vec<u8> = text.iter().copied().filter(|byte| !byte.is_ascii_whitespace()).collect();
    let bytes = data_encoding::BASE64.decode(&symbols).ok()?;
    (!bytes.is_empty() && bytes.len() % 16 == 0).then_some(bytes)
}

/// As [`cbc_aes256`], with a key of 16 bytes.
pub(super) fn cbc_aes128(key: &SecretBytes, nonce: &[u8; 16], ciphertext: &[u8]) -> Option<SecretBytes> {
    let cipher = cbc::Decryptor::<aes::Aes128>::new_from_slices(key.expose(), nonce).ok()?;
    let mut text = SecretBytes::from_slice(ciphertext);
    let length = cipher.decrypt_padded::<Pkcs7>(text.expose_mut()).ok()?.len();
    text.expose_mut().truncate(length);
    Some(text)
}

/// Opens AES-256-CBC with PKCS #7 padding; `None` where the padding does not fit, as with a wrong key nearly always.
pub(super) fn cbc_aes256(key: &SecretBytes, nonce: &[u8; 16], ciphertext: &[u8]) -> Option<SecretBytes> {
    let cipher = cbc::Decryptor::<aes::Aes256>::new_from_slices(key.expose(), nonce).ok()?;
    let mut text = SecretBytes::from_slice(ciphertext);
    let length = cipher.decrypt_padded::<Pkcs7>(text.expose_mut()).ok()?.len();
    text.expose_mut().truncate(length);
    Some(text)
}

/// As [`cbc_aes256`], without any padding.
pub(super) fn cbc_aes256_unpadded(
    key: &SecretBytes,
    nonce: &[u8; 16],
    ciphertext: &[u8],
) -> Option<SecretBytes> {
    let cipher = cbc::Decryptor::<aes::Aes256>::new_from_slices(key.expose(), nonce).ok()?;
    let mut text = SecretBytes::from_slice(ciphertext);
    cipher.decrypt_padded::<NoPadding>(text.expose_mut()).ok()?;
    Some(text)
}

/// PBKDF2 with HMAC-SHA-256 (RFC 8018 section 5.2): a key of 32 bytes.
pub(super) fn pbkdf2_sha256(password: &[u8], salt: &[u8], rounds: u32) -> SecretBytes {
    let mut key = SecretBytes::new(vec![0; 32]);
    pbkdf2::pbkdf2_hmac::<Sha256>(password, salt, rounds, key.expose_mut());
    key
}

/// Opens AES-256-GCM in place, with the tag at the end as most programs write it, and takes the tag off. False when it
/// does not fit: then the buffer is of no use.
pub(super) fn aes256_gcm(key: &SecretBytes, nonce: &[u8; 12], buffer: &mut SecretBytes) -> bool {
    let bytes = buffer.expose_mut();
    let Some((_, tag)) = bytes.split_last_chunk::<16>() else { return false };
    let tag = *tag;
    bytes.truncate(bytes.len() - tag.len());
    aes256_gcm_detached(key, nonce, &tag, buffer)
}

/// As [`aes256_gcm`], bound to something.
pub(super) fn aes256_gcm_with(
    key: &SecretBytes,
    nonce: &[u8; 12],
    binding: &[u8],
    buffer: &mut SecretBytes,
) -> bool {
    let Ok(cipher) = Aes256Gcm::new_from_slice(key.expose()) else { return false };
    cipher.decrypt_in_place(&(*nonce).into(), binding, buffer.expose_mut()).is_ok()
}

/// Seals AES-256-GCM in place, bound to something, with the tag put at the end.
///
/// # Errors
///
/// [`ExportError::Cipher`] for a key that is not 32 bytes long.
pub(super) fn seal_aes256_gcm(
    key: &SecretBytes,
    nonce: &[u8; 12],
    binding: &[u8],
    buffer: &mut SecretBytes,
) -> Result<(), ExportError> {
    let cipher = Aes256Gcm::new_from_slice(key.expose()).map_err(|_| ExportError::Cipher)?;
    // Room for the tag first, so that the text does not move and leave a copy of itself behind.
    let mut sealed = SecretBytes::with_capacity(buffer.len() + 16);
    sealed.expose_mut().extend_from_slice(buffer.expose());
    cipher
        .encrypt_in_place(&(*nonce).into(), binding, sealed.expose_mut())
        .map_err(|_| ExportError::Cipher)?;
    *buffer = sealed;
    Ok(())
}

/// As [`aes256_gcm_with`], with a nonce of sixteen bytes, which GCM hashes first.
pub(super) fn aes256_gcm_long_nonce(
    key: &SecretBytes,
    nonce: &[u8; 16],
    binding: &[u8],
    buffer: &mut SecretBytes,
) -> bool {
    type Cipher = aes_gcm::AesGcm<aes::Aes256, aes_gcm::aead::consts::U16>;
    let Ok(cipher) = Cipher::new_from_slice(key.expose()) else { return false };
    cipher.decrypt_in_place(&(*nonce).into(), binding, buffer.expose_mut()).is_ok()
}

/// Opens ChaCha20-Poly1305 (RFC 8439) in place, with the tag at the end, and takes the tag off.
pub(super) fn chacha20_poly1305(key: &SecretBytes, nonce: &[u8; 12], buffer: &mut SecretBytes) -> bool {
    let Ok(cipher) = ChaCha20Poly1305::new_from_slice(key.expose()) else { return false };
    cipher.decrypt_in_place(&(*nonce).into(), &[], buffer.expose_mut()).is_ok()
}

/// Opens XChaCha20-Poly1305 in place, with the tag at the end, and takes the tag off.
pub(super) fn xchacha20_poly1305(key: &SecretBytes, nonce: &[u8; 24], buffer: &mut SecretBytes) -> bool {
    let Ok(cipher) = XChaCha20Poly1305::new_from_slice(key.expose()) else { return false };
    cipher.decrypt_in_place(&(*nonce).into(), &[], buffer.expose_mut()).is_ok()
}

/// As [`aes256_gcm`], with the tag apart.
pub(super) fn aes256_gcm_detached(
    key: &SecretBytes,
    nonce: &[u8; 12],
    tag: &[u8; 16],
    buffer: &mut SecretBytes,
) -> bool {
    let Ok(cipher) = Aes256Gcm::new_from_slice(key.expose()) else { return false };
    let buffer = buffer.expose_mut().as_mut_slice();
    cipher.decrypt_inout_detached(&(*nonce).into(), &[], buffer.into(), &(*tag).into()).is_ok()
}
