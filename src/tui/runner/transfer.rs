//! Files of other programs: recognised, previewed, taken; and written.

use super::Runner;
use crate::tui::effect::TransferEffect;
use crate::tui::message::Message;

impl Runner {
    /// Does what update wants done about it.
    pub(super) fn for_transfer(&mut self, effect: TransferEffect) -> Vec<Message> {
        match effect {}
    }
}
