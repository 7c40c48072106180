//! Types that hold what must not be seen: wiped when dropped, redacted in `Debug`, compared in constant time.
//!
//! This is the only place where secrets are compared and the only one that wipes. There is no
//! `Clone`, no `Display` and no `Serialize`: a copy is asked for by name ([`SecretBytes::duplicate`]),
//! and a look inside too (`expose`), so that both can be found by searching for those words.

use std::fmt;

use subtle::ConstantTimeEq;
use zeroize::{Zeroize, ZeroizeOnDrop};

/// From so many bytes on a buffer is wiped by a plain fill: byte-wise volatile writes over the payload of a large
/// vault would cost as much as decrypting it.
const WIPED_BY_FILL: usize = 4096;

/// Holds secret bytes: a seed, a key, a decrypted payload.
pub struct SecretBytes(Vec<u8>);

impl Drop for SecretBytes {
    fn drop(&mut self) {
        if self.0.len() < WIPED_BY_FILL {
            self.0.zeroize();
        } else {
            self.0.fill(0);
            // The compiler has to believe that somebody looks at the zeros. The program's allocator wipes
            // the block once more when it is freed, its unused capacity included.
            std::hint::black_box(self.0.as_slice());
        }
    }
}

impl SecretBytes {
    /// Takes ownership of bytes that were secret all along.
    pub fn new(bytes: Vec<u8>) -> Self {
        Self(bytes)
    }

    /// Copies a slice whose owner wipes it.
    pub fn from_slice(bytes: &[u8]) -> Self {
        Self(bytes.to_vec())
    }

    /// Makes an empty buffer that never moves while it stays within `capacity` bytes.
    pub fn with_capacity(capacity: usize) -> Self {
        Self(Vec::with_capacity(capacity))
    }

    /// Shows the bytes to code that needs them.
    pub fn expose(&self) -> &[u8] {
        &self.0
    }

    /// Lends the buffer to code that fills or transforms it.
    pub fn expose_mut(&mut self) -> &mut Vec<u8> {
        &mut self.0
    }

    /// Turns the bytes into text without moving them, wiping them when they are not UTF-8.
    ///
    /// # Errors
    ///
    /// [`NotText`] when the bytes are not UTF-8.
    pub fn into_text(mut self) -> Result<SecretText, NotText> {
        SecretText::from_utf8(std::mem::take(&mut self.0))
    }

    /// Makes a second copy, which is wiped on its own.
    #[must_use]
    pub fn duplicate(&self) -> Self {
        Self(self.0.clone())
    }

    /// Length in bytes.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Tells whether there is nothing inside.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Compares in time that depends on the lengths alone.
    pub fn same_as(&self, other: &Self) -> bool {
        bool::from(self.0.ct_eq(&other.0))
    }
}

impl fmt::Debug for SecretBytes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SecretBytes(redacted)")
    }
}

/// Holds secret text: a passphrase, an otpauth URI, a recovery code.
#[derive(Zeroize, ZeroizeOnDrop)]
pub struct SecretText(String);

impl SecretText {
    /// Takes ownership of text that was secret all along.
    pub fn new(text: String) -> Self {
        Self(text)
    }

    /// Makes an empty buffer that never moves while it stays within `capacity` bytes.
    pub fn with_capacity(capacity: usize) -> Self {
        Self(String::with_capacity(capacity))
    }

    /// Turns bytes into text, wiping them when they are not UTF-8.
    ///
    /// # Errors
    ///
    /// [`NotText`] when the bytes are not UTF-8; they are wiped, not returned.
    pub fn from_utf8(bytes: Vec<u8>) -> Result<Self, NotText> {
        String::from_utf8(bytes).map(Self).map_err(|refused| {
            refused.into_bytes().zeroize();
            NotText
        })
    }

    /// Shows the text to code that needs it.
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// Lends the buffer to code that fills it.
    pub fn expose_mut(&mut self) -> &mut String {
        &mut self.0
    }

    /// Makes a second copy, which is wiped on its own.
    #[must_use]
    pub fn duplicate(&self) -> Self {
        Self(self.0.clone())
    }

    /// Length in bytes.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Tells whether there is nothing inside.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Compares in time that depends on the lengths alone.
    pub fn same_as(&self, other: &Self) -> bool {
        bool::from(self.0.as_bytes().ct_eq(other.0.as_bytes()))
    }
}

impl fmt::Debug for SecretText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SecretText(redacted)")
    }
}

/// Says that bytes which should have been text are not UTF-8.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not valid UTF-8 text")]
pub struct NotText;

/// Compares two public or secret byte strings in time that depends on their lengths alone.
pub fn same_bytes(left: &[u8], right: &[u8]) -> bool {
    bool::from(left.ct_eq(right))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn debug_shows_neither_bytes_nor_text() {
        let shown =
            format!("{:?} {:?}", SecretBytes::from_slice(b"hunter2"), SecretText::new("hunter2".into()));
        assert_eq!(shown, "SecretBytes(redacted) SecretText(redacted)");
    }

    #[test]
    fn comparison_sees_content_and_length() {
        let one = SecretBytes::from_slice(b"abc");
        assert!(one.same_as(&one.duplicate()));
        assert!(!one.same_as(&SecretBytes::from_slice(b"abd")));
        assert!(!one.same_as(&SecretBytes::from_slice(b"ab")));
    }
}
