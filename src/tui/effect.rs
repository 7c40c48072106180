//! What update wants done. The runner does it and answers with messages.

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

pub use bundles::{BundleEffect, NewBundleOrder, Selection};
pub use custodians::CustodianEffect;
pub use drills::DrillEffect;
pub use entry::{AfterOpening, Change, EntryEffect, NewEntry, OpenSealed};
pub use incidents::IncidentEffect;
pub use log::{EvidenceOrder, LogEffect};
pub use passes::{PassEffect, PassOrder};
pub use plan::PlanEffect;
pub use runbooks::RunbookEffect;
pub use transfer::{ExportOrder, TransferEffect};

use crate::entry::EntryId;
use crate::secret::SecretText;

/// One thing to do. Not cloneable: secrets in it move once.
#[derive(Debug)]
pub enum Effect {
    /// Do something for a reason, which the log keeps.
    Because(SecretText, Box<Effect>),
    /// About bundles.
    Bundle(BundleEffect),
    /// Forget the job that is under way.
    Cancel,
    /// Copy an entry's code by the clock.
    Copy {
        /// The entry.
        id: EntryId,
        /// The person has said yes to copying it twice.
        again: bool,
    },
    /// Copy a counter's code, which was saved and shown before.
    CopyShown {
        /// The entry's name, safe to show.
        title: String,
        /// The code.
        code: SecretText,
        /// The entry, if it is its code. That a recovery code was handed out is logged already.
        of: Option<EntryId>,
    },
    /// Add so many seconds to the clock for codes, in this run, and log that.
    CorrectClock(i64),
    /// About share sets.
    Custodian(CustodianEffect),
    /// About drills.
    Drill(DrillEffect),
    /// About one entry.
    Entry(EntryEffect),
    /// Say how hard a passphrase is to guess.
    Estimate(SecretText),
    /// Show these entries first, or no longer.
    Favourite(EntryId, bool),
    /// Make a passphrase.
    Generate,
    /// About incidents.
    Incident(IncidentEffect),
    /// Say what lies in a folder; the path is as it was typed.
    ListFolder(String),
    /// Drop the session and everything that it showed.
    Lock,
    /// Read what stands outside a bundle.
    LookAtBundle(String),
    /// About the log.
    Log(LogEffect),
    /// Make a vault.
    MakeVault(SecretText),
    /// Find the step whose code another device shows for an entry.
    MeasureClock(EntryId, SecretText),
    /// Open the bundle that was looked at.
    OpenBundle {
        /// Its passphrase; empty for none.
        passphrase: SecretText,
        /// Its key file, as it was typed; empty for none.
        key_file: String,
    },
    /// About passes.
    Pass(PassEffect),
    /// About the plan.
    Plan(PlanEffect),
    /// Destroy entries of the trash for good.
    Purge(Vec<EntryId>),
    /// Leave the program.
    Quit,
    /// Say which reasons were given last.
    ReadReasons,
    /// Say when codes were last used, as far back as the end of the log goes.
    ReadUse,
    /// Say which settings are in force.
    ReadSettings,
    /// Say what there is to see to.
    ReadStatus,
    /// Say what lies in the trash.
    ReadTrash,
    /// Give the codes of these entries for now, because their steps have ended.
    Refresh(Vec<EntryId>),
    /// Move entries to the trash.
    Remove(Vec<EntryId>),
    /// Restore the opened bundle into a new vault.
    RestoreNew(SecretText),
    /// Show the codes of these entries for so many seconds, and log that.
    Reveal(Vec<EntryId>, u64),
    /// About runbooks.
    Runbook(RunbookEffect),
    /// Change a setting, named by its key, to a value as it stands in the file.
    Set(&'static str, String),
    /// Give the terminal back to the shell until it is continued.
    Suspend,
    /// Add tags to entries, and take others away.
    Tag {
        /// The entries.
        ids: Vec<EntryId>,
        /// Tags to add.
        added: Vec<String>,
        /// Tags to take away.
        removed: Vec<String>,
    },
    /// Take entries out of the trash.
    TakeBack(Vec<EntryId>),
    /// About files of other programs.
    Transfer(TransferEffect),
    /// Open the vault.
    Unlock(SecretText),
    /// Take a key file for the vault's, in this run; the path is as it was typed.
    UseKeyFile(String),
}
