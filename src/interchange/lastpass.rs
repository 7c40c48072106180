//! `LastPass` Authenticator's export: a JSON object with accounts and folders.

use std::collections::HashMap;
use std::io::Read as _;

use serde::Deserialize;
use serde::de::IgnoredAny;
use serde_json::Value;
use serde_json::value::RawValue;

use super::account::{self, Codes, Kind};
use super::json::{self, Bounded, each, number, take_secret, text};
use super::outcome::Imported;
use super::registry::{Format, Import, Look, Source};
use super::{ImportError, otpauth_list};
use crate::entry::Label;
use crate::secret::{SecretBytes, SecretText};

/// The format.
pub const FORMAT: Format = Format {
    id: "lastpass",
    name: "LastPass Authenticator",
    help: "LastPass Authenticator, Settings, Transfer accounts, Export accounts to file",
    import: Some(Import { recognises, open: |bytes| open(bytes).map(Source::Plain) }),
    export: None,
};

#[derive(Deserialize)]
struct File<'a> {
    #[serde(borrow)]
    accounts: Bounded<&'a RawValue>,
    #[serde(borrow)]
    folders: Option<Bounded<&'a RawValue>>,
}

#[derive(Deserialize)]
struct Top {
    accounts: Bounded<TopAccount>,
}

#[derive(Deserialize)]
struct TopAccount {
    #[serde(rename = "timeStep")]
    period: Option<IgnoredAny>,
    #[serde(rename = "issuerName")]
    issuer: Option<IgnoredAny>,
}

fn recognises(look: &Look<'_>) -> bool {
    look.json_object_with(&["accounts", "timeStep", "issuerName"], |text| {
        let has = |account: &TopAccount| account.period.is_some() && account.issuer.is_some();
        Ok(serde_json::from_slice::<Top>(text).is_ok_and(|top| top.accounts.items.iter().any(has)))
    })
}

/// Reads an export.
///
/// # Errors
///
/// [`ImportError`] when it is damaged or too large.
pub fn open(bytes: &[u8]) -> Result<Imported, ImportError> {
    // The code for another phone is recognised as a line of a list, and is this format where that is named.
    if Look::new(bytes)
        .text
        .get(..TRANSFER.len())
        .is_some_and(|start| start.eq_ignore_ascii_case(TRANSFER.as_bytes()))
    {
        return otpauth_list::import(bytes);
    }
    let file: File<'_> = json::parse(bytes)?;
    let folders = file.folders.unwrap_or_default();
    if folders.overflowed {
        return Err(ImportError::TooLarge);
    }
    // An id is a number on one system and a text on the other.
    let id = |value: Option<&Value>| value.map(|id| id.to_string().trim_matches('"').to_owned());
    let folders: HashMap<String, String> = folders
        .items
        .into_iter()
        .filter_map(json::item)
        .filter_map(|folder| Some((id(folder.get("id"))?, text(&folder, "name").to_owned())))
        .collect();
    let mut imported = Imported::default();
    each(file.accounts, &mut imported, |imported, position, account| {
        let (issuer, user) = (text(account, "issuerName").to_owned(), text(account, "userName").to_owned());
        let algorithm = text(account, "algorithm").to_owned();
        let codes = Codes {
            kind: Kind::Totp,
            algorithm: &algorithm,
            digits: number(account, "digits"),
            period: number(account, "timeStep"),
            ..Codes::USUAL
        };
        let seed = account::base32(take_secret(account, "secret"));
        let mut judged = seed.and_then(|seed| account::draft(&issuer, &user, seed, codes));
        if let Ok((draft, _)) = &mut judged {
            draft.favourite = account.get("isFavorite").and_then(Value::as_bool).unwrap_or(false);
            let folder = account.get("folderData").and_then(|data| id(data.get("folderId")));
            let name = folder.and_then(|id| folders.get(&id)).filter(|name| !name.is_empty());
            draft.tags.extend(name.map(|name| Label::new(name.as_str())));
        }
        imported.take(position, account::title(&issuer, &user), judged);
    })?;
    Ok(imported)
}

/// Scheme and start of the code that the app shows for a transfer to another phone.
const TRANSFER: &str = "lpaauth-migration://offline?data=";
/// Most bytes that either layer of a code unpacks to. A code holds three thousand, and a list of accounts some hundred
/// times that.
const MOST_UNPACKED: u64 = 1 << 20;

#[derive(Deserialize)]
struct Outer {
    content: String,
}

#[derive(Deserialize)]
struct Inner {
    a: Bounded<Value>,
}

/// Tells whether a text is such a code.
pub(super) fn is_transfer(text: &str) -> bool {
    text.trim_start().get(..TRANSFER.len()).is_some_and(|start| start.eq_ignore_ascii_case(TRANSFER))
}

/// Reads the code of a transfer into `imported`: base64 of gzip of JSON, and once more inside. `position` is that of the
/// first account in it.
///
/// # Errors
///
/// Where it is not as the app makes it; nothing was taken then.
pub(super) fn transfer(uri: &str, imported: &mut Imported, position: usize) -> Result<(), ImportError> {
    let broken = || json::damaged("a code of LastPass Authenticator");
    let data = uri.get(TRANSFER.len()..).ok_or_else(broken)?;
    let data = percent_encoding::percent_decode_str(data.trim()).decode_utf8().map_err(|_| broken())?;
    // A plus that somebody has decoded as if the query were a form has become a space; base64 has none.
    let data = SecretText::new(data.trim().replace(' ', "+"));
    let outer: Outer = json::parse(unpacked(data.expose()).ok_or_else(broken)?.expose())?;
    let inner: Inner = json::parse(unpacked(&outer.content).ok_or_else(broken)?.expose())?;
    if inner.a.overflowed {
        return Err(ImportError::TooLarge);
    }
    for (idx, mut account) in inner.a.items.into_iter().enumerate() {
        let (issuer, user) = (text(&account, "iN").to_owned(), text(&account, "uN").to_owned());
        let algorithm = text(&account, "a").to_owned();
        let codes = Codes {
            algorithm: &algorithm,
            digits: number(&account, "d"),
            period: number(&account, "tS"),
            ..Codes::USUAL
        };
        let seed = account::base32(take_secret(&mut account, "s"));
        let judged = seed.and_then(|seed| account::draft(&issuer, &user, seed, codes));
        imported.take(position + idx, account::title(&issuer, &user), judged);
    }
    Ok(())
}

fn unpacked(base64: &str) -> Option<SecretBytes> {
    let packed = json::base64(base64)?;
    let mut content = SecretBytes::with_capacity(packed.len() * 4);
    let reader = flate2::read::GzDecoder::new(packed.expose());
    reader.take(MOST_UNPACKED + 1).read_to_end(content.expose_mut()).ok()?;
    (u64::try_from(content.len()).ok()? <= MOST_UNPACKED).then_some(content)
}

#[cfg(test)]
mod tests {
    use data_encoding::BASE64;

    use super::*;

    #[test]
    fn a_code_of_a_transfer_that_is_not_whole_or_unpacks_too_far_takes_nothing() {
        let bomb = {
            use std::io::Write as _;
            let mut packer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
            packer.write_all(&vec![b' '; 2 << 20]).unwrap();
            BASE64.encode(&packer.finish().unwrap())
        };
        for data in ["", "AAAA", "H4sIAAAAAAAAAwMAAAAAAAAAAAA=", bomb.as_str()] {
            let mut imported = Imported::default();
            assert!(transfer(&format!("{TRANSFER}{data}"), &mut imported, 1).is_err(), "{data}");
            assert!(imported.drafts.is_empty() && imported.skipped.is_empty());
        }
    }

    #[test]
    fn a_code_of_a_transfer_is_read_however_it_was_passed_on() {
        let packed = |text: &str| {
            use std::io::Write as _;
            let mut packer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
            packer.write_all(text.as_bytes()).unwrap();
            BASE64.encode(&packer.finish().unwrap())
        };
        let inner = packed(r#"{"a":[{"a":"SHA1","iN":"A","s":"JBSWY3DPEHPK3PXP","d":6,"uN":"a","tS":30}]}"#);
        let data = packed(&format!(r#"{{"content":"{inner}","version":3}}"#));
        for uri in [
            format!("{TRANSFER}{data}"),
            format!("{TRANSFER}{}", data.trim_end_matches('=').replace('+', " ")),
            format!("LPAauth-Migration://offline?data={}", data.replace('+', "%2B").replace('=', "%3D")),
        ] {
            let mut imported = Imported::default();
            assert!(is_transfer(&uri) && transfer(&uri, &mut imported, 1).is_ok(), "{uri}");
            assert_eq!(imported.drafts[0].draft.title(), "A:a");
        }
    }

    #[test]
    fn folders_become_tags_whether_their_ids_are_numbers_or_texts() {
        let text = r#"{"version":3,"accounts":[
            {"issuerName":"AWS","userName":"root","secret":"JBSWY3DPEHPK3PXP","timeStep":60,"digits":8,"algorithm":"SHA256",
             "isFavorite":true,"folderData":{"folderId":1}},
            {"issuerName":"B","originalIssuerName":"Bb","userName":"b","secret":"JBSWY3DPEHPK3PXP","timeStep":30,"digits":6,
             "folderData":{"folderId":"1"}},
            {"issuerName":"C","userName":"c","secret":"","timeStep":30,"digits":6}],
            "folders":[{"id":1,"name":"Work"}]}"#;
        let imported = open(text.as_bytes()).expect("it can be read");
        let [first, second] = &imported.drafts[..] else { panic!("two entries") };
        assert_eq!((first.draft.tags[0].raw(), second.draft.tags[0].raw()), ("Work", "Work"));
        assert!(first.draft.favourite && second.draft.issuer.raw() == "B");
        assert_eq!(imported.skipped[0].title.raw(), "C:c");
    }
}
