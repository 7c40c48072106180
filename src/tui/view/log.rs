//! The log: the records on the screen with all that is known of the selected one, the form for evidence, and the
//! rehearsal. Of tens of thousands of records those that are seen are looked at, and no others.

use ratatui::Frame;
use ratatui::layout::{Position, Rect};
use ratatui::style::Style;
use ratatui::text::{Line, Span};
use ratatui::widgets::Paragraph;
use unicode_width::UnicodeWidthStr as _;

use super::parts::{Page, cut, padded};
use super::window::Window;
use super::{forms, report};
use crate::app::{audit, time};
use crate::entry::label;
use crate::tui::model::{COMPACT_COLUMNS, LogPage, LogRecords, LogRow, LogStep, Model};

/// Columns of a number, a time, and the word for what happened.
const NUMBER: usize = 8;
const TIME: usize = 21;
const EVENT: usize = 20;
const DAY: usize = 11;
/// Lines that are kept for what is known of the selected record, so that the list stays where it is.
const DETAILS: usize = 9;
/// Rows that are seen whatever is known of the selected one.
const FEWEST_ROWS: usize = 3;
/// Fewest columns of the list where the selected record stands beside it.
const LIST_BESIDE_PANEL: u16 = 64;

pub(super) fn draw(model: &Model, page: &LogPage, frame: &mut Frame<'_>, area: Rect) {
    match &page.doing {
        LogStep::List => list(model, page, frame, area),
        LogStep::Evidence(evidence) => {
            let mut page = Page::new(model, area);
            page.blank();
            page.text("A report for an auditor: what the vault holds, what the log says, drills and rehearsals. It is signed and holds no secret.");
            page.quiet("Whoever checks it needs this vault's line beforehand: K on the log shows it.");
            page.blank();
            page.form(&evidence.form);
            page.wrong(evidence.wrong.as_deref());
            page.draw(frame, area);
        }
        LogStep::Rehearse(form) => {
            let mut page = Page::new(model, area);
            page.blank();
            page.text("Type the vault's passphrase from memory: not pasted, not looked up.");
            page.quiet(
                "It is tried, forgotten, and the day is noted in the log. Esc leaves it for another day.",
            );
            page.blank();
            forms::vault_proof(&mut page, model, &form.proof);
            page.draw(frame, area);
        }
        LogStep::Told(done) => report::done(model, done, frame, area),
    }
}

/// Where the rows are, and what stands below or beside them.
struct Layout {
    window: Window,
    list: Rect,
    panel: Option<Rect>,
    details: Vec<Line<'static>>,
}

fn layout(model: &Model, page: &LogPage, area: Rect) -> Option<Layout> {
    let row = page.selected_row()?;
    let height = usize::from(area.height).saturating_sub(1);
    let top = usize::from(area.y) + 1;
    let n_rows = page.shown.len();
    if model.is_wide() {
        let width = LIST_BESIDE_PANEL.max(area.width / 5 * 3).min(area.width);
        let panel = Rect { x: area.x + width + 2, width: area.width.saturating_sub(width + 2), ..area };
        let details = report::facts(model, &row.facts(), usize::from(panel.width));
        let window = Window::new(top, n_rows, height, page.selected);
        return Some(Layout { window, list: Rect { width, ..area }, panel: Some(panel), details });
    }
    let mut details = report::facts(model, &row.facts(), usize::from(area.width));
    // The list is what one moves in: it keeps half of the room. `v` shows the whole record.
    let most = height.saturating_sub(n_rows.min((height / 2).max(FEWEST_ROWS)) + 1);
    let kept = details.len().max(DETAILS).min(most);
    if details.len() > kept && kept > FEWEST_ROWS {
        details.truncate(kept - 1);
        details.push(Line::styled("v shows the whole record", model.theme.quiet()));
    }
    details.truncate(kept);
    let window = Window::new(top, n_rows, height.saturating_sub(kept + 1), page.selected);
    Some(Layout { window, list: area, panel: None, details })
}

/// Where the rows are; `None` where there are none.
pub(super) fn window(model: &Model, page: &LogPage, area: Rect) -> Option<Window> {
    layout(model, page, area).map(|layout| layout.window)
}

fn list(model: &Model, page: &LogPage, frame: &mut Frame<'_>, area: Rect) {
    let width = usize::from(area.width);
    let mut lines = vec![heading(model, page, width)];
    let layout = layout(model, page, area);
    let list = layout.as_ref().map_or(area, |layout| layout.list);
    frame.set_cursor_position(Position { x: area.x, y: area.y });
    if let Some(Layout { window, panel, details, .. }) = layout {
        for place in window.skipped..window.skipped + window.n_seen {
            let Some(row) = page.row(place) else { break };
            let is_selected = place == page.selected;
            if is_selected && let Ok(y) = u16::try_from(lines.len()) {
                frame.set_cursor_position(Position { x: area.x, y: area.y + y });
            }
            lines.push(line(model, row, is_selected, usize::from(list.width)));
        }
        if let Some(panel) = panel {
            let mut beside = vec![Line::default()];
            beside.extend(details);
            frame.render_widget(Paragraph::new(beside), panel);
        } else {
            lines.push(Line::default());
            lines.extend(details);
        }
    } else {
        lines.extend(empty(page));
    }
    if page.filtering {
        let column = u16::try_from(1 + label::shown(&page.filter).width()).unwrap_or(u16::MAX);
        frame.set_cursor_position(Position {
            x: area.x + column.min(area.width.saturating_sub(1)),
            y: area.y,
        });
    }
    frame.render_widget(Paragraph::new(lines), list);
}

fn empty(page: &LogPage) -> Vec<Line<'static>> {
    let words = match page.records.as_ref().map(LogRecords::count) {
        None => "Reading the log.",
        Some(1..) => "Nothing fits the filter, so nothing is selected. Esc clears it.",
        Some(_) if !page.wanted.is_empty() => "No record fits what was chosen. Esc takes all again.",
        Some(_) => "No record of this vault is at hand. c checks what that means.",
    };
    vec![Line::from(words)]
}

fn heading(model: &Model, page: &LogPage, width: usize) -> Line<'static> {
    let all = page.records.as_ref().map_or(0, LogRecords::count);
    let chosen = label::shown(&page.wanted.in_words());
    let chosen = if chosen.is_empty() { chosen } else { format!("   {chosen}") };
    if page.filtering || !page.filter.is_empty() {
        let words = format!("/{}   {} of {all} shown{chosen}", label::shown(&page.filter), page.shown.len());
        return Line::styled(cut(&words, width, model.ascii), model.theme.key());
    }
    let words = format!("{}, newest first{chosen}", crate::app::status::count(all, "record", "records"));
    Line::styled(cut(&words, width, model.ascii), model.theme.quiet())
}

fn line(model: &Model, row: &LogRow, is_selected: bool, width: usize) -> Line<'static> {
    let marker = if is_selected { "> " } else { "  " };
    let style = if is_selected { model.theme.selected() } else { Style::new() };
    let start = if width < usize::from(COMPACT_COLUMNS) {
        format!("{marker}{}{} ", padded(&time::day(row.at), DAY, model.ascii), row.event)
    } else {
        let number = padded(&row.number(), NUMBER, model.ascii);
        let at = padded(&time::shown(row.at), TIME, model.ascii);
        format!("{marker}{number}{at}{}", padded(&row.event, EVENT, model.ascii))
    };
    let start = cut(&start, width, model.ascii);
    let room = width.saturating_sub(start.width());
    Line::from(vec![Span::styled(start, style), Span::raw(cut(&about(row), room, model.ascii))])
}

/// What a row says besides: the entry, why, further facts, and who, which is mostly the same; of a line in clear, what it means.
fn about(row: &LogRow) -> String {
    if row.user.is_empty() {
        return audit::in_words(&row.event).to_owned();
    }
    let reason = row.reason.iter().map(|reason| format!("because {reason}"));
    let facts = row.facts.iter().map(|(name, value)| format!("{name}={value}"));
    let title = (!row.title.is_empty()).then(|| row.title.clone());
    title.into_iter().chain(reason).chain(facts).chain([row.who()]).collect::<Vec<_>>().join("  ")
}
