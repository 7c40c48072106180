//! Where the log lies: `<vault>.log`, and beside it the files that it has filled, `<vault>.log.<number of the last record>`.
//!
//! No file of the log is ever deleted or written over.

use std::io;
use std::path::{Path, PathBuf};

use super::super::context::Context;
use crate::storage::{Step, StorageError, append, atomic};

/// Digits of a record's number in the name of a file.
const DIGITS: usize = 12;

/// The log that is written to, beside the real file: a vault that is reached through a link has one log.
pub(super) fn current(ctx: &Context, vault_path: &Path) -> PathBuf {
    let target = atomic::target_of(ctx.disk.as_ref(), vault_path).unwrap_or_else(|_| vault_path.to_owned());
    let mut name = target.into_os_string();
    name.push(".log");
    PathBuf::from(name)
}

/// The files that the log has filled, in the order of the numbers in their names, the oldest first.
///
/// # Errors
///
/// When the folder cannot be listed. One that is not there holds none.
pub(super) fn rotated(ctx: &Context, log: &Path) -> Result<Vec<PathBuf>, StorageError> {
    let target = atomic::target_of(ctx.disk.as_ref(), log)?;
    let folder = target.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let listed = match ctx.disk.list(folder) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        listed => listed.map_err(|error| StorageError::new(Step::Look, folder, error))?,
    };
    let mut found: Vec<(u64, PathBuf)> =
        listed.into_iter().filter_map(|path| Some((number_of(&target, &path)?, path))).collect();
    found.sort();
    Ok(found.into_iter().map(|(_, path)| path).collect())
}

/// The number in the name of a file that the log has filled; `None` for any other file.
fn number_of(log: &Path, path: &Path) -> Option<u64> {
    let (log, name) = (log.file_name()?.as_encoded_bytes(), path.file_name()?.as_encoded_bytes());
    let digits = name.strip_prefix(log)?.strip_prefix(b".")?;
    let is_number = digits.len() == DIGITS && digits.iter().all(u8::is_ascii_digit);
    if is_number { str::from_utf8(digits).ok()?.parse().ok() } else { None }
}

/// Puts the log aside under the number of its last record, so that it goes on in a new file. The caller holds its lock.
///
/// # Errors
///
/// When it lies under its name still: then it is added to as before.
pub(super) fn rotate(ctx: &Context, log: &Path, last: u64) -> Result<(), StorageError> {
    let mut aside = log.as_os_str().to_owned();
    aside.push(format!(".{last:0DIGITS$}"));
    append::set_aside(ctx.disk.as_ref(), log, &PathBuf::from(aside))
}
