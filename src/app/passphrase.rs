//! How strong a passphrase is, and passphrases that nobody has to think of.

use super::context::Context;
use super::failure::Failure;
use crate::custody::words;
use crate::secret::SecretText;

/// What is wanted of a bundle's passphrase: it lies about for years, and guessing costs nothing but time.
const BUNDLE_BITS: u32 = 60;
/// Or this many characters.
const BUNDLE_CHARACTERS: usize = 15;
/// Longer texts are estimated by their beginning, which keeps the estimator quick.
const ESTIMATED_CHARACTERS: usize = 100;

/// How hard a passphrase is to guess.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Estimate {
    /// The logarithm of the number of guesses, by zxcvbn.
    pub bits: u32,
    /// True when a bundle is not sealed with it unless somebody insists.
    pub weak_for_bundle: bool,
    /// What would make it better, in words.
    pub advice: Option<String>,
}

/// Estimates a passphrase.
pub fn estimate(passphrase: &SecretText) -> Estimate {
    let mut beginning = SecretText::with_capacity(ESTIMATED_CHARACTERS * 4);
    passphrase.expose().chars().take(ESTIMATED_CHARACTERS).for_each(|c| beginning.expose_mut().push(c));
    let entropy = zxcvbn::zxcvbn(beginning.expose(), &[]);
    // log2(10) is 3.32; whole bits are enough for a word of advice.
    let bits = tenths(entropy.guesses_log10()) * 332 / 1000;
    let n_characters = passphrase.expose().chars().count();
    let guessable = bits < BUNDLE_BITS / 2;
    let advice =
        entropy.feedback().and_then(zxcvbn::feedback::Feedback::warning).map(|warning| warning.to_string());
    Estimate {
        bits,
        weak_for_bundle: bits < BUNDLE_BITS && (n_characters < BUNDLE_CHARACTERS || guessable),
        advice,
    }
}

/// Tenths of a non-negative number, rounded down, without a cast.
fn tenths(value: f64) -> u32 {
    let mut tenths = 0;
    while f64::from(tenths + 1) <= value * 10.0 && tenths < 10_000 {
        tenths += 1;
    }
    tenths
}

/// Makes a passphrase of eight words: 80 bits.
///
/// # Errors
///
/// When the system gives no random bytes.
pub fn generate(ctx: &Context) -> Result<SecretText, Failure> {
    let random = zeroize::Zeroizing::new(ctx.random_bytes::<{ 2 * words::PASSPHRASE_WORDS }>()?);
    Ok(words::passphrase(&random))
}

/// The words of a generated passphrase as they are meant where somebody types them from hearing: in either case, with
/// any blanks between them, each by its first four letters or more. What is not of such words alone stays as it is.
pub fn heard(typed: SecretText) -> SecretText {
    let words = || typed.expose().split_whitespace().map(words::index);
    if words().count() != words::PASSPHRASE_WORDS || words().any(|index| index.is_none()) {
        return typed;
    }
    // The longest word has 8 letters.
    let mut meant = SecretText::with_capacity(words::PASSPHRASE_WORDS * 9);
    for index in words().flatten() {
        if !meant.is_empty() {
            meant.expose_mut().push(' ');
        }
        meant.expose_mut().push_str(words::word(usize::from(index)).unwrap_or_default());
    }
    meant
}

#[cfg(test)]
mod tests {
    use super::*;

    fn estimate(text: &str) -> Estimate {
        super::estimate(&SecretText::new(text.to_owned()))
    }

    #[test]
    fn common_passwords_are_weak_and_eight_random_words_are_not() {
        for weak in ["", "password", "qwerty123", "Summer2026!", "aaaaaaaaaaaaaaaaaaaa"] {
            assert!(estimate(weak).weak_for_bundle, "{weak}");
        }
        let words = "academic velvet spider hamster mustang trash yoga plastic";
        assert!(!estimate(words).weak_for_bundle);
        assert!(estimate(words).bits >= 60);
    }

    #[test]
    fn words_that_were_heard_are_those_that_were_made() {
        let words = "academic velvet spider hamster mustang trash yoga plastic";
        let meant = |text: &str| heard(SecretText::new(text.to_owned())).expose().to_owned();
        assert_eq!(meant(words), words);
        assert_eq!(meant("  ACAD velv\tSpider hamst\nmust trash  yoga plastic "), words);
        for other in [
            "",
            "academic velvet",
            "my own passphrase",
            "academic velvet spider hamster mustang trash yoga quay",
        ] {
            assert_eq!(meant(other), other);
        }
    }
}
