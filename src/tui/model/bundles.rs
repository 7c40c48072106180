//! The bundles made from this vault, and what is done with them.

use crate::tui::form::Form;
use crate::tui::keymap::Scope;

/// The bundles.
#[derive(Debug, Default)]
pub struct BundlesPage {}

impl BundlesPage {
    /// What is being done, in the title; empty for the list.
    pub fn name(&self) -> &'static str {
        ""
    }

    /// Where its keys go.
    pub fn scope(&self) -> Scope {
        Scope::Bundles
    }

    /// The form that is being filled in.
    pub fn form_mut(&mut self) -> Option<&mut Form> {
        None
    }

    /// True while a secret can be read on it.
    pub fn shows_secret(&self) -> bool {
        false
    }
}
