//! Permission bits: what holds secrets is for its owner alone.

use std::path::{Path, PathBuf};

use super::disk::{Disk, FileKind};
use super::{AtStep as _, Step, StorageError, atomic, lock, previous};

/// Tightens a vault, its log, its locks and its previous generations where others could read them.
/// The answer names the files that were open to others.
///
/// # Errors
///
/// [`StorageError`] for the first that could not be looked at or changed; the others were tightened.
pub fn repair(disk: &dyn Disk, path: &Path) -> Result<Vec<PathBuf>, StorageError> {
    let target = atomic::target_of(disk, path)?;
    let mut log = target.as_os_str().to_owned();
    log.push(".log");
    let log = PathBuf::from(log);
    let mut files = vec![lock::lock_path(&target), lock::lock_path(&log), log, target];
    files.extend(previous::list(disk, path)?.into_iter().map(|previous| previous.path));
    let mut repaired = Vec::new();
    let mut failed = None;
    for file in files {
        match tighten(disk, &file) {
            Ok(true) => repaired.push(file),
            Ok(false) => {}
            // One file of somebody else's must not leave the others open.
            Err(error) => failed = failed.or(Some(error)),
        }
    }
    failed.map_or(Ok(repaired), Err)
}

/// Tells whether the file was open to others.
fn tighten(disk: &dyn Disk, file: &Path) -> Result<bool, StorageError> {
    match disk.facts(file).at(Step::Look, file)? {
        Some(facts) if facts.kind == FileKind::File && facts.mode & 0o077 != 0 => {
            disk.set_mode(file, facts.mode & 0o700).at(Step::SetMode, file)?;
            Ok(true)
        }
        _ => Ok(false),
    }
}
