//! A few words over all proofs, for two people on the telephone.

use super::{Challenge, STEP_SECONDS, of};
use crate::custody::words;
use crate::entry::UnixSeconds;
use crate::envelope::aead;
use crate::signature::PublicKey;
use crate::vault::Vault;

/// Label of the derivation.
const INFO: &[u8] = b"lifeboat/1/proof-words\0";
/// How many words there are; each has ten bits.
const N_WORDS: usize = 5;
/// Bits of a word.
const WORD_BITS: usize = 10;
/// Bytes that hold them: 56 bits, of which the first 50 count.
const N_BYTES: usize = 7;

/// The words of one half minute.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Words {
    /// Its first second.
    pub from: UnixSeconds,
    /// Its last second.
    pub until: UnixSeconds,
    /// The words, with a space between two.
    pub words: String,
}

/// The words of the half minute in which `at` lies; `None` where no entry has a proof.
///
/// Which entry a seed belongs to does not count, so that two vaults that came by the same seeds on their own, and know
/// them by other ids, have the same words.
pub(super) fn of_all(vault: &Vault, at: UnixSeconds) -> Option<Words> {
    // Nothing is drawn and nobody signs: both sides have to come to the same by themselves.
    let challenge = Challenge { nonce: [0; 16], at, signer: PublicKey([0; 32]) };
    let mut proofs: Vec<[u8; 16]> = vault.entries.iter().filter_map(|entry| of(entry, &challenge)).collect();
    if proofs.is_empty() {
        return None;
    }
    proofs.sort_unstable();
    let mut bytes = [0; N_BYTES];
    aead::expand(proofs.as_flattened(), None, INFO, &mut bytes);
    let bits = bytes.iter().fold(0_u64, |bits, byte| (bits << 8) | u64::from(*byte));
    let words: Vec<&str> = (1..=N_WORDS)
        .filter_map(|place| {
            let index = (bits >> (N_BYTES * 8 - place * WORD_BITS)) & ((1 << WORD_BITS) - 1);
            words::word(usize::try_from(index).ok()?)
        })
        .collect();
    let from = at - at % STEP_SECONDS;
    Some(Words { from, until: from + (STEP_SECONDS - 1), words: words.join(" ") })
}
