//! Proton Authenticator's export, plain and encrypted (its `exporter.rs` and `password_exporter.rs`).

mod export;

use data_encoding::{BASE64, BASE64_NOPAD};
use serde::Deserialize;
use serde_json::Value;
use serde_json::value::RawValue;

use super::account::{self, Codes, Judged, Kind};
use super::cipher::{Argon2, aes256_gcm_with, argon2id};
use super::json::{self, Bounded, damaged, each, text};
use super::outcome::{Imported, SkippedReason, safe_name};
use super::registry::{Change, Export, Format, Import, Look, SealedFile, Source, Trait};
use super::{ImportError, otpauth_list};
use crate::entry::Label;
use crate::otp::Seed;
use crate::secret::{SecretBytes, SecretText};

/// The format.
pub const FORMAT: Format = Format {
    id: "proton",
    name: "Proton Authenticator",
    help: "Proton Authenticator, Settings, Export: the JSON file, with or without a password",
    import: Some(Import { recognises, open }),
    export: Some(Export {
        ending: "json",
        encrypts: true,
        keeps: &[Trait::Notes, Trait::DigitsOfSteam],
        changes: &[Change::OneNameForSteam],
        refuses: export::refuses,
        write: export::export,
    }),
};

/// Argon2id of the encrypted form: 19 MiB, 2 passes, 1 lane. Nothing of it stands in the file.
const COST: (u32, u32, u32) = (19_456, 2, 1);
/// What the encrypted form is bound to.
const BINDING: &[u8] = b"proton.authenticator.export.v1";

#[derive(Deserialize)]
struct File<'a> {
    version: u64,
    #[serde(borrow)]
    entries: Option<Bounded<&'a RawValue>>,
    salt: Option<String>,
    content: Option<String>,
}

#[derive(Deserialize)]
struct Top {
    version: Option<serde::de::IgnoredAny>,
    entries: Option<Bounded<Value>>,
    salt: Option<serde::de::IgnoredAny>,
    content: Option<serde::de::IgnoredAny>,
}

fn recognises(look: &Look<'_>) -> bool {
    look.json_object_with(&["version", "entries", "entry_type"], |text| {
        let top: Top = serde_json::from_slice(text)?;
        let has_content =
            |list: Bounded<Value>| list.items.first().is_none_or(|item| item.get("content").is_some());
        Ok(top.version.is_some()
            && (top.salt.is_some() && top.content.is_some() || top.entries.is_some_and(has_content)))
    })
}

/// Reads a file as far as it goes without a password.
///
/// # Errors
///
/// [`ImportError`] when it is damaged, too large or of a newer version.
pub fn open(bytes: &[u8]) -> Result<Source, ImportError> {
    let file: File<'_> = json::parse(bytes)?;
    if file.version > 1 {
        return Err(ImportError::Unsupported {
            what: format!("version {} of a Proton export", file.version),
        });
    }
    match (file.entries, file.salt, file.content) {
        (Some(entries), None, None) => self::entries(entries).map(Source::Plain),
        (None, Some(salt), Some(content)) => {
            let base64 = |text: &str, at: &str| BASE64.decode(text.as_bytes()).map_err(|_| damaged(at));
            let (salt, content) = (base64(&salt, "salt")?, base64(&content, "content")?);
            Ok(Source::Sealed(Box::new(Sealed { salt, content })))
        }
        _ => Err(damaged("it holds both entries and what is encrypted, or neither")),
    }
}

fn entries(list: Bounded<&RawValue>) -> Result<Imported, ImportError> {
    let mut imported = Imported::default();
    each(list, &mut imported, |imported, position, entry| {
        let content = entry.get("content").unwrap_or(&Value::Null);
        let (uri, name) = (SecretText::new(text(content, "uri").to_owned()), text(content, "name"));
        let mut judged = match text(content, "entry_type") {
            "Totp" => account::of_uri(uri.expose()),
            "Steam" => steam(uri.expose(), name),
            other => Err(SkippedReason::UnknownType(safe_name(other))),
        };
        if let Ok((draft, _)) = &mut judged {
            if !name.is_empty() && name != draft.issuer.raw() {
                draft.account = Label::new(name);
            }
            text(entry, "note").clone_into(&mut draft.note);
        }
        let title = if name.is_empty() { otpauth_list::title_of(uri.expose()) } else { Label::new(name) };
        imported.take(position, title, judged);
    })?;
    Ok(imported)
}

/// `steam://` and the secret: base32, or base64 where it is none.
fn steam(uri: &str, name: &str) -> Judged {
    let secret = uri.strip_prefix("steam://").ok_or(SkippedReason::Field("the secret"))?;
    let seed = match Seed::from_base32(secret) {
        Ok(seed) => seed,
        Err(error) => {
            let bytes = BASE64_NOPAD.decode(secret.trim_end_matches('=').as_bytes());
            account::bytes(SecretBytes::new(bytes.map_err(|_| SkippedReason::Seed(error))?))?
        }
    };
    // An entry of this kind has one name, and Proton shows it where others have their issuer.
    account::draft(name, "", seed, Codes { kind: Kind::Steam, ..Codes::USUAL })
}

/// An encrypted export.
#[derive(Debug)]
struct Sealed {
    salt: Vec<u8>,
    content: Vec<u8>,
}

impl SealedFile for Sealed {
    fn cost(&self) -> String {
        "19 MiB".to_owned()
    }

    fn open(self: Box<Self>, passphrase: &SecretText) -> Result<Imported, ImportError> {
        let (memory_kib, passes, lanes) = COST;
        let argon2 = Argon2::new(memory_kib, passes, lanes)?;
        let key = argon2id(passphrase.expose().as_bytes(), &self.salt, &argon2)?;
        let (nonce, sealed) = self.content.split_first_chunk::<12>().ok_or_else(|| damaged("content"))?;
        let mut text = SecretBytes::from_slice(sealed);
        if !aes256_gcm_with(&key, nonce, BINDING, &mut text) {
            return Err(ImportError::WrongPassphrase);
        }
        let file: File<'_> = json::parse(text.expose())?;
        entries(file.entries.ok_or_else(|| damaged("content"))?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::otp::Otp;

    fn read(entries: &str) -> Imported {
        match open(format!(r#"{{"version":1,"entries":[{entries}]}}"#).as_bytes()) {
            Ok(Source::Plain(imported)) => imported,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn the_name_is_the_account_and_steam_comes_in_base32_or_base64() {
        let imported = read(
            r#"{"content":{"uri":"otpauth://totp/x?secret=JBSWY3DPEHPK3PXP&issuer=AWS","entry_type":"Totp","name":"root"},"note":"n"},
               {"content":{"uri":"steam://JBSWY3DPEHPK3PXP","entry_type":"Steam","name":"ana"}},
               {"content":{"uri":"steam://SGVsbG8h3q2+7w","entry_type":"Steam","name":"ben"}},
               {"content":{"uri":"x","entry_type":"Hotp","name":"c"}}, {"content":{"entry_type":"Totp"}}, 1"#,
        );
        let names: Vec<String> = imported.drafts.iter().map(|one| one.draft.title()).collect();
        assert_eq!(names, ["AWS:root", "ana", "ben"]);
        assert_eq!((imported.drafts[0].draft.note.as_str(), imported.drafts[1].draft.otp), ("n", Otp::Steam));
        assert_eq!(imported.drafts[2].draft.seed.bytes().expose(), b"Hello!\xde\xad\xbe\xef");
        assert_eq!(imported.skipped.len(), 3);
    }

    #[test]
    fn a_file_with_both_or_neither_is_damaged_and_a_wrong_password_is_called_one() {
        for text in [r#"{"version":1}"#, r#"{"version":1,"entries":[],"salt":"AAAA","content":"AAAA"}"#] {
            assert!(matches!(open(text.as_bytes()), Err(ImportError::Damaged { .. })), "{text}");
        }
        let newer = r#"{"version":2,"entries":[]}"#;
        assert!(matches!(open(newer.as_bytes()), Err(ImportError::Unsupported { .. })));
        let text = r#"{"version":1,"salt":"AAAAAAAAAAAAAAAAAAAAAA==","content":"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="}"#;
        let Ok(Source::Sealed(sealed)) = open(text.as_bytes()) else { panic!("it is encrypted") };
        assert_eq!(sealed.open(&SecretText::new("x".to_owned())).unwrap_err(), ImportError::WrongPassphrase);
    }
}
