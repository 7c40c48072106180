//! The clock while the interface runs: steps of it, sleep, and its correction by another device's code.

use std::sync::atomic::Ordering;

use super::{Runner, Screen};
use crate::app::clock::{self, Noticed};
use crate::app::{Context, Session};
use crate::entry::EntryId;
use crate::secret::SecretText;
use crate::tui::message::Message;
use crate::tui::model::Model;

impl Runner {
    /// Looks at the clocks: a step is told and logged, and after sleep the vault is locked.
    pub(super) fn look_at_clocks(&mut self, model: &mut Model, screen: &mut Screen) {
        for noticed in self.watch.look(self.ctx.clock.as_ref()) {
            let message = match noticed {
                Noticed::Slept(_) => Message::Slept,
                Noticed::Stepped(millis) => {
                    // It was measured against the clock as it was before.
                    self.ctx.correction.store(0, Ordering::Relaxed);
                    self.unlogged_steps.push(millis);
                    Message::ClockStepped(clock::stepped_in_words(millis))
                }
            };
            self.apply(message, model, screen);
        }
        // While a job has the session, or the vault is locked, a step waits to be logged.
        if let Some(session) = &mut self.session {
            for millis in self.unlogged_steps.drain(..) {
                clock::log_step(&self.ctx, session, millis);
            }
        }
    }
}

/// Measures the clock by the code that another device shows.
pub(super) fn measured(ctx: &Context, session: &mut Session, id: EntryId, typed: &SecretText) -> Message {
    let mut code = SecretText::with_capacity(typed.len());
    typed.expose().chars().filter(|c| !c.is_whitespace()).for_each(|c| code.expose_mut().push(c));
    match clock::compare(ctx, session, id, code.expose()) {
        Ok(offset) => Message::ClockMeasured { words: offset.to_string(), seconds: offset.seconds() },
        Err(failure) => Message::Failed(Box::new(failure)),
    }
}

/// Corrects the clock for codes in this run. It is logged first.
pub(super) fn corrected(ctx: &Context, session: &mut Session, seconds: i64) -> Message {
    clock::log_correction(ctx, session, seconds);
    ctx.correction.store(seconds, Ordering::Relaxed);
    Message::ClockCorrected(seconds)
}
