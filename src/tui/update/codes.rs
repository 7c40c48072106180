//! The entries: moving, filtering, marking, showing, copying, and what is done to several.

#![expect(clippy::wildcard_enum_match_arm, reason = "what a screen does not know means nothing to it")]

use super::{reasons, seals, uris};
use crate::entry::EntryId;
use crate::secret::SecretText;
use crate::tui::effect::{AfterOpening, Effect};
use crate::tui::form::{Field, Form};
use crate::tui::message::{Message, Typed};
use crate::tui::model::{
    ClockForm, Confirm, Dialog, Model, PAGE_REVEALED_SECONDS, Prompt, PromptFor, Question, Revealed, Row,
    Screen, Sort, TrashPage, Waiting,
};
use crate::tui::secret_field::{SecretField, holds_uri};
use zeroize::Zeroize as _;

/// Longest filter that is taken, in characters.
const LONGEST_FILTER: usize = 200;
/// Most names that a question lists.
const MOST_NAMES: usize = 8;

pub(super) fn update(model: &mut Model, message: Message) -> Vec<Effect> {
    match message {
        Message::Back if model.waiting.take().is_some() => model.tell("no longer waiting", false),
        Message::Back if model.list.filtering || !model.list.filter.is_empty() => {
            model.list.filtering = false;
            model.list.filter.clear();
            model.list.refilter();
            keep_in_view(model);
        }
        Message::Back => model.list.marks.clear(),
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
        Message::Pasted(text) if uris::is_uri(&text) => {
            model.list.filtering = false;
            return super::add::begin_with(model, &text);
        }
        Message::Pasted(text) => edit_filter(model, |filter| filter.push_str(text.expose().trim())),
        Message::Mark => mark(model),
        Message::MarkAll => mark_all(model),
        Message::Sort => {
            let sort = model.list.sort.next();
            model.list.sort_by(sort);
            keep_in_view(model);
            model.tell(format!("sorted by {}, favourites first", sort.name()), false);
            if sort == Sort::Recent {
                return vec![Effect::ReadUse];
            }
        }
        Message::Move(rows) => move_by(model, rows),
        Message::MoveToFirst => move_by(model, isize::MIN / 2),
        Message::MoveToLast => move_by(model, isize::MAX / 2),
        Message::Clicked(_, row) => click(model, row),
        Message::Failed(failure) => super::fail(model, &failure),
        Message::Added { id, title, warnings } => added(model, id, &title, &warnings),
        _ => {}
    }
    Vec::new()
}

/// What is offered on several screens: it is done to the marked entries, or to the one that the screen is about.
pub(super) fn act(model: &mut Model, message: Message) -> Vec<Effect> {
    match message {
        Message::Add => super::add::begin(model),
        Message::CompareClock => return compare_clock(model),
        Message::Copy => return copy(model),
        Message::Favourite => return favourite(model),
        Message::HideAll => model.list.revealed.clear(),
        Message::OpenTrash => {
            model.screen = Screen::Trash(TrashPage::default());
            return vec![Effect::ReadTrash];
        }
        Message::Remove => ask_to_remove(model),
        Message::Reveal => return reveal(model),
        Message::RevealPage => return reveal_page(model),
        Message::Tag => ask_for_tags(model),
        Message::Undo => return undo(model),
        _ => {}
    }
    Vec::new()
}

/// The row that an action is about; says so where there is none.
fn subject(model: &mut Model) -> Option<Row> {
    let row = model.subject().and_then(|id| model.list.row(id)).cloned();
    if row.is_none() {
        model.tell("nothing is selected", false);
    }
    row
}

/// Entries that an action is done to: the marked ones on the list, elsewhere the one that is shown.
fn subjects(model: &Model) -> Vec<EntryId> {
    match &model.screen {
        Screen::Entry(page) => vec![page.id()],
        _ => model.list.chosen(),
    }
}

/// Copies an entry's code: by the clock a fresh one, of a counter the one that was shown.
/// A counter moves only when its next code is asked for.
fn copy(model: &mut Model) -> Vec<Effect> {
    model.waiting = None;
    let Some(row) = subject(model) else { return Vec::new() };
    if row.period.is_some() && row.sealed.is_none() {
        return vec![Effect::Copy { id: row.id, again: false }];
    }
    if let Some(revealed) = model.list.revealed.get(&row.id) {
        let code = ungrouped(&revealed.code);
        return vec![Effect::CopyShown { title: row.title(), code, of: Some(row.id) }];
    }
    if let Some(effects) = seals::ask(model, &row, AfterOpening::Copy) {
        return effects;
    }
    model.tell("this one counts: v makes its next code, then Enter copies it", false);
    Vec::new()
}

fn ungrouped(code: &SecretText) -> SecretText {
    let mut plain = SecretText::with_capacity(code.len());
    code.expose().chars().filter(|c| *c != ' ').for_each(|c| plain.expose_mut().push(c));
    plain
}

/// The clock is measured by an entry's code on another device.
fn compare_clock(model: &mut Model) -> Vec<Effect> {
    let Some(row) = subject(model) else { return Vec::new() };
    if row.period.is_none() {
        model.tell(
            "this one counts, which says nothing about a clock: choose one whose codes follow it",
            false,
        );
        return Vec::new();
    }
    if row.sealed.is_some() {
        model.tell("this one is sealed: choose one whose codes are at hand", false);
        return Vec::new();
    }
    let (id, title) = (row.id, row.title());
    model.screen =
        Screen::Clock(ClockForm { id, title, field: SecretField::plain(), offered: None, wrong: None });
    Vec::new()
}

/// A second press hides what the first has shown; a counting entry gives its next code.
fn reveal(model: &mut Model) -> Vec<Effect> {
    let Some(row) = subject(model) else { return Vec::new() };
    if model.list.revealed.get(&row.id).is_some_and(|revealed| revealed.valid_until.is_some()) {
        drop(model.list.revealed.remove(&row.id));
        return Vec::new();
    }
    let seconds = model.prefs.shown_seconds;
    seals::ask(model, &row, AfterOpening::Show(seconds))
        .unwrap_or_else(|| vec![Effect::Reveal(vec![row.id], seconds)])
}

/// The codes by the clock that are on the screen.
fn timed_on_screen(model: &Model) -> Vec<EntryId> {
    model.list.on_screen(model.page()).filter(|row| row.period.is_some()).map(|row| row.id).collect()
}

/// The entry that the screen is about, where its codes follow the clock.
fn timed_subject(model: &Model) -> Vec<EntryId> {
    let row = model.subject().and_then(|id| model.list.row(id));
    row.filter(|row| row.period.is_some()).map(|row| row.id).into_iter().collect()
}

/// Shows the codes by the clock that are on the screen, or hides them when all of them are shown.
/// Counters stay where they are: each code of theirs is asked for by itself.
fn reveal_page(model: &mut Model) -> Vec<Effect> {
    let ids = seals::leave_out(model, timed_on_screen(model));
    let ids = reasons::leave_out(model, ids);
    if ids.iter().all(|id| model.list.revealed.contains_key(id)) {
        model.list.revealed.retain(|id, _| !ids.contains(id));
        return Vec::new();
    }
    vec![Effect::Reveal(ids, PAGE_REVEALED_SECONDS)]
}

/// What the screen wants without being asked: codes that a setting keeps visible, and what is known about the
/// selected entry where it is shown beside the list.
pub(super) fn wanted(model: &mut Model) -> Vec<Effect> {
    let is_list = matches!(model.screen, Screen::Codes);
    if !model.open || !(is_list || matches!(model.screen, Screen::Entry(_))) || model.busy.is_some() {
        return Vec::new();
    }
    let mut effects = Vec::new();
    if !model.prefs.masked && model.focused {
        let ids = if is_list { timed_on_screen(model) } else { timed_subject(model) };
        let mut ids = seals::leave_out(model, ids);
        ids.retain(|id| !model.list.revealed.contains_key(id) && !model.list.asked.contains(id));
        // Where a reason is asked for, it is asked for code by code.
        ids.retain(|id| !reasons::asks(model, *id));
        if !ids.is_empty() {
            model.list.asked.extend(ids.iter().copied());
            effects.push(Effect::Reveal(ids, u64::MAX));
        }
    }
    if is_list {
        effects.extend(super::entry::described(model));
    }
    effects
}

fn favourite(model: &mut Model) -> Vec<Effect> {
    let Some(row) = subject(model) else { return Vec::new() };
    vec![Effect::Favourite(row.id, !row.favourite)]
}

/// Marks the selected entry and goes on to the next one, so that a run of keys marks a run of rows.
fn mark(model: &mut Model) {
    let Some(id) = model.list.selected else { return };
    if !model.list.marks.remove(&id) {
        model.list.marks.insert(id);
    }
    move_by(model, 1);
}

/// Marks what the filter shows; where all of it is marked, nothing is afterwards.
fn mark_all(model: &mut Model) {
    let shown: Vec<EntryId> =
        model.list.shown.iter().filter_map(|place| model.list.rows.get(*place)).map(|row| row.id).collect();
    if shown.iter().all(|id| model.list.marks.contains(id)) {
        for id in &shown {
            model.list.marks.remove(id);
        }
    } else {
        model.list.marks.extend(shown);
    }
}

/// The names of entries, as a question lists them.
fn names(model: &Model, ids: &[EntryId]) -> Vec<String> {
    let title = |id: &EntryId| model.list.row(*id).map(Row::title).unwrap_or_default();
    let mut names: Vec<String> = ids.iter().take(MOST_NAMES).map(|id| format!("  {}", title(id))).collect();
    if ids.len() > MOST_NAMES {
        names.push(format!("  and {} more", ids.len() - MOST_NAMES));
    }
    names
}

fn ask_to_remove(model: &mut Model) {
    let ids = subjects(model);
    if ids.is_empty() {
        model.tell("nothing is selected", false);
        return;
    }
    let mut lines = vec![match ids.len() {
        1 => "Move this entry to the trash?".to_owned(),
        n => format!("Move these {n} entries to the trash?"),
    }];
    lines.extend(names(model, &ids));
    lines.push(String::new());
    lines.push(match ids.len() {
        1 => "Its codes are then no longer at hand here. The trash keeps it, and u takes it back.".to_owned(),
        _ => "Their codes are then no longer at hand here. The trash keeps them, and u takes them back."
            .to_owned(),
    });
    model.dialog =
        Some(Dialog::Confirm(Confirm { title: "Remove?", lines, question: Question::Remove(ids) }));
}

fn ask_for_tags(model: &mut Model) {
    let ids = subjects(model);
    if ids.is_empty() {
        model.tell("nothing is selected", false);
        return;
    }
    let mut lines = vec![match ids.len() {
        1 => "Tags of this entry:".to_owned(),
        n => format!("Tags of these {n} entries:"),
    }];
    lines.extend(names(model, &ids));
    lines.push(String::new());
    lines.push("Separate them by commas; -tag takes one away.".to_owned());
    let field = Field::text("tags", "Tags: ", "work, -old", "");
    model.dialog = Some(Dialog::Prompt(Prompt {
        title: "Tags",
        lines,
        form: Form::new(vec![field]),
        wrong: None,
        purpose: PromptFor::Tag(ids),
    }));
}

fn undo(model: &mut Model) -> Vec<Effect> {
    let ids = std::mem::take(&mut model.undo);
    if ids.is_empty() {
        model.tell("there is nothing to take back; D shows the trash", false);
        return Vec::new();
    }
    vec![Effect::TakeBack(ids)]
}

/// Entries went to the trash.
pub(super) fn removed(model: &mut Model, ids: Vec<EntryId>, words: &str) {
    if matches!(&model.screen, Screen::Entry(page) if ids.contains(&page.id())) {
        model.screen = Screen::Codes;
    }
    model.list.marks.clear();
    model.undo = ids;
    model.tell(words, false);
}

/// It is known when codes were last used on this machine. What was seen in this run is newer.
pub(super) fn used(model: &mut Model, used: &[(EntryId, u64)]) {
    for row in &mut model.list.rows {
        if let Some((_, at)) = used.iter().find(|(id, _)| *id == row.id) {
            row.used = row.used.max(Some(*at));
        }
    }
    if model.list.sort == Sort::Recent {
        model.list.sort_by(Sort::Recent);
        keep_in_view(model);
    }
}

/// Changes the filter while it is typed; the best match is then selected.
fn edit_filter(model: &mut Model, edit: impl FnOnce(&mut String)) {
    if !model.list.filtering {
        return;
    }
    let before = model.list.filter.clone();
    edit(&mut model.list.filter);
    model.list.filter = model.list.filter.chars().filter(|c| !c.is_control()).take(LONGEST_FILTER).collect();
    if holds_uri(&model.list.filter) {
        // A terminal that tells nothing of a paste has typed it.
        model.list.filter.zeroize();
        model.tell(uris::MISPLACED, true);
    }
    model.list.refilter_edited(&before);
    keep_in_view(model);
}

fn move_by(model: &mut Model, rows: isize) {
    let last = model.list.shown.len().saturating_sub(1);
    let place = model.list.selected_place().unwrap_or(0).saturating_add_signed(rows).min(last);
    select_place(model, place);
}

fn select_place(model: &mut Model, place: usize) {
    model.list.selected =
        model.list.shown.get(place).and_then(|place| model.list.rows.get(*place)).map(|row| row.id);
    keep_in_view(model);
}

/// A click selects the entry under it. Title and heading take the first two lines.
fn click(model: &mut Model, row: u16) {
    let Some(row) = usize::from(row).checked_sub(2) else { return };
    let place = model.list.offset + row;
    if row < model.page() && place < model.list.shown.len() {
        select_place(model, place);
    }
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

/// An entry was added: it is selected on the list.
pub(super) fn added(model: &mut Model, id: EntryId, title: &str, warnings: &[String]) {
    model.screen = Screen::Codes;
    select(model, id);
    let warnings = if warnings.is_empty() { String::new() } else { format!(" ({})", warnings.join("; ")) };
    model.tell(format!("added {title}{warnings}"), false);
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
pub(super) fn opened(model: &mut Model, rows: Vec<Row>, set_aside: usize) -> Vec<Effect> {
    let was_open = model.open;
    let mut imported = None;
    if !was_open {
        if let Screen::NewVault(form) = &mut model.screen {
            imported = form.import.take();
        }
        model.list.clear();
        model.open = true;
        model.screen = Screen::Codes;
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
    // What is known about an entry may have changed with it.
    model.details = None;
    keep_in_view(model);
    let mut effects = super::read_again(model);
    if model.list.sort == Sort::Recent {
        effects.push(Effect::ReadUse);
    }
    // The vault was made for a file that was chosen before.
    if let Some(path) = imported {
        effects.extend(super::transfer::go_on_importing(model, &path));
    }
    effects
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
        reasons::holds_until(model, id, hide_at);
    }
    if let Some(row) = model.list.rows.iter_mut().find(|row| row.id == id && seconds.is_some()) {
        row.used = Some(model.now);
    }
}

/// Hides what was shown long enough, asks for the codes whose step has ended, and copies the one that
/// was waited for.
pub(super) fn roll_over(model: &mut Model) -> Vec<Effect> {
    let now = model.now;
    // A clock that was set back must not keep a code on the screen, but where a setting keeps it there.
    let latest = now.saturating_add(PAGE_REVEALED_SECONDS.max(model.prefs.shown_seconds));
    let is_kept = |revealed: &Revealed| revealed.hide_at == u64::MAX || revealed.hide_at <= latest;
    model.list.revealed.retain(|_, revealed| now < revealed.hide_at && is_kept(revealed));
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

/// Begins to wait for the code that follows.
pub(super) fn wait_for(model: &mut Model, id: EntryId, at: u64) {
    model.waiting = Some(Waiting { id, at });
    model.notice = None;
}
