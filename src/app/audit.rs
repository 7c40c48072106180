//! The log for people: a list of what happened, and a check of whether the log is whole.

mod list;
mod verify;
mod words;

pub use self::list::{Filter, GONE, Logged, Standing, entry_ids, kind, list};
pub use self::verify::{Asked, Continued, Reported, Verified, head, verify};
pub use self::words::in_words;

use super::failure::{Failure, Kind, Unchanged};
use crate::storage::StorageError;

/// What the log cannot prove by itself, a sentence each without a full stop.
pub const NOT_PROVEN: [&str; 4] = [
    "whoever has the vault's key can write another log that looks whole",
    "records behind the last save of the vault can be cut off unseen",
    "lines in clear that no record has taken in could be anybody's",
    "what another program did with a copy of the vault is in no log",
];

/// What helps against the first two.
pub const NOTE_HEADS: &str = "So note the head elsewhere, and look for it later: audit verify --head HASH";

fn not_listed(error: StorageError) -> Failure {
    Failure::new(Kind::Io, "the files of the log cannot be found")
        .because(error)
        .unchanged(Unchanged::NothingTouched)
        .next("check the folder of the vault and its permissions")
}
