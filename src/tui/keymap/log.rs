//! The log, and its filter.

use super::Key::{Char, Ctrl};
use super::Scope::{Log, LogFilter};
use super::{BACKSPACE, Binding, DOWN, END, ENTER, ESC, HOME, PAGE_DOWN, PAGE_UP, UP, bind};
use crate::tui::message::{LogMessage, Message};

#[rustfmt::skip]
pub(super) const BINDINGS: &[Binding] = &[
    bind(Log, &[Char('/')], "/", "filter by what is typed: entry, person, kind, reason", "filter", || Message::Filter),
    bind(Log, &[Char('f')], "f", "choose records by kind, time, person and entry", "choose", || Message::Log(LogMessage::Filter)),
    bind(Log, &[ENTER, Char('o')], "Enter, o", "everything about the record's entry", "entry", || Message::Submit),
    bind(Log, &[Char('v')], "v", "all of the record", "", || Message::Log(LogMessage::Whole)),
    bind(Log, &[Char('c')], "c", "check whether the log is whole", "check", || Message::Log(LogMessage::Check)),
    bind(Log, &[Char('e')], "e", "make evidence: a signed report for auditors", "evidence", || Message::Log(LogMessage::Evidence)),
    bind(Log, &[Char('r')], "r", "rehearse the passphrase: type it from memory", "rehearse", || Message::Log(LogMessage::Rehearse)),
    bind(Log, &[Char('h')], "h", "look for a head of the log that was noted elsewhere", "", || Message::Log(LogMessage::Head)),
    bind(Log, &[Char('K')], "K", "the line by which others check this vault's evidence", "", || Message::Log(LogMessage::Key)),
    bind(Log, &[Char('j'), DOWN], "j, Down", "one row down", "", || Message::Move(1)),
    bind(Log, &[Char('k'), UP], "k, Up", "one row up", "", || Message::Move(-1)),
    bind(Log, &[PAGE_DOWN, Char(' ')], "PgDn", "ten rows down", "", || Message::Move(10)),
    bind(Log, &[PAGE_UP], "PgUp", "ten rows up", "", || Message::Move(-10)),
    bind(Log, &[Char('g'), HOME], "g, Home", "the newest", "", || Message::MoveToFirst),
    bind(Log, &[Char('G'), END], "G, End", "the oldest", "", || Message::MoveToLast),
    bind(Log, &[ESC], "Esc", "clear the filter, then the choice; back to the codes", "", || Message::Back),

    bind(LogFilter, &[ENTER], "Enter", "keep the filter", "keep", || Message::Submit),
    bind(LogFilter, &[ESC], "Esc", "clear the filter", "clear", || Message::Back),
    bind(LogFilter, &[DOWN, Ctrl('n')], "Down", "one row down", "", || Message::Move(1)),
    bind(LogFilter, &[UP, Ctrl('p')], "Up", "one row up", "", || Message::Move(-1)),
    bind(LogFilter, &[BACKSPACE], "Backspace", "take a character away", "", || Message::Erase),
    bind(LogFilter, &[Ctrl('w')], "Ctrl-w", "take a word away", "", || Message::EraseWord),
    bind(LogFilter, &[Ctrl('u')], "Ctrl-u", "empty the filter", "", || Message::EraseAll),
];
