//! What of an entry is sealed once more: the container as it stands in the entry, and the document in it, schema 1.
//!
//! The container's outside is read here, so that an entry whose container nobody could ever open is set aside like
//! every other that cannot be read. Nothing is opened here.

use std::cell::Cell;
use std::fmt;

use data_encoding::BASE64;
use serde::de::{Deserializer, MapAccess, Visitor};
use serde::ser::{Serialize, SerializeMap as _, Serializer};
use serde_json::{Map, Value};

use super::entry_v1::{FIELDS, RecoveryCodeOut, Text, once, read_recovery_code};
use super::residue::Kept;
use super::strict::{self, Strict};
use super::{SCHEMA, WireError};
use crate::entry::{Entry, EntryId, EntrySecret, RecoveryCode, SealedBy, SealedSecret};
use crate::envelope::{Kind, LARGEST_HEADER, Sealed, SlotKind};
use crate::otp::Seed;
use crate::secret::{SecretBytes, SecretText};

/// Most bytes of a container: everything around the payload is less than this.
const LARGEST_CONTAINER: usize = Kind::SealedEntry.largest_payload() + LARGEST_HEADER + 256;
/// Levels of what an entry keeps that belong to its recovery codes.
const CODES: &str = "recovery_codes/";

/// What a container holds.
#[derive(Debug)]
pub struct SealedDocument {
    /// The entry that it is of. In another one it is refused.
    pub entry: EntryId,
    /// The seed.
    pub seed: Seed,
    /// The recovery codes.
    pub recovery_codes: Vec<RecoveryCode>,
    /// Fields that a newer Lifeboat wrote, as the text of one JSON object; they are written back.
    kept: Option<SecretText>,
}

impl SealedDocument {
    /// A document with nothing of an older one in it.
    pub fn new(entry: EntryId, seed: Seed, recovery_codes: Vec<RecoveryCode>) -> Self {
        Self { entry, seed, recovery_codes, kept: None }
    }

    /// What of an entry is to be sealed: copies of it. `None` of one that is sealed.
    pub fn of(entry: &Entry) -> Option<Self> {
        let codes = entry.recovery_codes.iter();
        let kept = Kept::from_text(entry.kept.as_ref());
        Some(Self {
            entry: entry.id,
            seed: entry.seed()?.duplicate(),
            recovery_codes: codes.map(RecoveryCode::duplicate).collect(),
            kept: kept.only(|level| level.starts_with(CODES)).into_text(),
        })
    }

    /// Makes a second copy, whose secrets are wiped on their own.
    #[must_use]
    pub fn duplicate(&self) -> Self {
        Self {
            entry: self.entry,
            seed: self.seed.duplicate(),
            recovery_codes: self.recovery_codes.iter().map(RecoveryCode::duplicate).collect(),
            kept: self.kept.as_ref().map(SecretText::duplicate),
        }
    }

    /// Puts other recovery codes into it.
    pub fn replace_codes(&mut self, codes: Vec<RecoveryCode>) {
        self.recovery_codes = codes;
        self.kept = Kept::from_text(self.kept.as_ref()).only(|level| !level.starts_with(CODES)).into_text();
    }

    /// Puts copies of what it holds into an entry, in the place of what was sealed.
    pub fn open_into(&self, entry: &mut Entry) {
        entry.secret = EntrySecret::Open(self.seed.duplicate());
        entry.recovery_codes = self.recovery_codes.iter().map(RecoveryCode::duplicate).collect();
        let mut kept = Kept::from_text(entry.kept.as_ref());
        kept.absorb(Kept::from_text(self.kept.as_ref()), |field| !FIELDS.contains(&field));
        entry.kept = kept.into_text();
    }
}

/// Puts a container into an entry, and takes away what is in it.
pub fn seal_into(entry: &mut Entry, sealed: SealedSecret) {
    entry.secret = EntrySecret::Sealed(sealed);
    entry.recovery_codes = Vec::new();
    let kept = Kept::from_text(entry.kept.as_ref()).only(|level| !level.starts_with(CODES));
    entry.kept = kept.into_text();
}

/// Reads the outside of a container from its bytes; `None` when it is no container of this kind.
pub fn container(bytes: Vec<u8>) -> Option<SealedSecret> {
    if bytes.len() > LARGEST_CONTAINER {
        return None;
    }
    let sealed = Sealed::parse(bytes.clone(), Kind::SealedEntry).ok()?;
    let ways = sealed.header().slots.iter().map(|slot| match &slot.kind {
        SlotKind::Passphrase(_) => SealedBy::Passphrase,
        SlotKind::Quorum(quorum) => SealedBy::Shares {
            set: quorum.set,
            threshold: quorum.threshold,
            n_shares: u8::try_from(quorum.n_shares()).unwrap_or(u8::MAX),
        },
        SlotKind::KeyFile | SlotKind::PassphraseAndKeyFile(_) | SlotKind::Unknown(_) => SealedBy::Other,
    });
    Some(SealedSecret::new(bytes, ways.collect()))
}

/// Reads the text that stands in an entry.
pub(super) fn from_base64(text: &str) -> Option<SealedSecret> {
    if text.len() > LARGEST_CONTAINER.div_ceil(3) * 4 {
        return None;
    }
    container(BASE64.decode(text.as_bytes()).ok()?)
}

/// The text that stands in an entry.
pub(super) fn to_base64(sealed: &SealedSecret) -> String {
    BASE64.encode(sealed.container())
}

/// A bound for that text.
pub(super) fn base64_len(sealed: &SealedSecret) -> usize {
    sealed.container().len().div_ceil(3) * 4
}

/// Reads the document of a container.
///
/// # Errors
///
/// [`WireError`] names the field, and never repeats a value.
pub fn parse(json: &[u8]) -> Result<SealedDocument, WireError> {
    let last_field = Cell::new(None);
    let mut deserializer = serde_json::Deserializer::from_slice(json);
    let fields = deserializer.deserialize_map(DocumentVisitor { last_field: &last_field });
    let fields = fields.and_then(|fields| deserializer.end().map(|()| fields)).map_err(|error| {
        match last_field.take() {
            _ if strict::is_twice(&error) => WireError::KeyTwice,
            Some(field) => WireError::Field { field },
            None => WireError::NotAnObject,
        }
    })?;
    fields.into_document()
}

#[derive(Default)]
struct Fields<'a> {
    schema: Option<u64>,
    entry: Option<Text<'a>>,
    seed: Option<Text<'a>>,
    recovery_codes: Vec<Strict>,
    rest: Map<String, Value>,
}

struct DocumentVisitor<'c> {
    last_field: &'c Cell<Option<&'static str>>,
}

impl<'de> Visitor<'de> for DocumentVisitor<'_> {
    type Value = Fields<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("what of an entry is sealed")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut access: A) -> Result<Fields<'de>, A::Error> {
        let mut fields = Fields::default();
        let mut seen = 0;
        self.last_field.set(Some("(first)"));
        while let Some(Text(key)) = access.next_key::<Text<'de>>()? {
            let known = ["schema", "entry", "seed", "recovery_codes"].into_iter().zip(0..);
            let known = known.into_iter().find(|(name, _)| *name == &*key);
            self.last_field.set(Some(known.map_or("(unknown)", |(name, _)| name)));
            let Some((name, place)) = known else {
                strict::read_into(&mut fields.rest, key.into_owned(), &mut access)?;
                continue;
            };
            once::<A::Error>(&mut seen, place)?;
            match name {
                "schema" => fields.schema = access.next_value()?,
                "entry" => fields.entry = access.next_value()?,
                "seed" => fields.seed = access.next_value()?,
                _ => fields.recovery_codes = access.next_value()?,
            }
        }
        Ok(fields)
    }
}

impl Fields<'_> {
    fn into_document(self) -> Result<SealedDocument, WireError> {
        let field = |field| WireError::Field { field };
        match self.schema {
            Some(schema) if schema > SCHEMA => return Err(WireError::NewerSchema { found: schema }),
            Some(SCHEMA) => {}
            _ => return Err(field("schema")),
        }
        let mut kept = Kept::default();
        kept.add("", self.rest);
        let codes = self.recovery_codes.into_iter().enumerate();
        let codes = codes.map(|(idx, Strict(value))| read_recovery_code(value, idx, &mut kept));
        let recovery_codes = codes.collect::<Option<_>>().ok_or_else(|| field("recovery_codes"))?;
        let seed = self.seed.ok_or_else(|| field("seed"))?;
        let parsed = Seed::from_base32(&seed.0);
        seed.wipe();
        Ok(SealedDocument {
            entry: self.entry.and_then(|id| EntryId::parse(&id.0)).ok_or_else(|| field("entry"))?,
            seed: parsed.map_err(|_| field("seed"))?,
            recovery_codes,
            kept: kept.into_text(),
        })
    }
}

/// Writes the document of a container.
pub fn encode(document: &SealedDocument) -> SecretBytes {
    let codes: usize = document.recovery_codes.iter().map(|code| 6 * code.code.len() + 40).sum();
    let kept = document.kept.as_ref().map_or(0, SecretText::len);
    let mut out = SecretBytes::with_capacity(128 + 2 * document.seed.bytes().len() + codes + kept);
    // Writing to memory cannot fail, and every map key is a string.
    let written = serde_json::to_writer(out.expose_mut(), &DocumentOut(document));
    debug_assert!(written.is_ok(), "a document is always JSON");
    out
}

struct DocumentOut<'a>(&'a SealedDocument);

impl Serialize for DocumentOut<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let document = self.0;
        let kept = Kept::from_text(document.kept.as_ref());
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("schema", &SCHEMA)?;
        map.serialize_entry("entry", &document.entry.to_string())?;
        map.serialize_entry("seed", document.seed.to_base32().expose())?;
        if !document.recovery_codes.is_empty() {
            let codes = document.recovery_codes.iter().enumerate();
            let codes: Vec<_> = codes.map(|(idx, code)| RecoveryCodeOut(code, idx, &kept)).collect();
            map.serialize_entry("recovery_codes", &codes)?;
        }
        for (name, value) in kept.level("") {
            map.serialize_entry(name, value)?;
        }
        map.end()
    }
}

#[cfg(test)]
mod tests;
