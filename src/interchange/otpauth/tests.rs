//! The rules themselves are tested by `vectors/otpauth`; here are the properties that hold for all URIs.

use proptest::prelude::*;

use super::*;
use crate::secret::SecretBytes;

/// Labels as people and strangers write them, without space at their ends, which is cut off.
fn label() -> impl Strategy<Value = String> {
    let odd = r"[ -~:%&=#?/+;@]{0,12}";
    prop_oneof![
        odd.prop_map(|text| text),
        any::<String>(),
        Just("a:b".to_owned()),
        Just("Fooperiod=60".to_owned())
    ]
    .prop_map(|text| text.trim().to_owned())
    .prop_filter("the name Steam changes the type", |text| text.split(':').all(|part| part.trim() != "Steam"))
}

fn seed() -> impl Strategy<Value = Seed> {
    prop_oneof![
        prop::collection::vec(any::<u8>(), 1..80)
            .prop_map(|bytes| Seed::from_bytes(SecretBytes::new(bytes)).unwrap()),
        "[A-Z2-7]{2,40}".prop_map(|text| Seed::from_base32(&text).unwrap()),
    ]
}

fn kind() -> impl Strategy<Value = Otp> {
    let algorithm = prop_oneof![Just(Algorithm::Sha1), Just(Algorithm::Sha256), Just(Algorithm::Sha512)];
    let numbers = (algorithm, 1..=10_u8, 1..=86_400_u32, any::<u64>(), 0..3);
    numbers.prop_map(|(algorithm, digits, period, counter, kind)| {
        let digits = Digits::new(digits).unwrap();
        match kind {
            0 => Otp::Hotp { algorithm, digits, counter },
            1 => Otp::Steam,
            _ => Otp::Totp { algorithm, digits, period: Period::new(period).unwrap() },
        }
    })
}

fn parameters() -> impl Strategy<Value = Vec<(String, String)>> {
    let name = prop_oneof!["[a-z_]{1,8}", any::<String>()];
    prop::collection::vec((name, any::<String>()), 0..5)
        .prop_map(|pairs| pairs.into_iter().filter(|(name, value)| !is_understood(name, value)).collect())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1024, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn what_is_written_is_read_as_the_same_account(
        issuer in label(), account in label(), seed in seed(), otp in kind(), parameters in parameters(),
    ) {
        let mut draft = EntryDraft::new(Label::new(issuer), Label::new(account), seed, otp);
        draft.uri_parameters = UriParameters(parameters);
        let uri = write_draft(&draft);
        prop_assume!(uri.len() <= LONGEST_URI);
        let (again, _) = parse(uri.expose()).unwrap();
        prop_assert_eq!(again.issuer.raw(), draft.issuer.raw());
        prop_assert_eq!(again.account.raw(), draft.account.raw());
        prop_assert!(again.seed.same_as(&draft.seed));
        prop_assert!(again.seed.to_base32().same_as(&draft.seed.to_base32()));
        prop_assert_eq!(again.otp, draft.otp);
        prop_assert_eq!(&again.uri_parameters, &draft.uri_parameters);
        prop_assert!(write_draft(&again).same_as(&uri));
        let short = shortest(&uri, draft.otp);
        prop_assert!(short.len() <= uri.len());
        let (again, _) = parse(short.expose()).unwrap();
        prop_assert!(write_draft(&again).same_as(&uri), "what is left out is what everybody takes for granted");
    }

    #[test]
    fn what_is_written_holds_nothing_but_plain_ascii(issuer in any::<String>(), account in any::<String>()) {
        let seed = Seed::from_base32("JBSWY3DPEHPK3PXP").unwrap();
        let draft = EntryDraft::new(Label::new(issuer), Label::new(account), seed, Otp::COMMON);
        prop_assert!(write_draft(&draft).expose().bytes().all(|byte| byte.is_ascii_graphic() && byte != b'"'));
    }

    #[test]
    fn no_text_makes_the_parser_panic(text in any::<String>()) {
        drop(parse(&text));
        drop(parse(&format!("otpauth://{text}")));
        drop(parse(&format!("otpauth://totp/{text}")));
        drop(parse(&format!("otpauth://hotp/a?secret=JBSWY3DP&{text}")));
        drop(parse(&format!("steam://{text}")));
    }

    #[test]
    fn an_error_never_repeats_the_secret(
        secret in "[A-Z2-7]{16,32}", form in 0..9_usize, lower in any::<bool>(),
    ) {
        let secret = if lower { secret.to_lowercase() } else { secret };
        let uri = [
            format!("otpauth://{secret}"),
            format!("otpauth://totp&secret={secret}"),
            format!("otpauth://totp/a&secret={secret}"),
            format!("otpauth://totp/a?secret={secret}!"),
            format!("otpauth://totp/a?secret={secret}&digits=0"),
            format!("otpauth://totp/a?secret=A&algorithm={secret}"),
            format!("otpauth://totp/a?secret={secret}&algorithm=x{secret}"),
            format!("otpauth://hotp/a?secret={secret}&counter={secret}"),
            secret.clone(),
        ];
        let error = parse(&uri[form]).unwrap_err();
        let shown = format!("{error} {error:?}").to_uppercase();
        prop_assert!(!shown.contains(&secret.to_uppercase()), "{shown}");
    }
}

#[test]
fn a_seed_inside_of_what_should_be_a_name_is_not_repeated() {
    for name in [
        "JBSWY3DPEHPK3PXP",
        "JBS/Y3DJBSWY3DPEHPK3PXP",
        "SHA1 JBSWY3DPEHPK3PXP",
        "x-JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP",
    ] {
        let uri = format!("otpauth://totp/a?secret=JBSWY3DPEHPK3PXP&algorithm={name}");
        let words = parse(&uri).unwrap_err().to_string();
        assert_eq!(words, "the algorithm \"not repeated here\" is not supported", "{name}");
    }
    let words = parse("otpauth://totp/a?secret=JBSWY3DPEHPK3PXP&algorithm=SHA3-512").unwrap_err().to_string();
    assert_eq!(words, "the algorithm \"SHA3-512\" is not supported");
}
