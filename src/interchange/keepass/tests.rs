use std::io::Write as _;

use chacha20::cipher::{KeyIvInit as _, StreamCipher as _};
use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::{Digest as _, Sha256, Sha512};

use super::*;
use crate::interchange::outcome::{Notice, SkippedReason};
use crate::interchange::registry::detect;
use crate::secret::SecretText;

const PASSPHRASE: &str = "correct horse battery staple";
const FIXTURES: [&[u8]; 2] = [
    include_bytes!("../../../vectors/interchange/keepass/v4-argon2d-aes.kdbx"),
    include_bytes!("../../../vectors/interchange/keepass/v3.1-aes.kdbx"),
];
const SEED: &str = "JBSWY3DPEHPK3PXP";

fn opened(bytes: &[u8], passphrase: &str) -> Result<Imported, ImportError> {
    match (FORMAT.import.unwrap().open)(bytes)? {
        Source::Sealed(sealed) => sealed.open(&SecretText::new(passphrase.to_owned())),
        Source::Plain(_) => panic!("a database is encrypted"),
    }
}

/// A document with these strings in one entry.
fn document(strings: &[(&str, &str)]) -> String {
    let strings: String = strings
        .iter()
        .map(|(name, value)| format!("<String><Key>{name}</Key><Value>{value}</Value></String>"))
        .collect();
    format!("<KeePassFile><Root><Group><Name>r</Name><Entry>{strings}</Entry></Group></Root></KeePassFile>")
}

fn imported(strings: &[(&str, &str)]) -> Imported {
    open(document(strings).as_bytes()).expect("it can be read")
}

/// `issuer:account type algorithm digits number` of every draft.
fn said(imported: &Imported) -> Vec<String> {
    let one = |drafted: &crate::interchange::Drafted| {
        let otp = drafted.draft.otp;
        let number = otp.period().map_or(0, |period| u64::from(period.seconds()));
        let number = otp.counter().unwrap_or(number);
        let (name, title) = (otp.type_name(), drafted.draft.title());
        format!("{title} {name} {} {} {number}", otp.algorithm(), otp.digits())
    };
    imported.drafts.iter().map(one).collect()
}

fn reason(strings: &[(&str, &str)]) -> SkippedReason {
    let imported = imported(strings);
    assert!(imported.drafts.is_empty(), "{:?}", imported.drafts);
    imported.skipped.into_iter().next().expect("a refused entry").reason
}

#[test]
fn a_wrong_passphrase_is_called_one_and_a_key_file_is_named() {
    for bytes in FIXTURES {
        let error = opened(bytes, "another").unwrap_err();
        assert_eq!(error, ImportError::WrongPassphraseOrKeyFile);
        assert!(error.to_string().contains("key file"));
        assert!(opened(bytes, PASSPHRASE).is_ok());
    }
}

#[test]
fn a_database_that_is_cut_off_anywhere_is_refused_and_recognised() {
    for bytes in FIXTURES {
        for length in 0..bytes.len() {
            let cut = &bytes[..length];
            assert_eq!(detect(cut).is_ok_and(|format| format.id == "keepass"), length >= 8);
            // A part of version 3 looks whole until it is opened, at every sixteenth length.
            let error = match (FORMAT.import.unwrap().open)(cut) {
                Err(error) => error,
                Ok(_) if bytes[10] == 4 => panic!("cut at {length}"),
                Ok(_) if length % 512 > 15 => continue,
                Ok(Source::Sealed(sealed)) => {
                    sealed.open(&SecretText::new(PASSPHRASE.to_owned())).unwrap_err()
                }
                Ok(Source::Plain(_)) => panic!("it is encrypted"),
            };
            let is_told = matches!(
                error,
                ImportError::Damaged { .. }
                    | ImportError::Unsupported { .. }
                    | ImportError::WrongPassphraseOrKeyFile
            );
            assert!(is_told, "{length}: {error}");
        }
    }
}

#[test]
fn a_changed_bit_is_found_wherever_it_is() {
    for bytes in FIXTURES {
        let version = bytes[10];
        for at in (0..bytes.len()).step_by(if version == 4 { 7 } else { 23 }) {
            let mut changed = bytes.to_vec();
            changed[at] ^= 1 << (at % 8);
            match opened(&changed, PASSPHRASE) {
                // The minor version.
                Ok(_) => assert!(version == 3 && (8..10).contains(&at), "byte {at} of version {version}"),
                Err(error) if version == 4 => {
                    // Of the header's authenticator nothing tells a change from a wrong passphrase.
                    let is_wrong = error == ImportError::WrongPassphraseOrKeyFile;
                    assert!(!is_wrong || (300..600).contains(&at), "byte {at}: {error}");
                }
                Err(_) => {}
            }
        }
    }
}

fn sha256(parts: &[&[u8]]) -> [u8; 32] {
    parts.iter().fold(Sha256::new(), Sha256::chain_update).finalize().into()
}

fn sha512(parts: &[&[u8]]) -> [u8; 64] {
    parts.iter().fold(Sha512::new(), Sha512::chain_update).finalize().into()
}

fn mac(key: &[u8; 64], number: u64, parts: &[&[u8]]) -> Vec<u8> {
    let key = sha512(&[&number.to_le_bytes(), key]);
    let mut mac = Hmac::<Sha256>::new_from_slice(&key).unwrap();
    for part in parts {
        mac.update(part);
    }
    mac.finalize().into_bytes().to_vec()
}

fn item(kind: u8, value: &[u8]) -> Vec<u8> {
    let mut item = vec![kind];
    item.extend_from_slice(&u32::try_from(value.len()).unwrap().to_le_bytes());
    item.extend_from_slice(value);
    item
}

fn parameter(kind: u8, name: &str, value: &[u8]) -> Vec<u8> {
    let name = item(kind, name.as_bytes());
    [name.as_slice(), &item(0, value)[1..]].concat()
}

const AES: &[u8] = b"\x7c\x02\xbb\x82\x79\xa7\x4a\xc0\x92\x7d\x11\x4a\x00\x64\x82\x38";
const ARGON2ID: &[u8] = b"\x9e\x29\x8b\x19\x56\xdb\x47\x73\xb2\x3d\xfc\x3e\xc6\xf0\xa1\xe6";

fn aes_parameters(rounds: u64) -> Vec<u8> {
    let values = [
        parameter(0x42, "$UUID", AES),
        parameter(5, "R", &rounds.to_le_bytes()),
        parameter(0x42, "S", &[7; 32]),
    ];
    [&[0, 1][..], &values.concat(), &[0]].concat()
}

fn argon2_parameters(memory_bytes: u64, passes: u64, lanes: u32) -> Vec<u8> {
    let values = [
        parameter(0x42, "$UUID", ARGON2ID),
        parameter(5, "M", &memory_bytes.to_le_bytes()),
        parameter(5, "I", &passes.to_le_bytes()),
        parameter(4, "P", &lanes.to_le_bytes()),
        parameter(4, "V", &0x13_u32.to_le_bytes()),
        parameter(0x42, "S", &[7; 32]),
    ];
    [&[0, 1][..], &values.concat(), &[0]].concat()
}

/// A database of version 4, with these parameters in its header and this inside, packed already where it is packed.
fn database(parameters: &[u8], is_packed: bool, inside: &[u8]) -> Vec<u8> {
    const CHACHA20: &[u8] = b"\xd6\x03\x8a\x2b\x8b\x6f\x4c\xb5\xa5\x24\x33\x9a\x31\xdb\xb5\x9a";
    let (seed, nonce) = ([3_u8; 32], [4_u8; 12]);
    let items = [
        item(2, CHACHA20),
        item(3, &u32::from(is_packed).to_le_bytes()),
        item(4, &seed),
        item(7, &nonce),
        item(11, parameters),
        item(0, &[]),
    ];
    let header = [header::MAGIC, header::KDBX, &[0, 0, 4, 0], &items.concat()].concat();
    let composite = sha256(&[&sha256(&[PASSPHRASE.as_bytes()])]);
    let derived = crypt::aes_kdf(&crate::secret::SecretBytes::from_slice(&composite), &[7; 32], 1).unwrap();
    let mut body = inside.to_vec();
    let key = sha256(&[&seed, derived.expose()]);
    chacha20::ChaCha20::new(&key.into(), &nonce.into()).apply_keystream(&mut body);
    let key = sha512(&[&seed, derived.expose(), &[1]]);
    let length = u32::try_from(body.len()).unwrap().to_le_bytes();
    let end = mac(&key, 1, &[&1_u64.to_le_bytes(), &[0; 4]]);
    [
        header.as_slice(),
        &sha256(&[&header]),
        &mac(&key, u64::MAX, &[&header]),
        &mac(&key, 0, &[&0_u64.to_le_bytes(), &length, &body]),
        &length,
        &body,
        &end,
        &[0; 4],
    ]
    .concat()
}

fn inside(document: &str) -> Vec<u8> {
    [&item(1, &0_u32.to_le_bytes()), &item(0, &[])[..], document.as_bytes()].concat()
}

#[test]
fn a_database_that_was_put_together_here_opens() {
    let document = document(&[("Title", "AWS"), ("UserName", "root"), ("TOTP Seed", SEED)]);
    let bytes = database(&aes_parameters(1), false, &inside(&document));
    assert_eq!(said(&opened(&bytes, PASSPHRASE).unwrap()), ["AWS:root totp SHA1 6 30"]);
}

#[test]
fn a_key_derivation_beyond_the_limits_is_refused_before_a_passphrase_is_asked_for() {
    let refused =
        |parameters: &[u8]| (FORMAT.import.unwrap().open)(&database(parameters, false, b"")).unwrap_err();
    assert!(matches!(refused(&aes_parameters(u64::MAX)), ImportError::TooManyRounds { .. }));
    assert!(matches!(refused(&aes_parameters(500_000_001)), ImportError::TooManyRounds { .. }));
    for (memory, passes, lanes) in
        [(u64::MAX, 1, 1), (3 << 30, 1, 1), (1 << 30, 17, 1), (8 << 10, u64::MAX, 1), (1 << 34, 1, 4)]
    {
        let error = refused(&argon2_parameters(memory, passes, lanes));
        assert!(matches!(error, ImportError::TooCostly { .. }), "{memory} {passes}: {error}");
    }
    for (memory, passes, lanes) in [(8 << 10, 0, 1), (8 << 10, 1, 0), (8 << 10, 1, u32::MAX), (0, 1, 1)] {
        let error = refused(&argon2_parameters(memory, passes, lanes));
        assert!(matches!(error, ImportError::Damaged { .. }), "{memory} {passes} {lanes}: {error}");
    }
}

#[test]
fn what_unpacks_to_more_than_any_database_is_refused() {
    let mut packer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    packer.write_all(&inside("")).unwrap();
    for _ in 0..65 {
        packer.write_all(&vec![b' '; 1 << 20]).unwrap();
    }
    let packed = packer.finish().unwrap();
    assert!(packed.len() < 1 << 20);
    let bytes = database(&aes_parameters(1), true, &packed);
    assert_eq!(opened(&bytes, PASSPHRASE).unwrap_err(), ImportError::TooLarge);
}

#[test]
fn a_document_that_asks_for_much_memory_is_refused() {
    let many = format!("<KeePassFile><Root>{}</Root></KeePassFile>", "<a/>".repeat(2_000_000));
    assert_eq!(open(many.as_bytes()).unwrap_err(), ImportError::TooLarge);
    let deep = format!("<KeePassFile><Root>{}", "<Group>".repeat(100_000));
    assert!(matches!(open(deep.as_bytes()), Err(ImportError::Damaged { .. })));
    // A note is repeated with each code of its entry, a path with each entry.
    let mut strings =
        vec!["<String><Key>Notes</Key><Value>".to_owned() + &"n".repeat(1 << 20) + "</Value></String>"];
    strings.extend((0..100).map(|n| format!("<String><Key>otp_{n}</Key><Value>key={SEED}</Value></String>")));
    let repeated = document(&[]).replace("</Entry>", &(strings.concat() + "</Entry>"));
    assert_eq!(open(repeated.as_bytes()).unwrap_err(), ImportError::TooLarge);
    let named = format!("<Group><Name>{}</Name>", "g".repeat(1000));
    let below = format!("{}{}", named.repeat(6), "</Group>".repeat(6));
    let below = format!("<KeePassFile><Root>{below}</Root></KeePassFile>");
    assert_eq!(open(below.as_bytes()).unwrap_err(), ImportError::TooLarge);
}

#[test]
fn other_versions_and_ciphers_are_named() {
    let told = |bytes: &[u8]| (FORMAT.import.unwrap().open)(bytes).unwrap_err().to_string();
    assert!(told(b"\x03\xd9\xa2\x9a\x65\xfb\x4b\xb5").contains("KeePass 1"));
    assert!(told(b"\x03\xd9\xa2\x9a\x67\xfb\x4b\xb5\0\0\x05\0").contains("version 5"));
    let refused = detect(b"\x03\xd9\xa2\x9a\x65\xfb\x4b\xb5\x01").unwrap_err().to_string();
    assert!(refused.contains("KeePass 1"), "{refused}");
    let mut bytes = database(&aes_parameters(1), false, b"");
    bytes[17] ^= 1;
    assert!(told(&bytes).contains("cipher"));
}

#[test]
fn each_form_is_recognised_by_its_content() {
    let id = |bytes: &[u8]| detect(bytes).expect("a format").id;
    assert_eq!(id(FIXTURES[0]), "keepass");
    assert_eq!(id(b"\xef\xbb\xbf<?xml version=\"1.0\"?>\r\n<!-- x -->\r\n<KeePassFile>"), "keepassxc-xml");
    assert_eq!(
        id(b"\"Group\",\"Title\",\"Username\",\"Password\",\"URL\",\"Notes\",\"TOTP\"\n"),
        "keepassxc-csv"
    );
    assert_ne!(
        detect(b"<map><string name=\"x\"></string></map>").map(|format| format.id),
        Ok("keepassxc-xml")
    );
}

#[test]
fn the_conventions_have_keepassxcs_order() {
    let of = |strings: &[(&str, &str)]| imported(&[&[("Title", "t")], strings].concat());
    let all = [
        ("TimeOtp-Secret-Base32", SEED),
        ("TimeOtp-Length", "7"),
        ("otp", "key=JBSWY3DPEHPK3PXP&amp;size=8"),
        ("TOTP Seed", SEED),
        ("TOTP Settings", "20;9"),
    ];
    for (n, expected) in ["7 30", "8 30", "6 30", "9 20"].iter().enumerate() {
        let given = if n == 0 { &all[..2] } else { &all[..n + 2] };
        let imported = of(given);
        assert_eq!(said(&imported), [format!("t totp SHA1 {expected}")]);
        assert_eq!(imported.notices.contains(&Notice::FurtherConventions), n > 0);
    }
    // Settings without a seed are no code.
    assert_eq!(said(&of(&[all[4], all[0]])), ["t totp SHA1 6 30"]);
    assert!(of(&[("otp", SEED), ("TOTP Seed", SEED)]).skipped.is_empty());
}

#[test]
fn a_parameter_that_is_not_understood_is_refused_and_never_guessed() {
    assert_eq!(
        reason(&[("TOTP Seed", SEED), ("TOTP Settings", "30;x")]),
        SkippedReason::Field("the number of digits")
    );
    assert_eq!(reason(&[("TOTP Seed", SEED), ("TOTP Settings", "0;6")]), SkippedReason::Field("the period"));
    assert_eq!(
        reason(&[("otp", "key=JBSWY3DPEHPK3PXP&amp;size=11")]),
        SkippedReason::Field("the number of digits")
    );
    assert!(matches!(
        reason(&[("otp", "key=JBSWY3DPEHPK3PXP&amp;otpHashMode=Md5")]),
        SkippedReason::UnknownAlgorithm(_)
    ));
    assert!(matches!(reason(&[("otp", "key=JBSWY3DPEHPK3PXP&amp;type=x")]), SkippedReason::UnknownType(_)));
    assert!(matches!(reason(&[("otp", "key=JBSWY3DPEHPK3PXP&amp;encoding=Rot13")]), SkippedReason::Words(_)));
    assert!(matches!(
        reason(&[("TimeOtp-Secret-Base32", SEED), ("TimeOtp-Algorithm", "HMAC-MD5")]),
        SkippedReason::UnknownAlgorithm(_)
    ));
    assert_eq!(reason(&[("TimeOtp-Secret-Hex", "abc")]), SkippedReason::Field("the secret"));
    assert_eq!(
        reason(&[("HmacOtp-Secret-Base32", SEED), ("HmacOtp-Counter", "-1")]),
        SkippedReason::Field("the counter")
    );
    for value in ["{REF:A@I:00}", "my codes", "TOTP"] {
        assert!(matches!(reason(&[("otp", value)]), SkippedReason::Words(_)), "{value}");
    }
}

#[test]
fn kee_otps_secrets_are_read_in_each_of_its_encodings() {
    for text in [
        "key=SGVsbG8h3q2%2b7w%3d%3d&amp;encoding=Base64",
        "key=SGVsbG8h3q2+7w==&amp;encoding=Base64",
        "encoding=Hex&amp;key=48656C6C6F21DEADBEEF",
        "key=jbswy3dp%20ehpk3pxp",
    ] {
        let imported = imported(&[("otp", text)]);
        assert_eq!(imported.drafts[0].draft.seed.bytes().expose(), b"Hello!\xde\xad\xbe\xef", "{text}");
    }
}

#[test]
fn an_export_whose_values_are_still_hidden_is_named() {
    let text = document(&[("otp", "x")]).replace("<Value>", "<Value Protected=\"True\">");
    assert!(matches!(open(text.as_bytes()), Err(ImportError::Unsupported { .. })));
}

#[test]
fn tags_of_an_entry_stand_behind_its_group() {
    let text = document(&[("otp", &format!("key={SEED}"))])
        .replace("<Entry>", "<Group><Name>a</Name><Group><Name>b/c</Name><Entry><Tags>x; y,a/b/c</Tags>")
        .replace("</Entry>", "</Entry></Group></Group>");
    let imported = open(text.as_bytes()).unwrap();
    let tags: Vec<&str> = imported.drafts[0].draft.tags.iter().map(crate::entry::Label::raw).collect();
    assert_eq!(tags, ["a/b/c", "x", "y"]);
}

#[test]
fn the_trash_is_counted_and_old_versions_are_passed_over() {
    let imported = opened(FIXTURES[0], PASSPHRASE).unwrap();
    assert_eq!(imported.n_trashed, 2);
    assert_eq!(imported.notices, [Notice::WithoutCodes(1)]);
    assert!(imported.drafts.iter().all(|one| one.draft.issuer.raw() != "Old"));
}

#[test]
fn the_table_takes_no_row_without_a_code_and_no_group_around_all() {
    let text = "\"Group\",\"Title\",\"Username\",\"Password\",\"URL\",\"Notes\",\"TOTP\"\n\
        \"Passwords/a/b\",\"AWS\",\"root\",\"p\",\"\",\" two\n lines\",\"otpauth://totp/AWS:root?secret=JBSWY3DPEHPK3PXP\"\n\
        \"Passwords\",\"B\",\"\",\"p\",\"\",\"\",\"\"\n";
    let imported = table::import(text.as_bytes()).unwrap();
    assert_eq!(said(&imported), ["AWS:root totp SHA1 6 30"]);
    let draft = &imported.drafts[0].draft;
    assert_eq!((draft.tags[0].raw(), draft.note.as_str()), ("a/b", " two\n lines"));
    assert_eq!(imported.notices, [Notice::WithoutCodes(1)]);
}
