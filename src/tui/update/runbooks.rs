//! Runbooks: listed, filled in for a device or an account, read, and written to a file.

#![expect(clippy::wildcard_enum_match_arm, reason = "what a step does not know means nothing to it")]

use super::{bundles, forms, uris};
use crate::app::Failure;
use crate::app::runbook::{Asked, Runbook};
use crate::tui::effect::{Effect, RunbookEffect};
use crate::tui::form::{Applied, Field, Form};
use crate::tui::message::{Message, RunbookMessage};
use crate::tui::model::{AskRunbook, FilledIn, Model, RunbookRow, RunbookStep, RunbooksPage, Screen};
use crate::tui::secret_field::holds_uri;
use crate::tui::view::most_above_runbook;

/// What is offered on every page, and what the world says of runbooks.
pub(super) fn act(model: &mut Model, message: RunbookMessage) -> Vec<Effect> {
    match message {
        RunbookMessage::Open => {
            model.list.filtering = false;
            model.screen = Screen::Runbooks(RunbooksPage::default());
            return opened();
        }
        RunbookMessage::Write => name_file(model),
        RunbookMessage::Listed(rows) => listed(model, rows),
        RunbookMessage::Made(asked, runbook) => made(model, &asked, runbook),
        RunbookMessage::Written(words) => {
            if let Some(page) = page(model) {
                to_shown(page);
            }
            model.tell(words, false);
        }
    }
    Vec::new()
}

/// The page has come onto the screen, or the vault has changed under it.
pub(super) fn opened() -> Vec<Effect> {
    vec![Effect::Runbook(RunbookEffect::List)]
}

fn page(model: &mut Model) -> Option<&mut RunbooksPage> {
    if let Screen::Runbooks(page) = &mut model.screen { Some(page) } else { None }
}

fn listed(model: &mut Model, rows: Vec<RunbookRow>) {
    let Some(page) = page(model) else { return };
    page.selected = page.selected.min(rows.len().saturating_sub(1));
    page.rows = Some(rows);
}

/// One is filled in, if it is still asked for.
fn made(model: &mut Model, asked: &Asked, runbook: Box<Runbook>) {
    let Some(page) = page(model) else { return };
    if let RunbookStep::Ask(ask) = &page.doing
        && ask.name == asked.name
    {
        page.doing = RunbookStep::Shown(FilledIn { runbook, offset: 0 });
    }
}

fn name_file(model: &mut Model) {
    let Some(page) = page(model) else { return };
    let shown = match std::mem::take(&mut page.doing) {
        RunbookStep::Shown(shown) => shown,
        other => {
            page.doing = other;
            return;
        }
    };
    let help = "A new file. Ctrl-f chooses the folder. A name that ends in .html: a page to print.";
    // A person's own name may hold what no file's name should.
    let is_plain = |c: &char| c.is_ascii_alphanumeric() || *c == '-';
    let name: String = shown.runbook.name.chars().filter(is_plain).collect();
    let path = format!("~/runbook-{name}.html");
    let form = Form::new(vec![Field::path("path", "File: ", help, &path)]);
    page.doing = RunbookStep::Write(shown, form, None);
}

fn to_shown(page: &mut RunbooksPage) {
    page.doing = match std::mem::take(&mut page.doing) {
        RunbookStep::Write(shown, ..) => RunbookStep::Shown(shown),
        other => other,
    };
}

/// What the page does with a message.
pub(super) fn update(model: &mut Model, message: Message) -> Vec<Effect> {
    let Some(page) = page(model) else { return Vec::new() };
    match page.doing {
        RunbookStep::List => on_list(model, message),
        RunbookStep::Ask(_) => asking(model, message),
        RunbookStep::Shown(_) => reading(model, message),
        RunbookStep::Write(..) => writing(model, message),
    }
}

fn on_list(model: &mut Model, message: Message) -> Vec<Effect> {
    let clicked = super::clicked(model, &message);
    let Some(page) = page(model) else { return Vec::new() };
    match message {
        Message::Back => model.screen = Screen::Codes,
        Message::Submit => {
            let row = page.row().cloned();
            if let Some(row) = row {
                page.doing = RunbookStep::Ask(AskRunbook::begin(row.name, row.shown, "", ""));
            }
        }
        Message::Clicked(..) => page.selected = clicked.unwrap_or(page.selected),
        Message::Failed(failure) => super::fail(model, &failure),
        message => bundles::scroll(&message, |by| page.move_by(by)),
    }
    Vec::new()
}

fn asking(model: &mut Model, message: Message) -> Vec<Effect> {
    let Some(page) = page(model) else { return Vec::new() };
    let RunbookStep::Ask(ask) = &mut page.doing else { return Vec::new() };
    match ask.form.apply(message) {
        Applied::Edited => ask.wrong = None,
        // What refuses a name repeats it.
        Applied::NotTaken(Message::Submit)
            if ["device", "query"].into_iter().any(|key| holds_uri(ask.form.value(key))) =>
        {
            ask.wrong = Some(uris::MISPLACED.to_owned());
        }
        Applied::NotTaken(Message::Submit) => {
            ask.wrong = None;
            return vec![Effect::Runbook(RunbookEffect::Make(ask.asked()))];
        }
        Applied::NotTaken(Message::Back) => page.doing = RunbookStep::List,
        Applied::NotTaken(Message::Failed(failure)) => ask.wrong = Some(in_form(*failure)),
        Applied::Moved | Applied::NotTaken(_) => {}
    }
    Vec::new()
}

fn reading(model: &mut Model, message: Message) -> Vec<Effect> {
    let most = most_above_runbook(model);
    let Some(page) = page(model) else { return Vec::new() };
    let RunbookStep::Shown(shown) = &mut page.doing else { return Vec::new() };
    match message {
        Message::Back => page.doing = RunbookStep::List,
        Message::Failed(failure) => super::fail(model, &failure),
        message => bundles::scroll(&message, |by| shown.scroll(by, most)),
    }
    Vec::new()
}

fn writing(model: &mut Model, message: Message) -> Vec<Effect> {
    let Some(page) = page(model) else { return Vec::new() };
    let RunbookStep::Write(shown, form, wrong) = &mut page.doing else { return Vec::new() };
    match form.apply(message) {
        Applied::Edited => *wrong = None,
        Applied::NotTaken(Message::Submit) if form.value("path").trim().is_empty() => {
            *wrong = Some("type the path of the file that is to be made".to_owned());
        }
        Applied::NotTaken(Message::Submit) => {
            *wrong = None;
            let path = form.value("path").to_owned();
            return vec![Effect::Runbook(RunbookEffect::Write(shown.runbook.clone(), path))];
        }
        Applied::NotTaken(Message::Back) => to_shown(page),
        Applied::NotTaken(Message::Failed(failure)) => *wrong = Some(in_form(*failure)),
        Applied::Moved | Applied::NotTaken(_) => {}
    }
    Vec::new()
}

/// A failure at the fields, with the steps that can be taken here.
fn in_form(mut failure: Failure) -> String {
    for step in &mut failure.next {
        if step.contains("--force") || step.contains(" -o") {
            "name another file".clone_into(step);
        }
        *step = step.replace("without --device", "without a device");
    }
    failure.next.dedup();
    forms::in_place(&failure)
}
