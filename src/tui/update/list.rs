//! The list: moving, filtering, showing and copying.

#![expect(clippy::wildcard_enum_match_arm, reason = "what a screen does not know means nothing to it")]

use crate::entry::EntryId;
use crate::secret::SecretText;
use crate::tui::effect::Effect;
use crate::tui::message::Message;
use crate::tui::model::{AddForm, Dialog, Model, REVEALED_SECONDS, Revealed, Row, Screen};

pub(super) fn update(model: &mut Model, message: Message) -> Vec<Effect> {
    match message {
        Message::Confirm => {
            let Some(Dialog::CopyAgain { id, .. }) = model.dialog.take() else { return Vec::new() };
            return vec![Effect::Copy { id, again: true }];
        }
        Message::Back if model.dialog.take().is_some() => {}
        Message::Back => {
            model.list.filtering = false;
            model.list.filter.clear();
            model.list.refilter();
            keep_in_view(model);
        }
        Message::Copy => return with_selection(model, |id| Effect::Copy { id, again: false }),
        Message::Reveal => {
            // A second press hides what the first has shown; a counting entry gives its next code.
            if let Some(id) = model.list.selected
                && model.list.revealed.get(&id).is_some_and(|revealed| revealed.valid_until.is_some())
            {
                drop(model.list.revealed.remove(&id));
                return Vec::new();
            }
            return with_selection(model, Effect::Reveal);
        }
        Message::HideAll => model.list.revealed.clear(),
        Message::Filter => model.list.filtering = true,
        Message::Submit => model.list.filtering = false,
        Message::Typed(c) if model.list.filtering => {
            model.list.filter.push(c);
            refilter(model);
        }
        Message::Erase if model.list.filtering => {
            model.list.filter.pop();
            refilter(model);
        }
        Message::EraseAll if model.list.filtering => {
            model.list.filter.clear();
            refilter(model);
        }
        Message::Pasted(text) if model.list.filtering => {
            model.list.filter.extend(text.expose().chars().filter(|c| !c.is_control()).take(100));
            refilter(model);
        }
        // An otpauth URI pasted onto the list is meant to be added.
        Message::Pasted(text)
            if text.expose().trim_start().to_ascii_lowercase().starts_with("otpauth://") =>
        {
            let mut form = AddForm::default();
            form.field.paste(&text);
            model.screen = Screen::Add(form);
            return vec![Effect::Preview(text)];
        }
        Message::Add => model.screen = Screen::Add(AddForm::default()),
        Message::Move(rows) => move_by(model, rows),
        Message::MoveToFirst => move_by(model, isize::MIN / 2),
        Message::MoveToLast => move_by(model, isize::MAX / 2),
        Message::Failed(failure) => fail(model, &failure),
        _ => {}
    }
    Vec::new()
}

/// Shows a failure in one line, with its first step.
pub(super) fn fail(model: &mut Model, failure: &crate::app::Failure) {
    let mut words = failure.what.clone();
    if let Some(cause) = failure.causes().first() {
        words.push_str(": ");
        words.push_str(cause);
    }
    if let Some(unchanged) = &failure.unchanged {
        words.push_str(&format!(" · {unchanged}"));
    }
    if let Some(next) = failure.next.first() {
        words.push_str(&format!(" · {next}"));
    }
    model.tell(words, true);
}

fn with_selection(model: &mut Model, effect: impl FnOnce(EntryId) -> Effect) -> Vec<Effect> {
    if let Some(id) = model.list.selected {
        vec![effect(id)]
    } else {
        model.tell("nothing is selected", false);
        Vec::new()
    }
}

fn refilter(model: &mut Model) {
    model.list.refilter();
    keep_in_view(model);
}

fn move_by(model: &mut Model, rows: isize) {
    let last = model.list.shown.len().saturating_sub(1);
    let place = model.list.selected_place().unwrap_or(0).saturating_add_signed(rows).min(last);
    model.list.selected =
        model.list.shown.get(place).and_then(|place| model.list.rows.get(*place)).map(|row| row.id);
    keep_in_view(model);
}

/// Scrolls as little as needed for the selection to be seen.
pub(super) fn keep_in_view(model: &mut Model) {
    let page = model.page();
    let place = model.list.selected_place().unwrap_or(0);
    if place < model.list.offset {
        model.list.offset = place;
    } else if place >= model.list.offset + page {
        model.list.offset = place + 1 - page;
    }
}

/// The vault is open, or has changed: its rows replace the ones that were there.
pub(super) fn opened(model: &mut Model, rows: Vec<Row>, set_aside: usize) {
    if !matches!(model.screen, Screen::List) {
        model.list.clear();
        model.screen = Screen::List;
        model.dialog = None;
        if set_aside > 0 {
            model.tell(
                format!("{set_aside} entries cannot be read and were set aside: `lifeboat list` names them"),
                true,
            );
        }
    }
    model.vault_present = true;
    model.list.set_aside = set_aside;
    model.list.fill(rows);
    let known: Vec<EntryId> = model.list.rows.iter().map(|row| row.id).collect();
    model.list.revealed.retain(|id, _| known.contains(id));
    keep_in_view(model);
}

pub(super) fn revealed(
    model: &mut Model,
    id: EntryId,
    code: SecretText,
    next: Option<SecretText>,
    valid_until: Option<u64>,
    asked: bool,
) {
    let before = model.list.revealed.get(&id).map(|revealed| revealed.hide_at);
    // A code that has rolled over stays only as long as it was asked for.
    let hide_at = if asked { Some(model.now + REVEALED_SECONDS) } else { before };
    if let Some(hide_at) = hide_at {
        model.list.revealed.insert(id, Revealed { code, next, valid_until, hide_at });
    }
}

/// Hides what was shown long enough, and asks for the codes whose step has ended.
pub(super) fn roll_over(model: &mut Model) -> Vec<Effect> {
    let now = model.now;
    // A clock that was set back must not keep a code on the screen.
    model
        .list
        .revealed
        .retain(|_, revealed| now < revealed.hide_at && revealed.hide_at <= now + REVEALED_SECONDS);
    let ended: Vec<EntryId> = model
        .list
        .revealed
        .iter()
        .filter(|(_, revealed)| revealed.valid_until.is_some_and(|until| until <= now))
        .map(|(id, _)| *id)
        .collect();
    if ended.is_empty() { Vec::new() } else { vec![Effect::Refresh(ended)] }
}
