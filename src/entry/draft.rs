//! An entry that has no id yet: what every parser and every form yields.

use crate::entry::{Label, Provenance, RecoveryCode, UriParameters};
use crate::otp::{Otp, Seed};

/// What is known of an account before it is in the vault.
#[derive(Debug)]
pub struct EntryDraft {
    /// The service.
    pub issuer: Label,
    /// The account at the service.
    pub account: Label,
    /// The shared secret.
    pub seed: Seed,
    /// Kind of code and its numbers.
    pub otp: Otp,
    /// Tags, in the order they came.
    pub tags: Vec<Label>,
    /// Free text.
    pub note: String,
    /// Marked by the person or the source as one of the first to show.
    pub favourite: bool,
    /// Whether it opens something privileged.
    pub privileged: bool,
    /// Parameters of an otpauth URI that mean nothing here and go out again as they came.
    pub uri_parameters: UriParameters,
    /// The service's one-time recovery codes.
    pub recovery_codes: Vec<RecoveryCode>,
    /// How the seed came here.
    pub provenance: Option<Provenance>,
}

impl EntryDraft {
    /// Starts a draft from what every source has.
    pub fn new(issuer: Label, account: Label, seed: Seed, otp: Otp) -> Self {
        Self {
            issuer,
            account,
            seed,
            otp,
            tags: Vec::new(),
            note: String::new(),
            favourite: false,
            privileged: false,
            uri_parameters: UriParameters::default(),
            recovery_codes: Vec::new(),
            provenance: None,
        }
    }

    /// `issuer:account` as it may be shown, or whichever of the two there is.
    pub fn title(&self) -> String {
        super::title(&self.issuer, &self.account)
    }
}
