//! What makes an entry's codes: at hand in the open vault, or sealed once more under other keys.
//!
//! Of what is sealed this layer knows the bytes, and in plain words what opens them. It opens nothing.

use std::fmt;

use crate::otp::Seed;

/// What makes an entry's codes.
#[derive(Debug)]
pub enum EntrySecret {
    /// The seed is at hand for whoever opens the vault.
    Open(Seed),
    /// The seed, with the recovery codes, is sealed once more: who opens the vault does not have it.
    Sealed(SealedSecret),
}

/// A container that holds a seed and recovery codes, and what its slots say of themselves.
#[derive(Clone, PartialEq, Eq)]
pub struct SealedSecret {
    container: Vec<u8>,
    ways: Vec<SealedBy>,
}

/// What opens a container.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SealedBy {
    /// Something that this version does not seal with.
    Other,
    /// A passphrase of its own.
    Passphrase,
    /// So many shares of a set.
    Shares {
        /// The set's id.
        set: u16,
        /// How many are needed.
        threshold: u8,
        /// How many there are.
        n_shares: u8,
    },
}

impl EntrySecret {
    /// The seed, where it is at hand.
    pub fn seed(&self) -> Option<&Seed> {
        match self {
            Self::Open(seed) => Some(seed),
            Self::Sealed(_) => None,
        }
    }

    /// What is sealed, where the seed is.
    pub fn sealed(&self) -> Option<&SealedSecret> {
        match self {
            Self::Open(_) => None,
            Self::Sealed(sealed) => Some(sealed),
        }
    }

    /// Makes a second copy, whose secrets are wiped on their own.
    #[must_use]
    pub fn duplicate(&self) -> Self {
        match self {
            Self::Open(seed) => Self::Open(seed.duplicate()),
            Self::Sealed(sealed) => Self::Sealed(sealed.clone()),
        }
    }
}

impl SealedSecret {
    /// Takes the bytes of a container, and what its slots say.
    pub fn new(container: Vec<u8>, ways: Vec<SealedBy>) -> Self {
        Self { container, ways }
    }

    /// The bytes, which hold nothing in clear but what opens them.
    pub fn container(&self) -> &[u8] {
        &self.container
    }

    /// What opens it, a line for each slot.
    pub fn ways(&self) -> &[SealedBy] {
        &self.ways
    }
}

impl fmt::Debug for SealedSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SealedSecret({} bytes, {:?})", self.container.len(), self.ways)
    }
}
