//! Proofs of seeds: what one machine can show another so that both know that a seed is the same, while nobody who sees
//! it learns the seed or a code.
//!
//! A proof is HKDF-SHA256 of the seed over a nonce of the drill, the half minute in which it is made, the key that signs
//! what it stands in, and how the entry makes its codes. It is made over no code and for no time to come. A seed below
//! 80 bits could be found from it by trying, so there is none of such a seed.

use crate::entry::{Entry, UnixSeconds};
use crate::envelope::aead;
use crate::otp::Otp;
use crate::signature::PublicKey;

/// Label of the derivation.
const INFO: &[u8] = b"lifeboat/1/proof\0";
/// Shortest seed, in bits, of which there is a proof.
pub(super) const SHORTEST_SEED_BITS: usize = 80;
/// Length of the time that one proof is of, in seconds.
pub(super) const STEP_SECONDS: u64 = 30;

/// What proofs are made over, besides the seed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Challenge {
    /// Drawn for one drill or one file of proofs.
    pub(super) nonce: [u8; 16],
    /// When they are made; the half minute of it counts.
    pub(super) at: UnixSeconds,
    /// The key that signs the file in which they stand.
    pub(super) signer: PublicKey,
}

/// The proof of one entry; `None` of a sealed entry and of a seed that is too short.
pub(super) fn of(entry: &Entry, challenge: &Challenge) -> Option<[u8; 16]> {
    let seed = entry.seed().filter(|seed| seed.bytes().len() * 8 >= SHORTEST_SEED_BITS)?;
    let mut info = INFO.to_vec();
    info.extend_from_slice(&challenge.nonce);
    info.extend_from_slice(&(challenge.at / STEP_SECONDS).to_be_bytes());
    info.extend_from_slice(&challenge.signer.0);
    info.extend_from_slice(codes_in_words(entry.otp).as_bytes());
    let mut proof = [0; 16];
    aead::expand(seed.bytes().expose(), None, &info, &mut proof);
    Some(proof)
}

/// How an entry makes its codes. A counter moves with every code and is not part of it.
fn codes_in_words(otp: Otp) -> String {
    match otp {
        Otp::Hotp { algorithm, digits, .. } => format!("hotp {} {}", algorithm.name(), digits.count()),
        Otp::Steam => "steam".to_owned(),
        Otp::Totp { algorithm, digits, period } => {
            format!("totp {} {} {}", algorithm.name(), digits.count(), period.seconds())
        }
    }
}
