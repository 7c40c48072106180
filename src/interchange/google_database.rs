//! Google Authenticator's own database, from a phone whose files can be read.

use super::ImportError;
use super::account::{self, Codes, Judged, Kind, Number};
use super::outcome::{Imported, Notice, SkippedReason};
use super::registry::Look;
use super::sqlite::{self, Database, Row};
use crate::entry::Label;

const TABLE: &str = "accounts";

/// Tells whether a file is such a database.
pub(super) fn recognises(look: &Look<'_>) -> bool {
    look.bytes.starts_with(sqlite::MAGIC)
        && Database::parse(look.bytes).is_ok_and(|file| file.has(TABLE, &["email", "secret", "type"]))
}

/// Reads a database.
///
/// # Errors
///
/// [`ImportError`] when it is damaged or too large.
pub(super) fn open(bytes: &[u8]) -> Result<Imported, ImportError> {
    let database = Database::parse(bytes)?;
    let mut imported = Imported::default();
    if database.has_log() {
        imported.notice(Notice::LogOfDatabase);
    }
    database.rows(TABLE, |position, row| {
        let (issuer, email) = (row.text("issuer"), row.text("email"));
        let (issuer, name) = names(issuer.trim(), email.trim());
        imported.take(position, account::title(issuer, name), judge(row, issuer, name));
    })?;
    Ok(imported)
}

/// The issuer may stand in a column, before the account's name, or in both.
fn names<'a>(issuer: &'a str, email: &'a str) -> (&'a str, &'a str) {
    if issuer.is_empty() {
        return account::split_name(email);
    }
    let behind = email.strip_prefix(issuer).and_then(|rest| rest.strip_prefix(':'));
    (issuer, behind.unwrap_or(email).trim())
}

fn judge(row: &Row<'_>, issuer: &str, name: &str) -> Judged {
    if !matches!(row.number("isencrypted"), Number::Missing | Number::Is(0)) {
        return Err(SkippedReason::Words(
            "its secret is encrypted with a key that never leaves the phone: transfer it as a QR code",
        ));
    }
    let kind = match row.number("type") {
        Number::Is(0) => Kind::Totp,
        Number::Is(1) => Kind::Hotp,
        Number::Is(other) => return Err(SkippedReason::UnknownType(Label::new(other.to_string()))),
        Number::Missing | Number::Bad => return Err(SkippedReason::Field("type")),
    };
    let seed = account::base32(row.secret("secret"))?;
    account::draft(issuer, name, seed, Codes { kind, counter: row.number("counter"), ..Codes::USUAL })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_issuer_is_taken_off_the_name_wherever_it_stands() {
        for (issuer, email, expected) in [
            ("", "Bank:ana", ("Bank", "ana")),
            ("", "ana@example.com", ("", "ana@example.com")),
            ("Bank", "Bank:ana", ("Bank", "ana")),
            ("Bank", "Bankier", ("Bank", "Bankier")),
            ("A:B", "A:B: ana", ("A:B", "ana")),
        ] {
            assert_eq!(names(issuer, email), expected, "{issuer} {email}");
        }
    }
}
