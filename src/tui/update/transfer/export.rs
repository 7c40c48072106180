//! An export, step by step: what and where, the file's passphrase or a word for a file in clear, the vault's
//! passphrase once more.

#![expect(clippy::wildcard_enum_match_arm, reason = "what a step does not know means nothing to it")]

use crate::app::Failure;
use crate::app::export::{Writable, formats};
use crate::app::time;
use crate::secret::SecretText;
use crate::tui::effect::{Effect, ExportOrder, TransferEffect};
use crate::tui::form::{Applied, Field, Form};
use crate::tui::message::Message;
use crate::tui::model::{ExportForm, ExportStep, Model, NewPassphrase, Screen, TransferForm, VaultProof};
use crate::tui::update::bundles::{ALL, MARKED, marked, selection};
use crate::tui::update::passphrase::{self, Step};
use crate::tui::update::{bundles, forms};

/// The values of the field that says how the seeds are written.
const ENCRYPTED: &str = "encrypted";
const IN_CLEAR: &str = "in clear";

/// The format that is proposed: it keeps most.
const FIRST: &str = "aegis";

/// What is typed before seeds are written in clear.
pub(in crate::tui) const PLAINTEXT_WORD: &str = "plaintext";

/// Begins an export, of the marked entries where there are any.
pub(super) fn begin(model: &mut Model) {
    model.list.filtering = false;
    let marked = marked(&model.list);
    let day = time::day(model.now);
    model.screen = Screen::Transfer(TransferForm::Export(Box::new(ExportForm {
        form: fields(&day, !marked.is_empty()),
        marked,
        step: ExportStep::What,
        wrong: None,
        lossy: Vec::new(),
        left_out: Vec::new(),
        n_entries: 0,
        force: false,
        asks_vault: false,
        passphrase: None,
    })));
}

fn fields(day: &str, any_marked: bool) -> Form {
    let names: Vec<&'static str> = formats().into_iter().map(|format| format.name).collect();
    let first = formats().into_iter().find(|format| format.id == FIRST);
    let path = format!("~/lifeboat-{day}{}", first.map(end_of_name).unwrap_or_default());
    let change = "Left and Right change it.";
    let mut fields = vec![
        Field::choice(
            "format",
            "Format: ",
            "Left and Right change it, a letter goes to the next that begins with it.",
            &names,
            first.map(|format| format.name).unwrap_or_default(),
        ),
        Field::choice(
            "seeds",
            "Seeds: ",
            "Left and Right change it. In clear, whoever reads the file has every code.",
            &[ENCRYPTED, IN_CLEAR],
            ENCRYPTED,
        ),
        Field::path("path", "File: ", "Where it is written. Ctrl-f shows the folders; Tab takes one.", &path),
    ];
    if any_marked {
        fields.push(Field::choice("entries", "Entries: ", change, &[MARKED, ALL], MARKED));
    }
    fields.push(Field::text(
        "tags",
        "With tags: ",
        "Only entries that have these, separated by commas; empty for no matter.",
        "",
    ));
    Form::new(fields)
}

/// The chosen format.
fn chosen(form: &Form) -> Option<Writable> {
    formats().into_iter().find(|format| format.name == form.value("format"))
}

/// The id of the chosen format, and whether it can be encrypted.
fn format(form: &Form) -> (&'static str, bool) {
    chosen(form).map_or(("", false), |format| (format.id, format.can_encrypt))
}

/// How the name of a file of a format ends: with the format, and with what such files end in.
fn end_of_name(format: Writable) -> String {
    format!("-{}.{}", format.id, format.ending)
}

/// A name that ends as another format's ends as the chosen one's. Any other name is somebody's own, and stays.
fn rename(form: &mut Form) {
    if form.focused().is_none_or(|field| field.key != "format") {
        return;
    }
    let Some(chosen) = chosen(form) else { return };
    let path = form.value("path");
    let bare = formats().into_iter().find_map(|other| path.strip_suffix(end_of_name(other).as_str()));
    if let Some(path) = bare.map(|bare| format!("{bare}{}", end_of_name(chosen))) {
        form.set("path", &path);
    }
}

pub(super) fn update(model: &mut Model, message: Message) -> Vec<Effect> {
    let Some(export) = under_way(&mut model.screen) else { return Vec::new() };
    let message = match &mut export.step {
        ExportStep::What => match export.form.apply(message) {
            Applied::Edited => {
                export.wrong = None;
                export.force = false;
                rename(&mut export.form);
                return Vec::new();
            }
            Applied::Moved => return Vec::new(),
            Applied::NotTaken(message) => message,
        },
        ExportStep::Clear(form) => match form.apply(message) {
            Applied::Edited => {
                export.wrong = None;
                return Vec::new();
            }
            Applied::Moved => return Vec::new(),
            Applied::NotTaken(Message::Submit) if form.value("word").trim() == PLAINTEXT_WORD => {
                return prove_or_write(export);
            }
            Applied::NotTaken(Message::Submit) => {
                export.wrong = Some(format!(
                    "type \"{PLAINTEXT_WORD}\" to write the seeds in clear, or go back with Esc"
                ));
                return Vec::new();
            }
            Applied::NotTaken(message) => message,
        },
        ExportStep::Passphrase(form) => match passphrase::apply(form, message, false) {
            Step::Chosen(typed) => {
                export.passphrase = Some(typed);
                return prove_or_write(export);
            }
            Step::NotTaken(message) => message,
            Step::Took(effects) => return effects,
            Step::Weak => return Vec::new(),
        },
        ExportStep::Vault(proof) => match passphrase::prove(proof, message) {
            Ok(effects) => return effects,
            Err(message) => message,
        },
    };
    match message {
        Message::Submit => submit(export),
        Message::Back => {
            back(model);
            Vec::new()
        }
        Message::Failed(failure) => {
            failed(model, &failure);
            Vec::new()
        }
        _ => Vec::new(),
    }
}

fn under_way(screen: &mut Screen) -> Option<&mut ExportForm> {
    match screen {
        Screen::Transfer(TransferForm::Export(export)) => Some(export),
        _ => None,
    }
}

fn back(model: &mut Model) {
    let Some(export) = under_way(&mut model.screen) else { return };
    if matches!(export.step, ExportStep::What) {
        model.screen = Screen::Codes;
        return;
    }
    export.passphrase = None;
    export.force = false;
    export.wrong = None;
    export.step = ExportStep::What;
}

/// The fields are done: they are checked, and then the place is looked at.
fn submit(export: &mut ExportForm) -> Vec<Effect> {
    if !matches!(export.step, ExportStep::What) {
        return Vec::new();
    }
    let (format, can_encrypt) = format(&export.form);
    let words = if export.form.value("path").trim().is_empty() {
        Some("type the path of the file that is to be made")
    } else if !can_encrypt && export.form.value("seeds") == ENCRYPTED {
        Some(
            "this format has no encryption: choose another format, or Seeds: in clear; a bundle (b) is always encrypted",
        )
    } else {
        None
    };
    export.wrong = words.map(str::to_owned);
    if export.wrong.is_some() {
        return Vec::new();
    }
    let path = export.form.value("path").to_owned();
    let selection = selection(&export.form, &export.marked);
    vec![Effect::Transfer(TransferEffect::CheckOutput { path, format, selection })]
}

/// What would be written.
pub(super) struct Seen {
    pub(super) n_entries: usize,
    pub(super) lossy: Vec<String>,
    pub(super) left_out: Vec<String>,
    pub(super) asks_vault: bool,
}

/// It is known what lies at the output and what would be written.
pub(super) fn output_seen(model: &mut Model, exists: bool, seen: Seen) -> Vec<Effect> {
    let Some(export) = under_way(&mut model.screen) else { return Vec::new() };
    if !matches!(export.step, ExportStep::What) {
        return Vec::new();
    }
    (export.n_entries, export.lossy) = (seen.n_entries, seen.lossy);
    (export.left_out, export.asks_vault) = (seen.left_out, seen.asks_vault);
    if exists && !export.force {
        let path = export.form.value("path").to_owned();
        bundles::ask_to_overwrite(model, &path);
        return Vec::new();
    }
    go_on(export)
}

/// The file that is there may be replaced.
pub(in crate::tui::update) fn overwrite(model: &mut Model) -> Vec<Effect> {
    let Some(export) = under_way(&mut model.screen) else { return Vec::new() };
    export.force = true;
    go_on(export)
}

/// To the file's passphrase, or to the word for a file in clear.
fn go_on(export: &mut ExportForm) -> Vec<Effect> {
    if export.form.value("seeds") == IN_CLEAR {
        export.passphrase = None;
        export.step = ExportStep::Clear(Form::new(vec![Field::text("word", "Type it: ", "", "")]));
        return Vec::new();
    }
    if export.passphrase.is_some() {
        return prove_or_write(export);
    }
    export.step = ExportStep::Passphrase(NewPassphrase::default());
    Vec::new()
}

fn prove_or_write(export: &mut ExportForm) -> Vec<Effect> {
    if export.asks_vault {
        export.step = ExportStep::Vault(VaultProof::default());
        return Vec::new();
    }
    write(export)
}

/// The vault's passphrase was the right one.
pub(in crate::tui::update) fn proven(model: &mut Model) -> Vec<Effect> {
    match under_way(&mut model.screen) {
        Some(export) if matches!(export.step, ExportStep::Vault(_)) => write(export),
        _ => Vec::new(),
    }
}

fn write(export: &mut ExportForm) -> Vec<Effect> {
    if let ExportStep::Vault(proof) = &mut export.step {
        proof.field.clear();
    }
    let encrypted = export.form.value("seeds") == ENCRYPTED;
    vec![Effect::Transfer(TransferEffect::Export(Box::new(ExportOrder {
        path: export.form.value("path").to_owned(),
        force: export.force,
        format: format(&export.form).0,
        selection: selection(&export.form, &export.marked),
        passphrase: export.passphrase.as_ref().filter(|_| encrypted).map(SecretText::duplicate),
    })))]
}

/// A failure is told at the step that it is about, and nothing that was typed is lost by it.
fn failed(model: &mut Model, failure: &Failure) {
    let now = model.now;
    let Some(export) = under_way(&mut model.screen) else { return };
    if let ExportStep::Vault(proof) = &mut export.step
        && passphrase::not_proven(proof, failure, &mut model.back_off, now)
    {
        return;
    }
    export.force = false;
    export.step = ExportStep::What;
    export.wrong = Some(forms::in_place(failure));
}
