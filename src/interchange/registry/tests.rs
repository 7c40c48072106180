use proptest::prelude::*;

use super::*;

#[test]
fn the_table_is_in_alphabetical_order() {
    assert!(FORMATS.is_sorted_by_key(|format| format.id));
}

#[test]
fn what_is_recognised_and_not_read_is_named() {
    for (bytes, words) in [
        (&b""[..], "the file is empty"),
        (b" \n", "the file is empty"),
        (b"\x89LFB\r\n\x1a\n\x01", "it is a Lifeboat vault or bundle"),
        (b"\x89PNG\r\n\x1a\n", "it is a picture"),
        (b"PK\x03\x04..", "it is a zip archive"),
        (b"-----BEGIN PGP MESSAGE-----\n", "it is encrypted with PGP"),
        (b"\x85\x01\x0c\x03.\xe5\xcd\xce", "it is encrypted with PGP"),
        (b"\x8c\x0d\x04\x09\x03\x02k&", "it is encrypted with PGP"),
        (br#"{"a":1}"#, "it is a JSON object"),
        (br#"{"a":"#, "it looks like JSON, and is damaged or cut off"),
        (b"[]", "it is a JSON list"),
        (b"hello", "it is text"),
        (b"abcdefghijklmnopqrstuvwxyz012345", "it is text"),
        (b"hello, dear, friend\nand others", "it is text"),
        (b"url,username,password\nhttps://x,ana,pw,more\n", "it is a table"),
        (b"Titel;Name;Kennwort", "it is a table"),
        (b"\x00\xff\xfe", "it is binary"),
    ] {
        let error = detect(bytes).unwrap_err().to_string();
        assert!(error.starts_with(words), "{error}");
    }
}

#[test]
fn a_damaged_aegis_file_is_recognised_so_that_the_damage_can_be_named() {
    let cut = br#"{"version":1,"header":{"slots":null},"db":{"version":3,"entr"#;
    let format = detect(cut).unwrap();
    assert_eq!(format.id, "aegis");
    let error = open(format, cut).unwrap_err();
    assert_eq!(error.to_string(), format!("the file is damaged: line 1, column {}", cut.len()));
}

#[test]
fn a_million_open_brackets_are_refused() {
    for bracket in ["[", "{\"a\":", "{\"header\":{},\"db\":[["] {
        let nested = bracket.repeat(1_000_000);
        if let Ok(format) = detect(nested.as_bytes()) {
            assert!(open(format, nested.as_bytes()).is_err());
        }
        for format in FORMATS {
            // Whatever the person says it is.
            drop(open(format, nested.as_bytes()));
        }
    }
}

const PLAIN: &[u8] = include_bytes!("../../../vectors/interchange/aegis/v3-plain.json");
const SEALED: &[u8] = include_bytes!("../../../vectors/interchange/aegis/v3-encrypted.json");
const EXPORT: &[u8] = include_bytes!("../../../vectors/interchange/google/v1.txt");
const LIST: &[u8] = include_bytes!("../../../vectors/interchange/otpauth/list.txt");

const STREAM: &[u8] = include_bytes!("../../../vectors/interchange/freeotp/v2-long-texts.xml");
const PREFERENCES: &[u8] = include_bytes!("../../../vectors/interchange/authy/prefs-encrypted.xml");
const TABLE: &[u8] = include_bytes!("../../../vectors/interchange/bitwarden/authenticator.csv");
const ARCHIVE: &[u8] = include_bytes!("../../../vectors/interchange/raivo/export-ae2.zip");

proptest! {
    #![proptest_config(ProptestConfig { cases: 512, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_changed_file_never_panics(
        file in prop::sample::select(vec![PLAIN, SEALED, EXPORT, LIST, STREAM, PREFERENCES, TABLE, ARCHIVE]),
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..8),
        end in any::<prop::sample::Index>(),
        cut in any::<bool>(),
    ) {
        let mut bytes = file.to_vec();
        for (at, value) in changes {
            let at = at.index(bytes.len());
            bytes[at] = value;
        }
        if cut {
            bytes.truncate(end.index(bytes.len()));
        }
        if let Ok(format) = detect(&bytes) {
            drop(open(format, &bytes));
        }
        for format in FORMATS {
            drop(open(format, &bytes));
        }
    }

    #[test]
    fn no_bytes_make_recognising_panic(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        if let Ok(recognised) = detect(&bytes) {
            prop_assert!(by_id(recognised.id).is_some());
        }
        for format in FORMATS {
            drop(open(format, &bytes));
        }
    }
}

#[test]
fn brackets_without_end_are_no_format_and_those_in_a_text_mean_nothing() {
    for bracket in ["{\"a\":", "["] {
        assert!(!Look::new(bracket.repeat(1_000).as_bytes()).json_object_with(&["a"], |_| Ok(true)));
        assert!(detect(bracket.repeat(1_000).as_bytes()).is_err());
    }
    let text = format!("{{\"note\":\"{}\\\"{}\",\"a\":1}}", "{".repeat(500), "[".repeat(500));
    assert!(Look::new(text.as_bytes()).json_object_with(&["a"], |_| Ok(true)));
}
