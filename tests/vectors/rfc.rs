//! The test values printed in RFC 4226 and RFC 6238.

use std::path::Path;

use lifeboat::otp::{Algorithm, Digits, Period, Seed, TimeStep, hotp as hotp_code, totp as totp_code};
use lifeboat::secret::SecretBytes;

use crate::file::{Outcome, same};

pub(crate) fn hotp(_: &Path, text: String) -> Outcome {
    let seed = seed_of(20)?;
    let ten = Digits::new(10).ok_or("ten digits")?;
    let rows = rows(&text);
    same("the number of rows", rows.len(), 10)?;
    for row in rows {
        let [count, _hmac, truncated, expected] = row[..] else {
            return Err("a row of RFC 4226 has four columns".into());
        };
        let counter = count.parse()?;
        let code = hotp_code(&seed, Algorithm::Sha1, Digits::SIX, counter);
        same("the code", code.expose(), expected)?;
        // Ten digits show the whole truncated number.
        let whole = hotp_code(&seed, Algorithm::Sha1, ten, counter);
        same("the truncated number", whole.expose(), &format!("{truncated:0>10}"))?;
    }
    Ok(())
}

pub(crate) fn totp(_: &Path, text: String) -> Outcome {
    let rows = rows(&text);
    same("the number of rows", rows.len(), 18)?;
    for row in rows {
        let [at, name, expected] = row[..] else {
            return Err("a row of RFC 6238 has three columns".into());
        };
        let algorithm = Algorithm::parse(name).ok_or("an algorithm")?;
        let seed = seed_of(match algorithm {
            Algorithm::Sha1 => 20,
            Algorithm::Sha256 => 32,
            Algorithm::Sha512 => 64,
        })?;
        let step = TimeStep::at(at.parse()?, Period::THIRTY);
        same("the code", totp_code(&seed, algorithm, Digits::EIGHT, step).expose(), expected)?;
    }
    Ok(())
}

fn rows(text: &str) -> Vec<Vec<&str>> {
    let lines = text.lines().filter(|line| !line.is_empty() && !line.starts_with('#'));
    lines.map(|line| line.split_whitespace().collect()).collect()
}

/// The digits 1234567890, repeated to the length of the hash (RFC 6238, errata 2866).
fn seed_of(length: usize) -> datatest_stable::Result<Seed> {
    let digits: Vec<u8> = b"1234567890".iter().copied().cycle().take(length).collect();
    Ok(Seed::from_bytes(SecretBytes::from_slice(&digits))?)
}
