//! The bundles: listed, made, looked at, checked, restored into this vault.

#![expect(clippy::wildcard_enum_match_arm, reason = "what a screen does not know means nothing to it")]

use crate::tui::effect::Effect;
use crate::tui::message::Message;
use crate::tui::model::{Model, Screen};

/// What the place of bundles does with a message.
pub(super) fn update(model: &mut Model, message: Message) -> Vec<Effect> {
    match message {
        Message::Back => model.screen = Screen::Codes,
        Message::Failed(failure) => super::fail(model, &failure),
        _ => {}
    }
    Vec::new()
}

/// What is offered about bundles on several screens.
pub(super) fn act(_model: &mut Model, _message: Message) -> Vec<Effect> {
    Vec::new()
}

/// The place has come onto the screen, or the vault has changed under it.
pub(super) fn opened(_model: &mut Model) -> Vec<Effect> {
    Vec::new()
}

/// The file that is there may be replaced.
pub(super) fn overwrite(_model: &mut Model) -> Vec<Effect> {
    Vec::new()
}
