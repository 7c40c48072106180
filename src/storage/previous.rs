//! The last generations of a file, kept beside it as `NAME.previous.1` (the newest) to `NAME.previous.5`.

use std::io;
use std::path::{Path, PathBuf};

use super::disk::{Disk, FileKind};
use super::{AtStep as _, Step, StorageError, atomic, folder_of};

/// A previous generation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Previous {
    /// 1 is the newest.
    pub number: u32,
    /// Where it lies.
    pub path: PathBuf,
    /// Length in bytes.
    pub len: u64,
    /// When it was written, in Unix seconds.
    pub modified: u64,
}

/// Larger files are not looked for; the limit bounds copying where links are missing.
const LARGEST_FILE: u64 = 1 << 30;
/// No writer keeps more.
const MOST_EVER: u32 = 99;

/// The path of a previous generation.
pub fn path_of(target: &Path, number: u32) -> PathBuf {
    target.with_file_name(format!("{}.previous.{number}", atomic::file_name(target)))
}

/// The previous generations that are there, newest first.
///
/// # Errors
///
/// [`StorageError`] when the folder cannot be looked at.
pub fn list(disk: &dyn Disk, path: &Path) -> Result<Vec<Previous>, StorageError> {
    let target = atomic::target_of(disk, path)?;
    let mut found = Vec::new();
    for number in 1..=MOST_EVER {
        let path = path_of(&target, number);
        match disk.facts(&path).at(Step::Look, &path)? {
            Some(facts) if facts.kind == FileKind::File => {
                found.push(Previous { number, path, len: facts.len, modified: facts.modified });
            }
            // A crash between two renames can leave one gap; more than that is the end.
            _ if number > 5 => break,
            _ => {}
        }
    }
    Ok(found)
}

/// Removes all previous generations.
///
/// # Errors
///
/// [`StorageError`] for the first that could not be removed; the ones before it are gone.
pub fn purge(disk: &dyn Disk, path: &Path) -> Result<usize, StorageError> {
    let found = list(disk, path)?;
    for previous in &found {
        disk.remove(&previous.path).at(Step::Remove, &previous.path)?;
    }
    let folder = folder_of(path);
    disk.sync_folder(&folder).at(Step::SyncFolder, &folder)?;
    Ok(found.len())
}

/// Keeps the present file as generation 1 and moves the others one on. The present file stays in place.
///
/// The copy is made under a temporary name before anything moves, so a failure leaves every
/// generation where it can be found.
pub(super) fn keep(disk: &dyn Disk, target: &Path, most: u32, token: &str) -> Result<(), StorageError> {
    let incoming = target.with_file_name(format!(".{}.tmp.{token}.previous", atomic::file_name(target)));
    let moved = second_name(disk, target, &incoming).and_then(|()| {
        for number in (1..most).rev() {
            let from = path_of(target, number);
            match disk.rename(&from, &path_of(target, number + 1)) {
                Ok(()) => {}
                Err(error) if error.kind() == io::ErrorKind::NotFound => {}
                Err(error) => return Err(StorageError::new(Step::KeepPrevious, target, error)),
            }
        }
        disk.rename(&incoming, &path_of(target, 1)).at(Step::KeepPrevious, target)
    });
    if moved.is_err() {
        let _removed = disk.remove(&incoming);
    }
    moved
}

/// A link where the file system has them, else a copy.
fn second_name(disk: &dyn Disk, target: &Path, incoming: &Path) -> Result<(), StorageError> {
    if disk.hard_link(target, incoming).is_ok() {
        return Ok(());
    }
    let bytes = disk.read(target, LARGEST_FILE).at(Step::KeepPrevious, target)?;
    let mut file = disk.create_new(incoming).at(Step::KeepPrevious, target)?;
    file.write_all(&bytes).at(Step::KeepPrevious, target)?;
    file.sync().at(Step::KeepPrevious, target)
}
