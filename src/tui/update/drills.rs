//! Drills: listed, brought home, and run step by step.

#![expect(clippy::wildcard_enum_match_arm, reason = "what a step does not know means nothing to it")]

use super::{bundles, forms, passphrase, share_entry};
use crate::app::drill::reference_of;
use crate::entry::EntryId;
use crate::entry::label::shown;
use crate::secret::SecretText;
use crate::tui::effect::{BundleEffect, DrillEffect, Effect};
use crate::tui::form::{Applied, Field, Form};
use crate::tui::message::{DrillMessage, Message};
use crate::tui::model::{
    Attesting, Confirm, Dialog, Done, DrillClock, DrillCode, DrillEntry, DrillRun, DrillStep, Drilling,
    DrillsKnown, DrillsPage, Model, Prompt, PromptFor, Question, ReportForm, Said, Screen,
};
use crate::tui::view::most_above;

/// What is offered on several screens, and what the world says of drills.
pub(super) fn act(model: &mut Model, message: DrillMessage) -> Vec<Effect> {
    match message {
        DrillMessage::Run => return begin_run(model),
        DrillMessage::Record => return begin(model, Drilling::Record(ReportForm::home())),
        DrillMessage::History => return history(model),
        DrillMessage::GoOn => go_on(model),
        DrillMessage::ShowCode => return show_code(model),
        DrillMessage::NotAccepted => {
            return selected(model)
                .map(|entry| effect(DrillEffect::NotAccepted(entry.id)))
                .unwrap_or_default();
        }
        DrillMessage::Listed(known) => listed(model, *known),
        DrillMessage::Opened(opened) => {
            if let Some(run) = run(model)
                && matches!(run.step, DrillStep::Bundle(_))
            {
                *run = DrillRun { step: DrillStep::Compared, opened: *opened };
            }
        }
        DrillMessage::ClockCompared(outcome) => clock_compared(model, outcome),
        DrillMessage::Code { id, code, ends, follows } => code_shown(model, id, code, ends, follows),
        DrillMessage::Attested(id, reference) => attested(model, id, reference),
        DrillMessage::Done(done) => return finished(model, done),
    }
    Vec::new()
}

fn effect(effect: DrillEffect) -> Vec<Effect> {
    vec![Effect::Drill(effect)]
}

fn page(model: &mut Model) -> Option<&mut DrillsPage> {
    if let Screen::Drills(page) = &mut model.screen { Some(page) } else { None }
}

fn run(model: &mut Model) -> Option<&mut DrillRun> {
    page(model).and_then(DrillsPage::run_mut)
}

fn attesting(model: &mut Model) -> Option<(&mut Attesting, &mut Vec<DrillEntry>)> {
    match run(model) {
        Some(DrillRun { step: DrillStep::Attest(attesting), opened }) => {
            Some((attesting, &mut opened.entries))
        }
        _ => None,
    }
}

fn selected(model: &mut Model) -> Option<DrillEntry> {
    let (attesting, entries) = attesting(model)?;
    entries.get(attesting.selected).cloned()
}

/// The place has come onto the screen, or the vault has changed under it.
pub(super) fn opened() -> Vec<Effect> {
    effect(DrillEffect::List)
}

fn show_page(model: &mut Model) -> Vec<Effect> {
    if matches!(model.screen, Screen::Drills(_)) {
        return Vec::new();
    }
    model.list.filtering = false;
    model.screen = Screen::Drills(DrillsPage::default());
    opened()
}

fn begin(model: &mut Model, doing: Drilling) -> Vec<Effect> {
    let effects = show_page(model);
    if let Some(page) = page(model) {
        page.doing = doing;
    }
    effects
}

/// Begins a drill with the selected bundle; from elsewhere, with the one that is due first.
fn begin_run(model: &mut Model) -> Vec<Effect> {
    let path = page(model).and_then(|page| {
        let selected = if matches!(page.doing, Drilling::List) { page.selected } else { 0 };
        page.known.as_ref()?.bundles.get(selected).map(|row| row.path.clone())
    });
    begin(model, Drilling::Run(Box::new(DrillRun::begin(path.as_deref().unwrap_or_default()))))
}

/// What was drilled; once more, what is due.
fn history(model: &mut Model) -> Vec<Effect> {
    let effects = show_page(model);
    if let Some(page) = page(model) {
        page.selected = 0;
        page.doing = if matches!(page.doing, Drilling::History) { Drilling::List } else { Drilling::History };
    }
    effects
}

fn listed(model: &mut Model, known: DrillsKnown) {
    let Some(page) = page(model) else { return };
    let first = known.bundles.first().map(|row| row.path.clone());
    page.known = Some(known);
    page.selected = page.selected.min(page.n_rows().unwrap_or(0).saturating_sub(1));
    // A drill that was begun elsewhere waits for the path of what is due.
    if let Some(bundle) = page.bundle_mut()
        && bundle.about.is_none()
        && bundle.form.value("path").is_empty()
    {
        bundle.form.set("path", first.as_deref().unwrap_or_default());
    }
}

/// What the place of drills does with a message.
pub(super) fn update(model: &mut Model, message: Message) -> Vec<Effect> {
    let size = model.size;
    let Some(page) = page(model) else { return Vec::new() };
    match &mut page.doing {
        Drilling::List | Drilling::History => on_list(model, &message),
        Drilling::Record(record) => match record.form.apply(message) {
            Applied::NotTaken(Message::Submit) if record.form.value("path").trim().is_empty() => {
                record.wrong = Some("type the path of the report, or choose it with Ctrl-f".to_owned());
                Vec::new()
            }
            Applied::NotTaken(Message::Submit) => {
                effect(DrillEffect::Record(record.form.value("path").to_owned()))
            }
            Applied::NotTaken(Message::Failed(failure)) => {
                record.wrong = Some(forms::in_place(&failure));
                Vec::new()
            }
            Applied::NotTaken(Message::Back) => {
                page.doing = Drilling::List;
                Vec::new()
            }
            Applied::Edited => {
                record.wrong = None;
                Vec::new()
            }
            Applied::Moved | Applied::NotTaken(_) => Vec::new(),
        },
        Drilling::Run(_) => in_run(model, message),
        Drilling::Told(done) => {
            match message {
                Message::Back => page.doing = Drilling::List,
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

fn on_list(model: &mut Model, message: &Message) -> Vec<Effect> {
    let clicked = super::clicked(model, message);
    let Some(page) = page(model) else { return Vec::new() };
    let last = page.n_rows().unwrap_or(0).saturating_sub(1);
    match message {
        Message::Back if matches!(page.doing, Drilling::History) => {
            page.doing = Drilling::List;
            page.selected = 0;
        }
        Message::Back => model.screen = Screen::Codes,
        Message::Submit => {
            if let Some(done) = about(page) {
                page.doing = Drilling::Told(done);
            }
        }
        Message::Failed(failure) => super::fail(model, failure),
        Message::Clicked(..) => page.selected = clicked.unwrap_or(page.selected),
        message => {
            bundles::scroll(message, |by| page.selected = page.selected.saturating_add_signed(by).min(last));
        }
    }
    Vec::new()
}

/// All that is known of the selected row.
fn about(page: &DrillsPage) -> Option<Done> {
    let known = page.known.as_ref()?;
    let (what, facts) = if matches!(page.doing, Drilling::History) {
        let row = known.history.get(page.selected)?;
        (format!("A drill of {} on {}: {}.", row.bundle, row.day, row.level), &row.facts)
    } else {
        let row = known.bundles.get(page.selected)?;
        (format!("The bundle {}: {}.", row.name, row.standing), &row.facts)
    };
    let (warnings, next) = (Vec::new(), Vec::new());
    Some(Done { name: "Drill", what, warnings, facts: facts.clone(), next, offset: 0 })
}

fn in_run(model: &mut Model, message: Message) -> Vec<Effect> {
    let size = model.size;
    let key_file_named = model.key_file.is_some();
    let clicked = super::clicked(model, &message);
    let Some(run) = run(model) else { return Vec::new() };
    match (&mut run.step, message) {
        (DrillStep::Bundle(_), message) => return at_bundle(model, message, key_file_named),
        (DrillStep::End(end), message) => match end.form.apply(message) {
            Applied::NotTaken(Message::Submit) => {
                return effect(DrillEffect::Finish(end.form.value("path").to_owned()));
            }
            Applied::NotTaken(Message::Failed(failure)) => end.wrong = Some(forms::in_place(&failure)),
            Applied::NotTaken(Message::Back) => ask_to_leave(model),
            Applied::Edited => end.wrong = None,
            Applied::Moved | Applied::NotTaken(_) => {}
        },
        (_, Message::Back) => ask_to_leave(model),
        (DrillStep::Compared, Message::Submit) => run.step = DrillStep::Clock(DrillClock::begin()),
        (DrillStep::Compared | DrillStep::Attest(_), Message::Failed(failure)) => {
            super::fail(model, &failure);
        }
        (DrillStep::Compared, message) => {
            let done = &mut run.opened.compared;
            // The line that says that it is a drill stands above it.
            let most = most_above(done, (size.0, size.1.saturating_sub(1)));
            bundles::scroll(&message, |by| done.scroll(by, most));
        }
        (DrillStep::Clock(clock), Message::Submit) => {
            if clock.told.is_some() || clock.field.text().expose().trim().is_empty() {
                run.step = DrillStep::Attest(Attesting::default());
            } else {
                clock.wrong = None;
                return effect(DrillEffect::CompareClock(clock.field.take()));
            }
        }
        (DrillStep::Clock(clock), Message::Failed(failure)) => {
            clock.wrong = Some(forms::in_place(&failure));
        }
        (DrillStep::Clock(clock), message) => {
            if clock.told.is_none() {
                let _edited = passphrase::edit(&mut clock.field, message);
            }
        }
        (DrillStep::Attest(attesting), message) => {
            let (before, last) = (attesting.selected, run.opened.entries.len().saturating_sub(1));
            match message {
                Message::Submit => return ask_reference(model),
                Message::Clicked(..) => attesting.selected = clicked.unwrap_or(attesting.selected),
                message => bundles::scroll(&message, |by| {
                    attesting.selected = attesting.selected.saturating_add_signed(by).min(last);
                }),
            }
            // A code is shown for the row that is looked at.
            if attesting.selected != before {
                attesting.shown = None;
            }
        }
    }
    Vec::new()
}

/// The bundle is named, and then opened.
fn at_bundle(model: &mut Model, message: Message, key_file_named: bool) -> Vec<Effect> {
    let Some(page) = page(model) else { return Vec::new() };
    let Some(bundle) = page.bundle_mut() else { return Vec::new() };
    let message = match share_entry::apply(bundle, message, false) {
        Ok(effects) => return of_drill(effects),
        Err(message) => message,
    };
    match message {
        Message::Submit => return of_drill(forms::submit_bundle(bundle, key_file_named)),
        // Nothing was begun yet.
        Message::Back if bundle.about.is_none() => page.doing = Drilling::List,
        Message::Back => ask_to_leave(model),
        Message::BundleSeen { about, by, .. } => bundle.ask(about, by),
        Message::Failed(failure) => bundle.wrong = Some(forms::in_place(&failure)),
        _ => {}
    }
    Vec::new()
}

/// What a bundle's fields want done, done for a drill.
fn of_drill(effects: Vec<Effect>) -> Vec<Effect> {
    let of_drill = |effect| match effect {
        Effect::LookAtBundle(path) => Effect::Drill(DrillEffect::Begin(path)),
        Effect::OpenBundle { passphrase, key_file } => {
            Effect::Drill(DrillEffect::Open { passphrase, key_file })
        }
        Effect::Bundle(BundleEffect::OpenByShares { .. }) => Effect::Drill(DrillEffect::OpenByShares),
        effect => effect,
    };
    effects.into_iter().map(of_drill).collect()
}

fn clock_compared(model: &mut Model, outcome: Result<String, String>) {
    let Some(DrillRun { step: DrillStep::Clock(clock), .. }) = run(model) else { return };
    clock.field.clear();
    match outcome {
        Ok(words) => (clock.told, clock.wrong) = (Some(words), None),
        Err(words) => clock.wrong = Some(words),
    }
}

/// From the codes to the end.
fn go_on(model: &mut Model) {
    if let Some(run) = run(model)
        && matches!(run.step, DrillStep::Attest(_))
    {
        run.step = DrillStep::End(ReportForm::end());
    }
}

/// Shows the code of the selected entry, or hides it.
fn show_code(model: &mut Model) -> Vec<Effect> {
    let Some(entry) = selected(model) else { return Vec::new() };
    let Some((attesting, _)) = attesting(model) else { return Vec::new() };
    if attesting.shown.take().is_some_and(|shown| shown.id == entry.id) {
        return Vec::new();
    }
    effect(DrillEffect::ShowCode(entry.id))
}

fn code_shown(model: &mut Model, id: EntryId, code: SecretText, ends: Option<u64>, follows: bool) {
    let until = model.now.saturating_add(model.prefs.shown_seconds);
    let is_selected = selected(model).is_some_and(|entry| entry.id == id);
    let Some((attesting, _)) = attesting(model) else { return };
    let hide_at = match &attesting.shown {
        Some(shown) if follows && shown.id == id => shown.hide_at,
        // Meanwhile it was hidden, or another row was chosen.
        _ if follows || !is_selected => return,
        _ => until,
    };
    attesting.shown = Some(DrillCode { id, code, ends, hide_at, is_over: false });
}

/// Hides a code whose time is over, and asks for the one after it where its step has ended.
pub(super) fn tick(model: &mut Model) -> Vec<Effect> {
    let (now, most) = (model.now, model.prefs.shown_seconds);
    let Some((attesting, _)) = attesting(model) else { return Vec::new() };
    let Some(shown) = &mut attesting.shown else { return Vec::new() };
    // A clock that was set back must not make it last.
    if shown.hide_at <= now || shown.hide_at > now.saturating_add(most) {
        attesting.shown = None;
        return Vec::new();
    }
    if shown.is_over || shown.ends.is_none_or(|ends| now < ends) {
        return Vec::new();
    }
    shown.is_over = true;
    effect(DrillEffect::NextCode(shown.id))
}

/// Where it is written down that the service accepted the code of the selected entry.
fn ask_reference(model: &mut Model) -> Vec<Effect> {
    let Some(entry) = selected(model) else { return Vec::new() };
    let said = match &entry.said {
        Some(Said::Accepted(reference)) => reference.as_str(),
        _ => "",
    };
    let help = "A ticket, a line of the service's own log. The drill's record keeps it.";
    model.dialog = Some(Dialog::Prompt(Prompt {
        title: "Accepted",
        lines: vec![
            format!("The service accepted a code of {} that this bundle gave.", entry.title),
            "Where is that written down?".to_owned(),
        ],
        form: Form::new(vec![Field::text("reference", "Reference: ", help, said)]),
        wrong: None,
        purpose: PromptFor::DrillReference(entry.id),
    }));
    Vec::new()
}

/// The reference was typed.
pub(super) fn reference_given(model: &mut Model, id: EntryId) -> Vec<Effect> {
    let Some(Dialog::Prompt(prompt)) = &mut model.dialog else { return Vec::new() };
    match reference_of(prompt.form.value("reference")) {
        Ok(reference) => {
            model.dialog = None;
            effect(DrillEffect::Attest(id, reference))
        }
        Err(failure) => {
            prompt.wrong = Some(failure.what);
            Vec::new()
        }
    }
}

fn attested(model: &mut Model, id: EntryId, reference: Option<String>) {
    let Some((attesting, entries)) = attesting(model) else { return };
    let Some(entry) = entries.iter_mut().find(|entry| entry.id == id) else { return };
    entry.said = Some(match reference {
        Some(reference) => Said::Accepted(shown(&reference)),
        None => Said::NotAccepted,
    });
    attesting.shown = None;
}

fn ask_to_leave(model: &mut Model) {
    let lines = vec![
        "The drill is not at its end: nothing of it was written, and the log does not know of it.".to_owned(),
        "What it has opened is dropped.".to_owned(),
        String::new(),
        "Leave the drill?".to_owned(),
    ];
    model.dialog = Some(Dialog::Confirm(Confirm { title: "Leave?", lines, question: Question::LeaveDrill }));
}

/// The drill was left.
pub(super) fn leave(model: &mut Model) -> Vec<Effect> {
    if let Some(page) = page(model)
        && matches!(page.doing, Drilling::Run(_))
    {
        page.doing = Drilling::List;
        page.selected = 0;
        model.tell("the drill was left; nothing was written", false);
    }
    Vec::new()
}

/// What was done is told, if nobody has gone elsewhere meanwhile; it changes what is due.
fn finished(model: &mut Model, done: Done) -> Vec<Effect> {
    model.remember(done.what.clone(), false);
    match page(model) {
        Some(page) if matches!(page.doing, Drilling::Run(_) | Drilling::Record(_)) => {
            page.doing = Drilling::Told(done);
            page.selected = 0;
            opened()
        }
        _ => {
            model.tell(done.what, false);
            Vec::new()
        }
    }
}
