//! The page of the status.

use ratatui::Frame;
use ratatui::layout::{Position, Rect};
use ratatui::style::Style;
use ratatui::text::{Line, Span};
use ratatui::widgets::Paragraph;
use unicode_width::UnicodeWidthStr as _;

use super::parts::wrap;
use super::report::facts;
use crate::tui::model::{Model, StatusKnown, StatusPage};

/// Columns of the word of a group.
const GROUP: usize = 12;

pub(super) fn draw(model: &Model, page: &StatusPage, frame: &mut Frame<'_>, area: Rect) {
    let Some(known) = &page.known else { return };
    let lines = lines(model, known, usize::from(area.width));
    let most = lines.len().saturating_sub(usize::from(area.height));
    frame.set_cursor_position(Position { x: area.x, y: area.y });
    let shown: Vec<Line<'_>> = lines.into_iter().skip(page.offset.min(most)).collect();
    frame.render_widget(Paragraph::new(shown), area);
}

/// How many lines can lie above a screen that shows the end.
pub fn most_above_status(model: &Model, page: &StatusPage) -> usize {
    let Some(known) = &page.known else { return 0 };
    // Title, notice and footer take a line each.
    let height = usize::from(model.size.1).saturating_sub(3);
    lines(model, known, usize::from(model.size.0)).len().saturating_sub(height)
}

/// What there is to see to comes first here: the facts are what can wait.
fn lines(model: &Model, known: &StatusKnown, width: usize) -> Vec<Line<'static>> {
    let mut lines = Vec::new();
    let column = GROUP.min(width / 3);
    let room = width.saturating_sub(column);
    let mut last = "";
    for row in &known.rows {
        let group = if row.group == last { "" } else { row.group };
        last = row.group;
        let style = if row.counts { model.theme.wrong() } else { model.theme.ending() };
        for (idx, words) in wrap(&row.words, room).into_iter().enumerate() {
            let group = if idx == 0 { group.to_uppercase() } else { String::new() };
            let padding = " ".repeat(column.saturating_sub(group.width()));
            lines.push(Line::from(vec![Span::styled(group, style), Span::raw(padding), Span::raw(words)]));
        }
        let names = wrap(&row.names, room.saturating_sub(2)).into_iter().filter(|line| !line.is_empty());
        lines.extend(names.map(|line| Line::styled(format!("{:column$}  {line}", ""), Style::new())));
    }
    if !known.rows.iter().any(|row| row.counts) {
        lines.push(Line::raw("Nothing is due."));
    }
    lines.push(Line::default());
    lines.extend(facts(model, &known.facts, width));
    lines
}
