//! This process's side of the broker: starts it, asks it, and never waits longer than a program may take.

use std::ffi::OsString;
use std::io;
use std::os::unix::process::CommandExt as _;
use std::process::{Child, Command, Stdio};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::io::Errno;

use super::choice::Program;
use super::message::{ANSWER, Answer, Fault, Request};
use super::{Cleared, Clipboard, ClipboardError, LONGEST_TEXT, Policy, Ready, Sent, Then, Through, broker};
use crate::platform::sandbox::Mode;
use crate::secret::SecretBytes;

/// How often it is looked whether an answer has come: signals cut a wait short.
const GLANCE: Duration = Duration::from_millis(50);

/// How long the broker may take to end. It goes on without this process if it takes longer.
const END: Duration = Duration::from_secs(2);

/// Copies through a program, which a broker starts.
#[derive(Debug)]
pub struct ThroughProgram {
    program: Program,
    link: Mutex<Link>,
}

/// `None` once it has ended or is not waited for any more.
#[derive(Debug)]
struct Link {
    broker: Option<Child>,
    ready: Option<Ready>,
}

impl ThroughProgram {
    /// Starts the broker of a program. Called before the sandbox closes; the broker gets this environment and no
    /// other, and its program gets it from there.
    ///
    /// # Errors
    ///
    /// When no process can be started.
    pub fn start(program: Program, mode: Mode, environment: &[(&str, OsString)]) -> io::Result<Self> {
        // The file that runs, even where another one has taken its name meanwhile.
        #[cfg(target_os = "linux")]
        let itself = std::path::PathBuf::from("/proc/self/exe");
        #[cfg(not(target_os = "linux"))]
        let itself = std::env::current_exe()?;
        let broker = Command::new(itself)
            .arg0("lifeboat")
            .args(broker::arguments(&program, mode))
            .env_clear()
            .envs(environment.iter().map(|(name, value)| (name, value)))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()?;
        Ok(Self { program, link: Mutex::new(Link { broker: Some(broker), ready: None }) })
    }

    fn link(&self) -> MutexGuard<'_, Link> {
        self.link.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What the broker may take for one answer: the program can hang once, and runs some times more.
    fn patience(&self) -> Duration {
        2 * self.program.kind.patience() + Duration::from_secs(1)
    }

    fn ask(&self, link: &mut Link, request: &Request) -> Result<Answer, ClipboardError> {
        self.first_answer(link)?;
        let sent = link.send(&request.encode());
        let answer = sent.and_then(|()| link.receive(self.patience()));
        self.understood(link, answer)
    }

    /// The broker's first answer, which it gives without being asked.
    fn first_answer(&self, link: &mut Link) -> Result<Ready, ClipboardError> {
        if let Some(ready) = link.ready {
            return Ok(ready);
        }
        let answer = link.receive(self.patience());
        match self.understood(link, answer)? {
            Answer::Ready(ready) => {
                link.ready = Some(ready);
                Ok(ready)
            }
            Answer::Cleared(_) | Answer::Copied { .. } | Answer::Failed(_) => Err(link.given_up()),
        }
    }

    fn understood(&self, link: &mut Link, answer: Result<Answer, Silence>) -> Result<Answer, ClipboardError> {
        match answer {
            Ok(Answer::Failed(fault)) => Err(self.in_words(fault)),
            Ok(answer) => Ok(answer),
            Err(Silence::Ended) => Err(link.given_up()),
            Err(Silence::Late) => {
                // A late answer would be taken for that to another question. That the pipe is closed, it sees.
                let _gone = link.given_up();
                Err(ClipboardError::BrokerHangs)
            }
        }
    }

    fn in_words(&self, fault: Fault) -> ClipboardError {
        let name = self.program.name();
        match fault {
            Fault::Ended(status) => ClipboardError::Ended { name, status },
            Fault::Hung => ClipboardError::Hung { name, patience: self.program.kind.patience() },
            Fault::Killed(signal) => ClipboardError::Killed { name, signal },
            Fault::NotStarted(number) => {
                ClipboardError::ProgramNotStarted { name, source: io::Error::from_raw_os_error(number) }
            }
            Fault::StillThere => ClipboardError::StillThere,
        }
    }
}

impl Clipboard for ThroughProgram {
    fn copy(&self, text: &str, policy: Policy) -> Result<Sent, ClipboardError> {
        if text.len() > LONGEST_TEXT {
            return Err(ClipboardError::TooLong);
        }
        let mut link = self.link();
        let text = SecretBytes::from_slice(text.as_bytes());
        let request = Request::Copy { overwrite: policy.overwrite, text };
        let Answer::Copied { passed_on } = self.ask(&mut link, &request)? else {
            return Err(link.given_up());
        };
        let marked = link.ready.is_some_and(|ready| ready.marks == Some(true));
        let through =
            Through::Program { kind: self.program.kind, name: self.program.name(), marked, passed_on };
        let then = match (self.program.can_be_read(), policy.overwrite) {
            (true, _) => Then::Cleared(policy.after),
            (false, true) => Then::Overwritten(policy.after),
            (false, false) => Then::Expires,
        };
        Ok(Sent { through, then })
    }

    fn clear_if_ours(&self) -> Result<Cleared, ClipboardError> {
        let mut link = self.link();
        if link.broker.is_none() {
            // It has cleared by itself, or was given up and does so.
            return Ok(Cleared::Nothing);
        }
        match self.ask(&mut link, &Request::Clear)? {
            Answer::Cleared(how) => Ok(how),
            Answer::Copied { .. } | Answer::Failed(_) | Answer::Ready(_) => Err(link.given_up()),
        }
    }

    fn waits(&self) -> bool {
        true
    }

    fn end(&self) {
        // Where something is asked of it at this moment, the pipe closes with this process.
        if let Ok(mut link) = self.link.try_lock() {
            link.end();
        }
    }

    fn ready(&self) -> Result<Ready, ClipboardError> {
        self.first_answer(&mut self.link())
    }
}

/// Why there is no answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Silence {
    /// The other side has closed its pipe.
    Ended,
    /// It takes too long.
    Late,
}

impl Link {
    /// One write: it fits into the pipe, because the answer to the last one was waited for.
    fn send(&mut self, bytes: &SecretBytes) -> Result<(), Silence> {
        let stdin = self.broker.as_ref().and_then(|broker| broker.stdin.as_ref()).ok_or(Silence::Ended)?;
        let written = rustix::io::retry_on_intr(|| rustix::io::write(stdin, bytes.expose()));
        if written == Ok(bytes.len()) { Ok(()) } else { Err(Silence::Ended) }
    }

    fn receive(&mut self, patience: Duration) -> Result<Answer, Silence> {
        let stdout = self.broker.as_ref().and_then(|broker| broker.stdout.as_ref()).ok_or(Silence::Ended)?;
        if !becomes_readable(stdout, patience) {
            return Err(Silence::Late);
        }
        let mut bytes = [0; ANSWER];
        let read = rustix::io::retry_on_intr(|| rustix::io::read(stdout, &mut bytes));
        if read != Ok(ANSWER) {
            return Err(Silence::Ended);
        }
        Answer::parse(bytes).ok_or(Silence::Ended)
    }

    /// Closes the pipes, which asks the broker to end, and lets it do so by itself.
    fn given_up(&mut self) -> ClipboardError {
        if let Some(mut broker) = self.broker.take() {
            let _reaped = broker.try_wait();
        }
        ClipboardError::BrokerGone
    }

    /// Closes the pipe to the broker, and waits until it has cleared and ended, for a while.
    fn end(&mut self) {
        let Some(mut broker) = self.broker.take() else { return };
        drop(broker.stdin.take());
        if let Some(stdout) = &broker.stdout {
            // An answer that nobody has waited for stands before the end.
            let mut rest = [0; ANSWER];
            while becomes_readable(stdout, END)
                && rustix::io::read(stdout, &mut rest).is_ok_and(|n_bytes| n_bytes > 0)
            {}
        }
        let _reaped = broker.try_wait();
    }
}

impl Drop for Link {
    fn drop(&mut self) {
        self.end();
    }
}

fn becomes_readable(pipe: impl std::os::fd::AsFd, patience: Duration) -> bool {
    let glance = Timespec { tv_sec: 0, tv_nsec: i64::from(GLANCE.subsec_nanos()) };
    let mut left = patience;
    loop {
        match poll(&mut [PollFd::new(&pipe, PollFlags::IN)], Some(&glance)) {
            Ok(0) | Err(Errno::INTR) => match left.checked_sub(GLANCE) {
                Some(rest) => left = rest,
                None => return false,
            },
            Ok(_) => return true,
            Err(_) => return false,
        }
    }
}
