//! Writing a backup of Stratum, plain or in its stronger encrypted form.

use data_encoding::HEXLOWER;
use serde::Serialize;
use sha1::{Digest as _, Sha1};

use super::sealed::COST;
use crate::entry::{Entry, Label};
use crate::interchange::ExportError;
use crate::interchange::cipher::{key_for_writing, seal_aes256_gcm};
use crate::interchange::written::{base32, cut, each_seed_once, in_clear, issuer_or_account, json};
use crate::otp::{Algorithm, Otp, Period};
use crate::secret::{SecretBytes, SecretText};

/// Longest names, in UTF-16 units.
pub(super) const LONGEST_ISSUER: usize = 32;
pub(super) const LONGEST_ACCOUNT: usize = 40;
/// What the stronger form begins with.
const MAGIC: &[u8; 16] = b"AUTHENTICATORPRO";

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct File<'a> {
    authenticators: Vec<Listed<'a>>,
    categories: Vec<Category<'a>>,
    authenticator_categories: Vec<Member>,
    custom_icons: [(); 0],
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Listed<'a> {
    #[serde(rename = "Type")]
    kind: u8,
    icon: Option<&'a str>,
    issuer: &'a str,
    username: Option<&'a str>,
    #[serde(serialize_with = "in_clear")]
    secret: SecretText,
    pin: Option<&'a str>,
    algorithm: u8,
    digits: u8,
    period: u32,
    counter: u64,
    copy_count: u8,
    ranking: usize,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Category<'a> {
    id: String,
    name: &'a str,
    ranking: usize,
}

/// That an account is in a category. Both are named by what they are known by: the account by its secret.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Member {
    category_id: String,
    #[serde(serialize_with = "in_clear")]
    authenticator_secret: SecretText,
    ranking: usize,
}

/// What the app does not take. An account's secret is its key there.
pub(super) fn refuses(entries: &[&Entry]) -> Vec<Option<&'static str>> {
    each_seed_once(entries, |entry| match entry.otp {
        Otp::Totp { .. } if entry.otp.digits() < 6 => Some("the app takes codes of 6 to 10 digits"),
        Otp::Hotp { .. } if !(6..=8).contains(&entry.otp.digits()) => {
            Some("the app takes counted codes of 6 to 8 digits")
        }
        Otp::Hotp { counter, .. } if i64::try_from(counter).is_err() => {
            Some("the counter is larger than the app takes")
        }
        Otp::Totp { .. } | Otp::Hotp { .. } | Otp::Steam => None,
    })
}

/// Writes entries, encrypted where a passphrase is given.
///
/// # Errors
///
/// [`ExportError::Cipher`] when the derivation or the cipher fails.
pub(super) fn export(
    entries: &[&Entry],
    passphrase: Option<&SecretText>,
    random: &mut dyn FnMut(&mut [u8]),
) -> Result<SecretBytes, ExportError> {
    let mut tags: Vec<&Label> = Vec::new();
    let mut members = Vec::new();
    for entry in entries {
        for tag in &entry.tags {
            if !tags.contains(&tag) {
                tags.push(tag);
            }
            let Some(authenticator_secret) = base32(entry) else { continue };
            members.push(Member {
                category_id: category_id(tag),
                authenticator_secret,
                ranking: members.len(),
            });
        }
    }
    let categories = tags.iter().enumerate();
    let file = File {
        authenticators: entries.iter().enumerate().filter_map(|(idx, entry)| listed(idx, entry)).collect(),
        categories: categories
            .map(|(ranking, tag)| Category { id: category_id(tag), name: tag.raw(), ranking })
            .collect(),
        authenticator_categories: members,
        custom_icons: [],
    };
    let mut text = json(&file)?;
    let Some(passphrase) = passphrase else { return Ok(text) };
    let (mut salt, mut nonce) = ([0; 16], [0; 12]);
    random(&mut salt);
    random(&mut nonce);
    let key = key_for_writing(passphrase.expose().as_bytes(), &salt, COST)?;
    seal_aes256_gcm(&key, &nonce, &[], &mut text)?;
    Ok(SecretBytes::new([MAGIC.as_slice(), &salt, &nonce, text.expose()].concat()))
}

/// The first eight hexadecimal digits of the name's SHA-1.
fn category_id(tag: &Label) -> String {
    let hash = Sha1::digest(tag.raw().as_bytes());
    HEXLOWER.encode(hash.get(..4).unwrap_or_default())
}

fn listed(ranking: usize, entry: &Entry) -> Option<Listed<'_>> {
    let account = if entry.issuer.is_empty() { "" } else { entry.account.raw() };
    Some(Listed {
        kind: match entry.otp {
            Otp::Hotp { .. } => 1,
            Otp::Totp { .. } => 2,
            Otp::Steam => 4,
        },
        icon: None,
        issuer: cut(issuer_or_account(entry), LONGEST_ISSUER),
        username: (!account.is_empty()).then(|| cut(account, LONGEST_ACCOUNT)),
        secret: base32(entry)?,
        pin: None,
        algorithm: match entry.otp.algorithm() {
            Algorithm::Sha1 => 0,
            Algorithm::Sha256 => 1,
            Algorithm::Sha512 => 2,
        },
        digits: entry.otp.digits(),
        period: entry.otp.period().unwrap_or(Period::THIRTY).seconds(),
        counter: entry.otp.counter().unwrap_or_default(),
        copy_count: 0,
        ranking,
    })
}
