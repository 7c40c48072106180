//! The entries, their filter, and the trash.

use super::Key::{Char, Ctrl};
use super::{BACKSPACE, Scope::Codes, Scope::Filter, Scope::Trash};
use super::{Binding, DOWN, END, ENTER, ESC, HOME, PAGE_DOWN, PAGE_UP, RIGHT, UP, bind};
use crate::tui::message::{Message, TransferMessage};

#[rustfmt::skip]
pub(super) const BINDINGS: &[Binding] = &[
    bind(Codes, &[ENTER, Char('y'), Char('c')], "Enter, y, c", "copy the code", "copy", || Message::Copy),
    bind(Codes, &[Char('v')], "v", "show the code for a while, or hide it", "show", || Message::Reveal),
    bind(Codes, &[Char('/')], "/", "filter, as fzf does; #tag for a tag", "filter", || Message::Filter),
    bind(Codes, &[Char('a')], "a", "add an entry: its URI, its secret, or a picture of its QR code", "add", || Message::Add),
    bind(Codes, &[Char('o'), Char('l'), RIGHT], "o, Right", "everything about the entry", "open", || Message::OpenEntry),
    bind(Codes, &[Char(' ')], "Space", "mark the entry, for what is done to several", "mark", || Message::Mark),
    bind(Codes, &[Char('*')], "*", "mark all that are shown, or none", "", || Message::MarkAll),
    bind(Codes, &[Char('V')], "V", "show or hide the codes of this page", "", || Message::RevealPage),
    bind(Codes, &[Char('h')], "h", "hide all codes", "", || Message::HideAll),
    bind(Codes, &[Char('e')], "e", "edit the entry", "", || Message::Edit),
    bind(Codes, &[Char('p')], "p", "note that the service has accepted a code", "", || Message::Prove),
    bind(Codes, &[Char('f')], "f", "show first, or no longer", "", || Message::Favourite),
    bind(Codes, &[Char('t')], "t", "tag the marked entries, or this one", "", || Message::Tag),
    bind(Codes, &[Char('s')], "s", "sort by name, recent use, tag, or when due", "", || Message::Sort),
    bind(Codes, &[Char('d')], "d", "move the marked entries, or this one, to the trash", "", || Message::Remove),
    bind(Codes, &[Char('u')], "u", "undo: take back what was just removed", "", || Message::Undo),
    bind(Codes, &[Char('D')], "D", "the trash", "", || Message::OpenTrash),
    bind(Codes, &[Char('b')], "b", "make a bundle of the marked entries, or of all", "", || Message::NewBundle),
    bind(Codes, &[Char('i')], "i", "import another authenticator's file", "", || Message::Import),
    bind(Codes, &[Char('I')], "I", "take the last import back", "", || Message::Transfer(TransferMessage::UndoImport)),
    bind(Codes, &[Char('x')], "x", "export the marked entries, or all", "", || Message::Export),
    bind(Codes, &[Char('r')], "r", "restore a bundle into this vault", "", || Message::Merge),
    bind(Codes, &[Char('T')], "T", "correct the clock, by another device's code", "", || Message::CompareClock),
    bind(Codes, &[Char('j'), DOWN, Ctrl('n')], "j, Down", "one row down", "", || Message::Move(1)),
    bind(Codes, &[Char('k'), UP], "k, Up", "one row up", "", || Message::Move(-1)),
    bind(Codes, &[PAGE_DOWN], "PgDn", "ten rows down", "", || Message::Move(10)),
    bind(Codes, &[PAGE_UP], "PgUp", "ten rows up", "", || Message::Move(-10)),
    bind(Codes, &[Char('g'), HOME], "g, Home", "first row", "", || Message::MoveToFirst),
    bind(Codes, &[Char('G'), END], "G, End", "last row", "", || Message::MoveToLast),
    bind(Codes, &[ESC], "Esc", "stop waiting; clear the filter, then the marks", "", || Message::Back),

    bind(Filter, &[ENTER], "Enter", "keep the filter", "keep", || Message::Submit),
    bind(Filter, &[ESC], "Esc", "clear the filter", "clear", || Message::Back),
    bind(Filter, &[DOWN, Ctrl('n')], "Down", "one row down", "", || Message::Move(1)),
    bind(Filter, &[UP, Ctrl('p')], "Up", "one row up", "", || Message::Move(-1)),
    bind(Filter, &[BACKSPACE], "Backspace", "take a character away", "", || Message::Erase),
    bind(Filter, &[Ctrl('w')], "Ctrl-w", "take a word away", "", || Message::EraseWord),
    bind(Filter, &[Ctrl('u')], "Ctrl-u", "empty the filter", "", || Message::EraseAll),

    bind(Trash, &[ENTER, Char('u'), Char('r')], "Enter, u", "take the entry out of the trash", "take back", || Message::Undo),
    bind(Trash, &[Char('P')], "P", "destroy the entry for good; its name is asked", "destroy", || Message::Purge),
    bind(Trash, &[Char('j'), DOWN], "j, Down", "one row down", "", || Message::Move(1)),
    bind(Trash, &[Char('k'), UP], "k, Up", "one row up", "", || Message::Move(-1)),
    bind(Trash, &[PAGE_DOWN], "PgDn", "ten rows down", "", || Message::Move(10)),
    bind(Trash, &[PAGE_UP], "PgUp", "ten rows up", "", || Message::Move(-10)),
    bind(Trash, &[Char('g'), HOME], "g, Home", "first row", "", || Message::MoveToFirst),
    bind(Trash, &[Char('G'), END], "G, End", "last row", "", || Message::MoveToLast),
    bind(Trash, &[ESC], "Esc", "back to the codes", "back", || Message::Back),
];
