//! What is known of a file before it is open, the order of trying slots, and the largest files.

use super::*;

fn id_of_slot(sid: u8) -> [u8; 4] {
    [sid; 4]
}

fn slot_at(credentials: &Credentials, sid: u8, memory_kib: u32, passes: u32) -> Slot {
    let random = SlotRandom { sid: id_of_slot(sid), salt: [sid; 32], kdf_salt: [sid; 16] };
    let cost = KdfParameters { memory_kib, passes, lanes: 1 };
    let (passphrase, key_file) = (credentials.passphrase.as_ref(), credentials.key_file.as_ref());
    Slot::new(Kind::Vault, &ID, &master(), passphrase, key_file, cost, &random).unwrap().unwrap()
}

fn with_both(text: &str) -> Credentials {
    Credentials {
        passphrase: with_passphrase(text).passphrase,
        key_file: Some(key_file()),
        recovery_secret: None,
    }
}

fn parsed(slots: &[Slot]) -> Sealed {
    Sealed::parse(sealed(slots, JSON), Kind::Vault).unwrap()
}

#[test]
fn a_file_says_what_opens_it() {
    let (words, file, both) =
        (slot(&with_passphrase("a"), 1), slot(&with_key_file(), 2), slot(&with_both("b"), 3));
    let said = |slots: &[Slot]| {
        let sealed = parsed(slots);
        (sealed.wants_passphrase(), sealed.wants_key_file(), sealed.opens_with_key_file_alone())
    };
    assert_eq!(said(std::slice::from_ref(&words)), (true, false, false));
    assert_eq!(said(std::slice::from_ref(&file)), (false, true, true));
    assert_eq!(said(std::slice::from_ref(&both)), (true, true, false));
    assert_eq!(said(&[both.clone(), file.clone()]), (true, true, true));
    assert_eq!(said(&[words, file, both]), (true, false, true));
}

#[test]
fn the_costliest_way_is_that_of_the_largest_product() {
    let many_passes = slot_at(&with_passphrase("a"), 1, 8 << 10, 2);
    let much_memory = slot_at(&with_passphrase("b"), 2, 12 << 10, 1);
    let cost = parsed(&[many_passes, much_memory]).cost().unwrap();
    assert_eq!((cost.memory_kib, cost.passes), (8 << 10, 2));
    assert_eq!(parsed(&[slot(&with_key_file(), 1)]).cost(), None);
}

#[test]
fn a_key_file_is_tried_before_a_passphrase_wherever_its_slot_stands() {
    let sealed = parsed(&[slot(&with_passphrase("open"), 1), slot(&with_key_file(), 2)]);
    let (_, sid) = sealed.unlock(&with_both("open"), Ceiling::USUAL).unwrap();
    assert_eq!(sid, id_of_slot(2));
    let (_, sid) = sealed.unlock(&with_passphrase("open"), Ceiling::USUAL).unwrap();
    assert_eq!(sid, id_of_slot(1));
}

#[test]
fn a_refused_derivation_is_what_is_said_when_nothing_else_opens() {
    let refused = slot_at(&with_passphrase("x"), 1, 16 << 10, 1);
    let low = Ceiling { memory_kib: 8 << 10, kib_passes: 8 << 10 };
    let wrong =
        Credentials { passphrase: None, key_file: Some(KeyFile::from_bytes([6; 32])), recovery_secret: None };
    let sealed = parsed(&[refused, slot(&with_key_file(), 2)]);
    assert!(sealed.unlock(&with_key_file(), low).is_ok());
    assert!(matches!(sealed.unlock(&wrong, low), Err(OpenError::Kdf(KdfError::TooCostly { .. }))));
}

#[test]
fn a_file_of_the_other_kind_is_called_by_its_name() {
    let vault = sealed(&[slot(&with_key_file(), 1)], JSON);
    let error = Sealed::parse(vault.clone(), Kind::Bundle).unwrap_err();
    assert_eq!(error.to_string(), "the file is a vault, not a bundle");
    let mut other = vault.clone();
    other[9] = 2;
    let error = Sealed::parse(other, Kind::Vault).unwrap_err();
    assert_eq!(error.to_string(), "the file is a bundle, not a vault");
    assert_eq!(Sealed::parse(vault, Kind::Vault).unwrap().kind(), Kind::Vault);
}

#[test]
fn a_master_key_is_known_to_fit_without_opening_anything() {
    let mut bytes = sealed(&[slot(&with_key_file(), 1)], JSON);
    let last_of_body = bytes.len() - TRAILER_BYTES - 1;
    bytes[last_of_body] ^= 1;
    let sealed = Sealed::parse(with_fresh_trailer(bytes), Kind::Vault).unwrap();
    assert!(sealed.is_sealed_with(&master()));
    assert!(!sealed.is_sealed_with(&MasterKey::from_bytes([9; 32])));
    assert!(sealed.open(&master()).is_err());
}

#[test]
fn a_slot_knows_the_key_file_that_opens_it_alone() {
    let opens = |slot: &Slot, file: &KeyFile| slot.opens_by_key_file_alone(Kind::Vault, &ID, file);
    let alone = slot(&with_key_file(), 1);
    assert!(opens(&alone, &key_file()));
    assert!(!opens(&alone, &KeyFile::from_bytes([6; 32])));
    assert!(!alone.opens_by_key_file_alone(Kind::Bundle, &ID, &key_file()));
    assert!(!opens(&slot(&with_both("a"), 2), &key_file()));
}

#[test]
fn the_hash_of_a_file_is_that_of_all_its_bytes() {
    let bytes = sealed(&[slot(&with_key_file(), 1)], JSON);
    let whole: [u8; 32] = Sha256::digest(&bytes).into();
    assert_eq!(Sealed::parse(bytes, Kind::Vault).unwrap().sha256(), whole);
}

#[test]
fn a_name_from_a_file_is_shown_escaped_and_cut() {
    assert_eq!(quoted("sha\u{1b}[31m\n\u{e9}"), "sha\\u{1b}[31m\\n\\u{e9}");
    assert_eq!(quoted(&"x".repeat(50)), "x".repeat(40));
    let node = json::Node::parse(br#"{"type":"te\u001blepathy"}"#).unwrap();
    let unknown = Slot::parse(&node).unwrap().kind;
    assert_eq!(unknown.in_words(), "something this version does not know (te\\u{1b}lepathy)");
}

#[test]
fn each_way_of_opening_has_its_words() {
    let words = |credentials: &Credentials| {
        let kind = slot(credentials, 1).kind;
        (kind.type_name().to_owned(), kind.in_words())
    };
    let owned = |name: &str, words: &str| (name.to_owned(), words.to_owned());
    assert_eq!(words(&with_key_file()), owned("keyfile", "a key file"));
    assert_eq!(words(&with_passphrase("a")), owned("passphrase", "a passphrase"));
    let both = owned("passphrase+keyfile", "a passphrase and a key file together");
    assert_eq!(words(&with_both("a")), both);
}

#[test]
fn a_slot_that_nothing_opens_is_not_made() {
    let random = SlotRandom { sid: [0; 4], salt: [0; 32], kdf_salt: [0; 16] };
    let made = Slot::new(Kind::Vault, &ID, &master(), None, None, KdfParameters::VAULT, &random);
    assert_eq!(made, Ok(None));
}

/// An unknown slot that makes a header of exactly so many bytes, beside one for the key file.
fn filling_a_header_of(length: usize) -> [Slot; 2] {
    let unknown = |filler: usize| {
        let text = format!(r#"{{"sid":"01020304","type":"{}"}}"#, "q".repeat(filler));
        Slot::parse(&json::Node::parse(text.as_bytes()).unwrap()).unwrap()
    };
    let with_one = parsed(&[unknown(1), slot(&with_key_file(), 2)]).header_range.len();
    [unknown(1 + length - with_one), slot(&with_key_file(), 2)]
}

#[test]
fn the_largest_header_is_written_and_read_and_one_byte_more_is_refused() {
    let largest = filling_a_header_of(LARGEST_HEADER);
    assert_eq!(parsed(&largest).header_range.len(), LARGEST_HEADER);
    let to_seal = ToSeal {
        kind: Kind::Vault,
        id: ID,
        slots: &filling_a_header_of(65_537),
        info: None,
        json: JSON,
        signature: &[],
    };
    assert_eq!(seal(&to_seal, &master(), &[3; 32]), Err(TooLarge));
    assert_eq!(TooLarge.to_string(), "the content is larger than the 64 MiB that one file may hold");
}

#[test]
fn the_largest_payload_is_sealed_and_one_byte_more_is_refused() {
    assert_eq!(padded_len(Kind::Vault, 0, 0), Ok(PADDING_STEP));
    assert_eq!(padded_len(Kind::Vault, PADDING_STEP - 8, 0), Ok(PADDING_STEP));
    assert_eq!(padded_len(Kind::Vault, PADDING_STEP - 7, 0), Ok(2 * PADDING_STEP));
    assert_eq!(padded_len(Kind::Vault, LARGEST_PAYLOAD - 8, 0), Ok(LARGEST_PAYLOAD));
    assert_eq!(padded_len(Kind::Vault, LARGEST_PAYLOAD - 7, 0), Err(TooLarge));
    assert_eq!(padded_len(Kind::Vault, usize::MAX, 0), Err(TooLarge));
}

#[test]
fn the_largest_file_is_read_and_a_step_more_is_refused() {
    let around = PREAMBLE_BYTES + LARGEST_HEADER + COMMITMENT_BYTES + TAG_BYTES + TRAILER_BYTES;
    assert_eq!(LARGEST_FILE, u64::try_from(around + LARGEST_PAYLOAD).unwrap());
    let mut bytes = sealed(&filling_a_header_of(LARGEST_HEADER), JSON);
    let largest = usize::try_from(LARGEST_FILE).unwrap();
    bytes.resize(largest, 0);
    assert!(Sealed::parse(with_fresh_trailer(bytes.clone()), Kind::Vault).is_ok());
    bytes.resize(largest + PADDING_STEP, 0);
    let too_long = Sealed::parse(with_fresh_trailer(bytes), Kind::Vault).unwrap_err();
    assert_eq!(too_long, OpenError::Damaged { what: "its length fits no payload" });
}

#[test]
fn a_bundle_carries_what_it_says_of_itself_and_nothing_else_may() {
    let info = Info { created: 1_700_000_000, label: Some("Safe \u{1b}".to_owned()) };
    let random = SlotRandom { sid: [1; 4], salt: [1; 32], kdf_salt: [1; 16] };
    let cost = KdfParameters::FLOOR;
    let slot = Slot::new(Kind::Bundle, &ID, &master(), None, Some(&key_file()), cost, &random);
    let slots = [slot.unwrap().unwrap()];
    let sealed = |kind, info| {
        let to_seal = ToSeal { kind, id: ID, slots: &slots, info, json: JSON, signature: &[] };
        Sealed::parse(seal(&to_seal, &master(), &[3; 32]).unwrap(), kind)
    };
    let bundle = sealed(Kind::Bundle, Some(info.clone())).unwrap();
    assert_eq!(bundle.header().info, Some(info.clone()));
    let (master, _) = bundle.unlock(&with_key_file(), Ceiling::USUAL).unwrap();
    assert_eq!(bundle.open(&master).unwrap().json(), JSON);
    let refused = OpenError::BadHeader { field: "info" };
    assert_eq!(sealed(Kind::Bundle, None).unwrap_err(), refused);
    assert_eq!(sealed(Kind::Vault, Some(info)).unwrap_err(), refused);
}
