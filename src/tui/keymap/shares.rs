//! The words of a share being typed.

use super::Key::Ctrl;
use super::Scope::Share;
use super::{BACK_TAB, BACKSPACE, Binding, DOWN, END, ENTER, ESC, F1, HOME, LEFT, RIGHT, TAB, UP, bind};
use crate::tui::message::Message;
use crate::tui::secret_field::Jump;

#[rustfmt::skip]
pub(super) const BINDINGS: &[Binding] = &[
    bind(Share, &[ENTER, TAB], "Enter, Space, Tab", "take the word, where its letters say which it is; the last one hands the card over", "take word", || Message::Submit),
    bind(Share, &[Ctrl('f')], "Ctrl-f", "take a share from a file, or from a picture of its card", "file", || Message::PickFile),
    bind(Share, &[Ctrl('u')], "Ctrl-u", "begin the card again", "begin again", || Message::EraseAll),
    bind(Share, &[Ctrl('o')], "Ctrl-o", "open it with its passphrase or its key file instead, where they open it", "other way", || Message::OtherWay),
    bind(Share, &[BACKSPACE], "Backspace", "take a letter away, or the word before", "", || Message::Erase),
    bind(Share, &[Ctrl('w')], "Ctrl-w", "take a word away", "", || Message::EraseWord),
    bind(Share, &[LEFT, BACK_TAB], "Left", "the word before", "", || Message::Jump(Jump::Left)),
    bind(Share, &[RIGHT], "Right", "the next word", "", || Message::Jump(Jump::Right)),
    bind(Share, &[UP], "Up", "the row before", "", || Message::Move(-1)),
    bind(Share, &[DOWN], "Down", "the next row", "", || Message::Move(1)),
    bind(Share, &[HOME], "Home", "the first word", "", || Message::Jump(Jump::Start)),
    bind(Share, &[END], "End", "the last word", "", || Message::Jump(Jump::End)),
    bind(Share, &[F1], "F1", "show these keys", "keys", || Message::Help),
    bind(Share, &[ESC], "Esc", "leave the card; then back, or cancel what is running", "back", || Message::Back),
];
