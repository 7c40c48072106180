//! A thing of the plan being written down.

#![expect(clippy::wildcard_enum_match_arm, reason = "what means nothing to the form means nothing here")]

use super::{ask, effect, page};
use crate::tui::effect::{Effect, PlanEffect};
use crate::tui::form::Applied;
use crate::tui::message::Message;
use crate::tui::model::{Model, PlanPage, PlanQuestion, PlanStep, ThingForm, WhatIf};
use crate::tui::secret_field::Jump;
use crate::tui::update::{add, forms};

/// Says what is to be said of what is typed.
pub(super) fn check(page: &mut PlanPage) {
    // Taken out for as long as it is looked at beside the plan.
    let PlanStep::Form(mut form) = std::mem::take(&mut page.doing) else { return };
    form.check(page.what_if().map(WhatIf::at_hand));
    page.doing = PlanStep::Form(form);
}

pub(super) fn update(model: &mut Model, message: Message) -> Vec<Effect> {
    let Some(page) = page(model) else { return Vec::new() };
    let PlanStep::Form(form) = &mut page.doing else { return Vec::new() };
    let message = match message {
        Message::Back if form.is_edited => {
            let lines = vec!["Leave what was typed?".to_owned(), "Nothing of it is saved.".to_owned()];
            ask(model, "Leave?", lines, PlanQuestion::LeaveForm);
            return Vec::new();
        }
        Message::Back => {
            page.doing = PlanStep::List;
            return Vec::new();
        }
        Message::Submit => return submit(form),
        Message::Failed(failure) => {
            form.wrong = Some(forms::in_place(&failure));
            return Vec::new();
        }
        Message::Pasted(text) if form.form.focused().is_some_and(|field| field.key == "note") => {
            Message::Pasted(add::in_one_line(&text))
        }
        // At the end of a field there is nothing to its right but what is offered.
        Message::Jump(Jump::Right) if form.form.is_at_end() && form.take_offered() => {
            form.wrong = None;
            form.settle_ways();
            check(page);
            return Vec::new();
        }
        message => message,
    };
    match form.form.apply(message) {
        Applied::Edited => {
            form.is_edited = true;
            form.wrong = None;
            form.settle_ways();
        }
        Applied::Moved => {}
        Applied::NotTaken(_) => return Vec::new(),
    }
    check(page);
    Vec::new()
}

/// Saves what was typed, or says what is wrong with it at its field.
fn submit(form: &mut ThingForm) -> Vec<Effect> {
    let thing = match form.thing() {
        Ok(thing) => thing,
        Err(wrong) => {
            form.form.focus_on(wrong.key);
            form.wrong = Some(wrong.words);
            return Vec::new();
        }
    };
    if !form.hints.is_empty() {
        form.wrong = Some("it cannot be saved like this".to_owned());
        return Vec::new();
    }
    let thing = Box::new(thing);
    match &form.changes {
        Some(name) => effect(PlanEffect::Edit(name.clone(), thing)),
        None => effect(PlanEffect::Add(thing)),
    }
}
