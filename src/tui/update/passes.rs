//! Passes: listed, issued with their words shown once, and closed.

#![expect(clippy::wildcard_enum_match_arm, reason = "what a step does not know means nothing to it")]

use super::{bundles, forms, passphrase};
use crate::app::Failure;
use crate::recovery::ItemId;
use crate::secret::SecretText;
use crate::tui::effect::{Effect, PassEffect};
use crate::tui::form::Applied;
use crate::tui::message::{Message, PassMessage};
use crate::tui::model::{
    Confirm, Dialog, Done, Model, PassForm, PassRow, PassStep, PassesPage, Question, Screen, VaultProof,
};
use crate::tui::view::most_above;

/// What is offered on every page, and what the world says of passes.
pub(super) fn act(model: &mut Model, message: PassMessage) -> Vec<Effect> {
    match message {
        PassMessage::Open => {
            model.list.filtering = false;
            model.screen = Screen::Passes(PassesPage::default());
            return opened();
        }
        PassMessage::New => return begin(model),
        PassMessage::AskClose => ask_to_close(model),
        PassMessage::Listed(rows) => {
            if let Some(page) = page(model) {
                page.selected = page.selected.min(rows.len().saturating_sub(1));
                page.rows = Some(rows);
            }
        }
        PassMessage::Checked(checked) => {
            if let Some(PassStep::Issue(pass)) = page(model).map(|page| &mut page.doing) {
                // What is not typed yet is no news to whoever types.
                pass.checked = pass.order().is_ok().then_some(checked);
            }
        }
        PassMessage::Ready(asks_vault) => return ready(model, asks_vault),
        PassMessage::Prepared(words) => prepared(model, words),
        PassMessage::Done(done) => {
            model.remember(done.what.clone(), false);
            match page(model) {
                Some(page) if page.holds_words() => page.doing = PassStep::Told(done),
                _ => model.tell(done.what, false),
            }
        }
        PassMessage::Closed(words) => model.tell(words, false),
    }
    Vec::new()
}

/// The page has come onto the screen, or the vault has changed under it.
pub(super) fn opened() -> Vec<Effect> {
    vec![Effect::Pass(PassEffect::List)]
}

fn page(model: &mut Model) -> Option<&mut PassesPage> {
    if let Screen::Passes(page) = &mut model.screen { Some(page) } else { None }
}

/// The form of a new pass, of the entry that the screen is about.
fn begin(model: &mut Model) -> Vec<Effect> {
    if model.read_only {
        model.tell("the medium takes no changes: a pass could not be noted, and so none is issued", true);
        return Vec::new();
    }
    // On their own page none is selected; elsewhere the entry is looked at.
    let entry = match &model.screen {
        Screen::Codes | Screen::Entry(_) => named(model),
        _ => String::new(),
    };
    model.list.filtering = false;
    let doing = PassStep::Issue(Box::new(PassForm::begin(&entry)));
    model.screen = Screen::Passes(PassesPage { doing, ..PassesPage::default() });
    opened()
}

/// What names the entry that is looked at: its name, where that finds it alone.
fn named(model: &Model) -> String {
    let Some(row) = model.subject().and_then(|id| model.list.row(id)) else { return String::new() };
    let title = row.title();
    let n_same = model.list.rows.iter().filter(|other| other.title().contains(&title)).count();
    if n_same == 1 { title } else { row.id.to_string() }
}

fn ask_to_close(model: &mut Model) {
    let Some(row) = page(model).and_then(|page| page.row().cloned()) else { return };
    if !row.is_open {
        model.tell("the pass is closed already", false);
        return;
    }
    let mut lines = vec![
        format!("The pass {} of {} for {}:", row.id, row.title, row.to),
        "are new methods registered, and the old ones removed?".to_owned(),
        String::new(),
        "A yes says that nothing is left to be done about it, and is noted with the date.".to_owned(),
    ];
    if row.is_good {
        lines.push(format!("Its codes work until {} all the same: only a new seed ends that.", row.until));
    }
    model.dialog = Some(Dialog::Confirm(Confirm {
        title: "Close the pass?",
        lines,
        question: Question::ClosePass(row.id),
    }));
}

/// The question was answered with yes.
pub(super) fn close(id: ItemId) -> Vec<Effect> {
    vec![Effect::Pass(PassEffect::Close(id))]
}

/// What the page does with a message.
pub(super) fn update(model: &mut Model, message: Message) -> Vec<Effect> {
    let size = model.size;
    let Some(page) = page(model) else { return Vec::new() };
    match &mut page.doing {
        PassStep::List => on_list(model, message),
        PassStep::Issue(_) => issuing(model, message),
        PassStep::Vault(..) => proving(model, message),
        PassStep::Words(..) => in_words(model, message),
        PassStep::Told(done) => {
            match message {
                Message::Back => page.doing = PassStep::List,
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

fn on_list(model: &mut Model, message: Message) -> Vec<Effect> {
    let clicked = super::clicked(model, &message);
    let Some(page) = page(model) else { return Vec::new() };
    match message {
        Message::Back => model.screen = Screen::Codes,
        Message::Submit => {
            let told = page.row().map(whole);
            page.doing = told.map_or(PassStep::List, PassStep::Told);
        }
        Message::Clicked(..) => page.selected = clicked.unwrap_or(page.selected),
        Message::Failed(failure) => super::fail(model, &failure),
        message => bundles::scroll(&message, |by| page.move_by(by)),
    }
    Vec::new()
}

/// Everything about one.
fn whole(row: &PassRow) -> Done {
    let next = match (row.is_open, row.is_good) {
        (true, _) => vec!["When new methods are registered and old ones removed: c closes it.".to_owned()],
        (false, _) => Vec::new(),
    };
    Done {
        name: "Pass",
        what: format!("A pass of {} for {}.", row.title, row.to),
        warnings: Vec::new(),
        facts: row.facts.clone(),
        next,
        offset: 0,
    }
}

fn issuing(model: &mut Model, message: Message) -> Vec<Effect> {
    let Some(page) = page(model) else { return Vec::new() };
    let PassStep::Issue(pass) = &mut page.doing else { return Vec::new() };
    match pass.form.apply(message) {
        Applied::Edited => {
            pass.wrong = None;
            pass.checked = None;
            if let Ok(order) = pass.order() {
                return vec![Effect::Pass(PassEffect::Check(order))];
            }
        }
        Applied::NotTaken(Message::Submit) => return submit(pass),
        Applied::NotTaken(Message::Back) => page.doing = PassStep::List,
        Applied::NotTaken(Message::Failed(failure)) => pass.wrong = Some(in_form(*failure)),
        Applied::Moved | Applied::NotTaken(_) => {}
    }
    Vec::new()
}

fn reason(pass: &PassForm) -> SecretText {
    SecretText::new(pass.form.value("reason").trim().to_owned())
}

/// The fields are done: what is missing is told at its field.
fn submit(pass: &mut PassForm) -> Vec<Effect> {
    let order = match pass.order() {
        Ok(order) => order,
        Err((key, words)) => {
            pass.form.focus_on(key);
            pass.wrong = Some(words);
            return Vec::new();
        }
    };
    pass.wrong = None;
    if reason(pass).is_empty() {
        pass.form.focus_on("reason");
        pass.wrong = Some("say why: the log keeps it".to_owned());
        return Vec::new();
    }
    vec![Effect::Pass(PassEffect::Ready(order, reason(pass)))]
}

/// Nothing speaks against it.
fn ready(model: &mut Model, asks_vault: bool) -> Vec<Effect> {
    let Some(page) = page(model) else { return Vec::new() };
    let PassStep::Issue(pass) = std::mem::take(&mut page.doing) else { return Vec::new() };
    if asks_vault {
        page.doing = PassStep::Vault(pass, VaultProof::default());
        return Vec::new();
    }
    let effects = prepare(&pass);
    page.doing = PassStep::Issue(pass);
    effects
}

fn prepare(pass: &PassForm) -> Vec<Effect> {
    let Ok(order) = pass.order() else { return Vec::new() };
    vec![Effect::Because(reason(pass), Box::new(Effect::Pass(PassEffect::Prepare(order))))]
}

fn proving(model: &mut Model, message: Message) -> Vec<Effect> {
    let now = model.now;
    let Screen::Passes(page) = &mut model.screen else { return Vec::new() };
    let PassStep::Vault(_, proof) = &mut page.doing else { return Vec::new() };
    match passphrase::prove(proof, message) {
        Ok(effects) => return effects,
        Err(Message::Back) => to_form(page, None),
        Err(Message::Failed(failure)) => {
            if !passphrase::not_proven(proof, &failure, &mut model.back_off, now) {
                to_form(page, Some(in_form(*failure)));
            }
        }
        Err(_) => {}
    }
    Vec::new()
}

/// The vault's passphrase was the right one.
pub(super) fn proven(model: &mut Model) -> Vec<Effect> {
    let Some(PassStep::Vault(pass, proof)) = page(model).map(|page| &mut page.doing) else {
        return Vec::new();
    };
    proof.field.clear();
    prepare(pass)
}

/// Back to the fields, whatever was reached.
fn to_form(page: &mut PassesPage, wrong: Option<String>) {
    page.doing = match std::mem::take(&mut page.doing) {
        PassStep::Vault(mut pass, _) | PassStep::Words(mut pass, _) | PassStep::Issue(mut pass) => {
            pass.wrong = wrong;
            PassStep::Issue(pass)
        }
        other => other,
    };
}

/// The words are shown, to whoever still waits for them; else they open nothing.
fn prepared(model: &mut Model, words: SecretText) {
    let Some(page) = page(model) else { return };
    page.doing = match std::mem::take(&mut page.doing) {
        PassStep::Issue(pass) | PassStep::Vault(pass, _) => PassStep::Words(pass, words),
        other => other,
    };
}

fn in_words(model: &mut Model, message: Message) -> Vec<Effect> {
    let is_hidden = model.hides_codes();
    let Some(page) = page(model) else { return Vec::new() };
    match message {
        // Nobody says that words are written down which are not on the screen.
        Message::Submit if !is_hidden => return vec![Effect::Pass(PassEffect::Issue)],
        Message::Back => {
            to_form(page, None);
            model.tell("nothing was issued; the words that were shown open nothing", false);
        }
        Message::Failed(failure) => to_form(page, Some(in_form(*failure))),
        _ => {}
    }
    Vec::new()
}

/// A failure at the fields, with the steps that can be taken here.
fn in_form(mut failure: Failure) -> String {
    for step in &mut failure.next {
        *step = in_words_of_form(step);
    }
    failure.next.dedup();
    forms::in_place(&failure)
}

/// A step as it is taken here: an option of a command helps nobody in a form.
fn in_words_of_form(step: &str) -> String {
    if step.contains("--privileged-ok") {
        "if there is no other way: Privileged too: yes, and a reason that says why".to_owned()
    } else if step.contains("-o FILE") || step.contains("with -o") || step.contains("--force") {
        "name another file".to_owned()
    } else if step.contains("--reason") {
        "say it in the field Reason".to_owned()
    } else if step.contains("--for") {
        "say a shorter time, for example 1h".to_owned()
    } else {
        step.replace("run the command again", "try again")
    }
}
