use super::*;
use crate::entry::Label;
use crate::secret::SecretText;

#[test]
fn a_code_in_json_comes_with_its_tags_and_note_and_one_in_the_trash_stays_there() {
    let text = r#"{"items":[
        {"rawData":"otpauth://totp/AWS:root?secret=JBSWY3DPEHPK3PXP&issuer=AWS","display":{"tags":["work"],"note":"n","pinned":true}},
        {"rawData":"otpauth://totp/B:b?secret=JBSWY3DPEHPK3PXP","display":{"trashed":true}},
        {"rawData":"nonsense"}]}"#;
    let Ok(Source::Plain(imported)) = open(text.as_bytes()) else { panic!("it can be read") };
    let draft = &imported.drafts[0].draft;
    assert_eq!((draft.note.as_str(), draft.favourite), ("n", true));
    assert_eq!(draft.tags.iter().map(Label::raw).collect::<Vec<_>>(), ["work"]);
    assert_eq!((imported.drafts.len(), imported.skipped.len(), imported.n_trashed), (1, 1, 1));
}

#[test]
fn what_stands_in_a_uri_of_json_is_taken_where_nothing_stands_beside_it() {
    let uri = "otpauth://totp/A:a?secret=JBSWY3DPEHPK3PXP&codeDisplay=%7B%22note%22%3A%22in%20it%22%7D";
    let text =
        format!(r#"{{"items":[{{"rawData":"{uri}"}},{{"rawData":"{uri}","display":{{"note":"beside"}}}}]}}"#);
    let Ok(Source::Plain(imported)) = open(text.as_bytes()) else { panic!("it can be read") };
    let notes: Vec<&str> = imported.drafts.iter().map(|one| one.draft.note.as_str()).collect();
    assert_eq!(notes, ["in it", "beside"]);
    assert!(imported.drafts.iter().all(|one| one.draft.uri_parameters.is_empty()));
}

#[test]
fn a_line_of_the_plain_text_comes_with_its_tags_and_note() {
    let line = "otpauth://totp/AWS:root?secret=JBSWY3DPEHPK3PXP&codeDisplay=%7B%22note%22%3A%22n%22%2C%22tags%22%3A%5B%22a%22%5D%7D";
    let imported = otpauth_list::import(line.as_bytes()).expect("a list");
    let draft = &imported.drafts[0].draft;
    assert_eq!((draft.note.as_str(), draft.tags[0].raw()), ("n", "a"));
    assert!(draft.uri_parameters.is_empty());
    let trashed = line.replace("%22note%22%3A%22n%22", "%22trashed%22%3Atrue");
    let imported = otpauth_list::import(trashed.as_bytes()).expect("a list");
    assert_eq!((imported.drafts.len(), imported.n_trashed), (0, 1));
}

#[test]
fn more_memory_than_is_allowed_is_refused_and_a_wrong_password_is_called_one() {
    let file = |memory: &str, message: &str| {
        format!(
            r#"{{"version":1,"kdfParams":{{"memLimit":{memory},"opsLimit":1,"salt":"AAAAAAAAAAAAAAAAAAAAAA=="}},
                "encryptedData":"{message}","encryptionNonce":"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"}}"#
        )
    };
    let costly = file("4294967296", "AAAA");
    assert!(matches!(open(costly.as_bytes()), Err(ImportError::TooCostly { .. })));
    for message in ["", "AAAA", "AAAAAAAAAAAAAAAAAAAAAAAAAAAA"] {
        let Ok(Source::Sealed(sealed)) = open(file("10240", message).as_bytes()) else { panic!("encrypted") };
        let error = sealed.open(&SecretText::new("x".to_owned())).unwrap_err();
        assert_eq!(error, ImportError::WrongPassphrase, "{message}");
    }
}
