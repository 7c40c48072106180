//! The page of the status: opened from everywhere, read anew when the vault has changed.

#![expect(clippy::wildcard_enum_match_arm, reason = "what a page does not know means nothing to it")]

use crate::tui::effect::Effect;
use crate::tui::message::Message;
use crate::tui::model::{Model, Screen, StatusKnown, StatusPage};
use crate::tui::view::most_above_status;

pub(super) fn open(model: &mut Model) -> Vec<Effect> {
    model.list.filtering = false;
    model.screen = Screen::Status(StatusPage::default());
    // It says more than the line that has led here.
    model.notice = None;
    vec![Effect::ReadStatus]
}

/// The vault may have changed while the page is looked at.
pub(super) fn changed(model: &Model) -> Option<Effect> {
    matches!(model.screen, Screen::Status(_)).then_some(Effect::ReadStatus)
}

pub(super) fn read(model: &mut Model, known: StatusKnown) {
    if let Screen::Status(page) = &mut model.screen {
        page.known = Some(known);
    }
}

pub(super) fn update(model: &mut Model, message: Message) -> Vec<Effect> {
    match message {
        Message::Back => model.screen = Screen::Codes,
        Message::Move(lines) => move_by(model, lines),
        Message::MoveToFirst => move_by(model, isize::MIN / 2),
        Message::MoveToLast => move_by(model, isize::MAX / 2),
        Message::Failed(failure) => super::fail(model, &failure),
        _ => {}
    }
    Vec::new()
}

fn move_by(model: &mut Model, lines: isize) {
    let Screen::Status(page) = &model.screen else { return };
    let most = most_above_status(model, page);
    if let Screen::Status(page) = &mut model.screen {
        page.scroll(lines, most);
    }
}
