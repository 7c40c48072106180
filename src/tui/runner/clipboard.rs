//! Copies a code and takes it back: in time, when the interface locks, and in the end.
//!
//! What goes through the terminal is written between two frames. What goes through a program may take as long as
//! that program, so that a worker waits for it and the interface goes on.

use std::sync::Arc;
use std::thread;
use std::time::Duration;

use super::{Happening, Runner, jobs};
use crate::app::code::{self, ShownCode};
use crate::app::{Failure, clipboard};
use crate::entry::{Entry, EntryId, UnixSeconds};
use crate::platform::clipboard::{ClipboardError, Policy, Sent};
use crate::secret::SecretText;
use crate::tui::message::Message;

/// What is told, and remembered, when a code was copied.
pub(super) struct About {
    title: String,
    /// Seconds that the code is good for.
    seconds: Option<u64>,
    /// The step that is remembered as copied.
    step: Option<(EntryId, UnixSeconds)>,
}

impl Runner {
    /// Copies a code that was made for it.
    pub(super) fn copy(&mut self, shown: Result<ShownCode, Failure>) -> Vec<Message> {
        let shown = match shown {
            Ok(shown) => shown,
            Err(failure) => return vec![Message::Failed(Box::new(failure))],
        };
        let entry = self.session.as_ref().and_then(|session| session.vault().entry(shown.id));
        let about = About {
            title: entry.map(Entry::title).unwrap_or_default(),
            seconds: shown.valid_until.map(|until| until.saturating_sub(self.ctx.code_time())),
            step: shown.valid_from.map(|from| (shown.id, from)),
        };
        self.send(about, SecretText::new(shown.code.expose().to_owned()))
    }

    /// Copies a code that stands on the screen.
    pub(super) fn copy_shown(
        &mut self,
        title: String,
        code: SecretText,
        of: Option<EntryId>,
    ) -> Vec<Message> {
        if let (Some(id), Some(session)) = (of, &mut self.session) {
            code::log_copied(&self.ctx, session, id);
        }
        self.send(About { title, seconds: None, step: None }, code)
    }

    fn send(&mut self, about: About, code: SecretText) -> Vec<Message> {
        let policy = Policy::from(&self.ctx.settings.clipboard);
        if !self.ctx.clipboard.waits() {
            let outcome = self.ctx.clipboard.copy(code.expose(), policy);
            return self.copied(about, outcome);
        }
        let ctx = Arc::clone(&self.ctx);
        self.spawn("Copying", jobs::Wait::Short, move || {
            jobs::Outcome::Copied(Box::new(about), ctx.clipboard.copy(code.expose(), policy))
        })
    }

    /// Tells how a copy went, remembers it, and sees to it that it is taken back in time.
    pub(super) fn copied(&mut self, about: About, outcome: Result<Sent, ClipboardError>) -> Vec<Message> {
        let sent = match outcome {
            Ok(sent) => sent,
            Err(error) => return vec![Message::Failed(Box::new(clipboard::failed(error, false)))],
        };
        if let (Some((id, from)), Some(session)) = (about.step, &self.session) {
            code::mark_copied(&self.ctx, session, id, from);
        }
        let good_for = about.seconds.map(|seconds| format!("; good for {seconds} s")).unwrap_or_default();
        let mut messages = vec![Message::Copied { title: about.title, words: format!("{sent}{good_for}") }];
        self.copies += 1;
        if let Some(after) = sent.then.after()
            && !self.waits_to_take_back(after)
        {
            messages.extend(self.take_back_copy());
        }
        messages
    }

    /// Has a thread wait, and not the clock: it may be set meanwhile.
    fn waits_to_take_back(&self, after: Duration) -> bool {
        let (pause, happenings, copy) = (Arc::clone(&self.ctx.pause), self.happenings.clone(), self.copies);
        let wait = move || {
            pause(after);
            let _sent = happenings.send(Happening::CopyDue(copy));
        };
        thread::Builder::new().name("copy".to_owned()).spawn(wait).is_ok()
    }

    /// Takes the last copy back if its time is over; an earlier one was displaced by a later.
    pub(super) fn copy_due(&mut self, copy: u64) -> Vec<Message> {
        if copy == self.copies { self.take_back_copy() } else { Vec::new() }
    }

    /// Takes the last copy back. Only what went wrong is told.
    pub(super) fn take_back_copy(&self) -> Vec<Message> {
        if !self.ctx.clipboard.waits() {
            return told(self.ctx.clipboard.clear_if_ours().err());
        }
        let (ctx, happenings) = (Arc::clone(&self.ctx), self.happenings.clone());
        let clear = move || {
            if let Err(error) = ctx.clipboard.clear_if_ours() {
                let _sent = happenings.send(Happening::NotCleared(error));
            }
        };
        match thread::Builder::new().name("clear".to_owned()).spawn(clear) {
            Ok(_) => Vec::new(),
            Err(_) => told(self.ctx.clipboard.clear_if_ours().err()),
        }
    }
}

/// That a copy may still be there.
pub(super) fn told(error: Option<ClipboardError>) -> Vec<Message> {
    error.map(|error| Message::Noticed(clipboard::not_cleared(&error))).into_iter().collect()
}
