//! The entries as the list shows them, and where the person is among them.

use std::collections::{BTreeMap, BTreeSet};

use crate::entry::EntryId;
use crate::secret::SecretText;
use crate::vault::search::Index;

/// The entries and where the person is among them.
#[derive(Debug, Default)]
pub struct List {
    /// All of them, favourites first, then in the order of `sort`.
    pub rows: Vec<Row>,
    /// The order.
    pub sort: Sort,
    /// Entries that were marked, for what is done to several.
    pub marks: BTreeSet<EntryId>,
    /// Searches them.
    pub index: Index,
    /// Places in `rows` that the filter keeps, best first.
    pub shown: Vec<usize>,
    /// The filter's text.
    pub filter: String,
    /// True while it is being typed.
    pub filtering: bool,
    /// The selected entry; `None` when nothing fits.
    pub selected: Option<EntryId>,
    /// First place of `shown` that is on the screen.
    pub offset: usize,
    /// Codes that were asked for.
    pub revealed: BTreeMap<EntryId, Revealed>,
    /// Reasons that were given for what is shown or was just copied.
    pub because: BTreeMap<EntryId, Because>,
    /// Entries whose codes are shown without being asked for, because a setting says so.
    pub asked: BTreeSet<EntryId>,
    /// Names of entries that cannot be read.
    pub set_aside: usize,
}

/// The order of the entries, after the favourites.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Sort {
    /// By issuer, then account.
    #[default]
    Name,
    /// What was shown or copied on this machine last comes first.
    Recent,
    /// By their first tag; those without one come last.
    Tag,
    /// Those whose codes no service was seen to accept, then those that were proven longest ago.
    Due,
}

impl Sort {
    /// The words for it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Name => "name",
            Self::Recent => "recent use",
            Self::Tag => "tag",
            Self::Due => "when due",
        }
    }

    /// The order after this one.
    #[must_use]
    pub const fn next(self) -> Self {
        match self {
            Self::Name => Self::Recent,
            Self::Recent => Self::Tag,
            Self::Tag => Self::Due,
            Self::Due => Self::Name,
        }
    }
}

/// One entry as the list shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// The entry.
    pub id: EntryId,
    /// The service, safe to show.
    pub issuer: String,
    /// The account, safe to show.
    pub account: String,
    /// Tags, safe to show.
    pub tags: Vec<String>,
    /// Length of a step in seconds; `None` for a counter.
    pub period: Option<u64>,
    /// Characters of a code.
    pub digits: usize,
    /// Shown first.
    pub favourite: bool,
    /// Opens something privileged.
    pub privileged: bool,
    /// When a service last accepted a code of it.
    pub proven: Option<u64>,
    /// When its code was last shown or copied on this machine.
    pub used: Option<u64>,
    /// What opens its seed, where that is sealed.
    pub sealed: Option<RowSeal>,
}

/// What opens a sealed entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RowSeal {
    /// In words, safe to show.
    pub by: String,
    /// Whether a passphrase does.
    pub passphrase: bool,
}

impl Row {
    /// `issuer:account`, or whichever there is.
    pub fn title(&self) -> String {
        match (self.issuer.is_empty(), self.account.is_empty()) {
            (false, false) => format!("{}:{}", self.issuer, self.account),
            (false, true) => self.issuer.clone(),
            _ => self.account.clone(),
        }
    }
}

/// A code that was asked for.
#[derive(Debug)]
pub struct Revealed {
    /// The code, grouped for reading.
    pub code: SecretText,
    /// The one after it, grouped.
    pub next: Option<SecretText>,
    /// First second after its step; `None` for a counter.
    pub valid_until: Option<u64>,
    /// When it is hidden again.
    pub hide_at: u64,
}

/// A reason that was given for an entry.
#[derive(Debug)]
pub struct Because {
    /// As it was given. Somebody may paste a secret into any field: it is not drawn, and hidden in `Debug`.
    pub reason: SecretText,
    /// Until when it holds.
    pub until: u64,
}

impl List {
    /// The selected row.
    pub fn selected_row(&self) -> Option<&Row> {
        let id = self.selected?;
        self.rows.iter().find(|row| row.id == id)
    }

    /// The place of the selection among the shown rows.
    pub fn selected_place(&self) -> Option<usize> {
        let id = self.selected?;
        self.shown.iter().position(|place| self.rows.get(*place).is_some_and(|row| row.id == id))
    }

    /// Puts the rows of a vault in, keeping the selection where its entry is still there.
    pub fn fill(&mut self, mut rows: Vec<Row>) {
        sorted(&mut rows, self.sort);
        self.index = Index::new(
            rows.iter().map(|row| (row.issuer.as_str(), row.account.as_str(), row.tags.as_slice())),
        );
        self.rows = rows;
        if !self.marks.is_empty() {
            let there: BTreeSet<EntryId> = self.rows.iter().map(|row| row.id).collect();
            self.marks.retain(|id| there.contains(id));
        }
        self.shown.clear();
        self.refilter();
    }

    /// Puts the rows into another order.
    pub fn sort_by(&mut self, sort: Sort) {
        self.sort = sort;
        let rows = std::mem::take(&mut self.rows);
        self.fill(rows);
    }

    /// Applies the filter; a selection that it hides is gone.
    pub fn refilter(&mut self) {
        self.shown = self.index.matches(&self.filter);
        if self.selected_place().is_none() {
            self.select_first();
        }
        self.offset = 0;
    }

    /// Applies a filter that was just edited: the best match is selected, as in fzf.
    pub fn refilter_edited(&mut self, before: &str) {
        self.shown = self.index.narrow(before, &self.shown, &self.filter);
        self.select_first();
        self.offset = 0;
    }

    fn select_first(&mut self) {
        self.selected = self.shown.first().and_then(|place| self.rows.get(*place)).map(|row| row.id);
    }

    /// The entries that are on a screen of so many rows.
    pub fn on_screen(&self, page: usize) -> impl Iterator<Item = &Row> {
        self.shown.iter().skip(self.offset).take(page).filter_map(|place| self.rows.get(*place))
    }

    /// The row of an entry.
    pub fn row(&self, id: EntryId) -> Option<&Row> {
        self.rows.iter().find(|row| row.id == id)
    }

    /// The entries that an action is done to: the marked ones, in the order of the list, or the selected one.
    pub fn chosen(&self) -> Vec<EntryId> {
        if self.marks.is_empty() {
            return self.selected.into_iter().collect();
        }
        self.rows.iter().map(|row| row.id).filter(|id| self.marks.contains(id)).collect()
    }

    /// Forgets everything but the order, wiping the codes.
    pub fn clear(&mut self) {
        *self = Self { sort: self.sort, ..Self::default() };
    }
}

/// Favourites first, then the order; what is equal in it goes by name.
fn sorted(rows: &mut [Row], sort: Sort) {
    use std::cmp::Reverse;
    let name = |row: &Row| (row.issuer.to_lowercase(), row.account.to_lowercase());
    match sort {
        Sort::Name => rows.sort_by_cached_key(|row| (!row.favourite, name(row))),
        Sort::Recent => rows.sort_by_cached_key(|row| (!row.favourite, Reverse(row.used), name(row))),
        Sort::Tag => rows.sort_by_cached_key(|row| {
            let tag = row.tags.first().map(|tag| tag.to_lowercase());
            (!row.favourite, tag.is_none(), tag, name(row))
        }),
        Sort::Due => rows.sort_by_cached_key(|row| (!row.favourite, row.proven, name(row))),
    }
}
