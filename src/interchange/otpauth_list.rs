//! Lists of otpauth URIs, one a line, as many programs write and read them.

use super::outcome::{Drafted, Imported, Notice, Skipped, SkippedReason};
use super::{ImportError, otpauth};
use crate::entry::{Entry, Label};
use crate::interchange::otpauth::UriError;
use crate::secret::SecretBytes;

/// Reads a list: blank lines and `#` comments are passed over, a bad line costs itself alone.
///
/// # Errors
///
/// When the bytes are no UTF-8 text.
pub fn import(bytes: &[u8]) -> Result<Imported, ImportError> {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let text = std::str::from_utf8(bytes).map_err(|error| ImportError::Damaged {
        at: format!("it is not text from byte {} on", error.valid_up_to() + 1),
    })?;
    let mut imported = Imported::default();
    for (idx, line) in text.lines().enumerate() {
        let line = line.trim();
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        // Ente reads and writes several on one line, with commas between.
        for uri in split_commas(line) {
            take(&mut imported, idx + 1, uri);
        }
    }
    Ok(imported)
}

fn split_commas(line: &str) -> Vec<&str> {
    let mut uris = Vec::new();
    let mut rest = line;
    while let Some(at) = rest.find(",otpauth://") {
        let (uri, behind) = rest.split_at(at);
        uris.push(uri);
        rest = behind.trim_start_matches(',');
    }
    uris.push(rest);
    uris
}

fn take(imported: &mut Imported, position: usize, uri: &str) {
    match otpauth::parse(uri) {
        Ok((draft, warnings)) => {
            if draft.uri_parameters.iter().any(|(name, _)| name.eq_ignore_ascii_case("image")) {
                imported.notice(Notice::PicturesNotFetched);
            }
            imported.drafts.push(Drafted { position, draft, warnings });
        }
        Err(error) => {
            let reason = match error {
                UriError::Seed(error) => SkippedReason::Seed(error),
                UriError::UnknownAlgorithm(name) => SkippedReason::UnknownAlgorithm(name),
                UriError::UnknownType(name) => SkippedReason::UnknownType(name),
                UriError::BadDigits => SkippedReason::Field("the number of digits"),
                UriError::BadCounter => SkippedReason::Field("the counter"),
                UriError::NoSecret => SkippedReason::Field("the secret"),
                UriError::Migration => SkippedReason::Words("a migration code is not read by this version"),
                UriError::TooLong => SkippedReason::Words("the line is too long"),
                UriError::NotOtpauth => SkippedReason::Words("the line is no otpauth URI"),
            };
            imported.skipped.push(Skipped { position, title: title_of(uri), reason });
        }
    }
}

/// The label of a URI that could not be read, without its query, which may hold the secret.
fn title_of(uri: &str) -> Label {
    let path = uri.split_once('?').map_or("", |(path, _)| path);
    let label = path.splitn(4, '/').nth(3).unwrap_or_default();
    Label::new(percent_encoding::percent_decode_str(label).decode_utf8_lossy())
}

/// Writes a list.
pub fn export(entries: &[&Entry]) -> SecretBytes {
    let mut uris: Vec<crate::secret::SecretText> =
        entries.iter().map(|entry| otpauth::write_entry(entry)).collect();
    let mut out = SecretBytes::with_capacity(uris.iter().map(|uri| uri.len() + 1).sum());
    for uri in uris.drain(..) {
        out.expose_mut().extend_from_slice(uri.expose().as_bytes());
        out.expose_mut().push(b'\n');
    }
    out
}
