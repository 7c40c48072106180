//! The shipped program in a terminal of its own: a pseudo-terminal, and a parser that knows what stands on its screen.

use std::fmt::Write as _;
use std::io::{Read as _, Write as _};
use std::num::NonZeroU16;
use std::os::unix::process::ExitStatusExt as _;
use std::path::Path;
use std::process::{Child, ExitStatus};
use std::sync::{Arc, Condvar, Mutex, Weak};
use std::thread;
use std::time::{Duration, Instant};

use pty_process::blocking::{Command, Pty, open};
use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::io::Errno;
use rustix::process::{Pid, Signal, kill_process};
use rustix::termios::tcgetattr;

use crate::support::Sandbox;

/// After this a screen that was waited for is given up: far beyond any key derivation on a busy machine.
const PATIENCE: Duration = Duration::from_secs(30);

/// What the program has sent so far.
struct Seen {
    parser: vt100::Parser,
    bytes: Vec<u8>,
    ended: bool,
}

/// The program, its terminal, and somebody who looks at it.
pub(crate) struct Pseudoterminal {
    /// `None` once the terminal was taken away.
    pty: Option<Arc<Pty>>,
    child: Child,
    seen: Arc<(Mutex<Seen>, Condvar)>,
    modes_before: String,
}

impl Pseudoterminal {
    /// Starts the interface of this sandbox.
    pub(crate) fn start(sandbox: &Sandbox, rows: u16, columns: u16) -> Self {
        let mut command = Command::new(env!("CARGO_BIN_EXE_lifeboat"))
            .args(["--sandbox", "kill", "--vault"])
            .arg(sandbox.path("vault.lifeboat"));
        if sandbox.has("key") {
            command = command.arg("--key-file").arg(sandbox.path("key"));
        }
        Self::spawn(command, sandbox.home(), &[], rows, columns)
    }

    /// Starts a shell with these words and variables, which is to become the interface of this sandbox.
    pub(crate) fn start_in(sandbox: &Sandbox, words: &[String], variables: &[(&str, String)]) -> Self {
        let command = Command::new("/bin/sh").args(words);
        Self::spawn(command, sandbox.home(), variables, 24, 80)
    }

    /// Starts a shell that has job control.
    pub(crate) fn shell(sandbox: &Sandbox, rows: u16, columns: u16) -> Self {
        let command = Command::new("/bin/sh").arg("-i");
        Self::spawn(command, sandbox.home(), &[], rows, columns)
    }

    fn spawn(command: Command, home: &Path, variables: &[(&str, String)], rows: u16, columns: u16) -> Self {
        let (pty, slave) = open().unwrap();
        pty.resize(pty_process::Size::new(rows, columns)).unwrap();
        let modes_before = modes(&pty);
        // The terminal's own side is not kept open here: that its last user has gone must be seen.
        let command = with_little(command, home);
        let child = command.envs(variables.iter().map(|(name, value)| (name, value))).spawn(slave).unwrap();
        let pty = Arc::new(pty);
        let parser = vt100::Parser::new(size(rows), size(columns), 0);
        let seen = Arc::new((Mutex::new(Seen { parser, bytes: Vec::new(), ended: false }), Condvar::new()));
        let (reading, told) = (Arc::downgrade(&pty), Arc::clone(&seen));
        thread::spawn(move || read_on(&reading, &told));
        Self { pty: Some(pty), child, seen, modes_before }
    }

    /// Types.
    pub(crate) fn types(&self, keys: &str) -> &Self {
        (&**self.pty.as_ref().unwrap()).write_all(keys.as_bytes()).unwrap();
        self
    }

    /// Pastes, as a terminal with bracketed paste does.
    pub(crate) fn pastes(&self, text: &str) -> &Self {
        self.types(&format!("\x1b[200~{text}\x1b[201~"))
    }

    /// Waits until the screen is as asked for, and gives its text.
    #[track_caller]
    pub(crate) fn until(&self, what: &str, right: impl Fn(&str) -> bool) -> String {
        self.until_seen(what, |seen| {
            let text = text(&seen.parser);
            right(&text).then_some(text)
        })
    }

    /// Waits until the screen shows a text.
    #[track_caller]
    pub(crate) fn shows(&self, wanted: &str) -> String {
        self.until(&format!("{wanted:?} shown"), |screen| screen.contains(wanted))
    }

    /// Waits until the program has sent these bytes, shown or not.
    #[track_caller]
    pub(crate) fn sends(&self, wanted: &[u8]) {
        self.until_seen(&format!("{:?} sent", String::from_utf8_lossy(wanted)), |seen| {
            seen.bytes.windows(wanted.len()).any(|window| window == wanted).then_some(())
        });
    }

    /// Everything that was sent.
    pub(crate) fn sent(&self) -> Vec<u8> {
        self.seen.0.lock().unwrap().bytes.clone()
    }

    #[track_caller]
    fn until_seen<T>(&self, what: &str, right: impl Fn(&Seen) -> Option<T>) -> T {
        let (seen, changed) = &*self.seen;
        let deadline = Instant::now() + PATIENCE;
        let mut now = seen.lock().unwrap();
        loop {
            if let Some(found) = right(&now) {
                return found;
            }
            let left = deadline.saturating_duration_since(Instant::now());
            if left.is_zero() || now.ended {
                let screen = text(&now.parser);
                drop(now);
                panic!("waited in vain for {what}; the screen:\n{screen}");
            }
            now = changed.wait_timeout(now, left).unwrap().0;
        }
    }

    /// Gives the terminal another size.
    pub(crate) fn resize(&self, rows: u16, columns: u16) {
        self.seen.0.lock().unwrap().parser.set_size(size(rows), size(columns));
        self.pty.as_ref().unwrap().resize(pty_process::Size::new(rows, columns)).unwrap();
    }

    /// Sends the program a signal.
    pub(crate) fn signal(&self, signal: Signal) {
        kill_process(self.pid(), signal).unwrap();
    }

    fn pid(&self) -> Pid {
        Pid::from_child(&self.child)
    }

    /// Waits for the program's end.
    pub(crate) fn end(&mut self) -> ExitStatus {
        let status = self.child.wait().unwrap();
        let (seen, changed) = &*self.seen;
        let mut now = seen.lock().unwrap();
        while !now.ended {
            now = changed.wait_timeout(now, PATIENCE).unwrap().0;
        }
        status
    }

    /// Takes the terminal away, as a closed window or a lost connection does, and waits for the program's end.
    pub(crate) fn vanish(&mut self) -> ExitStatus {
        self.pty = None;
        self.end()
    }

    /// What stands on the screen.
    pub(crate) fn screen(&self) -> String {
        text(&self.seen.0.lock().unwrap().parser)
    }

    /// The terminal's modes differ from those before the start, or something of the interface is left on: the words.
    pub(crate) fn left_behind(&self) -> String {
        let mut left = String::new();
        let now = modes(self.pty.as_ref().unwrap());
        if now != self.modes_before {
            writeln!(left, "modes {now} instead of {}", self.modes_before).unwrap();
        }
        let seen = self.seen.0.lock().unwrap();
        let screen = seen.parser.screen();
        for (on, name) in [
            (screen.alternate_screen(), "the alternate screen"),
            (screen.hide_cursor(), "a hidden cursor"),
            (screen.bracketed_paste(), "bracketed paste"),
            (screen.mouse_protocol_mode() != vt100::MouseProtocolMode::None, "mouse reports"),
        ] {
            if on {
                writeln!(left, "{name} is left on").unwrap();
            }
        }
        left
    }
}

impl Drop for Pseudoterminal {
    fn drop(&mut self) {
        // A test that failed leaves no process behind.
        let _gone = self.child.kill();
        let _waited = self.child.wait();
    }
}

/// An environment with nothing in it but what a terminal's program needs.
fn with_little(command: Command, home: &Path) -> Command {
    command
        .env_clear()
        .env("HOME", home)
        .env("PATH", "/usr/bin:/bin")
        .env("TERM", "xterm-256color")
        .env("LANG", "C.UTF-8")
        .env("PS1", "ready> ")
        .current_dir(home)
}

/// Reads until the program has closed its side, or the terminal is taken away from it.
fn read_on(pty: &Weak<Pty>, told: &(Mutex<Seen>, Condvar)) {
    let mut buffer = [0; 4096];
    let (seen, changed) = told;
    while let Some(pty) = pty.upgrade() {
        let wait = Timespec { tv_sec: 0, tv_nsec: 50_000_000 };
        match poll(&mut [PollFd::new(&pty, PollFlags::IN)], Some(&wait)) {
            Ok(0) | Err(Errno::INTR) => continue,
            Ok(_) | Err(_) => {}
        }
        // An error is the end: the last process has closed its side.
        let n = (&*pty).read(&mut buffer).unwrap_or(0);
        if n == 0 {
            break;
        }
        let mut now = seen.lock().unwrap();
        now.parser.process(&buffer[..n]);
        now.bytes.extend_from_slice(&buffer[..n]);
        changed.notify_all();
    }
    seen.lock().unwrap().ended = true;
    changed.notify_all();
}

fn size(cells: u16) -> NonZeroU16 {
    NonZeroU16::new(cells).unwrap()
}

fn text(parser: &vt100::Parser) -> String {
    parser.screen().contents()
}

/// The terminal's modes and control characters, comparable.
fn modes(pty: &Pty) -> String {
    let modes = tcgetattr(pty).unwrap();
    format!(
        "{:?} {:?} {:?} {:?} {:?}",
        modes.input_modes, modes.output_modes, modes.control_modes, modes.local_modes, modes.special_codes
    )
}

/// The signal that ended a program, if one did.
pub(crate) fn ended_by(status: ExitStatus) -> Option<i32> {
    status.signal()
}
