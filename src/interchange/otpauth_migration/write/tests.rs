use super::*;
use crate::entry::{EntryDraft, EntryId, Label};
use crate::interchange::otpauth_migration::{message as message_of, parse};
use crate::otp::{Digits, Seed};

fn entry(issuer: &str, account: &str, otp: Otp) -> Entry {
    let seed = Seed::from_bytes(SecretBytes::from_slice(b"12345678901234567890")).unwrap();
    let draft = EntryDraft::new(Label::new(issuer), Label::new(account), seed, otp);
    Entry::from_draft(draft, EntryId::from_bytes([7; 16]), 0)
}

fn codes(entries: &[Entry]) -> Vec<SecretText> {
    export(&entries.iter().collect::<Vec<_>>(), &mut |bytes| bytes.fill(0xff))
}

#[test]
fn one_account_is_written_as_older_versions_of_the_app_did() {
    let hotp = Otp::Hotp { algorithm: Algorithm::Sha256, digits: Digits::EIGHT, counter: 300 };
    let codes = codes(&[entry("Mail", "ana", hotp)]);
    let account = b"\x0a\x1412345678901234567890\x12\x03ana\x1a\x04Mail\x20\x02\x28\x02\x30\x01\x38\xac\x02";
    let whole = [&[0x0a, 42], &account[..], b"\x10\x01\x18\x01\x20\x00\x28\xff\xff\xff\xff\x07"].concat();
    assert_eq!(account.len(), 42);
    assert_eq!(codes.len(), 1);
    assert_eq!(message_of(codes[0].expose()).unwrap().expose(), whole);
    assert!(!codes[0].expose().contains(['+', ' ']) && codes[0].expose().matches('=').count() == 1);
}

#[test]
fn ten_accounts_go_into_a_code_and_all_codes_have_one_id() {
    let entries: Vec<Entry> = (0..25).map(|n| entry("Mail", &format!("ana{n}"), Otp::COMMON)).collect();
    let parts: Vec<_> = codes(&entries).iter().map(|code| parse(code.expose()).unwrap()).collect();
    assert_eq!(parts.iter().map(|part| part.accounts.len()).collect::<Vec<_>>(), [10, 10, 5]);
    for (part, idx) in parts.iter().zip(1..) {
        assert_eq!(part.place.of_several(), Some((idx, 3)));
        assert_eq!((part.place.version, part.place.id), (1, Some(i32::MAX)));
    }
}

#[test]
fn long_names_make_more_codes_and_not_larger_ones() {
    let entries: Vec<Entry> = (0..9).map(|_| entry("Mail", &"~".repeat(200), Otp::COMMON)).collect();
    let codes = codes(&entries);
    assert!(codes.len() > 1 && codes.iter().all(|code| code.len() <= LONGEST_URI));
    assert_eq!(codes.iter().map(|code| parse(code.expose()).unwrap().accounts.len()).sum::<usize>(), 9);
    let alone = entry("Mail", &"x".repeat(1_500), Otp::COMMON);
    assert!(refuses_one(&alone).is_none() && self::codes(&[alone])[0].len() <= LARGEST_CODE);
}

#[test]
fn what_the_app_cannot_hold_is_named() {
    let totp = |digits, period| Otp::Totp {
        algorithm: Algorithm::Sha1,
        digits: Digits::new(digits).unwrap(),
        period: Period::new(period).unwrap(),
    };
    let hotp = |counter| Otp::Hotp { algorithm: Algorithm::Sha1, digits: Digits::SIX, counter };
    for (otp, words) in [
        (totp(6, 30), None),
        (totp(8, 30), None),
        (totp(7, 30), Some("Google Authenticator shows 6 or 8 digits")),
        (totp(6, 60), Some("Google Authenticator knows no period but 30 seconds")),
        (Otp::Steam, Some("Google Authenticator makes no Steam codes")),
        (hotp(u64::MAX >> 1), None),
        (hotp(u64::MAX), Some("its counter is larger than Google Authenticator's can be")),
    ] {
        assert_eq!(refuses_one(&entry("Mail", "ana", otp)), words);
    }
    let words = Some("its names are too long for a QR code");
    assert_eq!(refuses_one(&entry("Mail", &"x".repeat(3_000), Otp::COMMON)), words);
}
