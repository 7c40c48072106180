//! Model and message in, effects out. Pure: no clock, no disk, no terminal.

#![expect(clippy::wildcard_enum_match_arm, reason = "what a screen does not know means nothing to it")]

mod forms;
mod list;

use super::effect::Effect;
use super::message::Message;
use super::model::{BackOff, Busy, Dialog, IDLE_SECONDS, Model, Screen, UnlockForm};
use crate::app::Failure;

/// Applies a message.
pub fn update(model: &mut Model, message: Message) -> Vec<Effect> {
    let by_person = is_by_person(&message);
    if by_person {
        model.last_key = model.now;
    }
    match message {
        Message::Quit => {
            let _locked = lock(model, "");
            model.screen = Screen::FirstRun;
            model.left = true;
            vec![Effect::Quit]
        }
        Message::Suspend => {
            let mut effects = lock(model, "locked, because the program was suspended");
            effects.push(Effect::Suspend);
            effects
        }
        Message::Resized(columns, rows) => {
            model.size = (columns, rows);
            list::keep_in_view(model);
            Vec::new()
        }
        Message::Tick(now) => tick(model, now),
        Message::Started { what, can_cancel } => {
            model.busy = Some(Busy { what, since: model.now, can_cancel });
            Vec::new()
        }
        Message::Finished => {
            model.busy = None;
            Vec::new()
        }
        Message::Noticed(text) => {
            model.tell(text, false);
            Vec::new()
        }
        Message::ClockStepped(words) => {
            // It was measured against the clock as it was before.
            let dropped =
                if model.clock.correction == 0 { "" } else { "; the correction of this run is dropped" };
            model.clock.correction = 0;
            model.tell(format!("{words}{dropped}"), true);
            model.clock.doubt = Some(words);
            Vec::new()
        }
        Message::Slept if model.is_open() => lock(model, "locked, because the machine slept"),
        Message::Slept => {
            clear_fields(model);
            Vec::new()
        }
        Message::Lock if model.is_open() => lock(model, "locked"),
        Message::Help => {
            model.dialog = match model.dialog {
                Some(Dialog::Help { .. }) => None,
                _ => Some(Dialog::Help { scroll: 0 }),
            };
            Vec::new()
        }
        Message::Move(rows) if model.dialog.is_some() => {
            scroll(model, rows);
            Vec::new()
        }
        Message::Back if model.dialog.take().is_some() => Vec::new(),
        // While work is under way only leaving, locking and cancelling mean something.
        Message::Back if model.busy.as_ref().is_some_and(|busy| busy.can_cancel) => {
            model.busy = None;
            model.tell("cancelled; nothing was changed", false);
            vec![Effect::Cancel]
        }
        _ if by_person && model.busy.is_some() => Vec::new(),
        // After wrong passphrases the field takes nothing for a while; going back and leaving always work.
        message if by_person && model.must_wait() > 0 && !matches!(message, Message::Back) => Vec::new(),
        Message::Pasted(_) if model.dialog.is_some() => Vec::new(),
        message => on_screen(model, message),
    }
}

fn on_screen(model: &mut Model, message: Message) -> Vec<Effect> {
    match message {
        Message::Rows { rows, set_aside } => {
            model.back_off = BackOff::default();
            list::opened(model, rows, set_aside);
            Vec::new()
        }
        // An answer that comes after locking must not bring anything back onto the screen.
        Message::Added { .. }
        | Message::Copied { .. }
        | Message::ClockDoubted(_)
        | Message::CopiedBefore { .. }
        | Message::Revealed { .. }
            if !model.is_open() =>
        {
            Vec::new()
        }
        Message::Revealed { id, code, next, valid_until, seconds } => {
            list::revealed(model, id, code, next, valid_until, seconds);
            Vec::new()
        }
        Message::ClockDoubted(words) => {
            model.clock.doubt = Some(words);
            Vec::new()
        }
        Message::ClockCorrected(seconds) => {
            corrected(model, seconds);
            Vec::new()
        }
        Message::Copied { title, words } => {
            model.tell(format!("{title}: {words}"), false);
            Vec::new()
        }
        Message::CopiedBefore { id, copied_at, next_at } => {
            model.dialog = Some(Dialog::CopyAgain { id, copied_at, next_at });
            Vec::new()
        }
        message => match model.screen {
            Screen::List => list::update(model, message),
            Screen::Add(_)
            | Screen::Clock(_)
            | Screen::FirstRun
            | Screen::NewVault(_)
            | Screen::Restore(_)
            | Screen::Unlock(_) => forms::update(model, message),
        },
    }
}

/// Whether the person did it; the rest is the world's.
fn is_by_person(message: &Message) -> bool {
    !matches!(
        message,
        Message::Added { .. }
            | Message::BundleOpened { .. }
            | Message::BundleSeen { .. }
            | Message::ClockCorrected(_)
            | Message::ClockDoubted(_)
            | Message::ClockMeasured { .. }
            | Message::ClockStepped(_)
            | Message::Copied { .. }
            | Message::CopiedBefore { .. }
            | Message::Estimated(_)
            | Message::Failed(_)
            | Message::Finished
            | Message::Generated(_)
            | Message::Noticed(_)
            | Message::Previewed(_)
            | Message::Resized(..)
            | Message::Revealed { .. }
            | Message::Rows { .. }
            | Message::Slept
            | Message::Started { .. }
            | Message::Tick(_)
    )
}

/// Forgets everything that the vault held and asks for its passphrase.
fn lock(model: &mut Model, words: &str) -> Vec<Effect> {
    let was_open = model.is_open();
    model.list.clear();
    model.clock.doubt = None;
    model.dialog = None;
    model.busy = None;
    model.notice = None;
    model.waiting = None;
    if was_open {
        model.screen = Screen::Unlock(UnlockForm::default());
        // Who locks must not believe that nothing opens the vault any more.
        let kept = model.kept_until.is_some_and(|until| model.now < until);
        let still = "; the kernel's keyring still keeps the key, and `lifeboat lock` drops it";
        model.tell(format!("{words}{}", if kept { still } else { "" }), false);
    } else {
        clear_fields(model);
    }
    vec![Effect::Lock]
}

/// Codes are those of another time from here on: the shown ones are hidden, and the patience with an idle
/// keyboard goes on from where it was.
fn corrected(model: &mut Model, seconds: i64) {
    let moved = seconds.saturating_sub(model.clock.correction);
    model.now = model.now.saturating_add_signed(moved);
    model.last_key = model.last_key.saturating_add_signed(moved);
    model.clock.correction = seconds;
    model.clock.doubt = None;
    model.list.revealed.clear();
    model.waiting = None;
    if matches!(model.screen, Screen::Clock(_)) {
        model.screen = Screen::List;
    }
    let words = match seconds {
        0 => "the clock is no longer corrected".to_owned(),
        _ => format!(
            "codes are made with {seconds:+} s on the clock, for this run only; set the machine's clock right"
        ),
    };
    model.tell(words, false);
}

/// A half-typed passphrase does not stay on a screen that somebody walked away from.
fn clear_fields(model: &mut Model) {
    match &mut model.screen {
        Screen::Unlock(form) => form.field.clear(),
        Screen::Add(form) => form.field.clear(),
        Screen::Clock(form) => form.field.clear(),
        Screen::NewVault(_) | Screen::Restore(_) => model.screen = Screen::FirstRun,
        Screen::FirstRun | Screen::List => {}
    }
}

fn tick(model: &mut Model, now: u64) -> Vec<Effect> {
    model.now = now;
    model.back_off.tick(now);
    if model.notice.as_ref().is_some_and(|notice| notice.until <= now) {
        model.notice = None;
    }
    // A running key derivation is somebody waiting, not somebody gone. A clock set back starts anew.
    if now < model.last_key || model.busy.is_some() {
        model.last_key = now;
    }
    if now - model.last_key >= IDLE_SECONDS {
        model.last_key = now;
        return lock(model, "locked after five minutes without a key");
    }
    list::roll_over(model)
}

fn scroll(model: &mut Model, rows: isize) {
    let lines = super::view::dialog_lines(model).len();
    let most = u16::try_from(lines.saturating_sub(super::view::dialog_page(model))).unwrap_or(0);
    if let Some(Dialog::Help { scroll } | Dialog::Failure { scroll, .. }) = &mut model.dialog {
        let rows = i16::try_from(rows).unwrap_or(0);
        *scroll = scroll.saturating_add_signed(rows).min(most);
    }
}

/// A failure in full, a line each: what happened, why, what is unharmed, what to do next.
fn told(failure: &Failure) -> Vec<String> {
    let mut lines = vec![failure.what.clone()];
    lines.extend(failure.causes().into_iter().map(|cause| format!("because: {cause}")));
    lines.extend(failure.details.iter().cloned());
    lines.extend(failure.unchanged.iter().map(|unchanged| format!("unchanged: {unchanged}")));
    lines.extend(failure.next.iter().map(|step| format!("next: {step}")));
    // A cause may be another crate's words: what it repeats must not make a line of its own.
    lines.iter().map(|line| crate::entry::label::shown_message(line)).collect()
}
