//! AES with keys of three lengths, as XML Encryption uses it: blocks in a chain, and the wrapping of keys (RFC 3394).

use aes::cipher::{Array, BlockCipherDecrypt as _, KeyInit as _};

use crate::secret::{SecretBytes, same_bytes};

/// AES with a key.
pub(in super::super) enum Aes {
    Aes128(aes::Aes128),
    Aes192(aes::Aes192),
    Aes256(aes::Aes256),
}

impl Aes {
    /// `None` for a key of a length that AES does not have.
    pub(in super::super) fn new(key: &SecretBytes) -> Option<Self> {
        let key = key.expose();
        match key.len() {
            16 => aes::Aes128::new_from_slice(key).ok().map(Self::Aes128),
            24 => aes::Aes192::new_from_slice(key).ok().map(Self::Aes192),
            32 => aes::Aes256::new_from_slice(key).ok().map(Self::Aes256),
            _ => None,
        }
    }

    fn decrypt(&self, block: &mut [u8; 16]) {
        let mut array = Array::from(*block);
        match self {
            Self::Aes128(aes) => aes.decrypt_block(&mut array),
            Self::Aes192(aes) => aes.decrypt_block(&mut array),
            Self::Aes256(aes) => aes.decrypt_block(&mut array),
        }
        *block = array.into();
    }

    /// Opens blocks in a chain whose first is the nonce, with the padding still at the end.
    pub(in super::super) fn chain(&self, sealed: &[u8]) -> Option<SecretBytes> {
        let (blocks, rest) = sealed.as_chunks::<16>();
        if !rest.is_empty() || blocks.len() < 2 {
            return None;
        }
        let mut text = SecretBytes::with_capacity(sealed.len());
        for (before, block) in blocks.iter().zip(blocks.iter().skip(1)) {
            let mut opened = *block;
            self.decrypt(&mut opened);
            text.expose_mut().extend(opened.iter().zip(before).map(|(byte, before)| byte ^ before));
        }
        Some(text)
    }

    /// Unwraps a key; `None` where it does not fit.
    pub(in super::super) fn unwrap(&self, wrapped: &[u8]) -> Option<SecretBytes> {
        let (first, rest) = wrapped.split_first_chunk::<8>()?;
        let (parts, odd) = rest.as_chunks::<8>();
        if !odd.is_empty() || parts.len() < 2 {
            return None;
        }
        let (mut check, mut key) = (*first, SecretBytes::from_slice(rest));
        let n_parts = u64::try_from(parts.len()).ok()?;
        for round in (0..6).rev() {
            for idx in (0..parts.len()).rev() {
                let step = (n_parts * round + u64::try_from(idx + 1).ok()?).to_be_bytes();
                let part = key.expose_mut().get_mut(idx * 8..idx * 8 + 8)?;
                let mut block = [0; 16];
                let mixed =
                    check.iter().zip(step).map(|(byte, step)| byte ^ step).chain(part.iter().copied());
                block.iter_mut().zip(mixed).for_each(|(byte, mixed)| *byte = mixed);
                self.decrypt(&mut block);
                check = *block.first_chunk()?;
                part.copy_from_slice(block.last_chunk::<8>()?);
            }
        }
        same_bytes(&check, &[0xa6; 8]).then_some(key)
    }
}
