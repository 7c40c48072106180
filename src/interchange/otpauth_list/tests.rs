use super::*;

const GOOD: &str = "otpauth://totp/a?secret=JBSWY3DPEHPK3PXP";

fn positions(imported: &Imported) -> Vec<usize> {
    imported.drafts.iter().map(|drafted| drafted.position).collect()
}

#[test]
fn a_bad_line_costs_itself_alone_and_is_named_by_its_number() {
    let text = format!("\u{feff}# mine\r\n\r\n{GOOD}\r\nnonsense\r\n{GOOD}&digits=99\n{GOOD}\n");
    let imported = import(text.as_bytes()).unwrap();
    assert_eq!(positions(&imported), [3, 6]);
    let skipped: Vec<(usize, String, String)> = imported
        .skipped
        .iter()
        .map(|skipped| (skipped.position, skipped.title.shown(), skipped.reason.to_string()))
        .collect();
    assert_eq!(
        skipped,
        [
            (4, String::new(), "the line is no otpauth URI".to_owned()),
            (5, "a".to_owned(), "the number of digits is missing or not valid".to_owned()),
        ]
    );
}

#[test]
fn a_line_of_several_uris_is_split_at_the_commas_between_them() {
    let text = format!("{GOOD},otpauth://totp/b,c?secret=JBSWY3DP, OTPAUTH://totp/d?secret=JBSWY3DP");
    let imported = import(text.as_bytes()).unwrap();
    let accounts: Vec<&str> = imported.drafts.iter().map(|drafted| drafted.draft.account.raw()).collect();
    assert_eq!(accounts, ["a", "b,c", "d"]);
    assert_eq!(positions(&imported), [1, 1, 1]);
}

#[test]
fn unsupported_types_and_pictures_are_told_once() {
    let text =
        format!("{GOOD}&image=x\n{GOOD}&image=y\nmotp://Mobile:user?secret=e3152afe\nmotp://b?secret=00\n");
    let imported = import(text.as_bytes()).unwrap();
    assert_eq!(imported.notices, [Notice::PicturesNotFetched, Notice::UnsupportedTypes]);
    assert_eq!(imported.skipped[0].title.raw(), "Mobile:user");
    assert_eq!(imported.skipped[0].reason.to_string(), "its type \"motp\" is not supported");
}

#[test]
fn no_secret_is_repeated_of_a_line_that_is_skipped() {
    let secret = "KRUGKIDROVUWG2ZAMJZG653O";
    for line in [
        format!("otpauth://totp/a&secret={secret}?x"),
        format!("otpauth://{secret}"),
        format!("steam://{secret}1?x"),
        format!("otpauth://totp/a?secret={secret}1"),
        format!("totp/a?secret={secret}"),
        secret.to_owned(),
    ] {
        let imported = import(line.as_bytes()).unwrap();
        assert_eq!(imported.skipped.len(), 1, "{line}");
        assert!(!format!("{imported:?}").contains(secret), "{line}");
        assert!(!imported.skipped[0].reason.to_string().contains(secret), "{line}");
    }
}

#[test]
fn what_is_no_text_and_what_is_too_large_are_refused_whole() {
    let error = import(b"otpauth://totp/a\n\xff\xfe").unwrap_err();
    assert_eq!(error, ImportError::Damaged { at: "it is not text from byte 18 on".to_owned() });
    assert_eq!(import(&vec![b'\n'; LARGEST_FILE + 1]).unwrap_err(), ImportError::TooLarge);
    assert_eq!(import("a\n".repeat(MOST_ENTRIES + 1).as_bytes()).unwrap_err(), ImportError::TooLarge);
}
