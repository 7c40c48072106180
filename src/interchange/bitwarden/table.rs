//! Bitwarden's CSV, and that of Bitwarden Authenticator, whose rows are longer than their heading and not quoted.

use super::{judge, unescaped};
use crate::entry::Label;
use crate::interchange::ImportError;
use crate::interchange::account;
use crate::interchange::outcome::{Imported, Notice};
use crate::interchange::registry::Look;
use crate::interchange::rows::{Column, Row, is_heading, rows, unquoted_rows};
use crate::secret::SecretText;

pub(super) fn recognises(look: &Look<'_>) -> bool {
    is_heading(look.text, &["type", "name", "login_totp"])
}

pub(super) fn import(bytes: &[u8]) -> Result<Imported, ImportError> {
    // Only a vault of passwords has users.
    if is_heading(Look::new(bytes).text, &["login_username"]) {
        return vault(bytes);
    }
    authenticator(bytes)
}

fn vault(bytes: &[u8]) -> Result<Imported, ImportError> {
    let mut imported = Imported::default();
    let mut n_without = 0;
    rows(bytes, |position, row| {
        let code = row.get(Column("login_totp"));
        if code.is_empty() {
            n_without += 1;
            return;
        }
        let (name, user) = (row.get(Column("name")), row.get(Column("login_username")));
        let mut judged = judge(&SecretText::new(code.to_owned()), name, user);
        if let Ok((draft, _)) = &mut judged {
            row.get(Column("notes")).clone_into(&mut draft.note);
            draft.favourite = row.get(Column("favorite")) == "1";
            let group = [Column("folder"), Column("collections")].map(|column| row.get(column));
            let named = group.into_iter().filter(|name| !name.is_empty());
            draft.tags.extend(named.map(Label::new));
        }
        imported.take(position, account::title(name, user), judged);
    })?;
    if n_without > 0 {
        imported.notice(Notice::WithoutCodes(n_without));
    }
    Ok(imported)
}

/// Nothing is quoted there: a comma in a name moves the columns behind it, and a quotation mark is itself.
fn authenticator(bytes: &[u8]) -> Result<Imported, ImportError> {
    let mut imported = Imported::default();
    let mut n_without = 0;
    unquoted_rows(bytes, |position, row| {
        let (name, code) = name_and_code(row);
        if code.is_empty() {
            n_without += 1;
            return;
        }
        let judged = judge(&unescaped(&SecretText::new(code)), &name, "");
        imported.take(position, Label::new(name), judged);
    })?;
    if n_without > 0 {
        imported.notice(Notice::WithoutCodes(n_without));
    }
    Ok(imported)
}

/// The name and the code of a row: the code is the field that is a URI, wherever it has been moved to, and what stands
/// before it is the name and an address that is always empty.
fn name_and_code(row: &Row<'_>) -> (String, String) {
    const BEFORE_NAME: usize = 3;
    let is_code = |field: &&str| {
        let schemes = ["otpauth://", "steam://"];
        schemes
            .iter()
            .any(|scheme| field.get(..scheme.len()).is_some_and(|start| start.eq_ignore_ascii_case(scheme)))
    };
    let fields = row.fields();
    let Some(place) = fields.iter().position(is_code) else {
        return (row.get(Column("name")).to_owned(), row.get(Column("login_totp")).to_owned());
    };
    let name = fields.get(BEFORE_NAME..place.saturating_sub(1)).unwrap_or_default().join(", ");
    (name, fields.get(place).copied().unwrap_or_default().to_owned())
}
