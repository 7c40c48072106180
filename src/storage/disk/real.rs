//! The file system of this machine.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, Read as _, Seek as _, SeekFrom};
use std::path::{Path, PathBuf};

use super::{Disk, Facts, FileKind, HeldLock, NewFile, platform};

/// The file system of this machine.
#[derive(Debug, Clone, Copy, Default)]
pub struct RealDisk;

impl NewFile for File {
    fn write_all(&mut self, bytes: &[u8]) -> io::Result<()> {
        write_whole(self, bytes)
    }

    fn sync(&mut self) -> io::Result<()> {
        self.sync_all()?;
        platform::forget_cached(self);
        Ok(())
    }
}

/// Writes all of `bytes`. The standard library's own loop panics where a system says that it has written more than
/// it was given, as one did in the fault campaign; here it is an error like any other.
///
/// # Errors
///
/// What the system says; `WriteZero` where it takes nothing; `InvalidData` where it counts wrongly.
fn write_whole(file: &mut dyn io::Write, bytes: &[u8]) -> io::Result<()> {
    let mut rest = bytes;
    while !rest.is_empty() {
        match file.write(rest) {
            Ok(0) => {
                return Err(io::Error::new(io::ErrorKind::WriteZero, "the system took none of the bytes"));
            }
            Ok(taken) => {
                let miscounted = || {
                    io::Error::new(
                        io::ErrorKind::InvalidData,
                        "the system counts more bytes than it was given",
                    )
                };
                rest = rest.get(taken..).ok_or_else(miscounted)?;
            }
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(())
}

struct LockedFile {
    _file: File,
}

impl HeldLock for LockedFile {}

impl RealDisk {
    /// Opens a regular file for reading. A pipe would block in `open` and a device may act on it, so
    /// both are refused without waiting.
    fn open_regular(path: &Path) -> io::Result<(File, u64)> {
        let mut options = OpenOptions::new();
        options.read(true);
        platform::without_blocking(&mut options);
        let file = options.open(path)?;
        let metadata = file.metadata()?;
        if metadata.is_dir() {
            return Err(io::Error::new(io::ErrorKind::IsADirectory, "it is a folder"));
        }
        if !metadata.is_file() {
            return Err(io::Error::new(io::ErrorKind::InvalidInput, "it is not a regular file"));
        }
        Ok((file, metadata.len()))
    }
}

fn read_at_most(file: File, expected: u64, limit: u64) -> io::Result<Vec<u8>> {
    if expected > limit {
        return Err(too_large(limit));
    }
    let mut bytes = Vec::with_capacity(usize::try_from(expected).unwrap_or(0));
    // It may grow while it is read: one byte beyond the limit is enough to know.
    file.take(limit.saturating_add(1)).read_to_end(&mut bytes)?;
    if u64::try_from(bytes.len()).unwrap_or(u64::MAX) > limit { Err(too_large(limit)) } else { Ok(bytes) }
}

fn too_large(limit: u64) -> io::Error {
    io::Error::new(
        io::ErrorKind::FileTooLarge,
        format!("it is larger than the {limit} bytes that can be right"),
    )
}

impl Disk for RealDisk {
    fn read(&self, path: &Path, limit: u64) -> io::Result<Vec<u8>> {
        let (file, len) = Self::open_regular(path)?;
        read_at_most(file, len, limit)
    }

    fn read_special(&self, path: &Path, limit: u64) -> io::Result<Vec<u8>> {
        read_at_most(File::open(path)?, 0, limit)
    }

    fn read_from(&self, path: &Path, offset: u64, limit: u64) -> io::Result<Vec<u8>> {
        let (mut file, _) = Self::open_regular(path)?;
        file.seek(SeekFrom::Start(offset))?;
        let mut bytes = Vec::new();
        file.take(limit).read_to_end(&mut bytes)?;
        Ok(bytes)
    }

    fn create_new(&self, path: &Path) -> io::Result<Box<dyn NewFile>> {
        let mut options = OpenOptions::new();
        options.write(true).create_new(true);
        platform::private(&mut options);
        Ok(Box::new(options.open(path)?))
    }

    fn append(&self, path: &Path, bytes: &[u8]) -> io::Result<()> {
        let mut options = OpenOptions::new();
        options.append(true).create(true);
        platform::private(&mut options);
        platform::without_blocking(&mut options);
        let mut file = options.open(path)?;
        if !file.metadata()?.is_file() {
            return Err(io::Error::new(io::ErrorKind::InvalidInput, "it is not a regular file"));
        }
        // One write call, so that what two processes add is never interleaved.
        write_whole(&mut file, bytes)?;
        file.sync_data()?;
        platform::forget_cached(&file);
        Ok(())
    }

    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        fs::rename(from, to)
    }

    fn rename_new(&self, from: &Path, to: &Path) -> io::Result<()> {
        platform::rename_new(from, to)
    }

    fn hard_link(&self, original: &Path, link: &Path) -> io::Result<()> {
        fs::hard_link(original, link)
    }

    fn remove(&self, path: &Path) -> io::Result<()> {
        fs::remove_file(path)
    }

    fn remove_folder(&self, path: &Path) -> io::Result<()> {
        fs::remove_dir(path)
    }

    fn sync_folder(&self, folder: &Path) -> io::Result<()> {
        platform::sync_folder(folder)
    }

    fn create_folder(&self, folder: &Path) -> io::Result<()> {
        platform::create_folder(folder)
    }

    fn list(&self, folder: &Path) -> io::Result<Vec<PathBuf>> {
        fs::read_dir(folder)?.map(|entry| entry.map(|entry| entry.path())).collect()
    }

    #[cfg(unix)]
    fn takes_files(&self, folder: &Path) -> bool {
        use rustix::fs::{Access, access};
        access(folder, Access::WRITE_OK | Access::EXEC_OK).is_ok()
    }

    fn is_in_memory(&self, folder: &Path) -> io::Result<bool> {
        platform::is_in_memory(folder)
    }

    fn facts(&self, path: &Path) -> io::Result<Option<Facts>> {
        match fs::symlink_metadata(path) {
            Ok(metadata) => Ok(Some(facts_of(&metadata))),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error),
        }
    }

    fn set_mode(&self, path: &Path, mode: u32) -> io::Result<()> {
        platform::set_mode(path, mode)
    }

    fn resolve(&self, path: &Path) -> io::Result<PathBuf> {
        fs::canonicalize(path)
    }

    fn try_lock(&self, path: &Path) -> io::Result<Box<dyn HeldLock>> {
        let mut options = OpenOptions::new();
        options.read(true).write(true).create(true).truncate(false);
        platform::private(&mut options);
        platform::without_blocking_or_links(&mut options);
        let file = options.open(path)?;
        match file.try_lock() {
            Ok(()) => Ok(Box::new(LockedFile { _file: file })),
            Err(TryLockError::WouldBlock) => Err(io::ErrorKind::WouldBlock.into()),
            Err(TryLockError::Error(error)) => Err(platform::lock_error(error)),
        }
    }
}

fn facts_of(metadata: &fs::Metadata) -> Facts {
    let file_type = metadata.file_type();
    let kind = if file_type.is_file() {
        FileKind::File
    } else if file_type.is_dir() {
        FileKind::Folder
    } else if file_type.is_symlink() {
        FileKind::Link
    } else {
        FileKind::Other
    };
    let modified = metadata.modified().ok().and_then(|at| at.duration_since(std::time::UNIX_EPOCH).ok());
    Facts {
        len: metadata.len(),
        mode: platform::mode(metadata),
        modified: modified.map_or(0, |since| since.as_secs()),
        kind,
        identity: platform::identity(metadata),
        is_foreign: platform::is_foreign(metadata),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A file that answers each write with the next of the counts.
    struct Answers(Vec<io::Result<usize>>, Vec<Vec<u8>>);

    impl io::Write for Answers {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.1.push(bytes.to_vec());
            self.0.remove(0)
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn what_was_not_taken_is_written_again_and_an_interruption_is_no_failure() {
        let mut file = Answers(vec![Ok(2), Err(io::ErrorKind::Interrupted.into()), Ok(3)], Vec::new());
        write_whole(&mut file, b"seeds").expect("all was taken");
        assert_eq!(file.1, [b"seeds".to_vec(), b"eds".to_vec(), b"eds".to_vec()]);
    }

    #[test]
    fn a_count_above_what_was_given_and_a_count_of_none_are_errors_and_no_panic() {
        let kinds = [Ok(6), Ok(0)]
            .map(|count| write_whole(&mut Answers(vec![count], Vec::new()), b"seeds").map_err(|e| e.kind()));
        assert_eq!(kinds, [Err(io::ErrorKind::InvalidData), Err(io::ErrorKind::WriteZero)]);
    }
}
