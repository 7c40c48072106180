//! The incidents, one with its things to do, and a new one being written down. Colour is never the only signal: what is
//! done has a cross, and what is closed says so.

use ratatui::Frame;
use ratatui::layout::{Position, Rect};
use ratatui::style::Style;
use ratatui::text::{Line, Span};
use ratatui::widgets::Paragraph;
use unicode_width::UnicodeWidthStr as _;

use super::listed::{self, Layout};
use super::parts::{Page, cut, padded, wrap};
use super::window::Window;
use crate::app::status::count;
use crate::entry::Label;
use crate::tui::model::{
    Ends, IncidentBlock, IncidentForm, IncidentRow, IncidentShown, IncidentStep, IncidentTold, IncidentsPage,
    Model, in_view,
};

/// Columns of a kind, and of a day.
const KIND: usize = 17;
const DAY: usize = 12;
/// Most columns of what an incident is about.
const MOST_ABOUT: usize = 34;
/// Columns of the name of a fact, and of the number and the box of a thing to do.
const FACT: usize = 12;
const NUMBER: usize = 12;
/// Columns below which they are narrower.
const NARROW: usize = 60;
/// Lines that stand above an incident's own.
const ABOVE: usize = 1;
/// Lines from which there is room for more than the fields.
const TALL_FORM: u16 = 12;

pub(super) fn draw(model: &Model, page: &IncidentsPage, frame: &mut Frame<'_>, area: Rect) {
    match &page.doing {
        IncidentStep::List => list(model, page, frame, area),
        IncidentStep::Form(form) => self::form(model, form, frame, area),
        IncidentStep::Told(told) => self::told(model, told, frame, area),
    }
}

/// Where the rows are; `None` where there are none.
pub(super) fn window(model: &Model, page: &IncidentsPage, area: Rect) -> Option<Window> {
    matches!(page.doing, IncidentStep::List).then(|| layout(model, page, area))?.map(|layout| layout.window)
}

fn layout(model: &Model, page: &IncidentsPage, area: Rect) -> Option<Layout> {
    let facts = page.row().map(|row| {
        let mut facts = Vec::new();
        if usize::from(area.width) < NARROW {
            // What its row has no room for.
            facts.extend([("stands", row.state.clone()), ("opened", row.opened.clone())]);
        }
        facts.push(("id", row.id.to_string()));
        if !row.reason.is_empty() {
            facts.push(("reason", row.reason.clone()));
        }
        facts
    });
    let n_rows = page.known.as_ref().map(|known| known.rows.len());
    listed::layout(model, n_rows, page.selected, facts.as_deref(), area)
}

fn list(model: &Model, page: &IncidentsPage, frame: &mut Frame<'_>, area: Rect) {
    let Some(known) = &page.known else { return };
    let width = usize::from(area.width);
    let Some(layout) = layout(model, page, area) else {
        let mut page = Page::new(model, area);
        page.blank();
        page.text("No incident was opened.");
        page.quiet(
            "When a device is lost, stolen, replaced or handed over, when a person leaves, or when glass is broken, an \
             incident makes the list of what is to be done, and is open until nothing is left of it.",
        );
        page.blank();
        page.key("n  ", "open one");
        return page.draw_from(0, frame, area);
    };
    let n_open = known.rows.iter().filter(|row| row.is_open).count();
    let words = match n_open {
        0 => "Nothing is open.".to_owned(),
        n => {
            format!("{n} open, of {}. Enter works one off.", count(known.rows.len(), "incident", "incidents"))
        }
    };
    let heading = Line::styled(cut(&words, width, model.ascii), model.theme.quiet());
    let about = |row: &IncidentRow| row.subject.as_ref().map(Label::shown).unwrap_or_default();
    let longest = known.rows.iter().map(|row| about(row).width()).max().unwrap_or(0);
    let columns = (longest + 2).clamp(8, MOST_ABOUT);
    let seen = layout.window;
    let rows = known.rows.iter().enumerate().map(|(idx, row)| {
        let is_seen = seen.skipped <= idx && idx < seen.skipped + seen.n_seen;
        if is_seen { self::row(model, row, idx == page.selected, columns, width) } else { Line::default() }
    });
    listed::draw(frame, area, layout, page.selected, heading, rows);
}

/// A narrow screen says how it stands before the day, which can wait.
fn row(model: &Model, row: &IncidentRow, is_selected: bool, about: usize, width: usize) -> Line<'static> {
    let style = match (is_selected, row.is_open) {
        (true, _) => model.theme.selected(),
        (false, true) => Style::new(),
        (false, false) => model.theme.quiet(),
    };
    let marker = if is_selected { "> " } else { "  " };
    let subject = row.subject.as_ref().map(Label::shown).unwrap_or_default();
    let mut text = format!("{marker}{}", padded(row.kind.name(), KIND, model.ascii));
    if width >= NARROW {
        text.push_str(&padded(&subject, about.min(width / 3), model.ascii));
        text.push_str(&padded(&row.opened, DAY, model.ascii));
    } else {
        text.push_str(&padded(&subject, width.saturating_sub(KIND + 2) / 2, model.ascii));
    }
    let room = width.saturating_sub(text.width());
    text.push_str(&cut(&row.state, room, model.ascii));
    Line::styled(text, style)
}

/// Lines of the window in which an incident is shown: title, notice and footer take a line each, and what it is another.
pub fn incident_lines(model: &Model) -> usize {
    usize::from(model.size.1).saturating_sub(3 + ABOVE).max(1)
}

/// How many lines each block of an incident takes on a screen of so many columns.
pub fn incident_heights(shown: &IncidentShown, width: usize) -> Vec<usize> {
    shown.blocks().into_iter().map(|block| words(block, width).len()).collect()
}

/// The words of a block, a line each: what stands before them, and they.
fn words(block: IncidentBlock<'_>, width: usize) -> Vec<(String, String)> {
    let room = |indent: usize| width.saturating_sub(indent).max(1);
    let behind = |indent: usize, first: &str, text: &str| -> Vec<(String, String)> {
        let lines = wrap(text, room(indent)).into_iter().enumerate();
        lines.map(|(idx, line)| (format!("{:indent$}", if idx == 0 { first } else { "" }), line)).collect()
    };
    match block {
        IncidentBlock::Fact(name, text) => behind(2 + FACT.min(width / 3), &format!("  {name}"), text),
        IncidentBlock::Line(text) => behind(2, "", text),
        IncidentBlock::Group(group) => behind(2, "", &group.heading()),
        IncidentBlock::Task(..) => {
            let Some(task) = block.task() else { return Vec::new() };
            let indent = if width < NARROW { NUMBER - 2 } else { NUMBER };
            let mark = if task.is_done { 'x' } else { ' ' };
            let number = format!("{:>1$} [{mark}] ", task.number, indent - 5);
            let mut lines = behind(indent, &number, task.words);
            if !task.note.is_empty() {
                lines.extend(behind(indent, "", &task.note));
            }
            lines
        }
    }
}

fn told(model: &Model, told: &IncidentTold, frame: &mut Frame<'_>, area: Rect) {
    let width = usize::from(area.width);
    let height = usize::from(area.height).saturating_sub(ABOVE);
    let (first, style) = above(model, &told.shown);
    let mut lines = vec![Line::styled(cut(&first, width, model.ascii), style)];
    let heights = incident_heights(&told.shown, width);
    let offset = in_view(told, &heights, height.max(1));
    let mut at = 0;
    for (place, (block, n_lines)) in told.shown.blocks().into_iter().zip(&heights).enumerate() {
        let is_selected = place == told.selected;
        let (start, end) = (at, at + n_lines);
        at = end;
        // Of an incident of thousands of lines those that are seen are made, and no others.
        if end <= offset || start >= offset + height {
            continue;
        }
        for (idx, (before, text)) in words(block, width).into_iter().enumerate() {
            if start + idx < offset || start + idx >= offset + height {
                continue;
            }
            if is_selected
                && (idx == 0 || start + idx == offset)
                && let Ok(y) = u16::try_from(lines.len())
            {
                frame.set_cursor_position(Position { x: area.x, y: area.y + y });
            }
            lines.push(line(model, block, is_selected, idx, before, text));
        }
    }
    frame.render_widget(Paragraph::new(lines), area);
}

fn line(
    model: &Model,
    block: IncidentBlock<'_>,
    is_selected: bool,
    idx: usize,
    mut before: String,
    text: String,
) -> Line<'static> {
    if is_selected && idx == 0 && before.starts_with(' ') {
        before.replace_range(..1, ">");
    }
    let quiet = model.theme.quiet();
    let (before_style, style) = match block {
        _ if is_selected && idx == 0 => (model.theme.selected(), model.theme.selected()),
        IncidentBlock::Fact(..) => (quiet, Style::new()),
        IncidentBlock::Group(_) => (Style::new(), model.theme.title()),
        // Below what is to be done stands what is known of it.
        IncidentBlock::Task(..) if idx > 0 || block.task().is_some_and(|task| task.is_done) => (quiet, quiet),
        IncidentBlock::Line(_) | IncidentBlock::Task(..) => (Style::new(), Style::new()),
    };
    Line::from(vec![Span::styled(before, before_style), Span::styled(text, style)])
}

/// What it is, and what must not be overlooked.
fn above(model: &Model, shown: &IncidentShown) -> (String, Style) {
    let title = &shown.title;
    match &shown.ends {
        Some(Ends::At(until)) => (format!("{title}: runs until {until} (e ends it)"), model.theme.wrong()),
        Some(Ends::Ended) => (format!("{title}: has ended; e makes its list"), model.theme.wrong()),
        None if !shown.is_open => (format!("{title}: nothing left"), model.theme.quiet()),
        None if shown.is_away => {
            (format!("{title}: of what was removed, close it at the service"), model.theme.title())
        }
        None => (title.clone(), model.theme.title()),
    }
}

fn form(model: &Model, form: &IncidentForm, frame: &mut Frame<'_>, area: Rect) {
    let mut page = Page::new(model, area);
    if area.height >= TALL_FORM {
        page.text(
            "What happened? The list of what is to be done is made from the vault, its plan and its log.",
        );
        page.blank();
    }
    page.form(&form.form);
    if let Some((first, others)) = form.offered.split_first() {
        let others: Vec<String> = others.iter().map(ToString::to_string).collect();
        let others = if others.is_empty() { String::new() } else { format!("; also {}", others.join(", ")) };
        page.text(&format!("Right takes {first}{others}"));
    }
    for hint in &form.hints {
        page.wrong(Some(hint));
    }
    page.wrong(form.wrong.as_deref());
    if area.height >= TALL_FORM {
        page.blank();
        page.key("Enter  ", "open it, and show its list");
    }
    page.draw(frame, area);
}
