use super::*;

fn read(text: &str) -> Imported {
    match open(text.as_bytes()).expect("it can be read") {
        Source::Plain(imported) => imported,
        Source::Sealed(_) => panic!("it is not encrypted"),
    }
}

#[test]
fn an_entry_is_taken_with_its_tags() {
    let imported = read(
        r#"[{"secret":"JBSWY3DPEHPK3PXP","issuer":"AWS","label":"root","digits":8,"type":"TOTP","algorithm":"SHA512",
            "period":60,"thumbnail":"Default","tags":["work","aws"]},
            {"secret":"JBSWY3DPEHPK3PXP","issuer":"B","label":"b","type":"HOTP","algorithm":"SHA1","digits":6,"counter":9}]"#,
    );
    let [first, second] = &imported.drafts[..] else { panic!("two entries") };
    assert_eq!((first.draft.issuer.raw(), first.draft.account.raw()), ("AWS", "root"));
    assert_eq!(first.draft.tags.iter().map(Label::raw).collect::<Vec<_>>(), ["work", "aws"]);
    assert_eq!(second.draft.otp.counter(), Some(9));
    assert!(imported.notices.is_empty());
}

#[test]
fn old_backups_have_both_names_in_the_label() {
    for (label, names) in
        [("AWS - root", ("AWS", "root")), ("AWS:root", ("AWS", "root")), ("root", ("", "root"))]
    {
        let imported = read(&format!(r#"[{{"secret":"JBSWY3DPEHPK3PXP","label":"{label}","type":"TOTP"}}]"#));
        let draft = &imported.drafts[0].draft;
        assert_eq!((draft.issuer.raw(), draft.account.raw()), names, "{label}");
    }
}

#[test]
fn what_cannot_be_used_is_named() {
    let imported = read(
        r#"[{"secret":"JBSWY3DPEHPK3PXP","issuer":"M","label":"m","type":"MOTP"}, 3,
            {"secret":"!","issuer":"A","label":"a","type":"TOTP"},
            {"issuer":"A","label":"b","type":"TOTP"}]"#,
    );
    assert!(imported.drafts.is_empty());
    assert_eq!(imported.skipped.len(), 4);
    assert_eq!(imported.notices, [Notice::UnsupportedTypes]);
}

#[test]
fn bytes_that_are_too_short_to_be_encrypted_are_damaged() {
    assert!(matches!(open(&[0; 27]), Err(ImportError::Damaged { .. })));
    let Ok(Source::Sealed(sealed)) = open(&[7; 60]) else { panic!("it may be encrypted") };
    let error = sealed.open(&crate::secret::SecretText::new("x".to_owned())).unwrap_err();
    assert_eq!(error, ImportError::OpensAsNothing);
}

#[test]
fn a_file_that_says_nothing_of_itself_says_what_was_tried_when_nothing_opens_it() {
    for length in [28, 60, 64, 500] {
        let bytes: Vec<u8> = (0..length).map(|n: u32| n.wrapping_mul(0x9e37_79b9).to_be_bytes()[0]).collect();
        assert_eq!(crate::interchange::registry::detect(&bytes).map(|format| format.id), Ok("andotp"));
        let Ok(Source::Sealed(sealed)) = open(&bytes) else { panic!("it may be encrypted") };
        assert_eq!(sealed.may_be(), Some("andotp or otpclient"));
        let error = sealed.open(&crate::secret::SecretText::new("x".to_owned())).unwrap_err();
        for tried in ["andOTP, new or old", "OTPClient 1"] {
            assert!(error.to_string().contains(tried), "{error}");
        }
    }
}

#[test]
fn types_are_read_in_any_case_since_gnome_authenticator_writes_this_list_too() {
    let imported = read(
        r#"[{"secret":"JBSWY3DPEHPK3PXP","issuer":"A","label":"a","type":"steam","algorithm":"sha1"},
            {"secret":"JBSWY3DPEHPK3PXP","issuer":"B","label":"b","type":"hotp","algorithm":"sha256","counter":3}]"#,
    );
    let kinds: Vec<&str> = imported.drafts.iter().map(|one| one.draft.otp.type_name()).collect();
    assert_eq!(kinds, ["steam", "hotp"]);
}
