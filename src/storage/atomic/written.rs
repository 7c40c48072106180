//! A file that is being written under a temporary name, and what becomes of it when that fails.

use std::io;
use std::path::{Path, PathBuf};

use super::super::disk::{Disk, NewFile};
use super::super::{AtStep as _, Step, StorageError, beside};

/// Writes a file that must not exist, syncs it, reads it back and compares. A part of it does not stay.
pub(super) fn write_checked(
    disk: &dyn Disk,
    path: &Path,
    bytes: &[u8],
    check: &dyn Fn(&[u8]) -> bool,
) -> Result<(), StorageError> {
    // What somebody else made there is not ours to discard.
    let file = disk.create_new(path).at(Step::CreateTemporary, path)?;
    fill(disk, file, path, bytes, check).inspect_err(|_| discard(disk, path))
}

fn fill(
    disk: &dyn Disk,
    mut file: Box<dyn NewFile>,
    path: &Path,
    bytes: &[u8],
    check: &dyn Fn(&[u8]) -> bool,
) -> Result<(), StorageError> {
    file.write_all(bytes).at(Step::WriteTemporary, path)?;
    file.sync().at(Step::SyncTemporary, path)?;
    drop(file);
    let read_back = disk.read(path, length(bytes)).at(Step::ReadBack, path)?;
    if read_back == bytes && check(&read_back) {
        Ok(())
    } else {
        let differs =
            io::Error::new(io::ErrorKind::InvalidData, "the disk holds something else than was written");
        Err(StorageError::new(Step::ReadBack, path, differs))
    }
}

/// Names the temporary file of a target. It lies beside it, since a rename cannot leave its file system.
pub(super) fn temporary_of(target: &Path, token: &str) -> PathBuf {
    beside(target, ".", &format!(".tmp.{token}"))
}

/// Recognizes `.NAME.tmp.TOKEN` and `.NAME.tmp.TOKEN.previous`. A token has no full stop: a file that
/// belongs to another target whose name begins alike must not be taken for one of this target's.
pub fn is_temporary_of(target: &Path, found: &Path) -> bool {
    let prefix = beside(target, ".", ".tmp.");
    let (Some(prefix), Some(name)) = (prefix.file_name(), found.file_name()) else { return false };
    let Some(rest) = name.as_encoded_bytes().strip_prefix(prefix.as_encoded_bytes()) else { return false };
    let token = rest.strip_suffix(b".previous").unwrap_or(rest);
    !token.is_empty() && token.iter().all(u8::is_ascii_alphanumeric)
}

pub(super) fn length(bytes: &[u8]) -> u64 {
    u64::try_from(bytes.len()).unwrap_or(u64::MAX)
}

/// Removes what a failed write left; the failure itself is what is reported.
pub(super) fn discard(disk: &dyn Disk, temporary: &Path) {
    let _removed = disk.remove(temporary);
}
