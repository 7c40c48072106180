//! What is to be done around drills.

use crate::entry::EntryId;
use crate::secret::SecretText;

/// One thing to do. Paths are as they were typed.
#[derive(Debug)]
pub enum DrillEffect {
    /// A service has accepted a code of this entry, and this is where that is written down.
    Attest(EntryId, String),
    /// Begin a drill of a bundle.
    Begin(String),
    /// Compare the clock with the code that another device shows.
    CompareClock(SecretText),
    /// End the drill, with a report at this path; empty for none.
    Finish(String),
    /// Say what is due, and what was drilled.
    List,
    /// Give the code that follows, of an entry whose code is shown.
    NextCode(EntryId),
    /// A service did not accept the code of this entry.
    NotAccepted(EntryId),
    /// Open the drill's bundle.
    Open {
        /// Its passphrase; empty for none.
        passphrase: SecretText,
        /// Its key file; empty for none.
        key_file: String,
    },
    /// Open the drill's bundle with the shares that were brought.
    OpenByShares,
    /// Bring a report home.
    Record(String),
    /// Give the code of an entry, to sign in with.
    ShowCode(EntryId),
}
