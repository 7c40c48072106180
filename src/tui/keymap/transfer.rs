//! What a file holds, before it is taken; and what was done.

use super::Key::Char;
use super::Scope::{Done, Report};
use super::{Binding, DOWN, END, ENTER, ESC, HOME, PAGE_DOWN, PAGE_UP, UP, bind};
use crate::tui::message::{Message, TransferMessage};

#[rustfmt::skip]
pub(super) const BINDINGS: &[Binding] = &[
    bind(Report, &[ENTER], "Enter", "take the entries", "take them", || Message::Submit),
    bind(Report, &[Char('s')], "s", "take what is good, and leave out what cannot be taken", "", || Message::Transfer(TransferMessage::AllowSkipped)),
    bind(Report, &[Char('j'), DOWN], "j, Down", "further down", "", || Message::Move(1)),
    bind(Report, &[Char('k'), UP], "k, Up", "further up", "", || Message::Move(-1)),
    bind(Report, &[PAGE_DOWN], "PgDn", "ten lines down", "", || Message::Move(10)),
    bind(Report, &[PAGE_UP], "PgUp", "ten lines up", "", || Message::Move(-10)),
    bind(Report, &[HOME], "Home", "the first", "", || Message::MoveToFirst),
    bind(Report, &[END], "End", "the last", "", || Message::MoveToLast),
    bind(Report, &[ESC], "Esc", "take nothing", "back", || Message::Back),

    bind(Done, &[ENTER, ESC], "Enter, Esc", "back", "back", || Message::Back),
    bind(Done, &[Char('j'), DOWN], "j, Down", "further down", "", || Message::Move(1)),
    bind(Done, &[Char('k'), UP], "k, Up", "further up", "", || Message::Move(-1)),
    bind(Done, &[PAGE_DOWN, Char(' ')], "PgDn", "ten lines down", "", || Message::Move(10)),
    bind(Done, &[PAGE_UP], "PgUp", "ten lines up", "", || Message::Move(-10)),
];
