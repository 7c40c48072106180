//! Files that only grow: whole lines are added, and a torn last line is closed off first.

use std::io;
use std::path::Path;

use super::disk::Disk;
use super::{AtStep as _, Step, StorageError};

/// Adds whole lines to a file, made where it is absent. A last line without its end, left by a crash,
/// gets one first, so that it spoils itself alone.
///
/// # Errors
///
/// [`StorageError`]; part of the last line may have been written.
pub fn append_lines(disk: &dyn Disk, path: &Path, lines: &[u8]) -> Result<(), StorageError> {
    if is_torn(disk, path)? {
        let mut closed = Vec::with_capacity(lines.len() + 1);
        closed.push(b'\n');
        closed.extend_from_slice(lines);
        return disk.append(path, &closed).at(Step::Append, path);
    }
    disk.append(path, lines).at(Step::Append, path)
}

/// The last bytes of a file, from the first whole line among them; `None` when there is no file.
///
/// # Errors
///
/// [`StorageError`] when it cannot be read.
pub fn tail(disk: &dyn Disk, path: &Path, most: u64) -> Result<Option<Vec<u8>>, StorageError> {
    let Some(facts) = disk.facts(path).at(Step::Look, path)? else { return Ok(None) };
    let offset = facts.len.saturating_sub(most);
    let mut bytes = disk.read_from(path, offset, most).at(Step::Read, path)?;
    if offset > 0 {
        let first_whole = bytes.iter().position(|byte| *byte == b'\n').map_or(bytes.len(), |at| at + 1);
        bytes.drain(..first_whole);
    }
    Ok(Some(bytes))
}

fn is_torn(disk: &dyn Disk, path: &Path) -> Result<bool, StorageError> {
    let Some(facts) = disk.facts(path).at(Step::Look, path)? else { return Ok(false) };
    match disk.read_from(path, facts.len.saturating_sub(1), 1) {
        Ok(last) => Ok(last.first().is_some_and(|byte| *byte != b'\n')),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(false),
        Err(error) => Err(StorageError::new(Step::Read, path, error)),
    }
}
