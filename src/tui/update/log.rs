//! The log: its records, filtered; checked, made into evidence; and the passphrase typed from memory.

#![expect(clippy::wildcard_enum_match_arm, reason = "what a step does not know means nothing to it")]

use super::{bundles, forms, passphrase, uris};
use crate::app::Failure;
use crate::app::audit::{self, GONE};
use crate::app::time::Seconds;
use crate::tui::effect::{Effect, EvidenceOrder, LogEffect};
use crate::tui::form::{Applied, Field, Form};
use crate::tui::message::{LogMessage, Message, Typed};
use crate::tui::model::{
    BackOff, Dialog, Done, EntryPage, EvidenceForm, LogFilter, LogPage, LogStep, Model, Prompt, PromptFor,
    RehearseForm, Screen,
};
use crate::tui::secret_field::holds_uri;
use crate::tui::view::most_above;

/// Longest filter that is taken, in characters.
const LONGEST_FILTER: usize = 200;
/// How often a passphrase may be typed in one rehearsal.
const TRIES: usize = 3;

/// What is offered on several screens, and what the world says of the log.
pub(super) fn act(model: &mut Model, message: LogMessage) -> Vec<Effect> {
    match message {
        LogMessage::Check => return begin(model, LogEffect::Check(None)),
        LogMessage::Key => return begin(model, LogEffect::Key),
        LogMessage::Rehearse => return vec![Effect::Log(LogEffect::BeginRehearsal)],
        LogMessage::RehearsalBegun => show(model, LogStep::Rehearse(RehearseForm::default())),
        LogMessage::Recalled(done) => {
            model.back_off = BackOff::default();
            finished(model, done);
        }
        LogMessage::Evidence => show(model, LogStep::Evidence(EvidenceForm::begin())),
        LogMessage::Filter => ask_for_filter(model),
        LogMessage::Head => ask_for_head(model),
        LogMessage::Whole => {
            let Some(page) = page(model) else { return Vec::new() };
            if let Some(row) = page.selected_row() {
                let what = format!("{}: {}", row.event, audit::in_words(&row.event));
                page.doing = LogStep::Told(told("Record", what, row.facts()));
            }
        }
        LogMessage::Read(wanted, records) => {
            if matches!(&model.dialog, Some(Dialog::Prompt(Prompt { purpose: PromptFor::LogFilter, .. }))) {
                model.dialog = None;
            }
            if let Some(page) = page(model) {
                page.fill(wanted, records);
            }
        }
        LogMessage::Done(done) => finished(model, done),
    }
    Vec::new()
}

fn told(name: &'static str, what: String, facts: Vec<(&'static str, String)>) -> Done {
    Done { name, what, warnings: Vec::new(), facts, next: Vec::new(), offset: 0 }
}

fn page(model: &mut Model) -> Option<&mut LogPage> {
    if let Screen::Log(page) = &mut model.screen { Some(page) } else { None }
}

/// The place of the log, whatever was on the screen before. Its records are read once they are looked at.
fn show_page(model: &mut Model) {
    if !matches!(model.screen, Screen::Log(_)) {
        model.list.filtering = false;
        model.screen = Screen::Log(LogPage::default());
    }
}

fn begin(model: &mut Model, effect: LogEffect) -> Vec<Effect> {
    show_page(model);
    vec![Effect::Log(effect)]
}

fn show(model: &mut Model, doing: LogStep) {
    show_page(model);
    if let Some(page) = page(model) {
        page.doing = doing;
    }
}

/// The place has come onto the screen, or the vault has changed under it.
pub(super) fn opened(model: &mut Model) -> Vec<Effect> {
    match page(model) {
        Some(page) if matches!(page.doing, LogStep::List) => read(page),
        _ => Vec::new(),
    }
}

fn read(page: &LogPage) -> Vec<Effect> {
    vec![Effect::Log(LogEffect::Read(page.wanted.clone()))]
}

/// Back to the records, which what was done may have added to.
fn to_list(page: &mut LogPage) -> Vec<Effect> {
    page.doing = LogStep::List;
    read(page)
}

fn finished(model: &mut Model, done: Done) {
    model.remember(done.what.clone(), !done.warnings.is_empty());
    match page(model) {
        Some(page) => page.doing = LogStep::Told(done),
        None => model.tell(done.what, false),
    }
}

/// What the place of the log does with a message.
pub(super) fn update(model: &mut Model, message: Message) -> Vec<Effect> {
    let (size, now) = (model.size, model.now);
    let Screen::Log(page) = &mut model.screen else { return Vec::new() };
    match &mut page.doing {
        LogStep::List => on_list(model, message),
        LogStep::Evidence(evidence) => match evidence.form.apply(message) {
            Applied::Edited => {
                evidence.wrong = None;
                Vec::new()
            }
            Applied::NotTaken(Message::Submit) => order(evidence),
            Applied::NotTaken(Message::Failed(failure)) => {
                evidence.wrong = Some(in_form(*failure));
                Vec::new()
            }
            Applied::NotTaken(Message::Back) => to_list(page),
            Applied::Moved | Applied::NotTaken(_) => Vec::new(),
        },
        LogStep::Rehearse(form) => match message {
            Message::Failed(failure) => {
                if passphrase::not_proven(&mut form.proof, &failure, &mut model.back_off, now) {
                    form.n_failed += 1;
                    return give_up_after(form, TRIES);
                }
                form.proof.wrong = Some(forms::in_place(&failure));
                Vec::new()
            }
            message => rehearse(page, message),
        },
        LogStep::Told(done) => match message {
            Message::Back => to_list(page),
            Message::Failed(failure) => {
                super::fail(model, &failure);
                Vec::new()
            }
            message => {
                let most = most_above(done, size);
                bundles::scroll(&message, |by| done.scroll(by, most));
                Vec::new()
            }
        },
    }
}

fn on_list(model: &mut Model, message: Message) -> Vec<Effect> {
    let clicked = super::clicked(model, &message);
    let Some(page) = page(model) else { return Vec::new() };
    match message {
        Message::Back if page.filtering || !page.filter.is_empty() => {
            page.filtering = false;
            page.filter.clear();
            page.refilter();
        }
        Message::Back if !page.wanted.is_empty() => {
            page.wanted = LogFilter::default();
            return read(page);
        }
        Message::Back => model.screen = Screen::Codes,
        Message::Filter => page.filtering = true,
        Message::Submit if page.filtering => page.filtering = false,
        Message::Submit => return open_entry(model),
        Message::Clicked(..) => page.selected = clicked.unwrap_or(page.selected),
        Message::Failed(failure) => failed(model, &failure),
        Message::Pasted(text) => edit_filter(model, |filter| filter.push_str(text.expose().trim())),
        Message::Typed(Typed(c)) => edit_filter(model, |filter| filter.push(c)),
        Message::Erase => edit_filter(model, |filter| {
            filter.pop();
        }),
        Message::EraseAll => edit_filter(model, String::clear),
        Message::EraseWord => edit_filter(model, |filter| {
            let kept = filter.trim_end().rfind(char::is_whitespace).map_or(0, |space| space + 1);
            filter.truncate(kept);
        }),
        message => bundles::scroll(&message, |by| page.move_by(by)),
    }
    Vec::new()
}

/// Changes the filter while it is typed; the newest record that fits is then selected.
fn edit_filter(model: &mut Model, edit: impl FnOnce(&mut String)) {
    let Some(page) = page(model).filter(|page| page.filtering) else { return };
    edit(&mut page.filter);
    page.filter = page.filter.chars().filter(|c| !c.is_control()).take(LONGEST_FILTER).collect();
    let holds_seed = holds_uri(&page.filter);
    if holds_seed {
        // A terminal that tells nothing of a paste has typed it.
        zeroize::Zeroize::zeroize(&mut page.filter);
    }
    page.refilter();
    if holds_seed {
        model.tell(uris::MISPLACED, true);
    }
}

/// The page of the entry that a record is about; Back returns to the record.
fn open_entry(model: &mut Model) -> Vec<Effect> {
    let Some(row) = page(model).and_then(|page| page.selected_row()) else { return Vec::new() };
    let (entry, title) = (row.entry, row.title.clone());
    let Some(id) = entry else {
        model.tell("this record is about no entry; v shows all of it", false);
        return Vec::new();
    };
    if model.list.row(id).is_none() {
        let words = if title == GONE {
            "the entry was destroyed: nothing is left of it but the records".to_owned()
        } else {
            format!("{title} is not among the codes: D there shows the trash")
        };
        model.tell(words, false);
        return Vec::new();
    }
    let mut entry = EntryPage::new(id);
    if let Screen::Log(page) = &mut model.screen {
        entry.from_log = Some(Box::new(std::mem::take(page)));
    }
    model.screen = Screen::Entry(entry);
    super::entry::opened(model)
}

/// Back from an entry's page to the record that it was opened from.
pub(super) fn returned(model: &mut Model, page: LogPage) -> Vec<Effect> {
    model.screen = Screen::Log(page);
    opened(model)
}

fn ask_for_filter(model: &mut Model) {
    let Some(page) = page(model) else { return };
    let form = page.wanted.form(&page.kinds);
    model.dialog = Some(Dialog::Prompt(Prompt {
        title: "Which records?",
        lines: vec!["Those that fit all that is said here. Empty fields say nothing.".to_owned()],
        form,
        wrong: None,
        purpose: PromptFor::LogFilter,
    }));
}

fn ask_for_head(model: &mut Model) {
    let help = "64 hexadecimal digits; spaces between them do not matter.";
    model.dialog = Some(Dialog::Prompt(Prompt {
        title: "A head from elsewhere",
        lines: vec![
            "The log is checked, and the head that was noted elsewhere is looked for in it: whether the log was \
             written anew since then."
                .to_owned(),
        ],
        form: Form::new(vec![Field::text("head", "Head: ", help, "")]),
        wrong: None,
        purpose: PromptFor::LogHead,
    }));
}

/// The fields of the filter are done; the dialog goes once the records have come.
pub(super) fn filtered(form: &Form) -> Vec<Effect> {
    vec![Effect::Log(LogEffect::Read(LogFilter::of(form)))]
}

/// A head was typed.
pub(super) fn head_given(model: &mut Model) -> Vec<Effect> {
    let Some(Dialog::Prompt(prompt)) = &mut model.dialog else { return Vec::new() };
    let Some(head) = audit::head(prompt.form.value("head")) else {
        prompt.wrong = Some("that is no head of a log: it has 64 hexadecimal digits, all of them".to_owned());
        return Vec::new();
    };
    model.dialog = None;
    begin(model, LogEffect::Check(Some(head)))
}

/// A failure is told at the fields that it is about.
fn failed(model: &mut Model, failure: &Failure) {
    match &mut model.dialog {
        Some(Dialog::Prompt(Prompt { purpose: PromptFor::LogFilter, wrong, .. })) => {
            *wrong = Some(failure.details.iter().fold(failure.what.clone(), |words, line| {
                format!("{words}\n{}", crate::entry::label::shown_message(line))
            }));
        }
        _ => super::fail(model, failure),
    }
}

fn order(evidence: &mut EvidenceForm) -> Vec<Effect> {
    let typed = |key: &str| evidence.form.value(key).trim().to_owned();
    let (folder, policy) = (typed("folder"), typed("policy"));
    if folder.is_empty() {
        evidence.wrong = Some("type the path of the folder that is to be made".to_owned());
        return Vec::new();
    }
    match typed("since").parse::<Seconds>() {
        Ok(Seconds(since)) => {
            let order = EvidenceOrder { folder, since, redact: evidence.redact(), policy };
            vec![Effect::Log(LogEffect::MakeEvidence(order))]
        }
        Err(error) => {
            evidence.wrong = Some(error.to_string());
            Vec::new()
        }
    }
}

/// A failure at the fields, with the steps that it names as they are taken here: an option of a command helps nobody
/// in a form.
fn in_form(mut failure: Failure) -> String {
    for step in &mut failure.next {
        *step = step
            .replace(" with -o", "")
            .replace("run the command again", "try again")
            .replace("run it again", "try again");
    }
    forms::in_place(&failure)
}

fn rehearse(page: &mut LogPage, message: Message) -> Vec<Effect> {
    let LogStep::Rehearse(form) = &mut page.doing else { return Vec::new() };
    match message {
        Message::Submit if form.proof.field.is_empty() => {
            form.proof.wrong = Some("type it as you remember it; Esc leaves it for another day".to_owned());
        }
        Message::Submit => {
            form.proof.wrong = None;
            let typed = form.proof.field.take();
            return vec![Effect::Log(LogEffect::Rehearse { typed, n_failed: form.n_failed })];
        }
        // A clipboard recalls nothing.
        Message::Pasted(_) => {
            form.proof.wrong = Some("type it: what is pasted was not recalled".to_owned());
        }
        Message::Back if !form.proof.field.is_empty() => form.proof.field.clear(),
        Message::Back if form.n_failed > 0 => return give_up_after(form, 1),
        Message::Back => return to_list(page),
        message => {
            let _edited = passphrase::edit(&mut form.proof.field, message);
        }
    }
    Vec::new()
}

/// After so many wrong ones it was not recalled, which is noted.
fn give_up_after(form: &RehearseForm, n_tries: usize) -> Vec<Effect> {
    if form.n_failed < n_tries {
        return Vec::new();
    }
    vec![Effect::Log(LogEffect::NotRecalled(form.n_failed))]
}
