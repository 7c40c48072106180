//! The bundles made from this vault, and what is done with them.

use super::forms::{BundleForm, NewPassphrase};
use super::kit::KitForm;
use super::report::{Done, Report};
use crate::entry::EntryId;
use crate::secret::SecretText;
use crate::tui::form::Form;
use crate::tui::keymap::Scope;
use crate::tui::secret_field::SecretField;

/// The bundles.
#[derive(Debug, Default)]
pub struct BundlesPage {
    /// Newest first; `None` until they were read.
    pub rows: Option<Vec<BundleRow>>,
    /// The selected row.
    pub selected: usize,
    /// What is being done.
    pub doing: Doing,
}

/// A bundle that was made from this vault, safe to show but for its path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BundleRow {
    /// The day on which it was made.
    pub day: String,
    /// How many entries are in it.
    pub n_entries: usize,
    /// What has changed since, in words.
    pub changes: String,
    /// True when nothing has.
    pub is_current: bool,
    /// The day of its review.
    pub review: Option<String>,
    /// That day lies back.
    pub review_due: bool,
    /// Its label; may be empty.
    pub label: String,
    /// Where it was written. Raw: it is shown escaped.
    pub path: String,
    /// What else is known, for the selected one.
    pub facts: Vec<(&'static str, String)>,
}

/// What is being done in the place of bundles.
#[derive(Debug, Default)]
pub enum Doing {
    /// A row is chosen.
    #[default]
    List,
    /// A bundle is being made.
    New(NewBundle),
    /// A bundle file is named, and opened.
    Existing(Purpose, BundleForm),
    /// A custodian's kit is being made.
    Kit(KitForm),
    /// What restoring a bundle into this vault would do.
    Merge(Report),
    /// What was done.
    Done(Done),
}

/// What a bundle file is named for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// What stands outside is shown.
    Inspect,
    /// Its entries come into this vault.
    Merge,
    /// It is opened, and everything in it checked.
    Verify,
}

/// A bundle that is to be made.
#[derive(Debug)]
pub struct NewBundle {
    /// Where it goes, what is in it, how it is opened.
    pub form: Form,
    /// The entries that were marked when it was begun.
    pub marked: Vec<EntryId>,
    /// The share sets that can open it: their ids and names.
    pub sets: Vec<(u16, String)>,
    /// The one that is chosen at first.
    pub first_set: Option<u16>,
    /// Which step is on the screen.
    pub step: NewBundleStep,
    /// What is wrong with the fields.
    pub wrong: Option<String>,
    /// How many entries go into it, once that is known.
    pub n_entries: usize,
    /// The file that is there is replaced.
    pub force: bool,
    /// The vault's passphrase is asked for before it is made.
    pub asks_vault: bool,
    /// A weak passphrase was insisted on.
    pub allow_weak: bool,
    /// The bundle's passphrase, once it was typed twice. It stays until the bundle is made.
    pub passphrase: Option<SecretText>,
}

/// The steps of making a bundle.
#[derive(Debug)]
pub enum NewBundleStep {
    /// Its passphrase.
    Passphrase(NewPassphrase),
    /// The vault's passphrase, once more.
    Vault(VaultProof),
    /// The fields.
    What,
}

/// The vault's passphrase, asked for once more before something is made that outlasts this sitting.
#[derive(Debug, Default)]
pub struct VaultProof {
    /// What is being typed.
    pub field: SecretField,
    /// Why the last one did not open it.
    pub wrong: Option<String>,
}

impl BundlesPage {
    /// What is being done, in the title; empty for the list.
    pub fn name(&self) -> &'static str {
        match &self.doing {
            Doing::List => "",
            Doing::New(_) => "New bundle",
            Doing::Kit(_) => "Kit",
            Doing::Existing(Purpose::Inspect, _) => "Inspect",
            Doing::Existing(Purpose::Verify, _) => "Verify",
            Doing::Existing(Purpose::Merge, _) | Doing::Merge(_) => "Restore into this vault",
            Doing::Done(done) => done.name,
        }
    }

    /// Where its keys go.
    pub fn scope(&self) -> Scope {
        match &self.doing {
            Doing::List => Scope::Bundles,
            Doing::New(_) | Doing::Kit(_) => Scope::Field,
            Doing::Existing(_, bundle) => bundle.scope(),
            Doing::Merge(_) => Scope::Report,
            Doing::Done(_) => Scope::Done,
        }
    }

    /// The form that is being filled in.
    pub fn form_mut(&mut self) -> Option<&mut Form> {
        match &mut self.doing {
            Doing::New(new) if matches!(new.step, NewBundleStep::What) => Some(&mut new.form),
            Doing::Existing(_, existing) => Some(&mut existing.form),
            Doing::Kit(kit) => Some(&mut kit.form),
            Doing::New(_) | Doing::List | Doing::Merge(_) | Doing::Done(_) => None,
        }
    }

    /// The bundle that is being opened, if one is.
    pub fn bundle(&self) -> Option<&BundleForm> {
        if let Doing::Existing(_, bundle) = &self.doing { Some(bundle) } else { None }
    }

    /// True while a secret can be read on it.
    pub fn shows_secret(&self) -> bool {
        match &self.doing {
            Doing::New(new) => match &new.step {
                NewBundleStep::Passphrase(form) => form.shows_secret(),
                NewBundleStep::Vault(proof) => proof.field.is_shown(),
                NewBundleStep::What => false,
            },
            Doing::Existing(_, existing) => existing.shows_secret(),
            Doing::List | Doing::Kit(_) | Doing::Merge(_) | Doing::Done(_) => false,
        }
    }

    /// True while the vault's passphrase is wanted.
    pub fn asks_vault(&self) -> bool {
        matches!(&self.doing, Doing::New(NewBundle { step: NewBundleStep::Vault(_), .. }))
    }

    /// The selected bundle.
    pub fn selected_row(&self) -> Option<&BundleRow> {
        self.rows.as_ref()?.get(self.selected)
    }
}
