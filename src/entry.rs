//! One account: who it is for, its seed, how its codes are made, and what is known about it.
//!
//! These are domain types. They are not what lies on disk (see [`crate::wire`]) and hold no
//! serialization of their own.

pub mod draft;
pub mod id;
pub mod label;
pub mod sealed;

pub use draft::EntryDraft;
pub use id::EntryId;
pub use label::Label;
pub use sealed::{EntrySecret, SealedBy, SealedSecret};

use std::fmt;
use std::ops::{Deref, DerefMut};

use crate::otp::{self, Code, Otp, Seed, TimeStep, TimedCode};
use crate::secret::SecretText;

/// Seconds since 1970-01-01T00:00:00Z, without leap seconds.
pub type UnixSeconds = u64;

/// One account of a vault.
#[derive(Debug)]
pub struct Entry {
    /// Its name for good.
    pub id: EntryId,
    /// The service.
    pub issuer: Label,
    /// The account at the service.
    pub account: Label,
    /// The seed, or what holds it sealed.
    pub secret: EntrySecret,
    /// Kind of code and its numbers.
    pub otp: Otp,
    /// Tags, in the order they were given.
    pub tags: Vec<Label>,
    /// Free text.
    pub note: String,
    /// Shown first.
    pub favourite: bool,
    /// Opens something privileged.
    pub privileged: bool,
    /// When it was added here.
    pub created: UnixSeconds,
    /// When anything of it was last changed.
    pub updated: UnixSeconds,
    /// When its seed was last replaced by another.
    pub rotated: Option<UnixSeconds>,
    /// When the service last accepted a code of it.
    pub proven: Option<UnixSeconds>,
    /// How the seed came here.
    pub provenance: Option<Provenance>,
    /// Until when the seed lay open in this vault, where it was sealed after that and is still the same.
    pub known_before: Option<UnixSeconds>,
    /// The service's one-time recovery codes; those of a sealed entry are sealed with its seed.
    pub recovery_codes: Vec<RecoveryCode>,
    /// Parameters of an otpauth URI that mean nothing here and go out again as they came.
    pub uri_parameters: UriParameters,
    /// Fields that a newer Lifeboat wrote, as the text of one JSON object; they are written back.
    pub kept: Option<SecretText>,
}

/// Parameters of an otpauth URI, by name. A value may be a secret of another program's, and is never printed.
#[derive(Clone, PartialEq, Eq, Default)]
pub struct UriParameters(pub Vec<(String, String)>);

impl fmt::Debug for UriParameters {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.0.iter().map(|(name, _)| name)).finish()
    }
}

impl Deref for UriParameters {
    type Target = Vec<(String, String)>;

    fn deref(&self) -> &Self::Target {
        &self.0
    }
}

impl DerefMut for UriParameters {
    fn deref_mut(&mut self) -> &mut Self::Target {
        &mut self.0
    }
}

/// How a seed came into this vault.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Provenance {
    /// Enrolled or copied.
    pub how: ProvenanceKind,
    /// The other device, where there is one.
    pub device: Option<Label>,
}

/// Whether the service knows this vault as a factor of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ProvenanceKind {
    /// The seed lies on another device too.
    Copied,
    /// The service was given this vault as a factor of its own.
    Enrolled,
}

impl ProvenanceKind {
    /// The word on the command line and in files.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Copied => "copied",
            Self::Enrolled => "enrolled",
        }
    }

    /// Reads that word.
    pub fn parse(text: &str) -> Option<Self> {
        match text {
            "copied" => Some(Self::Copied),
            "enrolled" => Some(Self::Enrolled),
            _ => None,
        }
    }
}

/// One of the codes that a service hands out for the day its second factor is gone.
#[derive(Debug)]
pub struct RecoveryCode {
    /// The code.
    pub code: SecretText,
    /// When it was handed out; each works once.
    pub used: Option<UnixSeconds>,
}

impl RecoveryCode {
    /// Makes a second copy, which is wiped on its own.
    #[must_use]
    pub fn duplicate(&self) -> Self {
        Self { code: self.code.duplicate(), used: self.used }
    }
}

impl Entry {
    /// Gives a draft its id and dates.
    pub fn from_draft(draft: EntryDraft, id: EntryId, now: UnixSeconds) -> Self {
        Self {
            id,
            issuer: draft.issuer,
            account: draft.account,
            secret: EntrySecret::Open(draft.seed),
            otp: draft.otp,
            tags: draft.tags,
            note: draft.note,
            favourite: draft.favourite,
            privileged: draft.privileged,
            created: now,
            updated: now,
            rotated: None,
            proven: None,
            provenance: draft.provenance,
            known_before: None,
            recovery_codes: draft.recovery_codes,
            uri_parameters: draft.uri_parameters,
            kept: None,
        }
    }

    /// `issuer:account` as it may be shown, or whichever of the two there is.
    pub fn title(&self) -> String {
        title(&self.issuer, &self.account)
    }

    /// The seed, where it is at hand; `None` of a sealed entry.
    pub fn seed(&self) -> Option<&Seed> {
        self.secret.seed()
    }

    /// Tells whether the seed is sealed.
    pub fn is_sealed(&self) -> bool {
        self.secret.sealed().is_some()
    }

    /// The code at a moment and its successor; `None` where codes follow a counter, and of a sealed entry.
    pub fn code_at(&self, unix_seconds: UnixSeconds) -> Option<TimedCode> {
        let period = self.otp.period()?;
        let step = TimeStep::at(unix_seconds, period);
        let of = |step| self.code_of(step);
        Some(TimedCode { code: of(step)?, next: of(step.next())?, step })
    }

    /// The code of one time step; `None` where codes follow a counter, and of a sealed entry.
    pub fn code_of(&self, step: TimeStep) -> Option<Code> {
        let seed = self.seed()?;
        match self.otp {
            Otp::Hotp { .. } => None,
            Otp::Steam => Some(otp::steam(seed, step)),
            Otp::Totp { algorithm, digits, .. } => Some(otp::totp(seed, algorithm, digits, step)),
        }
    }

    /// The code of the next counter; `None` where codes follow the clock, and of a sealed entry. The counter is not
    /// advanced.
    pub fn counter_code(&self) -> Option<Code> {
        let seed = self.seed()?;
        match self.otp {
            Otp::Hotp { algorithm, digits, counter } => Some(otp::hotp(seed, algorithm, digits, counter)),
            Otp::Steam | Otp::Totp { .. } => None,
        }
    }

    /// How many recovery codes are left; those of a sealed entry are not known.
    pub fn recovery_codes_left(&self) -> usize {
        self.recovery_codes.iter().filter(|code| code.used.is_none()).count()
    }

    /// Makes a second copy, whose secrets are wiped on their own.
    #[must_use]
    pub fn duplicate(&self) -> Self {
        Self {
            id: self.id,
            issuer: self.issuer.clone(),
            account: self.account.clone(),
            secret: self.secret.duplicate(),
            otp: self.otp,
            tags: self.tags.clone(),
            note: self.note.clone(),
            favourite: self.favourite,
            privileged: self.privileged,
            created: self.created,
            updated: self.updated,
            rotated: self.rotated,
            proven: self.proven,
            provenance: self.provenance.clone(),
            known_before: self.known_before,
            recovery_codes: self.recovery_codes.iter().map(RecoveryCode::duplicate).collect(),
            uri_parameters: self.uri_parameters.clone(),
            kept: self.kept.as_ref().map(SecretText::duplicate),
        }
    }
}

fn title(issuer: &Label, account: &Label) -> String {
    match (issuer.is_empty(), account.is_empty()) {
        (false, false) => format!("{issuer}:{account}"),
        (false, true) => issuer.shown(),
        (true, false) => account.shown(),
        (true, true) => "(no name)".to_owned(),
    }
}
