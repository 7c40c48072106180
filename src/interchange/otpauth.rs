//! `otpauth://` URIs, with the deviations that real issuers produce.
//!
//! Reference: Google Authenticator's "Key Uri Format". Where the field departs from it, the rule
//! followed here is the one that gives the right code and loses nothing; each rule has a vector
//! under `vectors/otpauth`. What came in goes out: parameters that mean nothing here are kept.

mod parameters;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use self::parameters::{Parameters, decode, is_understood};
use super::outcome::{Warning, safe_name, seed_warning};
use crate::entry::{Entry, EntryDraft, Label, UriParameters};
use crate::otp::{Algorithm, Digits, Otp, Period, Seed, SeedError};
use crate::secret::SecretText;

/// Longest URI that is read, in bytes. Real ones have under a thousand.
pub(super) const LONGEST_URI: usize = 16 << 10;
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
    #[error("this is an export of Google Authenticator, which holds several accounts")]
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
    let type_name = type_name.trim().to_ascii_lowercase();
    if !matches!(type_name.as_str(), "totp" | "hotp" | "steam") {
        return Err(UriError::UnknownType(safe_name(&type_name)));
    }
    let parameters = Parameters::parse(query);
    let mut warnings = Vec::new();

    let named = Named::from(&decode(label, false), parameters.issuer());
    if named.prefix_differs {
        warnings.push(Warning::PrefixDiffers);
    }
    let secret = parameters.first("secret").filter(|secret| !secret.is_empty()).ok_or(UriError::NoSecret)?;
    let seed = Seed::from_base32(secret)?;
    let is_steam =
        type_name == "steam" || parameters.say_steam() || (type_name == "totp" && named.is_steams_own);
    let otp = if is_steam { Otp::Steam } else { otp(&type_name, &parameters, &mut warnings)? };
    warnings.extend(seed_warning(&seed));
    let mut draft = EntryDraft::new(Label::new(named.issuer), Label::new(named.account), seed, otp);
    draft.uri_parameters = UriParameters(parameters.unknown());
    Ok((draft, warnings))
}

/// The kind of code and its numbers. Steam's, which has no numbers, is not asked for here.
fn otp(type_name: &str, parameters: &Parameters<'_>, warnings: &mut Vec<Warning>) -> Result<Otp, UriError> {
    let algorithm = match parameters.value("algorithm") {
        Some(name) => Algorithm::parse(name).ok_or_else(|| UriError::UnknownAlgorithm(safe_name(name)))?,
        None => Algorithm::default(),
    };
    // Another number of digits would give codes that are always wrong, so that it is never guessed.
    let digits = match parameters.value("digits") {
        Some(text) => text.parse().ok().and_then(Digits::new).ok_or(UriError::BadDigits)?,
        None => Digits::default(),
    };
    if type_name == "hotp" {
        let counter = if let Some(text) = parameters.value("counter") {
            text.parse().map_err(|_| UriError::BadCounter)?
        } else {
            warnings.push(Warning::CounterMissing);
            0
        };
        return Ok(Otp::Hotp { algorithm, digits, counter });
    }
    // Issuers do write a period of 0, and mean the default.
    let period = match parameters.value("period").map(|text| text.parse().ok().and_then(Period::new)) {
        Some(Some(period)) => period,
        Some(None) => {
            warnings.push(Warning::PeriodReplaced);
            Period::THIRTY
        }
        None => Period::THIRTY,
    };
    Ok(Otp::Totp { algorithm, digits, period })
}

/// Writes an entry as a URI that every known reader accepts: all parameters explicit, upper-case
/// algorithm, `%20` for a space, the colon between issuer and account literal. `None` of a sealed entry.
pub fn write_entry(entry: &Entry) -> Option<SecretText> {
    Some(write(&entry.issuer, &entry.account, entry.seed()?, entry.otp, &entry.uri_parameters))
}

/// Writes an entry as the shortest URI that means the same: what readers take for granted is left out. For a QR
/// code, which is smaller then. `None` of a sealed entry.
pub fn write_shortest(entry: &Entry) -> Option<SecretText> {
    write_entry(entry).map(|whole| shortest(&whole, entry.otp))
}

fn shortest(whole: &SecretText, otp: Otp) -> SecretText {
    let mut short = SecretText::with_capacity(whole.len());
    for (idx, part) in whole.expose().split('&').enumerate() {
        // Only the parameters that this file has written: one that was kept from elsewhere is named otherwise.
        let is_default = matches!(part, "algorithm=SHA1" | "digits=6" | "period=30");
        if idx > 0 && is_default && otp != Otp::Steam {
            continue;
        }
        if idx > 0 {
            short.expose_mut().push('&');
        }
        short.expose_mut().push_str(part);
    }
    short
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
    // Without an issuer, an account that holds a colon would be split there: an empty prefix says that
    // there is none.
    if !issuer.is_empty() || account.raw().contains(':') {
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
    for (name, value) in parameters.iter().filter(|(name, value)| !is_understood(name, value)) {
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
    let warnings = seed_warning(&seed).into_iter().collect();
    Ok((EntryDraft::new(Label::new("Steam"), Label::default(), seed, Otp::Steam), warnings))
}

/// What label and issuer parameter say together.
struct Named {
    issuer: String,
    account: String,
    /// The label's prefix names another issuer than the parameter, which wins.
    prefix_differs: bool,
    /// One of the two is exactly `Steam`.
    is_steams_own: bool,
}

impl Named {
    fn from(label: &str, parameter: &str) -> Self {
        let by_parameter = if parameter.is_empty() { None } else { label.strip_prefix(parameter) };
        let (prefix, account) = match by_parameter.and_then(|rest| rest.strip_prefix(':')) {
            // An issuer may hold a colon itself: what the parameter says is cut off exactly.
            Some(account) => (parameter, account),
            None => label.split_once(':').unwrap_or(("", label)),
        };
        let prefix = prefix.trim();
        Self {
            issuer: if parameter.is_empty() { prefix } else { parameter }.to_owned(),
            account: account.trim().to_owned(),
            prefix_differs: !prefix.is_empty() && !parameter.is_empty() && prefix != parameter,
            is_steams_own: prefix == "Steam" || parameter == "Steam",
        }
    }
}

#[cfg(test)]
mod tests;
