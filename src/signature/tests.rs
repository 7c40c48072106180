use super::*;

/// A key of OpenSSH's `ssh-keygen -t ed25519`, made for this test.
const SEED: &str = "51c040adcfb88f93830f1bf163e2ed46d9d81905d919111f150f9dfb0995b255";
/// As `ssh-keygen -l` printed it.
const FINGERPRINT: &str = "SHA256:6aAjs3gpUqu3l5NMTNJ3lEweRNP3oqFrrqaHxkSdOlE";
/// What `ssh-keygen -Y sign -n lifeboat-bundle` made of the five letters `hello`.
const BY_OPENSSH: &str = "-----BEGIN SSH SIGNATURE-----
U1NIU0lHAAAAAQAAADMAAAALc3NoLWVkMjU1MTkAAAAgN1RVLbf1bgcU0yjVwZz/kQGKI6
yFf/B8sVC0Ua1B5poAAAAPbGlmZWJvYXQtYnVuZGxlAAAAAAAAAAZzaGE1MTIAAABTAAAA
C3NzaC1lZDI1NTE5AAAAQD3qW8G9JbKsC/LNzr/ptGl1JCbcwK1Jciwi8ipsSUdutZzg+4
aNGWlMzc1ACzFwxk/+RDrqCZTJi0f04peEkwU=
-----END SSH SIGNATURE-----
";
const USE: &str = "lifeboat-bundle";

fn key() -> SigningKey {
    SigningKey::from_seed(&SecretBytes::new(data_encoding::HEXLOWER.decode(SEED.as_bytes()).unwrap()))
        .unwrap()
}

#[test]
fn a_signature_is_the_very_one_that_openssh_makes() {
    assert_eq!(armor(&key().sign(USE, b"hello")), BY_OPENSSH);
    assert_eq!(key().public().fingerprint(), FINGERPRINT);
}

#[test]
fn a_signature_of_openssh_is_checked_and_says_whose_it_is() {
    let blob = dearmor(BY_OPENSSH).unwrap();
    assert_eq!(verify(&blob, USE, b"hello"), Ok(key().public()));
    assert_eq!(verify(&blob, USE, b"hellp"), Err(SignatureError::DoesNotFit));
    assert_eq!(verify(&blob, "lifeboat-evidence", b"hello"), Err(SignatureError::OtherNamespace));
}

#[test]
fn no_byte_of_a_signature_can_be_changed_added_or_left_out() {
    let blob = key().sign(USE, b"hello");
    for at in 0..blob.len() {
        for bit in [1, 0x80] {
            let mut changed = blob.clone();
            changed[at] ^= bit;
            assert!(verify(&changed, USE, b"hello").is_err(), "byte {at}");
        }
        assert!(verify(&blob[..at], USE, b"hello").is_err(), "cut at {at}");
    }
    assert!(verify(&[blob.as_slice(), b"\0"].concat(), USE, b"hello").is_err());
}

#[test]
fn armor_is_taken_with_other_line_ends_and_nothing_else_is() {
    assert!(dearmor(&BY_OPENSSH.replace('\n', "\r\n")).is_some());
    for wrong in ["", "U1NIU0lH", ARMOR_BEGIN, BY_OPENSSH.split_at(200).0, &BY_OPENSSH.replace('U', "!")] {
        assert_eq!(dearmor(wrong), None, "{wrong}");
    }
}

#[test]
fn a_seed_has_32_bytes_and_is_not_shown() {
    assert!(SigningKey::from_seed(&SecretBytes::new(vec![1; 31])).is_none());
    assert_eq!(format!("{:?}", key()), "SigningKey(redacted)");
}

/// As `ssh-keygen -y` printed it.
const PUBLIC: &str = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIDdUVS239W4HFNMo1cGc/5EBiiOshX/wfLFQtFGtQeaa";

#[test]
fn a_public_key_is_written_as_openssh_does_and_read_back() {
    let key = key().public();
    assert_eq!(key.in_openssh_words(), PUBLIC);
    let (_, encoded) = PUBLIC.split_once(' ').unwrap();
    assert_eq!(PublicKey::from_openssh_base64(encoded), Some(key));
    for wrong in
        ["", "AAAA", encoded.split_at(4).1, &encoded.replace("5AAAAI", "4AAAAI"), &format!("{encoded}AAAA")]
    {
        assert_eq!(PublicKey::from_openssh_base64(wrong), None, "{wrong}");
    }
}
