//! The list of Russ Cox's `2fa` (`~/.2fa`): name, digits, secret, and for a counting entry the counter that was used last.

use super::ImportError;
use super::account::{self, Codes, Judged, Kind, Number};
use super::outcome::{Imported, MOST_ENTRIES, SkippedReason};
use super::registry::{Format, Import, Look, Source};
use crate::secret::SecretText;

/// The format.
pub const FORMAT: Format = Format {
    id: "2fa",
    name: "2fa (rsc.io/2fa)",
    help: "2fa: the file ~/.2fa",
    import: Some(Import { recognises, open: |bytes| open(bytes).map(Source::Plain) }),
    export: None,
};

/// Larger files are not read.
const LARGEST_FILE: usize = 4 << 20;
/// Digits of a counter, which is written with zeros in front.
const COUNTER_DIGITS: usize = 20;
/// Letters that a secret must have for its line to be recognised by it.
const TELLING_SECRET: usize = 8;

fn recognises(look: &Look<'_>) -> bool {
    let Ok(text) = std::str::from_utf8(look.text) else { return false };
    let (mut n_lines, mut n_telling) = (0_usize, 0_usize);
    for line in text.lines().filter(|line| !line.trim().is_empty()) {
        n_lines += 1;
        let is_telling = parts(line).is_some_and(|(_, _, secret, _)| secret.len() >= TELLING_SECRET);
        n_telling += usize::from(is_telling);
    }
    // The program itself passes over a line that it does not understand.
    n_telling * 2 > n_lines
}

/// Name, digits, secret and counter of a line; `None` where it has another form.
fn parts(line: &str) -> Option<(&str, u64, &str, Option<&str>)> {
    let fields: Vec<&str> = line.trim().split(' ').collect();
    let (fields, counter) = match fields.as_slice() {
        [before @ .., last] if before.len() >= 3 && is_counter(last) => (before, Some(*last)),
        all => (all, None),
    };
    let [name @ .., digits, secret] = fields else { return None };
    let [name] = name else { return None };
    let digits = digits.parse().ok().filter(|digits| (6..=8).contains(digits))?;
    let is_base32 = |c: char| matches!(c.to_ascii_uppercase(), 'A'..='Z' | '2'..='7' | '=');
    (!secret.is_empty() && secret.chars().all(is_base32)).then_some((*name, digits, *secret, counter))
}

fn is_counter(field: &str) -> bool {
    field.len() == COUNTER_DIGITS && field.bytes().all(|byte| byte.is_ascii_digit())
}

/// Reads the list.
///
/// # Errors
///
/// [`ImportError`] when it is no text or too large.
pub fn open(bytes: &[u8]) -> Result<Imported, ImportError> {
    if bytes.len() > LARGEST_FILE {
        return Err(ImportError::TooLarge);
    }
    let text = std::str::from_utf8(bytes).map_err(|_| super::json::damaged("it is not text"))?;
    let mut imported = Imported::default();
    for (idx, line) in text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty()) {
        if idx >= MOST_ENTRIES {
            return Err(ImportError::TooLarge);
        }
        match parts(line) {
            Some((name, digits, secret, counter)) => {
                imported.take(idx + 1, account::title("", name), judge(name, digits, secret, counter));
            }
            None => imported.unreadable(idx + 1),
        }
    }
    Ok(imported)
}

fn judge(name: &str, digits: u64, secret: &str, counter: Option<&str>) -> Judged {
    let seed = account::base32(Some(SecretText::new(secret.to_owned())))?;
    let codes = Codes { digits: Number::Is(digits), ..Codes::USUAL };
    let Some(counter) = counter else { return account::draft("", name, seed, codes) };
    let used: u64 = counter.parse().map_err(|_| SkippedReason::Field("the counter"))?;
    let next = used.checked_add(1).ok_or(SkippedReason::Field("the counter"))?;
    account::draft("", name, seed, Codes { kind: Kind::Hotp, counter: Number::Is(next), ..codes })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_counter_is_the_one_that_was_used_last() {
        let text = "github 6 NZXXIIDBEBVWK6JB\nvpn 7 KUVJJOM753IHTNDSZVCNKL7GII 00000000000000000049\n";
        assert!(recognises(&Look::new(text.as_bytes())));
        let imported = open(text.as_bytes()).expect("a list");
        let counters: Vec<Option<u64>> = imported.drafts.iter().map(|one| one.draft.otp.counter()).collect();
        assert_eq!(counters, [None, Some(50)]);
    }

    #[test]
    fn a_line_of_another_form_costs_itself_alone_and_a_short_secret_is_one() {
        let text = "a 6 GEZDGNBVGY3TQOJQ\nb 6 GEZDG\nnonsense\nc 8 GEZDGNBVGY3TQOJQ\nd 7 gezdgnbvgy3tqojq\n";
        assert!(recognises(&Look::new(text.as_bytes())));
        let imported = open(text.as_bytes()).expect("a list");
        assert_eq!((imported.drafts.len(), imported.skipped.len()), (4, 1));
        assert_eq!(imported.skipped[0].position, 3);
    }

    #[test]
    fn prose_is_no_list() {
        for text in ["", "hello world", "one 6 two", "call 7 JBSWY3DPEHPK3PXP now", "a 6 short"] {
            assert!(!recognises(&Look::new(text.as_bytes())), "{text}");
        }
    }
}
