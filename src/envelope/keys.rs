//! The keys and credentials that open an envelope. None of them can be printed, cloned or compared with `==`.

use data_encoding::BASE64;
use unicode_normalization::UnicodeNormalization as _;
use zeroize::Zeroizing;

use super::quorum::RecoverySecret;
use crate::secret::{SecretBytes, SecretText};

/// Length of every symmetric key, in bytes.
pub const KEY_BYTES: usize = 32;

/// First line of a key file.
const KEY_FILE_MAGIC: &str = "lifeboat-key-file/1";

/// A random 256-bit key that seals one file; slots wrap it.
#[derive(Debug)]
pub struct MasterKey(SecretBytes);

impl MasterKey {
    /// Takes the random bytes.
    pub fn from_bytes(bytes: [u8; KEY_BYTES]) -> Self {
        let bytes = Zeroizing::new(bytes);
        Self(SecretBytes::from_slice(bytes.as_slice()))
    }

    /// Takes bytes that were secret all along; `None` when they are not as many as a key has.
    pub fn from_secret(bytes: SecretBytes) -> Option<Self> {
        (bytes.len() == KEY_BYTES).then_some(Self(bytes))
    }

    /// Shows the key to the ciphers, and to what keeps it for a while where a person asked for that.
    pub(crate) fn expose(&self) -> &[u8] {
        self.0.expose()
    }

    /// Makes a second copy, which is wiped on its own.
    #[must_use]
    pub fn duplicate(&self) -> Self {
        Self(self.0.duplicate())
    }
}

/// A passphrase that a person typed or a file held.
#[derive(Debug)]
pub struct Passphrase(SecretText);

impl Passphrase {
    /// Takes the text as it was typed.
    pub fn new(text: SecretText) -> Self {
        Self(text)
    }

    /// The text as it was typed, for estimating its strength.
    pub fn text(&self) -> &SecretText {
        &self.0
    }

    /// The bytes that go into the key derivation: UTF-8 of the text in normalization form C, so that
    /// the same letters typed on another system give the same key.
    pub(super) fn normalized(&self) -> SecretText {
        // Composition never makes more than three times as many bytes (UAX #15, Stream-Safe), so the
        // buffer does not move and leaves no copy behind.
        let mut normalized = SecretText::with_capacity(self.0.len() * 3);
        self.0.expose().nfc().for_each(|c| normalized.expose_mut().push(c));
        normalized
    }

    /// Compares two passphrases as the key derivation sees them.
    pub fn same_as(&self, other: &Self) -> bool {
        self.normalized().same_as(&other.normalized())
    }

    /// Makes a second copy, which is wiped on its own.
    #[must_use]
    pub fn duplicate(&self) -> Self {
        Self(self.0.duplicate())
    }
}

/// The 32 random bytes of a key file.
#[derive(Debug)]
pub struct KeyFile(SecretBytes);

/// Says that a file is no key file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a Lifeboat key file (two lines, the first `{KEY_FILE_MAGIC}`)")]
pub struct NotAKeyFile;

impl KeyFile {
    /// Takes the random bytes of a new key file.
    pub fn from_bytes(bytes: [u8; KEY_BYTES]) -> Self {
        let bytes = Zeroizing::new(bytes);
        Self(SecretBytes::from_slice(bytes.as_slice()))
    }

    /// Reads a key file: its first line, then base64 of 32 bytes, then nothing but one line end.
    ///
    /// # Errors
    ///
    /// [`NotAKeyFile`] for everything else: an arbitrary file is never taken for a key.
    pub fn parse(file: &[u8]) -> Result<Self, NotAKeyFile> {
        let text = std::str::from_utf8(file).map_err(|_| NotAKeyFile)?;
        let mut lines = text.lines();
        if lines.next() != Some(KEY_FILE_MAGIC) {
            return Err(NotAKeyFile);
        }
        let encoded = lines.next().ok_or(NotAKeyFile)?;
        if lines.next().is_some() {
            return Err(NotAKeyFile);
        }
        let bytes = SecretBytes::new(BASE64.decode(encoded.as_bytes()).map_err(|_| NotAKeyFile)?);
        if bytes.len() == KEY_BYTES { Ok(Self(bytes)) } else { Err(NotAKeyFile) }
    }

    /// The text of the file.
    pub fn encode(&self) -> SecretText {
        let mut text = SecretText::with_capacity(KEY_FILE_MAGIC.len() + 64);
        text.expose_mut().push_str(KEY_FILE_MAGIC);
        text.expose_mut().push('\n');
        BASE64.encode_append(self.0.expose(), text.expose_mut());
        text.expose_mut().push('\n');
        text
    }

    pub(super) fn expose(&self) -> &[u8] {
        self.0.expose()
    }

    /// Makes a second copy, which is wiped on its own.
    #[must_use]
    pub fn duplicate(&self) -> Self {
        Self(self.0.duplicate())
    }
}

/// What somebody brings to open a file: a passphrase, a key file, or both; or what shares have given.
#[derive(Debug, Default)]
pub struct Credentials {
    /// The passphrase, if one was given.
    pub passphrase: Option<Passphrase>,
    /// The key file, if one was given.
    pub key_file: Option<KeyFile>,
    /// What enough shares of a set have given together.
    pub recovery_secret: Option<RecoverySecret>,
}

impl Credentials {
    /// Tells whether nothing was brought.
    pub fn is_empty(&self) -> bool {
        self.passphrase.is_none() && self.key_file.is_none() && self.recovery_secret.is_none()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_file_is_read_as_it_was_written_and_nothing_else_is() {
        let key_file = KeyFile::from_bytes([7; 32]);
        let text = key_file.encode();
        assert!(KeyFile::parse(text.expose().as_bytes()).unwrap().0.same_as(&key_file.0));
        assert!(KeyFile::parse(text.expose().replace('\n', "\r\n").as_bytes()).is_ok());
        for wrong in
            ["", "lifeboat-key-file/1\n", "lifeboat-key-file/2\nAAAA\n", "-----BEGIN KEY-----\nAAAA\n"]
        {
            assert_eq!(KeyFile::parse(wrong.as_bytes()).unwrap_err(), NotAKeyFile, "{wrong:?}");
        }
        assert!(KeyFile::parse(format!("{}extra\n", text.expose()).as_bytes()).is_err());
    }

    #[test]
    fn a_key_file_of_another_length_is_refused() {
        for n_bytes in [0, 31, 33, 64] {
            let text = format!("{KEY_FILE_MAGIC}\n{}\n", BASE64.encode(&vec![7; n_bytes]));
            assert_eq!(KeyFile::parse(text.as_bytes()).unwrap_err(), NotAKeyFile, "{n_bytes} bytes");
        }
        assert!(MasterKey::from_secret(SecretBytes::new(vec![7; 31])).is_none());
        assert!(MasterKey::from_secret(SecretBytes::new(vec![7; 32])).is_some());
    }

    #[test]
    fn a_copy_holds_what_it_is_a_copy_of() {
        assert_eq!(MasterKey::from_bytes([3; 32]).duplicate().expose(), [3; 32]);
        assert_eq!(KeyFile::from_bytes([4; 32]).duplicate().expose(), [4; 32]);
        let passphrase = Passphrase::new(SecretText::new("Zu\u{308}rich".into()));
        assert_eq!(passphrase.duplicate().text().expose(), "Zu\u{308}rich");
        assert!(passphrase.duplicate().same_as(&passphrase));
    }

    #[test]
    fn credentials_are_empty_when_neither_was_brought() {
        let passphrase = || Some(Passphrase::new(SecretText::new("x".into())));
        let key_file = || Some(KeyFile::from_bytes([4; 32]));
        assert!(Credentials::default().is_empty());
        assert!(!Credentials { passphrase: passphrase(), key_file: None, recovery_secret: None }.is_empty());
        assert!(!Credentials { passphrase: None, key_file: key_file(), recovery_secret: None }.is_empty());
        assert!(
            !Credentials { passphrase: passphrase(), key_file: key_file(), recovery_secret: None }.is_empty()
        );
    }

    #[test]
    fn composed_and_decomposed_letters_are_the_same_passphrase() {
        let of = |text: &str| Passphrase::new(SecretText::new(text.into()));
        assert!(of("Z\u{fc}rich").same_as(&of("Zu\u{308}rich")));
        assert!(!of("Zurich").same_as(&of("Zu\u{308}rich")));
    }
}
