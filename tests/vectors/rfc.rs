//! The values that the RFCs print, whole.

use std::path::Path;

use lifeboat::otp::{Algorithm, Digits, Period, Seed, TimeStep, hotp, totp};
use lifeboat::secret::SecretBytes;

/// Lines of fields, without comments.
fn rows(text: &str) -> Vec<Vec<&str>> {
    let rows = text.lines().filter(|line| !line.trim().is_empty() && !line.starts_with('#'));
    rows.map(|line| line.split_whitespace().collect()).collect()
}

/// The RFCs' secrets: the digits 1234567890 over and over.
fn seed(n_bytes: usize) -> Seed {
    Seed::from_bytes(SecretBytes::new(b"1234567890".iter().copied().cycle().take(n_bytes).collect())).unwrap()
}

/// Appendix D: HMAC, truncated value and code of ten counters.
pub(crate) fn rfc4226(_: &Path, text: String) -> datatest_stable::Result<()> {
    let rows = rows(&text);
    assert_eq!(rows.len(), 10, "appendix D has ten lines");
    for (idx, row) in rows.iter().enumerate() {
        let [count, hmac, truncated, code] = row[..] else { panic!("four fields in line {idx}") };
        let counter: u64 = count.parse()?;
        assert_eq!(counter, u64::try_from(idx)?);
        let six = hotp(&seed(20), Algorithm::Sha1, Digits::SIX, counter);
        assert_eq!(six.expose(), code, "counter {counter}");
        // Ten digits are the whole truncated value, so that nothing of it is hidden by the modulus.
        let ten = hotp(&seed(20), Algorithm::Sha1, Digits::new(10).unwrap(), counter);
        assert_eq!(ten.expose().trim_start_matches('0'), truncated, "counter {counter}");
        assert_eq!(truncate(hmac), truncated.parse::<u32>()?, "the file's own two columns agree");
    }
    Ok(())
}

/// Section 5.3, over the HMAC as the RFC prints it.
fn truncate(hmac: &str) -> u32 {
    let bytes = data_encoding::HEXLOWER.decode(hmac.as_bytes()).unwrap();
    let at = usize::from(bytes[19] & 15);
    u32::from_be_bytes([bytes[at] & 0x7f, bytes[at + 1], bytes[at + 2], bytes[at + 3]])
}

/// Appendix B: six moments with three hash functions.
pub(crate) fn rfc6238(_: &Path, text: String) -> datatest_stable::Result<()> {
    let rows = rows(&text);
    assert_eq!(rows.len(), 18, "appendix B has six moments and three hash functions");
    for row in rows {
        let [moment, name, code] = row[..] else { panic!("three fields a line") };
        let (algorithm, n_bytes) = match name {
            "SHA1" => (Algorithm::Sha1, 20),
            "SHA256" => (Algorithm::Sha256, 32),
            "SHA512" => (Algorithm::Sha512, 64),
            other => panic!("unknown algorithm {other}"),
        };
        let step = TimeStep::at(moment.parse()?, Period::THIRTY);
        let made = totp(&seed(n_bytes), algorithm, Digits::EIGHT, step);
        assert_eq!(made.expose(), code, "{name} at {moment}");
    }
    Ok(())
}
