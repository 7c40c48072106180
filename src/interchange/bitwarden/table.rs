//! Bitwarden's CSV, and that of Bitwarden Authenticator, whose rows are longer than their heading and not quoted.

use super::judge;
use crate::entry::Label;
use crate::interchange::ImportError;
use crate::interchange::account;
use crate::interchange::outcome::{Imported, Notice};
use crate::interchange::registry::Look;
use crate::interchange::rows::{Column, is_heading, rows};
use crate::secret::SecretText;

pub(super) fn recognises(look: &Look<'_>) -> bool {
    is_heading(look.text, &["type", "name", "login_totp"])
}

pub(super) fn import(bytes: &[u8]) -> Result<Imported, ImportError> {
    let mut imported = Imported::default();
    let mut n_without = 0;
    rows(bytes, |position, row| {
        let code = match row.get(Column("login_totp")) {
            "" => shifted(row.fields().into_iter()),
            code => code,
        };
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

/// The field that is a URI, where a comma in a name that is not quoted has moved it.
fn shifted<'a>(mut fields: impl Iterator<Item = &'a str>) -> &'a str {
    let is_code = |field: &&str| field.starts_with("otpauth://") || field.starts_with("steam://");
    fields.find(is_code).unwrap_or_default()
}
