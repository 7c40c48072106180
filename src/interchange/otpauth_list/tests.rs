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

/// Three parts of an export of version 1 with an account each, and one of another export.
const PARTS: [&str; 4] = [
    "otpauth-migration://offline?data=Cg8KCkhlbGxvId6tvu8SAWEQARgDIAAoBw",
    "otpauth-migration://offline?data=Cg8KCkhlbGxvId6tvu8SAWIQARgDIAEoBw",
    "otpauth-migration://offline?data=Cg8KCkhlbGxvId6tvu8SAWMQARgDIAIoBw",
    "otpauth-migration://offline?data=Cg8KCkhlbGxvId6tvu8SAWQQARgCIAEoCA",
];

fn told(imported: &Imported) -> Vec<String> {
    imported.notices.iter().map(ToString::to_string).collect()
}

#[test]
fn parts_of_an_export_come_in_any_order_and_missing_ones_are_named() {
    let [first, second, third, other] = PARTS;
    let of = |uris: &[&str]| import_migration(uris.join("\n").as_bytes()).unwrap();
    let whole = of(&[third, first, second]);
    let accounts: Vec<&str> = whole.drafts.iter().map(|drafted| drafted.draft.account.raw()).collect();
    assert_eq!(accounts, ["c", "a", "b"]);
    assert_eq!((positions(&whole), told(&whole)), (vec![1, 2, 3], Vec::new()));
    assert_eq!(told(&of(&[third, first])), ["part 2 of 3 is not in this file: import that QR code too"]);
    assert_eq!(
        told(&of(&[second, other])),
        [
            "parts 1, 3 of 3 are not in this file: import those QR codes too",
            "part 1 of 2 is not in this file: import that QR code too"
        ]
    );
    // Two thousand million parts.
    let huge = "otpauth-migration://offline?data=GP////8HIAA";
    let words = "parts 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13 and 2147483634 more of 2147483647 are not in this file: \
                 import those QR codes too";
    assert_eq!(told(&of(&[huge])), [words]);
}

#[test]
fn a_part_that_was_read_twice_is_taken_once() {
    let [first, second, third, _] = PARTS;
    let imported = import_migration([first, second, first, third].join("\r\n").as_bytes()).unwrap();
    assert_eq!(imported.drafts.len(), 3);
    assert_eq!(told(&imported), ["a QR code that was there more than once was read once"]);
}

#[test]
fn codes_of_an_export_and_other_uris_stand_in_one_list() {
    let text = format!("{GOOD}\n{}\notpauth-migration://offline?data=////\n{GOOD}&digits=99\n", PARTS[0]);
    let lines = import(text.as_bytes()).unwrap();
    assert_eq!(positions(&lines), [1, 2]);
    let accounts = import_migration(text.as_bytes()).unwrap();
    assert_eq!(positions(&accounts), [1, 2]);
    let skipped: Vec<(usize, &str, String)> = accounts
        .skipped
        .iter()
        .map(|skipped| (skipped.position, skipped.title.raw(), skipped.reason.to_string()))
        .collect();
    let cut = "the export is damaged or cut off here".to_owned();
    let digits = "the number of digits is missing or not valid".to_owned();
    assert_eq!(skipped, [(3, "line 3", cut), (4, "a", digits)]);
}

#[test]
fn more_accounts_than_anybody_has_are_refused() {
    // Four thousand empty accounts a line, each line another.
    let mut text = String::new();
    for n in 0..=MOST_ENTRIES / 4_000 {
        let mut message = vec![0x28, u8::try_from(n).unwrap()];
        message.extend(b"\x0a\x00".repeat(4_000));
        text.push_str("otpauth-migration://offline?data=");
        text.push_str(&data_encoding::BASE64.encode(&message));
        text.push('\n');
    }
    assert_eq!(import_migration(text.as_bytes()).unwrap_err(), ImportError::TooLarge);
}
