//! Raivo OTP's export: an archive with a JSON list in which every value is a text.

use serde_json::Value;
use serde_json::value::RawValue;

use super::account::{self, Codes, Judged, Kind};
use super::json::{self, Bounded, each, number, take_secret, text};
use super::outcome::{Imported, Notice};
use super::registry::{Format, Import, Look, Source};
use super::{ImportError, archive};

/// The format.
pub const FORMAT: Format = Format {
    id: "raivo",
    name: "Raivo OTP",
    help: "Raivo OTP, Settings, Export: the zip archive, with the master password, or the JSON file in it",
    import: Some(Import { recognises, open: source }),
    export: None,
};

const CONTENT: &str = "raivo-otp-export.json";

fn recognises(look: &Look<'_>) -> bool {
    archive::has(look.bytes, CONTENT) || look.json_list_whose_items_have(&["kind", "timer"])
}

fn source(bytes: &[u8]) -> Result<Source, ImportError> {
    if !bytes.starts_with(archive::MAGIC) {
        return open(bytes).map(Source::Plain);
    }
    if archive::is_encrypted(bytes, CONTENT) {
        let sealed = archive::Sealed { bytes: bytes.to_vec(), end: CONTENT, content: open };
        return Ok(Source::Sealed(Box::new(sealed)));
    }
    open(archive::read(bytes, CONTENT, None)?.expose()).map(Source::Plain)
}

/// Reads the list, once it is unpacked.
///
/// # Errors
///
/// [`ImportError`] when it is damaged or too large.
pub fn open(bytes: &[u8]) -> Result<Imported, ImportError> {
    let list: Bounded<&RawValue> = json::parse(bytes)?;
    let mut imported = Imported::default();
    each(list, &mut imported, |imported, position, entry| {
        if !text(entry, "iconValue").is_empty() {
            imported.notice(Notice::Icons);
        }
        let (issuer, account) = (text(entry, "issuer").to_owned(), text(entry, "account").to_owned());
        let mut judged = judge(entry, &issuer, &account);
        if let Ok((draft, _)) = &mut judged {
            draft.favourite = text(entry, "pinned") == "true";
        }
        imported.take(position, account::title(&issuer, &account), judged);
    })?;
    Ok(imported)
}

fn judge(entry: &mut Value, issuer: &str, account: &str) -> Judged {
    let kind = Kind::named(text(entry, "kind"))?;
    let seed = account::base32(take_secret(entry, "secret"))?;
    let codes = Codes {
        kind,
        algorithm: text(entry, "algorithm"),
        digits: number(entry, "digits"),
        period: number(entry, "timer"),
        counter: number(entry, "counter"),
    };
    account::draft(issuer, account, seed, codes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_that_are_texts_are_read_and_others_are_named() {
        let text = r#"[{"issuer":"A","account":"a","secret":"JBSWY3DPEHPK3PXP","algorithm":"SHA256","digits":"8","kind":"TOTP",
                "timer":"60","pinned":"true","counter":"0"},
            {"issuer":"B","account":"b","secret":"JBSWY3DPEHPK3PXP","digits":"6","kind":"HOTP","timer":"30","counter":"7"},
            {"issuer":"C","account":"c","secret":"JBSWY3DPEHPK3PXP","digits":"six","kind":"TOTP","timer":"30"},
            {"issuer":"D","account":"d","secret":"JBSWY3DPEHPK3PXP","digits":"6","kind":"PUSH","timer":"30"}]"#;
        let imported = open(text.as_bytes()).expect("it can be read");
        let [first, second] = &imported.drafts[..] else { panic!("two entries") };
        assert!(first.draft.favourite && first.draft.otp.digits() == 8);
        assert_eq!(second.draft.otp.counter(), Some(7));
        assert_eq!(imported.skipped.len(), 2);
    }
}
