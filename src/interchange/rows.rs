//! Rows of CSV files (RFC 4180): quoted fields of several lines, and columns found by their headings.

use super::ImportError;
use super::outcome::MOST_ENTRIES;

/// Larger files are not read.
const LARGEST_FILE: usize = 64 << 20;

/// The heading of a column.
#[derive(Debug, Clone, Copy)]
pub(super) struct Column<'a>(pub(super) &'a str);

/// A row under its headings.
#[derive(Debug)]
pub(super) struct Row<'a> {
    headings: &'a csv::StringRecord,
    fields: &'a csv::StringRecord,
}

impl<'a> Row<'a> {
    /// The field of a column, without spaces around it; empty where there is none.
    pub(super) fn get(&self, column: Column<'_>) -> &'a str {
        self.whole(column).trim()
    }

    /// The field of a column as it stands there.
    pub(super) fn whole(&self, column: Column<'_>) -> &'a str {
        let is_it = |heading: &str| heading.trim().eq_ignore_ascii_case(column.0);
        let place = self.headings.iter().position(is_it);
        place.and_then(|place| self.fields.get(place)).unwrap_or_default()
    }

    /// All fields, also those beyond the headings.
    pub(super) fn fields(&self) -> Vec<&'a str> {
        self.fields.iter().map(str::trim).collect()
    }
}

/// Tells whether the first line of a text has all these headings. One that is longer than any table's has none.
pub(super) fn is_heading(text: &[u8], headings: &[&str]) -> bool {
    const LONGEST: usize = 16 << 10;
    let beginning = text.get(..LONGEST).unwrap_or(text);
    let line = beginning.split(|byte| *byte == b'\n').next().unwrap_or_default();
    if line.len() == LONGEST {
        return false;
    }
    let Ok(line) = std::str::from_utf8(line) else { return false };
    let found: Vec<String> =
        line.split(',').map(|field| field.trim().trim_matches('"').to_ascii_lowercase()).collect();
    headings.iter().all(|heading| found.iter().any(|one| one == heading))
}

/// Hands over each row with its place, from 1; the heading is none of them.
///
/// # Errors
///
/// [`ImportError::TooLarge`], and [`ImportError::Damaged`] with the line where it is no CSV.
pub(super) fn rows(bytes: &[u8], take: impl FnMut(usize, &Row<'_>)) -> Result<(), ImportError> {
    read(bytes, true, take)
}

/// As [`rows`], of a program that quotes nothing: there a quotation mark is a letter as others.
///
/// # Errors
///
/// As [`rows`].
pub(super) fn unquoted_rows(bytes: &[u8], take: impl FnMut(usize, &Row<'_>)) -> Result<(), ImportError> {
    read(bytes, false, take)
}

fn read(bytes: &[u8], quotes: bool, mut take: impl FnMut(usize, &Row<'_>)) -> Result<(), ImportError> {
    if bytes.len() > LARGEST_FILE {
        return Err(ImportError::TooLarge);
    }
    // A line of spaces above it is not the heading.
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes).trim_ascii_start();
    let mut reader = csv::ReaderBuilder::new().flexible(true).quoting(quotes).from_reader(bytes);
    let damaged = |error: &csv::Error| {
        let line = error.position().map_or(1, csv::Position::line);
        ImportError::Damaged { at: format!("line {line} is no CSV") }
    };
    let headings = reader.headers().map_err(|error| damaged(&error))?.clone();
    let mut fields = csv::StringRecord::new();
    let mut position = 0;
    while reader.read_record(&mut fields).map_err(|error| damaged(&error))? {
        position += 1;
        if position > MOST_ENTRIES {
            return Err(ImportError::TooLarge);
        }
        take(position, &Row { headings: &headings, fields: &fields });
    }
    Ok(())
}
