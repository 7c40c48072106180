//! The last generations of a file, kept beside it as `NAME.previous.1` (the newest) to `NAME.previous.5`.

use std::io;
use std::path::{Path, PathBuf};

use super::disk::{Disk, Facts, FileKind};
use super::{AtStep as _, Step, StorageError, atomic, beside, folder_of};

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
    beside(target, "", &format!(".previous.{number}"))
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

/// Removes all previous generations, the oldest first. The bytes may stay on the medium until it
/// writes over them: a key that must no longer open them is changed, not deleted.
///
/// # Errors
///
/// [`StorageError`] for the first that could not be removed; the ones before it are gone.
pub fn purge(disk: &dyn Disk, path: &Path) -> Result<usize, StorageError> {
    let found = list(disk, path)?;
    for previous in found.iter().rev() {
        disk.remove(&previous.path).at(Step::Remove, &previous.path)?;
    }
    let folder = folder_of(&atomic::target_of(disk, path)?);
    disk.sync_folder(&folder).at(Step::SyncFolder, &folder)?;
    Ok(found.len())
}

/// Keeps the present file as generation 1 and moves the others one on. The present file stays in place.
///
/// The second name is made under a temporary name before anything moves, and the others move only as
/// far as the first free number, so a failure leaves every generation where it can be found. A save
/// that failed after this step has kept the present file already: keeping it once more with every
/// further attempt would push all older generations out.
pub(super) fn keep(
    disk: &dyn Disk,
    target: &Path,
    present: &Facts,
    most: u32,
    token: &str,
) -> Result<(), StorageError> {
    if most == 0 {
        return Ok(());
    }
    let newest = path_of(target, 1);
    let kept = disk.facts(&newest).at(Step::KeepPrevious, &newest)?;
    if kept.is_some_and(|kept| kept.is_same_file(present)) {
        return Ok(());
    }
    let incoming = beside(target, ".", &format!(".tmp.{token}.previous"));
    let moved = second_name(disk, target, kept.and(Some(&newest)), &incoming).and_then(|second| {
        if second == Second::KeptAlready {
            return Ok(());
        }
        make_room(disk, target, most)?;
        disk.rename(&incoming, &newest).at(Step::KeepPrevious, target)
    });
    if moved.is_err() {
        let _removed = disk.remove(&incoming);
    }
    moved
}

/// Moves the generations before the first free number one on; without a free one the oldest gives way.
fn make_room(disk: &dyn Disk, target: &Path, most: u32) -> Result<(), StorageError> {
    let mut free = 1;
    while free < most && disk.facts(&path_of(target, free)).at(Step::KeepPrevious, target)?.is_some() {
        free += 1;
    }
    for number in (1..free).rev() {
        disk.rename(&path_of(target, number), &path_of(target, number + 1)).at(Step::KeepPrevious, target)?;
    }
    Ok(())
}

/// How the present file came by a second name.
#[derive(PartialEq, Eq)]
enum Second {
    KeptAlready,
    Made,
}

/// Makes a link where the file system has them, else a copy.
fn second_name(
    disk: &dyn Disk,
    target: &Path,
    newest: Option<&PathBuf>,
    incoming: &Path,
) -> Result<Second, StorageError> {
    if disk.hard_link(target, incoming).is_ok() {
        return Ok(Second::Made);
    }
    let bytes = disk.read(target, LARGEST_FILE).at(Step::KeepPrevious, target)?;
    // Copies are not the same file: only their bytes tell that an attempt before this one made it.
    if let Some(newest) = newest
        && disk.read(newest, LARGEST_FILE).is_ok_and(|kept| kept == bytes)
    {
        return Ok(Second::KeptAlready);
    }
    let mut file = disk.create_new(incoming).at(Step::KeepPrevious, target)?;
    file.write_all(&bytes).at(Step::KeepPrevious, target)?;
    file.sync().at(Step::KeepPrevious, target)?;
    drop(file);
    let copied = disk.read(incoming, LARGEST_FILE).at(Step::KeepPrevious, target)?;
    if copied == bytes {
        Ok(Second::Made)
    } else {
        let differs = io::Error::new(io::ErrorKind::InvalidData, "the copy differs from the file");
        Err(StorageError::new(Step::KeepPrevious, target, differs))
    }
}
