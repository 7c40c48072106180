//! The trash: into it, back out of it, and gone for good.

use super::context::Context;
use super::failure::Failure;
use super::session::Session;
use super::{log, vault_file};
use crate::audit::Event;
use crate::entry::EntryId;

/// Moves an entry to the trash.
///
/// # Errors
///
/// When the entry is gone or the vault cannot be saved.
pub fn remove(ctx: &Context, session: &mut Session, id: EntryId) -> Result<(), Failure> {
    let now = ctx.clock.now();
    vault_file::change(ctx, session, |vault| {
        vault.remove(id, now)?;
        Ok(((), vec![log::about(ctx, Event::Removed, id)]))
    })
}

/// Takes an entry out of the trash.
///
/// # Errors
///
/// When the trash does not hold it any more or the vault cannot be saved.
pub fn take_back(ctx: &Context, session: &mut Session, id: EntryId) -> Result<(), Failure> {
    vault_file::change(ctx, session, |vault| {
        vault.put_back(id)?;
        Ok(((), vec![log::about(ctx, Event::TakenBack, id)]))
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
