//! The terminal itself: taken over, drawn on in one write a frame, and given back in every end.

use std::cell::RefCell;
use std::io::{self, Write};
use std::rc::Rc;

use crossterm::cursor::Show;
use crossterm::event::{DisableBracketedPaste, DisableFocusChange, EnableBracketedPaste, EnableFocusChange};
use crossterm::style::Print;
use crossterm::terminal::{
    Clear, ClearType, EnterAlternateScreen, LeaveAlternateScreen, disable_raw_mode, enable_raw_mode,
};
use crossterm::{execute, queue};
use ratatui::{Frame, Terminal};
use zeroize::Zeroize as _;

use crate::defect;
use crate::platform::clipboard::Multiplexer;
use crate::platform::{process, terminal};
use crate::tui::cells::Cells;

/// Most frames are far smaller; a larger one grows the buffer once.
const FRAME_BYTES: usize = 64 << 10;

/// Clicks and the wheel are reported, in the form that has no limit of columns; motion is not.
const MOUSE_ON: &str = "\x1b[?1000h\x1b[?1006h";
const MOUSE_OFF: &str = "\x1b[?1006l\x1b[?1000l";

type Drawn = Terminal<Cells<FrameBytes>>;

/// What a frame sends to the terminal, collected until it is sent in one write. Flushing in between
/// means nothing to it.
#[derive(Clone)]
struct FrameBytes(Rc<RefCell<Vec<u8>>>);

impl Write for FrameBytes {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.borrow_mut().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// The terminal while the interface has it.
pub(super) struct Screen {
    terminal: Option<Drawn>,
    frame: FrameBytes,
    /// Clicks and the wheel are taken from the terminal, whose own selection needs Shift then.
    mouse: bool,
    /// This process stopped itself, and the signal that let it go on is still to be told of.
    stopped_itself: bool,
}

impl Screen {
    /// Takes the terminal over.
    pub(super) fn start() -> io::Result<Self> {
        // The worker's panics are caught: the runner is told by the worker itself, and the interface goes on.
        defect::tell_the_place_alone(give_back);
        let mut screen = Self {
            terminal: None,
            frame: FrameBytes(Rc::new(RefCell::new(Vec::with_capacity(FRAME_BYTES)))),
            mouse: false,
            stopped_itself: false,
        };
        take(false)?;
        screen.terminal = Some(screen.fresh()?);
        Ok(screen)
    }

    /// Draws a frame and sends what differs from the last one, then wipes it: it may have held a code.
    pub(super) fn draw(&mut self, render: impl FnOnce(&mut Frame<'_>)) -> io::Result<()> {
        if let Some(terminal) = &mut self.terminal {
            terminal.draw(render)?;
        }
        let mut bytes = self.frame.0.borrow_mut();
        let sent = terminal::write_out(&bytes);
        bytes.as_mut_slice().zeroize();
        bytes.clear();
        sent
    }

    /// Drops both of the buffers that held what is shown, and clears the screen together with the next frame,
    /// so that nothing flickers.
    pub(super) fn forget(&mut self) {
        self.terminal = None;
        let _cleared = queue!(self.frame, Clear(ClearType::All));
        self.terminal = self.fresh().ok();
    }

    /// Gives the terminal back, stops the process, and takes the terminal again when it goes on. Where
    /// no shell could let it go on, it does not stop.
    pub(super) fn suspend(&mut self) {
        if !process::can_be_continued() {
            return;
        }
        self.terminal = None;
        give_back();
        self.stopped_itself = true;
        #[cfg(unix)]
        let _stopped = signal_hook::low_level::emulate_default_handler(signal_hook::consts::SIGTSTP);
        self.take_again();
    }

    /// The process goes on, and has the terminal already: it had stopped itself, and took it again when it woke.
    /// To take it once more, or to lock once more, would lose what was typed since.
    pub(super) fn has_it_again(&mut self) -> bool {
        std::mem::take(&mut self.stopped_itself) && terminal::is_raw()
    }

    /// Takes the terminal again after the process was stopped: its modes are whatever others left.
    pub(super) fn take_again(&mut self) {
        self.terminal = None;
        // Without this, crossterm would think that the raw mode it had set is still there. Where it is, it stays:
        // a key that comes in between would be read as a line's.
        if !terminal::is_raw() {
            let _cooked = disable_raw_mode();
        }
        let _taken = take(self.mouse);
        self.terminal = self.fresh().ok();
    }

    /// Takes clicks and the wheel from the terminal, or leaves them to it.
    pub(super) fn set_mouse(&mut self, mouse: bool) {
        if self.mouse != mouse {
            self.mouse = mouse;
            let _set = execute!(io::stdout(), Print(if mouse { MOUSE_ON } else { MOUSE_OFF }));
        }
    }

    fn fresh(&self) -> io::Result<Drawn> {
        Terminal::new(Cells::new(self.frame.clone(), size))
    }
}

impl Drop for Screen {
    fn drop(&mut self) {
        self.terminal = None;
        give_back();
    }
}

/// Columns and rows.
pub(super) fn size() -> (u16, u16) {
    // Not `terminal::size`: where the terminal doesn't say, that runs whatever `tput` the PATH finds.
    crossterm::terminal::window_size().map_or((80, 24), |size| (size.columns, size.rows))
}

fn take(mouse: bool) -> io::Result<()> {
    enable_raw_mode()?;
    execute!(
        io::stdout(),
        EnterAlternateScreen,
        Clear(ClearType::All),
        EnableBracketedPaste,
        EnableFocusChange,
        Print(if mouse { MOUSE_ON } else { "" })
    )
}

/// Puts everything back. Each step is tried whatever became of the one before.
fn give_back() {
    let mut out = io::stdout();
    let _cleared = execute!(out, Clear(ClearType::All));
    let _left = execute!(
        out,
        Print(MOUSE_OFF),
        DisableFocusChange,
        DisableBracketedPaste,
        LeaveAlternateScreen,
        Show
    );
    let _cooked = disable_raw_mode();
    // With the alternate screen switched off in a multiplexer, the last frame would stay in its scrollback.
    if Multiplexer::detect() != Multiplexer::None {
        let _cleared = execute!(out, Clear(ClearType::FromCursorDown));
    }
}
