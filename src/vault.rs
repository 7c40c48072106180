//! The entries of one person or team, and the rules they keep.
//!
//! Nothing here knows how a vault is sealed, written or shown. Every change goes through a method
//! that says what was refused and why; whoever calls it brings the time and the random id.

pub mod find;
pub mod merge;
pub mod search;
pub mod share_set;

use std::fmt;

pub use find::FindError;
pub use share_set::{Replacement, ShareRecord, ShareSet};

use crate::entry::{Entry, EntryId, Label, UnixSeconds};
use crate::recovery::Items;
use crate::recovery::plan::Plan;
use crate::secret::{SecretBytes, SecretText};

/// Names a vault for good: 128 random bits, kept through every save and change of passphrase.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct VaultId(pub [u8; 16]);

impl fmt::Display for VaultId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&data_encoding::HEXLOWER.encode(&self.0))
    }
}

impl fmt::Debug for VaultId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "VaultId({self})")
    }
}

/// All that a vault file holds once it is open.
#[derive(Debug)]
pub struct Vault {
    /// Its name for good.
    pub id: VaultId,
    /// Counts the saves; the first one is 1.
    pub generation: u64,
    /// When it was made.
    pub created: UnixSeconds,
    /// The accounts, in the order they were added.
    pub entries: Vec<Entry>,
    /// Removed accounts that can be put back.
    pub trash: Vec<Trashed>,
    /// Entries that could not be read; they are kept, shown and written back as they are.
    pub quarantine: Vec<Quarantined>,
    /// Keys that belong to the vault and never leave it.
    pub keys: VaultKeys,
    /// Where the log stood at the last save.
    pub log_anchor: LogAnchor,
    /// SHA-256 of the vault file that this generation replaced.
    pub previous: Option<[u8; 32]>,
    /// Bundles made from this vault.
    pub bundles: Vec<BundleRecord>,
    /// The share sets of its custodians, in the order they were made.
    pub share_sets: Vec<ShareSet>,
    /// The recovery plan.
    pub plan: StoredPlan,
    /// Exceptions, incidents, passes that were issued, and own runbooks.
    pub items: Items,
    /// The last import, which can be taken back as one step.
    pub last_import: Option<ImportRecord>,
    /// Where the entries came from, when this vault was restored from a bundle.
    pub continues: Option<Continues>,
    /// Fields that a newer Lifeboat wrote, as the text of one JSON object; they are written back.
    pub kept: Option<SecretText>,
}

/// The recovery plan as a vault has it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum StoredPlan {
    /// None was made.
    #[default]
    None,
    /// One that was read.
    Read(Plan),
    /// One that a newer version wrote, as its JSON text; it is written back as it is.
    Unread(String),
}

/// Keys that belong to a vault: 32 random bytes each. A bundle never carries them.
#[derive(Debug)]
pub struct VaultKeys {
    /// Seals the records of the log.
    pub log: SecretBytes,
    /// Seed of the Ed25519 key that signs bundles, drill reports and evidence.
    pub signing: SecretBytes,
}

/// A point of the log: so many records, and the hash of their chain.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LogAnchor {
    /// Number of records.
    pub count: u64,
    /// Head of the chain after them.
    pub head: [u8; 32],
}

/// A removed entry.
#[derive(Debug)]
pub struct Trashed {
    /// The entry, whole.
    pub entry: Entry,
    /// When it was removed.
    pub removed: UnixSeconds,
}

/// An entry that could not be read, as the text that stands in the payload.
#[derive(Debug)]
pub struct Quarantined {
    /// Its JSON text, which may hold a seed.
    pub text: SecretText,
    /// What is wrong with it; names fields, never their content.
    pub reason: String,
    /// Its labels as far as they could be read, for showing.
    pub title: Label,
    /// Of a removed one: the JSON text of its place in the trash, with the date.
    pub in_trash: Option<SecretText>,
}

/// What is remembered of a bundle, so that it can be said what has changed since.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BundleRecord {
    /// The bundle's id.
    pub id: [u8; 16],
    /// When it was made.
    pub created: UnixSeconds,
    /// Where it was written.
    pub path: Label,
    /// The label that can be read without opening it.
    pub label: Label,
    /// After this moment every opening warns.
    pub review: Option<UnixSeconds>,
    /// The vault's generation that it was made from.
    pub generation: u64,
    /// True when it holds a selection of the entries.
    pub selected: bool,
    /// The share set that opens it, if one does.
    pub share_set: Option<u16>,
    /// SHA-256 of the file.
    pub sha256: [u8; 32],
    /// The entries in it.
    pub contents: Vec<BundledEntry>,
}

/// One entry of a bundle, with enough to tell whether it has changed since.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BundledEntry {
    /// The entry.
    pub id: EntryId,
    /// First bytes of the SHA-256 of its content.
    pub digest: [u8; 4],
}

/// The last import.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ImportRecord {
    /// When.
    pub at: UnixSeconds,
    /// The format's id.
    pub format: String,
    /// The file's name.
    pub file: Label,
    /// The entries that it added.
    pub added: Vec<EntryId>,
}

/// Says that a restored vault continues another one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Continues {
    /// The vault that the bundle was made from.
    pub vault: VaultId,
    /// Its generation then.
    pub generation: u64,
    /// The bundle.
    pub bundle: [u8; 16],
    /// Head of its log then.
    pub log_head: [u8; 32],
    /// When it was restored here.
    pub restored: UnixSeconds,
}

/// Says why a change was refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum VaultError {
    /// The same seed, type, algorithm, digits and period are there already.
    #[error("the same account is already there")]
    Duplicate(EntryId),
    /// No entry has this id: it was removed, perhaps by another process.
    #[error("there is no such entry any more")]
    Gone(EntryId),
}

impl Vault {
    /// Starts an empty vault, not yet saved (generation 0).
    pub fn new(id: VaultId, keys: VaultKeys, now: UnixSeconds) -> Self {
        Self {
            id,
            generation: 0,
            created: now,
            entries: Vec::new(),
            trash: Vec::new(),
            quarantine: Vec::new(),
            keys,
            log_anchor: LogAnchor { count: 0, head: [0; 32] },
            previous: None,
            bundles: Vec::new(),
            share_sets: Vec::new(),
            plan: StoredPlan::None,
            items: Items::default(),
            last_import: None,
            continues: None,
            kept: None,
        }
    }

    /// Adds an entry.
    ///
    /// # Errors
    ///
    /// [`VaultError::Duplicate`] names the entry that has the same seed, type, algorithm, digits and
    /// period, unless `allow_duplicate`; the vault is unchanged.
    pub fn insert(&mut self, entry: Entry, allow_duplicate: bool) -> Result<EntryId, VaultError> {
        if !allow_duplicate
            && let Some(seed) = entry.seed()
            && let Some(twin) = self.entries.iter().find(|other| merge::same_codes(other, seed, entry.otp))
        {
            return Err(VaultError::Duplicate(twin.id));
        }
        let id = entry.id;
        self.entries.push(entry);
        Ok(id)
    }

    /// The entry with this id.
    pub fn entry(&self, id: EntryId) -> Option<&Entry> {
        self.entries.iter().find(|entry| entry.id == id)
    }

    /// The entry with this id, to change it.
    ///
    /// # Errors
    ///
    /// [`VaultError::Gone`] when nothing has the id.
    pub fn entry_mut(&mut self, id: EntryId) -> Result<&mut Entry, VaultError> {
        self.entries.iter_mut().find(|entry| entry.id == id).ok_or(VaultError::Gone(id))
    }

    /// Puts an entry into the trash.
    ///
    /// # Errors
    ///
    /// [`VaultError::Gone`] when nothing has the id.
    pub fn remove(&mut self, id: EntryId, now: UnixSeconds) -> Result<&Trashed, VaultError> {
        let idx = self.entries.iter().position(|entry| entry.id == id).ok_or(VaultError::Gone(id))?;
        let entry = self.entries.remove(idx);
        self.trash.push(Trashed { entry, removed: now });
        self.trash.last().ok_or(VaultError::Gone(id))
    }

    /// Takes an entry out of the trash again.
    ///
    /// # Errors
    ///
    /// [`VaultError::Gone`] when the trash does not hold it.
    pub fn put_back(&mut self, id: EntryId) -> Result<&Entry, VaultError> {
        let idx = self.trash.iter().position(|trashed| trashed.entry.id == id).ok_or(VaultError::Gone(id))?;
        let trashed = self.trash.remove(idx);
        self.entries.push(trashed.entry);
        self.entries.last().ok_or(VaultError::Gone(id))
    }

    /// Destroys an entry of the trash. Previous generations of the file still hold it.
    ///
    /// # Errors
    ///
    /// [`VaultError::Gone`] when the trash does not hold it.
    pub fn purge(&mut self, id: EntryId) -> Result<(), VaultError> {
        let idx = self.trash.iter().position(|trashed| trashed.entry.id == id).ok_or(VaultError::Gone(id))?;
        drop(self.trash.remove(idx));
        Ok(())
    }

    /// The share set with this id.
    pub fn share_set(&self, id: u16) -> Option<&ShareSet> {
        self.share_sets.iter().find(|set| set.id == id)
    }

    /// The sets that a set has taken the place of, directly or through others, newest first.
    pub fn replaced_by(&self, id: u16) -> Vec<(&ShareSet, Replacement)> {
        let mut found: Vec<(&ShareSet, Replacement)> = Vec::new();
        let mut wanted = vec![id];
        while let Some(by) = wanted.pop() {
            for set in &self.share_sets {
                if let Some(replacement) = set.replaced.filter(|replacement| replacement.by == by)
                    && !found.iter().any(|(known, _)| known.id == set.id)
                {
                    found.push((set, replacement));
                    wanted.push(set.id);
                }
            }
        }
        found.sort_by_key(|(_, replacement)| std::cmp::Reverse(replacement.at));
        found
    }

    /// Destroys what lies in the trash and cannot be read. Says how many there were.
    pub fn purge_unreadable(&mut self) -> usize {
        let before = self.quarantine.len();
        self.quarantine.retain(|quarantined| quarantined.in_trash.is_none());
        before - self.quarantine.len()
    }
}

#[cfg(test)]
mod tests;
