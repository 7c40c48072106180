//! Bringing a recovery secret back from shares.

use super::set_id::SetId;
use super::share::Share;
use super::slip39::{cipher, polynomial};
use crate::secret::SecretBytes;

/// Why shares do not give a recovery secret. Nothing is told about it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum CombineError {
    /// They are of two sets, which their first two words tell.
    #[error("the shares are of different sets, {first} and {other}")]
    DifferentSets {
        /// The set of the first share.
        first: SetId,
        /// The set of another one.
        other: SetId,
    },
    /// Two of them need different numbers of shares, so that one of them is not genuine.
    #[error("share {number} needs another number of shares than the first one")]
    DifferentThresholds {
        /// The one that differs from the first.
        number: u8,
    },
    /// One at least is not genuine. Which one cannot be told from these shares alone.
    #[error("the shares do not belong together: one of them at least is not of this set")]
    DigestDiffers,
    /// There is no share at all.
    #[error("there is no share")]
    NoShares,
    /// One number stands twice.
    #[error("share {number} was given twice")]
    Repeated {
        /// The number.
        number: u8,
    },
    /// More shares are needed.
    #[error("{missing} more {} needed", if *missing == 1 { "share is" } else { "shares are" })]
    TooFew {
        /// How many more.
        missing: u8,
    },
}

/// Brings back the recovery secret of at least as many shares as are needed; all of them must fit.
///
/// # Errors
///
/// [`CombineError`] in this order: no share, another set, another threshold, a number that stands twice, too few, and
/// only then shares that do not fit.
pub fn combine(shares: &[&Share]) -> Result<SecretBytes, CombineError> {
    let (first, others) = shares.split_first().ok_or(CombineError::NoShares)?;
    for share in others {
        if share.set() != first.set() {
            return Err(CombineError::DifferentSets { first: first.set(), other: share.set() });
        }
        if share.threshold() != first.threshold() {
            return Err(CombineError::DifferentThresholds { number: share.number() });
        }
    }
    let mut seen = 0_u32;
    for share in shares {
        let bit = 1 << share.number();
        if seen & bit != 0 {
            return Err(CombineError::Repeated { number: share.number() });
        }
        seen |= bit;
    }
    let missing = usize::from(first.threshold()).saturating_sub(shares.len());
    if missing > 0 {
        return Err(CombineError::TooFew { missing: u8::try_from(missing).unwrap_or(u8::MAX) });
    }
    let encrypted = encrypted_secret(shares).ok_or(CombineError::DigestDiffers)?;
    Ok(cipher::decrypt(&encrypted, first.set(), b""))
}

/// What the values give together, if they fit; it is cheap to try.
pub(super) fn encrypted_secret(shares: &[&Share]) -> Option<SecretBytes> {
    let points: Vec<(u8, &[u8])> = shares.iter().map(|share| point(share)).collect();
    polynomial::recover(&points).ok()
}

/// Where a share stands on the polynomial: places count from zero.
pub(super) fn point(share: &Share) -> (u8, &[u8]) {
    (share.number().saturating_sub(1), share.value().expose())
}

#[cfg(test)]
mod tests {
    use super::super::{Quorum, SECRET_BYTES, SplitError, split};
    use super::*;

    fn secret() -> SecretBytes {
        SecretBytes::from_slice(b"sixteen bytes!!!")
    }

    /// Bytes that look random, other ones for every seed.
    fn random(quorum: Quorum, seed: u8) -> SecretBytes {
        let bytes = (0..quorum.n_random_bytes())
            .map(|n| u8::try_from((n * 151 + usize::from(seed) * 29) % 256).unwrap().wrapping_mul(seed | 1));
        SecretBytes::new(bytes.collect())
    }

    fn shares(threshold: u8, n_shares: u8, set: u16) -> Vec<Share> {
        let quorum = Quorum::new(threshold, n_shares).unwrap();
        split(&secret(), SetId::new(set).unwrap(), quorum, &random(quorum, 7)).unwrap()
    }

    #[test]
    fn as_many_shares_as_needed_open_and_one_less_does_not_and_says_how_many_are_missing() {
        for n_shares in 2..=6 {
            for threshold in 2..=n_shares {
                let shares = shares(threshold, n_shares, 99);
                for choice in 0_u32..1 << n_shares {
                    let chosen: Vec<&Share> = (0..)
                        .zip(&shares)
                        .filter(|(place, _)| choice >> place & 1 == 1)
                        .map(|(_, share)| share)
                        .collect();
                    let n_chosen = u8::try_from(chosen.len()).unwrap();
                    let combined = combine(&chosen).map(|found| found.same_as(&secret()));
                    let expected = match n_chosen {
                        0 => Err(CombineError::NoShares),
                        few if few < threshold => Err(CombineError::TooFew { missing: threshold - few }),
                        _ => Ok(true),
                    };
                    assert_eq!(combined, expected, "{n_chosen} of {threshold} of {n_shares}");
                }
            }
        }
    }

    #[test]
    fn the_largest_quorums_open_from_any_end() {
        for (threshold, n_shares) in [(2, 16), (9, 16), (16, 16)] {
            let shares = shares(threshold, n_shares, 0x7fff);
            let last: Vec<&Share> = shares.iter().rev().take(usize::from(threshold)).collect();
            assert!(combine(&last).unwrap().same_as(&secret()));
        }
    }

    #[test]
    fn shares_that_pretend_to_need_fewer_give_nothing() {
        for share in shares(3, 5, 1) {
            let other = Share::new(share.set(), share.number() % 5 + 1, 2, secret());
            let less = Share::new(share.set(), share.number(), 2, share.value().duplicate());
            assert_eq!(combine(&[&less, &other]).err(), Some(CombineError::DigestDiffers));
        }
    }

    #[test]
    fn what_keeps_shares_apart_is_named() {
        let (ours, others) = (shares(2, 3, 1), shares(2, 3, 2));
        let other_need = shares(3, 3, 1);
        let sets = CombineError::DifferentSets { first: ours[0].set(), other: others[1].set() };
        assert_eq!(combine(&[&ours[0], &others[1]]).err(), Some(sets));
        assert_eq!(sets.to_string(), "the shares are of different sets, ACADEMIC APART and ACADEMIC BIOLOGY");
        let different = CombineError::DifferentThresholds { number: 2 };
        assert_eq!(combine(&[&ours[0], &other_need[1]]).err(), Some(different));
        let repeated = CombineError::Repeated { number: 3 };
        assert_eq!(combine(&[&ours[2], &ours[2]]).err(), Some(repeated));
        let forged = Share::new(ours[1].set(), 2, 2, secret());
        assert_eq!(combine(&[&ours[0], &forged]).err(), Some(CombineError::DigestDiffers));
        assert_eq!(combine(&[&ours[0], &forged, &ours[2]]).err(), Some(CombineError::DigestDiffers));
        assert_eq!(CombineError::TooFew { missing: 1 }.to_string(), "1 more share is needed");
        assert_eq!(CombineError::TooFew { missing: 2 }.to_string(), "2 more shares are needed");
    }

    #[test]
    fn no_shares_are_made_of_anything_but_a_recovery_secret_and_enough_random_bytes() {
        let quorum = Quorum::new(3, 5).unwrap();
        let set = SetId::new(5).unwrap();
        let short = SecretBytes::new(vec![1; SECRET_BYTES - 1]);
        assert_eq!(split(&short, set, quorum, &random(quorum, 1)).err(), Some(SplitError::SecretLength));
        for wrong in [27, 29] {
            let random = SecretBytes::new(vec![1; wrong]);
            let error = SplitError::RandomLength { needed: 28 };
            assert_eq!(split(&secret(), set, quorum, &random).err(), Some(error));
        }
        let foreign = SetId::from_words(3, 3);
        assert_eq!(split(&secret(), foreign, quorum, &random(quorum, 1)).err(), Some(SplitError::SetKind));
    }

    #[test]
    fn other_random_bytes_make_other_shares_of_the_same_secret() {
        let quorum = Quorum::new(2, 2).unwrap();
        let set = SetId::new(5).unwrap();
        let one = split(&secret(), set, quorum, &random(quorum, 1)).unwrap();
        let other = split(&secret(), set, quorum, &random(quorum, 2)).unwrap();
        assert!(!one[0].same_as(&other[0]) && !one[1].same_as(&other[1]));
        assert_eq!(combine(&[&one[0], &other[1]]).err(), Some(CombineError::DigestDiffers));
    }
}
