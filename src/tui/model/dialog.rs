//! What lies over a screen.

use crate::entry::EntryId;
use crate::recovery::ItemId;
use crate::secret::SecretText;
use crate::settings::{NotTaken, Rule};
use crate::tui::effect::{AfterOpening, Effect};
use crate::tui::form::Form;
use crate::tui::model::{IncidentQuestion, PlanQuestion};

/// What lies over the screen.
#[derive(Debug)]
pub enum Dialog {
    /// A question that is answered with yes or no.
    Confirm(Confirm),
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
        /// What is searched.
        filter: String,
        /// True while it is being typed.
        searching: bool,
    },
    /// What was told before.
    Messages {
        /// First line shown.
        scroll: u16,
    },
    /// Every action by its name.
    Palette {
        /// What was typed.
        filter: String,
        /// Place among the actions that fit.
        selected: usize,
    },
    /// A file is being chosen.
    Picker(Picker),
    /// A QR code.
    Picture(Picture),
    /// A few fields.
    Prompt(Prompt),
    /// A reason is asked for.
    Reason(Box<AskReason>),
    /// A recovery code that was handed out.
    RecoveryCode {
        /// The entry's name, safe to show.
        title: String,
        /// The code.
        code: SecretText,
        /// How many are left.
        left: usize,
    },
}

/// A question that is answered with yes or no; no is the default.
#[derive(Debug)]
pub struct Confirm {
    /// A few words at the top.
    pub title: &'static str,
    /// The question and what follows from a yes; it names the thing. Safe to show.
    pub lines: Vec<String>,
    /// What a yes means.
    pub question: Question,
}

/// What a yes means. It holds the ids that it acts on, so that nothing else can come under it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Question {
    /// The maker of a bundle that shares have opened is the right one.
    AcceptMaker,
    /// Add an entry although its codes are in the vault already.
    AddTwin,
    /// About an incident.
    Incident(IncidentQuestion),
    /// Leave a drill before its end.
    LeaveDrill,
    /// Leave the making of a share set.
    LeaveCeremony,
    /// Leave a form although something was typed.
    LeaveForm,
    /// Make a seed, because none was typed.
    MakeSeed,
    /// Write a bundle, an export or another file over the one that is there.
    Overwrite,
    /// Close a pass.
    ClosePass(ItemId),
    /// About the plan.
    Plan(PlanQuestion),
    /// Note that the service has accepted a code.
    Prove(EntryId),
    /// Move entries to the trash.
    Remove(Vec<EntryId>),
    /// Replace the seed or the recovery codes of the entry that is being changed.
    SaveChanges,
    /// Show an entry's seed as a QR code.
    ShowQr(EntryId),
    /// Take the last import back.
    UndoImport,
    /// Hand out the next recovery code.
    UseRecoveryCode(EntryId),
    /// Seal a bundle with a weak passphrase.
    UseWeak,
}

/// A few fields over a screen.
#[derive(Debug)]
pub struct Prompt {
    /// A few words at the top.
    pub title: &'static str,
    /// What is asked, safe to show.
    pub lines: Vec<String>,
    /// The fields.
    pub form: Form,
    /// What is wrong with them.
    pub wrong: Option<String>,
    /// What is done with them.
    pub purpose: PromptFor,
}

/// What is done with the fields of a prompt.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PromptFor {
    /// Attest that a service accepted a code that a drill gave.
    DrillReference(EntryId),
    /// Open a sealed entry for one code.
    OpenSealed(EntryId, AfterOpening),
    /// Look for a head of the log that was noted elsewhere.
    LogHead,
    /// Choose records of the log.
    LogFilter,
    /// Destroy an entry of the trash, once its name was typed.
    Purge(EntryId, String),
    /// Change a setting whose value is a text.
    Setting(&'static str),
    /// Tag these entries.
    Tag(Vec<EntryId>),
}

/// A reason that is asked for, and what waits for it.
pub struct AskReason {
    /// The entries that it is asked for.
    pub ids: Vec<EntryId>,
    /// What is asked, safe to show.
    pub lines: Vec<String>,
    /// Reasons that were given before, newest first; as they were given.
    pub recent: Vec<String>,
    /// The one of them that stands in the field.
    pub chosen: Option<usize>,
    /// The field.
    pub form: Form,
    /// What a reason has to be like.
    pub rule: Rule,
    /// What is wrong with what was typed.
    pub wrong: Option<String>,
    /// What is done once it is given.
    pub then: Effect,
}

// What waits may hold a path as it was typed, and somebody may paste a secret into any field.
impl std::fmt::Debug for AskReason {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "AskReason({:?} redacted)", self.ids)
    }
}

impl AskReason {
    /// Takes what was typed: a reason, or the number of one that was given before.
    ///
    /// # Errors
    ///
    /// [`NotTaken`] says why it is neither.
    pub fn take(&self, typed: &str) -> Result<String, NotTaken> {
        let chosen = crate::app::reason::chosen(&self.recent, typed);
        chosen.map_or_else(|| self.rule.take(typed).map(str::to_owned), Ok)
    }
}

/// A picture made of cells.
pub struct Picture {
    /// A few words at the top, safe to show.
    pub title: String,
    /// What is to be known about it.
    pub lines: Vec<String>,
    /// Dark modules by rows.
    pub modules: Vec<Vec<bool>>,
    /// Dark and light are turned, for a terminal with a light ground.
    pub inverse: bool,
}

// Its modules are a seed.
impl std::fmt::Debug for Picture {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Picture({:?} redacted)", self.title)
    }
}

/// A file being chosen.
#[derive(Debug, Default)]
pub struct Picker {
    /// The folder that is listed, as it would be typed.
    pub folder: String,
    /// What lies in it, folders first.
    pub rows: Vec<FileRow>,
    /// What is typed to find a name.
    pub filter: String,
    /// Place among the rows that fit.
    pub selected: usize,
    /// Names that begin with a dot are shown.
    pub hidden: bool,
    /// Why the folder cannot be listed.
    pub wrong: Option<String>,
}

/// What lies in a folder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileRow {
    /// The name as the disk has it.
    pub name: String,
    /// Whether it can be opened as a folder.
    pub is_folder: bool,
    /// Bytes of a file.
    pub len: u64,
}

impl Picker {
    /// The rows that fit what is typed.
    pub fn shown(&self) -> Vec<&FileRow> {
        let needle = self.filter.to_lowercase();
        self.rows
            .iter()
            .filter(|row| self.hidden || !row.name.starts_with('.') || needle.starts_with('.'))
            .filter(|row| row.name.to_lowercase().contains(&needle))
            .collect()
    }
}
