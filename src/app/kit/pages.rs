//! The instructions of a kit, for somebody who has never heard of this program and is tired: one content, two pages.
//!
//! Pure. No account and no person is named unless that was asked for, and nothing here opens anything. The maker's
//! fingerprint is left out with intent: who could put another bundle into the folder could put another fingerprint
//! beside it. It stands on the cards.

mod content;
mod html;
mod text;

use crate::entry::UnixSeconds;

use super::program::Machine;

/// What the instructions speak of.
#[derive(Debug)]
pub(super) struct Facts {
    /// When the kit was made.
    pub(super) made: UnixSeconds,
    /// The bundle's id.
    pub(super) bundle: String,
    /// When the bundle was made.
    pub(super) bundle_made: UnixSeconds,
    /// Its label, which can be read without opening it, as it may be shown.
    pub(super) label: Option<String>,
    /// What opens it.
    pub(super) opening: Opening,
    /// Where the program runs.
    pub(super) machine: Machine,
    /// Whom to call, one line; empty for lines to fill in by hand.
    pub(super) call: String,
    /// Accounts and custodians, where they are to be named.
    pub(super) names: Option<Names>,
}

/// What opens the bundle.
#[derive(Debug, Default)]
pub(super) struct Opening {
    /// The shares of a set.
    pub(super) quorum: Option<Shares>,
    /// A passphrase, alone or with a key file.
    pub(super) passphrase: bool,
    /// A key file is needed with the passphrase.
    pub(super) with_key_file: bool,
    /// A key file alone.
    pub(super) key_file_alone: bool,
}

/// The shares that open the bundle.
#[derive(Debug)]
pub(super) struct Shares {
    /// The name of their set.
    pub(super) set: String,
    /// How many are needed.
    pub(super) needed: u8,
    /// How many there are.
    pub(super) of: usize,
}

/// What only `--names` lets onto paper. As it may be shown.
#[derive(Debug)]
pub(super) struct Names {
    /// The accounts in the bundle.
    pub(super) accounts: Vec<String>,
    /// How many more are in it, whose names the vault knows no longer.
    pub(super) n_unknown: usize,
    /// Who holds the shares, in the order of their numbers.
    pub(super) custodians: Vec<String>,
}

/// A part of a page.
#[derive(Debug)]
enum Part {
    /// The title and the line below it.
    Title(&'static str, String),
    /// A heading.
    Heading(&'static str),
    /// A paragraph.
    Says(String),
    /// A paragraph that must not be overlooked.
    Warns(String),
    /// A numbered step.
    Step(u8, String),
    /// What is typed at a terminal, a line each.
    Types(Vec<String>),
    /// Lines that belong together, each on its own.
    Lines(Vec<String>),
    /// Names of things with what they are.
    Table(Vec<(String, String)>),
    /// A line to write on, behind a word.
    Fill(&'static str),
}

/// The page as plain text.
pub(super) fn text(facts: &Facts) -> String {
    text::page(&content::parts(facts))
}

/// The page for a browser and a printer.
pub(super) fn html(facts: &Facts) -> String {
    html::page(&content::parts(facts))
}

#[cfg(test)]
mod tests;
