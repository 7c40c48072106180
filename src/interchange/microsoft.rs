//! Microsoft Authenticator's database (`PhoneFactor`), from a phone whose files can be read; the app has no export.

use data_encoding::BASE64;

use super::ImportError;
use super::account::{self, Codes, Judged, Number};
use super::outcome::{Imported, Notice, SkippedReason};
use super::registry::{Format, Import, Look, Source};
use super::sqlite::{self, Database, Row};
use crate::entry::Label;
use crate::secret::SecretBytes;

/// The format.
pub const FORMAT: Format = Format {
    id: "microsoft",
    name: "Microsoft Authenticator",
    help: "Microsoft Authenticator has no export; the database PhoneFactor from a phone whose files can be read",
    import: Some(Import { recognises, open: |bytes| open(bytes).map(Source::Plain) }),
    export: None,
};

const TABLE: &str = "accounts";

fn recognises(look: &Look<'_>) -> bool {
    look.bytes.starts_with(sqlite::MAGIC)
        && Database::parse(look.bytes).is_ok_and(|file| file.has(TABLE, &["oath_secret_key", "account_type"]))
}

/// Reads a database.
///
/// # Errors
///
/// [`ImportError`] when it is damaged or too large.
pub fn open(bytes: &[u8]) -> Result<Imported, ImportError> {
    let database = Database::parse(bytes)?;
    let mut imported = Imported::default();
    if database.has_log() {
        imported.notice(Notice::LogOfDatabase);
    }
    database.rows(TABLE, |position, row| {
        let (issuer, name) = (row.text("name"), row.text("username"));
        let judged = judge(row, &issuer, &name);
        imported.take(position, account::title(&issuer, &name), judged);
    })?;
    Ok(imported)
}

fn judge(row: &Row<'_>, issuer: &str, name: &str) -> Judged {
    let kind = row.number("account_type");
    if kind == Number::Is(2) {
        return Err(SkippedReason::Words(
            "a work or school account has no secret that can be moved: enrol it anew at its service",
        ));
    }
    let Some(secret) = row.secret("oath_secret_key") else {
        return Err(match row.secret("encrypted_oath_secret_key") {
            Some(_) => SkippedReason::Words(
                "its secret is encrypted with a key that never leaves the phone: enrol it anew at its service",
            ),
            None => SkippedReason::Field("oath_secret_key"),
        });
    };
    match kind {
        Number::Is(0) => account::draft(issuer, name, account::base32(Some(secret))?, Codes::USUAL),
        // A personal account of Microsoft's own.
        Number::Is(1) => {
            let bytes = BASE64.decode(secret.expose().trim().as_bytes());
            let bytes = bytes.map_err(|_| SkippedReason::Field("oath_secret_key"))?;
            let codes = Codes { digits: Number::Is(8), ..Codes::USUAL };
            account::draft(issuer, name, account::bytes(SecretBytes::new(bytes))?, codes)
        }
        Number::Is(other) => Err(SkippedReason::UnknownType(Label::new(other.to_string()))),
        Number::Missing | Number::Bad => Err(SkippedReason::Field("account_type")),
    }
}
