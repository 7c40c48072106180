//! The runbooks, and one that is filled in.

use super::Key::Char;
use super::Scope::{Runbook, Runbooks};
use super::{Binding, DOWN, END, ENTER, ESC, HOME, PAGE_DOWN, PAGE_UP, UP, bind};
use crate::tui::message::{Message, RunbookMessage};

#[rustfmt::skip]
pub(super) const BINDINGS: &[Binding] = &[
    bind(Runbooks, &[ENTER, Char('o')], "Enter, o", "fill the runbook in and read it, for any device or one", "open", || Message::Submit),
    bind(Runbooks, &[Char('j'), DOWN], "j, Down", "one row down", "", || Message::Move(1)),
    bind(Runbooks, &[Char('k'), UP], "k, Up", "one row up", "", || Message::Move(-1)),
    bind(Runbooks, &[PAGE_DOWN], "PgDn", "ten rows down", "", || Message::Move(10)),
    bind(Runbooks, &[PAGE_UP], "PgUp", "ten rows up", "", || Message::Move(-10)),
    bind(Runbooks, &[Char('g'), HOME], "g, Home", "first row", "", || Message::MoveToFirst),
    bind(Runbooks, &[Char('G'), END], "G, End", "last row", "", || Message::MoveToLast),
    bind(Runbooks, &[ESC], "Esc", "back to the codes", "back", || Message::Back),

    bind(Runbook, &[Char('j'), DOWN, ENTER], "j, Down", "further down", "down", || Message::Move(1)),
    bind(Runbook, &[Char('k'), UP], "k, Up", "further up", "", || Message::Move(-1)),
    bind(Runbook, &[Char('w')], "w", "write it to a file: Markdown, or a page to print where the name ends in .html", "write", || Message::Runbook(RunbookMessage::Write)),
    bind(Runbook, &[PAGE_DOWN, Char(' ')], "PgDn", "ten lines down", "", || Message::Move(10)),
    bind(Runbook, &[PAGE_UP], "PgUp", "ten lines up", "", || Message::Move(-10)),
    bind(Runbook, &[Char('g'), HOME], "g, Home", "the beginning", "", || Message::MoveToFirst),
    bind(Runbook, &[Char('G'), END], "G, End", "the end", "", || Message::MoveToLast),
    bind(Runbook, &[ESC], "Esc", "back to the runbooks", "back", || Message::Back),
];
