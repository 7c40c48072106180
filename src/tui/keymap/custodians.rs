//! The share sets and their custodians, and the cards of a new set.

use super::Key::Char;
use super::Scope::{Card, Custodians};
use super::{Binding, DOWN, END, ENTER, ESC, F1, HOME, PAGE_DOWN, PAGE_UP, UP, bind};
use crate::tui::message::{CustodianMessage, Message};

#[rustfmt::skip]
pub(super) const BINDINGS: &[Binding] = &[
    bind(Custodians, &[ENTER, Char('o')], "Enter, o", "everything about the share set", "open", || Message::Submit),
    bind(Custodians, &[Char('n')], "n", "make a share set with its custodians", "new", || Message::Custodian(CustodianMessage::New)),
    bind(Custodians, &[Char('a')], "a", "bring a custodian's acknowledgement home", "acknowledgement", || Message::Custodian(CustodianMessage::Record)),
    bind(Custodians, &[Char('b')], "b", "make a bundle that the share set opens", "bundle", || Message::NewBundle),
    bind(Custodians, &[Char('R')], "R", "replace the share set, because a custodian leaves or a card is lost", "replace", || Message::Custodian(CustodianMessage::Replace)),
    bind(Custodians, &[Char('j'), DOWN], "j, Down", "one row down", "", || Message::Move(1)),
    bind(Custodians, &[Char('k'), UP], "k, Up", "one row up", "", || Message::Move(-1)),
    bind(Custodians, &[PAGE_DOWN], "PgDn", "ten rows down", "", || Message::Move(10)),
    bind(Custodians, &[PAGE_UP], "PgUp", "ten rows up", "", || Message::Move(-10)),
    bind(Custodians, &[Char('g'), HOME], "g, Home", "first row", "", || Message::MoveToFirst),
    bind(Custodians, &[Char('G'), END], "G, End", "last row", "", || Message::MoveToLast),
    bind(Custodians, &[ESC], "Esc", "back to the bundles", "back", || Message::Back),

    bind(Card, &[ENTER], "Enter", "go on", "go on", || Message::Submit),
    bind(Card, &[DOWN, Char('j')], "Down", "further down, where the card is longer than the screen", "down", || Message::Move(1)),
    bind(Card, &[UP, Char('k')], "Up", "further up", "", || Message::Move(-1)),
    bind(Card, &[Char(' ')], "Space", "stay: without any key the vault locks after a while", "", || Message::Move(0)),
    bind(Card, &[F1, Char('?')], "F1, ?", "show these keys", "keys", || Message::Help),
    bind(Card, &[ESC], "Esc", "leave the ceremony; nothing is made then", "leave", || Message::Back),
];
