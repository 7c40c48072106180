use data_encoding::{BASE32_NOPAD, BASE64, HEXLOWER};
use proptest::prelude::*;

use super::*;
use crate::entry::EntryDraft;
use crate::otp::{Algorithm, Digits, Otp, Seed};

fn entry(seed: &[u8], otp: Otp) -> Entry {
    let seed = Seed::from_bytes(SecretBytes::from_slice(seed)).unwrap();
    let draft = EntryDraft::new(Label::new("Mail"), Label::new("ana"), seed, otp);
    Entry::from_draft(draft, EntryId::from_bytes([1; 16]), 0)
}

fn any_otp() -> impl Strategy<Value = Otp> {
    let algorithm = prop_oneof![Just(Algorithm::Sha1), Just(Algorithm::Sha256), Just(Algorithm::Sha512)];
    let period = prop_oneof![Just(1_u32), Just(30), Just(60), 1..=86_400_u32];
    let totp = (algorithm, 1..=10_u8, period).prop_map(|(algorithm, digits, period)| Otp::Totp {
        algorithm,
        digits: Digits::new(digits).unwrap(),
        period: Period::new(period).unwrap(),
    });
    prop_oneof![4 => totp, 1 => Just(Otp::Steam)]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    #[test]
    fn every_code_is_the_entrys_own_and_nothing_else_is_in_it(
        seed in proptest::collection::vec(any::<u8>(), 10..64),
        otp in any_otp(),
        from in 86_400..4_000_000_000_u64,
        seconds in prop_oneof![1..=900_u64, 1..=MOST_SECONDS],
    ) {
        let entry = entry(&seed, otp);
        let period = otp.period().unwrap();
        // Not each second of eight hours in a test.
        let seconds = seconds.min(600 * u64::from(period.seconds()));
        let until = from + seconds;
        let document = PassDocument {
            id: ItemId::from_bytes([2; 4]),
            title: Label::new(entry.title()),
            to: Label::new("Jo"),
            kind: CodeKind::of(otp).unwrap(),
            period,
            from,
            until,
            codes: codes(&entry, from, until, period).unwrap(),
        };
        let json = pass_v1::encode(&document).unwrap();
        let read = pass_v1::parse(json.expose()).unwrap();
        let step = u64::from(period.seconds());
        let (first, last) = (from / step - 1, (until - 1) / step + 1);
        prop_assert_eq!(read.first(), first);
        prop_assert_eq!(u64::try_from(read.codes.len()).unwrap(), last - first + 1);
        for (index, code) in (first..=last).zip(&read.codes) {
            let own = entry.code_at(index * step).unwrap().code;
            prop_assert_eq!(own.expose(), code.expose());
        }
        for outside in [first.checked_sub(1), Some(last + 1)].into_iter().flatten() {
            prop_assert!(read.code_of(TimeStep::at(outside * step, period)).is_none());
        }

        // What is written is the codes and nothing that the seed could be read from.
        let holds = |needle: &[u8]| json.expose().windows(needle.len()).any(|window| window == needle);
        prop_assert!(!holds(&seed));
        for text in [BASE32_NOPAD.encode(&seed), HEXLOWER.encode(&seed), BASE64.encode(&seed)] {
            prop_assert!(!holds(text.as_bytes()), "{}", text);
            prop_assert!(!holds(text.to_lowercase().as_bytes()));
            prop_assert!(!holds(text.to_uppercase().as_bytes()));
        }
        let value: serde_json::Value = serde_json::from_slice(json.expose()).unwrap();
        let packed = BASE64.decode(value["codes"].as_str().unwrap().as_bytes()).unwrap();
        prop_assert!(!packed.windows(seed.len()).any(|window| window == seed));
    }
}

#[test]
fn a_long_name_is_cut_where_a_pass_has_no_room() {
    assert_eq!(cut("Mail:ana".to_owned()), "Mail:ana");
    assert_eq!(cut("x".repeat(LONGEST_NAME)).len(), LONGEST_NAME);
    for name in ["x".repeat(500), "ö".repeat(300), "鸭".repeat(100)] {
        let cut = cut(name);
        assert!(cut.len() <= LONGEST_NAME && cut.ends_with('…'), "{} bytes", cut.len());
    }
}
