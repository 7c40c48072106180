//! An Aegis file.
//!
//! Bytes: one that chooses, then either a whole file, or the JSON of a database, which is put into a plain and
//! into an encrypted file: both must give the same. scrypt runs at its smallest cost, so that the cipher is
//! no door for the fuzzer to stop at; a file's own derivation is run only where it is as cheap.

use aes_gcm::aead::AeadInOut as _;
use aes_gcm::{Aes256Gcm, KeyInit as _};
use data_encoding::{BASE64, HEXLOWER};
use lifeboat::entry::{Entry, EntryId};
use lifeboat::interchange::registry::Source;
use lifeboat::interchange::{ImportError, Imported, aegis};
use lifeboat::secret::SecretText;
use serde_json::json;

use super::shared::{NOW, assert_message, make_codes};

const PASSPHRASE: &str = "open sesame";
const MASTER: [u8; 32] = [5; 32];
const NONCE: [u8; 12] = [6; 12];

pub fn run(data: &[u8]) {
    let Some((first, rest)) = data.split_first() else { return };
    let recognised = is_recognised(rest);
    if first & 1 == 0 {
        match aegis::open(rest) {
            Ok(Source::Plain(imported)) => {
                assert!(recognised);
                accepted(imported);
            }
            Ok(Source::Sealed(sealed)) => assert_message(&sealed.cost()),
            Err(error) => assert_message(&error.to_string()),
        }
    } else if let Ok(db) = std::str::from_utf8(rest) {
        both_ways(db);
    }
}

fn both_ways(db: &str) {
    // Not every text can stand in a plain file: it must be JSON there.
    if serde_json::from_str::<serde::de::IgnoredAny>(db).is_err() || db.trim_start().starts_with('"') {
        let sealed = open_sealed(db).expect_err("a database is a JSON object");
        return assert_message(&sealed.to_string());
    }
    let plain = aegis::open(format!("{{\"version\":1,\"header\":{{}},\"db\":{db}}}").as_bytes());
    let plain = match plain {
        Ok(Source::Plain(imported)) => Ok(imported),
        Ok(Source::Sealed(_)) => panic!("it is not encrypted"),
        Err(error) => Err(error),
    };
    let sealed = open_sealed(db);
    match (&plain, &sealed) {
        // In the plain file the database is one level deeper and its lines are counted from another start.
        (Err(one), Err(other)) => assert_eq!(std::mem::discriminant(one), std::mem::discriminant(other)),
        _ => assert_eq!(format!("{plain:?}"), format!("{sealed:?}")),
    }
    if let Ok(imported) = sealed {
        accepted(imported);
    }
}

/// Encrypts a database as Aegis does and opens the file again.
fn open_sealed(db: &str) -> Result<Imported, ImportError> {
    let mut derived = [0; 32];
    let cost = scrypt::Params::new(1, 1, 1).unwrap();
    scrypt::scrypt(PASSPHRASE.as_bytes(), b"salt", &cost, &mut derived).unwrap();
    let mut wrapped = MASTER.to_vec();
    let slot_tag = encrypt(&derived, &mut wrapped);
    let mut ciphertext = db.as_bytes().to_vec();
    let tag = encrypt(&MASTER, &mut ciphertext);
    let nonce = HEXLOWER.encode(&NONCE);
    let file = json!({
        "version": 1,
        "header": {
            "slots": [{
                "type": 1, "uuid": "u", "n": 2, "r": 1, "p": 1, "salt": HEXLOWER.encode(b"salt"),
                "key": HEXLOWER.encode(&wrapped), "key_params": { "nonce": nonce, "tag": slot_tag },
            }],
            "params": { "nonce": nonce, "tag": tag },
        },
        "db": BASE64.encode(&ciphertext),
    });
    let file = file.to_string();
    assert!(is_recognised(file.as_bytes()));
    let Source::Sealed(sealed) = aegis::open(file.as_bytes()).expect("the file is whole") else {
        panic!("it is encrypted")
    };
    sealed.open(&SecretText::new(PASSPHRASE.to_owned()))
}

/// The tag, in hexadecimal digits.
fn encrypt(key: &[u8; 32], buffer: &mut [u8]) -> String {
    let cipher = Aes256Gcm::new(&(*key).into());
    HEXLOWER.encode(&cipher.encrypt_inout_detached(&NONCE.into(), &[], buffer.into()).unwrap())
}

/// What was taken is written so that it is read as the same; what was not is named safely.
fn accepted(imported: Imported) {
    for skipped in &imported.skipped {
        assert_message(&skipped.title.shown());
        assert_message(&skipped.reason.to_string());
    }
    let entries: Vec<Entry> = imported
        .drafts
        .into_iter()
        .map(|drafted| Entry::from_draft(drafted.draft, EntryId::from_bytes([1; 16]), NOW))
        .collect();
    entries.iter().for_each(make_codes);
    let entries: Vec<&Entry> = entries.iter().collect();
    let mut counter = 0_u64;
    let mut random = |bytes: &mut [u8]| {
        for byte in bytes {
            counter = counter.wrapping_mul(0x5851_f42d_4c95_7f2d).wrapping_add(1);
            *byte = counter.to_be_bytes()[0];
        }
    };
    let written = aegis::export(&entries, None, &mut random).expect("nothing is encrypted");
    let Ok(Source::Plain(again)) = aegis::open(written.expose()) else { panic!("what was written is read") };
    assert!(again.skipped.is_empty(), "{:?}", again.skipped);
    assert_eq!(again.drafts.len(), entries.len());
    for (drafted, entry) in again.drafts.iter().zip(entries) {
        let draft = &drafted.draft;
        assert_eq!((&draft.issuer, &draft.account, draft.otp), (&entry.issuer, &entry.account, entry.otp));
        assert_eq!((&draft.note, draft.favourite, &draft.tags), (&entry.note, entry.favourite, &entry.tags));
        assert!(draft.seed.same_as(entry.seed().expect("nothing is sealed")));
    }
}

fn is_recognised(text: &[u8]) -> bool {
    lifeboat::interchange::registry::detect(text).is_ok_and(|format| format.id == "aegis")
}
