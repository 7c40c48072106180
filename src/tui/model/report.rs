//! What a file would bring, before it is taken; and what was done, when it is.

/// What a file would bring.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Report {
    /// What it comes to, a line each; safe to show.
    pub summary: Vec<String>,
    /// An entry each.
    pub rows: Vec<ReportRow>,
    /// First row shown.
    pub offset: usize,
    /// How many entries would be written.
    pub n_written: usize,
    /// How many cannot be taken.
    pub n_refused: usize,
}

/// What becomes of one entry, safe to show.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReportRow {
    /// In a word or two.
    pub outcome: &'static str,
    /// The entry's name.
    pub name: String,
    /// What is worth knowing about it.
    pub notes: Vec<String>,
    /// True where it cannot be taken.
    pub is_refused: bool,
}

impl Report {
    /// Moves the rows under the window.
    pub fn scroll(&mut self, by: isize) {
        self.offset = self.offset.saturating_add_signed(by).min(self.rows.len().saturating_sub(1));
    }
}

/// What was done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Done {
    /// A word or two for the title.
    pub name: &'static str,
    /// What was done, in one sentence; safe to show.
    pub what: String,
    /// What must not be overlooked.
    pub warnings: Vec<String>,
    /// Pairs of a name and what is known.
    pub facts: Vec<(&'static str, String)>,
    /// What to do next, a line each.
    pub next: Vec<String>,
    /// First line shown.
    pub offset: usize,
}

impl Done {
    /// Moves the lines under the window, of which at most so many lie above it.
    pub fn scroll(&mut self, by: isize, most: usize) {
        self.offset = self.offset.min(most).saturating_add_signed(by).min(most);
    }
}
