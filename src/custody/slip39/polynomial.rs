//! One secret and the values that it is split into: a polynomial, a digest at 254 and the secret at 255.
//!
//! No coefficient is drawn. Some values are random bytes as they come, the others follow by interpolation; so there is
//! no rule about coefficients that could be got wrong.

use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;

use super::super::gf256::interpolate;
use crate::secret::{SecretBytes, same_bytes};

/// Bytes of the digest by which a wrong value is noticed.
const DIGEST_BYTES: usize = 4;
const AT_DIGEST: u8 = 254;
const AT_SECRET: u8 = 255;

/// Says that the values do not belong together, or that one of them is wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in super::super) struct DigestDiffers;

/// Random bytes that [`split`] needs for a secret of `n_bytes`.
pub(in super::super) fn n_random(threshold: u8, n_bytes: usize) -> usize {
    let n_values = usize::from(threshold).saturating_sub(2);
    n_values * n_bytes + n_bytes.saturating_sub(DIGEST_BYTES)
}

/// The values at 0, 1, …; `threshold` of them bring the secret back, and fewer say nothing about it.
///
/// `None` when there are not exactly as many random bytes as needed, or when the threshold is below two.
pub(in super::super) fn split(
    secret: &SecretBytes,
    threshold: u8,
    n_values: u8,
    random: &SecretBytes,
) -> Option<Vec<SecretBytes>> {
    if threshold < 2 || n_values > 16 || random.len() != n_random(threshold, secret.len()) {
        return None;
    }
    let (values, key) = random.expose().split_at_checked(usize::from(threshold - 2) * secret.len())?;
    let mut at_digest = SecretBytes::with_capacity(secret.len());
    at_digest.expose_mut().extend_from_slice(&digest(key, secret));
    at_digest.expose_mut().extend_from_slice(key);
    let mut points: Vec<(u8, &[u8])> = (0..).zip(values.chunks_exact(secret.len())).collect();
    points.extend([(AT_DIGEST, at_digest.expose()), (AT_SECRET, secret.expose())]);
    (0..n_values).map(|place| interpolate(&points, place)).collect()
}

/// The secret of as many values as the threshold says, or more.
///
/// # Errors
///
/// [`DigestDiffers`] when a value is wrong, of another secret or stands twice, and when there are too few.
pub(in super::super) fn recover(points: &[(u8, &[u8])]) -> Result<SecretBytes, DigestDiffers> {
    let secret = interpolate(points, AT_SECRET).ok_or(DigestDiffers)?;
    let at_digest = interpolate(points, AT_DIGEST).ok_or(DigestDiffers)?;
    let (found, key) = at_digest.expose().split_at_checked(DIGEST_BYTES).ok_or(DigestDiffers)?;
    if same_bytes(found, &digest(key, &secret)) { Ok(secret) } else { Err(DigestDiffers) }
}

fn digest(key: &[u8], secret: &SecretBytes) -> [u8; DIGEST_BYTES] {
    // HMAC takes a key of any length.
    let mut short = [0; DIGEST_BYTES];
    if let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(key) {
        mac.update(secret.expose());
        for (byte, full) in short.iter_mut().zip(mac.finalize().into_bytes()) {
            *byte = full;
        }
    }
    short
}
