//! totp-cli's credentials (`~/.config/totp-cli/credentials`: an armored age file, before that AES-CBC in base64) and
//! what `totp-cli dump` prints.

mod dump;
mod sealed;

use serde_json::{Map, Value};

use super::account::{self, Codes, Judged, Kind, Number};
use super::json::{self, damaged, number, take_secret, text};
use super::outcome::{Imported, MOST_ENTRIES, Notice};
use super::registry::{Format, Import, Look, Source};
use super::{ImportError, age};

pub(super) use sealed::Old;

/// The format.
pub const FORMAT: Format = Format {
    id: "totp-cli",
    name: "totp-cli",
    help: "totp-cli: ~/.config/totp-cli/credentials with its password, or what `totp-cli dump` prints",
    import: Some(Import { recognises, open }),
    export: None,
};

fn recognises(look: &Look<'_>) -> bool {
    look.text.starts_with(age::ARMOR)
        || look.bytes.starts_with(age::MAGIC)
        || dump::recognises(look.text)
        || look.json_list_whose_items_have(&["name", "accounts"])
        || look.json_list_whose_items_have(&["Name", "Accounts"])
}

/// Reads a file as far as it goes without a password.
///
/// # Errors
///
/// [`ImportError`] when it is damaged or too large.
pub fn open(bytes: &[u8]) -> Result<Source, ImportError> {
    let look = Look::new(bytes);
    if look.text.starts_with(age::ARMOR) || bytes.starts_with(age::MAGIC) {
        return age::Sealed::parse(bytes).map(|file| Source::Sealed(Box::new(sealed::New(file))));
    }
    if look.text.starts_with(b"[") {
        return namespaces(json::parse(bytes)?).map(Source::Plain);
    }
    if let Some(old) = Old::parse(look.text) {
        return Ok(Source::Sealed(Box::new(old)));
    }
    namespaces(dump::parse(bytes)?).map(Source::Plain)
}

/// Takes the accounts of a list of namespaces, or of the older object of namespaces, whose accounts are names with
/// secrets.
fn namespaces(file: Value) -> Result<Imported, ImportError> {
    let mut imported = Imported::default();
    match file {
        Value::Array(namespaces) => {
            for namespace in namespaces {
                let mut namespace = with_lower_keys(namespace);
                let issuer = text(&namespace, "name").to_owned();
                match namespace.get_mut("accounts").map(Value::take) {
                    Some(Value::Array(accounts)) => {
                        accounts.into_iter().try_for_each(|one| take(&mut imported, &issuer, one))?;
                    }
                    None | Some(Value::Null) => {}
                    Some(_) => return Err(damaged("accounts")),
                }
            }
        }
        Value::Object(namespaces) => {
            for (issuer, accounts) in namespaces {
                let Value::Object(accounts) = accounts else { return Err(damaged("the list of accounts")) };
                for (name, token) in accounts {
                    let account =
                        Map::from_iter([("name".to_owned(), name.into()), ("token".to_owned(), token)]);
                    take(&mut imported, &issuer, Value::Object(account))?;
                }
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {
            return Err(damaged("the list of namespaces"));
        }
    }
    Ok(imported)
}

fn take(imported: &mut Imported, issuer: &str, account: Value) -> Result<(), ImportError> {
    let position = imported.drafts.len() + imported.skipped.len() + 1;
    if position > MOST_ENTRIES {
        return Err(ImportError::TooLarge);
    }
    let mut account = with_lower_keys(account);
    let name = text(&account, "name").to_owned();
    let mut judged = judge(&mut account, issuer, &name);
    // It may be a person's own PIN: it is kept, and what it is for is said.
    let prefix = text(&account, "prefix");
    if let (Ok((draft, _)), false) = (&mut judged, prefix.is_empty()) {
        draft.note = format!("type before the code: {prefix}");
        imported.notice(Notice::Prefixes);
    }
    imported.take(position, account::title(issuer, &name), judged);
    Ok(())
}

fn judge(account: &mut Value, issuer: &str, name: &str) -> Judged {
    let seed = account::base32(take_secret(account, "token"))?;
    // The program writes zero for what nobody has chosen.
    let chosen = |number| if number == Number::Is(0) { Number::Missing } else { number };
    let codes = Codes {
        kind: Kind::Totp,
        algorithm: text(account, "algorithm"),
        digits: chosen(number(account, "length")),
        period: chosen(number(account, "timeperiod")),
        counter: Number::Missing,
    };
    account::draft(issuer, name, seed, codes)
}

/// Old versions wrote the keys as they are called in the program.
fn with_lower_keys(value: Value) -> Value {
    let Value::Object(object) = value else { return value };
    Value::Object(object.into_iter().map(|(key, value)| (key.to_ascii_lowercase(), value)).collect())
}

#[cfg(test)]
mod tests;
