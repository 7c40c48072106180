//! Steam's authenticator: the app's own file, and the maFile of programs for the desktop, where it is not encrypted.
//!
//! The seed is `shared_secret`; the one in `uri` is a dummy in some files. Confirming trades is nothing that codes can do.

use serde::Deserialize;
use serde::de::IgnoredAny;
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

#[derive(Deserialize)]
struct Top<'a> {
    shared_secret: Option<IgnoredAny>,
    /// The accounts by their ids, in newer files of the app. In other programs' files it is something else.
    #[serde(borrow)]
    accounts: Option<&'a RawValue>,
}

#[derive(Deserialize)]
struct Account {
    shared_secret: Option<IgnoredAny>,
}

fn recognises(look: &Look<'_>) -> bool {
    look.json_object_with(&["shared_secret"], |text| {
        let file: Top<'_> = serde_json::from_slice(text)?;
        let is_one_of_steam = |accounts: &RawValue| {
            serde_json::from_str::<Values<Account>>(accounts.get())
                .is_ok_and(|accounts| accounts.0.items.iter().any(|account| account.shared_secret.is_some()))
        };
        Ok(file.shared_secret.is_some() || file.accounts.is_some_and(is_one_of_steam))
    })
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
    let file: Top<'_> = json::parse(bytes)?;
    let mut imported = Imported::default();
    if file.shared_secret.is_some() {
        take(&mut imported, 1, &mut json::parse(bytes)?);
    } else {
        let accounts = file.accounts.ok_or_else(|| json::damaged("accounts"))?;
        let accounts: Values<&RawValue> =
            serde_json::from_str(accounts.get()).map_err(|error| json::damaged_at("accounts, ", &error))?;
        each(accounts.0, &mut imported, take)?;
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

/// The account's name; of a file without one the number of the account, which is a text in some.
fn name(account: &Value) -> String {
    let name = text(account, "account_name");
    let mut ids = ["steamid", "steam_id"].into_iter().filter_map(|id| account.get(id));
    let mut id = || ids.next().map(|id| id.to_string().trim_matches('"').to_owned());
    if name.is_empty() { id().unwrap_or_default() } else { name.to_owned() }
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
