//! What the command line reads from and writes to.

use std::io::{self, IsTerminal as _, Read, Write};
use std::process::ExitCode;

use super::args::Color;
use crate::app::{Failure, Kind, Unchanged};
use crate::platform::interrupt::Interrupt;
use crate::platform::terminal::{self, NoAnswer};
use crate::secret::{SecretBytes, SecretText};

/// A person at a terminal, or a test's script of one.
pub trait Person {
    /// Asks a question; the answer is not shown while it is typed when `hidden`.
    ///
    /// # Errors
    ///
    /// When there is no terminal, or the person pressed Ctrl-C.
    fn ask(&mut self, prompt: &str, hidden: bool) -> Result<SecretText, NoAnswer>;

    /// Asks below a page that is gone, with the answer, as soon as the question is answered.
    ///
    /// # Errors
    ///
    /// As [`Person::ask`].
    fn ask_on_page(&mut self, page: &str, prompt: &str, hidden: bool) -> Result<SecretText, NoAnswer> {
        self.show(page).map_err(NoAnswer::NoTerminal)?;
        self.ask(prompt, hidden)
    }

    /// Columns and rows of the terminal; `None` where that cannot be told.
    fn size(&self) -> Option<(usize, usize)> {
        None
    }

    /// Shows a text at the terminal, wherever standard output goes.
    ///
    /// # Errors
    ///
    /// When there is no terminal.
    fn show(&mut self, text: &str) -> io::Result<()>;

    /// Tells whether something that repeats should go on.
    fn goes_on(&mut self) -> bool;

    /// Draws a page alone, in the place of the one before, until [`Person::leave_page`].
    ///
    /// # Errors
    ///
    /// When there is no terminal.
    fn draw_page(&mut self, page: &str) -> io::Result<()> {
        self.show(page)
    }

    /// Tells whether somebody still looks at the page that was drawn: no key has ended it.
    fn looks_on(&mut self) -> bool {
        self.goes_on()
    }

    /// Takes the page away, and leaves nothing of it.
    fn leave_page(&mut self) {}
}

/// The person at the controlling terminal.
#[derive(Debug, Default)]
pub struct AtTheTerminal {
    /// Ctrl-C, looked for from the first question whether something goes on.
    interrupt: Option<Interrupt>,
    /// The page that is shown alone.
    #[cfg(unix)]
    page: Option<terminal::Page>,
}

impl Person for AtTheTerminal {
    fn ask(&mut self, prompt: &str, hidden: bool) -> Result<SecretText, NoAnswer> {
        terminal::ask(prompt, hidden)
    }

    fn ask_on_page(&mut self, page: &str, prompt: &str, hidden: bool) -> Result<SecretText, NoAnswer> {
        terminal::ask_on_page(page, prompt, hidden)
    }

    fn size(&self) -> Option<(usize, usize)> {
        terminal::size()
    }

    fn show(&mut self, text: &str) -> io::Result<()> {
        terminal::write(text)
    }

    fn goes_on(&mut self) -> bool {
        !self.interrupt.get_or_insert_with(Interrupt::watch).happened()
    }

    #[cfg(unix)]
    fn draw_page(&mut self, page: &str) -> io::Result<()> {
        if self.page.is_none() {
            self.page = Some(terminal::Page::open()?);
        }
        self.page.as_mut().map_or(Ok(()), |shown| shown.draw(page))
    }

    #[cfg(unix)]
    fn looks_on(&mut self) -> bool {
        self.page.as_mut().is_some_and(|page| !page.is_left())
    }

    #[cfg(unix)]
    fn leave_page(&mut self) {
        self.page = None;
    }
}

/// Whether somebody still reads what is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Reader {
    /// The pipe is closed: what repeats should stop.
    HasEnough,
    /// It was written.
    Reads,
}

/// Standard input, output and error, and the person.
pub struct Io<'a> {
    /// Standard input.
    pub stdin: &'a mut dyn Read,
    /// Standard input was read to its end, so that there is nothing left for a second reader.
    pub stdin_taken: bool,
    /// Standard output.
    pub out: &'a mut dyn Write,
    /// Standard error.
    pub err: &'a mut dyn Write,
    /// Who answers questions.
    pub person: &'a mut dyn Person,
    /// Standard output is a terminal.
    pub out_is_terminal: bool,
    /// Standard error is a terminal.
    pub err_is_terminal: bool,
    /// Columns of the terminal.
    pub columns: usize,
}

/// Standard input without the buffer that [`io::Stdin`] keeps for as long as the process lives: a passphrase
/// or a seed that came through a pipe would stay in it.
struct Stdin;

impl Read for Stdin {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        #[cfg(unix)]
        {
            Ok(rustix::io::read(io::stdin(), buffer)?)
        }
        #[cfg(not(unix))]
        {
            io::stdin().read(buffer)
        }
    }
}

/// The process's own input, output and error.
pub struct Standard {
    stdin: Stdin,
    out: io::Stdout,
    err: io::Stderr,
    person: AtTheTerminal,
}

impl std::fmt::Debug for Standard {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Standard")
    }
}

impl Default for Standard {
    fn default() -> Self {
        Self::new()
    }
}

impl Standard {
    /// Takes them.
    pub fn new() -> Self {
        Self { stdin: Stdin, out: io::stdout(), err: io::stderr(), person: AtTheTerminal::default() }
    }

    /// Lends them to a run.
    pub fn lend(&mut self) -> Io<'_> {
        let (out_is_terminal, err_is_terminal) = (self.out.is_terminal(), self.err.is_terminal());
        // Not `terminal::size`: where there is no terminal it runs whatever `tput` the PATH finds.
        let columns = crossterm::terminal::window_size().map_or(80, |size| usize::from(size.columns));
        Io {
            stdin: &mut self.stdin,
            stdin_taken: false,
            out: &mut self.out,
            err: &mut self.err,
            person: &mut self.person,
            out_is_terminal,
            err_is_terminal,
            columns,
        }
    }
}

/// Prints help, version or a usage error, and gives the exit status.
pub fn print_and_exit(text: &str, status: u8) -> ExitCode {
    let written = if status == 0 {
        io::stdout().write_all(text.as_bytes())
    } else {
        io::stderr().write_all(text.as_bytes())
    };
    // A closed pipe is the reader's way of saying that it has enough.
    drop(written);
    ExitCode::from(status)
}

impl std::fmt::Debug for Io<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Io").field("out_is_terminal", &self.out_is_terminal).finish_non_exhaustive()
    }
}

impl Io<'_> {
    /// Writes a result. A closed pipe is the reader's way of saying that it has enough.
    pub(super) fn print(&mut self, text: &str) -> Result<Reader, Failure> {
        match self.out.write_all(text.as_bytes()).and_then(|()| self.out.flush()) {
            Ok(()) => Ok(Reader::Reads),
            Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(Reader::HasEnough),
            Err(error) => Err(Failure::new(Kind::Io, "the result could not be written").because(error)),
        }
    }

    /// Writes a file to standard output. Whoever reads it must get all of it.
    pub(super) fn pipe(&mut self, bytes: &SecretBytes) -> Result<(), Failure> {
        self.out.write_all(bytes.expose()).and_then(|()| self.out.flush()).map_err(|error| {
            Failure::new(Kind::Io, "standard output did not take all of it")
                .because(error)
                .next("what has arrived there is a part: throw it away, and run it again")
        })
    }

    /// Writes a line that is no result.
    pub(super) fn tell(&mut self, line: &str) {
        let _written = writeln!(self.err, "{line}");
    }

    /// All of standard input, at most `limit` bytes.
    ///
    /// Two options that both name it would leave the second an empty text: that is refused.
    pub(super) fn read_stdin(&mut self, limit: u64) -> Result<SecretText, Failure> {
        self.read_stdin_bytes(limit)?.into_text().map_err(|error| {
            Failure::new(Kind::Usage, "standard input cannot be used")
                .because(error)
                .unchanged(Unchanged::NothingTouched)
        })
    }

    /// As [`Io::read_stdin`], whether it is text or not.
    pub(super) fn read_stdin_bytes(&mut self, limit: u64) -> Result<SecretBytes, Failure> {
        if std::mem::replace(&mut self.stdin_taken, true) {
            return Err(Failure::new(Kind::Usage, "standard input (-) is named more than once")
                .unchanged(Unchanged::NothingTouched)
                .next("give the others as files, for example --passphrase-file <(command)"));
        }
        let mut bytes = Vec::with_capacity(4096);
        let read = (&mut *self.stdin).take(limit + 1).read_to_end(&mut bytes);
        let too_long = u64::try_from(bytes.len()).unwrap_or(u64::MAX) > limit;
        let bytes = SecretBytes::new(bytes);
        if let Err(error) = read {
            return Err(Failure::new(Kind::Io, "standard input could not be read").because(error));
        }
        if too_long {
            return Err(Failure::new(
                Kind::Usage,
                "standard input is longer than anything that could be meant",
            )
            .unchanged(Unchanged::NothingTouched));
        }
        Ok(bytes)
    }
}

/// Whether colour is used on a stream.
pub(super) fn colored(wanted: Color, is_terminal: bool) -> bool {
    match wanted {
        Color::Always => true,
        Color::Never => false,
        Color::Auto => is_terminal && !super::no_color(),
    }
}
