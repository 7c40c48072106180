//! What is to be done around bundles.

use crate::custody::Share;
use crate::entry::EntryId;
use crate::secret::SecretText;

/// One thing to do. Paths are as they were typed.
#[derive(Debug)]
pub enum BundleEffect {
    /// Somebody has said that the maker of the opened bundle is the right one.
    AcceptMaker,
    /// Add a share to those that were brought.
    AddShare(Share),
    /// Add the share of a file, or of a picture.
    AddShareFile(String),
    /// Look at where a bundle is to be written, and at what would go into it.
    CheckOutput(String, Selection),
    /// Make a bundle.
    Create(Box<NewBundleOrder>),
    /// Drop what was looked at or opened.
    Forget,
    /// Say which bundles were made from this vault.
    List,
    /// Make a custodian's kit of the newest bundle.
    MakeKit {
        /// The folder that is made.
        folder: String,
        /// Name the accounts and the custodians in the instructions.
        names: bool,
    },
    /// Restore the opened bundle into this vault.
    Merge,
    /// Open the bundle that was looked at with the shares that were brought.
    OpenByShares {
        /// Check everything in it, and do nothing else with it.
        only_check: bool,
    },
    /// Tell whether a passphrase opens the vault.
    Prove(SecretText),
    /// Open the bundle that was looked at, and check everything in it.
    Verify {
        /// Its passphrase; empty for none.
        passphrase: SecretText,
        /// Its key file; empty for none.
        key_file: String,
    },
}

/// Which entries of the vault.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Selection {
    /// These; `None` for all.
    pub ids: Option<Vec<EntryId>>,
    /// Of these, the ones that have all of these tags.
    pub tags: Vec<String>,
}

/// What a new bundle is to be like.
#[derive(Debug)]
pub struct NewBundleOrder {
    /// Where it is written.
    pub path: String,
    /// Replace what is there.
    pub force: bool,
    /// What goes into it.
    pub selection: Selection,
    /// After so many seconds every opening warns.
    pub review_seconds: Option<u64>,
    /// Readable without opening it; may be empty.
    pub label: String,
    /// Its passphrase.
    pub passphrase: Option<SecretText>,
    /// Its key file; empty for none.
    pub key_file: String,
    /// The share set that opens it, by its id.
    pub share_set: Option<u16>,
    /// Take a weak passphrase all the same.
    pub allow_weak: bool,
    /// What was just shown to open the vault; empty where nothing was asked for.
    pub vault_passphrase: SecretText,
}
