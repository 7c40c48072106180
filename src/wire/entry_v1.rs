//! One entry as it stands in a payload, schema 1.
//!
//! Reading goes through a visitor of our own instead of a derived one: it borrows the seed from the
//! buffer that is wiped, it keeps unknown fields without a second pass, and its errors name a field
//! and never repeat a value.

use std::borrow::Cow;
use std::cell::Cell;
use std::fmt;

use serde::de::{self, Deserialize, Deserializer, MapAccess, Visitor};
use serde::ser::{Serialize, SerializeMap as _, Serializer};
use serde_json::{Map, Value};
use sha2::{Digest as _, Sha256};

use super::residue::{Kept, Object};
use super::sealed_v1;
use super::strict::{self, Strict};
use crate::entry::{
    Entry, EntryId, EntrySecret, Label, Provenance, ProvenanceKind, RecoveryCode, UriParameters,
};
use crate::otp::{Algorithm, Digits, Otp, Period, Seed};
use crate::secret::{SecretBytes, SecretText};
use crate::vault::Quarantined;

/// Reads one entry from its JSON text.
///
/// # Errors
///
/// The quarantined text, with a reason that names the field.
pub fn parse(text: &str) -> Result<Entry, Quarantined> {
    read(text).map_err(|reason| quarantine(text, reason))
}

fn read(text: &str) -> Result<Entry, String> {
    let last_field = Cell::new(None);
    let mut deserializer = serde_json::Deserializer::from_str(text);
    let fields = deserializer.deserialize_map(EntryVisitor { last_field: &last_field });
    let fields = fields.map_err(|error| match last_field.take() {
        Some(field) if strict::is_twice(&error) => {
            format!("the field `{field}` has a key twice, or stands twice")
        }
        Some(field) => format!("the field `{field}` cannot be read"),
        None => "it is not a JSON object".to_owned(),
    })?;
    fields.into_entry()
}

fn quarantine(text: &str, reason: String) -> Quarantined {
    let label = |value: &Value, name| value.get(name).and_then(Value::as_str).unwrap_or_default().to_owned();
    let title = serde_json::from_str::<Value>(text).map_or_else(
        |_| String::new(),
        |value| format!("{}:{}", label(&value, "issuer"), label(&value, "account")),
    );
    Quarantined { text: SecretText::new(text.to_owned()), reason, title: Label::new(title), in_trash: None }
}

/// Writes one entry as JSON.
pub fn encode(entry: &Entry) -> SecretBytes {
    let mut out = SecretBytes::with_capacity(size_hint(entry));
    // Writing to memory cannot fail, and every map key is a string.
    let written = serde_json::to_writer(out.expose_mut(), &EntryOut(entry));
    debug_assert!(written.is_ok(), "an entry is always JSON");
    out
}

/// A short hash of what an entry holds, for telling whether a bundle still has the same.
pub fn digest(entry: &Entry) -> [u8; 4] {
    let hash: [u8; 32] = Sha256::digest(encode(entry).expose()).into();
    let [a, b, c, d, ..] = hash;
    [a, b, c, d]
}

/// A bound for the JSON of an entry, so that the buffer does not move while it is filled.
pub(super) fn size_hint(entry: &Entry) -> usize {
    // Escapes make at most six bytes of one.
    let texts = entry.issuer.raw().len()
        + entry.account.raw().len()
        + entry.note.len()
        + entry.tags.iter().map(|tag| tag.raw().len() + 3).sum::<usize>()
        + entry.uri_parameters.iter().map(|(name, value)| name.len() + value.len() + 6).sum::<usize>()
        + entry.recovery_codes.iter().map(|code| code.code.len() + 40).sum::<usize>()
        + entry.provenance.as_ref().and_then(|p| p.device.as_ref()).map_or(0, |device| device.raw().len());
    let secret = match &entry.secret {
        EntrySecret::Open(seed) => 2 * seed.bytes().len(),
        EntrySecret::Sealed(sealed) => sealed_v1::base64_len(sealed),
    };
    512 + 6 * texts + secret + entry.kept.as_ref().map_or(0, SecretText::len)
}

/// Text that stays in the payload's buffer where no escape forces a copy; a copy is wiped.
pub(super) struct Text<'a>(pub(super) Cow<'a, str>);

impl Text<'_> {
    /// Wipes the copy that an escape may have forced.
    pub(super) fn wipe(self) {
        if let Cow::Owned(copy) = self.0 {
            drop(SecretText::new(copy));
        }
    }
}

impl<'de: 'a, 'a> Deserialize<'de> for Text<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct TextVisitor;
        impl<'de> Visitor<'de> for TextVisitor {
            type Value = Text<'de>;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("text")
            }
            fn visit_borrowed_str<E: de::Error>(self, text: &'de str) -> Result<Text<'de>, E> {
                Ok(Text(Cow::Borrowed(text)))
            }
            fn visit_str<E: de::Error>(self, text: &str) -> Result<Text<'de>, E> {
                Ok(Text(Cow::Owned(text.to_owned())))
            }
        }
        deserializer.deserialize_str(TextVisitor)
    }
}

/// The fields that are known; whatever else stands in an entry is kept as it is.
pub(super) const FIELDS: [&str; 22] = [
    "id",
    "issuer",
    "account",
    "seed",
    "type",
    "algorithm",
    "digits",
    "period",
    "counter",
    "tags",
    "note",
    "favourite",
    "privileged",
    "created",
    "updated",
    "rotated",
    "proven",
    "provenance",
    "recovery_codes",
    "uri_parameters",
    "sealed",
    "known_before",
];

#[derive(Default)]
struct Fields<'a> {
    id: Option<Text<'a>>,
    issuer: Option<Text<'a>>,
    account: Option<Text<'a>>,
    seed: Option<Text<'a>>,
    sealed: Option<Text<'a>>,
    type_name: Option<Text<'a>>,
    algorithm: Option<Text<'a>>,
    digits: Option<u64>,
    period: Option<u64>,
    counter: Option<u64>,
    tags: Vec<String>,
    note: String,
    favourite: bool,
    privileged: bool,
    created: Option<u64>,
    updated: Option<u64>,
    rotated: Option<u64>,
    proven: Option<u64>,
    known_before: Option<u64>,
    provenance: Option<Strict>,
    recovery_codes: Vec<Strict>,
    uri_parameters: Vec<(String, String)>,
    rest: Map<String, Value>,
}

struct EntryVisitor<'c> {
    last_field: &'c Cell<Option<&'static str>>,
}

impl<'de> Visitor<'de> for EntryVisitor<'_> {
    type Value = Fields<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an entry")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut access: A) -> Result<Fields<'de>, A::Error> {
        let mut fields = Fields::default();
        let mut seen = 0;
        self.last_field.set(Some("(first)"));
        while let Some(Text(key)) = access.next_key::<Text<'de>>()? {
            macro_rules! known {
                ($($bit:literal $name:literal => $target:expr),+ $(,)?) => {
                    match &*key {
                        $($name => {
                            self.last_field.set(Some($name));
                            once(&mut seen, $bit)?;
                            $target = access.next_value()?;
                        })+
                        other => {
                            self.last_field.set(Some("(unknown)"));
                            strict::read_into(&mut fields.rest, other.to_owned(), &mut access)?;
                        }
                    }
                };
            }
            known!(
                0 "id" => fields.id,
                1 "issuer" => fields.issuer,
                2 "account" => fields.account,
                3 "seed" => fields.seed,
                4 "type" => fields.type_name,
                5 "algorithm" => fields.algorithm,
                6 "digits" => fields.digits,
                7 "period" => fields.period,
                8 "counter" => fields.counter,
                9 "tags" => fields.tags,
                10 "note" => fields.note,
                11 "favourite" => fields.favourite,
                12 "privileged" => fields.privileged,
                13 "created" => fields.created,
                14 "updated" => fields.updated,
                15 "rotated" => fields.rotated,
                16 "proven" => fields.proven,
                17 "provenance" => fields.provenance,
                18 "recovery_codes" => fields.recovery_codes,
                19 "uri_parameters" => fields.uri_parameters,
                20 "sealed" => fields.sealed,
                21 "known_before" => fields.known_before,
            );
        }
        Ok(fields)
    }
}

/// Notes that a known field was met; it must not stand twice.
pub(super) fn once<E: de::Error>(seen: &mut u32, place: u32) -> Result<(), E> {
    let bit = 1_u32 << place;
    if *seen & bit != 0 {
        return Err(strict::twice());
    }
    *seen |= bit;
    Ok(())
}

impl Fields<'_> {
    fn into_entry(self) -> Result<Entry, String> {
        let bad = |field: &str| format!("the field `{field}` is missing or out of range");
        let otp = self.otp()?;
        let mut kept = Kept::default();
        kept.add("", self.rest);
        let provenance = match self.provenance {
            Some(Strict(value)) => Some(read_provenance(value, &mut kept).ok_or_else(|| bad("provenance"))?),
            None => None,
        };
        let mut recovery_codes = Vec::with_capacity(self.recovery_codes.len());
        for (idx, Strict(value)) in self.recovery_codes.into_iter().enumerate() {
            recovery_codes
                .push(read_recovery_code(value, idx, &mut kept).ok_or_else(|| bad("recovery_codes"))?);
        }
        let label =
            |text: Option<Text<'_>>| Label::new(text.map_or_else(String::new, |text| text.0.into_owned()));
        let secret = match (self.seed, self.sealed) {
            (Some(seed), None) => {
                let parsed = Seed::from_base32(&seed.0);
                seed.wipe();
                EntrySecret::Open(parsed.map_err(|_| bad("seed"))?)
            }
            // What is sealed has no part outside.
            (None, Some(_)) if !recovery_codes.is_empty() => return Err(bad("recovery_codes")),
            (None, Some(sealed)) => {
                let sealed = sealed_v1::from_base64(&sealed.0).ok_or_else(|| bad("sealed"))?;
                EntrySecret::Sealed(sealed)
            }
            (Some(_), Some(_)) => return Err("it has both the fields `seed` and `sealed`".to_owned()),
            (None, None) => return Err(bad("seed")),
        };
        Ok(Entry {
            id: self.id.and_then(|id| EntryId::parse(&id.0)).ok_or_else(|| bad("id"))?,
            issuer: label(self.issuer),
            account: label(self.account),
            secret,
            otp,
            tags: self.tags.into_iter().map(Label::new).collect(),
            note: self.note,
            favourite: self.favourite,
            privileged: self.privileged,
            created: self.created.ok_or_else(|| bad("created"))?,
            updated: self.updated.ok_or_else(|| bad("updated"))?,
            rotated: self.rotated,
            proven: self.proven,
            provenance,
            known_before: self.known_before,
            recovery_codes,
            uri_parameters: UriParameters(self.uri_parameters),
            kept: kept.into_text(),
        })
    }

    fn otp(&self) -> Result<Otp, String> {
        let bad = |field: &str| format!("the field `{field}` is missing or out of range");
        let small = |number: Option<u64>| number.and_then(|n| u8::try_from(n).ok()).and_then(Digits::new);
        let algorithm = || {
            let name = self.algorithm.as_ref().ok_or_else(|| bad("algorithm"))?;
            [Algorithm::Sha1, Algorithm::Sha256, Algorithm::Sha512]
                .into_iter()
                .find(|algorithm| algorithm.name() == name.0)
                .ok_or_else(|| bad("algorithm"))
        };
        match self.type_name.as_ref().map(|name| &*name.0) {
            Some("totp") => Ok(Otp::Totp {
                algorithm: algorithm()?,
                digits: small(self.digits).ok_or_else(|| bad("digits"))?,
                period: self
                    .period
                    .and_then(|n| u32::try_from(n).ok())
                    .and_then(Period::new)
                    .ok_or_else(|| bad("period"))?,
            }),
            Some("hotp") => Ok(Otp::Hotp {
                algorithm: algorithm()?,
                digits: small(self.digits).ok_or_else(|| bad("digits"))?,
                counter: self.counter.ok_or_else(|| bad("counter"))?,
            }),
            Some("steam") => Ok(Otp::Steam),
            Some(other) => {
                Err(format!("the type `{}` is not known to this version", crate::entry::label::shown(other)))
            }
            None => Err(bad("type")),
        }
    }
}

fn read_provenance(value: Value, kept: &mut Kept) -> Option<Provenance> {
    let mut object = Object::of(value, "provenance").ok()?;
    let how = ProvenanceKind::parse(&object.text("how").ok()?)?;
    let device = object.optional_text("device").ok()?.map(Label::new);
    kept.add("provenance", object.rest());
    Some(Provenance { how, device })
}

pub(super) fn read_recovery_code(value: Value, idx: usize, kept: &mut Kept) -> Option<RecoveryCode> {
    let mut object = Object::of(value, "recovery_codes").ok()?;
    let code = SecretText::new(object.text("code").ok()?);
    let used = object.optional_number("used").ok()?;
    kept.add(&format!("recovery_codes/{idx}"), object.rest());
    Some(RecoveryCode { code, used })
}

/// An entry on its way out.
pub(super) struct EntryOut<'a>(pub(super) &'a Entry);

impl Serialize for EntryOut<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let entry = self.0;
        let kept = Kept::from_text(entry.kept.as_ref());
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("id", &entry.id.to_string())?;
        map.serialize_entry("issuer", entry.issuer.raw())?;
        map.serialize_entry("account", entry.account.raw())?;
        match &entry.secret {
            EntrySecret::Open(seed) => map.serialize_entry("seed", seed.to_base32().expose())?,
            EntrySecret::Sealed(sealed) => {
                map.serialize_entry("sealed", &sealed_v1::to_base64(sealed))?;
            }
        }
        map.serialize_entry("type", entry.otp.type_name())?;
        map.serialize_entry("algorithm", entry.otp.algorithm().name())?;
        map.serialize_entry("digits", &entry.otp.digits())?;
        if let Some(period) = entry.otp.period() {
            map.serialize_entry("period", &period.seconds())?;
        }
        if let Some(counter) = entry.otp.counter() {
            map.serialize_entry("counter", &counter)?;
        }
        if !entry.tags.is_empty() {
            let tags: Vec<&str> = entry.tags.iter().map(Label::raw).collect();
            map.serialize_entry("tags", &tags)?;
        }
        if !entry.note.is_empty() {
            map.serialize_entry("note", &entry.note)?;
        }
        for (name, set) in [("favourite", entry.favourite), ("privileged", entry.privileged)] {
            if set {
                map.serialize_entry(name, &true)?;
            }
        }
        map.serialize_entry("created", &entry.created)?;
        map.serialize_entry("updated", &entry.updated)?;
        let moments =
            [("rotated", entry.rotated), ("proven", entry.proven), ("known_before", entry.known_before)];
        for (name, moment) in moments {
            if let Some(moment) = moment {
                map.serialize_entry(name, &moment)?;
            }
        }
        if let Some(provenance) = &entry.provenance {
            map.serialize_entry("provenance", &ProvenanceOut(provenance, &kept))?;
        }
        if !entry.recovery_codes.is_empty() {
            let codes: Vec<RecoveryCodeOut<'_>> = entry
                .recovery_codes
                .iter()
                .enumerate()
                .map(|(idx, code)| RecoveryCodeOut(code, idx, &kept))
                .collect();
            map.serialize_entry("recovery_codes", &codes)?;
        }
        if !entry.uri_parameters.is_empty() {
            map.serialize_entry("uri_parameters", &entry.uri_parameters.0)?;
        }
        for (name, value) in kept.level("") {
            map.serialize_entry(name, value)?;
        }
        map.end()
    }
}

struct ProvenanceOut<'a>(&'a Provenance, &'a Kept);

impl Serialize for ProvenanceOut<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("how", self.0.how.name())?;
        if let Some(device) = &self.0.device {
            map.serialize_entry("device", device.raw())?;
        }
        for (name, value) in self.1.level("provenance") {
            map.serialize_entry(name, value)?;
        }
        map.end()
    }
}

pub(super) struct RecoveryCodeOut<'a>(pub(super) &'a RecoveryCode, pub(super) usize, pub(super) &'a Kept);

impl Serialize for RecoveryCodeOut<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("code", self.0.code.expose())?;
        if let Some(used) = self.0.used {
            map.serialize_entry("used", &used)?;
        }
        for (name, value) in self.2.level(&format!("recovery_codes/{}", self.1)) {
            map.serialize_entry(name, value)?;
        }
        map.end()
    }
}
