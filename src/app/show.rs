//! Showing what is kept of an entry: without secrets, or with the one that was asked for.

use super::context::Context;
use super::failure::{Failure, Kind, Unchanged};
use super::seal::{self, Opened};
use super::session::Session;
use super::{log, reason, vault_file};
use crate::audit::Event;
use crate::entry::{EntryId, RecoveryCode, UnixSeconds};
use crate::interchange::otpauth;
use crate::secret::SecretText;
use crate::vault::VaultError;

/// The otpauth URI of an entry. The log is written before it is given out.
///
/// # Errors
///
/// When the entry is gone; exit 3 of a sealed one; exit 8 when a reason is asked for.
pub fn reveal(ctx: &Context, session: &mut Session, id: EntryId) -> Result<SecretText, Failure> {
    reveal_with(ctx, session, id, None)
}

/// As [`reveal`], of an entry that may be sealed, with what was opened for it.
///
/// # Errors
///
/// As [`reveal`].
pub fn reveal_with(
    ctx: &Context,
    session: &mut Session,
    id: EntryId,
    opened: Option<&Opened>,
) -> Result<SecretText, Failure> {
    reason::check(ctx, session, &[id])?;
    let entry = session.vault.entry(id).ok_or(VaultError::Gone(id))?;
    let uri = seal::read(entry, opened, otpauth::write_entry)?.ok_or(VaultError::Gone(id))?;
    log::append(ctx, session, vec![seal::about(ctx, Event::SeedShown, id, opened)]);
    Ok(uri)
}

/// One recovery code as it is listed.
#[derive(Debug)]
pub struct ListedRecoveryCode {
    /// The code.
    pub code: SecretText,
    /// When it was handed out.
    pub used: Option<UnixSeconds>,
}

/// All recovery codes of an entry. The log is written before they are given out.
///
/// # Errors
///
/// When the entry is gone; exit 3 of a sealed one; exit 8 when a reason is asked for.
pub fn recovery_codes(
    ctx: &Context,
    session: &mut Session,
    id: EntryId,
) -> Result<Vec<ListedRecoveryCode>, Failure> {
    recovery_codes_with(ctx, session, id, None)
}

/// As [`recovery_codes`], of an entry that may be sealed, with what was opened for it.
///
/// # Errors
///
/// As [`recovery_codes`].
pub fn recovery_codes_with(
    ctx: &Context,
    session: &mut Session,
    id: EntryId,
    opened: Option<&Opened>,
) -> Result<Vec<ListedRecoveryCode>, Failure> {
    reason::check(ctx, session, &[id])?;
    let entry = session.vault.entry(id).ok_or(VaultError::Gone(id))?;
    let codes = seal::read(entry, opened, |entry| {
        let codes = entry.recovery_codes.iter();
        codes.map(|code| ListedRecoveryCode { code: code.code.duplicate(), used: code.used }).collect()
    })?;
    let mut record = seal::about(ctx, Event::SeedShown, id, opened);
    record.facts.push(("what".into(), "recovery codes".into()));
    log::append(ctx, session, vec![record]);
    Ok(codes)
}

/// A recovery code that was handed out.
#[derive(Debug)]
pub struct HandedOut {
    /// The code.
    pub code: SecretText,
    /// How many unused ones are left.
    pub left: usize,
}

/// Hands out the next unused recovery code; it is marked as used and saved first.
///
/// # Errors
///
/// Exit 4 when none is left; exit 3 of a sealed entry; exit 8 when a reason is asked for.
pub fn use_recovery_code(ctx: &Context, session: &mut Session, id: EntryId) -> Result<HandedOut, Failure> {
    use_recovery_code_with(ctx, session, id, None)
}

/// As [`use_recovery_code`], of an entry that may be sealed, with what was opened for it; it is sealed again for
/// whoever could open it before.
///
/// # Errors
///
/// As [`use_recovery_code`].
pub fn use_recovery_code_with(
    ctx: &Context,
    session: &mut Session,
    id: EntryId,
    opened: Option<&Opened>,
) -> Result<HandedOut, Failure> {
    reason::check(ctx, session, &[id])?;
    let now = ctx.clock.now();
    vault_file::change(ctx, session, |vault| {
        let entry = vault.entry_mut(id)?;
        seal::check(entry, opened)?;
        let title = entry.title();
        let handed_out = match opened.filter(|_| entry.is_sealed()) {
            Some(opened) => {
                let mut handed_out = None;
                opened.reseal(ctx, entry, |document| {
                    handed_out = next_unused(&mut document.recovery_codes, now);
                })?;
                handed_out
            }
            None => next_unused(&mut entry.recovery_codes, now),
        };
        let handed_out = handed_out.ok_or_else(|| {
            Failure::new(Kind::NoEntry, format!("{title} has no unused recovery code"))
                .unchanged(Unchanged::NothingTouched)
                .next("get new ones from the service and store them with `lifeboat edit --recovery-codes -`")
        })?;
        entry.updated = now;
        Ok((handed_out, vec![seal::about(ctx, Event::RecoveryCodeUsed, id, opened)]))
    })
}

/// Marks the next unused code as used and gives it out.
fn next_unused(codes: &mut [RecoveryCode], now: UnixSeconds) -> Option<HandedOut> {
    let next = codes.iter_mut().find(|code| code.used.is_none())?;
    next.used = Some(now);
    let code = next.code.duplicate();
    Some(HandedOut { code, left: codes.iter().filter(|code| code.used.is_none()).count() })
}
