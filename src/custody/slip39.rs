//! SLIP-0039, whole, as others may have made it: groups, passphrases, longer secrets, both kinds of identifier.
//!
//! Lifeboat makes and takes less ([`super::Share`]): one group of 128 bits. What is more is here so that the standard's
//! own vectors can be run, and so that a share of another program is told from a damaged one.

pub(super) mod cipher;
mod mnemonic;
pub(super) mod polynomial;

use std::collections::BTreeMap;

pub use self::mnemonic::{Mnemonic, MnemonicError};
use crate::secret::SecretBytes;

/// Why mnemonics do not give a secret. No word of them is repeated.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum RecoverError {
    /// A mnemonic is of another secret, or was made up.
    #[error("the shares do not belong together")]
    DigestDiffers,
    /// Identifier, exponent, groups or length are not the same in all of them.
    #[error("the shares are not of one set")]
    Mixed,
    /// Nothing was given.
    #[error("there are no shares")]
    NoMnemonics,
    /// Two are the same member of one group.
    #[error("a share stands twice")]
    Repeated,
    /// Members of one group do not agree on how many are needed.
    #[error("the shares of a group need different numbers of them")]
    ThresholdsDiffer,
    /// Too few or too many groups, or members of one.
    #[error("{found} were given and {needed} are needed")]
    WrongNumber {
        /// How many are needed.
        needed: u8,
        /// How many there are.
        found: usize,
    },
}

/// The master secret of exactly as many groups, and members of each, as are needed.
///
/// Each step of the exponent doubles the time; at the largest, 15, it takes minutes.
///
/// # Errors
///
/// [`RecoverError`]; nothing is told about the secret.
pub fn recover(mnemonics: &[Mnemonic], passphrase: &[u8]) -> Result<SecretBytes, RecoverError> {
    let first = mnemonics.first().ok_or(RecoverError::NoMnemonics)?;
    let common = |one: &Mnemonic| (one.set, one.group_threshold, one.n_groups, one.value.len());
    if mnemonics.iter().any(|other| common(other) != common(first)) {
        return Err(RecoverError::Mixed);
    }
    let mut groups: BTreeMap<u8, Vec<&Mnemonic>> = BTreeMap::new();
    for one in mnemonics {
        groups.entry(one.group).or_default().push(one);
    }
    if groups.len() != usize::from(first.group_threshold) {
        return Err(RecoverError::WrongNumber { needed: first.group_threshold, found: groups.len() });
    }
    let mut values = Vec::with_capacity(groups.len());
    for (group, members) in &groups {
        values.push((*group, group_value(members)?));
    }
    let points: Vec<(u8, &[u8])> = values.iter().map(|(group, value)| (*group, value.expose())).collect();
    let encrypted = secret_of(first.group_threshold, &points)?;
    Ok(cipher::decrypt(&encrypted, first.set, passphrase))
}

/// What the members of one group give together.
fn group_value(members: &[&Mnemonic]) -> Result<SecretBytes, RecoverError> {
    let needed = members.first().ok_or(RecoverError::NoMnemonics)?.member_threshold;
    if members.iter().any(|other| other.member_threshold != needed) {
        return Err(RecoverError::ThresholdsDiffer);
    }
    let mut places: Vec<u8> = members.iter().map(|one| one.member).collect();
    places.sort_unstable();
    places.dedup();
    if places.len() != members.len() {
        return Err(RecoverError::Repeated);
    }
    if members.len() != usize::from(needed) {
        return Err(RecoverError::WrongNumber { needed, found: members.len() });
    }
    let points: Vec<(u8, &[u8])> = members.iter().map(|one| (one.member, one.value.expose())).collect();
    secret_of(needed, &points)
}

/// A threshold of one has no digest: each value is the secret.
fn secret_of(threshold: u8, points: &[(u8, &[u8])]) -> Result<SecretBytes, RecoverError> {
    match points {
        [(_, value)] if threshold == 1 => Ok(SecretBytes::from_slice(value)),
        _ => polynomial::recover(points).map_err(|_| RecoverError::DigestDiffers),
    }
}
