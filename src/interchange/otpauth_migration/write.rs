//! Writing an export as Google Authenticator's older versions did: version 1, one id for all of its codes.
//!
//! Version 2, which new versions of the app write, is nowhere described; they read this one.

use super::protobuf::{FIELD_OVERHEAD, put_bytes, put_number};
use super::uri_of;
use crate::entry::Entry;
use crate::otp::{Algorithm, Otp, Period};
use crate::secret::{SecretBytes, SecretText};

/// Accounts that the app puts into one code.
const MOST_ACCOUNTS: usize = 10;
/// Bytes of the URI of a code with several accounts, so that its modules stay large enough for a phone's camera on a
/// screen. The app's own have about 900.
const LONGEST_URI: usize = 1_300;
/// Bytes that the largest QR code holds. One account by itself may take them all.
const LARGEST_CODE: usize = 2_953;
/// Bytes of the numbers of a message around its accounts: five fields of a tag and a number of 32 bits at most.
const NUMBERS: usize = 5 * 6;

/// Says why the app cannot hold each of some entries, if it cannot.
pub(in crate::interchange) fn refuses(entries: &[&Entry]) -> Vec<Option<&'static str>> {
    entries.iter().map(|entry| refuses_one(entry)).collect()
}

fn refuses_one(entry: &Entry) -> Option<&'static str> {
    match entry.otp {
        Otp::Steam => return Some("Google Authenticator makes no Steam codes"),
        Otp::Totp { period, .. } if period != Period::THIRTY => {
            return Some("Google Authenticator knows no period but 30 seconds");
        }
        Otp::Hotp { counter, .. } if i64::try_from(counter).is_err() => {
            return Some("its counter is larger than Google Authenticator's can be");
        }
        Otp::Hotp { .. } | Otp::Totp { .. } => {}
    }
    if !matches!(entry.otp.digits(), 6 | 8) {
        return Some("Google Authenticator shows 6 or 8 digits");
    }
    let is_too_long = account(entry).is_some_and(|account| length(&[account]) > LARGEST_CODE);
    is_too_long.then_some("its names are too long for a QR code")
}

/// The URIs of the codes, in their order. Sealed entries are left out.
pub(in crate::interchange) fn export(
    entries: &[&Entry],
    random: &mut dyn FnMut(&mut [u8]),
) -> Vec<SecretText> {
    let accounts: Vec<SecretBytes> = entries.iter().filter_map(|entry| account(entry)).collect();
    let mut codes: Vec<&[SecretBytes]> = Vec::new();
    let mut rest = accounts.as_slice();
    while !rest.is_empty() {
        let (code, behind) = rest.split_at(n_in_one_code(rest));
        codes.push(code);
        rest = behind;
    }
    let mut id = [0; 4];
    random(&mut id);
    // Without a sign: a negative one takes ten bytes.
    let id = u64::from(u32::from_le_bytes(id) >> 1);
    let n_codes = u64::try_from(codes.len()).unwrap_or_default();
    codes.iter().zip(0..).map(|(code, idx)| uri_of(&message(code, n_codes, idx, id))).collect()
}

/// How many of some accounts go into the next code; at least one.
fn n_in_one_code(accounts: &[SecretBytes]) -> usize {
    let fits = |n: &usize| accounts.get(..*n).is_some_and(|accounts| length(accounts) <= LONGEST_URI);
    (2..=MOST_ACCOUNTS).rev().find(fits).unwrap_or(1)
}

/// The length of the URI with some accounts, whatever its other numbers are.
fn length(accounts: &[SecretBytes]) -> usize {
    let most = u32::MAX.into();
    uri_of(&message(accounts, most, most, most)).len()
}

fn message(accounts: &[SecretBytes], n_codes: u64, idx: u64, id: u64) -> SecretBytes {
    let room = accounts.iter().map(|account| account.len() + FIELD_OVERHEAD).sum::<usize>() + NUMBERS;
    let mut message = SecretBytes::with_capacity(room);
    let out = message.expose_mut();
    for account in accounts {
        put_bytes(out, 1, account.expose());
    }
    // The place of the first is written too, as the app does.
    for (field, number) in [(2, 1), (3, n_codes), (4, idx), (5, id)] {
        put_number(out, field, number);
    }
    message
}

/// One account; `None` of a sealed entry.
fn account(entry: &Entry) -> Option<SecretBytes> {
    let seed = entry.seed()?.bytes();
    let (issuer, account) = (entry.issuer.raw(), entry.account.raw());
    // Readers take a name apart at the issuer, or at its first colon where there is none: an account that begins so is
    // written with it once more.
    let begins_so = account.strip_prefix(issuer).is_some_and(|rest| rest.starts_with(':'));
    let is_taken_apart = if issuer.is_empty() { account.contains(':') } else { begins_so };
    let name = if is_taken_apart { format!("{issuer}:{account}") } else { account.to_owned() };
    let room = seed.len() + name.len() + issuer.len() + 4 * FIELD_OVERHEAD + 16;
    let mut message = SecretBytes::with_capacity(room);
    let out = message.expose_mut();
    put_bytes(out, 1, seed.expose());
    put_bytes(out, 2, name.as_bytes());
    if !issuer.is_empty() {
        put_bytes(out, 3, issuer.as_bytes());
    }
    let algorithm = match entry.otp.algorithm() {
        Algorithm::Sha1 => 1,
        Algorithm::Sha256 => 2,
        Algorithm::Sha512 => 3,
    };
    put_number(out, 4, algorithm);
    put_number(out, 5, if entry.otp.digits() == 8 { 2 } else { 1 });
    put_number(out, 6, if entry.otp.counter().is_some() { 1 } else { 2 });
    if let Some(counter) = entry.otp.counter() {
        put_number(out, 7, counter);
    }
    Some(message)
}

#[cfg(test)]
mod tests;
