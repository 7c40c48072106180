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
const URI: &str = "otpauth://";

fn recognises(look: &Look<'_>) -> bool {
    look.bytes.starts_with(MAGIC) || std::str::from_utf8(look.text).is_ok_and(is_list)
}

/// Letters that a secret must have for its file to be recognised by it alone.
const TELLING_SECRET: usize = 10;

/// Every line is a name and a secret, or a URI; and one has a secret that is long enough to tell.
fn is_list(text: &str) -> bool {
    let mut has_telling_secret = false;
    let is_list = lines_of(text).all(|line| {
        let n_letters = secret_letters(line);
        has_telling_secret |= n_letters.is_some_and(|n_letters| n_letters >= TELLING_SECRET);
        line.starts_with(URI) || n_letters.is_some()
    });
    is_list && has_telling_secret
}

/// The lines that say something.
fn lines_of(text: &str) -> impl Iterator<Item = &str> {
    text.lines().map(str::trim).filter(|line| !line.is_empty())
}

/// How many letters the secret of a line has; `None` where it has another form.
fn secret_letters(line: &str) -> Option<usize> {
    let (_, secret) = line.rsplit_once(':').filter(|_| !line.starts_with(URI))?;
    let mut letters = secret.chars().filter(|c| !matches!(c, '=' | '-') && !c.is_whitespace());
    let n_letters = letters.clone().count();
    let is_base32 = letters.all(|c| matches!(c.to_ascii_uppercase(), 'A'..='Z' | '2'..='7'));
    (is_base32 && n_letters > 0).then_some(n_letters)
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
        if line.starts_with(URI) {
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
        // Without a tag, a password that only fits the padding shows in what comes out: no text, or no line of the
        // list. A single line of it is enough, since one that is not costs itself alone.
        let is_whole = |text: &SecretBytes| {
            let fits = |line: &str| line.starts_with(URI) || secret_letters(line).is_some();
            std::str::from_utf8(text.expose()).is_ok_and(|text| lines_of(text).any(fits))
        };
        lines(text.filter(is_whole).ok_or(ImportError::WrongPassphrase)?.expose())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_short_secret_is_taken_beside_one_that_is_long_enough_to_tell() {
        let text = "short:gezd gnbv\nlong:JBSW-Y3DP EHPK 3PXP\notpauth://totp/A:a?secret=JBSWY3DPEHPK3PXP\n";
        assert!(recognises(&Look::new(text.as_bytes())));
        let Ok(Source::Plain(imported)) = open(text.as_bytes()) else { panic!("it is plain") };
        let titles: Vec<String> = imported.drafts.iter().map(|one| one.draft.title()).collect();
        assert_eq!(titles, ["short", "long", "A:a"]);
    }

    #[test]
    fn prose_and_lists_of_uris_alone_are_not_taken_for_it() {
        for text in ["", "note: do it", "one: two\nhello", "otpauth://totp/a?secret=JBSWY3DPEHPK3PXP"] {
            assert!(!recognises(&Look::new(text.as_bytes())), "{text}");
        }
    }
}
