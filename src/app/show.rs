//! Showing what is kept of an entry: without secrets, or with the one that was asked for.

use super::context::Context;
use super::failure::{Failure, Kind, Unchanged};
use super::session::Session;
use super::{log, reason, vault_file};
use crate::audit::Event;
use crate::entry::{EntryId, UnixSeconds};
use crate::interchange::otpauth;
use crate::secret::SecretText;
use crate::vault::VaultError;

/// The otpauth URI of an entry. The log is written before it is given out.
///
/// # Errors
///
/// When the entry is gone; exit 8 when a reason is asked for.
pub fn reveal(ctx: &Context, session: &mut Session, id: EntryId) -> Result<SecretText, Failure> {
    reason::check(ctx, session, &[id])?;
    let uri = otpauth::write_entry(session.vault.entry(id).ok_or(VaultError::Gone(id))?);
    log::append(ctx, session, vec![log::about(ctx, Event::SeedShown, id)]);
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
/// When the entry is gone; exit 8 when a reason is asked for.
pub fn recovery_codes(
    ctx: &Context,
    session: &mut Session,
    id: EntryId,
) -> Result<Vec<ListedRecoveryCode>, Failure> {
    reason::check(ctx, session, &[id])?;
    let entry = session.vault.entry(id).ok_or(VaultError::Gone(id))?;
    let codes = entry
        .recovery_codes
        .iter()
        .map(|code| ListedRecoveryCode { code: code.code.duplicate(), used: code.used })
        .collect();
    let mut record = log::about(ctx, Event::SeedShown, id);
    record.facts = vec![("what".into(), "recovery codes".into())];
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
/// Exit 4 when none is left; exit 8 when a reason is asked for.
pub fn use_recovery_code(ctx: &Context, session: &mut Session, id: EntryId) -> Result<HandedOut, Failure> {
    reason::check(ctx, session, &[id])?;
    let now = ctx.clock.now();
    vault_file::change(ctx, session, |vault| {
        let entry = vault.entry_mut(id)?;
        let title = entry.title();
        let code = entry.recovery_codes.iter_mut().find(|code| code.used.is_none()).ok_or_else(|| {
            Failure::new(Kind::NoEntry, format!("{title} has no unused recovery code"))
                .unchanged(Unchanged::NothingTouched)
                .next("get new ones from the service and store them with `lifeboat edit --recovery-codes -`")
        })?;
        code.used = Some(now);
        let code = code.code.duplicate();
        entry.updated = now;
        let handed_out = HandedOut { code, left: entry.recovery_codes_left() };
        Ok((handed_out, vec![log::about(ctx, Event::RecoveryCodeUsed, id)]))
    })
}
