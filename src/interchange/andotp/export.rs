//! Writing andOTP's backup, plain or in the newer of its encrypted forms.

use serde::Serialize;

use crate::entry::{Entry, Label};
use crate::interchange::ExportError;
use crate::interchange::cipher::{pbkdf2_sha1, seal_aes256_gcm};
use crate::interchange::written::{base32, each_refused, in_clear, json};
use crate::otp::{Otp, Period};
use crate::secret::{SecretBytes, SecretText};

/// Fewest rounds of the key derivation, and how many more are drawn at most, as the app does.
const ROUNDS: u32 = 140_000;
const MORE_ROUNDS: u32 = 20_000;

#[derive(Serialize)]
struct Listed<'a> {
    #[serde(serialize_with = "in_clear")]
    secret: SecretText,
    issuer: &'a str,
    label: &'a str,
    digits: u8,
    #[serde(rename = "type")]
    kind: &'static str,
    algorithm: &'static str,
    thumbnail: &'static str,
    last_used: u64,
    used_frequency: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    period: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    counter: Option<u64>,
    tags: Vec<&'a str>,
}

/// What the app does not take.
pub(super) fn refuses(entries: &[&Entry]) -> Vec<Option<&'static str>> {
    each_refused(entries, |entry| {
        let is_too_large = entry.otp.counter().is_some_and(|counter| i64::try_from(counter).is_err());
        is_too_large.then_some("the counter is larger than the app takes")
    })
}

/// Writes entries, encrypted where a passphrase is given.
///
/// # Errors
///
/// [`ExportError::Cipher`] when the cipher fails.
pub(super) fn export(
    entries: &[&Entry],
    passphrase: Option<&SecretText>,
    random: &mut dyn FnMut(&mut [u8]),
) -> Result<SecretBytes, ExportError> {
    let list: Vec<Listed<'_>> = entries.iter().filter_map(|entry| listed(entry)).collect();
    let mut text = json(&list)?;
    let Some(passphrase) = passphrase else { return Ok(text) };
    let (mut drawn, mut salt, mut nonce) = ([0; 4], [0; 12], [0; 12]);
    random(&mut drawn);
    random(&mut salt);
    random(&mut nonce);
    let rounds = ROUNDS + u32::from_be_bytes(drawn) % (MORE_ROUNDS + 1);
    let key = pbkdf2_sha1(passphrase.expose().as_bytes(), &salt, rounds, 32);
    seal_aes256_gcm(&key, &nonce, &[], &mut text)?;
    Ok(SecretBytes::new([rounds.to_be_bytes().as_slice(), &salt, &nonce, text.expose()].concat()))
}

fn listed(entry: &Entry) -> Option<Listed<'_>> {
    Some(Listed {
        secret: base32(entry)?,
        issuer: entry.issuer.raw(),
        label: entry.account.raw(),
        digits: entry.otp.digits(),
        kind: match entry.otp {
            Otp::Totp { .. } => "TOTP",
            Otp::Hotp { .. } => "HOTP",
            Otp::Steam => "STEAM",
        },
        algorithm: entry.otp.algorithm().name(),
        thumbnail: "Default",
        last_used: 0,
        used_frequency: 0,
        // Steam's period is never written there.
        period: entry.otp.period().filter(|_| entry.otp != Otp::Steam).map(Period::seconds),
        counter: entry.otp.counter(),
        tags: entry.tags.iter().map(Label::raw).collect(),
    })
}
