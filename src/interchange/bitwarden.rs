//! Bitwarden's exports (JSON, CSV, JSON with a password), and those of Bitwarden Authenticator, which look alike.
//!
//! Only logins with a code are entries here; everything else of a vault of passwords is left where it is and counted.

mod export;
mod sealed;
mod table;

use std::collections::HashMap;

use serde::Deserialize;
use serde_json::Value;
use serde_json::value::RawValue;

use super::ImportError;
use super::account::{self, Codes, Judged, Kind};
use super::json::{self, Bounded, each, text};
use super::outcome::{Imported, Notice, SkippedReason};
use super::registry::{Change, Export, Format, Import, Look, Source, Trait};
use crate::entry::Label;
use crate::otp::Seed;
use crate::secret::SecretText;

/// The format.
pub const FORMAT: Format = Format {
    id: "bitwarden",
    name: "Bitwarden",
    help: "Bitwarden, Settings, Export vault: JSON, CSV, or JSON with a password; or Bitwarden Authenticator's export",
    import: Some(Import { recognises, open }),
    export: Some(Export {
        ending: "json",
        encrypts: true,
        keeps: &[Trait::Tags, Trait::Notes, Trait::Favourites, Trait::DigitsOfSteam, Trait::UriParameters],
        changes: &[Change::IssuerFromAccount],
        refuses: export::refuses,
        write: |entries, passphrase, random, _| export::export(entries, passphrase, random),
    }),
};

#[derive(Deserialize)]
struct File<'a> {
    /// Exports of before 2021 do not say it, and were not encrypted.
    encrypted: Option<bool>,
    #[serde(rename = "passwordProtected")]
    has_password: Option<bool>,
    #[serde(borrow)]
    items: Option<Bounded<&'a RawValue>>,
    folders: Option<Bounded<Value>>,
    collections: Option<Bounded<Value>>,
}

#[derive(Deserialize)]
struct Top {
    encrypted: Option<serde::de::IgnoredAny>,
    items: Option<Bounded<Value>>,
    #[serde(rename = "passwordProtected")]
    has_password: Option<serde::de::IgnoredAny>,
    folders: Option<serde::de::IgnoredAny>,
    collections: Option<serde::de::IgnoredAny>,
}

fn recognises(look: &Look<'_>) -> bool {
    table::recognises(look)
        || look.json_object_with(&["encrypted", "items"], |text| {
            let top: Top = serde_json::from_slice(text)?;
            let is_of_today = top.encrypted.is_some() && (top.items.is_some() || top.has_password.is_some());
            let is_old = top.items.is_some() && (top.folders.is_some() || top.collections.is_some());
            Ok(is_of_today || is_old)
        })
}

/// Reads a file as far as it goes without a password.
///
/// # Errors
///
/// [`ImportError`] when it is damaged, too large, or encrypted for the account that wrote it.
pub fn open(bytes: &[u8]) -> Result<Source, ImportError> {
    if !Look::new(bytes).text.starts_with(b"{") {
        return table::import(bytes).map(Source::Plain);
    }
    let file: File<'_> = json::parse(bytes)?;
    match (file.encrypted.unwrap_or(false), file.has_password.unwrap_or(false)) {
        (true, true) => sealed::Sealed::parse(bytes).map(|sealed| Source::Sealed(Box::new(sealed))),
        (true, false) => Err(ImportError::Unsupported {
            what: "an export for the account that made it alone (choose \"password protected\" instead)"
                .to_owned(),
        }),
        (false, _) => items(file).map(Source::Plain),
    }
}

fn items(file: File<'_>) -> Result<Imported, ImportError> {
    // Only a vault of passwords has folders or collections.
    let is_of_authenticator = file.folders.is_none() && file.collections.is_none();
    let groups: HashMap<String, String> = [file.folders, file.collections]
        .into_iter()
        .flatten()
        .flat_map(|list| list.items)
        .map(|group| (text(&group, "id").to_owned(), text(&group, "name").to_owned()))
        .collect();
    let mut imported = Imported::default();
    let Some(list) = file.items else { return Err(json::damaged("items")) };
    let mut n_without = 0;
    each(list, &mut imported, |imported, position, item| {
        let (name, user) = (text(item, "name").to_owned(), login(item, "username"));
        let code = item.get_mut("login").and_then(|login| json::take_secret(login, "totp"));
        let Some(code) = code.filter(|code| !code.expose().trim().is_empty()) else {
            n_without += 1;
            return;
        };
        let code = if is_of_authenticator { unescaped(&code) } else { code };
        let mut judged = judge(&code, &name, &user);
        if let Ok((draft, _)) = &mut judged {
            text(item, "notes").clone_into(&mut draft.note);
            draft.favourite = item.get("favorite").and_then(Value::as_bool).unwrap_or(false);
            let first = item.get("collectionIds").and_then(|ids| ids.get(0)).and_then(Value::as_str);
            let folder = groups.get(text(item, "folderId")).or_else(|| groups.get(first?));
            draft.tags.extend(folder.map(|name| Label::new(name.as_str())));
        }
        imported.take(position, account::title(&name, &user), judged);
    })?;
    if n_without > 0 {
        imported.notice(Notice::WithoutCodes(n_without));
    }
    Ok(imported)
}

fn login(item: &Value, name: &str) -> String {
    item.get("login").map_or("", |login| text(login, name)).to_owned()
}

/// A URI of Bitwarden Authenticator, which writes the label as HTML first and percent-encodes that.
fn unescaped(code: &SecretText) -> SecretText {
    const ENTITIES: [(&str, &str); 5] = [
        ("%26lt%3B", "%3C"),
        ("%26gt%3B", "%3E"),
        ("%26quot%3B", "%22"),
        ("%26%2339%3B", "%27"),
        // Last, so that what was an entity before stays one.
        ("%26amp%3B", "%26"),
    ];
    let (path, query) = code.expose().split_once('?').unwrap_or((code.expose(), ""));
    let label = ENTITIES.iter().fold(path.to_owned(), |label, (entity, sign)| label.replace(entity, sign));
    let mut uri = SecretText::with_capacity(label.len() + 1 + query.len());
    uri.expose_mut().push_str(&label);
    if !query.is_empty() {
        uri.expose_mut().push('?');
        uri.expose_mut().push_str(query);
    }
    uri
}

/// A code's field: a URI, Steam's own short form, or a bare secret.
pub(super) fn judge(code: &SecretText, name: &str, user: &str) -> Judged {
    let code = code.expose().trim();
    let scheme =
        |scheme: &str| code.get(..scheme.len()).is_some_and(|start| start.eq_ignore_ascii_case(scheme));
    if scheme("otpauth://") {
        let (mut draft, warnings) = account::of_uri(code)?;
        if draft.issuer.is_empty() {
            draft.issuer = Label::new(name);
        }
        if draft.account.is_empty() {
            draft.account = Label::new(user);
        }
        return Ok((draft, warnings));
    }
    let (secret, kind) = match code.get("steam://".len()..) {
        Some(secret) if scheme("steam://") => (secret, Kind::Steam),
        _ => (code, Kind::Totp),
    };
    let seed = Seed::from_base32(secret).map_err(SkippedReason::Seed)?;
    account::draft(name, user, seed, Codes { kind, ..Codes::USUAL })
}

#[cfg(test)]
mod tests;
