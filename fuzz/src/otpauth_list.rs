//! A list of otpauth URIs. Bytes: the file.

use lifeboat::entry::{Entry, EntryId};
use lifeboat::interchange::otpauth_list::{export, import};

use super::shared::{NOW, assert_message};

/// Longest URI that is read.
const LONGEST: usize = 16 << 10;

pub fn run(data: &[u8]) {
    let imported = match import(data) {
        Ok(imported) => imported,
        Err(error) => return assert_message(&error.to_string()),
    };
    for skipped in &imported.skipped {
        assert_message(&skipped.title.shown());
        assert_message(&skipped.reason.to_string());
    }
    for notice in &imported.notices {
        assert_message(&notice.to_string());
    }
    let n_lines = data.split(|byte| *byte == b'\n').count();
    let positions =
        imported.drafts.iter().map(|d| d.position).chain(imported.skipped.iter().map(|s| s.position));
    for position in positions {
        assert!((1..=n_lines).contains(&position), "line {position} of {n_lines}");
    }
    let entries: Vec<Entry> = imported
        .drafts
        .into_iter()
        .map(|drafted| Entry::from_draft(drafted.draft, EntryId::from_bytes([1; 16]), NOW))
        .collect();
    let entries: Vec<&Entry> = entries.iter().collect();
    let written = export(&entries);
    if written.expose().split(|byte| *byte == b'\n').any(|line| line.len() > LONGEST) {
        return;
    }
    let again = import(written.expose()).expect("what was written is read");
    assert!(again.skipped.is_empty(), "{:?}", again.skipped);
    assert_eq!(again.drafts.len(), entries.len());
    for (drafted, entry) in again.drafts.iter().zip(entries) {
        assert_eq!((&drafted.draft.issuer, &drafted.draft.account), (&entry.issuer, &entry.account));
        assert!(
            drafted.draft.seed.same_as(entry.seed().expect("nothing is sealed"))
                && drafted.draft.otp == entry.otp
        );
    }
}
