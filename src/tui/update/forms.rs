//! The screens with one field: unlocking, a new vault, a restore, the clock.

#![expect(clippy::wildcard_enum_match_arm, reason = "what a screen does not know means nothing to it")]

use crate::app::{Failure, Kind};
use crate::secret::SecretText;
use crate::tui::effect::Effect;
use crate::tui::message::{Message, Typed};
use crate::tui::model::{ClockForm, Model, NewPassphrase, RestoreForm, Screen};
use crate::tui::secret_field::SecretField;

pub(super) fn update(model: &mut Model, message: Message) -> Vec<Effect> {
    match message {
        Message::NewVault => model.screen = Screen::NewVault(NewPassphrase::default()),
        Message::Restore => {
            model.screen = Screen::Restore(RestoreForm::Path { field: SecretField::plain(), wrong: None });
        }
        Message::Back => return back(model),
        Message::Submit => return submit(model),
        Message::Failed(failure) => failed(model, &failure),
        Message::Typed(Typed(c)) => return edited(model, |field| field.push(c)),
        Message::Pasted(text) => return edited(model, |field| field.paste(&text)),
        Message::Erase => return edited(model, SecretField::erase),
        Message::EraseAll => return edited(model, SecretField::clear),
        Message::EraseNext => return edited(model, SecretField::erase_next),
        Message::EraseWord => return edited(model, SecretField::erase_word),
        Message::Jump(jump) => {
            if let Some(field) = field(model) {
                field.jump(jump);
            }
        }
        Message::ToggleShown => {
            if let Some(field) = field(model) {
                field.toggle_shown();
            }
        }
        Message::Estimated(words) => {
            if let Some(form) = new_passphrase(model) {
                form.strength = words;
            }
        }
        Message::Generated(words) => {
            if let Some(form) = new_passphrase(model) {
                *form = NewPassphrase { offered: Some(words), ..NewPassphrase::default() };
            }
        }
        Message::BundleSeen { about } if matches!(model.screen, Screen::Restore(_)) => {
            model.screen = Screen::Restore(RestoreForm::Passphrase {
                field: SecretField::default(),
                about,
                wrong: None,
            });
        }
        Message::BundleOpened { n_entries, warning } => {
            let about = match &mut model.screen {
                Screen::Restore(RestoreForm::Passphrase { about, .. }) => std::mem::take(about),
                _ => return Vec::new(),
            };
            let form = NewPassphrase::default();
            model.screen = Screen::Restore(RestoreForm::New { n_entries, about, form });
            if let Some(warning) = warning {
                model.tell(warning, true);
            }
        }
        Message::ClockMeasured { words, seconds } => {
            if let Screen::Clock(form) = &mut model.screen {
                form.offered = Some((words, seconds));
            }
        }
        _ => {}
    }
    Vec::new()
}

fn field(model: &mut Model) -> Option<&mut SecretField> {
    match &mut model.screen {
        // What was found is taken or left.
        Screen::Clock(form) => form.offered.is_none().then_some(&mut form.field),
        // Words that were made are written down, not edited.
        Screen::NewVault(form) | Screen::Restore(RestoreForm::New { form, .. }) => {
            form.offered.is_none().then_some(&mut form.field)
        }
        Screen::Restore(RestoreForm::Passphrase { field, .. } | RestoreForm::Path { field, .. }) => {
            Some(field)
        }
        Screen::Unlock(form) => Some(&mut form.field),
        _ => None,
    }
}

fn new_passphrase(model: &mut Model) -> Option<&mut NewPassphrase> {
    match &mut model.screen {
        Screen::NewVault(form) | Screen::Restore(RestoreForm::New { form, .. }) => Some(form),
        _ => None,
    }
}

fn edited(model: &mut Model, edit: impl FnOnce(&mut SecretField)) -> Vec<Effect> {
    if let Some(field) = field(model) {
        edit(field);
    }
    match &mut model.screen {
        Screen::NewVault(form) | Screen::Restore(RestoreForm::New { form, .. })
            if form.first.is_none() && form.offered.is_none() =>
        {
            form.wrong = None;
            vec![Effect::Estimate(form.field.text().duplicate())]
        }
        _ => Vec::new(),
    }
}

fn back(model: &mut Model) -> Vec<Effect> {
    match &mut model.screen {
        Screen::Clock(form) if form.offered.is_some() => form.offered = None,
        Screen::Clock(_) => model.screen = Screen::Codes,
        Screen::NewVault(form) | Screen::Restore(RestoreForm::New { form, .. })
            if form.first.is_some() || form.offered.is_some() =>
        {
            *form = NewPassphrase::default();
        }
        Screen::NewVault(_) | Screen::Restore(RestoreForm::Path { .. }) => model.screen = Screen::FirstRun,
        Screen::Restore(_) => {
            // What was opened is dropped with the step that opened it.
            model.screen = Screen::Restore(RestoreForm::Path { field: SecretField::plain(), wrong: None });
            return vec![Effect::Lock];
        }
        Screen::Unlock(form) if form.field.is_empty() => return super::update(model, Message::Quit),
        Screen::Unlock(form) => form.field.clear(),
        _ => {}
    }
    Vec::new()
}

fn submit(model: &mut Model) -> Vec<Effect> {
    match &mut model.screen {
        Screen::Clock(form) => submit_clock(form),
        Screen::NewVault(form) => submit_new(form, Effect::MakeVault),
        Screen::Restore(RestoreForm::New { form, .. }) => submit_new(form, Effect::RestoreNew),
        Screen::Restore(RestoreForm::Path { field, wrong }) if !field.is_empty() => {
            *wrong = None;
            vec![Effect::LookAtBundle(field.text().expose().to_owned())]
        }
        Screen::Restore(RestoreForm::Passphrase { field, wrong, .. }) => {
            if field.is_empty() && model.key_file.is_none() {
                *wrong = Some("type the passphrase of the bundle".to_owned());
                return Vec::new();
            }
            *wrong = None;
            vec![Effect::OpenBundle(field.take())]
        }
        Screen::Unlock(form) if form.field.is_empty() && model.key_file.is_none() => {
            form.wrong = Some("type the passphrase of the vault".to_owned());
            Vec::new()
        }
        Screen::Unlock(form) => {
            form.wrong = None;
            vec![Effect::Unlock(form.field.take())]
        }
        _ => Vec::new(),
    }
}

/// A code: measure the clock by it. What was found: take it.
fn submit_clock(form: &mut ClockForm) -> Vec<Effect> {
    if let Some((_, seconds)) = form.offered {
        return vec![Effect::CorrectClock(seconds)];
    }
    if form.field.is_empty() {
        form.wrong = Some("type the code that the other device shows".to_owned());
        return Vec::new();
    }
    form.wrong = None;
    vec![Effect::MeasureClock(form.id, form.field.take())]
}

/// Empty: make one of eight words. Else: once more, unseen. Then: do it, if the two are the same.
fn submit_new(form: &mut NewPassphrase, done: impl FnOnce(SecretText) -> Effect) -> Vec<Effect> {
    if let Some(words) = form.offered.take() {
        form.first = Some(words);
        return Vec::new();
    }
    let typed = form.field.take();
    form.wrong = None;
    match form.first.take() {
        None if typed.is_empty() => vec![Effect::Generate],
        None => {
            form.first = Some(typed);
            Vec::new()
        }
        Some(first) if first.same_as(&typed) => vec![done(typed)],
        Some(first) => {
            form.wrong = Some("the two differ; type it again, or begin anew with Esc".to_owned());
            form.first = Some(first);
            Vec::new()
        }
    }
}

/// A failure is told where it happened: a wrong passphrase at its field, which is asked for again.
fn failed(model: &mut Model, failure: &Failure) {
    let words = if failure.kind == Kind::WrongPassphrase {
        "it does not open it: check Caps Lock and the keyboard layout, and try again".to_owned()
    } else {
        super::told(failure).join("\n")
    };
    match &mut model.screen {
        Screen::Clock(form) => form.wrong = Some(words),
        Screen::NewVault(form) => {
            *form = NewPassphrase { wrong: Some(words), ..NewPassphrase::default() };
        }
        // The opened bundle went with the attempt; it is opened again.
        Screen::Restore(RestoreForm::New { about, .. }) => {
            let about = std::mem::take(about);
            model.screen = Screen::Restore(RestoreForm::Passphrase {
                field: SecretField::default(),
                about,
                wrong: Some(words),
            });
        }
        Screen::Restore(RestoreForm::Passphrase { wrong, .. } | RestoreForm::Path { wrong, .. }) => {
            *wrong = Some(words);
        }
        Screen::Unlock(form) => {
            form.wrong = Some(words);
            if failure.kind == Kind::WrongPassphrase {
                model.back_off.one_more(model.now);
            }
        }
        _ => super::fail(model, failure),
    }
}
