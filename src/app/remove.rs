//! The trash: into it, back out of it, and gone for good.

use super::context::Context;
use super::failure::Failure;
use super::session::Session;
use super::{log, vault_file};
use crate::audit::{Event, Record};
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

/// Destroys entries of the trash, and with `unreadable` what in it cannot be read. Previous generations of
/// the file and bundles still hold them. Says how many there were.
///
/// # Errors
///
/// When one is not there any more or the vault cannot be saved; then nothing is destroyed.
pub fn purge(
    ctx: &Context,
    session: &mut Session,
    ids: &[EntryId],
    unreadable: bool,
) -> Result<usize, Failure> {
    vault_file::change(ctx, session, |vault| {
        for id in ids {
            vault.purge(*id)?;
        }
        let mut records: Vec<Record> = ids.iter().map(|id| log::about(ctx, Event::Purged, *id)).collect();
        let n_unreadable = if unreadable { vault.purge_unreadable() } else { 0 };
        for _ in 0..n_unreadable {
            let facts = vec![("what".into(), "an entry that could not be read".into())];
            records.push(Record { facts, ..log::record(ctx, Event::Purged) });
        }
        Ok((ids.len() + n_unreadable, records))
    })
}
