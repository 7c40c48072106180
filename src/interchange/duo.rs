//! Duo Mobile's `accounts.json`, from a phone whose files can be read. Most of its accounts are for pushes and have no code.

use serde_json::Value;
use serde_json::value::RawValue;

use super::ImportError;
use super::account::{self, Codes, Kind, Number};
use super::json::{self, Bounded, each, number, take_secret, text};
use super::outcome::{Imported, Notice, SkippedReason};
use super::registry::{Format, Import, Look, Source};

/// The format.
pub const FORMAT: Format = Format {
    id: "duo",
    name: "Duo Mobile",
    help: "Duo Mobile has no export; accounts.json from a phone whose files can be read",
    import: Some(Import { recognises, open: |bytes| open(bytes).map(Source::Plain) }),
    export: None,
};

fn recognises(look: &Look<'_>) -> bool {
    (look.json_list_whose_items_have(&["otpGenerator"]) || look.json_list_whose_items_have(&["accountType"]))
        && !look.json_list_whose_items_have(&["encryptedSecret"])
}

/// Reads the list.
///
/// # Errors
///
/// [`ImportError`] when it is damaged or too large.
pub fn open(bytes: &[u8]) -> Result<Imported, ImportError> {
    let list: Bounded<&RawValue> = json::parse(bytes)?;
    let mut imported = Imported::default();
    let mut n_without = 0;
    each(list, &mut imported, |imported, position, account| {
        let is_of_codes = match text(account, "accountType") {
            "" => json::has(account, "otpGenerator"),
            kind => kind == "OtpAccount",
        };
        if !is_of_codes {
            n_without += 1;
            return;
        }
        let name = text(account, "name").to_owned();
        let generator = account.get_mut("otpGenerator").map_or(Value::Null, Value::take);
        imported.take(position, account::title("", &name), judge(generator, &name));
    })?;
    if n_without > 0 {
        imported.notice(Notice::WithoutCodes(n_without));
    }
    Ok(imported)
}

fn judge(mut generator: Value, name: &str) -> account::Judged {
    if generator.is_null() {
        return Err(SkippedReason::Field("otpGenerator"));
    }
    let seed = account::base32(take_secret(&mut generator, "otpSecret"))?;
    let counter = number(&generator, "counter");
    let kind = if counter == Number::Missing { Kind::Totp } else { Kind::Hotp };
    account::draft("", name, seed, Codes { kind, counter, ..Codes::USUAL })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_account_of_unsaid_type_with_a_generator_is_one_of_codes() {
        let text = r#"[{"name":"a","otpGenerator":{"otpSecret":"JBSWY3DPEHPK3PXP"}},{"name":"b"}]"#;
        assert!(recognises(&Look::new(text.as_bytes())));
        let imported = open(text.as_bytes()).expect("it can be read");
        assert_eq!((imported.drafts.len(), &imported.notices[..]), (1, &[Notice::WithoutCodes(1)][..]));
    }

    #[test]
    fn a_counter_makes_it_a_counting_one_and_accounts_for_pushes_stay_there() {
        let text = r#"[{"accountType":"OtpAccount","name":"a","otpGenerator":{"otpSecret":"JBSWY3DPEHPK3PXP"}},
            {"accountType":"OtpAccount","name":"b","otpGenerator":{"otpSecret":"JBSWY3DPEHPK3PXP","counter":3}},
            {"accountType":"DuoAccount","name":"c"}, {"accountType":"OtpAccount","name":"d"}]"#;
        let imported = open(text.as_bytes()).expect("it can be read");
        let counters: Vec<Option<u64>> = imported.drafts.iter().map(|one| one.draft.otp.counter()).collect();
        assert_eq!(counters, [None, Some(3)]);
        assert_eq!((imported.skipped.len(), &imported.notices[..]), (1, &[Notice::WithoutCodes(1)][..]));
    }
}
