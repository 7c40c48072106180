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
    /// Copy an entry's code; again, even if it was copied before.
    Copy {
        /// The entry.
        id: EntryId,
        /// The person has said yes to copying it twice.
        again: bool,
    },
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
    /// Show an entry's code, and log that.
    Reveal(EntryId),
    /// Give the terminal back to the shell until it is continued.
    Suspend,
    /// Open the vault.
    Unlock(SecretText),
}
