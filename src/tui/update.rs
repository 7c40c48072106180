//! Model and message in, effects out. Pure: no clock, no disk, no terminal.

#![expect(clippy::wildcard_enum_match_arm, reason = "what a screen does not know means nothing to it")]

mod add;
mod bundles;
mod codes;
mod custodians;
mod dialogs;
mod drills;
mod edit;
mod entry;
mod forms;
mod incidents;
mod log;
mod pages;
mod passes;
mod passphrase;
mod plan;
mod reasons;
mod runbooks;
mod seals;
mod share_entry;
mod status;
mod transfer;
mod uris;

pub(super) use share_entry::still_needed;
pub(super) use transfer::PLAINTEXT_WORD;

use super::effect::{BundleEffect, Effect};
use super::keymap::{Scope, screen_scope};
use super::message::Message;
use super::model::{
    BackOff, BundlesPage, Busy, Dialog, DrillsPage, LogPage, Model, Place, PlanPage, Screen, SettingsPage,
    UnlockForm,
};
use super::view;
use crate::app::Failure;

/// Applies a message.
pub fn update(model: &mut Model, message: Message) -> Vec<Effect> {
    let held = bundles::holds_opened(model);
    let told_in_form = is_form(model).then(|| model.notice.clone()).flatten();
    let shown = reasons::shown(model);
    let effects = apply(model, message);
    let mut effects: Vec<Effect> =
        effects.into_iter().flat_map(|effect| reasons::hold_back(model, effect)).collect();
    reasons::settle(model, &shown);
    // Whichever way the person leaves, what was opened there is dropped.
    if held && !bundles::holds_opened(model) {
        effects.push(Effect::Bundle(BundleEffect::Forget));
    }
    // What was told about a field is of no use beside a list; it stays among the messages.
    if told_in_form.is_some() && !is_form(model) && model.notice == told_in_form {
        model.notice = None;
    }
    effects.extend(codes::wanted(model));
    effects
}

fn is_form(model: &Model) -> bool {
    matches!(screen_scope(model), Scope::Field | Scope::Share)
}

fn apply(model: &mut Model, message: Message) -> Vec<Effect> {
    let by_person = message.is_by_person();
    if by_person {
        model.last_key = model.now;
    }
    let Some(message) = uris::refuse(model, message) else { return Vec::new() };
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
            codes::keep_in_view(model);
            Vec::new()
        }
        Message::Focused(focused) => {
            model.focused = focused;
            entry::focus_changed(model);
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
        Message::Slept if model.open => lock(model, "locked, because the machine slept"),
        Message::Slept => {
            clear_fields(model);
            Vec::new()
        }
        Message::Lock if model.open => lock(model, "locked"),
        // The keys of what is open, and their search, are closed one after the other.
        Message::Help => {
            model.dialog = match model.dialog {
                Some(Dialog::Help { .. }) => None,
                _ => Some(Dialog::Help { scroll: 0, filter: String::new(), searching: false }),
            };
            Vec::new()
        }
        // While work is under way only leaving, locking and cancelling mean something.
        Message::Back
            if model.dialog.is_none() && model.busy.as_ref().is_some_and(|busy| busy.can_cancel) =>
        {
            model.busy = None;
            model.tell("cancelled; nothing was changed", false);
            vec![Effect::Cancel]
        }
        message if by_person && model.dialog.is_some() => dialogs::update(model, message),
        _ if by_person && model.busy.is_some() => Vec::new(),
        // After wrong passphrases the field takes nothing for a while; going back and leaving always work.
        message if by_person && model.must_wait() > 0 && !matches!(message, Message::Back) => Vec::new(),
        message => on_screen(model, message),
    }
}

fn on_screen(model: &mut Model, message: Message) -> Vec<Effect> {
    match message {
        Message::Rows { rows, set_aside } => {
            model.back_off = BackOff::default();
            let effects = codes::opened(model, rows, set_aside);
            return effects.into_iter().chain(status::changed(model)).collect();
        }
        // An answer that comes after locking must not bring anything back onto the screen.
        Message::Added { .. }
        | Message::Custodian(_)
        | Message::Copied { .. }
        | Message::ClockDoubted(_)
        | Message::CopiedBefore { .. }
        | Message::Drill(_)
        | Message::Incident(_)
        | Message::Log(_)
        | Message::Pass(_)
        | Message::Plan(_)
        | Message::ReasonsRead { .. }
        | Message::Removed { .. }
        | Message::Revealed { .. }
        | Message::Runbook(_)
        | Message::StatusRead(_)
        | Message::TrashRead(_)
        | Message::UseRead(_)
            if !model.open => {}
        Message::Revealed { id, code, next, valid_until, seconds } => {
            codes::revealed(model, id, code, next, valid_until, seconds);
        }
        Message::ClockDoubted(words) => model.clock.doubt = Some(words),
        Message::ClockCorrected(seconds) => corrected(model, seconds),
        Message::Copied { title, words } => model.tell(format!("{title}: {words}"), false),
        Message::CopiedBefore { id, copied_at, next_at } => {
            model.dialog = Some(Dialog::CopyAgain { id, copied_at, next_at });
        }
        Message::MakerUnknown(fingerprint) => share_entry::ask_maker(model, &fingerprint),
        Message::FolderListed { folder, rows, wrong } => dialogs::listed(model, folder, rows, wrong),
        Message::ReasonsRead { recent, in_session } => reasons::recent(model, recent, in_session),
        Message::UseRead(used) => codes::used(model, &used),
        Message::Removed { ids, words } => codes::removed(model, ids, &words),
        Message::SettingsRead { .. } | Message::TrashRead(_) => {
            pages::answered(model, message);
        }
        Message::StatusRead(known) => status::read(model, known),
        Message::OpenStatus if model.open => return status::open(model),
        Message::Palette if model.open => {
            model.dialog = Some(Dialog::Palette { filter: String::new(), selected: 0 });
        }
        Message::Messages => model.dialog = Some(Dialog::Messages { scroll: 0 }),
        Message::Go(place) if model.open => return go(model, place),
        Message::NextPlace(by) if model.open => return go(model, next_place(model, by)),
        Message::PickFile => return dialogs::pick_file(model),
        // What every screen of an open vault offers by the palette, and some of them by a key.
        Message::Add
        | Message::CompareClock
        | Message::Copy
        | Message::Favourite
        | Message::OpenTrash
        | Message::Remove
        | Message::Reveal
        | Message::RevealPage
        | Message::HideAll
        | Message::Tag
        | Message::Wait
            if model.open =>
        {
            return codes::act(model, message);
        }
        Message::Undo if model.open && !matches!(model.screen, Screen::Trash(_)) => {
            return codes::act(model, Message::Undo);
        }
        Message::Edit | Message::Entry(_) | Message::OpenEntry | Message::Prove if model.open => {
            return entry::act(model, message);
        }
        Message::Bundle(_) | Message::Merge | Message::NewBundle if model.open => {
            return bundles::act(model, message);
        }
        Message::Custodian(message) => return custodians::act(model, message),
        Message::Drill(message) => return drills::act(model, message),
        Message::Incident(message) => return incidents::act(model, message),
        Message::Log(message) => return log::act(model, message),
        Message::Pass(message) => return passes::act(model, message),
        Message::Plan(message) => return plan::act(model, message),
        Message::Runbook(message) => return runbooks::act(model, message),
        Message::Export if model.open => return transfer::act(model, message),
        // A file can be chosen before there is a vault.
        Message::Import | Message::Transfer(_) => return transfer::act(model, message),
        message => return on_page(model, message),
    }
    Vec::new()
}

/// What means the same on no two pages.
fn on_page(model: &mut Model, message: Message) -> Vec<Effect> {
    match model.screen {
        Screen::Codes => codes::update(model, message),
        Screen::Bundles(_) => bundles::update(model, message),
        Screen::Custodians(_) => custodians::update(model, message),
        Screen::Add(_) => add::update(model, message),
        Screen::Edit(_) => edit::update(model, message),
        Screen::Entry(_) => entry::update(model, message),
        Screen::Drills(_) => drills::update(model, message),
        Screen::Incidents(_) => incidents::update(model, message),
        Screen::Log(_) => log::update(model, message),
        Screen::Passes(_) => passes::update(model, message),
        Screen::Plan(_) => plan::update(model, message),
        Screen::Runbooks(_) => runbooks::update(model, message),
        Screen::Settings(_) | Screen::Trash(_) => pages::update(model, message),
        Screen::Status(_) => status::update(model, message),
        Screen::Transfer(_) => transfer::update(model, message),
        Screen::Clock(_)
        | Screen::FirstRun
        | Screen::NewVault(_)
        | Screen::Restore(_)
        | Screen::Unlock(_) => forms::update(model, message),
    }
}

/// Opens one of the places.
fn go(model: &mut Model, place: Place) -> Vec<Effect> {
    if model.screen.place() == Some(place) && place != Place::Codes {
        return Vec::new();
    }
    model.list.filtering = false;
    match place {
        Place::Codes => model.screen = Screen::Codes,
        Place::Bundles => {
            model.screen = Screen::Bundles(BundlesPage::default());
            return bundles::opened(model);
        }
        Place::Drills => {
            model.screen = Screen::Drills(DrillsPage::default());
            return drills::opened();
        }
        Place::Plan => {
            model.screen = Screen::Plan(PlanPage::default());
            return plan::opened();
        }
        Place::Log => {
            model.screen = Screen::Log(LogPage::default());
            return log::opened(model);
        }
        Place::Settings => {
            model.screen = Screen::Settings(SettingsPage::default());
            return vec![Effect::ReadSettings];
        }
    }
    Vec::new()
}

/// What the screen shows of the vault may be another by now.
fn read_again(model: &mut Model) -> Vec<Effect> {
    match &model.screen {
        Screen::Bundles(_) => bundles::opened(model),
        Screen::Custodians(_) => custodians::opened(),
        Screen::Drills(_) => drills::opened(),
        Screen::Entry(_) => entry::opened(model),
        Screen::Incidents(page) => incidents::read_again(page),
        Screen::Log(_) => log::opened(model),
        Screen::Passes(_) => passes::opened(),
        Screen::Plan(_) => plan::opened(),
        Screen::Runbooks(_) => runbooks::opened(),
        Screen::Trash(_) => vec![Effect::ReadTrash],
        _ => Vec::new(),
    }
}

fn next_place(model: &Model, by: isize) -> Place {
    let here = model.screen.place().unwrap_or(Place::Codes);
    let idx = Place::ALL.iter().position(|place| *place == here).unwrap_or(0);
    let n_places = Place::ALL.len();
    let next = (idx + n_places).saturating_add_signed(by) % n_places;
    Place::ALL.get(next).copied().unwrap_or(Place::Codes)
}

/// Forgets everything that the vault held and asks for its passphrase.
fn lock(model: &mut Model, words: &str) -> Vec<Effect> {
    let was_open = model.open;
    model.open = false;
    model.list.clear();
    model.clock.doubt = None;
    model.dialog = None;
    model.busy = None;
    model.notice = None;
    model.messages.clear();
    model.waiting = None;
    model.details = None;
    model.undo.clear();
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
    model.list.asked.clear();
    model.waiting = None;
    if matches!(model.screen, Screen::Clock(_)) {
        model.screen = Screen::Codes;
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
        // What was being filled in while no vault was open begins anew.
        _ => model.screen = Screen::FirstRun,
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
    if now - model.last_key >= model.prefs.idle_seconds {
        model.last_key = now;
        return lock(
            model,
            &format!("locked after {} without a key", idle_in_words(model.prefs.idle_seconds)),
        );
    }
    let mut effects = drills::tick(model);
    effects.extend(codes::roll_over(model));
    effects
}

fn idle_in_words(seconds: u64) -> String {
    match seconds {
        300 => "five minutes".to_owned(),
        _ if seconds.is_multiple_of(60) => format!("{} minutes", seconds / 60),
        _ => format!("{seconds} s"),
    }
}

/// The row of a list that was clicked, if one was.
fn clicked(model: &Model, message: &Message) -> Option<usize> {
    let Message::Clicked(_, line) = message else { return None };
    view::row_at(model, *line)
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

/// Tells a failure over the screen, in full; it stays until it was read, and among the messages.
fn fail(model: &mut Model, failure: &Failure) {
    let lines = told(failure);
    model.remember(lines.join(" · "), true);
    model.dialog = Some(Dialog::Failure { lines, scroll: 0 });
}
