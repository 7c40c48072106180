//! What lies over a screen: boxes with lines, the palette, files, prompts.

use ratatui::Frame;
use ratatui::layout::{Position, Rect};
use ratatui::style::Style;
use ratatui::text::{Line, Span};
use unicode_width::UnicodeWidthStr as _;

use super::parts::{Page, boxed, centered, cut, wrap};
use super::window::Window;
use crate::entry::label;
use crate::tui::keymap::{self, ALWAYS, Binding, Scope, screen_scope};
use crate::tui::message::{Message, PassMessage};
use crate::tui::model::{AskReason, Dialog, Model, Picker, Prompt, Row};

/// Columns of a dialog's text.
const DIALOG_WIDTH: u16 = 66;
/// Most lines of a list in a dialog.
const MOST_ROWS: usize = 14;

/// The keys of the screen, a line each, that hold what is searched.
fn help_lines(model: &Model, filter: &str) -> Vec<String> {
    let here = screen_scope(model);
    let here = if here == Scope::Filter { Scope::Codes } else { here };
    let mut lines: Vec<String> = keymap::in_force(here)
        .chain(keymap::bindings().filter(|binding| here == Scope::Codes && binding.scope == Scope::Filter))
        .map(|binding| {
            let place = if binding.scope == Scope::Filter { "in the filter: " } else { "" };
            format!("{:<14} {place}{}", binding.shown, binding.help)
        })
        .collect();
    lines.extend(ALWAYS.iter().map(|(keys, words)| format!("{keys:<14} {words}")));
    let needle = filter.to_lowercase();
    lines.retain(|line| line.to_lowercase().contains(&needle));
    if lines.is_empty() {
        lines.push("no key is called so".to_owned());
    }
    lines
}

/// The actions that the palette offers, those of this screen first, that hold every word that was typed.
pub fn palette(model: &Model) -> Vec<&'static Binding> {
    let Some(Dialog::Palette { filter, .. }) = &model.dialog else { return Vec::new() };
    let words: Vec<String> = filter.split_whitespace().map(str::to_lowercase).collect();
    let here = screen_scope(model);
    let mut actions: Vec<&'static Binding> = Vec::new();
    let elsewhere = |binding: &&Binding| {
        // What the page of an entry alone has a key for is done to the selected one.
        let is_of_entry = binding.scope == Scope::Entry && matches!(binding.message(), Message::Entry(_));
        is_of_entry
            || matches!(binding.scope, Scope::Codes | Scope::Bundles)
            || binding.scope == Scope::Drills && matches!(binding.message(), Message::Drill(_))
            || binding.scope == Scope::Custodians && matches!(binding.message(), Message::Custodian(_))
            || binding.scope == Scope::Log && is_of_vault(&binding.message())
            || matches!(binding.message(), Message::Pass(PassMessage::New))
            || binding.scope == Scope::Incidents && matches!(binding.message(), Message::Incident(_))
            || binding.scope == Scope::Plan && super::plan::is_of_vault(&binding.message())
    };
    let offered = keymap::in_force(here).chain(keymap::bindings().filter(elsewhere));
    for binding in offered {
        let is_action = !matches!(
            binding.message(),
            Message::Back | Message::Move(_) | Message::MoveToFirst | Message::MoveToLast | Message::Palette
        );
        let name = binding.help.to_lowercase();
        let fits = words.iter().all(|word| name.contains(word));
        if is_action && fits && !actions.iter().any(|action| action.help == binding.help) {
            actions.push(binding);
        }
    }
    actions
}

/// What is done with the log wherever one is: it is about no record.
fn is_of_vault(message: &Message) -> bool {
    use crate::tui::message::LogMessage::{Check, Evidence, Head, Key, Rehearse};
    matches!(message, Message::Log(Check | Evidence | Head | Key | Rehearse))
}

/// The lines of the open dialog as they are wrapped on this screen.
pub fn dialog_lines(model: &Model) -> Vec<String> {
    let width = usize::from(DIALOG_WIDTH.min(model.size.0.saturating_sub(2)));
    let lines = match &model.dialog {
        None
        | Some(
            Dialog::Palette { .. }
            | Dialog::Picker(_)
            | Dialog::Picture(_)
            | Dialog::Prompt(_)
            | Dialog::Reason(_),
        ) => {
            return Vec::new();
        }
        Some(Dialog::Confirm(confirm)) => {
            let mut lines = confirm.lines.clone();
            lines.extend([String::new(), "y  yes".to_owned(), "n  no (Enter and Esc too)".to_owned()]);
            lines
        }
        Some(Dialog::CopyAgain { id, copied_at, next_at }) => {
            let name = model.list.row(*id).map(Row::title).unwrap_or_default();
            let ago = model.now.saturating_sub(*copied_at);
            let left = next_at.saturating_sub(model.now);
            vec![
                format!("The code of {name} was copied {ago} s ago."),
                "Most services take a code once.".to_owned(),
                format!("The next one comes in {left} s."),
                String::new(),
                "y  copy the same again".to_owned(),
                "w  wait, and copy the next one".to_owned(),
                "n  copy nothing".to_owned(),
            ]
        }
        Some(Dialog::Failure { lines, .. }) => lines.clone(),
        Some(Dialog::Help { filter, .. }) => help_lines(model, filter),
        Some(Dialog::Messages { .. }) => messages(model),
        Some(Dialog::RecoveryCode { title, code, left }) => {
            super::entry::recovery_code(model, title, code.expose(), *left)
        }
    };
    lines.iter().flat_map(|line| wrap(line, width)).collect()
}

/// What was told, newest first, with how long ago it was.
fn messages(model: &Model) -> Vec<String> {
    if model.messages.is_empty() {
        return vec!["Nothing was told since the vault was opened.".to_owned()];
    }
    let ago = |at: u64| match model.now.saturating_sub(at) {
        seconds @ ..60 => format!("{seconds:>3} s ago"),
        seconds => format!("{:>3} m ago", seconds / 60),
    };
    let line = |told: &crate::tui::model::Told| {
        format!("{} {} {}", ago(told.at), if told.wrong { "!" } else { " " }, told.text)
    };
    model.messages.iter().rev().map(line).collect()
}

/// Lines of a dialog that can be seen at once: title, notice, footer and the box take five.
pub fn dialog_page(model: &Model) -> usize {
    usize::from(model.size.1).saturating_sub(5).max(1)
}

pub(super) fn draw(model: &Model, frame: &mut Frame<'_>, body: Rect) {
    let (title, scroll, style) = match &model.dialog {
        None => return,
        Some(Dialog::Palette { filter, selected }) => {
            return draw_palette(model, filter, *selected, frame, body);
        }
        Some(Dialog::Picker(picker)) => return draw_picker(model, picker, frame, body),
        Some(Dialog::Picture(picture)) => return super::entry::picture(model, picture, frame, body),
        Some(Dialog::Prompt(prompt)) => return draw_prompt(model, prompt, frame, body),
        Some(Dialog::Reason(ask)) => return draw_reason(model, ask, frame, body),
        Some(Dialog::Confirm(confirm)) => (confirm.title.to_owned(), 0, Style::new()),
        Some(Dialog::CopyAgain { .. }) => ("Copy again?".to_owned(), 0, Style::new()),
        Some(Dialog::Failure { scroll, .. }) => {
            ("This did not work".to_owned(), *scroll, model.theme.wrong())
        }
        Some(Dialog::Help { scroll, filter, searching }) => {
            let name = screen_scope(model).name();
            let search = if *searching || !filter.is_empty() {
                format!("  /{}", label::shown(filter))
            } else {
                String::new()
            };
            (format!("Keys of {name}{search}"), *scroll, Style::new())
        }
        Some(Dialog::Messages { scroll }) => ("What was told".to_owned(), *scroll, Style::new()),
        Some(Dialog::RecoveryCode { .. }) => ("Recovery code".to_owned(), 0, Style::new()),
    };
    let lines = dialog_lines(model);
    let height = u16::try_from(lines.len() + 2).unwrap_or(u16::MAX);
    let area = centered(body, DIALOG_WIDTH + 2, height);
    // The first line of a failure is what happened.
    let styled = lines
        .into_iter()
        .enumerate()
        .map(|(idx, line)| Line::styled(line, if idx == 0 { style } else { Style::new() }));
    boxed(model, frame, area, &title, styled.collect(), scroll);
}

/// Rows of such a box that are seen at once.
fn rows_page(body: Rect) -> usize {
    MOST_ROWS.min(usize::from(body.height).saturating_sub(3)).max(1)
}

fn rows_area(body: Rect, n_rows: usize) -> Rect {
    let height = u16::try_from(n_rows.min(rows_page(body)) + 3).unwrap_or(u16::MAX);
    centered(body, DIALOG_WIDTH + 2, height)
}

/// Where the rows are: below the box's edge and the line that is typed.
fn rows_window(area: Rect, body: Rect, n_rows: usize, selected: usize) -> Window {
    Window::new(usize::from(area.y) + 2, n_rows, rows_page(body), selected)
}

/// Where the rows of the palette or of the files are.
pub(super) fn window(model: &Model, body: Rect) -> Option<Window> {
    let (n_rows, selected) = match &model.dialog {
        Some(Dialog::Palette { selected, .. }) => (palette(model).len(), *selected),
        Some(Dialog::Picker(picker)) => (picker.shown().len(), picker.selected),
        _ => return None,
    };
    Some(rows_window(rows_area(body, n_rows), body, n_rows, selected))
}

/// A box with a line that is typed and rows that fit it; the selected one is always seen.
fn draw_rows(
    model: &Model,
    frame: &mut Frame<'_>,
    body: Rect,
    title: &str,
    typed: &str,
    rows: Vec<Line<'static>>,
    selected: usize,
) {
    let area = rows_area(body, rows.len());
    let window = rows_window(area, body, rows.len(), selected);
    let mut lines = vec![Line::from(format!(": {typed}"))];
    for (idx, row) in rows.into_iter().enumerate().skip(window.skipped).take(window.n_seen) {
        lines.push(if idx == selected { row.style(model.theme.selected()) } else { row });
    }
    boxed(model, frame, area, title, lines, 0);
    let column = u16::try_from(3 + typed.width()).unwrap_or(u16::MAX).min(area.width.saturating_sub(2));
    frame.set_cursor_position(Position { x: area.x + column, y: area.y + 1 });
}

fn inner_width(body: Rect) -> usize {
    usize::from(DIALOG_WIDTH.min(body.width.saturating_sub(2)))
}

fn draw_palette(model: &Model, filter: &str, selected: usize, frame: &mut Frame<'_>, body: Rect) {
    let width = inner_width(body);
    let rows = palette(model)
        .into_iter()
        .enumerate()
        .map(|(idx, binding)| {
            let marker = if idx == selected { "> " } else { "  " };
            let key = cut(binding.shown, 14, model.ascii);
            let room = width.saturating_sub(key.width() + 4);
            let name = cut(binding.help, room, model.ascii);
            let gap = " ".repeat(room.saturating_sub(name.width()) + 1);
            Line::from(vec![Span::raw(format!("{marker}{name}{gap}")), Span::styled(key, model.theme.key())])
        })
        .collect();
    draw_rows(model, frame, body, "Do", &label::shown(filter), rows, selected);
}

fn draw_picker(model: &Model, picker: &Picker, frame: &mut Frame<'_>, body: Rect) {
    let width = inner_width(body);
    let mut rows: Vec<Line<'static>> = picker
        .shown()
        .into_iter()
        .enumerate()
        .map(|(idx, row)| {
            let marker = if idx == picker.selected { "> " } else { "  " };
            let name = label::shown(&row.name);
            let name = if row.is_folder { format!("{name}/") } else { name };
            let size = if row.is_folder { String::new() } else { bytes_in_words(row.len) };
            let room = width.saturating_sub(size.width() + 3);
            let name = cut(&name, room, model.ascii);
            let gap = " ".repeat(room.saturating_sub(name.width()) + 1);
            Line::from(format!("{marker}{name}{gap}{size}"))
        })
        .collect();
    if rows.is_empty() {
        let words = picker.wrong.as_deref().unwrap_or("nothing here fits");
        rows.push(Line::styled(cut(&format!("  {words}"), width, model.ascii), model.theme.quiet()));
    }
    let title = format!("Files in {}", label::shown(&picker.folder));
    draw_rows(
        model,
        frame,
        body,
        &cut(&title, width, model.ascii),
        &label::shown(&picker.filter),
        rows,
        picker.selected,
    );
}

fn bytes_in_words(len: u64) -> String {
    match len {
        ..1024 => format!("{len} B"),
        1024..1_048_576 => format!("{} KiB", len / 1024),
        _ => format!("{} MiB", len / 1_048_576),
    }
}

fn draw_prompt(model: &Model, prompt: &Prompt, frame: &mut Frame<'_>, body: Rect) {
    let width = DIALOG_WIDTH.min(body.width.saturating_sub(2));
    let mut page = Page::new(model, Rect { width, ..body });
    for line in &prompt.lines {
        page.text(line);
    }
    page.blank();
    page.form(&prompt.form);
    page.wrong(prompt.wrong.as_deref());
    draw_page(model, page, prompt.title, frame, body);
}

/// Why something is to be shown, with what was said before.
fn draw_reason(model: &Model, ask: &AskReason, frame: &mut Frame<'_>, body: Rect) {
    let width = DIALOG_WIDTH.min(body.width.saturating_sub(2));
    let mut page = Page::new(model, Rect { width, ..body });
    for line in &ask.lines {
        page.text(line);
    }
    page.blank();
    page.form(&ask.form);
    page.wrong(ask.wrong.as_deref());
    if !ask.recent.is_empty() {
        page.blank();
        page.quiet("Given before; Down takes one, and so does its number:");
    }
    for (idx, recent) in ask.recent.iter().enumerate() {
        let line = cut(&format!("{}  {}", idx + 1, label::shown(recent)), usize::from(width), model.ascii);
        let is_chosen = ask.chosen == Some(idx);
        page.styled(&line, if is_chosen { model.theme.selected() } else { Style::new() });
    }
    draw_page(model, page, "Reason", frame, body);
}

/// Lines in a box of their height, in the middle of the screen.
fn draw_page(model: &Model, page: Page<'_>, title: &str, frame: &mut Frame<'_>, body: Rect) {
    let width = DIALOG_WIDTH.min(body.width.saturating_sub(2));
    let height = u16::try_from(page.n_lines() + 2).unwrap_or(u16::MAX);
    let area = centered(body, width + 2, height);
    boxed(model, frame, area, title, Vec::new(), 0);
    let inner = Rect {
        x: area.x + 1,
        y: area.y + 1,
        width: area.width.saturating_sub(2),
        height: area.height.saturating_sub(2),
    };
    page.draw(frame, inner);
}
