//! What is to be done around one entry.

use std::fmt;

use crate::app::add::Particulars;
use crate::app::edit::Edit;
use crate::entry::{EntryId, Provenance};
use crate::secret::SecretText;

/// One thing to do.
#[derive(Debug)]
pub enum EntryEffect {
    /// Add an entry; even one whose codes are there already, if the person has said so.
    Add(Box<NewEntry>, bool),
    /// Change an entry.
    Change(Box<Change>),
    /// Say what can be said of a seed. The second is true where the seed's own field has changed, so that what a
    /// URI says goes before what the other fields hold.
    Check(Box<NewEntry>, bool),
    /// Say what is known of an entry, without its history.
    Describe(EntryId),
    /// Hand out the next recovery code.
    HandOut(EntryId),
    /// Make a seed.
    MakeSeed,
    /// Open a sealed entry for one code.
    Open(Box<OpenSealed>),
    /// Note that the service has accepted a code.
    Prove(EntryId),
    /// Say all that is known of an entry.
    Read(EntryId),
    /// Read the QR codes of a picture; the path is as it was typed, and may be anything that was pasted.
    ReadPicture(SecretText),
    /// Say what an entry is like, so that it can be changed.
    ReadToChange(EntryId),
    /// Draw the seed as a QR code of at most so many modules, where it can be so small.
    ShowQr(EntryId, usize),
}

/// What was typed into the form of a new entry.
pub struct NewEntry {
    /// A URI or the seed alone.
    pub secret: SecretText,
    /// Names and numbers.
    pub particulars: Particulars,
    /// Tags.
    pub tags: Vec<String>,
    /// Free text.
    pub note: String,
    /// Opens something privileged.
    pub privileged: bool,
    /// How the seed came here.
    pub provenance: Option<Provenance>,
}

/// What is to be changed of an entry.
pub struct Change {
    /// The entry.
    pub id: EntryId,
    /// All but the seed and the recovery codes.
    pub edit: Edit,
    /// A URI or the seed alone, where it is a new one.
    pub seed: Option<SecretText>,
    /// Recovery codes, one a line, where they are new.
    pub recovery_codes: Option<SecretText>,
}

/// What opens a sealed entry, and what for.
pub struct OpenSealed {
    /// The entry.
    pub id: EntryId,
    /// The passphrase that it is sealed with.
    pub passphrase: SecretText,
    /// Why it is opened.
    pub reason: SecretText,
    /// What is done with its code.
    pub then: AfterOpening,
}

/// What is done with the code of a sealed entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AfterOpening {
    /// It is copied.
    Copy,
    /// It is shown for so many seconds, and no longer than it is good for.
    Show(u64),
}

// Somebody may paste a secret into any field.
impl fmt::Debug for NewEntry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("NewEntry(redacted)")
    }
}

impl fmt::Debug for OpenSealed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "OpenSealed({:?} {:?} redacted)", self.id, self.then)
    }
}

impl fmt::Debug for Change {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Change({:?} redacted)", self.id)
    }
}
