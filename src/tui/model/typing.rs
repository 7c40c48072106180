//! What is typed where the cursor is: what can be hidden, and what wants a path.

use super::{
    BundleForm, BundlesPage, Dialog, Doing, ExportStep, Model, NewBundleStep, NewPassphrase, RestoreForm,
    Screen, TransferForm,
};
use crate::tui::form::{Form, Input};

/// What is typed where the cursor is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Typing {
    /// It is hidden until it is asked for.
    pub hidden: bool,
    /// It is a path, which can be chosen from a list of files.
    pub path: bool,
    /// It opens a bundle that something else opens too.
    pub other_way: bool,
}

impl Typing {
    const HIDDEN: Self = Self { hidden: true, path: false, other_way: false };
    const PATH: Self = Self { hidden: false, path: true, other_way: false };

    fn form(form: &Form) -> Self {
        match form.focused().map(|field| &field.input) {
            Some(Input::Path(_)) => Self::PATH,
            Some(Input::Secret(_)) => Self::HIDDEN,
            Some(Input::Choice { .. } | Input::Text(_)) | None => Self::default(),
        }
    }

    /// Words that were made are shown already, and nothing is typed.
    fn passphrase(form: &NewPassphrase) -> Self {
        Self { hidden: form.offered.is_none(), ..Self::default() }
    }

    fn bundle(bundle: &BundleForm) -> Self {
        Self { other_way: bundle.has_other_way(), ..Self::form(&bundle.form) }
    }

    fn bundles(page: &BundlesPage) -> Self {
        match &page.doing {
            Doing::New(new) => match &new.step {
                NewBundleStep::What => Self::form(&new.form),
                NewBundleStep::Passphrase(form) => Self::passphrase(form),
                NewBundleStep::Vault(_) => Self::HIDDEN,
            },
            Doing::Existing(_, existing) => Self::bundle(existing),
            Doing::Kit(kit) => Self::form(&kit.form),
            Doing::Done(_) | Doing::List | Doing::Merge(_) => Self::default(),
        }
    }

    fn transfer(form: &TransferForm) -> Self {
        match form {
            TransferForm::Export(export) => match &export.step {
                ExportStep::What => Self::form(&export.form),
                ExportStep::Clear(form) => Self::form(form),
                ExportStep::Passphrase(form) => Self::passphrase(form),
                ExportStep::Vault(_) => Self::HIDDEN,
            },
            TransferForm::Import(import) => Self::form(&import.form),
            TransferForm::Done(_) | TransferForm::Report(..) => Self::default(),
        }
    }
}

impl Model {
    /// What is typed where the cursor is.
    pub fn typing(&self) -> Typing {
        if let Some(dialog) = &self.dialog {
            let Dialog::Prompt(prompt) = dialog else { return Typing::default() };
            return Typing::form(&prompt.form);
        }
        match &self.screen {
            // A picture can be chosen from any of its fields.
            Screen::Add(add) => Typing { path: add.proving.is_none(), ..Typing::form(&add.form) },
            Screen::Bundles(page) => Typing::bundles(page),
            Screen::Log(page) if page.asks_vault() => Typing::HIDDEN,
            Screen::Log(page) => page.form().map(Typing::form).unwrap_or_default(),
            Screen::Custodians(page) => page.form().map(Typing::form).unwrap_or_default(),
            Screen::Drills(page) => match page.bundle() {
                Some(bundle) => Typing::bundle(bundle),
                None => page.form().map(Typing::form).unwrap_or_default(),
            },
            Screen::Edit(edit) => Typing::form(&edit.form),
            Screen::Passes(page) if page.asks_vault() => Typing::HIDDEN,
            Screen::Passes(page) => page.form().map(Typing::form).unwrap_or_default(),
            Screen::Runbooks(page) => page.form().map(Typing::form).unwrap_or_default(),
            Screen::Incidents(page) => page.form().map(Typing::form).unwrap_or_default(),
            Screen::Plan(page) => page.form().map(Typing::form).unwrap_or_default(),
            Screen::NewVault(form) | Screen::Restore(RestoreForm::New { form, .. }) => {
                Typing::passphrase(form)
            }
            Screen::Restore(RestoreForm::Bundle(bundle)) => Typing::bundle(bundle),
            Screen::Transfer(form) => Typing::transfer(form),
            Screen::Unlock(_) if self.asks_key_file() => Typing::PATH,
            Screen::Unlock(_) => Typing::HIDDEN,
            Screen::Clock(_)
            | Screen::Codes
            | Screen::Entry(_)
            | Screen::FirstRun
            | Screen::Settings(_)
            | Screen::Status(_)
            | Screen::Trash(_) => Typing::default(),
        }
    }
}
