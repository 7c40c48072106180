use super::*;
use crate::interchange::registry::detect;
use crate::otp::Otp;

fn read(bytes: &str) -> Imported {
    match open(bytes.as_bytes()).expect("it can be read") {
        Source::Plain(imported) => imported,
        Source::Sealed(_) => panic!("it is not encrypted"),
    }
}

#[test]
fn every_form_of_a_code_is_taken_and_logins_without_one_are_counted() {
    let imported = read(
        r#"{"encrypted":false,"folders":[{"id":"f","name":"Work"}],"items":[
            {"type":1,"name":"AWS","folderId":"f","favorite":true,"notes":"n","login":{"username":"root","totp":"jbsw y3dp ehpk 3pxp"}},
            {"type":1,"name":"Steam","login":{"username":"ana","totp":"steam://JBSWY3DPEHPK3PXP"}},
            {"type":1,"name":"X","login":{"username":"u","totp":"otpauth://totp/?secret=JBSWY3DPEHPK3PXP"}},
            {"type":1,"name":"none","login":{"username":"u"}},
            {"type":2,"name":"note","login":null}]}"#,
    );
    let titles: Vec<String> = imported.drafts.iter().map(|one| one.draft.title()).collect();
    assert_eq!(titles, ["AWS:root", "Steam:ana", "X:u"]);
    let first = &imported.drafts[0].draft;
    assert_eq!((first.note.as_str(), first.favourite, first.tags[0].raw()), ("n", true, "Work"));
    assert_eq!(imported.drafts[1].draft.otp, Otp::Steam);
    assert_eq!(imported.notices, [Notice::WithoutCodes(2)]);
}

#[test]
fn an_export_of_before_2021_does_not_say_that_it_is_in_clear_and_a_list_of_other_items_is_none() {
    let old = r#"{"folders":[],"items":[{"type":1,"name":"X","login":{"username":"u","totp":"JBSWY3DPEHPK3PXP"}}]}"#;
    assert_eq!(detect(old.as_bytes()).map(|format| format.id), Ok("bitwarden"));
    assert_eq!(read(old).drafts.len(), 1);
    let another = old.replace("folders", "drawers");
    assert!(detect(another.as_bytes()).is_err());
}

#[test]
fn an_export_for_the_account_alone_says_what_to_choose_instead() {
    let text = r#"{"encrypted":true,"encKeyValidation_DO_NOT_EDIT":"2.a|b|c","items":[]}"#;
    let error = open(text.as_bytes()).unwrap_err();
    assert!(error.to_string().contains("password protected"), "{error}");
}

#[test]
fn rows_of_bitwarden_authenticator_are_read_though_a_comma_has_moved_their_fields() {
    let imported = read(
        "folder,favorite,type,name,login_uri,login_totp\n\
         ,,1,Acme, Inc,,otpauth://totp/a?secret=JBSWY3DPEHPK3PXP&issuer=Acme,Acme, Inc,30,6\n",
    );
    assert_eq!(imported.drafts.len(), 1, "{:?}", imported.skipped);
}

#[test]
fn commas_and_quotation_marks_of_bitwarden_authenticator_are_letters() {
    let imported = read(
        "folder,favorite,type,name,login_uri,login_totp\n\
         ,,1,Acme, Inc, Ltd,,steam://JBSWY3DPEHPK3PXP,Acme, Inc, Ltd,30,5\n\
         ,,1,\"Half,,otpauth://totp/%22Half%3Ax?secret=JBSWY3DPEHPK3PXP&issuer=%22Half,\"Half,30,6\n",
    );
    let titles: Vec<String> = imported.drafts.iter().map(|one| one.draft.title()).collect();
    assert_eq!(titles, ["Acme, Inc, Ltd", "\"Half:x"]);
}

#[test]
fn labels_of_bitwarden_authenticator_are_no_html_and_those_of_a_vault_are_what_they_are() {
    let items = r#""items":[{"type":1,"name":"R&D","login":{"totp":"otpauth://totp/R%26amp%3BD%3Aa%26amp%3Blt%3Bb?secret=JBSWY3DPEHPK3PXP&issuer=R%26D"}}]"#;
    for (start, account) in [("", "a&lt;b"), (r#""folders":[],"#, "a&amp;lt;b")] {
        let imported = read(&format!(r#"{{"encrypted":false,{start}{items}}}"#));
        let draft = &imported.drafts[0].draft;
        assert_eq!((draft.issuer.raw(), draft.account.raw()), ("R&D", account));
    }
}

#[test]
fn lines_above_the_heading_of_a_table_are_not_the_heading() {
    let imported = read(
        " \n\nfolder,favorite,type,name,notes,fields,reprompt,login_uri,login_username,login_password,login_totp\n\
         ,,login,AWS,,,0,,root,pw,JBSWY3DPEHPK3PXP\n",
    );
    assert_eq!(imported.drafts.len(), 1, "{:?}", imported.notices);
}

#[test]
fn a_quoted_field_of_several_lines_stays_one_row() {
    let imported = read(
        "folder,favorite,type,name,notes,fields,reprompt,login_uri,login_username,login_password,login_totp\n\
         Work,1,login,AWS,\"two\nlines, \"\"quoted\"\"\",,0,,root,pw,JBSWY3DPEHPK3PXP\n",
    );
    let draft = &imported.drafts[0].draft;
    assert_eq!(draft.note, "two\nlines, \"quoted\"");
    assert!(draft.favourite && draft.tags[0].raw() == "Work");
}

#[test]
fn a_key_derivation_past_what_is_allowed_is_refused_before_it_runs() {
    let file = |kdf: &str| {
        let field = "2.AAAAAAAAAAAAAAAAAAAAAA==|AAAAAAAAAAAAAAAAAAAAAA==|AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=";
        format!(
            r#"{{"encrypted":true,"passwordProtected":true,"salt":"c2FsdA==",{kdf},"encKeyValidation_DO_NOT_EDIT":"{field}","data":"{field}"}}"#
        )
    };
    let costly = file(r#""kdfType":1,"kdfIterations":3,"kdfMemory":4096,"kdfParallelism":4"#);
    assert!(matches!(open(costly.as_bytes()), Err(ImportError::TooCostly { .. })));
    let many = file(r#""kdfType":0,"kdfIterations":4000000000"#);
    assert!(matches!(open(many.as_bytes()), Err(ImportError::Unsupported { .. })));
    let usual = file(r#""kdfType":0,"kdfIterations":1000"#);
    let Ok(Source::Sealed(sealed)) = open(usual.as_bytes()) else { panic!("it is encrypted") };
    let error = sealed.open(&SecretText::new("x".to_owned())).unwrap_err();
    assert_eq!(error, ImportError::WrongPassphrase);
}
