//! gauth's list (`gauth.csv`): names with secrets and otpauth URIs, one a line, plain or encrypted by openssl.

use super::ImportError;
use super::account::{self, Codes, Judged};
use super::cipher::{cbc_aes128, sha256_of};
use super::otpauth_list;
use super::outcome::{Imported, MOST_ENTRIES};
use super::registry::{Format, Import, Look, SealedFile, Source};
use crate::secret::{SecretBytes, SecretText};

/// The format.
pub const FORMAT: Format = Format {
    id: "gauth",
    name: "gauth",
    help: "gauth: ~/.config/gauth.csv, plain or encrypted with openssl",
    import: Some(Import { recognises, open }),
    export: None,
};

/// First bytes of what openssl has encrypted; eight of salt follow.
const MAGIC: &[u8; 8] = b"Salted__";
/// Larger files are not read.
const LARGEST_FILE: usize = 4 << 20;

fn recognises(look: &Look<'_>) -> bool {
    look.bytes.starts_with(MAGIC) || std::str::from_utf8(look.text).is_ok_and(is_list)
}

/// Every line is a name and a secret of at least ten letters of base32, or a URI; and one is no URI.
fn is_list(text: &str) -> bool {
    let is_pair = |line: &str| {
        let secret = line.rsplit_once(':').map_or("", |(_, secret)| secret);
        let letters: Vec<char> = secret.chars().filter(|c| !c.is_whitespace() && *c != '=').collect();
        letters.len() >= 10 && letters.iter().all(|c| matches!(c.to_ascii_uppercase(), 'A'..='Z' | '2'..='7'))
    };
    let mut lines = text.lines().map(str::trim).filter(|line| !line.is_empty()).peekable();
    let mut n_pairs = 0_usize;
    lines.peek().is_some()
        && lines.all(|line| {
            let is_uri = line.starts_with("otpauth://");
            n_pairs += usize::from(!is_uri);
            is_uri || is_pair(line)
        })
        && n_pairs > 0
}

/// Reads a file as far as it goes without a password.
///
/// # Errors
///
/// [`ImportError`] when it is damaged or too large.
pub fn open(bytes: &[u8]) -> Result<Source, ImportError> {
    if bytes.len() > LARGEST_FILE {
        return Err(ImportError::TooLarge);
    }
    match bytes.strip_prefix(MAGIC).and_then(<[u8]>::split_first_chunk) {
        Some((salt, ciphertext)) => {
            Ok(Source::Sealed(Box::new(Sealed { salt: *salt, ciphertext: ciphertext.to_vec() })))
        }
        None => lines(bytes).map(Source::Plain),
    }
}

fn lines(bytes: &[u8]) -> Result<Imported, ImportError> {
    let text = std::str::from_utf8(bytes).map_err(|_| super::json::damaged("it is not text"))?;
    let mut imported = Imported::default();
    for (idx, line) in text.trim_start_matches('\u{feff}').lines().map(str::trim).enumerate() {
        if idx >= MOST_ENTRIES {
            return Err(ImportError::TooLarge);
        }
        if line.starts_with("otpauth://") {
            imported.take(idx + 1, otpauth_list::title_of(line), account::of_uri(line));
        } else if let Some((name, secret)) = line.rsplit_once(':') {
            let secret = SecretText::new(secret.to_owned());
            imported.take(idx + 1, account::title("", name), judge(name.trim(), secret));
        } else if !line.is_empty() {
            imported.unreadable(idx + 1);
        }
    }
    Ok(imported)
}

fn judge(name: &str, secret: SecretText) -> Judged {
    account::draft("", name, account::base32(Some(secret))?, Codes::USUAL)
}

/// `openssl enc -aes-128-cbc -md sha256`: key and nonce are one hash of the password and the salt.
#[derive(Debug)]
struct Sealed {
    salt: [u8; 8],
    ciphertext: Vec<u8>,
}

impl SealedFile for Sealed {
    fn cost(&self) -> String {
        "1 MiB".to_owned()
    }

    fn open(self: Box<Self>, passphrase: &SecretText) -> Result<Imported, ImportError> {
        let both = sha256_of(&[passphrase.expose().as_bytes(), &self.salt]);
        let (key, nonce) = both.expose().split_at(16);
        let nonce = nonce.first_chunk().copied().unwrap_or_default();
        let text: Option<SecretBytes> = cbc_aes128(&SecretBytes::from_slice(key), &nonce, &self.ciphertext);
        // Without a tag, a password that only fits the padding shows in what comes out.
        let is_whole = |text: &SecretBytes| {
            std::str::from_utf8(text.expose()).is_ok_and(|text| {
                is_list(text)
                    || text.lines().all(|line| line.trim().is_empty() || line.starts_with("otpauth://"))
            })
        };
        lines(text.filter(is_whole).ok_or(ImportError::WrongPassphrase)?.expose())
    }
}
