//! What happens to the interface: what the person means, and what the world answers.

use super::model::Row;
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
    /// The dialog's question is answered with yes.
    Confirm,
    /// The screen for measuring the clock by another device's code.
    CompareClock,
    /// Copy the selected entry's code.
    Copy,
    /// The character before the cursor goes.
    Erase,
    /// The whole field goes.
    EraseAll,
    /// The character at the cursor goes.
    EraseNext,
    /// The word before the cursor goes.
    EraseWord,
    /// Start typing a filter.
    Filter,
    /// Show or close the keys.
    Help,
    /// Move the cursor of the field.
    Jump(Jump),
    /// Lock the vault.
    Lock,
    /// Move the selection by so many rows.
    Move(isize),
    /// To the first row.
    MoveToFirst,
    /// To the last row.
    MoveToLast,
    /// The screen for a new vault.
    NewVault,
    /// A text was pasted.
    Pasted(SecretText),
    /// Leave the program.
    Quit,
    /// The screen for restoring a bundle.
    Restore,
    /// Show the selected entry's code, or hide it again.
    Reveal,
    /// Show the codes of the rows on the screen, or hide them again.
    RevealPage,
    /// Hide all codes.
    HideAll,
    /// The field is done.
    Submit,
    /// Lock, and give the terminal back to the shell.
    Suspend,
    /// Show or hide what is typed.
    ToggleShown,
    /// A character was typed.
    Typed(Typed),
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
    /// A passphrase was made.
    Generated(SecretText),
    /// Something to tell.
    Noticed(String),
    /// A URI was read.
    Previewed(Result<Vec<String>, String>),
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
    /// The machine slept, and is awake again.
    Slept,
    /// Work has begun.
    Started {
        /// What, in words.
        what: String,
        /// Whether its answer may be dropped without leaving anything half known.
        can_cancel: bool,
    },
    /// A second has passed.
    Tick(u64),
}
