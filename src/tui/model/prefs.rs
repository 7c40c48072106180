//! What the settings say of the screens.

use super::{IDLE_SECONDS, REVEALED_SECONDS, Sort};
use crate::settings::Rule;
use crate::tui::theme::Theme;

/// What the settings say of the screens.
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "each is a setting of its own")]
pub struct Prefs {
    /// Codes are hidden until they are asked for.
    pub masked: bool,
    /// Seconds that a code stays visible.
    pub shown_seconds: u64,
    /// Codes are hidden while the keyboard is elsewhere.
    pub mask_on_focus_loss: bool,
    /// Seconds without a key after which the vault is locked.
    pub idle_seconds: u64,
    /// Order of the entries at the start.
    pub sort: Sort,
    /// Bars move, and not only numbers.
    pub motion: bool,
    /// Clicks and the wheel are taken from the terminal.
    pub mouse: bool,
    /// ASCII alone.
    pub ascii: bool,
    /// Styles.
    pub theme: Theme,
    /// What a reason has to be like before something of a privileged entry is shown; `None` where none is asked for.
    pub reasons: Option<Rule>,
}

impl Default for Prefs {
    fn default() -> Self {
        Self {
            masked: true,
            shown_seconds: REVEALED_SECONDS,
            mask_on_focus_loss: true,
            idle_seconds: IDLE_SECONDS,
            sort: Sort::Name,
            motion: true,
            mouse: false,
            ascii: false,
            theme: Theme::new(true),
            reasons: None,
        }
    }
}
