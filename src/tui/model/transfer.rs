//! Files of other programs: read into the vault, or written from it.

use crate::tui::form::Form;
use crate::tui::keymap::Scope;

/// A file of another program.
#[derive(Debug)]
pub enum TransferForm {}

impl TransferForm {
    /// What is being done, in the title.
    pub fn name(&self) -> &'static str {
        match *self {}
    }

    /// Where its keys go.
    pub fn scope(&self) -> Scope {
        match *self {}
    }

    /// The form that is being filled in.
    pub fn form_mut(&mut self) -> Option<&mut Form> {
        match *self {}
    }

    /// True while a secret can be read on it.
    pub fn shows_secret(&self) -> bool {
        match *self {}
    }
}
