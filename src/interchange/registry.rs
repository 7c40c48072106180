//! The table of formats, and recognising one by its content.

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
    /// Whether it can be read.
    pub imports: bool,
    /// Whether it can be written.
    pub exports: bool,
    /// Whether its written form can be encrypted.
    pub encrypted_export: bool,
}

/// All formats, by id.
pub const FORMATS: [Format; 2] = [
    Format { id: "aegis", name: "Aegis", imports: true, exports: true, encrypted_export: true },
    Format {
        id: "otpauth",
        name: "list of otpauth URIs",
        imports: true,
        exports: true,
        encrypted_export: false,
    },
];

/// The format with an id.
pub fn by_id(id: &str) -> Option<Format> {
    FORMATS.into_iter().find(|format| format.id == id)
}

/// Says that no format was recognised, and what was.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct Unrecognised(&'static str);

/// Recognises a format by its content. The file's name plays no part.
///
/// # Errors
///
/// [`Unrecognised`] says what was recognised instead.
pub fn detect(bytes: &[u8]) -> Result<Format, Unrecognised> {
    let text = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes).trim_ascii_start();
    if text.is_empty() {
        return Err(Unrecognised("the file is empty"));
    }
    if text.starts_with(&crate_magic()) {
        return Err(Unrecognised("it is a Lifeboat vault or bundle: `lifeboat restore FILE` opens a bundle"));
    }
    if text.starts_with(b"{") {
        return if aegis::recognises(text) {
            by_id("aegis").ok_or(Unrecognised("it looks like an Aegis file"))
        } else {
            Err(Unrecognised("it is a JSON object, of no format that this version knows"))
        };
    }
    if text.starts_with(b"[") {
        return Err(Unrecognised("it is a JSON list, of no format that this version knows"));
    }
    for (magic, what) in [
        (b"SQLite format 3\0".as_slice(), "it is an SQLite database"),
        (b"PK\x03\x04", "it is a zip archive"),
        (b"\x89PNG", "it is a picture: `lifeboat add --qr FILE` reads a QR code"),
        (b"\xff\xd8\xff", "it is a picture: `lifeboat add --qr FILE` reads a QR code"),
        (b"AUTHENTICATORPRO", "it is a Stratum backup, which this version does not read yet"),
        (b"<", "it is XML, of no format that this version knows"),
    ] {
        if text.starts_with(magic) {
            return Err(Unrecognised(what));
        }
    }
    let mut lines = text.split(|byte| *byte == b'\n').map(<[u8]>::trim_ascii);
    let first = lines.find(|line| !line.is_empty() && !line.starts_with(b"#")).unwrap_or_default();
    let schemes: [&[u8]; 4] = [b"otpauth://", b"otpauth-migration://", b"steam://", b"motp://"];
    let has_scheme =
        |scheme: &&[u8]| first.get(..scheme.len()).is_some_and(|start| start.eq_ignore_ascii_case(scheme));
    if schemes.iter().any(has_scheme) {
        return by_id("otpauth").ok_or(Unrecognised("it is a list of URIs"));
    }
    Err(Unrecognised(if std::str::from_utf8(bytes).is_ok() {
        "it is text, and its first line is no otpauth URI"
    } else {
        "it is binary, of no format that this version knows"
    }))
}

/// First bytes of our own files, which people drop onto `import` by mistake.
fn crate_magic() -> [u8; 8] {
    [0x89, b'L', b'F', b'B', 0x0d, 0x0a, 0x1a, 0x0a]
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
    }
    note("recovery codes", &|entry| !entry.recovery_codes.is_empty());
    note("privileged marks", &|entry| entry.privileged);
    note("proofs of enrolment", &|entry| entry.proven.is_some());
    note("provenance", &|entry| entry.provenance.is_some());
    if is_aegis {
        note("further URI parameters", &|entry| !entry.uri_parameters.is_empty());
    }
    lost
}
