//! What is being filled in while the vault is locked, and the forms with one field.

use crate::entry::EntryId;
use crate::secret::SecretText;
use crate::tui::secret_field::SecretField;

/// The vault's passphrase being typed.
#[derive(Debug, Default)]
pub struct UnlockForm {
    /// The passphrase.
    pub field: SecretField,
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
}

/// A restore, step by step.
#[derive(Debug)]
pub enum RestoreForm {
    /// Which file.
    Path {
        /// The path.
        field: SecretField,
        /// What is wrong with it.
        wrong: Option<String>,
    },
    /// What opens the bundle.
    Passphrase {
        /// The passphrase.
        field: SecretField,
        /// What the bundle says of itself.
        about: Vec<String>,
        /// Why the last one did not open it.
        wrong: Option<String>,
    },
    /// The new vault's passphrase.
    New {
        /// How many entries will be restored.
        n_entries: usize,
        /// What the bundle says of itself, for going back.
        about: Vec<String>,
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

impl NewPassphrase {
    /// True while a secret can be read on it.
    pub fn shows_secret(&self) -> bool {
        self.field.is_shown() || self.offered.is_some()
    }
}

impl RestoreForm {
    /// The field that wants a path, where it has the cursor.
    pub fn path_mut(&mut self) -> Option<&mut SecretField> {
        match self {
            Self::Path { field, .. } => Some(field),
            Self::New { .. } | Self::Passphrase { .. } => None,
        }
    }

    /// True while a secret can be read on it.
    pub fn shows_secret(&self) -> bool {
        match self {
            Self::New { form, .. } => form.shows_secret(),
            Self::Passphrase { field, .. } => field.is_shown(),
            Self::Path { .. } => false,
        }
    }
}
