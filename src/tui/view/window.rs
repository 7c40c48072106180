//! Which rows of a list are on the screen, and where: drawing goes by it, and so does a click.

use ratatui::layout::Rect;

use super::{bundles, custodians, dialogs, drills, incidents, log, pages, passes, plan, runbooks};
use crate::tui::model::{Dialog, Doing, Keeping, LogStep, Model, Screen};

/// The part of a list that is seen; the selected row is always in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Window {
    /// Line of the screen on which the first row stands.
    pub(super) top: usize,
    /// Rows before it.
    pub(super) skipped: usize,
    /// Rows that are seen.
    pub(super) n_seen: usize,
}

impl Window {
    /// As much of the list as fits into a height, with the selected row at its end where it has to be scrolled.
    pub(super) fn new(top: usize, n_rows: usize, height: usize, selected: usize) -> Self {
        let skipped = (selected + 1).saturating_sub(height);
        Self { top, skipped, n_seen: n_rows.saturating_sub(skipped).min(height) }
    }

    fn row_at(self, line: usize) -> Option<usize> {
        let row = line.checked_sub(self.top).filter(|row| *row < self.n_seen)?;
        Some(self.skipped + row)
    }
}

/// The row of a list that stands on a line of the screen. The entries' own list is not among these.
pub fn row_at(model: &Model, line: u16) -> Option<usize> {
    // Title above; notice and footer below.
    let body = Rect { x: 0, y: 1, width: model.size.0, height: model.size.1.saturating_sub(3) };
    let window = match (&model.dialog, &model.screen) {
        (Some(Dialog::Palette { .. } | Dialog::Picker(_)), _) => dialogs::window(model, body)?,
        (None, Screen::Bundles(page)) if matches!(page.doing, Doing::List) => {
            bundles::window(model, page, body)?
        }
        (None, Screen::Custodians(page)) if matches!(page.doing, Keeping::List) => {
            custodians::window(model, page, body)?
        }
        (None, Screen::Drills(page)) => drills::window(model, page, body)?,
        (None, Screen::Log(page)) if matches!(page.doing, LogStep::List) => log::window(model, page, body)?,
        (None, Screen::Passes(page)) => passes::window(model, page, body)?,
        (None, Screen::Incidents(page)) => incidents::window(model, page, body)?,
        (None, Screen::Plan(page)) => plan::window(model, page, body)?,
        (None, Screen::Runbooks(page)) => runbooks::window(model, page, body)?,
        (None, Screen::Settings(page)) => pages::settings_window(model, page, body),
        (None, Screen::Trash(page)) => pages::trash_window(page, body)?,
        _ => return None,
    };
    window.row_at(usize::from(line))
}
