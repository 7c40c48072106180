//! The slot that M of N custodians open together: the master key wrapped to the public half of a share set.
//!
//! The recovery secret that the shares give becomes an X25519 private key (RFC 7748). Only its public half is
//! needed to make a slot, so whoever opens the vault can make bundles for the custodians and open none of them.

use x25519_dalek::{PublicKey, StaticSecret};
use zeroize::Zeroizing;

use super::aead::expand;
use super::json::{Node, hex, map};
use super::keys::KEY_BYTES;
use crate::secret::SecretBytes;

/// Length of a recovery secret, in bytes: what shares of 20 words hold.
pub const RECOVERY_SECRET_BYTES: usize = 16;
/// Most shares of a set, as SLIP-0039 has it.
pub const MOST_SHARES: usize = 16;
/// Most replaced sets that a slot names: the newest of them.
pub const MOST_REPLACED: usize = 8;
/// Largest id of a share set: it has 15 bits.
pub const LARGEST_SET: u16 = 0x7fff;

/// How the secret is split, and what it becomes.
const SCHEME: &str = "slip39-x25519";
const KEY_INFO: &[u8] = b"lifeboat/1/share-set";

/// What M shares of a set give together.
#[derive(Debug)]
pub struct RecoverySecret(SecretBytes);

impl RecoverySecret {
    /// Takes the bytes; `None` when they are not as many as a secret has.
    pub fn from_secret(bytes: SecretBytes) -> Option<Self> {
        (bytes.len() == RECOVERY_SECRET_BYTES).then_some(Self(bytes))
    }

    /// The half that makes slots and opens none.
    pub fn public(&self) -> [u8; KEY_BYTES] {
        PublicKey::from(&self.private()).to_bytes()
    }

    /// Makes a second copy, which is wiped on its own.
    #[must_use]
    pub fn duplicate(&self) -> Self {
        Self(self.0.duplicate())
    }

    fn private(&self) -> StaticSecret {
        let mut key = Zeroizing::new([0; KEY_BYTES]);
        expand(self.0.expose(), None, KEY_INFO, key.as_mut_slice());
        StaticSecret::from(*key)
    }

    /// The input key material of a slot; `None` for a point whose product everybody knows.
    pub(super) fn key_material(&self, ephemeral: &[u8; KEY_BYTES]) -> Option<SecretBytes> {
        key_material(&self.private(), ephemeral, ephemeral, &self.public())
    }
}

/// What a quorum slot says of the shares that open it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Quorum {
    /// The set's id, of 15 bits; the first two words of its shares say the same.
    pub set: u16,
    /// How many shares open it.
    pub threshold: u8,
    /// A check value for each share, in the order of their numbers.
    pub fingerprints: Vec<[u8; 4]>,
    /// Sets that this one has replaced, newest first: their shares open older bundles and not this one.
    pub replaced: Vec<ReplacedSet>,
    pub(super) ephemeral: [u8; KEY_BYTES],
}

/// A set whose shares were replaced by those of another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ReplacedSet {
    /// Its id.
    pub set: u16,
    /// When it was replaced, in Unix seconds.
    pub at: u64,
}

/// What a new quorum slot is made of: the public half of a share set.
#[derive(Debug, Clone)]
pub struct QuorumLock {
    /// The set's id, of 15 bits.
    pub set: u16,
    /// How many shares open it.
    pub threshold: u8,
    /// A check value for each share, in the order of their numbers.
    pub fingerprints: Vec<[u8; 4]>,
    /// Sets that this one has replaced, newest first; the first [`MOST_REPLACED`] of them are named.
    pub replaced: Vec<ReplacedSet>,
    /// The public half of its key.
    pub public: [u8; KEY_BYTES],
}

impl QuorumLock {
    /// What the slot says, and the input key material that wraps for it; `None` for a public half that is none.
    pub(super) fn turn(&self, random: &[u8; KEY_BYTES]) -> Option<(Quorum, SecretBytes)> {
        let secret = StaticSecret::from(*random);
        let ephemeral = PublicKey::from(&secret).to_bytes();
        let ikm = key_material(&secret, &self.public, &ephemeral, &self.public)?;
        let quorum = Quorum {
            set: self.set,
            threshold: self.threshold,
            fingerprints: self.fingerprints.clone(),
            replaced: self.replaced.iter().take(MOST_REPLACED).copied().collect(),
            ephemeral,
        };
        quorum.is_well_formed().then_some((quorum, ikm))
    }
}

impl Quorum {
    /// How many shares there are.
    pub fn n_shares(&self) -> usize {
        self.fingerprints.len()
    }

    fn is_well_formed(&self) -> bool {
        let n_shares = self.fingerprints.len();
        self.set <= LARGEST_SET
            && n_shares <= MOST_SHARES
            && (2..=n_shares).contains(&usize::from(self.threshold))
            && self.replaced.iter().all(|replaced| replaced.set <= LARGEST_SET)
    }

    pub(super) fn parse(node: &Node) -> Result<Self, &'static str> {
        if node.field("scheme").and_then(Node::text) != Some(SCHEME) {
            return Err("slots.scheme");
        }
        let small = |name, error| {
            let value = node.field(name).and_then(Node::number).ok_or(error)?;
            u16::try_from(value).map_err(|_| error)
        };
        let fingerprints = node.field("fp").and_then(Node::list).ok_or("slots.fp")?;
        let replaced = match node.field("replaced") {
            Some(list) => {
                list.list().ok_or("slots.replaced")?.iter().map(parse_replaced).collect::<Option<_>>()
            }
            None => Some(Vec::new()),
        };
        let quorum = Self {
            set: small("set", "slots.set")?,
            threshold: u8::try_from(small("m", "slots.m")?).map_err(|_| "slots.m")?,
            fingerprints: fingerprints.iter().map(Node::hex).collect::<Option<_>>().ok_or("slots.fp")?,
            replaced: replaced.filter(|list: &Vec<_>| list.len() <= MOST_REPLACED).ok_or("slots.replaced")?,
            ephemeral: node.field("epk").and_then(Node::hex).ok_or("slots.epk")?,
        };
        let n_shares = usize::from(small("n", "slots.n")?);
        (n_shares == quorum.fingerprints.len() && quorum.is_well_formed()).then_some(quorum).ok_or("slots.m")
    }

    /// Adds the fields to a slot's object.
    pub(super) fn write(&self, slot: Node) -> Node {
        let number = |value: usize| Node::Number(u64::try_from(value).unwrap_or(u64::MAX));
        let slot = slot
            .with("scheme", Node::Text(SCHEME.to_owned()))
            .with("set", Node::Number(self.set.into()))
            .with("m", Node::Number(self.threshold.into()))
            .with("n", number(self.fingerprints.len()))
            .with("fp", Node::List(self.fingerprints.iter().map(|fingerprint| hex(fingerprint)).collect()))
            .with("epk", hex(&self.ephemeral));
        if self.replaced.is_empty() {
            return slot;
        }
        let replaced = self.replaced.iter().map(|replaced| {
            map([("set", Node::Number(replaced.set.into())), ("at", Node::Number(replaced.at))])
        });
        slot.with("replaced", Node::List(replaced.collect()))
    }
}

fn parse_replaced(node: &Node) -> Option<ReplacedSet> {
    let number = |name| node.field(name).and_then(Node::number);
    Some(ReplacedSet { set: u16::try_from(number("set")?).ok()?, at: number("at")? })
}

/// X25519's product, then both public halves, so that a slot belongs to this pair alone.
fn key_material(
    own: &StaticSecret,
    other: &[u8; KEY_BYTES],
    ephemeral: &[u8; KEY_BYTES],
    public: &[u8; KEY_BYTES],
) -> Option<SecretBytes> {
    let product = own.diffie_hellman(&PublicKey::from(*other));
    product.was_contributory().then(|| {
        let mut ikm = SecretBytes::with_capacity(3 * KEY_BYTES);
        ikm.expose_mut().extend_from_slice(product.as_bytes());
        ikm.expose_mut().extend_from_slice(ephemeral);
        ikm.expose_mut().extend_from_slice(public);
        ikm
    })
}

#[cfg(test)]
mod tests;
