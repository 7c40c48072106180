//! The plan, its filter, what a check has found, and what is chosen.

use super::Key::{Char, Ctrl};
use super::Scope::{Plan, PlanCheck, PlanChoice, PlanFilter};
use super::{BACKSPACE, Binding, DOWN, END, ENTER, ESC, HOME, PAGE_DOWN, PAGE_UP, UP, bind};
use crate::tui::message::{Message, PlanMessage};

#[rustfmt::skip]
pub(super) const BINDINGS: &[Binding] = &[
    bind(Plan, &[Char(' ')], "Space", "mark the thing as lost, to see what would be left; nothing is saved", "what if", || Message::Mark),
    bind(Plan, &[ENTER, Char('o')], "Enter, o", "everything about the thing", "open", || Message::Submit),
    bind(Plan, &[Char('/')], "/", "filter by name, kind, note; yours, vault, privileged, lost", "filter", || Message::Filter),
    bind(Plan, &[Char('c')], "c", "check the plan: lose each thing, and each two together", "check", || Message::Plan(PlanMessage::Check(2))),
    bind(Plan, &[Char('s')], "s", "mark the losses of a scenario: a place, a person, one of your own", "scenarios", || Message::Plan(PlanMessage::Scenarios)),
    bind(Plan, &[Char('a')], "a", "add a thing to the plan", "add", || Message::Plan(PlanMessage::Add)),
    bind(Plan, &[Char('e')], "e", "change the thing, or say more about what the vault knows", "edit", || Message::Plan(PlanMessage::Change)),
    bind(Plan, &[Char('u')], "u", "take all marks away", "", || Message::Plan(PlanMessage::ClearMarks)),
    bind(Plan, &[Char('n')], "n", "the next account that cannot be reached", "", || Message::Plan(PlanMessage::NextCutOff)),
    bind(Plan, &[Char('C')], "C", "check the plan with three losses together, which takes longer", "", || Message::Plan(PlanMessage::Check(3))),
    bind(Plan, &[Char('l')], "l", "note in the vault that the thing is lost, or no longer", "", || Message::Plan(PlanMessage::Lost)),
    bind(Plan, &[Char('d')], "d", "take the thing out of the plan", "", || Message::Plan(PlanMessage::Remove)),
    bind(Plan, &[Char('t')], "t", "start a plan from a template, where there is none yet", "", || Message::Plan(PlanMessage::Templates)),
    bind(Plan, &[Char('j'), DOWN], "j, Down", "one row down", "", || Message::Move(1)),
    bind(Plan, &[Char('k'), UP], "k, Up", "one row up", "", || Message::Move(-1)),
    bind(Plan, &[PAGE_DOWN], "PgDn", "ten rows down", "", || Message::Move(10)),
    bind(Plan, &[PAGE_UP], "PgUp", "ten rows up", "", || Message::Move(-10)),
    bind(Plan, &[Char('g'), HOME], "g, Home", "first row", "", || Message::MoveToFirst),
    bind(Plan, &[Char('G'), END], "G, End", "last row", "", || Message::MoveToLast),
    bind(Plan, &[ESC], "Esc", "clear the filter, then the marks; back to the codes", "", || Message::Back),

    bind(PlanFilter, &[ENTER], "Enter", "keep the filter", "keep", || Message::Submit),
    bind(PlanFilter, &[ESC], "Esc", "clear the filter", "clear", || Message::Back),
    bind(PlanFilter, &[DOWN, Ctrl('n')], "Down", "one row down", "", || Message::Move(1)),
    bind(PlanFilter, &[UP, Ctrl('p')], "Up", "one row up", "", || Message::Move(-1)),
    bind(PlanFilter, &[BACKSPACE], "Backspace", "take a character away", "", || Message::Erase),
    bind(PlanFilter, &[Ctrl('w')], "Ctrl-w", "take a word away", "", || Message::EraseWord),
    bind(PlanFilter, &[Ctrl('u')], "Ctrl-u", "empty the filter", "", || Message::EraseAll),

    bind(PlanCheck, &[ENTER, Char(' ')], "Enter", "mark its losses among the things, to see what would be left", "what if", || Message::Submit),
    bind(PlanCheck, &[Char('v'), Char('o')], "v", "everything about the finding", "all of it", || Message::Plan(PlanMessage::Whole)),
    bind(PlanCheck, &[Char('C')], "C", "check with three losses together, which takes longer", "three", || Message::Plan(PlanMessage::Check(3))),
    bind(PlanCheck, &[Char('j'), DOWN], "j, Down", "one row down", "", || Message::Move(1)),
    bind(PlanCheck, &[Char('k'), UP], "k, Up", "one row up", "", || Message::Move(-1)),
    bind(PlanCheck, &[PAGE_DOWN], "PgDn", "ten rows down", "", || Message::Move(10)),
    bind(PlanCheck, &[PAGE_UP], "PgUp", "ten rows up", "", || Message::Move(-10)),
    bind(PlanCheck, &[Char('g'), HOME], "g, Home", "first row", "", || Message::MoveToFirst),
    bind(PlanCheck, &[Char('G'), END], "G, End", "last row", "", || Message::MoveToLast),
    bind(PlanCheck, &[ESC], "Esc", "back to the things", "back", || Message::Back),

    bind(PlanChoice, &[ENTER, Char(' ')], "Enter", "take it", "take", || Message::Submit),
    bind(PlanChoice, &[Char('j'), DOWN], "j, Down", "one row down", "", || Message::Move(1)),
    bind(PlanChoice, &[Char('k'), UP], "k, Up", "one row up", "", || Message::Move(-1)),
    bind(PlanChoice, &[PAGE_DOWN], "PgDn", "ten rows down", "", || Message::Move(10)),
    bind(PlanChoice, &[PAGE_UP], "PgUp", "ten rows up", "", || Message::Move(-10)),
    bind(PlanChoice, &[Char('g'), HOME], "g, Home", "first row", "", || Message::MoveToFirst),
    bind(PlanChoice, &[Char('G'), END], "G, End", "last row", "", || Message::MoveToLast),
    bind(PlanChoice, &[ESC], "Esc", "back to the things", "back", || Message::Back),
];
