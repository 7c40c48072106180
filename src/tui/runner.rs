//! The one impure file: the terminal, the events, the worker, the session, the clipboard.
//!
//! The session lives here and nowhere else; dropping it is locking. Whatever takes longer than a
//! frame runs on a worker thread, which is handed the session and gives it back.

#![expect(clippy::wildcard_enum_match_arm, reason = "what a screen does not know means nothing to it")]

mod jobs;
mod screen;

use std::io;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::mpsc::{self, Receiver, RecvTimeoutError, Sender};
use std::thread;
use std::time::Duration;

use crossterm::event::{Event, KeyEventKind};
use signal_hook::consts::{SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGTSTP};
use signal_hook::iterator::Signals;

use super::effect::Effect;
use super::keymap::translate;
use super::message::Message;
use super::model::{IDLE_SECONDS, Model};
use super::update::update;
use super::view::view;
use crate::app::bundle::{OpenedBundle, SealedBundle};
use crate::app::unlock::{self, Presence};
use crate::app::{Context, Failure, Kind, Session, failure};
use crate::cli::InterfaceOptions;
use crate::entry::UnixSeconds;
use crate::secret::SecretText;
use screen::Screen;

/// What the runner waits for.
enum Happening {
    /// A job is done.
    Done(u64, jobs::Outcome),
    /// A message that comes after another.
    Later(Box<Message>),
    /// A signal came.
    Signal(i32),
    /// The terminal has something.
    Terminal(Event),
}

struct Runner {
    ctx: Arc<Context>,
    key_file: Option<PathBuf>,
    happenings: Sender<Happening>,
    session: Option<Box<Session>>,
    bundle: Option<Box<SealedBundle>>,
    opened: Option<Box<OpenedBundle>>,
    /// The job whose answer is waited for; other answers are dropped.
    job: u64,
    /// What the vault file looked like when it was last read.
    seen_file: Option<(u64, u64)>,
    leave: bool,
}

/// Runs the interface until the person leaves.
///
/// # Errors
///
/// When the terminal cannot be used.
pub fn run(ctx: Context, options: &InterfaceOptions) -> Result<(), Failure> {
    let ctx = Arc::new(ctx);
    let present = unlock::presence(&ctx)? == Presence::Present;
    let mut key_file_opens = false;
    if present {
        let vault = unlock::look(&ctx)?;
        key_file_opens = options.key_file.is_some() && vault.opens_with_key_file_alone();
    }
    let now = ctx.clock.now();
    let path = failure::shown_path(&ctx.paths.vault);
    let mut model = Model::new(path, present, String::new(), options.ascii, options.color, now);
    let (happenings, received) = mpsc::channel();
    let mut runner = Runner {
        ctx,
        key_file: options.key_file.clone(),
        happenings: happenings.clone(),
        session: None,
        bundle: None,
        opened: None,
        job: 0,
        seen_file: None,
        leave: false,
    };
    let mut screen = Screen::start().map_err(no_terminal)?;
    model.size = Screen::size();
    watch_signals(&happenings).map_err(no_terminal)?;
    thread::spawn(move || while event_sent(&happenings) {});
    if key_file_opens {
        runner.perform(Effect::Unlock(SecretText::with_capacity(0)), &mut model, &mut screen);
    }
    let outcome = runner.main_loop(&mut model, &mut screen, &received);
    drop(screen);
    outcome.map_err(no_terminal)
}

fn no_terminal(error: io::Error) -> Failure {
    Failure::new(Kind::Io, "the terminal cannot be used")
        .because(error)
        .next("`lifeboat --help` lists the commands that work without one")
}

/// Waits for one event of the terminal and passes it on; false when there is nobody left to pass it to.
fn event_sent(happenings: &Sender<Happening>) -> bool {
    if let Ok(event) = crossterm::event::read() {
        return happenings.send(Happening::Terminal(event)).is_ok();
    }
    // The terminal is gone: leave as after a hang-up.
    let _sent = happenings.send(Happening::Signal(SIGHUP));
    false
}

fn watch_signals(happenings: &Sender<Happening>) -> io::Result<()> {
    let mut signals = Signals::new([SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGTSTP])?;
    let happenings = happenings.clone();
    thread::spawn(move || {
        for signal in signals.forever() {
            if happenings.send(Happening::Signal(signal)).is_err() {
                break;
            }
        }
    });
    Ok(())
}

impl Runner {
    fn main_loop(
        &mut self,
        model: &mut Model,
        screen: &mut Screen,
        received: &Receiver<Happening>,
    ) -> io::Result<()> {
        loop {
            screen.draw(|frame| view(model, frame))?;
            if self.leave {
                return Ok(());
            }
            let message = match received.recv_timeout(self.wait(model)) {
                Ok(happening) => self.understand(happening, model, screen),
                Err(RecvTimeoutError::Timeout) => Some(Message::Tick(self.ctx.clock.now())),
                Err(RecvTimeoutError::Disconnected) => return Ok(()),
            };
            // What a key does is judged by the time at which it was pressed.
            self.apply(Message::Tick(self.ctx.clock.now()), model, screen);
            if let Some(message) = message {
                self.apply(message, model, screen);
            }
            self.look_for_changes(model, screen);
        }
    }

    /// How long nothing can change by itself: to the next second where seconds are shown, else to the
    /// end of the notice or of the patience with an idle keyboard.
    fn wait(&self, model: &Model) -> Duration {
        let to_next_second =
            Duration::from_millis(1000 - u64::from(self.ctx.clock.subsecond_millis().min(999)));
        if model.is_open() || model.busy.is_some() {
            return to_next_second;
        }
        let idle = (model.last_key + IDLE_SECONDS).saturating_sub(model.now);
        let notice = model.notice.as_ref().map_or(idle, |notice| notice.until.saturating_sub(model.now));
        Duration::from_secs(idle.min(notice).saturating_sub(1)) + to_next_second
    }

    fn understand(&mut self, happening: Happening, model: &Model, screen: &mut Screen) -> Option<Message> {
        match happening {
            Happening::Terminal(Event::Key(key)) if key.kind != KeyEventKind::Release => {
                translate(model, key)
            }
            Happening::Terminal(Event::Paste(text)) => Some(Message::Pasted(SecretText::new(text))),
            Happening::Terminal(Event::Resize(columns, rows)) => {
                screen.resized();
                Some(Message::Resized(columns, rows))
            }
            Happening::Terminal(_) => None,
            Happening::Signal(SIGTSTP) => Some(Message::Suspend),
            Happening::Signal(_) => Some(Message::Quit),
            Happening::Done(job, outcome) => self.done(job, outcome),
            Happening::Later(message) => Some(*message),
        }
    }

    fn apply(&mut self, message: Message, model: &mut Model, screen: &mut Screen) {
        for effect in update(model, message) {
            self.perform(effect, model, screen);
        }
    }

    fn perform(&mut self, effect: Effect, model: &mut Model, screen: &mut Screen) {
        let answer = match effect {
            Effect::Quit => {
                self.lock();
                model.list.clear();
                self.leave = true;
                None
            }
            Effect::Lock => {
                self.lock();
                screen.forget();
                None
            }
            Effect::Suspend => {
                screen.suspend();
                None
            }
            Effect::Cancel => {
                self.job += 1;
                None
            }
            Effect::Copy { id, again } => self.copy(id, again),
            Effect::Estimate(text) => Some(jobs::estimated(&text)),
            Effect::Generate => Some(jobs::generated(&self.ctx)),
            Effect::Preview(text) => Some(jobs::previewed(&text)),
            Effect::Refresh(ids) => {
                for message in self.refresh(&ids) {
                    self.apply(message, model, screen);
                }
                None
            }
            effect => self.start(effect),
        };
        if let Some(message) = answer {
            self.apply(message, model, screen);
        }
    }

    /// Drops everything that could open or show anything.
    fn lock(&mut self) {
        self.session = None;
        self.bundle = None;
        self.opened = None;
        // Whatever is under way gives its session to nobody.
        self.job += 1;
    }

    /// Another process may have changed the vault: every few seconds its length and date are looked at.
    fn look_for_changes(&mut self, model: &mut Model, screen: &mut Screen) {
        if !model.now.is_multiple_of(3) {
            return;
        }
        let Some(session) = &mut self.session else { return };
        let facts =
            self.ctx.disk.facts(session.path()).ok().flatten().map(|facts| (facts.len, facts.modified));
        if facts.is_none() || facts == self.seen_file {
            return;
        }
        self.seen_file = facts;
        match unlock::reload_if_changed(&self.ctx, session) {
            Ok(true) => {
                let rows = jobs::rows(session);
                self.apply(rows, model, screen);
            }
            Ok(false) => {}
            Err(failure) => {
                // It no longer opens with the key at hand: somebody changed the passphrase.
                self.apply(Message::Lock, model, screen);
                self.apply(Message::Failed(Box::new(failure)), model, screen);
            }
        }
    }

    fn refresh(&self, ids: &[crate::entry::EntryId]) -> Vec<Message> {
        let Some(session) = &self.session else { return Vec::new() };
        let now: UnixSeconds = self.ctx.clock.now();
        ids.iter()
            .filter_map(|id| crate::app::code::refresh(session, *id, now))
            .map(|shown| jobs::revealed(&shown, false))
            .collect()
    }
}
