//! An account as another program's file has it, judged once for all formats.
//!
//! What is missing has the value that every program takes for it; what is there and not understood is refused by name
//! and never guessed, because a guess makes wrong codes.

use super::otpauth::{self, UriError};
use super::outcome::{Drafted, Imported, Notice, Skipped, SkippedReason, Warning, safe_name, seed_warning};
use crate::entry::{EntryDraft, Label};
use crate::otp::{Algorithm, Digits, Otp, Period, Seed};
use crate::secret::{SecretBytes, SecretText};

/// An account that was judged.
pub(super) type Judged = Result<(EntryDraft, Vec<Warning>), SkippedReason>;

impl Imported {
    /// Takes an account that was judged, or names it as one that cannot be taken.
    pub(super) fn take(&mut self, position: usize, title: Label, judged: Judged) {
        match judged {
            Ok((draft, warnings)) => {
                let names_picture = |(name, _): &(String, String)| name.eq_ignore_ascii_case("image");
                if draft.uri_parameters.iter().any(names_picture) {
                    self.notice(Notice::PicturesNotFetched);
                }
                self.drafts.push(Drafted { position, draft, warnings });
            }
            Err(reason) => {
                if matches!(reason, SkippedReason::UnknownType(_)) {
                    self.notice(Notice::UnsupportedTypes);
                }
                self.skipped.push(Skipped { position, title, reason });
            }
        }
    }

    /// Names an account of which nothing could be read.
    pub(super) fn unreadable(&mut self, position: usize) {
        self.take(position, Label::default(), Err(SkippedReason::Field("the whole entry")));
    }
}

/// Judges an otpauth URI.
pub(super) fn of_uri(uri: &str) -> Judged {
    otpauth::parse(uri).map_err(|error| match error {
        UriError::Seed(error) => SkippedReason::Seed(error),
        UriError::UnknownAlgorithm(name) => SkippedReason::UnknownAlgorithm(name),
        UriError::UnknownType(name) => SkippedReason::UnknownType(name),
        UriError::BadDigits => SkippedReason::Field("the number of digits"),
        UriError::BadCounter => SkippedReason::Field("the counter"),
        UriError::NoSecret => SkippedReason::Field("the secret"),
        UriError::TooLong => SkippedReason::Words("the line is too long"),
        UriError::Migration | UriError::NotOtpauth => SkippedReason::Words("the line is no otpauth URI"),
    })
}

/// A seed written in base32.
pub(super) fn base32(secret: Option<SecretText>) -> Result<Seed, SkippedReason> {
    let secret = secret.ok_or(SkippedReason::Field("the secret"))?;
    Seed::from_base32(secret.expose()).map_err(SkippedReason::Seed)
}

/// A seed as bytes.
pub(super) fn bytes(secret: SecretBytes) -> Result<Seed, SkippedReason> {
    Seed::from_bytes(secret).map_err(SkippedReason::Seed)
}

/// A number of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Number {
    /// It is not there, or null: the usual value holds.
    Missing,
    /// It is there and is no whole number from 0 on.
    Bad,
    /// It is there.
    Is(u64),
}

/// What kind of code an account makes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// By the clock.
    Totp,
    /// By a counter.
    Hotp,
    /// Steam's own, by the clock.
    Steam,
}

impl Kind {
    /// The kind with a name in any case, since not every program that writes another's format keeps to its letters.
    ///
    /// # Errors
    ///
    /// A name that is missing, or of a kind that is not known: it is never guessed.
    pub(super) fn named(name: &str) -> Result<Self, SkippedReason> {
        let known = [("totp", Self::Totp), ("hotp", Self::Hotp), ("steam", Self::Steam)];
        if name.trim().is_empty() {
            return Err(SkippedReason::Field("the type"));
        }
        let found = known.into_iter().find(|(known, _)| name.trim().eq_ignore_ascii_case(known));
        found.map(|(_, kind)| kind).ok_or_else(|| SkippedReason::UnknownType(safe_name(name)))
    }
}

/// How an account makes its codes, as the file says it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Codes<'a> {
    /// The kind.
    pub(super) kind: Kind,
    /// The algorithm's name in any spelling; empty for SHA-1.
    pub(super) algorithm: &'a str,
    /// How many digits; six where missing.
    pub(super) digits: Number,
    /// Seconds of a step; thirty where missing.
    pub(super) period: Number,
    /// The next counter; zero with a warning where missing.
    pub(super) counter: Number,
}

impl Codes<'_> {
    /// What nearly every service uses, in a format that says nothing of it.
    pub(super) const USUAL: Self = Self {
        kind: Kind::Totp,
        algorithm: "",
        digits: Number::Missing,
        period: Number::Missing,
        counter: Number::Missing,
    };

    /// Judges them.
    ///
    /// # Errors
    ///
    /// What is there and cannot be used, by name.
    pub(super) fn otp(self, warnings: &mut Vec<Warning>) -> Result<Otp, SkippedReason> {
        if self.kind == Kind::Steam {
            return Ok(Otp::Steam);
        }
        let algorithm = match self.algorithm.trim() {
            "" | "null" => Algorithm::Sha1,
            name => Algorithm::parse(name).ok_or_else(|| SkippedReason::UnknownAlgorithm(safe_name(name)))?,
        };
        let digits = match self.digits {
            Number::Missing => Some(Digits::SIX),
            Number::Bad => None,
            Number::Is(n) => u8::try_from(n).ok().and_then(Digits::new),
        };
        let digits = digits.ok_or(SkippedReason::Field("the number of digits"))?;
        if self.kind == Kind::Hotp {
            let counter = match self.counter {
                Number::Missing => {
                    warnings.push(Warning::CounterMissing);
                    0
                }
                Number::Bad => return Err(SkippedReason::Field("the counter")),
                Number::Is(n) => n,
            };
            return Ok(Otp::Hotp { algorithm, digits, counter });
        }
        let period = match self.period {
            Number::Missing => Some(Period::THIRTY),
            Number::Bad => None,
            Number::Is(n) => u32::try_from(n).ok().and_then(Period::new),
        };
        Ok(Otp::Totp { algorithm, digits, period: period.ok_or(SkippedReason::Field("the period"))? })
    }
}

/// Puts a draft together and says what is worth knowing about it.
///
/// # Errors
///
/// As [`Codes::otp`].
pub(super) fn draft(issuer: &str, account: &str, seed: Seed, codes: Codes<'_>) -> Judged {
    let mut warnings = Vec::new();
    let otp = codes.otp(&mut warnings)?;
    warnings.extend(seed_warning(&seed));
    Ok((EntryDraft::new(Label::new(issuer), Label::new(account), seed, otp), warnings))
}

/// Splits `issuer:account` at the first colon, where a program keeps both in one text; without one it is the account.
pub(super) fn split_name(name: &str) -> (&str, &str) {
    name.split_once(':').map_or(("", name.trim()), |(issuer, account)| (issuer.trim(), account.trim()))
}

/// `issuer:account`, or whichever of the two there is, as a label for the report.
pub(super) fn title(issuer: &str, account: &str) -> Label {
    match (issuer.is_empty(), account.is_empty()) {
        (false, false) => Label::new(format!("{issuer}:{account}")),
        (true, _) => Label::new(account),
        (false, true) => Label::new(issuer),
    }
}
