//! The controlling terminal: questions that work while input and output are pipes, and hidden answers.

#[cfg(unix)]
mod page;

use std::io;

use crate::secret::SecretText;

#[cfg(unix)]
pub use page::Page;

/// Longest answer, in bytes. The buffer is made at once and never moves, so no copy is left behind.
const LONGEST_ANSWER: usize = 4096;

/// Why there is no answer.
#[derive(Debug)]
pub enum NoAnswer {
    /// There is no terminal to ask at.
    NoTerminal(io::Error),
    /// The person pressed Ctrl-C, or closed the input.
    Interrupted,
}

/// Asks at the controlling terminal; the answer is not shown while it is typed when `hidden`.
///
/// # Errors
///
/// [`NoAnswer`]; the terminal is as it was before in any case.
#[cfg(unix)]
pub fn ask(prompt: &str, hidden: bool) -> Result<SecretText, NoAnswer> {
    unix::ask(prompt, hidden)
}

/// Asks below a page that is shown for as long as the question stands, on the terminal's other screen, so that
/// neither stays in its memory of past lines. It is gone before a signal acts.
///
/// # Errors
///
/// As [`ask`].
#[cfg(unix)]
pub fn ask_on_page(page: &str, prompt: &str, hidden: bool) -> Result<SecretText, NoAnswer> {
    unix::ask_on_page(page, prompt, hidden)
}

/// Asks below a page. Not available on this system.
///
/// # Errors
///
/// Always [`NoAnswer::NoTerminal`].
#[cfg(not(unix))]
pub fn ask_on_page(_page: &str, _prompt: &str, _hidden: bool) -> Result<SecretText, NoAnswer> {
    Err(NoAnswer::NoTerminal(io::ErrorKind::Unsupported.into()))
}

/// Asks at the controlling terminal. Not available on this system.
///
/// # Errors
///
/// Always [`NoAnswer::NoTerminal`].
#[cfg(not(unix))]
pub fn ask(_prompt: &str, _hidden: bool) -> Result<SecretText, NoAnswer> {
    Err(NoAnswer::NoTerminal(io::ErrorKind::Unsupported.into()))
}

/// Writes to the controlling terminal, wherever standard output goes.
///
/// # Errors
///
/// When there is none.
pub fn write(text: &str) -> io::Result<()> {
    #[cfg(unix)]
    {
        unix::write(text)
    }
    #[cfg(not(unix))]
    {
        let _ = text;
        Err(io::ErrorKind::Unsupported.into())
    }
}

/// Columns and rows of the controlling terminal; `None` where there is none, or it does not say.
pub fn size() -> Option<(usize, usize)> {
    #[cfg(unix)]
    {
        unix::size()
    }
    #[cfg(not(unix))]
    {
        None
    }
}

/// Writes all bytes to standard output at once, leaving no copy of them in a buffer of this program.
///
/// # Errors
///
/// When they cannot be written.
pub fn write_out(bytes: &[u8]) -> io::Result<()> {
    #[cfg(unix)]
    {
        let mut rest = bytes;
        while !rest.is_empty() {
            match rustix::io::write(io::stdout(), rest) {
                Ok(0) => return Err(io::ErrorKind::WriteZero.into()),
                Ok(written) => rest = rest.get(written..).unwrap_or_default(),
                Err(rustix::io::Errno::INTR) => {}
                Err(error) => return Err(error.into()),
            }
        }
        Ok(())
    }
    #[cfg(not(unix))]
    {
        use io::Write as _;
        let mut out = io::stdout();
        out.write_all(bytes)?;
        out.flush()
    }
}

/// Whether writing failed because the terminal was taken away.
pub fn is_gone(error: &io::Error) -> bool {
    #[cfg(unix)]
    {
        error.raw_os_error() == Some(rustix::io::Errno::IO.raw_os_error())
    }
    #[cfg(not(unix))]
    {
        let _other = error;
        false
    }
}

/// What reading the terminal gave.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Came {
    /// So many bytes, at the start of the buffer.
    Bytes(usize),
    /// The terminal is gone.
    End,
    /// Nothing within the patience.
    Nothing,
}

/// Reads what was typed on standard input straight into the caller's buffer, so that no other copy of it is
/// made in this process. Waits for as long as `patience`, or for ever.
///
/// # Errors
///
/// When the terminal cannot be read.
#[cfg(unix)]
pub fn read_in(buffer: &mut [u8], patience: Option<std::time::Duration>) -> io::Result<Came> {
    use rustix::event::{PollFd, PollFlags, Timespec, poll};
    use rustix::io::Errno;
    let terminal = io::stdin();
    let patience = patience.and_then(|patience| Timespec::try_from(patience).ok());
    loop {
        match poll(&mut [PollFd::new(&terminal, PollFlags::IN)], patience.as_ref()) {
            Ok(0) => return Ok(Came::Nothing),
            Err(Errno::INTR) => continue,
            Ok(_) => {}
            Err(error) => return Err(error.into()),
        }
        match rustix::io::read(&terminal, &mut *buffer) {
            Ok(0) => return Ok(Came::End),
            Ok(n_bytes) => return Ok(Came::Bytes(n_bytes)),
            // Another reader was faster, or the terminal does not block.
            Err(Errno::INTR | Errno::AGAIN) => {}
            Err(error) => return Err(error.into()),
        }
    }
}

/// Reads what was typed. Not available on this system.
///
/// # Errors
///
/// Always.
#[cfg(not(unix))]
pub fn read_in(_buffer: &mut [u8], _patience: Option<std::time::Duration>) -> io::Result<Came> {
    Err(io::ErrorKind::Unsupported.into())
}

/// Keys come one by one from the terminal that is typed on, instead of by lines.
pub fn is_raw() -> bool {
    #[cfg(unix)]
    {
        unix::is_raw()
    }
    #[cfg(not(unix))]
    {
        false
    }
}

/// The controlling terminal, for a program that is to have it.
#[cfg(unix)]
pub(super) fn opened() -> io::Result<std::fs::File> {
    unix::open()
}

#[cfg(unix)]
mod unix {
    use std::fs::{File, OpenOptions};
    use std::io::{self, Read as _, Write as _};

    use rustix::event::{PollFd, PollFlags, Timespec, poll};
    use rustix::io::Errno;
    use rustix::termios::{LocalModes, OptionalActions, Termios, tcgetattr, tcgetwinsize, tcsetattr};
    use zeroize::Zeroizing;

    use super::{LONGEST_ANSWER, NoAnswer};
    use crate::platform::interrupt::HeldBack;
    use crate::secret::SecretText;

    pub(super) const CTRL_C: u8 = 3;
    pub(super) const CTRL_D: u8 = 4;
    const CTRL_U: u8 = 21;

    pub(super) fn open() -> io::Result<File> {
        OpenOptions::new().read(true).write(true).open("/dev/tty")
    }

    pub(super) fn write(text: &str) -> io::Result<()> {
        let mut terminal = open()?;
        terminal.write_all(text.as_bytes())?;
        terminal.flush()
    }

    pub(super) fn size() -> Option<(usize, usize)> {
        let size = tcgetwinsize(open().ok()?).ok()?;
        let (columns, rows) = (usize::from(size.ws_col), usize::from(size.ws_row));
        (columns > 0 && rows > 0).then_some((columns, rows))
    }

    pub(super) fn is_raw() -> bool {
        let modes = tcgetattr(io::stdin()).ok().or_else(|| tcgetattr(open().ok()?).ok());
        modes.is_some_and(|modes| !modes.local_modes.contains(LocalModes::ICANON))
    }

    /// Puts the terminal's modes back, whatever happens in between.
    struct Modes<'t> {
        terminal: &'t File,
        before: Termios,
    }

    impl<'t> Modes<'t> {
        /// Keys come one by one, are not shown, and Ctrl-C is a key: the modes are put back before it acts.
        fn raw(terminal: &'t File) -> io::Result<Self> {
            let before = tcgetattr(terminal)?;
            let mut modes = before.clone();
            modes.local_modes.remove(LocalModes::ECHO | LocalModes::ICANON | LocalModes::ISIG);
            tcsetattr(terminal, OptionalActions::Flush, &modes)?;
            Ok(Self { terminal, before })
        }
    }

    impl Drop for Modes<'_> {
        fn drop(&mut self) {
            let _restored = tcsetattr(self.terminal, OptionalActions::Now, &self.before);
        }
    }

    pub(super) fn ask(prompt: &str, hidden: bool) -> Result<SecretText, NoAnswer> {
        // Dropped last: a signal that came ends the process when the terminal is as it was before.
        let held_back = HeldBack::new();
        let answer = ask_undisturbed(None, prompt, hidden, &held_back);
        if held_back.came() { Err(NoAnswer::Interrupted) } else { answer }
    }

    /// To the other screen, empty and from its corner; and back, with nothing left on it.
    pub(super) const TO_PAGE: &str = "\x1b[?1049h\x1b[2J\x1b[H";
    pub(super) const FROM_PAGE: &str = "\x1b[2J\x1b[H\x1b[?1049l";

    pub(super) fn ask_on_page(page: &str, prompt: &str, hidden: bool) -> Result<SecretText, NoAnswer> {
        let held_back = HeldBack::new();
        let answer = ask_undisturbed(Some(page), prompt, hidden, &held_back);
        let _left = write(FROM_PAGE);
        if held_back.came() { Err(NoAnswer::Interrupted) } else { answer }
    }

    fn ask_undisturbed(
        page: Option<&str>,
        prompt: &str,
        hidden: bool,
        signals: &HeldBack,
    ) -> Result<SecretText, NoAnswer> {
        let mut terminal = open().map_err(NoAnswer::NoTerminal)?;
        let reader = terminal.try_clone().map_err(NoAnswer::NoTerminal)?;
        // Before anything is shown: a Ctrl-C that answers what is seen must be a key already.
        let modes = Modes::raw(&reader).map_err(NoAnswer::NoTerminal)?;
        for text in page.map(|page| [TO_PAGE, page]).into_iter().flatten().chain([prompt]) {
            terminal.write_all(text.as_bytes()).map_err(NoAnswer::NoTerminal)?;
        }
        let mut answer = Zeroizing::new(Vec::with_capacity(LONGEST_ANSWER));
        let outcome = read_line(&mut terminal, &mut answer, hidden, signals);
        drop(modes);
        let _newline = terminal.write_all(b"\n");
        outcome?;
        SecretText::from_utf8(std::mem::take(&mut *answer)).map_err(|_| {
            NoAnswer::NoTerminal(io::Error::new(io::ErrorKind::InvalidData, "the answer is not UTF-8"))
        })
    }

    /// How long a signal can go unnoticed that came just before the wait: one that comes during it ends it.
    const GLANCE: Timespec = Timespec { tv_sec: 0, tv_nsec: 200_000_000 };

    /// Waits for the next key. False when a signal came that ends the process.
    fn wait_for_key(terminal: &File, signals: &HeldBack) -> Result<bool, NoAnswer> {
        loop {
            if signals.came() {
                return Ok(false);
            }
            match poll(&mut [PollFd::new(terminal, PollFlags::IN)], Some(&GLANCE)) {
                Ok(0) | Err(Errno::INTR) => {}
                Ok(_) => return Ok(true),
                Err(error) => return Err(NoAnswer::NoTerminal(error.into())),
            }
        }
    }

    fn read_line(
        terminal: &mut File,
        answer: &mut Vec<u8>,
        hidden: bool,
        signals: &HeldBack,
    ) -> Result<(), NoAnswer> {
        let mut key = [0];
        loop {
            if !wait_for_key(terminal, signals)? {
                return Err(NoAnswer::Interrupted);
            }
            if terminal.read(&mut key).map_err(NoAnswer::NoTerminal)? == 0 {
                return Err(NoAnswer::Interrupted);
            }
            let [byte] = key;
            match byte {
                b'\r' | b'\n' => return Ok(()),
                CTRL_C => return Err(NoAnswer::Interrupted),
                CTRL_D if answer.is_empty() => return Err(NoAnswer::Interrupted),
                CTRL_U => {
                    while !answer.is_empty() {
                        erase(terminal, answer, hidden)?;
                    }
                }
                0x08 | 0x7f => erase(terminal, answer, hidden)?,
                // Other control keys, and the rest of an answer that nobody types, are passed over.
                0..0x20 => {}
                _ if answer.len() < LONGEST_ANSWER => {
                    answer.push(byte);
                    if !hidden {
                        terminal.write_all(&key).map_err(NoAnswer::NoTerminal)?;
                    }
                }
                _ => {}
            }
        }
    }

    /// Takes the last character away, all of its bytes.
    fn erase(terminal: &mut File, answer: &mut Vec<u8>, hidden: bool) -> Result<(), NoAnswer> {
        let mut erased = false;
        while let Some(byte) = answer.pop() {
            erased = true;
            // The bytes 10xxxxxx continue a character of UTF-8.
            if byte & 0xc0 != 0x80 {
                break;
            }
        }
        if erased && !hidden {
            terminal.write_all(b"\x08 \x08").map_err(NoAnswer::NoTerminal)?;
        }
        Ok(())
    }
}
