//! Permission bits: what holds secrets is for its owner alone.

use std::path::{Path, PathBuf};

use super::disk::{Disk, FileKind};
use super::{AtStep as _, Step, StorageError, atomic, lock, previous};

/// Tightens a vault, its log, its locks and its previous generations where others could read them.
///
/// # Errors
///
/// [`StorageError`] when one cannot be looked at or changed.
pub fn repair(disk: &dyn Disk, path: &Path) -> Result<Vec<PathBuf>, StorageError> {
    let target = atomic::target_of(disk, path)?;
    let mut log = target.as_os_str().to_owned();
    log.push(".log");
    let log = PathBuf::from(log);
    let mut files = vec![lock::lock_path(&target), lock::lock_path(&log), log, target];
    files.extend(previous::list(disk, path)?.into_iter().map(|previous| previous.path));
    let mut repaired = Vec::new();
    for file in files {
        if let Some(facts) = disk.facts(&file).at(Step::Look, &file)?
            && facts.kind == FileKind::File
            && facts.mode & 0o077 != 0
        {
            disk.set_mode(&file, facts.mode & 0o700).at(Step::Look, &file)?;
            repaired.push(file);
        }
    }
    Ok(repaired)
}
