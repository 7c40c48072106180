//! The sealed container: bytes in, bytes out. It knows nothing of entries, files or paths.
//!
//! Layout (container version 1; `man/lifeboat-vault.5` has it byte by byte):
//!
//! ```text
//! 0      8   89 'L' 'F' 'B' 0D 0A 1A 0A
//! 8      1   container version, 1
//! 9      1   kind: 1 vault, 2 bundle, 4 what of an entry is sealed once more, 5 pass
//! 10     2   zero
//! 12     4   H, length of the header, big-endian
//! 16     H   header: one line of JSON
//! 16+H   32  payload commitment
//! 48+H   C   ChaCha20-Poly1305 ciphertext and tag, C = P + 16, P a multiple of 16 384 (of 256 in kinds 4 and 5)
//! end-32 32  SHA-256 of all bytes before; finds a worn medium, carries no security claim
//! ```
//!
//! Opening goes through the types in one direction: [`Sealed::parse`] checks what can be checked
//! without a secret, [`Sealed::unlock`] finds the master key, [`Sealed::open`] gives the payload.

pub mod aead;
pub mod header;
pub mod json;
pub mod kdf;
pub mod keys;
pub mod quorum;
pub mod slot;
mod unlocking;

use std::ops::Range;

use sha2::{Digest as _, Sha256};

pub use header::{Header, Info, Kind};
pub use kdf::{Ceiling, KdfError, KdfParameters};
pub use keys::{Credentials, KeyFile, MasterKey, NotAKeyFile, Passphrase};
pub use quorum::{Quorum, QuorumLock, RecoverySecret, ReplacedSet};
pub use slot::{Derivation, Slot, SlotKind, SlotRandom};

use crate::secret::SecretBytes;
use aead::{COMMITMENT_BYTES, OneTimeKey, TAG_BYTES, hedged_salt};
use header::HeaderError;
use slot::SlotError;

/// First bytes of every container. A copy made in text mode breaks them at once (PNG's trick).
pub const MAGIC: [u8; 8] = [0x89, b'L', b'F', b'B', 0x0d, 0x0a, 0x1a, 0x0a];
/// The container version written, and the newest read.
pub const VERSION: u8 = 1;
/// The payload is padded to a multiple of this, so that its size tells little.
pub const PADDING_STEP: usize = 16_384;
/// Largest padded payload: 64 MiB.
pub const LARGEST_PAYLOAD: usize = 64 << 20;
/// Largest header.
pub const LARGEST_HEADER: usize = 65_536;
/// Largest file that can be a container.
pub const LARGEST_FILE: u64 = 16 + 65_536 + 32 + (64 << 20) + 16 + 32;

const PREAMBLE_BYTES: usize = 16;
const TRAILER_BYTES: usize = 32;

/// Why bytes are not opened. Each tells a person something else to do.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum OpenError {
    /// The header is not as a writer makes it.
    #[error("the header is not valid: {field}")]
    BadHeader {
        /// The field, or what is wrong with the whole.
        field: &'static str,
    },
    /// The header fits its slot but not its payload, or the body does not fit the header.
    #[error("the file was altered: {part} does not belong to the rest")]
    Altered {
        /// Which part does not fit.
        part: &'static str,
    },
    /// The checksum differs, or bytes are missing or left over: a worn medium or an incomplete copy.
    #[error("the file is damaged: {what}")]
    Damaged {
        /// What was found.
        what: &'static str,
    },
    /// The key derivation is refused or failed.
    #[error(transparent)]
    Kdf(#[from] KdfError),
    /// None of the slots wants what was brought.
    #[error("nothing that was given fits a way of opening this file")]
    NoFittingSlot,
    /// The first bytes are another program's.
    #[error("not a Lifeboat file")]
    NotAnEnvelope,
    /// A part that a reader must know, from a newer version.
    #[error("the file needs a newer Lifeboat (it uses {name})")]
    UnsupportedFeature {
        /// Its name, escaped.
        name: String,
    },
    /// A kind that this version does not know, or not the one that was asked for.
    #[error("the file is {found}, not a {wanted}")]
    WrongKind {
        /// What the file is.
        found: &'static str,
        /// What was asked for.
        wanted: &'static str,
    },
    /// A newer container version.
    #[error("the file has container version {found}; this program reads versions up to {VERSION}")]
    UnsupportedVersion {
        /// The version in the file.
        found: u8,
    },
    /// The passphrase or the key file fits none of the slots that want it.
    #[error("none of {tried} ways of opening it accepts what was given")]
    WrongCredential {
        /// How many slots were tried.
        tried: usize,
    },
}

/// A container whose outside was checked: it is whole, and its header is well formed.
#[derive(Debug)]
pub struct Sealed {
    bytes: Vec<u8>,
    kind: Kind,
    header: Header,
    header_range: Range<usize>,
    sha256: [u8; 32],
}

/// A decrypted payload.
#[derive(Debug)]
pub struct Payload {
    plaintext: SecretBytes,
    json: Range<usize>,
    signature: Range<usize>,
}

impl Payload {
    /// The JSON document, which holds seeds.
    pub fn json(&self) -> &[u8] {
        self.plaintext.expose().get(self.json.clone()).unwrap_or_default()
    }

    /// The signature that follows the document; empty where none has to.
    pub fn signature(&self) -> &[u8] {
        self.plaintext.expose().get(self.signature.clone()).unwrap_or_default()
    }
}

impl Sealed {
    /// Checks everything that can be checked without a secret.
    ///
    /// # Errors
    ///
    /// [`OpenError`]; the checksum is looked at before the header, so that a worn medium is not taken
    /// for a forgery.
    pub fn parse(bytes: Vec<u8>, wanted: Kind) -> Result<Self, OpenError> {
        let kind = peek_kind(&bytes)?;
        if kind != wanted {
            return Err(OpenError::WrongKind { found: kind.with_article(), wanted: wanted.name() });
        }
        let damaged = |what| OpenError::Damaged { what };
        let length_bytes = bytes.get(12..16).and_then(|b| <[u8; 4]>::try_from(b).ok());
        let header_len = u32::from_be_bytes(length_bytes.ok_or(damaged("it ends inside the preamble"))?);
        let header_len = usize::try_from(header_len).unwrap_or(usize::MAX);
        if !(2..=LARGEST_HEADER).contains(&header_len) {
            return Err(damaged("the length of its header is out of range"));
        }
        let header_range = PREAMBLE_BYTES..PREAMBLE_BYTES + header_len;
        let body_start = header_range.end + COMMITMENT_BYTES;
        let body_len = bytes
            .len()
            .checked_sub(body_start + TRAILER_BYTES + TAG_BYTES)
            .ok_or(damaged("it ends too early; part of it is missing"))?;
        let (content, trailer) =
            bytes.split_at_checked(bytes.len() - TRAILER_BYTES).ok_or(damaged("it ends too early"))?;
        let mut hash = Sha256::new_with_prefix(content);
        if hash.clone().finalize().as_slice() != trailer {
            return Err(damaged("its checksum differs, so it was changed or copied incompletely"));
        }
        if body_len == 0 || !body_len.is_multiple_of(kind.padding_step()) || body_len > kind.largest_payload()
        {
            return Err(damaged("its length fits no payload"));
        }
        if bytes.get(10..12) != Some(&[0, 0]) {
            return Err(OpenError::BadHeader { field: "the two reserved bytes" });
        }
        let header =
            Header::parse(bytes.get(header_range.clone()).unwrap_or_default(), kind).map_err(|error| {
                match error {
                    HeaderError::Field(field) => OpenError::BadHeader { field },
                    HeaderError::Critical(name) => OpenError::UnsupportedFeature { name: quoted(&name) },
                }
            })?;
        // The bytes are hashed once: the trailer's own hash is carried on to the whole file's.
        hash.update(trailer);
        let sha256 = hash.finalize().into();
        Ok(Self { bytes, kind, header, header_range, sha256 })
    }

    /// The header.
    pub fn header(&self) -> &Header {
        &self.header
    }

    /// What it holds.
    pub fn kind(&self) -> Kind {
        self.kind
    }

    /// SHA-256 of the whole file.
    pub fn sha256(&self) -> [u8; 32] {
        self.sha256
    }

    /// The costliest derivation that trying these credentials could need.
    pub fn cost(&self) -> Option<KdfParameters> {
        self.header
            .slots
            .iter()
            .filter_map(|slot| slot.kind.derivation())
            .map(|derivation| derivation.cost)
            .max_by_key(|cost| u64::from(cost.memory_kib) * u64::from(cost.passes))
    }

    /// Tells whether a passphrase opens it, alone or with a key file.
    pub fn wants_passphrase(&self) -> bool {
        self.cost().is_some()
    }

    /// Tells whether it cannot be opened without a key file.
    pub fn wants_key_file(&self) -> bool {
        !self
            .header
            .slots
            .iter()
            .any(|slot| matches!(slot.kind, SlotKind::Passphrase(_) | SlotKind::Quorum(_)))
    }

    /// The shares that open it, of the first slot that wants shares.
    pub fn quorum(&self) -> Option<&Quorum> {
        self.header.slots.iter().find_map(|slot| slot.kind.quorum())
    }

    /// The slot with this name.
    pub fn slot(&self, sid: [u8; 4]) -> Option<&Slot> {
        self.header.slots.iter().find(|slot| slot.sid == sid)
    }

    /// Tells whether a key file alone opens it.
    pub fn opens_with_key_file_alone(&self) -> bool {
        self.header.slots.iter().any(|slot| slot.kind == SlotKind::KeyFile)
    }

    /// Finds the master key from the maker's side of a quorum slot, with the one-time half of its key: so that what
    /// was just written is proven although its maker cannot bring the shares together.
    ///
    /// # Errors
    ///
    /// [`OpenError::NoFittingSlot`] when no quorum slot was made with these, [`OpenError::Altered`] when one was and
    /// does not open.
    pub fn unlock_as_maker(&self, lock: &QuorumLock, ephemeral: &[u8; 32]) -> Result<MasterKey, OpenError> {
        for slot in &self.header.slots {
            match slot.unwrap_as_maker(self.kind, &self.header.id, lock, ephemeral) {
                Ok(master) => return Ok(master),
                Err(SlotError::Altered) => return Err(OpenError::Altered { part: "a slot" }),
                Err(SlotError::NotForThis | SlotError::DoesNotFit | SlotError::Kdf(_)) => {}
            }
        }
        Err(OpenError::NoFittingSlot)
    }

    /// Tells whether a signature has to follow the document: in a bundle for a quorum, since whoever has seen the
    /// public half of a share set could make one.
    fn must_be_signed(&self) -> bool {
        self.kind == Kind::Bundle && self.quorum().is_some()
    }

    /// Tells whether a signature may follow the document: where one has to, and beside a slot of a type that this
    /// version does not know. Anywhere else those bytes would be a place to hide content.
    fn may_be_signed(&self) -> bool {
        let has_newer = || self.header.slots.iter().any(|slot| !slot.kind.is_known());
        self.must_be_signed() || self.kind == Kind::Bundle && has_newer()
    }

    /// What a signature of this file is made over: the kind, the id, and the SHA-256 of the document.
    pub fn signed_message(&self, payload: &Payload) -> Vec<u8> {
        signed_message(self.kind, &self.header.id, payload.json())
    }

    /// Tells whether a master key is the one that this file was sealed with. Nothing is decrypted.
    pub fn is_sealed_with(&self, master: &MasterKey) -> bool {
        let (key, commitment) = self.payload_key(master);
        key.is_committed_to_by(commitment)
    }

    /// The key of the payload, and the commitment that it has to fit.
    fn payload_key(&self, master: &MasterKey) -> (OneTimeKey, &[u8]) {
        let header_bytes = self.bytes.get(self.header_range.clone()).unwrap_or_default();
        let info = payload_info(self.kind, &self.header.id, header_bytes);
        let key = OneTimeKey::derive(master.expose(), &self.header.salt, &info);
        let body_start = self.header_range.end + COMMITMENT_BYTES;
        (key, self.bytes.get(self.header_range.end..body_start).unwrap_or_default())
    }

    /// Decrypts the payload.
    ///
    /// # Errors
    ///
    /// [`OpenError::Altered`] when header or body do not belong to the key, [`OpenError::Damaged`] when
    /// what was sealed is not a padded document. No part of the plaintext comes out of a failure.
    pub fn open(&self, master: &MasterKey) -> Result<Payload, OpenError> {
        let (key, commitment) = self.payload_key(master);
        if !key.is_committed_to_by(commitment) {
            return Err(OpenError::Altered { part: "the header" });
        }
        let body_start = self.header_range.end + COMMITMENT_BYTES;
        let aad = self.bytes.get(..body_start).unwrap_or_default();
        let body = self.bytes.get(body_start..self.bytes.len() - TRAILER_BYTES).unwrap_or_default();
        let mut plaintext = SecretBytes::from_slice(body);
        key.open(aad, &mut plaintext).map_err(|_| OpenError::Altered { part: "the body" })?;
        let (json, signature) = framed(plaintext.expose(), self.may_be_signed())
            .ok_or(OpenError::Damaged { what: "its padding is not as written" })?;
        if self.must_be_signed() && signature.is_empty() {
            return Err(OpenError::Damaged {
                what: "a bundle that shares open is signed, and this one is not",
            });
        }
        Ok(Payload { plaintext, json, signature })
    }
}

/// Tells what kind of container bytes start with, from their preamble alone.
///
/// # Errors
///
/// [`OpenError::NotAnEnvelope`], [`OpenError::UnsupportedVersion`], or [`OpenError::WrongKind`] for a
/// kind that this version does not know.
pub fn peek_kind(bytes: &[u8]) -> Result<Kind, OpenError> {
    if bytes.get(..8) != Some(&MAGIC) {
        return Err(OpenError::NotAnEnvelope);
    }
    let version = bytes.get(8).copied().ok_or(OpenError::Damaged { what: "it ends inside the preamble" })?;
    if version != VERSION {
        return Err(OpenError::UnsupportedVersion { found: version });
    }
    let kind = bytes.get(9).copied().ok_or(OpenError::Damaged { what: "it ends inside the preamble" })?;
    Kind::from_byte(kind)
        .ok_or(OpenError::WrongKind { found: "of an unknown kind", wanted: "vault or bundle" })
}

/// What is to be sealed, and for whom.
#[derive(Debug)]
pub struct ToSeal<'a> {
    /// What it is.
    pub kind: Kind,
    /// Its id.
    pub id: [u8; 16],
    /// The ways of opening it.
    pub slots: &'a [Slot],
    /// What stands in clear about a bundle; every bundle has it and no vault does, or it will not open.
    pub info: Option<Info>,
    /// The payload's JSON document.
    pub json: &'a [u8],
    /// A signature over [`signed_message`]: in a bundle with a quorum slot, and empty anywhere else, or it will
    /// not open.
    pub signature: &'a [u8],
}

/// What a signature of a container is made over: the kind, the id, and the SHA-256 of the document.
pub fn signed_message(kind: Kind, id: &[u8; 16], json: &[u8]) -> Vec<u8> {
    let mut message = vec![kind.byte()];
    message.extend_from_slice(id);
    message.extend_from_slice(&Sha256::digest(json));
    message
}

/// Says that a payload is larger than a container may hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the content is larger than the {} MiB that one file may hold", LARGEST_PAYLOAD >> 20)]
pub struct TooLarge;

/// Seals a payload into the bytes of a file.
///
/// # Errors
///
/// [`TooLarge`] when payload or header are beyond the format's bounds.
pub fn seal(to_seal: &ToSeal<'_>, master: &MasterKey, random: &[u8; 32]) -> Result<Vec<u8>, TooLarge> {
    let padded_len = padded_len(to_seal.kind, to_seal.json.len(), to_seal.signature.len())?;
    let header = Header {
        id: to_seal.id,
        salt: hedged_salt(master, random, to_seal.json),
        slots: to_seal.slots.to_vec(),
        info: to_seal.info.clone(),
    };
    let header_bytes = header.encode();
    if header_bytes.len() > LARGEST_HEADER {
        return Err(TooLarge);
    }
    let key = OneTimeKey::derive(
        master.expose(),
        &header.salt,
        &payload_info(to_seal.kind, &to_seal.id, &header_bytes),
    );

    let mut plaintext = SecretBytes::with_capacity(padded_len + TAG_BYTES);
    let buffer = plaintext.expose_mut();
    buffer.extend_from_slice(&u32::try_from(to_seal.json.len()).map_err(|_| TooLarge)?.to_be_bytes());
    buffer.extend_from_slice(to_seal.json);
    buffer.extend_from_slice(&u32::try_from(to_seal.signature.len()).map_err(|_| TooLarge)?.to_be_bytes());
    buffer.extend_from_slice(to_seal.signature);
    buffer.resize(padded_len, 0);

    let mut file = Vec::with_capacity(
        PREAMBLE_BYTES + header_bytes.len() + COMMITMENT_BYTES + padded_len + TAG_BYTES + TRAILER_BYTES,
    );
    file.extend_from_slice(&MAGIC);
    file.extend_from_slice(&[VERSION, to_seal.kind.byte(), 0, 0]);
    file.extend_from_slice(&u32::try_from(header_bytes.len()).map_err(|_| TooLarge)?.to_be_bytes());
    file.extend_from_slice(&header_bytes);
    file.extend_from_slice(key.commitment());
    key.seal(&file, buffer);
    file.extend_from_slice(plaintext.expose());
    let trailer = Sha256::digest(&file);
    file.extend_from_slice(&trailer);
    Ok(file)
}

/// How long a document and its signature become with their two lengths and the padding.
fn padded_len(kind: Kind, json_len: usize, signature_len: usize) -> Result<usize, TooLarge> {
    let framed_len =
        json_len.checked_add(signature_len).and_then(|len| len.checked_add(8)).ok_or(TooLarge)?;
    let padded_len = framed_len.div_ceil(kind.padding_step()) * kind.padding_step();
    if padded_len > kind.largest_payload() { Err(TooLarge) } else { Ok(padded_len) }
}

/// Where document and signature lie in a padded plaintext; `None` when a length overruns, padding is not zero, or
/// a signature stands where none may.
fn framed(plaintext: &[u8], may_be_signed: bool) -> Option<(Range<usize>, Range<usize>)> {
    let length_at = |at: usize| {
        let bytes = <[u8; 4]>::try_from(plaintext.get(at..at.checked_add(4)?)?).ok()?;
        usize::try_from(u32::from_be_bytes(bytes)).ok()
    };
    let json = 4..4_usize.checked_add(length_at(0)?)?;
    let signature_start = json.end.checked_add(4)?;
    let signature_len = length_at(json.end)?;
    if signature_len > 0 && !may_be_signed {
        return None;
    }
    let signature = signature_start..signature_start.checked_add(signature_len)?;
    let padding = plaintext.get(signature.end..)?;
    padding.iter().all(|byte| *byte == 0).then_some((json, signature))
}

fn payload_info(kind: Kind, id: &[u8; 16], header_bytes: &[u8]) -> Vec<u8> {
    let mut info = b"lifeboat/1/payload\0".to_vec();
    info.push(kind.byte());
    info.extend_from_slice(id);
    info.extend_from_slice(&Sha256::digest(header_bytes));
    info
}

/// Shows a name from a file without letting it command a terminal.
fn quoted(name: &str) -> String {
    name.chars().take(40).flat_map(char::escape_default).collect()
}

#[cfg(test)]
mod tests;
