//! What a file would bring, and what was done.

use ratatui::Frame;
use ratatui::layout::{Position, Rect};
use ratatui::style::Style;
use ratatui::text::{Line, Span};
use ratatui::widgets::Paragraph;
use unicode_width::UnicodeWidthStr as _;

use super::parts::{cut, padded, wrap};
use crate::tui::model::{Done, Model, Report};

/// Columns of the word that says what becomes of an entry.
const OUTCOME: usize = 15;
/// Columns of the name of a fact.
const FACT: usize = 12;
/// Most lines of the summary, so that rows are seen below it.
const MOST_SUMMARY: usize = 5;

/// The summary stays; the rows move under it.
pub(super) fn report(model: &Model, report: &Report, frame: &mut Frame<'_>, area: Rect) {
    let width = usize::from(area.width);
    let height = usize::from(area.height);
    let mut lines: Vec<Line<'static>> = report
        .summary
        .iter()
        .flat_map(|line| wrap(line, width))
        .take(MOST_SUMMARY.min(height / 2).max(1))
        .map(Line::from)
        .collect();
    lines.push(Line::default());
    let keys = match (report.n_written, report.n_refused) {
        (0, _) => "Nothing would be written. Esc goes back.",
        (_, 0) => "Enter takes them, Esc takes nothing.",
        _ => "All or nothing: s takes those that can be taken, Esc takes nothing.",
    };
    let keys = wrap(keys, width);
    let room = height.saturating_sub(lines.len() + keys.len() + 1);
    if let Ok(y) = u16::try_from(lines.len()) {
        frame.set_cursor_position(Position { x: area.x, y: area.y + y.min(area.height.saturating_sub(1)) });
    }
    let first = lines.len();
    for row in report.rows.iter().skip(report.offset) {
        if lines.len() - first >= room {
            break;
        }
        let style = if row.is_refused { model.theme.wrong() } else { Style::new() };
        let mark = if row.is_refused { "! " } else { "  " };
        let outcome_width = OUTCOME.min(width / 2);
        let outcome =
            Span::styled(format!("{mark}{}", padded(row.outcome, outcome_width, model.ascii)), style);
        let room = width.saturating_sub(outcome.width());
        lines.push(Line::from(vec![outcome, Span::raw(cut(&row.name, room, model.ascii))]));
        let indent = " ".repeat(outcome_width + 2);
        for note in row.notes.iter().flat_map(|note| wrap(note, room)) {
            lines.push(Line::from(vec![
                Span::raw(indent.clone()),
                Span::styled(note, if row.is_refused { style } else { model.theme.quiet() }),
            ]));
        }
    }
    lines.truncate(first + room);
    while lines.len() < height.saturating_sub(keys.len()) {
        lines.push(Line::default());
    }
    lines.extend(keys.into_iter().map(|line| Line::styled(line, model.theme.key())));
    frame.render_widget(Paragraph::new(lines), area);
}

/// What was done, what is known of it, what to do next.
pub(super) fn done(model: &Model, done: &Done, frame: &mut Frame<'_>, area: Rect) {
    let width = usize::from(area.width);
    let mut lines = vec![Line::default()];
    let mut add = |text: &str, style: Style| {
        lines.extend(wrap(text, width).into_iter().map(|line| Line::styled(line, style)));
    };
    add(&done.what, model.theme.title());
    for warning in &done.warnings {
        add(&format!("! {warning}"), model.theme.wrong());
    }
    lines.push(Line::default());
    lines.extend(facts(model, &done.facts, width));
    if !done.next.is_empty() {
        lines.push(Line::default());
    }
    for step in &done.next {
        lines.extend(wrap(step, width).into_iter().map(Line::from));
    }
    let most = lines.len().saturating_sub(usize::from(area.height));
    frame.set_cursor_position(Position { x: area.x, y: area.y });
    let shown: Vec<Line<'_>> = lines.into_iter().skip(done.offset.min(most)).collect();
    frame.render_widget(Paragraph::new(shown), area);
}

/// How many lines of what was done can lie above a screen that shows its end.
pub fn most_above(done: &Done, size: (u16, u16)) -> usize {
    let width = usize::from(size.0);
    let wrapped = |text: &str, width: usize| wrap(text, width).len();
    let warnings: usize = done.warnings.iter().map(|text| wrapped(&format!("! {text}"), width)).sum();
    let column = FACT.min(width / 3);
    let facts: usize = done.facts.iter().map(|(_, text)| wrapped(text, width.saturating_sub(column))).sum();
    let next: usize = done.next.iter().map(|text| wrapped(text, width)).sum();
    let blank = 2 + usize::from(next > 0);
    // Title, notice and footer take a line each.
    (wrapped(&done.what, width) + warnings + facts + next + blank)
        .saturating_sub(usize::from(size.1).saturating_sub(3))
}

/// Names and what is known, the names in a column; continued lines stand under the words.
pub(super) fn facts(model: &Model, facts: &[(&'static str, String)], width: usize) -> Vec<Line<'static>> {
    let column = FACT.min(width / 3);
    let mut lines = Vec::new();
    for (name, text) in facts {
        for (idx, line) in wrap(text, width.saturating_sub(column)).into_iter().enumerate() {
            let name = if idx == 0 { padded(name, column, model.ascii) } else { " ".repeat(column) };
            let name = if name.width() > column { cut(&name, column, model.ascii) } else { name };
            lines.push(Line::from(vec![Span::styled(name, model.theme.quiet()), Span::raw(line)]));
        }
    }
    lines
}
