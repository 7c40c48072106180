//! Everything about one entry, and the form that changes it.

use super::add::Proving;
use super::fields;
use super::log::LogPage;
use crate::app::check::Checked;
use crate::entry::{EntryId, Provenance};
use crate::tui::form::{Field, Form};
use crate::tui::keymap::Scope;

/// What is known about an entry, in lines that are safe to show. No seed and no recovery code.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EntryDetails {
    /// The entry.
    pub id: EntryId,
    /// Its name.
    pub title: String,
    /// Pairs of a name and what is known; a line without a name goes on with what stands above it.
    pub facts: Vec<(&'static str, String)>,
    /// How many recovery codes are stored.
    pub n_recovery_codes: usize,
    /// How many of them were not handed out yet.
    pub n_recovery_codes_left: usize,
}

impl EntryDetails {
    /// Stands for what was asked for and has not come yet.
    pub fn asked(id: EntryId) -> Self {
        Self { id, title: String::new(), facts: Vec::new(), n_recovery_codes: 0, n_recovery_codes_left: 0 }
    }
}

/// Everything about one entry.
#[derive(Debug)]
pub struct EntryPage {
    id: EntryId,
    /// What is known; `None` until it was read.
    pub details: Option<EntryDetails>,
    /// First line shown.
    pub offset: usize,
    /// The page of the log that it was opened from, which going back returns to.
    pub from_log: Option<Box<LogPage>>,
}

impl EntryPage {
    /// Starts the page of an entry.
    pub fn new(id: EntryId) -> Self {
        Self { id, details: None, offset: 0, from_log: None }
    }

    /// The entry.
    pub fn id(&self) -> EntryId {
        self.id
    }

    /// Where its keys go.
    pub fn scope(&self) -> Scope {
        Scope::Entry
    }

    /// True while a secret can be read on it; codes are told apart by the list.
    pub fn shows_secret(&self) -> bool {
        false
    }
}

/// An entry as it is before it is changed. Texts are raw: fields draw them escaped.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EntryValues {
    /// The entry.
    pub id: EntryId,
    /// Its name, safe to show.
    pub title: String,
    /// The service.
    pub issuer: String,
    /// The account.
    pub account: String,
    /// `totp`, `hotp` or `steam`.
    pub type_name: &'static str,
    /// The hash function.
    pub algorithm: &'static str,
    /// Characters of a code.
    pub digits: u8,
    /// The period, or the next counter.
    pub number: u64,
    /// Tags.
    pub tags: Vec<String>,
    /// Free text.
    pub note: String,
    /// Shown first.
    pub favourite: bool,
    /// Opens something privileged.
    pub privileged: bool,
    /// How the seed came here.
    pub provenance: Option<Provenance>,
    /// How many recovery codes are stored.
    pub n_recovery_codes: usize,
    /// How many of them were not handed out yet.
    pub n_recovery_codes_left: usize,
    /// What opens the seed, in words, where it is sealed.
    pub sealed: Option<String>,
}

/// Where a change was begun.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum EditedFrom {
    /// The trial of a new entry's first code.
    FirstCode(Proving),
    /// The list.
    List,
    /// The entry's page.
    Page,
}

/// An entry being changed.
#[derive(Debug)]
pub struct EditForm {
    /// The entry as it was.
    pub values: EntryValues,
    /// Its fields.
    pub form: Form,
    /// What is known of the new seed, or what is wrong with it.
    pub checked: Option<Result<Box<Checked>, String>>,
    /// What is wrong with them.
    pub wrong: Option<String>,
    /// Where it was begun, and goes back to.
    pub from: EditedFrom,
}

impl EditForm {
    /// Starts with what the entry has.
    pub fn new(values: EntryValues, from: EditedFrom) -> Self {
        let form = Self::filled(&values);
        Self { values, form, checked: None, wrong: None, from }
    }

    /// The fields as they are before anything is typed.
    pub fn filled(values: &EntryValues) -> Form {
        let device = values.provenance.as_ref().and_then(|provenance| provenance.device.as_ref());
        Form::new(vec![
            fields::issuer(&values.issuer),
            fields::account(&values.account),
            fields::type_name(values.type_name),
            fields::algorithm(values.algorithm),
            fields::digits(&values.digits.to_string()),
            fields::number(&values.number.to_string()),
            fields::tags(&values.tags.join(", ")),
            fields::note(&values.note),
            fields::privileged(values.privileged),
            fields::favourite(values.favourite),
            fields::provenance(fields::provenance_value(values.provenance.as_ref())),
            fields::device(device.map(crate::entry::Label::raw).unwrap_or_default()),
            seed(values.sealed.is_some()),
            Field::secret(
                "codes",
                "Recovery codes: ",
                "Paste the service's one-time codes, one a line; typed, separate them by commas. Empty: they stay.",
            ),
        ])
    }

    /// How many recovery codes were typed.
    pub fn n_typed_codes(&self) -> usize {
        self.form.value("codes").split(',').filter(|code| !code.trim().is_empty()).count()
    }

    /// True while a secret can be read on it.
    pub fn shows_secret(&self) -> bool {
        self.form.shows_secret()
    }
}

/// The field of a new seed, which says whether the present one is sealed.
fn seed(is_sealed: bool) -> Field {
    if is_sealed {
        return Field::secret(
            "seed",
            "Sealed seed: ",
            "Only when the service has given a new one, which is sealed as this one is. Empty: the seed stays, sealed.",
        );
    }
    Field::secret(
        "seed",
        "New seed: ",
        "Only when the service has given a new one: a URI or the secret alone. Empty: the seed stays.",
    )
}
