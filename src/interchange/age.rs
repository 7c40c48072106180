//! age's files (age-encryption.org/v1), as far as a passphrase opens them: armored or not, with one scrypt stanza.
//!
//! Everything in the header is bounded before work is done for it, and what is not written in the one way that the
//! specification allows is refused, as the specification asks.

use data_encoding::{BASE64, BASE64_NOPAD};

use super::ImportError;
use super::cipher::{chacha20_poly1305, hkdf_sha256, hmac_sha256_fits};
use super::json::{LARGEST_FILE, damaged};
use crate::secret::{SecretBytes, SecretText};

/// First bytes of an armored file.
pub(super) const ARMOR: &[u8] = b"-----BEGIN AGE ENCRYPTED FILE-----";
/// First bytes of a file that is not armored.
pub(super) const MAGIC: &[u8] = b"age-encryption.org/v1\n";

const ARMOR_END: &[u8] = b"-----END AGE ENCRYPTED FILE-----";
/// What scrypt's salt begins with.
const LABEL: &[u8] = b"age-encryption.org/v1/scrypt";
/// Most memory that a file's scrypt may ask for, as a power of two in KiB: 1 GiB. age itself takes 256 MiB.
const HIGHEST_WORK_FACTOR: u8 = 20;
/// Bytes of text in a chunk; sixteen of tag follow.
const CHUNK: usize = 64 << 10;
/// Columns of the header's and the armor's base64.
const COLUMNS: usize = 64;

/// An encrypted file whose header was read.
#[derive(Debug)]
pub(super) struct Sealed {
    work_factor: u8,
    salt: [u8; 16],
    /// The file's key, and a tag.
    wrapped: [u8; 32],
    /// The header up to its MAC, which is over these bytes.
    header: Vec<u8>,
    mac: Vec<u8>,
    /// A nonce, and the chunks.
    payload: Vec<u8>,
}

impl Sealed {
    /// Reads the header.
    ///
    /// # Errors
    ///
    /// [`ImportError::Unsupported`] for another version and for recipients that no passphrase opens.
    pub(super) fn parse(bytes: &[u8]) -> Result<Self, ImportError> {
        if bytes.len() > LARGEST_FILE {
            return Err(ImportError::TooLarge);
        }
        let unarmored;
        let bytes = if bytes.trim_ascii_start().starts_with(ARMOR) {
            unarmored = unarmor(bytes)?;
            &unarmored[..]
        } else {
            bytes
        };
        let mut rest = bytes
            .strip_prefix(MAGIC)
            .ok_or_else(|| ImportError::Unsupported { what: "this version of age".to_owned() })?;
        let stanza = line(&mut rest)?;
        let Some(arguments) = stanza.strip_prefix("-> scrypt ") else {
            return Err(if stanza.starts_with("-> ") { other_recipients() } else { bad_header() });
        };
        let (salt, work_factor) = arguments.split_once(' ').ok_or_else(bad_header)?;
        let salt = base64(salt)?.try_into().map_err(|_| bad_header())?;
        let work_factor = work_factor_of(work_factor)?;
        // A body's last line is shorter than the others, and one of 32 bytes has no other.
        let wrapped = base64(line(&mut rest)?)?.try_into().map_err(|_| bad_header())?;
        let last = line(&mut rest)?;
        // Beside a passphrase no other recipient may stand: whoever opens the file could have made it.
        let mac = last.strip_prefix("--- ").ok_or_else(bad_header)?;
        let n_header = bytes.len().saturating_sub(rest.len() + mac.len() + 2);
        let header = bytes.get(..n_header).unwrap_or_default().to_vec();
        Ok(Self { work_factor, salt, wrapped, header, mac: base64(mac)?, payload: rest.to_vec() })
    }

    /// The memory that opening it takes, in words.
    pub(super) fn cost(&self) -> String {
        format!("{} MiB", ((1_u64 << self.work_factor) >> 10).max(1))
    }

    /// Opens it.
    ///
    /// # Errors
    ///
    /// [`ImportError::WrongPassphrase`], and [`ImportError::Damaged`] where the key fits and the rest does not.
    pub(super) fn open(&self, passphrase: &SecretText) -> Result<SecretBytes, ImportError> {
        let params = scrypt::Params::new(self.work_factor, 8, 1).map_err(|_| bad_header())?;
        let salt = [LABEL, &self.salt].concat();
        let mut key = SecretBytes::new(vec![0; 32]);
        scrypt::scrypt(passphrase.expose().as_bytes(), &salt, &params, key.expose_mut())
            .map_err(|_| bad_header())?;
        let mut file_key = SecretBytes::from_slice(&self.wrapped);
        if !chacha20_poly1305(&key, &[0; 12], &mut file_key) {
            return Err(ImportError::WrongPassphrase);
        }
        if !hmac_sha256_fits(&hkdf_sha256(&file_key, &[], b"header"), &[&self.header], &self.mac) {
            return Err(damaged("the header of the age file was changed"));
        }
        let (nonce, chunks) =
            self.payload.split_first_chunk::<16>().ok_or_else(|| damaged("it is cut off"))?;
        stream(&hkdf_sha256(&file_key, nonce, b"payload"), chunks)
    }
}

/// The text of all chunks. Each is counted in its nonce, and the last one is marked in it, so that none can be taken
/// away.
fn stream(key: &SecretBytes, sealed: &[u8]) -> Result<SecretBytes, ImportError> {
    let mut text = SecretBytes::with_capacity(sealed.len());
    let mut chunks = sealed.chunks(CHUNK + 16).enumerate().peekable();
    while let Some((idx, sealed)) = chunks.next() {
        let is_last = chunks.peek().is_none();
        let mut nonce = [0; 12];
        let counter = u64::try_from(idx).unwrap_or(u64::MAX).to_be_bytes();
        nonce.iter_mut().skip(3).zip(counter).for_each(|(byte, part)| *byte = part);
        if let Some(mark) = nonce.last_mut() {
            *mark = u8::from(is_last);
        }
        let mut chunk = SecretBytes::from_slice(sealed);
        // Nothing is in the last chunk of nothing alone.
        if !chacha20_poly1305(key, &nonce, &mut chunk) || chunk.is_empty() && idx > 0 {
            return Err(damaged("the encrypted part was changed or cut off"));
        }
        text.expose_mut().extend_from_slice(chunk.expose());
        if is_last {
            return Ok(text);
        }
    }
    Err(damaged("it is cut off"))
}

fn unarmor(bytes: &[u8]) -> Result<Vec<u8>, ImportError> {
    let bad = || damaged("the armor of the age file");
    let text = bytes.trim_ascii().strip_prefix(ARMOR).and_then(|text| text.strip_suffix(ARMOR_END));
    let text = std::str::from_utf8(text.ok_or_else(bad)?).map_err(|_| bad())?;
    let text = text.strip_prefix("\r\n").or_else(|| text.strip_prefix('\n')).ok_or_else(bad)?;
    let mut columns = COLUMNS;
    let mut symbols = Vec::with_capacity(text.len());
    for line in text.lines() {
        // Every line but the last is full.
        if columns != COLUMNS || line.is_empty() || line.len() > COLUMNS {
            return Err(bad());
        }
        columns = line.len();
        symbols.extend_from_slice(line.as_bytes());
    }
    BASE64.decode(&symbols).map_err(|_| bad())
}

/// Takes a line of the header off.
fn line<'a>(rest: &mut &'a [u8]) -> Result<&'a str, ImportError> {
    const LONGEST: usize = 256;
    let start = rest.get(..rest.len().min(LONGEST)).unwrap_or_default();
    let end = start.iter().position(|byte| *byte == b'\n').ok_or_else(bad_header)?;
    let line = start.get(..end).unwrap_or_default();
    *rest = rest.get(end + 1..).unwrap_or_default();
    std::str::from_utf8(line).map_err(|_| bad_header())
}

fn work_factor_of(text: &str) -> Result<u8, ImportError> {
    let is_plain =
        !text.starts_with('0') && text.len() <= 2 && text.bytes().all(|byte| byte.is_ascii_digit());
    let work_factor: u8 = text.parse().ok().filter(|_| is_plain).ok_or_else(bad_header)?;
    if work_factor > HIGHEST_WORK_FACTOR {
        let mib = |work_factor: u8| 1_u64.checked_shl(u32::from(work_factor) - 10).unwrap_or(u64::MAX);
        return Err(ImportError::TooCostly {
            asked_mib: mib(work_factor),
            limit_mib: mib(HIGHEST_WORK_FACTOR),
        });
    }
    Ok(work_factor)
}

fn base64(text: &str) -> Result<Vec<u8>, ImportError> {
    BASE64_NOPAD.decode(text.as_bytes()).map_err(|_| bad_header())
}

fn bad_header() -> ImportError {
    damaged("the header of the age file")
}

fn other_recipients() -> ImportError {
    ImportError::Unsupported { what: "an age file for keys instead of a passphrase".to_owned() }
}

#[cfg(test)]
mod tests;
