//! The ciphers and key derivations that several other programs' formats share.

use aes_gcm::aead::AeadInOut as _;
use aes_gcm::{Aes256Gcm, KeyInit as _};
use sha2::Sha256;

use crate::secret::SecretBytes;

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
