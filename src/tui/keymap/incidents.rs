//! The incidents, and one that is worked off.

use super::Key::Char;
use super::Scope::{Incident, Incidents};
use super::{Binding, DOWN, END, ENTER, ESC, HOME, PAGE_DOWN, PAGE_UP, UP, bind};
use crate::tui::message::{IncidentMessage, Message};

#[rustfmt::skip]
pub(super) const BINDINGS: &[Binding] = &[
    bind(Incidents, &[ENTER, Char('o')], "Enter, o", "what the incident rests on, and what is left to do", "open", || Message::Submit),
    bind(Incidents, &[Char('n'), Char('a')], "n, a", "open a new incident: something lost, stolen, replaced, known to others", "new", || Message::Incident(IncidentMessage::New)),
    bind(Incidents, &[Char('j'), DOWN], "j, Down", "one row down", "", || Message::Move(1)),
    bind(Incidents, &[Char('k'), UP], "k, Up", "one row up", "", || Message::Move(-1)),
    bind(Incidents, &[PAGE_DOWN], "PgDn", "ten rows down", "", || Message::Move(10)),
    bind(Incidents, &[PAGE_UP], "PgUp", "ten rows up", "", || Message::Move(-10)),
    bind(Incidents, &[Char('g'), HOME], "g, Home", "first row", "", || Message::MoveToFirst),
    bind(Incidents, &[Char('G'), END], "G, End", "last row", "", || Message::MoveToLast),
    bind(Incidents, &[ESC], "Esc", "back to the codes", "back", || Message::Back),

    bind(Incident, &[Char(' '), ENTER], "Space", "tick the thing off; it asks first", "tick off", || Message::Mark),
    bind(Incident, &[Char('e')], "e", "end a break-glass session, and make its list; it asks first", "", || Message::Incident(IncidentMessage::End)),
    bind(Incident, &[Char('j'), DOWN], "j, Down", "further down", "down", || Message::Move(1)),
    bind(Incident, &[Char('k'), UP], "k, Up", "further up", "", || Message::Move(-1)),
    bind(Incident, &[PAGE_DOWN], "PgDn", "ten steps down", "", || Message::Move(10)),
    bind(Incident, &[PAGE_UP], "PgUp", "ten steps up", "", || Message::Move(-10)),
    bind(Incident, &[Char('g'), HOME], "g, Home", "what it rests on", "", || Message::MoveToFirst),
    bind(Incident, &[Char('G'), END], "G, End", "the last thing to do", "", || Message::MoveToLast),
    bind(Incident, &[ESC], "Esc", "back to the incidents", "back", || Message::Back),
];
