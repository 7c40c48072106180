//! The table of formats: what each can do, and the one way into and out of it.

mod detect;

pub use detect::{Unrecognised, detect, is_picture};

use super::outcome::Imported;
use super::{ExportError, ImportError, aegis, otpauth_list};
use crate::entry::Entry;
use crate::secret::{SecretBytes, SecretText};

/// A format of another program.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Format {
    /// The name on the command line.
    pub id: &'static str,
    /// The name for people.
    pub name: &'static str,
    /// How to get such a file, or what it is good for.
    pub help: &'static str,
    /// Whether it can be read.
    pub imports: bool,
    /// Whether it can be written.
    pub exports: bool,
    /// Whether its written form can be encrypted.
    pub encrypted_export: bool,
}

/// All formats, by id.
pub const FORMATS: [Format; 3] = [
    Format {
        id: "aegis",
        name: "Aegis",
        help: "Aegis, Settings, Import & Export, Export: JSON, encrypted or plain",
        imports: true,
        exports: true,
        encrypted_export: true,
    },
    Format {
        id: "google",
        name: "Google Authenticator",
        help: "Google Authenticator, Transfer accounts, Export: text with the otpauth-migration:// URIs of its QR codes",
        imports: true,
        exports: false,
        encrypted_export: false,
    },
    Format {
        id: "otpauth",
        name: "list of otpauth URIs",
        help: "text with one otpauth:// URI a line, as most authenticators can write",
        imports: true,
        exports: true,
        encrypted_export: false,
    },
];

/// The format with an id.
pub fn by_id(id: &str) -> Option<Format> {
    FORMATS.into_iter().find(|format| format.id == id)
}

/// A file that was read: its entries, or what still needs a passphrase.
#[derive(Debug)]
pub enum Source {
    /// Not encrypted.
    Plain(Imported),
    /// Encrypted.
    Sealed(aegis::Sealed),
}

/// Reads a file of a format as far as it goes without a passphrase.
///
/// # Errors
///
/// [`ImportError`] when it is damaged, too large or of another version.
pub fn open(format: Format, bytes: &[u8]) -> Result<Source, ImportError> {
    match format.id {
        "aegis" => aegis::open(bytes),
        "google" => otpauth_list::import_migration(bytes).map(Source::Plain),
        _ => otpauth_list::import(bytes).map(Source::Plain),
    }
}

/// Writes entries in a format, encrypted where a passphrase is given.
///
/// # Errors
///
/// [`ExportError`] when the encryption fails.
pub fn export(
    format: Format,
    entries: &[&Entry],
    passphrase: Option<&SecretText>,
    random: &mut dyn FnMut(&mut [u8]),
) -> Result<SecretBytes, ExportError> {
    match format.id {
        "aegis" => aegis::export(entries, passphrase, random),
        _ => Ok(otpauth_list::export(entries)),
    }
}

/// What a format cannot say of these entries, in words. It is told before anything is written.
pub fn lossy(format: Format, entries: &[&Entry]) -> Vec<String> {
    let is_aegis = format.id == "aegis";
    let mut lost = Vec::new();
    let mut note = |what: &str, has: &dyn Fn(&Entry) -> bool| {
        let n = entries.iter().filter(|entry| has(entry)).count();
        if n > 0 {
            lost.push(format!("{what} ({n})"));
        }
    };
    if !is_aegis {
        note("tags", &|entry| !entry.tags.is_empty());
        note("notes", &|entry| !entry.note.is_empty());
        note("favourites", &|entry| entry.favourite);
        // Readers of URIs take the issuer's name for a sign of Steam's own codes; so does this program.
        let steams_name = |entry: &Entry| entry.issuer.raw() == "Steam" && entry.otp.type_name() == "totp";
        note("digits of entries named Steam, which readers take for Steam's own codes", &steams_name);
    }
    note("recovery codes", &|entry| !entry.recovery_codes.is_empty());
    note("privileged marks", &|entry| entry.privileged);
    note("proofs of enrolment", &|entry| entry.proven.is_some());
    note("provenance", &|entry| entry.provenance.is_some());
    note("dates of rotation", &|entry| entry.rotated.is_some());
    if is_aegis {
        note("further URI parameters", &|entry| !entry.uri_parameters.is_empty());
    }
    lost
}

#[cfg(test)]
mod tests;
