//! The encryption of a master secret: four rounds of a Feistel network over PBKDF2-HMAC-SHA256.
//!
//! With an empty passphrase it hides nothing; it is a part of the standard all the same, and what others make of our
//! words must be what we made them of.

use hmac::Hmac;
use pbkdf2::pbkdf2;
use sha2::Sha256;

use super::super::set_id::SetId;
use crate::secret::SecretBytes;

/// Iterations of all rounds at an exponent of zero.
const ITERATIONS: u32 = 10_000;
const ROUNDS: u8 = 4;

/// Encrypts a secret of an even number of bytes.
pub(in super::super) fn encrypt(secret: &SecretBytes, set: SetId, passphrase: &[u8]) -> SecretBytes {
    through(secret, set, passphrase, 0..ROUNDS)
}

/// Decrypts what [`encrypt`] made.
pub(in super::super) fn decrypt(encrypted: &SecretBytes, set: SetId, passphrase: &[u8]) -> SecretBytes {
    through(encrypted, set, passphrase, (0..ROUNDS).rev())
}

fn through(
    input: &SecretBytes,
    set: SetId,
    passphrase: &[u8],
    rounds: impl Iterator<Item = u8>,
) -> SecretBytes {
    let (left, right) = input.expose().split_at(input.len() / 2);
    let (mut left, mut right) = (SecretBytes::from_slice(left), SecretBytes::from_slice(right));
    for round in rounds {
        let mask = round_mask(round, &right, set, passphrase);
        for (byte, mask) in left.expose_mut().iter_mut().zip(mask.expose()) {
            *byte ^= mask;
        }
        std::mem::swap(&mut left, &mut right);
    }
    let mut output = SecretBytes::with_capacity(input.len());
    output.expose_mut().extend_from_slice(right.expose());
    output.expose_mut().extend_from_slice(left.expose());
    output
}

fn round_mask(round: u8, right: &SecretBytes, set: SetId, passphrase: &[u8]) -> SecretBytes {
    let mut password = SecretBytes::with_capacity(1 + passphrase.len());
    password.expose_mut().push(round);
    password.expose_mut().extend_from_slice(passphrase);
    let mut salt = SecretBytes::with_capacity(PREFIX.len() + 2 + right.len());
    if !set.is_extendable() {
        salt.expose_mut().extend_from_slice(PREFIX);
        salt.expose_mut().extend_from_slice(&set.number().to_be_bytes());
    }
    salt.expose_mut().extend_from_slice(right.expose());
    let mut mask = SecretBytes::new(vec![0; right.len()]);
    let iterations = (ITERATIONS / u32::from(ROUNDS)) << set.exponent();
    // HMAC takes a key of any length.
    if pbkdf2::<Hmac<Sha256>>(password.expose(), salt.expose(), iterations, mask.expose_mut()).is_err() {
        mask.expose_mut().fill(0);
    }
    mask
}

const PREFIX: &[u8] = b"shamir";
