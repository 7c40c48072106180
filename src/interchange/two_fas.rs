//! 2FAS' backup, plain and encrypted, of schemas 1 to 4 (its Android app's `BackupContent.kt` and `ServiceMapper.kt`).
//!
//! The groups stand in clear in an encrypted file too; what is encrypted is the list of services.

mod export;
mod sealed;

use std::collections::HashMap;

use serde::Deserialize;
use serde_json::Value;
use serde_json::value::RawValue;

use super::ImportError;
use super::account::{self, Codes, Judged, Kind};
use super::json::{self, Bounded, each, has, number, take_secret, text};
use super::outcome::{Imported, Notice};
use super::registry::{Change, Export, Format, Import, Look, Source, Trait};
use crate::entry::Label;

/// The format.
pub const FORMAT: Format = Format {
    id: "2fas",
    name: "2FAS",
    help: "2FAS, Settings, 2FAS Backup, Export: the .2fas file, with or without a password",
    import: Some(Import { recognises, open }),
    export: Some(Export {
        ending: "2fas",
        encrypts: true,
        keeps: &[Trait::Tags, Trait::DigitsOfSteam],
        changes: &[
            Change::IssuerFromAccount,
            Change::CutsNames { issuer: 30, account: 50 },
            Change::TagsInClear,
        ],
        refuses: export::refuses,
        write: export::export,
    }),
};

/// The newest schema that is read.
const NEWEST_SCHEMA: u64 = 4;

#[derive(Deserialize)]
struct File<'a> {
    #[serde(rename = "schemaVersion")]
    schema: u64,
    #[serde(borrow)]
    services: Bounded<&'a RawValue>,
    groups: Option<Bounded<Value>>,
    #[serde(rename = "servicesEncrypted")]
    encrypted: Option<String>,
}

#[derive(Deserialize)]
struct Top {
    #[serde(rename = "schemaVersion")]
    schema: Option<serde::de::IgnoredAny>,
    services: Option<serde::de::IgnoredAny>,
}

fn recognises(look: &Look<'_>) -> bool {
    look.json_object_with(&["schemaVersion", "services"], |text| {
        serde_json::from_slice::<Top>(text).map(|top| top.schema.is_some() && top.services.is_some())
    })
}

/// Reads a file as far as it goes without a password.
///
/// # Errors
///
/// [`ImportError`] when it is damaged, too large or of a newer schema.
pub fn open(bytes: &[u8]) -> Result<Source, ImportError> {
    let file: File<'_> = json::parse(bytes)?;
    if file.schema > NEWEST_SCHEMA {
        return Err(ImportError::Unsupported { what: format!("schema {} of a 2FAS backup", file.schema) });
    }
    let groups = file.groups.unwrap_or_default();
    if groups.overflowed {
        return Err(ImportError::TooLarge);
    }
    let groups = Groups::new(&groups.items);
    match file.encrypted {
        Some(encrypted) if !encrypted.is_empty() => {
            sealed::Sealed::parse(&encrypted, groups).map(|sealed| Source::Sealed(Box::new(sealed)))
        }
        _ => services(file.services, &groups).map(Source::Plain),
    }
}

/// The names of groups by their ids, in lower case as not every app writes them.
#[derive(Debug)]
struct Groups(HashMap<String, String>);

impl Groups {
    fn new(groups: &[Value]) -> Self {
        let named = groups.iter().filter(|group| !text(group, "id").is_empty());
        Self(named.map(|group| (text(group, "id").to_lowercase(), text(group, "name").to_owned())).collect())
    }
}

fn services(services: Bounded<&RawValue>, groups: &Groups) -> Result<Imported, ImportError> {
    let mut imported = Imported::default();
    each(services, &mut imported, |imported, position, service| {
        if has(service, "icon") {
            imported.notice(Notice::Icons);
        }
        let (issuer, account) = names(service);
        let mut judged = judge(service, &issuer, &account);
        let group = groups.0.get(&text(service, "groupId").to_lowercase());
        if let (Ok((draft, _)), Some(name)) = (&mut judged, group) {
            draft.tags.push(Label::new(name.as_str()));
        }
        imported.take(position, account::title(&issuer, &account), judged);
    })?;
    Ok(imported)
}

/// The service's own name goes before the issuer of its URI; the account before the label.
fn names(service: &Value) -> (String, String) {
    let otp = service.get("otp").unwrap_or(&Value::Null);
    let first = |first: &str, second: &str| if first.is_empty() { second } else { first }.to_owned();
    (first(text(service, "name"), text(otp, "issuer")), first(text(otp, "account"), text(otp, "label")))
}

fn judge(service: &mut Value, issuer: &str, account: &str) -> Judged {
    let seed = account::base32(take_secret(service, "secret"))?;
    let otp = service.get("otp").unwrap_or(&Value::Null);
    // Schemas 1 and 2 have no type of token: their apps made every entry one by the clock.
    let kind = match text(otp, "tokenType") {
        "" => Kind::Totp,
        name => Kind::named(name)?,
    };
    let codes = Codes {
        kind,
        algorithm: text(otp, "algorithm"),
        digits: number(otp, "digits"),
        period: number(otp, "period"),
        counter: number(otp, "counter"),
    };
    account::draft(issuer, account, seed, codes)
}

#[cfg(test)]
mod tests;
