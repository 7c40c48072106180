//! What a pass holds, schema 1: the codes of one entry for a limited time, and never its seed.
//!
//! ```text
//! {"schema":1,"id":"<8 hex>","title":"AWS:root","to":"Helpdesk: Jo","type":"totp","digits":6,"period":30,
//!  "from":<Unix seconds>,"until":<Unix seconds>,"first":<number of a step>,"codes":"<base64>"}
//! ```
//!
//! The codes are numbers of a fixed number of bits, one after another: those of every step of the time, and of one step
//! before and behind it. A reader takes what a writer writes and nothing besides, so that a pass cannot hold more.

use std::cell::Cell;
use std::fmt;

use data_encoding::BASE64;
use serde::de::{Deserializer, MapAccess, Visitor};
use serde::ser::{Serialize, SerializeMap as _, Serializer};

use super::entry_v1::{Text, once};
use super::residue::from_hex;
use super::strict;
use super::{SCHEMA, WireError};
use crate::entry::{Label, UnixSeconds};
use crate::otp::{Code, Digits, Otp, Period, STEAM_CHARACTERS, TimeStep};
use crate::recovery::ItemId;
use crate::recovery::pass::{LONGEST_NAME, MOST_SECONDS};
use crate::secret::{SecretBytes, SecretText};

/// How the codes of a pass look.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CodeKind {
    /// So many digits.
    Digits(Digits),
    /// Five of Steam's characters.
    Steam,
}

impl CodeKind {
    /// That of an entry; `None` of one that counts.
    pub const fn of(otp: Otp) -> Option<Self> {
        match otp {
            Otp::Hotp { .. } => None,
            Otp::Steam => Some(Self::Steam),
            Otp::Totp { digits, .. } => Some(Self::Digits(digits)),
        }
    }

    /// How many characters a code has.
    pub const fn characters(self) -> u8 {
        match self {
            Self::Digits(digits) => digits.count(),
            Self::Steam => 5,
        }
    }

    /// How many different characters there are.
    fn radix(self) -> u64 {
        match self {
            Self::Digits(_) => 10,
            Self::Steam => 26,
        }
    }

    /// How many different codes there are.
    fn n_codes(self) -> u64 {
        self.radix().pow(u32::from(self.characters()))
    }

    /// Bits in which every code has room.
    fn bits(self) -> u32 {
        u64::BITS - (self.n_codes() - 1).leading_zeros()
    }
}

/// What a pass holds.
#[derive(Debug)]
pub struct PassDocument {
    /// Its name, as the vault that issued it knows it.
    pub id: ItemId,
    /// Whose codes they are: the name of the entry, as it may be shown.
    pub title: Label,
    /// Whom it was given to.
    pub to: Label,
    /// How its codes look.
    pub kind: CodeKind,
    /// How long each is good for.
    pub period: Period,
    /// Its first moment.
    pub from: UnixSeconds,
    /// The moment after its last.
    pub until: UnixSeconds,
    /// The codes, from that of [`first_step`] on, without a gap.
    pub codes: Vec<Code>,
}

/// The first step whose code is in a pass: the one before that of its first moment.
pub fn first_step(from: UnixSeconds, period: Period) -> u64 {
    TimeStep::at(from, period).index().saturating_sub(1)
}

/// The last step whose code is in a pass: the one behind that of its last moment.
pub fn last_step(until: UnixSeconds, period: Period) -> u64 {
    TimeStep::at(until.saturating_sub(1), period).index().saturating_add(1)
}

impl PassDocument {
    /// The number of the step of the first code.
    pub fn first(&self) -> u64 {
        first_step(self.from, self.period)
    }

    /// The code of a step, where the pass has it.
    pub fn code_of(&self, step: TimeStep) -> Option<&Code> {
        let place = step.index().checked_sub(self.first())?;
        self.codes.get(usize::try_from(place).ok()?)
    }

    /// Whether a writer makes it: a time that a pass can have, the code of each of its steps, and names that are not
    /// too long.
    fn is_consistent(&self) -> bool {
        is_time_of_a_pass(self.from, self.until, self.period)
            && u64::try_from(self.codes.len()) == Ok(n_codes(self.from, self.until, self.period))
            && [&self.title, &self.to].into_iter().all(|name| name.raw().len() <= LONGEST_NAME)
    }
}

/// Whether a pass can have this time: it is not empty, no longer than allowed, begins after the first step of all, and
/// its moments have a form that people read.
pub fn is_time_of_a_pass(from: UnixSeconds, until: UnixSeconds, period: Period) -> bool {
    from < until && until - from <= MOST_SECONDS && from >= u64::from(period.seconds()) && until < LAST_SECOND
}

/// 9999-12-31T00:00:00Z: later moments have no form in RFC 3339.
const LAST_SECOND: u64 = 253_402_214_400;

fn n_codes(from: UnixSeconds, until: UnixSeconds, period: Period) -> u64 {
    last_step(until, period).saturating_sub(first_step(from, period)).saturating_add(1)
}

/// Writes the document; `None` where no reader would take it.
pub fn encode(document: &PassDocument) -> Option<SecretBytes> {
    let codes = packed(&document.codes, document.kind)?;
    if !document.is_consistent() {
        return None;
    }
    // Escapes make at most six bytes of one.
    let names = 6 * (document.title.raw().len() + document.to.raw().len());
    let mut out = SecretBytes::with_capacity(512 + names + codes.len());
    // Writing to memory cannot fail, and every map key is a string.
    serde_json::to_writer(out.expose_mut(), &DocumentOut(document, &codes)).ok()?;
    Some(out)
}

/// Reads the document of a pass. It comes from a stranger.
///
/// # Errors
///
/// [`WireError`] names the field, and never repeats a value.
pub fn parse(json: &[u8]) -> Result<PassDocument, WireError> {
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

/// The codes as numbers, one after another, filled up with zeros to a whole byte.
fn packed(codes: &[Code], kind: CodeKind) -> Option<SecretText> {
    let bits = kind.bits();
    let n_bits = codes.len().checked_mul(usize::try_from(bits).ok()?)?;
    let mut bytes = SecretBytes::with_capacity(n_bits.div_ceil(8));
    // Fewer than eight bits wait, and a code has 34 at most.
    let (mut waiting, mut n_waiting) = (0_u64, 0);
    for code in codes {
        waiting = waiting << bits | number(code, kind)?;
        n_waiting += bits;
        while n_waiting >= 8 {
            n_waiting -= 8;
            bytes.expose_mut().push(u8::try_from(waiting >> n_waiting & 0xff).unwrap_or_default());
        }
        waiting &= (1 << n_waiting) - 1;
    }
    if n_waiting > 0 {
        bytes.expose_mut().push(u8::try_from(waiting << (8 - n_waiting) & 0xff).unwrap_or_default());
    }
    Some(SecretText::new(BASE64.encode(bytes.expose())))
}

/// So many codes of a text; `None` when it has more or fewer, or one that no entry could show.
fn unpacked(text: &str, n_codes: usize, kind: CodeKind) -> Option<Vec<Code>> {
    let bits = kind.bits();
    let n_bytes = n_codes.checked_mul(usize::try_from(bits).ok()?)?.div_ceil(8);
    // Before memory is taken for it.
    if text.len() != n_bytes.div_ceil(3) * 4 {
        return None;
    }
    let bytes = SecretBytes::new(BASE64.decode(text.as_bytes()).ok()?);
    if bytes.len() != n_bytes {
        return None;
    }
    let mut codes = Vec::with_capacity(n_codes);
    let (mut waiting, mut n_waiting) = (0_u64, 0);
    for byte in bytes.expose() {
        waiting = waiting << 8 | u64::from(*byte);
        n_waiting += 8;
        while n_waiting >= bits && codes.len() < n_codes {
            n_waiting -= bits;
            codes.push(code(waiting >> n_waiting, kind)?);
            waiting &= (1 << n_waiting) - 1;
        }
    }
    // What is left over is zero, so that there is one text for the same codes.
    (codes.len() == n_codes && waiting == 0).then_some(codes)
}

fn number(code: &Code, kind: CodeKind) -> Option<u64> {
    let text = code.expose().as_bytes();
    if text.len() != usize::from(kind.characters()) {
        return None;
    }
    text.iter().try_fold(0_u64, |number, byte| {
        let value = match kind {
            CodeKind::Digits(_) => u64::from(byte.checked_sub(b'0').filter(|value| *value < 10)?),
            CodeKind::Steam => {
                let place = STEAM_CHARACTERS.iter().position(|character| character == byte)?;
                u64::try_from(place).ok()?
            }
        };
        Some(number * kind.radix() + value)
    })
}

fn code(number: u64, kind: CodeKind) -> Option<Code> {
    if number >= kind.n_codes() {
        return None;
    }
    let mut text = SecretText::with_capacity(16);
    for place in (0..kind.characters()).rev() {
        let value = number / kind.radix().pow(u32::from(place)) % kind.radix();
        let character = match kind {
            CodeKind::Digits(_) => char::from_digit(u32::try_from(value).ok()?, 10)?,
            CodeKind::Steam => char::from(*STEAM_CHARACTERS.get(usize::try_from(value).ok()?)?),
        };
        text.expose_mut().push(character);
    }
    Code::from_text(text)
}

const NAMES: [&str; 11] =
    ["schema", "id", "title", "to", "type", "digits", "period", "from", "until", "first", "codes"];

#[derive(Default)]
struct Fields<'a> {
    schema: Option<u64>,
    id: Option<String>,
    title: Option<String>,
    to: Option<String>,
    kind: Option<String>,
    digits: Option<u64>,
    period: Option<u64>,
    from: Option<u64>,
    until: Option<u64>,
    first: Option<u64>,
    codes: Option<Text<'a>>,
    has_others: bool,
}

struct DocumentVisitor<'c> {
    last_field: &'c Cell<Option<&'static str>>,
}

impl<'de> Visitor<'de> for DocumentVisitor<'_> {
    type Value = Fields<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("what a pass holds")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut access: A) -> Result<Fields<'de>, A::Error> {
        let mut fields = Fields::default();
        let mut seen = 0;
        self.last_field.set(Some("(first)"));
        while let Some(Text(key)) = access.next_key::<Text<'de>>()? {
            let known = NAMES.into_iter().zip(0..).find(|(name, _)| *name == &*key);
            self.last_field.set(Some(known.map_or("(unknown)", |(name, _)| name)));
            let Some((name, place)) = known else {
                // Read to its end, so that a newer schema is told as one.
                access.next_value::<strict::Strict>()?;
                fields.has_others = true;
                continue;
            };
            once::<A::Error>(&mut seen, place)?;
            match name {
                "schema" => fields.schema = access.next_value()?,
                "id" => fields.id = access.next_value()?,
                "title" => fields.title = access.next_value()?,
                "to" => fields.to = access.next_value()?,
                "type" => fields.kind = access.next_value()?,
                "digits" => fields.digits = Some(access.next_value()?),
                "period" => fields.period = access.next_value()?,
                "from" => fields.from = access.next_value()?,
                "until" => fields.until = access.next_value()?,
                "first" => fields.first = access.next_value()?,
                _ => fields.codes = access.next_value()?,
            }
        }
        Ok(fields)
    }
}

impl Fields<'_> {
    fn into_document(self) -> Result<PassDocument, WireError> {
        let field = |field| WireError::Field { field };
        match self.schema {
            Some(schema) if schema > SCHEMA => return Err(WireError::NewerSchema { found: schema }),
            Some(SCHEMA) => {}
            _ => return Err(field("schema")),
        }
        if self.has_others {
            return Err(field("(unknown)"));
        }
        let digits = || u8::try_from(self.digits?).ok().and_then(Digits::new);
        let kind = match self.kind.as_deref() {
            Some("steam") if self.digits.is_none() => CodeKind::Steam,
            Some("totp") => CodeKind::Digits(digits().ok_or_else(|| field("digits"))?),
            _ => return Err(field("type")),
        };
        let period = self.period.and_then(|period| u32::try_from(period).ok()).and_then(Period::new);
        let mut document = PassDocument {
            id: self.id.and_then(|id| from_hex(&id)).map(ItemId::from_bytes).ok_or_else(|| field("id"))?,
            title: Label::new(self.title.ok_or_else(|| field("title"))?),
            to: Label::new(self.to.ok_or_else(|| field("to"))?),
            kind,
            period: period.ok_or_else(|| field("period"))?,
            from: self.from.ok_or_else(|| field("from"))?,
            until: self.until.ok_or_else(|| field("until"))?,
            codes: Vec::new(),
        };
        if kind == CodeKind::Steam && document.period != Period::THIRTY {
            return Err(field("period"));
        }
        // Before codes are counted by it: what is too long would ask for their memory.
        if !is_time_of_a_pass(document.from, document.until, document.period) {
            return Err(field("until"));
        }
        if self.first != Some(document.first()) {
            return Err(field("first"));
        }
        let n_codes = n_codes(document.from, document.until, document.period);
        let text = self.codes.ok_or_else(|| field("codes"))?;
        let codes = usize::try_from(n_codes).ok().and_then(|n_codes| unpacked(&text.0, n_codes, kind));
        text.wipe();
        document.codes = codes.ok_or_else(|| field("codes"))?;
        if document.is_consistent() { Ok(document) } else { Err(field("title")) }
    }
}

struct DocumentOut<'a>(&'a PassDocument, &'a SecretText);

impl Serialize for DocumentOut<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Self(document, codes) = self;
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("schema", &SCHEMA)?;
        map.serialize_entry("id", &document.id.to_string())?;
        map.serialize_entry("title", document.title.raw())?;
        map.serialize_entry("to", document.to.raw())?;
        match document.kind {
            CodeKind::Digits(digits) => {
                map.serialize_entry("type", "totp")?;
                map.serialize_entry("digits", &digits.count())?;
            }
            CodeKind::Steam => map.serialize_entry("type", "steam")?,
        }
        map.serialize_entry("period", &document.period.seconds())?;
        map.serialize_entry("from", &document.from)?;
        map.serialize_entry("until", &document.until)?;
        map.serialize_entry("first", &document.first())?;
        map.serialize_entry("codes", codes.expose())?;
        map.end()
    }
}

#[cfg(test)]
mod tests;
