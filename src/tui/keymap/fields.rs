//! What is typed: fields of forms and of dialogs.

use super::Key::Ctrl;
use super::Scope::Field;
use super::{
    BACK_TAB, BACKSPACE, Binding, DELETE, DOWN, END, ENTER, ESC, F1, HOME, LEFT, RIGHT, TAB, UP, bind,
};
use crate::tui::message::Message;
use crate::tui::secret_field::Jump;

#[rustfmt::skip]
pub(super) const BINDINGS: &[Binding] = &[
    bind(Field, &[ENTER], "Enter", "go on", "go on", || Message::Submit),
    bind(Field, &[TAB, DOWN], "Tab, Down", "the next field", "", || Message::NextField(1)),
    bind(Field, &[BACK_TAB, UP], "Shift-Tab, Up", "the field before", "", || Message::NextField(-1)),
    bind(Field, &[Ctrl('r')], "Ctrl-r", "show or hide what is typed", "show/hide", || Message::ToggleShown),
    bind(Field, &[Ctrl('f')], "Ctrl-f", "choose a file, where a path is wanted", "files", || Message::PickFile),
    bind(Field, &[Ctrl('o')], "Ctrl-o", "open a bundle with its shares instead, where shares open it", "shares", || Message::OtherWay),
    bind(Field, &[BACKSPACE], "Backspace", "take a character away", "", || Message::Erase),
    bind(Field, &[DELETE], "Delete", "take the next character away", "", || Message::EraseNext),
    bind(Field, &[Ctrl('w')], "Ctrl-w", "take a word away", "", || Message::EraseWord),
    bind(Field, &[Ctrl('u')], "Ctrl-u", "empty the field", "", || Message::EraseAll),
    bind(Field, &[LEFT], "Left", "move to the left, or the value before", "", || Message::Jump(Jump::Left)),
    bind(Field, &[RIGHT], "Right", "move to the right, or the next value", "", || Message::Jump(Jump::Right)),
    bind(Field, &[HOME, Ctrl('a')], "Home", "move to the start", "", || Message::Jump(Jump::Start)),
    bind(Field, &[END, Ctrl('e')], "End", "move to the end", "", || Message::Jump(Jump::End)),
    bind(Field, &[F1], "F1", "show these keys", "keys", || Message::Help),
    bind(Field, &[ESC], "Esc", "back, or cancel what is running", "back", || Message::Back),
];
