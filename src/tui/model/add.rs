//! A new entry being filled in, and its first code.

use super::fields::{self, DIGITS};
use crate::app::check::Checked;
use crate::entry::EntryId;
use crate::secret::SecretText;
use crate::tui::form::{Field, Form};
use crate::tui::keymap::Scope;
use crate::tui::secret_field::SecretField;

/// Numbers of the accounts in one picture or export; what is beyond them is not offered.
pub const PICTURE_CODES: [&str; 12] = ["1", "2", "3", "4", "5", "6", "7", "8", "9", "10", "11", "12"];

/// A new entry.
#[derive(Debug)]
pub struct AddForm {
    /// Its fields.
    pub form: Form,
    /// What is known of the secret as it stands, or what is wrong with it.
    pub checked: Option<Result<Box<Checked>, String>>,
    /// The accounts of the picture that was read, or of the export that was pasted.
    pub found: Vec<SecretText>,
    /// Something was typed that would be lost.
    pub touched: bool,
    /// What is wrong.
    pub wrong: Option<String>,
    /// The entry was added: now its first code is tried.
    pub proving: Option<Proving>,
}

/// The first code of an entry, which the service takes or not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proving {
    /// The entry.
    pub id: EntryId,
    /// Its name, safe to show.
    pub title: String,
    /// What is worth saying about it.
    pub warnings: Vec<String>,
    /// The service did not take it.
    pub refused: bool,
}

impl Default for AddForm {
    fn default() -> Self {
        Self {
            form: Form::new(vec![
                Field::secret(
                    "secret",
                    "Secret: ",
                    "Paste the otpauth URI, or the secret alone: spaces, dashes and lower case do not matter. \
                     Ctrl-r shows it, Tab goes to the next field.",
                ),
                Field::path(
                    "picture",
                    "Or a picture: ",
                    "A picture with the QR code in it. Ctrl-f chooses the file, Enter reads it.",
                    "",
                ),
                fields::issuer(""),
                fields::account(""),
                fields::type_name("totp"),
                fields::algorithm("SHA1"),
                fields::digits("6"),
                fields::number("30"),
                fields::tags(""),
                fields::note(""),
                fields::privileged(false),
                fields::provenance(fields::NOT_SAID),
                fields::device(""),
            ]),
            checked: None,
            found: Vec::new(),
            touched: false,
            wrong: None,
            proving: None,
        }
    }
}

impl AddForm {
    /// Goes on to the first code. What was typed is wiped.
    pub fn added(id: EntryId, title: String, warnings: Vec<String>) -> Self {
        let proving = Some(Proving { id, title, warnings, refused: false });
        Self { form: Form::default(), proving, ..Self::default() }
    }

    /// What is being done, in the title.
    pub fn name(&self) -> &'static str {
        if self.proving.is_some() { "First code" } else { "Add an entry" }
    }

    /// Where its keys go.
    pub fn scope(&self) -> Scope {
        if self.proving.is_some() { Scope::FirstCode } else { Scope::Field }
    }

    /// The picture's field, which gets the cursor.
    pub fn path_mut(&mut self) -> Option<&mut SecretField> {
        self.form.focus_on("picture");
        self.form.path_mut()
    }

    /// True while a secret can be read on it.
    pub fn shows_secret(&self) -> bool {
        self.form.shows_secret()
    }

    /// Puts what a URI says into the fields, where it can be corrected.
    pub fn fill(&mut self) {
        let Some(Ok(checked)) = &self.checked else { return };
        let Some(said) = &checked.said else { return };
        self.form.set("issuer", &said.issuer);
        self.form.set("account", &said.account);
        self.form.set("type", said.type_name);
        self.form.set("algorithm", said.algorithm);
        // Of Steam's codes the number is fixed.
        let digits = said.digits.to_string();
        self.form.set("digits", if DIGITS.contains(&digits.as_str()) { &digits } else { "6" });
        self.form.set("number", &said.number.to_string());
    }
}
