//! The 45 vectors that SLIP-0039 is published with, where they are present beside the project.
//!
//! They are never copied here: `vectors/slip39` has our own. Where the folder is absent the test says so and passes,
//! unless `LIFEBOAT_INTEROP=required`.

#![expect(clippy::print_stderr, reason = "a person must see that nothing was compared")]

use std::fs;
use std::io::ErrorKind;
use std::path::Path;

use lifeboat::custody::slip39::{Mnemonic, recover};
use lifeboat::custody::{Share, combine};
use serde_json::Value;

/// The passphrase of all of them.
const PASSPHRASE: &[u8] = b"TREZOR";

fn official() -> Option<Vec<Value>> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/slip39/vectors.json");
    match fs::read(&path) {
        Ok(bytes) => Some(serde_json::from_slice(&bytes).expect("a list of vectors")),
        Err(error) if error.kind() == ErrorKind::NotFound => {
            let required = std::env::var("LIFEBOAT_INTEROP").is_ok_and(|value| value == "required");
            assert!(!required, "../shared/slip39 is required and not present");
            eprintln!("../shared/slip39 is not present: the official vectors were not run");
            None
        }
        Err(error) => panic!("the vectors cannot be read: {error}"),
    }
}

fn texts(vector: &Value) -> Vec<&str> {
    vector[1].as_array().unwrap().iter().map(|text| text.as_str().unwrap()).collect()
}

#[test]
fn every_official_vector_opens_or_is_refused_as_it_says() {
    let Some(vectors) = official() else { return };
    assert_eq!(vectors.len(), 45);
    let mut n_opened = 0;
    for vector in &vectors {
        let name = vector[0].as_str().unwrap();
        let mnemonics: Result<Vec<Mnemonic>, _> = texts(vector).into_iter().map(Mnemonic::parse).collect();
        let secret = mnemonics.ok().and_then(|mnemonics| recover(&mnemonics, PASSPHRASE).ok());
        let secret = secret.map(|secret| data_encoding::HEXLOWER.encode(secret.expose()));
        assert_eq!(secret.as_deref().unwrap_or_default(), vector[2].as_str().unwrap(), "{name}");
        n_opened += usize::from(secret.is_some());
    }
    assert_eq!(n_opened, 15);
}

#[test]
fn of_the_official_vectors_lifeboat_takes_the_one_that_is_of_its_kind() {
    let Some(vectors) = official() else { return };
    let mut taken = Vec::new();
    for vector in &vectors {
        let shares: Result<Vec<Share>, _> = texts(vector).into_iter().map(Share::parse).collect();
        let Ok(shares) = shares else { continue };
        // They have a passphrase, which ours never have, so the secret is another one.
        if combine(&shares.iter().collect::<Vec<_>>()).is_ok() {
            taken.push(vector[0].as_str().unwrap());
        }
    }
    assert_eq!(taken, ["43. Extendable basic sharing 2-of-3 (128 bits)"]);
}
