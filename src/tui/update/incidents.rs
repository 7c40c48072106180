//! The incidents: chosen, worked off, opened. The vault changes by what is asked for and confirmed alone.

#![expect(clippy::wildcard_enum_match_arm, reason = "what a step does not know means nothing to it")]

use super::{add, bundles, forms};
use crate::recovery::ItemId;
use crate::recovery::incident::IncidentKind;
use crate::secret::SecretText;
use crate::tui::effect::{Effect, IncidentEffect};
use crate::tui::form::Applied;
use crate::tui::message::{IncidentMessage, Message};
use crate::tui::model::{
    Confirm, Dialog, Ends, IncidentForm, IncidentQuestion, IncidentShown, IncidentStep, IncidentTold,
    IncidentsKnown, IncidentsPage, Model, Question, Screen,
};
use crate::tui::secret_field::Jump;
use crate::tui::view::{incident_heights, incident_lines};

/// What is offered on several screens, and what the world says of incidents.
pub(super) fn act(model: &mut Model, message: IncidentMessage) -> Vec<Effect> {
    match message {
        IncidentMessage::Page => return begin(model, IncidentStep::List),
        IncidentMessage::New => return begin(model, IncidentStep::Form(Box::default())),
        IncidentMessage::End => ask_to_end(model),
        IncidentMessage::Done(words) => model.tell(words, false),
        IncidentMessage::Opened(id, words) => return opened(model, id, words),
        IncidentMessage::Read(known) => read(model, known),
        IncidentMessage::Shown(shown) => show(model, *shown),
    }
    Vec::new()
}

fn page(model: &mut Model) -> Option<&mut IncidentsPage> {
    if let Screen::Incidents(page) = &mut model.screen { Some(page) } else { None }
}

fn effect(effect: IncidentEffect) -> Vec<Effect> {
    vec![Effect::Incident(effect)]
}

fn begin(model: &mut Model, doing: IncidentStep) -> Vec<Effect> {
    model.list.filtering = false;
    match page(model) {
        Some(page) => page.doing = doing,
        None => model.screen = Screen::Incidents(IncidentsPage { doing, ..IncidentsPage::default() }),
    }
    effect(IncidentEffect::Read)
}

/// The vault may have changed while the page is looked at.
pub(super) fn read_again(page: &IncidentsPage) -> Vec<Effect> {
    let shown = page.told().map(|told| IncidentEffect::Show(told.shown.id));
    std::iter::once(IncidentEffect::Read).chain(shown).map(Effect::Incident).collect()
}

fn read(model: &mut Model, known: IncidentsKnown) {
    let Some(page) = page(model) else { return };
    page.fill(known);
    check(page);
}

/// Everything about one: of another than before its page is begun. Nobody asks for one while a form is filled in.
fn show(model: &mut Model, shown: IncidentShown) {
    let Some(page) = page(model) else { return };
    page.select(shown.id);
    match &mut page.doing {
        IncidentStep::Form(_) => return,
        IncidentStep::Told(told) if told.shown.id == shown.id => told.renew(shown),
        IncidentStep::List | IncidentStep::Told(_) => {
            page.doing = IncidentStep::Told(Box::new(IncidentTold::new(shown)));
        }
    }
    keep_in_view(model);
}

fn opened(model: &mut Model, id: ItemId, words: String) -> Vec<Effect> {
    model.tell(words, false);
    let Some(page) = page(model) else { return Vec::new() };
    page.doing = IncidentStep::List;
    page.select(id);
    effect(IncidentEffect::Show(id))
}

/// What the page does with a message.
pub(super) fn update(model: &mut Model, message: Message) -> Vec<Effect> {
    let clicked = super::clicked(model, &message);
    let Some(page) = page(model) else { return Vec::new() };
    match &page.doing {
        IncidentStep::Form(_) => return on_form(model, message),
        IncidentStep::Told(_) => on_told(model, message),
        IncidentStep::List => match message {
            Message::Back => model.screen = Screen::Codes,
            Message::Submit => {
                return page.row().map(|row| effect(IncidentEffect::Show(row.id))).unwrap_or_default();
            }
            Message::Clicked(..) => page.selected = clicked.unwrap_or(page.selected),
            Message::Failed(failure) => super::fail(model, &failure),
            message => bundles::scroll(&message, |by| page.move_by(by)),
        },
    }
    Vec::new()
}

fn on_told(model: &mut Model, message: Message) {
    match message {
        Message::Back => {
            if let Some(page) = page(model) {
                page.doing = IncidentStep::List;
            }
        }
        Message::Failed(failure) => super::fail(model, &failure),
        Message::Mark => ask_to_tick(model),
        Message::Move(by) => moved(model, |told, heights, height| {
            for _ in 0..by.unsigned_abs() {
                told.step(by > 0, heights, height);
            }
        }),
        Message::MoveToFirst => moved(model, |told, heights, height| told.jump(false, heights, height)),
        Message::MoveToLast => moved(model, |told, heights, height| told.jump(true, heights, height)),
        _ => {}
    }
}

fn moved(model: &mut Model, step: impl FnOnce(&mut IncidentTold, &[usize], usize)) {
    let height = incident_lines(model);
    let width = usize::from(model.size.0);
    let Some(page) = page(model) else { return };
    if let IncidentStep::Told(told) = &mut page.doing {
        let heights = incident_heights(&told.shown, width);
        step(told, &heights, height);
    }
}

fn keep_in_view(model: &mut Model) {
    moved(model, IncidentTold::keep_in_view);
}

fn ask(model: &mut Model, title: &'static str, lines: Vec<String>, question: IncidentQuestion) {
    let question = Question::Incident(question);
    model.dialog = Some(Dialog::Confirm(Confirm { title, lines, question }));
}

/// Asks before the thing under the cursor is ticked off.
fn ask_to_tick(model: &mut Model) {
    let Some(told) = page(model).and_then(|page| page.told()) else { return };
    let id = told.shown.id;
    let found = told.block(|block| match block {
        crate::tui::model::IncidentBlock::Task(group, place) => {
            group.tasks.get(place).map(|task| (group.heading(), task.clone()))
        }
        _ => None,
    });
    let Some((heading, task)) = found.flatten() else {
        return model.tell("this is nothing to do: j and k go to the things that are", false);
    };
    match (&told.shown.ends, task.is_done) {
        (Some(_), _) => model.tell("its list is made when the session ends: e ends it", false),
        (None, true) => model.tell(format!("{} was {} already", task.number, task.note), false),
        (None, false) => {
            let mut lines =
                vec![format!("Is this done, for {heading}?"), format!("{}  {}", task.number, task.words)];
            lines.extend((!task.note.is_empty()).then(|| format!("   {}", task.note)));
            lines.push("It is noted with the date, here and in the log, and is not taken back.".to_owned());
            ask(model, "Tick off?", lines, IncidentQuestion::Tick(id, task.number));
        }
    }
}

/// Asks before a session is ended.
fn ask_to_end(model: &mut Model) {
    let Some(told) = page(model).and_then(|page| page.told()) else { return };
    let id = told.shown.id;
    let (title, first) = match &told.shown.ends {
        None => return model.tell("only a break-glass session is ended by itself", false),
        Some(Ends::At(until)) => ("End?", format!("End the session now? It runs until {until} otherwise.")),
        Some(Ends::Ended) => ("Its list?", "The session has ended. Make its list?".to_owned()),
    };
    let lines = vec![first, "The list of what was revealed in it is kept then, to be worked off.".to_owned()];
    ask(model, title, lines, IncidentQuestion::End(id));
}

/// The question was answered with yes.
pub(super) fn confirmed(model: &mut Model, question: IncidentQuestion) -> Vec<Effect> {
    match question {
        IncidentQuestion::End(id) => effect(IncidentEffect::Done(id, Vec::new())),
        IncidentQuestion::Tick(id, number) => effect(IncidentEffect::Done(id, vec![number])),
        IncidentQuestion::LeaveForm => {
            if let Some(page) = page(model) {
                page.doing = IncidentStep::List;
            }
            Vec::new()
        }
    }
}

/// Says what is to be said of what is typed.
fn check(page: &mut IncidentsPage) {
    if let IncidentStep::Form(form) = &mut page.doing {
        form.check(page.known.as_ref());
    }
}

fn on_form(model: &mut Model, message: Message) -> Vec<Effect> {
    let Some(page) = page(model) else { return Vec::new() };
    let IncidentStep::Form(form) = &mut page.doing else { return Vec::new() };
    let message = match message {
        Message::Back if form.is_edited => {
            let lines = vec!["Leave what was typed?".to_owned(), "No incident is opened.".to_owned()];
            ask(model, "Leave?", lines, IncidentQuestion::LeaveForm);
            return Vec::new();
        }
        Message::Back => {
            page.doing = IncidentStep::List;
            return Vec::new();
        }
        Message::Submit => return submit(form),
        Message::Failed(failure) => {
            form.wrong = Some(forms::in_place(&failure));
            return Vec::new();
        }
        Message::Pasted(text) => Message::Pasted(add::in_one_line(&text)),
        // At the end of a field there is nothing to its right but what is offered.
        Message::Jump(Jump::Right) if form.form.is_at_end() && form.take_offered() => {
            form.wrong = None;
            check(page);
            return Vec::new();
        }
        message => message,
    };
    match form.form.apply(message) {
        Applied::Edited => {
            form.is_edited = true;
            form.wrong = None;
            form.settle();
        }
        Applied::Moved => {}
        Applied::NotTaken(_) => return Vec::new(),
    }
    check(page);
    Vec::new()
}

/// Opens it, or says at its field what is missing. The reason goes to the log with whatever is done for it.
fn submit(form: &mut IncidentForm) -> Vec<Effect> {
    let kind: IncidentKind = form.kind();
    match form.subject() {
        Err((key, words)) => {
            form.form.focus_on(key);
            form.hints.clear();
            form.wrong = Some(words.to_owned());
            Vec::new()
        }
        Ok(subject) => {
            let open = Effect::Incident(IncidentEffect::Open(kind, subject));
            match form.reason() {
                "" => vec![open],
                reason => vec![Effect::Because(SecretText::new(reason.to_owned()), Box::new(open))],
            }
        }
    }
}
