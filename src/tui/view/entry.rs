//! Everything about one entry, the form that changes it, and its QR code.

use ratatui::Frame;
use ratatui::layout::Rect;

use crate::tui::model::{EditForm, EntryPage, Model, Picture};

pub(super) fn draw(_model: &Model, _page: &EntryPage, _frame: &mut Frame<'_>, _area: Rect) {}

pub(super) fn edit(_model: &Model, _form: &EditForm, _frame: &mut Frame<'_>, _area: Rect) {}

/// What is known about the selected entry, beside the list.
pub(super) fn panel(_model: &Model, _frame: &mut Frame<'_>, _area: Rect) {}

/// A QR code over the screen.
pub(super) fn picture(_model: &Model, _picture: &Picture, _frame: &mut Frame<'_>, _body: Rect) {}
