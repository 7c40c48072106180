//! An export of Google Authenticator. Bytes: the message that its codes hold, put into a URI by the target, because a
//! fuzzer would not get past base64.

use data_encoding::BASE64;
use lifeboat::entry::{Entry, EntryId};
use lifeboat::interchange::otpauth_list::{export, import, import_migration};

use super::shared::{NOW, assert_message};

pub fn run(data: &[u8]) {
    let code = BASE64.encode(data).replace('+', "%2B").replace('/', "%2F");
    let text = format!("otpauth-migration://offline?data={code}\n");
    let imported = match import_migration(text.as_bytes()) {
        Ok(imported) => imported,
        Err(error) => return assert_message(&error.to_string()),
    };
    // Each account has two bytes at least: what is read is bounded by what came.
    assert!(imported.drafts.len() + imported.skipped.len() <= data.len());
    for skipped in &imported.skipped {
        assert_message(&skipped.title.shown());
        assert_message(&skipped.reason.to_string());
    }
    for notice in &imported.notices {
        assert_message(&notice.to_string());
    }
    // As a list of URIs of its own it is the same.
    let entries: Vec<Entry> = imported
        .drafts
        .into_iter()
        .map(|drafted| Entry::from_draft(drafted.draft, EntryId::from_bytes([1; 16]), NOW))
        .collect();
    let entries: Vec<&Entry> = entries.iter().collect();
    let written = export(&entries);
    if written.expose().split(|byte| *byte == b'\n').any(|line| line.len() > 16 << 10) {
        return;
    }
    let again = import(written.expose()).expect("what was written is read");
    assert_eq!(again.drafts.len(), entries.len(), "{:?}", again.skipped);
    for (drafted, entry) in again.drafts.iter().zip(entries) {
        assert!(drafted.draft.seed.same_as(&entry.seed), "another seed");
        // A URI that names Steam is read as one of Steam's own, whatever else it says.
        let named_steam = entry.issuer.raw() == "Steam" || entry.account.raw().starts_with("Steam:");
        assert!(named_steam || drafted.draft.otp == entry.otp, "{}", entry.title());
    }
}
