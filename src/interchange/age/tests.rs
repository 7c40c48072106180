use super::*;

const FILE: &[u8] = include_bytes!("../../../vectors/interchange/totp-cli/credentials");
const TWO_CHUNKS: &[u8] = include_bytes!("../../../vectors/interchange/totp-cli/two-chunks.age");

fn passphrase() -> SecretText {
    SecretText::new("correct horse battery staple".to_owned())
}

fn opened(bytes: &[u8]) -> Result<SecretBytes, ImportError> {
    Sealed::parse(bytes)?.open(&passphrase())
}

/// The unarmored file.
fn bare() -> Vec<u8> {
    unarmor(FILE).unwrap()
}

fn replaced(from: &str, to: &str) -> Vec<u8> {
    let bytes = bare();
    let at = bytes.windows(from.len()).position(|window| window == from.as_bytes()).unwrap();
    [&bytes[..at], to.as_bytes(), &bytes[at + from.len()..]].concat()
}

#[test]
fn a_wrong_passphrase_is_called_one() {
    let error = Sealed::parse(FILE).unwrap().open(&SecretText::new("wrong".to_owned())).unwrap_err();
    assert_eq!(error, ImportError::WrongPassphrase);
}

#[test]
fn an_armored_file_and_a_bare_one_hold_the_same() {
    let crlf = String::from_utf8(FILE.to_vec()).unwrap().replace('\n', "\r\n");
    let text = opened(FILE).unwrap();
    for other in [&bare()[..], crlf.as_bytes()] {
        assert!(opened(other).unwrap().same_as(&text));
    }
}

#[test]
fn no_changed_byte_of_the_header_or_of_a_chunk_gives_a_text() {
    let bytes = bare();
    for at in (0..bytes.len()).step_by(5) {
        let mut changed = bytes.clone();
        changed[at] ^= 1;
        // Another work factor is another key, and the header's MAC would tell; it is bounded before that.
        assert!(opened(&changed).is_err(), "byte {at}");
    }
}

#[test]
fn a_chunk_that_is_cut_off_or_taken_away_is_damage() {
    let bytes = TWO_CHUNKS;
    assert_eq!(opened(bytes).unwrap().len(), 2 * CHUNK);
    for n_missing in [1, CHUNK + 15, CHUNK + 16, CHUNK + 17, 2 * (CHUNK + 16)] {
        let error = opened(&bytes[..bytes.len() - n_missing]).unwrap_err();
        assert!(matches!(error, ImportError::Damaged { .. }), "{n_missing}: {error}");
    }
    let longer = [bytes, &[0; 16]].concat();
    assert!(matches!(opened(&longer), Err(ImportError::Damaged { .. })));
}

#[test]
fn a_work_factor_beyond_the_ceiling_is_refused_before_any_work() {
    for (work_factor, asked_mib) in [("21", 2048), ("63", 1 << 53), ("99", u64::MAX)] {
        let error = Sealed::parse(&replaced(" 10\n", &format!(" {work_factor}\n"))).unwrap_err();
        assert_eq!(error, ImportError::TooCostly { asked_mib, limit_mib: 1024 });
    }
    assert_eq!(Sealed::parse(&replaced(" 10\n", " 20\n")).unwrap().cost(), "1024 MiB");
}

#[test]
fn what_the_specification_forbids_is_no_header() {
    for work_factor in [" 010\n", " 0\n", " +9\n", " 9 \n", " 1a\n", " \n", " 10 x\n"] {
        let error = Sealed::parse(&replaced(" 10\n", work_factor)).unwrap_err();
        assert!(matches!(error, ImportError::Damaged { .. }), "{work_factor:?}: {error}");
    }
    // A second recipient beside the passphrase.
    let error = Sealed::parse(&replaced("\n---", "\n-> X25519 AAAA\n---")).unwrap_err();
    assert!(matches!(error, ImportError::Damaged { .. }), "{error}");
}

#[test]
fn an_age_file_for_keys_and_one_of_another_version_are_named() {
    for (bytes, words) in [
        (
            replaced("-> scrypt ", "-> X25519 "),
            "an age file for keys instead of a passphrase is not supported",
        ),
        (replaced("org/v1\n", "org/v2\n"), "this version of age is not supported"),
    ] {
        assert_eq!(Sealed::parse(&bytes).unwrap_err().to_string(), words);
    }
}

#[test]
fn armor_that_is_not_written_in_the_one_way_is_refused() {
    let text = String::from_utf8(FILE.to_vec()).unwrap();
    let (body, _) = text.split_once("-----END").unwrap();
    for spoilt in [
        body.to_owned(),
        text.replacen('\n', "\n\n", 1),
        text.replacen('\n', " \n", 2),
        text.replacen("-----END", "AAAA\n-----END", 1),
        text.replace('\n', ""),
    ] {
        let error = Sealed::parse(spoilt.as_bytes()).unwrap_err();
        assert_eq!(error.to_string(), "the file is damaged: the armor of the age file", "{spoilt}");
    }
}
