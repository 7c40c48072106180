use serde_json::{Value, json};

use super::*;

fn code(text: &str) -> Code {
    Code::from_text(SecretText::new(text.to_owned())).unwrap()
}

/// A minute of codes of six digits: two of it, and one on each side.
fn document() -> PassDocument {
    PassDocument {
        id: ItemId::from_bytes([0xab; 4]),
        title: Label::new("AWS:root"),
        to: Label::new("Helpdesk: J\u{f6}"),
        kind: CodeKind::Digits(Digits::SIX),
        period: Period::THIRTY,
        from: 1_800_000_000,
        until: 1_800_000_060,
        codes: ["000000", "123456", "999999", "000007"].map(code).into(),
    }
}

fn written() -> Value {
    serde_json::from_slice(encode(&document()).unwrap().expose()).unwrap()
}

#[test]
fn the_codes_are_numbers_of_twenty_bits_in_base64_and_the_keys_have_their_order() {
    let text = String::from_utf8(encode(&document()).unwrap().expose().to_vec()).unwrap();
    // 0x00000 0x1e240 0xf423f 0x00007
    let codes = BASE64.encode(&[0x00, 0x00, 0x01, 0xe2, 0x40, 0xf4, 0x23, 0xf0, 0x00, 0x07]);
    let expected = format!(
        "{{\"schema\":1,\"id\":\"abababab\",\"title\":\"AWS:root\",\"to\":\"Helpdesk: J\u{f6}\",\"type\":\"totp\",\"digits\":6,\
         \"period\":30,\"from\":1800000000,\"until\":1800000060,\"first\":59999999,\"codes\":\"{codes}\"}}"
    );
    assert_eq!(text, expected);
}

#[test]
fn every_kind_of_code_has_just_the_bits_that_it_needs() {
    let bits: Vec<u32> =
        (1..=10).map(|digits| CodeKind::Digits(Digits::new(digits).unwrap()).bits()).collect();
    assert_eq!(bits, [4, 7, 10, 14, 17, 20, 24, 27, 30, 34]);
    assert_eq!(CodeKind::Steam.bits(), 24);
}

#[test]
fn codes_of_every_length_come_out_as_they_went_in() {
    for digits in 1..=10 {
        let kind = CodeKind::Digits(Digits::new(digits).unwrap());
        for n_codes in 1..40_u64 {
            let texts: Vec<String> = (0..n_codes)
                .map(|n| n.wrapping_mul(0x9e37_79b9_7f4a_7c15) % kind.n_codes())
                .map(|number| format!("{number:0width$}", width = usize::from(digits)))
                .collect();
            let codes: Vec<Code> = texts.iter().map(|text| code(text)).collect();
            let text = packed(&codes, kind).unwrap();
            let again = unpacked(text.expose(), codes.len(), kind).unwrap();
            assert!(
                again.iter().map(Code::expose).eq(texts.iter().map(String::as_str)),
                "{digits} {n_codes}"
            );
            assert!(unpacked(text.expose(), codes.len() + 8, kind).is_none());
        }
    }
    let steam = ["747JR", "22222", "YYYYY"].map(code);
    let text = packed(&steam, CodeKind::Steam).unwrap();
    let again = unpacked(text.expose(), 3, CodeKind::Steam).unwrap();
    assert!(again.iter().map(Code::expose).eq(["747JR", "22222", "YYYYY"]));
}

#[test]
fn what_was_written_is_read_as_the_same() {
    let read = parse(encode(&document()).unwrap().expose()).unwrap();
    assert_eq!(encode(&read).unwrap().expose(), encode(&document()).unwrap().expose());
    let step = |at| TimeStep::at(at, Period::THIRTY);
    let shown = |at| read.code_of(step(at)).map(Code::expose);
    assert_eq!(shown(1_800_000_000 - 31), None);
    assert_eq!(shown(1_800_000_000 - 30), Some("000000"));
    assert_eq!(shown(1_800_000_059), Some("999999"));
    assert_eq!(shown(1_800_000_060), Some("000007"));
    assert_eq!(shown(1_800_000_090), None);
}

#[test]
fn a_writer_makes_nothing_that_a_reader_refuses() {
    let with = |change: &dyn Fn(&mut PassDocument)| {
        let mut document = document();
        change(&mut document);
        encode(&document).is_some()
    };
    assert!(with(&|_| {}));
    assert!(!with(&|document| drop(document.codes.pop())));
    assert!(!with(&|document| document.codes.push(code("123456"))));
    assert!(!with(&|document| document.codes[0] = code("12345")));
    assert!(!with(&|document| document.kind = CodeKind::Steam));
    assert!(!with(&|document| document.until = document.from));
    assert!(!with(&|document| document.to = Label::new("x".repeat(LONGEST_NAME + 1))));
}

#[test]
fn what_no_writer_makes_is_refused_by_its_field() {
    let refused = |change: &dyn Fn(&mut Value)| {
        let mut value = written();
        change(&mut value);
        match parse(value.to_string().as_bytes()) {
            Err(WireError::Field { field }) => field,
            other => panic!("{other:?}"),
        }
    };
    let set = |name: &'static str, to: Value| refused(&|value| value[name] = to.clone());
    assert_eq!(set("schema", json!(0)), "schema");
    assert_eq!(set("schema", json!("1")), "schema");
    assert_eq!(set("id", json!("ABABABAB")), "id");
    assert_eq!(set("id", json!("ab")), "id");
    assert_eq!(set("title", json!(1)), "title");
    assert_eq!(set("title", json!("x".repeat(LONGEST_NAME + 1))), "title");
    assert_eq!(set("to", json!("x".repeat(LONGEST_NAME + 1))), "title");
    assert_eq!(set("type", json!("hotp")), "type");
    assert_eq!(set("type", json!("steam")), "type");
    assert_eq!(set("digits", json!(11)), "digits");
    assert_eq!(set("digits", json!(0)), "digits");
    assert_eq!(set("digits", Value::Null), "digits");
    assert_eq!(set("digits", json!(7)), "codes");
    assert_eq!(set("period", json!(0)), "period");
    assert_eq!(set("period", json!(86_401)), "period");
    assert_eq!(set("period", json!(60)), "first");
    assert_eq!(set("from", json!(1_800_000_061)), "until");
    assert_eq!(set("from", json!(-1)), "from");
    assert_eq!(set("from", json!(29)), "until");
    assert_eq!(set("until", json!(1_800_000_060.5)), "until");
    assert_eq!(set("until", json!(1_800_000_000)), "until");
    assert_eq!(set("until", json!(1_800_000_000 + MOST_SECONDS + 1)), "until");
    assert_eq!(set("until", json!(u64::MAX)), "until");
    // A step more at either end, and one that is not at its place.
    assert_eq!(set("until", json!(1_800_000_061)), "codes");
    assert_eq!(set("from", json!(1_799_999_999)), "first");
    assert_eq!(set("first", json!(60_000_000)), "first");
    assert_eq!(set("codes", json!("")), "codes");
    assert_eq!(set("codes", json!("AAAB4kD0I/AAB===")), "codes");
    assert_eq!(set("codes", json!("!AAB4kD0I/AABw==")), "codes");
    // 0xfffff is no code of six digits.
    assert_eq!(set("codes", json!(BASE64.encode(&[0xff; 10]))), "codes");
    assert_eq!(set("more", json!(1)), "(unknown)");
    assert_eq!(set("seed", json!("JBSWY3DP")), "(unknown)");
    for name in NAMES {
        refused(&|value| drop(value.as_object_mut().unwrap().remove(name)));
    }
    assert!(matches!(parse(b"[]"), Err(WireError::NotAnObject)));
    assert!(parse(b"").is_err() && parse(b"{}{}").is_err());
    let twice = written().to_string().replacen("\"id\"", "\"id\":\"abababab\",\"id\"", 1);
    assert!(matches!(parse(twice.as_bytes()), Err(WireError::KeyTwice)));
    let newer = json!({ "schema": 2, "other": { "a": [1] } }).to_string();
    assert!(matches!(parse(newer.as_bytes()), Err(WireError::NewerSchema { found: 2 })));
}

#[test]
fn bits_behind_the_last_code_are_zero() {
    let mut document = document();
    document.until = 1_800_000_030;
    document.codes = ["000000", "123456", "999999"].map(code).into();
    let text = encode(&document).unwrap();
    assert!(parse(text.expose()).is_ok());
    let mut value: Value = serde_json::from_slice(text.expose()).unwrap();
    let mut bytes = BASE64.decode(value["codes"].as_str().unwrap().as_bytes()).unwrap();
    *bytes.last_mut().unwrap() |= 1;
    value["codes"] = json!(BASE64.encode(&bytes));
    let refused = parse(value.to_string().as_bytes());
    assert!(matches!(refused, Err(WireError::Field { field: "codes" })));
}

#[test]
fn debug_shows_no_code() {
    assert!(!format!("{:?}", document()).contains("123456"));
}
