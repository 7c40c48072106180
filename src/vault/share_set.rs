//! Share sets: what a vault keeps of the shares that its custodians hold. None of it opens anything.

use crate::entry::{Label, UnixSeconds};

/// A set of shares, made once with its custodians and used by any number of bundles and sealed entries.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ShareSet {
    /// Its id, of 15 bits, which the first two words of each of its shares say.
    pub id: u16,
    /// How many shares are needed.
    pub threshold: u8,
    /// The public half of its key (X25519): makes what the shares open, and opens none of it.
    pub public_key: [u8; 32],
    /// When it was made.
    pub created: UnixSeconds,
    /// By when each custodian is to check their share, as the cards say.
    pub check_by: UnixSeconds,
    /// One for each share, in the order of their numbers.
    pub shares: Vec<ShareRecord>,
    /// Set when another set has taken its place.
    pub replaced: Option<Replacement>,
}

/// What is known of one share.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ShareRecord {
    /// Who holds it.
    pub custodian: Label,
    /// Its check value.
    pub fingerprint: [u8; 4],
    /// Checks the acknowledgements that its holder makes (Ed25519).
    pub acknowledge_key: [u8; 32],
    /// When its custodian typed words of the card back, which shows that the card can be read.
    pub typed_back: Option<UnixSeconds>,
    /// The date of the newest acknowledgement that was brought home.
    pub acknowledged: Option<UnixSeconds>,
}

/// Says that another set has taken a set's place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Replacement {
    /// When.
    pub at: UnixSeconds,
    /// The id of the new set.
    pub by: u16,
}

impl ShareSet {
    /// How many shares there are.
    pub fn n_shares(&self) -> usize {
        self.shares.len()
    }

    /// The share with this number, which counts from one.
    pub fn share(&self, number: u8) -> Option<&ShareRecord> {
        self.shares.get(usize::from(number).checked_sub(1)?)
    }

    /// How many shares were acknowledged at or after a moment.
    pub fn n_acknowledged_since(&self, moment: UnixSeconds) -> usize {
        self.shares.iter().filter(|share| share.acknowledged.is_some_and(|at| at >= moment)).count()
    }
}
