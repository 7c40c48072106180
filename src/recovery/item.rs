//! What a vault remembers of the days on which something was lost, opened or weakened: until each item is closed,
//! somebody still has something to do.

use std::fmt;

use super::exception::Exception;
use super::incident::Incident;
use super::pass::IssuedPass;
use super::runbook::OwnRunbook;
use crate::entry::EntryId;

/// Most items of one kind that a vault keeps.
pub const MOST_ITEMS: usize = 10_000;

/// Names an exception, an incident or a pass: 32 random bits, written as 8 lower-case hexadecimal digits, which a
/// person can read out and type.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ItemId([u8; 4]);

impl ItemId {
    /// Takes the random bytes.
    pub const fn from_bytes(bytes: [u8; 4]) -> Self {
        Self(bytes)
    }

    /// The bytes.
    pub const fn bytes(self) -> [u8; 4] {
        self.0
    }

    /// Reads 8 hexadecimal digits in either case; `None` for anything else.
    pub fn parse(text: &str) -> Option<Self> {
        let bytes = data_encoding::HEXLOWER_PERMISSIVE.decode(text.as_bytes()).ok()?;
        bytes.try_into().ok().map(Self)
    }
}

impl fmt::Display for ItemId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&data_encoding::HEXLOWER.encode(&self.0))
    }
}

impl fmt::Debug for ItemId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ItemId({self})")
    }
}

/// Everything of it that a vault keeps, each list in the order in which its items were made.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Items {
    /// What weakens something for a time.
    pub exceptions: Vec<Exception>,
    /// What was lost or opened, with its things to do.
    pub incidents: Vec<Incident>,
    /// The passes that were issued.
    pub passes: Vec<IssuedPass>,
    /// The person's own runbooks.
    pub runbooks: Vec<OwnRunbook>,
    /// What a newer version wrote, as JSON texts; it is written back as it is.
    pub unread: Vec<UnreadItem>,
}

/// An item that this version does not understand.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnreadItem {
    /// The list in which it stands.
    pub list: &'static str,
    /// Its JSON text.
    pub text: String,
}

impl Items {
    /// Tells whether there is nothing.
    pub fn is_empty(&self) -> bool {
        self.exceptions.is_empty()
            && self.incidents.is_empty()
            && self.passes.is_empty()
            && self.runbooks.is_empty()
            && self.unread.is_empty()
    }

    /// Tells whether an exception, an incident or a pass has this id.
    pub fn has(&self, id: ItemId) -> bool {
        self.exceptions.iter().any(|exception| exception.id == id)
            || self.incidents.iter().any(|incident| incident.id == id)
            || self.passes.iter().any(|pass| pass.id == id)
    }

    /// What others have and these do not, by id or, of runbooks, by name; unread ones by their text.
    #[must_use]
    pub fn lacking(&self, others: &Self) -> Self {
        Self {
            exceptions: lacking(&others.exceptions, |exception| self.has(exception.id)),
            incidents: lacking(&others.incidents, |incident| self.has(incident.id)),
            passes: lacking(&others.passes, |pass| self.has(pass.id)),
            runbooks: lacking(&others.runbooks, |runbook| {
                self.runbooks.iter().any(|own| own.name == runbook.name)
            }),
            unread: lacking(&others.unread, |unread| self.unread.contains(unread)),
        }
    }

    /// Takes others in behind its own.
    pub fn append(&mut self, mut others: Self) {
        self.exceptions.append(&mut others.exceptions);
        self.incidents.append(&mut others.incidents);
        self.passes.append(&mut others.passes);
        self.runbooks.append(&mut others.runbooks);
        self.unread.append(&mut others.unread);
    }

    /// The passes of an entry that are still open, whatever the time is.
    pub fn open_passes(&self, entry: EntryId) -> impl Iterator<Item = &IssuedPass> {
        self.passes.iter().filter(move |pass| pass.entry == entry && pass.closed.is_none())
    }
}

fn lacking<T: Clone>(all: &[T], is_there: impl Fn(&T) -> bool) -> Vec<T> {
    all.iter().filter(|item| !is_there(item)).cloned().collect()
}
