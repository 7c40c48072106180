//! `otpauth://` URIs, with the deviations that real issuers produce.
//!
//! Reference: Google Authenticator's "Key Uri Format". Where the field departs from it, the rule
//! followed here is the one that gives the right code and loses nothing; each rule has a vector
//! under `vectors/otpauth`. What came in goes out: parameters that mean nothing here are kept.

use std::borrow::Cow;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};

use super::outcome::Warning;
use crate::entry::{Entry, EntryDraft, Label};
use crate::otp::{Algorithm, Digits, Otp, Period, Seed, SeedError, Strength};
use crate::secret::SecretText;

/// Longest URI that is read, in bytes. Real ones have under a thousand.
const LONGEST_URI: usize = 16 << 10;
/// RFC 3986's unreserved characters stay; everything else is percent-encoded, a space as `%20`.
const ENCODED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// Why a text is no URI that gives an entry. No part of a secret is repeated.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum UriError {
    /// The number of digits is outside 1 to 10.
    #[error("the number of digits must be from 1 to 10")]
    BadDigits,
    /// The counter is no number.
    #[error("the counter is not a number")]
    BadCounter,
    /// It is longer than any real one.
    #[error("the URI is longer than {LONGEST_URI} bytes")]
    TooLong,
    /// It carries several accounts.
    #[error("this is a Google Authenticator migration code, which this version does not read yet")]
    Migration,
    /// There is no `secret` parameter.
    #[error("the URI has no secret")]
    NoSecret,
    /// Another scheme.
    #[error("it does not start with otpauth://")]
    NotOtpauth,
    /// The secret is no base32.
    #[error("the secret cannot be used")]
    Seed(#[from] SeedError),
    /// An algorithm that is not known; it is never guessed.
    #[error("the algorithm \"{0}\" is not supported")]
    UnknownAlgorithm(Label),
    /// A type of code that is not known.
    #[error("the type \"{0}\" is not supported")]
    UnknownType(Label),
}

/// Reads one URI.
///
/// # Errors
///
/// [`UriError`] says what is wrong without repeating the URI.
pub fn parse(uri: &str) -> Result<(EntryDraft, Vec<Warning>), UriError> {
    let uri = uri.trim();
    if uri.len() > LONGEST_URI {
        return Err(UriError::TooLong);
    }
    let (scheme, rest) = uri.split_once("://").ok_or(UriError::NotOtpauth)?;
    match scheme.to_ascii_lowercase().as_str() {
        "otpauth" => {}
        "steam" => return steam_scheme(rest),
        "otpauth-migration" => return Err(UriError::Migration),
        other @ ("motp" | "lpaauth-migration") => return Err(UriError::UnknownType(Label::new(other))),
        _ => return Err(UriError::NotOtpauth),
    }
    // The query is split off before anything is decoded: a `%3F` in a label is a question mark, not the
    // start of the query. A raw `#` is data here, never a fragment.
    let (path, query) = rest.split_once('?').unwrap_or((rest, ""));
    let (type_name, label) = path.split_once('/').unwrap_or((path, ""));
    let label = decode(label, false);
    let parameters = Parameters::parse(query);
    let mut warnings = Vec::new();

    let issuer_parameter = parameters.issuer();
    let (issuer, account, prefix) = split_label(&label, &issuer_parameter);
    // An empty prefix names no other issuer.
    let differs = |prefix: &str| !prefix.is_empty() && prefix != issuer_parameter;
    if !issuer_parameter.is_empty() && prefix.as_deref().is_some_and(differs) {
        warnings.push(Warning::PrefixDiffers);
    }
    let type_name = type_name.trim().to_ascii_lowercase();
    if !matches!(type_name.as_str(), "totp" | "hotp" | "steam") {
        return Err(UriError::UnknownType(Label::new(type_name)));
    }
    let secret = parameters.known("secret").filter(|secret| !secret.is_empty()).ok_or(UriError::NoSecret)?;
    let seed = Seed::from_base32(secret)?;
    let is_steam = type_name == "steam"
        || parameters.known("encoder").is_some_and(|encoder| encoder.eq_ignore_ascii_case("steam"))
        || parameters.known("steam").is_some()
        || (type_name == "totp" && [Some(issuer.as_str()), prefix.as_deref()].contains(&Some("Steam")));
    let otp = if is_steam {
        Otp::Steam
    } else {
        let algorithm = match parameters.value("algorithm") {
            Some(name) => {
                Algorithm::parse(name).ok_or_else(|| UriError::UnknownAlgorithm(Label::new(name)))?
            }
            None => Algorithm::default(),
        };
        let digits = match parameters.value("digits") {
            Some(text) => text.trim().parse().ok().and_then(Digits::new).ok_or(UriError::BadDigits)?,
            None => Digits::default(),
        };
        if type_name == "hotp" {
            let counter = if let Some(text) = parameters.value("counter") {
                text.trim().parse().map_err(|_| UriError::BadCounter)?
            } else {
                warnings.push(Warning::CounterMissing);
                0
            };
            Otp::Hotp { algorithm, digits, counter }
        } else {
            let period = match parameters.value("period") {
                Some(text) => text.trim().parse().ok().and_then(Period::new).unwrap_or_else(|| {
                    warnings.push(Warning::PeriodReplaced);
                    Period::THIRTY
                }),
                None => Period::THIRTY,
            };
            Otp::Totp { algorithm, digits, period }
        }
    };
    if let Strength::Short(bits) = seed.strength() {
        warnings.push(Warning::ShortSeed(bits));
    }
    let mut draft = EntryDraft::new(Label::new(issuer), Label::new(account), seed, otp);
    draft.uri_parameters = parameters.unknown();
    Ok((draft, warnings))
}

/// Writes an entry as a URI that every known reader accepts: all parameters explicit, upper-case
/// algorithm, `%20` for a space, the colon between issuer and account literal.
pub fn write_entry(entry: &Entry) -> SecretText {
    write(&entry.issuer, &entry.account, &entry.seed, entry.otp, &entry.uri_parameters)
}

/// Writes a draft as [`write_entry`] does.
pub fn write_draft(draft: &EntryDraft) -> SecretText {
    write(&draft.issuer, &draft.account, &draft.seed, draft.otp, &draft.uri_parameters)
}

fn write(
    issuer: &Label,
    account: &Label,
    seed: &Seed,
    otp: Otp,
    parameters: &[(String, String)],
) -> SecretText {
    let encode = |text: &str| utf8_percent_encode(text, ENCODED).to_string();
    let extra: usize = parameters.iter().map(|(name, value)| 3 * (name.len() + value.len()) + 2).sum();
    let capacity = 256 + 6 * (issuer.raw().len() + account.raw().len()) + 2 * seed.bytes().len() + extra;
    let mut uri = SecretText::with_capacity(capacity);
    let out = uri.expose_mut();
    out.push_str("otpauth://");
    out.push_str(otp.type_name());
    out.push('/');
    if !issuer.is_empty() {
        out.push_str(&encode(issuer.raw()));
        out.push(':');
    }
    out.push_str(&encode(account.raw()));
    out.push_str("?secret=");
    out.push_str(seed.to_base32().expose());
    if !issuer.is_empty() {
        out.push_str("&issuer=");
        out.push_str(&encode(issuer.raw()));
    }
    out.push_str("&algorithm=");
    out.push_str(otp.algorithm().name());
    let mut number = |name: &str, value: u64| {
        out.push_str(name);
        out.push_str(&value.to_string());
    };
    number("&digits=", otp.digits().into());
    if let Some(counter) = otp.counter() {
        number("&counter=", counter);
    } else if let Some(period) = otp.period() {
        number("&period=", period.seconds().into());
    }
    for (name, value) in parameters {
        out.push('&');
        out.push_str(&encode(name));
        out.push('=');
        out.push_str(&encode(value));
    }
    uri
}

/// `steam://SECRET`, as Bitwarden and others write it.
fn steam_scheme(rest: &str) -> Result<(EntryDraft, Vec<Warning>), UriError> {
    let secret = rest.split(['?', '/']).next().unwrap_or_default();
    let seed = Seed::from_base32(&decode(secret, false))?;
    let warnings = match seed.strength() {
        Strength::Short(bits) => vec![Warning::ShortSeed(bits)],
        Strength::Good => Vec::new(),
    };
    Ok((EntryDraft::new(Label::new("Steam"), Label::default(), seed, Otp::Steam), warnings))
}

/// Issuer, account, and the prefix that the label had.
fn split_label(label: &str, issuer_parameter: &str) -> (String, String, Option<String>) {
    if !issuer_parameter.is_empty()
        && let Some(account) = label.strip_prefix(issuer_parameter).and_then(|rest| rest.strip_prefix(':'))
    {
        // An issuer may hold a colon itself; what the parameter says is cut off exactly.
        return (issuer_parameter.to_owned(), account.trim().to_owned(), Some(issuer_parameter.to_owned()));
    }
    let (prefix, account) = match label.split_once(':') {
        Some((prefix, account)) => (Some(prefix.trim().to_owned()), account.trim()),
        None => (None, label.trim()),
    };
    let issuer = if issuer_parameter.is_empty() {
        prefix.clone().unwrap_or_default()
    } else {
        issuer_parameter.to_owned()
    };
    (issuer, account.to_owned(), prefix)
}

/// The parameters of the query, decoded, in their order.
struct Parameters<'a> {
    pairs: Vec<(Cow<'a, str>, Cow<'a, str>)>,
}

/// Parameters that this program understands; `icon` and the like are not among them.
const KNOWN: [&str; 8] = ["algorithm", "counter", "digits", "encoder", "issuer", "period", "secret", "steam"];

impl<'a> Parameters<'a> {
    fn parse(query: &'a str) -> Self {
        let pairs = query
            .split('&')
            .filter(|pair| !pair.is_empty())
            .map(|pair| {
                let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
                (decode(name, true), decode(value, true))
            })
            .collect();
        Self { pairs }
    }

    /// The first occurrence wins; names are compared without case.
    fn known(&self, name: &str) -> Option<&str> {
        self.pairs.iter().find(|(other, _)| other.eq_ignore_ascii_case(name)).map(|(_, value)| &**value)
    }

    /// As [`Parameters::known`], without the empty and `null` values that some exporters write.
    fn value(&self, name: &str) -> Option<&str> {
        self.known(name).filter(|value| !value.trim().is_empty() && !value.eq_ignore_ascii_case("null"))
    }

    /// Some exporters glue the next parameter on: `issuer=Fooperiod=30`.
    fn issuer(&self) -> String {
        let issuer = self.known("issuer").unwrap_or_default();
        let issuer = issuer.split_once("period=").map_or(issuer, |(issuer, _)| issuer);
        issuer.trim().to_owned()
    }

    fn unknown(&self) -> Vec<(String, String)> {
        self.pairs
            .iter()
            .filter(|(name, _)| !KNOWN.iter().any(|known| name.eq_ignore_ascii_case(known)))
            .map(|(name, value)| (name.clone().into_owned(), value.clone().into_owned()))
            .collect()
    }
}

/// Percent-decodes; in a query a plus is a space, in a path it is itself.
fn decode(text: &str, plus_is_space: bool) -> Cow<'_, str> {
    if plus_is_space && text.contains('+') {
        let spaced = text.replace('+', " ");
        return Cow::Owned(percent_decode_str(&spaced).decode_utf8_lossy().into_owned());
    }
    percent_decode_str(text).decode_utf8_lossy()
}
