//! What happens to the interface: what the person means, and what the world answers.

use super::model::Row;
use crate::app::Failure;
use crate::entry::EntryId;
use crate::secret::SecretText;

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
    /// Copy the selected entry's code.
    Copy,
    /// The last character of the field goes.
    Erase,
    /// The whole field goes.
    EraseAll,
    /// Start typing a filter.
    Filter,
    /// Show or close the keys.
    Help,
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
    /// Show the selected entry's code.
    Reveal,
    /// Hide all codes.
    HideAll,
    /// The field is done.
    Submit,
    /// Lock, and give the terminal back to the shell.
    Suspend,
    /// Show or hide what is typed.
    ToggleShown,
    /// A character was typed.
    Typed(char),

    // What the world says.
    /// An entry was added.
    Added {
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
        /// How many seconds ago.
        seconds_ago: u64,
        /// In how many seconds the next one comes.
        next_in: u64,
    },
    /// How hard a passphrase is to guess.
    Estimated(String),
    /// Something failed.
    Failed(Box<Failure>),
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
        /// True when the person asked just now; false when a shown code has rolled over.
        asked: bool,
    },
    /// The vault's content, after opening it or after a change.
    Rows {
        /// The entries.
        rows: Vec<Row>,
        /// How many cannot be read.
        set_aside: usize,
    },
    /// Work has begun.
    Started {
        /// What, in words.
        what: String,
        /// Its number.
        job: u64,
    },
    /// A second has passed.
    Tick(u64),
}
