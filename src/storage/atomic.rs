//! Replacing and making files so that a crash leaves the old bytes or the new ones, never neither.
//!
//! The bytes are written beside the target, synced, read back and compared; the present file is
//! kept as a previous generation; the new one is renamed into place; the folder is synced. Only
//! then is success reported.

mod written;

use std::io;
use std::path::{Path, PathBuf};

use self::written::{discard, length, temporary_of, write_checked};
use super::disk::{Disk, Facts, FileKind};
use super::{AtStep as _, Step, StorageError, folder_of, previous};

pub use self::written::is_temporary_of;

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
/// With [`Keep::Previous`] the caller holds the lock, since the generations are moved one by one.
///
/// # Errors
///
/// [`StorageError`] names the step. The old file is untouched then, and the temporary one is removed as
/// far as the disk lets it; what stays is swept later. Once the new file is in place no error is
/// returned any more: see [`Durability::NotConfirmed`].
pub fn replace(
    disk: &dyn Disk,
    path: &Path,
    bytes: &[u8],
    token: &str,
    keep: Keep,
    check: &dyn Fn(&[u8]) -> bool,
) -> Result<Replaced, StorageError> {
    let target = target_of(disk, path)?;
    let present = disk.facts(&target).at(Step::Look, &target)?;
    if present.is_some_and(|facts| facts.kind != FileKind::File) {
        // A rename would put a file in the place of a pipe or of /dev/null.
        let refused = io::Error::new(io::ErrorKind::InvalidInput, "it is not a regular file");
        return Err(StorageError::new(Step::Look, &target, refused));
    }
    let temporary = temporary_of(&target, token);
    write_checked(disk, &temporary, bytes, check)?;
    let placed = prepare(disk, &target, &temporary, present, keep, token)
        .and_then(|()| put_in_place(disk, &temporary, &target, bytes, &|| disk.rename(&temporary, &target)));
    match placed {
        Ok(renamed) => Ok(Replaced { durability: sync_name(disk, &target, renamed) }),
        Err(error) => {
            discard(disk, &temporary);
            Err(error)
        }
    }
}

/// Does what must be done before the new file takes the place of the old one.
fn prepare(
    disk: &dyn Disk,
    target: &Path,
    temporary: &Path,
    present: Option<Facts>,
    keep: Keep,
    token: &str,
) -> Result<(), StorageError> {
    let Some(present) = present else { return Ok(()) };
    let mode = present.mode & NEW_FILE_MODE;
    if mode != NEW_FILE_MODE && mode != 0 {
        disk.set_mode(temporary, mode).at(Step::WriteTemporary, temporary)?;
    }
    match keep {
        Keep::Nothing => Ok(()),
        Keep::Previous(most) => previous::keep(disk, target, &present, most, token),
    }
}

/// Makes a file of its own: a bundle, an export, a key file. It is read back and compared.
///
/// Where the disk can neither link nor rename without replacing, the final file itself is written, and
/// a crash in that moment leaves a part of it; everywhere else it appears whole.
///
/// What a killed run left of an earlier try is removed first: it may be an export in clear. There is no
/// lock for such files, so of two processes that make the same one at the same time the first may fail
/// for that; the one that came last does not.
///
/// # Errors
///
/// [`StorageError`]; [`StorageError::is_already_exists`] when something is there and it is to stay.
/// On any failure the target is as it was, and no part of the new file remains that the disk lets go.
pub fn create(
    disk: &dyn Disk,
    path: &Path,
    bytes: &[u8],
    token: &str,
    existing: Existing,
) -> Result<Durability, StorageError> {
    if existing == Existing::Replace {
        let _swept = sweep(disk, path);
        return replace(disk, path, bytes, token, Keep::Nothing, &|_| true).map(|done| done.durability);
    }
    if disk.facts(path).at(Step::Look, path)?.is_some() {
        return Err(StorageError::new(Step::Rename, path, io::ErrorKind::AlreadyExists.into()));
    }
    let _swept = sweep(disk, path);
    let temporary = temporary_of(path, token);
    write_checked(disk, &temporary, bytes, &|_| true)?;
    let placed = match put_in_place(disk, &temporary, path, bytes, &|| disk.rename_new(&temporary, path)) {
        Err(error) if error.source.kind() == io::ErrorKind::Unsupported => {
            let placed = link_or_write(disk, &temporary, path, bytes);
            discard(disk, &temporary);
            placed
        }
        placed => placed.inspect_err(|_| discard(disk, &temporary)),
    };
    placed.map(|renamed| sync_name(disk, path, renamed))
}

/// Puts a new file in place where no rename refuses to replace.
fn link_or_write(
    disk: &dyn Disk,
    temporary: &Path,
    path: &Path,
    bytes: &[u8],
) -> Result<Durability, StorageError> {
    let Err(error) = disk.hard_link(temporary, path) else { return Ok(Durability::Confirmed) };
    if is_one_file(disk, temporary, path) {
        return Ok(Durability::NotConfirmed);
    }
    if error.kind() == io::ErrorKind::AlreadyExists {
        return Err(StorageError::new(Step::Rename, path, error));
    }
    write_checked(disk, path, bytes, &|_| true).map(|()| Durability::Confirmed)
}

/// Renames, and finds out what an error means: over a network the answer to a rename that was done can
/// get lost, and then "the old file is untouched" would be untrue.
fn put_in_place(
    disk: &dyn Disk,
    temporary: &Path,
    target: &Path,
    bytes: &[u8],
    rename: &dyn Fn() -> io::Result<()>,
) -> Result<Durability, StorageError> {
    let Err(error) = rename() else { return Ok(Durability::Confirmed) };
    let has_moved = matches!(disk.facts(temporary), Ok(None));
    if has_moved && disk.read(target, length(bytes)).is_ok_and(|found| found == bytes) {
        return Ok(Durability::NotConfirmed);
    }
    Err(StorageError::new(Step::Rename, target, error))
}

fn is_one_file(disk: &dyn Disk, one: &Path, other: &Path) -> bool {
    match (disk.facts(one), disk.facts(other)) {
        (Ok(Some(one)), Ok(Some(other))) => one.is_same_file(&other),
        _ => false,
    }
}

/// Makes the new name durable. Nothing may be undone any more: after a power cut either state is there.
fn sync_name(disk: &dyn Disk, target: &Path, renamed: Durability) -> Durability {
    match disk.sync_folder(&folder_of(target)) {
        Ok(()) => renamed,
        Err(_) => Durability::NotConfirmed,
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
    let made = match (disk.create_folder(folder), folder.parent()) {
        (Err(error), Some(parent)) if error.kind() == io::ErrorKind::NotFound => {
            make_folder(disk, parent)?;
            disk.create_folder(folder)
        }
        (made, _) => made,
    };
    match made {
        Ok(()) => {
            // Else a power cut could take the folder with a file in it that was called saved. Where
            // folders cannot be synced, the file's own folder cannot either, and that is reported.
            let _synced = disk.sync_folder(&folder_of(folder));
            Ok(())
        }
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(()),
        Err(error) => Err(StorageError::new(Step::CreateFolder, folder, error)),
    }
}

/// Removes temporary files that a crash left beside a target. Where the target has a lock the caller
/// holds it.
///
/// # Errors
///
/// [`StorageError`] when the folder cannot be listed, or for the first file that could not be removed;
/// the others are gone.
pub fn sweep(disk: &dyn Disk, path: &Path) -> Result<usize, StorageError> {
    let target = target_of(disk, path)?;
    let folder = folder_of(&target);
    let mut n_removed = 0;
    let mut failed = None;
    for found in disk.list(&folder).at(Step::Look, &folder)? {
        if is_temporary_of(&target, &found) {
            match disk.remove(&found).at(Step::Remove, &found) {
                Ok(()) => n_removed += 1,
                Err(error) => failed = failed.or(Some(error)),
            }
        }
    }
    failed.map_or(Ok(n_removed), Err)
}

/// The real place of a file that may be a link; a path with nothing there is its own target.
///
/// # Errors
///
/// [`StorageError`] when it cannot be told, or when the link leads nowhere: a medium that is not
/// mounted is no reason to make a new file in its place, so this is not "not found".
pub fn target_of(disk: &dyn Disk, path: &Path) -> Result<PathBuf, StorageError> {
    match disk.facts(path).at(Step::Look, path)? {
        Some(facts) if facts.kind == FileKind::Link => match disk.resolve(path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                let nowhere = io::Error::new(io::ErrorKind::InvalidInput, "it is a link that leads nowhere");
                Err(StorageError::new(Step::Look, path, nowhere))
            }
            resolved => resolved.at(Step::Look, path),
        },
        _ => Ok(path.to_owned()),
    }
}
