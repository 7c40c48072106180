//! Stratum's own database, from a phone whose files can be read. Its rows are the accounts of a backup.

use serde_json::{Value, json};

use super::accounts;
use crate::interchange::ImportError;
use crate::interchange::account::Number;
use crate::interchange::json::damaged;
use crate::interchange::outcome::{Imported, Notice};
use crate::interchange::registry::Look;
use crate::interchange::sqlite::{self, Database, Row};
use crate::secret::SecretBytes;

const TABLE: &str = "authenticator";

pub(super) fn recognises(look: &Look<'_>) -> bool {
    look.bytes.starts_with(sqlite::MAGIC)
        && Database::parse(look.bytes).is_ok_and(|file| file.has(TABLE, &["type", "issuer", "secret"]))
}

pub(super) fn open(bytes: &[u8]) -> Result<Imported, ImportError> {
    let database = Database::parse(bytes)?;
    let (mut authenticators, mut categories, mut members) = (Vec::new(), Vec::new(), Vec::new());
    database.rows(TABLE, |_, row| authenticators.push(account(row)))?;
    // Old versions had no categories.
    if database.has("category", &["id", "name"]) && database.has("authenticatorcategory", &["categoryId"]) {
        database.rows("category", |_, row| {
            categories.push(json!({ "Id": row.text("id"), "Name": row.text("name") }));
        })?;
        database.rows("authenticatorcategory", |_, row| {
            let (category, secret) = (row.text("categoryId"), row.text("authenticatorSecret"));
            members.push(json!({ "CategoryId": category, "AuthenticatorSecret": secret }));
        })?;
    }
    let backup = json!({
        "Authenticators": authenticators,
        "Categories": categories,
        "AuthenticatorCategories": members,
    });
    let backup = serde_json::to_vec(&backup).map(SecretBytes::new).map_err(|_| damaged("the accounts"))?;
    let mut imported = accounts(backup.expose())?;
    if database.has_log() {
        imported.notice(Notice::LogOfDatabase);
    }
    Ok(imported)
}

fn account(row: &Row<'_>) -> Value {
    let number = |column: &str| match row.number(column) {
        Number::Is(number) => number.into(),
        Number::Missing => Value::Null,
        Number::Bad => false.into(),
    };
    let icon = row.text("icon");
    json!({
        "Type": number("type"),
        "Icon": if icon.is_empty() { Value::Null } else { icon.into() },
        "Issuer": row.text("issuer"),
        "Username": row.text("username"),
        "Secret": row.text("secret"),
        "Algorithm": number("algorithm"),
        "Digits": number("digits"),
        "Period": number("period"),
        "Counter": number("counter"),
    })
}
