//! One entry: what is known about it, changes of it, its QR code and recovery codes.

use super::Runner;
use crate::tui::effect::EntryEffect;
use crate::tui::message::Message;

impl Runner {
    /// Does what update wants done about it.
    pub(super) fn for_entry(&mut self, effect: EntryEffect) -> Vec<Message> {
        match effect {}
    }
}
