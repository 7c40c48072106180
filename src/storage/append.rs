//! Files that only grow: whole lines are added, and a torn last line is closed off first.

use std::io;
use std::path::Path;

use super::disk::Disk;
use super::{AtStep as _, Step, StorageError, atomic, folder_of};

/// Adds whole lines to a file, made where it is absent, and reads them back: a disk that says that they are
/// there has to show them. A last line without its end, left by a crash, gets one first, so that it spoils
/// itself alone. Nothing is ever cut off.
///
/// The caller holds the file's lock, else two writers could both close the same torn line.
///
/// # Errors
///
/// [`StorageError`]; the lines may be there in whole or in part. The lines before them are untouched.
pub fn append_lines(disk: &dyn Disk, path: &Path, lines: &[u8]) -> Result<(), StorageError> {
    let target = atomic::target_of(disk, path)?;
    let present = disk.facts(&target).at(Step::Look, &target)?;
    let before = present.map_or(0, |facts| facts.len);
    if is_torn(disk, &target, before)? {
        let mut closed = Vec::with_capacity(lines.len() + 1);
        closed.push(b'\n');
        closed.extend_from_slice(lines);
        return add(disk, &target, before, &closed);
    }
    add(disk, &target, before, lines)?;
    if present.is_none() {
        // The bytes are on the medium; the name of the new file is not yet.
        let folder = folder_of(&target);
        disk.sync_folder(&folder).at(Step::SyncFolder, &folder)?;
    }
    Ok(())
}

/// Adds bytes behind the `before` that are there, and compares what the disk holds then.
fn add(disk: &dyn Disk, path: &Path, before: u64, bytes: &[u8]) -> Result<(), StorageError> {
    disk.append(path, bytes).at(Step::Append, path)?;
    let most = u64::try_from(bytes.len()).unwrap_or(u64::MAX);
    if disk.read_from(path, before, most).at(Step::ReadBack, path)? == bytes {
        Ok(())
    } else {
        let differs =
            io::Error::new(io::ErrorKind::InvalidData, "the disk holds something else than was added");
        Err(StorageError::new(Step::ReadBack, path, differs))
    }
}

/// The last bytes of a file, from the first whole line among them; `None` when there is no file.
///
/// # Errors
///
/// [`StorageError`] when it cannot be read.
pub fn tail(disk: &dyn Disk, path: &Path, most: u64) -> Result<Option<Vec<u8>>, StorageError> {
    let target = atomic::target_of(disk, path)?;
    let Some(facts) = disk.facts(&target).at(Step::Look, &target)? else { return Ok(None) };
    let offset = facts.len.saturating_sub(most);
    let mut bytes = disk.read_from(&target, offset, most).at(Step::Read, &target)?;
    if offset > 0 {
        let first_whole = bytes.iter().position(|byte| *byte == b'\n').map_or(bytes.len(), |at| at + 1);
        bytes.drain(..first_whole);
    }
    Ok(Some(bytes))
}

/// Puts a file aside under a name that nothing has yet, so that the next line begins a new one.
///
/// Where the new name cannot be made durable it is taken back: the new file's name could outlast a power cut that this
/// one does not.
///
/// # Errors
///
/// [`StorageError`] when the file lies where it was.
pub fn set_aside(disk: &dyn Disk, path: &Path, aside: &Path) -> Result<(), StorageError> {
    if let Err(error) = disk.rename_new(path, aside) {
        // Over a network the answer to a rename that was done can get lost.
        let has_moved = matches!((disk.facts(path), disk.facts(aside)), (Ok(None), Ok(Some(_))));
        if !has_moved {
            return Err(StorageError::new(Step::Rename, path, error));
        }
    }
    let folder = folder_of(path);
    let Err(error) = disk.sync_folder(&folder) else { return Ok(()) };
    match disk.rename_new(aside, path) {
        Ok(()) => Err(StorageError::new(Step::SyncFolder, &folder, error)),
        Err(_) => Ok(()),
    }
}

fn is_torn(disk: &dyn Disk, path: &Path, len: u64) -> Result<bool, StorageError> {
    let Some(last) = len.checked_sub(1) else { return Ok(false) };
    let end = disk.read_from(path, last, 1).at(Step::Read, path)?;
    Ok(end.first().is_some_and(|byte| *byte != b'\n'))
}
