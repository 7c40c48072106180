//! A folder that is gone when it is dropped, for the tour and for nothing that has to last.

use std::path::{Path, PathBuf};

use super::disk::{Disk, FileKind};
use super::{AtStep as _, Step, StorageError};

/// A folder for its owner alone, removed with what is in it when dropped.
pub struct TemporaryFolder<'d> {
    disk: &'d dyn Disk,
    path: PathBuf,
}

impl std::fmt::Debug for TemporaryFolder<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "TemporaryFolder({})", self.path.display())
    }
}

impl<'d> TemporaryFolder<'d> {
    /// Makes a folder that must not exist, with mode 0700, in the system's place for such things.
    ///
    /// # Errors
    ///
    /// [`StorageError`] when it cannot be made.
    pub fn new(disk: &'d dyn Disk, token: &str) -> Result<Self, StorageError> {
        let path = std::env::temp_dir().join(format!("lifeboat-{token}"));
        disk.create_folder(&path).at(Step::CreateFolder, &path)?;
        Ok(Self { disk, path })
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.path
    }
}

impl Drop for TemporaryFolder<'_> {
    fn drop(&mut self) {
        remove_all(self.disk, &self.path);
    }
}

/// Removes a folder and what is in it, as far as it goes; links are removed, never followed.
fn remove_all(disk: &dyn Disk, folder: &Path) {
    for path in disk.list(folder).unwrap_or_default() {
        match disk.facts(&path) {
            Ok(Some(facts)) if facts.kind == FileKind::Folder => remove_all(disk, &path),
            _ => {
                let _removed = disk.remove(&path);
            }
        }
    }
    let _removed = disk.remove_folder(folder);
}
