//! The bundles, and what is done with them.

use ratatui::Frame;
use ratatui::layout::Rect;

use crate::tui::model::{BundlesPage, Model};

pub(super) fn draw(_model: &Model, _page: &BundlesPage, _frame: &mut Frame<'_>, _area: Rect) {}
