//! Seeds that are pasted as URIs: where they belong, and that they are taken nowhere else.
//!
//! A field that is no seed's is drawn as it is, or shown by one key; what lies on a clipboard is not looked at before
//! it is pasted.

use crate::secret::SecretText;
use crate::tui::message::Message;
use crate::tui::model::{AddForm, Model, Screen};
use crate::tui::secret_field::{SCHEMES, holds_uri};

/// What is said of a URI in the wrong place.
pub(super) const MISPLACED: &str = "this is a URI with a seed in it, which does not belong here: it was not taken, and is wiped. On the \
                         codes (key 1), a opens the form that takes it";

/// A text that begins as a seed's URI does.
pub(super) fn is_uri(text: &SecretText) -> bool {
    let text = text.expose().trim_start();
    SCHEMES
        .iter()
        .any(|scheme| text.get(..scheme.len()).is_some_and(|start| start.eq_ignore_ascii_case(scheme)))
}

/// Refuses a URI that is pasted where it would not be taken for a seed.
pub(super) fn refuse(model: &mut Model, message: Message) -> Option<Message> {
    match message {
        Message::Pasted(text) if holds_uri(text.expose()) && !takes(model, &text) => {
            model.tell(MISPLACED, true);
            None
        }
        message => Some(message),
    }
}

/// The places of seeds: the list, which opens the form for it, and the fields of seeds.
fn takes(model: &Model, text: &SecretText) -> bool {
    if model.dialog.is_some() {
        return false;
    }
    let (form, seed) = match &model.screen {
        Screen::Codes => return is_uri(text),
        Screen::Add(AddForm { proving: None, form, .. }) => (form, "secret"),
        Screen::Edit(edit) => (&edit.form, "seed"),
        Screen::Add(_)
        | Screen::Bundles(_)
        | Screen::Clock(_)
        | Screen::Custodians(_)
        | Screen::Drills(_)
        | Screen::Entry(_)
        | Screen::FirstRun
        | Screen::Incidents(_)
        | Screen::Log(_)
        | Screen::NewVault(_)
        | Screen::Passes(_)
        | Screen::Plan(_)
        | Screen::Restore(_)
        | Screen::Runbooks(_)
        | Screen::Settings(_)
        | Screen::Status(_)
        | Screen::Transfer(_)
        | Screen::Trash(_)
        | Screen::Unlock(_) => return false,
    };
    // In another field of these forms it goes to the seed's.
    is_uri(text) || form.focused().is_some_and(|field| field.key == seed)
}
