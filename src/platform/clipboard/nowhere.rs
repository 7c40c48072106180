//! Systems on which no program is started to copy.

use std::ffi::OsString;
use std::io;

use super::{Cleared, Clipboard, ClipboardError, Nothing, Policy, Program, Sent};
use crate::platform::sandbox::Mode;

/// Copies through no program.
#[derive(Debug)]
pub struct ThroughProgram(());

impl ThroughProgram {
    /// Starts nothing.
    ///
    /// # Errors
    ///
    /// Always.
    pub fn start(_program: Program, _mode: Mode, _environment: &[(&str, OsString)]) -> io::Result<Self> {
        Err(io::ErrorKind::Unsupported.into())
    }
}

impl Clipboard for ThroughProgram {
    fn copy(&self, _text: &str, _policy: Policy) -> Result<Sent, ClipboardError> {
        Err(ClipboardError::Nothing(Nothing::NotWanted))
    }

    fn clear_if_ours(&self) -> Result<Cleared, ClipboardError> {
        Ok(Cleared::Nothing)
    }
}

/// Never: this process is none that copies.
pub fn served(_arguments: impl IntoIterator<Item = OsString>) -> bool {
    false
}
