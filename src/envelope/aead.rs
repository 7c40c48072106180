//! The one way bytes are encrypted here: HKDF-SHA256 gives a key and a commitment, ChaCha20-Poly1305 seals once.
//!
//! Every key is derived from a fresh 32-byte salt and used for a single message, so the nonce is
//! constant zero and cannot be misused. The commitment is compared before the cipher runs:
//! ChaCha20-Poly1305 alone does not commit to its key, and a crafted file could open under many.

use chacha20poly1305::aead::AeadInOut as _;
use chacha20poly1305::{ChaCha20Poly1305, Key, KeyInit as _, Nonce};
use hkdf::Hkdf;
use hmac::{Hmac, Mac as _};
use sha2::Sha256;
use zeroize::Zeroizing;

use super::keys::{KEY_BYTES, MasterKey};
use crate::secret::{SecretBytes, same_bytes};

/// Length of a commitment, in bytes.
pub const COMMITMENT_BYTES: usize = 32;
/// Length of Poly1305's tag, in bytes.
pub const TAG_BYTES: usize = 16;

/// A key for one message, with the commitment that names it.
pub struct OneTimeKey {
    key: Zeroizing<[u8; KEY_BYTES]>,
    commitment: [u8; COMMITMENT_BYTES],
}

/// Says that the authentication tag does not fit: the bytes or what they are bound to were altered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the authentication tag does not fit")]
pub struct TagDiffers;

impl OneTimeKey {
    /// Expands input key material: HKDF-SHA256 (RFC 5869), 64 bytes, key then commitment.
    pub fn derive(ikm: &[u8], salt: &[u8], info: &[u8]) -> Self {
        let mut okm = Zeroizing::new([0_u8; KEY_BYTES + COMMITMENT_BYTES]);
        expand(ikm, Some(salt), info, okm.as_mut_slice());
        let mut key = Zeroizing::new([0; KEY_BYTES]);
        let mut commitment = [0; COMMITMENT_BYTES];
        let (left, right) = okm.split_at(KEY_BYTES);
        key.copy_from_slice(left);
        commitment.copy_from_slice(right);
        Self { key, commitment }
    }

    /// The commitment, which is public.
    pub fn commitment(&self) -> &[u8; COMMITMENT_BYTES] {
        &self.commitment
    }

    /// Tells in constant time whether this is the key that a commitment names.
    pub fn is_committed_to_by(&self, commitment: &[u8]) -> bool {
        same_bytes(&self.commitment, commitment)
    }

    /// Encrypts a message in place and appends its tag; the key is used up.
    pub fn seal(self, aad: &[u8], message: &mut Vec<u8>) {
        let cipher = ChaCha20Poly1305::new(&Key::from(*self.key));
        // The one error is a message of 256 GiB, and every message here is bounded far below.
        if let Ok(tag) = cipher.encrypt_inout_detached(&Nonce::default(), aad, message.as_mut_slice().into())
        {
            message.extend_from_slice(&tag);
        } else {
            message.clear();
        }
    }

    /// Decrypts a message in place and cuts its tag off; the key is used up.
    ///
    /// # Errors
    ///
    /// [`TagDiffers`]; the buffer then still holds ciphertext, never a part of the plaintext.
    pub fn open(self, aad: &[u8], message: &mut SecretBytes) -> Result<(), TagDiffers> {
        let length = message.len().checked_sub(TAG_BYTES).ok_or(TagDiffers)?;
        let tag_bytes = message.expose().get(length..).ok_or(TagDiffers)?;
        let tag = <[u8; TAG_BYTES]>::try_from(tag_bytes).map_err(|_| TagDiffers)?;
        let buffer = message.expose_mut();
        buffer.truncate(length);
        ChaCha20Poly1305::new(&Key::from(*self.key))
            .decrypt_inout_detached(&Nonce::default(), aad, buffer.as_mut_slice().into(), &tag.into())
            .map_err(|_| TagDiffers)
    }
}

/// Expands input key material into any number of bytes up to 8 160.
pub fn expand(ikm: &[u8], salt: Option<&[u8]>, info: &[u8], okm: &mut [u8]) {
    let expanded = Hkdf::<Sha256>::new(salt, ikm).expand(info, okm);
    debug_assert!(expanded.is_ok(), "HKDF-SHA256 gives up to 8160 bytes");
}

/// Makes a salt that repeats neither when the random generator does nor when the message does.
///
/// A resumed or cloned machine may draw the same bytes twice; mixed with the message under a key of
/// their own, equal salts mean equal messages.
pub fn hedged_salt(master: &MasterKey, random: &[u8; 32], message: &[u8]) -> [u8; 32] {
    // HMAC pads a short key with zeros to its block of 64 bytes, which is what the second half is.
    let mut key = Zeroizing::new([0_u8; 64]);
    let (short_key, _) = key.split_at_mut(KEY_BYTES);
    expand(master.expose(), None, b"lifeboat/1/salt", short_key);
    let mut mac = Hmac::<Sha256>::new(&(*key).into());
    mac.update(random);
    mac.update(message);
    mac.finalize().into_bytes().into()
}

/// Seals a small message with a salt of its own: salt, ciphertext, tag. The log's lines are made so.
pub fn seal_small(key: &MasterKey, info: &[u8], aad: &[u8], random: &[u8; 32], message: &[u8]) -> Vec<u8> {
    let salt = hedged_salt(key, random, message);
    let mut sealed = message.to_vec();
    OneTimeKey::derive(key.expose(), &salt, info).seal(aad, &mut sealed);
    [salt.as_slice(), &sealed].concat()
}

/// Opens what [`seal_small`] made.
///
/// # Errors
///
/// [`TagDiffers`] when key, binding or bytes differ.
pub fn open_small(
    key: &MasterKey,
    info: &[u8],
    aad: &[u8],
    sealed: &[u8],
) -> Result<SecretBytes, TagDiffers> {
    let (salt, ciphertext) = sealed.split_at_checked(32).ok_or(TagDiffers)?;
    let mut message = SecretBytes::from_slice(ciphertext);
    OneTimeKey::derive(key.expose(), salt, info).open(aad, &mut message)?;
    Ok(message)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_sealed_opens_with_the_same_key_and_the_same_binding_alone() {
        let key = || OneTimeKey::derive(b"ikm", b"salt", b"info");
        let mut sealed = b"message".to_vec();
        key().seal(b"aad", &mut sealed);
        let open = |key: OneTimeKey, aad: &[u8]| {
            let mut buffer = SecretBytes::from_slice(&sealed);
            key.open(aad, &mut buffer).map(|()| buffer.expose().to_vec())
        };
        assert_eq!(open(key(), b"aad").unwrap(), b"message");
        assert_eq!(open(key(), b"AAD").unwrap_err(), TagDiffers);
        assert_eq!(open(OneTimeKey::derive(b"ikm", b"salt", b"other"), b"aad").unwrap_err(), TagDiffers);
    }

    #[test]
    fn a_small_message_opens_under_its_key_its_purpose_and_its_binding_alone() {
        let (key, other) = (MasterKey::from_bytes([1; 32]), MasterKey::from_bytes([2; 32]));
        let sealed = seal_small(&key, b"log", b"3", &[7; 32], b"record");
        assert_eq!(sealed.len(), 32 + b"record".len() + TAG_BYTES);
        assert_eq!(open_small(&key, b"log", b"3", &sealed).unwrap().expose(), b"record");
        assert_eq!(open_small(&other, b"log", b"3", &sealed).unwrap_err(), TagDiffers);
        assert_eq!(open_small(&key, b"lag", b"3", &sealed).unwrap_err(), TagDiffers);
        assert_eq!(open_small(&key, b"log", b"4", &sealed).unwrap_err(), TagDiffers);
        for length in 0..sealed.len() {
            assert_eq!(open_small(&key, b"log", b"3", &sealed[..length]).unwrap_err(), TagDiffers);
        }
    }

    #[test]
    fn the_commitment_names_one_key() {
        let key = OneTimeKey::derive(b"ikm", b"salt", b"info");
        let other = OneTimeKey::derive(b"ikm2", b"salt", b"info");
        assert!(key.is_committed_to_by(key.commitment()));
        assert!(!other.is_committed_to_by(key.commitment()));
    }

    #[test]
    fn a_salt_differs_when_either_the_random_bytes_or_the_message_do() {
        let master = MasterKey::from_bytes([1; 32]);
        let salt = hedged_salt(&master, &[2; 32], b"one");
        assert_ne!(salt, hedged_salt(&master, &[2; 32], b"two"));
        assert_ne!(salt, hedged_salt(&master, &[3; 32], b"one"));
        assert_eq!(salt, hedged_salt(&master, &[2; 32], b"one"));
    }
}
