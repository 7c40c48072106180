//! cotp's database and exports (its `crypto` and `otp_element.rs`).

use data_encoding::BASE64;
use serde::Deserialize;
use serde_json::value::RawValue;

use super::account;
use super::cipher::{Argon2, argon2id, xchacha20_poly1305};
use super::json::{self, Bounded, damaged};
use super::outcome::Imported;
use super::registry::{Format, Import, Look, SealedFile, Source};
use super::{ImportError, andotp, freeotp_plus, otpauth_list};
use crate::secret::{SecretBytes, SecretText};

/// The format.
pub const FORMAT: Format = Format {
    id: "cotp",
    name: "cotp",
    help: "cotp: its db.cotp, or what `cotp export` has written",
    import: Some(Import { recognises, open }),
    export: None,
};

/// Argon2id of the database: 32 MiB, 4 passes, 4 lanes. Nothing of it stands in the file.
const COST: (u32, u32, u32) = (32_768, 4, 4);

#[derive(Deserialize)]
struct File<'a> {
    version: Option<u64>,
    #[serde(borrow)]
    elements: Option<Bounded<&'a RawValue>>,
    items: Option<Bounded<String>>,
    nonce: Option<String>,
    salt: Option<String>,
    cipher: Option<String>,
}

fn recognises(look: &Look<'_>) -> bool {
    look.json_object_with(&["cipher", "nonce", "salt"], |text| {
        // What has other types in these places is another program's.
        Ok(serde_json::from_slice::<File<'_>>(text).is_ok_and(|file| {
            file.cipher.is_some() && file.nonce.is_some() && file.salt.is_some()
                || file.version.is_some() && file.elements.is_some()
                || file.items.is_some_and(|uris| uris.items.iter().any(|uri| uri.starts_with("otpauth://")))
        }))
    })
}

/// Reads a file as far as it goes without a password.
///
/// # Errors
///
/// [`ImportError`] when it is damaged, too large or of a newer version.
pub fn open(bytes: &[u8]) -> Result<Source, ImportError> {
    // Its exports for other programs are recognised as those programs', and are its own where it is named.
    let look = Look::new(bytes);
    if look.text.starts_with(b"[") {
        return andotp::open(bytes);
    }
    if freeotp_plus::recognises(&look) {
        return freeotp_plus::open(bytes).map(Source::Plain);
    }
    let file: File<'_> = json::parse(bytes)?;
    if let Some(elements) = file.elements {
        return andotp::entries(elements).map(Source::Plain);
    }
    if let Some(uris) = file.items {
        return self::uris(uris).map(Source::Plain);
    }
    if file.version.is_some_and(|version| version > 1) {
        return Err(ImportError::Unsupported { what: "a newer version of a cotp database".to_owned() });
    }
    let base64 = |text: Option<String>, at: &str| {
        let text = text.ok_or_else(|| damaged(at))?;
        BASE64.decode(text.as_bytes()).map_err(|_| damaged(at))
    };
    Ok(Source::Sealed(Box::new(Sealed {
        nonce: base64(file.nonce, "nonce")?.try_into().map_err(|_| damaged("nonce"))?,
        salt: base64(file.salt, "salt")?,
        ciphertext: base64(file.cipher, "cipher")?,
    })))
}

fn uris(uris: Bounded<String>) -> Result<Imported, ImportError> {
    if uris.overflowed {
        return Err(ImportError::TooLarge);
    }
    let mut imported = Imported::default();
    for (idx, uri) in uris.items.into_iter().map(SecretText::new).enumerate() {
        imported.take(idx + 1, otpauth_list::title_of(uri.expose()), account::of_uri(uri.expose()));
    }
    Ok(imported)
}

/// The database.
#[derive(Debug)]
struct Sealed {
    nonce: [u8; 24],
    salt: Vec<u8>,
    ciphertext: Vec<u8>,
}

impl SealedFile for Sealed {
    fn cost(&self) -> String {
        "32 MiB".to_owned()
    }

    fn open(self: Box<Self>, passphrase: &SecretText) -> Result<Imported, ImportError> {
        let (memory_kib, passes, lanes) = COST;
        let argon2 = Argon2::new(memory_kib, passes, lanes)?;
        let key = argon2id(passphrase.expose().as_bytes(), &self.salt, &argon2)?;
        let mut text = SecretBytes::new(self.ciphertext);
        if !xchacha20_poly1305(&key, &self.nonce, &mut text) {
            return Err(ImportError::WrongPassphrase);
        }
        if text.expose().starts_with(b"[") {
            return andotp::entries(json::parse(text.expose())?);
        }
        let file: File<'_> = json::parse(text.expose())?;
        andotp::entries(file.elements.ok_or_else(|| damaged("elements"))?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn elements_and_uris_are_read_and_types_that_are_not_supported_are_named() {
        let elements = r#"{"version":2,"elements":[
            {"secret":"JBSWY3DPEHPK3PXP","issuer":"A","label":"a","digits":6,"type":"TOTP","algorithm":"SHA1","period":30,"counter":null},
            {"secret":"e3152afee62599c8","issuer":"M","label":"m","digits":6,"type":"MOTP","algorithm":"SHA1","period":10}]}"#;
        let uris = r#"{"items":["otpauth://totp/A:a?secret=JBSWY3DPEHPK3PXP&lock=false","otpauth://motp/M:m?secret=e3152afee62599c8"]}"#;
        for text in [elements, uris] {
            let Ok(Source::Plain(imported)) = open(text.as_bytes()) else { panic!("it can be read") };
            assert_eq!((imported.drafts.len(), imported.skipped.len()), (1, 1), "{text}");
            assert_eq!(imported.drafts[0].draft.title(), "A:a");
        }
    }

    #[test]
    fn a_database_needs_its_password_and_a_newer_one_is_refused() {
        let database = r#"{"version":1,"nonce":"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA","salt":"AAAAAAAAAAAAAAAAAAAAAA==","cipher":"AAAA"}"#;
        let Ok(Source::Sealed(sealed)) = open(database.as_bytes()) else { panic!("it is encrypted") };
        assert_eq!(sealed.open(&SecretText::new("x".to_owned())).unwrap_err(), ImportError::WrongPassphrase);
        let newer = database.replace(":1,", ":2,");
        assert!(matches!(open(newer.as_bytes()), Err(ImportError::Unsupported { .. })));
    }
}
