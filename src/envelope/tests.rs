mod outside;

use super::*;
use crate::secret::SecretText;

const ID: [u8; 16] = [9; 16];
const JSON: &[u8] = br#"{"schema":1}"#;

fn master() -> MasterKey {
    MasterKey::from_bytes([1; 32])
}

fn key_file() -> KeyFile {
    KeyFile::from_bytes([2; 32])
}

fn with_key_file() -> Credentials {
    Credentials { passphrase: None, key_file: Some(key_file()), recovery_secret: None }
}

fn with_passphrase(text: &str) -> Credentials {
    Credentials {
        passphrase: Some(Passphrase::new(SecretText::new(text.to_owned()))),
        key_file: None,
        recovery_secret: None,
    }
}

fn slot(credentials: &Credentials, sid: u8) -> Slot {
    let random = SlotRandom { sid: [sid; 4], salt: [sid; 32], kdf_salt: [sid; 16] };
    let cost = KdfParameters { memory_kib: kdf::LEAST_MEMORY_KIB, passes: 1, lanes: 1 };
    let (passphrase, key_file) = (credentials.passphrase.as_ref(), credentials.key_file.as_ref());
    Slot::new(Kind::Vault, &ID, &master(), passphrase, key_file, cost, &random).unwrap().unwrap()
}

fn sealed(slots: &[Slot], json: &[u8]) -> Vec<u8> {
    seal(&ToSeal { kind: Kind::Vault, id: ID, slots, info: None, json, signature: &[] }, &master(), &[3; 32])
        .unwrap()
}

fn open(bytes: Vec<u8>, credentials: &Credentials) -> Result<Vec<u8>, OpenError> {
    let sealed = Sealed::parse(bytes, Kind::Vault)?;
    let (master, _) = sealed.unlock(credentials, Ceiling::USUAL)?;
    sealed.open(&master).map(|payload| payload.json().to_vec())
}

/// Makes the checksum fit again, as somebody would who alters a file on purpose.
fn with_fresh_trailer(mut bytes: Vec<u8>) -> Vec<u8> {
    let content = bytes.len() - TRAILER_BYTES;
    let trailer = Sha256::digest(&bytes[..content]);
    bytes.truncate(content);
    bytes.extend_from_slice(&trailer);
    bytes
}

#[test]
fn each_way_of_opening_gives_what_was_sealed() {
    let both = Credentials {
        passphrase: with_passphrase("both").passphrase,
        key_file: Some(KeyFile::from_bytes([5; 32])),
        recovery_secret: None,
    };
    let bytes = sealed(&[slot(&with_passphrase("open"), 1), slot(&with_key_file(), 2), slot(&both, 3)], JSON);
    for credentials in [with_passphrase("open"), with_key_file(), both] {
        assert_eq!(open(bytes.clone(), &credentials).unwrap(), JSON);
    }
    let half =
        Credentials { passphrase: None, key_file: Some(KeyFile::from_bytes([5; 32])), recovery_secret: None };
    assert_eq!(open(bytes, &half).unwrap_err(), OpenError::WrongCredential { tried: 1 });
}

#[test]
fn a_key_file_that_opens_it_alone_does_not_stand_for_the_passphrase() {
    let both = |text: &str| Credentials { key_file: Some(key_file()), ..with_passphrase(text) };
    let bytes = sealed(&[slot(&with_key_file(), 1), slot(&both("right"), 2)], JSON);
    let sealed = Sealed::parse(bytes, Kind::Vault).unwrap();
    let by_passphrase = |credentials: &Credentials| {
        sealed.unlock_by_passphrase(credentials, Ceiling::USUAL).map(|(_, sid)| sid)
    };

    assert_eq!(sealed.unlock(&both("wrong"), Ceiling::USUAL).unwrap().1, [1; 4]);
    assert_eq!(by_passphrase(&both("wrong")), Err(OpenError::WrongCredential { tried: 1 }));
    assert_eq!(by_passphrase(&both("right")), Ok([2; 4]));
    assert_eq!(by_passphrase(&with_key_file()), Err(OpenError::NoFittingSlot));
}

#[test]
fn a_wrong_credential_damage_and_alteration_are_told_apart() {
    let bytes = sealed(&[slot(&with_key_file(), 1)], JSON);
    let wrong =
        Credentials { passphrase: None, key_file: Some(KeyFile::from_bytes([6; 32])), recovery_secret: None };
    assert_eq!(open(bytes.clone(), &wrong).unwrap_err(), OpenError::WrongCredential { tried: 1 });
    assert_eq!(open(bytes.clone(), &with_passphrase("x")).unwrap_err(), OpenError::NoFittingSlot);

    let mut flipped = bytes.clone();
    let last_of_body = flipped.len() - TRAILER_BYTES - 1;
    flipped[last_of_body] ^= 1;
    assert!(matches!(open(flipped.clone(), &with_key_file()), Err(OpenError::Damaged { .. })));
    assert_eq!(
        open(with_fresh_trailer(flipped), &with_key_file()).unwrap_err(),
        OpenError::Altered { part: "the body" }
    );

    // Another salt is a valid header that the payload does not belong to.
    let text = String::from_utf8_lossy(&bytes).into_owned();
    let salt_at = text.find("\"salt\":\"").unwrap();
    let mut altered = bytes.clone();
    let at = bytes.windows(8).position(|w| w == b"\"salt\":\"").unwrap() + 8;
    assert!(salt_at > 0);
    altered[at] = if altered[at] == b'0' { b'1' } else { b'0' };
    assert_eq!(
        open(with_fresh_trailer(altered), &with_key_file()).unwrap_err(),
        OpenError::Altered { part: "the header" }
    );
}

#[test]
fn the_payload_is_padded_so_that_its_size_tells_little() {
    let small = sealed(&[slot(&with_key_file(), 1)], JSON);
    let larger = sealed(&[slot(&with_key_file(), 1)], &[b' '; 16_000]);
    let largest = sealed(&[slot(&with_key_file(), 1)], &[b' '; PADDING_STEP - 7]);
    assert_eq!(small.len(), larger.len());
    assert_eq!(largest.len(), small.len() + PADDING_STEP);
}

#[test]
fn too_costly_a_derivation_is_refused_before_it_runs() {
    let mut costly = slot(&with_passphrase("x"), 1);
    if let SlotKind::Passphrase(derivation) = &mut costly.kind {
        derivation.cost.memory_kib = (2 << 20) + 1;
    }
    let bytes = sealed(&[slot(&with_passphrase("x"), 1)], JSON);
    let sealed = Sealed::parse(bytes, Kind::Vault).unwrap();
    let error = costly.unwrap_key(Kind::Vault, &ID, &with_passphrase("x"), Ceiling::USUAL).unwrap_err();
    assert!(matches!(error, SlotError::Kdf(KdfError::TooCostly { .. })));
    assert!(sealed.cost().is_some());
}

#[test]
fn an_unknown_slot_is_skipped_and_kept_as_it_is() {
    let unknown =
        Slot::parse(&json::Node::parse(br#"{"type":"telepathy","sid":"01020304","epk":"00"}"#).unwrap())
            .unwrap();
    let bytes = sealed(&[unknown.clone(), slot(&with_key_file(), 2)], JSON);
    assert_eq!(open(bytes.clone(), &with_key_file()).unwrap(), JSON);
    let header = Sealed::parse(bytes, Kind::Vault).unwrap().header().clone();
    assert_eq!(header.slots[0], unknown);
}

#[test]
fn every_byte_changed_and_every_truncation_is_refused() {
    let bytes = sealed(&[slot(&with_key_file(), 1)], JSON);
    let body_start = 16 + usize::from(bytes[14]) * 256 + usize::from(bytes[15]) + 32;
    for at in 0..bytes.len() {
        // Header and preamble bytes to several values, the body to one.
        let flips: &[u8] = if at < body_start { &[0x01, 0x02, 0x10, 0x20, 0x80, 0xff] } else { &[0x01] };
        for flip in flips {
            let mut mutated = bytes.clone();
            mutated[at] ^= flip;
            assert!(open(mutated, &with_key_file()).is_err(), "byte {at} changed by {flip:02x}");
        }
    }
    for length in 0..bytes.len() {
        assert!(open(bytes[..length].to_vec(), &with_key_file()).is_err(), "cut to {length}");
    }
    let mut longer = bytes;
    longer.push(0);
    assert!(open(longer, &with_key_file()).is_err());
}
