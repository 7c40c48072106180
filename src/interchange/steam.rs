//! Steam's authenticator: the app's own file, and the maFile of programs for the desktop, where it is not encrypted.
//!
//! The seed is `shared_secret`; the one in `uri` is a dummy in some files. Confirming trades is nothing that codes can do.

use data_encoding::BASE64;
use serde_json::Value;

use super::ImportError;
use super::account::{self, Codes, Kind};
use super::json::{self, take_secret, text};
use super::outcome::{Imported, Notice, SkippedReason};
use super::registry::{Format, Import, Look, Source};
use crate::secret::SecretBytes;

/// The format.
pub const FORMAT: Format = Format {
    id: "steam",
    name: "Steam",
    help: "Steam: the app's Steamguard file, or the .maFile of a desktop authenticator, decrypted",
    import: Some(Import { recognises, open: |bytes| open(bytes).map(Source::Plain) }),
    export: None,
};

fn recognises(look: &Look<'_>) -> bool {
    look.json_object_with(&["shared_secret"], |text| {
        let file: Value = serde_json::from_slice(text)?;
        Ok(has_secret(&file) || accounts(&file).next().is_some_and(has_secret))
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
    let mut file: Value = json::parse(bytes)?;
    let mut imported = Imported::default();
    if has_secret(&file) {
        take(&mut imported, 1, &mut file);
    } else {
        let accounts = file.get_mut("accounts").and_then(Value::as_object_mut);
        let accounts = accounts.ok_or_else(|| json::damaged("accounts"))?;
        for (idx, account) in accounts.values_mut().enumerate() {
            take(&mut imported, idx + 1, account);
        }
    }
    imported.notice(Notice::ConfirmationsOfTrades);
    Ok(imported)
}

fn take(imported: &mut Imported, position: usize, account: &mut Value) {
    let name = text(account, "account_name").to_owned();
    let secret = take_secret(account, "shared_secret");
    let seed = secret.ok_or(SkippedReason::Field("shared_secret")).and_then(|secret| {
        let bytes = BASE64.decode(secret.expose().trim().as_bytes());
        account::bytes(SecretBytes::new(bytes.map_err(|_| SkippedReason::Field("shared_secret"))?))
    });
    let codes = Codes { kind: Kind::Steam, ..Codes::USUAL };
    let judged = seed.and_then(|seed| account::draft("Steam", &name, seed, codes));
    imported.take(position, account::title("Steam", &name), judged);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::otp::Otp;

    #[test]
    fn one_account_or_several_by_their_ids_are_read() {
        let one = r#"{"shared_secret":"SGVsbG8h3q2+7w==","account_name":"ana","uri":"otpauth://totp/Steam:x?secret=AAAA"}"#;
        let several =
            format!(r#"{{"accounts":{{"7":{one},"8":{{"shared_secret":"?","account_name":"ben"}}}}}}"#);
        for (text, n_skipped) in [(one, 0), (&several, 1)] {
            let imported = open(text.as_bytes()).expect("it can be read");
            let draft = &imported.drafts[0].draft;
            assert_eq!((draft.title(), draft.otp), ("Steam:ana".to_owned(), Otp::Steam));
            assert_eq!(draft.seed.bytes().expose(), b"Hello!\xde\xad\xbe\xef");
            assert_eq!(imported.skipped.len(), n_skipped);
        }
    }
}
