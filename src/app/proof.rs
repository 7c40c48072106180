//! Proofs of seeds: what one machine can show another so that both know that a seed is the same, while nobody who sees
//! it learns the seed or a code.
//!
//! A proof is HKDF-SHA256 of the seed over a nonce of the drill, the half minute in which it is made, the key that signs
//! what it stands in, and how the entry makes its codes. It is made over no code and for no time to come. A seed below
//! 80 bits could be found from it by trying, so there is none of such a seed.

mod compare;
mod file;
mod words;

use super::context::Context;
use super::failure::{Failure, Kind, Unchanged};
use super::session::Session;
use super::status::count;
use crate::entry::{Entry, UnixSeconds};
use crate::envelope::aead;
use crate::otp::Otp;
use crate::signature::PublicKey;
use crate::vault::Vault;
pub use crate::wire::proof_v1::Proofs;

pub use compare::{ClockVerdict, Compared, ComparedEntry, Verdict, compare};
pub use file::{Brought, Origin, look, refuse_existing, write};
pub use words::Words;

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
    let seed = entry.seed().filter(|_| is_long_enough(entry))?;
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

/// The words by which two people compare their vaults and clocks, and which entries they are made over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Spoken {
    /// What this clock says.
    pub at: UnixSeconds,
    /// The words of this half minute.
    pub now: Words,
    /// Those of the one before: the other side may have read its own a moment ago.
    pub before: Words,
    /// Which entries count.
    pub counted: Counted,
}

/// How many entries have a proof, and how many have none and why.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Counted {
    /// Entries with one.
    pub proven: usize,
    /// Entries whose seed is sealed.
    pub sealed: usize,
    /// Entries whose seed has less than 80 bits.
    pub short: usize,
}

impl Counted {
    fn of(vault: &Vault) -> Self {
        let sealed = vault.entries.iter().filter(|entry| entry.is_sealed()).count();
        let short = vault.entries.iter().filter(|entry| !entry.is_sealed() && !is_long_enough(entry)).count();
        Self { proven: vault.entries.len() - sealed - short, sealed, short }
    }

    /// Why entries are left out, in words; empty where none is.
    pub fn left_out(&self) -> String {
        let mut reasons = Vec::new();
        if self.sealed > 0 {
            reasons.push(format!("{} sealed", self.sealed));
        }
        if self.short > 0 {
            reasons.push(format!("{} with a seed under {SHORTEST_SEED_BITS} bits", self.short));
        }
        reasons.join(", ")
    }
}

fn is_long_enough(entry: &Entry) -> bool {
    entry.seed().is_some_and(|seed| seed.bytes().len() * 8 >= SHORTEST_SEED_BITS)
}

/// The words of now and of the half minute before, by the machine's own clock.
///
/// # Errors
///
/// Exit 4 when no entry can be proven.
pub fn speak(ctx: &Context, session: &Session) -> Result<Spoken, Failure> {
    let vault = &session.vault;
    let at = ctx.clock.now();
    let words = |at| words::of_all(vault, at).ok_or_else(|| nothing_to_prove(vault));
    let (now, before) = (words(at)?, words(at.saturating_sub(STEP_SECONDS))?);
    Ok(Spoken { at, now, before, counted: Counted::of(vault) })
}

fn nothing_to_prove(vault: &Vault) -> Failure {
    let counted = Counted::of(vault);
    let mut details = vec![format!("the vault holds {}", count(vault.entries.len(), "entry", "entries"))];
    if !vault.entries.is_empty() {
        details.push(counted.left_out());
    }
    Failure::new(Kind::NoEntry, "no entry has a seed that can be proven to be the same elsewhere")
        .details(details)
        .unchanged(Unchanged::NothingTouched)
        .next("a proof needs a seed of 80 bits or more that is not sealed")
}
