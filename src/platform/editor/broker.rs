//! The process that starts the editor. Asked by one byte, it answers with five: what came, and a number.

use std::ffi::OsString;
use std::io::{self, Read as _, Write as _};
use std::path::{Path, PathBuf};

use super::{Chosen, EditorError, Ended};
use crate::platform::sandbox::Mode;

/// The argument that makes the program a broker of an editor.
const ARGUMENT: &str = "--editor-broker";

/// The one request: run it.
pub(super) const EDIT: u8 = b'e';
/// Length of an answer in bytes: its sort, and a number, big-endian.
pub(super) const ANSWER: usize = 5;

const STATUS: u8 = b's';
const SIGNAL: u8 = b'k';
const NOT_CLOSED: u8 = b'c';
const NO_TERMINAL: u8 = b't';
const NOT_STARTED: u8 = b'n';

/// The arguments with which the broker is started.
pub(super) fn arguments(chosen: &Chosen, file: &Path, mode: Mode) -> Vec<OsString> {
    let fixed: [OsString; 4] = [
        ARGUMENT.into(),
        mode.name().into(),
        file.as_os_str().to_owned(),
        chosen.program.as_os_str().to_owned(),
    ];
    fixed.into_iter().chain(chosen.arguments.iter().cloned()).collect()
}

/// What an answer says.
pub(super) fn understood(answer: [u8; ANSWER]) -> Result<Ended, EditorError> {
    let [sort, number @ ..] = answer;
    let number = i32::from_be_bytes(number);
    let error = || io::Error::from_raw_os_error(number);
    match sort {
        STATUS => Ok(Ended::Status(number)),
        SIGNAL => Ok(Ended::Signal(number)),
        NOT_CLOSED => Err(EditorError::NotClosed),
        NO_TERMINAL => Err(EditorError::NoTerminal(error())),
        NOT_STARTED => Err(EditorError::NotStarted(error())),
        _ => Err(EditorError::BrokerGone),
    }
}

fn answer(outcome: &Result<Ended, EditorError>) -> [u8; ANSWER] {
    let errno = |error: &io::Error| error.raw_os_error().unwrap_or_default();
    let (sort, number) = match outcome {
        Ok(Ended::Status(status)) => (STATUS, *status),
        Ok(Ended::Signal(signal)) => (SIGNAL, *signal),
        Err(EditorError::BrokerGone | EditorError::NotClosed) => (NOT_CLOSED, 0),
        Err(EditorError::NoTerminal(error)) => (NO_TERMINAL, errno(error)),
        Err(EditorError::NotStarted(error)) => (NOT_STARTED, errno(error)),
    };
    let [a, b, c, d] = number.to_be_bytes();
    [sort, a, b, c, d]
}

/// What the broker was started for.
#[derive(Debug, PartialEq, Eq)]
struct Task {
    mode: Mode,
    file: PathBuf,
    program: PathBuf,
    arguments: Vec<OsString>,
}

fn parse(mut arguments: impl Iterator<Item = OsString>) -> Option<Task> {
    let mode = Mode::parse(arguments.next()?.to_str()?)?;
    let file = PathBuf::from(arguments.next()?);
    let program = PathBuf::from(arguments.next()?);
    let is_fixed = file.is_absolute() && program.is_absolute();
    is_fixed.then(|| Task { mode, file, program, arguments: arguments.collect() })
}

/// Works as the broker of an editor until its pipe is closed, where the arguments say that this process is one.
pub fn served(arguments: impl IntoIterator<Item = OsString>) -> bool {
    let mut arguments = arguments.into_iter().skip(1);
    if arguments.next().is_none_or(|argument| argument != ARGUMENT) {
        return false;
    }
    if let Some(task) = parse(arguments) {
        serve(&task);
    }
    true
}

fn serve(task: &Task) {
    keep_through_signals();
    let mut closed = None;
    let mut request = [0];
    while io::stdin().read_exact(&mut request).is_ok() && request == [EDIT] {
        // The folder is there by now, and rules name what is there. Closed once, it stays closed.
        let is_closed = *closed.get_or_insert_with(|| close(task));
        let outcome = if is_closed { run(task) } else { Err(EditorError::NotClosed) };
        let mut stdout = io::stdout();
        if stdout.write_all(&answer(&outcome)).and_then(|()| stdout.flush()).is_err() {
            break;
        }
    }
}

/// Keys at the terminal are meant for the editor, and this process has to see it end. A program that is started has
/// the usual handlers again, which it would not have if they were ignored here.
fn keep_through_signals() {
    #[cfg(unix)]
    for signal in [
        signal_hook::consts::SIGHUP,
        signal_hook::consts::SIGINT,
        signal_hook::consts::SIGQUIT,
        signal_hook::consts::SIGTERM,
    ] {
        let nothing = std::sync::Arc::new(std::sync::atomic::AtomicBool::new(false));
        let _kept = signal_hook::flag::register(signal, nothing);
    }
}

/// False where everything was required and is not in force.
fn close(task: &Task) -> bool {
    let folder = task.file.parent().unwrap_or(&task.file);
    let (calls, paths) = crate::platform::sandbox::close_for_editor(task.mode, folder);
    task.mode != Mode::Require || calls && paths
}

#[cfg(unix)]
fn run(task: &Task) -> Result<Ended, EditorError> {
    use std::os::unix::process::ExitStatusExt as _;
    use std::process::{Command, Stdio};

    let terminal = crate::platform::terminal::opened().map_err(EditorError::NoTerminal)?;
    let again = || terminal.try_clone().map(Stdio::from).map_err(EditorError::NoTerminal);
    let folder = task.file.parent().unwrap_or(&task.file);
    let status = Command::new(&task.program)
        .args(&task.arguments)
        .arg(&task.file)
        // Elsewhere it could not write.
        .env("TMPDIR", folder)
        .stdin(again()?)
        .stdout(again()?)
        .stderr(again()?)
        .status()
        .map_err(EditorError::NotStarted)?;
    Ok(match (status.code(), status.signal()) {
        (Some(code), _) => Ended::Status(code),
        (None, signal) => Ended::Signal(signal.unwrap_or_default()),
    })
}

#[cfg(not(unix))]
fn run(_task: &Task) -> Result<Ended, EditorError> {
    Err(EditorError::NoTerminal(io::ErrorKind::Unsupported.into()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_asked_and_answered_is_understood_on_the_other_side() {
        let chosen = Chosen { program: "/usr/bin/vi".into(), arguments: vec!["-n".into()] };
        let words = arguments(&chosen, Path::new("/dev/shm/x/plan.toml"), Mode::Auto);
        let task = parse(words.into_iter().skip(1)).unwrap();
        assert_eq!((task.program, task.arguments, task.mode), (chosen.program, chosen.arguments, Mode::Auto));

        for outcome in [
            Ok(Ended::Status(3)),
            Ok(Ended::Signal(9)),
            Err(EditorError::NotClosed),
            Err(EditorError::NoTerminal(io::Error::from_raw_os_error(6))),
            Err(EditorError::NotStarted(io::Error::from_raw_os_error(2))),
        ] {
            let again = understood(answer(&outcome));
            assert_eq!(format!("{again:?}"), format!("{outcome:?}"));
        }
        assert!(understood([0; ANSWER]).is_err());
    }

    #[test]
    fn nothing_runs_that_has_no_fixed_place() {
        for words in
            [["auto", "plan.toml", "/usr/bin/vi"], ["auto", "/dev/shm/plan.toml", "vi"], ["no", "/a", "/b"]]
        {
            assert_eq!(parse(words.iter().map(OsString::from)), None, "{words:?}");
        }
    }
}
