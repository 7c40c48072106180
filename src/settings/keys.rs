//! The one table of settings: what each is called, takes and does. The template, the reader and the
//! writer are made of it, and the manual page is held against it.

use std::fmt;
use std::time::Duration;

use super::{Clear, Provider, Settings, Sort, Theme, duration, reason};
use crate::entry::label::quoted;

/// One thing that can be set.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Key {
    /// [`Settings::theme`]
    Theme,
    /// [`Settings::mouse`]
    Mouse,
    /// [`Settings::motion`]
    Motion,
    /// [`Settings::ascii`]
    Ascii,
    /// [`Codes::masked`](super::Codes::masked)
    Masked,
    /// [`Codes::shown_for`](super::Codes::shown_for)
    ShownFor,
    /// [`Codes::mask_on_focus_loss`](super::Codes::mask_on_focus_loss)
    MaskOnFocusLoss,
    /// [`Codes::sort`](super::Codes::sort)
    Sort,
    /// [`Lock::idle`](super::Lock::idle)
    Idle,
    /// [`Clipboard::provider`](super::Clipboard::provider)
    Provider,
    /// [`Clipboard::command`](super::Clipboard::command)
    Command,
    /// [`Clipboard::clear`](super::Clipboard::clear)
    Clear,
    /// [`Clipboard::clear_after`](super::Clipboard::clear_after)
    ClearAfter,
    /// [`Reasons::privileged`](super::Reasons::privileged)
    Privileged,
    /// [`Reasons::pattern`](super::Reasons::pattern)
    Pattern,
    /// [`Cards::call`](super::Cards::call)
    Call,
    /// [`Drills::opens`](super::Drills::opens)
    Opens,
    /// [`Drills::restored`](super::Drills::restored)
    Restored,
    /// [`Drills::accepted`](super::Drills::accepted)
    Accepted,
}

impl Key {
    /// Every key, in the order of the template: those above all tables first, then table by table.
    pub const ALL: [Self; 19] = [
        Self::Theme,
        Self::Mouse,
        Self::Motion,
        Self::Ascii,
        Self::Masked,
        Self::ShownFor,
        Self::MaskOnFocusLoss,
        Self::Sort,
        Self::Idle,
        Self::Provider,
        Self::Command,
        Self::Clear,
        Self::ClearAfter,
        Self::Privileged,
        Self::Pattern,
        Self::Call,
        Self::Opens,
        Self::Restored,
        Self::Accepted,
    ];

    /// The tables, in the order of the template.
    pub const TABLES: [&'static str; 6] = ["codes", "lock", "clipboard", "reasons", "cards", "drills"];

    /// The name with that of its table: `codes.masked`.
    pub const fn path(self) -> &'static str {
        match self {
            Self::Theme => "theme",
            Self::Mouse => "mouse",
            Self::Motion => "motion",
            Self::Ascii => "ascii",
            Self::Masked => "codes.masked",
            Self::ShownFor => "codes.shown_for",
            Self::MaskOnFocusLoss => "codes.mask_on_focus_loss",
            Self::Sort => "codes.sort",
            Self::Idle => "lock.idle",
            Self::Provider => "clipboard.provider",
            Self::Command => "clipboard.command",
            Self::Clear => "clipboard.clear",
            Self::ClearAfter => "clipboard.clear_after",
            Self::Privileged => "reasons.privileged",
            Self::Pattern => "reasons.pattern",
            Self::Call => "cards.call",
            Self::Opens => "drills.opens",
            Self::Restored => "drills.restored",
            Self::Accepted => "drills.accepted",
        }
    }

    /// Finds a key by its path.
    pub fn parse(path: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|key| key.path() == path)
    }

    /// The table that it stands in; `None` for what stands above all tables.
    pub fn table(self) -> Option<&'static str> {
        self.path().split_once('.').map(|(table, _)| table)
    }

    /// The name within its table.
    pub fn name(self) -> &'static str {
        self.path().split_once('.').map_or_else(|| self.path(), |(_, name)| name)
    }

    /// What it does, in sentences.
    pub const fn does(self) -> &'static str {
        match self {
            Self::Theme => {
                "Colours: the terminal's own sixteen, bold and bright ones alone, or none. NO_COLOR and --color go \
                 before this."
            }
            Self::Mouse => {
                "Take the mouse from the terminal, to select and scroll with it. The terminal's own selecting and \
                 copying then need the Shift key."
            }
            Self::Motion => {
                "Let what is shown move by itself, as the countdown does. NO_MOTION goes before this."
            }
            Self::Ascii => "Draw with ASCII characters alone, as --ascii does.",
            Self::Masked => "Hide codes until they are asked for.",
            Self::ShownFor => "Hide a code again that was asked for, after so long.",
            Self::MaskOnFocusLoss => {
                "Hide all codes when another window gets the focus, where the terminal tells of it."
            }
            Self::Sort => {
                "List entries by name, by what was used last, by tag, or by what is due first. Favourites come first \
                 in each."
            }
            Self::Idle => {
                "Lock when no key was pressed for so long. It cannot be turned off: an unlocked vault that was \
                 forgotten is everybody's."
            }
            Self::Provider => {
                "Through what a code is copied. \"osc52\" asks the terminal itself, over SSH too, and \"auto\" does that \
                 unless the terminal is known to be of no use; \"command\" runs the program below; \"none\" copies \
                 nothing. It holds from the next start on."
            }
            Self::Command => {
                "The program for \"command\", with its arguments, as in [\"xclip\", \"-selection\", \"clipboard\"]. \
                 The code goes to its standard input. It is not run when somebody else could have written this file."
            }
            Self::Clear => {
                "What becomes of a copy that can be neither read back nor confirmed, as with \"osc52\": left to \
                 expire with its code, or always overwritten, whatever was copied since. A copy that can be read back \
                 is cleared if it is still ours."
            }
            Self::ClearAfter => "Clear a copy after so long.",
            Self::Privileged => {
                "Ask for a reason before a code, the seed or recovery codes of a privileged entry are shown; the log \
                 keeps it. It reminds and records, and is no lock: who can edit this file can switch it off."
            }
            Self::Pattern => {
                "What the whole reason has to match, as in \"INC-[0-9]+\"; empty for any text that is not blank. A \
                 pattern that is none asks for any text."
            }
            Self::Call => {
                "Whom a custodian calls, with the telephone number, as it is to stand on the cards of shares. Empty \
                 leaves two lines on each card to fill in by hand."
            }
            Self::Opens => "How long it counts that a person opened a bundle in a drill (L1).",
            Self::Restored => {
                "How long it counts that a bundle was restored into memory and had the live vault's seeds (L2)."
            }
            Self::Accepted => "How long it counts that services accepted a bundle's codes (L3).",
        }
    }

    /// What it takes.
    pub fn kind(self) -> Kind {
        match self {
            Self::Mouse
            | Self::Motion
            | Self::Ascii
            | Self::Masked
            | Self::MaskOnFocusLoss
            | Self::Privileged => Kind::Flag,
            Self::Theme => Kind::Choice(Theme::ALL.map(Theme::name).to_vec()),
            Self::Sort => Kind::Choice(Sort::ALL.map(Sort::name).to_vec()),
            Self::Provider => Kind::Choice(Provider::ALL.map(Provider::name).to_vec()),
            Self::Clear => Kind::Choice(Clear::ALL.map(Clear::name).to_vec()),
            Self::ShownFor | Self::ClearAfter => times(5, 10 * 60),
            Self::Idle => times(30, 2 * 3600),
            Self::Opens | Self::Restored | Self::Accepted => times(86_400, 3650 * 86_400),
            Self::Command => Kind::Command,
            Self::Pattern => Kind::Pattern,
            Self::Call => Kind::Text { most: 120 },
        }
    }

    /// What it is set to.
    pub fn value(self, settings: &Settings) -> Value {
        let Settings { theme, mouse, motion, ascii, codes, lock, clipboard, reasons, cards, drills } =
            settings;
        match self {
            Self::Theme => Value::Choice(theme.name()),
            Self::Mouse => Value::Flag(*mouse),
            Self::Motion => Value::Flag(*motion),
            Self::Ascii => Value::Flag(*ascii),
            Self::Masked => Value::Flag(codes.masked),
            Self::ShownFor => Value::Time(codes.shown_for),
            Self::MaskOnFocusLoss => Value::Flag(codes.mask_on_focus_loss),
            Self::Sort => Value::Choice(codes.sort.name()),
            Self::Idle => Value::Time(lock.idle),
            Self::Provider => Value::Choice(clipboard.provider.name()),
            Self::Command => Value::Command(clipboard.command.clone()),
            Self::Clear => Value::Choice(clipboard.clear.name()),
            Self::ClearAfter => Value::Time(clipboard.clear_after),
            Self::Privileged => Value::Flag(reasons.privileged),
            Self::Pattern => Value::Text(reasons.pattern.clone()),
            Self::Call => Value::Text(cards.call.clone()),
            Self::Opens => Value::Time(drills.opens),
            Self::Restored => Value::Time(drills.restored),
            Self::Accepted => Value::Time(drills.accepted),
        }
    }

    /// Sets it.
    ///
    /// # Errors
    ///
    /// [`Unfit`] when it doesn't take that; then nothing is set.
    pub fn set(self, settings: &mut Settings, value: &Value) -> Result<(), Unfit> {
        let unfit = Unfit { key: self };
        if !self.kind().fits(value) {
            return Err(unfit);
        }
        match (self, value) {
            (Self::Theme, Value::Choice(name)) => settings.theme = Theme::parse(name).ok_or(unfit)?,
            (Self::Mouse, Value::Flag(flag)) => settings.mouse = *flag,
            (Self::Motion, Value::Flag(flag)) => settings.motion = *flag,
            (Self::Ascii, Value::Flag(flag)) => settings.ascii = *flag,
            (Self::Masked, Value::Flag(flag)) => settings.codes.masked = *flag,
            (Self::ShownFor, Value::Time(time)) => settings.codes.shown_for = *time,
            (Self::MaskOnFocusLoss, Value::Flag(flag)) => settings.codes.mask_on_focus_loss = *flag,
            (Self::Sort, Value::Choice(name)) => settings.codes.sort = Sort::parse(name).ok_or(unfit)?,
            (Self::Idle, Value::Time(time)) => settings.lock.idle = *time,
            (Self::Provider, Value::Choice(name)) => {
                settings.clipboard.provider = Provider::parse(name).ok_or(unfit)?;
            }
            (Self::Command, Value::Command(words)) => settings.clipboard.command.clone_from(words),
            (Self::Clear, Value::Choice(name)) => {
                settings.clipboard.clear = Clear::parse(name).ok_or(unfit)?;
            }
            (Self::ClearAfter, Value::Time(time)) => settings.clipboard.clear_after = *time,
            (Self::Privileged, Value::Flag(flag)) => settings.reasons.privileged = *flag,
            (Self::Pattern, Value::Text(pattern)) => settings.reasons.pattern.clone_from(pattern),
            (Self::Call, Value::Text(text)) => settings.cards.call.clone_from(text),
            (Self::Opens, Value::Time(time)) => settings.drills.opens = *time,
            (Self::Restored, Value::Time(time)) => settings.drills.restored = *time,
            (Self::Accepted, Value::Time(time)) => settings.drills.accepted = *time,
            (_, Value::Choice(_) | Value::Command(_) | Value::Flag(_) | Value::Text(_) | Value::Time(_)) => {
                return Err(unfit);
            }
        }
        Ok(())
    }
}

/// Says that a key doesn't take a value, and what it does take.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("{} takes {}", key.path(), key.kind())]
pub struct Unfit {
    /// The key.
    pub key: Key,
}

const fn times(least_seconds: u64, most_seconds: u64) -> Kind {
    Kind::Time { least: Duration::from_secs(least_seconds), most: Duration::from_secs(most_seconds) }
}

/// What a key takes. Its `Display` says it in words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Kind {
    /// Yes or no.
    Flag,
    /// One of these words.
    Choice(Vec<&'static str>),
    /// A length of time, both ends included.
    Time {
        /// The shortest.
        least: Duration,
        /// The longest.
        most: Duration,
    },
    /// A program and its arguments.
    Command,
    /// A regular expression.
    Pattern,
    /// One line of text.
    Text {
        /// Most characters.
        most: usize,
    },
}

impl Kind {
    /// Reads a value as a person types it: `true`, `high-contrast`, `5m`; `None` when it is none that fits.
    /// A command is written as in the file, as a list.
    pub fn read(&self, text: &str) -> Option<Value> {
        let text = text.trim();
        let value = match self {
            Self::Flag => Value::Flag(text.parse().ok()?),
            Self::Choice(names) => Value::Choice(names.iter().find(|name| **name == text)?),
            Self::Time { .. } => Value::Time(duration::parse(text)?),
            Self::Command => return super::read::command(text).filter(|value| self.fits(value)),
            Self::Pattern | Self::Text { .. } => Value::Text(text.to_owned()),
        };
        self.fits(&value).then_some(value)
    }

    pub(super) fn fits(&self, value: &Value) -> bool {
        match (self, value) {
            (Self::Flag, Value::Flag(_)) => true,
            (Self::Choice(names), Value::Choice(name)) => names.contains(name),
            (Self::Time { least, most }, Value::Time(time)) => {
                least <= time && time <= most && time.subsec_nanos() == 0
            }
            (Self::Pattern, Value::Text(pattern)) => reason::compile(pattern).is_ok(),
            // No system starts a program with a zero in its name or its arguments.
            (Self::Command, Value::Command(words)) => {
                words.first().is_none_or(|program| !program.is_empty())
                    && words.iter().all(|word| !word.contains('\0'))
            }
            (Self::Text { most }, Value::Text(text)) => {
                text.chars().count() <= *most && !text.chars().any(char::is_control)
            }
            _ => false,
        }
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Flag => f.write_str("true or false"),
            Self::Choice(names) => {
                let names: Vec<String> = names.iter().map(|name| format!("{name:?}")).collect();
                match names.split_last() {
                    Some((last, others)) if !others.is_empty() => {
                        write!(f, "{} or {last}", others.join(", "))
                    }
                    _ => f.write_str(&names.concat()),
                }
            }
            Self::Time { least, most } => {
                write!(f, "a time from {:?} to {:?}", duration::shown(*least), duration::shown(*most))
            }
            Self::Command => f.write_str("a list of texts in square brackets, a program and its arguments"),
            Self::Pattern => {
                write!(f, "a regular expression of at most {} bytes", reason::LONGEST_PATTERN)
            }
            Self::Text { most } => write!(f, "a line of at most {most} characters"),
        }
    }
}

/// What a key is set to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Value {
    /// Yes or no.
    Flag(bool),
    /// One of the words.
    Choice(&'static str),
    /// A length of time.
    Time(Duration),
    /// A text.
    Text(String),
    /// A program and its arguments.
    Command(Vec<String>),
}

impl Value {
    /// The value as it stands in the file.
    pub fn in_file(&self) -> String {
        match self {
            Self::Flag(flag) => flag.to_string(),
            Self::Choice(name) => quoted(name),
            Self::Time(time) => quoted(&duration::shown(*time)),
            Self::Text(text) => quoted(text),
            Self::Command(words) => {
                let words: Vec<String> = words.iter().map(|word| quoted(word)).collect();
                format!("[{}]", words.join(", "))
            }
        }
    }
}
