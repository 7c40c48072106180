//! `FreeOTP+`'s JSON backup (its `ImportExportUtil.kt` and `Token.java`).
//!
//! Only tokens that `tokenOrder` names are imported by the app itself; here all of them are.

mod export;

use serde::Deserialize;
use serde_json::Value;
use serde_json::value::RawValue;

use super::ImportError;
use super::account::{self, Codes, Judged, Kind, Number};
use super::json::{self, Bounded, each, has, number, signed_bytes, text};
use super::outcome::{Imported, Notice, SkippedReason};
use super::registry::{Export, Format, Import, Look, Source, Trait};

/// The format.
pub const FORMAT: Format = Format {
    id: "freeotp-plus",
    name: "FreeOTP+",
    help: "FreeOTP+, menu, Export JSON",
    import: Some(Import { recognises, open: |bytes| open(bytes).map(Source::Plain) }),
    export: Some(Export {
        ending: "json",
        encrypts: false,
        keeps: &[Trait::DigitsOfSteam],
        changes: &[],
        refuses: export::refuses,
        write: |entries, _, _| export::export(entries),
    }),
};

#[derive(Deserialize)]
struct File<'a> {
    #[serde(borrow)]
    tokens: Bounded<&'a RawValue>,
}

#[derive(Deserialize)]
struct Top {
    tokens: Option<serde::de::IgnoredAny>,
    #[serde(rename = "tokenOrder")]
    order: Option<serde::de::IgnoredAny>,
}

pub(super) fn recognises(look: &Look<'_>) -> bool {
    look.json_object_with(&["tokens", "tokenOrder"], |text| {
        serde_json::from_slice::<Top>(text).map(|top| top.tokens.is_some() && top.order.is_some())
    })
}

/// Reads a backup.
///
/// # Errors
///
/// [`ImportError`] when it is damaged or too large.
pub fn open(bytes: &[u8]) -> Result<Imported, ImportError> {
    let file: File<'_> = json::parse(bytes)?;
    let mut imported = Imported::default();
    each(file.tokens, &mut imported, |imported, position, token| {
        if has(token, "image") || has(token, "imageAlt") {
            imported.notice(Notice::Icons);
        }
        let (issuer, name) = names(token);
        let judged = judge(token, &issuer, &name);
        imported.take(position, account::title(&issuer, &name), judged);
    })?;
    Ok(imported)
}

/// What a person has changed goes before what the service said.
pub(super) fn names(token: &Value) -> (String, String) {
    let first = |names: &[&str]| {
        let mut texts = names.iter().map(|name| text(token, name));
        texts.find(|text| !text.is_empty()).unwrap_or_default().to_owned()
    };
    (first(&["issuerAlt", "issuerExt", "issuerInt"]), first(&["labelAlt", "label"]))
}

/// Judges a token of `FreeOTP+` or of version 1 of `FreeOTP`, which write it alike.
pub(super) fn judge(token: &Value, issuer: &str, name: &str) -> Judged {
    let seed = account::bytes(signed_bytes(token, "secret").ok_or(SkippedReason::Field("the secret"))?)?;
    let mut codes = codes(token)?;
    // The app keeps the counter of the code that it showed last: -1 where it has shown none.
    if codes.kind == Kind::Hotp {
        codes.counter = match codes.counter {
            Number::Bad if token.get("counter").and_then(Value::as_i64) == Some(-1) => Number::Is(0),
            Number::Is(counter) => counter.checked_add(1).map_or(Number::Bad, Number::Is),
            as_it_is @ (Number::Missing | Number::Bad) => as_it_is,
        };
    }
    account::draft(issuer, name, seed, codes)
}

/// How a token makes its codes. Steam's are known by the issuer that the service gave, whatever the person calls it.
pub(super) fn codes(token: &Value) -> Result<Codes<'_>, SkippedReason> {
    let issuer = [text(token, "issuerExt"), text(token, "issuerInt")].into_iter().find(|one| !one.is_empty());
    let kind = match Kind::named(text(token, "type"))? {
        Kind::Totp if issuer == Some("Steam") => Kind::Steam,
        kind @ (Kind::Totp | Kind::Hotp | Kind::Steam) => kind,
    };
    Ok(Codes {
        kind,
        algorithm: text(token, "algo"),
        digits: number(token, "digits"),
        period: number(token, "period"),
        counter: number(token, "counter"),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const KEY: &str = "[72,101,108,108,111,33,-34,-83,-66,-17]";

    fn read(tokens: &str) -> Imported {
        open(format!(r#"{{"tokenOrder":[],"tokens":[{tokens}]}}"#).as_bytes()).expect("it can be read")
    }

    #[test]
    fn the_bytes_are_signed_and_a_counter_is_the_one_that_was_used_last() {
        let imported = read(&format!(
            r#"{{"algo":"SHA256","counter":4,"digits":8,"issuerExt":"A","issuerInt":"B","label":"l","period":30,
                "secret":{KEY},"type":"HOTP"}}"#
        ));
        let draft = &imported.drafts[0].draft;
        assert_eq!(draft.seed.bytes().expose(), b"Hello!\xde\xad\xbe\xef");
        assert_eq!((draft.issuer.raw(), draft.account.raw(), draft.otp.counter()), ("A", "l", Some(5)));
    }

    #[test]
    fn a_counter_that_nothing_was_shown_of_is_one_below_zero() {
        let imported = read(&format!(
            r#"{{"label":"a","secret":{KEY},"type":"HOTP","counter":-1}}, {{"label":"b","secret":{KEY},"type":"HOTP","counter":-2}}"#
        ));
        assert_eq!(imported.drafts[0].draft.otp.counter(), Some(0));
        assert_eq!(imported.skipped[0].reason, SkippedReason::Field("the counter"));
    }

    #[test]
    fn steams_codes_are_known_by_the_issuer_that_the_service_gave() {
        let imported = read(&format!(
            r#"{{"issuerExt":"Steam","issuerAlt":"Valve","label":"a","secret":{KEY},"type":"TOTP"}},
               {{"issuerExt":"Shop","issuerAlt":"Steam","label":"b","secret":{KEY},"type":"TOTP"}},
               {{"issuerInt":"Steam","label":"c","secret":{KEY},"type":"TOTP"}}"#
        ));
        let kinds: Vec<&str> = imported.drafts.iter().map(|one| one.draft.otp.type_name()).collect();
        assert_eq!(kinds, ["steam", "totp", "steam"]);
        assert_eq!(imported.drafts[0].draft.issuer.raw(), "Valve");
    }

    #[test]
    fn missing_fields_have_their_usual_values_and_bad_ones_are_named() {
        let imported = read(&format!(
            r#"{{"label":"l","secret":{KEY},"type":"TOTP"}}, {{"label":"empty","secret":[],"type":"TOTP"}},
               {{"label":"big","secret":[300],"type":"TOTP"}}, {{"label":"text","secret":"x","type":"TOTP"}},
               {{"label":"end","secret":{KEY},"type":"HOTP","counter":18446744073709551615}}, []"#
        ));
        assert_eq!(imported.drafts.len(), 1);
        assert_eq!(imported.skipped.len(), 5, "{:?}", imported.skipped);
    }
}
