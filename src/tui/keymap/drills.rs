//! Drills: what is due, what was run, and the steps of one.

use super::Key::Char;
use super::Scope::{DrillAttest, DrillStep, Drills};
use super::{Binding, DOWN, END, ENTER, ESC, F1, HOME, PAGE_DOWN, PAGE_UP, UP, bind};
use crate::tui::message::{DrillMessage, Message};

#[rustfmt::skip]
pub(super) const BINDINGS: &[Binding] = &[
    bind(Drills, &[Char('r')], "r", "run a drill: a restore that changes nothing", "run a drill", || Message::Drill(DrillMessage::Run)),
    bind(Drills, &[ENTER, Char('o')], "Enter, o", "everything about the selected one", "open", || Message::Submit),
    bind(Drills, &[Char('h')], "h", "the drills that were run; once more for what is due", "history", || Message::Drill(DrillMessage::History)),
    bind(Drills, &[Char('b')], "b", "bring the report of a drill home that was run elsewhere", "report", || Message::Drill(DrillMessage::Record)),
    bind(Drills, &[Char('j'), DOWN], "j, Down", "one row down", "", || Message::Move(1)),
    bind(Drills, &[Char('k'), UP], "k, Up", "one row up", "", || Message::Move(-1)),
    bind(Drills, &[PAGE_DOWN], "PgDn", "ten rows down", "", || Message::Move(10)),
    bind(Drills, &[PAGE_UP], "PgUp", "ten rows up", "", || Message::Move(-10)),
    bind(Drills, &[Char('g'), HOME], "g, Home", "first row", "", || Message::MoveToFirst),
    bind(Drills, &[Char('G'), END], "G, End", "last row", "", || Message::MoveToLast),
    bind(Drills, &[ESC], "Esc", "back to the codes", "back", || Message::Back),

    bind(DrillStep, &[ENTER], "Enter", "go on", "go on", || Message::Submit),
    bind(DrillStep, &[DOWN, Char('j')], "Down", "further down", "", || Message::Move(1)),
    bind(DrillStep, &[UP, Char('k')], "Up", "further up", "", || Message::Move(-1)),
    bind(DrillStep, &[PAGE_DOWN, Char(' ')], "PgDn", "ten lines down", "", || Message::Move(10)),
    bind(DrillStep, &[PAGE_UP], "PgUp", "ten lines up", "", || Message::Move(-10)),
    bind(DrillStep, &[Char('L')], "L", "lock; the drill is dropped", "lock", || Message::Lock),
    bind(DrillStep, &[F1, Char('?')], "?, F1", "show these keys", "keys", || Message::Help),
    bind(DrillStep, &[ESC], "Esc", "leave the drill; nothing is written then", "leave", || Message::Back),

    bind(DrillAttest, &[Char('v'), Char(' ')], "v", "show the code of the selected entry in large figures, or hide it", "code", || Message::Drill(DrillMessage::ShowCode)),
    bind(DrillAttest, &[ENTER, Char('a')], "a, Enter", "the service accepted the code; where that is written down is asked", "accepted", || Message::Submit),
    bind(DrillAttest, &[Char('f')], "f", "go on to the end of the drill; what was not tried stays untested", "go on", || Message::Drill(DrillMessage::GoOn)),
    bind(DrillAttest, &[Char('n')], "n", "the service did not accept the code", "not accepted", || Message::Drill(DrillMessage::NotAccepted)),
    bind(DrillAttest, &[Char('j'), DOWN], "j, Down", "one row down", "", || Message::Move(1)),
    bind(DrillAttest, &[Char('k'), UP], "k, Up", "one row up", "", || Message::Move(-1)),
    bind(DrillAttest, &[PAGE_DOWN], "PgDn", "ten rows down", "", || Message::Move(10)),
    bind(DrillAttest, &[PAGE_UP], "PgUp", "ten rows up", "", || Message::Move(-10)),
    bind(DrillAttest, &[Char('g'), HOME], "g, Home", "first row", "", || Message::MoveToFirst),
    bind(DrillAttest, &[Char('G'), END], "G, End", "last row", "", || Message::MoveToLast),
    bind(DrillAttest, &[Char('L')], "L", "lock; the drill is dropped", "", || Message::Lock),
    bind(DrillAttest, &[F1, Char('?')], "?, F1", "show these keys", "keys", || Message::Help),
    bind(DrillAttest, &[ESC], "Esc", "leave the drill; nothing is written then", "leave", || Message::Back),
];
