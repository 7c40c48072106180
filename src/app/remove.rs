//! The trash: into it, back out of it, and gone for good.

use super::context::Context;
use super::failure::Failure;
use super::session::Session;
use super::{log, vault_file};
use crate::audit::Event;
use crate::entry::EntryId;

/// Moves entries to the trash, all of them in one save.
///
/// # Errors
///
/// When one is gone or the vault cannot be saved; then nothing is moved.
pub fn remove(ctx: &Context, session: &mut Session, ids: &[EntryId]) -> Result<(), Failure> {
    let now = ctx.clock.now();
    vault_file::change(ctx, session, |vault| {
        for id in ids {
            vault.remove(*id, now)?;
        }
        Ok(((), ids.iter().map(|id| log::about(ctx, Event::Removed, *id)).collect()))
    })
}

/// Takes entries out of the trash, all of them in one save.
///
/// # Errors
///
/// When the trash does not hold one any more or the vault cannot be saved; then nothing is taken out.
pub fn take_back(ctx: &Context, session: &mut Session, ids: &[EntryId]) -> Result<(), Failure> {
    vault_file::change(ctx, session, |vault| {
        for id in ids {
            vault.put_back(*id)?;
        }
        Ok(((), ids.iter().map(|id| log::about(ctx, Event::TakenBack, *id)).collect()))
    })
}

/// Destroys entries of the trash. Previous generations of the file and bundles still hold them.
///
/// # Errors
///
/// When one is not there any more or the vault cannot be saved; then nothing is destroyed.
pub fn purge(ctx: &Context, session: &mut Session, ids: &[EntryId]) -> Result<(), Failure> {
    vault_file::change(ctx, session, |vault| {
        for id in ids {
            vault.purge(*id)?;
        }
        Ok(((), ids.iter().map(|id| log::about(ctx, Event::Purged, *id)).collect()))
    })
}
