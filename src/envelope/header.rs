//! The clear, authenticated part of an envelope: what it is, and the ways of opening it.

use super::json::{Node, hex, map};
use super::slot::Slot;

/// The one set of algorithms of container version 1.
const ALGORITHMS: &str = "hkdf-sha256+chacha20-poly1305";
/// Most slots of one envelope.
pub const MOST_SLOTS: usize = 16;
/// Most slots that want a passphrase: each costs a reader one derivation.
pub const MOST_PASSPHRASE_SLOTS: usize = 4;

/// What an envelope holds; separates the keys of one kind from those of the other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A self-contained export.
    Bundle,
    /// The codes of one entry for a limited time, without its seed.
    Pass,
    /// What of an entry is sealed once more, inside a vault or a bundle.
    SealedEntry,
    /// A vault.
    Vault,
}

impl Kind {
    /// The byte in the container.
    pub const fn byte(self) -> u8 {
        match self {
            Self::Bundle => 2,
            Self::Pass => 5,
            Self::SealedEntry => 4,
            Self::Vault => 1,
        }
    }

    /// The word for people.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Bundle => "bundle",
            Self::Pass => "pass",
            Self::SealedEntry => "sealed entry",
            Self::Vault => "vault",
        }
    }

    pub(super) const fn from_byte(byte: u8) -> Option<Self> {
        match byte {
            1 => Some(Self::Vault),
            2 => Some(Self::Bundle),
            4 => Some(Self::SealedEntry),
            5 => Some(Self::Pass),
            _ => None,
        }
    }

    /// The payload is padded to a multiple of so many bytes, so that its size tells little.
    pub const fn padding_step(self) -> usize {
        match self {
            Self::Bundle | Self::Vault => super::PADDING_STEP,
            Self::Pass | Self::SealedEntry => 256,
        }
    }

    /// Largest padded payload, in bytes.
    pub const fn largest_payload(self) -> usize {
        match self {
            Self::Bundle | Self::Vault => super::LARGEST_PAYLOAD,
            // Eight hours of codes of ten digits, one a second, are less than this.
            Self::Pass => 256 << 10,
            Self::SealedEntry => 64 << 10,
        }
    }

    /// The word with its article.
    pub(super) const fn with_article(self) -> &'static str {
        match self {
            Self::Bundle => "a bundle",
            Self::Pass => "a pass",
            Self::SealedEntry => "a sealed entry",
            Self::Vault => "a vault",
        }
    }
}

/// What stands in clear about a bundle. It is authenticated only once the bundle is open.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Info {
    /// When it was made, in Unix seconds.
    pub created: u64,
    /// The label, if one was given; from a stranger until opened.
    pub label: Option<String>,
}

/// The header of an envelope.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Header {
    /// 16 random bytes: constant for a vault, fresh for a bundle.
    pub id: [u8; 16],
    /// Salt of the payload's key, fresh for every write.
    pub salt: [u8; 32],
    /// The ways of opening it.
    pub slots: Vec<Slot>,
    /// What stands in clear about a bundle; every bundle has it and no vault does.
    pub info: Option<Info>,
}

/// Why header bytes are refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum HeaderError {
    /// The named field is missing, of the wrong form, or out of bounds.
    Field(&'static str),
    /// A reader must know this to go on, and this one does not.
    Critical(String),
}

impl Header {
    pub(super) fn parse(bytes: &[u8], kind: Kind) -> Result<Self, HeaderError> {
        let field = HeaderError::Field;
        if bytes.iter().any(|byte| matches!(byte, b'\n' | b'\r')) {
            return Err(field("header (more than one line)"));
        }
        let node = Node::parse(bytes).map_err(|_| field("header (not strict JSON)"))?;
        if node.field("alg").and_then(Node::text) != Some(ALGORITHMS) {
            return Err(field("alg"));
        }
        // Version 1 defines no name, so the first in the list is already one that this reader does not know.
        if let Some(name) = node.field("crit").and_then(Node::list).ok_or(field("crit"))?.first() {
            return Err(HeaderError::Critical(name.text().ok_or(field("crit"))?.to_owned()));
        }
        let slots = node.field("slots").and_then(Node::list).ok_or(field("slots"))?;
        if slots.is_empty() || slots.len() > MOST_SLOTS {
            return Err(field("slots (their number)"));
        }
        let slots =
            slots.iter().map(Slot::parse).collect::<Result<Vec<_>, _>>().map_err(HeaderError::Field)?;
        if slots.iter().filter(|slot| slot.kind.derivation().is_some()).count() > MOST_PASSPHRASE_SLOTS {
            return Err(field("slots (too many passphrases)"));
        }
        let info = node.field("info").map(parse_info).transpose().map_err(HeaderError::Field)?;
        // A bundle says when it was made; a vault says nothing of itself, least of all what looks like it.
        if info.is_some() != (kind == Kind::Bundle) {
            return Err(field("info"));
        }
        Ok(Self {
            id: node.field("id").and_then(Node::hex).ok_or(field("id"))?,
            salt: node.field("salt").and_then(Node::hex).ok_or(field("salt"))?,
            slots,
            info,
        })
    }

    /// The bytes: one line, keys sorted, no spaces.
    pub(super) fn encode(&self) -> Vec<u8> {
        let mut node = map([
            ("alg", Node::Text(ALGORITHMS.to_owned())),
            ("crit", Node::List(Vec::new())),
            ("id", hex(&self.id)),
            ("salt", hex(&self.salt)),
            ("slots", Node::List(self.slots.iter().map(|slot| slot.node().clone()).collect())),
        ]);
        if let Some(info) = &self.info {
            let created = map([("created", Node::Number(info.created))]);
            let in_clear = match &info.label {
                Some(label) => created.with("label", Node::Text(label.clone())),
                None => created,
            };
            node = node.with("info", in_clear);
        }
        let mut text = String::new();
        node.write(&mut text);
        text.into_bytes()
    }
}

fn parse_info(node: &Node) -> Result<Info, &'static str> {
    let label = match node.field("label") {
        Some(label) => Some(label.text().ok_or("info.label")?.to_owned()),
        None => None,
    };
    Ok(Info { created: node.field("created").and_then(Node::number).ok_or("info.created")?, label })
}
