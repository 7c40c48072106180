use super::*;
use crate::entry::{EntryDraft, EntryId, Label};
use crate::otp::{Digits, Seed};

fn with_seed(issuer: &str, account: &str, otp: Otp, seed: usize) -> Entry {
    let seed = Seed::from_bytes(SecretBytes::new(vec![b'1'; seed])).unwrap();
    let draft = EntryDraft::new(Label::new(issuer), Label::new(account), seed, otp);
    Entry::from_draft(draft, EntryId::from_bytes([7; 16]), 0)
}

fn entry(issuer: &str, account: &str, otp: Otp) -> Entry {
    with_seed(issuer, account, otp, 20)
}

fn totp(algorithm: Algorithm, digits: u8, period: u32) -> Otp {
    let (digits, period) = (Digits::new(digits).unwrap(), Period::new(period).unwrap());
    Otp::Totp { algorithm, digits, period }
}

fn hotp(counter: u64) -> Otp {
    Otp::Hotp { algorithm: Algorithm::Sha1, digits: Digits::SIX, counter }
}

#[test]
fn each_account_is_one_quoted_command_below_a_heading() {
    let entries = [
        entry("It's & co", "ana$(x) `y`", Otp::COMMON),
        entry("", "ben", hotp(7)),
        entry("Steam", "cy", Otp::Steam),
        entry("VPN", "dee", totp(Algorithm::Sha512, 8, 60)),
    ];
    let script = script(&entries.iter().collect::<Vec<_>>(), "2027-01-15").into_text().unwrap();
    let (heading, lines): (Vec<&str>, Vec<&str>) =
        script.expose().lines().partition(|line| line.starts_with('#'));
    assert_eq!(heading[0], "# 4 accounts for a YubiKey, written by Lifeboat on 2027-01-15.");
    assert!(heading.concat().contains("IN CLEAR") && heading.concat().contains("history"));
    assert!(heading.iter().all(|line| line.len() <= 120));
    let secret = "GEYTCMJRGEYTCMJRGEYTCMJRGEYTCMJR";
    let command = |uri: &str| format!("ykman oath accounts uri 'otpauth://{}'", uri.replace('*', secret));
    let expected = [
        "totp/It%27s%20%26%20co:ana%24%28x%29%20%60y%60?secret=*&issuer=It%27s%20%26%20co&algorithm=SHA1&digits=6&period=30",
        "hotp/ben?secret=*&algorithm=SHA1&digits=6&counter=7",
        "totp/Steam:cy?secret=*&issuer=Steam&algorithm=SHA1&digits=5&period=30",
        "totp/VPN:dee?secret=*&issuer=VPN&algorithm=SHA512&digits=8&period=60",
    ];
    assert_eq!(lines, expected.map(command));
}

#[test]
fn what_a_yubikey_cannot_hold_is_named() {
    let common = Otp::COMMON;
    for (entry, words) in [
        (entry("Mail", "ana", common), None),
        (entry("Mail", &"x".repeat(59), common), None),
        (entry("Mail", &"x".repeat(60), common), Some("its name is longer than the 64 bytes")),
        (
            entry("Mail", &"x".repeat(57), totp(Algorithm::Sha1, 6, 60)),
            Some("its name is longer than the 64 bytes"),
        ),
        (entry("Mail", &"é".repeat(30), common), Some("its name is longer than the 64 bytes")),
        (entry("Mail", "", common), Some("a YubiKey wants an account name")),
        (entry("a:b", "ana", common), Some("a YubiKey takes a name apart")),
        (entry("", "a:b", common), Some("a YubiKey takes a name apart")),
        (entry("Mail", "a:b", common), None),
        (entry("", "7/ana", common), Some("its name begins with a number and a slash")),
        (entry("", "7/ana", totp(Algorithm::Sha1, 6, 60)), None),
        (entry("", "7/ana", hotp(0)), None),
        (entry("", "a\nb", common), Some("its name holds a control character")),
        (entry("Mail", "ana", totp(Algorithm::Sha1, 5, 30)), Some("a YubiKey shows 6 to 8 digits")),
        (entry("Mail", "ana", totp(Algorithm::Sha1, 9, 30)), Some("a YubiKey shows 6 to 8 digits")),
        (entry("Steam", "ana", Otp::Steam), None),
        (entry("Valve", "ana", Otp::Steam), Some("a YubiKey makes Steam codes only for the issuer")),
        (entry("Steam", "ana", common), Some("a YubiKey makes Steam's own codes")),
        (entry("Mail", "ana", hotp(u32::MAX.into())), None),
        (entry("Mail", "ana", hotp(1 << 32)), Some("its counter is larger")),
        (with_seed("Mail", "ana", common, 1), Some("its seed is too short")),
        (with_seed("Mail", "ana", common, 2), None),
        (with_seed("Mail", "ana", common, 129), None),
        (with_seed("Mail", "ana", totp(Algorithm::Sha512, 6, 30), 64), None),
        (
            with_seed("Mail", "ana", totp(Algorithm::Sha512, 6, 30), 65),
            Some("its seed is longer than the 64 bytes"),
        ),
        (
            with_seed("Mail", "ana", totp(Algorithm::Sha512, 6, 30), 128),
            Some("its seed is longer than the 64 bytes"),
        ),
        (with_seed("Mail", "ana", totp(Algorithm::Sha512, 6, 30), 129), None),
    ] {
        let found = refuses_one(&entry);
        let fits = found.zip(words).is_some_and(|(found, words)| found.starts_with(words));
        assert!(fits || found.is_none() && words.is_none(), "{}: {found:?}, not {words:?}", entry.title());
    }
}

#[test]
fn of_one_name_a_yubikey_holds_the_first() {
    let (one, other) =
        (entry("Mail", "ana", Otp::COMMON), entry("Mail", "ana", totp(Algorithm::Sha1, 8, 30)));
    let elsewhere = entry("Mail", "ana", totp(Algorithm::Sha1, 8, 60));
    let judged = refuses(&[&one, &other, &elsewhere]);
    assert!(judged[0].is_none() && judged[1].unwrap().contains("the same name") && judged[2].is_none());
}
