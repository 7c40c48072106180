use super::*;
use crate::otp::Otp;
use crate::secret::SecretText;

fn read(text: &str) -> Imported {
    match open(text.as_bytes()).expect("it can be read") {
        Source::Plain(imported) => imported,
        Source::Sealed(_) => panic!("it is not encrypted"),
    }
}

fn file(services: &str) -> String {
    format!(r#"{{"schemaVersion":4,"services":[{services}],"groups":[{{"id":"AB","name":"Work"}}]}}"#)
}

#[test]
fn a_service_is_taken_with_its_group_as_a_tag() {
    let imported = read(&file(
        r#"{"name":"AWS","secret":"JBSWY3DPEHPK3PXP","groupId":"ab",
            "otp":{"account":"root","issuer":"Amazon","digits":8,"period":60,"algorithm":"SHA256","tokenType":"TOTP"}}"#,
    ));
    let draft = &imported.drafts[0].draft;
    assert_eq!((draft.issuer.raw(), draft.account.raw()), ("AWS", "root"));
    assert_eq!(draft.tags[0].raw(), "Work");
    assert_eq!((draft.otp.digits(), draft.otp.period().map(crate::otp::Period::seconds)), (8, Some(60)));
}

#[test]
fn the_oldest_schema_has_little_and_the_usual_values_hold() {
    let text = r#"{"schemaVersion":1,"services":[{"name":"","secret":"JBSWY3DPEHPK3PXP","otp":{"issuer":"AWS","label":"root"}}]}"#;
    let imported = read(text);
    let draft = &imported.drafts[0].draft;
    assert_eq!((draft.issuer.raw(), draft.account.raw(), draft.otp), ("AWS", "root", Otp::COMMON));
}

#[test]
fn a_bad_service_costs_itself_alone_and_is_named_without_its_seed() {
    let imported = read(&file(
        r#"{"name":"A","secret":"JBSWY3DPEHPK3PXP","otp":{"algorithm":"SHA384"}},
           {"name":"B","secret":"JBSWY3DPEHPK3PXP","otp":{"tokenType":"YUBI"}},
           {"name":"C","otp":{}}, 7, {"name":"D","secret":"1","otp":{}},
           {"name":"E","secret":"JBSWY3DPEHPK3PXP","otp":{"period":0}},
           {"name":"F","secret":"JBSWY3DPEHPK3PXP","otp":{"tokenType":"HOTP","counter":3}}"#,
    ));
    assert_eq!(imported.drafts.len(), 1);
    assert_eq!(imported.drafts[0].draft.otp.counter(), Some(3));
    let told: Vec<String> = imported
        .skipped
        .iter()
        .map(|one| format!("{} {}: {}", one.position, one.title.shown(), one.reason))
        .collect();
    assert_eq!(told.len(), 6, "{told:?}");
    assert!(told.iter().all(|line| !line.contains("JBSWY3DP")), "{told:?}");
    assert_eq!(told[0], "1 A: its algorithm \"SHA384\" is not supported");
    assert_eq!(imported.notices, [Notice::UnsupportedTypes]);
}

#[test]
fn a_newer_schema_is_refused_and_what_is_cut_off_is_damaged() {
    let newer = file("").replace(":4", ":5");
    assert!(matches!(open(newer.as_bytes()), Err(ImportError::Unsupported { .. })));
    let whole = file("");
    let cut = whole.get(..whole.len() - 3).unwrap();
    assert!(matches!(open(cut.as_bytes()), Err(ImportError::Damaged { .. })));
    assert!(recognises(&Look::new(cut.as_bytes())), "so that the person hears that it is damaged");
}

#[test]
fn an_encrypted_text_that_is_not_whole_is_damaged() {
    for text in
        ["a", "AAAA:AAAA", "AAAA:AAAA:AAAA", "AAAA:AAAA:AAAAAAAAAAAAAAAA:AAAA", "?:AAAA:AAAAAAAAAAAAAAAA"]
    {
        let file = format!(r#"{{"schemaVersion":4,"services":[],"servicesEncrypted":"{text}"}}"#);
        assert!(matches!(open(file.as_bytes()), Err(ImportError::Damaged { .. })), "{text}");
    }
    let short = r#"{"schemaVersion":4,"services":[],"servicesEncrypted":"AAAA:AAAA:AAAAAAAAAAAAAAAA"}"#;
    let Ok(Source::Sealed(sealed)) = open(short.as_bytes()) else { panic!("it is encrypted") };
    let error = sealed.open(&SecretText::new("x".to_owned())).unwrap_err();
    assert_eq!(error, ImportError::WrongPassphrase);
}
