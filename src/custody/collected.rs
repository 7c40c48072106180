//! Shares that are handed over one by one, in any order, until there are enough.
//!
//! A wrong one does not spoil the others. Where the fingerprints of the set are known it is refused by its number; where
//! they are not, the shares that fit together are looked for among those that are there.

use super::combine::{CombineError, encrypted_secret, point};
use super::gf256::interpolate;
use super::quorum::Quorum;
use super::set_id::SetId;
use super::share::{Fingerprint, Share};
use super::slip39::cipher;
use crate::secret::{SecretBytes, same_bytes};

/// Most shares that are kept, so that few ways of choosing among them are left.
const MOST_KEPT: usize = 16;

/// What a bundle or a vault knows of a set.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Expected {
    set: SetId,
    quorum: Quorum,
    fingerprints: Vec<Fingerprint>,
}

/// Why a share is not one of those that are expected.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Unfit {
    /// Set and number are right, and the words are not those that were made.
    #[error("share {number} of set {set} is not the one that was made: its fingerprint differs")]
    Fingerprint {
        /// The set that it says it is of.
        set: SetId,
        /// Its number.
        number: u8,
    },
    /// The set has no share of this number.
    #[error("the set has {n_shares} shares, and this says that it is number {number}")]
    Number {
        /// Its number.
        number: u8,
        /// How many there are.
        n_shares: u8,
    },
    /// It is of another set, an older one perhaps.
    #[error("the share is of set {found}, and one of set {expected} is needed")]
    OtherSet {
        /// The set that is needed.
        expected: SetId,
        /// Its own.
        found: SetId,
    },
    /// It says that another number of shares is needed.
    #[error("share {number} says that {found} shares are needed, and it is {expected}")]
    Threshold {
        /// Its number.
        number: u8,
        /// How many are needed.
        expected: u8,
        /// How many it says.
        found: u8,
    },
}

impl Expected {
    /// Takes what is known of a set: its fingerprints are those of the shares in their order, or none.
    ///
    /// `None` when there are fingerprints of some shares alone.
    pub fn new(set: SetId, quorum: Quorum, fingerprints: Vec<Fingerprint>) -> Option<Self> {
        let is_whole = fingerprints.is_empty() || fingerprints.len() == usize::from(quorum.n_shares());
        is_whole.then_some(Self { set, quorum, fingerprints })
    }

    /// The set.
    pub fn set(&self) -> SetId {
        self.set
    }

    /// How many shares there are and how many are needed.
    pub fn quorum(&self) -> Quorum {
        self.quorum
    }

    /// Tells whether one share, alone, is of this set and as it was made. It says nothing about the secret.
    ///
    /// # Errors
    ///
    /// [`Unfit`] says what differs first.
    pub fn check(&self, share: &Share) -> Result<(), Unfit> {
        fits(share, self.set, self.quorum.threshold())?;
        let (number, n_shares) = (share.number(), self.quorum.n_shares());
        if number > n_shares {
            return Err(Unfit::Number { number, n_shares });
        }
        match self.fingerprints.get(usize::from(number - 1)) {
            Some(known) if !same_bytes(known, &share.fingerprint()) => {
                Err(Unfit::Fingerprint { set: self.set, number })
            }
            _ => Ok(()),
        }
    }
}

fn fits(share: &Share, set: SetId, threshold: u8) -> Result<(), Unfit> {
    if share.set() != set {
        return Err(Unfit::OtherSet { expected: set, found: share.set() });
    }
    if share.threshold() != threshold {
        let (number, found) = (share.number(), share.threshold());
        return Err(Unfit::Threshold { number, expected: threshold, found });
    }
    Ok(())
}

/// What came of a share that was handed over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[must_use]
pub enum Added {
    /// It was there before.
    AlreadyThere {
        /// Its number.
        number: u8,
        /// How many are still needed.
        missing: u8,
    },
    /// Another share of this number is there. One of them is wrong; both are kept, and the others tell which.
    Conflicting {
        /// Their number.
        number: u8,
        /// How many are still needed.
        missing: u8,
    },
    /// It was taken.
    Taken {
        /// Its number.
        number: u8,
        /// How many are still needed.
        missing: u8,
    },
    /// It was not taken, and nothing changed.
    Unfit(Unfit),
}

/// The recovery secret, and what was not needed for it.
#[derive(Debug)]
pub struct Ready {
    /// The recovery secret.
    pub secret: SecretBytes,
    /// The numbers of shares that do not fit the others; not one where the fingerprints were known.
    pub unfit: Vec<u8>,
}

/// The shares of one set that have been handed over.
#[derive(Debug, Default)]
pub struct Collected {
    expected: Option<Expected>,
    shares: Vec<Share>,
}

impl Collected {
    /// Begins with a set of which nothing is known: the first share says which one it is.
    pub fn of_any_set() -> Self {
        Self::default()
    }

    /// Begins with a set that is known.
    pub fn of(expected: Expected) -> Self {
        Self { expected: Some(expected), shares: Vec::new() }
    }

    /// Takes a share, or says why not.
    pub fn add(&mut self, share: Share) -> Added {
        let checked = match (&self.expected, self.shares.first()) {
            (Some(expected), _) => expected.check(&share),
            (None, Some(first)) => fits(&share, first.set(), first.threshold()),
            (None, None) => Ok(()),
        };
        if let Err(unfit) = checked {
            return Added::Unfit(unfit);
        }
        let number = share.number();
        if self.shares.iter().any(|other| other.same_as(&share)) {
            return Added::AlreadyThere { number, missing: self.missing_of(share.threshold()) };
        }
        let threshold = share.threshold();
        let is_conflicting = self.shares.iter().any(|other| other.number() == number);
        if self.shares.len() < MOST_KEPT {
            self.shares.push(share);
        }
        let missing = self.missing_of(threshold);
        if is_conflicting { Added::Conflicting { number, missing } } else { Added::Taken { number, missing } }
    }

    /// How many shares are still needed; `None` while nothing is known of the set.
    pub fn missing(&self) -> Option<u8> {
        let of_first = || self.shares.first().map(Share::threshold);
        let threshold =
            self.expected.as_ref().map(|expected| expected.quorum.threshold()).or_else(of_first)?;
        Some(self.missing_of(threshold))
    }

    /// The numbers of the shares that are there, in their order.
    pub fn numbers(&self) -> Vec<u8> {
        let mut numbers: Vec<u8> = self.shares.iter().map(Share::number).collect();
        numbers.sort_unstable();
        numbers.dedup();
        numbers
    }

    fn missing_of(&self, threshold: u8) -> u8 {
        u8::try_from(usize::from(threshold).saturating_sub(self.numbers().len())).unwrap_or_default()
    }

    /// Brings the recovery secret back, once there are enough shares that fit together.
    ///
    /// # Errors
    ///
    /// [`CombineError::NoShares`] and [`CombineError::TooFew`] until then; [`CombineError::DigestDiffers`] when there
    /// are enough by their number and no choice of them fits. A further share may help.
    pub fn ready(&self) -> Result<Ready, CombineError> {
        let first = self.shares.first().ok_or(CombineError::NoShares)?;
        match self.missing_of(first.threshold()) {
            0 => {}
            missing => return Err(CombineError::TooFew { missing }),
        }
        let mut choices = (0_u32..1 << self.shares.len()).filter_map(|choice| self.chosen(choice));
        let (chosen, encrypted) = choices
            .find_map(|chosen| encrypted_secret(&chosen).map(|encrypted| (chosen, encrypted)))
            .ok_or(CombineError::DigestDiffers)?;
        let points: Vec<(u8, &[u8])> = chosen.iter().map(|share| point(share)).collect();
        let is_unfit = |share: &&Share| {
            interpolate(&points, point(share).0).is_none_or(|value| !value.same_as(share.value()))
        };
        let unfit = self.shares.iter().filter(is_unfit).map(Share::number).collect();
        Ok(Ready { secret: cipher::decrypt(&encrypted, first.set(), b""), unfit })
    }

    /// The shares of a choice, where there are just enough of them and none has the number of another.
    fn chosen(&self, choice: u32) -> Option<Vec<&Share>> {
        let threshold = u32::from(self.shares.first()?.threshold());
        if choice.count_ones() != threshold {
            return None;
        }
        let chosen = self.shares.iter().enumerate().filter(|(place, _)| choice >> place & 1 == 1);
        let chosen: Vec<&Share> = chosen.map(|(_, share)| share).collect();
        let numbers = chosen.iter().fold(0_u32, |numbers, share| numbers | 1 << share.number());
        (numbers.count_ones() == threshold).then_some(chosen)
    }
}

#[cfg(test)]
mod tests;
