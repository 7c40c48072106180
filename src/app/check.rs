//! What can be said of a new seed while it is still being typed: what is wrong with it, how strong it is, and
//! who has it already.

use super::add::{self, Particulars};
use super::failure::Failure;
use super::session::Session;
use crate::entry::{Entry, EntryId};
use crate::interchange::Warning;
use crate::otp::Strength;
use crate::secret::SecretText;
use crate::vault::merge;

/// What is known of a seed that is good. Nothing of the seed is in it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Checked {
    /// What a URI says besides the seed; `None` for a seed alone.
    pub said: Option<Said>,
    /// Its length.
    pub bits: usize,
    /// Whether that is less than what is advised.
    pub is_short: bool,
    /// The entry that shows the same codes.
    pub twin: Option<Known>,
    /// An entry that has the same name and another seed.
    pub namesake: Option<Known>,
    /// What is worth knowing about the URI, in words.
    pub warnings: Vec<String>,
}

/// An entry of the vault.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Known {
    /// Its id.
    pub id: EntryId,
    /// Its name, safe to show.
    pub title: String,
}

/// What a URI says besides the seed. Raw: it is shown escaped.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Said {
    /// The service.
    pub issuer: String,
    /// The account.
    pub account: String,
    /// `totp`, `hotp` or `steam`.
    pub type_name: &'static str,
    /// The hash function.
    pub algorithm: &'static str,
    /// Characters of a code.
    pub digits: u8,
    /// The period, or the next counter.
    pub number: u64,
}

/// Reads a seed or a URI without adding anything. `particulars` is `None` while only the text itself counts,
/// because it was just typed and a URI is about to fill in the rest.
///
/// # Errors
///
/// Exit 2, naming the position of what is no base32 and never repeating it.
pub fn check(
    session: Option<&Session>,
    text: &SecretText,
    particulars: Option<&Particulars>,
) -> Result<Checked, Failure> {
    let (mut draft, warnings) = add::read(text)?;
    let is_uri = text.expose().contains("://");
    let said = is_uri.then(|| Said {
        issuer: draft.issuer.raw().to_owned(),
        account: draft.account.raw().to_owned(),
        type_name: draft.otp.type_name(),
        algorithm: draft.otp.algorithm().name(),
        digits: draft.otp.digits(),
        number: draft
            .otp
            .counter()
            .or_else(|| draft.otp.period().map(|period| u64::from(period.seconds())))
            .unwrap_or(0),
    });
    let (mut issuer, mut account) = (draft.issuer.raw().to_owned(), draft.account.raw().to_owned());
    if let Some(particulars) = particulars {
        draft.otp = particulars.otp(draft.otp)?;
        issuer = particulars.issuer.clone().unwrap_or(issuer);
        account = particulars.account.clone().unwrap_or(account);
    }
    let entries = session.map(|session| session.vault.entries.as_slice()).unwrap_or_default();
    let known = |entry: &Entry| Known { id: entry.id, title: entry.title() };
    let twin = entries.iter().find(|entry| merge::same_codes(entry, &draft.seed, draft.otp)).map(known);
    let is_named = !(issuer.is_empty() && account.is_empty());
    let namesake = entries
        .iter()
        .filter(|_| is_named && twin.is_none())
        .find(|entry| entry.issuer.raw() == issuer && entry.account.raw() == account)
        .map(known);
    Ok(Checked {
        said,
        bits: draft.seed.bits(),
        is_short: matches!(draft.seed.strength(), Strength::Short(_)),
        twin,
        namesake,
        // The length is told for every seed.
        warnings: warnings
            .iter()
            .filter(|warning| !matches!(warning, Warning::ShortSeed(_)))
            .map(ToString::to_string)
            .collect(),
    })
}
