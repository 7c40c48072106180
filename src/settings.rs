//! What a person has chosen: how things look, when codes are hidden, when it locks, how a code is copied,
//! whether a reason is asked for, how long a drill counts.
//!
//! Pure: text in, [`Settings`] and warnings out, and never a failure. No setting weakens how the vault
//! is kept, and none can stand between a person and a code for longer than it takes to say why: what cannot
//! be read keeps its default.

pub mod duration;
mod keys;
mod read;
mod reason;
#[cfg(test)]
mod tests;
mod write;

use std::time::Duration;

pub use self::keys::{Key, Kind, Unfit, Value};
pub use self::read::{Warning, parse};
pub use self::reason::{LONGEST as LONGEST_REASON, NotTaken, Rule};
pub use self::write::{NotChanged, template, with_value};

/// Most bytes of a settings file.
pub const LARGEST: usize = 64 << 10;

/// Everything that can be set. What the command line and the environment say goes before it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settings {
    /// Colours.
    pub theme: Theme,
    /// Whether the mouse is taken from the terminal.
    pub mouse: bool,
    /// Whether anything moves by itself.
    pub motion: bool,
    /// Whether ASCII characters alone are drawn.
    pub ascii: bool,
    /// How codes are shown.
    pub codes: Codes,
    /// When the interface locks.
    pub lock: Lock,
    /// How a code is copied and what becomes of the copy.
    pub clipboard: Clipboard,
    /// Whether a reason is asked for.
    pub reasons: Reasons,
    /// What stands on the cards of shares.
    pub cards: Cards,
    /// How long a drill counts.
    pub drills: Drills,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            theme: Theme::Default,
            mouse: false,
            motion: true,
            ascii: false,
            codes: Codes::default(),
            lock: Lock::default(),
            clipboard: Clipboard::default(),
            reasons: Reasons::default(),
            cards: Cards::default(),
            drills: Drills::default(),
        }
    }
}

/// The table `[codes]`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Codes {
    /// Whether codes are hidden until asked for.
    pub masked: bool,
    /// How long a code that was asked for is shown.
    pub shown_for: Duration,
    /// Whether codes are hidden again when the terminal loses the focus.
    pub mask_on_focus_loss: bool,
    /// In which order entries are listed.
    pub sort: Sort,
}

impl Default for Codes {
    fn default() -> Self {
        Self { masked: true, shown_for: Duration::from_secs(30), mask_on_focus_loss: true, sort: Sort::Name }
    }
}

/// The table `[lock]`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lock {
    /// How long nobody has to touch a key before the interface locks. It cannot be turned off.
    pub idle: Duration,
}

impl Default for Lock {
    fn default() -> Self {
        Self { idle: Duration::from_secs(5 * 60) }
    }
}

/// The table `[clipboard]`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Clipboard {
    /// Through what a code is copied.
    pub provider: Provider,
    /// The program and its arguments for [`Provider::Command`]. Empty where none is named, or where
    /// others could have written it: then nothing may be run.
    pub command: Vec<String>,
    /// What becomes of a copy that can be neither read back nor confirmed.
    pub clear: Clear,
    /// How long a copy stays.
    pub clear_after: Duration,
}

impl Default for Clipboard {
    fn default() -> Self {
        Self {
            provider: Provider::Auto,
            command: Vec::new(),
            clear: Clear::Expire,
            clear_after: Duration::from_secs(30),
        }
    }
}

/// The table `[reasons]`.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Reasons {
    /// Whether privileged entries show a code, a seed or recovery codes only for a reason.
    pub privileged: bool,
    /// The regular expression that the whole reason has to match; empty for any text.
    pub pattern: String,
}

impl Reasons {
    /// What a reason has to be like before something of a privileged entry is shown; `None` where none is asked for.
    pub fn rule(&self) -> Option<Rule> {
        self.privileged.then(|| Rule::new(&self.pattern))
    }
}

/// The table `[cards]`.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Cards {
    /// Whom a custodian calls; empty for lines that are filled in by hand.
    pub call: String,
}

/// The table `[drills]`: how long a drill of each level counts before the next one is due.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Drills {
    /// L1: the bundle was opened.
    pub opens: Duration,
    /// L2: it was restored into memory and compared.
    pub restored: Duration,
    /// L3: services accepted its codes.
    pub accepted: Duration,
}

impl Default for Drills {
    fn default() -> Self {
        let days = |days: u64| Duration::from_secs(days * 86_400);
        Self { opens: days(90), restored: days(180), accepted: days(365) }
    }
}

/// Colours of the terminal interface.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Theme {
    /// The terminal's own sixteen colours.
    Default,
    /// Bold and reverse, and bright colours alone.
    HighContrast,
    /// No colour at all.
    Plain,
}

impl Theme {
    /// Every choice, in the order in which they are offered.
    pub const ALL: [Self; 3] = [Self::Default, Self::HighContrast, Self::Plain];

    /// The word in the file.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Default => "default",
            Self::HighContrast => "high-contrast",
            Self::Plain => "plain",
        }
    }

    /// Reads that word.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|choice| choice.name() == name)
    }
}

/// In which order entries are listed. Favourites come first in each.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sort {
    /// By issuer and account.
    Name,
    /// What was used last comes first.
    Recent,
    /// By tag.
    Tag,
    /// What waits to be proven or backed up comes first.
    Due,
}

impl Sort {
    /// Every choice, in the order in which they are offered.
    pub const ALL: [Self; 4] = [Self::Name, Self::Recent, Self::Tag, Self::Due];

    /// The word in the file.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Name => "name",
            Self::Recent => "recent",
            Self::Tag => "tag",
            Self::Due => "due",
        }
    }

    /// Reads that word.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|choice| choice.name() == name)
    }
}

/// Through what a code is copied.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Provider {
    /// What fits where the program runs.
    Auto,
    /// `wl-copy`.
    Wayland,
    /// `xclip` or `xsel`.
    X11,
    /// `pbcopy`.
    Macos,
    /// `clip.exe`.
    Windows,
    /// The buffer of tmux.
    Tmux,
    /// The terminal itself, by the escape sequence OSC 52.
    Osc52,
    /// A program of one's own: [`Clipboard::command`].
    Command,
    /// Nothing: codes are not copied.
    None,
}

impl Provider {
    /// Every choice, in the order in which they are offered.
    pub const ALL: [Self; 9] = [
        Self::Auto,
        Self::Wayland,
        Self::X11,
        Self::Macos,
        Self::Windows,
        Self::Tmux,
        Self::Osc52,
        Self::Command,
        Self::None,
    ];

    /// The word in the file.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Auto => "auto",
            Self::Wayland => "wayland",
            Self::X11 => "x11",
            Self::Macos => "macos",
            Self::Windows => "windows",
            Self::Tmux => "tmux",
            Self::Osc52 => "osc52",
            Self::Command => "command",
            Self::None => "none",
        }
    }

    /// Reads that word.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|choice| choice.name() == name)
    }
}

/// What becomes of a copy that can be neither read back nor confirmed, as with OSC 52. A copy that can
/// be read back is cleared if it is still ours, whatever this says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Clear {
    /// It is left to expire with its code: clearing could destroy what somebody has copied since.
    Expire,
    /// It is overwritten, whatever is there by then.
    Always,
}

impl Clear {
    /// Every choice, in the order in which they are offered.
    pub const ALL: [Self; 2] = [Self::Expire, Self::Always];

    /// The word in the file.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Expire => "expire",
            Self::Always => "always",
        }
    }

    /// Reads that word.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|choice| choice.name() == name)
    }
}
