//! The bundles.

use super::Key::Char;
use super::Scope::Bundles;
use super::{Binding, DOWN, END, ENTER, ESC, HOME, PAGE_DOWN, PAGE_UP, UP, bind};
use crate::tui::message::{BundleMessage, CustodianMessage, Message};

#[rustfmt::skip]
pub(super) const BINDINGS: &[Binding] = &[
    bind(Bundles, &[Char('n'), Char('b'), Char('a')], "n, b", "make a bundle", "new", || Message::NewBundle),
    bind(Bundles, &[ENTER, Char('v')], "v, Enter", "open the bundle and check everything in it", "verify", || Message::Bundle(BundleMessage::Verify)),
    bind(Bundles, &[Char('i')], "i", "what stands outside of a bundle, without opening it", "info", || Message::Bundle(BundleMessage::Inspect)),
    bind(Bundles, &[Char('r')], "r", "restore a bundle into this vault", "restore", || Message::Merge),
    bind(Bundles, &[Char('c')], "c", "the custodians: share sets, and how their shares stand", "custodians", || Message::Custodian(CustodianMessage::Open)),
    bind(Bundles, &[Char('K')], "K", "make a custodian's kit of the newest bundle", "kit", || Message::Bundle(BundleMessage::Kit)),
    bind(Bundles, &[Char('j'), DOWN], "j, Down", "one row down", "", || Message::Move(1)),
    bind(Bundles, &[Char('k'), UP], "k, Up", "one row up", "", || Message::Move(-1)),
    bind(Bundles, &[PAGE_DOWN], "PgDn", "ten rows down", "", || Message::Move(10)),
    bind(Bundles, &[PAGE_UP], "PgUp", "ten rows up", "", || Message::Move(-10)),
    bind(Bundles, &[Char('g'), HOME], "g, Home", "first row", "", || Message::MoveToFirst),
    bind(Bundles, &[Char('G'), END], "G, End", "last row", "", || Message::MoveToLast),
    bind(Bundles, &[ESC], "Esc", "back to the codes", "back", || Message::Back),
];
