//! The page of the status: what there is to see to.

/// The status.
#[derive(Debug, Default)]
pub struct StatusPage {
    /// What was read; `None` until it was.
    pub known: Option<StatusKnown>,
    /// First line shown.
    pub offset: usize,
}

/// What is known of the vault, and what there is to see to.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct StatusKnown {
    /// Pairs of a name and what is known, safe to show.
    pub facts: Vec<(&'static str, String)>,
    /// A row each, the most urgent first.
    pub rows: Vec<StatusRow>,
}

/// One thing to see to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StatusRow {
    /// The word of its group.
    pub group: &'static str,
    /// What it is, and what to do about it; safe to show.
    pub words: String,
    /// What it is about, as many as are shown; safe to show.
    pub names: String,
    /// True for what is due, false for what is told in time.
    pub counts: bool,
}

impl StatusPage {
    /// Moves the lines under the window, of which at most so many lie above it.
    pub fn scroll(&mut self, by: isize, most: usize) {
        self.offset = self.offset.min(most).saturating_add_signed(by).min(most);
    }
}
