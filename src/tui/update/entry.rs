//! Everything about one entry: what is known, changing it, proof, its QR code, its recovery codes.

#![expect(clippy::wildcard_enum_match_arm, reason = "what a screen does not know means nothing to it")]

use crate::tui::effect::Effect;
use crate::tui::message::Message;
use crate::tui::model::{EntryPage, Model, Question, Screen};

/// What the entry page and the form that changes an entry do with a message.
pub(super) fn update(model: &mut Model, message: Message) -> Vec<Effect> {
    match message {
        Message::Back => model.screen = Screen::Codes,
        Message::Failed(failure) => super::fail(model, &failure),
        _ => {}
    }
    Vec::new()
}

/// What is offered about an entry on several screens.
pub(super) fn act(model: &mut Model, message: Message) -> Vec<Effect> {
    let Some(id) = model.subject() else {
        model.tell("nothing is selected", false);
        return Vec::new();
    };
    if matches!(message, Message::OpenEntry) {
        model.screen = Screen::Entry(EntryPage::new(id));
        return opened(model);
    }
    Vec::new()
}

/// The page of an entry has come onto the screen, or the vault has changed under it.
pub(super) fn opened(_model: &mut Model) -> Vec<Effect> {
    Vec::new()
}

/// Asks for what is known about the selected entry, where it is shown beside the list.
pub(super) fn described(_model: &mut Model) -> Vec<Effect> {
    Vec::new()
}

/// A question about an entry was answered with yes.
pub(super) fn confirmed(_model: &mut Model, _question: Question) -> Vec<Effect> {
    Vec::new()
}
