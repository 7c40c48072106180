//! Stratum's backup (Authenticator Pro before), plain and encrypted in both of its ways (its `doc/BACKUP_FORMAT.md`).

mod database;
mod export;
mod sealed;

use std::collections::HashMap;

use serde::Deserialize;
use serde_json::Value;
use serde_json::value::RawValue;

use super::ImportError;
use super::account::{self, Codes, Judged, Kind, Number};
use super::json::{self, Bounded, each, has, number, take_secret, text};
use super::outcome::{Imported, Notice, SkippedReason};
use super::registry::{Change, Export, Format, Import, Look, Source, Trait};
use super::sqlite;
use crate::entry::Label;

/// The format.
pub const FORMAT: Format = Format {
    id: "stratum",
    name: "Stratum",
    help: "Stratum (Authenticator Pro), Settings, Backup: the backup file, with or without a password",
    import: Some(Import { recognises, open }),
    export: Some(Export {
        ending: "stratum",
        encrypts: true,
        keeps: &[Trait::Tags, Trait::FurtherTags, Trait::DigitsOfSteam],
        changes: &[
            Change::IssuerFromAccount,
            Change::CutsNames { issuer: export::LONGEST_ISSUER, account: export::LONGEST_ACCOUNT },
        ],
        refuses: export::refuses,
        write: export::export,
    }),
};

#[derive(Deserialize)]
struct File<'a> {
    #[serde(borrow, rename = "Authenticators")]
    accounts: Bounded<&'a RawValue>,
    #[serde(rename = "Categories")]
    categories: Option<Bounded<Value>>,
    #[serde(rename = "AuthenticatorCategories")]
    members: Option<Bounded<Value>>,
}

#[derive(Deserialize)]
struct Top {
    #[serde(rename = "Authenticators")]
    accounts: Option<serde::de::IgnoredAny>,
}

fn recognises(look: &Look<'_>) -> bool {
    sealed::Form::of(look.bytes).is_some()
        || database::recognises(look)
        || look.json_object_with(&["Authenticators"], |text| {
            serde_json::from_slice::<Top>(text).map(|top| top.accounts.is_some())
        })
}

/// Reads a file as far as it goes without a password.
///
/// # Errors
///
/// [`ImportError`] when it is damaged or too large.
pub fn open(bytes: &[u8]) -> Result<Source, ImportError> {
    match sealed::Form::of(bytes) {
        Some(form) => sealed::Sealed::parse(form, bytes).map(|sealed| Source::Sealed(Box::new(sealed))),
        None if bytes.starts_with(sqlite::MAGIC) => database::open(bytes).map(Source::Plain),
        None => accounts(bytes).map(Source::Plain),
    }
}

fn accounts(bytes: &[u8]) -> Result<Imported, ImportError> {
    let file: File<'_> = json::parse(bytes)?;
    let (categories, members) = (file.categories.unwrap_or_default(), file.members.unwrap_or_default());
    if categories.overflowed || members.overflowed {
        return Err(ImportError::TooLarge);
    }
    let names: HashMap<&str, &str> =
        categories.items.iter().map(|one| (text(one, "Id"), text(one, "Name"))).collect();
    // A category names its accounts by their secrets.
    let mut tags: HashMap<&str, Vec<&str>> = HashMap::new();
    for member in &members.items {
        if let Some(name) = names.get(text(member, "CategoryId")) {
            tags.entry(text(member, "AuthenticatorSecret")).or_default().push(name);
        }
    }
    let mut imported = Imported::default();
    each(file.accounts, &mut imported, |imported, position, account| {
        if has(account, "Icon") {
            imported.notice(Notice::Icons);
        }
        let (issuer, user) = (text(account, "Issuer").to_owned(), text(account, "Username").to_owned());
        let tags = tags.get(text(account, "Secret")).cloned().unwrap_or_default();
        let mut judged = judge(account, &issuer, &user);
        if let Ok((draft, _)) = &mut judged {
            draft.tags.extend(tags.into_iter().map(Label::new));
        }
        imported.take(position, account::title(&issuer, &user), judged);
    })?;
    Ok(imported)
}

fn judge(account: &mut Value, issuer: &str, user: &str) -> Judged {
    let kind = match number(account, "Type") {
        Number::Is(1) => Kind::Hotp,
        Number::Is(2) => Kind::Totp,
        Number::Is(3) => return Err(SkippedReason::UnknownType(Label::new("mOTP"))),
        Number::Is(4) => Kind::Steam,
        Number::Is(5) => return Err(SkippedReason::UnknownType(Label::new("Yandex"))),
        Number::Is(other) => return Err(SkippedReason::UnknownType(Label::new(other.to_string()))),
        Number::Missing | Number::Bad => return Err(SkippedReason::Field("Type")),
    };
    let seed = account::base32(take_secret(account, "Secret"))?;
    let algorithm = match number(account, "Algorithm") {
        // What stands there for Steam means nothing.
        _ if kind == Kind::Steam => "SHA1",
        Number::Missing | Number::Is(0) => "SHA1",
        Number::Is(1) => "SHA256",
        Number::Is(2) => "SHA512",
        Number::Is(_) | Number::Bad => return Err(SkippedReason::Field("Algorithm")),
    };
    let codes = Codes {
        kind,
        algorithm,
        digits: number(account, "Digits"),
        period: number(account, "Period"),
        counter: number(account, "Counter"),
    };
    account::draft(issuer, user, seed, codes)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::secret::SecretText;

    #[test]
    fn categories_become_tags_by_the_secrets_that_they_name() {
        let text = r#"{"Authenticators":[
            {"Type":2,"Issuer":"AWS","Username":null,"Secret":"JBSWY3DPEHPK3PXP","Algorithm":2,"Digits":8,"Period":60},
            {"Type":3,"Issuer":"M","Secret":"abc"},{"Type":9,"Issuer":"N","Secret":"JBSWY3DPEHPK3PXP"},
            {"Issuer":"O","Secret":"JBSWY3DPEHPK3PXP"},{"Type":2,"Issuer":"P","Secret":"JBSWY3DPEHPK3PXP","Algorithm":7}],
            "Categories":[{"Id":"c1","Name":"Work"}],
            "AuthenticatorCategories":[{"CategoryId":"c1","AuthenticatorSecret":"JBSWY3DPEHPK3PXP"}]}"#;
        let imported = accounts(text.as_bytes()).expect("it can be read");
        let draft = &imported.drafts[0].draft;
        assert_eq!((draft.tags[0].raw(), draft.otp.digits(), draft.account.raw()), ("Work", 8, ""));
        assert_eq!((imported.drafts.len(), imported.skipped.len()), (1, 4));
    }

    #[test]
    fn what_stands_beside_steams_seed_means_nothing() {
        let text = r#"{"Authenticators":[{"Type":4,"Issuer":"Steam","Secret":"JBSWY3DPEHPK3PXP","Algorithm":9,"Digits":0}]}"#;
        let imported = accounts(text.as_bytes()).expect("it can be read");
        assert_eq!(imported.drafts[0].draft.otp, crate::otp::Otp::Steam);
    }

    #[test]
    fn an_encrypted_file_that_is_cut_off_is_damaged_and_a_wrong_password_is_called_one() {
        for magic in ["AUTHENTICATORPRO", "AuthenticatorPro"] {
            assert!(matches!(open(magic.as_bytes()), Err(ImportError::Damaged { .. })), "{magic}");
        }
        let mut legacy = b"AuthenticatorPro".to_vec();
        legacy.extend([0x33; 20 + 16 + 64]);
        let Ok(Source::Sealed(sealed)) = open(&legacy) else { panic!("it is encrypted") };
        let error = sealed.open(&SecretText::new("x".to_owned())).unwrap_err();
        assert_eq!(error, ImportError::WrongPassphrase);
    }
}
