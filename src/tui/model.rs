//! What the screens show: plain data. No seed, no key, no session.

use std::collections::BTreeMap;

use super::secret_field::SecretField;
use super::theme::Theme;
use crate::entry::EntryId;
use crate::secret::SecretText;
use crate::vault::search::Index;

/// Seconds that a code stays visible after it was asked for.
pub const REVEALED_SECONDS: u64 = 30;
/// Seconds that the codes of a whole page stay visible.
pub const PAGE_REVEALED_SECONDS: u64 = 60;
/// Seconds without a key after which the vault is locked.
pub const IDLE_SECONDS: u64 = 300;
/// Seconds that a notice stays.
pub const NOTICE_SECONDS: u64 = 8;
/// Wrong passphrases after which the next one can be tried at once.
pub const FREE_ATTEMPTS: u32 = 2;
/// The longest that a wrong passphrase makes wait, in seconds.
pub const LONGEST_WAIT_SECONDS: u64 = 30;
/// In its last seconds a code is shown with the one that follows.
pub const ENDING_SECONDS: u64 = 5;

/// Everything that is shown.
#[derive(Debug)]
#[expect(clippy::struct_excessive_bools, reason = "each is a state of its own")]
pub struct Model {
    /// Where the person is.
    pub screen: Screen,
    /// What lies over the screen.
    pub dialog: Option<Dialog>,
    /// Work that is under way.
    pub busy: Option<Busy>,
    /// A few words that tell what just happened.
    pub notice: Option<Notice>,
    /// A code that is copied when its time comes.
    pub waiting: Option<Waiting>,
    /// The entries, when the vault is open.
    pub list: List,
    /// How far the clock can be believed.
    pub clock: ClockState,
    /// Seconds since 1970.
    pub now: u64,
    /// When the last key was pressed.
    pub last_key: u64,
    /// Columns and rows.
    pub size: (u16, u16),
    /// ASCII alone.
    pub ascii: bool,
    /// Styles.
    pub theme: Theme,
    /// The vault's path, safe to show.
    pub vault_path: String,
    /// The path of the key file that was named, safe to show.
    pub key_file: Option<String>,
    /// True when the vault cannot be opened without a key file.
    pub wants_key_file: bool,
    /// True when the sandbox was switched off for this run.
    pub sandbox_off: bool,
    /// What wrong passphrases of the vault have come to.
    pub back_off: BackOff,
    /// Until when the kernel's keyring keeps the vault's key, as far as was known at the start.
    pub kept_until: Option<u64>,
    /// True once the person has left: nothing is drawn any more.
    pub left: bool,
}

/// How wrong passphrases of the vault slow the next ones down. It outlives locking, not the program.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct BackOff {
    n_wrong: u32,
    until: u64,
}

impl BackOff {
    /// One more was wrong: nothing at first, then 2, 4, 8, 16 and 30 seconds.
    pub fn one_more(&mut self, now: u64) {
        self.n_wrong = self.n_wrong.saturating_add(1);
        if self.n_wrong > FREE_ATTEMPTS {
            let doubled = 1_u64.checked_shl(self.n_wrong - FREE_ATTEMPTS).unwrap_or(LONGEST_WAIT_SECONDS);
            self.until = now.saturating_add(doubled.min(LONGEST_WAIT_SECONDS));
        }
    }

    /// Notes the time: a clock that was set back must not make anybody wait longer than the longest.
    pub fn tick(&mut self, now: u64) {
        self.until = self.until.min(now.saturating_add(LONGEST_WAIT_SECONDS));
    }

    /// How many were wrong since the vault was last open.
    pub fn n_wrong(&self) -> u32 {
        self.n_wrong
    }

    /// Seconds until the next one may be typed.
    pub fn seconds_left(&self, now: u64) -> u64 {
        self.until.saturating_sub(now)
    }
}

/// What is known before anything is opened.
#[derive(Debug, Clone)]
#[expect(clippy::struct_excessive_bools, reason = "each is known or given by itself")]
pub struct Start {
    /// The vault's path, safe to show.
    pub vault_path: String,
    /// Whether a vault is there; else the first run is shown.
    pub vault_present: bool,
    /// The path of the key file that was named, safe to show.
    pub key_file: Option<String>,
    /// True when the vault cannot be opened without a key file.
    pub wants_key_file: bool,
    /// Until when the kernel's keyring keeps the vault's key, if it does.
    pub kept_until: Option<u64>,
    /// ASCII alone.
    pub ascii: bool,
    /// True when the sandbox was switched off for this run.
    pub sandbox_off: bool,
    /// Styles.
    pub theme: Theme,
    /// Seconds since 1970.
    pub now: u64,
}

/// Where the person is.
#[derive(Debug)]
pub enum Screen {
    /// A new entry, from a pasted URI.
    Add(AddForm),
    /// Another device's code, by which the clock is corrected for this run.
    Clock(ClockForm),
    /// No vault yet.
    FirstRun,
    /// The entries.
    List,
    /// A new vault's passphrase.
    NewVault(NewPassphrase),
    /// A bundle's path and passphrase, then the new vault's.
    Restore(RestoreForm),
    /// The vault's passphrase.
    Unlock(UnlockForm),
}

/// What lies over the screen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Dialog {
    /// The same code was copied in its window before: copy it again?
    CopyAgain {
        /// The entry.
        id: EntryId,
        /// When.
        copied_at: u64,
        /// When the next one comes.
        next_at: u64,
    },
    /// What went wrong, in full. It stays until it was read.
    Failure {
        /// What happened, what is unharmed, what to do next.
        lines: Vec<String>,
        /// First line shown.
        scroll: u16,
    },
    /// The keys of this screen.
    Help {
        /// First line shown.
        scroll: u16,
    },
}

/// Work that is under way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Busy {
    /// What, in words.
    pub what: String,
    /// Since when.
    pub since: u64,
    /// Whether it can be cancelled.
    pub can_cancel: bool,
}

/// A code that is copied when its time comes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Waiting {
    /// The entry.
    pub id: EntryId,
    /// First second of the code.
    pub at: u64,
}

/// A few words that tell what just happened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notice {
    /// The words.
    pub text: String,
    /// True for a failure.
    pub wrong: bool,
    /// When it goes.
    pub until: u64,
}

/// The vault's passphrase being typed.
#[derive(Debug, Default)]
pub struct UnlockForm {
    /// The passphrase.
    pub field: SecretField,
    /// Why the last one did not open it.
    pub wrong: Option<String>,
}

/// A new passphrase: typed, or made and written down; then typed once more.
#[derive(Debug, Default)]
pub struct NewPassphrase {
    /// What is being typed.
    pub field: SecretField,
    /// What was typed first, once it is being typed again.
    pub first: Option<SecretText>,
    /// The words that were made, shown until the person goes on. Nothing can be typed meanwhile.
    pub offered: Option<SecretText>,
    /// How hard it is to guess, in words.
    pub strength: String,
    /// What is wrong, if anything.
    pub wrong: Option<String>,
}

/// A restore, step by step.
#[derive(Debug)]
pub enum RestoreForm {
    /// Which file.
    Path {
        /// The path.
        field: SecretField,
        /// What is wrong with it.
        wrong: Option<String>,
    },
    /// What opens the bundle.
    Passphrase {
        /// The passphrase.
        field: SecretField,
        /// What the bundle says of itself.
        about: Vec<String>,
        /// Why the last one did not open it.
        wrong: Option<String>,
    },
    /// The new vault's passphrase.
    New {
        /// How many entries will be restored.
        n_entries: usize,
        /// What the bundle says of itself, for going back.
        about: Vec<String>,
        /// The passphrase.
        form: NewPassphrase,
    },
}

/// A new entry.
#[derive(Debug, Default)]
pub struct AddForm {
    /// The URI.
    pub field: SecretField,
    /// What it says, without the secret.
    pub preview: Vec<String>,
    /// What is wrong with it.
    pub wrong: Option<String>,
}

/// The clock measured by another device's code.
#[derive(Debug)]
pub struct ClockForm {
    /// The entry whose code it is.
    pub id: EntryId,
    /// Its name, safe to show.
    pub title: String,
    /// The code that the other device shows.
    pub field: SecretField,
    /// What was found: in words, and in seconds to be added to the clock.
    pub offered: Option<(String, i64)>,
    /// What is wrong with it.
    pub wrong: Option<String>,
}

/// How far the clock can be believed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ClockState {
    /// Seconds that are added to it in this run.
    pub correction: i64,
    /// What speaks against it.
    pub doubt: Option<String>,
}

/// The entries and where the person is among them.
#[derive(Debug, Default)]
pub struct List {
    /// All of them, favourites first, then by name.
    pub rows: Vec<Row>,
    /// Searches them.
    pub index: Index,
    /// Places in `rows` that the filter keeps, best first.
    pub shown: Vec<usize>,
    /// The filter's text.
    pub filter: String,
    /// True while it is being typed.
    pub filtering: bool,
    /// The selected entry; `None` when nothing fits.
    pub selected: Option<EntryId>,
    /// First place of `shown` that is on the screen.
    pub offset: usize,
    /// Codes that were asked for.
    pub revealed: BTreeMap<EntryId, Revealed>,
    /// Names of entries that cannot be read.
    pub set_aside: usize,
}

/// One entry as the list shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// The entry.
    pub id: EntryId,
    /// The service, safe to show.
    pub issuer: String,
    /// The account, safe to show.
    pub account: String,
    /// Tags, safe to show.
    pub tags: Vec<String>,
    /// Length of a step in seconds; `None` for a counter.
    pub period: Option<u64>,
    /// Characters of a code.
    pub digits: usize,
    /// Shown first.
    pub favourite: bool,
}

impl Row {
    /// `issuer:account`, or whichever there is.
    pub fn title(&self) -> String {
        match (self.issuer.is_empty(), self.account.is_empty()) {
            (false, false) => format!("{}:{}", self.issuer, self.account),
            (false, true) => self.issuer.clone(),
            _ => self.account.clone(),
        }
    }
}

/// A code that was asked for.
#[derive(Debug)]
pub struct Revealed {
    /// The code, grouped for reading.
    pub code: SecretText,
    /// The one after it, grouped.
    pub next: Option<SecretText>,
    /// First second after its step; `None` for a counter.
    pub valid_until: Option<u64>,
    /// When it is hidden again.
    pub hide_at: u64,
}

impl Model {
    /// Starts on the first run or at the unlock screen.
    pub fn new(start: Start) -> Self {
        let screen =
            if start.vault_present { Screen::Unlock(UnlockForm::default()) } else { Screen::FirstRun };
        Self {
            screen,
            dialog: None,
            busy: None,
            notice: None,
            waiting: None,
            list: List::default(),
            clock: ClockState::default(),
            now: start.now,
            last_key: start.now,
            size: (80, 24),
            ascii: start.ascii,
            sandbox_off: start.sandbox_off,
            theme: start.theme,
            vault_path: start.vault_path,
            key_file: start.key_file,
            wants_key_file: start.wants_key_file,
            back_off: BackOff::default(),
            kept_until: start.kept_until,
            left: false,
        }
    }

    /// True while the vault is open.
    pub fn is_open(&self) -> bool {
        matches!(self.screen, Screen::List | Screen::Add(_) | Screen::Clock(_))
    }

    /// True while a passphrase or a URI can be read on the screen.
    pub fn shows_secret_text(&self) -> bool {
        match &self.screen {
            Screen::Add(form) => form.field.is_shown(),
            Screen::Clock(form) => form.field.is_shown() && !form.field.is_empty(),
            Screen::NewVault(form) | Screen::Restore(RestoreForm::New { form, .. }) => {
                form.field.is_shown() || form.offered.is_some()
            }
            Screen::Restore(RestoreForm::Passphrase { field, .. }) => field.is_shown(),
            Screen::Unlock(form) => form.field.is_shown(),
            Screen::FirstRun | Screen::List | Screen::Restore(RestoreForm::Path { .. }) => false,
        }
    }

    /// Seconds for which the passphrase's field takes nothing, because of wrong ones before.
    pub fn must_wait(&self) -> u64 {
        let left = self.back_off.seconds_left(self.now);
        if matches!(self.screen, Screen::Unlock(_)) { left } else { 0 }
    }

    /// Rows of entries that fit on the screen: title, headings, notice and footer take four.
    pub fn page(&self) -> usize {
        usize::from(self.size.1).saturating_sub(4).max(1)
    }

    /// Shows a few words for a while.
    pub fn tell(&mut self, text: impl Into<String>, wrong: bool) {
        let text = text.into();
        // A long line needs longer to be read.
        let extra = u64::try_from(text.len()).unwrap_or(0) / 40;
        self.notice = Some(Notice { text, wrong, until: self.now.saturating_add(NOTICE_SECONDS + extra) });
    }
}

impl List {
    /// The selected row.
    pub fn selected_row(&self) -> Option<&Row> {
        let id = self.selected?;
        self.rows.iter().find(|row| row.id == id)
    }

    /// The place of the selection among the shown rows.
    pub fn selected_place(&self) -> Option<usize> {
        let id = self.selected?;
        self.shown.iter().position(|place| self.rows.get(*place).is_some_and(|row| row.id == id))
    }

    /// Puts the rows of a vault in, keeping the selection where its entry is still there.
    pub fn fill(&mut self, rows: Vec<Row>) {
        self.index = Index::new(
            rows.iter().map(|row| (row.issuer.as_str(), row.account.as_str(), row.tags.as_slice())),
        );
        self.rows = rows;
        self.shown.clear();
        self.refilter();
    }

    /// Applies the filter; a selection that it hides is gone.
    pub fn refilter(&mut self) {
        self.shown = self.index.matches(&self.filter);
        if self.selected_place().is_none() {
            self.select_first();
        }
        self.offset = 0;
    }

    /// Applies a filter that was just edited: the best match is selected, as in fzf.
    pub fn refilter_edited(&mut self, before: &str) {
        self.shown = self.index.narrow(before, &self.shown, &self.filter);
        self.select_first();
        self.offset = 0;
    }

    fn select_first(&mut self) {
        self.selected = self.shown.first().and_then(|place| self.rows.get(*place)).map(|row| row.id);
    }

    /// The entries that are on a screen of so many rows.
    pub fn on_screen(&self, page: usize) -> impl Iterator<Item = &Row> {
        self.shown.iter().skip(self.offset).take(page).filter_map(|place| self.rows.get(*place))
    }

    /// Forgets everything, wiping the codes.
    pub fn clear(&mut self) {
        *self = Self::default();
    }
}
