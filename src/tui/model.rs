//! What the screens show: plain data. No seed, no key, no session.

mod add;
mod back_off;
mod bundles;
mod custodians;
mod dialog;
mod drills;
mod entry;
pub mod fields;
mod forms;
mod incidents;
mod kit;
mod list;
mod log;
mod pages;
mod passes;
mod plan;
mod prefs;
mod report;
mod runbooks;
mod share_entry;
mod status;
mod transfer;
mod typing;

use std::collections::VecDeque;

use super::theme::Theme;
use crate::entry::EntryId;

pub use add::{AddForm, PICTURE_CODES, Proving};
pub use back_off::{BackOff, FREE_ATTEMPTS, LONGEST_WAIT_SECONDS};
pub use bundles::{BundleRow, BundlesPage, Doing, NewBundle, NewBundleStep, Purpose, VaultProof};
pub use custodians::{
    AboutCards, CardStep, Ceremony, CustodiansPage, Keeping, NewSetForm, RecordForm, SetRow,
};
pub use dialog::{AskReason, Confirm, Dialog, FileRow, Picker, Picture, Prompt, PromptFor, Question};
pub use drills::{
    Attesting, DRILL_STEPS, DrillClock, DrillCode, DrillEntry, DrillOpened, DrillRow, DrillRun, DrillStep,
    Drilling, DrillsKnown, DrillsPage, DueRow, LevelCell, ReportForm, Said,
};
pub use entry::{EditForm, EditedFrom, EntryDetails, EntryPage, EntryValues};
pub use forms::{BundleForm, ClockForm, NewPassphrase, OpenedBy, RestoreForm, UnlockForm};
pub use incidents::{
    Ends, IncidentBlock, IncidentForm, IncidentQuestion, IncidentRow, IncidentShown, IncidentStep,
    IncidentTold, IncidentsKnown, IncidentsPage, in_view,
};
pub use kit::KitForm;
pub use list::{Because, List, Revealed, Row, RowSeal, Sort};
pub use log::{EvidenceForm, LogFilter, LogPage, LogRecords, LogRow, LogStep, RehearseForm};
pub use pages::{SettingRow, SettingsPage, TrashPage, TrashRow};
pub use passes::{PassForm, PassRow, PassStep, PassesPage};
pub use plan::{
    Choosing, NotAThing, PlanChoice, PlanChoiceRow, PlanFinding, PlanFindings, PlanKnown, PlanPage,
    PlanQuestion, PlanStep, Stands, ThingForm, WAY_KEYS, WhatIf,
};
pub use prefs::Prefs;
pub use report::{Done, Report, ReportRow};
pub use runbooks::{AskRunbook, FilledIn, RunbookRow, RunbookStep, RunbooksPage};
pub use share_entry::ShareEntry;
pub use status::{StatusKnown, StatusPage, StatusRow};
pub use transfer::{ExportForm, ExportStep, ImportForm, Recognised, TransferForm};
pub use typing::Typing;

/// Seconds that a code stays visible after it was asked for, where no setting says otherwise.
pub const REVEALED_SECONDS: u64 = 30;
/// Seconds that the codes of a whole page stay visible.
pub const PAGE_REVEALED_SECONDS: u64 = 60;
/// Seconds without a key after which the vault is locked, where no setting says otherwise.
pub const IDLE_SECONDS: u64 = 300;
/// Seconds that a notice stays.
pub const NOTICE_SECONDS: u64 = 8;
/// In its last seconds a code is shown with the one that follows.
pub const ENDING_SECONDS: u64 = 5;
/// Columns from which the selected entry is shown beside the list.
pub const WIDE_COLUMNS: u16 = 100;
/// Columns below which each row says only what is needed.
pub const COMPACT_COLUMNS: u16 = 60;
/// Most messages that are kept for reading them again.
const MOST_MESSAGES: usize = 200;

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
    /// What was told since the vault was opened, oldest first.
    pub messages: VecDeque<Told>,
    /// A code that is copied when its time comes.
    pub waiting: Option<Waiting>,
    /// True while the vault is open.
    pub open: bool,
    /// The entries, when the vault is open.
    pub list: List,
    /// What is known about the selected entry, where it is shown beside the list.
    pub details: Option<EntryDetails>,
    /// Entries that were just moved to the trash, and can be taken back by one key.
    pub undo: Vec<EntryId>,
    /// How far the clock can be believed.
    pub clock: ClockState,
    /// Seconds since 1970.
    pub now: u64,
    /// When the last key was pressed.
    pub last_key: u64,
    /// Columns and rows.
    pub size: (u16, u16),
    /// False while the terminal says that the keyboard is elsewhere.
    pub focused: bool,
    /// What the settings say of the screens.
    pub prefs: Prefs,
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
    /// True when the medium takes no changes: codes work, and nothing can be saved.
    pub read_only: bool,
    /// What wrong passphrases of the vault have come to.
    pub back_off: BackOff,
    /// Until when the kernel's keyring keeps the vault's key, as far as was known at the start.
    pub kept_until: Option<u64>,
    /// True once the person has left: nothing is drawn any more.
    pub left: bool,
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
    /// True when the sandbox was switched off for this run.
    pub sandbox_off: bool,
    /// True when the medium takes no changes.
    pub read_only: bool,
    /// What the settings say of the screens.
    pub prefs: Prefs,
    /// Seconds since 1970.
    pub now: u64,
}

/// The places that have a number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// The entries and their codes.
    Codes,
    /// The bundles made from this vault.
    Bundles,
    /// Rehearsed restores.
    Drills,
    /// What each account can be reached through.
    Plan,
    /// What happened.
    Log,
    /// How the program behaves.
    Settings,
}

impl Place {
    /// All of them, by their numbers from 1.
    pub const ALL: [Self; 6] =
        [Self::Codes, Self::Bundles, Self::Drills, Self::Plan, Self::Log, Self::Settings];

    /// Its name at the top of the screen.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Codes => "Codes",
            Self::Bundles => "Bundles",
            Self::Drills => "Drills",
            Self::Plan => "Plan",
            Self::Log => "Log",
            Self::Settings => "Settings",
        }
    }
}

/// Where the person is.
#[derive(Debug)]
pub enum Screen {
    /// A new entry.
    Add(AddForm),
    /// The bundles, and what is done with them.
    Bundles(BundlesPage),
    /// Another device's code, by which the clock is corrected for this run.
    Clock(ClockForm),
    /// The entries.
    Codes,
    /// The share sets and their custodians.
    Custodians(CustodiansPage),
    /// The drills, and what is done with them.
    Drills(DrillsPage),
    /// An entry being changed.
    Edit(EditForm),
    /// Everything about one entry.
    Entry(EntryPage),
    /// No vault yet.
    FirstRun,
    /// The incidents, and what is done with them.
    Incidents(IncidentsPage),
    /// The log, and what is done with it.
    Log(LogPage),
    /// A new vault's passphrase.
    NewVault(NewPassphrase),
    /// The passes, and what is done with them.
    Passes(PassesPage),
    /// The plan, and what is done with it.
    Plan(PlanPage),
    /// A bundle's path and passphrase, then the new vault's.
    Restore(RestoreForm),
    /// The runbooks, and what is done with them.
    Runbooks(RunbooksPage),
    /// The settings.
    Settings(SettingsPage),
    /// What there is to see to.
    Status(StatusPage),
    /// A file of another program, being read or written.
    Transfer(TransferForm),
    /// What was removed.
    Trash(TrashPage),
    /// The vault's passphrase.
    Unlock(UnlockForm),
}

impl Screen {
    /// The place that a screen belongs to; `None` while no vault is open.
    pub fn place(&self) -> Option<Place> {
        Some(match self {
            Self::Add(_)
            | Self::Clock(_)
            | Self::Codes
            | Self::Edit(_)
            | Self::Entry(_)
            | Self::Passes(_)
            | Self::Runbooks(_)
            | Self::Incidents(_)
            | Self::Status(_)
            | Self::Transfer(_)
            | Self::Trash(_) => Place::Codes,
            Self::Bundles(_) | Self::Custodians(_) | Self::Restore(_) => Place::Bundles,
            Self::Drills(_) => Place::Drills,
            Self::Log(_) => Place::Log,
            Self::Plan(_) => Place::Plan,
            Self::Settings(_) => Place::Settings,
            Self::FirstRun | Self::NewVault(_) | Self::Unlock(_) => return None,
        })
    }
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

/// What was told, for reading it again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Told {
    /// When.
    pub at: u64,
    /// The words.
    pub text: String,
    /// True for a failure.
    pub wrong: bool,
}

/// How far the clock can be believed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ClockState {
    /// Seconds that are added to it in this run.
    pub correction: i64,
    /// What speaks against it.
    pub doubt: Option<String>,
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
            messages: VecDeque::new(),
            waiting: None,
            open: false,
            list: List { sort: start.prefs.sort, ..List::default() },
            details: None,
            undo: Vec::new(),
            clock: ClockState::default(),
            now: start.now,
            last_key: start.now,
            size: (80, 24),
            focused: true,
            ascii: start.prefs.ascii,
            theme: start.prefs.theme,
            prefs: start.prefs,
            sandbox_off: start.sandbox_off,
            read_only: start.read_only,
            vault_path: start.vault_path,
            key_file: start.key_file,
            wants_key_file: start.wants_key_file,
            back_off: BackOff::default(),
            kept_until: start.kept_until,
            left: false,
        }
    }

    /// True while a passphrase, a URI or a QR code can be read on the screen.
    pub fn shows_secret_text(&self) -> bool {
        let in_dialog = match &self.dialog {
            Some(Dialog::Picture(_)) => true,
            Some(Dialog::RecoveryCode { .. }) => !self.hides_codes(),
            Some(Dialog::Prompt(prompt)) => prompt.form.shows_secret(),
            _ => false,
        };
        in_dialog
            || self.bundle().is_some_and(BundleForm::holds_words) && !self.hides_codes()
            || match &self.screen {
                Screen::Add(form) => form.shows_secret(),
                Screen::Bundles(page) => page.shows_secret(),
                Screen::Clock(form) => form.field.is_shown() && !form.field.is_empty(),
                Screen::Edit(form) => form.shows_secret(),
                Screen::Entry(page) => page.shows_secret(),
                Screen::Log(page) => page.shows_secret(),
                Screen::NewVault(form) => form.shows_secret(),
                Screen::Passes(page) => page.shows_typed() || page.holds_words() && !self.hides_codes(),
                Screen::Restore(form) => form.shows_secret(),
                Screen::Transfer(form) => form.shows_secret(),
                Screen::Unlock(form) => form.field.is_shown(),
                Screen::Custodians(page) => page.holds_words() && !self.hides_codes(),
                Screen::Drills(page) => {
                    page.bundle().is_some_and(BundleForm::shows_secret)
                        || page.code().is_some() && !self.hides_codes()
                }
                Screen::Codes
                | Screen::FirstRun
                | Screen::Incidents(_)
                | Screen::Plan(_)
                | Screen::Runbooks(_)
                | Screen::Settings(_)
                | Screen::Status(_)
                | Screen::Trash(_) => false,
            }
    }

    /// The bundle that is being opened, if one is.
    pub fn bundle(&self) -> Option<&BundleForm> {
        if let Screen::Restore(RestoreForm::Bundle(bundle)) = &self.screen {
            return Some(bundle);
        }
        if let Screen::Drills(page) = &self.screen {
            return page.bundle();
        }
        if let Screen::Bundles(page) = &self.screen { page.bundle() } else { None }
    }

    /// Seconds for which the passphrase's field takes nothing, because of wrong ones before.
    pub fn must_wait(&self) -> u64 {
        let asks_vault = matches!(&self.screen, Screen::Unlock(_))
            || matches!(&self.screen, Screen::Bundles(page) if page.asks_vault())
            || matches!(&self.screen, Screen::Log(page) if page.asks_vault())
            || matches!(&self.screen, Screen::Passes(page) if page.asks_vault())
            || matches!(&self.screen, Screen::Transfer(form) if form.asks_vault());
        if asks_vault { self.back_off.seconds_left(self.now) } else { 0 }
    }

    /// True while the path of the vault's key file is wanted before anything else.
    pub fn asks_key_file(&self) -> bool {
        self.wants_key_file && self.key_file.is_none() && matches!(self.screen, Screen::Unlock(_))
    }

    /// Rows of entries that fit on the screen: title, headings, notice and footer take four.
    pub fn page(&self) -> usize {
        usize::from(self.size.1).saturating_sub(4).max(1)
    }

    /// True where the selected entry is shown beside the list.
    pub fn is_wide(&self) -> bool {
        self.size.0 >= WIDE_COLUMNS
    }

    /// True while codes must not be readable although they were asked for.
    pub fn hides_codes(&self) -> bool {
        !self.focused && self.prefs.mask_on_focus_loss
    }

    /// The entry that an action of this screen is about.
    pub fn subject(&self) -> Option<EntryId> {
        if let Screen::Entry(page) = &self.screen {
            return Some(page.id());
        }
        if let Screen::Edit(form) = &self.screen {
            return Some(form.values.id);
        }
        if let Screen::Add(AddForm { proving: Some(proving), .. }) = &self.screen {
            return Some(proving.id);
        }
        self.list.selected
    }

    /// Shows a few words for a while, and keeps them for reading them again.
    pub fn tell(&mut self, text: impl Into<String>, wrong: bool) {
        let text = text.into();
        self.remember(text.clone(), wrong);
        // A long line needs longer to be read.
        let extra = u64::try_from(text.len()).unwrap_or(0) / 40;
        self.notice = Some(Notice { text, wrong, until: self.now.saturating_add(NOTICE_SECONDS + extra) });
    }

    /// Keeps words for reading them again.
    pub fn remember(&mut self, text: String, wrong: bool) {
        if self.messages.len() == MOST_MESSAGES {
            self.messages.pop_front();
        }
        self.messages.push_back(Told { at: self.now, text, wrong });
    }
}
