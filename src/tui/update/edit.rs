//! An entry being changed. Only what differs is sent.

#![expect(clippy::wildcard_enum_match_arm, reason = "what a screen does not know means nothing to it")]

use super::{add, entry, uris};
use crate::app::edit::Edit;
use crate::secret::SecretText;
use crate::tui::effect::{Change, Effect, EntryEffect, NewEntry};
use crate::tui::form::{Applied, Field};
use crate::tui::message::{EntryMessage, Message};
use crate::tui::model::{
    AddForm, Confirm, Dialog, EditForm, EditedFrom, EntryPage, EntryValues, Model, Question, Screen, fields,
};

/// Starts the form with what the entry has.
pub(super) fn begin(model: &mut Model, values: EntryValues) {
    let from = match &model.screen {
        Screen::Add(AddForm { proving: Some(proving), .. }) => EditedFrom::FirstCode(proving.clone()),
        Screen::Entry(_) => EditedFrom::Page,
        _ => EditedFrom::List,
    };
    model.screen = Screen::Edit(EditForm::new(values, from));
}

pub(super) fn update(model: &mut Model, message: Message) -> Vec<Effect> {
    let Screen::Edit(edit) = &mut model.screen else { return Vec::new() };
    match message {
        Message::Back => return leave(model),
        Message::Submit => return submit(model),
        Message::Failed(failure) => edit.wrong = Some(super::told(&failure).join("\n")),
        message => return apply(model, message),
    }
    Vec::new()
}

fn apply(model: &mut Model, message: Message) -> Vec<Effect> {
    let Screen::Edit(edit) = &mut model.screen else { return Vec::new() };
    let key = edit.form.focused().map(|field| field.key).unwrap_or_default();
    let message = match message {
        // A URI in a field that is drawn would show its seed.
        Message::Pasted(text) if key != "seed" && uris::is_uri(&text) => {
            edit.form.focus_on("seed");
            edit.form.put("seed", &text);
            edit.wrong = None;
            return check(edit);
        }
        Message::Pasted(text) if key == "note" => Message::Pasted(add::in_one_line(&text)),
        Message::Pasted(text) if key == "codes" => Message::Pasted(with_commas(&text)),
        message => message,
    };
    if !matches!(edit.form.apply(message), Applied::Edited) {
        return Vec::new();
    }
    edit.wrong = None;
    if key == "type" {
        if edit.form.value("type") == edit.values.type_name {
            edit.form.set("number", &edit.values.number.to_string());
        } else {
            fields::renumber(&mut edit.form);
        }
    }
    check(edit)
}

/// Codes that were pasted, one a line, separated as they are where they are typed.
fn with_commas(text: &SecretText) -> SecretText {
    let mut line = SecretText::with_capacity(text.len() * 2 + 2);
    // Terminals send a line end of what is pasted as a return.
    for code in text.expose().split(['\n', '\r']).map(str::trim).filter(|code| !code.is_empty()) {
        line.expose_mut().push_str(code);
        line.expose_mut().push_str(", ");
    }
    line
}

/// Asks what can be said of the new seed as it stands.
fn check(edit: &mut EditForm) -> Vec<Effect> {
    let Some(seed) = typed(edit, "seed") else {
        edit.checked = None;
        return Vec::new();
    };
    let Ok(particulars) = fields::particulars(&edit.form) else { return Vec::new() };
    let new = NewEntry {
        secret: seed,
        particulars,
        tags: Vec::new(),
        note: String::new(),
        privileged: false,
        provenance: None,
    };
    vec![Effect::Entry(EntryEffect::Check(Box::new(new), false))]
}

/// A secret that was typed, if any was.
fn typed(edit: &EditForm, key: &str) -> Option<SecretText> {
    let field = edit.form.field(key).and_then(Field::typed)?;
    (!field.text().expose().trim().is_empty()).then(|| field.text().duplicate())
}

/// The recovery codes that were typed, one a line.
fn typed_codes(edit: &EditForm) -> Option<SecretText> {
    let typed = typed(edit, "codes")?;
    let mut lines = SecretText::with_capacity(typed.len() + 1);
    for code in typed.expose().split(',').map(str::trim).filter(|code| !code.is_empty()) {
        lines.expose_mut().push_str(code);
        lines.expose_mut().push('\n');
    }
    (!lines.is_empty()).then_some(lines)
}

/// What differs from the entry as it was.
fn change(edit: &EditForm) -> Result<Change, fields::Wrong> {
    let (form, values) = (&edit.form, &edit.values);
    let before = EditForm::filled(values);
    let differs = |key: &str| form.value(key) != before.value(key);
    let typed = fields::particulars(form)?;
    let mut change = Edit::default();
    let particulars = &mut change.particulars;
    particulars.issuer = typed.issuer.filter(|_| differs("issuer"));
    particulars.account = typed.account.filter(|_| differs("account"));
    particulars.type_name = typed.type_name.filter(|_| differs("type"));
    particulars.algorithm = typed.algorithm.filter(|_| differs("algorithm"));
    particulars.digits = typed.digits.filter(|_| differs("digits"));
    let is_renumbered = differs("number") || differs("type");
    particulars.period = typed.period.filter(|_| is_renumbered);
    particulars.counter = typed.counter.filter(|_| is_renumbered);
    if differs("tags") {
        let tags = fields::typed_tags(form);
        change.tags_removed = values.tags.iter().filter(|tag| !tags.contains(tag)).cloned().collect();
        change.tags_added = tags.into_iter().filter(|tag| !values.tags.contains(tag)).collect();
    }
    change.note = differs("note").then(|| fields::many_lines(form.value("note")));
    change.privileged = differs("privileged").then(|| form.value("privileged") == "yes");
    change.favourite = differs("favourite").then(|| form.value("favourite") == "yes");
    if differs("provenance") || differs("device") {
        // Nobody has to empty the device's field too, which goes with it.
        let said = values.provenance.is_some();
        let is_device_kept = form.value("device").trim().is_empty() || !differs("device");
        if said && is_device_kept && form.value("provenance") == fields::NOT_SAID {
            change.provenance_not_said = true;
        } else {
            change.provenance = fields::typed_provenance(form)?;
        }
    }
    Ok(Change {
        id: values.id,
        edit: change,
        seed: self::typed(edit, "seed"),
        recovery_codes: typed_codes(edit),
    })
}

fn is_empty(change: &Change) -> bool {
    change.edit.is_empty() && change.seed.is_none() && change.recovery_codes.is_none()
}

fn submit(model: &mut Model) -> Vec<Effect> {
    let Screen::Edit(edit) = &mut model.screen else { return Vec::new() };
    let wrong = |edit: &mut EditForm, key: &str, words: &str| {
        edit.wrong = Some(words.to_owned());
        edit.form.focus_on(key);
        Vec::new()
    };
    let change = match change(edit) {
        Ok(change) => change,
        Err(fields::Wrong { key, words }) => return wrong(edit, key, words),
    };
    if edit.form.value("issuer").trim().is_empty() && edit.form.value("account").trim().is_empty() {
        let words = "give it an issuer or an account, so that it can be found again";
        return wrong(edit, "issuer", words);
    }
    if let (Some(_), Some(Err(words))) = (&change.seed, &edit.checked) {
        let words = format!("nothing was changed: {words}");
        return wrong(edit, "seed", &words);
    }
    if is_empty(&change) {
        let key = edit.form.focused().map(|field| field.key).unwrap_or_default();
        return wrong(edit, key, "nothing differs from what is stored; Esc goes back");
    }
    if change.seed.is_some() || change.recovery_codes.is_some() && edit.values.n_recovery_codes > 0 {
        model.dialog = Some(ask_to_replace(edit, &change));
        return Vec::new();
    }
    vec![Effect::Entry(EntryEffect::Change(Box::new(change)))]
}

/// What is replaced is named, and what becomes of it.
fn ask_to_replace(edit: &EditForm, change: &Change) -> Dialog {
    let values = &edit.values;
    let mut lines = vec![format!("  {}", values.title), String::new()];
    if change.seed.is_some() {
        lines.push(
            "Its seed is replaced: codes of the old one end here. The entry keeps its id, the log notes a \
             rotation, and it is unproven until the service has accepted a code of the new one. Earlier \
             generations and bundles still hold the old seed."
                .to_owned(),
        );
    }
    if let (Some(by), true, true) = (&values.sealed, change.seed.is_some(), change.recovery_codes.is_none()) {
        lines.push(format!(
            "The new seed is sealed as the old one: it takes {by} to open it. Recovery codes that are sealed with the old one, if \
             there are any, are lost with it."
        ));
    }
    if change.recovery_codes.is_some() && values.n_recovery_codes > 0 {
        lines.push(format!(
            "Its {} stored recovery codes, {} of them unused, are replaced by the {} that were given.",
            values.n_recovery_codes,
            values.n_recovery_codes_left,
            edit.n_typed_codes()
        ));
    }
    lines.extend([String::new(), "Save this?".to_owned()]);
    Dialog::Confirm(Confirm { title: "Replace?", lines, question: Question::SaveChanges })
}

/// A question of the form was answered with yes.
pub(super) fn confirmed(model: &mut Model, question: &Question) -> Vec<Effect> {
    let Screen::Edit(edit) = &mut model.screen else { return Vec::new() };
    match question {
        Question::LeaveForm => back(model),
        Question::SaveChanges => match change(edit) {
            Ok(mut change) => {
                // The question has said so.
                change.edit.drops_sealed_codes = change.seed.is_some();
                vec![Effect::Entry(EntryEffect::Change(Box::new(change)))]
            }
            Err(_) => Vec::new(),
        },
        _ => Vec::new(),
    }
}

/// What the world says about the form.
pub(super) fn answered(model: &mut Model, message: EntryMessage) -> Vec<Effect> {
    let Screen::Edit(edit) = &mut model.screen else { return Vec::new() };
    match message {
        EntryMessage::Changed(words) => {
            let effects = back(model);
            model.tell(words, false);
            effects
        }
        EntryMessage::Checked { outcome, .. } => {
            edit.checked = Some(outcome);
            Vec::new()
        }
        _ => Vec::new(),
    }
}

fn leave(model: &mut Model) -> Vec<Effect> {
    let Screen::Edit(edit) = &mut model.screen else { return Vec::new() };
    // What is no number was typed too.
    if change(edit).is_ok_and(|change| is_empty(&change)) {
        return back(model);
    }
    model.dialog =
        Some(add::ask_to_leave("Leave the form? Nothing was changed, and what was typed is lost."));
    Vec::new()
}

/// Back to where the form was begun.
fn back(model: &mut Model) -> Vec<Effect> {
    let Screen::Edit(edit) = &model.screen else { return Vec::new() };
    let id = edit.values.id;
    match edit.from.clone() {
        EditedFrom::FirstCode(proving) => {
            model.screen = Screen::Add(AddForm::added(id, proving.title, proving.warnings));
            // Other numbers, another code.
            vec![Effect::Reveal(vec![id], model.prefs.shown_seconds)]
        }
        EditedFrom::List => {
            model.screen = Screen::Codes;
            Vec::new()
        }
        EditedFrom::Page => {
            model.screen = Screen::Entry(EntryPage::new(id));
            entry::opened(model)
        }
    }
}
