//! One account of an export.

use super::protobuf::{Fields, Malformed, Value, int32};
use crate::entry::{EntryDraft, Label};
use crate::interchange::outcome::{SkippedReason, Warning, seed_warning};
use crate::otp::{Algorithm, Digits, Otp, Period, Seed};
use crate::secret::SecretBytes;

/// One account, or why it cannot be taken.
#[derive(Debug)]
pub struct Account {
    /// Its name, as far as it has one.
    pub title: Label,
    /// The entry with what is worth knowing about it, or why there is none.
    pub draft: Result<(EntryDraft, Vec<Warning>), SkippedReason>,
}

/// The fields that mean something, as they stand. Of one that is there twice the last counts, as in all of
/// protobuf; what the app gives beside them (an id of its own) is passed over.
#[derive(Default)]
struct Parameters<'a> {
    secret: &'a [u8],
    name: &'a [u8],
    issuer: &'a [u8],
    algorithm: i32,
    digits: i32,
    type_: i32,
    counter: Option<u64>,
}

impl<'a> Parameters<'a> {
    fn read(message: &'a [u8]) -> Result<Self, Malformed> {
        let mut parameters = Self::default();
        for field in Fields::of(message) {
            match field? {
                (1, Value::Bytes(secret)) => parameters.secret = secret,
                (2, Value::Bytes(name)) => parameters.name = name,
                (3, Value::Bytes(issuer)) => parameters.issuer = issuer,
                (4, Value::Number(algorithm)) => parameters.algorithm = int32(algorithm),
                (5, Value::Number(digits)) => parameters.digits = int32(digits),
                (6, Value::Number(type_)) => parameters.type_ = int32(type_),
                (7, Value::Number(counter)) => parameters.counter = Some(counter),
                _ => {}
            }
        }
        Ok(parameters)
    }

    /// The kind of code. Another number would give codes that are always wrong, so that none is guessed; only
    /// "not specified", 0, is what the app takes it for.
    fn otp(&self, warnings: &mut Vec<Warning>) -> Result<Otp, SkippedReason> {
        let algorithm = match self.algorithm {
            0 | 1 => Algorithm::Sha1,
            2 => Algorithm::Sha256,
            3 => Algorithm::Sha512,
            4 => return Err(SkippedReason::UnknownAlgorithm(Label::new("MD5"))),
            other => return Err(SkippedReason::UnknownAlgorithm(Label::new(other.to_string()))),
        };
        let digits = match self.digits {
            0 | 1 => Digits::SIX,
            2 => Digits::EIGHT,
            _ => return Err(SkippedReason::Field("the number of digits")),
        };
        match self.type_ {
            // The app knows no other period.
            0 | 2 => Ok(Otp::Totp { algorithm, digits, period: Period::THIRTY }),
            1 => {
                let counter = self.counter.unwrap_or_else(|| {
                    warnings.push(Warning::CounterMissing);
                    0
                });
                // It is a signed number there.
                let counter = i64::try_from(counter)
                    .map(|_| counter)
                    .map_err(|_| SkippedReason::Field("the counter"))?;
                Ok(Otp::Hotp { algorithm, digits, counter })
            }
            other => Err(SkippedReason::UnknownType(Label::new(other.to_string()))),
        }
    }
}

impl Account {
    /// Reads one, which costs no other however bad it is.
    pub(super) fn read(message: &[u8]) -> Self {
        let Ok(parameters) = Parameters::read(message) else {
            let reason = SkippedReason::Words("it is damaged");
            return Self { title: Label::default(), draft: Err(reason) };
        };
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        let (issuer, account) = named(&text(parameters.issuer), &text(parameters.name));
        let title = if issuer.is_empty() { account.clone() } else { format!("{issuer}:{account}") };
        Self { title: Label::new(title), draft: draft(&parameters, issuer, account) }
    }
}

fn draft(
    parameters: &Parameters<'_>,
    issuer: String,
    account: String,
) -> Result<(EntryDraft, Vec<Warning>), SkippedReason> {
    let mut warnings = Vec::new();
    let otp = parameters.otp(&mut warnings)?;
    let seed = Seed::from_bytes(SecretBytes::from_slice(parameters.secret)).map_err(SkippedReason::Seed)?;
    warnings.extend(seed_warning(&seed));
    Ok((EntryDraft::new(Label::new(issuer), Label::new(account), seed, otp), warnings))
}

/// The app shows an issuer before a name that may hold it already; without one the name carries everything.
fn named(issuer: &str, name: &str) -> (String, String) {
    if issuer.is_empty() {
        return match name.split_once(':') {
            Some((issuer, account)) => (issuer.trim().to_owned(), account.trim().to_owned()),
            None => (String::new(), name.to_owned()),
        };
    }
    match name.strip_prefix(issuer).and_then(|rest| rest.strip_prefix(':')) {
        Some(account) => (issuer.to_owned(), account.trim().to_owned()),
        None => (issuer.to_owned(), name.to_owned()),
    }
}
