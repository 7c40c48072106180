//! What the kernel refuses this process from a certain moment on: sockets, other programs, places on
//! the disk where nothing of it is to be read or written.
//!
//! [`close`] is called once, before any thread is started, and nothing opens it again. Two things of
//! Linux are used. Seccomp refuses system calls; without it the program doesn't start unless somebody
//! said `--sandbox off`. Landlock refuses paths, as far as the kernel knows how; what it doesn't know is
//! told by `doctor`. Descriptors that a parent left open stay open: no safe call of Rust closes a
//! descriptor by its number. The filter therefore also refuses what passes data or descriptors over a
//! socket that is there already, but for plain writing, and the program writes only to what it has
//! opened itself.

#[cfg(target_os = "linux")]
mod landlock;
#[cfg(all(target_os = "linux", any(target_arch = "x86_64", target_arch = "aarch64")))]
mod seccomp;

use std::path::{Path, PathBuf};

use super::process;

/// The newest Landlock ABI whose rules are asked for (Linux 6.15). What later ones add was not tried.
pub const LANDLOCK_ABI: u8 = 7;

/// What the option `--sandbox` asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Mode {
    /// System calls are refused with an error; Landlock as far as the kernel has it.
    #[default]
    Auto,
    /// As [`Mode::Auto`], and the program doesn't start unless every rule is in force.
    Require,
    /// As [`Mode::Auto`], and a refused system call ends the process at once.
    Kill,
    /// Nothing is asked of the kernel.
    Off,
}

impl Mode {
    /// Reads the word on the command line.
    pub fn parse(name: &str) -> Option<Self> {
        [Self::Auto, Self::Require, Self::Kill, Self::Off].into_iter().find(|mode| mode.name() == name)
    }

    /// The word on the command line.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Auto => "auto",
            Self::Require => "require",
            Self::Kill => "kill",
            Self::Off => "off",
        }
    }
}

/// Where files may be written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outputs {
    /// Below folders that were known when the sandbox closed.
    Named,
    /// Wherever a person may name a path later: not among devices and the kernel's files.
    ChosenLater,
}

/// What stays open to a process that starts a program of the system, and to that program.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reach {
    /// Every file and every connection: nobody knows what the program needs.
    Anything,
    /// Connections on this machine and to others. Files are written among temporary ones alone.
    Connected,
    /// Connections on this machine alone, of the sort that has a name among files. Files are written among
    /// temporary ones alone.
    Local,
}

/// The places that stay open. What is not there is passed over; devices that the program needs are
/// added to them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Places {
    /// Folders and files; what lies below them may be read.
    pub readable: Vec<PathBuf>,
    /// Folders; what lies below them may be read, written, made and removed.
    pub writable: Vec<PathBuf>,
    /// How the second list came about.
    pub outputs: Outputs,
}

/// What a refused system call comes to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Action {
    /// The call fails with EPERM.
    Refuse,
    /// The process is ended by SIGSYS.
    Kill,
}

/// The filter of system calls.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Seccomp {
    /// In force, as the kernel says.
    InForce {
        /// What becomes of a refused call.
        action: Action,
        /// What is refused, in words.
        refuses: Vec<&'static str>,
    },
    /// Nobody asked for it in this run.
    NotAsked,
    /// The kernel didn't take it; why.
    Refused(String),
    /// There is none on this system or processor.
    NotHere,
}

/// The rules for paths.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Landlock {
    /// In force.
    InForce {
        /// The ABI that was used, at most [`LANDLOCK_ABI`].
        abi: u8,
        /// How far writing goes.
        outputs: Outputs,
    },
    /// Nobody asked for it in this run.
    NotAsked,
    /// The kernel has none, or refused; in words.
    Missing(String),
    /// There is none on this system.
    NotHere,
}

/// What protects the process, as far as it can be asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Protection {
    /// The system's name: `linux`, `macos`.
    pub system: &'static str,
    /// What was asked for.
    pub mode: Mode,
    /// Whether a crash leaves no memory on disk.
    pub core_dumps_off: bool,
    /// Whether other processes of the same user are kept from this one's memory; `None` where the system
    /// has no such switch.
    pub undumpable: Option<bool>,
    /// Whether a program that was started could gain no privileges; `None` where there is no such switch.
    pub no_new_privileges: Option<bool>,
    /// The filter of system calls.
    pub seccomp: Seccomp,
    /// The rules for paths.
    pub landlock: Landlock,
}

impl Protection {
    /// How the process is while no sandbox was closed.
    pub fn without_sandbox(mode: Mode) -> Self {
        let on_linux = cfg!(target_os = "linux");
        Self {
            system: std::env::consts::OS,
            mode,
            core_dumps_off: process::core_dumps_off(),
            undumpable: process::undumpable(),
            no_new_privileges: process::no_new_privileges(),
            seccomp: if on_linux { Seccomp::NotAsked } else { Seccomp::NotHere },
            landlock: if on_linux { Landlock::NotAsked } else { Landlock::NotHere },
        }
    }

    /// True where every rule that this program knows is in force.
    pub fn is_complete(&self) -> bool {
        matches!(self.seccomp, Seccomp::InForce { .. })
            && matches!(self.landlock, Landlock::InForce { abi, .. } if abi >= LANDLOCK_ABI)
    }

    /// True where this system could refuse system calls and somebody said that it shall not.
    pub fn is_switched_off(&self) -> bool {
        self.mode == Mode::Off && self.system == "linux"
    }
}

/// Why the program doesn't start.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NotClosed {
    /// The filter of system calls could not be installed.
    #[error("the kernel did not take the filter of system calls: {0}")]
    Seccomp(String),
    /// Everything was required, and something is not in force.
    #[error("not everything that --sandbox require asks for is in force here")]
    Incomplete(Box<Protection>),
}

/// Closes the sandbox for this process and says what is in force then.
///
/// Landlock binds the calling thread and those that it starts, so that this comes before any other thread.
///
/// # Errors
///
/// [`NotClosed`]. Part of it may be in force then; the caller is expected to end.
pub fn close(mode: Mode, places: &Places) -> Result<Protection, NotClosed> {
    if mode == Mode::Off {
        return Ok(Protection::without_sandbox(mode));
    }
    let landlock = close_paths(places);
    let seccomp = close_calls(action(mode), None);
    if let Seccomp::Refused(why) = seccomp {
        return Err(NotClosed::Seccomp(why));
    }
    let protection = Protection { seccomp, landlock, ..Protection::without_sandbox(mode) };
    if mode == Mode::Require && !protection.is_complete() {
        return Err(NotClosed::Incomplete(Box::new(protection)));
    }
    Ok(protection)
}

/// Closes what can be closed for a process that has to start a program, and for that program with it. Says
/// whether system calls and paths are refused then.
///
/// Everything that is refused to the program itself is, but for sockets, programs, and what starting them takes.
pub fn close_for_program(mode: Mode, reach: Reach) -> (bool, bool) {
    if mode == Mode::Off {
        return (false, false);
    }
    let paths_refused = reach != Reach::Anything && close_paths_for_program(reach);
    let calls = close_calls(action(mode), Some(reach));
    (matches!(calls, Seccomp::InForce { .. }), paths_refused)
}

/// As [`close_for_program`], for a person's editor: it writes in one folder alone, which is there, and connects to this
/// machine alone. A refused call fails, whatever was asked for: an editor that is ended takes what was typed with it.
pub fn close_for_editor(mode: Mode, folder: &Path) -> (bool, bool) {
    if mode == Mode::Off {
        return (false, false);
    }
    let paths_refused = close_paths_for_editor(folder);
    let calls = close_calls(Action::Refuse, Some(Reach::Local));
    (matches!(calls, Seccomp::InForce { .. }), paths_refused)
}

const fn action(mode: Mode) -> Action {
    match mode {
        Mode::Kill => Action::Kill,
        Mode::Auto | Mode::Off | Mode::Require => Action::Refuse,
    }
}

#[cfg(target_os = "linux")]
fn close_paths_for_program(reach: Reach) -> bool {
    landlock::close_for_program(reach)
}

#[cfg(target_os = "linux")]
fn close_paths_for_editor(folder: &Path) -> bool {
    landlock::close_for_editor(folder)
}

#[cfg(not(target_os = "linux"))]
fn close_paths_for_editor(_folder: &Path) -> bool {
    false
}

#[cfg(not(target_os = "linux"))]
fn close_paths_for_program(_reach: Reach) -> bool {
    false
}

#[cfg(target_os = "linux")]
fn close_paths(places: &Places) -> Landlock {
    landlock::close(places)
}

#[cfg(not(target_os = "linux"))]
fn close_paths(_places: &Places) -> Landlock {
    Landlock::NotHere
}

#[cfg(all(target_os = "linux", any(target_arch = "x86_64", target_arch = "aarch64")))]
fn close_calls(action: Action, for_program: Option<Reach>) -> Seccomp {
    seccomp::close(action, for_program)
}

#[cfg(not(all(target_os = "linux", any(target_arch = "x86_64", target_arch = "aarch64"))))]
fn close_calls(_action: Action, _for_program: Option<Reach>) -> Seccomp {
    Seccomp::NotHere
}
