//! The screens of runbooks and passes, for [`super::screens`].

use lifeboat::app::pass::Asked as AskedPass;
use lifeboat::secret::SecretText;
use lifeboat::tui::form::Form;
use lifeboat::tui::message::{Message, PassMessage, RunbookMessage};
use lifeboat::tui::model::{
    AskRunbook, FilledIn, PassForm, PassStep, PassesPage, RunbookStep, RunbooksPage, Screen, VaultProof,
};

use super::files::done;
use super::screens::field;
use crate::tui_stage::NOW;
use crate::{tui_passes, tui_runbooks};

/// A new step fails to compile here until it is in [`every_screen`].
pub(super) fn place_of_runbooks(page: &RunbooksPage) -> usize {
    match &page.doing {
        RunbookStep::List => 70,
        RunbookStep::Ask(_) => 71,
        RunbookStep::Shown(_) => 72,
        RunbookStep::Write(..) => 73,
    }
}

/// As [`place_of_runbooks`], for passes.
pub(super) fn place_of_passes(page: &PassesPage) -> usize {
    match &page.doing {
        PassStep::List => 74,
        PassStep::Issue(_) => 75,
        PassStep::Vault(..) => 76,
        PassStep::Words(..) => 77,
        PassStep::Told(_) => 78,
    }
}

fn runbooks(text: &str, doing: RunbookStep) -> Screen {
    let Message::Runbook(RunbookMessage::Listed(rows)) = tui_runbooks::listed(text) else { unreachable!() };
    Screen::Runbooks(RunbooksPage { selected: rows.len() - 1, rows: Some(rows), doing })
}

fn passes(text: &str, doing: PassStep) -> Screen {
    let Message::Pass(PassMessage::Listed(rows)) = tui_passes::listed(text) else { unreachable!() };
    Screen::Passes(PassesPage { rows: Some(rows), selected: 1, doing })
}

pub(super) fn every_screen(text: &str) -> Vec<Screen> {
    let wrong = || Some(format!("{text}\n{text}"));
    let mut ask = AskRunbook::begin(text.to_owned(), text.to_owned(), text, text);
    ask.wrong = wrong();
    let shown = || FilledIn { runbook: Box::new(tui_runbooks::filled_in(text)), offset: 0 };
    let path = || Form::new(vec![lifeboat::tui::form::Field::path("path", "File: ", "help", text)]);
    let pass = |checked: Result<AskedPass, String>| {
        let mut pass = PassForm::begin(text);
        for key in ["for", "to", "reason", "identified", "channel", "path"] {
            pass.form.set(key, text);
        }
        pass.checked = Some(checked);
        Box::new(pass)
    };
    let asked = || {
        Ok(AskedPass { title: text.to_owned(), from: NOW, until: NOW + 60, doubts: vec![text.to_owned()] })
    };
    let mut refused = pass(Err(text.to_owned()));
    refused.wrong = wrong();
    let proof = VaultProof { field: field(text), wrong: wrong() };
    vec![
        runbooks(text, RunbookStep::List),
        runbooks(text, RunbookStep::Ask(ask)),
        runbooks(text, RunbookStep::Shown(shown())),
        runbooks(text, RunbookStep::Write(shown(), path(), wrong())),
        passes(text, PassStep::List),
        passes(text, PassStep::Issue(refused)),
        passes(text, PassStep::Vault(pass(asked()), proof)),
        passes(text, PassStep::Words(pass(asked()), SecretText::new(text.to_owned()))),
        passes(text, PassStep::Told(done(text))),
    ]
}
