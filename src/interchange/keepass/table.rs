//! KeePassXC's CSV: a row an entry, with the code as an otpauth URI.

use super::codes::{Field, Fields};
use crate::interchange::ImportError;
use crate::interchange::account;
use crate::interchange::outcome::{Imported, Notice};
use crate::interchange::registry::Look;
use crate::interchange::rows::{Column, is_heading, rows};
use crate::secret::SecretText;

pub(super) fn recognises(look: &Look<'_>) -> bool {
    is_heading(look.text, &["group", "title", "username", "totp"])
}

pub(super) fn import(bytes: &[u8]) -> Result<Imported, ImportError> {
    let mut imported = Imported::default();
    let mut n_without = 0;
    rows(bytes, |position, row| {
        let code = row.get(Column("TOTP"));
        if code.is_empty() {
            n_without += 1;
            return;
        }
        let (title, user) = (row.get(Column("Title")), row.get(Column("Username")));
        let fields = Fields {
            title: title.to_owned(),
            user: user.to_owned(),
            note: row.whole(Column("Notes")).to_owned(),
            // The first group is the one around all others.
            group: row.get(Column("Group")).split_once('/').map_or("", |(_, path)| path).to_owned(),
            tags: Vec::new(),
            codes: vec![Field { name: "otp".to_owned(), value: SecretText::new(code.to_owned()) }],
        };
        for judged in fields.judged(&mut imported) {
            imported.take(position, account::title(title, user), judged);
        }
    })?;
    if n_without > 0 {
        imported.notice(Notice::WithoutCodes(n_without));
    }
    Ok(imported)
}
