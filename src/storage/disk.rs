//! The file system in small steps, and the real one.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, Read as _, Seek as _, SeekFrom};
use std::path::{Path, PathBuf};

/// What is known of a file without reading it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Facts {
    /// Length in bytes.
    pub len: u64,
    /// Permission bits; 0 where the system has none.
    pub mode: u32,
    /// When it was last changed, in Unix seconds.
    pub modified: u64,
    /// What it is.
    pub kind: FileKind,
}

/// What lies at a path. Links are not followed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FileKind {
    /// A regular file.
    File,
    /// A folder.
    Folder,
    /// A symbolic link.
    Link,
    /// A device, a pipe, a socket.
    Other,
}

/// A file that was just made and is being written.
pub trait NewFile {
    /// Writes all of the bytes.
    ///
    /// # Errors
    ///
    /// What the system says; part may have been written.
    fn write_all(&mut self, bytes: &[u8]) -> io::Result<()>;

    /// Waits until the bytes are on the medium.
    ///
    /// # Errors
    ///
    /// What the system says. It must not be tried again: Linux forgets what it could not write.
    fn sync(&mut self) -> io::Result<()>;
}

/// Keeps a lock until it is dropped.
pub trait HeldLock: Send {}

/// The file system. Every method is one step that can fail on its own.
pub trait Disk: Send + Sync {
    /// Reads a regular file of at most `limit` bytes. Pipes, devices and folders are refused at once.
    ///
    /// # Errors
    ///
    /// `NotFound` alone means that there is no file; `FileTooLarge` when it is longer than `limit`.
    fn read(&self, path: &Path, limit: u64) -> io::Result<Vec<u8>>;

    /// Reads at most `limit` bytes of a file of the system that has no length, as in `/proc`.
    ///
    /// # Errors
    ///
    /// What the system says.
    fn read_special(&self, path: &Path, limit: u64) -> io::Result<Vec<u8>>;

    /// Reads at most `limit` bytes from an offset of a regular file.
    ///
    /// # Errors
    ///
    /// As [`Disk::read`].
    fn read_from(&self, path: &Path, offset: u64, limit: u64) -> io::Result<Vec<u8>>;

    /// Makes a file that must not exist, with mode 0600, following no link.
    ///
    /// # Errors
    ///
    /// `AlreadyExists` when anything is there.
    fn create_new(&self, path: &Path) -> io::Result<Box<dyn NewFile>>;

    /// Adds bytes to the end of a file, making it with mode 0600 where it is absent, and waits until
    /// they are on the medium.
    ///
    /// # Errors
    ///
    /// What the system says; part may have been written.
    fn append(&self, path: &Path, bytes: &[u8]) -> io::Result<()>;

    /// Renames a file over whatever is at the target.
    ///
    /// # Errors
    ///
    /// What the system says; then nothing has moved.
    fn rename(&self, from: &Path, to: &Path) -> io::Result<()>;

    /// Gives a file a second name that must not exist.
    ///
    /// # Errors
    ///
    /// `AlreadyExists`, or that the file system has no such links.
    fn hard_link(&self, original: &Path, link: &Path) -> io::Result<()>;

    /// Removes a file.
    ///
    /// # Errors
    ///
    /// What the system says.
    fn remove(&self, path: &Path) -> io::Result<()>;

    /// Removes an empty folder.
    ///
    /// # Errors
    ///
    /// What the system says.
    fn remove_folder(&self, path: &Path) -> io::Result<()>;

    /// Waits until the names in a folder are on the medium.
    ///
    /// # Errors
    ///
    /// What the system says.
    fn sync_folder(&self, folder: &Path) -> io::Result<()>;

    /// Makes one folder with mode 0700.
    ///
    /// # Errors
    ///
    /// `AlreadyExists` when anything is there.
    fn create_folder(&self, folder: &Path) -> io::Result<()>;

    /// The names in a folder.
    ///
    /// # Errors
    ///
    /// What the system says.
    fn list(&self, folder: &Path) -> io::Result<Vec<PathBuf>>;

    /// What lies at a path; `None` when the system says "not found", and only then.
    ///
    /// # Errors
    ///
    /// Whatever else the system says.
    fn facts(&self, path: &Path) -> io::Result<Option<Facts>>;

    /// Sets the permission bits of a file.
    ///
    /// # Errors
    ///
    /// What the system says.
    fn set_mode(&self, path: &Path, mode: u32) -> io::Result<()>;

    /// Follows links to the real place of a file that exists.
    ///
    /// # Errors
    ///
    /// What the system says.
    fn resolve(&self, path: &Path) -> io::Result<PathBuf>;

    /// Tries to take an exclusive lock on a file, made with mode 0600 where it is absent.
    ///
    /// # Errors
    ///
    /// `WouldBlock` when somebody holds it, `Unsupported` where the file system has no locks.
    fn try_lock(&self, path: &Path) -> io::Result<Box<dyn HeldLock>>;
}

/// The file system of this machine.
#[derive(Debug, Clone, Copy, Default)]
pub struct RealDisk;

impl NewFile for File {
    fn write_all(&mut self, bytes: &[u8]) -> io::Result<()> {
        io::Write::write_all(self, bytes)
    }

    fn sync(&mut self) -> io::Result<()> {
        self.sync_all()
    }
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
        io::Write::write_all(&mut file, bytes)?;
        file.sync_data()
    }

    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        fs::rename(from, to)
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
        platform::without_blocking(&mut options);
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
    }
}

#[cfg(unix)]
mod platform {
    use std::fs::{self, DirBuilder, File, OpenOptions, Permissions};
    use std::io;
    use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _, PermissionsExt as _};
    use std::path::Path;

    use rustix::fs::OFlags;

    fn flags(flags: OFlags) -> i32 {
        i32::try_from(flags.bits()).unwrap_or(0)
    }

    pub(super) fn without_blocking(options: &mut OpenOptions) {
        options.custom_flags(flags(OFlags::NONBLOCK | OFlags::NOCTTY));
    }

    pub(super) fn private(options: &mut OpenOptions) {
        options.mode(0o600);
    }

    pub(super) fn mode(metadata: &fs::Metadata) -> u32 {
        metadata.permissions().mode() & 0o7777
    }

    pub(super) fn set_mode(path: &Path, mode: u32) -> io::Result<()> {
        fs::set_permissions(path, Permissions::from_mode(mode))
    }

    pub(super) fn create_folder(folder: &Path) -> io::Result<()> {
        DirBuilder::new().mode(0o700).create(folder)
    }

    pub(super) fn sync_folder(folder: &Path) -> io::Result<()> {
        File::open(folder)?.sync_all()
    }

    /// What network file systems and document portals answer when they have no locks.
    pub(super) fn lock_error(error: io::Error) -> io::Error {
        use rustix::io::Errno;
        let unsupported = [Errno::NOLCK, Errno::OPNOTSUPP, Errno::NOSYS, Errno::INVAL];
        match error.raw_os_error().map(Errno::from_raw_os_error) {
            Some(errno) if unsupported.contains(&errno) => io::Error::new(io::ErrorKind::Unsupported, error),
            _ => error,
        }
    }
}

#[cfg(not(unix))]
mod platform {
    use std::fs::{self, OpenOptions};
    use std::io;
    use std::path::Path;

    pub(super) fn without_blocking(_options: &mut OpenOptions) {}

    pub(super) fn private(_options: &mut OpenOptions) {}

    pub(super) fn mode(_metadata: &fs::Metadata) -> u32 {
        0
    }

    pub(super) fn set_mode(_path: &Path, _mode: u32) -> io::Result<()> {
        Ok(())
    }

    pub(super) fn create_folder(folder: &Path) -> io::Result<()> {
        fs::create_dir(folder)
    }

    pub(super) fn sync_folder(_folder: &Path) -> io::Result<()> {
        Ok(())
    }

    pub(super) fn lock_error(error: io::Error) -> io::Error {
        error
    }
}
