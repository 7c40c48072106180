//! One way of reaching the master key of an envelope.

use super::aead::{COMMITMENT_BYTES, OneTimeKey, TAG_BYTES, hedged_salt};
use super::header::Kind;
use super::json::{Node, hex, map};
use super::kdf::{self, Ceiling, KdfError, KdfParameters};
use super::keys::{Credentials, KEY_BYTES, KeyFile, MasterKey, Passphrase};
use super::quorum::{Quorum, QuorumLock, RecoverySecret};
use crate::secret::SecretBytes;

const WRAP_AAD: &[u8] = b"lifeboat/1/wrap";
const WRAP_BYTES: usize = KEY_BYTES + TAG_BYTES;

/// What a slot wants to be opened with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SlotKind {
    /// A key file alone.
    KeyFile,
    /// A passphrase alone.
    Passphrase(Derivation),
    /// A passphrase and a key file together.
    PassphraseAndKeyFile(Derivation),
    /// So many of the shares of a set.
    Quorum(Quorum),
    /// A type that this version does not know; kept as it is and skipped.
    Unknown(String),
}

/// How a passphrase becomes key material.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Derivation {
    /// Cost of Argon2id.
    pub cost: KdfParameters,
    /// Its salt.
    pub salt: [u8; 16],
}

/// A slot as the header holds it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Slot {
    /// What it wants.
    pub kind: SlotKind,
    /// Its short name, random.
    pub sid: [u8; 4],
    salt: [u8; 32],
    commitment: [u8; COMMITMENT_BYTES],
    wrap: [u8; WRAP_BYTES],
    /// The object as it stood in the header, for what this version does not know.
    written: Node,
}

/// Random bytes that a new slot needs.
#[derive(Debug)]
pub struct SlotRandom {
    /// Becomes the short name.
    pub sid: [u8; 4],
    /// Goes into the hedged salt.
    pub salt: [u8; 32],
    /// Argon2id's salt.
    pub kdf_salt: [u8; 16],
}

/// Why one slot did not open.
#[derive(Debug)]
pub(super) enum SlotError {
    /// It wants something else than what was brought.
    NotForThis,
    /// The commitment differs: this credential does not fit.
    DoesNotFit,
    /// The commitment fits and the wrapped key does not open: the slot was altered.
    Altered,
    /// The derivation was refused or failed.
    Kdf(KdfError),
}

impl SlotKind {
    /// The `type` in the header.
    pub fn type_name(&self) -> &str {
        match self {
            Self::KeyFile => "keyfile",
            Self::Passphrase(_) => "passphrase",
            Self::PassphraseAndKeyFile(_) => "passphrase+keyfile",
            Self::Quorum(_) => "quorum",
            Self::Unknown(name) => name,
        }
    }

    /// The words for people.
    pub fn in_words(&self) -> String {
        match self {
            Self::KeyFile => "a key file".to_owned(),
            Self::Passphrase(_) => "a passphrase".to_owned(),
            Self::PassphraseAndKeyFile(_) => "a passphrase and a key file together".to_owned(),
            Self::Quorum(quorum) => format!("{} of {} shares", quorum.threshold, quorum.n_shares()),
            Self::Unknown(name) => {
                format!("something this version does not know ({})", crate::envelope::quoted(name))
            }
        }
    }

    /// Tells whether this version can open such a slot.
    pub(super) fn is_known(&self) -> bool {
        !matches!(self, Self::Unknown(_))
    }

    /// How its passphrase is derived, if it wants one.
    pub fn derivation(&self) -> Option<Derivation> {
        match self {
            Self::Passphrase(derivation) | Self::PassphraseAndKeyFile(derivation) => Some(*derivation),
            Self::KeyFile | Self::Quorum(_) | Self::Unknown(_) => None,
        }
    }

    /// The shares that open it, if it wants shares.
    pub fn quorum(&self) -> Option<&Quorum> {
        match self {
            Self::Quorum(quorum) => Some(quorum),
            Self::KeyFile | Self::Passphrase(_) | Self::PassphraseAndKeyFile(_) | Self::Unknown(_) => None,
        }
    }
}

impl Slot {
    /// Wraps the master key for a passphrase, a key file, or both together.
    ///
    /// Returns `None` when neither is given.
    ///
    /// # Errors
    ///
    /// [`KdfError`] when the derivation cannot run.
    pub fn new(
        kind: Kind,
        id: &[u8; 16],
        master: &MasterKey,
        passphrase: Option<&Passphrase>,
        key_file: Option<&KeyFile>,
        cost: KdfParameters,
        random: &SlotRandom,
    ) -> Result<Option<Self>, KdfError> {
        let derivation = Derivation { cost, salt: random.kdf_salt };
        let slot_kind = match (passphrase, key_file) {
            (Some(_), Some(_)) => SlotKind::PassphraseAndKeyFile(derivation),
            (Some(_), None) => SlotKind::Passphrase(derivation),
            (None, Some(_)) => SlotKind::KeyFile,
            (None, None) => return Ok(None),
        };
        let credentials = Brought { passphrase, key_file, recovery_secret: None };
        let ikm = key_material(&slot_kind, &credentials).ok_or(KdfError::OutOfRange)??;
        Self::wrapped(kind, id, master, slot_kind, &ikm, random).map(Some).ok_or(KdfError::OutOfRange)
    }

    /// Wraps the master key for the shares of a set, of which only the public half is needed.
    ///
    /// Returns `None` for a lock that no shares could open: numbers out of bounds, or a public half that is none.
    pub fn for_quorum(
        kind: Kind,
        id: &[u8; 16],
        master: &MasterKey,
        lock: &QuorumLock,
        ephemeral: &[u8; KEY_BYTES],
        random: &SlotRandom,
    ) -> Option<Self> {
        let (quorum, ikm) = lock.turn(ephemeral)?;
        Self::wrapped(kind, id, master, SlotKind::Quorum(quorum), &ikm, random)
    }

    fn wrapped(
        kind: Kind,
        id: &[u8; 16],
        master: &MasterKey,
        slot_kind: SlotKind,
        ikm: &SecretBytes,
        random: &SlotRandom,
    ) -> Option<Self> {
        let salt = hedged_salt(master, &random.salt, master.expose());
        let key = OneTimeKey::derive(ikm.expose(), &salt, &slot_info(&slot_kind, kind, id));
        let commitment = *key.commitment();
        let mut wrap = SecretBytes::with_capacity(WRAP_BYTES);
        wrap.expose_mut().extend_from_slice(master.expose());
        key.seal(WRAP_AAD, wrap.expose_mut());
        let wrap = <[u8; WRAP_BYTES]>::try_from(wrap.expose()).ok()?;
        let mut slot = Self { kind: slot_kind, sid: random.sid, salt, commitment, wrap, written: Node::Null };
        slot.written = slot.to_node();
        Some(slot)
    }

    /// Reads a slot object; `Err` names the field that is wrong.
    pub(super) fn parse(node: &Node) -> Result<Self, &'static str> {
        let type_name = node.field("type").and_then(Node::text).ok_or("slots.type")?;
        let field = |name| node.field(name);
        let kind = match type_name {
            "keyfile" => SlotKind::KeyFile,
            "passphrase" => SlotKind::Passphrase(parse_derivation(node)?),
            "passphrase+keyfile" => SlotKind::PassphraseAndKeyFile(parse_derivation(node)?),
            "quorum" => SlotKind::Quorum(Quorum::parse(node)?),
            other => {
                return Ok(Self {
                    kind: SlotKind::Unknown(other.to_owned()),
                    sid: field("sid").and_then(Node::hex).unwrap_or_default(),
                    salt: [0; 32],
                    commitment: [0; COMMITMENT_BYTES],
                    wrap: [0; WRAP_BYTES],
                    written: node.clone(),
                });
            }
        };
        Ok(Self {
            kind,
            sid: field("sid").and_then(Node::hex).ok_or("slots.sid")?,
            salt: field("salt").and_then(Node::hex).ok_or("slots.salt")?,
            commitment: field("commit").and_then(Node::hex).ok_or("slots.commit")?,
            wrap: field("wrap").and_then(Node::hex).ok_or("slots.wrap")?,
            written: node.clone(),
        })
    }

    /// The object that goes into a header: as it was read, or as this version makes it.
    pub(super) fn node(&self) -> &Node {
        &self.written
    }

    fn to_node(&self) -> Node {
        let node = map([
            ("type", Node::Text(self.kind.type_name().to_owned())),
            ("sid", hex(&self.sid)),
            ("salt", hex(&self.salt)),
            ("commit", hex(&self.commitment)),
            ("wrap", hex(&self.wrap)),
        ]);
        if let SlotKind::Quorum(quorum) = &self.kind {
            return quorum.write(node);
        }
        let Some(derivation) = self.kind.derivation() else { return node };
        let kdf = map([
            ("alg", Node::Text("argon2id".to_owned())),
            ("v", Node::Number(19)),
            ("m", Node::Number(derivation.cost.memory_kib.into())),
            ("t", Node::Number(derivation.cost.passes.into())),
            ("p", Node::Number(derivation.cost.lanes.into())),
            ("salt", hex(&derivation.salt)),
        ]);
        node.with("kdf", kdf)
    }

    /// Tells whether this is a way for a key file alone, and this key file the one that opens it.
    pub fn opens_by_key_file_alone(&self, kind: Kind, id: &[u8; 16], key_file: &KeyFile) -> bool {
        let credentials = Credentials { key_file: Some(key_file.duplicate()), ..Credentials::default() };
        self.kind == SlotKind::KeyFile && self.unwrap_key(kind, id, &credentials, Ceiling::USUAL).is_ok()
    }

    /// Unwraps the master key.
    pub(super) fn unwrap_key(
        &self,
        kind: Kind,
        id: &[u8; 16],
        credentials: &Credentials,
        ceiling: Ceiling,
    ) -> Result<MasterKey, SlotError> {
        if let Some(derivation) = self.kind.derivation() {
            kdf::check(derivation.cost, ceiling).map_err(SlotError::Kdf)?;
        }
        let brought = Brought {
            passphrase: credentials.passphrase.as_ref(),
            key_file: credentials.key_file.as_ref(),
            recovery_secret: credentials.recovery_secret.as_ref(),
        };
        let ikm = key_material(&self.kind, &brought).ok_or(SlotError::NotForThis)?.map_err(SlotError::Kdf)?;
        self.unwrap_with(kind, id, &ikm)
    }

    /// Unwraps the master key with the one-time half of a quorum slot's key.
    pub(super) fn unwrap_as_maker(
        &self,
        kind: Kind,
        id: &[u8; 16],
        lock: &QuorumLock,
        ephemeral: &[u8; KEY_BYTES],
    ) -> Result<MasterKey, SlotError> {
        let (made, ikm) = lock.turn(ephemeral).ok_or(SlotError::NotForThis)?;
        if self.kind != SlotKind::Quorum(made) {
            return Err(SlotError::NotForThis);
        }
        self.unwrap_with(kind, id, &ikm)
    }

    fn unwrap_with(&self, kind: Kind, id: &[u8; 16], ikm: &SecretBytes) -> Result<MasterKey, SlotError> {
        let key = OneTimeKey::derive(ikm.expose(), &self.salt, &slot_info(&self.kind, kind, id));
        if !key.is_committed_to_by(&self.commitment) {
            return Err(SlotError::DoesNotFit);
        }
        let mut wrapped = SecretBytes::from_slice(&self.wrap);
        key.open(WRAP_AAD, &mut wrapped).map_err(|_| SlotError::Altered)?;
        MasterKey::from_secret(wrapped).ok_or(SlotError::Altered)
    }
}

/// What was brought, borrowed.
struct Brought<'a> {
    passphrase: Option<&'a Passphrase>,
    key_file: Option<&'a KeyFile>,
    recovery_secret: Option<&'a RecoverySecret>,
}

/// The input key material of a slot, or `None` when what it wants was not brought.
fn key_material(kind: &SlotKind, brought: &Brought<'_>) -> Option<Result<SecretBytes, KdfError>> {
    let derived = |derivation: &Derivation| {
        let passphrase = brought.passphrase?.normalized();
        Some(kdf::derive(passphrase.expose().as_bytes(), &derivation.salt, derivation.cost))
    };
    match kind {
        SlotKind::KeyFile => Some(Ok(SecretBytes::from_slice(brought.key_file?.expose()))),
        SlotKind::Passphrase(derivation) => derived(derivation),
        SlotKind::PassphraseAndKeyFile(derivation) => {
            let key_file = brought.key_file?;
            Some(derived(derivation)?.map(|first| {
                let mut both = SecretBytes::with_capacity(2 * KEY_BYTES);
                both.expose_mut().extend_from_slice(first.expose());
                both.expose_mut().extend_from_slice(key_file.expose());
                both
            }))
        }
        SlotKind::Quorum(quorum) => brought.recovery_secret?.key_material(&quorum.ephemeral).map(Ok),
        SlotKind::Unknown(_) => None,
    }
}

fn slot_info(slot_kind: &SlotKind, kind: Kind, id: &[u8; 16]) -> Vec<u8> {
    let mut info = b"lifeboat/1/slot/".to_vec();
    info.extend_from_slice(slot_kind.type_name().as_bytes());
    info.push(0);
    info.push(kind.byte());
    info.extend_from_slice(id);
    info
}

fn parse_derivation(node: &Node) -> Result<Derivation, &'static str> {
    let kdf = node.field("kdf").ok_or("slots.kdf")?;
    if kdf.field("alg").and_then(Node::text) != Some("argon2id") {
        return Err("slots.kdf.alg");
    }
    if kdf.field("v").and_then(Node::number) != Some(19) {
        return Err("slots.kdf.v");
    }
    let number =
        |name, error| kdf.field(name).and_then(Node::number).and_then(|n| u32::try_from(n).ok()).ok_or(error);
    Ok(Derivation {
        cost: KdfParameters {
            memory_kib: number("m", "slots.kdf.m")?,
            passes: number("t", "slots.kdf.t")?,
            lanes: number("p", "slots.kdf.p")?,
        },
        salt: kdf.field("salt").and_then(Node::hex).ok_or("slots.kdf.salt")?,
    })
}
