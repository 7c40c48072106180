//! What the runner does for update: quick things at once, the rest on a worker thread.

#![expect(clippy::wildcard_enum_match_arm, reason = "what a screen does not know means nothing to it")]

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::mpsc::{self, RecvTimeoutError};
use std::thread;
use std::time::Duration;

use super::{Happening, Runner, clipboard, clock, status};
use crate::app::bundle::{OpenedBundle, SealedBundle};
use crate::app::code::{self, CodeRequest, ShownCode};
use crate::app::drill::Running;
use crate::app::import::ReadFile;
use crate::app::init::NewSlot;
use crate::app::keyring::{KeptKey, in_words};
use crate::app::pass::Prepared;
use crate::app::{Context, Failure, Kind, Session, init, key_file, passphrase, unlock};
use crate::custody::Share;
use crate::defect;
use crate::entry::EntryId;
use crate::envelope::{Credentials, Passphrase};
use crate::platform::clipboard::{ClipboardError, Sent};
use crate::platform::process;
use crate::secret::SecretText;
use crate::tui::effect::Effect;
use crate::tui::message::Message;
use crate::tui::rows;

/// The worker's name, by which a panic in it is known.
const WORKER: &str = "worker";

/// How long a short job may take before the screen says that it is under way. Nobody sees it till then,
/// and no key is lost.
const PATIENCE: Duration = Duration::from_millis(200);

/// What a job gives back.
pub(super) enum Outcome {
    /// What came of work that needed no session.
    Answered(Vec<Message>),
    /// A bundle was looked at.
    Bundle(Result<Box<SealedBundle>, Failure>),
    /// The session comes back, with a code that is to be copied.
    Code(Box<Session>, Box<Result<ShownCode, Failure>>),
    /// A program has copied a code, or not.
    Copied(Box<clipboard::About>, Result<Sent, ClipboardError>),
    /// A drill was begun, or not.
    Drill(Result<Box<Running>, Failure>),
    /// A bundle was opened, or not.
    Opened(Result<Box<OpenedBundle>, Failure>),
    /// A file of another program was read, or not.
    Read(Result<Box<ReadFile>, Failure>),
    /// The session comes back, with a pass that was sealed, or not.
    Pass(Box<Session>, Result<Box<Prepared>, Failure>),
    /// The worker met a defect. What it was given is gone.
    Panicked,
    /// A share was read from a file, or not.
    Share(Result<Share, Failure>),
    /// A session that was opened or made, with what is to be told about it.
    Session(Result<(Box<Session>, Option<String>), Failure>),
    /// The session comes back, with what it did.
    Used(Box<Session>, Vec<Message>),
}

/// How a job is waited for.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Wait {
    /// It derives a key: told at once, and its answer may be dropped.
    Cancellable,
    /// It writes: told at once, and its answer is always taken.
    Long,
    /// Told only when it takes longer than anybody notices.
    Short,
}

impl Runner {
    /// Starts a job; nothing happens where there is nothing to do it with.
    pub(super) fn start(&mut self, effect: Effect) -> Vec<Message> {
        let ctx = Arc::clone(&self.ctx);
        match effect {
            Effect::Unlock(typed) => {
                let key_file = self.key_file.clone();
                let cost = unlock::look(&ctx).map(|vault| vault.cost()).unwrap_or_default();
                let what = with_cost("Opening the vault", &cost);
                let work = move || Outcome::Session(open(&ctx, typed, key_file.as_deref()));
                self.spawn(&what, Wait::Cancellable, work)
            }
            Effect::MakeVault(typed) => {
                let work = move || {
                    let made = init::init(&ctx, &new_slot(typed));
                    Outcome::Session(
                        made.map(|session| (Box::new(session), Some("the vault is made".to_owned()))),
                    )
                };
                self.spawn("Making the vault", Wait::Long, work)
            }
            Effect::LookAtBundle(path) => self.look_at_bundle(&path),
            Effect::OpenBundle { passphrase, key_file } => self.open_bundle(passphrase, &key_file),
            Effect::RestoreNew(typed) => self.restore_new(typed),
            Effect::MeasureClock(id, code) => self.with_session(move |ctx, mut session| {
                let answer = clock::measured(ctx, &mut session, id, &code);
                Outcome::Used(session, vec![answer])
            }),
            Effect::CorrectClock(seconds) => self.with_session(move |ctx, mut session| {
                let answer = clock::corrected(ctx, &mut session, seconds);
                Outcome::Used(session, vec![answer])
            }),
            Effect::Reveal(ids, seconds) => self.with_session(move |ctx, mut session| {
                let messages = ids.iter().map(|id| reveal(ctx, &mut session, *id, seconds)).collect();
                Outcome::Used(session, messages)
            }),
            Effect::Copy { id, again } => match self.copied_before(id).filter(|_| !again) {
                Some(question) => vec![question],
                None => self.with_session(move |ctx, mut session| {
                    let shown = code::to_copy(ctx, &mut session, id, CodeRequest::default(), None);
                    Outcome::Code(session, Box::new(shown))
                }),
            },
            _ => Vec::new(),
        }
    }

    /// Opens the vault with a key that the kernel's keyring keeps, and says so.
    pub(super) fn open_with(&mut self, key: KeptKey) -> Vec<Message> {
        let ctx = Arc::clone(&self.ctx);
        let left = in_words(key.until().saturating_sub(ctx.clock.now()));
        let work = move || {
            let opened = unlock::look(&ctx).and_then(|vault| unlock::unlock_kept(&ctx, vault, &key));
            Outcome::Session(opened.map(|session| {
                let kept = format!("opened with the key that the kernel's keyring keeps for {left} more");
                let words: Vec<String> = status::at_start(&ctx, &session).into_iter().chain([kept]).collect();
                with_notices(session, Some(words.join("; ")))
            }))
        };
        self.spawn("Opening the vault", Wait::Cancellable, work)
    }

    /// Hands the session to the worker, which gives it back with its answer.
    pub(super) fn with_session(
        &mut self,
        work: impl FnOnce(&Context, Box<Session>) -> Outcome + Send + 'static,
    ) -> Vec<Message> {
        self.with_session_for("Working on the vault", Wait::Short, work)
    }

    /// As [`Self::with_session`], for work that is told in its own words.
    pub(super) fn with_session_for(
        &mut self,
        what: &str,
        wait: Wait,
        work: impl FnOnce(&Context, Box<Session>) -> Outcome + Send + 'static,
    ) -> Vec<Message> {
        let Some(session) = self.session.take() else { return Vec::new() };
        let ctx = Arc::clone(&self.ctx);
        self.spawn(what, wait, move || work(&ctx, session))
    }

    pub(super) fn spawn(
        &mut self,
        what: &str,
        wait: Wait,
        work: impl FnOnce() -> Outcome + Send + 'static,
    ) -> Vec<Message> {
        self.job += 1;
        let (answer, answered) = mpsc::channel();
        let worker = thread::Builder::new().name(WORKER.to_owned()).spawn(move || {
            let outcome = carried_out(work);
            // The system keeps the stack of a thread that has ended, for the next one.
            process::wipe_stack();
            let _sent = answer.send(outcome);
        });
        if let Err(error) = worker {
            return not_started(error);
        }
        let patience = if wait == Wait::Short { PATIENCE } else { Duration::ZERO };
        let job = self.job;
        match answered.recv_timeout(patience) {
            Ok(outcome) => return self.done(job, outcome),
            Err(RecvTimeoutError::Disconnected) => return self.done(job, Outcome::Panicked),
            Err(RecvTimeoutError::Timeout) => {}
        }
        let happenings = self.happenings.clone();
        let passed_on = thread::Builder::new().name("answer".to_owned()).spawn(move || {
            let outcome = answered.recv().unwrap_or(Outcome::Panicked);
            let _sent = happenings.send(Happening::Done(job, outcome));
        });
        match passed_on {
            Ok(_) => vec![Message::Started { what: what.to_owned(), can_cancel: wait == Wait::Cancellable }],
            Err(error) => not_started(error),
        }
    }

    /// Takes the answer of a job. One that was cancelled is dropped with whatever it opened.
    pub(super) fn done(&mut self, job: u64, outcome: Outcome) -> Vec<Message> {
        if job != self.job {
            return Vec::new();
        }
        let mut messages = vec![Message::Finished];
        match outcome {
            Outcome::Session(Ok((session, words))) => {
                self.forget();
                self.shown_generation = 0;
                messages.extend(self.take_back(session));
                messages.extend(words.map(Message::Noticed));
            }
            Outcome::Answered(answers) => messages.extend(answers),
            Outcome::Bundle(Ok(bundle)) => messages.push(self.bundle_seen(bundle)),
            Outcome::Drill(Ok(running)) => messages.push(self.drill_begun(*running)),
            Outcome::Opened(Ok(opened)) if self.drill.is_some() => messages.push(self.drill_opened(*opened)),
            Outcome::Opened(Ok(opened)) => messages.push(self.bundle_opened(Arc::from(opened))),
            Outcome::Share(Ok(share)) => {
                self.share_from_file();
                messages.push(self.add_share(share));
            }
            Outcome::Read(Ok(file)) => messages.extend(self.file_read(file)),
            Outcome::Session(Err(failure))
            | Outcome::Bundle(Err(failure))
            | Outcome::Drill(Err(failure))
            | Outcome::Opened(Err(failure))
            | Outcome::Share(Err(failure))
            | Outcome::Read(Err(failure)) => {
                messages.push(Message::Failed(Box::new(failure)));
            }
            Outcome::Used(session, answers) => {
                messages.extend(self.take_back(session));
                messages.extend(answers);
            }
            Outcome::Pass(session, prepared) => {
                messages.extend(self.take_back(session));
                messages.push(self.pass_prepared(prepared));
            }
            Outcome::Code(session, shown) => {
                messages.extend(self.take_back(session));
                messages.extend(self.copy(*shown));
            }
            Outcome::Copied(about, outcome) => messages.extend(self.copied(*about, outcome)),
            Outcome::Panicked => {
                let failure = Failure::new(Kind::Io, "the work met a defect of the program")
                    .next("the vault on disk is the last complete one; please report what you did");
                // The session went with the work, if it had one.
                messages.extend([Message::Lock, Message::Failed(Box::new(failure))]);
            }
        }
        messages
    }

    /// Keeps a session that was opened or comes back, and tells what is new in it.
    fn take_back(&mut self, mut session: Box<Session>) -> Vec<Message> {
        let facts = self.ctx.disk.facts(session.path()).ok().flatten();
        self.seen_file = facts.map(|facts| (facts.len, facts.modified));
        let mut messages = Vec::new();
        let opened = self.shown_generation == 0;
        if session.vault().generation != self.shown_generation {
            self.shown_generation = session.vault().generation;
            messages.push(rows(&session));
        }
        messages.extend(
            session.clock_doubt().filter(|_| opened).map(|doubt| Message::ClockDoubted(doubt.to_string())),
        );
        messages.extend(session.take_notices().into_iter().map(|notice| Message::Noticed(notice.0)));
        self.session = Some(session);
        messages
    }

    /// The question that comes before a code is copied a second time in its window.
    fn copied_before(&self, id: EntryId) -> Option<Message> {
        let session = self.session.as_ref()?;
        let period = session.vault().entry(id)?.otp.period()?;
        let step = crate::otp::TimeStep::at(self.ctx.code_time(), period);
        let copied_at = code::copied_before(&self.ctx, session, id, step.starts())?;
        // The state keeps to the clock, the screen to the time of the codes.
        let copied_at = self.ctx.code_time().saturating_sub(self.ctx.clock.now().saturating_sub(copied_at));
        Some(Message::CopiedBefore { id, copied_at, next_at: step.ends() })
    }
}

/// Does the work. Never inlined: what it leaves on the stack has to lie below the frame that has it wiped.
#[inline(never)]
fn carried_out(work: impl FnOnce() -> Outcome) -> Outcome {
    // The vault on disk is whole whatever happens here; the interface must learn that it did.
    defect::caught(work).unwrap_or(Outcome::Panicked)
}

fn not_started(error: std::io::Error) -> Vec<Message> {
    let failure = Failure::new(Kind::Io, "the work could not be started").because(error);
    vec![Message::Finished, Message::Lock, Message::Failed(Box::new(failure))]
}

pub(super) fn with_cost(what: &str, cost: &str) -> String {
    if cost.is_empty() { what.to_owned() } else { format!("{what} ({cost})") }
}

/// The path that a person typed or dropped onto the terminal: no shell has expanded `~` or taken the
/// quotes away.
pub(super) fn typed_path(typed: &str) -> PathBuf {
    let typed = typed.trim();
    let quoted = |mark: char| typed.strip_prefix(mark).and_then(|rest| rest.strip_suffix(mark));
    let path = quoted('\'').or_else(|| quoted('"')).unwrap_or(typed);
    let below_home = if path == "~" { Some("") } else { path.strip_prefix("~/") };
    match (below_home, std::env::var_os("HOME")) {
        (Some(rest), Some(home)) => Path::new(&home).join(rest),
        _ => PathBuf::from(path),
    }
}

pub(super) fn credentials(
    ctx: &Context,
    typed: SecretText,
    key_file: Option<&Path>,
) -> Result<Credentials, Failure> {
    Ok(Credentials {
        passphrase: (!typed.is_empty()).then(|| Passphrase::new(typed)),
        key_file: key_file.map(|path| key_file::read_key_file(ctx, path)).transpose()?,
        recovery_secret: None,
    })
}

fn open(
    ctx: &Context,
    typed: SecretText,
    key_file: Option<&Path>,
) -> Result<(Box<Session>, Option<String>), Failure> {
    let vault = unlock::look(ctx)?;
    let session = unlock::unlock(ctx, vault, &credentials(ctx, typed, key_file)?)?;
    let due = status::at_start(ctx, &session);
    Ok(with_notices(session, due))
}

/// A session with all that is to be told about it in one notice, since a second one would hide the first.
pub(super) fn with_notices(mut session: Session, words: Option<String>) -> (Box<Session>, Option<String>) {
    let notices = session.take_notices().into_iter().map(|notice| notice.0);
    let words: Vec<String> = words.into_iter().chain(notices).collect();
    (Box::new(session), (!words.is_empty()).then(|| words.join("; ")))
}

pub(super) fn new_slot(typed: SecretText) -> NewSlot {
    NewSlot { passphrase: Some(Passphrase::new(typed)), key_file: None }
}

fn reveal(ctx: &Context, session: &mut Session, id: EntryId, seconds: u64) -> Message {
    match code::code(ctx, session, id, CodeRequest::default()) {
        Ok(shown) => revealed(&shown, Some(seconds)),
        Err(failure) => Message::Failed(Box::new(failure)),
    }
}

/// The list of a vault.
pub(super) fn rows(session: &Session) -> Message {
    Message::Rows { rows: rows::of(session.vault()), set_aside: session.vault().quarantine.len() }
}

pub(super) fn revealed(shown: &ShownCode, seconds: Option<u64>) -> Message {
    Message::Revealed {
        id: shown.id,
        code: shown.code.grouped(),
        next: shown.next.as_ref().map(crate::otp::Code::grouped),
        valid_until: shown.valid_until,
        seconds,
    }
}

pub(super) fn estimated(text: &SecretText) -> Message {
    let estimate = passphrase::estimate(text);
    let advice = estimate.advice.map(|advice| format!(" {advice}")).unwrap_or_default();
    let word = if estimate.weak_for_bundle { "weak" } else { "good" };
    Message::Estimated(format!("{word}: about {} bits.{advice}", estimate.bits))
}

pub(super) fn generated(ctx: &Context) -> Message {
    match passphrase::generate(ctx) {
        Ok(words) => Message::Generated(words),
        Err(failure) => Message::Failed(Box::new(failure)),
    }
}
