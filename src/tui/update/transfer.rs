//! Files of other programs: read into the vault, or written from it.

use crate::tui::effect::Effect;
use crate::tui::message::Message;
use crate::tui::model::Model;

/// What the screens of files do with a message.
pub(super) fn update(_model: &mut Model, _message: Message) -> Vec<Effect> {
    Vec::new()
}

/// What is offered about files on several screens.
pub(super) fn act(_model: &mut Model, _message: Message) -> Vec<Effect> {
    Vec::new()
}
