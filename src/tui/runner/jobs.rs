//! What the runner does for update: quick things at once, the rest on a worker thread.

#![expect(clippy::wildcard_enum_match_arm, reason = "what a screen does not know means nothing to it")]

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::sync::Arc;
use std::thread;

use super::{Happening, Runner, Screen};
use crate::app::bundle::{OpenedBundle, SealedBundle, look_at_bundle};
use crate::app::code::{self, CodeRequest, ShownCode};
use crate::app::init::NewSlot;
use crate::app::{Context, Failure, Kind, Session, add, init, key_file, passphrase, restore, unlock};
use crate::cli::time;
use crate::entry::EntryId;
use crate::envelope::{Credentials, Passphrase};
use crate::otp::Strength;
use crate::secret::SecretText;
use crate::tui::effect::Effect;
use crate::tui::message::Message;
use crate::tui::model::Row;

/// The worker's name, by which a panic in it is known.
pub(super) const WORKER: &str = "worker";

/// What a job gives back.
pub(super) enum Outcome {
    /// A bundle was looked at.
    Bundle(Result<Box<SealedBundle>, Failure>),
    /// A bundle was opened, or not; it is given back for another try.
    Opened(Box<SealedBundle>, Result<Box<OpenedBundle>, Failure>),
    /// A session that was opened or made.
    Session(Result<Box<Session>, Failure>),
    /// The session comes back, with what it did.
    Used(Box<Session>, Vec<Message>),
    /// The worker met a defect.
    Panicked,
}

impl Runner {
    /// Starts a job; `None` where there is nothing to do it with.
    pub(super) fn start(&mut self, effect: Effect) -> Option<Message> {
        let ctx = Arc::clone(&self.ctx);
        match effect {
            Effect::Unlock(typed) => {
                let key_file = self.key_file.clone();
                let what = unlock::look(&ctx).map_or_else(
                    |_| "Opening the vault".to_owned(),
                    |vault| format!("Opening the vault ({})", vault.cost()),
                );
                Some(self.spawn(what, move || Outcome::Session(open(&ctx, typed, key_file.as_deref()))))
            }
            Effect::MakeVault(typed) => Some(self.spawn("Making the vault".to_owned(), move || {
                Outcome::Session(init::init(&ctx, &new_slot(typed)).map(Box::new))
            })),
            Effect::LookAtBundle(path) => Some(self.spawn("Reading the bundle".to_owned(), move || {
                Outcome::Bundle(look_at_bundle(&ctx, Path::new(&path)).map(Box::new))
            })),
            Effect::OpenBundle(typed) => {
                let bundle = self.bundle.take()?;
                let what = format!("Opening the bundle ({})", bundle.inspect().cost);
                Some(self.spawn(what, move || {
                    let credentials =
                        Credentials { passphrase: Some(Passphrase::new(typed)), key_file: None };
                    let opened = bundle.open(&ctx, &credentials).map(Box::new);
                    Outcome::Opened(bundle, opened)
                }))
            }
            Effect::RestoreNew(typed) => {
                let opened = self.opened.take()?;
                Some(self.spawn("Restoring".to_owned(), move || {
                    let restored = restore::into_new_vault_opened(&ctx, *opened, &new_slot(typed), None);
                    Outcome::Session(restored.map(|(session, _)| Box::new(session)))
                }))
            }
            Effect::Add(uri) => self.with_session("Saving", move |ctx, session| added(ctx, session, &uri)),
            Effect::Reveal(id) => self.with_session("Saving", move |ctx, session| {
                match code::code(ctx, session, id, CodeRequest::default()) {
                    Ok(shown) => vec![revealed(&shown, true)],
                    Err(failure) => vec![Message::Failed(Box::new(failure))],
                }
            }),
            _ => None,
        }
    }

    /// Hands the session to the worker and takes it back with the answer.
    fn with_session(
        &mut self,
        what: &str,
        work: impl FnOnce(&Context, &mut Session) -> Vec<Message> + Send + 'static,
    ) -> Option<Message> {
        let mut session = self.session.take()?;
        let ctx = Arc::clone(&self.ctx);
        Some(self.spawn(what.to_owned(), move || {
            let mut messages = work(&ctx, &mut session);
            messages.extend(session.take_notices().into_iter().map(|notice| Message::Noticed(notice.0)));
            Outcome::Used(session, messages)
        }))
    }

    fn spawn(&mut self, what: String, work: impl FnOnce() -> Outcome + Send + 'static) -> Message {
        self.job += 1;
        let (job, happenings) = (self.job, self.happenings.clone());
        let worker = thread::Builder::new().name(WORKER.to_owned()).spawn(move || {
            // The vault on disk is whole whatever happens here; the interface must learn that it did.
            let outcome = catch_unwind(AssertUnwindSafe(work)).unwrap_or(Outcome::Panicked);
            let _sent = happenings.send(Happening::Done(job, outcome));
        });
        match worker {
            Ok(_) => Message::Started { what, job },
            Err(error) => Message::Failed(Box::new(
                Failure::new(Kind::Io, "the work could not be started").because(error),
            )),
        }
    }

    /// Takes the answer of a job. One that was cancelled is dropped with whatever it opened.
    pub(super) fn done(&mut self, job: u64, outcome: Outcome) -> Option<Message> {
        if job != self.job {
            return None;
        }
        let failed = |failure| Some(Message::Failed(Box::new(failure)));
        match outcome {
            Outcome::Session(Ok(mut session)) => {
                let notices = session.take_notices();
                let rows = rows(&session);
                self.session = Some(session);
                self.queue(notices.into_iter().map(|notice| Message::Noticed(notice.0)));
                Some(rows)
            }
            Outcome::Bundle(Ok(bundle)) => {
                let about = about(&bundle);
                self.bundle = Some(bundle);
                Some(Message::BundleSeen { about })
            }
            Outcome::Opened(bundle, Ok(opened)) => {
                let late = opened.overdue(self.ctx.clock.now());
                let warning =
                    late.map(|late| format!("the review of this bundle is {} days overdue", late / 86_400));
                let n_entries = opened.payload().entries.len();
                self.bundle = Some(bundle);
                self.opened = Some(opened);
                Some(Message::BundleOpened { n_entries, warning })
            }
            Outcome::Opened(bundle, Err(failure)) => {
                self.bundle = Some(bundle);
                failed(failure)
            }
            Outcome::Session(Err(failure)) | Outcome::Bundle(Err(failure)) => failed(failure),
            Outcome::Used(session, messages) => {
                let facts = self.ctx.disk.facts(session.path()).ok().flatten();
                self.seen_file = facts.map(|facts| (facts.len, facts.modified));
                let rows = rows(&session);
                self.session = Some(session);
                self.queue(messages);
                Some(rows)
            }
            Outcome::Panicked => failed(
                Failure::new(Kind::Io, "the work met a defect of the program")
                    .next("the vault on disk is the last complete one; please report what you did"),
            ),
        }
    }

    /// Messages that come after the one that is given back.
    fn queue(&self, messages: impl IntoIterator<Item = Message>) {
        for message in messages {
            let _sent = self.happenings.send(Happening::Later(Box::new(message)));
        }
    }

    /// Copies a code through the terminal; says so first when it was copied in its window before.
    pub(super) fn copy(&mut self, id: EntryId, again: bool) -> Option<Message> {
        let session = self.session.as_mut()?;
        let now = self.ctx.clock.now();
        let entry = session.vault().entry(id)?;
        let title = entry.title();
        if entry.otp.counter().is_some() {
            return Some(Message::Failed(Box::new(
                Failure::new(
                    Kind::Refused,
                    "a counting entry's code is shown first: Space gives the next one",
                )
                .next("then select it with the terminal"),
            )));
        }
        let step = entry.code_at(now)?.step;
        if !again && let Some(at) = code::copied_before(&self.ctx, session, id, step.starts()) {
            return Some(Message::CopiedBefore {
                id,
                seconds_ago: now.saturating_sub(at),
                next_in: step.ends().saturating_sub(now),
            });
        }
        let shown = match code::code(&self.ctx, session, id, CodeRequest::default()) {
            Ok(shown) => shown,
            Err(failure) => return Some(Message::Failed(Box::new(failure))),
        };
        match Screen::copy(shown.code.expose()) {
            Ok(multiplexer) => {
                code::mark_copied(&self.ctx, session, id, step.starts());
                let words = format!(
                    "sent to the terminal's clipboard (OSC 52, not confirmed){}; good for {} s",
                    multiplexer.hint(),
                    step.ends().saturating_sub(now)
                );
                Some(Message::Copied { title, words })
            }
            Err(error) => Some(Message::Failed(Box::new(
                Failure::new(Kind::Io, "the code was not copied").because(error),
            ))),
        }
    }
}

fn open(ctx: &Context, typed: SecretText, key_file: Option<&Path>) -> Result<Box<Session>, Failure> {
    let vault = unlock::look(ctx)?;
    let credentials = Credentials {
        passphrase: (!typed.is_empty()).then(|| Passphrase::new(typed)),
        key_file: key_file.map(|path| key_file::read_key_file(ctx, path)).transpose()?,
    };
    unlock::unlock(ctx, vault, &credentials).map(Box::new)
}

fn new_slot(typed: SecretText) -> NewSlot {
    NewSlot { passphrase: Some(Passphrase::new(typed)), key_file: None }
}

fn added(ctx: &Context, session: &mut Session, uri: &SecretText) -> Vec<Message> {
    let outcome = add::draft_from_text(uri, &add::Particulars::default())
        .and_then(|(draft, warnings)| Ok((add::add(ctx, session, draft, false)?, warnings)));
    match outcome {
        Ok((added, warnings)) => vec![Message::Added { title: added.title, warnings }],
        Err(failure) => vec![Message::Failed(Box::new(failure))],
    }
}

/// What stands outside a bundle, in lines.
fn about(bundle: &SealedBundle) -> Vec<String> {
    let info = bundle.inspect();
    let mut lines = vec![format!("made {}", time::shown(info.created))];
    if let Some(label) = &info.label {
        lines.push(format!("label {label}"));
    }
    lines.push(format!("opened by {}", info.ways.join(", or by ")));
    lines
}

/// What the list shows of a vault: favourites first, then by name.
pub(super) fn rows(session: &Session) -> Message {
    let vault = session.vault();
    let mut rows: Vec<Row> = vault
        .entries
        .iter()
        .map(|entry| Row {
            id: entry.id,
            issuer: entry.issuer.shown(),
            account: entry.account.shown(),
            tags: entry.tags.iter().map(crate::entry::Label::shown).collect(),
            period: entry.otp.period().map(|period| u64::from(period.seconds())),
            digits: usize::from(entry.otp.digits()),
            favourite: entry.favourite,
        })
        .collect();
    rows.sort_by_cached_key(|row| (!row.favourite, row.issuer.to_lowercase(), row.account.to_lowercase()));
    Message::Rows { rows, set_aside: vault.quarantine.len() }
}

pub(super) fn revealed(shown: &ShownCode, asked: bool) -> Message {
    Message::Revealed {
        id: shown.id,
        code: shown.code.grouped(),
        next: shown.next.as_ref().map(crate::otp::Code::grouped),
        valid_until: shown.valid_until,
        asked,
    }
}

pub(super) fn estimated(text: &SecretText) -> Message {
    let estimate = passphrase::estimate(text);
    let advice = estimate.advice.map(|advice| format!(" {advice}")).unwrap_or_default();
    Message::Estimated(format!("About {} bits to guess.{advice}", estimate.bits))
}

pub(super) fn generated(ctx: &Context) -> Message {
    match passphrase::generate(ctx) {
        Ok(words) => Message::Generated(words),
        Err(failure) => Message::Failed(Box::new(failure)),
    }
}

/// What a URI says, without its secret.
pub(super) fn previewed(text: &SecretText) -> Message {
    let (draft, warnings) = match add::draft_from_text(text, &add::Particulars::default()) {
        Ok(read) => read,
        Err(failure) => {
            let causes = failure.causes().join(": ");
            let words = if causes.is_empty() { failure.what } else { format!("{}: {causes}", failure.what) };
            return Message::Previewed(Err(words));
        }
    };
    let strength = match draft.seed.strength() {
        Strength::Good => format!("{} bits", draft.seed.bits()),
        Strength::Short(bits) => format!("{bits} bits, under the 112 that are advised; the service chose it"),
    };
    let mut lines = vec![
        format!("issuer   {}", draft.issuer),
        format!("account  {}", draft.account),
        format!("type     {}, {} digits", draft.otp.type_name().to_uppercase(), draft.otp.digits()),
        format!("seed     {strength}"),
    ];
    lines.extend(
        warnings
            .into_iter()
            .filter(|warning| !warning.contains("bits"))
            .map(|warning| format!("note     {warning}")),
    );
    Message::Previewed(Ok(lines))
}
