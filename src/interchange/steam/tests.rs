use data_encoding::BASE64;

use super::*;
use crate::otp::Otp;
use crate::secret::SecretText;

#[test]
fn one_account_or_several_by_their_ids_are_read() {
    let one = r#"{"shared_secret":"SGVsbG8h3q2+7w==","account_name":"ana","uri":"otpauth://totp/Steam:x?secret=AAAA"}"#;
    let several =
        format!(r#"{{"accounts":{{"9":{one},"10":{{"shared_secret":"?","account_name":"ben"}}}}}}"#);
    for (text, n_skipped) in [(one, 0), (&several, 1)] {
        assert!(recognises(&Look::new(text.as_bytes())));
        let imported = open(text.as_bytes()).expect("it can be read");
        let draft = &imported.drafts[0].draft;
        assert_eq!((draft.title(), draft.otp), ("Steam:ana".to_owned(), Otp::Steam));
        assert_eq!(draft.seed.bytes().expose(), b"Hello!\xde\xad\xbe\xef");
        assert_eq!(imported.skipped.len(), n_skipped);
        assert!(imported.drafts[0].position == 1, "in the order of the file");
    }
}

/// `{"shared_secret":"SGVsbG8h3q2+7w==","account_name":"ana"}` under "hunter2", by either of the two ways.
const PBKDF2: &str =
    "gpAT5rK+sMgvg58TX/X48Wm6QPVDSFpNG9ohwK543Bal8xa+KFoKU4kVTRCN3Aexy6AwS0Sie+UU8wj0nlewBQ==";
const ARGON2ID: &str =
    "RHxxy79p+AUqGMF//2WRwas/MqnCXObOjcfc+SgaMX8eNMUh+eBS+C7DQfesIMdJser/Tnh+3WUd5L7V1j3Uzw==";

fn manifest(scheme: &str) -> String {
    let iv = BASE64.encode(&[7; 16]);
    match scheme {
        "" => format!(
            r#"{{"encrypted":true,"entries":[{{"encryption_iv":"{iv}","encryption_salt":"AAECAwQFBgc=","filename":"1.maFile","steamid":1}}]}}"#
        ),
        scheme => {
            let salt = BASE64.encode(&[9; 16]);
            format!(
                r#"{{"version":1,"entries":[{{"filename":"x\\2.maFile","steam_id":2,"account_name":"ana","encryption":{{"iv":"{iv}","salt":"{salt}","scheme":"{scheme}"}}}},{{"filename":"3.maFile","steam_id":3,"encryption":null}}]}}"#
            )
        }
    }
}

fn sealed(scheme: &str, name: &str, bytes: &str) -> Box<dyn super::super::registry::SealedFile> {
    let companion = Companion::of(manifest(scheme).as_bytes()).expect("a manifest").expect("it is whole");
    let Some(Source::Sealed(sealed)) = companion.open(name, bytes.as_bytes()) else { panic!("it is named") };
    sealed
}

#[test]
fn an_encrypted_file_is_opened_with_what_the_manifest_says_of_it() {
    for (scheme, name, bytes, cost) in
        [("", "1.maFile", PBKDF2, "1 MiB"), ("Argon2idAes256", "2.maFile", ARGON2ID, "12 MiB")]
    {
        let sealed = sealed(scheme, name, bytes);
        assert_eq!(sealed.cost(), cost);
        let imported = sealed.open(&SecretText::new("hunter2".to_owned())).expect("it opens");
        assert_eq!(imported.drafts[0].draft.title(), "Steam:ana");
    }
}

#[test]
fn a_wrong_password_is_called_one() {
    let error = sealed("", "1.maFile", PBKDF2).open(&SecretText::new("wrong".to_owned())).unwrap_err();
    assert_eq!(error, ImportError::WrongPassphrase);
}

#[test]
fn a_manifest_by_itself_has_no_accounts_and_says_what_it_is_for() {
    let imported = open(manifest("Argon2idAes256").as_bytes()).expect("it can be read");
    assert!(imported.drafts.is_empty() && imported.skipped.is_empty());
    assert_eq!(imported.notices, [Notice::Manifest(2)]);
}

#[test]
fn a_manifest_opens_no_file_that_it_does_not_name_as_encrypted() {
    let companion =
        Companion::of(manifest("LegacySdaCompatible").as_bytes()).expect("a manifest").expect("whole");
    assert!(companion.open("2.maFile", PBKDF2.as_bytes()).is_some());
    for (name, bytes) in [("3.maFile", PBKDF2), ("1.maFile", PBKDF2), ("2.maFile", "{}")] {
        assert!(companion.open(name, bytes.as_bytes()).is_none(), "{name}");
    }
}

#[test]
fn a_manifest_of_a_scheme_that_is_not_known_or_with_a_short_salt_is_refused() {
    let error = Companion::of(manifest("Rot13").as_bytes()).expect("a manifest").unwrap_err();
    assert!(matches!(error, ImportError::Unsupported { .. }));
    let short = manifest("").replace("AAECAwQFBgc=", "AAEC");
    let error = Companion::of(short.as_bytes()).expect("a manifest").unwrap_err();
    assert!(matches!(error, ImportError::Damaged { .. }));
}

#[test]
fn an_encrypted_file_by_itself_names_what_it_needs() {
    assert!(Companion::is_needed_by("1.MAFILE", PBKDF2.as_bytes()));
    assert!(
        !Companion::is_needed_by("1.txt", PBKDF2.as_bytes()) && !Companion::is_needed_by("1.maFile", b"{}")
    );
    assert!(open(PBKDF2.as_bytes()).unwrap_err().to_string().contains("manifest.json"));
}
