//! Replacing and making files so that a crash leaves the old bytes or the new ones, never neither.
//!
//! The bytes are written beside the target, synced, read back and compared; the present file is
//! kept as a previous generation; the new one is renamed into place; the folder is synced. Only
//! then is success reported.

use std::io;
use std::path::{Path, PathBuf};

use super::disk::{Disk, FileKind};
use super::{AtStep as _, Step, StorageError, folder_of, previous};

/// What becomes of the file that is replaced.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Keep {
    /// It is gone.
    Nothing,
    /// It becomes the first of so many previous generations.
    Previous(u32),
}

/// What becomes of a file that is in the way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Existing {
    /// It stays, and the new one is not made.
    Refuse,
    /// It is replaced.
    Replace,
}

/// Whether the system confirmed that the result survives a power cut.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Durability {
    /// It did.
    Confirmed,
    /// The new file is in place, and the folder could not be synced: after a power cut either may be there.
    NotConfirmed,
}

/// What came of a replacement.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Replaced {
    /// Whether it survives a power cut.
    pub durability: Durability,
}

const NEW_FILE_MODE: u32 = 0o600;

/// Replaces the file at `path`, or makes it. A link is followed once, so that it keeps pointing there.
///
/// `token` is random and makes the temporary file's name; `check` gets what was read back from the
/// medium and says whether it opens. The mode of an existing file is kept where it is not wider than 0600.
///
/// # Errors
///
/// [`StorageError`] names the step. Up to and including [`Step::Rename`] the old file is untouched and
/// the temporary one is removed.
pub fn replace(
    disk: &dyn Disk,
    path: &Path,
    bytes: &[u8],
    token: &str,
    keep: Keep,
    check: &dyn Fn(&[u8]) -> bool,
) -> Result<Replaced, StorageError> {
    let target = target_of(disk, path)?;
    let temporary = temporary_of(&target, token);
    let present = disk.facts(&target).at(Step::Look, &target)?;
    let written = write_checked(disk, &temporary, bytes, check).and_then(|()| {
        let mode = present.map_or(NEW_FILE_MODE, |facts| facts.mode & NEW_FILE_MODE);
        if mode != NEW_FILE_MODE && mode != 0 {
            disk.set_mode(&temporary, mode).at(Step::WriteTemporary, &temporary)?;
        }
        if let (Keep::Previous(most), Some(_)) = (keep, present) {
            previous::keep(disk, &target, most, token)?;
        }
        disk.rename(&temporary, &target).at(Step::Rename, &target)
    });
    if let Err(error) = written {
        discard(disk, &temporary);
        return Err(error);
    }
    let durability = match disk.sync_folder(&folder_of(&target)) {
        Ok(()) => Durability::Confirmed,
        // The rename is done: the state is new or old after a power cut, and nothing may be deleted now.
        Err(_) => Durability::NotConfirmed,
    };
    Ok(Replaced { durability })
}

/// Makes a file of its own: a bundle, an export, a key file. It is read back and compared.
///
/// # Errors
///
/// [`StorageError`]; [`StorageError::is_already_exists`] when something is there and it is to stay.
/// On any failure the target is as it was, and no part of the new file remains.
pub fn create(
    disk: &dyn Disk,
    path: &Path,
    bytes: &[u8],
    token: &str,
    existing: Existing,
) -> Result<Durability, StorageError> {
    if existing == Existing::Replace {
        return replace(disk, path, bytes, token, Keep::Nothing, &|_| true).map(|done| done.durability);
    }
    if disk.facts(path).at(Step::Look, path)?.is_some() {
        return Err(StorageError::new(Step::Rename, path, io::ErrorKind::AlreadyExists.into()));
    }
    let temporary = temporary_of(path, token);
    let written = write_checked(disk, &temporary, bytes, &|_| true).and_then(|()| {
        // A link fails where something has appeared meanwhile; a rename would replace it.
        match disk.hard_link(&temporary, path) {
            Ok(()) => Ok(()),
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
                Err(StorageError::new(Step::Rename, path, error))
            }
            // No links here (FAT, some network file systems): make the final file itself, which must not exist.
            Err(_) => write_checked(disk, path, bytes, &|_| true).inspect_err(|error| {
                if !error.is_already_exists() {
                    discard(disk, path);
                }
            }),
        }
    });
    discard(disk, &temporary);
    written?;
    match disk.sync_folder(&folder_of(path)) {
        Ok(()) => Ok(Durability::Confirmed),
        Err(_) => Ok(Durability::NotConfirmed),
    }
}

/// Makes a folder and the ones above it, with mode 0700; ones that are there stay as they are.
///
/// # Errors
///
/// [`StorageError`] names the folder that could not be made.
pub fn make_folder(disk: &dyn Disk, folder: &Path) -> Result<(), StorageError> {
    if folder.as_os_str().is_empty() {
        return Ok(());
    }
    match disk.create_folder(folder) {
        Ok(()) => Ok(()),
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(()),
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            let Some(parent) = folder.parent() else {
                return Err(StorageError::new(Step::CreateFolder, folder, error));
            };
            make_folder(disk, parent)?;
            match disk.create_folder(folder) {
                Err(error) if error.kind() != io::ErrorKind::AlreadyExists => {
                    Err(StorageError::new(Step::CreateFolder, folder, error))
                }
                _ => Ok(()),
            }
        }
        Err(error) => Err(StorageError::new(Step::CreateFolder, folder, error)),
    }
}

/// Removes temporary files that a crash left beside a target; the caller holds its lock.
///
/// # Errors
///
/// [`StorageError`] when the folder cannot be listed or a file not removed.
pub fn sweep(disk: &dyn Disk, path: &Path) -> Result<usize, StorageError> {
    let target = target_of(disk, path)?;
    let prefix = format!(".{}.tmp.", file_name(&target));
    let folder = folder_of(&target);
    let mut n_removed = 0;
    for found in disk.list(&folder).at(Step::Look, &folder)? {
        if file_name(&found).starts_with(&prefix) {
            disk.remove(&found).at(Step::Remove, &found)?;
            n_removed += 1;
        }
    }
    Ok(n_removed)
}

/// Writes a file that must not exist, syncs it, reads it back and compares.
fn write_checked(
    disk: &dyn Disk,
    path: &Path,
    bytes: &[u8],
    check: &dyn Fn(&[u8]) -> bool,
) -> Result<(), StorageError> {
    let mut file = disk.create_new(path).at(Step::CreateTemporary, path)?;
    file.write_all(bytes).at(Step::WriteTemporary, path)?;
    file.sync().at(Step::SyncTemporary, path)?;
    drop(file);
    let limit = u64::try_from(bytes.len()).unwrap_or(u64::MAX);
    let read_back = disk.read(path, limit).at(Step::ReadBack, path)?;
    if read_back == bytes && check(&read_back) {
        Ok(())
    } else {
        let differs =
            io::Error::new(io::ErrorKind::InvalidData, "the disk holds something else than was written");
        Err(StorageError::new(Step::ReadBack, path, differs))
    }
}

/// The real place of a file that may be a link; a path with nothing there is its own target.
pub(super) fn target_of(disk: &dyn Disk, path: &Path) -> Result<PathBuf, StorageError> {
    match disk.facts(path).at(Step::Look, path)? {
        Some(facts) if facts.kind == FileKind::Link => disk.resolve(path).at(Step::Look, path),
        _ => Ok(path.to_owned()),
    }
}

pub(super) fn file_name(path: &Path) -> String {
    path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default()
}

fn temporary_of(target: &Path, token: &str) -> PathBuf {
    target.with_file_name(format!(".{}.tmp.{token}", file_name(target)))
}

/// Removes what a failed write left; the failure itself is what is reported.
fn discard(disk: &dyn Disk, temporary: &Path) {
    let _removed = disk.remove(temporary);
}
