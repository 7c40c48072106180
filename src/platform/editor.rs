//! A person's own editor for one file, which lies in a folder in memory.
//!
//! Once the sandbox has closed this process starts no program. So it starts itself once more before that, as a broker
//! that can do one thing: run one editor, fixed by then, on one file, fixed by then. The broker has no vault and gets
//! none. Before the editor starts, the kernel is asked to let it write in that folder alone, and to connect to nothing
//! beyond this machine (Linux): what an editor likes to keep of a text elsewhere, a swap file, a history, a list of
//! what was cut, would outlive the folder.
//!
//! Broker and editor stay in this process's group, because the terminal is theirs. Keys that end a program reach the
//! editor as they always do; the two others wait for it.

mod broker;

use std::ffi::OsString;
use std::io;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::{Mutex, PoisonError};

use super::sandbox::Mode;

pub use broker::served;

/// The editor where neither VISUAL nor EDITOR names one, as everywhere else.
const USUAL: &str = "vi";

/// How an editor has ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ended {
    /// By itself, with this status; 0 is its way of saying that all is well.
    Status(i32),
    /// By this signal.
    Signal(i32),
}

/// Why a person could not edit.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum EditorError {
    /// The broker has ended, or says what cannot be understood.
    #[error("what starts the editor has ended")]
    BrokerGone,
    /// Everything was required of the sandbox, and the kernel does not take it for the editor.
    #[error("--sandbox require: the kernel does not take the rules for the editor")]
    NotClosed,
    /// There is no terminal for it.
    #[error("there is no terminal for an editor: {0}")]
    NoTerminal(io::Error),
    /// The editor could not be started.
    #[error("the editor could not be started: {0}")]
    NotStarted(io::Error),
}

/// Has a person edit one file.
pub trait Editor: Send + Sync {
    /// Runs the editor to its end. The caller holds the signals back that keys at the terminal send: they are the
    /// editor's.
    ///
    /// # Errors
    ///
    /// When there is none that runs.
    fn edit(&self) -> Result<Ended, EditorError>;
}

/// The words of a command: an absolute path, then its arguments.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Chosen {
    /// The program.
    pub program: PathBuf,
    /// What stands behind it in VISUAL or EDITOR.
    pub arguments: Vec<OsString>,
}

/// The editor that the environment names, looked for as a shell does: VISUAL, EDITOR, or `vi`. Its words are parted at
/// blanks; nothing else of a shell is understood.
///
/// # Errors
///
/// The name that was not found in any folder of PATH.
pub fn choose(
    variable: impl Fn(&str) -> Option<OsString>,
    find: impl Fn(&str) -> Option<PathBuf>,
) -> Result<Chosen, String> {
    let named = |name| {
        let value = variable(name)?.to_string_lossy().trim().to_owned();
        (!value.is_empty()).then_some(value)
    };
    let text = ["VISUAL", "EDITOR"].into_iter().find_map(named).unwrap_or_else(|| USUAL.to_owned());
    // A path with blanks in it is taken whole where it is one.
    if let Some(program) = find(&text) {
        return Ok(Chosen { program, arguments: Vec::new() });
    }
    let mut words = text.split_whitespace();
    let name = words.next().unwrap_or_default();
    match find(name) {
        Some(program) => Ok(Chosen { program, arguments: words.map(OsString::from).collect() }),
        None => Err(name.to_owned()),
    }
}

/// Folders in which a file for an editor may be made, the better one first: one is a person's own and is emptied when
/// they log out, the other is there on every Linux. Whether they lie in memory is for the caller to see.
pub fn places(variable: impl Fn(&str) -> Option<OsString>) -> Vec<PathBuf> {
    let own = variable("XDG_RUNTIME_DIR").map(PathBuf::from).filter(|folder| folder.is_absolute());
    own.into_iter().chain([PathBuf::from("/dev/shm")]).collect()
}

/// A person's editor, behind a broker.
#[derive(Debug)]
pub struct Brokered(Mutex<Child>);

impl Brokered {
    /// Starts the broker of an editor for one file. Called before the sandbox closes. The file and its folder need not
    /// be there yet; the folder's name is absolute.
    ///
    /// # Errors
    ///
    /// When no process can be started.
    pub fn start(chosen: &Chosen, file: &Path, mode: Mode) -> io::Result<Self> {
        // The file that runs, even where another one has taken its name meanwhile.
        #[cfg(target_os = "linux")]
        let itself = PathBuf::from("/proc/self/exe");
        #[cfg(not(target_os = "linux"))]
        let itself = std::env::current_exe()?;
        let mut command = Command::new(itself);
        #[cfg(unix)]
        std::os::unix::process::CommandExt::arg0(&mut command, "lifeboat");
        let child = command
            .args(broker::arguments(chosen, file, mode))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()?;
        Ok(Self(Mutex::new(child)))
    }
}

impl Editor for Brokered {
    fn edit(&self) -> Result<Ended, EditorError> {
        use std::io::{Read as _, Write as _};
        let mut child = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let gone = |_| EditorError::BrokerGone;
        let stdin = child.stdin.as_mut().ok_or(EditorError::BrokerGone)?;
        stdin.write_all(&[broker::EDIT]).and_then(|()| stdin.flush()).map_err(gone)?;
        let mut answer = [0; broker::ANSWER];
        let stdout = child.stdout.as_mut().ok_or(EditorError::BrokerGone)?;
        stdout.read_exact(&mut answer).map_err(gone)?;
        broker::understood(answer)
    }
}

impl Drop for Brokered {
    fn drop(&mut self) {
        let child = self.0.get_mut().unwrap_or_else(PoisonError::into_inner);
        // Its closed pipe is what tells it to end.
        drop(child.stdin.take());
        let _reaped = child.try_wait();
    }
}

#[cfg(test)]
mod tests;
