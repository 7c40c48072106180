//! The passes, and the words of a new one.

use super::Key::Char;
use super::Scope::{PassWords, Passes};
use super::{Binding, DOWN, END, ENTER, ESC, F1, HOME, PAGE_DOWN, PAGE_UP, UP, bind};
use crate::tui::message::{Message, PassMessage};

#[rustfmt::skip]
pub(super) const BINDINGS: &[Binding] = &[
    bind(Passes, &[ENTER, Char('o')], "Enter, o", "everything about the pass", "open", || Message::Submit),
    bind(Passes, &[Char('n')], "n", "issue a pass: the codes of one entry for a while, without its seed", "new", || Message::Pass(PassMessage::New)),
    bind(Passes, &[Char('c')], "c", "close the pass: new methods are registered and old ones removed", "close", || Message::Pass(PassMessage::AskClose)),
    bind(Passes, &[Char('j'), DOWN], "j, Down", "one row down", "", || Message::Move(1)),
    bind(Passes, &[Char('k'), UP], "k, Up", "one row up", "", || Message::Move(-1)),
    bind(Passes, &[PAGE_DOWN], "PgDn", "ten rows down", "", || Message::Move(10)),
    bind(Passes, &[PAGE_UP], "PgUp", "ten rows up", "", || Message::Move(-10)),
    bind(Passes, &[Char('g'), HOME], "g, Home", "first row", "", || Message::MoveToFirst),
    bind(Passes, &[Char('G'), END], "G, End", "last row", "", || Message::MoveToLast),
    bind(Passes, &[ESC], "Esc", "back to the codes", "back", || Message::Back),

    bind(PassWords, &[ENTER], "Enter", "they are said or written down: write the pass", "write it", || Message::Submit),
    bind(PassWords, &[Char(' ')], "Space", "stay: without any key the vault locks after a while", "", || Message::Move(0)),
    bind(PassWords, &[F1, Char('?')], "F1, ?", "show these keys", "keys", || Message::Help),
    bind(PassWords, &[ESC], "Esc", "issue nothing; the words open nothing then", "leave", || Message::Back),
];
