//! Proton Pass' export: an archive with one JSON file, in which logins have codes, and any item may have more of them.

use serde_json::Value;

use super::account;
use super::bitwarden;
use super::json::{self, text};
use super::outcome::{Imported, MOST_ENTRIES, Notice};
use super::registry::{Format, Import, Look, Source};
use super::{ImportError, archive};
use crate::secret::SecretText;

/// The format.
pub const FORMAT: Format = Format {
    id: "proton-pass",
    name: "Proton Pass",
    help: "Proton Pass, Settings, Export: the zip archive that is not encrypted",
    import: Some(Import { recognises, open: |bytes| open(bytes).map(Source::Plain) }),
    export: None,
};

const CONTENT: &str = "Proton Pass/data.json";
/// In place of it where the export is encrypted with a passphrase.
const ENCRYPTED: &str = "Proton Pass/data.pgp";
/// State of an item in the trash.
const TRASHED: u64 = 2;

fn recognises(look: &Look<'_>) -> bool {
    archive::has(look.bytes, CONTENT)
        || archive::has(look.bytes, ENCRYPTED)
        || look.json_object_with(&["vaults", "items", "shareId"], |text| {
            let file: Value = serde_json::from_slice(text)?;
            Ok(file.get("vaults").is_some_and(Value::is_object))
        })
}

/// Reads the archive, or the file in it.
///
/// # Errors
///
/// [`ImportError`] when it is damaged or too large.
pub fn open(bytes: &[u8]) -> Result<Imported, ImportError> {
    if archive::has(bytes, ENCRYPTED) {
        return Err(ImportError::Unsupported {
            what: "Proton Pass' encrypted export (choose the zip that is not encrypted)".to_owned(),
        });
    }
    if bytes.starts_with(archive::MAGIC) {
        return items(archive::read(bytes, CONTENT, None)?.expose());
    }
    items(bytes)
}

fn items(bytes: &[u8]) -> Result<Imported, ImportError> {
    let mut file: Value = json::parse(bytes)?;
    let vaults =
        file.get_mut("vaults").and_then(Value::as_object_mut).ok_or_else(|| json::damaged("vaults"))?;
    let mut imported = Imported::default();
    let (mut position, mut n_without) = (0, 0);
    for vault in vaults.values_mut() {
        let items = vault.get_mut("items").and_then(Value::as_array_mut).into_iter().flatten();
        for item in items {
            let is_trashed = item.get("state").and_then(Value::as_u64) == Some(TRASHED);
            let is_pinned = item.get("pinned").and_then(Value::as_bool).unwrap_or(false);
            let codes = codes(item);
            if codes.is_empty() {
                n_without += 1;
            }
            for Found { code, name, user, note } in codes {
                if is_trashed {
                    imported.leave_trashed();
                    continue;
                }
                position += 1;
                if position > MOST_ENTRIES {
                    return Err(ImportError::TooLarge);
                }
                let mut judged = bitwarden::judge(&code, &name, &user);
                if let Ok((draft, _)) = &mut judged {
                    draft.note = note;
                    draft.favourite = is_pinned;
                }
                imported.take(position, account::title(&name, &user), judged);
            }
        }
    }
    if n_without > 0 {
        imported.notice(Notice::WithoutCodes(n_without));
    }
    Ok(imported)
}

struct Found {
    code: SecretText,
    name: String,
    user: String,
    note: String,
}

/// The codes of an item: a login's own, then those of its further fields.
fn codes(item: &mut Value) -> Vec<Found> {
    let Some(data) = item.get_mut("data") else { return Vec::new() };
    let metadata = data.get("metadata").unwrap_or(&Value::Null);
    let (name, note) = (text(metadata, "name").to_owned(), text(metadata, "note").to_owned());
    let mut found = Vec::new();
    let mut put = |code: Option<SecretText>, user: String| {
        if let Some(code) = code.filter(|code| !code.expose().trim().is_empty()) {
            found.push(Found { code, name: name.clone(), user, note: note.clone() });
        }
    };
    if let Some(content) = data.get_mut("content") {
        let users = ["itemUsername", "itemEmail", "username"].map(|name| text(content, name).to_owned());
        let user = users.into_iter().find(|user| !user.is_empty()).unwrap_or_default();
        put(json::take_secret(content, "totpUri"), user);
    }
    for field in data.get_mut("extraFields").and_then(Value::as_array_mut).into_iter().flatten() {
        let label = text(field, "fieldName").to_owned();
        if text(field, "type") == "totp"
            && let Some(content) = field.get_mut("data")
        {
            put(json::take_secret(content, "totpUri"), label);
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_encrypted_export_says_which_one_to_choose() {
        let bytes = include_bytes!("../../vectors/interchange/refused/proton-pass/encrypted.zip");
        assert!(recognises(&Look::new(bytes)));
        let error = open(bytes).unwrap_err();
        assert!(error.to_string().contains("not encrypted"), "{error}");
    }

    #[test]
    fn a_login_and_every_further_field_give_a_code_and_the_trash_stays_there() {
        let text = r#"{"userId":"u","vaults":{"v":{"items":[
            {"data":{"metadata":{"name":"AWS","note":"n"},"extraFields":[{"fieldName":"second","type":"totp","data":{"totpUri":"JBSWY3DPEHPK3PXP"}}],
              "content":{"itemUsername":"root","totpUri":"otpauth://totp/x?secret=JBSWY3DPEHPK3PXP"}},"state":1,"pinned":true},
            {"data":{"metadata":{"name":"old"},"content":{"totpUri":"JBSWY3DPEHPK3PXP"}},"state":2},
            {"data":{"metadata":{"name":"note"},"content":{}},"state":1}]}}}"#;
        assert!(recognises(&Look::new(text.as_bytes())));
        let imported = open(text.as_bytes()).expect("it can be read");
        let titles: Vec<String> = imported.drafts.iter().map(|one| one.draft.title()).collect();
        assert_eq!(titles, ["AWS:x", "AWS:second"]);
        assert_eq!((imported.n_trashed, &imported.notices[..]), (1, &[Notice::WithoutCodes(1)][..]));
        assert_eq!(imported.drafts[0].draft.note, "n");
    }
}
