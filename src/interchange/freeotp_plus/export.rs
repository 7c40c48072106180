//! Writing `FreeOTP+`'s JSON backup.
//!
//! The app reads the tokens that `tokenOrder` names, by ids that it puts together from their names itself: an id that
//! differs by a letter would lose its token, and of two tokens with the same id one would be lost.

use std::collections::HashSet;

use serde::{Serialize, Serializer};

use crate::entry::Entry;
use crate::interchange::ExportError;
use crate::interchange::written::{json, taken_for_steam};
use crate::otp::{Otp, Period, Seed};
use crate::secret::SecretBytes;

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct File<'a> {
    token_order: Vec<String>,
    tokens: Vec<Token<'a>>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Token<'a> {
    algo: &'static str,
    counter: i64,
    digits: u8,
    issuer_ext: &'a str,
    issuer_int: &'a str,
    label: &'a str,
    period: u32,
    secret: SignedBytes<'a>,
    #[serde(rename = "type")]
    kind: &'static str,
}

/// A seed as the list of numbers that Java's programs write for bytes. This is the one place where it becomes one.
struct SignedBytes<'a>(&'a Seed);

impl Serialize for SignedBytes<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.0.bytes().expose().iter().map(|byte| byte.cast_signed()))
    }
}

/// What the app does not take. Steam's codes are those of the issuer of that name there, and of no other.
pub(super) fn refuses(entries: &[&Entry]) -> Vec<Option<&'static str>> {
    let mut seen = HashSet::new();
    let mut judge = |entry: &Entry| {
        if let Some(reason) = refused(entry) {
            return Some(reason);
        }
        let is_first = seen.insert(id(entry));
        (!is_first).then_some("another entry with the same name goes first, and the app keeps one of them")
    };
    entries.iter().map(|entry| judge(entry)).collect()
}

fn refused(entry: &Entry) -> Option<&'static str> {
    match entry.otp {
        Otp::Steam if entry.issuer.raw() != "Steam" => {
            Some("the app makes Steam's codes only for the issuer Steam")
        }
        Otp::Steam => None,
        _ if !(5..=8).contains(&entry.otp.digits()) => Some("the app takes codes of 5 to 8 digits"),
        Otp::Hotp { counter, .. } if i64::try_from(counter).is_err() => {
            Some("the counter is larger than the app takes")
        }
        Otp::Totp { .. } | Otp::Hotp { .. } => taken_for_steam(entry),
    }
}

fn id(entry: &Entry) -> String {
    let (issuer, label) = (entry.issuer.raw(), entry.account.raw());
    if issuer.is_empty() { label.to_owned() } else { format!("{issuer}:{label}") }
}

/// Writes entries.
///
/// # Errors
///
/// None in practice: it only puts JSON together.
pub(super) fn export(entries: &[&Entry]) -> Result<SecretBytes, ExportError> {
    let tokens: Vec<Token<'_>> = entries.iter().filter_map(|entry| token(entry)).collect();
    json(&File { token_order: entries.iter().map(|entry| id(entry)).collect(), tokens })
}

fn token(entry: &Entry) -> Option<Token<'_>> {
    Some(Token {
        algo: entry.otp.algorithm().name(),
        // The app keeps the counter of the code that it showed last: -1 before the first.
        counter: entry.otp.counter().map_or(Some(0), |next| i64::try_from(next).ok()?.checked_sub(1))?,
        digits: entry.otp.digits(),
        issuer_ext: entry.issuer.raw(),
        issuer_int: entry.issuer.raw(),
        label: entry.account.raw(),
        period: entry.otp.period().unwrap_or(Period::THIRTY).seconds(),
        secret: SignedBytes(entry.seed()?),
        kind: if entry.otp.counter().is_some() { "HOTP" } else { "TOTP" },
    })
}
