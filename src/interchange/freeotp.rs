//! `FreeOTP`'s files: the preferences of version 1 (which `FreeOTP+` has too) and the backup of version 2.

mod backup;
mod java;

use serde_json::Value;

use super::ImportError;
use super::account;
use super::freeotp_plus::{judge, names};
use super::otpauth_list;
use super::outcome::{Imported, MOST_ENTRIES};
use super::prefs::{self, Prefs};
use super::registry::{Format, Import, Look, Source};

/// The format.
pub const FORMAT: Format = Format {
    id: "freeotp",
    name: "FreeOTP",
    help: "FreeOTP 2, menu, Backup: externalBackup.xml; or the preferences of FreeOTP 1 (tokens.xml)",
    import: Some(Import { recognises, open }),
    export: None,
};

/// The name under which version 1 keeps the order of its tokens, which is none of them.
const ORDER: &str = "tokenOrder";

/// What stands in a token and in no other app's preferences, for files that have no order.
const TOKEN: [&str; 2] = ["issuerExt", "issuerInt"];

fn recognises(look: &Look<'_>) -> bool {
    look.bytes.starts_with(&java::MAGIC)
        || prefs::has(look.text, ORDER)
        || TOKEN.iter().any(|word| prefs::holds(look.text, word))
}

/// Reads a file as far as it goes without a password.
///
/// # Errors
///
/// [`ImportError`] when it is damaged or too large.
pub fn open(bytes: &[u8]) -> Result<Source, ImportError> {
    if bytes.starts_with(&java::MAGIC) {
        return backup::Sealed::parse(bytes).map(|sealed| Source::Sealed(Box::new(sealed)));
    }
    preferences(&Prefs::parse(Look::new(bytes).text)?).map(Source::Plain)
}

fn preferences(prefs: &Prefs) -> Result<Imported, ImportError> {
    let mut imported = Imported::default();
    for (idx, (_, text)) in prefs.iter().filter(|(name, _)| *name != ORDER).enumerate() {
        if idx >= MOST_ENTRIES {
            return Err(ImportError::TooLarge);
        }
        let position = idx + 1;
        let text = text.expose().trim();
        // The oldest versions kept URIs.
        if text.starts_with("otpauth://") {
            imported.take(position, otpauth_list::title_of(text), account::of_uri(text));
            continue;
        }
        match serde_json::from_str::<Value>(text) {
            Ok(token) => {
                let (issuer, name) = names(&token);
                imported.take(position, account::title(&issuer, &name), judge(&token, &issuer, &name));
            }
            Err(_) => imported.unreadable(position),
        }
    }
    Ok(imported)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_of_the_first_version_are_read_as_json_or_as_a_uri() {
        let text = r#"<?xml version='1.0' encoding='utf-8'?>
            <map><string name="A:a">{"algo":"SHA1","counter":4,"digits":6,"issuerExt":"A","label":"a","secret":[1,-2,3,4,5,6,7,8,9,10],"type":"HOTP"}</string>
            <string name="old">otpauth://totp/B:b?secret=JBSWY3DPEHPK3PXP</string>
            <string name="bad">{</string><string name="tokenOrder">["A:a"]</string></map>"#;
        let Ok(Source::Plain(imported)) = open(text.as_bytes()) else { panic!("it can be read") };
        let [first, second] = &imported.drafts[..] else { panic!("two entries") };
        assert_eq!((first.draft.title(), first.draft.otp.counter()), ("A:a".to_owned(), Some(5)));
        assert_eq!(second.draft.title(), "B:b");
        assert_eq!(imported.skipped.len(), 1);
    }

    #[test]
    fn tokens_without_an_order_are_recognised_by_what_stands_in_them() {
        let text = br#"<map><string name="A:a">{&quot;issuerExt&quot;:&quot;A&quot;,&quot;label&quot;:&quot;a&quot;}</string></map>"#;
        assert!(recognises(&Look::new(text)));
        assert!(!recognises(&Look::new(br#"<map><string name="A:a">{}</string></map>"#)));
        assert!(!recognises(&Look::new(b"<html>issuerExt</html>")));
    }

    #[test]
    fn xml_that_is_cut_off_is_damaged_at_a_place() {
        let text = br#"<map><string name="tokenOrder">["#;
        assert!(recognises(&Look::new(text)));
        let error = open(text).unwrap_err();
        assert!(error.to_string().contains("line 1"), "{error}");
    }
}
