//! Files of other programs: what is asked, what they hold, what became of it.

use ratatui::Frame;
use ratatui::layout::Rect;

use crate::tui::model::{Model, TransferForm};

pub(super) fn draw(_model: &Model, _form: &TransferForm, _frame: &mut Frame<'_>, _area: Rect) {}
