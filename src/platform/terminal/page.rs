//! A page that changes, alone on the terminal's other screen, until a key is pressed.

use std::fs::File;
use std::io::{self, Read as _, Write as _};

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::termios::{LocalModes, OptionalActions, Termios, tcgetattr, tcsetattr};

use super::unix::{CTRL_C, CTRL_D, FROM_PAGE, TO_PAGE, open};
use crate::platform::interrupt::HeldBack;

/// No time to wait: only what has come already counts.
const AT_ONCE: Timespec = Timespec { tv_sec: 0, tv_nsec: 0 };

/// The other screen, for as long as it lives. It is emptied and gone, and the terminal as it was before, when this is
/// dropped; a signal that came acts after that.
#[derive(Debug)]
pub struct Page {
    terminal: File,
    before: Termios,
    // Dropped last: the process may end by it.
    signals: HeldBack,
}

impl Page {
    /// Opens the other screen.
    ///
    /// # Errors
    ///
    /// When there is no terminal.
    pub fn open() -> io::Result<Self> {
        let signals = HeldBack::new();
        let mut terminal = open()?;
        let before = tcgetattr(&terminal)?;
        let mut modes = before.clone();
        modes.local_modes.remove(LocalModes::ECHO | LocalModes::ICANON | LocalModes::ISIG);
        tcsetattr(&terminal, OptionalActions::Flush, &modes)?;
        let shown = terminal.write_all(TO_PAGE.as_bytes());
        let page = Self { terminal, before, signals };
        shown.map(|()| page)
    }

    /// Draws lines in the place of those before them.
    ///
    /// # Errors
    ///
    /// When the terminal is gone.
    pub fn draw(&mut self, lines: &str) -> io::Result<()> {
        self.terminal.write_all(b"\x1b[H")?;
        for line in lines.lines() {
            self.terminal.write_all(line.as_bytes())?;
            self.terminal.write_all(b"\x1b[K\n")?;
        }
        self.terminal.write_all(b"\x1b[J")
    }

    /// Tells whether the person has had enough: q, Ctrl-C or Ctrl-D was pressed, a signal came, or the terminal is gone.
    pub fn is_left(&mut self) -> bool {
        let mut key = [0];
        loop {
            if self.signals.came() {
                return true;
            }
            match poll(&mut [PollFd::new(&self.terminal, PollFlags::IN)], Some(&AT_ONCE)) {
                Ok(0) | Err(rustix::io::Errno::INTR) => return false,
                Ok(_) => {}
                Err(_) => return true,
            }
            match self.terminal.read(&mut key) {
                Ok(1) if !matches!(key, [b'q' | b'Q' | CTRL_C | CTRL_D]) => {}
                Ok(_) | Err(_) => return true,
            }
        }
    }
}

impl Drop for Page {
    fn drop(&mut self) {
        let _left = self.terminal.write_all(FROM_PAGE.as_bytes());
        let _restored = tcsetattr(&self.terminal, OptionalActions::Now, &self.before);
    }
}
