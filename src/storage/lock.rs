//! One writer at a time: a lock on `<path>.lock`, which is made once and never deleted.

use std::io;
use std::path::{Path, PathBuf};

use super::disk::{Disk, HeldLock};
use super::{Step, StorageError, atomic};

/// A lock, until it is dropped.
pub struct Lock {
    held: Option<Box<dyn HeldLock>>,
}

impl std::fmt::Debug for Lock {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Lock(held: {})", self.is_held())
    }
}

impl Lock {
    /// False where the file system has no locks: then nobody is kept out.
    pub fn is_held(&self) -> bool {
        self.held.is_some()
    }
}

/// The lock file that belongs to a path. A link and its target have the same one.
pub fn lock_path(target: &Path) -> PathBuf {
    let mut name = target.as_os_str().to_owned();
    name.push(".lock");
    PathBuf::from(name)
}

/// Takes the lock of a path, asking `wait` after each attempt whether to try again.
///
/// # Errors
///
/// [`StorageError::is_would_block`] when `wait` gave up; else what the system says about the lock file.
pub fn acquire(
    disk: &dyn Disk,
    path: &Path,
    wait: &mut dyn FnMut(u32) -> bool,
) -> Result<Lock, StorageError> {
    let lock_path = lock_path(&atomic::target_of(disk, path)?);
    let mut attempt = 0;
    loop {
        match disk.try_lock(&lock_path) {
            Ok(held) => return Ok(Lock { held: Some(held) }),
            Err(error) if error.kind() == io::ErrorKind::Unsupported => return Ok(Lock { held: None }),
            // A signal is no answer, but it counts as an attempt, so that this ends in any case.
            Err(error) if matches!(error.kind(), io::ErrorKind::WouldBlock | io::ErrorKind::Interrupted) => {
                attempt += 1;
                if !wait(attempt) {
                    return Err(StorageError::new(Step::Lock, &lock_path, error));
                }
            }
            Err(error) => return Err(StorageError::new(Step::Lock, &lock_path, error)),
        }
    }
}
