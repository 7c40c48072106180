//! Copying a text for a person, through the terminal or through a program of the system, and taking it back.
//!
//! [`choice`] decides which, from the setting and what is known of the place. The terminal is asked by [`osc52`].
//! A program can't be started once the sandbox is closed: `main` starts a small process before it, the broker,
//! which can start that one program and nothing else, and [`ThroughProgram`] speaks with it. What was copied is cleared only
//! while it is still what the clipboard holds; where that can't be seen, the words say so.

#[cfg(unix)]
mod broker;
pub mod choice;
mod found;
#[cfg(unix)]
mod link;
#[cfg(unix)]
mod message;
#[cfg(not(unix))]
mod nowhere;
pub mod osc52;
mod program;
mod words;

use std::io;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

#[cfg(unix)]
pub use self::broker::served;
pub use self::choice::{Chosen, Kind, Nothing, Program, Surroundings, Way};
pub use self::found::find;
#[cfg(unix)]
pub use self::link::ThroughProgram;
#[cfg(not(unix))]
pub use self::nowhere::{ThroughProgram, served};
pub use self::osc52::Multiplexer;
pub use self::program::environment;
use crate::settings::{self, Clear};

/// Longest text that is copied, in bytes: far longer than any code, and short enough for a pipe to take it at once.
pub const LONGEST_TEXT: usize = 2048;

/// Copies texts for a person, and takes them back.
pub trait Clipboard: Send + Sync {
    /// Copies a text, in the place of one that was copied before.
    ///
    /// # Errors
    ///
    /// [`ClipboardError`]; the clipboard is as it was, as far as this program can tell.
    fn copy(&self, text: &str, policy: Policy) -> Result<Sent, ClipboardError>;

    /// Takes the last copy back if the clipboard still holds it, or as its [`Policy`] says where that can't be seen.
    ///
    /// # Errors
    ///
    /// [`ClipboardError`]; the copy may still be there.
    fn clear_if_ours(&self) -> Result<Cleared, ClipboardError>;

    /// Tells whether copying and clearing may take as long as a program takes: not to be called where keys are awaited.
    fn waits(&self) -> bool {
        false
    }

    /// Takes the last copy back as for the last time, and ends what was started for copying, within a bounded time.
    fn end(&self) {
        let _told_to_nobody = self.clear_if_ours();
    }

    /// Asks what copies whether it is ready. The terminal can't be asked.
    ///
    /// # Errors
    ///
    /// [`ClipboardError`] when it is not.
    fn ready(&self) -> Result<Ready, ClipboardError> {
        Ok(Ready::default())
    }
}

/// When and how a copy is taken back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Policy {
    /// How long it stays.
    pub after: Duration,
    /// Whether something is written over it where nobody can see if it is still there.
    pub overwrite: bool,
}

impl From<&settings::Clipboard> for Policy {
    fn from(settings: &settings::Clipboard) -> Self {
        Self { after: settings.clear_after, overwrite: settings.clear == Clear::Always }
    }
}

/// A copy that was sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sent {
    /// Through what.
    pub through: Through,
    /// What becomes of it.
    pub then: Then,
}

/// Through what a copy was sent, and what could be said of it on the way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Through {
    /// A program of the system.
    Program {
        /// Which sort.
        kind: Kind,
        /// Its name.
        name: String,
        /// Whether it was told that this is a secret.
        marked: bool,
        /// Whether tmux sent it on to the terminal.
        passed_on: bool,
    },
    /// The terminal.
    Terminal(Multiplexer),
}

/// What becomes of a copy.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Then {
    /// It is cleared after this time if it is still there.
    Cleared(Duration),
    /// It expires with its code: nobody can see whether it is still there.
    Expires,
    /// After this time something is written over it, whatever is there.
    Overwritten(Duration),
}

impl Then {
    /// When something is to be done about it.
    pub const fn after(self) -> Option<Duration> {
        match self {
            Self::Cleared(after) | Self::Overwritten(after) => Some(after),
            Self::Expires => None,
        }
    }
}

/// How taking a copy back has ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cleared {
    /// It was there, and is not any more: both were read.
    Gone,
    /// It is left to expire with its code.
    Left,
    /// There was nothing of ours to take back.
    Nothing,
    /// Something else is there: it was left alone.
    NotOurs,
    /// Something was written over it; nothing confirms that.
    Overwritten,
}

/// What a broker says of itself.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Ready {
    /// Whether the program takes a mark for secrets; `None` where no such mark is known.
    pub marks: Option<bool>,
    /// Whether the broker has closed a sandbox of its own: system calls.
    pub calls_refused: bool,
    /// The same for paths.
    pub paths_refused: bool,
}

/// Why something was not copied, or not taken back.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ClipboardError {
    /// The broker ended, or was ended by somebody.
    #[error("the process that copies for this one has ended")]
    BrokerGone,
    /// The broker does not answer: its program hangs, and it does too.
    #[error("the process that copies for this one does not answer")]
    BrokerHangs,
    /// The program ended with an error: usually it does not reach the desktop.
    #[error("{name} ended with status {status}")]
    Ended {
        /// The program.
        name: String,
        /// Its status.
        status: i32,
    },
    /// The program did not end in time: a desktop that does not answer.
    #[error("{name} did not end within {} s, and was ended", patience.as_secs())]
    Hung {
        /// The program.
        name: String,
        /// How long it was waited for.
        patience: Duration,
    },
    /// The program was ended by a signal.
    #[error("{name} was ended by signal {signal}")]
    Killed {
        /// The program.
        name: String,
        /// The signal.
        signal: i32,
    },
    /// There is no terminal to copy through.
    #[error("there is no terminal to copy through")]
    NoTerminal(#[source] io::Error),
    /// Neither the terminal nor a program copies here, or nothing shall.
    #[error("{0}")]
    Nothing(Nothing),
    /// The program could not be started: it was removed since, or may not be run.
    #[error("{name} could not be started")]
    ProgramNotStarted {
        /// The program.
        name: String,
        /// Why.
        #[source]
        source: io::Error,
    },
    /// It was cleared, and is there again: a clipboard's history brings it back.
    #[error("it was cleared, and is there again: something on this desktop brings it back")]
    StillThere,
    /// It is longer than anything that is meant to be copied.
    #[error("the text is longer than {LONGEST_TEXT} bytes")]
    TooLong,
}

/// Copies through the terminal.
pub struct ThroughTerminal<W> {
    multiplexer: Multiplexer,
    write: W,
    /// How the last copy is to end, while it is out.
    out: Mutex<Option<Then>>,
}

impl<W: Fn(&str) -> io::Result<()> + Send + Sync> ThroughTerminal<W> {
    /// Makes one that writes requests as `write` does, each in one piece.
    pub const fn new(multiplexer: Multiplexer, write: W) -> Self {
        Self { multiplexer, write, out: Mutex::new(None) }
    }
}

impl<W> std::fmt::Debug for ThroughTerminal<W> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ThroughTerminal").field("multiplexer", &self.multiplexer).finish_non_exhaustive()
    }
}

impl<W: Fn(&str) -> io::Result<()> + Send + Sync> Clipboard for ThroughTerminal<W> {
    fn copy(&self, text: &str, policy: Policy) -> Result<Sent, ClipboardError> {
        if text.len() > LONGEST_TEXT {
            return Err(ClipboardError::TooLong);
        }
        let request = osc52::copy(text, self.multiplexer);
        (self.write)(request.expose()).map_err(ClipboardError::NoTerminal)?;
        let then = if policy.overwrite { Then::Overwritten(policy.after) } else { Then::Expires };
        *self.out.lock().unwrap_or_else(PoisonError::into_inner) = Some(then);
        Ok(Sent { through: Through::Terminal(self.multiplexer), then })
    }

    fn clear_if_ours(&self) -> Result<Cleared, ClipboardError> {
        match self.out.lock().unwrap_or_else(PoisonError::into_inner).take() {
            None => return Ok(Cleared::Nothing),
            Some(Then::Cleared(_) | Then::Expires) => return Ok(Cleared::Left),
            Some(Then::Overwritten(_)) => {}
        }
        let request = osc52::overwrite(self.multiplexer);
        (self.write)(request.expose()).map_err(ClipboardError::NoTerminal)?;
        Ok(Cleared::Overwritten)
    }
}

/// Copies nothing, and says why.
#[derive(Debug)]
pub struct NotAtAll(pub Nothing);

impl Clipboard for NotAtAll {
    fn copy(&self, _text: &str, _policy: Policy) -> Result<Sent, ClipboardError> {
        Err(ClipboardError::Nothing(self.0.clone()))
    }

    fn clear_if_ours(&self) -> Result<Cleared, ClipboardError> {
        Ok(Cleared::Nothing)
    }

    fn ready(&self) -> Result<Ready, ClipboardError> {
        Err(ClipboardError::Nothing(self.0.clone()))
    }
}
