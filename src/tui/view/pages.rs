//! The settings and the trash.

use ratatui::Frame;
use ratatui::layout::{Position, Rect};
use ratatui::text::{Line, Span};
use ratatui::widgets::Paragraph;
use unicode_width::UnicodeWidthStr as _;

use super::parts::{Page, cut, padded, wrap};
use super::window::Window;
use crate::tui::model::{Model, SettingsPage, TrashPage};

/// Columns of a setting's name.
const SETTING_NAME: usize = 30;

pub(super) fn settings(model: &Model, page: &SettingsPage, frame: &mut Frame<'_>, area: Rect) {
    let width = usize::from(area.width);
    let mut lines = above_settings(model, page, width);
    let window = settings_window(model, page, area);
    let name_width = SETTING_NAME.min(width / 2);
    for (idx, row) in page.rows.iter().enumerate().skip(window.skipped).take(window.n_seen) {
        let is_selected = idx == page.selected;
        if is_selected && let Ok(y) = u16::try_from(lines.len()) {
            frame.set_cursor_position(Position { x: area.x, y: area.y + y });
        }
        let marker = if is_selected { "> " } else { "  " };
        let name = Span::styled(
            format!("{marker}{}", padded(row.key, name_width, model.ascii)),
            if is_selected { model.theme.selected() } else { ratatui::style::Style::new() },
        );
        let value = Span::raw(cut(&row.value, width.saturating_sub(name_width + 2), model.ascii));
        lines.push(Line::from(vec![name, value]));
    }
    lines.push(Line::default());
    lines.extend(about_setting(page, width).into_iter().map(|line| Line::styled(line, model.theme.quiet())));
    frame.render_widget(Paragraph::new(lines), area);
}

/// The file's path, and what is wrong with it.
fn above_settings(model: &Model, page: &SettingsPage, width: usize) -> Vec<Line<'static>> {
    let path = page.path.as_deref().unwrap_or("no file: there is no home to keep it in");
    let mut lines = vec![Line::styled(cut(path, width, model.ascii), model.theme.quiet())];
    for warning in page.warnings.iter().take(3) {
        for line in wrap(&format!("! {warning}"), width) {
            lines.push(Line::styled(line, model.theme.wrong()));
        }
    }
    lines
}

/// What the selected one does stands at the bottom.
fn about_setting(page: &SettingsPage, width: usize) -> Vec<String> {
    let row = page.rows.get(page.selected);
    row.map(|row| wrap(&format!("{} {}", row.help, row.allowed), width)).unwrap_or_default()
}

pub(super) fn settings_window(model: &Model, page: &SettingsPage, area: Rect) -> Window {
    let width = usize::from(area.width);
    let n_above = above_settings(model, page, width).len();
    let others = n_above + about_setting(page, width).len() + 1;
    let height = usize::from(area.height).saturating_sub(others).max(1);
    Window::new(usize::from(area.y) + n_above, page.rows.len(), height, page.selected)
}

/// Where the rows of the trash are, once they were read.
pub(super) fn trash_window(page: &TrashPage, area: Rect) -> Option<Window> {
    let height = usize::from(area.height).saturating_sub(1).max(1);
    Some(Window::new(usize::from(area.y) + 1, page.rows.as_ref()?.len(), height, page.selected))
}

pub(super) fn trash(model: &Model, page: &TrashPage, frame: &mut Frame<'_>, area: Rect) {
    let width = usize::from(area.width);
    let (Some(rows), Some(window)) = (&page.rows, trash_window(page, area)) else { return };
    if rows.is_empty() {
        let mut page = Page::new(model, area);
        page.blank();
        page.text("The trash is empty.");
        page.quiet("What d removes from the codes lies here until it is taken back or destroyed.");
        page.draw(frame, area);
        return;
    }
    let words = if rows.len() == 1 {
        "1 removed entry".to_owned()
    } else {
        format!("{} removed entries", rows.len())
    };
    let mut lines = vec![Line::styled(words, model.theme.quiet())];
    for (idx, row) in rows.iter().enumerate().skip(window.skipped).take(window.n_seen) {
        let is_selected = idx == page.selected;
        if is_selected && let Ok(y) = u16::try_from(lines.len()) {
            frame.set_cursor_position(Position { x: area.x, y: area.y + y });
        }
        let marker = if is_selected { "> " } else { "  " };
        let removed = format!("removed {}", row.removed);
        let room = width.saturating_sub(removed.width() + 4).max(8);
        let style = if is_selected { model.theme.selected() } else { ratatui::style::Style::new() };
        let name = Span::styled(format!("{marker}{}", padded(&row.title, room, model.ascii)), style);
        lines.push(Line::from(vec![
            name,
            Span::raw(cut(&removed, width.saturating_sub(room + 2), model.ascii)),
        ]));
    }
    frame.render_widget(Paragraph::new(lines), area);
}
