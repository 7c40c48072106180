//! Recognising a file by its content. Its name plays no part.
//!
//! What is recognised and not read is named, so that the person knows that the right file was picked.

use std::fmt;

use serde::Deserializer as _;
use serde::de::{IgnoredAny, MapAccess, Visitor};

use super::{FORMATS, Format};

/// Says that no format was recognised, and what was.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct Unrecognised(&'static str);

const PICTURE: &str = "it is a picture, whose QR codes are to be read first";

/// First bytes of files, with what they are.
const MAGICS: [(&[u8], &str); 17] = [
    (b"\x89LFB\r\n\x1a\n", "it is a Lifeboat vault or bundle: `lifeboat restore FILE` opens a bundle"),
    (b"\x89PNG", PICTURE),
    (b"\xff\xd8\xff", PICTURE),
    (b"RIFF", PICTURE),
    (b"GIF8", "it is a GIF picture: save it as PNG, then `lifeboat add --qr FILE` reads a QR code"),
    (b"\xac\xed\x00\x05", "it is a FreeOTP backup, which this version does not read"),
    (b"AUTHENTICATORPRO", "it is a Stratum backup, which this version does not read"),
    (b"AuthenticatorPro", "it is a Stratum backup, which this version does not read"),
    (b"OTPClient", "it is an OTPClient database, which this version does not read"),
    (b"PK\x03\x04", "it is a zip archive: unpack it, then import the file inside"),
    (b"SQLite format 3\0", "it is an SQLite database, which this version does not read"),
    (b"\x03\xd9\xa2\x9a", "it is a KeePass database, which this version does not read"),
    (b"Salted__", "it is a file encrypted by openssl, as gauth has it; this version does not read it"),
    (b"-----BEGIN AGE ENCRYPTED FILE", "it is encrypted with age: decrypt it with age first"),
    (b"-----BEGIN PGP MESSAGE", "it is encrypted with PGP: decrypt it first"),
    (b"\xff\xfe", "it is text in UTF-16: save it as UTF-8"),
    (b"<", "it is XML or HTML, of no format that this version reads"),
];

/// Keys at the top of a JSON object that tell a program's files apart, with what they are.
const KEYS: [(&[&str], &str); 11] = [
    (&["kdfParams", "encryptedData"], "it is an Ente Auth export, which this version does not read"),
    (&["encrypted", "passwordProtected"], "it is a Bitwarden export, which this version does not read"),
    (&["encrypted", "items"], "it is a Bitwarden export, which this version does not read"),
    (&["salt", "content"], "it is a Proton Authenticator export, which this version does not read"),
    (&["Authenticators"], "it is a Stratum backup, which this version does not read"),
    (&["tokens", "tokenOrder"], "it is a FreeOTP+ backup, which this version does not read"),
    (&["cipher", "nonce", "salt"], "it is a cotp database, which this version does not read"),
    (&["elements", "version"], "it is a cotp export, which this version does not read"),
    (&["shared_secret"], "it is a Steam file: add its shared secret with `lifeboat add --type steam`"),
    (&["vaults"], "it is a Proton Pass export, which this version does not read"),
    (&["accounts"], "it is a JSON object with accounts, of no format that this version reads"),
];

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
            && judge(self.text).unwrap_or_else(|_| keys.iter().all(|key| self.holds_key(key)))
    }

    fn holds_key(&self, key: &str) -> bool {
        let needle = format!("\"{key}\"");
        self.text.windows(needle.len()).any(|window| window == needle.as_bytes())
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
    MAGICS.into_iter().any(|(magic, what)| what == PICTURE && bytes.starts_with(magic))
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
        return Err(Unrecognised(
            "it is a JSON list, as andOTP, Duo and Raivo write; this version does not read it",
        ));
    }
    if let Some((_, what)) = MAGICS.into_iter().find(|(magic, _)| text.starts_with(magic)) {
        return Err(Unrecognised(what));
    }
    Err(Unrecognised(if std::str::from_utf8(bytes).is_ok() {
        "it is text, and its first line is no otpauth URI"
    } else {
        "it is binary, of no format that this version knows"
    }))
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
