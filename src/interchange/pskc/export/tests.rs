use super::*;
use crate::entry::{EntryDraft, EntryId, Label};
use crate::otp::{Algorithm, Digits, Period, Seed};

fn entry(issuer: &str, account: &str, otp: Otp) -> Entry {
    let seed = Seed::from_bytes(SecretBytes::from_slice(b"12345678901234567890")).unwrap();
    let draft = EntryDraft::new(Label::new(issuer), Label::new(account), seed, otp);
    Entry::from_draft(draft, EntryId::from_bytes([7; 16]), 0)
}

fn written(entries: &[&Entry], passphrase: Option<&str>) -> SecretText {
    let passphrase = passphrase.map(|text| SecretText::new(text.to_owned()));
    export(entries, passphrase.as_ref(), &mut |bytes| bytes.fill(5)).unwrap().into_text().unwrap()
}

/// The texts of all elements of a name.
fn texts<'a>(document: &'a roxmltree::Document<'_>, name: &str) -> Vec<&'a str> {
    let elements = document.descendants().filter(|node| node.tag_name().name() == name);
    elements.map(|node| node.text().unwrap_or_default()).collect()
}

fn bytes(text: &str) -> Vec<u8> {
    BASE64.decode(text.as_bytes()).unwrap()
}

#[test]
fn a_key_says_its_names_its_numbers_and_its_seed() {
    let period = Period::new(60).unwrap();
    let totp = Otp::Totp { algorithm: Algorithm::Sha512, digits: Digits::EIGHT, period };
    let hotp = Otp::Hotp { algorithm: Algorithm::Sha1, digits: Digits::SIX, counter: 41 };
    let entries = [entry("A & <B>", "x, y=\"#1\"", totp), entry("", " #ana ", hotp), entry("Only", "", hotp)];
    let text = written(&entries.iter().collect::<Vec<_>>(), None);
    let document = roxmltree::Document::parse(text.expose()).unwrap();
    assert_eq!(texts(&document, "Issuer"), ["A & <B>", "Only"]);
    assert_eq!(texts(&document, "FriendlyName"), ["A & <B>:x, y=\"#1\"", " #ana ", "Only:"]);
    assert_eq!(texts(&document, "UserId"), ["CN=x\\, y\\=\\\"#1\\\"", "CN=\\ #ana\\ "]);
    assert_eq!(texts(&document, "Suite"), ["SHA512", "SHA1", "SHA1"]);
    let values = ["MTIzNDU2Nzg5MDEyMzQ1Njc4OTA=", "0", "60"];
    assert_eq!(texts(&document, "PlainValue")[..3], values);
    assert_eq!(texts(&document, "PlainValue")[3..5], [values[0], "41"]);
    let keys = document.descendants().filter(|node| node.tag_name().name() == "Key");
    let kinds: Vec<_> =
        keys.map(|key| key.attribute("Algorithm").unwrap().rsplit(':').next().unwrap()).collect();
    assert_eq!(kinds, ["totp", "hotp", "hotp"]);
}

#[test]
fn with_a_passphrase_each_seed_is_sealed_and_has_a_sum_over_vector_and_ciphertext() {
    let text = written(&[&entry("Mail", "ana", Otp::COMMON)], Some("words"));
    assert!(!text.expose().contains("MTIzNDU2"));
    let document = roxmltree::Document::parse(text.expose()).unwrap();
    assert_eq!(texts(&document, "IterationCount"), ["1400000"]);
    let salt = bytes(texts(&document, "Specified")[0]);
    let key = cipher::pbkdf2_sha1(b"words", &salt, ROUNDS, KEY);
    let sealed: Vec<Vec<u8>> = texts(&document, "CipherValue").into_iter().map(bytes).collect();
    let open = |sealed: &[u8]| {
        let (vector, ciphertext) = sealed.split_first_chunk::<16>().unwrap();
        cipher::cbc_aes128(&key, vector, ciphertext).unwrap()
    };
    assert_eq!(open(&sealed[1]).expose(), b"12345678901234567890");
    let mac = cipher::hmac_sha1(&open(&sealed[0]), &sealed[1]).unwrap();
    assert_eq!(bytes(texts(&document, "ValueMAC")[0]), mac);
}

#[test]
fn what_the_format_cannot_hold_is_named() {
    let hotp = |counter| Otp::Hotp { algorithm: Algorithm::Sha1, digits: Digits::SIX, counter };
    let words = |entry: &Entry| refuses_one(entry).unwrap_or_default();
    assert!(words(&entry("Steam", "ana", Otp::Steam)).contains("Steam"));
    assert!(words(&entry("Mail", "ana", hotp(u64::MAX))).contains("counter"));
    assert!(words(&entry("Mail", "a\u{1}b", Otp::COMMON)).contains("control character"));
    assert_eq!(words(&entry("Mail", "ana", hotp(u64::MAX >> 1))), "");
}
