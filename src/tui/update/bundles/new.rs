//! A new bundle, step by step: what it is like, its passphrase twice, the vault's passphrase once more.

#![expect(clippy::wildcard_enum_match_arm, reason = "what a step does not know means nothing to it")]

use crate::app::time;
use crate::app::{Failure, Kind};
use crate::secret::SecretText;
use crate::tui::effect::{BundleEffect, CustodianEffect, Effect, NewBundleOrder, Selection};
use crate::tui::form::{Applied, Field, Form};
use crate::tui::message::Message;
use crate::tui::model::{
    Doing, List, Model, NewBundle, NewBundleStep, NewPassphrase, Screen, SetRow, VaultProof,
};
use crate::tui::update::passphrase::{self, Step};
use crate::tui::update::{forms, told};

/// The values of the field that says what opens the bundle.
const BY_PASSPHRASE: &str = "a passphrase";
const BY_BOTH: &str = "a passphrase and a key file";
const BY_KEY_FILE: &str = "a key file alone";
const BY_SHARES: &str = "a share set";
const BY_SHARES_TOO: &str = "a passphrase or a share set";

const BY_LABEL: &str = "Opened by: ";
const BY_HELP: &str = "Left and Right change it. A passphrase on paper is the simplest that lasts.";

/// The values of the field that says what goes in.
pub(in crate::tui::update) const ALL: &str = "all";
pub(in crate::tui::update) const MARKED: &str = "the marked ones";

/// Begins a new bundle, of the marked entries where there are any.
pub(super) fn begin(model: &mut Model) -> Vec<Effect> {
    let first_set = match &model.screen {
        Screen::Custodians(page) => page.selected_row().filter(|row| !row.is_replaced).map(|row| row.id),
        _ => None,
    };
    let mut effects = super::show_page(model);
    effects.push(Effect::Custodian(CustodianEffect::List));
    let (day, marked) = (time::day(model.now), marked(&model.list));
    if let Screen::Bundles(page) = &mut model.screen {
        page.doing = Doing::New(NewBundle {
            form: fields(&day, !marked.is_empty()),
            marked,
            sets: Vec::new(),
            first_set,
            step: NewBundleStep::What,
            wrong: None,
            n_entries: 0,
            force: false,
            asks_vault: false,
            allow_weak: false,
            passphrase: None,
        });
    }
    effects
}

/// The share sets of the vault are known: those that are in force can open the bundle.
pub(in crate::tui::update) fn offer_sets(model: &mut Model, rows: &[SetRow]) {
    let Some(new) = under_way(&mut model.screen) else { return };
    let sets = rows.iter().filter(|row| !row.is_replaced).map(|row| (row.id, row.name.clone()));
    let (is_first, before) = (new.sets.is_empty(), new.form.value("set").to_owned());
    new.sets = sets.collect();
    if new.sets.is_empty() {
        return;
    }
    let first = new.first_set.filter(|_| is_first);
    let chosen = new.sets.iter().find(|(id, _)| Some(*id) == first).map(|(_, name)| name.clone());
    let by = if chosen.is_some() { BY_SHARES } else { new.form.value("by") }.to_owned();
    let ways = [BY_PASSPHRASE, BY_BOTH, BY_KEY_FILE, BY_SHARES, BY_SHARES_TOO];
    new.form.insert_after("tags", Field::choice("by", BY_LABEL, BY_HELP, &ways, &by));
    let names = new.sets.iter().map(|(_, name)| name.clone().into()).collect();
    let help = "Whose cards open it; counts where a share set is chosen. Left and Right change it.";
    let set = Field::choice_of("set", "Share set: ", help, names, &chosen.unwrap_or(before));
    new.form.insert_after("by", set);
}

/// The marked entries.
pub(in crate::tui::update) fn marked(list: &List) -> Vec<crate::entry::EntryId> {
    if list.marks.is_empty() { Vec::new() } else { list.chosen() }
}

fn fields(day: &str, any_marked: bool) -> Form {
    let path = format!("~/lifeboat-{day}.bundle");
    let mut fields = vec![
        Field::path("path", "File: ", "Where it is written. Ctrl-f shows the folders; Tab takes one.", &path),
        Field::text("label", "Label: ", "Readable without opening it: whose, which, where it will lie.", ""),
        Field::text(
            "review",
            "Review after: ",
            "From then on every opening reminds you to make a new one: 90d, 365d; empty for never.",
            "90d",
        ),
    ];
    if any_marked {
        let help = "Left and Right change it.";
        fields.push(Field::choice("entries", "Entries: ", help, &[MARKED, ALL], MARKED));
    }
    fields.extend([
        Field::text(
            "tags",
            "With tags: ",
            "Only entries that have these, separated by commas; empty for no matter.",
            "",
        ),
        Field::choice("by", BY_LABEL, BY_HELP, &[BY_PASSPHRASE, BY_BOTH, BY_KEY_FILE], BY_PASSPHRASE),
        Field::path("key file", "Key file: ", "Made where there is none. Keep it apart from the bundle.", ""),
    ]);
    Form::new(fields)
}

/// Which entries the fields of a form choose.
pub(in crate::tui::update) fn selection(form: &Form, marked: &[crate::entry::EntryId]) -> Selection {
    let tags = form.value("tags").split(',').map(|tag| tag.trim().trim_start_matches('#'));
    Selection {
        ids: (form.value("entries") == MARKED).then(|| marked.to_vec()),
        tags: tags.filter(|tag| !tag.is_empty()).map(str::to_owned).collect(),
    }
}

pub(super) fn update(model: &mut Model, message: Message) -> Vec<Effect> {
    let Some(new) = under_way(&mut model.screen) else { return Vec::new() };
    let message = match &mut new.step {
        NewBundleStep::What => match new.form.apply(message) {
            Applied::Edited => {
                new.wrong = None;
                new.force = false;
                return Vec::new();
            }
            Applied::Moved => return Vec::new(),
            Applied::NotTaken(message) => message,
        },
        NewBundleStep::Passphrase(form) => match passphrase::apply(form, message, true) {
            Step::Chosen(typed) => {
                new.passphrase = Some(typed);
                return go_on(model);
            }
            Step::NotTaken(message) => message,
            Step::Took(effects) => {
                // What is typed anew has to be insisted on anew.
                new.allow_weak &= form.first.is_some();
                return effects;
            }
            Step::Weak => {
                model.dialog = Some(passphrase::ask_about_weak(form));
                return Vec::new();
            }
        },
        NewBundleStep::Vault(proof) => match passphrase::prove(proof, message) {
            Ok(effects) => return effects,
            Err(message) => message,
        },
    };
    match message {
        Message::Submit => submit(new),
        Message::Back => back(model),
        Message::Failed(failure) => {
            failed(model, &failure);
            Vec::new()
        }
        _ => Vec::new(),
    }
}

fn under_way(screen: &mut Screen) -> Option<&mut NewBundle> {
    match screen {
        Screen::Bundles(page) => match &mut page.doing {
            Doing::New(new) => Some(new),
            _ => None,
        },
        _ => None,
    }
}

fn back(model: &mut Model) -> Vec<Effect> {
    let Screen::Bundles(page) = &mut model.screen else { return Vec::new() };
    let Doing::New(new) = &mut page.doing else { return Vec::new() };
    match &new.step {
        NewBundleStep::What => page.doing = Doing::List,
        // The passphrase that was chosen is chosen anew.
        NewBundleStep::Vault(_) | NewBundleStep::Passphrase(_) => {
            new.passphrase = None;
            new.allow_weak = false;
            new.force = false;
            new.step = NewBundleStep::What;
        }
    }
    Vec::new()
}

/// The fields are done: they are checked, and then the place is looked at.
fn submit(new: &mut NewBundle) -> Vec<Effect> {
    if !matches!(new.step, NewBundleStep::What) {
        return Vec::new();
    }
    new.wrong = wrong_field(&new.form);
    if new.wrong.is_some() {
        return Vec::new();
    }
    let path = new.form.value("path").to_owned();
    vec![Effect::Bundle(BundleEffect::CheckOutput(path, selection(&new.form, &new.marked)))]
}

fn wants_key_file(form: &Form) -> bool {
    matches!(form.value("by"), BY_BOTH | BY_KEY_FILE)
}

fn wants_passphrase(form: &Form) -> bool {
    !matches!(form.value("by"), BY_KEY_FILE | BY_SHARES)
}

/// The share set that is chosen, where one opens the bundle.
fn share_set(new: &NewBundle) -> Option<u16> {
    let name = new.form.value("set");
    let set = new.sets.iter().find(|(_, set)| set == name).map(|(id, _)| *id);
    set.filter(|_| matches!(new.form.value("by"), BY_SHARES | BY_SHARES_TOO))
}

fn wrong_field(form: &Form) -> Option<String> {
    let review = form.value("review").trim();
    let has_key_file = !form.value("key file").trim().is_empty();
    let words = if form.value("path").trim().is_empty() {
        "type the path of the file that is to be made"
    } else if !review.is_empty() && review.parse::<time::Seconds>().is_err() {
        "write the time until the review as 90d, or leave it empty"
    } else if wants_key_file(form) && !has_key_file {
        "type the path of the key file; it is made where there is none"
    } else if !wants_key_file(form) && has_key_file {
        "the key file is not used as it stands: choose what opens the bundle, or empty its path"
    } else {
        return None;
    };
    Some(words.to_owned())
}

/// It is known what lies at the output and what would go into the bundle.
pub(super) fn output_seen(
    model: &mut Model,
    exists: bool,
    n_entries: usize,
    asks_vault: bool,
) -> Vec<Effect> {
    let Some(new) = under_way(&mut model.screen) else { return Vec::new() };
    if !matches!(new.step, NewBundleStep::What) {
        return Vec::new();
    }
    (new.n_entries, new.asks_vault) = (n_entries, asks_vault);
    if exists && !new.force {
        let path = new.form.value("path").to_owned();
        super::ask_to_overwrite(model, &path);
        return Vec::new();
    }
    go_on(model)
}

/// The file that is there may be replaced.
pub(super) fn overwrite(model: &mut Model) -> Vec<Effect> {
    let Some(new) = under_way(&mut model.screen) else { return Vec::new() };
    new.force = true;
    go_on(model)
}

/// A weak passphrase was insisted on.
pub(in crate::tui::update) fn use_weak(model: &mut Model) -> Vec<Effect> {
    if let Some(new) = under_way(&mut model.screen)
        && let NewBundleStep::Passphrase(form) = &mut new.step
    {
        new.allow_weak = true;
        passphrase::take_weak(form);
    }
    Vec::new()
}

/// To the next step that is wanted: the bundle's passphrase, the vault's, or making it.
fn go_on(model: &mut Model) -> Vec<Effect> {
    let Some(new) = under_way(&mut model.screen) else { return Vec::new() };
    if new.passphrase.is_none() && wants_passphrase(&new.form) {
        new.step = NewBundleStep::Passphrase(NewPassphrase::default());
        return Vec::new();
    }
    if new.asks_vault {
        new.step = NewBundleStep::Vault(VaultProof::default());
        return Vec::new();
    }
    create(new)
}

/// The vault's passphrase was the right one.
pub(super) fn proven(model: &mut Model) -> Vec<Effect> {
    match under_way(&mut model.screen) {
        Some(new) if matches!(new.step, NewBundleStep::Vault(_)) => create(new),
        _ => Vec::new(),
    }
}

fn create(new: &mut NewBundle) -> Vec<Effect> {
    let vault_passphrase = match &mut new.step {
        NewBundleStep::Vault(proof) => proof.field.take(),
        NewBundleStep::Passphrase(_) | NewBundleStep::What => SecretText::with_capacity(0),
    };
    let with_passphrase = wants_passphrase(&new.form);
    vec![Effect::Bundle(BundleEffect::Create(Box::new(NewBundleOrder {
        path: new.form.value("path").to_owned(),
        force: new.force,
        selection: selection(&new.form, &new.marked),
        review_seconds: new.form.value("review").trim().parse::<time::Seconds>().ok().map(|review| review.0),
        label: new.form.value("label").trim().to_owned(),
        passphrase: new.passphrase.as_ref().filter(|_| with_passphrase).map(SecretText::duplicate),
        key_file: new.form.value("key file").trim().to_owned(),
        share_set: share_set(new),
        allow_weak: new.allow_weak,
        vault_passphrase,
    })))]
}

/// A failure is told at the step that it is about, and nothing that was typed is lost by it.
fn failed(model: &mut Model, failure: &Failure) {
    let now = model.now;
    let Some(new) = under_way(&mut model.screen) else { return };
    if let NewBundleStep::Vault(proof) = &mut new.step
        && passphrase::not_proven(proof, failure, &mut model.back_off, now)
    {
        return;
    }
    // Refused once everything was given: the passphrase is the vault's own, or too weak.
    if failure.kind == Kind::Refused && new.passphrase.is_some() {
        let mut form = NewPassphrase::default();
        let why = failure.causes().join(": ");
        let why = if why.is_empty() { String::new() } else { format!(": {why}") };
        form.wrong = Some(format!("{}{why}; choose another one", failure.what));
        (new.passphrase, new.allow_weak) = (None, false);
        new.step = NewBundleStep::Passphrase(form);
        return;
    }
    new.force = false;
    new.step = NewBundleStep::What;
    new.wrong = Some(match failure.kind {
        Kind::WrongPassphrase => told(failure).join("\n"),
        _ => forms::in_place(failure),
    });
}
