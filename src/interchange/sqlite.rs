//! Reading tables of an `SQLite` database (its file format, version 3, as sqlite.org/fileformat2 describes it).
//!
//! This is a reader of files and no database: rows of a table are walked through in the order in which they lie, and
//! nothing that stands in the file is run, no view, no trigger, no expression. Every page is visited once, and all rows
//! together give no more bytes than the file has, so that time and memory are bounded by the file's length.

mod record;
mod schema;

use std::cell::Cell;

use self::record::Record;
pub(super) use self::record::Row;
use super::ImportError;
use super::json::{LARGEST_FILE, damaged};
use super::outcome::MOST_ENTRIES;
use crate::secret::SecretBytes;

/// First bytes of a database.
pub(super) const MAGIC: &[u8] = b"SQLite format 3\0";
/// Most tables, indexes, views and triggers of a file; the apps have some dozen.
const MOST_OBJECTS: usize = 4096;
/// Deepest tree; the limit of `SQLite` too.
const DEEPEST: usize = 20;

/// How texts are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Encoding {
    Utf8,
    Utf16Be,
    Utf16Le,
}

/// A table of the schema.
#[derive(Debug)]
struct Table {
    name: String,
    root: usize,
    sql: String,
}

/// A database whose schema was read.
#[derive(Debug)]
pub(super) struct Database<'a> {
    bytes: &'a [u8],
    page_size: usize,
    /// What a page holds without the bytes that extensions keep for themselves.
    usable: usize,
    encoding: Encoding,
    tables: Vec<Table>,
    has_log: bool,
}

impl<'a> Database<'a> {
    /// Reads the header and the schema.
    ///
    /// # Errors
    ///
    /// [`ImportError`] when it is damaged, too large or of another version.
    pub(super) fn parse(bytes: &'a [u8]) -> Result<Self, ImportError> {
        if bytes.len() > LARGEST_FILE {
            return Err(ImportError::TooLarge);
        }
        let header = bytes.first_chunk::<100>().filter(|header| header.starts_with(MAGIC));
        let header = header.ok_or_else(|| damaged("the header of the database"))?;
        let page_size = match u16_at(header, 16) {
            Some(1) => 1 << 16,
            Some(size) if size >= 512 && size.is_power_of_two() => usize::from(size),
            _ => return Err(damaged("the size of the database's pages")),
        };
        let at = |at: usize| header.get(at).copied().unwrap_or_default();
        let usable = page_size - usize::from(at(20));
        if usable < 480 {
            return Err(damaged("the size of the database's pages"));
        }
        // 2 is a database with a log of its own beside it; what is higher may not be read at all.
        if at(19) > 2 {
            return Err(ImportError::Unsupported { what: "this version of SQLite's format".to_owned() });
        }
        let encoding = match u32_at(header, 56) {
            Some(0 | 1) => Encoding::Utf8,
            Some(2) => Encoding::Utf16Le,
            Some(3) => Encoding::Utf16Be,
            _ => return Err(damaged("the encoding of the database's texts")),
        };
        let has_log = at(18) == 2 || at(19) == 2;
        let mut database = Self { bytes, page_size, usable, encoding, tables: Vec::new(), has_log };
        database.tables = database.schema()?;
        Ok(database)
    }

    /// Tells whether the newest changes may lie in another file beside it, which is not read.
    pub(super) fn has_log(&self) -> bool {
        self.has_log
    }

    /// Tells whether it has a table with these columns.
    pub(super) fn has(&self, table: &str, columns: &[&str]) -> bool {
        let names = self.table(table).and_then(|table| schema::columns(&table.sql).ok());
        names.is_some_and(|names| {
            columns.iter().all(|one| names.iter().any(|name| name.eq_ignore_ascii_case(one)))
        })
    }

    /// Hands over each row of a table; `take` gets its place from 1.
    ///
    /// # Errors
    ///
    /// [`ImportError`] when the table is missing or damaged, or kept in a form that is not read.
    pub(super) fn rows(
        &self,
        table: &str,
        mut take: impl FnMut(usize, &mut Row<'_>),
    ) -> Result<(), ImportError> {
        let table = self.table(table).ok_or_else(|| damaged("a table is missing"))?;
        let columns = schema::columns(&table.sql)?;
        let mut position = 0;
        self.walk(table.root, |record| {
            position += 1;
            if position > MOST_ENTRIES {
                return Err(ImportError::TooLarge);
            }
            take(position, &mut Row::new(&columns, record));
            Ok(())
        })
    }

    fn table(&self, name: &str) -> Option<&Table> {
        self.tables.iter().find(|table| table.name.eq_ignore_ascii_case(name))
    }

    fn schema(&self) -> Result<Vec<Table>, ImportError> {
        let mut tables = Vec::new();
        let mut n_objects = 0;
        self.walk(1, |record| {
            n_objects += 1;
            if n_objects > MOST_OBJECTS {
                return Err(ImportError::TooLarge);
            }
            let text = |idx: usize| record.text(idx).map(|text| text.expose().to_owned());
            // Of a view, a trigger or an index nothing is looked at; a virtual table has no page.
            if text(0).as_deref() == Some("table")
                && let (Some(name), Some(sql), Some(root)) = (text(1), text(4), record.integer(3))
                && let Some(root) = usize::try_from(root).ok().filter(|root| *root > 0)
            {
                tables.push(Table { name, root, sql });
            }
            Ok(())
        })?;
        Ok(tables)
    }

    /// Walks through the rows of a table, in the order of their ids.
    fn walk(
        &self,
        root: usize,
        mut take: impl FnMut(&Record) -> Result<(), ImportError>,
    ) -> Result<(), ImportError> {
        let n_pages = self.bytes.len().div_ceil(self.page_size);
        let mut visited = vec![false; n_pages + 1];
        // Rows share no byte in a whole file, so that all of them together are no longer than it.
        let left = Cell::new(self.bytes.len());
        // Pages that are still to be looked at, the next one last, with how deep they lie.
        let mut ahead = vec![(root, 0)];
        while let Some((number, depth)) = ahead.pop() {
            let bad = || damaged(&format!("page {number} of the database"));
            if depth > DEEPEST || visited.get_mut(number).is_none_or(|seen| std::mem::replace(seen, true)) {
                return Err(bad());
            }
            let page = self.page(number).ok_or_else(bad)?;
            let start = if number == 1 { 100 } else { 0 };
            let n_cells = usize::from(u16_at(page, start + 3).ok_or_else(bad)?);
            let cell = |pointers: usize, idx: usize| {
                let at = usize::from(u16_at(page, pointers + 2 * idx)?);
                page.get(at..)
            };
            match page.get(start) {
                Some(5) => {
                    let rightmost = u32_at(page, start + 8).ok_or_else(bad)?;
                    let mut children = Vec::with_capacity(n_cells + 1);
                    for idx in 0..n_cells {
                        children
                            .push(cell(start + 12, idx).and_then(|cell| u32_at(cell, 0)).ok_or_else(bad)?);
                    }
                    children.push(rightmost);
                    let numbers =
                        children.into_iter().rev().map(|child| usize::try_from(child).unwrap_or_default());
                    ahead.extend(numbers.map(|child| (child, depth + 1)));
                }
                Some(13) => {
                    for idx in 0..n_cells {
                        let cell = cell(start + 8, idx).ok_or_else(bad)?;
                        let record = self
                            .payload(cell, &left)
                            .and_then(|payload| Record::parse(payload, self.encoding));
                        take(&record.ok_or_else(bad)?)?;
                    }
                }
                Some(2 | 10) => {
                    return Err(ImportError::Unsupported { what: "a table without row ids".to_owned() });
                }
                _ => return Err(bad()),
            }
            // More pages than there are cannot be waiting: each is visited once.
            if ahead.len() > n_pages {
                return Err(bad());
            }
        }
        Ok(())
    }

    /// A page's usable bytes; the last page of a file that was cut off is none.
    fn page(&self, number: usize) -> Option<&'a [u8]> {
        let start = number.checked_sub(1)?.checked_mul(self.page_size)?;
        self.bytes.get(start..start.checked_add(self.page_size)?)?.get(..self.usable)
    }

    /// The content of a row, put together from its cell and the pages that it goes on in.
    fn payload(&self, cell: &[u8], left: &Cell<usize>) -> Option<SecretBytes> {
        let mut rest = cell;
        let length = usize::try_from(varint(&mut rest)?).ok()?;
        let _row_id = varint(&mut rest)?;
        left.set(left.get().checked_sub(length)?);
        let most = self.usable - 35;
        let n_here = if length <= most {
            length
        } else {
            let least = (self.usable - 12) * 32 / 255 - 23;
            let filled = least + (length - least) % (self.usable - 4);
            if filled <= most { filled } else { least }
        };
        let (here, rest) = rest.split_at_checked(n_here)?;
        let mut payload = SecretBytes::with_capacity(length);
        payload.expose_mut().extend_from_slice(here);
        let mut next = if n_here < length { u32_at(rest, 0)? } else { 0 };
        while payload.len() < length {
            let page = self.page(usize::try_from(next).ok()?)?;
            next = u32_at(page, 0)?;
            let more = page.get(4..)?;
            let n_more = more.len().min(length - payload.len());
            payload.expose_mut().extend_from_slice(more.get(..n_more)?);
        }
        Some(payload)
    }
}

/// Takes a number of one to nine bytes off.
fn varint(rest: &mut &[u8]) -> Option<u64> {
    let mut number = 0_u64;
    for n_read in 1..=9 {
        let (byte, behind) = rest.split_first()?;
        *rest = behind;
        // The ninth byte has eight bits of the number, the others seven and a sign that more follows.
        if n_read == 9 {
            return Some(number << 8 | u64::from(*byte));
        }
        number = number << 7 | u64::from(byte & 0x7f);
        if byte & 0x80 == 0 {
            break;
        }
    }
    Some(number)
}

fn u16_at(bytes: &[u8], at: usize) -> Option<u16> {
    bytes.get(at..)?.first_chunk().map(|chunk| u16::from_be_bytes(*chunk))
}

fn u32_at(bytes: &[u8], at: usize) -> Option<u32> {
    bytes.get(at..)?.first_chunk().map(|chunk| u32::from_be_bytes(*chunk))
}

#[cfg(test)]
mod tests;
