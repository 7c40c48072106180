//! What a use case returns when it could not do what was asked: what happened, what is unharmed, what to do next.
//!
//! Both faces render this one type, as text or as JSON. The promise about what was not changed is
//! made by the code that knows it, and tests hold it against the disk.

use std::error::Error;
use std::fmt;
use std::path::{Path, PathBuf};

/// Exit status of the program (cli.md's table).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Exit {
    /// 0: done.
    Done,
    /// 1: an I/O or unexpected error.
    Failed,
    /// 2: the command line is not understood.
    Usage,
    /// 3: wrong passphrase, key file or shares, or none to be had.
    WrongCredential,
    /// 4: no entry, or more than one, fits the query; no such file.
    NotFound,
    /// 5: the file is damaged, altered, or not of a known format or version.
    Damaged,
    /// 6: another process is writing the vault and did not finish in time.
    Busy,
    /// 7: a check found something wrong.
    CheckFailed,
    /// 8: refused by a rule.
    Refused,
    /// 130: interrupted by the person.
    Interrupted,
}

impl Exit {
    /// The number.
    pub const fn status(self) -> u8 {
        match self {
            Self::Done => 0,
            Self::Failed => 1,
            Self::Usage => 2,
            Self::WrongCredential => 3,
            Self::NotFound => 4,
            Self::Damaged => 5,
            Self::Busy => 6,
            Self::CheckFailed => 7,
            Self::Refused => 8,
            Self::Interrupted => 130,
        }
    }
}

/// Names the sort of failure, for scripts: the `kind` of `lifeboat.error/1`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Kind {
    /// Another process holds the lock.
    Busy,
    /// A check found something wrong.
    CheckFailed,
    /// The file is damaged or was altered.
    Damaged,
    /// The account is already there.
    Duplicate,
    /// The output exists and `--force` was not given.
    FileExists,
    /// A person or a signal stopped it.
    Interrupted,
    /// Reading or writing failed.
    Io,
    /// The key derivation asks for more than the ceiling.
    KdfTooCostly,
    /// No passphrase, key file or answer was to be had.
    NoCredential,
    /// No entry fits.
    NoEntry,
    /// There is no such file.
    NoFile,
    /// No space is left.
    NoSpace,
    /// The medium or folder cannot be written.
    ReadOnly,
    /// A rule forbids it.
    Refused,
    /// Several entries fit.
    SeveralEntries,
    /// Not a file of a known format.
    UnknownFormat,
    /// A file of a newer version.
    UnknownVersion,
    /// The command line is not understood.
    Usage,
    /// The passphrase or the key file does not fit.
    WrongPassphrase,
    /// A share cannot be read or does not fit, or there are too few.
    WrongShare,
}

impl Kind {
    /// The word in JSON.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Busy => "busy",
            Self::CheckFailed => "check-failed",
            Self::Damaged => "damaged",
            Self::Duplicate => "duplicate",
            Self::FileExists => "file-exists",
            Self::Interrupted => "interrupted",
            Self::Io => "io",
            Self::KdfTooCostly => "kdf-too-costly",
            Self::NoCredential => "no-credential",
            Self::NoEntry => "no-entry",
            Self::NoFile => "no-file",
            Self::NoSpace => "no-space",
            Self::ReadOnly => "read-only",
            Self::Refused => "refused",
            Self::SeveralEntries => "several-entries",
            Self::UnknownFormat => "unknown-format",
            Self::UnknownVersion => "unknown-version",
            Self::Usage => "usage",
            Self::WrongPassphrase => "wrong-passphrase",
            Self::WrongShare => "wrong-share",
        }
    }

    /// The exit status that goes with it.
    pub const fn exit(self) -> Exit {
        match self {
            Self::Busy => Exit::Busy,
            Self::CheckFailed => Exit::CheckFailed,
            Self::Damaged | Self::UnknownFormat | Self::UnknownVersion => Exit::Damaged,
            Self::Duplicate | Self::FileExists | Self::KdfTooCostly | Self::Refused => Exit::Refused,
            Self::Interrupted => Exit::Interrupted,
            Self::Io | Self::NoSpace | Self::ReadOnly => Exit::Failed,
            Self::NoCredential | Self::WrongPassphrase | Self::WrongShare => Exit::WrongCredential,
            Self::NoEntry | Self::NoFile | Self::SeveralEntries => Exit::NotFound,
            Self::Usage => Exit::Usage,
        }
    }
}

/// What is certain about the disk after a failure.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Unchanged {
    /// No file was written at all.
    NothingTouched,
    /// The bundle at this path was made and is whole; the vault is as it was before and does not know of it.
    MadeNotNoted(PathBuf),
    /// The output was not made; nothing else was touched.
    OutputNotCreated(PathBuf),
    /// The vault at this path is as it was before.
    VaultKept(PathBuf),
    /// The file at this path was only read.
    OnlyRead(PathBuf),
    /// What was done before the failure, in words.
    Partly(String),
}

impl fmt::Display for Unchanged {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NothingTouched => f.write_str("no file was touched"),
            Self::MadeNotNoted(path) => {
                write!(f, "{} is whole and opens; the vault is as it was before", shown_path(path))
            }
            Self::OutputNotCreated(path) => {
                write!(f, "{} was not written; nothing else was touched", shown_path(path))
            }
            Self::VaultKept(path) => write!(f, "the vault {} is as it was before", shown_path(path)),
            Self::OnlyRead(path) => write!(f, "{} was only read", shown_path(path)),
            Self::Partly(words) => f.write_str(words),
        }
    }
}

/// A failure as both faces show it.
#[derive(Debug)]
pub struct Failure {
    /// The sort of failure; decides the exit status.
    pub kind: Kind,
    /// What could not be done, in one line that starts lower-case.
    pub what: String,
    /// Why, where more is known.
    pub because: Option<Box<dyn Error + Send + Sync>>,
    /// Further lines that belong to it: the names that fit, the entries refused.
    pub details: Vec<String>,
    /// What is certain about the disk.
    pub unchanged: Option<Unchanged>,
    /// What to do next, one step a line.
    pub next: Vec<String>,
}

impl Failure {
    /// Starts a failure from its sort and its first line.
    pub fn new(kind: Kind, what: impl Into<String>) -> Self {
        Self {
            kind,
            what: what.into(),
            because: None,
            details: Vec::new(),
            unchanged: None,
            next: Vec::new(),
        }
    }

    /// Adds the cause.
    #[must_use]
    pub fn because(mut self, cause: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        self.because = Some(cause.into());
        self
    }

    /// Adds lines that belong to it.
    #[must_use]
    pub fn details(mut self, lines: impl IntoIterator<Item = String>) -> Self {
        self.details.extend(lines);
        self
    }

    /// Says what is certain about the disk.
    #[must_use]
    pub fn unchanged(mut self, unchanged: Unchanged) -> Self {
        self.unchanged = Some(unchanged);
        self
    }

    /// Adds a step that helps.
    #[must_use]
    pub fn next(mut self, step: impl Into<String>) -> Self {
        self.next.push(step.into());
        self
    }

    /// The exit status.
    pub const fn exit(&self) -> Exit {
        self.kind.exit()
    }

    /// The chain of causes in one line each, nearest first.
    pub fn causes(&self) -> Vec<String> {
        let mut lines = Vec::new();
        let mut cause: Option<&(dyn Error + 'static)> = match &self.because {
            Some(cause) => Some(cause.as_ref()),
            None => None,
        };
        while let Some(error) = cause {
            lines.push(error.to_string());
            cause = error.source();
        }
        lines
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.what)
    }
}

/// The sort of failure that a file which cannot be read is.
pub(super) fn reading(error: &std::io::Error) -> Kind {
    if error.kind() == std::io::ErrorKind::NotFound {
        Kind::NoFile
    } else if error.kind() == std::io::ErrorKind::FileTooLarge {
        Kind::UnknownFormat
    } else {
        Kind::Io
    }
}

/// A path as it may be shown: escaped like every text from outside.
pub fn shown_path(path: &Path) -> String {
    crate::entry::label::shown(&path.to_string_lossy())
}
