//! Bundles: listed, made, looked at, checked, restored into the open vault.

use super::Runner;
use crate::tui::effect::BundleEffect;
use crate::tui::message::Message;

impl Runner {
    /// Does what update wants done about it.
    pub(super) fn for_bundle(&mut self, effect: BundleEffect) -> Vec<Message> {
        match effect {}
    }
}
