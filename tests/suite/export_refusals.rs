//! What each format leaves out, since the app that reads it would not take it: by one bad entry some of them refuse the
//! whole file, and others would show wrong codes for it.

use lifeboat::entry::{Entry, EntryDraft, EntryId, Label};
use lifeboat::interchange::registry::{self, LeftOut};
use lifeboat::otp::{Algorithm, Digits, Otp, Period, Seed};
use lifeboat::secret::SecretBytes;

fn totp(digits: u8, period: u32) -> Otp {
    Otp::Totp {
        algorithm: Algorithm::Sha1,
        digits: Digits::new(digits).unwrap(),
        period: Period::new(period).unwrap(),
    }
}

fn hotp(digits: u8, counter: u64) -> Otp {
    Otp::Hotp { algorithm: Algorithm::Sha1, digits: Digits::new(digits).unwrap(), counter }
}

fn entry(issuer: &str, account: &str, seed: u8, otp: Otp) -> Entry {
    let seed = Seed::from_bytes(SecretBytes::new(vec![seed; 20])).unwrap();
    let draft = EntryDraft::new(Label::new(issuer), Label::new(account), seed, otp);
    Entry::from_draft(draft, EntryId::from_bytes([7; 16]), 1_700_000_000)
}

/// The names of those that a format leaves out.
fn left_out(format: &str, entries: &[Entry]) -> Vec<String> {
    let export = registry::by_id(format).and_then(|format| format.export).expect(format);
    let entries: Vec<&Entry> = entries.iter().collect();
    let (_, left_out) = registry::held(export, &entries);
    left_out.into_iter().map(|LeftOut { name, .. }| name).collect()
}

/// Which of these, each named by what is special about it, a format leaves out.
#[track_caller]
fn check(format: &str, expected: &[&str]) {
    let (usual, most) = (totp(6, 30), u64::MAX);
    let entries = [
        entry("usual", "", 0, usual),
        entry("4 digits", "", 1, totp(4, 30)),
        entry("5 digits", "", 2, totp(5, 30)),
        entry("9 digits", "", 3, totp(9, 30)),
        entry("45 seconds", "", 4, totp(6, 45)),
        entry("counter", "", 5, hotp(6, 3)),
        entry("counter, 9 digits", "", 6, hotp(9, 3)),
        entry("counter 2^31", "", 7, hotp(6, 1 << 31)),
        entry("counter 2^64 - 1", "", 8, hotp(6, most)),
        entry("Steam", "codes of it", 9, Otp::Steam),
        entry("Valve", "codes of Steam", 10, Otp::Steam),
        entry("Steam", "six digits", 11, usual),
        entry("Steam", "counter", 12, hotp(6, 1)),
        entry("the seed of usual", "", 0, usual),
        entry("a", "b:c", 13, usual),
        entry("a:b", "c", 14, usual),
    ];
    assert_eq!(left_out(format, &entries), expected, "{format}");
}

#[test]
fn every_entry_fits_aegis_and_a_list_of_uris() {
    check("aegis", &[]);
    check("otpauth", &[]);
}

#[test]
fn two_fas_takes_few_digits_and_periods_small_counters_and_a_seed_once() {
    check(
        "2fas",
        &[
            "4 digits",
            "9 digits",
            "45 seconds",
            "counter, 9 digits",
            "counter 2^31",
            "counter 2^64 - 1",
            "the seed of usual",
        ],
    );
}

#[test]
fn andotp_takes_counters_that_have_a_sign() {
    check("andotp", &["counter 2^64 - 1"]);
}

#[test]
fn bitwarden_has_no_counters_and_takes_what_is_named_steam_for_steams() {
    check(
        "bitwarden",
        &[
            "4 digits",
            "counter",
            "counter, 9 digits",
            "counter 2^31",
            "counter 2^64 - 1",
            "Steam:six digits",
            "Steam:counter",
        ],
    );
}

#[test]
fn bitwarden_refuses_a_whole_import_for_one_long_field() {
    let mut long_note = entry("long note", "", 1, totp(6, 30));
    long_note.note = "x".repeat(7_401);
    let mut long_enough = entry("note", "", 2, totp(6, 30));
    long_enough.note = "x".repeat(7_400);
    let long_name = entry(&"n".repeat(700), "", 3, totp(6, 30));
    let left = left_out("bitwarden", &[long_note, long_enough, long_name]);
    assert_eq!(left.len(), 2, "{left:?}");
    assert_eq!(left[0], "long note");
}

#[test]
fn ente_takes_what_is_named_steam_for_steams_and_lines_that_end() {
    check("ente", &["Steam:six digits", "Steam:counter"]);
    let mut long_note = entry("long note", "", 1, totp(6, 30));
    long_note.note = "note ".repeat(4_000);
    assert_eq!(left_out("ente", &[long_note]), ["long note"]);
}

#[test]
fn freeotp_plus_knows_steam_by_its_name_alone_and_a_token_by_its_names() {
    check(
        "freeotp-plus",
        &[
            "4 digits",
            "9 digits",
            "counter, 9 digits",
            "counter 2^64 - 1",
            "Valve:codes of Steam",
            "Steam:six digits",
            "Steam:counter",
            "a:b:c",
        ],
    );
}

#[test]
fn proton_has_no_counters_and_takes_what_is_named_steam_for_steams() {
    check(
        "proton",
        &[
            "counter",
            "counter, 9 digits",
            "counter 2^31",
            "counter 2^64 - 1",
            "Steam:six digits",
            "Steam:counter",
        ],
    );
}

#[test]
fn stratum_takes_six_digits_and_more_and_a_seed_once() {
    check("stratum", &["4 digits", "5 digits", "counter, 9 digits", "counter 2^64 - 1", "the seed of usual"]);
}

#[test]
fn an_entry_that_is_left_out_does_not_stand_in_the_way_of_another_with_its_seed() {
    let entries = [entry("4 digits", "", 1, totp(4, 30)), entry("same seed", "", 1, totp(6, 30))];
    for format in ["2fas", "stratum"] {
        assert_eq!(left_out(format, &entries), ["4 digits"], "{format}");
    }
}
