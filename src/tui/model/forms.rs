//! What is being filled in while the vault is locked, and the forms with one field.

use super::share_entry::ShareEntry;
use crate::entry::EntryId;
use crate::secret::SecretText;
use crate::tui::form::{Field, Form};
use crate::tui::keymap::Scope;
use crate::tui::secret_field::SecretField;

/// The vault's passphrase being typed.
#[derive(Debug)]
pub struct UnlockForm {
    /// The passphrase.
    pub field: SecretField,
    /// The path of the key file, asked for first where the vault does not open without one.
    pub key_file: SecretField,
    /// Why the last one did not open it.
    pub wrong: Option<String>,
}

/// A new passphrase: typed, or made and written down; then typed once more.
#[derive(Debug, Default)]
pub struct NewPassphrase {
    /// What is being typed.
    pub field: SecretField,
    /// What was typed first, once it is being typed again.
    pub first: Option<SecretText>,
    /// The words that were made, shown until the person goes on. Nothing can be typed meanwhile.
    pub offered: Option<SecretText>,
    /// How hard it is to guess, in words.
    pub strength: String,
    /// What is wrong, if anything.
    pub wrong: Option<String>,
    /// The path of the file that is imported once the vault is made.
    pub import: Option<SecretText>,
}

/// A bundle file: which one, then what opens it.
#[derive(Debug)]
pub struct BundleForm {
    /// The path; or the passphrase and the key file, once the file was looked at.
    pub form: Form,
    /// What the bundle says of itself, once it was looked at.
    pub about: Option<Vec<String>>,
    /// The path as it was typed, for going back to it.
    pub path: SecretText,
    /// The shares that open it, if shares do.
    pub shares: Option<ShareEntry>,
    /// Shares are asked for, and not what is in the fields.
    pub by_shares: bool,
    /// What is wrong.
    pub wrong: Option<String>,
}

/// What opens a bundle.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpenedBy {
    /// A passphrase, alone or with a key file.
    pub passphrase: bool,
    /// A key file, alone or with a passphrase.
    pub key_file: bool,
    /// Nothing opens it without a key file.
    pub needs_key_file: bool,
    /// So many shares of the set with this name.
    pub shares: Option<(String, u8)>,
}

/// A restore, step by step. Another way of getting at what was saved is a step of its own beside the bundle.
#[derive(Debug)]
pub enum RestoreForm {
    /// The bundle, and what opens it.
    Bundle(BundleForm),
    /// The new vault's passphrase.
    New {
        /// How many entries will be restored.
        n_entries: usize,
        /// The bundle, for going back.
        bundle: BundleForm,
        /// The passphrase.
        form: NewPassphrase,
    },
}

/// The clock measured by another device's code.
#[derive(Debug)]
pub struct ClockForm {
    /// The entry whose code it is.
    pub id: EntryId,
    /// Its name, safe to show.
    pub title: String,
    /// The code that the other device shows.
    pub field: SecretField,
    /// What was found: in words, and in seconds to be added to the clock.
    pub offered: Option<(String, i64)>,
    /// What is wrong with it.
    pub wrong: Option<String>,
}

impl Default for UnlockForm {
    fn default() -> Self {
        Self { field: SecretField::default(), key_file: SecretField::plain(), wrong: None }
    }
}

impl NewPassphrase {
    /// Begins anew. What comes after it stays.
    pub fn restart(&mut self, wrong: Option<String>) {
        *self = Self { wrong, import: self.import.take(), ..Self::default() };
    }

    /// True while a secret can be read on it.
    pub fn shows_secret(&self) -> bool {
        self.field.is_shown() || self.offered.is_some()
    }
}

impl BundleForm {
    /// Asks for the path.
    pub fn new(path: &str, wrong: Option<String>) -> Self {
        let help = "Type or paste the path, or press Ctrl-f to choose the file.";
        Self {
            form: Form::new(vec![Field::path("path", "Path: ", help, path)]),
            about: None,
            path: SecretText::with_capacity(0),
            shares: None,
            by_shares: false,
            wrong,
        }
    }

    /// Asks for what opens the bundle that was looked at.
    pub fn ask(&mut self, about: Vec<String>, by: OpenedBy) {
        let mut fields = Vec::new();
        if by.passphrase {
            let help = if by.needs_key_file { "Its key file is needed too: Tab goes to it." } else { "" };
            fields.push(Field::secret("passphrase", "Passphrase of the bundle: ", help));
        }
        if by.key_file {
            let help = match (by.needs_key_file, by.passphrase) {
                (true, _) => "It does not open without its key file. Ctrl-f chooses the file.",
                (false, true) => {
                    "Its key file opens it as well. Leave this empty to open it by the passphrase."
                }
                (false, false) => "Its key file opens it. Ctrl-f chooses the file.",
            };
            fields.push(Field::path("key file", "Key file: ", help, ""));
        }
        self.path = self.form.take("path");
        self.by_shares = fields.is_empty() && by.shares.is_some();
        self.shares = by.shares.map(|(set, needed)| ShareEntry::new(set, needed));
        self.form = Form::new(fields);
        self.about = Some(about);
        self.wrong = None;
    }

    /// Whether shares open it, and something else does too.
    pub fn has_other_way(&self) -> bool {
        self.shares.is_some() && !self.form.fields().is_empty()
    }

    /// To its shares, or to what else opens it. What was typed does not stay where nobody sees it.
    pub fn other_way(&mut self) {
        if !self.has_other_way() {
            return;
        }
        self.by_shares = !self.by_shares;
        self.wrong = None;
        self.form.clear_secrets();
        self.shares.iter_mut().for_each(ShareEntry::clear);
    }

    /// Where its keys go.
    pub fn scope(&self) -> Scope {
        if self.by_shares { Scope::Share } else { Scope::Field }
    }

    /// True while a secret can be read on it.
    pub fn shows_secret(&self) -> bool {
        self.form.shows_secret()
    }

    /// True while the words of a card are on it.
    pub fn holds_words(&self) -> bool {
        self.shares.as_ref().is_some_and(ShareEntry::holds_words)
    }
}

impl RestoreForm {
    /// Asks for the bundle.
    pub fn begin() -> Self {
        Self::Bundle(BundleForm::new("", None))
    }

    /// Where its keys go.
    pub fn scope(&self) -> Scope {
        match self {
            Self::Bundle(bundle) => bundle.scope(),
            Self::New { .. } => Scope::Field,
        }
    }

    /// The field that wants a path, where it has the cursor.
    pub fn path_mut(&mut self) -> Option<&mut SecretField> {
        match self {
            Self::Bundle(bundle) => bundle.form.path_mut(),
            Self::New { .. } => None,
        }
    }

    /// True while a secret can be read on it.
    pub fn shows_secret(&self) -> bool {
        match self {
            Self::Bundle(bundle) => bundle.shows_secret(),
            Self::New { form, .. } => form.shows_secret(),
        }
    }
}
