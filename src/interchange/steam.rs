//! Steam's authenticator: the app's own file, and the maFile of programs for the desktop, where it is not encrypted.
//!
//! The seed is `shared_secret`; the one in `uri` is a dummy in some files. Confirming trades is nothing that codes can do.

use serde::Deserialize;
use serde_json::Value;
use serde_json::value::RawValue;

use super::ImportError;
use super::account::{self, Codes, Kind};
use super::json::{self, Values, each, take_secret, text};
use super::outcome::{Imported, Notice, SkippedReason};
use super::registry::{Format, Import, Look, Source};

/// The format.
pub const FORMAT: Format = Format {
    id: "steam",
    name: "Steam",
    help: "Steam: the app's Steamguard file, or the .maFile of a desktop authenticator, decrypted",
    import: Some(Import { recognises, open: |bytes| open(bytes).map(Source::Plain) }),
    export: None,
};

/// Larger files are not read; real ones have some thousand bytes.
const LARGEST_FILE: usize = 4 << 20;

/// The accounts of newer files of the app, by their ids and in the file's order.
#[derive(Deserialize)]
struct Several<'a> {
    #[serde(borrow)]
    accounts: Values<&'a RawValue>,
}

fn recognises(look: &Look<'_>) -> bool {
    // Another program's file may be large, and would take many times that as a value.
    if look.text.len() > LARGEST_FILE {
        return false;
    }
    look.json_object_with(&["shared_secret"], |text| {
        let file: Value = serde_json::from_slice(text)?;
        Ok(has_secret(&file) || accounts(&file).any(has_secret))
    })
}

fn has_secret(account: &Value) -> bool {
    account.get("shared_secret").is_some()
}

/// The accounts by their ids, in newer files of the app.
fn accounts(file: &Value) -> impl Iterator<Item = &Value> {
    file.get("accounts").and_then(Value::as_object).into_iter().flat_map(|accounts| accounts.values())
}

/// Reads a file of one account or of several.
///
/// # Errors
///
/// [`ImportError`] when it is damaged or too large.
pub fn open(bytes: &[u8]) -> Result<Imported, ImportError> {
    if bytes.len() > LARGEST_FILE {
        return Err(ImportError::TooLarge);
    }
    let mut file: Value = json::parse(bytes)?;
    let mut imported = Imported::default();
    if has_secret(&file) {
        take(&mut imported, 1, &mut file);
    } else {
        each(json::parse::<Several<'_>>(bytes)?.accounts.0, &mut imported, take)?;
    }
    imported.notice(Notice::ConfirmationsOfTrades);
    Ok(imported)
}

fn take(imported: &mut Imported, position: usize, account: &mut Value) {
    let name = name(account);
    let secret = take_secret(account, "shared_secret");
    let bytes = secret.and_then(|secret| json::base64(secret.expose()));
    let seed = bytes.ok_or(SkippedReason::Field("shared_secret")).and_then(account::bytes);
    let codes = Codes { kind: Kind::Steam, ..Codes::USUAL };
    let judged = seed.and_then(|seed| account::draft("Steam", &name, seed, codes));
    imported.take(position, account::title("Steam", &name), judged);
}

/// The account's name; of a file without one the account's number, which is a text in some.
fn name(account: &Value) -> String {
    let name = text(account, "account_name");
    let id = |field: &str| match account.get(field) {
        Some(Value::String(id)) => Some(id.clone()),
        Some(Value::Number(id)) => Some(id.to_string()),
        _ => None,
    };
    if name.is_empty() {
        id("steamid").or_else(|| id("steam_id")).unwrap_or_default()
    } else {
        name.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::otp::Otp;

    #[test]
    fn one_account_or_several_by_their_ids_are_read() {
        let one = r#"{"shared_secret":"SGVsbG8h3q2+7w==","account_name":"ana","uri":"otpauth://totp/Steam:x?secret=AAAA"}"#;
        let several =
            format!(r#"{{"accounts":{{"9":{one},"10":{{"shared_secret":"?","account_name":"ben"}}}}}}"#);
        for (text, n_skipped) in [(one, 0), (&several, 1)] {
            assert!(recognises(&Look::new(text.as_bytes())));
            let imported = open(text.as_bytes()).expect("it can be read");
            let draft = &imported.drafts[0].draft;
            assert_eq!((draft.title(), draft.otp), ("Steam:ana".to_owned(), Otp::Steam));
            assert_eq!(draft.seed.bytes().expose(), b"Hello!\xde\xad\xbe\xef");
            assert_eq!(imported.skipped.len(), n_skipped);
            assert!(imported.drafts[0].position == 1, "in the order of the file");
        }
    }
}
