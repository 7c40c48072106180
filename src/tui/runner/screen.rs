//! The terminal itself: taken over, drawn on in one write a frame, and given back in every end.

use std::io::{self, BufWriter, Stdout, Write as _};

use crossterm::cursor::Show;
use crossterm::event::{DisableBracketedPaste, EnableBracketedPaste};
use crossterm::terminal::{
    Clear, ClearType, EnterAlternateScreen, LeaveAlternateScreen, disable_raw_mode, enable_raw_mode,
};
use crossterm::{execute, queue};
use ratatui::backend::CrosstermBackend;
use ratatui::{Frame, Terminal};

use crate::platform::clipboard::{Multiplexer, osc52};

/// A frame of a large screen with every cell styled.
const FRAME_BYTES: usize = 256 << 10;

type Drawn = Terminal<CrosstermBackend<BufWriter<Stdout>>>;

/// The terminal while the interface has it.
pub(super) struct Screen {
    terminal: Option<Drawn>,
}

impl Screen {
    /// Takes the terminal over.
    pub(super) fn start() -> io::Result<Self> {
        restore_on_panic();
        take()?;
        Ok(Self { terminal: Some(fresh()?) })
    }

    /// Columns and rows.
    pub(super) fn size() -> (u16, u16) {
        crossterm::terminal::size().unwrap_or((80, 24))
    }

    pub(super) fn draw(&mut self, render: impl FnOnce(&mut Frame<'_>)) -> io::Result<()> {
        if let Some(terminal) = &mut self.terminal {
            terminal.draw(render)?;
        }
        Ok(())
    }

    /// Clears what is shown and drops both of the buffers that held it.
    pub(super) fn forget(&mut self) {
        self.terminal = None;
        let _cleared = execute!(io::stdout(), Clear(ClearType::All));
        self.terminal = fresh().ok();
    }

    /// The terminal has another size: what stood on it is not where it was.
    pub(super) fn resized(&mut self) {
        self.forget();
    }

    /// Sends a request to copy a text; the terminal does not answer it.
    pub(super) fn copy(text: &str) -> io::Result<Multiplexer> {
        let multiplexer = Multiplexer::detect();
        let mut out = io::stdout();
        out.write_all(osc52(text, multiplexer).expose().as_bytes())?;
        out.flush()?;
        Ok(multiplexer)
    }

    /// Gives the terminal back, stops the process, and takes the terminal again when it goes on.
    pub(super) fn suspend(&mut self) {
        self.terminal = None;
        give_back();
        #[cfg(unix)]
        let _stopped = signal_hook::low_level::emulate_default_handler(signal_hook::consts::SIGTSTP);
        if take().is_ok() {
            self.terminal = fresh().ok();
        }
    }
}

impl Drop for Screen {
    fn drop(&mut self) {
        self.terminal = None;
        give_back();
    }
}

fn fresh() -> io::Result<Drawn> {
    Terminal::new(CrosstermBackend::new(BufWriter::with_capacity(FRAME_BYTES, io::stdout())))
}

fn take() -> io::Result<()> {
    enable_raw_mode()?;
    let mut out = io::stdout();
    queue!(out, EnterAlternateScreen, Clear(ClearType::All), EnableBracketedPaste)?;
    out.flush()
}

/// Puts everything back. Each step is tried whatever became of the one before.
fn give_back() {
    let mut out = io::stdout();
    let _cleared = execute!(out, Clear(ClearType::All));
    let _left = execute!(out, DisableBracketedPaste, LeaveAlternateScreen, Show);
    let _cooked = disable_raw_mode();
    // With the alternate screen switched off in a multiplexer, the last frame would stay in its scrollback.
    if Multiplexer::detect() != Multiplexer::None {
        let _cleared = execute!(out, Clear(ClearType::FromCursorDown));
    }
}

/// A panic is a defect: the terminal is given back, and its place is printed without any content.
fn restore_on_panic() {
    std::panic::set_hook(Box::new(|panic| {
        if std::thread::current().name() == Some(super::jobs::WORKER) {
            return;
        }
        give_back();
        let place =
            panic.location().map_or_else(String::new, |at| format!(" at {}:{}", at.file(), at.line()));
        let mut err = io::stderr();
        let _told = writeln!(
            err,
            "lifeboat: a defect{place}; the vault on disk is the last complete one. Please report this line."
        );
    }));
}
