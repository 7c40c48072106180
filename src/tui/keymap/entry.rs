//! Everything about one entry.

use super::Key::Char;
use super::Scope::{Entry, FirstCode};
use super::{Binding, DOWN, ENTER, ESC, LEFT, PAGE_DOWN, PAGE_UP, UP, bind};
use crate::tui::message::{EntryMessage, Message};

#[rustfmt::skip]
pub(super) const BINDINGS: &[Binding] = &[
    bind(Entry, &[ENTER, Char('y'), Char('c')], "Enter, y, c", "copy the code", "copy", || Message::Copy),
    bind(Entry, &[Char('v')], "v", "show the code for a while, or hide it", "show", || Message::Reveal),
    bind(Entry, &[Char('e')], "e", "edit the entry", "edit", || Message::Edit),
    bind(Entry, &[Char('p')], "p", "note that the service has accepted a code", "prove", || Message::Prove),
    bind(Entry, &[Char('Q')], "Q", "show the seed as a QR code, for a phone to scan", "", || Message::Entry(EntryMessage::AskQr)),
    bind(Entry, &[Char('R')], "R", "hand out the next recovery code, and mark it used", "", || Message::Entry(EntryMessage::AskRecoveryCode)),
    bind(Entry, &[Char('f')], "f", "show first, or no longer", "", || Message::Favourite),
    bind(Entry, &[Char('t')], "t", "tag it", "", || Message::Tag),
    bind(Entry, &[Char('d')], "d", "move it to the trash", "", || Message::Remove),
    bind(Entry, &[Char('T')], "T", "correct the clock, by another device's code", "", || Message::CompareClock),
    bind(Entry, &[Char('j'), DOWN], "j, Down", "further down", "", || Message::Move(1)),
    bind(Entry, &[Char('k'), UP], "k, Up", "further up", "", || Message::Move(-1)),
    bind(Entry, &[PAGE_DOWN], "PgDn", "ten lines down", "", || Message::Move(10)),
    bind(Entry, &[PAGE_UP], "PgUp", "ten lines up", "", || Message::Move(-10)),
    bind(Entry, &[ESC, LEFT, Char('h')], "Esc, Left", "back to the codes", "back", || Message::Back),

    bind(FirstCode, &[ENTER, Char('y'), Char('c')], "Enter, y, c", "copy the code", "copy", || Message::Copy),
    bind(FirstCode, &[Char('a')], "a", "the service has accepted it", "accepted", || Message::Entry(EntryMessage::Accepted)),
    bind(FirstCode, &[Char('n')], "n", "the service has not accepted it", "not accepted", || Message::Entry(EntryMessage::NotAccepted)),
    bind(FirstCode, &[ESC, Char('s')], "s, Esc", "skip it for now", "skip", || Message::Entry(EntryMessage::Skip)),
    bind(FirstCode, &[Char('v')], "v", "show the code for a while, or hide it", "show", || Message::Reveal),
    bind(FirstCode, &[Char('e')], "e", "edit the entry", "", || Message::Edit),
    bind(FirstCode, &[Char('T')], "T", "correct the clock, by another device's code", "", || Message::CompareClock),
];
