//! The first message of libsodium's `crypto_secretstream_xchacha20poly1305`: an encrypted byte that says what kind of
//! message it is, the ciphertext, a tag of 16 bytes.
//!
//! The key of the stream is `HChaCha20` of the key and the header's first half; its nonce a counter, which is 1, and the
//! header's second half. Block 0 keys Poly1305, block 1 hides the kind, the text begins at block 2.

use chacha20::cipher::{KeyIvInit as _, StreamCipher as _, StreamCipherSeek as _};
use poly1305::universal_hash::KeyInit as _;

use crate::interchange::ExportError;
use crate::secret::{SecretBytes, same_bytes};

const BLOCK: usize = 64;
/// Says that the stream ends with this message.
const FINAL: u8 = 3;

/// Opens a message. `None` when it does not fit.
pub(in crate::interchange) fn secret_stream(
    key: &SecretBytes,
    header: &[u8; 24],
    message: &[u8],
) -> Option<SecretBytes> {
    let (sealed, tag) = message.split_last_chunk::<16>()?;
    let (kind, ciphertext) = sealed.split_first()?;
    let mut stream = Stream::begin(key, header)?;
    // The block that is authenticated has the kind still encrypted, and the key stream behind it.
    *stream.block.expose_mut().first_mut()? = *kind;
    if !same_bytes(&stream.tag(ciphertext)?, tag) {
        return None;
    }
    let mut text = SecretBytes::from_slice(ciphertext);
    stream.apply(&mut text)?;
    Some(text)
}

/// Seals a text as the only message of a stream.
///
/// # Errors
///
/// [`ExportError::Cipher`] for a key that is not 32 bytes long.
pub(in crate::interchange) fn seal_secret_stream(
    key: &SecretBytes,
    header: &[u8; 24],
    mut text: SecretBytes,
) -> Result<Vec<u8>, ExportError> {
    let sealed = || -> Option<Vec<u8>> {
        let mut stream = Stream::begin(key, header)?;
        *stream.block.expose_mut().first_mut()? ^= FINAL;
        stream.apply(&mut text)?;
        let mut message = Vec::with_capacity(text.len() + 17);
        message.push(*stream.block.expose().first()?);
        message.extend_from_slice(text.expose());
        message.extend_from_slice(&stream.tag(text.expose())?);
        Some(message)
    }();
    sealed.ok_or(ExportError::Cipher)
}

struct Stream {
    cipher: chacha20::ChaCha20,
    mac_key: SecretBytes,
    /// Block 1 of the key stream.
    block: SecretBytes,
}

impl Stream {
    fn begin(key: &SecretBytes, header: &[u8; 24]) -> Option<Self> {
        let (input, rest) = header.split_first_chunk::<16>()?;
        let long_key: [u8; 32] = key.expose().try_into().ok()?;
        let mut subkey = chacha20::hchacha::<chacha20::R20>(&long_key.into(), &(*input).into());
        let mut nonce = [1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0];
        nonce.get_mut(4..)?.copy_from_slice(rest);
        let mut cipher = chacha20::ChaCha20::new(&subkey, &nonce.into());
        zeroize::Zeroize::zeroize(subkey.as_mut_slice());
        let mut mac_key = SecretBytes::new(vec![0; BLOCK]);
        cipher.apply_keystream(mac_key.expose_mut());
        let mut block = SecretBytes::new(vec![0; BLOCK]);
        cipher.apply_keystream(block.expose_mut());
        Some(Self { cipher, mac_key, block })
    }

    /// The tag over a ciphertext, with the block as it is now.
    fn tag(&self, ciphertext: &[u8]) -> Option<[u8; 16]> {
        let mac = poly1305::Poly1305::new_from_slice(self.mac_key.expose().get(..32)?).ok()?;
        let mut authenticated = SecretBytes::with_capacity(BLOCK + ciphertext.len() + 32);
        authenticated.expose_mut().extend_from_slice(self.block.expose());
        authenticated.expose_mut().extend_from_slice(ciphertext);
        // As libsodium does, which pads by the length plus what the block takes.
        let padding = (16_usize.wrapping_sub(BLOCK).wrapping_add(ciphertext.len())) % 16;
        authenticated.expose_mut().extend(std::iter::repeat_n(0, padding));
        authenticated.expose_mut().extend_from_slice(&0_u64.to_le_bytes());
        let length = u64::try_from(BLOCK.checked_add(ciphertext.len())?).ok()?;
        authenticated.expose_mut().extend_from_slice(&length.to_le_bytes());
        // It is no whole number of blocks then, and its end is hashed as it is.
        Some(mac.compute_unpadded(authenticated.expose()).into())
    }

    /// Encrypts or decrypts the text.
    fn apply(&mut self, text: &mut SecretBytes) -> Option<()> {
        self.cipher.try_seek(2 * 64_u64).ok()?;
        self.cipher.apply_keystream(text.expose_mut());
        Some(())
    }
}
