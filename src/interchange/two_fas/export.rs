//! Writing a 2FAS backup of schema 4, as its app for Android does.
//!
//! The app for iOS wants who wrote the file, and of each service its place, source and icon; both apps throw the whole
//! file away for one service that they do not take.

use std::collections::BTreeMap;

use data_encoding::BASE64;
use serde::Serialize;

use super::sealed::ROUNDS;
use crate::entry::{Entry, Label};
use crate::interchange::ExportError;
use crate::interchange::cipher::{pbkdf2_sha256, seal_aes256_gcm};
use crate::interchange::written::{base32, each_seed_once, in_clear, issuer_or_account, json, uuid};
use crate::otp::{Otp, Period};
use crate::secret::{SecretBytes, SecretText};

/// Length of the salt, as on iOS; Android's is 256.
const SALT: usize = 32;
/// The version of the app whose files these are like.
const APP_VERSION: (u32, &str) = (5_000_009, "5.1.0");
/// The icon of a service that has none of its own.
const NO_ICON: &str = "a5b3fb65-4ec5-43e6-8ec1-49e24ca9e7ad";
/// What the apps encrypt beside the services, to tell a wrong password by. It is the same in every file.
const REFERENCE: &str = "tRViSsLKzd86Hprh4ceC2OP7xazn4rrt4xhfEUbOjxLX8Rc3mkISXE0lWbmnWfggogbBJhtYgpK6fMl1D6mtsy92R3HkdGfwuXbzLebqVFJsR7IZ2w58t938iymwG4824igYy1wi6n2WDpO1Q1P69zwJGs2F5a1qP4MyIiDSD7NCV2OvidXQCBnDlGfmz0f1BQySRkkt4ryiJeCjD2o4QsveJ9uDBUn8ELyOrESv5R5DMDkD4iAF8TXU7KyoJujd";

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct File<'a> {
    services: &'a [Service<'a>],
    groups: Vec<Group<'a>>,
    updated_at: u64,
    schema_version: u64,
    app_version_code: u32,
    app_version_name: &'static str,
    app_origin: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    services_encrypted: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    reference: Option<String>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Group<'a> {
    id: &'a str,
    name: &'a str,
    is_expanded: bool,
    updated_at: u64,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Service<'a> {
    name: &'a str,
    #[serde(serialize_with = "in_clear")]
    secret: SecretText,
    updated_at: u64,
    otp: Codes<'a>,
    order: Order,
    icon: Icon<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    group_id: Option<&'a str>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Codes<'a> {
    label: &'a str,
    account: &'a str,
    issuer: &'a str,
    digits: u8,
    #[serde(skip_serializing_if = "Option::is_none")]
    period: Option<u32>,
    algorithm: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    counter: Option<u64>,
    token_type: &'static str,
    source: &'static str,
}

#[derive(Serialize)]
struct Order {
    position: usize,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Icon<'a> {
    selected: &'static str,
    label: IconLabel,
    #[serde(rename = "iconCollection")]
    collection: IconCollection<'a>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct IconLabel {
    text: String,
    background_color: &'static str,
}

#[derive(Serialize)]
struct IconCollection<'a> {
    id: &'a str,
}

/// What the apps do not take.
pub(super) fn refuses(entries: &[&Entry]) -> Vec<Option<&'static str>> {
    each_seed_once(entries, |entry| match entry.otp {
        Otp::Steam => None,
        _ if !(5..=8).contains(&entry.otp.digits()) => Some("the app takes codes of 5 to 8 digits"),
        Otp::Totp { period, .. } if !matches!(period.seconds(), 10 | 30 | 60 | 90) => {
            Some("the app takes periods of 10, 30, 60 and 90 seconds")
        }
        Otp::Hotp { counter, .. } if i32::try_from(counter).is_err() => {
            Some("the app takes counters up to 2147483647")
        }
        Otp::Totp { .. } | Otp::Hotp { .. } => None,
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
    // A service is in one group.
    let mut groups: BTreeMap<&Label, (String, u64)> = BTreeMap::new();
    for entry in entries {
        let Some(tag) = entry.tags.first() else { continue };
        let (_, updated) = groups.entry(tag).or_insert_with(|| (uuid(random), 0));
        *updated = (*updated).max(milliseconds(entry));
    }
    let services: Vec<Service<'_>> =
        entries.iter().enumerate().filter_map(|(idx, entry)| service(idx, entry, &groups)).collect();
    let groups = groups.iter().map(|(name, (id, updated_at))| Group {
        id,
        name: name.raw(),
        is_expanded: true,
        updated_at: *updated_at,
    });
    let mut file = File {
        services: &services,
        groups: groups.collect(),
        updated_at: entries.iter().map(|entry| milliseconds(entry)).max().unwrap_or_default(),
        schema_version: super::NEWEST_SCHEMA,
        app_version_code: APP_VERSION.0,
        app_version_name: APP_VERSION.1,
        app_origin: "android",
        services_encrypted: None,
        reference: None,
    };
    if let Some(passphrase) = passphrase {
        let mut salt = [0; SALT];
        random(&mut salt);
        let key = pbkdf2_sha256(passphrase.expose().as_bytes(), &salt, ROUNDS);
        file.services_encrypted = Some(sealed(&key, &salt, json(&services)?, random)?);
        file.reference = Some(sealed(&key, &salt, SecretBytes::from_slice(REFERENCE.as_bytes()), random)?);
        file.services = &[];
    }
    json(&file)
}

fn milliseconds(entry: &Entry) -> u64 {
    entry.updated.saturating_mul(1000)
}

fn service<'a>(
    position: usize,
    entry: &'a Entry,
    groups: &'a BTreeMap<&Label, (String, u64)>,
) -> Option<Service<'a>> {
    let name = issuer_or_account(entry);
    Some(Service {
        name,
        secret: base32(entry)?,
        updated_at: milliseconds(entry),
        otp: Codes {
            label: entry.account.raw(),
            account: entry.account.raw(),
            issuer: entry.issuer.raw(),
            digits: entry.otp.digits(),
            period: entry.otp.period().map(Period::seconds),
            algorithm: entry.otp.algorithm().name(),
            counter: entry.otp.counter(),
            token_type: match entry.otp {
                Otp::Totp { .. } => "TOTP",
                Otp::Hotp { .. } => "HOTP",
                Otp::Steam => "STEAM",
            },
            source: "Manual",
        },
        order: Order { position },
        icon: Icon {
            selected: "Label",
            label: IconLabel {
                text: name.chars().take(2).flat_map(char::to_uppercase).collect(),
                background_color: "LightBlue",
            },
            collection: IconCollection { id: NO_ICON },
        },
        group_id: entry.tags.first().and_then(|tag| groups.get(tag)).map(|(id, _)| id.as_str()),
    })
}

/// `base64(ciphertext and tag):base64(salt):base64(nonce)`.
fn sealed(
    key: &SecretBytes,
    salt: &[u8],
    mut text: SecretBytes,
    random: &mut dyn FnMut(&mut [u8]),
) -> Result<String, ExportError> {
    let mut nonce = [0; 12];
    random(&mut nonce);
    seal_aes256_gcm(key, &nonce, &[], &mut text)?;
    Ok(format!("{}:{}:{}", BASE64.encode(text.expose()), BASE64.encode(salt), BASE64.encode(&nonce)))
}
