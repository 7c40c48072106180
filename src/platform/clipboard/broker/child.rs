//! Runs one program for the broker: no shell, no terminal, nothing of its own but pipes, and within a time.

use std::io::Write as _;
use std::os::unix::process::{CommandExt as _, ExitStatusExt as _};
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::Duration;

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::io::Errno;
use rustix::process::{Pid, Signal, WaitOptions, kill_process_group, wait, waitpgid};

use crate::platform::clipboard::message::Fault;
use crate::secret::SecretBytes;

/// How often what goes on by itself is looked at.
const GLANCE: Duration = Duration::from_millis(10);

/// How long a process that has lost what it holds may take to end by itself, and after a signal.
const GRACE: Duration = Duration::from_millis(500);

/// What of the program's output is wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Capture {
    /// Nothing: it goes nowhere.
    Nothing,
    /// So many bytes at most. A program that has more is ended.
    UpTo(usize),
}

/// A program that has ended well.
#[derive(Debug)]
pub(super) struct Done {
    /// What it printed.
    pub(super) output: SecretBytes,
    /// The group of processes that it was in: whatever it left running is in it, unless it has left it.
    pub(super) group: Pid,
}

/// Runs a program to its end.
pub(super) fn run(
    program: &Path,
    arguments: &[&str],
    input: &[u8],
    capture: Capture,
    patience: Duration,
) -> Result<Done, Fault> {
    let started = Command::new(program)
        .args(arguments)
        .stdin(if input.is_empty() { Stdio::null() } else { Stdio::piped() })
        .stdout(if capture == Capture::Nothing { Stdio::null() } else { Stdio::piped() })
        // What it says could repeat what it was given.
        .stderr(Stdio::null())
        .process_group(0)
        .spawn();
    let mut child = started.map_err(|error| Fault::NotStarted(error.raw_os_error().unwrap_or_default()))?;
    let group = Pid::from_child(&child);
    if let Some(mut stdin) = child.stdin.take() {
        // It fits into the pipe at once. A program that does not take it says so by its status.
        let _taken = stdin.write_all(input);
    }
    let mut patience = Patience(patience);
    let (output, whole) = match capture {
        Capture::Nothing => (SecretBytes::with_capacity(0), true),
        Capture::UpTo(limit) => captured(&mut child, limit, &mut patience),
    };
    // What has more to say is stopped, and what it has said is taken.
    let status = if whole { waited_for(&mut child, &mut patience) } else { None };
    if let Some(status) = status {
        ended(status)?;
        return Ok(Done { output, group });
    }
    let _gone = kill_process_group(group, Signal::KILL);
    let _waited = waited_for(&mut child, &mut Patience(GRACE));
    if whole { Err(Fault::Hung) } else { Ok(Done { output, group }) }
}

fn ended(status: ExitStatus) -> Result<(), Fault> {
    match (status.code(), status.signal()) {
        (Some(0), _) => Ok(()),
        (Some(code), _) => Err(Fault::Ended(code)),
        (None, signal) => Err(Fault::Killed(signal.unwrap_or_default())),
    }
}

/// What the program prints, and false where it has more than that.
fn captured(child: &mut Child, limit: usize, patience: &mut Patience) -> (SecretBytes, bool) {
    let mut output = SecretBytes::with_capacity(limit);
    let Some(stdout) = child.stdout.take() else { return (output, true) };
    let buffer = output.expose_mut();
    buffer.resize(limit, 0);
    let mut at = 0;
    let whole = loop {
        if at == limit {
            break false;
        }
        let glance = Timespec { tv_sec: 0, tv_nsec: i64::from(GLANCE.subsec_nanos()) };
        match poll(&mut [PollFd::new(&stdout, PollFlags::IN)], Some(&glance)) {
            Ok(0) | Err(Errno::INTR) if patience.spend(GLANCE) => continue,
            Ok(0) | Err(_) => break true,
            Ok(_) => {}
        }
        match rustix::io::read(&stdout, buffer.get_mut(at..).unwrap_or_default()) {
            Ok(0) => break true,
            Ok(n_bytes) => at += n_bytes,
            Err(Errno::INTR) => {}
            Err(_) => break true,
        }
    };
    buffer.truncate(at);
    (output, whole)
}

/// How the program has ended; `None` when it has not.
fn waited_for(child: &mut Child, patience: &mut Patience) -> Option<ExitStatus> {
    loop {
        match child.try_wait() {
            Ok(Some(status)) => return Some(status),
            Ok(None) if patience.spend(GLANCE) => pause(),
            Ok(None) | Err(_) => return None,
        }
    }
}

/// Waits for a glance.
pub(super) fn pause() {
    std::thread::sleep(GLANCE);
}

/// Time that is left, told by how often it was waited: no clock is asked.
struct Patience(Duration);

impl Patience {
    fn spend(&mut self, time: Duration) -> bool {
        let left = self.0.checked_sub(time);
        self.0 = left.unwrap_or_default();
        left.is_some()
    }
}

/// Processes that programs have left running to hand a text out.
#[derive(Debug, Default)]
pub(super) struct Servers(Option<Pid>);

impl Servers {
    /// Makes this process the parent of what its programs leave running, where the system can do that.
    pub(super) fn adopted() -> Self {
        #[cfg(target_os = "linux")]
        let _adopts = rustix::process::set_child_subreaper(Some(rustix::process::getpid()));
        Self::default()
    }

    /// Notes the group of the latest. Those before it have lost what they hold, and end by themselves.
    pub(super) fn found(&mut self, group: Pid) {
        self.0 = Some(group);
    }

    /// Whether the latest still hands out what it was given; `None` where that can't be seen.
    pub(super) fn are_there(&self) -> Option<bool> {
        let group = self.0.filter(|_| cfg!(target_os = "linux"))?;
        Some(!is_gone(group, Duration::ZERO))
    }

    /// Waits for all to end by themselves, and ends the latest if it does not.
    pub(super) fn end_gently(&mut self) {
        let mut patience = Patience(GRACE);
        while wait(WaitOptions::NOHANG).is_ok() && patience.spend(GLANCE) {
            pause();
        }
        let _ended = self.end();
    }

    /// Ends the latest. False where there is none that can be ended.
    pub(super) fn end(&mut self) -> bool {
        let Some(group) = self.0.take() else { return false };
        if is_gone(group, Duration::ZERO) {
            return false;
        }
        ended_by_signals(group)
    }
}

/// Lets what has ended go. Called while no program runs, whose status would be taken away otherwise.
pub(super) fn reap() {
    while let Ok(Some(_)) = wait(WaitOptions::NOHANG) {}
}

/// Whether no process of a group is ours any more. The number may be another group's then.
fn is_gone(group: Pid, patience: Duration) -> bool {
    let mut patience = Patience(patience);
    loop {
        match waitpgid(group, WaitOptions::NOHANG) {
            // One has ended; there may be others.
            Ok(Some(_)) | Err(Errno::INTR) => {}
            Ok(None) if patience.spend(GLANCE) => pause(),
            Ok(None) => return false,
            Err(_) => return true,
        }
    }
}

fn ended_by_signals(group: Pid) -> bool {
    [Signal::TERM, Signal::KILL].into_iter().any(|signal| {
        let _sent = kill_process_group(group, signal);
        is_gone(group, GRACE)
    })
}
