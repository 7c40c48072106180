use super::*;
use crate::envelope::{KeyFile, MasterKey, Slot, SlotRandom, ToSeal, seal};
use crate::wire::entry_v1;

const ID: &str = "06060606060606060606060606060606";
const OPEN: &str = r#"{"id":"06060606060606060606060606060606","issuer":"Git","account":"ana","seed":"JBSWY3DPE","type":"totp","algorithm":"SHA256","digits":8,"period":60,"tags":["a"],"note":"n","favourite":true,"privileged":true,"created":1,"updated":2,"rotated":3,"proven":4,"provenance":{"how":"copied","device":"phone","new_d":null},"recovery_codes":[{"code":"r1","used":9,"new_e":{}},{"code":"r2"}],"uri_parameters":[["image","http://x"]],"new_f":{"deep":[1,2]}}"#;
const DOCUMENT: &str = r#"{"schema":1,"entry":"06060606060606060606060606060606","seed":"JBSWY3DPE","recovery_codes":[{"code":"r1","used":9,"new_e":{}},{"code":"r2"}],"new_g":[1],"issuer":"odd"}"#;

fn container_of(kind: Kind, json: &str) -> Vec<u8> {
    let master = MasterKey::from_bytes([3; 32]);
    let random = SlotRandom { sid: [1; 4], salt: [2; 32], kdf_salt: [3; 16] };
    let cost = crate::envelope::KdfParameters { memory_kib: 8 << 10, passes: 1, lanes: 1 };
    let key_file = KeyFile::from_bytes([4; 32]);
    let slot = Slot::new(kind, &[9; 16], &master, None, Some(&key_file), cost, &random).unwrap().unwrap();
    let info = (kind == Kind::Bundle).then_some(crate::envelope::Info { created: 1, label: None });
    let to_seal = ToSeal { kind, id: [9; 16], slots: &[slot], info, json: json.as_bytes(), signature: &[] };
    seal(&to_seal, &master, &[5; 32]).unwrap()
}

fn entry(text: &str) -> Entry {
    entry_v1::parse(text).unwrap()
}

fn value(entry: &Entry) -> Value {
    serde_json::from_slice(entry_v1::encode(entry).expose()).unwrap()
}

#[test]
fn a_document_keeps_every_field_known_or_not() {
    let written = encode(&parse(DOCUMENT.as_bytes()).unwrap());
    let (before, after): (Value, Value) =
        (serde_json::from_str(DOCUMENT).unwrap(), serde_json::from_slice(written.expose()).unwrap());
    assert_eq!(before, after);
    let copied = encode(&parse(DOCUMENT.as_bytes()).unwrap().duplicate());
    assert!(copied.same_as(&written));
}

#[test]
fn an_entry_that_is_sealed_and_opened_again_is_what_it_was() {
    let mut sealed = entry(OPEN);
    let document = SealedDocument::of(&sealed).unwrap();
    seal_into(&mut sealed, container(container_of(Kind::SealedEntry, "{}")).unwrap());
    let outside = value(&sealed);
    assert!(outside.get("seed").is_none() && outside.get("recovery_codes").is_none());
    let text = outside.to_string();
    for secret in ["JBSWY3DPE", "r1", "new_e"] {
        assert!(!text.contains(secret), "{secret} is outside: {text}");
    }
    // Through the bytes, as a vault keeps both.
    let mut read = entry(&text);
    assert_eq!(value(&read), outside);
    parse(encode(&document).expose()).unwrap().open_into(&mut read);
    assert_eq!(value(&read), serde_json::from_str::<Value>(OPEN).unwrap());
}

#[test]
fn what_a_newer_version_sealed_stays_with_the_entry_and_stands_for_none_of_its_own_fields() {
    let mut opened = entry(OPEN);
    parse(DOCUMENT.as_bytes()).unwrap().open_into(&mut opened);
    let after = value(&opened);
    assert_eq!((&after["new_g"][0], &after["issuer"]), (&Value::from(1), &Value::from("Git")));
    // It can be read again: no field stands twice.
    entry(&after.to_string());
    for field in after.as_object().unwrap().keys().filter(|field| !field.starts_with("new_")) {
        assert!(FIELDS.contains(&field.as_str()), "{field} is not among the known ones");
    }
}

#[test]
fn new_recovery_codes_come_without_what_was_kept_of_the_old_ones() {
    let mut document = parse(DOCUMENT.as_bytes()).unwrap();
    document.replace_codes(vec![RecoveryCode { code: SecretText::new("r3".into()), used: None }]);
    let after: Value = serde_json::from_slice(encode(&document).expose()).unwrap();
    assert_eq!(after["recovery_codes"], serde_json::json!([{ "code": "r3" }]));
    assert_eq!(after["new_g"][0], 1);
}

#[test]
fn a_document_that_is_not_as_written_is_refused_by_its_field_and_without_its_values() {
    for (from, to, field) in [
        ("\"schema\":1", "\"schema\":0", "schema"),
        ("\"schema\":1,", "", "schema"),
        ("\"entry\":\"06", "\"entry\":\"0", "entry"),
        ("\"JBSWY3DPE\"", "\"0JBSWY3DPE\"", "seed"),
        ("\"JBSWY3DPE\"", "17", "seed"),
        ("[{\"code\":\"r1\"", "[{\"code\":17", "recovery_codes"),
    ] {
        let error = parse(DOCUMENT.replacen(from, to, 1).as_bytes()).unwrap_err();
        assert_eq!(error, WireError::Field { field }, "{to}");
        assert!(!error.to_string().contains("JBSW"));
    }
    let newer = DOCUMENT.replacen("\"schema\":1", "\"schema\":2", 1);
    assert_eq!(parse(newer.as_bytes()).unwrap_err(), WireError::NewerSchema { found: 2 });
    for twice in
        [("\"schema\":1", "\"schema\":1,\"schema\":1"), ("\"new_g\":[1]", "\"new_g\":[1],\"new_g\":[1]")]
    {
        assert_eq!(
            parse(DOCUMENT.replacen(twice.0, twice.1, 1).as_bytes()).unwrap_err(),
            WireError::KeyTwice
        );
    }
    for other in ["[]", "", "17"] {
        assert_eq!(parse(other.as_bytes()).unwrap_err(), WireError::NotAnObject);
    }
    assert!(parse(format!("{DOCUMENT}{{}}").as_bytes()).is_err());
}

#[test]
fn an_entry_whose_container_is_none_is_set_aside_with_the_field_named() {
    let good = BASE64.encode(&container_of(Kind::SealedEntry, "{}"));
    let damaged = {
        let mut bytes = container_of(Kind::SealedEntry, "{}");
        let last = bytes.len() - 40;
        bytes[last] ^= 1;
        BASE64.encode(&bytes)
    };
    let too_long = BASE64.encode(&vec![0x89; LARGEST_CONTAINER + 1]);
    let of = |secret: &str| OPEN.replacen("\"seed\":\"JBSWY3DPE\"", secret, 1);
    let without_codes = |text: String| {
        let (before, rest) = text.split_once(",\"recovery_codes\"").unwrap();
        let (_, after) = rest.split_once(",\"uri_parameters\"").unwrap();
        format!("{before},\"uri_parameters\"{after}")
    };
    let sealed = |text: &str| without_codes(of(&format!("\"sealed\":\"{text}\"")));
    assert!(entry(&sealed(&good)).is_sealed());
    assert!(format!("{:?}", entry(&sealed(&good)).secret).contains("bytes"));

    let bad = "the field `sealed` is missing or out of range";
    let kinds = [Kind::Vault, Kind::Bundle].map(|kind| sealed(&BASE64.encode(&container_of(kind, "{}"))));
    let not_text = without_codes(of("\"sealed\":[1]"));
    let twice = without_codes(of(&format!("\"sealed\":\"{good}\",\"sealed\":\"{good}\"")));
    for (text, reason) in [
        (sealed(""), bad),
        (sealed("%%%%"), bad),
        (sealed(good.strip_suffix(|_| true).unwrap()), bad),
        (sealed(&format!("{good}\\n")), bad),
        (sealed(&damaged), bad),
        (sealed(&too_long), bad),
        (kinds[0].clone(), bad),
        (kinds[1].clone(), bad),
        (not_text, "the field `sealed` cannot be read"),
        (twice, "the field `sealed` has a key twice, or stands twice"),
        (of(&format!("\"sealed\":\"{good}\"")), "the field `recovery_codes` is missing or out of range"),
        (
            without_codes(of(&format!("\"seed\":\"JBSWY3DPE\",\"sealed\":\"{good}\""))),
            "it has both the fields `seed` and `sealed`",
        ),
    ] {
        let quarantined = entry_v1::parse(&text).unwrap_err();
        assert_eq!(quarantined.reason, reason);
        assert_eq!(quarantined.text.expose(), text);
    }
}

#[test]
fn the_id_of_another_entry_is_read_as_it_stands() {
    assert_eq!(parse(DOCUMENT.as_bytes()).unwrap().entry.to_string(), ID);
}
