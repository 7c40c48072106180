//! What writers of other programs' files share: JSON that leaves no copy of a seed behind, and identifiers.

use std::io;

use data_encoding::HEXLOWER;
use serde::Serialize;

use super::ExportError;
use crate::secret::{SecretBytes, SecretText};

/// The one place where a seed becomes JSON text.
pub(super) fn in_clear<S: serde::Serializer>(secret: &SecretText, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(secret.expose())
}

/// JSON text in a buffer of exactly its length, so that no copy of a seed stays behind where it grew.
pub(super) fn json(value: &impl Serialize) -> Result<SecretBytes, ExportError> {
    let mut length = Length(0);
    serde_json::to_writer_pretty(&mut length, value).map_err(|_| ExportError::Cipher)?;
    let mut out = SecretBytes::with_capacity(length.0 + 1);
    serde_json::to_writer_pretty(out.expose_mut(), value).map_err(|_| ExportError::Cipher)?;
    out.expose_mut().push(b'\n');
    Ok(out)
}

/// Counts what is written to it.
struct Length(usize);

impl io::Write for Length {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0 += bytes.len();
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// A random UUID, version 4 (RFC 9562 §5.4).
pub(super) fn uuid(random: &mut dyn FnMut(&mut [u8])) -> String {
    let mut bytes = [0_u8; 16];
    random(&mut bytes);
    let [_, _, _, _, _, _, version, _, variant, ..] = &mut bytes;
    *version = (*version & 0x0f) | 0x40;
    *variant = (*variant & 0x3f) | 0x80;
    let hex = HEXLOWER.encode(&bytes);
    let mut text = String::with_capacity(36);
    for (idx, c) in hex.chars().enumerate() {
        if matches!(idx, 8 | 12 | 16 | 20) {
            text.push('-');
        }
        text.push(c);
    }
    text
}
