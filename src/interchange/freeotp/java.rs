//! A map from texts to texts as Java's object streams write it: the one class, the one shape that `FreeOTP` writes, and
//! nothing else. A general reader of such streams would be a reader of anything.

use crate::interchange::ImportError;
use crate::interchange::json::damaged;
use crate::interchange::outcome::MOST_ENTRIES;
use crate::secret::{SecretBytes, SecretText};

/// First bytes: the magic number and the version.
pub(super) const MAGIC: [u8; 4] = [0xac, 0xed, 0x00, 0x05];

/// What stands between those and the fields of the map: the class, and how many fields it has.
const CLASS: &[u8] = b"\x73\x72\x00\x11java.util.HashMap\x05\x07\xda\xc1\xc3\x16\x60\xd1\x03\x00";
/// The fields, the end of the class, and how many bytes the fields take. Android 6 and older have one of them.
const FIELDS: [(&[u8], usize); 2] = [
    (b"\x02\x46\x00\x0aloadFactor\x49\x00\x09threshold\x78\x70", 8),
    (b"\x01\x46\x00\x0aloadFactor\x78\x70", 4),
];

/// Handles of objects count from here; the class and the map have the first two.
const FIRST_TEXT: u32 = 0x007e_0002;

/// Reads the map, in the order of the file.
///
/// # Errors
///
/// [`ImportError::Damaged`] for anything else, [`ImportError::TooLarge`] for more than any person's accounts.
pub(super) fn map(bytes: &[u8]) -> Result<Vec<(String, SecretText)>, ImportError> {
    let mut rest = Reader { rest: bytes, texts: Vec::new() };
    rest.expect(&MAGIC)?;
    rest.expect(CLASS)?;
    let fields = FIELDS.into_iter().find(|(fields, _)| rest.rest.starts_with(fields));
    let (fields, n_bytes) = fields.ok_or_else(|| damaged("it is no backup of FreeOTP"))?;
    rest.take(fields.len() + n_bytes)?;
    // A block of eight bytes: how much room the map has, and how much is in it.
    rest.expect(&[0x77, 0x08])?;
    rest.take(4)?;
    let size = rest.number()?;
    if usize::try_from(size).is_ok_and(|size| size > 2 * MOST_ENTRIES) {
        return Err(ImportError::TooLarge);
    }
    let mut map = Vec::new();
    for _ in 0..size {
        let (key, value) = (rest.text()?, rest.text()?);
        map.push((key.expose().to_owned(), value));
    }
    Ok(map)
}

struct Reader<'a> {
    rest: &'a [u8],
    /// What was read, for later places that only point to it.
    texts: Vec<SecretText>,
}

impl<'a> Reader<'a> {
    fn take(&mut self, n: usize) -> Result<&'a [u8], ImportError> {
        let (taken, rest) = self.rest.split_at_checked(n).ok_or_else(|| damaged("it is cut off"))?;
        self.rest = rest;
        Ok(taken)
    }

    fn expect(&mut self, bytes: &[u8]) -> Result<(), ImportError> {
        if self.take(bytes.len())? == bytes { Ok(()) } else { Err(damaged("it is no backup of FreeOTP")) }
    }

    fn number(&mut self) -> Result<u32, ImportError> {
        let bytes = self.take(4)?.first_chunk().copied().unwrap_or_default();
        Ok(u32::from_be_bytes(bytes))
    }

    fn text(&mut self) -> Result<SecretText, ImportError> {
        let broken = || damaged("a text in it");
        let length = match self.take(1)? {
            [0x74] => {
                let bytes = self.take(2)?.first_chunk().copied().unwrap_or_default();
                usize::from(u16::from_be_bytes(bytes))
            }
            [0x7c] => {
                let bytes = self.take(8)?.first_chunk().copied().unwrap_or_default();
                usize::try_from(u64::from_be_bytes(bytes)).map_err(|_| broken())?
            }
            [0x71] => {
                let place = self.number()?.checked_sub(FIRST_TEXT).ok_or_else(broken)?;
                let known = usize::try_from(place).ok().and_then(|place| self.texts.get(place));
                return known.map(SecretText::duplicate).ok_or_else(broken);
            }
            _ => return Err(broken()),
        };
        let text = modified_utf8(self.take(length)?).ok_or_else(broken)?;
        self.texts.push(text.duplicate());
        Ok(text)
    }
}

/// Java's own UTF-8: NUL in two bytes, and what is beyond the first plane as two surrogates of three bytes each.
fn modified_utf8(bytes: &[u8]) -> Option<SecretText> {
    let mut units: Vec<u16> = Vec::with_capacity(bytes.len());
    let mut rest = bytes;
    while let Some((first, after)) = rest.split_first() {
        let next =
            |at: usize| after.get(at).filter(|byte| **byte & 0xc0 == 0x80).map(|byte| u16::from(byte & 0x3f));
        let (unit, length) = match *first {
            0x01..=0x7f => (u16::from(*first), 0),
            0xc0..=0xdf => (u16::from(first & 0x1f) << 6 | next(0)?, 1),
            0xe0..=0xef => (u16::from(first & 0x0f) << 12 | next(0)? << 6 | next(1)?, 2),
            _ => return None,
        };
        units.push(unit);
        rest = after.get(length..)?;
    }
    let mut text = SecretBytes::with_capacity(bytes.len() + 4);
    let mut buffer = [0; 4];
    let mut is_whole = true;
    for decoded in char::decode_utf16(units.iter().copied()) {
        match decoded {
            Ok(letter) => text.expose_mut().extend_from_slice(letter.encode_utf8(&mut buffer).as_bytes()),
            Err(_) => is_whole = false,
        }
    }
    zeroize::Zeroize::zeroize(&mut units);
    if is_whole { text.into_text().ok() } else { None }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(size: u32, content: &[u8]) -> Vec<u8> {
        let mut bytes = MAGIC.to_vec();
        bytes.extend_from_slice(CLASS);
        let (fields, n_bytes) = FIELDS[usize::from(size.is_multiple_of(2))];
        bytes.extend_from_slice(fields);
        bytes.extend(vec![0; n_bytes]);
        bytes.extend_from_slice(&[0x77, 0x08, 0, 0, 0, 16]);
        bytes.extend_from_slice(&size.to_be_bytes());
        bytes.extend_from_slice(content);
        bytes.push(0x78);
        bytes
    }

    #[test]
    fn texts_of_every_form_and_pointers_back_are_read() {
        let content = b"\x74\x00\x01a\x7c\x00\x00\x00\x00\x00\x00\x00\x08\xed\xa0\xbd\xed\xb8\x80\xc0\x80\
            \x74\x00\x01b\x71\x00\x7e\x00\x02";
        let map = map(&file(2, content)).expect("a map");
        let shown: Vec<(&str, &str)> =
            map.iter().map(|(key, value)| (key.as_str(), value.expose())).collect();
        assert_eq!(shown, [("a", "\u{1f600}\0"), ("b", "a")]);
    }

    #[test]
    fn whatever_else_stands_there_is_damage() {
        let whole = file(1, b"\x74\x00\x01a\x74\x00\x01b");
        for end in 0..whole.len() - 1 {
            assert!(map(&whole[..end]).is_err(), "{end}");
        }
        for content in [
            &b"\x71\x00\x7e\x00\x05"[..],
            b"\x73",
            b"\x74\x00\x01\xff\x74\x00\x00",
            b"\x74\x00\x03\xed\xa0\xbd\x74\x00\x00",
        ] {
            assert!(map(&file(1, content)).is_err(), "{content:?}");
        }
        assert_eq!(map(&file(u32::MAX, b"")).unwrap_err(), ImportError::TooLarge);
    }
}
