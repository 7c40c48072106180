//! The key file of a database: KeePass' XML in both its versions, 32 bytes or their hexadecimal digits, or any file at all.

use data_encoding::{BASE64, HEXLOWER_PERMISSIVE};

use crate::interchange::cipher::sha256;
use crate::interchange::json::damaged;
use crate::interchange::registry::Look;
use crate::interchange::{ImportError, markup};
use crate::secret::{SecretBytes, SecretText};

/// Larger files are no key files of a person's; all of it is hashed.
const LARGEST: usize = 16 << 20;
/// Documents with more are no key files.
const LARGEST_DOCUMENT: usize = 64 << 10;

/// The 32 bytes that a key file adds to the passphrase.
///
/// # Errors
///
/// [`ImportError::Damaged`] for a document that is a key file and is not whole, and for an empty file;
/// [`ImportError::TooLarge`].
pub(super) fn key(bytes: &SecretBytes) -> Result<SecretBytes, ImportError> {
    let file = bytes.expose();
    if file.len() > LARGEST {
        return Err(ImportError::TooLarge);
    }
    if file.is_empty() {
        return Err(damaged("the key file is empty"));
    }
    let text = Look::new(file).text;
    if text.starts_with(b"<") && text.len() <= LARGEST_DOCUMENT && holds(text, b"<KeyFile") {
        return of_document(text);
    }
    if file.len() == 32 {
        return Ok(bytes.duplicate());
    }
    if file.len() == 64
        && let Ok(key) = HEXLOWER_PERMISSIVE.decode(file)
    {
        return Ok(SecretBytes::new(key));
    }
    Ok(sha256(file))
}

fn holds(text: &[u8], mark: &[u8]) -> bool {
    text.windows(mark.len()).any(|window| window == mark)
}

fn of_document(text: &[u8]) -> Result<SecretBytes, ImportError> {
    let wrong = || damaged("the key file");
    let document = markup::parse(text)?;
    let find = |name: &str| document.descendants().find(|node| node.has_tag_name(name));
    let data = find("Data").ok_or_else(wrong)?;
    let symbols: String = data.text().unwrap_or_default().chars().filter(|c| !c.is_whitespace()).collect();
    let symbols = SecretText::new(symbols);
    let version = find("Version").and_then(|node| node.text()).unwrap_or_default().trim();
    let key = if version.starts_with("2.") {
        let key = HEXLOWER_PERMISSIVE.decode(symbols.expose().as_bytes()).map_err(|_| wrong())?;
        let key = SecretBytes::new(key);
        let hash = data.attribute("Hash").ok_or_else(wrong)?;
        let hash = HEXLOWER_PERMISSIVE.decode(hash.trim().as_bytes()).map_err(|_| wrong())?;
        // The first bytes of the key's own hash, so that a mistake in copying is noticed.
        if hash.is_empty() || !sha256(key.expose()).expose().starts_with(&hash) {
            return Err(damaged("the key file does not fit its own hash"));
        }
        key
    } else {
        SecretBytes::new(BASE64.decode(symbols.expose().as_bytes()).map_err(|_| wrong())?)
    };
    if key.len() == 32 { Ok(key) } else { Err(wrong()) }
}
