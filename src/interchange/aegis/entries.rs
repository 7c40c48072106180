//! The entries of an Aegis database: each is read by itself, so that a bad one costs nothing but itself.

use std::collections::HashMap;

use serde::Deserialize;
use serde_json::Value;
use serde_json::value::RawValue;

use crate::entry::{EntryDraft, Label};
use crate::interchange::ImportError;
use crate::interchange::account::Judged;
use crate::interchange::json::{Bounded, damaged_at, each, take_secret, text};
use crate::interchange::outcome::{Imported, Notice, SkippedReason, Warning, safe_name, seed_warning};
use crate::otp::{Algorithm, Digits, Otp, Period, Seed};

/// Most bytes of tags. A group is named once and may be meant by every entry, so that a small file could
/// otherwise fill the memory.
const MOST_TAG_BYTES: usize = 32 << 20;

#[derive(Deserialize)]
struct Database<'a> {
    version: u64,
    #[serde(borrow)]
    entries: Bounded<&'a RawValue>,
    #[serde(borrow)]
    groups: Option<Bounded<&'a RawValue>>,
}

#[derive(Deserialize)]
struct Group {
    uuid: String,
    name: String,
}

pub(super) fn import(db: &str) -> Result<Imported, ImportError> {
    let db: Database<'_> = serde_json::from_str(db).map_err(|error| damaged_at("db, ", &error))?;
    if db.version > 3 {
        return Err(ImportError::Unsupported {
            what: format!("version {} of an Aegis database", db.version),
        });
    }
    let groups = db.groups.unwrap_or_default();
    if groups.overflowed {
        return Err(ImportError::TooLarge);
    }
    let groups: HashMap<String, String> = groups
        .items
        .into_iter()
        .filter_map(|group| serde_json::from_str::<Group>(group.get()).ok())
        .map(|group| (group.uuid, group.name))
        .collect();
    let mut imported = Imported::default();
    let mut n_tag_bytes = 0_usize;
    each(db.entries, &mut imported, |imported, position, entry| {
        if entry.get("icon").is_some_and(|icon| !icon.is_null()) {
            imported.notice(Notice::Icons);
        }
        let title = title(entry);
        let mut judged = draft(entry);
        if let Ok((draft, _)) = &mut judged {
            for name in groups_of(entry, &groups) {
                n_tag_bytes = n_tag_bytes.saturating_add(name.len() + size_of::<Label>());
                if n_tag_bytes <= MOST_TAG_BYTES {
                    draft.tags.push(Label::new(name));
                }
            }
        }
        imported.take(position, title, judged);
    })?;
    if n_tag_bytes > MOST_TAG_BYTES {
        return Err(ImportError::TooLarge);
    }
    Ok(imported)
}

fn draft(entry: &mut Value) -> Judged {
    let kind = text(entry, "type").to_owned();
    if !matches!(kind.as_str(), "totp" | "hotp" | "steam") {
        return Err(SkippedReason::UnknownType(safe_name(&kind)));
    }
    let (issuer, account) = (Label::new(text(entry, "issuer")), Label::new(text(entry, "name")));
    let info = entry.get_mut("info").ok_or(SkippedReason::Field("info"))?;
    let secret = take_secret(info, "secret").ok_or(SkippedReason::Field("info.secret"))?;
    let seed = Seed::from_base32(secret.expose()).map_err(SkippedReason::Seed)?;
    let mut warnings = Vec::new();
    let otp = if kind == "steam" { Otp::Steam } else { otp(&kind, info, &mut warnings)? };
    warnings.extend(seed_warning(&seed));
    let mut draft = EntryDraft::new(issuer, account, seed, otp);
    text(entry, "note").clone_into(&mut draft.note);
    draft.favourite = entry.get("favorite").and_then(Value::as_bool).unwrap_or(false);
    Ok((draft, warnings))
}

fn otp(kind: &str, info: &Value, warnings: &mut Vec<Warning>) -> Result<Otp, SkippedReason> {
    let name = text(info, "algo");
    let algorithm = match Algorithm::parse(name) {
        Some(algorithm) => algorithm,
        None if name.is_empty() => Algorithm::Sha1,
        // A known fault of Aegis: what had been changed from mOTP kept its MD5, and is read as SHA-1.
        None if name.eq_ignore_ascii_case("MD5") => {
            warnings.push(Warning::Md5ReadAsSha1);
            Algorithm::Sha1
        }
        None => return Err(SkippedReason::UnknownAlgorithm(safe_name(name))),
    };
    let number = |name: &str| info.get(name).and_then(Value::as_u64);
    let digits = number("digits").and_then(|n| u8::try_from(n).ok()).and_then(Digits::new);
    let digits = digits.ok_or(SkippedReason::Field("the number of digits"))?;
    if kind == "hotp" {
        let counter = number("counter").ok_or(SkippedReason::Field("the counter"))?;
        return Ok(Otp::Hotp { algorithm, digits, counter });
    }
    let period = number("period").and_then(|n| u32::try_from(n).ok()).and_then(Period::new);
    Ok(Otp::Totp { algorithm, digits, period: period.ok_or(SkippedReason::Field("the period"))? })
}

/// Groups become tags: version 3 names them by id, and drops ids of no group; older ones name one by text.
fn groups_of<'a>(entry: &'a Value, groups: &'a HashMap<String, String>) -> Vec<&'a str> {
    if let Some(ids) = entry.get("groups").and_then(Value::as_array) {
        return ids.iter().filter_map(Value::as_str).filter_map(|id| groups.get(id)).map(|s| &**s).collect();
    }
    Some(text(entry, "group")).filter(|group| !group.is_empty()).into_iter().collect()
}

fn title(entry: &Value) -> Label {
    let (issuer, name) = (text(entry, "issuer"), text(entry, "name"));
    Label::new(if issuer.is_empty() { name.to_owned() } else { format!("{issuer}:{name}") })
}
