//! Whole files are tested by `vectors/interchange`; here is what they do not hold.

use serde_json::{Value, json};

use super::*;
use crate::entry::{Entry, EntryId, Label, RecoveryCode};
use crate::interchange::otpauth;
use crate::interchange::outcome::{Imported, MOST_ENTRIES, Notice};
use crate::secret::SecretBytes;

const SECRET: &str = "JBSWY3DPEHPK3PXP";

fn file(db: &Value) -> Vec<u8> {
    json!({ "version": 1, "header": { "slots": null, "params": null }, "db": db }).to_string().into_bytes()
}

fn database(entries: &Value) -> Value {
    json!({ "version": 3, "entries": entries, "groups": [{ "uuid": "g", "name": "Group" }, 5] })
}

fn plain(bytes: &[u8]) -> Result<Imported, ImportError> {
    match open(bytes)? {
        Source::Plain(imported) => Ok(imported),
        Source::Sealed(_) => panic!("it is not encrypted"),
    }
}

fn with_info(kind: &str, info: Value) -> Value {
    json!({ "type": kind, "name": "n", "issuer": "i", "info": info })
}

/// Entries whose "random" bytes count up, so that a test can be repeated.
fn exported(entries: &[&Entry], passphrase: Option<&str>) -> SecretBytes {
    let mut next = 0_u8;
    let mut random = |bytes: &mut [u8]| {
        for byte in bytes {
            next = next.wrapping_add(1);
            *byte = next;
        }
    };
    let passphrase = passphrase.map(|text| SecretText::new(text.to_owned()));
    export(entries, passphrase.as_ref(), &mut random).unwrap()
}

fn entry(uri: &str) -> Entry {
    Entry::from_draft(otpauth::parse(uri).unwrap().0, EntryId::from_bytes([1; 16]), 0)
}

#[test]
fn a_bad_entry_costs_itself_alone_and_says_why() {
    let good = json!({ "secret": SECRET, "algo": "SHA1", "digits": 6, "period": 30 });
    let with = |name: &str, value: Value| {
        let mut info = good.clone();
        info[name] = value;
        with_info("totp", info)
    };
    let entries = json!([
        with_info("totp", good.clone()),
        with("secret", json!("")),
        with("secret", json!("JBSW1")),
        with("digits", json!(0)),
        with("digits", json!("6")),
        with("period", json!(0)),
        with("algo", json!("SHA3")),
        with_info("hotp", good.clone()),
        with_info("yandex", good.clone()),
        { "type": "totp", "name": "n" },
        7,
        null,
        with("algo", Value::Null),
    ]);
    let imported = plain(&file(&database(&entries))).unwrap();
    let taken: Vec<usize> = imported.drafts.iter().map(|drafted| drafted.position).collect();
    assert_eq!(taken, [1, 13]);
    let reasons: Vec<String> =
        imported.skipped.iter().map(|skipped| format!("{} {}", skipped.position, skipped.reason)).collect();
    assert_eq!(
        reasons,
        [
            "2 its secret cannot be used: the seed is empty",
            "3 its secret cannot be used: character 5 is not base32 (letters A to Z and digits 2 to 7); 1 may be the letter I or L",
            "4 the number of digits is missing or not valid",
            "5 the number of digits is missing or not valid",
            "6 the period is missing or not valid",
            "7 its algorithm \"SHA3\" is not supported",
            "8 the counter is missing or not valid",
            "9 its type \"yandex\" is not supported",
            "10 info is missing or not valid",
            "11 it does not say which type of code it is",
            "12 it does not say which type of code it is",
        ]
    );
    assert_eq!(imported.notices, [Notice::UnsupportedTypes]);
}

#[test]
fn md5_of_an_old_fault_is_read_as_sha1_with_a_warning() {
    let info = json!({ "secret": SECRET, "algo": "MD5", "digits": 6, "period": 30 });
    let imported = plain(&file(&database(&json!([with_info("totp", info)])))).unwrap();
    assert_eq!(imported.drafts[0].draft.otp, crate::otp::Otp::COMMON);
    let warnings: Vec<&str> = imported.drafts[0].warnings.iter().map(|warning| warning.name()).collect();
    assert_eq!(warnings, ["md5-read-as-sha1", "short-seed"]);
}

#[test]
fn a_newer_version_is_called_one() {
    let mut newer = json!({ "version": 2, "header": {}, "db": {} });
    let error = open(newer.to_string().as_bytes()).unwrap_err();
    assert_eq!(error.to_string(), "version 2 of an Aegis file is not supported");
    newer["version"] = json!(1);
    newer["db"] = json!({ "version": 4, "entries": [] });
    let error = open(newer.to_string().as_bytes()).unwrap_err();
    assert_eq!(error.to_string(), "version 4 of an Aegis database is not supported");
}

#[test]
fn what_is_exported_comes_in_again_plain_and_encrypted() {
    let uris = [
        "otpauth://totp/A%26B:%22q%22%20%5C%20%E9%B8%AD?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&algorithm=SHA512&digits=10&period=15",
        "otpauth://hotp/H:h?secret=JBSWY3DPEHPK3PXP&counter=18446744073709551615",
        "otpauth://steam/Steam:g?secret=JRZCL47CMXVOQMNPZR2F7J4RGI",
    ];
    let mut entries: Vec<Entry> = uris.iter().map(|uri| entry(uri)).collect();
    entries[0].tags = vec![Label::new("Work"), Label::new("Other \u{202e} tag")];
    entries[0].note = "two\nlines".to_owned();
    entries[1].tags = vec![Label::new("Work")];
    entries[1].favourite = true;
    let borrowed: Vec<&Entry> = entries.iter().collect();
    for passphrase in [None, Some("pass")] {
        let bytes = exported(&borrowed, passphrase);
        assert_eq!(registry::detect(bytes.expose()).unwrap().id, "aegis");
        let imported = match open(bytes.expose()).unwrap() {
            Source::Plain(imported) => imported,
            Source::Sealed(sealed) => {
                assert_eq!(sealed.cost(), "32 MiB");
                assert!(!String::from_utf8_lossy(bytes.expose()).contains("JBSWY3DP"));
                sealed.open(&SecretText::new("pass".to_owned())).unwrap()
            }
        };
        assert_eq!((imported.drafts.len(), imported.skipped.len()), (3, 0));
        for (drafted, entry) in imported.drafts.iter().zip(&entries) {
            let draft = &drafted.draft;
            assert_eq!((&draft.issuer, &draft.account), (&entry.issuer, &entry.account));
            assert_eq!((draft.otp, draft.favourite), (entry.otp, entry.favourite));
            assert_eq!((&draft.tags, &draft.note), (&entry.tags, &entry.note));
            assert!(draft.seed.same_as(entry.seed().unwrap()));
        }
    }
}

#[test]
fn an_export_has_every_field_that_strict_readers_ask_for() {
    // Nine symbols: Aegis' own base32 decoder refuses them, so that they are written anew.
    let odd = entry("otpauth://totp/a?secret=JBSWY3DPE");
    let bytes = exported(&[&odd], None);
    let file: Value = serde_json::from_slice(bytes.expose()).unwrap();
    assert_eq!(file["header"], json!({ "slots": null, "params": null }));
    let listed = &file["db"]["entries"][0];
    for field in ["type", "uuid", "name", "issuer", "note", "favorite", "icon", "info", "groups"] {
        assert!(listed.get(field).is_some(), "{field}");
    }
    assert_eq!(listed["info"], json!({ "secret": "JBSWY3DP", "algo": "SHA1", "digits": 6, "period": 30 }));
    let uuid = listed["uuid"].as_str().unwrap();
    assert_eq!((uuid.len(), uuid.chars().nth(14)), (36, Some('4')));
}

#[test]
fn a_wrong_passphrase_and_a_damaged_database_are_told_apart() {
    let entry = entry("otpauth://totp/a?secret=JBSWY3DPEHPK3PXP");
    let bytes = exported(&[&entry], Some("right"));
    let sealed = |file: &Value| match open(file.to_string().as_bytes()).unwrap() {
        Source::Sealed(sealed) => sealed,
        Source::Plain(_) => panic!("it is encrypted"),
    };
    let mut file: Value = serde_json::from_slice(bytes.expose()).unwrap();
    let error = sealed(&file).open(&SecretText::new("wrong".to_owned())).unwrap_err();
    assert_eq!(error, ImportError::WrongPassphrase);
    file["header"]["params"]["tag"] = json!("00".repeat(16));
    let error = sealed(&file).open(&SecretText::new("right".to_owned())).unwrap_err();
    assert!(matches!(error, ImportError::Damaged { .. }), "{error}");
    file["header"]["slots"][0]["repaired"] = json!(false);
    let error = sealed(&file).open(&SecretText::new("x".repeat(65))).unwrap_err();
    assert!(matches!(error, ImportError::Unsupported { .. }), "{error}");
}

#[test]
fn a_header_that_asks_for_too_much_is_refused_before_any_work() {
    let entry = entry("otpauth://totp/a?secret=JBSWY3DPEHPK3PXP");
    let good: Value = serde_json::from_slice(exported(&[&entry], Some("p")).expose()).unwrap();
    let refused = |change: &dyn Fn(&mut Value)| {
        let mut file = good.clone();
        change(&mut file["header"]["slots"]);
        open(file.to_string().as_bytes()).unwrap_err()
    };
    let too_costly = |error: ImportError| matches!(error, ImportError::TooCostly { .. });
    assert!(too_costly(refused(&|slots| slots[0]["n"] = json!(1_u64 << 20 | 1 << 19))));
    assert!(too_costly(refused(&|slots| slots[0]["n"] = json!(1_u64 << 63))));
    // Few but wide blocks, of which every lane holds one.
    assert!(too_costly(refused(&|slots| {
        slots[0]["n"] = json!(2);
        slots[0]["r"] = json!(1 << 21);
        slots[0]["p"] = json!(16);
    })));
    // Sixteen slots, each of them lawful.
    assert!(too_costly(refused(&|slots| {
        slots[0]["n"] = json!(1 << 19);
        *slots = Value::Array(vec![slots[0].clone(); 16]);
    })));
    for error in [
        refused(&|slots| slots[0]["p"] = json!(17)),
        refused(&|slots| *slots = Value::Array(vec![slots[0].clone(); 17])),
        refused(&|slots| slots[0]["type"] = json!(2)),
    ] {
        assert!(matches!(error, ImportError::Unsupported { .. }), "{error}");
    }
    for (field, value) in [("n", 0), ("n", 1), ("n", 3), ("r", 0), ("p", 0)] {
        let error = refused(&|slots| slots[0][field] = json!(value));
        assert!(matches!(error, ImportError::Damaged { .. }), "{field} {value}: {error}");
    }
}

#[test]
fn a_file_that_would_fill_the_memory_is_refused() {
    let many = format!("[{}0]", "0,".repeat(MOST_ENTRIES));
    let db = format!(r#"{{"version":1,"header":{{}},"db":{{"version":1,"entries":{many}}}}}"#);
    assert_eq!(open(db.as_bytes()).unwrap_err(), ImportError::TooLarge);
    // One long name of a group, meant by a thousand entries.
    let mut entry = with_info("totp", json!({ "secret": SECRET, "digits": 6, "period": 30 }));
    entry["groups"] = json!(["g"]);
    let db = json!({
        "version": 3, "entries": vec![entry; 1000], "groups": [{ "uuid": "g", "name": "x".repeat(100_000) }],
    });
    assert_eq!(open(&file(&db)).unwrap_err(), ImportError::TooLarge);
    assert_eq!(open(&vec![b' '; json::LARGEST_FILE + 1]).unwrap_err(), ImportError::TooLarge);
}

#[test]
fn deep_nesting_is_refused_and_costs_only_the_entry_it_is_in() {
    let deep = format!("{}{}", "[".repeat(100_000), "]".repeat(100_000));
    let good = with_info("totp", json!({ "secret": SECRET, "digits": 6, "period": 30 }));
    let db = format!(r#"{{"version":1,"header":{{}},"db":{{"version":1,"entries":[{good},{deep}]}}}}"#);
    let imported = plain(db.as_bytes()).unwrap();
    assert_eq!((imported.drafts.len(), imported.skipped.len()), (1, 1));
    assert_eq!(imported.skipped[0].reason.to_string(), "the whole entry is missing or not valid");
}

#[test]
fn no_secret_is_in_what_is_reported() {
    let info =
        json!({ "secret": "KRUGKIDROVUWG2ZA1", "algo": "KRUGKIDROVUWG2ZA", "digits": 6, "period": 30 });
    let entries = json!([
        with_info("totp", info.clone()),
        with_info("KRUGKIDROVUWG2ZA", info),
        with_info("totp", json!({ "secret": "KRUGKIDROVUWG2ZA", "algo": "KRUGKIDROVUWG2ZA", "digits": 6 })),
    ]);
    let imported = plain(&file(&database(&entries))).unwrap();
    assert_eq!(imported.skipped.len(), 3);
    assert!(!format!("{imported:?}").contains("KRUGKIDROVUWG2ZA"));
    let cut = br#"{"version":1,"header":{},"db":{"secret":"KRUGKIDROVUWG2ZA","version":"#;
    let error = open(cut).unwrap_err();
    assert_eq!(error.to_string(), format!("the file is damaged: line 1, column {}", cut.len()));
}

#[test]
fn what_the_format_cannot_hold_is_named() {
    let mut rich = entry("otpauth://totp/Steam%20fan:a?secret=JBSWY3DPEHPK3PXP&color=ff0000");
    rich.recovery_codes = vec![RecoveryCode { code: SecretText::new("1234".to_owned()), used: None }];
    rich.privileged = true;
    rich.tags = vec![Label::new("t")];
    let aegis = registry::by_id("aegis").unwrap();
    let lost = registry::lossy(aegis.export.unwrap(), &[&rich]);
    assert_eq!(lost, ["recovery codes (1)", "privileged marks (1)", "further URI parameters (1)"]);
    let list = registry::by_id("otpauth").unwrap();
    assert_eq!(
        registry::lossy(list.export.unwrap(), &[&rich]),
        ["tags (1)", "recovery codes (1)", "privileged marks (1)"]
    );
    assert!(
        registry::lossy(aegis.export.unwrap(), &[&entry("otpauth://totp/a?secret=JBSWY3DPEHPK3PXP")])
            .is_empty()
    );
}
