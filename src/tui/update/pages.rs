//! The places without a file of their own: plan, settings; and the trash.

#![expect(clippy::wildcard_enum_match_arm, reason = "what a page does not know means nothing to it")]

use crate::tui::effect::Effect;
use crate::tui::form::{Field, Form};
use crate::tui::message::Message;
use crate::tui::model::{Dialog, Model, Prompt, PromptFor, Screen};

pub(super) fn update(model: &mut Model, message: Message) -> Vec<Effect> {
    match message {
        Message::Back => model.screen = Screen::Codes,
        Message::Move(rows) => move_by(model, rows),
        Message::MoveToFirst => move_by(model, isize::MIN / 2),
        Message::MoveToLast => move_by(model, isize::MAX / 2),
        Message::Clicked(..) => click(model, &message),
        Message::ChangeSetting(by) => return change(model, by),
        Message::Undo => return take_back(model),
        Message::Purge => ask_to_purge(model),
        Message::Failed(failure) => super::fail(model, &failure),
        _ => {}
    }
    Vec::new()
}

/// What was read for a page, while it is still the one that is looked at.
pub(super) fn answered(model: &mut Model, message: Message) {
    match (message, &mut model.screen) {
        (Message::TrashRead(rows), Screen::Trash(page)) => {
            page.selected = page.selected.min(rows.len().saturating_sub(1));
            page.rows = Some(rows);
        }
        (Message::SettingsRead { rows, warnings, path, prefs }, screen) => {
            if let Screen::Settings(page) = screen {
                page.selected = page.selected.min(rows.len().saturating_sub(1));
                (page.rows, page.warnings, page.path) = (rows, warnings, path);
            }
            if model.prefs.sort != prefs.sort {
                model.list.sort_by(prefs.sort);
            }
            if prefs.masked && !model.prefs.masked {
                model.list.revealed.clear();
                model.list.asked.clear();
            }
            if prefs.reasons != model.prefs.reasons {
                // What was given was given to another rule.
                model.list.because.clear();
                model.list.asked.clear();
            }
            (model.theme, model.ascii) = (prefs.theme, prefs.ascii);
            model.prefs = prefs;
        }
        _ => {}
    }
}

fn move_by(model: &mut Model, by: isize) {
    let moved = |place: usize, n_rows: usize| place.saturating_add_signed(by).min(n_rows.saturating_sub(1));
    match &mut model.screen {
        Screen::Settings(settings) => settings.selected = moved(settings.selected, settings.rows.len()),
        Screen::Trash(trash) => {
            trash.selected = moved(trash.selected, trash.rows.as_ref().map_or(0, Vec::len));
        }
        _ => {}
    }
}

/// A click selects the row under it.
fn click(model: &mut Model, message: &Message) {
    let Some(row) = super::clicked(model, message) else { return };
    match &mut model.screen {
        Screen::Settings(settings) => settings.selected = row,
        Screen::Trash(trash) => trash.selected = row,
        _ => {}
    }
}

/// The next value of the selected setting; a text is asked for.
fn change(model: &mut Model, by: isize) -> Vec<Effect> {
    let Screen::Settings(page) = &model.screen else { return Vec::new() };
    let Some(row) = page.rows.get(page.selected) else { return Vec::new() };
    if row.values.is_empty() {
        let field = Field::text("value", "Value: ", "", &row.value);
        model.dialog = Some(Dialog::Prompt(Prompt {
            title: "Setting",
            lines: vec![format!("{}: {}", row.key, row.help), row.allowed.clone()],
            form: Form::new(vec![field]),
            wrong: None,
            purpose: PromptFor::Setting(row.key),
        }));
        return Vec::new();
    }
    let n_values = row.values.len();
    let here = row.values.iter().position(|value| *value == row.value).unwrap_or(0);
    let next = (here + n_values).saturating_add_signed(by) % n_values;
    let (key, value) = (row.key, row.values.get(next).copied().unwrap_or_default());
    set(model, key, value.to_owned())
}

/// Has a setting changed in its file.
pub(super) fn set(model: &mut Model, key: &'static str, value: String) -> Vec<Effect> {
    model.notice = None;
    vec![Effect::Set(key, value)]
}

fn take_back(model: &mut Model) -> Vec<Effect> {
    let Screen::Trash(page) = &model.screen else { return Vec::new() };
    match page.rows.as_ref().and_then(|rows| rows.get(page.selected)) {
        Some(row) => vec![Effect::TakeBack(vec![row.id])],
        None => Vec::new(),
    }
}

fn ask_to_purge(model: &mut Model) {
    let Screen::Trash(page) = &model.screen else { return };
    let Some(row) = page.rows.as_ref().and_then(|rows| rows.get(page.selected)) else { return };
    let lines = vec![
        format!("Destroy {} for good?", row.title),
        String::new(),
        "Its seed is then in no part of this vault. Previous generations of the file and bundles still hold it."
            .to_owned(),
        "Type its name to destroy it; Esc leaves it in the trash.".to_owned(),
    ];
    model.dialog = Some(Dialog::Prompt(Prompt {
        title: "Destroy?",
        form: Form::new(vec![Field::text("name", "Name: ", "", "")]),
        wrong: None,
        purpose: PromptFor::Purge(row.id, row.title.clone()),
        lines,
    }));
}
