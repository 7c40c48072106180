//! Everything about one entry: its page, a shorter form of it beside the list, and its seed as a QR code.

use ratatui::Frame;
use ratatui::layout::{Position, Rect};
use ratatui::style::Style;
use ratatui::text::{Line, Span};
use ratatui::widgets::{Clear, Paragraph};

use super::codes;
use super::parts::{cut, wrap};
use crate::tui::model::{EntryDetails, EntryPage, Model, Picture, Row, Screen};

/// Columns of the names of facts.
const NAMES: usize = 10;
/// Lines above the facts: the name and the code.
const ABOVE: u16 = 3;
/// Light modules around a QR code. The standard asks for four; phones read two, and 80 columns are few.
const BORDER: usize = 2;
/// Fewest columns beside a QR code in which words are worth writing.
const FEWEST_COLUMNS: u16 = 20;

/// The facts of the entry page as they are wrapped on this screen: a name, which goes on where it is empty, and a line.
pub fn entry_lines(model: &Model) -> Vec<(&'static str, String)> {
    let Screen::Entry(EntryPage { details: Some(details), .. }) = &model.screen else { return Vec::new() };
    wrapped(details, usize::from(model.size.0))
}

/// Facts that can be seen at once: title, name, code, notice and footer take six lines.
pub fn entry_page(model: &Model) -> usize {
    usize::from(model.size.1.saturating_sub(3 + ABOVE)).max(1)
}

fn wrapped(details: &EntryDetails, width: usize) -> Vec<(&'static str, String)> {
    let room = width.saturating_sub(NAMES).max(8);
    let of_fact = |(name, words): &(&'static str, String)| {
        let lines = wrap(words, room).into_iter().enumerate();
        lines.map(|(idx, line)| (if idx == 0 { *name } else { "" }, line)).collect::<Vec<_>>()
    };
    details.facts.iter().flat_map(of_fact).collect()
}

fn fact(model: &Model, (name, words): (&'static str, String)) -> Line<'static> {
    Line::from(vec![Span::styled(format!("{name:<NAMES$}"), model.theme.quiet()), Span::raw(words)])
}

/// The name and the code of an entry.
fn head(model: &Model, row: &Row, width: usize) -> Vec<Line<'static>> {
    vec![
        Line::styled(cut(&row.title(), width, model.ascii), model.theme.title()),
        Line::from(codes::code_and_countdown(model, row)),
        Line::default(),
    ]
}

pub(super) fn draw(model: &Model, page: &EntryPage, frame: &mut Frame<'_>, area: Rect) {
    let Some(row) = model.list.row(page.id()) else { return };
    let mut lines = head(model, row, usize::from(area.width));
    let facts = entry_lines(model);
    let room = entry_page(model);
    let below = facts.len().saturating_sub(page.offset + room);
    let n_shown = if below > 0 { room.saturating_sub(1) } else { room };
    lines.extend(facts.into_iter().skip(page.offset).take(n_shown).map(|one| fact(model, one)));
    if below > 0 {
        lines.push(Line::styled(format!("j: {} more lines", below + 1), model.theme.quiet()));
    }
    // A screen reader begins at the name.
    frame.set_cursor_position(Position { x: area.x, y: area.y });
    frame.render_widget(Paragraph::new(lines), area);
}

/// What is known about the selected entry, beside the list.
pub(super) fn panel(model: &Model, frame: &mut Frame<'_>, area: Rect) {
    let Some(row) = model.list.selected_row() else { return };
    let width = usize::from(area.width);
    // Its code stands in the list; the name may be cut there.
    let mut lines = vec![
        Line::default(),
        Line::styled(cut(&row.title(), width, model.ascii), model.theme.title()),
        Line::default(),
    ];
    if let Some(details) = model.details.as_ref().filter(|details| details.id == row.id) {
        lines.extend(wrapped(details, width).into_iter().map(|one| fact(model, one)));
    }
    let height = usize::from(area.height);
    if lines.len() > height {
        lines.truncate(height.saturating_sub(1));
        lines.push(Line::styled("o: all of it", model.theme.quiet()));
    }
    frame.render_widget(Paragraph::new(lines), area);
}

/// Columns and rows that a QR code of so many modules takes.
fn needed(side: usize, ascii: bool) -> (usize, usize) {
    let side = side + 2 * BORDER;
    if ascii { (2 * side, side) } else { (side, side.div_ceil(2)) }
}

/// The largest QR code that the screen has room for, in modules.
pub fn most_modules(model: &Model) -> usize {
    let (columns, rows) = (usize::from(model.size.0), usize::from(model.size.1));
    let side = if model.ascii { rows.min(columns / 2) } else { columns.min(rows * 2) };
    side.saturating_sub(2 * BORDER)
}

/// A QR code over the screen; where it needs more, over all of it.
pub(super) fn picture(model: &Model, picture: &Picture, frame: &mut Frame<'_>, body: Rect) {
    let (columns, rows) = needed(picture.modules.len(), model.ascii);
    let fits = |area: Rect| columns <= usize::from(area.width) && rows <= usize::from(area.height);
    let whole = frame.area();
    let area = if fits(body) { body } else { whole };
    frame.render_widget(Clear, area);
    let mut words = vec![picture.title.clone()];
    words.extend(picture.lines.iter().cloned());
    words.push("i turns dark and light. Esc closes it.".to_owned());
    if !fits(area) {
        let short = format!(
            "The QR code needs {columns} columns and {rows} rows; this screen has {} and {}.",
            area.width, area.height
        );
        words.insert(1, short);
        words.insert(2, "Enlarge it, or make the letters smaller.".to_owned());
        if model.ascii {
            words.insert(3, "Without --ascii it is half as large.".to_owned());
        }
        return write(model, &words, frame, area);
    }
    let (Ok(width), Ok(height)) = (u16::try_from(columns), u16::try_from(rows)) else { return };
    let drawn = Rect { width, height, ..area };
    frame.render_widget(Paragraph::new(modules(picture, model.ascii)), drawn);
    let beside = Rect { x: area.x + width + 2, width: area.width.saturating_sub(width + 2), ..area };
    if beside.width >= FEWEST_COLUMNS && area.width > width + 2 {
        write(model, &words, frame, beside);
    } else {
        write(model, &words, frame, Rect { y: area.y + height, height: area.height - height, ..area });
    }
}

fn write(model: &Model, words: &[String], frame: &mut Frame<'_>, area: Rect) {
    let lines: Vec<Line<'_>> = words
        .iter()
        .enumerate()
        .flat_map(|(idx, words)| {
            let style = if idx == 0 { model.theme.title() } else { Style::new() };
            wrap(words, usize::from(area.width)).into_iter().map(move |line| Line::styled(line, style))
        })
        .collect();
    frame.render_widget(Paragraph::new(lines), area);
}

/// The code with its border as lines. A light module is drawn and a dark one is left: on a dark ground these are its
/// own colours.
fn modules(picture: &Picture, ascii: bool) -> Vec<Line<'static>> {
    let side = picture.modules.len() + 2 * BORDER;
    let is_drawn = |x: usize, y: usize| {
        let row = y.checked_sub(BORDER).and_then(|y| picture.modules.get(y));
        let dark = row.zip(x.checked_sub(BORDER)).and_then(|(row, x)| row.get(x)).copied();
        dark.unwrap_or(false) == picture.inverse
    };
    let step = if ascii { 1 } else { 2 };
    let line = |y: usize| {
        let cells = (0..side).map(|x| {
            let upper = is_drawn(x, y);
            // Below an odd last row lies the terminal's own ground.
            let lower = y + 1 < side && is_drawn(x, y + 1);
            match (ascii, upper, lower) {
                (true, true, _) => "##",
                (true, false, _) => "  ",
                (false, true, true) => "█",
                (false, true, false) => "▀",
                (false, false, true) => "▄",
                (false, false, false) => " ",
            }
        });
        Line::from(cells.collect::<String>())
    };
    (0..side).step_by(step).map(line).collect()
}

/// A recovery code that was handed out, over the screen.
pub(super) fn recovery_code(model: &Model, title: &str, code: &str, left: usize) -> Vec<String> {
    let code = if model.hides_codes() {
        "(hidden while the keyboard is elsewhere)".to_owned()
    } else {
        code.to_owned()
    };
    vec![
        format!("The next recovery code of {title}:"),
        String::new(),
        format!("    {code}"),
        String::new(),
        "It is marked as used and is not shown again. c copies it.".to_owned(),
        match left {
            0 => "It was the last one: get new ones from the service.".to_owned(),
            1 => "1 is left.".to_owned(),
            n => format!("{n} are left."),
        },
        String::new(),
        "Enter  closes this".to_owned(),
    ]
}
