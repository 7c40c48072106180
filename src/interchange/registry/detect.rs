//! Recognising a file by its content. Its name plays no part.
//!
//! What is recognised and not read is named, so that the person knows that the right file was picked.

use std::fmt;

use serde::Deserializer as _;
use serde::de::{IgnoredAny, MapAccess, SeqAccess, Visitor};

use super::{FORMATS, Format, by_id};
use crate::secret::{SecretBytes, SecretText};

/// Says that no format was recognised, and what was.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct Unrecognised(&'static str);

const PICTURE: &str = "it is a picture, whose QR codes are to be read first";
const PGP: &str = "it is encrypted with PGP: `gpg --decrypt FILE | lifeboat import -`";

/// First bytes of files, with what they are.
const MAGICS: [(&[u8], &str); 21] = [
    (b"\x89LFB\r\n\x1a\n", "it is a Lifeboat vault or bundle: `lifeboat restore FILE` opens a bundle"),
    (b"\x89PNG", PICTURE),
    (b"\xff\xd8\xff", PICTURE),
    (b"RIFF", PICTURE),
    (b"GIF8", PICTURE),
    (b"PK\x03\x04", "it is a zip archive: unpack it, then import the file inside"),
    (b"SQLite format 3\0", "it is an SQLite database, damaged or of no app that this version reads"),
    (
        b"\x03\xd9\xa2\x9a",
        "it is a database of KeePass 1, which this version does not read: KeePassXC opens it and saves it as .kdbx",
    ),
    (b"-----BEGIN PGP MESSAGE", PGP),
    // The session key's packet that GnuPG begins with: for RSA of 2048 to 4096 bits, for Curve25519, for a passphrase.
    (b"\x85\x01\x0c\x03", PGP),
    (b"\x85\x01\x8c\x03", PGP),
    (b"\x85\x02\x0c\x03", PGP),
    (b"\x84\x5e\x03", PGP),
    (b"\x8c\x0d\x04", PGP),
    (b"\x1f\x8b", "it is compressed with gzip: unpack it first"),
    (b"7z\xbc\xaf\x27\x1c", "it is a 7-zip archive: unpack it, then import the file inside"),
    (b"BZh", "it is compressed with bzip2: unpack it first"),
    (b"\xfd7zXZ\x00", "it is compressed with xz: unpack it first"),
    (b"\x28\xb5\x2f\xfd", "it is compressed with zstd: unpack it first"),
    (b"%PDF", "it is a PDF: take the file that the app has exported, or a picture of the QR code"),
    (b"<", "it is XML or HTML, of no format that this version reads"),
];

/// Keys at the top of a JSON object that tell a program's files apart, with what they are.
const KEYS: [(&[&str], &str); 1] =
    [(&["accounts"], "it is a JSON object with accounts, of no format that this version reads")];

/// What formats look at to recognise a file.
#[derive(Debug, Clone, Copy)]
pub struct Look<'a> {
    /// The whole file.
    pub bytes: &'a [u8],
    /// The file without a byte order mark and the spaces before its text.
    pub text: &'a [u8],
}

impl<'a> Look<'a> {
    /// Looks at a file.
    pub fn new(bytes: &'a [u8]) -> Self {
        let text = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes).trim_ascii_start();
        Self { bytes, text }
    }

    /// Tells whether it is a JSON object that `judge` says yes to. Of one that is damaged or cut off, all of the keys
    /// have to stand somewhere in it.
    pub fn json_object_with(
        &self,
        keys: &[&str],
        judge: impl FnOnce(&[u8]) -> Result<bool, serde_json::Error>,
    ) -> bool {
        self.text.starts_with(b"{")
            && !self.is_nested_for_ever()
            && judge(self.text).unwrap_or_else(|_| keys.iter().all(|key| self.holds_key(key)))
    }

    /// Tells whether it is a JSON list whose first item is an object with all these keys. Of one that is damaged, the
    /// keys have to stand somewhere in it.
    pub fn json_list_whose_items_have(&self, keys: &[&str]) -> bool {
        if !self.text.starts_with(b"[") || self.is_nested_for_ever() {
            return false;
        }
        let mut json = serde_json::Deserializer::from_slice(self.text);
        match json.deserialize_seq(FirstItem) {
            Ok(Some(item)) => keys.iter().all(|key| item.get(key).is_some()),
            Ok(None) => false,
            Err(_) => keys.iter().all(|key| self.holds_key(key)),
        }
    }

    /// Tells whether its bytes are spread as those of an encrypted file without a heading are, and nothing else of a
    /// person's: no text, no picture.
    pub fn is_like_random(&self) -> bool {
        const SHORTEST: usize = 28;
        const MOST_LOOKED_AT: usize = 4096;
        let sample = self.bytes.get(..self.bytes.len().min(MOST_LOOKED_AT)).unwrap_or_default();
        let mut counts = [0_u32; 256];
        for byte in sample {
            if let Some(count) = counts.get_mut(usize::from(*byte)) {
                *count += 1;
            }
        }
        // Of n random bytes, 256 (1 - (255/256)^n) different values are to be expected; eight in nine are enough.
        let mut unseen = 256 << 16_u32;
        for _ in sample {
            unseen -= unseen / 256;
        }
        let expected = 256 - (unseen >> 16_u32);
        let n_seen = counts.iter().filter(|count| **count > 0).count();
        let n_most = counts.iter().max().copied().unwrap_or_default();
        let n_expected = u32::try_from(sample.len() / 256).unwrap_or(u32::MAX);
        let is_text = std::str::from_utf8(self.bytes).is_ok();
        !is_text && sample.len() >= SHORTEST && n_seen * 9 >= expected * 8 && n_most <= n_expected * 3 + 6
    }

    /// Tells whether it begins with more brackets inside each other than any program writes: each format would pass over
    /// all of them before it says no.
    fn is_nested_for_ever(&self) -> bool {
        const BEGINNING: usize = 4096;
        const DEEPEST: usize = 200;
        let (mut depth, mut in_text, mut escaped) = (0_usize, false, false);
        for byte in self.text.iter().take(BEGINNING) {
            match byte {
                _ if escaped => escaped = false,
                b'\\' => escaped = in_text,
                b'"' => in_text = !in_text,
                _ if in_text => {}
                b'{' | b'[' => depth += 1,
                b'}' | b']' => depth = depth.saturating_sub(1),
                _ => {}
            }
            if depth > DEEPEST {
                return true;
            }
        }
        false
    }

    /// Tells whether a key stands in the beginning of a damaged file, where the keys of its top are.
    fn holds_key(&self, key: &str) -> bool {
        const BEGINNING: usize = 256 << 10;
        let needle = format!("\"{key}\"");
        let beginning = self.text.get(..BEGINNING).unwrap_or(self.text);
        beginning.windows(needle.len()).any(|window| window == needle.as_bytes())
    }

    /// Tells whether the first line that is neither empty nor a comment starts with one of these schemes of a URI.
    pub fn first_line_starts_with(&self, schemes: &[&[u8]]) -> bool {
        let mut lines = self.text.split(|byte| *byte == b'\n').map(<[u8]>::trim_ascii);
        let first = lines.find(|line| !line.is_empty() && !line.starts_with(b"#")).unwrap_or_default();
        let starts_with = |scheme: &&[u8]| {
            first.get(..scheme.len()).is_some_and(|start| start.eq_ignore_ascii_case(scheme))
        };
        schemes.iter().any(starts_with)
    }
}

/// Tells whether a file is a picture that QR codes can be read from.
pub fn is_picture(bytes: &[u8]) -> bool {
    // Two letters are too little to go by: in a BMP's header four reserved bytes are zero.
    let is_bmp = bytes.starts_with(b"BM") && bytes.get(6..10).is_some_and(|reserved| reserved == [0; 4]);
    is_bmp || MAGICS.into_iter().any(|(magic, what)| what == PICTURE && bytes.starts_with(magic))
}

/// Recognises a format by its content. The file's name plays no part.
///
/// # Errors
///
/// [`Unrecognised`] says what was recognised instead.
pub fn detect(bytes: &[u8]) -> Result<Format, Unrecognised> {
    let look = Look::new(bytes);
    let text = look.text;
    if text.is_empty() {
        return Err(Unrecognised("the file is empty"));
    }
    let fits = |format: &Format| format.import.is_some_and(|import| (import.recognises)(&look));
    if let Some(format) = FORMATS.into_iter().find(fits) {
        return Ok(format);
    }
    if text.starts_with(b"{") {
        return Err(Unrecognised(json_object(text)));
    }
    if text.starts_with(b"[") {
        return Err(Unrecognised("it is a JSON list, of no format that this version reads"));
    }
    if let Some((_, what)) = MAGICS.into_iter().find(|(magic, _)| text.starts_with(magic)) {
        return Err(Unrecognised(what));
    }
    if look.is_like_random() {
        // Nothing tells such files apart before they are opened.
        return by_id("andotp").ok_or(Unrecognised("it is encrypted"));
    }
    Err(Unrecognised(match std::str::from_utf8(bytes) {
        Ok(text) if is_table(text) => {
            "it is a table, and no heading of its first line is one for one-time codes that this version knows"
        }
        Ok(_) => "it is text, and its first line is no otpauth URI",
        Err(_) => "it is binary, of no format that this version knows",
    }))
}

/// Tells whether the first two lines of a text are divided alike, as those of a table are.
fn is_table(text: &str) -> bool {
    let mut lines = text.lines().filter(|line| !line.trim().is_empty());
    let (heading, row) = (lines.next().unwrap_or_default(), lines.next());
    [',', ';', '\t'].into_iter().any(|sign| {
        let n_in = |line: &str| line.matches(sign).count();
        n_in(heading) >= 2 && row.is_none_or(|row| n_in(row) >= n_in(heading))
    })
}

/// A text in UTF-16 with its byte order mark, as Windows' programs save it, in UTF-8; `None` for everything else, and for
/// what is larger than any list.
pub fn from_utf16(bytes: &[u8]) -> Option<SecretBytes> {
    const LARGEST: usize = 16 << 20;
    if bytes.len() > LARGEST {
        return None;
    }
    let (mark, rest) = bytes.split_first_chunk()?;
    let unit: fn([u8; 2]) -> u16 = match mark {
        b"\xff\xfe" => u16::from_le_bytes,
        b"\xfe\xff" => u16::from_be_bytes,
        _ => return None,
    };
    let (pairs, []) = rest.as_chunks() else { return None };
    let mut text = SecretText::with_capacity(rest.len() * 2);
    for letter in char::decode_utf16(pairs.iter().map(|pair| unit(*pair))) {
        text.expose_mut().push(letter.ok()?);
    }
    Some(SecretBytes::from_slice(text.expose().as_bytes()))
}

fn json_object(text: &[u8]) -> &'static str {
    let mut json = serde_json::Deserializer::from_slice(text);
    let Ok(present) = json.deserialize_map(TopKeys) else {
        return "it looks like JSON, and is damaged or cut off";
    };
    KEYS.into_iter()
        .find(|(keys, _)| keys.iter().all(|key| present.contains(key)))
        .map_or("it is a JSON object, of no format that this version knows", |(_, what)| what)
}

/// The first item of a list; the others are passed over unread.
struct FirstItem;

impl<'de> Visitor<'de> for FirstItem {
    type Value = Option<serde_json::Value>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Self::Value, A::Error> {
        let first = list.next_element()?;
        while list.next_element::<IgnoredAny>()?.is_some() {}
        Ok(first)
    }
}

/// Collects which of the telling keys an object has; values and other keys are passed over unread.
struct TopKeys;

impl<'de> Visitor<'de> for TopKeys {
    type Value = Vec<&'static str>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut object: A) -> Result<Self::Value, A::Error> {
        let mut present = Vec::new();
        while let Some(key) = object.next_key::<String>()? {
            object.next_value::<IgnoredAny>()?;
            let telling = KEYS.iter().flat_map(|(keys, _)| *keys).find(|telling| ***telling == *key);
            present.extend(telling.filter(|telling| !present.contains(*telling)).copied());
        }
        Ok(present)
    }
}
