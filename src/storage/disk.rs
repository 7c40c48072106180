//! The file system in small steps, and in [`RealDisk`] the one of this machine.
//!
//! A step does one thing that can fail on its own, so that a test disk can fail it, forget it or
//! stop the world at it. What must happen in which order is not decided here but in
//! [`atomic`](super::atomic), [`previous`](super::previous) and [`append`](super::append).

mod platform;
mod real;

use std::io;
use std::path::{Path, PathBuf};

pub use real::RealDisk;

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
    /// Which file it is, whatever its name; `None` where the system has no such numbers.
    pub identity: Option<Identity>,
    /// Whether it belongs to another user than that of this process and root; false where the system has
    /// no owners.
    pub is_foreign: bool,
}

impl Facts {
    /// Tells whether both speak of one file with two names. Where the system cannot say, they do not.
    pub fn is_same_file(&self, other: &Self) -> bool {
        self.identity.is_some() && self.identity == other.identity
    }
}

/// Tells one file from another, whatever their names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Identity {
    /// The file system it lies on.
    pub device: u64,
    /// Its number there, which another file may get once this one is gone.
    pub number: u64,
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

    /// Waits until the bytes are on the medium, and asks that reading them again asks the medium.
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

    /// Adds bytes to the end of a file, making it with mode 0600 where it is absent, waits until they are
    /// on the medium, and asks that reading them again asks the medium.
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

    /// Renames a file to a name that must not exist; the check and the rename are one act.
    ///
    /// # Errors
    ///
    /// `AlreadyExists`, or `Unsupported` where the system or the file system has no such rename.
    fn rename_new(&self, from: &Path, to: &Path) -> io::Result<()>;

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

    /// Tells whether the system says that files can be made in a folder. A hint, for telling a person early:
    /// only trying shows.
    fn takes_files(&self, _folder: &Path) -> bool {
        true
    }

    /// Tells whether a folder lies in memory alone, so that what is written there is gone with the power.
    ///
    /// # Errors
    ///
    /// `Unsupported` where the system cannot tell, or whatever else it says.
    fn is_in_memory(&self, folder: &Path) -> io::Result<bool>;

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

    /// Tries to take an exclusive lock on a file, made with mode 0600 where it is absent. A link is
    /// refused, since it could make a file anywhere.
    ///
    /// # Errors
    ///
    /// `WouldBlock` when somebody holds it, `Unsupported` where the file system has no locks.
    fn try_lock(&self, path: &Path) -> io::Result<Box<dyn HeldLock>>;
}
