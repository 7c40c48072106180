//! Bytes and paths: files that survive a crash, a full disk and two writers. It knows nothing of vaults.
//!
//! This is the only layer that touches the file system, and all of it goes through [`disk::Disk`],
//! a trait of small steps, so that a test can fail every step of every write.

pub mod append;
pub mod atomic;
pub mod disk;
pub mod lock;
pub mod modes;
pub mod paths;
pub mod previous;
pub mod temporary;

use std::ffi::{OsStr, OsString};
use std::io;
use std::path::{Path, PathBuf};

/// The step of a file operation that failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Step {
    /// Adding to the end of a file.
    Append,
    /// Making a folder.
    CreateFolder,
    /// Making the temporary file beside the target.
    CreateTemporary,
    /// Keeping the present file as a previous generation.
    KeepPrevious,
    /// Looking at what is there.
    Look,
    /// Taking the lock.
    Lock,
    /// Reading a file.
    Read,
    /// Reading back and comparing what was written.
    ReadBack,
    /// Removing a file.
    Remove,
    /// Putting the new file in the place of the old one.
    Rename,
    /// Taking permissions away from others.
    SetMode,
    /// Making a rename durable.
    SyncFolder,
    /// Making the temporary file durable.
    SyncTemporary,
    /// Writing the temporary file.
    WriteTemporary,
}

impl Step {
    /// What was being done, in words.
    pub const fn in_words(self) -> &'static str {
        match self {
            Self::Append => "adding to",
            Self::CreateFolder => "making the folder",
            Self::CreateTemporary => "making a temporary file beside",
            Self::KeepPrevious => "keeping the previous generation of",
            Self::Look => "looking at",
            Self::Lock => "locking",
            Self::Read => "reading",
            Self::ReadBack => "reading back",
            Self::Remove => "removing",
            Self::Rename => "putting in place",
            Self::SetMode => "setting the permissions of",
            Self::SyncFolder => "making durable the folder of",
            Self::SyncTemporary => "making durable",
            Self::WriteTemporary => "writing",
        }
    }
}

/// A file operation that failed, with the step and the path.
#[derive(Debug, thiserror::Error)]
#[error("{} {} failed", step.in_words(), path.display().to_string().escape_debug())]
pub struct StorageError {
    /// The step.
    pub step: Step,
    /// The file or folder.
    pub path: PathBuf,
    /// What the system said.
    #[source]
    pub source: io::Error,
}

impl StorageError {
    /// Puts a step and a path to what the system said.
    pub fn new(step: Step, path: &Path, source: io::Error) -> Self {
        Self { step, path: path.to_owned(), source }
    }

    /// Nothing is there.
    pub fn is_not_found(&self) -> bool {
        self.source.kind() == io::ErrorKind::NotFound
    }

    /// Something is there already.
    pub fn is_already_exists(&self) -> bool {
        self.source.kind() == io::ErrorKind::AlreadyExists
    }

    /// The disk or the quota is full.
    pub fn is_no_space(&self) -> bool {
        matches!(self.source.kind(), io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded)
    }

    /// The medium or folder cannot be written.
    pub fn is_read_only(&self) -> bool {
        matches!(self.source.kind(), io::ErrorKind::ReadOnlyFilesystem | io::ErrorKind::PermissionDenied)
    }

    /// Somebody else holds the lock.
    pub fn is_would_block(&self) -> bool {
        self.source.kind() == io::ErrorKind::WouldBlock
    }
}

/// Gives an I/O result a step and a path.
trait AtStep<T> {
    fn at(self, step: Step, path: &Path) -> Result<T, StorageError>;
}

impl<T> AtStep<T> for io::Result<T> {
    fn at(self, step: Step, path: &Path) -> Result<T, StorageError> {
        self.map_err(|source| StorageError::new(step, path, source))
    }
}

/// The folder that a path lies in; a bare name lies in the current one.
fn folder_of(path: &Path) -> PathBuf {
    match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent.to_owned(),
        _ => PathBuf::from("."),
    }
}

/// The path beside another one whose name is the other's with something put before and after it.
/// Names that are not UTF-8 stay as they are: two of them must never become one.
fn beside(path: &Path, before: &str, after: &str) -> PathBuf {
    let mut name = OsString::from(before);
    name.push(path.file_name().unwrap_or(OsStr::new("")));
    name.push(after);
    path.with_file_name(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    const STEPS: [Step; 14] = [
        Step::Append,
        Step::CreateFolder,
        Step::CreateTemporary,
        Step::KeepPrevious,
        Step::Look,
        Step::Lock,
        Step::Read,
        Step::ReadBack,
        Step::Remove,
        Step::Rename,
        Step::SetMode,
        Step::SyncFolder,
        Step::SyncTemporary,
        Step::WriteTemporary,
    ];

    #[test]
    fn a_failure_names_its_step_and_its_path_without_commanding_the_terminal() {
        let error = |step| {
            let path = Path::new("/home/a\u{1b}[31m");
            StorageError::new(step, path, io::ErrorKind::Other.into()).to_string()
        };
        assert_eq!(error(Step::ReadBack), "reading back /home/a\\u{1b}[31m failed");
        let mut words = STEPS.map(Step::in_words).to_vec();
        words.sort_unstable();
        words.dedup();
        assert_eq!(words.len(), STEPS.len(), "each step has words of its own");
        assert!(words.iter().all(|words| words.contains("ing")), "{words:?}");
    }

    #[test]
    fn each_kind_of_failure_is_told_from_the_others() {
        let kinds = |kind: io::ErrorKind| {
            let error = StorageError::new(Step::Read, Path::new("x"), kind.into());
            [
                error.is_not_found(),
                error.is_already_exists(),
                error.is_no_space(),
                error.is_read_only(),
                error.is_would_block(),
            ]
        };
        let only = |place: usize| std::array::from_fn(|idx| idx == place);
        assert_eq!(kinds(io::ErrorKind::NotFound), only(0));
        assert_eq!(kinds(io::ErrorKind::AlreadyExists), only(1));
        assert_eq!(kinds(io::ErrorKind::StorageFull), only(2));
        assert_eq!(kinds(io::ErrorKind::QuotaExceeded), only(2));
        assert_eq!(kinds(io::ErrorKind::ReadOnlyFilesystem), only(3));
        assert_eq!(kinds(io::ErrorKind::PermissionDenied), only(3));
        assert_eq!(kinds(io::ErrorKind::WouldBlock), only(4));
        assert_eq!(kinds(io::ErrorKind::Other), [false; 5]);
    }

    #[test]
    fn a_bare_name_lies_in_the_current_folder() {
        assert_eq!(folder_of(Path::new("vault")), Path::new("."));
        assert_eq!(folder_of(Path::new("a/vault")), Path::new("a"));
        assert_eq!(folder_of(Path::new("/vault")), Path::new("/"));
        assert_eq!(folder_of(Path::new("/")), Path::new("."));
        assert_eq!(beside(Path::new("a/vault"), ".", ".tmp"), Path::new("a/.vault.tmp"));
    }
}
