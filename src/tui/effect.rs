//! What update wants done. The runner does it and answers with messages.

use crate::entry::EntryId;
use crate::secret::SecretText;

/// One thing to do. Not cloneable: secrets in it move once.
#[derive(Debug)]
pub enum Effect {
    /// Add the entry of a URI.
    Add(SecretText),
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
    },
    /// Add so many seconds to the clock for codes, in this run, and log that.
    CorrectClock(i64),
    /// Say how hard a passphrase is to guess.
    Estimate(SecretText),
    /// Make a passphrase.
    Generate,
    /// Drop the session and everything that it showed.
    Lock,
    /// Read what stands outside a bundle.
    LookAtBundle(String),
    /// Make a vault.
    MakeVault(SecretText),
    /// Find the step whose code another device shows for an entry.
    MeasureClock(EntryId, SecretText),
    /// Open the bundle that was looked at.
    OpenBundle(SecretText),
    /// Read a URI without adding it.
    Preview(SecretText),
    /// Leave the program.
    Quit,
    /// Give the codes of these entries for now, because their steps have ended.
    Refresh(Vec<EntryId>),
    /// Restore the opened bundle into a new vault.
    RestoreNew(SecretText),
    /// Show the codes of these entries for so many seconds, and log that.
    Reveal(Vec<EntryId>, u64),
    /// Give the terminal back to the shell until it is continued.
    Suspend,
    /// Open the vault.
    Unlock(SecretText),
}
