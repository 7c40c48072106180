//! Files of other programs: read into the vault, or written from it.

use super::bundles::VaultProof;
use super::forms::NewPassphrase;
use super::report::{Done, Report};
use crate::entry::EntryId;
use crate::secret::SecretText;
use crate::tui::form::Form;
use crate::tui::keymap::Scope;

/// A file of another program.
#[derive(Debug)]
pub enum TransferForm {
    /// What was done.
    Done(Done),
    /// Entries are being written.
    Export(Box<ExportForm>),
    /// A file is named, and opened.
    Import(ImportForm),
    /// What a file would bring.
    Report(Report, SecretText),
}

/// A file to be imported.
#[derive(Debug)]
pub struct ImportForm {
    /// Its path; or its passphrase, once it was recognised as encrypted.
    pub form: Form,
    /// What it was recognised as.
    pub recognised: Option<Recognised>,
    /// What is wrong.
    pub wrong: Option<String>,
}

/// A file that was recognised.
#[derive(Debug)]
pub struct Recognised {
    /// Its path, as it was typed.
    pub path: SecretText,
    /// Its format, in words; safe to show.
    pub format: String,
}

/// Entries to be written for another program.
#[derive(Debug)]
pub struct ExportForm {
    /// What is written, how and where.
    pub form: Form,
    /// The entries that were marked when it was begun.
    pub marked: Vec<EntryId>,
    /// Which step is on the screen.
    pub step: ExportStep,
    /// What is wrong with the fields.
    pub wrong: Option<String>,
    /// What the format cannot say of the entries, in words.
    pub lossy: Vec<String>,
    /// What is left out and why, in a few lines.
    pub left_out: Vec<String>,
    /// How many entries are written, once that is known.
    pub n_entries: usize,
    /// The file that is there is replaced.
    pub force: bool,
    /// The vault's passphrase is asked for before it is written.
    pub asks_vault: bool,
    /// The file's passphrase, once it was typed twice. It stays until the file is written.
    pub passphrase: Option<SecretText>,
}

/// The steps of an export.
#[derive(Debug)]
pub enum ExportStep {
    /// A word that says that the seeds are written in clear.
    Clear(Form),
    /// The file's passphrase.
    Passphrase(NewPassphrase),
    /// The vault's passphrase, once more.
    Vault(VaultProof),
    /// The fields.
    What,
}

impl TransferForm {
    /// What is being done, in the title.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Done(done) => done.name,
            Self::Export(_) => "Export",
            Self::Import(_) | Self::Report(..) => "Import",
        }
    }

    /// Where its keys go.
    pub fn scope(&self) -> Scope {
        match self {
            Self::Done(_) => Scope::Done,
            Self::Export(_) | Self::Import(_) => Scope::Field,
            Self::Report(..) => Scope::Report,
        }
    }

    /// The form that is being filled in.
    pub fn form_mut(&mut self) -> Option<&mut Form> {
        match self {
            Self::Export(export) => match &mut export.step {
                ExportStep::What => Some(&mut export.form),
                ExportStep::Clear(form) => Some(form),
                ExportStep::Passphrase(_) | ExportStep::Vault(_) => None,
            },
            Self::Import(import) => Some(&mut import.form),
            Self::Done(_) | Self::Report(..) => None,
        }
    }

    /// True while a secret can be read on it.
    pub fn shows_secret(&self) -> bool {
        match self {
            Self::Export(export) => match &export.step {
                ExportStep::Passphrase(form) => form.shows_secret(),
                ExportStep::Vault(proof) => proof.field.is_shown(),
                ExportStep::What | ExportStep::Clear(_) => false,
            },
            Self::Import(import) => import.form.shows_secret(),
            Self::Done(_) | Self::Report(..) => false,
        }
    }

    /// True while the vault's passphrase is wanted.
    pub fn asks_vault(&self) -> bool {
        matches!(self, Self::Export(export) if matches!(export.step, ExportStep::Vault(_)))
    }
}
