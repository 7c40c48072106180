//! The words of a share. Bytes: 0 and a text; or 1, one number a word and how the words are written, with a checksum
//! that is made right; or 2, the same with some mistakes.

use arbitrary::{Result, Unstructured};
use lifeboat::custody::rs1024::{Customization, checksum};
use lifeboat::custody::slip39::Mnemonic;
use lifeboat::custody::words::{LONGEST_WORD, N_WORDS, index, word};
use lifeboat::custody::{Likely, Share, ShareError, Suggestion, progress};

use super::shared::assert_message;

/// Words before the checksum.
const BEFORE: usize = Share::WORDS - 3;

pub fn run(data: &[u8]) {
    let Some((kind, rest)) = data.split_first() else { return };
    if kind % 3 == 0 {
        let Ok(text) = std::str::from_utf8(rest) else { return };
        any_text(text);
    } else {
        let mut input = Unstructured::new(rest);
        if let Ok(words) = words(&mut input) {
            let _ended_early =
                if kind % 3 == 1 { right(&words, &mut input) } else { mistaken(&words, &mut input) };
        }
    }
}

/// What must hold of any text.
fn any_text(text: &str) {
    let seen = progress(text);
    assert!(seen.not_in_list.len() <= seen.n_words);
    match Share::parse(text) {
        Ok(share) => {
            assert!(seen.not_in_list.is_empty() && seen.n_words == Share::WORDS);
            accepted(&share);
        }
        Err(error) => refused(&error, text),
    }
    if let Ok(mnemonic) = Mnemonic::parse(text) {
        let again = Mnemonic::parse(mnemonic.words().expose()).expect("what was written is read");
        assert_eq!(again.words().expose(), mnemonic.words().expose());
    }
}

/// Seventeen words of any share of ours, with the checksum that fits.
fn words(input: &mut Unstructured<'_>) -> Result<Vec<u16>> {
    let mut words = Vec::with_capacity(Share::WORDS);
    for _ in 0..BEFORE {
        words.push(input.arbitrary::<u16>()? % N_WORDS);
    }
    if input.ratio(3, 4)? {
        words[1] = words[1] & !0x1f | 0x10;
        words[2] = 0;
        words[3] &= 0xff;
        words[3] |= u16::from(words[3] % 16 == 0);
        words[4] &= 0xff;
    }
    words.extend(checksum(Customization::ShamirExtendable, &words));
    Ok(words)
}

/// Extendable and without an exponent; one group; two shares or more; no padding.
fn is_ours(words: &[u16]) -> bool {
    let has_no_padding = words[4] >> 8 == 0;
    words[1] & 0x1f == 0x10 && words[2] == 0 && words[3] >> 8 == 0 && words[3] & 0xf != 0 && has_no_padding
}

/// Right words, however they are written, are read as what they say.
fn right(words: &[u16], input: &mut Unstructured<'_>) -> Result<()> {
    let plain: Vec<&str> = words.iter().map(|index| word(usize::from(*index)).unwrap()).collect();
    let text = written(&plain, input)?;
    match Share::parse(&text) {
        Ok(share) => {
            assert_eq!(share.words().expose(), plain.join(" "));
            assert!(is_ours(words) && u16::from(share.number() - 1) == words[3] >> 4 & 0xf);
            accepted(&share);
        }
        Err(error) => {
            assert!(matches!(error, ShareError::Foreign(_)) && !is_ours(words), "{error:?}");
            refused(&error, &text);
        }
    }
    Ok(())
}

/// One mistake is told as what it is, two are never guessed at, three are found.
fn mistaken(words: &[u16], input: &mut Unstructured<'_>) -> Result<()> {
    let place = input.choose_index(Share::WORDS)?;
    let mut wrong = words.to_vec();
    let spoken = |words: &[u16]| -> Vec<&str> {
        words.iter().map(|index| word(usize::from(*index)).unwrap()).collect()
    };
    let genuine = word(usize::from(words[place])).unwrap();
    match input.int_in_range(0..=3_u8)? {
        0 => {
            wrong[place] ^= input.int_in_range(1..=N_WORDS - 1)?;
            let error = Share::parse(&written(&spoken(&wrong), input)?).unwrap_err();
            let ShareError::Checksum { likely: Some(Likely::Wrong { position, suggestion }) } = error else {
                panic!("{error:?}")
            };
            assert_eq!((position, suggestion.word()), (place + 1, genuine));
        }
        1 => {
            let place = place.min(Share::WORDS - 2);
            wrong.swap(place, place + 1);
            let read = Share::parse(&written(&spoken(&wrong), input)?);
            if wrong[place] != wrong[place + 1] {
                let error = read.unwrap_err();
                assert!(
                    matches!(error, ShareError::Checksum { likely: Some(Likely::Swapped { position }) } if position == place + 1),
                    "{error:?}"
                );
            }
        }
        2 => {
            let n_wrong = input.int_in_range(2..=3_usize)?;
            for n in 0..n_wrong {
                wrong[(place + n * 5) % Share::WORDS] ^= input.int_in_range(1..=N_WORDS - 1)?;
            }
            let error = Share::parse(&written(&spoken(&wrong), input)?).unwrap_err();
            let ShareError::Checksum { likely } = error else { panic!("{error:?}") };
            assert!(
                n_wrong == 3 || !matches!(likely, Some(Likely::Wrong { .. })),
                "two words were put down to one"
            );
        }
        _ => {
            let mut typed = spoken(&wrong);
            let unknown: String = input.arbitrary()?;
            let is_one_word =
                !unknown.contains(char::is_whitespace) && !unknown.contains(|c: char| c.is_ascii_digit());
            if unknown.is_empty() || !is_one_word || index(&unknown).is_some() {
                return Ok(());
            }
            typed[place] = &unknown;
            let error = Share::parse(&typed.join(" ")).unwrap_err();
            refused(&error, &typed.join(" "));
            let ShareError::UnknownWord { position, typed, suggestion } = error else { panic!("{error:?}") };
            assert!(position == place + 1 && unknown.starts_with(typed.expose()));
            assert_eq!(suggestion.map(Suggestion::word), Some(genuine), "the checksum knows the word");
        }
    }
    Ok(())
}

/// Words as a person may type them.
fn written(words: &[&str], input: &mut Unstructured<'_>) -> Result<String> {
    let mut text = String::new();
    for (number, word) in (1..).zip(words) {
        if input.ratio(1, 3)? {
            text.push_str(&format!("{number}{}", input.choose(&[".", ":", ")", ". ", " ", "\n"])?));
        }
        let n_letters = input.int_in_range(4..=LONGEST_WORD)?.min(word.len());
        let typed = &word[..n_letters];
        text.push_str(&if input.arbitrary()? { typed.to_uppercase() } else { typed.to_owned() });
        text.push_str(input.choose(&[" ", "\n", "\r\n", "\t", "  ", "\u{a0}", "\u{2028}"])?);
    }
    Ok(text)
}

/// What was read is written as the same share.
fn accepted(share: &Share) {
    let text = share.words();
    let again = Share::parse(text.expose()).expect("what was written is read");
    assert!(again.same_as(share) && again.fingerprint() == share.fingerprint());
    assert_eq!(again.words().expose(), text.expose());
    assert_eq!(text.expose().split(' ').count(), Share::WORDS);
    assert!(text.expose().to_uppercase().starts_with(&share.set().name()));
    assert!(share.threshold() >= 2 && (1..=16).contains(&share.number()) && share.value().len() == 16);
    let shown = format!("{share:?}");
    let hidden = text.expose().split(' ').skip(4);
    assert!(hidden.filter(|word| word.len() > 6).all(|word| !shown.contains(word)), "{shown}");
}

/// A message repeats no word, and the error no more than one.
fn refused(error: &ShareError, text: &str) {
    let (message, shown) = (error.to_string(), format!("{error:?}"));
    assert_message(&message);
    assert!(message.len() < 200, "{message}");
    if let ShareError::UnknownWord { typed, .. } = error {
        assert!(typed.len() <= 32 && !typed.expose().contains(char::is_whitespace));
    }
    let suggested = match error {
        ShareError::UnknownWord { suggestion, .. } => *suggestion,
        ShareError::Checksum { likely: Some(Likely::Wrong { suggestion, .. }) } => Some(*suggestion),
        ShareError::Checksum { .. } | ShareError::Foreign(_) | ShareError::WordCount { .. } | _ => None,
    };
    let suggested = suggested.map_or("", Suggestion::word);
    for typed in text.split_whitespace().filter(|typed| typed.len() >= 8 && index(typed).is_some()) {
        let typed = typed.to_lowercase();
        // Some stand in messages of ours.
        if !["standard", "together"].contains(&&*typed) {
            assert!(typed == suggested || !message.contains(&typed), "{message}");
            assert!(!shown.to_lowercase().contains(&typed), "{shown}");
        }
    }
}
