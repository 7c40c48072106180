//! Making the shares of a set.

use super::quorum::Quorum;
use super::set_id::SetId;
use super::share::Share;
use super::slip39::{cipher, polynomial};
use crate::secret::SecretBytes;

/// Bytes of a recovery secret.
pub const SECRET_BYTES: usize = 16;

/// Why no shares were made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SplitError {
    /// Not as many random bytes as [`Quorum::n_random_bytes`] says.
    #[error("{needed} random bytes are needed")]
    RandomLength {
        /// How many are needed.
        needed: usize,
    },
    /// The recovery secret has another length.
    #[error("a recovery secret has {SECRET_BYTES} bytes")]
    SecretLength,
    /// The set is of a kind that other programs make.
    #[error("the set is not one that Lifeboat makes")]
    SetKind,
}

/// Splits a recovery secret into shares, numbered from one.
///
/// The random bytes must be fresh, uniform and used for nothing else: with them and one share less than needed, the
/// secret can be computed.
///
/// # Errors
///
/// [`SplitError`] when an argument has the wrong length or kind.
pub fn split(
    secret: &SecretBytes,
    set: SetId,
    quorum: Quorum,
    random: &SecretBytes,
) -> Result<Vec<Share>, SplitError> {
    if secret.len() != SECRET_BYTES {
        return Err(SplitError::SecretLength);
    }
    if SetId::new(set.number()) != Some(set) {
        return Err(SplitError::SetKind);
    }
    let encrypted = cipher::encrypt(secret, set, b"");
    let values = polynomial::split(&encrypted, quorum.threshold(), quorum.n_shares(), random)
        .ok_or(SplitError::RandomLength { needed: quorum.n_random_bytes() })?;
    Ok((1..).zip(values).map(|(number, value)| Share::new(set, number, quorum.threshold(), value)).collect())
}
