//! The entries, as many as fit: issuer, account, code, and a countdown by each one's own period.

use ratatui::Frame;
use ratatui::layout::{Constraint, Layout, Position, Rect};
use ratatui::text::{Line, Span};
use ratatui::widgets::Paragraph;
use unicode_width::UnicodeWidthStr as _;

use super::parts::{cut, padded};
use crate::tui::model::{COMPACT_COLUMNS, ENDING_SECONDS, Model, Revealed, Row, Sort};

/// Columns of a code: ten digits in two groups, and a space.
const CODE: usize = 13;
/// Columns of the countdown: number, unit, bar.
const COUNTDOWN: usize = 12;
/// Columns of what stands in its place in the last seconds: number, unit, and the code that follows.
const ENDING: usize = 18;
const BAR: u64 = 6;
/// Columns of the number and its unit.
const NUMBER: usize = 6;
/// With more rows than these, each second of all their numbers would cost more than a slow line is worth, and be restless:
/// the selected row has a number, the others have one in their last seconds, and the bars tell the rest.
const MOST_COUNTED: usize = 28;

/// Columns of the list where the selected entry stands beside it.
const LIST_BESIDE_PANEL: u16 = 64;

pub(super) fn draw(model: &Model, frame: &mut Frame<'_>, area: Rect) {
    if !model.is_wide() || model.list.rows.is_empty() {
        return draw_list(model, frame, area);
    }
    let [list, _, panel] = Layout::horizontal([
        // The list keeps three fifths of what there is, and never less than what its columns need.
        Constraint::Length(LIST_BESIDE_PANEL.max(area.width / 5 * 3)),
        Constraint::Length(2),
        Constraint::Min(1),
    ])
    .areas(area);
    super::entry::panel(model, frame, panel);
    draw_list(model, frame, list);
}

fn draw_list(model: &Model, frame: &mut Frame<'_>, area: Rect) {
    let width = usize::from(area.width);
    let mut lines = vec![heading(model, width)];
    if model.list.rows.is_empty() {
        lines.extend(
            [
                "",
                "No entries yet.",
                "",
                "a   add one: paste the otpauth URI that the service shows beside its QR code",
                "i   import another authenticator's file",
                "r   restore a bundle's entries",
            ]
            .map(Line::from),
        );
    } else if model.list.shown.is_empty() {
        lines.push(Line::from("Nothing fits the filter, so nothing is selected. Esc clears it."));
    }
    let page = usize::from(area.height).saturating_sub(1);
    let counts_all = model.list.on_screen(page).count() <= MOST_COUNTED;
    for row in model.list.on_screen(page) {
        if model.list.selected == Some(row.id)
            && let Ok(y) = u16::try_from(lines.len())
        {
            // A screen reader follows the terminal's own cursor.
            frame.set_cursor_position(Position { x: area.x, y: area.y + y });
        }
        lines.push(line(model, row, width, counts_all));
    }
    if model.list.filtering {
        let column = 1 + crate::entry::label::shown(&model.list.filter).width();
        let x = u16::try_from(column).unwrap_or(u16::MAX).min(area.width.saturating_sub(1));
        frame.set_cursor_position(Position { x: area.x + x, y: area.y });
    }
    frame.render_widget(Paragraph::new(lines), area);
}

fn heading(model: &Model, width: usize) -> Line<'static> {
    let (shown, all) = (model.list.shown.len(), model.list.rows.len());
    if model.list.filtering || !model.list.filter.is_empty() {
        let filter = crate::entry::label::shown(&model.list.filter);
        let marked = match model.list.marks.len() {
            0 => String::new(),
            n => format!(", {n} marked"),
        };
        let heading = format!("/{filter}   {shown} of {all}{marked}");
        return Line::styled(cut(&heading, width, model.ascii), model.theme.key());
    }
    if let Some(doubt) = &model.clock.doubt {
        return Line::styled(cut(&format!("! {doubt}"), width, model.ascii), model.theme.wrong());
    }
    let mut words = if all == 1 { "1 entry".to_owned() } else { format!("{all} entries") };
    if model.list.sort != Sort::Name {
        words.push_str(&format!(", by {}", model.list.sort.name()));
    }
    if !model.list.marks.is_empty() {
        words.push_str(&format!(", {} marked", model.list.marks.len()));
    }
    if model.hides_codes() {
        words.push_str("   codes are hidden while the keyboard is elsewhere");
    }
    Line::styled(cut(&words, width, model.ascii), model.theme.quiet())
}

fn line(model: &Model, row: &Row, width: usize, counts_all: bool) -> Line<'static> {
    let selected = model.list.selected == Some(row.id);
    let marked = model.list.marks.contains(&row.id);
    let first = if selected { '>' } else { ' ' };
    let second = match (marked, row.favourite) {
        (true, _) => '+',
        (false, true) if !selected => '*',
        (false, _) => ' ',
    };
    let marker = format!("{first}{second}");
    let revealed = readable(model, row);
    let counts = counts_all || selected || is_ending(model, row);
    let (shown, end) = (code(model, row, revealed), end(model, row, revealed, counts));
    // Where there is room the columns stay where they are when a code is about to end.
    let least = if width >= usize::from(COMPACT_COLUMNS) { ENDING } else { COUNTDOWN };
    let names = width.saturating_sub(2 + CODE + end.width().max(least)).max(8);
    let label = if width >= usize::from(COMPACT_COLUMNS) {
        let issuer = names * 2 / 5;
        let issuer_text = padded(&row.issuer, issuer, model.ascii);
        format!("{issuer_text}{}", padded(&row.account, names - issuer, model.ascii))
    } else {
        padded(&row.title(), names, model.ascii)
    };
    let columns = shown.width();
    let style = if selected { model.theme.selected() } else { ratatui::style::Style::new() };
    Line::from(vec![
        Span::styled(format!("{marker}{label}"), style),
        shown,
        Span::raw(format!("{}{end}", " ".repeat(CODE.saturating_sub(columns)))),
    ])
}

/// The code that was asked for, if it may be read now. One past its end is hidden at once; its successor is on the way.
fn readable<'m>(model: &'m Model, row: &Row) -> Option<&'m Revealed> {
    let revealed = model.list.revealed.get(&row.id).filter(|_| !model.hides_codes())?;
    revealed.valid_until.is_none_or(|until| model.now < until).then_some(revealed)
}

/// The code of one entry and its countdown, or the code that follows, as the list shows them.
pub(super) fn code_and_countdown(model: &Model, row: &Row) -> Vec<Span<'static>> {
    let revealed = readable(model, row);
    let code = code(model, row, revealed);
    let gap = " ".repeat(CODE.saturating_sub(code.width()));
    vec![code, Span::raw(format!("{gap}{}", end(model, row, revealed, true)))]
}

fn code(model: &Model, row: &Row, revealed: Option<&Revealed>) -> Span<'static> {
    match revealed {
        Some(revealed) => {
            let style = if is_ending(model, row) { model.theme.ending() } else { model.theme.code() };
            Span::styled(cut(revealed.code.expose(), CODE - 1, model.ascii), style)
        }
        None if row.sealed.is_some() => Span::styled("sealed", model.theme.quiet()),
        None => Span::styled(mask(row.digits, model.ascii), model.theme.quiet()),
    }
}

/// What stands behind a code: the countdown, or the code that follows.
fn end(model: &Model, row: &Row, revealed: Option<&Revealed>, counts: bool) -> String {
    match next_code(model, revealed) {
        Some(next) => format!("{}> {next} ", seconds(model, row)),
        None => countdown(model, row, counts),
    }
}

fn is_ending(model: &Model, row: &Row) -> bool {
    seconds_left(model, row).is_some_and(|left| left <= ENDING_SECONDS)
}

/// Dots in the groups that the code has.
fn mask(digits: usize, ascii: bool) -> String {
    let dot = if ascii { "*" } else { "•" };
    let group = match digits {
        6 | 9 => 3,
        7 | 8 => 4,
        10 => 5,
        _ => digits.max(1),
    };
    let mut mask = String::new();
    for idx in 0..digits {
        if idx > 0 && idx % group == 0 {
            mask.push(' ');
        }
        mask.push_str(dot);
    }
    mask
}

/// The code that follows, in the last seconds of the one that is shown.
fn next_code(model: &Model, revealed: Option<&Revealed>) -> Option<String> {
    let revealed = revealed?;
    let left = revealed.valid_until?.saturating_sub(model.now);
    (left <= ENDING_SECONDS).then(|| revealed.next.as_ref().map(|next| next.expose().to_owned()))?
}

fn seconds_left(model: &Model, row: &Row) -> Option<u64> {
    let period = row.period?;
    Some(period - model.now % period)
}

/// ` 12s `; the last seconds are marked.
fn seconds(model: &Model, row: &Row) -> String {
    let left = seconds_left(model, row).unwrap_or(0);
    let mark = if left <= ENDING_SECONDS { "!" } else { " " };
    format!("{mark}{left:>3}s ")
}

/// `12s ▰▰▰▱▱▱`, by the entry's own period, or the bar alone; a counter has none.
fn countdown(model: &Model, row: &Row, counts: bool) -> String {
    let (Some(left), Some(period)) = (seconds_left(model, row), row.period) else {
        return "  counter".to_owned();
    };
    let filled = (left * BAR).div_ceil(period).min(BAR);
    let (full, empty) = if model.ascii { ("#", "-") } else { ("▰", "▱") };
    let part = |symbol: &str, n: u64| symbol.repeat(usize::try_from(n).unwrap_or(0));
    if !model.prefs.motion {
        return seconds(model, row);
    }
    let number = if counts { seconds(model, row) } else { " ".repeat(NUMBER) };
    format!("{number}{}{}", part(full, filled), part(empty, BAR - filled))
}
