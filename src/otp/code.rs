//! Turns a seed and a moment or a counter into the code a person types.
//!
//! Everything here is arithmetic from RFC 4226 §5.3 and RFC 6238 §4.2. This is the only file that
//! touches totp-rs. Its checked constructor refuses seeds under 128 bits, which real issuers hand
//! out, and the unchecked one panics on ten digits: so the numbers are validated by
//! [`super::params`] and [`super::seed`] before they come here, and ten digits and counters are
//! truncated from its raw HMAC.

use std::fmt;

use totp_rs::{Builder, Secret, Totp};

use super::params::{Algorithm, Digits, Period};
use super::seed::Seed;
use crate::secret::SecretText;

/// The digits (or Steam letters) of one step, as text with its leading zeros.
pub struct Code(SecretText);

/// The characters of Steam's codes, in the order in which they stand for the numbers from 0 to 25.
pub const STEAM_CHARACTERS: &[u8; 26] = b"23456789BCDFGHJKMNPQRTVWXY";

impl Code {
    /// Takes the text of a code: 1 to 10 digits, or 5 of [`STEAM_CHARACTERS`]; `None` for anything else.
    pub fn from_text(text: SecretText) -> Option<Self> {
        let bytes = text.expose().as_bytes();
        let is_of_digits = (1..=10).contains(&bytes.len()) && bytes.iter().all(u8::is_ascii_digit);
        let is_of_steam = bytes.len() == 5 && bytes.iter().all(|byte| STEAM_CHARACTERS.contains(byte));
        (is_of_digits || is_of_steam).then_some(Self(text))
    }

    /// Shows the characters, without grouping.
    pub fn expose(&self) -> &str {
        self.0.expose()
    }

    /// Shows the characters in groups for reading: 123 456, 1234 5678, 12345.
    pub fn grouped(&self) -> SecretText {
        let text = self.0.expose();
        let size = match text.len() {
            6 | 9 => 3,
            7 | 8 => 4,
            10 => 5,
            _ => return self.0.duplicate(),
        };
        let mut grouped = SecretText::with_capacity(16);
        for (idx, c) in text.chars().enumerate() {
            if idx > 0 && idx % size == 0 {
                grouped.expose_mut().push(' ');
            }
            grouped.expose_mut().push(c);
        }
        grouped
    }

    /// Makes a second copy, which is wiped on its own.
    #[must_use]
    pub fn duplicate(&self) -> Self {
        Self(self.0.duplicate())
    }

    /// Compares in constant time, ignoring spaces that a person typed.
    pub fn matches(&self, typed: &str) -> bool {
        let mut plain = SecretText::with_capacity(typed.len());
        typed
            .chars()
            .filter(|c| !c.is_whitespace())
            .for_each(|c| plain.expose_mut().push(c.to_ascii_uppercase()));
        self.0.same_as(&plain)
    }
}

impl fmt::Debug for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Code(redacted)")
    }
}

/// Number of a time step since 1970 (RFC 6238 §4.2, `T`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TimeStep {
    index: u64,
    period: Period,
}

impl TimeStep {
    /// The step that holds a moment.
    pub fn at(unix_seconds: u64, period: Period) -> Self {
        Self { index: unix_seconds / u64::from(period.seconds()), period }
    }

    /// ⌊seconds ÷ period⌋.
    pub fn index(self) -> u64 {
        self.index
    }

    /// First second that belongs to it.
    pub fn starts(self) -> u64 {
        self.index.saturating_mul(u64::from(self.period.seconds()))
    }

    /// First second that no longer belongs to it.
    pub fn ends(self) -> u64 {
        self.starts().saturating_add(u64::from(self.period.seconds()))
    }

    /// The step after it.
    #[must_use]
    pub fn next(self) -> Self {
        Self { index: self.index.saturating_add(1), period: self.period }
    }
}

/// A code with the time it is good for, and its successor.
#[derive(Debug)]
pub struct TimedCode {
    /// The code of the step.
    pub code: Code,
    /// The code of the next step.
    pub next: Code,
    /// The step itself.
    pub step: TimeStep,
}

/// Computes the counter-based code of RFC 4226 §5.3.
pub fn hotp(seed: &Seed, algorithm: Algorithm, digits: Digits, counter: u64) -> Code {
    // With a step of one second totp-rs signs the "time" itself, which makes its raw HMAC the HOTP one.
    let signer = build(seed, library_name(algorithm), 6, 1);
    truncate(signer.sign(counter).as_ref(), digits)
}

/// Computes the time-based code of RFC 6238 §4.2 for one step.
pub fn totp(seed: &Seed, algorithm: Algorithm, digits: Digits, step: TimeStep) -> Code {
    if digits.count() == 10 {
        return hotp(seed, algorithm, digits, step.index());
    }
    let totp = build(seed, library_name(algorithm), digits.count(), 1);
    Code(SecretText::new(totp.generate(step.index()).to_string()))
}

/// Computes Steam Guard's five characters for one step of thirty seconds.
pub fn steam(seed: &Seed, step: TimeStep) -> Code {
    let totp = build(seed, totp_rs::Algorithm::Steam, 5, 1);
    Code(SecretText::new(totp.generate(step.index()).to_string()))
}

fn build(seed: &Seed, algorithm: totp_rs::Algorithm, digits: u8, step_seconds: u64) -> Totp {
    Builder::new()
        .with_algorithm(algorithm)
        .with_digits(digits)
        .with_step_duration(step_seconds)
        .with_secret(Secret::from(seed.bytes().expose()))
        .build_noncompliant()
}

fn library_name(algorithm: Algorithm) -> totp_rs::Algorithm {
    match algorithm {
        Algorithm::Sha1 => totp_rs::Algorithm::SHA1,
        Algorithm::Sha256 => totp_rs::Algorithm::SHA256,
        Algorithm::Sha512 => totp_rs::Algorithm::SHA512,
    }
}

/// Dynamic truncation, RFC 4226 §5.3 and §5.4; the modulus needs 64 bits for ten digits.
fn truncate(hmac: &[u8], digits: Digits) -> Code {
    let offset = usize::from(hmac.last().copied().unwrap_or(0) & 0x0f);
    let word =
        hmac.get(offset..offset + 4).and_then(|bytes| <[u8; 4]>::try_from(bytes).ok()).unwrap_or_default();
    let value = u64::from(u32::from_be_bytes(word) & 0x7fff_ffff) % 10_u64.pow(u32::from(digits.count()));
    Code(SecretText::new(format!("{value:0width$}", width = usize::from(digits.count()))))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seed() -> Seed {
        Seed::from_base32("JBSWY3DPEHPK3PXP").unwrap()
    }

    #[test]
    fn ten_digits_agree_with_an_independent_value() {
        let step = TimeStep::at(1_700_000_000, Period::THIRTY);
        let code = totp(&seed(), Algorithm::Sha1, Digits::new(10).unwrap(), step);
        assert_eq!(code.expose(), "1802324550");
    }

    #[test]
    fn steam_agrees_with_an_independent_value() {
        let seed = Seed::from_base32("JRZCL47CMXVOQMNPZR2F7J4RGI").unwrap();
        assert_eq!(steam(&seed, TimeStep::at(1_700_000_000, Period::THIRTY)).expose(), "747JR");
    }

    #[test]
    fn a_step_knows_its_first_and_last_second() {
        let step = TimeStep::at(59, Period::THIRTY);
        assert_eq!((step.index(), step.starts(), step.ends()), (1, 30, 60));
        assert_eq!(TimeStep::at(60, Period::THIRTY), step.next());
    }

    #[test]
    fn codes_are_grouped_for_reading_only() {
        let of = |text: &str| Code(SecretText::new(text.into())).grouped().expose().to_owned();
        assert_eq!(of("123456"), "123 456");
        assert_eq!(of("12345678"), "1234 5678");
        assert_eq!(of("747JR"), "747JR");
        assert_eq!(of("1802324550"), "18023 24550");
    }

    #[test]
    fn a_typed_code_is_compared_without_its_spaces_and_its_case() {
        let code = Code(SecretText::new("747JR".into()));
        assert!(code.matches("747JR") && code.matches(" 747 jr\t"));
        for other in ["747JQ", "747J", "747JRR", "", " "] {
            assert!(!code.matches(other), "{other:?}");
        }
    }

    #[test]
    fn only_what_an_entry_could_show_is_taken_as_a_code() {
        let taken = |text: &str| Code::from_text(SecretText::new(text.into())).is_some();
        assert!(["0", "123456", "1234567890", "747JR"].into_iter().all(taken));
        for other in ["", "12345678901", "12 456", "747jr", "747JA", "747J", "-12345", "１２３４５６"] {
            assert!(!taken(other), "{other:?}");
        }
    }

    #[test]
    fn debug_does_not_show_a_code() {
        assert_eq!(format!("{:?}", Code(SecretText::new("123456".into()))), "Code(redacted)");
    }
}
