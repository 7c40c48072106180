//! Passes: the codes of one entry for a limited time, sealed under words that are said to somebody, and never the seed.
//!
//! `issue.rs` makes one, `open.rs` reads one on any machine, `file.rs` has its two forms (a container, and a picture of it).
//! The time is a courtesy: whoever has the file and the words can read every code in it, and only a new seed takes them
//! back. So what was issued stays an open item of the vault until somebody says that new methods were registered.

mod file;
mod issue;
mod open;

pub use issue::{
    Asked, Issued, PassRequest, Prepared, Said, check, no_reason, prepare, reason_asked, refuse_existing,
};
pub use open::{OpenedPass, SealedPass, SheetCode, look};

use super::context::Context;
use super::failure::{Failure, Kind, Unchanged};
use super::session::Session;
use super::{log, vault_file};
use crate::audit::{Event, Record};
use crate::entry::{Entry, EntryId, UnixSeconds, label};
use crate::recovery::ItemId;
use crate::recovery::pass::{IssuedPass, PassState};
use crate::vault::Vault;

/// The command that takes the codes of a pass back.
pub const ROTATE: &str = "lifeboat edit NAME --seed -";

/// A pass that was issued, as it stands now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListedPass {
    /// What the vault remembers of it.
    pub pass: IssuedPass,
    /// The entry's name, safe to show.
    pub title: String,
    /// How it stands.
    pub state: PassState,
    /// The entry has another seed since, or is gone: what is in the pass makes no codes that count any more.
    pub is_rotated: bool,
}

/// The passes of a vault, in the order in which they were issued.
pub fn list(ctx: &Context, session: &Session) -> Vec<ListedPass> {
    let now = ctx.clock.now();
    session.vault.items.passes.iter().map(|pass| listed(&session.vault, pass, now)).collect()
}

fn listed(vault: &Vault, pass: &IssuedPass, now: UnixSeconds) -> ListedPass {
    let entry = entry_of(vault, pass.entry);
    ListedPass {
        pass: pass.clone(),
        title: entry.map_or_else(|| pass.entry.to_string(), Entry::title),
        state: pass.state(now),
        is_rotated: entry.and_then(|entry| entry.rotated).is_some_and(|rotated| rotated > pass.issued),
    }
}

/// The entry of a pass, which may lie in the trash by now.
fn entry_of(vault: &Vault, id: EntryId) -> Option<&Entry> {
    let trashed = vault.trash.iter().map(|trashed| &trashed.entry);
    vault.entries.iter().chain(trashed).find(|entry| entry.id == id)
}

/// Finds the pass that an id names.
///
/// # Errors
///
/// Exit 4 when there is none.
pub fn find(ctx: &Context, session: &Session, id: &str) -> Result<ListedPass, Failure> {
    let wanted = ItemId::parse(id.trim());
    let found = list(ctx, session).into_iter().find(|listed| Some(listed.pass.id) == wanted);
    found.ok_or_else(|| {
        Failure::new(Kind::NoEntry, format!("no pass has the id \"{}\"", label::shown(id)))
            .unchanged(Unchanged::NothingTouched)
            .next("`lifeboat pass list` lists them")
    })
}

/// Notes that new methods were registered and old ones removed, so that nothing is left to do.
///
/// # Errors
///
/// Exit 8 for one that is closed already; what saving can fail with.
pub fn close(ctx: &Context, session: &mut Session, id: ItemId) -> Result<ListedPass, Failure> {
    let now = ctx.clock.now();
    let path = session.path.clone();
    vault_file::change(ctx, session, |vault| {
        let kept = Unchanged::VaultKept(path);
        let place = vault.items.passes.iter_mut().find(|pass| pass.id == id);
        let Some(pass) = place else {
            return Err(Failure::new(Kind::NoEntry, format!("the pass {id} is gone")).unchanged(kept));
        };
        if pass.closed.is_some() {
            return Err(already_closed(id).unchanged(kept));
        }
        pass.closed = Some(now);
        let pass = pass.clone();
        let record = record(ctx, Event::PassClosed, &pass);
        Ok((listed(vault, &pass, now), vec![record]))
    })
}

/// The failure of closing a pass a second time.
pub fn already_closed(id: ItemId) -> Failure {
    Failure::new(Kind::Refused, format!("the pass {id} is closed already"))
        .unchanged(Unchanged::NothingTouched)
        .next("`lifeboat pass list` lists them")
}

/// A record of a pass. It names the entry by its id.
fn record(ctx: &Context, event: Event, pass: &IssuedPass) -> Record {
    let mut record = log::about(ctx, event, pass.entry);
    record.facts = vec![("pass".into(), pass.id.to_string()), ("to".into(), pass.to.shown())];
    record
}
