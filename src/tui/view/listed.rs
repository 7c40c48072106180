//! A list with what is known of its selected row below it: bundles, share sets.

use ratatui::Frame;
use ratatui::layout::{Position, Rect};
use ratatui::text::Line;
use ratatui::widgets::Paragraph;

use super::report;
use super::window::Window;
use crate::tui::model::Model;

/// Rows that are seen whatever is known of the selected one.
const FEWEST_ROWS: usize = 3;

/// Where the rows are, and what stands below them.
pub(super) struct Layout {
    pub(super) window: Window,
    details: Vec<Line<'static>>,
}

/// Lays out so many rows and the facts of the selected one; `None` where there are no rows.
pub(super) fn layout(
    model: &Model,
    n_rows: Option<usize>,
    selected: usize,
    facts: Option<&[(&'static str, String)]>,
    area: Rect,
) -> Option<Layout> {
    layout_within(model, n_rows, selected, facts, area, usize::from(area.height))
}

/// As [`layout`], where what is known of the selected row takes so many lines at most.
pub(super) fn layout_within(
    model: &Model,
    n_rows: Option<usize>,
    selected: usize,
    facts: Option<&[(&'static str, String)]>,
    area: Rect,
    most: usize,
) -> Option<Layout> {
    let n_rows = n_rows.filter(|n_rows| *n_rows > 0)?;
    let facts = facts.map(|facts| report::facts(model, facts, usize::from(area.width)));
    let mut details = facts.unwrap_or_default();
    let height = usize::from(area.height).saturating_sub(1);
    details.truncate(height.saturating_sub(n_rows.min(FEWEST_ROWS) + 1).min(most));
    let below = if details.is_empty() { 0 } else { details.len() + 1 };
    let window = Window::new(usize::from(area.y) + 1, n_rows, height.saturating_sub(below), selected);
    Some(Layout { window, details })
}

/// Draws the list; `lines` are those of all its rows, of which the seen ones are taken.
pub(super) fn draw(
    frame: &mut Frame<'_>,
    area: Rect,
    layout: Layout,
    selected: usize,
    heading: Line<'static>,
    rows: impl Iterator<Item = Line<'static>>,
) {
    let Layout { window, details } = layout;
    let mut lines = vec![heading];
    for (idx, row) in rows.enumerate().skip(window.skipped).take(window.n_seen) {
        if idx == selected
            && let Ok(y) = u16::try_from(lines.len())
        {
            frame.set_cursor_position(Position { x: area.x, y: area.y + y });
        }
        lines.push(row);
    }
    if !details.is_empty() {
        lines.push(Line::default());
        lines.extend(details);
    }
    frame.render_widget(Paragraph::new(lines), area);
}
