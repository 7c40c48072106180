//! The screens with one field: unlocking, a new vault, a restore, the clock.

#![expect(clippy::wildcard_enum_match_arm, reason = "what a screen does not know means nothing to it")]

use super::passphrase::{self, DOES_NOT_OPEN, Step};
use super::{share_entry, transfer};
use crate::app::{Failure, Kind};
use crate::tui::effect::Effect;
use crate::tui::message::Message;
use crate::tui::model::{BundleForm, ClockForm, Model, NewPassphrase, RestoreForm, Screen};
use crate::tui::secret_field::SecretField;

pub(super) fn update(model: &mut Model, message: Message) -> Vec<Effect> {
    let message = match &mut model.screen {
        Screen::NewVault(form) => match passphrase::apply(form, message, false) {
            Step::Chosen(typed) => return vec![Effect::MakeVault(typed)],
            Step::NotTaken(message) => message,
            Step::Took(effects) => return effects,
            Step::Weak => return Vec::new(),
        },
        Screen::Restore(RestoreForm::New { form, .. }) => match passphrase::apply(form, message, false) {
            Step::Chosen(typed) => return vec![Effect::RestoreNew(typed)],
            Step::NotTaken(message) => message,
            Step::Took(effects) => return effects,
            Step::Weak => return Vec::new(),
        },
        Screen::Restore(RestoreForm::Bundle(bundle)) => match share_entry::apply(bundle, message, false) {
            Ok(effects) => return effects,
            Err(message) => message,
        },
        _ => message,
    };
    match message {
        Message::NewVault => model.screen = Screen::NewVault(NewPassphrase::default()),
        Message::Restore => model.screen = Screen::Restore(RestoreForm::begin()),
        Message::Back => return back(model),
        Message::Submit => return submit(model),
        Message::Failed(failure) => failed(model, &failure),
        Message::BundleSeen { about, by, .. } => {
            if let Screen::Restore(RestoreForm::Bundle(bundle)) = &mut model.screen {
                bundle.ask(about, by);
            }
        }
        Message::BundleOpened { n_entries, warning } => bundle_opened(model, n_entries, warning),
        Message::ClockMeasured { words, seconds } => {
            if let Screen::Clock(form) = &mut model.screen {
                form.offered = Some((words, seconds));
            }
        }
        message => {
            if let Some(field) = field(model) {
                let _changed = passphrase::edit(field, message);
            }
        }
    }
    Vec::new()
}

fn bundle_opened(model: &mut Model, n_entries: usize, warning: Option<String>) {
    let nowhere = Screen::Restore(RestoreForm::begin());
    match std::mem::replace(&mut model.screen, nowhere) {
        Screen::Restore(RestoreForm::Bundle(bundle)) if bundle.about.is_some() => {
            let form = NewPassphrase::default();
            model.screen = Screen::Restore(RestoreForm::New { n_entries, bundle, form });
            if let Some(warning) = warning {
                model.tell(warning, true);
            }
        }
        screen => model.screen = screen,
    }
}

fn field(model: &mut Model) -> Option<&mut SecretField> {
    let asks_key_file = model.asks_key_file();
    match &mut model.screen {
        // What was found is taken or left.
        Screen::Clock(form) => form.offered.is_none().then_some(&mut form.field),
        Screen::Unlock(form) => Some(if asks_key_file { &mut form.key_file } else { &mut form.field }),
        _ => None,
    }
}

fn back(model: &mut Model) -> Vec<Effect> {
    let asks_key_file = model.asks_key_file();
    match &mut model.screen {
        Screen::Clock(form) if form.offered.is_some() => form.offered = None,
        Screen::Clock(_) => model.screen = Screen::Codes,
        Screen::NewVault(form) => {
            model.screen = match form.import.take() {
                Some(path) => transfer::import_form(path.expose()),
                None => Screen::FirstRun,
            }
        }
        Screen::Restore(RestoreForm::New { bundle, .. }) => {
            model.screen = again(bundle);
            return vec![Effect::Lock];
        }
        Screen::Restore(RestoreForm::Bundle(bundle)) if bundle.about.is_some() => {
            // What was looked at or opened is dropped with the step.
            model.screen = again(bundle);
            return vec![Effect::Lock];
        }
        Screen::Restore(RestoreForm::Bundle(_)) => model.screen = Screen::FirstRun,
        Screen::Unlock(form) if asks_key_file && !form.key_file.is_empty() => form.key_file.clear(),
        Screen::Unlock(form) if form.field.is_empty() => return super::update(model, Message::Quit),
        Screen::Unlock(form) => form.field.clear(),
        _ => {}
    }
    Vec::new()
}

/// The bundle's path once more, as it was typed.
fn again(bundle: &BundleForm) -> Screen {
    Screen::Restore(RestoreForm::Bundle(BundleForm::new(bundle.path.expose(), None)))
}

/// Looks at the bundle that was named, or opens it with what was typed.
pub(super) fn submit_bundle(bundle: &mut BundleForm, key_file_named: bool) -> Vec<Effect> {
    bundle.wrong = None;
    if bundle.by_shares {
        return Vec::new();
    }
    if bundle.about.is_none() {
        if bundle.form.value("path").trim().is_empty() {
            bundle.wrong = Some("type the path of the bundle, or choose it with Ctrl-f".to_owned());
            return Vec::new();
        }
        return vec![Effect::LookAtBundle(bundle.form.value("path").to_owned())];
    }
    let key_file = bundle.form.value("key file").trim().to_owned();
    if bundle.form.value("passphrase").is_empty() && key_file.is_empty() && !key_file_named {
        bundle.wrong = Some(match bundle.form.field("passphrase") {
            Some(_) => "type the passphrase of the bundle".to_owned(),
            None => "type the path of the bundle's key file".to_owned(),
        });
        return Vec::new();
    }
    vec![Effect::OpenBundle { passphrase: bundle.form.take("passphrase"), key_file }]
}

fn submit(model: &mut Model) -> Vec<Effect> {
    let asks_key_file = model.asks_key_file();
    match &mut model.screen {
        Screen::Clock(form) => submit_clock(form),
        Screen::Restore(RestoreForm::Bundle(bundle)) => submit_bundle(bundle, model.key_file.is_some()),
        Screen::Unlock(form) if asks_key_file => {
            let path = form.key_file.text().expose().trim().to_owned();
            if path.is_empty() {
                form.wrong = Some("type the path of the key file, or choose it with Ctrl-f".to_owned());
                return Vec::new();
            }
            form.wrong = None;
            model.key_file = Some(crate::entry::label::shown(&path));
            vec![Effect::UseKeyFile(path)]
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

/// A failure is told where it happened: a wrong passphrase at its field, which is asked for again.
fn failed(model: &mut Model, failure: &Failure) {
    let words = in_place(failure);
    match &mut model.screen {
        Screen::Clock(form) => form.wrong = Some(words),
        Screen::NewVault(form) => form.restart(Some(words)),
        Screen::Restore(RestoreForm::New { .. }) => {
            // The opened bundle went with the attempt; it is opened again.
            let screen = std::mem::replace(&mut model.screen, Screen::FirstRun);
            if let Screen::Restore(RestoreForm::New { mut bundle, .. }) = screen {
                bundle.wrong = Some(words);
                model.screen = Screen::Restore(RestoreForm::Bundle(bundle));
            }
        }
        Screen::Restore(RestoreForm::Bundle(bundle)) => bundle.wrong = Some(words),
        Screen::Unlock(form) => {
            form.wrong = Some(words);
            if failure.kind == Kind::WrongPassphrase {
                model.back_off.one_more(model.now);
            }
            // A file that was typed here and is no key file is named again.
            let is_other_file = matches!(failure.kind, Kind::NoFile | Kind::UnknownFormat);
            if is_other_file && !form.key_file.is_empty() {
                model.key_file = None;
            }
        }
        _ => super::fail(model, failure),
    }
}

/// What a failure says at the field that it is about.
pub(super) fn in_place(failure: &Failure) -> String {
    if failure.kind == Kind::WrongPassphrase {
        DOES_NOT_OPEN.to_owned()
    } else {
        super::told(failure).join("\n")
    }
}
