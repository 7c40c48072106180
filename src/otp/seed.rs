//! The shared secret of an account's codes, and the base32 text it travels in.

use data_encoding::BASE32_NOPAD;

use crate::secret::{SecretBytes, SecretText};

/// Longest seed that is taken, in bytes. Real ones have 10 to 64; this bounds hostile files.
pub const LONGEST_SEED_BYTES: usize = 1024;

/// Shortest seed, in bits, that NIST SP 800-63B-4 §3.1.4 accepts; shorter ones are taken with a warning.
pub const ADVISED_SEED_BITS: usize = 112;

/// Holds an account's seed (RFC 4226 §5.1, `K`).
#[derive(Debug)]
pub struct Seed {
    bytes: SecretBytes,
    /// The base32 symbols as they came, kept only where re-encoding the bytes would not give them back.
    symbols: Option<SecretText>,
}

/// Says why a text or a byte string is no seed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SeedError {
    /// A symbol outside A–Z and 2–7; the position counts characters from 1. Nothing of the text is repeated.
    #[error("character {position} is not base32 (letters A to Z and digits 2 to 7){hint}")]
    BadCharacter {
        /// Position in the text, from 1.
        position: usize,
        /// A hint for 0, 1, 8 and 9, which are never mapped silently.
        hint: &'static str,
    },
    /// Nothing is left after spaces and padding, or the text holds less than one byte.
    #[error("the seed is empty")]
    Empty,
    /// More than [`LONGEST_SEED_BYTES`].
    #[error("the seed is longer than {LONGEST_SEED_BYTES} bytes")]
    TooLong,
}

/// How much a seed resists guessing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Strength {
    /// [`ADVISED_SEED_BITS`] or more.
    Good,
    /// Fewer; the number of bits.
    Short(usize),
}

impl Seed {
    /// Takes raw bytes, as binary formats and generators hold them.
    ///
    /// # Errors
    ///
    /// [`SeedError::Empty`] and [`SeedError::TooLong`]; the bytes are wiped.
    pub fn from_bytes(bytes: SecretBytes) -> Result<Self, SeedError> {
        if bytes.is_empty() {
            return Err(SeedError::Empty);
        }
        if bytes.len() > LONGEST_SEED_BYTES {
            return Err(SeedError::TooLong);
        }
        Ok(Self { bytes, symbols: None })
    }

    /// Reads base32 as people and issuers write it.
    ///
    /// Spaces, tabs, no-break spaces, dashes, underscores and padding are dropped, lower case is
    /// raised, and bits beyond the last whole byte are ignored: phones accept all of that.
    ///
    /// # Errors
    ///
    /// [`SeedError`], with a position but never with a part of the text.
    pub fn from_base32(text: &str) -> Result<Self, SeedError> {
        let mut bytes = SecretBytes::with_capacity((text.len() * 5 / 8).min(LONGEST_SEED_BYTES));
        let mut buffer: u32 = 0;
        let mut n_bits = 0;
        let mut n_symbols: usize = 0;
        for (idx, c) in text.chars().enumerate() {
            let Some(value) = symbol_value(c) else {
                if is_passed_over(c) {
                    continue;
                }
                return Err(SeedError::BadCharacter { position: idx + 1, hint: hint_for(c) });
            };
            n_symbols += 1;
            buffer = (buffer << 5) | value;
            n_bits += 5;
            if n_bits >= 8 {
                if bytes.len() == LONGEST_SEED_BYTES {
                    return Err(SeedError::TooLong);
                }
                n_bits -= 8;
                let [_, _, _, byte] = (buffer >> n_bits).to_be_bytes();
                bytes.expose_mut().push(byte);
            }
        }
        // A byte per eight bits: 5 bits a symbol, the rest is ignored (formats: 1, 3 and 6 symbols are
        // over, which strict decoders refuse and real accounts have).
        if bytes.is_empty() {
            return Err(SeedError::Empty);
        }
        // Re-encoding gives the same symbols when none is over and the bits beyond the last byte are zero.
        let is_canonical = !matches!(n_symbols % 8, 1 | 3 | 6) && buffer & ((1 << n_bits) - 1) == 0;
        let symbols = (!is_canonical).then(|| {
            let mut symbols = SecretText::with_capacity(n_symbols);
            text.chars()
                .filter(|c| symbol_value(*c).is_some())
                .for_each(|c| symbols.expose_mut().push(c.to_ascii_uppercase()));
            symbols
        });
        Ok(Self { bytes, symbols })
    }

    /// The bytes that go into the HMAC.
    pub fn bytes(&self) -> &SecretBytes {
        &self.bytes
    }

    /// The base32 text for a site, a phone or a file: upper case, no padding, as it came in.
    pub fn to_base32(&self) -> SecretText {
        match &self.symbols {
            Some(symbols) => symbols.duplicate(),
            None => SecretText::new(BASE32_NOPAD.encode(self.bytes.expose())),
        }
    }

    /// Length in bits.
    pub fn bits(&self) -> usize {
        self.bytes.len() * 8
    }

    /// Tells whether the length is what is advised today.
    pub fn strength(&self) -> Strength {
        if self.bits() >= ADVISED_SEED_BITS { Strength::Good } else { Strength::Short(self.bits()) }
    }

    /// Compares the bytes in constant time; the spelling does not matter.
    pub fn same_as(&self, other: &Self) -> bool {
        self.bytes.same_as(&other.bytes)
    }

    /// Makes a second copy, which is wiped on its own.
    #[must_use]
    pub fn duplicate(&self) -> Self {
        Self { bytes: self.bytes.duplicate(), symbols: self.symbols.as_ref().map(SecretText::duplicate) }
    }
}

/// The five bits of a symbol, in either case.
fn symbol_value(c: char) -> Option<u32> {
    match c {
        'A'..='Z' => Some(u32::from(c) - u32::from('A')),
        'a'..='z' => Some(u32::from(c) - u32::from('a')),
        '2'..='7' => Some(u32::from(c) - u32::from('2') + 26),
        _ => None,
    }
}

/// What people and issuers put between symbols, and padding.
fn is_passed_over(c: char) -> bool {
    matches!(c, ' ' | '\t' | '\r' | '\n' | '\u{a0}' | '-' | '_' | '=')
}

fn hint_for(c: char) -> &'static str {
    match c {
        '0' => "; 0 may be the letter O",
        '1' => "; 1 may be the letter I or L",
        '8' => "; 8 may be the letter B",
        '9' => "; 9 does not occur in base32",
        _ => "",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn base32(text: &str) -> String {
        Seed::from_base32(text).unwrap().to_base32().expose().to_owned()
    }

    #[test]
    fn spelling_does_not_change_the_seed() {
        for text in [
            "JBSWY3DPEHPK3PXP",
            "jbsw y3dp ehpk 3pxp",
            "JBSW-Y3DP-EHPK-3PXP====",
            "\tJBSWY3DP\u{a0}EHPK3PXP\n",
        ] {
            assert_eq!(base32(text), "JBSWY3DPEHPK3PXP", "{text:?}");
        }
    }

    #[test]
    fn symbols_that_re_encoding_would_change_come_out_as_they_came_in() {
        // Too many symbols, with bits of one beyond the last byte and without, and such bits alone.
        for text in ["JBSWY3DPE", "JBSWY3DPA", "JBSWY3DPEHP", "JBSWY3DPEHA", "JBSWY3DPEHPK3P", "JB"] {
            assert_eq!(base32(text), text);
        }
        assert_eq!(Seed::from_base32("JBSWY3DPE").unwrap().bytes().expose(), b"Hello");
    }

    #[test]
    fn the_symbols_are_held_beside_the_bytes_only_where_they_would_be_lost() {
        for n_bytes in 1..=40_u8 {
            let bytes: Vec<u8> = (0..n_bytes).map(|idx| 0xa5 ^ idx.wrapping_mul(7)).collect();
            let text = BASE32_NOPAD.encode(&bytes);
            let seed = Seed::from_base32(&text).unwrap();
            assert!(seed.symbols.is_none(), "{text} says what its bytes say");
            assert_eq!((seed.bytes().expose(), seed.to_base32().expose()), (&bytes[..], text.as_str()));
        }
        for text in ["JB", "JBSWY3DPE", "JBSWY3DPA"] {
            assert!(Seed::from_base32(text).unwrap().symbols.is_some(), "{text}");
        }
    }

    #[test]
    fn seeds_are_compared_by_their_bytes() {
        let of = |text: &str| Seed::from_base32(text).unwrap();
        assert!(of("JBSWY3DPEHPK3PXP").same_as(&of("jbsw y3dp ehpk 3pxp")));
        assert!(of("JBSWY3DPE").same_as(&of("JBSWY3DP")));
        assert!(!of("JBSWY3DPEHPK3PXP").same_as(&of("JBSWY3DPEHPK3PXQ")));
        assert!(!of("JBSWY3DPEHPK3PXP").same_as(&of("JBSWY3DPEHPK3P")));
    }

    #[test]
    fn the_longest_seed_is_taken_in_either_form() {
        let of =
            |n_bytes: usize| Seed::from_bytes(SecretBytes::new(vec![7; n_bytes])).map(|seed| seed.bits());
        assert_eq!(of(LONGEST_SEED_BYTES), Ok(8192));
        assert_eq!(of(LONGEST_SEED_BYTES + 1), Err(SeedError::TooLong));
        assert_eq!(of(0), Err(SeedError::Empty));
        let text = |n_bytes: usize| Seed::from_base32(&BASE32_NOPAD.encode(&vec![7; n_bytes]));
        assert_eq!(text(LONGEST_SEED_BYTES).unwrap().bits(), 8192);
        assert_eq!(text(LONGEST_SEED_BYTES + 1).unwrap_err(), SeedError::TooLong);
    }

    #[test]
    fn a_digit_that_is_often_mistaken_gets_a_hint() {
        let said = |text: &str| Seed::from_base32(text).unwrap_err().to_string();
        assert!(said("0").ends_with("; 0 may be the letter O"));
        assert!(said("1").ends_with("; 1 may be the letter I or L"));
        assert!(said("8").ends_with("; 8 may be the letter B"));
        assert!(said("9").ends_with("; 9 does not occur in base32"));
        assert!(said("!").ends_with("(letters A to Z and digits 2 to 7)"));
    }

    #[test]
    fn what_is_no_base32_is_refused_by_position_and_never_repeated() {
        let error = Seed::from_base32("JBSW 0Y3D").unwrap_err();
        assert_eq!(
            error.to_string(),
            "character 6 is not base32 (letters A to Z and digits 2 to 7); 0 may be the letter O"
        );
        assert_eq!(Seed::from_base32("==  -").unwrap_err(), SeedError::Empty);
        assert_eq!(Seed::from_base32("A").unwrap_err(), SeedError::Empty);
        assert_eq!(Seed::from_base32(&"A".repeat(2000)).unwrap_err(), SeedError::TooLong);
    }

    #[test]
    fn a_seed_under_112_bits_is_taken_and_called_short() {
        assert_eq!(Seed::from_base32("JBSWY3DPEHPK3PXP").unwrap().strength(), Strength::Short(80));
        assert_eq!(Seed::from_base32(&"A".repeat(32)).unwrap().strength(), Strength::Good);
    }
}
