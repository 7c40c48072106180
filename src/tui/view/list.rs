//! The entries, as many as fit: issuer, account, code, and a countdown by each one's own period.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};
use ratatui::widgets::Paragraph;
use unicode_width::{UnicodeWidthChar as _, UnicodeWidthStr as _};

use crate::tui::model::{ENDING_SECONDS, Model, Revealed, Row};

/// Columns of the countdown: number, unit, bar.
const COUNTDOWN: usize = 12;
const BAR: u64 = 6;
/// From so many columns on there is room for the next code.
const WIDE: usize = 90;
/// Columns of the next code: a space, the word, ten digits in two groups.
const NEXT: usize = 18;

/// `issuer:account`, or whichever there is.
pub(super) fn name(row: &Row) -> String {
    match (row.issuer.is_empty(), row.account.is_empty()) {
        (false, false) => format!("{}:{}", row.issuer, row.account),
        (false, true) => row.issuer.clone(),
        _ => row.account.clone(),
    }
}

pub(super) fn draw(model: &Model, frame: &mut Frame<'_>, area: Rect) {
    let width = usize::from(area.width);
    let mut lines = vec![heading(model, width)];
    if model.list.rows.is_empty() {
        lines.extend(
            [
                "",
                "No entries yet.",
                "",
                "a                        add one from its otpauth URI (or paste the URI here)",
                "lifeboat import FILE     bring a phone's export, in the shell",
                "lifeboat restore FILE --merge   bring a bundle's entries, in the shell",
            ]
            .map(Line::from),
        );
    } else if model.list.shown.is_empty() {
        lines.push(Line::from("Nothing fits the filter, so nothing is selected. Esc clears it."));
    }
    let page = usize::from(area.height).saturating_sub(1);
    for place in model.list.shown.iter().skip(model.list.offset).take(page) {
        if let Some(row) = model.list.rows.get(*place) {
            lines.push(line(model, row, width));
        }
    }
    frame.render_widget(Paragraph::new(lines), area);
}

fn heading(model: &Model, width: usize) -> Line<'static> {
    let (shown, all) = (model.list.shown.len(), model.list.rows.len());
    if model.list.filtering || !model.list.filter.is_empty() {
        let filter = crate::entry::label::shown(&model.list.filter);
        let cursor = if model.list.filtering { "_" } else { "" };
        return Line::styled(cut(&format!("/{filter}{cursor}   {shown} of {all}"), width), model.theme.key());
    }
    let words = if all == 1 { "1 entry".to_owned() } else { format!("{all} entries") };
    Line::styled(cut(&words, width), model.theme.quiet())
}

fn line(model: &Model, row: &Row, width: usize) -> Line<'static> {
    let selected = model.list.selected == Some(row.id);
    let marker = match (selected, row.favourite) {
        (true, _) => "> ",
        (false, true) => "* ",
        (false, false) => "  ",
    };
    let revealed = model.list.revealed.get(&row.id);
    let code_width = 13;
    let next_width = if width >= WIDE { NEXT } else { 0 };
    let names = width.saturating_sub(2 + code_width + 1 + COUNTDOWN + next_width).max(8);
    let label = if width >= 60 {
        let issuer = names * 2 / 5;
        format!("{}{}", padded(&row.issuer, issuer), padded(&row.account, names - issuer))
    } else {
        padded(&name(row), names)
    };
    let style = if selected { model.theme.selected() } else { ratatui::style::Style::new() };
    let mut spans = vec![Span::styled(format!("{marker}{label}"), style)];
    spans.push(Span::raw(" "));
    spans.push(code(model, row, revealed, code_width));
    spans.push(Span::raw(countdown(model, row)));
    if let Some(next) = next_code(model, revealed)
        && width >= WIDE
    {
        spans.push(Span::styled(format!("  next {next}"), model.theme.quiet()));
    }
    Line::from(spans)
}

fn code(model: &Model, row: &Row, revealed: Option<&Revealed>, width: usize) -> Span<'static> {
    if let Some(revealed) = revealed {
        let ending = seconds_left(model, row).is_some_and(|left| left <= ENDING_SECONDS);
        let style = if ending { model.theme.ending() } else { model.theme.code() };
        Span::styled(padded(revealed.code.expose(), width), style)
    } else {
        let dot = if model.ascii { "*" } else { "•" };
        Span::styled(padded(&dot.repeat(row.digits), width), model.theme.quiet())
    }
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

/// `12 s ▰▰▰▱▱▱`, by the entry's own period; a counter has none.
fn countdown(model: &Model, row: &Row) -> String {
    let (Some(left), Some(period)) = (seconds_left(model, row), row.period) else {
        return padded("  counter", COUNTDOWN);
    };
    let filled = (left * BAR).div_ceil(period).min(BAR);
    let (full, empty) = if model.ascii { ("#", "-") } else { ("▰", "▱") };
    let part = |symbol: &str, n: u64| symbol.repeat(usize::try_from(n).unwrap_or(0));
    let mark = if left <= ENDING_SECONDS { "!" } else { " " };
    format!("{mark}{left:>3}s {}{}", part(full, filled), part(empty, BAR - filled))
}

/// Cuts or fills a text to a number of columns.
fn padded(text: &str, width: usize) -> String {
    let mut out = cut(text, width.saturating_sub(1));
    let used = out.width();
    out.push_str(&" ".repeat(width.saturating_sub(used)));
    out
}

fn cut(text: &str, width: usize) -> String {
    if text.width() <= width {
        return text.to_owned();
    }
    let mut used = 0;
    let mut out = String::new();
    for c in text.chars() {
        let columns = c.width().unwrap_or(0);
        if used + columns + 1 > width {
            break;
        }
        used += columns;
        out.push(c);
    }
    out.push('…');
    out
}
