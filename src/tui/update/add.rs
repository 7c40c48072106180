//! A new entry: filled in, checked while it is typed, added, and its first code tried.

#![expect(clippy::wildcard_enum_match_arm, reason = "what a screen does not know means nothing to it")]

use super::{codes, uris};
use crate::app::{Failure, Kind, add};
use crate::entry::EntryId;
use crate::secret::SecretText;
use crate::tui::effect::{Effect, EntryEffect, NewEntry};
use crate::tui::form::{Applied, Field};
use crate::tui::message::{EntryMessage, Message};
use crate::tui::model::{AddForm, Confirm, Dialog, Model, PICTURE_CODES, Question, Screen, fields};
use crate::tui::secret_field::SecretField;

/// Starts the form.
pub(super) fn begin(model: &mut Model) {
    model.screen = Screen::Add(AddForm::default());
}

/// Starts the form with a URI that was pasted elsewhere.
pub(super) fn begin_with(model: &mut Model, uri: &SecretText) -> Vec<Effect> {
    begin(model);
    pasted(model, uri)
}

pub(super) fn update(model: &mut Model, message: Message) -> Vec<Effect> {
    let Screen::Add(add) = &mut model.screen else { return Vec::new() };
    match message {
        Message::Failed(failure) if add.proving.is_some() => super::fail(model, &failure),
        Message::Failed(failure) => failed(model, &failure),
        Message::Added { id, title, warnings } => return added(model, id, title, warnings),
        // Nothing is typed any more.
        _ if add.proving.is_some() => {}
        Message::Back => return leave(model),
        Message::Submit => return submit(model),
        // A URI is a secret, wherever the cursor is; in another field it would be drawn.
        Message::Pasted(text) if uris::is_uri(&text) => return pasted(model, &text),
        message => return edit(model, message),
    }
    Vec::new()
}

fn edit(model: &mut Model, message: Message) -> Vec<Effect> {
    let Screen::Add(add) = &mut model.screen else { return Vec::new() };
    let key = add.form.focused().map(|field| field.key).unwrap_or_default();
    // What has several lines elsewhere has one here.
    let message = match message {
        Message::Pasted(text) if key == "note" => Message::Pasted(in_one_line(&text)),
        message => message,
    };
    if !matches!(add.form.apply(message), Applied::Edited) {
        return Vec::new();
    }
    add.touched = true;
    add.wrong = None;
    match key {
        "type" => fields::renumber(&mut add.form),
        "qr" => return choose(model),
        _ => {}
    }
    check(model, key == "secret")
}

/// A pasted text with its line ends as they stand in a field of one line.
pub(super) fn in_one_line(text: &SecretText) -> SecretText {
    let mut line = SecretText::with_capacity(text.len() * 3);
    let kept = text.expose().trim_end().replace("\r\n", "\n");
    kept.chars().for_each(|c| line.expose_mut().push(if matches!(c, '\n' | '\r') { '⏎' } else { c }));
    line
}

/// Takes a URI. Of an export with several accounts one is chosen, as of a picture with several codes.
fn pasted(model: &mut Model, uri: &SecretText) -> Vec<Effect> {
    match add::accounts(uri) {
        Ok(accounts) if accounts.len() > 1 => offer(model, accounts, "the export"),
        // What is wrong with an export that is damaged or empty is said beside the field.
        _ => take_secret(model, uri),
    }
}

/// Puts a secret into its field and goes there.
fn take_secret(model: &mut Model, secret: &SecretText) -> Vec<Effect> {
    let Screen::Add(add) = &mut model.screen else { return Vec::new() };
    add.form.put("secret", secret);
    add.form.focus_on("secret");
    (add.touched, add.wrong) = (true, None);
    check(model, true)
}

/// Asks what can be said of the secret as it stands.
fn check(model: &mut Model, fills: bool) -> Vec<Effect> {
    let Screen::Add(add) = &mut model.screen else { return Vec::new() };
    if add.form.field("secret").and_then(Field::typed).is_none_or(SecretField::is_empty) {
        add.checked = None;
        return Vec::new();
    }
    match request(add) {
        Ok(new) => vec![Effect::Entry(EntryEffect::Check(Box::new(new), fills))],
        // A number that is not one yet is said when it is to be used.
        Err(_) => Vec::new(),
    }
}

/// What was typed.
fn request(add: &AddForm) -> Result<NewEntry, fields::Wrong> {
    let form = &add.form;
    let secret = form.field("secret").and_then(Field::typed).map(|field| field.text().duplicate());
    Ok(NewEntry {
        secret: secret.unwrap_or_else(|| SecretText::with_capacity(0)),
        particulars: fields::particulars(form)?,
        tags: fields::typed_tags(form),
        note: fields::many_lines(form.value("note")),
        privileged: form.value("privileged") == "yes",
        provenance: fields::typed_provenance(form)?,
    })
}

/// What the world says about the form.
pub(super) fn answered(model: &mut Model, message: EntryMessage) -> Vec<Effect> {
    let Screen::Add(add) = &mut model.screen else { return Vec::new() };
    match message {
        EntryMessage::Checked { outcome, fills } if add.proving.is_none() => {
            add.checked = Some(outcome);
            if fills {
                add.fill();
            }
        }
        EntryMessage::PictureRead(texts) if add.proving.is_none() => {
            return offer(model, texts, "the picture");
        }
        EntryMessage::SeedMade(seed) if add.proving.is_none() => {
            let effects = take_secret(model, &seed);
            model.tell(
                "a new seed stands in the field: Ctrl-r shows it, for the server that is to have it",
                false,
            );
            return effects;
        }
        _ => {}
    }
    Vec::new()
}

/// Reads the picture whose path is in the field.
pub(super) fn read_picture(model: &mut Model) -> Vec<Effect> {
    let Screen::Add(add) = &mut model.screen else { return Vec::new() };
    let Some(path) = add.form.field("picture").and_then(Field::typed) else { return Vec::new() };
    vec![Effect::Entry(EntryEffect::ReadPicture(path.text().duplicate()))]
}

/// One account is taken; of several one is chosen.
fn offer(model: &mut Model, mut texts: Vec<SecretText>, source: &str) -> Vec<Effect> {
    let n_found = texts.len();
    texts.truncate(PICTURE_CODES.len());
    let Screen::Add(add) = &mut model.screen else { return Vec::new() };
    add.found = texts;
    add.form.remove("qr");
    if n_found > 1 {
        let offered = PICTURE_CODES.get(..add.found.len()).unwrap_or_default();
        let help = "There are several accounts: Left and Right choose. Each is added by itself.";
        add.form.insert_after("picture", Field::choice("qr", "One of them: ", help, offered, "1"));
    }
    let effects = choose(model);
    let Screen::Add(add) = &mut model.screen else { return effects };
    let words = match n_found {
        1 => format!("{source} was read; its one account fills the form"),
        n if n > add.found.len() => format!(
            "{source} holds {n} accounts, of which the first {} can be chosen; an import takes them all",
            add.found.len()
        ),
        n => format!("{source} holds {n} accounts: this is the first, Left and Right choose another"),
    };
    if n_found > 1 {
        add.form.focus_on("qr");
    }
    model.tell(words, false);
    effects
}

/// Fills the form with the chosen account.
fn choose(model: &mut Model) -> Vec<Effect> {
    let Screen::Add(add) = &mut model.screen else { return Vec::new() };
    let place = PICTURE_CODES.iter().position(|number| *number == add.form.value("qr")).unwrap_or(0);
    let Some(text) = add.found.get(place).map(SecretText::duplicate) else { return Vec::new() };
    let effects = take_secret(model, &text);
    let Screen::Add(add) = &mut model.screen else { return effects };
    add.form.focus_on("qr");
    effects
}

fn submit(model: &mut Model) -> Vec<Effect> {
    let Screen::Add(add) = &mut model.screen else { return Vec::new() };
    let is_empty = |key: &str| add.form.value(key).trim().is_empty();
    let at_picture = add.form.focused().is_some_and(|field| field.key == "picture");
    if !is_empty("picture") && (at_picture || is_empty("secret")) {
        return read_picture(model);
    }
    if is_empty("secret") {
        model.dialog = Some(Dialog::Confirm(Confirm {
            title: "Make a seed?",
            lines: vec![
                "No secret was typed. Make a new seed of 160 bits here?".to_owned(),
                String::new(),
                "That is for a server of your own, which is then given this seed. A service that shows a QR \
                 code has made one already."
                    .to_owned(),
            ],
            question: Question::MakeSeed,
        }));
        return Vec::new();
    }
    if let Some(Err(words)) = &add.checked {
        add.wrong = Some(format!("it was not added: {words}"));
        add.form.focus_on("secret");
        return Vec::new();
    }
    if is_empty("issuer") && is_empty("account") {
        add.wrong = Some("give it an issuer or an account, so that it can be found again".to_owned());
        add.form.focus_on("issuer");
        return Vec::new();
    }
    let new = match request(add) {
        Ok(new) => new,
        Err(wrong) => {
            add.wrong = Some(wrong.words.to_owned());
            add.form.focus_on(wrong.key);
            return Vec::new();
        }
    };
    if let Some(Ok(checked)) = &add.checked
        && let Some(twin) = &checked.twin
    {
        model.dialog = Some(ask_about_twin(&twin.title));
        return Vec::new();
    }
    vec![Effect::Entry(EntryEffect::Add(Box::new(new), false))]
}

fn ask_about_twin(title: &str) -> Dialog {
    Dialog::Confirm(Confirm {
        title: "Add it twice?",
        lines: vec![
            "An entry with the same seed and numbers is in the vault:".to_owned(),
            format!("  {title}"),
            String::new(),
            "Add this one all the same? Both will show the same codes.".to_owned(),
        ],
        question: Question::AddTwin,
    })
}

/// A question of the form was answered with yes.
pub(super) fn confirmed(model: &mut Model, question: &Question) -> Vec<Effect> {
    let Screen::Add(add) = &mut model.screen else { return Vec::new() };
    match question {
        Question::AddTwin => match request(add) {
            Ok(new) => vec![Effect::Entry(EntryEffect::Add(Box::new(new), true))],
            Err(_) => Vec::new(),
        },
        Question::LeaveForm => {
            model.screen = Screen::Codes;
            Vec::new()
        }
        Question::MakeSeed => vec![Effect::Entry(EntryEffect::MakeSeed)],
        _ => Vec::new(),
    }
}

fn leave(model: &mut Model) -> Vec<Effect> {
    let Screen::Add(add) = &mut model.screen else { return Vec::new() };
    if add.touched {
        model.dialog =
            Some(ask_to_leave("Leave the form? The entry was not added, and what was typed is lost."));
    } else {
        model.screen = Screen::Codes;
    }
    Vec::new()
}

pub(super) fn ask_to_leave(words: &str) -> Dialog {
    Dialog::Confirm(Confirm { title: "Leave?", lines: vec![words.to_owned()], question: Question::LeaveForm })
}

/// A failure is told in the form, which keeps all that was typed.
fn failed(model: &mut Model, failure: &Failure) {
    let Screen::Add(add) = &mut model.screen else { return };
    // Another process may have added it since it was typed; Enter asks then.
    let words = match failure.kind {
        Kind::Duplicate => failure.what.clone(),
        _ => super::told(failure).join("\n"),
    };
    add.wrong = Some(words);
    if failure.kind == Kind::Duplicate {
        model.dialog = Some(ask_about_twin(&failure.what));
    }
}

/// It was added: its first code is shown, for the service to take.
fn added(model: &mut Model, id: EntryId, title: String, warnings: Vec<String>) -> Vec<Effect> {
    codes::select(model, id);
    model.remember(format!("added {title}"), false);
    model.notice = None;
    model.screen = Screen::Add(AddForm::added(id, title, warnings));
    vec![Effect::Reveal(vec![id], model.prefs.shown_seconds)]
}

/// What was said about the first code.
pub(super) fn tried(model: &mut Model, message: &EntryMessage) -> Vec<Effect> {
    let Screen::Add(AddForm { proving: Some(proving), .. }) = &mut model.screen else { return Vec::new() };
    match message {
        EntryMessage::Accepted => {
            let id = proving.id;
            model.screen = Screen::Codes;
            return vec![Effect::Entry(EntryEffect::Prove(id))];
        }
        EntryMessage::NotAccepted => proving.refused = true,
        _ => {
            let words = format!(
                "{} was added and is not proven: p notes it once the service has accepted a code",
                proving.title
            );
            model.screen = Screen::Codes;
            model.tell(words, false);
        }
    }
    Vec::new()
}
