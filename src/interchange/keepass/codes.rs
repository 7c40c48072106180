//! The conventions by which entries of KeePass hold their seeds.
//!
//! Codes by the clock are looked for in this order, which is KeePassXC's, and the first that is there is the entry's:
//!
//! 1. `TOTP Seed` with `TOTP Settings` (`30;6`, or `30;S` for Steam), of the plugin KeeTrayTOTP;
//! 2. `otp`: an otpauth URI, or the query that the plugin KeeOtp writes (`key=…&size=8&step=25`);
//! 3. `TimeOtp-Secret` and its like, of KeePass 2.47 and later.
//!
//! Beside it an entry may have a code by a counter (`HmacOtp-…`, of KeePass 2 alone) and more codes by the clock in
//! `otp_1`, `otp_2` and so on.

use data_encoding::{BASE64, BASE64_NOPAD, HEXLOWER_PERMISSIVE};
use percent_encoding::percent_decode_str;

use crate::entry::{EntryDraft, Label};
use crate::interchange::account::{self, Codes, Judged, Kind, Number};
use crate::interchange::outcome::{Imported, Notice, SkippedReason, safe_name};
use crate::otp::Seed;
use crate::secret::{SecretBytes, SecretText};

const TRAY_SEED: &str = "TOTP Seed";
const TRAY_SETTINGS: &str = "TOTP Settings";
const OTP: &str = "otp";
const BY_CLOCK: &str = "TimeOtp-";
const BY_COUNTER: &str = "HmacOtp-";
/// What KeePassXC writes into a URI for an empty title and an empty user name.
const NO_TITLE: &str = "KeePassXC";
const NO_USER: &str = "none";

/// A named text of an entry.
#[derive(Debug)]
pub(super) struct Field {
    pub(super) name: String,
    pub(super) value: SecretText,
}

/// What an entry says that has to do with codes.
#[derive(Debug, Default)]
pub(super) struct Fields {
    pub(super) title: String,
    pub(super) user: String,
    pub(super) note: String,
    /// The path of its group; empty in the group around all others.
    pub(super) group: String,
    pub(super) tags: Vec<String>,
    /// The fields whose names [`is_of_codes`].
    pub(super) codes: Vec<Field>,
}

/// Tells whether a field with this name has to do with codes.
pub(super) fn is_of_codes(name: &str) -> bool {
    matches!(name, TRAY_SEED | TRAY_SETTINGS | OTP)
        || name.starts_with(BY_CLOCK)
        || name.starts_with(BY_COUNTER)
        || is_further(name)
}

/// `otp_1` and so on, as KeePassXC writes them when it imports from 1Password.
fn is_further(name: &str) -> bool {
    let number = name.strip_prefix("otp_").unwrap_or_default();
    !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit())
}

impl Fields {
    /// Tells whether the entry has any code.
    pub(super) fn has_codes(&self) -> bool {
        let holds_seed = |name: &str| {
            matches!(name, TRAY_SEED | OTP)
                || is_further(name)
                || [BY_CLOCK, BY_COUNTER]
                    .iter()
                    .any(|start| name.strip_prefix(start).is_some_and(|rest| rest.starts_with("Secret")))
        };
        self.codes.iter().any(|field| holds_seed(&field.name) && !field.value.expose().trim().is_empty())
    }

    /// Judges every code of the entry.
    pub(super) fn judged(&self, imported: &mut Imported) -> Vec<Judged> {
        let by_clock = [self.tray(), self.field(OTP).map(|value| self.otp(value)), self.native(BY_CLOCK)];
        let mut all = Vec::new();
        for judged in by_clock.into_iter().flatten() {
            match all.first() {
                None => all.push(judged),
                Some(first) if !make_the_same(first, &judged) => imported.notice(Notice::FurtherConventions),
                Some(_) => {}
            }
        }
        all.extend(self.native(BY_COUNTER));
        let further = self.codes.iter().filter(|field| is_further(&field.name));
        let further = further.filter(|field| !field.value.expose().trim().is_empty());
        all.extend(further.map(|field| self.otp(&field.value)));
        all.into_iter().map(|judged| judged.map(|(draft, warnings)| (self.around(draft), warnings))).collect()
    }

    /// A field that is there and not empty.
    fn field(&self, name: &str) -> Option<&SecretText> {
        let found = self.codes.iter().find(|field| field.name == name);
        found.map(|field| &field.value).filter(|value| !value.expose().trim().is_empty())
    }

    fn text(&self, name: &str) -> &str {
        self.field(name).map_or("", |value| value.expose().trim())
    }

    fn number(&self, name: &str) -> Number {
        number(self.field(name).map(SecretText::expose))
    }

    /// A draft with what stands around its code.
    fn around(&self, mut draft: EntryDraft) -> EntryDraft {
        let mut note = String::new();
        for (own, other, label) in [
            (draft.issuer.raw(), &self.title, "Title in KeePass: "),
            (draft.account.raw(), &self.user, "User name in KeePass: "),
        ] {
            if !other.trim().is_empty() && own != other.trim() {
                note.push_str(label);
                note.push_str(other.trim());
                note.push('\n');
            }
        }
        if !note.is_empty() && !self.note.is_empty() {
            note.push('\n');
        }
        if self.note.is_empty() {
            note.truncate(note.trim_end().len());
        }
        note.push_str(&self.note);
        draft.note = note;
        let group = Some(&self.group).filter(|group| !group.is_empty());
        for tag in group.into_iter().chain(&self.tags) {
            let tag = Label::new(tag.as_str());
            if !draft.tags.contains(&tag) {
                draft.tags.push(tag);
            }
        }
        draft
    }

    /// The plugin KeeTrayTOTP's way, and the older one of KeePassXC.
    fn tray(&self) -> Option<Judged> {
        let seed = self.field(TRAY_SEED)?;
        // A third part may be the address of a server that tells the time.
        let settings = self.text(TRAY_SETTINGS);
        let mut parts = settings.split(';').map(str::trim);
        let part = |text: Option<&str>| number(text.filter(|text| !text.is_empty()));
        let (period, length) = (parts.next(), parts.next());
        let codes = if length.is_some_and(|length| length.eq_ignore_ascii_case("S")) {
            Codes { kind: Kind::Steam, ..Codes::USUAL }
        } else {
            Codes { period: part(period), digits: part(length), ..Codes::USUAL }
        };
        let seed = Seed::from_base32(seed.expose()).map_err(SkippedReason::Seed);
        Some(seed.and_then(|seed| account::draft(self.title.trim(), self.user.trim(), seed, codes)))
    }

    /// A URI, or KeeOtp's query.
    fn otp(&self, value: &SecretText) -> Judged {
        let text = value.expose().trim();
        let starts =
            |scheme: &str| text.get(..scheme.len()).is_some_and(|start| start.eq_ignore_ascii_case(scheme));
        if starts("otpauth://") || starts("steam://") {
            let (mut draft, warnings) = account::of_uri(text)?;
            let name = |in_uri: &mut Label, filler: &str, own: &str| {
                let is_free = in_uri.is_empty() || in_uri.raw() == filler;
                if is_free && !own.trim().is_empty() {
                    *in_uri = Label::new(own.trim());
                }
            };
            name(&mut draft.issuer, NO_TITLE, &self.title);
            name(&mut draft.account, NO_USER, &self.user);
            return Ok((draft, warnings));
        }
        if !text.starts_with("{REF:") && query(text, "key").is_some() {
            return self.kee_otp(text);
        }
        Err(SkippedReason::Words("its field otp holds neither an otpauth URI nor what KeeOtp writes"))
    }

    fn kee_otp(&self, text: &str) -> Judged {
        let value = |name: &str| query(text, name).map(|value| value.expose().trim().to_owned());
        let kind = match value("type").unwrap_or_default().to_ascii_lowercase().as_str() {
            "" | "totp" => Kind::Totp,
            "hotp" => Kind::Hotp,
            "steam" => Kind::Steam,
            other => return Err(SkippedReason::UnknownType(safe_name(other))),
        };
        let key = query(text, "key").ok_or(SkippedReason::Field("the secret"))?;
        let encoding = value("encoding").unwrap_or_default().to_ascii_lowercase();
        let seed = seed(&key, if encoding.is_empty() { "base32" } else { &encoding })?;
        let number_of = |name: &str| number(value(name).as_deref().filter(|text| !text.is_empty()));
        let algorithm = value("otpHashMode").unwrap_or_default();
        let codes = Codes {
            kind,
            algorithm: &algorithm,
            digits: number_of("size"),
            period: number_of("step"),
            counter: number_of("counter"),
        };
        account::draft(self.title.trim(), self.user.trim(), seed, codes)
    }

    /// KeePass 2's own way, by the clock or by a counter.
    fn native(&self, prefix: &str) -> Option<Judged> {
        let named = |name: &str| format!("{prefix}{name}");
        let forms = [
            ("Secret", "utf8"),
            ("Secret-Hex", "hex"),
            ("Secret-Base32", "base32"),
            ("Secret-Base64", "base64"),
        ];
        let (value, encoding) =
            forms.into_iter().find_map(|(name, form)| Some((self.field(&named(name))?, form)))?;
        let codes = if prefix == BY_COUNTER {
            // Six digits and SHA-1 always; counting starts at 0 where nothing was counted yet.
            let counter = match self.number(&named("Counter")) {
                Number::Missing => Number::Is(0),
                counter @ (Number::Bad | Number::Is(_)) => counter,
            };
            Codes { kind: Kind::Hotp, counter, ..Codes::USUAL }
        } else {
            Codes {
                digits: self.number(&named("Length")),
                period: self.number(&named("Period")),
                algorithm: self.text(BY_CLOCK_ALGORITHM),
                ..Codes::USUAL
            }
        };
        let seed = seed(value, encoding);
        Some(seed.and_then(|seed| account::draft(self.title.trim(), self.user.trim(), seed, codes)))
    }
}

const BY_CLOCK_ALGORITHM: &str = "TimeOtp-Algorithm";

fn make_the_same(left: &Judged, right: &Judged) -> bool {
    match (left, right) {
        (Ok((left, _)), Ok((right, _))) => left.seed.same_as(&right.seed) && left.otp == right.otp,
        _ => false,
    }
}

fn number(text: Option<&str>) -> Number {
    text.map_or(Number::Missing, |text| text.trim().parse().map_or(Number::Bad, Number::Is))
}

/// A seed as one of these programs writes it.
fn seed(text: &SecretText, encoding: &str) -> Result<Seed, SkippedReason> {
    let wrong = || SkippedReason::Field("the secret");
    let bytes = match encoding {
        "base32" => return Seed::from_base32(text.expose()).map_err(SkippedReason::Seed),
        // Every letter counts, spaces too.
        "utf8" => SecretBytes::from_slice(text.expose().as_bytes()),
        "hex" | "base64" => {
            let mut packed = SecretBytes::with_capacity(text.len());
            packed.expose_mut().extend(text.expose().bytes().filter(|byte| !byte.is_ascii_whitespace()));
            let packed = packed.expose();
            let decoded = if encoding == "hex" {
                HEXLOWER_PERMISSIVE.decode(packed)
            } else if packed.ends_with(b"=") {
                BASE64.decode(packed)
            } else {
                BASE64_NOPAD.decode(packed)
            };
            SecretBytes::new(decoded.map_err(|_| wrong())?)
        }
        _ => return Err(SkippedReason::Words("its secret is written in a way that is not known")),
    };
    account::bytes(bytes)
}

/// A value of KeeOtp's query: percent-encoded as far as it has to be, and a plus is a plus.
fn query(text: &str, name: &str) -> Option<SecretText> {
    let mut pairs = text.split('&').filter_map(|pair| pair.split_once('='));
    let (_, value) = pairs.find(|(other, _)| other.trim().eq_ignore_ascii_case(name))?;
    Some(SecretText::new(percent_decode_str(value).decode_utf8_lossy().into_owned()))
}
