//! An export of Google Authenticator. Bytes: the message that its codes hold, put into a URI by the target, because a
//! fuzzer would not get past base64.

use data_encoding::BASE64;
use lifeboat::entry::{Entry, EntryId, Label};
use lifeboat::interchange::Imported;
use lifeboat::interchange::otpauth_list::{export, import, import_migration};
use lifeboat::interchange::otpauth_migration::{parse, split};

use super::shared::{NOW, assert_message};

pub fn run(data: &[u8]) {
    let code = BASE64.encode(data).replace('+', "%2B").replace('/', "%2F");
    let text = format!("otpauth-migration://offline?data={code}\n");
    let imported = match import_migration(text.as_bytes()) {
        Ok(imported) => imported,
        Err(error) => return assert_message(&error.to_string()),
    };
    // Each account has two bytes at least, and what is no message at all counts as one: what is read is bounded by
    // what came.
    let n_read = imported.drafts.len() + imported.skipped.len();
    assert!(n_read <= (data.len() / 2).max(1), "{n_read} accounts of {} bytes", data.len());
    taken_apart(text.trim(), &imported);
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
        assert!(drafted.draft.seed.same_as(entry.seed().expect("nothing is sealed")), "another seed");
        // A URI that names Steam before its first colon is read as one of Steam's own, whatever else it says.
        let names_steam =
            |label: &Label| label.raw().split(':').next().is_some_and(|name| name.trim() == "Steam");
        let named_steam = names_steam(&entry.issuer) || names_steam(&entry.account);
        assert!(named_steam || drafted.draft.otp == entry.otp, "{}", entry.title());
    }
}

/// Taken apart, each account is what it is among the others.
fn taken_apart(uri: &str, imported: &Imported) {
    let (Ok(part), Ok(alone)) = (parse(uri), split(uri)) else {
        assert!(parse(uri).is_err() && split(uri).is_err(), "both or none");
        return;
    };
    assert_eq!(
        (part.accounts.len(), imported.drafts.len() + imported.skipped.len()),
        (alone.len(), alone.len())
    );
    for (account, uri) in part.accounts.iter().zip(&alone) {
        // The text of one is a little longer than its share of all.
        let Ok(mut part) = parse(uri.expose()) else {
            assert!(uri.len() > 16 << 10, "one of several is read");
            continue;
        };
        let again = part.accounts.pop().expect("one account");
        assert!(part.accounts.is_empty() && part.place.of_several().is_none());
        assert_eq!(again.title, account.title);
        match (&again.draft, &account.draft) {
            (Ok((again, _)), Ok((draft, _))) => {
                assert!(again.seed.same_as(&draft.seed) && again.otp == draft.otp, "{}", draft.title());
            }
            (Err(again), Err(reason)) => assert_eq!(again, reason),
            _ => panic!("{} is good and not good", account.title.shown()),
        }
    }
}
