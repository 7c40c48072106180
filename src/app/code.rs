//! Showing a code: by the clock, or by a counter that is saved before the code is seen.

use super::context::Context;
use super::failure::{Failure, Kind, Unchanged};
use super::seal::{self, Opened};
use super::session::Session;
use super::{log, reason, state, vault_file};
use crate::audit::{Event, Record};
use crate::entry::{Entry, EntryId, Label, UnixSeconds};
use crate::otp::{Code, Otp, TimedCode};
use crate::vault::VaultError;

/// Which code is wanted.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct CodeRequest {
    /// The moment; now when it is not said.
    pub at: Option<UnixSeconds>,
    /// The code of the step after it.
    pub next: bool,
}

/// A code with what belongs to it.
#[derive(Debug)]
pub struct ShownCode {
    /// The entry.
    pub id: EntryId,
    /// The service.
    pub issuer: Label,
    /// The account.
    pub account: Label,
    /// The code.
    pub code: Code,
    /// The code after it; `None` for a counter.
    pub next: Option<Code>,
    /// First second of its step; `None` for a counter.
    pub valid_from: Option<UnixSeconds>,
    /// First second after its step; `None` for a counter.
    pub valid_until: Option<UnixSeconds>,
    /// The counter it was made with.
    pub counter: Option<u64>,
}

/// Gives an entry's code. The log is written before the code is given out; a counter is advanced and
/// saved first.
///
/// # Errors
///
/// Exit 2 when a time is asked of a counter; exit 3 of a sealed entry; exit 8 when a reason is asked for; what saving
/// can fail with, for a counter.
pub fn code(
    ctx: &Context,
    session: &mut Session,
    id: EntryId,
    request: CodeRequest,
) -> Result<ShownCode, Failure> {
    code_with(ctx, session, id, request, None)
}

/// As [`code`], of an entry that may be sealed, with what was opened for it.
///
/// # Errors
///
/// As [`code`]; exit 3 of a sealed entry that was not opened.
pub fn code_with(
    ctx: &Context,
    session: &mut Session,
    id: EntryId,
    request: CodeRequest,
    opened: Option<&Opened>,
) -> Result<ShownCode, Failure> {
    of_entry(ctx, session, id, request, opened, Use::Shown)
}

/// As [`code_with`], for a code that is going to be copied: the log says that too.
///
/// # Errors
///
/// As [`code_with`].
pub fn to_copy(
    ctx: &Context,
    session: &mut Session,
    id: EntryId,
    request: CodeRequest,
    opened: Option<&Opened>,
) -> Result<ShownCode, Failure> {
    of_entry(ctx, session, id, request, opened, Use::Copied)
}

/// Logs that a code which was shown before is going to be copied.
pub fn log_copied(ctx: &Context, session: &mut Session, id: EntryId) {
    log::append(ctx, session, vec![record(ctx, id, None, Use::Copied)]);
}

/// What is done with a code.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Use {
    Copied,
    Shown,
}

fn record(ctx: &Context, id: EntryId, opened: Option<&Opened>, to_be: Use) -> Record {
    let mut record = seal::about(ctx, Event::CodeShown, id, opened);
    if to_be == Use::Copied {
        record.facts.push(("copied".into(), "yes".into()));
    }
    record
}

fn of_entry(
    ctx: &Context,
    session: &mut Session,
    id: EntryId,
    request: CodeRequest,
    opened: Option<&Opened>,
    to_be: Use,
) -> Result<ShownCode, Failure> {
    reason::check(ctx, session, &[id])?;
    let entry = session.vault.entry(id).ok_or(VaultError::Gone(id))?;
    seal::check(entry, opened)?;
    if matches!(entry.otp, Otp::Hotp { .. }) {
        if request.at.is_some() || request.next {
            return Err(Failure::new(Kind::Usage, "this entry counts; its codes do not follow the clock")
                .unchanged(Unchanged::NothingTouched)
                .next("run the command without --at and --next: each run gives the next code"));
        }
        return counter_code(ctx, session, id, opened, to_be);
    }
    log::append(ctx, session, vec![record(ctx, id, opened, to_be)]);
    let entry = session.vault.entry(id).ok_or(VaultError::Gone(id))?;
    let at = request.at.unwrap_or_else(|| ctx.code_time());
    seal::read(entry, opened, |entry| timed(entry, at, request.next))?
        .ok_or_else(|| VaultError::Gone(id).into())
}

/// The code of a moment without a record in the log, for a screen that keeps showing what was asked for.
pub fn refresh(session: &Session, id: EntryId, now: UnixSeconds) -> Option<ShownCode> {
    timed(session.vault.entry(id)?, now, false)
}

/// As [`refresh`], of an entry that may be sealed, with what was opened for it.
pub fn refresh_with(
    session: &Session,
    id: EntryId,
    now: UnixSeconds,
    opened: Option<&Opened>,
) -> Option<ShownCode> {
    seal::read(session.vault.entry(id)?, opened, |entry| timed(entry, now, false)).ok().flatten()
}

fn timed(entry: &Entry, at: UnixSeconds, next: bool) -> Option<ShownCode> {
    let timed = entry.code_at(at)?;
    let TimedCode { code, next: following, step } = timed;
    let (code, following, step) = if next {
        (following, entry.code_of(step.next().next())?, step.next())
    } else {
        (code, following, step)
    };
    Some(ShownCode {
        id: entry.id,
        issuer: entry.issuer.clone(),
        account: entry.account.clone(),
        code,
        next: Some(following),
        valid_from: Some(step.starts()),
        valid_until: Some(step.ends()),
        counter: None,
    })
}

/// RFC 4226 §7.2: the counter moves with every code. It is saved before the code is shown, so that a
/// crash can skip a code and never show one twice.
fn counter_code(
    ctx: &Context,
    session: &mut Session,
    id: EntryId,
    opened: Option<&Opened>,
    to_be: Use,
) -> Result<ShownCode, Failure> {
    vault_file::change(ctx, session, |vault| {
        let entry = vault.entry_mut(id)?;
        let code = seal::read(entry, opened, Entry::counter_code)?.ok_or(VaultError::Gone(id))?;
        let Otp::Hotp { counter, .. } = &mut entry.otp else { return Err(VaultError::Gone(id).into()) };
        let used = *counter;
        *counter = counter.checked_add(1).ok_or_else(|| {
            Failure::new(Kind::Refused, "the counter is at its end").unchanged(Unchanged::NothingTouched)
        })?;
        let shown = ShownCode {
            id,
            issuer: entry.issuer.clone(),
            account: entry.account.clone(),
            code,
            next: None,
            valid_from: None,
            valid_until: None,
            counter: Some(used),
        };
        Ok((shown, vec![record(ctx, id, opened, to_be)]))
    })
}

/// When the code of a step was copied before, if it was: services refuse a second use (RFC 6238 §5.2).
pub fn copied_before(
    ctx: &Context,
    session: &Session,
    id: EntryId,
    valid_from: UnixSeconds,
) -> Option<UnixSeconds> {
    state::copied_before(ctx, session.vault.id, id, valid_from)
}

/// Notes that the code of a step was copied.
pub fn mark_copied(ctx: &Context, session: &Session, id: EntryId, valid_from: UnixSeconds) {
    state::mark_copied(ctx, session.vault.id, id, valid_from);
}
