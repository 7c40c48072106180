//! The process that copies for the program: it can start one program, which was fixed when it was started, and
//! it takes what was copied back when the program that it works for has ended, however that came.
//!
//! It is this program once more, started before the sandbox closes, with a pipe in each direction and no vault.
//! What it is asked for stands in `message.rs`: copy these bytes; clear them if they are still there. That the
//! pipe is closed is the request to end. It is in a session of its own, so that no key at the terminal reaches it
//! and it reaches no terminal, and becomes the parent of whatever its program leaves running, so that it can end
//! that too (Linux).

mod child;

use std::ffi::OsString;
use std::io;
use std::os::unix::net::UnixStream;
use std::path::PathBuf;

use rustix::event::{PollFd, PollFlags, poll};
use rustix::io::Errno;
use rustix::process::Pid;
use signal_hook::consts::{SIGHUP, SIGINT, SIGQUIT, SIGTERM};
use signal_hook::low_level::pipe;

use self::child::{Capture, Servers};
use super::choice::{Kind, Program};
use super::message::{Answer, Fault, HEAD, Request};
use super::program::Clearing;
use super::{Cleared, LONGEST_TEXT, Ready};
use crate::platform::sandbox::{self, Mode};
use crate::secret::{SecretBytes, same_bytes};

/// The argument that makes the program a broker.
pub(super) const ARGUMENT: &str = "--clipboard-broker";

/// The arguments with which the broker of a program is started.
pub(super) fn arguments(program: &Program, mode: Mode) -> Vec<OsString> {
    let mut arguments: Vec<OsString> = vec![ARGUMENT.into(), program.kind.name().into(), mode.name().into()];
    arguments.push(program.copies.clone().into());
    arguments.push(program.reads.clone().unwrap_or_default().into());
    arguments.extend(program.arguments.iter().map(OsString::from));
    arguments
}

fn parse(mut arguments: impl Iterator<Item = OsString>) -> Option<(Program, Mode)> {
    let kind = Kind::parse(arguments.next()?.to_str()?)?;
    let mode = Mode::parse(arguments.next()?.to_str()?)?;
    let copies = PathBuf::from(arguments.next()?);
    let reads = Some(PathBuf::from(arguments.next()?)).filter(|reads| !reads.as_os_str().is_empty());
    let is_fixed = copies.is_absolute() && reads.as_ref().is_none_or(|reads| reads.is_absolute());
    let arguments = arguments.map(|argument| argument.into_string().ok()).collect::<Option<Vec<_>>>()?;
    is_fixed.then_some((Program { kind, copies, reads, arguments }, mode))
}

/// Works as a broker until its pipe is closed, where the arguments say that this process is one.
pub fn served(arguments: impl IntoIterator<Item = OsString>) -> bool {
    let mut arguments = arguments.into_iter().skip(1);
    if arguments.next().is_none_or(|argument| argument != ARGUMENT) {
        return false;
    }
    if let Some((program, mode)) = parse(arguments) {
        let _served = serve(program, mode);
    }
    true
}

fn serve(program: Program, mode: Mode) -> io::Result<()> {
    // Refused where the process leads a group already: then a key at the terminal could end it early, no more.
    let _own_session = rustix::process::setsid();
    let _nothing_is_held = std::env::set_current_dir("/");
    let mut servers = Servers::adopted();
    let signals = signals()?;
    let (calls_refused, paths_refused) = sandbox::close_for_program(mode, program.kind.reach());
    if mode == Mode::Require && !calls_refused {
        return Err(io::ErrorKind::PermissionDenied.into());
    }
    let marks = marks(&program);
    answer(Answer::Ready(Ready { marks, calls_refused, paths_refused }))?;
    let mut broker = Broker { marked: marks == Some(true), program, held: None, servers: &mut servers };
    while let Some(request) = next(&signals) {
        let outcome = match request {
            Request::Clear => broker.clear().map(Answer::Cleared),
            Request::Copy { overwrite, text } => {
                broker.copy(text, overwrite).map(|passed_on| Answer::Copied { passed_on })
            }
        };
        // Where nobody takes the answer, the other side has ended meanwhile.
        if answer(outcome.unwrap_or_else(Answer::Failed)).is_err() {
            break;
        }
    }
    // Nobody is left to be told.
    let _cleared = broker.clear();
    Ok(())
}

/// Becomes readable when a signal came that asks the process to end.
fn signals() -> io::Result<UnixStream> {
    let (reading, writing) = UnixStream::pair()?;
    for signal in [SIGHUP, SIGINT, SIGQUIT, SIGTERM] {
        pipe::register(signal, writing.try_clone()?)?;
    }
    Ok(reading)
}

/// Whether the program takes a mark for secrets; its help says so.
fn marks(program: &Program) -> Option<bool> {
    const LONGEST_HELP: usize = 8192;
    const MARK: &[u8] = b"--sensitive";
    program.kind.copying_marked()?;
    let help =
        child::run(&program.copies, &["--help"], &[], Capture::UpTo(LONGEST_HELP), program.kind.patience());
    Some(help.is_ok_and(|help| help.output.expose().windows(MARK.len()).any(|window| window == MARK)))
}

/// One write: the other side reads an answer whole.
fn answer(answer: Answer) -> io::Result<()> {
    let written = rustix::io::retry_on_intr(|| rustix::io::write(io::stdout(), &answer.encode()))?;
    if written == answer.encode().len() { Ok(()) } else { Err(io::ErrorKind::WriteZero.into()) }
}

/// The next request; `None` when the pipe is closed, a signal came, or what came is none.
fn next(signals: &UnixStream) -> Option<Request> {
    let stdin = io::stdin();
    loop {
        let mut both = [PollFd::new(&stdin, PollFlags::IN), PollFd::new(signals, PollFlags::IN)];
        match poll(&mut both, None) {
            Ok(_) => {}
            Err(Errno::INTR) => continue,
            Err(_) => return None,
        }
        let [_, signalled] = &both;
        if !signalled.revents().is_empty() {
            return None;
        }
        break;
    }
    let mut head = [0; HEAD];
    read_whole(&mut head)?;
    let n_bytes = Request::text_len(head);
    if n_bytes > LONGEST_TEXT {
        return None;
    }
    let mut text = SecretBytes::with_capacity(n_bytes);
    text.expose_mut().resize(n_bytes, 0);
    read_whole(text.expose_mut())?;
    Request::parse(head, text)
}

/// Reads past the buffer that the standard library keeps for standard input, in which a text would stay.
fn read_whole(buffer: &mut [u8]) -> Option<()> {
    let mut at = 0;
    while at < buffer.len() {
        match rustix::io::read(io::stdin(), buffer.get_mut(at..)?) {
            Ok(0) => return None,
            Ok(n_bytes) => at += n_bytes,
            Err(Errno::INTR) => {}
            Err(_) => return None,
        }
    }
    Some(())
}

/// What was copied, for as long as it has to be taken back.
struct Held {
    text: SecretBytes,
    overwrite: bool,
    passed_on: bool,
}

struct Broker<'s> {
    program: Program,
    /// The program takes a mark for secrets.
    marked: bool,
    held: Option<Held>,
    servers: &'s mut Servers,
}

impl Broker<'_> {
    /// Copies, and says whether tmux sent it on.
    fn copy(&mut self, text: SecretBytes, overwrite: bool) -> Result<bool, Fault> {
        child::reap();
        let given = self.give(text.expose());
        // Where it failed it may be there all the same.
        self.held = Some(Held { text, overwrite, passed_on: given == Ok(true) });
        given
    }

    /// Gives a text to the program, and says whether tmux sent it on.
    fn give(&mut self, text: &[u8]) -> Result<bool, Fault> {
        let kind = self.program.kind;
        if let Some(onwards) = kind.copying_onwards() {
            match self.runs(onwards, text) {
                Ok(_) => return Ok(true),
                // It does not know how, or it does not work at all: that is told by the plain way.
                Err(Fault::Ended(_)) => {}
                Err(fault) => return Err(fault),
            }
        }
        let group = match kind.copying_marked().filter(|_| self.marked) {
            Some(marked) => self.runs(marked, text)?,
            None => self.runs(kind.copying(), text)?,
        };
        if kind.stays() {
            self.servers.found(group);
        }
        Ok(false)
    }

    /// Runs the program that copies.
    fn runs(&self, arguments: &[&str], text: &[u8]) -> Result<Pid, Fault> {
        let of_choice = self.program.arguments.iter().map(String::as_str);
        let arguments: Vec<&str> = of_choice.chain(arguments.iter().copied()).collect();
        let patience = self.program.kind.patience();
        child::run(&self.program.copies, &arguments, text, Capture::Nothing, patience).map(|done| done.group)
    }

    /// Whether the clipboard holds what was copied; `None` where that can't be seen.
    fn is_there(&self, held: &Held) -> Result<Option<bool>, Fault> {
        let Some(reads) = &self.program.reads else { return Ok(None) };
        // Longer than ours by more than the end of a line, it is another text.
        let capture = Capture::UpTo(held.text.len() + 3);
        let kind = self.program.kind;
        match child::run(reads, kind.reading(), &[], capture, kind.patience()) {
            Ok(done) => Ok(Some(same_bytes(without_line_end(done.output.expose()), held.text.expose()))),
            // Nothing is there, or no text.
            Err(Fault::Ended(_)) => Ok(Some(false)),
            // Some desktops let only the window with the focus read. What hands the text out ends when it has lost it.
            Err(Fault::Hung) if kind.stays() => self.servers.are_there().map(Some).ok_or(Fault::Hung),
            Err(fault) => Err(fault),
        }
    }

    /// Takes back what was copied, if it is still there. What failed is tried again at the end.
    fn clear(&mut self) -> Result<Cleared, Fault> {
        child::reap();
        let Some(held) = self.held.take() else { return Ok(Cleared::Nothing) };
        let outcome = self.taken_back(&held);
        if outcome.is_err() {
            self.held = Some(held);
        }
        outcome
    }

    fn taken_back(&mut self, held: &Held) -> Result<Cleared, Fault> {
        match self.is_there(held)? {
            Some(false) => return Ok(Cleared::NotOurs),
            None if held.overwrite => {
                self.give(b" ")?;
                return Ok(Cleared::Overwritten);
            }
            None => return Ok(Cleared::Left),
            Some(true) => {}
        }
        if held.passed_on && held.overwrite {
            self.give(b" ")?;
        }
        match self.program.kind.clearing() {
            Clearing::By(arguments) => {
                self.runs(arguments, b"")?;
                self.servers.end_gently();
            }
            // Where they can't be ended, an empty text takes the place of ours.
            Clearing::ByEnding => {
                if !self.servers.end() {
                    self.give(b"")?;
                }
            }
            Clearing::ByAnotherText => {
                self.give(b" ")?;
            }
        }
        // A server of the desktop may need a moment to see that a process has ended.
        for _ in 0..3 {
            if self.is_there(held)? != Some(true) {
                return Ok(Cleared::Gone);
            }
            child::pause();
        }
        Err(Fault::StillThere)
    }
}

/// Some programs end what they print with the end of a line.
fn without_line_end(text: &[u8]) -> &[u8] {
    let text = text.strip_suffix(b"\n").unwrap_or(text);
    text.strip_suffix(b"\r").unwrap_or(text)
}
