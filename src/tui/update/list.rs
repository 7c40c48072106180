//! The list: moving, filtering, showing and copying.

#![expect(clippy::wildcard_enum_match_arm, reason = "what a screen does not know means nothing to it")]

use crate::app::Failure;
use crate::entry::EntryId;
use crate::secret::SecretText;
use crate::tui::effect::Effect;
use crate::tui::message::{Message, Typed};
use crate::tui::model::{
    AddForm, ClockForm, Dialog, Model, PAGE_REVEALED_SECONDS, REVEALED_SECONDS, Revealed, Row, Screen,
    Waiting,
};
use crate::tui::secret_field::SecretField;

/// Longest filter that is taken, in characters.
const LONGEST_FILTER: usize = 200;

pub(super) fn update(model: &mut Model, message: Message) -> Vec<Effect> {
    match message {
        Message::Confirm => {
            let Some(Dialog::CopyAgain { id, .. }) = model.dialog.take() else { return Vec::new() };
            return vec![Effect::Copy { id, again: true }];
        }
        Message::Wait => {
            let Some(Dialog::CopyAgain { id, next_at, .. }) = model.dialog.take() else { return Vec::new() };
            model.waiting = Some(Waiting { id, at: next_at });
            model.notice = None;
        }
        Message::Back if model.waiting.take().is_some() => model.tell("no longer waiting", false),
        Message::Back => {
            model.list.filtering = false;
            model.list.filter.clear();
            model.list.refilter();
            keep_in_view(model);
        }
        Message::Copy => return copy(model),
        Message::Reveal => return reveal(model),
        Message::RevealPage => return reveal_page(model),
        Message::HideAll => model.list.revealed.clear(),
        Message::Filter => model.list.filtering = true,
        Message::Submit => model.list.filtering = false,
        Message::Typed(Typed(c)) => edit_filter(model, |filter| filter.push(c)),
        Message::Erase => edit_filter(model, |filter| {
            filter.pop();
        }),
        Message::EraseAll => edit_filter(model, String::clear),
        Message::EraseWord => edit_filter(model, |filter| {
            let kept = filter.trim_end().rfind(char::is_whitespace).map_or(0, |space| space + 1);
            filter.truncate(kept);
        }),
        // An otpauth URI pasted onto the list is meant to be added, and never belongs into the filter,
        // which is drawn.
        Message::Pasted(text) if has_scheme(text.expose(), "otpauth://") => {
            model.list.filtering = false;
            let mut form = AddForm::default();
            form.field.paste(&text);
            model.screen = Screen::Add(form);
            return vec![Effect::Preview(text)];
        }
        Message::Pasted(text) if has_scheme(text.expose(), "otpauth-migration://") => {
            model.tell("a phone's export is imported in the shell: lifeboat import FILE", true);
        }
        Message::Pasted(text) => edit_filter(model, |filter| filter.push_str(text.expose().trim())),
        Message::Add => model.screen = Screen::Add(AddForm::default()),
        Message::CompareClock => return compare_clock(model),
        Message::Move(rows) => move_by(model, rows),
        Message::MoveToFirst => move_by(model, isize::MIN / 2),
        Message::MoveToLast => move_by(model, isize::MAX / 2),
        Message::Failed(failure) => fail(model, &failure),
        _ => {}
    }
    Vec::new()
}

fn has_scheme(text: &str, scheme: &str) -> bool {
    text.trim_start().get(..scheme.len()).is_some_and(|start| start.eq_ignore_ascii_case(scheme))
}

/// Tells a failure in full; it stays until it was read.
pub(super) fn fail(model: &mut Model, failure: &Failure) {
    model.dialog = Some(Dialog::Failure { lines: super::told(failure), scroll: 0 });
}

/// Copies the selected entry's code: by the clock a fresh one, of a counter the one that was shown.
/// A counter moves only when its next code is asked for.
fn copy(model: &mut Model) -> Vec<Effect> {
    model.waiting = None;
    let Some(row) = model.list.selected_row() else { return nothing_selected(model) };
    if row.period.is_some() {
        return vec![Effect::Copy { id: row.id, again: false }];
    }
    if let Some(revealed) = model.list.revealed.get(&row.id) {
        return vec![Effect::CopyShown { title: row.title(), code: ungrouped(&revealed.code) }];
    }
    model.tell("this one counts: Space makes its next code, then Enter copies it", false);
    Vec::new()
}

fn ungrouped(code: &SecretText) -> SecretText {
    let mut plain = SecretText::with_capacity(code.len());
    code.expose().chars().filter(|c| *c != ' ').for_each(|c| plain.expose_mut().push(c));
    plain
}

/// The clock is measured by the selected entry's code on another device.
fn compare_clock(model: &mut Model) -> Vec<Effect> {
    let Some(row) = model.list.selected_row() else { return nothing_selected(model) };
    if row.period.is_none() {
        model.tell(
            "this one counts, which says nothing about a clock: choose one whose codes follow it",
            false,
        );
        return Vec::new();
    }
    let (id, title) = (row.id, row.title());
    model.screen =
        Screen::Clock(ClockForm { id, title, field: SecretField::plain(), offered: None, wrong: None });
    Vec::new()
}

/// A second press hides what the first has shown; a counting entry gives its next code.
fn reveal(model: &mut Model) -> Vec<Effect> {
    let Some(id) = model.list.selected else { return nothing_selected(model) };
    if model.list.revealed.get(&id).is_some_and(|revealed| revealed.valid_until.is_some()) {
        drop(model.list.revealed.remove(&id));
        return Vec::new();
    }
    vec![Effect::Reveal(vec![id], REVEALED_SECONDS)]
}

/// Shows the codes by the clock that are on the screen, or hides them when all of them are shown.
/// Counters stay where they are: each code of theirs is asked for by itself.
fn reveal_page(model: &mut Model) -> Vec<Effect> {
    let ids: Vec<EntryId> =
        model.list.on_screen(model.page()).filter(|row| row.period.is_some()).map(|row| row.id).collect();
    if ids.iter().all(|id| model.list.revealed.contains_key(id)) {
        model.list.revealed.retain(|id, _| !ids.contains(id));
        return Vec::new();
    }
    vec![Effect::Reveal(ids, PAGE_REVEALED_SECONDS)]
}

fn nothing_selected(model: &mut Model) -> Vec<Effect> {
    model.tell("nothing is selected", false);
    Vec::new()
}

/// Changes the filter while it is typed; the best match is then selected.
fn edit_filter(model: &mut Model, edit: impl FnOnce(&mut String)) {
    if !model.list.filtering {
        return;
    }
    let before = model.list.filter.clone();
    edit(&mut model.list.filter);
    model.list.filter = model.list.filter.chars().filter(|c| !c.is_control()).take(LONGEST_FILTER).collect();
    model.list.refilter_edited(&before);
    keep_in_view(model);
}

fn move_by(model: &mut Model, rows: isize) {
    let last = model.list.shown.len().saturating_sub(1);
    let place = model.list.selected_place().unwrap_or(0).saturating_add_signed(rows).min(last);
    model.list.selected =
        model.list.shown.get(place).and_then(|place| model.list.rows.get(*place)).map(|row| row.id);
    keep_in_view(model);
}

/// Selects an entry, if the filter keeps it; else the filter goes, because the entry was just added.
pub(super) fn select(model: &mut Model, id: EntryId) {
    model.list.selected = Some(id);
    if model.list.selected_place().is_none() {
        model.list.filter.clear();
        model.list.refilter();
    }
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

/// The vault is open, or has changed: its rows replace the ones that were there. A form that is being
/// filled in stays.
pub(super) fn opened(model: &mut Model, rows: Vec<Row>, set_aside: usize) {
    if !model.is_open() {
        model.list.clear();
        model.screen = Screen::List;
        model.dialog = None;
        // What was told about being locked is no longer true.
        model.notice = None;
        if set_aside > 0 {
            model.tell(
                format!("{set_aside} entries cannot be read and were set aside: `lifeboat list` names them"),
                true,
            );
        }
    }
    model.list.set_aside = set_aside;
    model.list.fill(rows);
    let rows = &model.list.rows;
    model.list.revealed.retain(|id, _| rows.iter().any(|row| row.id == *id));
    keep_in_view(model);
}

pub(super) fn revealed(
    model: &mut Model,
    id: EntryId,
    code: SecretText,
    next: Option<SecretText>,
    valid_until: Option<u64>,
    seconds: Option<u64>,
) {
    let before = model.list.revealed.get(&id).map(|revealed| revealed.hide_at);
    // A code that has rolled over stays only as long as it was asked for.
    let hide_at = seconds.map(|seconds| model.now.saturating_add(seconds)).or(before);
    if let Some(hide_at) = hide_at {
        model.list.revealed.insert(id, Revealed { code, next, valid_until, hide_at });
    }
}

/// Hides what was shown long enough, asks for the codes whose step has ended, and copies the one that
/// was waited for.
pub(super) fn roll_over(model: &mut Model) -> Vec<Effect> {
    let now = model.now;
    // A clock that was set back must not keep a code on the screen.
    let latest = now.saturating_add(PAGE_REVEALED_SECONDS);
    model.list.revealed.retain(|_, revealed| now < revealed.hide_at && revealed.hide_at <= latest);
    let ended: Vec<EntryId> = model
        .list
        .revealed
        .iter()
        .filter(|(_, revealed)| revealed.valid_until.is_some_and(|until| until <= now))
        .map(|(id, _)| *id)
        .collect();
    let mut effects = Vec::new();
    if !ended.is_empty() {
        effects.push(Effect::Refresh(ended));
    }
    if matches!(model.dialog, Some(Dialog::CopyAgain { next_at, .. }) if next_at <= now) {
        model.dialog = None;
        model.tell("the next code has come: Enter copies it", false);
    }
    if model.busy.is_none()
        && let Some(waiting) = model.waiting.take_if(|waiting| waiting.at <= now)
    {
        effects.push(Effect::Copy { id: waiting.id, again: false });
    }
    effects
}
