//! The ciphers and key derivations that several other programs' formats share.

use aes_gcm::aead::AeadInOut as _;
use aes_gcm::{Aes256Gcm, KeyInit as _};
use cbc::cipher::block_padding::Pkcs7;
use cbc::cipher::{BlockModeDecrypt as _, BlockModeEncrypt as _, KeyIvInit as _};
use chacha20poly1305::XChaCha20Poly1305;
use hkdf::Hkdf;
use hmac::{Hmac, Mac as _};
use sha1::Sha1;
use sha2::{Digest as _, Sha256};

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
    let mut key = SecretBytes::new(vec![0; 32]);
    argon2::Argon2::new(argon2::Algorithm::Argon2id, argon2::Version::V0x13, argon2.params.clone())
        .hash_password_into(password, salt, key.expose_mut())
        .map_err(|_| super::json::damaged("the key derivation's salt"))?;
    Ok(key)
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

/// Tells whether HMAC-SHA-256 over parts is what a file says, in constant time.
pub(super) fn hmac_sha256_fits(key: &SecretBytes, parts: &[&[u8]], mac: &[u8]) -> bool {
    let Ok(mut hmac) = Hmac::<Sha256>::new_from_slice(key.expose()) else { return false };
    for part in parts {
        hmac.update(part);
    }
    hmac.verify_slice(mac).is_ok()
}

/// Seals AES-128-CBC with PKCS #7 padding.
///
/// # Errors
///
/// [`ExportError::Cipher`] for a key that is not 16 bytes long.
pub(super) fn seal_cbc_aes128(
    key: &SecretBytes,
    nonce: &[u8; 16],
    text: &[u8],
) -> Result<Vec<u8>, ExportError> {
    let cipher = cbc::Encryptor::<aes::Aes128>::new_from_slices(key.expose(), nonce);
    let mut buffer = SecretBytes::new(vec![0; text.len() + 16]);
    buffer.expose_mut().get_mut(..text.len()).ok_or(ExportError::Cipher)?.copy_from_slice(text);
    let cipher = cipher.map_err(|_| ExportError::Cipher)?;
    let sealed = cipher.encrypt_padded::<Pkcs7>(buffer.expose_mut(), text.len());
    sealed.map(<[u8]>::to_vec).map_err(|_| ExportError::Cipher)
}

/// HMAC-SHA-1.
///
/// # Errors
///
/// None in practice: HMAC takes a key of any length.
pub(super) fn hmac_sha1(key: &SecretBytes, bytes: &[u8]) -> Result<[u8; 20], ExportError> {
    let mut hmac = Hmac::<Sha1>::new_from_slice(key.expose()).map_err(|_| ExportError::Cipher)?;
    hmac.update(bytes);
    Ok(hmac.finalize().into_bytes().into())
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

/// Opens XChaCha20-Poly1305 in place, with the tag at the end, and takes the tag off.
pub(super) fn xchacha20_poly1305(key: &SecretBytes, nonce: &[u8; 24], buffer: &mut SecretBytes) -> bool {
    let Ok(cipher) = XChaCha20Poly1305::new_from_slice(key.expose()) else { return false };
    cipher.decrypt_in_place(&(*nonce).into(), &[], buffer.expose_mut()).is_ok()
}

/// Opens the first message of libsodium's `crypto_secretstream_xchacha20poly1305`: an encrypted byte that says what kind
/// of message it is, the ciphertext, a tag of 16 bytes. `None` when it does not fit.
///
/// The key of the stream is `HChaCha20` of the key and the header's first half; its nonce a counter, which is 1, and the
/// header's second half. Block 0 keys Poly1305, block 1 hides the kind, the text begins at block 2.
pub(super) fn secret_stream(key: &SecretBytes, header: &[u8; 24], message: &[u8]) -> Option<SecretBytes> {
    use chacha20::cipher::{KeyIvInit as _, StreamCipher as _, StreamCipherSeek as _};
    use poly1305::universal_hash::KeyInit as _;
    const BLOCK: usize = 64;
    let (sealed, tag) = message.split_last_chunk::<16>()?;
    let (kind, ciphertext) = sealed.split_first()?;
    let (input, rest) = header.split_first_chunk::<16>()?;
    let long_key: [u8; 32] = key.expose().try_into().ok()?;
    let mut subkey = chacha20::hchacha::<chacha20::R20>(&long_key.into(), &(*input).into());
    let mut nonce = [1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0];
    nonce.get_mut(4..)?.copy_from_slice(rest);
    let mut stream = chacha20::ChaCha20::new(&subkey, &nonce.into());
    zeroize::Zeroize::zeroize(subkey.as_mut_slice());
    let mut mac_key = SecretBytes::new(vec![0; BLOCK]);
    stream.apply_keystream(mac_key.expose_mut());
    let mac = poly1305::Poly1305::new_from_slice(mac_key.expose().get(..32)?).ok()?;
    // The block that is authenticated has the kind still encrypted, and the key stream behind it.
    let mut block = SecretBytes::new(vec![0; BLOCK]);
    stream.apply_keystream(block.expose_mut());
    *block.expose_mut().first_mut()? = *kind;
    let mut authenticated = SecretBytes::with_capacity(BLOCK + ciphertext.len() + 32);
    authenticated.expose_mut().extend_from_slice(block.expose());
    authenticated.expose_mut().extend_from_slice(ciphertext);
    // As libsodium does, which pads by the length plus what the block takes.
    let padding = (16_usize.wrapping_sub(BLOCK).wrapping_add(ciphertext.len())) % 16;
    authenticated.expose_mut().extend(std::iter::repeat_n(0, padding));
    authenticated.expose_mut().extend_from_slice(&0_u64.to_le_bytes());
    let length = u64::try_from(BLOCK.checked_add(ciphertext.len())?).ok()?;
    authenticated.expose_mut().extend_from_slice(&length.to_le_bytes());
    // It is no whole number of blocks then, and its end is hashed as it is.
    if !crate::secret::same_bytes(mac.compute_unpadded(authenticated.expose()).as_slice(), tag) {
        return None;
    }
    let mut text = SecretBytes::from_slice(ciphertext);
    stream.try_seek(2 * 64_u64).ok()?;
    stream.apply_keystream(text.expose_mut());
    Some(text)
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
