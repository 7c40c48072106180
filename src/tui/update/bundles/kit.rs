//! A custodian's kit: where it goes, and whether it names anybody.

use crate::tui::effect::{BundleEffect, Effect};
use crate::tui::form::Applied;
use crate::tui::message::Message;
use crate::tui::model::{BundlesPage, Doing, KitForm, Model, Screen};
use crate::tui::update::forms;

/// Begins a kit.
pub(super) fn begin(model: &mut Model) -> Vec<Effect> {
    let effects = super::show_page(model);
    if let Screen::Bundles(page) = &mut model.screen {
        page.doing = Doing::Kit(KitForm::begin());
    }
    effects
}

pub(super) fn update(page: &mut BundlesPage, message: Message) -> Vec<Effect> {
    let Doing::Kit(kit) = &mut page.doing else { return Vec::new() };
    match kit.form.apply(message) {
        Applied::Edited => kit.wrong = None,
        Applied::NotTaken(Message::Submit) if kit.folder().is_empty() => {
            kit.wrong = Some("type the path of the folder that is to be made".to_owned());
        }
        Applied::NotTaken(Message::Submit) => {
            let folder = kit.folder().to_owned();
            return vec![Effect::Bundle(BundleEffect::MakeKit { folder, names: kit.names() })];
        }
        Applied::NotTaken(Message::Failed(failure)) => kit.wrong = Some(forms::in_place(&failure)),
        Applied::NotTaken(Message::Back) => page.doing = Doing::List,
        Applied::Moved | Applied::NotTaken(_) => {}
    }
    Vec::new()
}
