//! The first run, the pages without a file of their own, and what works on every page.

use super::Key::{Char, Ctrl};
use super::Scope::{Anywhere, FirstRun, Settings, Status};
use super::{
    BACK_TAB, Binding, DOWN, END, ENTER, ESC, F1, HOME, LEFT, PAGE_DOWN, PAGE_UP, RIGHT, TAB, UP, bind,
};
use crate::tui::message::{IncidentMessage, Message, PassMessage, RunbookMessage};
use crate::tui::model::Place;

#[rustfmt::skip]
pub(super) const BINDINGS: &[Binding] = &[
    bind(FirstRun, &[Char('1'), Char('n')], "1", "make a new vault", "new vault", || Message::NewVault),
    bind(FirstRun, &[Char('2'), Char('r')], "2", "restore a bundle", "restore", || Message::Restore),
    bind(FirstRun, &[Char('3'), Char('i')], "3", "import another authenticator's file into a new vault", "import", || Message::Import),
    bind(FirstRun, &[Char('?'), F1], "?", "show these keys", "keys", || Message::Help),
    bind(FirstRun, &[Char('q'), ESC], "q", "leave", "leave", || Message::Quit),

    bind(Settings, &[ENTER, Char(' '), RIGHT, Char('l')], "Enter, Right", "the next value; a text is typed", "change", || Message::ChangeSetting(1)),
    bind(Settings, &[LEFT, Char('h')], "Left", "the value before", "", || Message::ChangeSetting(-1)),
    bind(Settings, &[Char('j'), DOWN], "j, Down", "one row down", "", || Message::Move(1)),
    bind(Settings, &[Char('k'), UP], "k, Up", "one row up", "", || Message::Move(-1)),
    bind(Settings, &[Char('g'), HOME], "g, Home", "first row", "", || Message::MoveToFirst),
    bind(Settings, &[Char('G'), END], "G, End", "last row", "", || Message::MoveToLast),
    bind(Settings, &[ESC], "Esc", "back to the codes", "back", || Message::Back),

    bind(Status, &[Char('j'), DOWN], "j, Down", "further down", "down", || Message::Move(1)),
    bind(Status, &[Char('k'), UP], "k, Up", "further up", "", || Message::Move(-1)),
    bind(Status, &[PAGE_DOWN, Char(' ')], "PgDn", "ten lines down", "", || Message::Move(10)),
    bind(Status, &[PAGE_UP], "PgUp", "ten lines up", "", || Message::Move(-10)),
    bind(Status, &[Char('g'), HOME], "g, Home", "the beginning", "", || Message::MoveToFirst),
    bind(Status, &[Char('G'), END], "G, End", "the end", "", || Message::MoveToLast),
    bind(Status, &[ESC], "Esc", "back to the codes", "back", || Message::Back),
];

/// What works on every page that is not a form. The last two stay in the footer.
#[rustfmt::skip]
pub(super) const ANYWHERE: &[Binding] = &[
    bind(Anywhere, &[Char('1')], "1", "codes", "", || Message::Go(Place::Codes)),
    bind(Anywhere, &[Char('2')], "2", "bundles", "", || Message::Go(Place::Bundles)),
    bind(Anywhere, &[Char('3')], "3", "drills", "", || Message::Go(Place::Drills)),
    bind(Anywhere, &[Char('4')], "4", "plan", "", || Message::Go(Place::Plan)),
    bind(Anywhere, &[Char('5')], "5", "log", "", || Message::Go(Place::Log)),
    bind(Anywhere, &[Char('6')], "6", "settings", "", || Message::Go(Place::Settings)),
    bind(Anywhere, &[Char('S')], "S", "the status: what is open, due, unproven, undrilled, expiring", "", || Message::OpenStatus),
    bind(Anywhere, &[Char('B')], "B", "runbooks: what to do, step by step", "", || Message::Runbook(RunbookMessage::Open)),
    bind(Anywhere, &[Char('A')], "A", "passes: codes that were given away for a while", "", || Message::Pass(PassMessage::Open)),
    bind(Anywhere, &[Char('O')], "O", "the incidents: what was lost or opened, and what is left to do", "", || Message::Incident(IncidentMessage::Page)),
    bind(Anywhere, &[TAB], "Tab", "the next place", "", || Message::NextPlace(1)),
    bind(Anywhere, &[BACK_TAB], "Shift-Tab", "the place before", "", || Message::NextPlace(-1)),
    bind(Anywhere, &[Char(':'), Ctrl('p')], ":, Ctrl-p", "every action by its name", "", || Message::Palette),
    bind(Anywhere, &[Char('m')], "m", "what was told before", "", || Message::Messages),
    bind(Anywhere, &[Char('L')], "L", "lock", "lock", || Message::Lock),
    bind(Anywhere, &[Char('?'), F1], "?", "show these keys", "keys", || Message::Help),
    bind(Anywhere, &[Char('q')], "q", "leave", "leave", || Message::Quit),
];
