//! One otpauth URI. Bytes: its text.

use lifeboat::entry::{Entry, EntryDraft, EntryId};
use lifeboat::interchange::otpauth::{parse, write_draft, write_entry};

use super::shared::{NOW, assert_message, make_codes};

/// Longest URI that is read.
const LONGEST: usize = 16 << 10;

pub fn run(data: &[u8]) {
    let Ok(uri) = std::str::from_utf8(data) else { return };
    match parse(uri) {
        Ok((draft, warnings)) => {
            for warning in warnings {
                assert_message(&warning.to_string());
            }
            accepted(draft);
        }
        Err(error) => {
            let words = error.to_string();
            assert_message(&words);
            assert!(words.len() < 1024, "{words}");
            assert_no_secret(&words, uri);
        }
    }
}

/// What was read is written so that it is read as the same account.
fn accepted(draft: EntryDraft) {
    let written = write_draft(&draft);
    let entry = Entry::from_draft(draft, EntryId::from_bytes([1; 16]), NOW);
    assert_eq!(write_entry(&entry).expect("nothing is sealed").expose(), written.expose());
    make_codes(&entry);
    // Percent-encoding makes three bytes of one.
    if written.len() > LONGEST {
        return;
    }
    let (again, _) = parse(written.expose()).expect("what was written is read");
    assert_eq!((&again.issuer, &again.account, again.otp), (&entry.issuer, &entry.account, entry.otp));
    assert!(again.seed.same_as(entry.seed().expect("nothing is sealed")));
    assert_eq!(
        again.seed.to_base32().expose(),
        entry.seed().expect("nothing is sealed").to_base32().expose()
    );
    assert_eq!(again.uri_parameters, entry.uri_parameters);
    assert_eq!(write_draft(&again).expose(), written.expose());
}

/// A message repeats no run of base32 that stands behind `secret=`.
fn assert_no_secret(words: &str, uri: &str) {
    for (at, name) in uri.match_indices("secret=") {
        let secret = uri[at + name.len()..].split('&').next().unwrap_or_default();
        let is_long = secret.len() >= 16 && secret.bytes().all(|byte| byte.is_ascii_alphanumeric());
        assert!(!is_long || !words.contains(secret), "{words}");
    }
}
