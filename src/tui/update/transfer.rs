//! Files of other programs: read into the vault, or written from it.

#![expect(clippy::wildcard_enum_match_arm, reason = "what a screen does not know means nothing to it")]

mod export;

use super::{bundles, forms};
use crate::secret::SecretText;
use crate::tui::effect::{Effect, TransferEffect};
use crate::tui::form::{Applied, Field, Form};
use crate::tui::message::{Message, TransferMessage};
use crate::tui::model::{
    Confirm, Dialog, Done, ImportForm, Model, NewPassphrase, Question, Recognised, Report, Screen,
    TransferForm,
};
use crate::tui::view::most_above;

pub(in crate::tui) use export::PLAINTEXT_WORD;
pub(super) use export::{overwrite, proven};

/// The field of a file's key file.
const KEY_FILE: &str = "key-file";

/// What the screens of files do with a message.
pub(super) fn update(model: &mut Model, message: Message) -> Vec<Effect> {
    let size = model.size;
    let Screen::Transfer(form) = &mut model.screen else { return Vec::new() };
    match form {
        TransferForm::Export(_) => export::update(model, message),
        TransferForm::Import(_) => import(model, message),
        TransferForm::Report(report, path) => match message {
            Message::Submit => take(model, false),
            Message::Back => {
                model.screen = Screen::Codes;
                Vec::new()
            }
            // The file that was read went with the attempt; it is named again.
            Message::Failed(failure) => {
                let path = path.duplicate();
                model.screen = import_form(path.expose());
                super::fail(model, &failure);
                Vec::new()
            }
            message => {
                bundles::scroll(&message, |by| report.scroll(by));
                Vec::new()
            }
        },
        TransferForm::Done(done) => {
            match message {
                Message::Back => model.screen = Screen::Codes,
                Message::Failed(failure) => super::fail(model, &failure),
                message => {
                    let most = most_above(done, size);
                    bundles::scroll(&message, |by| done.scroll(by, most));
                }
            }
            Vec::new()
        }
    }
}

/// What is offered about files on several screens, and what the world says of them.
pub(super) fn act(model: &mut Model, message: Message) -> Vec<Effect> {
    match message {
        Message::Import => {
            model.list.filtering = false;
            model.screen = import_form("");
        }
        Message::Transfer(TransferMessage::Recognised { format, cost, may_have_key_file }) => {
            return recognised(model, format, cost, may_have_key_file);
        }
        // An answer that comes after locking brings nothing back.
        _ if !model.open => {}
        Message::Export => export::begin(model),
        Message::Transfer(TransferMessage::AllowSkipped) => return take(model, true),
        Message::Transfer(TransferMessage::UndoImport) => ask_to_undo(model),
        Message::Transfer(TransferMessage::OutputSeen { exists, n_entries, lossy, left_out, asks_vault }) => {
            let seen = export::Seen { n_entries, lossy, left_out, asks_vault };
            return export::output_seen(model, exists, seen);
        }
        Message::Transfer(TransferMessage::Planned(report)) => planned(model, report),
        Message::Transfer(TransferMessage::Imported(words)) => {
            if matches!(model.screen, Screen::Transfer(_)) {
                model.screen = Screen::Codes;
            }
            model.tell(words, false);
        }
        Message::Transfer(TransferMessage::Done(done)) => finished(model, done),
        _ => {}
    }
    Vec::new()
}

/// Asks for a file to be imported.
pub(super) fn import_form(path: &str) -> Screen {
    let help = "Type or paste the path, or press Ctrl-f to choose the file. Its format is recognised.";
    Screen::Transfer(TransferForm::Import(ImportForm {
        form: Form::new(vec![Field::path("path", "Path: ", help, path)]),
        recognised: None,
        wrong: None,
    }))
}

fn import(model: &mut Model, message: Message) -> Vec<Effect> {
    let Screen::Transfer(TransferForm::Import(import)) = &mut model.screen else { return Vec::new() };
    let message = match import.form.apply(message) {
        Applied::Edited => {
            import.wrong = None;
            return Vec::new();
        }
        Applied::Moved => return Vec::new(),
        Applied::NotTaken(message) => message,
    };
    match message {
        Message::Submit => return submit(import),
        Message::Back => match &import.recognised {
            Some(recognised) => model.screen = import_form(recognised.path.expose()),
            None if model.open => model.screen = Screen::Codes,
            None => model.screen = Screen::FirstRun,
        },
        Message::Failed(failure) => import.wrong = Some(forms::in_place(&failure)),
        _ => {}
    }
    Vec::new()
}

fn submit(import: &mut ImportForm) -> Vec<Effect> {
    import.wrong = None;
    let key_file = import.form.value(KEY_FILE).trim();
    let key_file = (!key_file.is_empty()).then(|| key_file.to_owned());
    let effect = match &import.recognised {
        None if import.form.value("path").trim().is_empty() => {
            import.wrong = Some("type the path of the file, or choose it with Ctrl-f".to_owned());
            return Vec::new();
        }
        None => TransferEffect::Recognise(import.form.value("path").to_owned()),
        Some(_) if import.form.value("passphrase").is_empty() && key_file.is_none() => {
            import.wrong = Some("type the passphrase of the file, as it was set in the app".to_owned());
            return Vec::new();
        }
        Some(recognised) => TransferEffect::Read {
            path: recognised.path.expose().to_owned(),
            passphrase: Some(import.form.take("passphrase")),
            key_file,
        },
    };
    vec![Effect::Transfer(effect)]
}

/// A file was recognised. Where there is no vault yet, one is made first; an encrypted file wants its passphrase.
fn recognised(
    model: &mut Model,
    format: String,
    cost: Option<String>,
    may_have_key_file: bool,
) -> Vec<Effect> {
    let Screen::Transfer(TransferForm::Import(import)) = &mut model.screen else { return Vec::new() };
    if import.recognised.is_some() {
        return Vec::new();
    }
    let path = import.form.take("path");
    if !model.open {
        let form = NewPassphrase { import: Some(path), ..NewPassphrase::default() };
        model.screen = Screen::NewVault(form);
        return Vec::new();
    }
    let typed = path.expose().to_owned();
    import.wrong = None;
    let Some(cost) = cost else {
        import.form.set("path", &typed);
        let effect = TransferEffect::Read { path: typed, passphrase: None, key_file: None };
        return vec![Effect::Transfer(effect)];
    };
    let help = "The one that was set in the app that wrote it.";
    let mut fields = vec![Field::secret("passphrase", "Passphrase of the file: ", help)];
    if may_have_key_file {
        let help = "Where it has one; without a passphrase where that alone opens it. Ctrl-f chooses it.";
        fields.push(Field::path(KEY_FILE, "Key file: ", help, ""));
    }
    import.form = Form::new(fields);
    import.recognised = Some(Recognised { path, format: format!("{format}, encrypted ({cost} to open)") });
    Vec::new()
}

/// The vault for a file that was chosen before is made: the file is recognised again, and read.
pub(super) fn go_on_importing(model: &mut Model, path: &SecretText) -> Vec<Effect> {
    model.screen = import_form(path.expose());
    vec![Effect::Transfer(TransferEffect::Recognise(path.expose().to_owned()))]
}

/// A file was read, and compared with the vault.
fn planned(model: &mut Model, report: Report) {
    let Screen::Transfer(TransferForm::Import(import)) = &mut model.screen else { return };
    let path = match import.recognised.take() {
        Some(recognised) => recognised.path,
        None => import.form.take("path"),
    };
    model.screen = Screen::Transfer(TransferForm::Report(report, path));
}

/// Takes what the report says; where some cannot be taken, only if that was asked for.
fn take(model: &mut Model, allow_skipped: bool) -> Vec<Effect> {
    let Screen::Transfer(TransferForm::Report(report, _)) = &model.screen else { return Vec::new() };
    if report.n_written == 0 {
        model.tell("there is nothing to take: Esc goes back", false);
        return Vec::new();
    }
    if report.n_refused > 0 && !allow_skipped {
        let words = "some cannot be taken, so that nothing is: s takes the others, Esc takes nothing";
        model.tell(words, true);
        return Vec::new();
    }
    vec![Effect::Transfer(TransferEffect::Take { allow_skipped })]
}

fn ask_to_undo(model: &mut Model) {
    model.dialog = Some(Dialog::Confirm(Confirm {
        title: "Take back?",
        lines: vec![
            "Take the last import back?".to_owned(),
            String::new(),
            "What it added goes to the trash, but for what was changed since.".to_owned(),
        ],
        question: Question::UndoImport,
    }));
}

/// What was being done is done, if nobody has gone elsewhere meanwhile.
fn finished(model: &mut Model, done: Done) {
    model.remember(done.what.clone(), false);
    match &mut model.screen {
        Screen::Transfer(form) => *form = TransferForm::Done(done),
        _ => model.tell(done.what, false),
    }
}
