//! The one impure file: the terminal, the events, the worker, the session, the clipboard.
//!
//! The session lives here and nowhere else; dropping it is locking. Whatever takes longer than a
//! frame runs on a worker thread, which is handed the session and gives it back.

#![expect(clippy::wildcard_enum_match_arm, reason = "what a screen does not know means nothing to it")]

mod bundles;
mod changes;
mod clipboard;
mod clock;
mod custodians;
mod drills;
mod entry;
mod facts;
mod incidents;
mod jobs;
mod keys;
mod log;
mod passes;
mod plan;
mod runbooks;
mod screen;
mod settings;
mod status;
mod transfer;

use std::io;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::mpsc::{self, Receiver, RecvTimeoutError, Sender};
use std::thread;
use std::time::Duration;

use signal_hook::consts::{SIGCONT, SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGTSTP, SIGWINCH};
use signal_hook::iterator::Signals;

use super::effect::Effect;
use super::input::Input;
use super::keymap::translate;
use super::message::Message;
use super::model::{self, Model, Start};
use super::update::update;
use super::view::view;
use crate::app::bundle::{OpenedBundle, SealedBundle};
use crate::app::clock::Watch;
use crate::app::import::ReadFile;
use crate::app::keyring::Found;
use crate::app::pass::Prepared;
use crate::app::share_set::NewShareSet;
use crate::app::shares::Opening;
use crate::app::unlock::{self, Presence, SealedVault};
use crate::app::{Context, Failure, Kind, Session, failure};
use crate::entry::EntryId;
use crate::platform::clipboard::ClipboardError;
use crate::platform::{process, terminal};
use crate::secret::SecretText;
use screen::Screen;

/// What opens the vault besides a passphrase. How the interface looks is in the context's settings.
#[derive(Debug, Clone)]
pub struct Options {
    /// The key file that was named.
    pub key_file: Option<PathBuf>,
}

/// What the runner waits for.
enum Happening {
    /// The time of a copy is over; which one.
    CopyDue(u64),
    /// A job is done.
    Done(u64, jobs::Outcome),
    /// A copy could not be taken back.
    NotCleared(ClipboardError),
    /// A signal came.
    Signal(i32),
    /// The person did something. In a box, because a channel keeps what passed through it for a while: the
    /// boxes are wiped when they are freed, and only their addresses stay.
    Terminal(Box<Input>),
}

struct Runner {
    ctx: Arc<Context>,
    key_file: Option<PathBuf>,
    happenings: Sender<Happening>,
    session: Option<Box<Session>>,
    bundle: Option<Arc<SealedBundle>>,
    opened: Option<Arc<OpenedBundle>>,
    /// Shares that were brought for the bundle.
    opening: Option<Opening>,
    /// The drill that is being run.
    drill: Option<drills::Drill>,
    /// A share set that was drawn, and that the vault does not know yet.
    new_set: Option<Arc<NewShareSet>>,
    file: Option<Box<ReadFile>>,
    /// A pass that is sealed, whose words are shown, and that is not written yet.
    pass: Option<Box<Prepared>>,
    /// The check of the plan that is under way.
    check: plan::Wanted,
    /// The job whose answer is waited for; other answers are dropped with whatever is in them.
    job: u64,
    /// Codes that were copied.
    copies: u64,
    /// Watches for steps of the clock and for sleep.
    watch: Watch,
    /// Steps that are not in the log yet, in milliseconds.
    unlogged_steps: Vec<i64>,
    /// What the vault file looked like when it was last read.
    seen_file: Option<(u64, u64)>,
    /// The generation that the list shows.
    shown_generation: u64,
    leave: bool,
    /// The signal that ends the program.
    signal: Option<i32>,
}

/// Runs the interface until the person leaves.
///
/// # Errors
///
/// When the terminal cannot be used, or the vault's outside shows that nothing can open it.
pub fn run(mut ctx: Context, options: &Options) -> Result<(), Failure> {
    let found = ctx.kept.take().map_or(Found::Nothing, |look| look.found);
    let ctx = Arc::new(ctx);
    let present = unlock::presence(&ctx)? == Presence::Present;
    let vault = if present { Some(unlock::look(&ctx)?) } else { None };
    let opens_by_key_file =
        options.key_file.is_some() && vault.as_ref().is_some_and(SealedVault::opens_with_key_file_alone);
    let mut model = Model::new(Start {
        vault_path: failure::shown_path(&ctx.paths.vault),
        vault_present: present,
        key_file: options.key_file.as_deref().map(failure::shown_path),
        wants_key_file: vault.as_ref().is_some_and(SealedVault::wants_key_file),
        kept_until: match &found {
            Found::Key(key) => Some(key.until()),
            Found::Nothing | Found::Useless => None,
        },
        sandbox_off: ctx.protection.is_switched_off(),
        read_only: present && unlock::is_read_only(&ctx),
        prefs: settings::prefs(&ctx.settings),
        now: ctx.clock.now(),
    });
    drop(vault);
    let (happenings, received) = mpsc::channel();
    let mut runner = Runner {
        ctx,
        key_file: options.key_file.clone(),
        happenings: happenings.clone(),
        session: None,
        bundle: None,
        opened: None,
        opening: None,
        drill: None,
        new_set: None,
        file: None,
        pass: None,
        check: plan::Wanted::default(),
        job: 0,
        copies: 0,
        watch: Watch::default(),
        unlogged_steps: Vec::new(),
        seen_file: None,
        shown_generation: 0,
        leave: false,
        signal: None,
    };
    let mut screen = Screen::start().map_err(no_terminal)?;
    model.size = screen::size();
    watch_signals(&happenings).map_err(no_terminal)?;
    thread::Builder::new()
        .name("keys".to_owned())
        .spawn(move || keys::send_all(&happenings))
        .map_err(no_terminal)?;
    match found {
        _ if opens_by_key_file => {
            runner.perform(Effect::Unlock(SecretText::with_capacity(0)), &mut model, &mut screen);
        }
        // What was named goes first. The key is used for this opening alone: once locked, the passphrase is wanted.
        Found::Key(key) if options.key_file.is_none() => {
            for message in runner.open_with(key) {
                runner.apply(message, &mut model, &mut screen);
            }
        }
        Found::Useless => {
            let words = "the key in the kernel's keyring does not open the vault any more, and was dropped";
            runner.apply(Message::Noticed(words.to_owned()), &mut model, &mut screen);
        }
        Found::Key(_) | Found::Nothing => {}
    }
    let outcome = runner.main_loop(&mut model, &mut screen, &received);
    let signal = runner.signal;
    let clipboard = Arc::clone(&runner.ctx.clipboard);
    drop((runner, model, screen));
    // The terminal is given back by now, however long a program takes.
    clipboard.end();
    // Whoever waits for the program learns that a signal has ended it. Everything is dropped by now.
    #[cfg(unix)]
    if let Some(signal) = signal {
        let _ended = signal_hook::low_level::emulate_default_handler(signal);
    }
    outcome.map_err(no_terminal)
}

/// The secrets that are on the screen. When one goes, the cells that held it go with it: ratatui keeps two
/// screens full of cells, and promises nothing about what is left in a cell that it blanks.
struct Shown {
    codes: Vec<EntryId>,
    is_text: bool,
}

impl Shown {
    fn of(model: &Model) -> Self {
        let codes =
            if model.hides_codes() { Vec::new() } else { model.list.revealed.keys().copied().collect() };
        Self { codes, is_text: model.shows_secret_text() }
    }

    fn has_what_is_not_in(&self, later: &Self) -> bool {
        self.is_text && !later.is_text || self.codes.iter().any(|id| !later.codes.contains(id))
    }
}

fn no_terminal(error: io::Error) -> Failure {
    Failure::new(Kind::Io, "the terminal cannot be used")
        .because(error)
        .next("`lifeboat --help` lists the commands that work without one")
}

fn watch_signals(happenings: &Sender<Happening>) -> io::Result<()> {
    let mut signals = Signals::new([SIGCONT, SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGTSTP, SIGWINCH])?;
    let happenings = happenings.clone();
    let watch = move || {
        for signal in signals.forever() {
            if happenings.send(Happening::Signal(signal)).is_err() {
                break;
            }
        }
    };
    thread::Builder::new().name("signals".to_owned()).spawn(watch).map(drop)
}

impl Runner {
    fn main_loop(
        &mut self,
        model: &mut Model,
        screen: &mut Screen,
        received: &Receiver<Happening>,
    ) -> io::Result<()> {
        loop {
            screen.set_mouse(model.prefs.mouse);
            match screen.draw(|frame| view(model, frame)) {
                // A frame is refused before the kernel's signal has come.
                Err(error) if terminal::is_gone(&error) => {
                    self.signal = Some(SIGHUP);
                    return Ok(());
                }
                drawn => drawn?,
            }
            if self.leave {
                return Ok(());
            }
            let happening = match received.recv_timeout(self.wait(model)) {
                Ok(happening) => Some(happening),
                Err(RecvTimeoutError::Timeout) => None,
                Err(RecvTimeoutError::Disconnected) => return Ok(()),
            };
            let shown_before = Shown::of(model);
            // What a key does is judged by the time at which it was pressed.
            self.look_at_clocks(model, screen);
            self.apply(Message::Tick(self.ctx.code_time()), model, screen);
            if let Some(happening) = happening {
                for message in self.understand(happening, model, screen) {
                    self.apply(message, model, screen);
                }
            }
            self.look_for_changes(model, screen);
            if shown_before.has_what_is_not_in(&Shown::of(model)) {
                screen.forget();
            }
            // What was called above is never inlined, so that what it left lies below this frame.
            process::wipe_stack();
        }
    }

    /// How long nothing can change by itself: to the next second where seconds are shown, else to the
    /// end of a notice, of a code that was asked for, or of the patience with an idle keyboard.
    fn wait(&self, model: &Model) -> Duration {
        let to_next_second =
            Duration::from_millis(1000 - u64::from(self.ctx.clock.subsecond_millis().min(999)));
        let shows_countdown = match &model.screen {
            model::Screen::Add(form) => form.proving.is_some(),
            model::Screen::Codes | model::Screen::Entry(_) => true,
            _ => false,
        };
        let is_drill = matches!(&model.screen, model::Screen::Drills(page) if page.shows_seconds());
        let shows_seconds = is_drill || shows_countdown && !model.list.rows.is_empty();
        if shows_seconds || model.must_wait() > 0 || model.busy.is_some() || model.waiting.is_some() {
            return to_next_second;
        }
        let ends = [
            Some(model.last_key.saturating_add(model.prefs.idle_seconds)),
            model.notice.as_ref().map(|notice| notice.until),
        ];
        let hidden = model.list.revealed.values().map(|revealed| revealed.hide_at);
        let next = ends.into_iter().flatten().chain(hidden).min().unwrap_or(model.now);
        Duration::from_secs(next.saturating_sub(model.now).saturating_sub(1)) + to_next_second
    }

    #[inline(never)]
    fn understand(&mut self, happening: Happening, model: &Model, screen: &mut Screen) -> Vec<Message> {
        match happening {
            Happening::Terminal(input) => match *input {
                Input::Click { column, row } => vec![Message::Clicked(column, row)],
                Input::Focus(focused) => vec![Message::Focused(focused)],
                Input::Key(key) => translate(model, key).into_iter().collect(),
                Input::Wheel(rows) => vec![Message::Move(rows)],
                Input::Paste(text) => vec![Message::Pasted(text)],
                Input::Refused(reason) => {
                    vec![Message::Noticed(format!("what was pasted was not taken: {reason}"))]
                }
            },
            Happening::Signal(SIGWINCH) => {
                // What stood on the screen is not where it was.
                screen.forget();
                let (columns, rows) = screen::size();
                vec![Message::Resized(columns, rows)]
            }
            Happening::Signal(SIGTSTP) => vec![Message::Suspend],
            Happening::Signal(SIGCONT) => {
                let locks = if screen.has_it_again() {
                    screen.forget();
                    None
                } else {
                    screen.take_again();
                    Some(Message::Lock)
                };
                let (columns, rows) = screen::size();
                locks.into_iter().chain([Message::Resized(columns, rows)]).collect()
            }
            Happening::Signal(signal) => {
                self.signal = Some(signal);
                vec![Message::Quit]
            }
            Happening::Done(job, outcome) => self.done(job, outcome),
            Happening::CopyDue(copy) => self.copy_due(copy),
            Happening::NotCleared(error) => clipboard::told(Some(error)),
        }
    }

    #[inline(never)]
    fn apply(&mut self, message: Message, model: &mut Model, screen: &mut Screen) {
        for effect in update(model, message) {
            self.perform(effect, model, screen);
        }
    }

    fn perform(&mut self, effect: Effect, model: &mut Model, screen: &mut Screen) {
        for message in self.answers(effect, screen) {
            self.apply(message, model, screen);
        }
    }

    fn answers(&mut self, effect: Effect, screen: &mut Screen) -> Vec<Message> {
        match effect {
            Effect::Because(reason, effect) => {
                let with_reason = Arc::new(self.ctx.with_reason(reason.expose().to_owned()));
                let without = std::mem::replace(&mut self.ctx, with_reason);
                let answers = self.answers(*effect, screen);
                self.ctx = without;
                answers
            }
            Effect::Quit => {
                self.lock();
                screen.forget();
                self.leave = true;
                Vec::new()
            }
            Effect::Lock => {
                self.lock();
                screen.forget();
                self.take_back_copy()
            }
            Effect::Suspend => {
                // Once stopped, no thread of this process takes anything back.
                let cleared = self.ctx.clipboard.clear_if_ours();
                screen.suspend();
                clipboard::told(cleared.err())
            }
            Effect::Cancel => {
                self.job += 1;
                self.check.stop();
                Vec::new()
            }
            Effect::CopyShown { title, code, of } => self.copy_shown(title, code, of),
            Effect::Estimate(text) => vec![jobs::estimated(&text)],
            Effect::Generate => vec![jobs::generated(&self.ctx)],
            Effect::Refresh(ids) => self.refresh(&ids),
            Effect::Bundle(effect) => self.for_bundle(effect),
            Effect::Custodian(effect) => self.for_custodian(effect),
            Effect::Drill(effect) => self.for_drill(effect),
            Effect::Entry(effect) => self.for_entry(effect),
            Effect::Incident(effect) => self.for_incident(effect),
            Effect::Log(effect) => self.for_log(effect),
            Effect::Pass(effect) => self.for_pass(effect),
            Effect::Plan(effect) => self.for_plan(effect),
            Effect::Runbook(effect) => self.for_runbook(effect),
            Effect::Transfer(effect) => self.for_transfer(effect),
            Effect::UseKeyFile(path) => {
                self.key_file = Some(jobs::typed_path(&path));
                Vec::new()
            }
            Effect::ListFolder(path) => vec![changes::listed(&self.ctx, &path)],
            Effect::ReadReasons => self.read(changes::reasons),
            Effect::ReadSettings => self.settings(),
            Effect::Set(key, value) => self.set(key, &value),
            Effect::ReadStatus => self.read_status(),
            Effect::ReadTrash => self.read(changes::trash_rows),
            Effect::ReadUse => self.read(changes::last_used),
            Effect::Favourite(id, favourite) => {
                self.with_session(move |ctx, session| changes::favourite(ctx, session, id, favourite))
            }
            Effect::Tag { ids, added, removed } => {
                self.with_session(move |ctx, session| changes::tag(ctx, session, &ids, &added, &removed))
            }
            Effect::Remove(ids) => self.with_session(move |ctx, session| changes::remove(ctx, session, ids)),
            Effect::TakeBack(ids) => {
                self.with_session(move |ctx, session| changes::take_back(ctx, session, &ids))
            }
            Effect::Purge(ids) => self.with_session(move |ctx, session| changes::purge(ctx, session, &ids)),
            effect => self.start(effect),
        }
    }

    /// Drops everything that could open or show anything.
    fn lock(&mut self) {
        self.session = None;
        self.check.stop();
        self.forget();
        // Whatever is under way gives its session to nobody.
        self.job += 1;
    }

    /// Another process may have changed the vault: every few seconds its length and date are looked at.
    #[inline(never)]
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
                self.shown_generation = session.vault().generation;
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

    /// Reads something for a page; nothing while a job has the session.
    fn read(&self, work: impl FnOnce(&Context, &Session) -> Message) -> Vec<Message> {
        self.session.as_ref().map(|session| work(&self.ctx, session)).into_iter().collect()
    }

    fn refresh(&self, ids: &[EntryId]) -> Vec<Message> {
        let Some(session) = &self.session else { return Vec::new() };
        let now = self.ctx.code_time();
        ids.iter()
            .filter_map(|id| crate::app::code::refresh(session, *id, now))
            .map(|shown| jobs::revealed(&shown, None))
            .collect()
    }
}
