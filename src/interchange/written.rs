//! What writers of other programs' files share: JSON that leaves no copy of a seed behind, identifiers, names, and what
//! several apps refuse.

use std::collections::HashSet;
use std::io;

use data_encoding::{BASE32_NOPAD, HEXLOWER};
use serde::Serialize;

use super::{ExportError, cipher};
use crate::entry::Entry;
use crate::otp::Otp;
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

/// An entry's seed in base32 of full groups without padding, which every reader takes; `None` of a sealed entry.
pub(super) fn base32(entry: &Entry) -> Option<SecretText> {
    // The bytes are encoded anew: several readers refuse the whole file for a spelling that phones accept, such as nine
    // symbols. The codes are the same.
    Some(SecretText::new(BASE32_NOPAD.encode(entry.seed()?.bytes().expose())))
}

/// The issuer, or the account where there is none.
pub(super) fn issuer_or_account(entry: &Entry) -> &str {
    if entry.issuer.is_empty() { entry.account.raw() } else { entry.issuer.raw() }
}

/// The beginning of a text of at most so many UTF-16 units.
pub(super) fn cut(text: &str, most_units: usize) -> &str {
    let mut n_units = 0;
    let beyond = text.char_indices().find(|(_, c)| {
        n_units += c.len_utf16();
        n_units > most_units
    });
    text.get(..beyond.map_or(text.len(), |(at, _)| at)).unwrap_or_default()
}

/// Judges entries one by one.
pub(super) fn each_refused(
    entries: &[&Entry],
    why: impl Fn(&Entry) -> Option<&'static str>,
) -> Vec<Option<&'static str>> {
    entries.iter().map(|entry| why(entry)).collect()
}

/// Judges entries one by one, for an app that knows an account by its seed: of several with the same, the first is held.
pub(super) fn each_seed_once(
    entries: &[&Entry],
    why: impl Fn(&Entry) -> Option<&'static str>,
) -> Vec<Option<&'static str>> {
    let mut seen = HashSet::new();
    let mut judge = |entry: &Entry| {
        if let Some(reason) = why(entry) {
            return Some(reason);
        }
        let is_first = entry
            .seed()
            .is_none_or(|seed| seen.insert(cipher::sha256(seed.bytes().expose()).expose().to_vec()));
        (!is_first).then_some("another entry with the same seed goes first, and the app keeps one of them")
    };
    entries.iter().map(|entry| judge(entry)).collect()
}

/// Why an entry that is named Steam and makes no Steam codes is not written where a name is all that tells them apart.
pub(super) fn taken_for_steam(entry: &Entry) -> Option<&'static str> {
    let is_taken = entry.issuer.raw() == "Steam" && entry.otp != Otp::Steam;
    is_taken.then_some("it is named Steam, and the app would show Steam's own kind of code for it")
}
