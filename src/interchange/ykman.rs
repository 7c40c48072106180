//! Commands that put accounts onto a `YubiKey` with Yubico's `ykman`. Nothing reads them back: the key gives no seed out.
//!
//! What a `YubiKey` cannot hold is known from `ykman`'s own source: an account is kept under one text of at most 64 bytes,
//! `period/issuer:name`, of which it reads period, issuer and name again.

use std::collections::HashSet;

use data_encoding::BASE32_NOPAD;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use super::registry::{Export, Format};
use crate::entry::Entry;
use crate::otp::{Algorithm, Otp, Period};
use crate::secret::{SecretBytes, SecretText};

/// The format. It is written only.
pub const FORMAT: Format = Format {
    id: "ykman",
    name: "commands for a YubiKey",
    help: "a script of `ykman oath accounts uri` commands, which put the accounts onto a YubiKey",
    import: None,
    export: Some(Export {
        ending: "sh",
        encrypts: false,
        keeps: &[],
        changes: &[],
        refuses,
        write: |entries, _, _, day| Ok(script(entries, day)),
    }),
};

/// Percent-encoding leaves no quote and nothing else that a shell gives a meaning to within quotes.
const ENCODED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');
/// Bytes of the text under which an account is kept.
const LONGEST_ID: usize = 64;
/// Bytes of a seed that `ykman` takes.
const SHORTEST_SEED: usize = 2;
/// Bytes of a seed that the key has room for.
const LONGEST_SEED: usize = 64;
/// Bytes of a seed that `ykman` hashes first, as HMAC does, so that it has room in the key; by the algorithm.
const fn hashed_from(algorithm: Algorithm) -> usize {
    match algorithm {
        Algorithm::Sha1 | Algorithm::Sha256 => 65,
        Algorithm::Sha512 => 129,
    }
}

/// The text under which a `YubiKey` keeps an account.
fn id(entry: &Entry) -> String {
    let period = match entry.otp.period() {
        Some(period) if period != Period::THIRTY => format!("{}/", period.seconds()),
        _ => String::new(),
    };
    let colon = if entry.issuer.is_empty() { "" } else { ":" };
    format!("{period}{}{colon}{}", entry.issuer.raw(), entry.account.raw())
}

fn refuses(entries: &[&Entry]) -> Vec<Option<&'static str>> {
    let mut ids = HashSet::new();
    let judged = entries.iter().map(|entry| {
        let twice = "another entry has the same name, and a YubiKey keeps one of a name";
        refuses_one(entry).or_else(|| (!ids.insert(id(entry))).then_some(twice))
    });
    judged.collect()
}

fn refuses_one(entry: &Entry) -> Option<&'static str> {
    let (issuer, account) = (entry.issuer.raw(), entry.account.raw());
    match entry.otp {
        Otp::Steam if issuer != "Steam" => {
            return Some("a YubiKey makes Steam codes only for the issuer \"Steam\"");
        }
        Otp::Totp { .. } if issuer == "Steam" => {
            return Some("a YubiKey makes Steam's own codes for whatever has that issuer");
        }
        Otp::Totp { digits, .. } | Otp::Hotp { digits, .. } if !(6..=8).contains(&digits.count()) => {
            return Some("a YubiKey shows 6 to 8 digits");
        }
        Otp::Hotp { counter, .. } if u32::try_from(counter).is_err() => {
            return Some("its counter is larger than a YubiKey's can be");
        }
        Otp::Hotp { .. } | Otp::Steam | Otp::Totp { .. } => {}
    }
    if account.is_empty() {
        return Some("a YubiKey wants an account name");
    }
    if issuer.contains(':') || (issuer.is_empty() && account.contains(':')) {
        return Some("a YubiKey takes a name apart at its first colon");
    }
    let id = id(entry);
    if id.chars().any(char::is_control) {
        return Some("its name holds a control character");
    }
    if id.len() > LONGEST_ID {
        return Some("its name is longer than the 64 bytes that a YubiKey has for it");
    }
    let is_by_clock = matches!(entry.otp.period(), Some(Period::THIRTY));
    if is_by_clock && id.split_once('/').is_some_and(|(start, _)| is_number(start)) {
        return Some("its name begins with a number and a slash, which a YubiKey takes for its period");
    }
    let seed = entry.seed().map_or(SHORTEST_SEED, |seed| seed.bytes().len());
    if seed < SHORTEST_SEED {
        return Some("its seed is too short for a YubiKey");
    }
    let has_room = seed <= LONGEST_SEED || seed >= hashed_from(entry.otp.algorithm());
    (!has_room).then_some("its seed is longer than the 64 bytes that a YubiKey has for it")
}

/// Digits of any script are what `ykman` looks for.
fn is_number(text: &str) -> bool {
    !text.is_empty() && text.chars().all(char::is_numeric)
}

/// The commands, with a heading. Sealed entries are left out.
fn script(entries: &[&Entry], day: &str) -> SecretBytes {
    let uris: Vec<SecretText> = entries.iter().filter_map(|entry| uri(entry)).collect();
    let heading = heading(uris.len(), day);
    let room = |uri: &SecretText| uri.len() + COMMAND.len() + 3;
    let mut script = SecretBytes::with_capacity(heading.len() + uris.iter().map(room).sum::<usize>());
    let out = script.expose_mut();
    out.extend_from_slice(heading.as_bytes());
    for uri in &uris {
        for part in [COMMAND, "'", uri.expose(), "'\n"] {
            out.extend_from_slice(part.as_bytes());
        }
    }
    script
}

const COMMAND: &str = "ykman oath accounts uri ";

fn heading(n: usize, day: &str) -> String {
    let accounts = if n == 1 { "1 account".to_owned() } else { format!("{n} accounts") };
    format!(
        "\
# {accounts} for a YubiKey, written by Lifeboat on {day}.
#
# EVERY SEED STANDS HERE IN CLEAR. Destroy this file as soon as the YubiKey has them.
#
# Plug the YubiKey in, then:    sh FILE
# It needs ykman, Yubico's YubiKey Manager. An account that the key has under the same name is asked about first.
#
# Do not paste the lines: a shell keeps them in its history. While a command runs, whoever is on this machine can
# read its line in the list of processes; use a machine that is yours alone.
#
# A YubiKey has room for 32 accounts, or 64 from version 5.7 on; SHA512 needs version 4.3.1. Codes by the clock come
# from the computer's clock. No seed can be read out of the key again: it is no backup of this vault.
#
"
    )
}

fn uri(entry: &Entry) -> Option<SecretText> {
    // Encoded anew: not every spelling that phones accept is one for `ykman`.
    let seed = SecretText::new(BASE32_NOPAD.encode(entry.seed()?.bytes().expose()));
    let (issuer, account) = (entry.issuer.raw(), entry.account.raw());
    let mut uri = SecretText::with_capacity(192 + seed.len() + 6 * issuer.len() + 3 * account.len());
    let out = uri.expose_mut();
    let name = |out: &mut String, text: &str| {
        utf8_percent_encode(text, ENCODED).for_each(|part| out.push_str(part));
    };
    // Steam's codes are a type of their own nowhere but here.
    out.push_str(if entry.otp.counter().is_some() { "otpauth://hotp/" } else { "otpauth://totp/" });
    if !issuer.is_empty() {
        name(out, issuer);
        out.push(':');
    }
    name(out, account);
    out.push_str("?secret=");
    out.push_str(seed.expose());
    if !issuer.is_empty() {
        out.push_str("&issuer=");
        name(out, issuer);
    }
    out.push_str(&format!("&algorithm={}&digits={}", entry.otp.algorithm(), entry.otp.digits()));
    if let Some(counter) = entry.otp.counter() {
        out.push_str(&format!("&counter={counter}"));
    } else if let Some(period) = entry.otp.period() {
        out.push_str(&format!("&period={}", period.seconds()));
    }
    Some(uri)
}

#[cfg(test)]
mod tests;
