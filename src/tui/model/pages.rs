//! The pages of the settings and the trash.

use crate::entry::EntryId;

/// The settings.
#[derive(Debug, Default)]
pub struct SettingsPage {
    /// A row each.
    pub rows: Vec<SettingRow>,
    /// The selected row.
    pub selected: usize,
    /// What is wrong with the file, a line each.
    pub warnings: Vec<String>,
    /// Where the file is.
    pub path: Option<String>,
}

/// One setting.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SettingRow {
    /// Its key in the file.
    pub key: &'static str,
    /// What it does.
    pub help: &'static str,
    /// Its value, as it stands in the file without quotes; safe to show.
    pub value: String,
    /// The values it can have; none where a text is typed.
    pub values: Vec<&'static str>,
    /// What such a text may be, in words.
    pub allowed: String,
}

/// What was removed.
#[derive(Debug, Default)]
pub struct TrashPage {
    /// Newest first; `None` until it was read.
    pub rows: Option<Vec<TrashRow>>,
    /// The selected row.
    pub selected: usize,
}

/// One removed entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TrashRow {
    /// The entry.
    pub id: EntryId,
    /// Its name, safe to show.
    pub title: String,
    /// When it was removed, as RFC 3339.
    pub removed: String,
}
