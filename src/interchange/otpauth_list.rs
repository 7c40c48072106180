//! Lists of otpauth URIs, one a line, as many programs write and read them. A line may as well be a code of
//! Google Authenticator's export.

use std::collections::BTreeSet;

use super::ImportError;
use super::account;
use super::ente::display::Display;
use super::google_database;
use super::lastpass;
use super::otpauth;
use super::otpauth_migration::{self, Batches, MigrationError};
use super::outcome::{Imported, MOST_ENTRIES, Notice, SkippedReason};
use super::registry::{self, Export, Format, Import, Source, Trait};
use super::sqlite;
use crate::entry::{Entry, Label};
use crate::secret::{SecretBytes, SecretText};

/// The format of plain lists.
pub const FORMAT: Format = Format {
    id: "otpauth",
    name: "list of otpauth URIs",
    help: "text with one otpauth:// URI a line, as most authenticators can write",
    import: Some(Import {
        recognises: |look| {
            look.first_line_starts_with(&[b"otpauth://", b"lpaauth-migration://", b"steam://", b"motp://"])
        },
        open: |bytes| import(bytes).map(Source::Plain),
    }),
    export: Some(Export {
        ending: "txt",
        encrypts: false,
        keeps: &[Trait::UriParameters],
        changes: &[],
        refuses: registry::holds_all,
        write: |entries, _, _| Ok(export(entries)),
    }),
};

/// The format of Google Authenticator's export.
pub const GOOGLE: Format = Format {
    id: "google",
    name: "Google Authenticator",
    help: "Google Authenticator, Transfer accounts, Export: text with the otpauth-migration:// URIs of its QR codes",
    import: Some(Import {
        recognises: |look| {
            look.first_line_starts_with(&[b"otpauth-migration://"]) || google_database::recognises(look)
        },
        open: |bytes| {
            let is_database = bytes.starts_with(sqlite::MAGIC);
            if is_database { google_database::open(bytes) } else { import_migration(bytes) }
                .map(Source::Plain)
        },
    }),
    export: None,
};

/// Larger files are no list of accounts.
const LARGEST_FILE: usize = 10 << 20;

/// Reads a list: blank lines and `#` comments are passed over, a bad line costs itself alone.
///
/// # Errors
///
/// [`ImportError::TooLarge`], and [`ImportError::Damaged`] when the bytes are no UTF-8 text.
pub fn import(bytes: &[u8]) -> Result<Imported, ImportError> {
    read(bytes, Numbering::Lines)
}

/// Reads codes of Google Authenticator's export in any order, among which other URIs may stand. The accounts are
/// numbered through, because a line has many.
///
/// # Errors
///
/// As [`import`].
pub fn import_migration(bytes: &[u8]) -> Result<Imported, ImportError> {
    read(bytes, Numbering::Accounts)
}

/// What a position counts.
#[derive(Clone, Copy)]
enum Numbering {
    Accounts,
    Lines,
}

impl Numbering {
    fn position(self, imported: &Imported, line: usize) -> usize {
        match self {
            Self::Accounts => imported.drafts.len() + imported.skipped.len() + 1,
            Self::Lines => line,
        }
    }
}

fn read(bytes: &[u8], numbering: Numbering) -> Result<Imported, ImportError> {
    if bytes.len() > LARGEST_FILE {
        return Err(ImportError::TooLarge);
    }
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let text = std::str::from_utf8(bytes).map_err(|error| ImportError::Damaged {
        at: format!("it is not text from byte {} on", error.valid_up_to() + 1),
    })?;
    let mut imported = Imported::default();
    let mut batches = Batches::default();
    let mut codes_read = BTreeSet::new();
    for (idx, line) in text.lines().enumerate() {
        let line = line.trim();
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        for uri in split_commas(line) {
            if imported.drafts.len() + imported.skipped.len() >= MOST_ENTRIES {
                return Err(ImportError::TooLarge);
            }
            if lastpass::is_transfer(uri) {
                let position = numbering.position(&imported, idx + 1);
                if lastpass::transfer(uri.trim(), &mut imported, position).is_err() {
                    let reason = SkippedReason::Words("the export is damaged or cut off here");
                    imported.take(position, Label::new(format!("line {}", idx + 1)), Err(reason));
                }
            } else if !otpauth_migration::recognises(uri) {
                let position = numbering.position(&imported, idx + 1);
                let mut judged = account::of_uri(uri);
                let is_trashed =
                    |(draft, _): &mut (_, _)| Display::take_from(draft).is_some_and(|said| said.apply(draft));
                if judged.as_mut().is_ok_and(is_trashed) {
                    imported.leave_trashed();
                } else {
                    imported.take(position, title_of(uri), judged);
                }
            } else if codes_read.insert(uri.trim()) {
                take_code(&mut imported, &mut batches, numbering, idx + 1, uri);
            } else {
                imported.notice(Notice::RepeatedParts);
            }
        }
    }
    batches.missing().for_each(|missing| imported.notice(missing));
    imported.parts = batches;
    Ok(imported)
}

/// Ente reads and writes several URIs on one line, with commas between; it writes `%2C` for others.
fn split_commas(line: &str) -> impl Iterator<Item = &str> {
    let mut rest = Some(line);
    std::iter::from_fn(move || {
        let line = rest.take()?;
        let starts_another = |(at, _): &(usize, &str)| {
            let behind = line.get(at + 1..).unwrap_or_default().trim_start();
            behind.get(..10).is_some_and(|scheme| scheme.eq_ignore_ascii_case("otpauth://"))
        };
        let Some((at, _)) = line.match_indices(',').find(starts_another) else { return Some(line) };
        let (uri, behind) = line.split_at(at);
        rest = behind.strip_prefix(',');
        Some(uri)
    })
}

/// Takes the accounts of one code of an export.
fn take_code(imported: &mut Imported, batches: &mut Batches, numbering: Numbering, line: usize, uri: &str) {
    match otpauth_migration::parse(uri) {
        Ok(part) => {
            batches.add(part.place);
            for account in part.accounts {
                let position = numbering.position(imported, line);
                imported.take(position, account.title, account.draft);
            }
        }
        Err(error) => {
            let reason = match error {
                MigrationError::Damaged | MigrationError::NotMigration => {
                    SkippedReason::Words("the export is damaged or cut off here")
                }
                MigrationError::Empty => SkippedReason::Words("the export holds nothing here"),
                MigrationError::TooLong => SkippedReason::Words("the line is too long"),
            };
            let position = numbering.position(imported, line);
            imported.take(position, Label::new(format!("line {line}")), Err(reason));
        }
    }
}

/// The label of a URI that could not be read, as far as it surely is one.
///
/// The query may hold the secret, and in a URI without one anything may: then nothing is repeated. A
/// `motp://` URI has its label where the others have their type.
pub(super) fn title_of(uri: &str) -> Label {
    let Some((path, _)) = uri.split_once('?') else { return Label::default() };
    let label = match path.split_once("://") {
        Some((scheme, label)) if scheme.eq_ignore_ascii_case("motp") => label,
        Some((scheme, rest)) if scheme.eq_ignore_ascii_case("otpauth") => {
            rest.split_once('/').map_or("", |(_, label)| label)
        }
        _ => "",
    };
    if label.to_ascii_lowercase().contains("secret=") {
        return Label::default();
    }
    Label::new(percent_encoding::percent_decode_str(label).decode_utf8_lossy())
}

/// Writes a list. Sealed entries are left out.
pub fn export(entries: &[&Entry]) -> SecretBytes {
    let uris: Vec<SecretText> = entries.iter().filter_map(|entry| otpauth::write_entry(entry)).collect();
    let mut out = SecretBytes::with_capacity(uris.iter().map(|uri| uri.len() + 1).sum());
    for uri in &uris {
        out.expose_mut().extend_from_slice(uri.expose().as_bytes());
        out.expose_mut().push(b'\n');
    }
    out
}

#[cfg(test)]
mod tests;
