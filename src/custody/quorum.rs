//! How many shares there are, and how many of them are needed.

use std::fmt;

use super::slip39::polynomial;
use super::split::SECRET_BYTES;

/// So many shares of so many: "3 of 5".
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Quorum {
    threshold: u8,
    n_shares: u8,
}

/// Why two numbers are no quorum.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum QuorumError {
    /// More than the standard has.
    #[error("a set has at most {} shares", Quorum::MOST_SHARES)]
    TooMany,
    /// One share alone would open everything.
    #[error("at least {} shares must be needed", Quorum::LEAST_THRESHOLD)]
    TooFewNeeded,
    /// Nobody could ever bring so many.
    #[error("more shares are needed than there are")]
    Unreachable,
}

impl Quorum {
    /// Most shares of a set.
    pub const MOST_SHARES: u8 = 16;
    /// Fewest shares that may be needed.
    pub const LEAST_THRESHOLD: u8 = 2;

    /// Takes how many are needed and how many there are: 2 ≤ `threshold` ≤ `n_shares` ≤ 16.
    ///
    /// # Errors
    ///
    /// [`QuorumError`] says which bound is crossed.
    pub fn new(threshold: u8, n_shares: u8) -> Result<Self, QuorumError> {
        if threshold < Self::LEAST_THRESHOLD {
            return Err(QuorumError::TooFewNeeded);
        }
        if n_shares > Self::MOST_SHARES {
            return Err(QuorumError::TooMany);
        }
        if threshold > n_shares {
            return Err(QuorumError::Unreachable);
        }
        Ok(Self { threshold, n_shares })
    }

    /// Shares that are needed.
    pub fn threshold(self) -> u8 {
        self.threshold
    }

    /// Shares that there are.
    pub fn n_shares(self) -> u8 {
        self.n_shares
    }

    /// Shares that may be lost before the others no longer suffice; with none, one lost card locks everybody out.
    pub fn spare(self) -> u8 {
        self.n_shares - self.threshold
    }

    /// Random bytes that [`super::split()`] needs.
    pub fn n_random_bytes(self) -> usize {
        polynomial::n_random(self.threshold, SECRET_BYTES)
    }
}

impl fmt::Display for Quorum {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} of {}", self.threshold, self.n_shares)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_quorum_is_two_at_least_and_sixteen_at_most_and_can_be_reached() {
        for threshold in 0..=u8::MAX {
            for n_shares in 0..=u8::MAX {
                let lawful = 2 <= threshold && threshold <= n_shares && n_shares <= 16;
                assert_eq!(Quorum::new(threshold, n_shares).is_ok(), lawful, "{threshold} of {n_shares}");
            }
        }
        assert_eq!(Quorum::new(1, 1), Err(QuorumError::TooFewNeeded));
        assert_eq!(Quorum::new(2, 17), Err(QuorumError::TooMany));
        assert_eq!(Quorum::new(4, 3), Err(QuorumError::Unreachable));
        let quorum = Quorum::new(3, 5).unwrap();
        assert_eq!((quorum.to_string().as_str(), quorum.spare()), ("3 of 5", 2));
        assert_eq!(QuorumError::TooMany.to_string(), "a set has at most 16 shares");
    }
}
