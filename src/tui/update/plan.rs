//! The plan: what would be left after losses, what a check has found, and its things changed.
//!
//! A mark is the page's own and is worked out here at once; the vault changes by what is asked for and confirmed alone.

#![expect(clippy::wildcard_enum_match_arm, reason = "what a step does not know means nothing to it")]

mod form;

use super::{bundles, uris};
use crate::app::status::count;
use crate::entry::Label;
use crate::recovery::plan::{Thing, ThingKind};
use crate::tui::effect::{Effect, PlanEffect};
use crate::tui::message::{Message, PlanMessage, Typed};
use crate::tui::model::{
    Choosing, Confirm, Dialog, Done, Model, PlanChoice, PlanFindings, PlanKnown, PlanPage, PlanQuestion,
    PlanStep, Question, Screen, ThingForm, WhatIf,
};
use crate::tui::secret_field::holds_uri;
use crate::tui::view::most_above;

/// Longest filter that is taken, in characters.
const LONGEST_FILTER: usize = 200;
/// Most names of users that a refusal tells.
const MOST_USERS: usize = 5;

/// What is offered on several screens, and what the world says of the plan.
pub(super) fn act(model: &mut Model, message: PlanMessage) -> Vec<Effect> {
    match message {
        PlanMessage::Check(depth) => return begin(model, vec![Effect::Plan(PlanEffect::Check(depth))]),
        PlanMessage::Add => {
            let effects = begin(model, Vec::new());
            show_form(model, Some(ThingForm::new()));
            return effects;
        }
        PlanMessage::Scenarios => return scenarios(model),
        PlanMessage::Templates => return templates(model),
        PlanMessage::Change => change(model),
        PlanMessage::ClearMarks => clear_marks(model),
        PlanMessage::Lost => ask_lost(model),
        PlanMessage::NextCutOff => next_cut_off(model),
        PlanMessage::Remove => ask_to_remove(model),
        PlanMessage::Whole => whole_finding(model),
        PlanMessage::Read(known) => read(model, *known),
        PlanMessage::Checked(findings) => checked(model, *findings),
        PlanMessage::Changed(words, name) => changed(model, words, name.as_ref()),
    }
    Vec::new()
}

fn page(model: &mut Model) -> Option<&mut PlanPage> {
    if let Screen::Plan(page) = &mut model.screen { Some(page) } else { None }
}

fn effect(effect: PlanEffect) -> Vec<Effect> {
    vec![Effect::Plan(effect)]
}

/// The place has come onto the screen, or the vault has changed under it.
pub(super) fn opened() -> Vec<Effect> {
    effect(PlanEffect::Read)
}

/// The place of the plan, whatever was on the screen before; then what is wanted there.
fn begin(model: &mut Model, then: Vec<Effect>) -> Vec<Effect> {
    let mut effects = Vec::new();
    if !matches!(model.screen, Screen::Plan(_)) {
        model.list.filtering = false;
        model.screen = Screen::Plan(PlanPage::default());
        effects = opened();
    }
    effects.extend(then);
    effects
}

fn read(model: &mut Model, known: PlanKnown) {
    let Some(page) = page(model) else { return };
    page.fill(known);
    form::check(page);
}

/// What a check has found is told where the person is by then.
fn checked(model: &mut Model, findings: PlanFindings) {
    let n = findings.rows.iter().filter(|row| row.is_wrong).count();
    let words = match n {
        0 => "the plan was checked: nothing is to be seen to".to_owned(),
        n => format!(
            "the plan was checked: {}",
            count(n, "finding is to be seen to", "findings are to be seen to")
        ),
    };
    model.remember(words, n > 0);
    let Some(page) = page(model) else { return };
    page.findings = Some(findings);
    page.filtering = false;
    page.doing = PlanStep::Findings;
}

fn changed(model: &mut Model, words: String, name: Option<&Label>) {
    if let Some(page) = page(model) {
        if matches!(page.doing, PlanStep::Form(_) | PlanStep::Choose(_)) {
            page.doing = PlanStep::List;
        }
        // What was just written down is looked at, also where the filter would hide it.
        if let Some(name) = name {
            page.select(name);
            if page.selected_thing().is_none_or(|thing| thing.name != *name) {
                page.filter.clear();
                page.refilter();
                page.select(name);
            }
        }
    }
    model.tell(words, false);
}

/// What the place of the plan does with a message.
pub(super) fn update(model: &mut Model, message: Message) -> Vec<Effect> {
    let size = model.size;
    let clicked = super::clicked(model, &message);
    let Some(page) = page(model) else { return Vec::new() };
    match &mut page.doing {
        PlanStep::List => return on_list(model, message),
        PlanStep::Form(_) => return form::update(model, message),
        PlanStep::Choose(choice) => match message {
            Message::Back => page.doing = PlanStep::List,
            Message::Submit => return chosen(model),
            Message::Failed(failure) => super::fail(model, &failure),
            Message::Clicked(..) => choice.selected = clicked.unwrap_or(choice.selected),
            message => bundles::scroll(&message, |by| choice.move_by(by)),
        },
        PlanStep::Findings => match (&mut page.findings, message) {
            (_, Message::Back) | (None, _) => page.doing = PlanStep::List,
            (_, Message::Failed(failure)) => super::fail(model, &failure),
            (Some(_), Message::Submit) => mark_finding(model),
            (Some(findings), Message::Clicked(..)) => {
                findings.selected = clicked.unwrap_or(findings.selected);
            }
            (Some(findings), message) => bundles::scroll(&message, |by| findings.move_by(by)),
        },
        PlanStep::Told { done, of_finding } => match message {
            Message::Back => {
                page.doing = if *of_finding { PlanStep::Findings } else { PlanStep::List };
            }
            Message::Failed(failure) => super::fail(model, &failure),
            message => {
                let most = most_above(done, size);
                bundles::scroll(&message, |by| done.scroll(by, most));
            }
        },
    }
    Vec::new()
}

fn on_list(model: &mut Model, message: Message) -> Vec<Effect> {
    let clicked = super::clicked(model, &message);
    let Some(page) = page(model) else { return Vec::new() };
    match message {
        Message::Back if page.filtering || !page.filter.is_empty() => {
            let selected = page.selected_number();
            page.filtering = false;
            page.filter.clear();
            page.refilter();
            // What was found by the filter is still looked at without it.
            if let Some(number) = selected {
                page.select_number(number);
            }
        }
        Message::Back if page.what_if().is_some_and(|what_if| !what_if.marked().is_empty()) => {
            clear_marks(model);
        }
        Message::Back => model.screen = Screen::Codes,
        Message::Filter => page.filtering = true,
        Message::Submit if page.filtering => page.filtering = false,
        Message::Submit => whole_thing(page),
        Message::Mark => {
            let selected = page.selected_number();
            if let Some((what_if, number)) = page.what_if_mut().zip(selected) {
                what_if.toggle(number);
            }
        }
        Message::Clicked(..) => page.selected = clicked.unwrap_or(page.selected),
        Message::Failed(failure) => super::fail(model, &failure),
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

/// Changes the filter while it is typed; the first thing that fits is then selected.
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

fn clear_marks(model: &mut Model) {
    let what_if = page(model).and_then(PlanPage::what_if_mut);
    let Some(what_if) = what_if.filter(|what_if| !what_if.marked().is_empty()) else { return };
    what_if.mark_only(&[]);
}

fn next_cut_off(model: &mut Model) {
    let Some(page) = page(model) else { return };
    match page.next_cut_off() {
        Some(number) => page.select_number(number),
        None => model.tell("every account that is shown can be reached", false),
    }
}

/// Everything about the selected thing.
fn whole_thing(page: &mut PlanPage) {
    let Some((what_if, number)) = page.what_if().zip(page.selected_number()) else { return };
    let done = told("Thing", format!("{}.", what_if.name(number)), what_if.facts(number));
    page.doing = PlanStep::Told { done, of_finding: false };
}

fn whole_finding(model: &mut Model) {
    let Some(page) = page(model).filter(|page| matches!(page.doing, PlanStep::Findings)) else { return };
    let Some(row) = page.findings.as_ref().and_then(PlanFindings::row) else { return };
    let done = told("Finding", format!("{}: {}", row.about, row.says), row.facts.clone());
    page.doing = PlanStep::Told { done, of_finding: true };
}

fn told(name: &'static str, what: String, facts: Vec<(&'static str, String)>) -> Done {
    Done { name, what, warnings: Vec::new(), facts, next: Vec::new(), offset: 0 }
}

/// Back to the things, all of them, with these marked and no others; the first account that they take away is selected.
fn mark_only(page: &mut PlanPage, lost: &[Label]) {
    page.doing = PlanStep::List;
    page.filtering = false;
    page.filter.clear();
    page.refilter();
    let Some(what_if) = page.what_if_mut() else { return };
    what_if.mark_only(lost);
    if let Some(account) = what_if.taken_away().first().or(what_if.not_now().first()).copied() {
        page.select_number(account);
    }
}

/// What a finding loses is marked; one that loses nothing is about a thing, which is selected.
fn mark_finding(model: &mut Model) {
    let Some(page) = page(model) else { return };
    let Some(row) = page.findings.as_ref().and_then(PlanFindings::row) else { return };
    let (lost, about, is_unwise) = (row.lost.clone(), row.about.clone(), row.sort == "unwise");
    if !is_unwise {
        return mark_only(page, &lost);
    }
    page.doing = PlanStep::List;
    page.filter.clear();
    page.refilter();
    let number = page
        .what_if()
        .and_then(|what_if| what_if.at_hand().things().iter().position(|thing| thing.name.shown() == about));
    if let Some(number) = number {
        page.select_number(number);
    }
}

fn scenarios(model: &mut Model) -> Vec<Effect> {
    let effects = begin(model, Vec::new());
    let Some(page) = page(model) else { return effects };
    let Some(choice) = page.what_if().map(PlanChoice::of_scenarios) else {
        if matches!(page.known, Some(PlanKnown::NotRead(_))) {
            refuse(model);
        }
        return effects;
    };
    if choice.rows.is_empty() {
        model.tell(
            "the plan has no place, person, network or identity provider, and no scenario of yours",
            false,
        );
    } else {
        page.doing = PlanStep::Choose(choice);
    }
    effects
}

fn templates(model: &mut Model) -> Vec<Effect> {
    let effects = begin(model, Vec::new());
    let Some(page) = page(model) else { return effects };
    match page.what_if().map(|what_if| what_if.at_hand().own().things.is_empty()) {
        Some(true) => page.doing = PlanStep::Choose(PlanChoice::of_templates()),
        Some(false) => {
            model.tell("you have a plan already: a template begins one, where there is none", false);
        }
        None if matches!(page.known, Some(PlanKnown::NotRead(_))) => refuse(model),
        None => {}
    }
    effects
}

/// A scenario or a template was chosen.
fn chosen(model: &mut Model) -> Vec<Effect> {
    let Some(page) = page(model) else { return Vec::new() };
    let PlanStep::Choose(choice) = &page.doing else { return Vec::new() };
    let Some(row) = choice.row().cloned() else { return Vec::new() };
    match (choice.what, row.template) {
        (Choosing::Scenario, _) => mark_only(page, &row.lose),
        (Choosing::Template, Some(name)) => {
            let mut lines = vec![format!("Start your plan from {name}?")];
            lines.extend(row.facts.iter().take(2).map(|(fact, words)| format!("{fact}: {words}")));
            lines.push(
                "It is saved in the vault. Names in capitals are there to be replaced: e changes them."
                    .to_owned(),
            );
            ask(model, "A template", lines, PlanQuestion::Start(name));
        }
        (Choosing::Template, None) => {}
    }
    Vec::new()
}

/// A plan that is not understood is not changed either.
fn refuse(model: &mut Model) {
    model.tell("the plan cannot be read here, and so it is not changed here either", true);
}

fn ask(model: &mut Model, title: &'static str, lines: Vec<String>, question: PlanQuestion) {
    model.dialog = Some(Dialog::Confirm(Confirm { title, lines, question: Question::Plan(question) }));
}

/// The selected thing: its name, what the person wrote of it, and whether the vault knows it.
struct Selected {
    whole: Thing,
    own: Option<Thing>,
    is_known: bool,
    own_users: Vec<String>,
}

fn selected(model: &mut Model) -> Option<Selected> {
    let page = page(model)?;
    if matches!(page.known, Some(PlanKnown::NotRead(_))) {
        refuse(model);
        return None;
    }
    let (what_if, number) = page.what_if().zip(page.selected_number())?;
    let at_hand = what_if.at_hand();
    Some(Selected {
        whole: what_if.thing(number)?.clone(),
        own: at_hand.as_written(number).cloned(),
        is_known: at_hand.is_known(number),
        own_users: at_hand.own_users(number),
    })
}

fn show_form(model: &mut Model, form: Option<ThingForm>) {
    let Some(page) = page(model) else { return };
    if matches!(page.known, Some(PlanKnown::NotRead(_))) {
        return refuse(model);
    }
    match form {
        Some(form) => page.doing = PlanStep::Form(Box::new(form)),
        None => model.tell(
            "this thing says something that the fields here cannot hold: `lifeboat plan edit` shows it as text",
            true,
        ),
    }
}

/// The form for the selected thing; what the vault knows by itself is not changed, and more can be said about it.
fn change(model: &mut Model) {
    let Some(Selected { whole, own, is_known, .. }) = selected(model) else { return };
    if let Some(own) = own {
        return show_form(model, ThingForm::change(&own, is_known));
    }
    let lines = vec![
        format!("{} is known by the vault itself, and cannot be changed.", whole.name),
        "You can say more about it: where it lies, who holds it, what else opens it. Say so?".to_owned(),
    ];
    ask(model, "Say more?", lines, PlanQuestion::SayMore(whole.name));
}

fn ask_lost(model: &mut Model) {
    let Some(Selected { whole, .. }) = selected(model) else { return };
    let lost = !whole.lost;
    let lines = if lost {
        vec![
            format!("Note in the vault that {} is lost?", whole.name),
            "It counts as lost from now on, here and wherever the plan is checked, until you take that back. Space marks \
             it only to see what would be left."
                .to_owned(),
        ]
    } else {
        vec![format!("Note in the vault that {} is not lost any more?", whole.name)]
    };
    ask(model, "Lost?", lines, PlanQuestion::Lost(whole.name, lost));
}

fn ask_to_remove(model: &mut Model) {
    let Some(Selected { whole, own, is_known, own_users }) = selected(model) else { return };
    let name = whole.name;
    if own.is_none() {
        return model.tell(
            format!("{name} is known by the vault itself, and cannot be taken out of the plan"),
            false,
        );
    }
    if !own_users.is_empty() {
        let more = own_users.len().saturating_sub(MOST_USERS);
        let more = if more > 0 { format!(" and {more} more") } else { String::new() };
        let users: Vec<String> = own_users.into_iter().take(MOST_USERS).collect();
        let words = format!(
            "{name} is still named by others: {}{more}. Take it out of them first (e)",
            users.join(", ")
        );
        return model.tell(words, true);
    }
    let stays =
        if is_known { "The vault still knows it; what you said about it goes." } else { "It is gone then." };
    let lines = vec![format!("Take {name} out of the plan?"), stays.to_owned()];
    ask(model, "Remove?", lines, PlanQuestion::Remove(name));
}

/// The question was answered with yes.
pub(super) fn confirmed(model: &mut Model, question: PlanQuestion) -> Vec<Effect> {
    match question {
        PlanQuestion::LeaveForm => {
            if let Some(page) = page(model) {
                page.doing = PlanStep::List;
            }
            Vec::new()
        }
        PlanQuestion::Lost(name, lost) => mark_lost(model, &name, lost),
        PlanQuestion::Remove(name) => effect(PlanEffect::Remove(name)),
        PlanQuestion::SayMore(name) => {
            let thing = what_if(model).and_then(|what_if| {
                what_if.at_hand().number_of(&name).and_then(|number| what_if.thing(number))
            });
            let form = thing.map(ThingForm::say_more);
            if form.is_some() {
                show_form(model, form);
            }
            Vec::new()
        }
        PlanQuestion::Start(name) => effect(PlanEffect::Start(name)),
    }
}

fn what_if(model: &mut Model) -> Option<&WhatIf> {
    page(model).and_then(|page| page.what_if())
}

/// What the vault knows by itself gets its mark from a thing of the person's own under its name.
fn mark_lost(model: &mut Model, name: &Label, lost: bool) -> Vec<Effect> {
    let Some(what_if) = what_if(model) else { return Vec::new() };
    let Some(number) = what_if.at_hand().number_of(name) else { return Vec::new() };
    let own = what_if.at_hand().as_written(number).cloned();
    let kind = what_if.thing(number).map_or(ThingKind::Other, |thing| thing.kind);
    match own {
        Some(own) => effect(PlanEffect::Edit(name.clone(), Box::new(Thing { lost, ..own }))),
        None => effect(PlanEffect::Add(Box::new(Thing { lost, ..Thing::new(name.raw(), kind) }))),
    }
}
