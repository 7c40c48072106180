//! A file of the password store (pass with pass-otp, gopass), decrypted: a password, and among the lines below it one
//! otpauth URI. It comes through a pipe: `pass show NAME | lifeboat import -`.

use super::account;
use super::json::damaged;
use super::otpauth_list;
use super::outcome::{Imported, Notice};
use super::registry::{Format, Import, Look, Source};
use super::{ImportError, SkippedReason};
use crate::otp::Otp;

/// The format.
pub const FORMAT: Format = Format {
    id: "pass",
    name: "pass-otp",
    help: "pass (with pass-otp) or gopass: pass show NAME | lifeboat import -",
    import: Some(Import { recognises, open: |bytes| open(bytes).map(Source::Plain) }),
    export: None,
};

/// Larger files hold no password.
const LARGEST_FILE: usize = 64 << 10;
const SCHEME: &[u8] = b"otpauth://";

/// One URI, and something else above it: a list of URIs has them from its first line on, or several.
fn recognises(look: &Look<'_>) -> bool {
    let mut lines = look.text.split(|byte| *byte == b'\n').filter(|line| is_uri(line));
    look.bytes.len() <= LARGEST_FILE
        && std::str::from_utf8(look.bytes).is_ok()
        && !is_uri(look.text)
        && lines.next().is_some()
        && lines.next().is_none()
        // Several lines of a table may be one field, and in XML everything may stand in any line.
        && !look.text.starts_with(b"<")
        && !look.text.starts_with(b"\"")
        && !super::rows::is_heading(look.text, &["name"])
        && !super::rows::is_heading(look.text, &["title"])
}

fn is_uri(line: &[u8]) -> bool {
    let line = line.trim_ascii_start();
    line.get(..SCHEME.len()).is_some_and(|start| start.eq_ignore_ascii_case(SCHEME))
}

/// Reads a file. Its counter is the last one that was used, because pass-otp counts before it shows a code.
///
/// # Errors
///
/// [`ImportError`] when it is no text, too large, or holds no URI.
pub fn open(bytes: &[u8]) -> Result<Imported, ImportError> {
    if bytes.len() > LARGEST_FILE {
        return Err(ImportError::TooLarge);
    }
    let text = std::str::from_utf8(bytes).map_err(|_| damaged("it is not text"))?;
    let mut imported = Imported::default();
    let mut n_others = 0_usize;
    for (idx, line) in text.trim_start_matches('\u{feff}').lines().map(str::trim).enumerate() {
        if !is_uri(line.as_bytes()) {
            n_others += usize::from(!line.is_empty());
            continue;
        }
        let judged = account::of_uri(line).and_then(|(mut draft, warnings)| {
            if let Otp::Hotp { algorithm, digits, counter } = draft.otp {
                let next = counter.checked_add(1).ok_or(SkippedReason::Field("the counter"))?;
                // Without one nothing was used yet.
                let starts = warnings.contains(&super::Warning::CounterMissing);
                draft.otp = Otp::Hotp { algorithm, digits, counter: if starts { counter } else { next } };
            }
            Ok((draft, warnings))
        });
        imported.take(idx + 1, otpauth_list::title_of(line), judged);
    }
    if imported.drafts.is_empty() && imported.skipped.is_empty() {
        return Err(damaged("no line of it is an otpauth URI"));
    }
    if n_others > 0 {
        imported.notice(Notice::OtherLines);
    }
    Ok(imported)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::interchange::registry;

    const FILE: &str = "hunter2\nlogin: ana\n\notpauth://hotp/Bank:ana?secret=JBSWY3DPEHPK3PXP&counter=4\nurl: https://bank.example\n";

    #[test]
    fn a_counter_is_the_last_one_that_was_used() {
        let imported = open(FILE.as_bytes()).unwrap();
        let [only] = &imported.drafts[..] else { panic!("one entry") };
        assert_eq!((only.draft.title(), only.position), ("Bank:ana".to_owned(), 4));
        assert_eq!(only.draft.otp.counter(), Some(5));
        assert_eq!(imported.notices, [Notice::OtherLines]);
    }

    #[test]
    fn a_counter_that_was_never_used_starts_where_it_is_and_the_last_of_all_is_refused() {
        let imported = open(b"pw\notpauth://hotp/a?secret=JBSWY3DPEHPK3PXP\n").unwrap();
        assert_eq!(imported.drafts[0].draft.otp.counter(), Some(0));
        let last = format!("pw\notpauth://hotp/a?secret=JBSWY3DPEHPK3PXP&counter={}\n", u64::MAX);
        assert_eq!(open(last.as_bytes()).unwrap().skipped.len(), 1);
    }

    #[test]
    fn a_password_above_one_uri_is_recognised_whatever_it_is() {
        for password in ["hunter2", "{", "[x", "- a", "a,b", "user:JBSWY3DPEHPK3PXP!"] {
            let file = format!("{password}\notpauth://totp/a?secret=JBSWY3DPEHPK3PXP\n");
            assert_eq!(registry::detect(file.as_bytes()).map(|format| format.id), Ok("pass"), "{password}");
        }
    }

    #[test]
    fn lists_tables_and_pages_are_not_taken_for_a_password() {
        let uri = "otpauth://totp/a?secret=JBSWY3DPEHPK3PXP";
        for file in [
            format!("{uri}\n"),
            format!("# my codes\n{uri}\n"),
            format!("my codes\n{uri}\n{uri}\n"),
            format!("<a>\n{uri}\n</a>"),
            format!("folder,name,login_totp\na,\"b\n{uri}\",c\n"),
            format!("user:JBSWY3DPEHPK3PXP\n{uri}\n"),
        ] {
            let found = registry::detect(file.as_bytes()).map(|format| format.id);
            assert!(found != Ok("pass"), "{file}: {found:?}");
        }
    }
}
