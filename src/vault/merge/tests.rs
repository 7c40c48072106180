use super::*;
use crate::entry::Label;
use crate::otp::{Algorithm, Digits};

fn draft(issuer: &str, seed: &str, otp: Otp) -> EntryDraft {
    EntryDraft::new(Label::new(issuer), Label::new("ana"), Seed::from_base32(seed).unwrap(), otp)
}

fn entry(issuer: &str, seed: &str, otp: Otp) -> Entry {
    Entry::from_draft(draft(issuer, seed, otp), EntryId::from_bytes([7; 16]), 0)
}

#[test]
fn the_same_codes_are_already_there_whatever_the_name() {
    let existing = [entry("GitHub", "JBSWY3DPEHPK3PXP", Otp::COMMON)];
    let drafts = [draft("Renamed", "jbsw y3dp ehpk 3pxp", Otp::COMMON)];
    assert_eq!(plan(&existing, &drafts), [Verdict::AlreadyThere(existing[0].id)]);
}

#[test]
fn the_same_codes_need_the_same_seed_type_algorithm_digits_and_period() {
    const SEED: &str = "JBSWY3DPEHPK3PXP";
    let eight = Digits::EIGHT;
    let totp =
        |algorithm, digits, seconds| Otp::Totp { algorithm, digits, period: Period::new(seconds).unwrap() };
    let mine = entry("A", SEED, Otp::COMMON);
    let seed = |text: &str| Seed::from_base32(text).unwrap();
    assert!(same_codes(&mine, &seed(SEED), Otp::COMMON));
    assert!(!same_codes(&mine, &seed("JBSWY3DPEHPK3PXQ"), Otp::COMMON));
    for otp in [
        totp(Algorithm::Sha256, Digits::SIX, 30),
        totp(Algorithm::Sha1, eight, 30),
        totp(Algorithm::Sha1, Digits::SIX, 31),
        Otp::Hotp { algorithm: Algorithm::Sha1, digits: Digits::SIX, counter: 0 },
        Otp::Steam,
    ] {
        assert!(!same_codes(&mine, &seed(SEED), otp), "{otp:?}");
        assert_eq!(plan(&[entry("B", SEED, Otp::COMMON)], &[draft("C", SEED, otp)]), [Verdict::Taken]);
    }
}

#[test]
fn a_merge_by_id_rolls_nothing_back_and_revives_nothing() {
    let dated = |id: u8, updated| {
        let draft = draft("A", "JBSWY3DPEHPK3PXP", Otp::COMMON);
        Entry::from_draft(draft, EntryId::from_bytes([id; 16]), updated)
    };
    let mine = [dated(1, 5), dated(2, 5), dated(3, 5), dated(4, 5)];
    let trashed = BTreeSet::from([EntryId::from_bytes([5; 16])]);
    let incoming = [dated(1, 5), dated(2, 6), dated(3, 4), dated(4, 5), dated(5, 9), dated(6, 1)];
    let alike = |left: &Entry, _: &Entry| left.id == EntryId::from_bytes([1; 16]);

    let verdicts = plan_by_id(&mine, &trashed, &incoming, alike);

    assert_eq!(
        verdicts,
        [
            MergeVerdict::Same,
            MergeVerdict::Newer,
            MergeVerdict::Older,
            MergeVerdict::Older,
            MergeVerdict::InTrash,
            MergeVerdict::Added
        ]
    );
}

#[test]
fn another_period_is_another_account() {
    let sixty =
        Otp::Totp { algorithm: Algorithm::Sha1, digits: Digits::SIX, period: Period::new(60).unwrap() };
    let existing = [entry("GitHub", "JBSWY3DPEHPK3PXP", Otp::COMMON)];
    assert_eq!(
        plan(&existing, &[draft("GitHub", "JBSWY3DPEHPK3PXP", sixty)]),
        [Verdict::Conflicting(existing[0].id)]
    );
}

#[test]
fn twins_inside_one_file_are_all_taken() {
    let drafts = [draft("A", "JBSWY3DPEHPK3PXP", Otp::COMMON), draft("A", "JBSWY3DPEHPK3PXP", Otp::COMMON)];
    assert_eq!(plan(&[], &drafts), [Verdict::Taken, Verdict::Taken]);
}

#[test]
fn a_moved_counter_is_still_the_same_account() {
    let hotp = |counter| Otp::Hotp { algorithm: Algorithm::Sha1, digits: Digits::SIX, counter };
    let existing = [entry("VPN", "JBSWY3DPEHPK3PXP", hotp(9))];
    assert_eq!(
        plan(&existing, &[draft("VPN", "JBSWY3DPEHPK3PXP", hotp(4))]),
        [Verdict::AlreadyThere(existing[0].id)]
    );
}
