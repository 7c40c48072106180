//! `vectors/slip39/*.vec`: shares that open together, or must be refused.

use std::path::Path;

use lifeboat::custody::slip39::{Mnemonic, MnemonicError, RecoverError, recover};
use lifeboat::custody::{Share, combine};

use crate::header::Vector;

const KNOWN: [&str; 6] = ["comment", "error", "expect", "lifeboat", "passphrase", "secret-hex"];

pub(crate) fn run(path: &Path, bytes: Vec<u8>) -> datatest_stable::Result<()> {
    let vector = Vector::parse(path, &bytes, &KNOWN);
    let texts: Vec<&str> = std::str::from_utf8(&vector.body)?.lines().collect();
    let passphrase = vector.all("passphrase").first().copied().unwrap_or_default();
    let found = opened(&texts, passphrase);
    let expected = match vector.one("expect") {
        "accept" => Ok(vector.one("secret-hex").to_owned()),
        "reject" => Err(vector.one("error")),
        other => panic!("unknown expectation {other}"),
    };
    assert_eq!(found, expected);
    if vector.all("lifeboat") == ["yes"] {
        assert_eq!(opened_as_ours(&texts).as_ref(), expected.as_ref().ok(), "as shares of Lifeboat");
    }
    Ok(())
}

/// As the standard has it.
fn opened(texts: &[&str], passphrase: &str) -> Result<String, &'static str> {
    let mut mnemonics = Vec::new();
    for text in texts {
        mnemonics.push(Mnemonic::parse(text).map_err(|error| match error {
            MnemonicError::Checksum => "checksum",
            MnemonicError::GroupThreshold => "groups",
            MnemonicError::Length { .. } => "length",
            MnemonicError::Padding => "padding",
            MnemonicError::UnknownWord { .. } => "word",
            other => panic!("{other}"),
        })?);
    }
    for (mnemonic, text) in mnemonics.iter().zip(texts) {
        let again = Mnemonic::parse(mnemonic.words().expose()).expect("what is written is read");
        assert_eq!(again.words().expose(), mnemonic.words().expose());
        let is_whole = text.chars().all(|c| c.is_ascii_lowercase() || c == ' ');
        assert!(!is_whole || mnemonic.words().expose() == *text, "what is read is written so");
    }
    let secret = recover(&mnemonics, passphrase.as_bytes()).map_err(|error| match error {
        RecoverError::DigestDiffers => "digest",
        RecoverError::Mixed => "mixed",
        RecoverError::Repeated => "repeated",
        RecoverError::ThresholdsDiffer => "threshold",
        RecoverError::WrongNumber { .. } => "number",
        other @ (RecoverError::NoMnemonics | _) => panic!("{other}"),
    })?;
    Ok(data_encoding::HEXLOWER.encode(secret.expose()))
}

/// As Lifeboat takes them.
fn opened_as_ours(texts: &[&str]) -> Option<String> {
    let shares: Vec<Share> = texts.iter().map(|text| Share::parse(text)).collect::<Result<_, _>>().ok()?;
    let secret = combine(&shares.iter().collect::<Vec<_>>()).ok()?;
    Some(data_encoding::HEXLOWER.encode(secret.expose()))
}
