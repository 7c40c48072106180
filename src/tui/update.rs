//! Model and message in, effects out. Pure: no clock, no disk, no terminal.

#![expect(clippy::wildcard_enum_match_arm, reason = "what a screen does not know means nothing to it")]

mod forms;
mod list;

use super::effect::Effect;
use super::message::Message;
use super::model::{Busy, Dialog, IDLE_SECONDS, Model, Screen, UnlockForm};

/// Applies a message.
pub fn update(model: &mut Model, message: Message) -> Vec<Effect> {
    if is_key(&message) {
        model.last_key = model.now;
    }
    match message {
        Message::Quit => vec![Effect::Quit],
        Message::Suspend => {
            let mut effects = lock(model, "locked; the program is suspended");
            effects.push(Effect::Suspend);
            effects
        }
        Message::Resized(columns, rows) => {
            model.size = (columns, rows);
            list::keep_in_view(model);
            Vec::new()
        }
        Message::Tick(now) => tick(model, now),
        Message::Started { what, job } => {
            model.busy = Some(Busy { what, since: model.now, job });
            Vec::new()
        }
        Message::Noticed(text) => {
            model.tell(text, false);
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
        Message::Move(rows) if matches!(model.dialog, Some(Dialog::Help { .. })) => {
            scroll_help(model, rows);
            Vec::new()
        }
        // While work is under way only leaving and cancelling mean something.
        Message::Back if model.busy.is_some() => {
            model.busy = None;
            model.tell("cancelled; nothing was changed", false);
            vec![Effect::Cancel]
        }
        message if is_key(&message) && model.busy.is_some() => Vec::new(),
        message => on_screen(model, message),
    }
}

fn on_screen(model: &mut Model, message: Message) -> Vec<Effect> {
    if !is_key(&message) {
        model.busy = None;
    }
    match message {
        Message::Rows { rows, set_aside } => {
            list::opened(model, rows, set_aside);
            Vec::new()
        }
        Message::Revealed { id, code, next, valid_until, asked } => {
            list::revealed(model, id, code, next, valid_until, asked);
            Vec::new()
        }
        Message::Copied { title, words } => {
            model.dialog = None;
            model.tell(format!("{title}: {words}"), false);
            Vec::new()
        }
        Message::CopiedBefore { id, seconds_ago, next_in } => {
            model.dialog = Some(Dialog::CopyAgain { id, seconds_ago, next_in });
            Vec::new()
        }
        message => match model.screen {
            Screen::List => list::update(model, message),
            Screen::Add(_)
            | Screen::FirstRun
            | Screen::NewVault(_)
            | Screen::Restore(_)
            | Screen::Unlock(_) => forms::update(model, message),
        },
    }
}

/// Whether the person did it; the rest is the world's.
fn is_key(message: &Message) -> bool {
    !matches!(
        message,
        Message::Added { .. }
            | Message::BundleOpened { .. }
            | Message::BundleSeen { .. }
            | Message::Copied { .. }
            | Message::CopiedBefore { .. }
            | Message::Estimated(_)
            | Message::Failed(_)
            | Message::Generated(_)
            | Message::Noticed(_)
            | Message::Previewed(_)
            | Message::Resized(..)
            | Message::Revealed { .. }
            | Message::Rows { .. }
            | Message::Started { .. }
            | Message::Tick(_)
    )
}

/// Forgets everything that the vault held and asks for its passphrase.
fn lock(model: &mut Model, words: &str) -> Vec<Effect> {
    let was_open = model.is_open();
    model.list.clear();
    model.dialog = None;
    model.busy = None;
    model.notice = None;
    if was_open {
        model.screen = Screen::Unlock(UnlockForm::default());
        model.tell(words, false);
    } else {
        clear_fields(model);
    }
    vec![Effect::Lock]
}

/// A half-typed passphrase does not stay on a screen that somebody walked away from.
fn clear_fields(model: &mut Model) {
    match &mut model.screen {
        Screen::Unlock(form) => form.field.clear(),
        Screen::Add(form) => form.field.clear(),
        Screen::NewVault(_) | Screen::Restore(_) => model.screen = Screen::FirstRun,
        Screen::FirstRun | Screen::List => {}
    }
}

fn tick(model: &mut Model, now: u64) -> Vec<Effect> {
    model.now = now;
    if model.notice.as_ref().is_some_and(|notice| notice.until <= now) {
        model.notice = None;
    }
    // A running key derivation is somebody waiting, not somebody gone. A clock set back starts anew.
    if now < model.last_key || model.busy.is_some() {
        model.last_key = now;
    }
    if now - model.last_key >= IDLE_SECONDS {
        let open = model.is_open();
        model.last_key = now;
        if open {
            return lock(model, "locked after five minutes without a key");
        }
        clear_fields(model);
    }
    list::roll_over(model)
}

fn scroll_help(model: &mut Model, rows: isize) {
    let lines = super::view::help_lines(model).len();
    let most = u16::try_from(lines.saturating_sub(model.page())).unwrap_or(0);
    if let Some(Dialog::Help { scroll }) = &mut model.dialog {
        let rows = i16::try_from(rows).unwrap_or(0);
        *scroll = scroll.saturating_add_signed(rows).min(most);
    }
}
