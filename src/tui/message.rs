//! What happens to the interface: what the person means, and what the world answers.

mod bundles;
mod custodians;
mod drills;
mod entry;
mod incidents;
mod log;
mod passes;
mod plan;
mod runbooks;
mod transfer;

pub use bundles::BundleMessage;
pub use custodians::CustodianMessage;
pub use drills::DrillMessage;
pub use entry::EntryMessage;
pub use incidents::IncidentMessage;
pub use log::LogMessage;
pub use passes::PassMessage;
pub use plan::PlanMessage;
pub use runbooks::RunbookMessage;
pub use transfer::TransferMessage;

use super::model::{FileRow, OpenedBy, Place, Prefs, Row, SettingRow, StatusKnown, TrashRow};
use super::secret_field::Jump;
use crate::app::Failure;
use crate::entry::EntryId;
use crate::secret::SecretText;

/// A character that was typed, perhaps of a passphrase: `Debug` does not show it.
pub struct Typed(pub char);

impl std::fmt::Debug for Typed {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("redacted")
    }
}

/// One thing that happened. Not cloneable: secrets in it move once.
#[derive(Debug)]
pub enum Message {
    // What the person means.
    /// The screen for a new entry.
    Add,
    /// Back by one step.
    Back,
    /// About the bundles.
    Bundle(BundleMessage),
    /// The next value of the selected setting, or the one before it.
    ChangeSetting(isize),
    /// A place on the screen was clicked: column and row.
    Clicked(u16, u16),
    /// The dialog's question is answered with yes.
    Confirm,
    /// The screen for measuring the clock by another device's code.
    CompareClock,
    /// Copy the selected entry's code.
    Copy,
    /// About share sets.
    Custodian(CustodianMessage),
    /// About drills.
    Drill(DrillMessage),
    /// The form for the selected entry.
    Edit,
    /// About one entry.
    Entry(EntryMessage),
    /// The character before the cursor goes.
    Erase,
    /// The whole field goes.
    EraseAll,
    /// The character at the cursor goes.
    EraseNext,
    /// The word before the cursor goes.
    EraseWord,
    /// The form for writing entries to another program's format.
    Export,
    /// Show the selected entry first, or no longer.
    Favourite,
    /// Start typing a filter.
    Filter,
    /// The folder above, in the file picker.
    FolderAbove,
    /// To one of the places.
    Go(Place),
    /// Show or close the keys.
    Help,
    /// Hide all codes.
    HideAll,
    /// The form for importing a file.
    Import,
    /// About incidents.
    Incident(IncidentMessage),
    /// Turn the dark and the light of a QR code.
    Invert,
    /// Move the cursor of the field.
    Jump(Jump),
    /// Lock the vault.
    Lock,
    /// About the log.
    Log(LogMessage),
    /// Mark the selected entry, or no longer.
    Mark,
    /// Mark all entries that are shown, or none.
    MarkAll,
    /// The form for restoring a bundle into this vault.
    Merge,
    /// What was told before.
    Messages,
    /// Move the selection by so many rows.
    Move(isize),
    /// To the first row.
    MoveToFirst,
    /// To the last row.
    MoveToLast,
    /// The form for a new bundle.
    NewBundle,
    /// The screen for a new vault.
    NewVault,
    /// To the next field of a form, or the one before it.
    NextField(isize),
    /// To the next place, or the one before it.
    NextPlace(isize),
    /// Everything about the selected entry.
    OpenEntry,
    /// What there is to see to.
    OpenStatus,
    /// The trash.
    OpenTrash,
    /// The other way of opening a bundle: its shares, or what else opens it.
    OtherWay,
    /// Every action by its name.
    Palette,
    /// A text was pasted.
    Pasted(SecretText),
    /// About passes.
    Pass(PassMessage),
    /// Choose a file for the field.
    PickFile,
    /// About the plan.
    Plan(PlanMessage),
    /// The service has accepted a code of the selected entry.
    Prove,
    /// Destroy the selected entry of the trash.
    Purge,
    /// Leave the program.
    Quit,
    /// Move the marked entries, or the selected one, to the trash.
    Remove,
    /// The screen for restoring a bundle.
    Restore,
    /// Show the selected entry's code, or hide it again.
    Reveal,
    /// Show the codes of the rows on the screen, or hide them again.
    RevealPage,
    /// About runbooks.
    Runbook(RunbookMessage),
    /// The next order of the entries.
    Sort,
    /// The field is done.
    Submit,
    /// Lock, and give the terminal back to the shell.
    Suspend,
    /// Tag the marked entries, or the selected one.
    Tag,
    /// Show or hide what is typed.
    ToggleShown,
    /// About files of other programs.
    Transfer(TransferMessage),
    /// A character was typed.
    Typed(Typed),
    /// Take back what was just removed.
    Undo,
    /// Copy the code that follows, when its time comes.
    Wait,

    // What the world says.
    /// An entry was added.
    Added {
        /// The entry.
        id: EntryId,
        /// Its name.
        title: String,
        /// What is worth saying about it.
        warnings: Vec<String>,
    },
    /// A bundle is open, to be restored.
    BundleOpened {
        /// How many entries it holds.
        n_entries: usize,
        /// The words about an overdue review.
        warning: Option<String>,
    },
    /// A bundle was looked at.
    BundleSeen {
        /// What it says of itself.
        about: Vec<String>,
        /// All that stands outside, as pairs of a name and what it says.
        facts: Vec<(&'static str, String)>,
        /// What opens it.
        by: OpenedBy,
    },
    /// Codes are made with so many seconds added to the clock.
    ClockCorrected(i64),
    /// Something speaks against the clock.
    ClockDoubted(String),
    /// The clock was measured: in words, and in seconds to be added to it.
    ClockMeasured {
        /// How far it is from the other device's.
        words: String,
        /// Seconds to be added to it.
        seconds: i64,
    },
    /// The clock was stepped, in words.
    ClockStepped(String),
    /// A code was copied.
    Copied {
        /// The entry.
        title: String,
        /// How it travelled, and what is not known.
        words: String,
    },
    /// The code was copied in its window before.
    CopiedBefore {
        /// The entry.
        id: EntryId,
        /// When.
        copied_at: u64,
        /// When the next one comes.
        next_at: u64,
    },
    /// How hard a passphrase is to guess.
    Estimated(String),
    /// Something failed.
    Failed(Box<Failure>),
    /// The work that had begun is done.
    Finished,
    /// The terminal has the keyboard, or has it no longer.
    Focused(bool),
    /// What lies in a folder.
    FolderListed {
        /// The folder, as it is typed.
        folder: String,
        /// What lies in it; empty where it cannot be read.
        rows: Vec<FileRow>,
        /// Why it cannot be read.
        wrong: Option<String>,
    },
    /// A passphrase was made.
    Generated(SecretText),
    /// Shares have opened a bundle, and nobody has said yet that its maker is the right one: the fingerprint.
    MakerUnknown(String),
    /// Something to tell.
    Noticed(String),
    /// Reasons that would be taken.
    ReasonsRead {
        /// Those that were given before, newest first; as they were given.
        recent: Vec<String>,
        /// True where the first of them is that of a break-glass session which is running.
        in_session: bool,
    },
    /// Entries were moved to the trash; they can be taken back.
    Removed {
        /// The entries.
        ids: Vec<EntryId>,
        /// What to tell.
        words: String,
    },
    /// The screen has another size.
    Resized(u16, u16),
    /// Codes for the rows that show one.
    Revealed {
        /// The entry.
        id: EntryId,
        /// The code, grouped.
        code: SecretText,
        /// The one after it, grouped.
        next: Option<SecretText>,
        /// First second after its step.
        valid_until: Option<u64>,
        /// For how long the person asked to see it; `None` when a code that is shown has rolled over.
        seconds: Option<u64>,
    },
    /// The vault's content, after opening it or after a change.
    Rows {
        /// The entries.
        rows: Vec<Row>,
        /// How many cannot be read.
        set_aside: usize,
    },
    /// The settings as they are in force, with what is wrong with their file.
    SettingsRead {
        /// A row each.
        rows: Vec<SettingRow>,
        /// What is wrong, a line each.
        warnings: Vec<String>,
        /// Where the file is, safe to show.
        path: Option<String>,
        /// What of it the screens go by.
        prefs: Prefs,
    },
    /// A share of the bundle that is being opened was taken.
    ShareTaken {
        /// Its number.
        number: u8,
        /// True when it was there before.
        again: bool,
        /// How many are still needed.
        missing: u8,
        /// The numbers of all that were taken.
        numbers: Vec<u8>,
    },
    /// The machine slept, and is awake again.
    Slept,
    /// Work has begun.
    Started {
        /// What, in words.
        what: String,
        /// Whether its answer may be dropped without leaving anything half known.
        can_cancel: bool,
    },
    /// What there is to see to.
    StatusRead(StatusKnown),
    /// A second has passed.
    Tick(u64),
    /// What lies in the trash.
    TrashRead(Vec<TrashRow>),
    /// When codes were last used.
    UseRead(Vec<(EntryId, u64)>),
}

impl Message {
    /// Whether the person did it; the rest is the world's.
    pub fn is_by_person(&self) -> bool {
        match self {
            Self::Bundle(message) => message.is_by_person(),
            Self::Custodian(message) => message.is_by_person(),
            Self::Drill(message) => message.is_by_person(),
            Self::Entry(message) => message.is_by_person(),
            Self::Incident(message) => message.is_by_person(),
            Self::Log(message) => message.is_by_person(),
            Self::Pass(message) => message.is_by_person(),
            Self::Plan(message) => message.is_by_person(),
            Self::Runbook(message) => message.is_by_person(),
            Self::Transfer(message) => message.is_by_person(),
            Self::Added { .. }
            | Self::BundleOpened { .. }
            | Self::BundleSeen { .. }
            | Self::ClockCorrected(_)
            | Self::ClockDoubted(_)
            | Self::ClockMeasured { .. }
            | Self::ClockStepped(_)
            | Self::Copied { .. }
            | Self::CopiedBefore { .. }
            | Self::Estimated(_)
            | Self::Failed(_)
            | Self::Finished
            | Self::Focused(_)
            | Self::FolderListed { .. }
            | Self::Generated(_)
            | Self::MakerUnknown(_)
            | Self::Noticed(_)
            | Self::ReasonsRead { .. }
            | Self::Removed { .. }
            | Self::Resized(..)
            | Self::Revealed { .. }
            | Self::Rows { .. }
            | Self::SettingsRead { .. }
            | Self::ShareTaken { .. }
            | Self::Slept
            | Self::Started { .. }
            | Self::StatusRead(_)
            | Self::Tick(_)
            | Self::TrashRead(_)
            | Self::UseRead(_) => false,
            Self::Add
            | Self::Back
            | Self::ChangeSetting(_)
            | Self::Clicked(..)
            | Self::Confirm
            | Self::CompareClock
            | Self::Copy
            | Self::Edit
            | Self::Erase
            | Self::EraseAll
            | Self::EraseNext
            | Self::EraseWord
            | Self::Export
            | Self::Favourite
            | Self::Filter
            | Self::FolderAbove
            | Self::Go(_)
            | Self::Help
            | Self::HideAll
            | Self::Import
            | Self::Invert
            | Self::Jump(_)
            | Self::Lock
            | Self::Mark
            | Self::MarkAll
            | Self::Merge
            | Self::Messages
            | Self::Move(_)
            | Self::MoveToFirst
            | Self::MoveToLast
            | Self::NewBundle
            | Self::NewVault
            | Self::NextField(_)
            | Self::NextPlace(_)
            | Self::OpenEntry
            | Self::OpenStatus
            | Self::OpenTrash
            | Self::OtherWay
            | Self::Palette
            | Self::Pasted(_)
            | Self::PickFile
            | Self::Prove
            | Self::Purge
            | Self::Quit
            | Self::Remove
            | Self::Restore
            | Self::Reveal
            | Self::RevealPage
            | Self::Sort
            | Self::Submit
            | Self::Suspend
            | Self::Tag
            | Self::ToggleShown
            | Self::Typed(_)
            | Self::Undo
            | Self::Wait => true,
        }
    }
}
