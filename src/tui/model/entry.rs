//! Everything about one entry, and the form that changes it.

use crate::entry::EntryId;
use crate::tui::form::Form;
use crate::tui::keymap::Scope;

/// What is known about an entry, in lines that are safe to show. No seed and no recovery code.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EntryDetails {
    /// The entry.
    pub id: EntryId,
    /// Its name.
    pub title: String,
    /// Pairs of a name and what is known.
    pub facts: Vec<(&'static str, String)>,
}

/// Everything about one entry.
#[derive(Debug)]
pub struct EntryPage {
    id: EntryId,
    /// What is known; `None` until it was read.
    pub details: Option<EntryDetails>,
    /// First line shown.
    pub offset: usize,
}

impl EntryPage {
    /// Starts the page of an entry.
    pub fn new(id: EntryId) -> Self {
        Self { id, details: None, offset: 0 }
    }

    /// The entry.
    pub fn id(&self) -> EntryId {
        self.id
    }

    /// Where its keys go.
    pub fn scope(&self) -> Scope {
        Scope::Entry
    }

    /// True while a secret can be read on it.
    pub fn shows_secret(&self) -> bool {
        false
    }
}

/// An entry being changed.
#[derive(Debug)]
pub struct EditForm {
    /// The entry.
    pub id: EntryId,
    /// Its fields.
    pub form: Form,
    /// What is wrong with them.
    pub wrong: Option<String>,
}

impl EditForm {
    /// True while a secret can be read on it.
    pub fn shows_secret(&self) -> bool {
        self.form.shows_secret()
    }
}
