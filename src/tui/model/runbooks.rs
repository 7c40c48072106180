//! Runbooks: which there are, what one is asked for, and one filled in.

use crate::app::runbook::{Asked, Runbook};
use crate::tui::form::{Field, Form};
use crate::tui::keymap::Scope;

/// The runbooks, and what is done with them.
#[derive(Debug, Default)]
pub struct RunbooksPage {
    /// A row each; `None` until they were read.
    pub rows: Option<Vec<RunbookRow>>,
    /// The selected one.
    pub selected: usize,
    /// What is done.
    pub doing: RunbookStep,
}

/// One runbook in the list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RunbookRow {
    /// Its name, as it is asked for.
    pub name: String,
    /// Its name, safe to show.
    pub shown: String,
    /// What it is for; safe to show.
    pub what: String,
    /// It is a person's own.
    pub own: bool,
}

/// What is done with the runbooks.
#[derive(Debug, Default)]
pub enum RunbookStep {
    /// What it is about is asked.
    Ask(AskRunbook),
    /// The list is looked at.
    #[default]
    List,
    /// One is filled in, and read.
    Shown(FilledIn),
    /// A file for it is named.
    Write(FilledIn, Form, Option<String>),
}

/// A runbook before it is filled in.
#[derive(Debug)]
pub struct AskRunbook {
    /// Its name, as it is asked for.
    pub name: String,
    /// Its name, safe to show.
    pub shown: String,
    /// A device, and an entry or account; both may stay empty.
    pub form: Form,
    /// What is wrong with them.
    pub wrong: Option<String>,
}

/// A runbook that was filled in.
#[derive(Debug)]
pub struct FilledIn {
    /// What came of what was asked for.
    pub runbook: Box<Runbook>,
    /// First line shown.
    pub offset: usize,
}

impl RunbooksPage {
    /// What is being done, in the title.
    pub fn name(&self) -> &'static str {
        match self.doing {
            RunbookStep::List | RunbookStep::Ask(_) => "Runbooks",
            RunbookStep::Shown(_) => "Runbook",
            RunbookStep::Write(..) => "A file for the runbook",
        }
    }

    /// Where its keys go.
    pub fn scope(&self) -> Scope {
        match self.doing {
            RunbookStep::List => Scope::Runbooks,
            RunbookStep::Shown(_) => Scope::Runbook,
            RunbookStep::Ask(_) | RunbookStep::Write(..) => Scope::Field,
        }
    }

    /// The form that is being filled in.
    pub fn form(&self) -> Option<&Form> {
        match &self.doing {
            RunbookStep::Ask(ask) => Some(&ask.form),
            RunbookStep::Write(_, form, _) => Some(form),
            RunbookStep::List | RunbookStep::Shown(_) => None,
        }
    }

    /// As [`Self::form`], to be filled in.
    pub fn form_mut(&mut self) -> Option<&mut Form> {
        match &mut self.doing {
            RunbookStep::Ask(ask) => Some(&mut ask.form),
            RunbookStep::Write(_, form, _) => Some(form),
            RunbookStep::List | RunbookStep::Shown(_) => None,
        }
    }

    /// The selected one.
    pub fn row(&self) -> Option<&RunbookRow> {
        self.rows.as_ref()?.get(self.selected)
    }

    /// Moves the selection.
    pub fn move_by(&mut self, by: isize) {
        let last = self.rows.as_ref().map_or(0, Vec::len).saturating_sub(1);
        self.selected = self.selected.saturating_add_signed(by).min(last);
    }
}

impl AskRunbook {
    /// Asks what a runbook is about, with what was said before.
    pub fn begin(name: String, shown: String, device: &str, query: &str) -> Self {
        let form = Form::new(vec![
            Field::text(
                "device",
                "Device: ",
                "By its name in the plan or in an entry; empty for any.",
                device,
            ),
            Field::text(
                "query",
                "Entry or account: ",
                "One alone, by its name; empty for all that it is about.",
                query,
            ),
        ]);
        Self { name, shown, form, wrong: None }
    }

    /// What is asked for.
    pub fn asked(&self) -> Asked {
        let said = |key: &str| {
            let typed = self.form.value(key).trim();
            (!typed.is_empty()).then(|| typed.to_owned())
        };
        Asked { name: self.name.clone(), device: said("device"), query: said("query") }
    }
}

impl FilledIn {
    /// Moves the lines under the window, of which at most so many lie above it.
    pub fn scroll(&mut self, by: isize, most: usize) {
        self.offset = self.offset.min(most).saturating_add_signed(by).min(most);
    }
}
