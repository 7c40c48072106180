//! What lies over a screen: questions, failures, the keys, the palette, files.

use super::Key::{Char, Ctrl};
use super::Scope::{Confirm, CopyAgain, Help, HelpFilter, Palette, Picker, Told};
use super::{BACKSPACE, Binding, DOWN, ENTER, ESC, F1, LEFT, PAGE_DOWN, PAGE_UP, RIGHT, TAB, UP, bind};
use crate::tui::message::Message;

#[rustfmt::skip]
pub(super) const BINDINGS: &[Binding] = &[
    bind(CopyAgain, &[Char('y')], "y", "copy the same code again", "same again", || Message::Confirm),
    bind(CopyAgain, &[Char('w')], "w", "wait, and copy the next code when it comes", "wait", || Message::Wait),
    bind(CopyAgain, &[Char('n'), ESC, ENTER, Char('q')], "n", "copy nothing", "no", || Message::Back),

    bind(Confirm, &[Char('y')], "y", "yes, do it", "yes", || Message::Confirm),
    bind(Confirm, &[Char('n'), ESC, ENTER, Char('q')], "n, Enter", "no, leave it as it is", "no", || Message::Back),

    bind(Told, &[Char('j'), DOWN], "j", "further down", "down", || Message::Move(1)),
    bind(Told, &[Char('k'), UP], "k", "further up", "up", || Message::Move(-1)),
    bind(Told, &[PAGE_DOWN], "PgDn", "ten lines down", "", || Message::Move(10)),
    bind(Told, &[PAGE_UP], "PgUp", "ten lines up", "", || Message::Move(-10)),
    bind(Told, &[Char('c'), Char('y')], "c, y", "copy a recovery code", "", || Message::Copy),
    bind(Told, &[Char('i')], "i", "turn a QR code's dark and light", "", || Message::Invert),
    bind(Told, &[ENTER, ESC, Char('q'), Char(' ')], "Enter", "close", "close", || Message::Back),

    bind(Help, &[Char('/')], "/", "search", "search", || Message::Filter),
    bind(Help, &[Char('j'), DOWN], "j", "further down", "down", || Message::Move(1)),
    bind(Help, &[Char('k'), UP], "k", "further up", "up", || Message::Move(-1)),
    bind(Help, &[PAGE_DOWN, Char(' ')], "PgDn", "ten lines down", "", || Message::Move(10)),
    bind(Help, &[PAGE_UP], "PgUp", "ten lines up", "", || Message::Move(-10)),
    bind(Help, &[Char('?'), Char('q'), ESC, F1, ENTER], "?, Esc", "close", "close", || Message::Help),

    bind(HelpFilter, &[ENTER], "Enter", "keep the search", "keep", || Message::Submit),
    bind(HelpFilter, &[DOWN], "Down", "further down", "", || Message::Move(1)),
    bind(HelpFilter, &[UP], "Up", "further up", "", || Message::Move(-1)),
    bind(HelpFilter, &[BACKSPACE], "Backspace", "take a character away", "", || Message::Erase),
    bind(HelpFilter, &[Ctrl('u')], "Ctrl-u", "empty the search", "", || Message::EraseAll),
    bind(HelpFilter, &[ESC, F1], "Esc", "end the search", "all", || Message::Back),

    bind(Palette, &[ENTER], "Enter", "do it", "do it", || Message::Submit),
    bind(Palette, &[DOWN, Ctrl('n')], "Down", "one row down", "", || Message::Move(1)),
    bind(Palette, &[UP, Ctrl('p')], "Up", "one row up", "", || Message::Move(-1)),
    bind(Palette, &[BACKSPACE], "Backspace", "take a character away", "", || Message::Erase),
    bind(Palette, &[Ctrl('u')], "Ctrl-u", "empty the line", "", || Message::EraseAll),
    bind(Palette, &[ESC], "Esc", "close", "close", || Message::Back),

    bind(Picker, &[ENTER, RIGHT], "Enter, Right", "take the file, or open the folder", "take", || Message::Submit),
    bind(Picker, &[TAB], "Tab", "take this folder, for a file that is to be made", "this folder", || Message::NextField(1)),
    bind(Picker, &[LEFT], "Left", "the folder above", "up", || Message::FolderAbove),
    bind(Picker, &[DOWN, Ctrl('n')], "Down", "one row down", "", || Message::Move(1)),
    bind(Picker, &[UP, Ctrl('p')], "Up", "one row up", "", || Message::Move(-1)),
    bind(Picker, &[PAGE_DOWN], "PgDn", "ten rows down", "", || Message::Move(10)),
    bind(Picker, &[PAGE_UP], "PgUp", "ten rows up", "", || Message::Move(-10)),
    bind(Picker, &[Ctrl('h')], "Ctrl-h", "show or hide hidden files", "", || Message::ToggleShown),
    bind(Picker, &[BACKSPACE], "Backspace", "take a character of the filter away", "", || Message::Erase),
    bind(Picker, &[Ctrl('u')], "Ctrl-u", "empty the filter", "", || Message::EraseAll),
    bind(Picker, &[ESC], "Esc", "take no file", "back", || Message::Back),
];
