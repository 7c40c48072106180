//! Turns what a person typed into the one entry it names.

use super::failure::{Failure, Kind, Unchanged};
use super::session::Session;
use crate::entry::{Entry, EntryId, Label};
use crate::vault::find::{self, FindError};

/// Finds the entry of the vault that a query names.
///
/// # Errors
///
/// Exit 4 when none or several fit; several are listed by name.
pub fn find(session: &Session, query: &str) -> Result<EntryId, Failure> {
    find_in(session.vault.entries.iter(), query, "entry")
}

/// Finds the entry of the trash that a query names.
///
/// # Errors
///
/// Exit 4 when none or several fit.
pub fn find_in_trash(session: &Session, query: &str) -> Result<EntryId, Failure> {
    find_in(session.vault.trash.iter().map(|trashed| &trashed.entry), query, "entry of the trash")
}

/// Finds the entry of an opened bundle that a query names.
///
/// # Errors
///
/// Exit 4 when none or several fit.
pub(super) fn find_in_bundle(entries: &[Entry], query: &str) -> Result<EntryId, Failure> {
    find_in(entries.iter(), query, "entry of the bundle")
}

/// The entries that a query and a tag select; all of them when neither is given.
pub fn select<'a>(session: &'a Session, query: Option<&str>, tags: &[String]) -> Vec<&'a Entry> {
    find::matching(session.vault.entries.iter(), query.unwrap_or_default())
        .filter(|entry| tags.iter().all(|tag| has_tag(entry, tag)))
        .collect()
}

/// Tells whether an entry has a tag, whatever its case.
pub fn has_tag(entry: &Entry, tag: &str) -> bool {
    entry.tags.iter().map(Label::raw).any(|other| other.to_lowercase() == tag.to_lowercase())
}

fn find_in<'a, I: Iterator<Item = &'a Entry> + Clone>(
    entries: I,
    query: &str,
    what: &str,
) -> Result<EntryId, Failure> {
    let shown = crate::entry::label::shown(query);
    match find::find(entries.clone(), query) {
        Ok(entry) => Ok(entry.id),
        Err(FindError::Several(ids)) => {
            let names = entries
                .filter(|entry| ids.contains(&entry.id))
                .map(|entry| format!("{}  {}", entry.id, entry.title()));
            Err(Failure::new(Kind::SeveralEntries, format!("{} entries fit \"{shown}\"", ids.len()))
                .details(names)
                .unchanged(Unchanged::NothingTouched)
                .next("name one of them by more of its issuer:account, or by its id"))
        }
        Err(_) => Err(Failure::new(Kind::NoEntry, format!("no {what} fits \"{shown}\""))
            .unchanged(Unchanged::NothingTouched)
            .next(match what {
                "entry" => "`lifeboat list` shows all of them",
                "entry of the bundle" => "a part of its issuer:account, or its id, is enough",
                _ => "`lifeboat trash list` shows what lies there",
            })),
    }
}
