//! Adding an entry.

use super::context::Context;
use super::failure::{Failure, Kind, Unchanged};
use super::session::Session;
use super::{log, vault_file};
use crate::audit::Event;
use crate::entry::{Entry, EntryDraft, EntryId, Label, RecoveryCode};
use crate::interchange::{Warning, otpauth, otpauth_migration};
use crate::otp::{Algorithm, Digits, Otp, Period, Seed, Strength};
use crate::secret::{SecretBytes, SecretText};
use crate::vault::VaultError;

/// Bits of a seed that is made here: 160, the length RFC 4226 §4 recommends.
const GENERATED_SEED_BYTES: usize = 20;

/// What came of adding.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Added {
    /// The new entry.
    pub id: EntryId,
    /// Its name, safe to show.
    pub title: String,
    /// The seed's length when it is under what is advised.
    pub short_seed_bits: Option<usize>,
}

/// What a bare seed needs besides itself.
#[derive(Debug, Clone, Default)]
pub struct Particulars {
    /// The service.
    pub issuer: Option<String>,
    /// The account.
    pub account: Option<String>,
    /// `totp`, `hotp` or `steam`.
    pub type_name: Option<String>,
    /// The hash function's name.
    pub algorithm: Option<String>,
    /// Characters of a code.
    pub digits: Option<u8>,
    /// Length of a time step in seconds.
    pub period: Option<u32>,
    /// The next counter.
    pub counter: Option<u64>,
}

impl Particulars {
    /// The kind of code and its numbers, starting from `base` where nothing was said.
    ///
    /// # Errors
    ///
    /// Exit 2 for a value out of range, naming it.
    pub fn otp(&self, base: Otp) -> Result<Otp, Failure> {
        let algorithm = match &self.algorithm {
            Some(name) => {
                Algorithm::parse(name).ok_or_else(|| out_of_range("algorithm", "SHA1, SHA256 or SHA512"))?
            }
            None => base.algorithm(),
        };
        let digits = Digits::new(self.digits.unwrap_or_else(|| base.digits()))
            .ok_or_else(|| out_of_range("digits", "from 1 to 10"))?;
        let period = match self.period {
            Some(seconds) => {
                Period::new(seconds).ok_or_else(|| out_of_range("period", "from 1 to 86400 seconds"))?
            }
            None => base.period().unwrap_or_default(),
        };
        match self.type_name.as_deref().unwrap_or(base.type_name()).to_ascii_lowercase().as_str() {
            "totp" => Ok(Otp::Totp { algorithm, digits, period }),
            "hotp" => {
                Ok(Otp::Hotp { algorithm, digits, counter: self.counter.or(base.counter()).unwrap_or(0) })
            }
            "steam" => Ok(Otp::Steam),
            _ => Err(out_of_range("type", "totp, hotp or steam")),
        }
    }
}

fn out_of_range(name: &str, allowed: &str) -> Failure {
    Failure::new(Kind::Usage, format!("--{name} must be {allowed}"))
        .unchanged(Unchanged::NothingTouched)
        .next("run the command again with such a value")
}

/// Reads what a person gave: an otpauth URI, or a bare base32 seed with its particulars beside it.
///
/// Particulars given beside a URI replace what the URI says.
///
/// # Errors
///
/// Exit 2 when the text is neither; no part of it is repeated.
pub fn draft_from_text(
    text: &SecretText,
    particulars: &Particulars,
) -> Result<(EntryDraft, Vec<String>), Failure> {
    let (mut draft, warnings) = read(text)?;
    let warnings = warnings.iter().map(ToString::to_string).collect();
    draft.otp = particulars.otp(draft.otp)?;
    if let Some(issuer) = &particulars.issuer {
        draft.issuer = Label::new(issuer.clone());
    }
    if let Some(account) = &particulars.account {
        draft.account = Label::new(account.clone());
    }
    if draft.issuer.is_empty() && draft.account.is_empty() {
        return Err(Failure::new(Kind::Usage, "an entry needs a name")
            .unchanged(Unchanged::NothingTouched)
            .next("give it with --issuer NAME and --account NAME"));
    }
    Ok((draft, warnings))
}

/// What a text says by itself; it may have no name.
pub(super) fn read(text: &SecretText) -> Result<(EntryDraft, Vec<Warning>), Failure> {
    let trimmed = text.expose().trim();
    if otpauth_migration::recognises(trimmed) {
        return read_the_one(text);
    }
    if trimmed.contains("://") {
        return otpauth::parse(trimmed).map_err(not_a_uri);
    }
    let seed = Seed::from_base32(trimmed).map_err(not_a_seed)?;
    Ok((EntryDraft::new(Label::default(), Label::default(), seed, Otp::COMMON), Vec::new()))
}

fn not_a_uri(error: impl std::error::Error + Send + Sync + 'static) -> Failure {
    Failure::new(Kind::Usage, "the URI cannot be used")
        .because(error)
        .unchanged(Unchanged::NothingTouched)
        .next("copy it again as a whole, or give the secret alone with --issuer and --account")
}

/// Takes what a person pasted, or what a QR code says, apart into single accounts: Google Authenticator's export
/// holds several. Every other text is left as it is.
///
/// # Errors
///
/// Exit 2 when an export is damaged; no part of it is repeated.
pub fn accounts(text: &SecretText) -> Result<Vec<SecretText>, Failure> {
    if !otpauth_migration::recognises(text.expose()) {
        return Ok(vec![text.duplicate()]);
    }
    let mut uris = Vec::new();
    for line in text.expose().lines().filter(|line| !line.trim().is_empty()) {
        uris.extend(otpauth_migration::split(line).map_err(not_a_uri)?);
    }
    Ok(uris)
}

/// The account of an export that holds no other.
fn read_the_one(export: &SecretText) -> Result<(EntryDraft, Vec<Warning>), Failure> {
    let uris = accounts(export)?;
    let [uri] = uris.as_slice() else { return Err(not_one(uris.len())) };
    let account = otpauth_migration::parse(uri.expose()).map_err(not_a_uri)?.accounts.pop();
    account.ok_or_else(|| not_one(0))?.draft.map_err(|reason| {
        Failure::new(Kind::Usage, "the account cannot be used")
            .because(reason)
            .unchanged(Unchanged::NothingTouched)
            .next("set the account up anew at the service, which shows a QR code then")
    })
}

/// An export of none, or of several accounts, is no entry.
pub fn not_one(n_accounts: usize) -> Failure {
    let failure = Failure::new(
        Kind::Usage,
        format!("the export holds {n_accounts} accounts, and one is added at a time"),
    )
    .unchanged(Unchanged::NothingTouched);
    if n_accounts == 0 {
        return failure.next("export the accounts again, with those marked that are wanted");
    }
    failure.next("keep its text, or a picture of its QR code, in a file; then: lifeboat import FILE")
}

/// What a text that is no seed means to the person who gave it.
pub(super) fn not_a_seed(error: crate::otp::SeedError) -> Failure {
    Failure::new(Kind::Usage, "the secret cannot be used")
        .because(error)
        .unchanged(Unchanged::NothingTouched)
        .next("copy it again from the service's page; spaces, dashes and lower case do not matter")
}

/// Makes a new seed, to be given to a server.
///
/// # Errors
///
/// When the system gives no random bytes.
pub fn generate_seed(ctx: &Context) -> Result<Seed, Failure> {
    let bytes = SecretBytes::from_slice(&ctx.random_bytes::<GENERATED_SEED_BYTES>()?);
    Seed::from_bytes(bytes).map_err(not_a_seed)
}

/// Reads a service's recovery codes, one a line; blank lines are passed over.
pub fn recovery_codes(text: &SecretText) -> Vec<RecoveryCode> {
    text.expose()
        .lines()
        .map(str::trim)
        .filter(|line| !line.is_empty())
        .map(|line| RecoveryCode { code: SecretText::new(line.to_owned()), used: None })
        .collect()
}

/// Adds an entry and saves the vault.
///
/// # Errors
///
/// Exit 8 when an entry with the same codes is there and `allow_duplicate` is not set.
pub fn add(
    ctx: &Context,
    session: &mut Session,
    draft: EntryDraft,
    allow_duplicate: bool,
) -> Result<Added, Failure> {
    let id = EntryId::from_bytes(ctx.random_bytes()?);
    let entry = Entry::from_draft(draft, id, ctx.clock.now());
    let added = Added {
        id,
        title: entry.title(),
        short_seed_bits: match entry.seed().map(Seed::strength) {
            Some(Strength::Short(bits)) => Some(bits),
            Some(Strength::Good) | None => None,
        },
    };
    vault_file::change(ctx, session, |vault| match vault.insert(entry, allow_duplicate) {
        Ok(id) => Ok(((), vec![log::about(ctx, Event::Added, id)])),
        Err(VaultError::Duplicate(twin)) => {
            let title = vault.entry(twin).map(Entry::title).unwrap_or_default();
            Err(Failure::new(Kind::Duplicate, format!("the same account is in the vault as \"{title}\""))
                .details([format!("its id is {twin}")])
                .unchanged(Unchanged::NothingTouched)
                .next("add it anyway with --allow-duplicate"))
        }
        Err(error) => Err(error.into()),
    })?;
    Ok(added)
}
