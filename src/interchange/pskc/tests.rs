use super::*;
use crate::interchange::registry;
use crate::secret::SecretText;

const FIGURE_2: &str = include_str!("../../../vectors/pskc/rfc6030-figure-2.xml");
const FIGURE_3: &str = include_str!("../../../vectors/pskc/rfc6030-figure-3.xml");
const FIGURE_4: &str = include_str!("../../../vectors/pskc/rfc6030-figure-4.xml");
const FIGURE_5: &str = include_str!("../../../vectors/pskc/rfc6030-figure-5.xml");
const FIGURE_6: &str = include_str!("../../../vectors/pskc/rfc6030-figure-6.xml");
const FIGURE_7: &str = include_str!("../../../vectors/pskc/rfc6030-figure-7.xml");
const FIGURE_8: &str = include_str!("../../../vectors/pskc/rfc6030-figure-8.xml");
const FIGURE_10: &str = include_str!("../../../vectors/pskc/rfc6030-figure-10.xml");
const WRAPPED: &str = include_str!("../../../vectors/pskc/kw-aes256.xml");
const WITHOUT_MAC: &str = include_str!("../../../vectors/interchange/pskc/aes192-cbc-without-mac.xml");

/// What the RFC has in its examples.
const SECRET: &[u8] = b"12345678901234567890";
const PASSPHRASE: &str = "correct horse battery staple";

fn plain(text: &str) -> Imported {
    let Source::Plain(imported) = open(text.as_bytes()).unwrap() else { panic!("it is not encrypted") };
    imported
}

fn opened(text: &str, passphrase: &str) -> Result<Imported, ImportError> {
    let Source::Sealed(sealed) = open(text.as_bytes()).unwrap() else { panic!("it is encrypted") };
    sealed.open(&SecretText::new(passphrase.to_owned()))
}

#[track_caller]
fn check_example(imported: &Imported, title: &str, digits: u8, counter: u64, secret: &[u8]) {
    let draft = &imported.drafts[0].draft;
    assert_eq!(draft.title(), title);
    assert_eq!((draft.otp.digits(), draft.otp.counter()), (digits, Some(counter)));
    assert_eq!(draft.seed.bytes().expose(), secret);
}

#[test]
fn the_examples_of_the_rfc_in_clear_are_read() {
    assert_eq!(registry::detect(FIGURE_2.as_bytes()).unwrap().id, "pskc");
    check_example(&plain(FIGURE_2), "Issuer-A:12345678", 6, 0, b"1234");
    check_example(&plain(FIGURE_3), "Issuer:jsmith", 8, 0, SECRET);
    let bulk = plain(FIGURE_10);
    let titles: Vec<String> = bulk.drafts.iter().map(|one| one.draft.title()).collect();
    assert_eq!(titles, ["Issuer:654321", "Issuer:123456", "Issuer:9999999", "Issuer:9999999"]);
}

#[test]
fn keys_in_the_devices_of_a_draft_before_the_rfc_are_not_passed_over_in_silence() {
    let draft = r#"<KeyContainer Version="1.0" xmlns="urn:ietf:params:xml:ns:keyprov:pskc"><Device>
        <Key KeyId="1" KeyAlgorithm="urn:ietf:params:xml:ns:keyprov:pskc#hotp"><Data><Secret>
        <PlainValue>MTIzNDU2Nzg5MDEyMzQ1Njc4OTA=</PlainValue></Secret></Data></Key></Device></KeyContainer>"#;
    let error = open(draft.as_bytes()).unwrap_err();
    assert!(error.to_string().starts_with("PSKC as it was drafted before RFC 6030"), "{error}");
    let nothing = plain(r#"<KeyContainer Version="1.0"><KeyPackage><Key/></KeyPackage></KeyContainer>"#);
    assert_eq!(nothing.skipped[0].reason.to_string(), "it does not say which type of code it is");
}

#[test]
fn a_pin_beside_a_key_is_no_account_and_a_key_without_a_secret_is_named() {
    let imported = plain(FIGURE_5);
    check_example(&imported, "Issuer:987654321", 8, 0, SECRET);
    assert_eq!((imported.skipped.len(), &imported.notices[..]), (0, &[Notice::WithoutCodes(1)][..]));
    let imported = plain(FIGURE_4);
    assert_eq!(imported.skipped[0].reason.to_string(), "the file does not hold its secret");
}

#[test]
fn the_example_of_the_rfc_with_a_passphrase_opens_with_it_alone() {
    check_example(&opened(FIGURE_7, "qwerty").unwrap(), "Example-Issuer:987654321", 8, 0, SECRET);
    for wrong in ["qwertz", ""] {
        assert_eq!(opened(FIGURE_7, wrong).unwrap_err(), ImportError::WrongPassphrase);
    }
}

#[test]
fn the_example_of_the_rfc_with_a_shared_key_opens_with_it_in_either_spelling() {
    for key in [
        "12345678901234567890123456789012",
        "1234 5678 9012 3456 7890 1234 5678 9012",
        "EjRWeJASNFZ4kBI0VniQEg==",
    ] {
        check_example(&opened(FIGURE_6, key).unwrap(), "Issuer:987654321", 8, 0, SECRET);
    }
    for wrong in ["12345678901234567890123456789013", "1234", "no key"] {
        assert_eq!(opened(FIGURE_6, wrong).unwrap_err(), ImportError::WrongPassphrase);
    }
}

#[test]
fn the_example_of_the_rfc_with_a_certificate_is_named_as_one() {
    let error = open(FIGURE_8.as_bytes()).unwrap_err().to_string();
    assert_eq!(error, "a PSKC file that is encrypted for a certificate is not supported");
}

#[test]
fn a_changed_value_does_not_open_whatever_the_key() {
    // The MAC itself, and the first bytes of the ciphertext, which a chain turns into bytes of the secret.
    for (from, to) in [("LP6xMvjtypb", "LP6xMvjtypc"), ("oTvo+S22", "oTvo+S23")] {
        let changed = FIGURE_7.replace(from, to);
        assert_ne!(changed, FIGURE_7);
        assert_eq!(opened(&changed, "qwerty").unwrap_err(), ImportError::WrongPassphrase, "{from}");
    }
}

#[test]
fn one_changed_value_among_others_is_damage_at_its_key() {
    let (before, after) = WITHOUT_MAC.rsplit_once("<xenc:CipherValue>").unwrap();
    let changed = format!("{before}<xenc:CipherValue>AAAA{after}");
    let error = opened(&changed, PASSPHRASE).unwrap_err();
    assert_eq!(error.to_string(), "the file is damaged: the encrypted secret of key 7");
}

#[test]
fn without_a_mac_a_wrong_passphrase_gives_nothing() {
    assert_eq!(opened(WITHOUT_MAC, PASSPHRASE).unwrap().drafts.len(), 7);
    for n in 0..300 {
        assert_eq!(opened(WITHOUT_MAC, &format!("wrong {n}")).unwrap_err(), ImportError::WrongPassphrase);
    }
}

#[test]
fn wrapped_keys_open_and_a_changed_one_does_not() {
    let imported = opened(WRAPPED, PASSPHRASE).unwrap();
    assert_eq!(imported.drafts[0].draft.seed.bytes().expose().get(..20), Some(SECRET));
    assert_eq!(opened(WRAPPED, "wrong").unwrap_err(), ImportError::WrongPassphrase);
}

#[test]
fn costs_and_ciphers_beyond_what_is_read_are_refused_before_any_work() {
    for (text, from, to, words) in [
        (FIGURE_7, ">1000<", ">5000001<", "a key derivation of more than 5 million rounds is not supported"),
        (FIGURE_7, ">1000<", ">0<", "the file is damaged: the number of rounds"),
        (FIGURE_7, ">16</KeyLength>", ">17</KeyLength>", "the file is damaged: the length of the key"),
        (FIGURE_7, "#pbkdf2", "#scrypt", "the key derivation of this PSKC file is not supported"),
        (FIGURE_7, "Version=\"1.0\"", "Version=\"2.0\"", "this version of PSKC is not supported"),
    ] {
        let changed = text.replace(from, to);
        assert_ne!(changed, text);
        assert_eq!(open(changed.as_bytes()).unwrap_err().to_string(), words);
    }
    let other = FIGURE_7.replace("aes128-cbc", "tripledes-cbc");
    assert_eq!(
        opened(&other, "qwerty").unwrap_err().to_string(),
        "the cipher of this PSKC file is not supported"
    );
}

#[test]
fn codes_that_lifeboat_does_not_make_are_named() {
    for (from, to, words) in [
        ("DECIMAL", "HEXADECIMAL", "its codes are no decimal numbers"),
        ("Encoding=\"DECIMAL\"", "CheckDigits=\"true\"", "its codes end with a check digit"),
        ("pskc:hotp", "pskc:ocra", "its type \"ocra\" is not supported"),
        ("Length=\"8\"", "Length=\"eight\"", "the number of digits is missing or not valid"),
        ("<PlainValue>0<", "<PlainValue>-1<", "the counter is missing or not valid"),
        ("MTIzNDU2", "!", "the secret is missing or not valid"),
    ] {
        let imported = plain(&FIGURE_3.replace(from, to));
        assert_eq!(imported.skipped[0].reason.to_string(), words);
        assert!(imported.drafts.is_empty());
    }
}

#[test]
fn the_name_is_the_friendly_one_the_user_s_or_the_token_s() {
    let key = |inside: &str| {
        format!(
            "<KeyContainer><KeyPackage><DeviceInfo><SerialNo>77</SerialNo></DeviceInfo><Key Id=\"5\" Algorithm=\"urn:ietf:params:xml:ns:keyprov:pskc:totp\">{inside}<Data><Secret><PlainValue>MTIzNDU2Nzg5MDEyMzQ1Njc4OTA=</PlainValue></Secret></Data></Key></KeyPackage></KeyContainer>"
        )
    };
    for (inside, issuer, name) in [
        ("<Issuer>A:B</Issuer><FriendlyName>A:B:c:d</FriendlyName>", "A:B", "c:d"),
        ("<Issuer></Issuer><FriendlyName>c:d</FriendlyName>", "", "c:d"),
        ("<FriendlyName>A:c</FriendlyName>", "A", "c"),
        ("<Issuer>A</Issuer><UserId>CN=ana, O=x</UserId>", "A", "ana"),
        ("<UserId>ana</UserId>", "", "ana"),
        ("", "", "77"),
    ] {
        let imported = plain(&key(inside));
        let draft = &imported.drafts[0].draft;
        assert_eq!((draft.issuer.raw(), draft.account.raw()), (issuer, name), "{inside}");
    }
}

#[test]
fn an_encrypted_number_is_read_where_it_is_clear_what_it_is() {
    let text = FIGURE_7
        .replace("</pskc:Secret>", "</pskc:Secret><pskc:Counter><pskc:EncryptedValue/></pskc:Counter>");
    // Nothing is in it: the account is refused, and counted from nowhere.
    assert_eq!(
        opened(&text, "qwerty").unwrap().skipped[0].reason.to_string(),
        "the counter is missing or not valid"
    );
}

#[test]
fn entities_that_grow_and_documents_of_types_are_refused() {
    let bomb = "<?xml version=\"1.0\"?><!DOCTYPE KeyContainer [<!ENTITY a \"aaaa\">]><KeyContainer>&a;</KeyContainer>";
    assert!(matches!(open(bomb.as_bytes()), Err(ImportError::Damaged { .. })));
    let deep = format!("<KeyContainer>{}", "<a>".repeat(100_000));
    assert!(matches!(open(deep.as_bytes()), Err(ImportError::Damaged { .. })));
}
