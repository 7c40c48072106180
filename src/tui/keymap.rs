//! One table of keys: the footer, the help and the translation of keys are all made from it.

#![expect(clippy::wildcard_enum_match_arm, reason = "what a screen does not know means nothing to it")]

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

use super::message::{Message, Typed};
use super::model::{Dialog, Model, Screen};
use super::secret_field::Jump;

/// Where a binding is in force.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// A field is being typed.
    Field,
    /// The filter is being typed.
    Filter,
    /// No vault yet.
    FirstRun,
    /// The keys are shown.
    Help,
    /// The entries.
    List,
    /// A question is open.
    Question,
    /// A failure is told.
    Told,
}

/// One line of the table.
pub struct Binding {
    /// Where it is in force.
    pub place: Place,
    /// The keys, as they are matched.
    keys: &'static [Key],
    /// The keys, as they are shown.
    pub shown: &'static str,
    /// What it does, in words.
    pub help: &'static str,
    /// The word in the footer; empty where it is not there.
    pub footer: &'static str,
    message: fn() -> Message,
}

impl std::fmt::Debug for Binding {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Binding({:?} {})", self.place, self.shown)
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Key {
    Char(char),
    Ctrl(char),
    Code(KeyCode),
}

const fn bind(
    place: Place,
    keys: &'static [Key],
    shown: &'static str,
    help: &'static str,
    footer: &'static str,
    message: fn() -> Message,
) -> Binding {
    Binding { place, keys, shown, help, footer, message }
}

use Key::{Char, Code, Ctrl};

const ENTER: Key = Code(KeyCode::Enter);
const ESC: Key = Code(KeyCode::Esc);
const F1: Key = Code(KeyCode::F(1));
const UP: Key = Code(KeyCode::Up);
const DOWN: Key = Code(KeyCode::Down);
const HOME: Key = Code(KeyCode::Home);
const END: Key = Code(KeyCode::End);
const BACKSPACE: Key = Code(KeyCode::Backspace);

/// All bindings, in the order in which the help shows them. The last two of a place stay in the footer.
#[rustfmt::skip]
pub const BINDINGS: &[Binding] = &[
    bind(Place::FirstRun, &[Char('1'), Char('n')], "1", "make a new vault", "new vault", || Message::NewVault),
    bind(Place::FirstRun, &[Char('2'), Char('r')], "2", "restore a bundle", "restore", || Message::Restore),
    bind(Place::FirstRun, &[Char('?'), F1], "?", "show these keys", "keys", || Message::Help),
    bind(Place::FirstRun, &[Char('q'), ESC], "q", "leave", "leave", || Message::Quit),

    bind(Place::List, &[ENTER, Char('y'), Char('c')], "Enter, y, c", "copy the code", "copy", || Message::Copy),
    bind(Place::List, &[Char(' '), Char('v')], "Space, v", "show the code for 30 seconds, or hide it", "show", || Message::Reveal),
    bind(Place::List, &[Char('/')], "/", "filter, as fzf does; #tag for a tag", "filter", || Message::Filter),
    bind(Place::List, &[Char('a')], "a", "add an entry from its otpauth URI", "add", || Message::Add),
    bind(Place::List, &[Char('L')], "L", "lock", "lock", || Message::Lock),
    bind(Place::List, &[Char('V')], "V", "show or hide the codes of this page", "", || Message::RevealPage),
    bind(Place::List, &[Char('h')], "h", "hide all codes", "", || Message::HideAll),
    bind(Place::List, &[Char('T')], "T", "correct the clock, by another device's code", "", || Message::CompareClock),
    bind(Place::List, &[Char('j'), DOWN, Ctrl('n')], "j, Down", "one row down", "", || Message::Move(1)),
    bind(Place::List, &[Char('k'), UP, Ctrl('p')], "k, Up", "one row up", "", || Message::Move(-1)),
    bind(Place::List, &[Code(KeyCode::PageDown)], "PgDn", "ten rows down", "", || Message::Move(10)),
    bind(Place::List, &[Code(KeyCode::PageUp)], "PgUp", "ten rows up", "", || Message::Move(-10)),
    bind(Place::List, &[Char('g'), HOME], "g, Home", "first row", "", || Message::MoveToFirst),
    bind(Place::List, &[Char('G'), END], "G, End", "last row", "", || Message::MoveToLast),
    bind(Place::List, &[ESC], "Esc", "stop waiting; clear the filter", "", || Message::Back),
    bind(Place::List, &[Char('?'), F1], "?", "show these keys", "keys", || Message::Help),
    bind(Place::List, &[Char('q')], "q", "leave", "leave", || Message::Quit),

    bind(Place::Filter, &[ENTER], "Enter", "keep the filter", "keep", || Message::Submit),
    bind(Place::Filter, &[ESC], "Esc", "clear the filter", "clear", || Message::Back),
    bind(Place::Filter, &[DOWN, Ctrl('n')], "Down", "one row down", "", || Message::Move(1)),
    bind(Place::Filter, &[UP, Ctrl('p')], "Up", "one row up", "", || Message::Move(-1)),
    bind(Place::Filter, &[BACKSPACE], "Backspace", "take a character away", "", || Message::Erase),
    bind(Place::Filter, &[Ctrl('w')], "Ctrl-w", "take a word away", "", || Message::EraseWord),
    bind(Place::Filter, &[Ctrl('u')], "Ctrl-u", "empty the filter", "", || Message::EraseAll),

    bind(Place::Field, &[ENTER], "Enter", "go on", "go on", || Message::Submit),
    bind(Place::Field, &[Ctrl('r')], "Ctrl-r", "show or hide what is typed", "show/hide", || Message::ToggleShown),
    bind(Place::Field, &[BACKSPACE], "Backspace", "take a character away", "", || Message::Erase),
    bind(Place::Field, &[Code(KeyCode::Delete)], "Delete", "take the next character away", "", || Message::EraseNext),
    bind(Place::Field, &[Ctrl('w')], "Ctrl-w", "take a word away", "", || Message::EraseWord),
    bind(Place::Field, &[Ctrl('u')], "Ctrl-u", "empty the field", "", || Message::EraseAll),
    bind(Place::Field, &[Code(KeyCode::Left)], "Left", "move to the left", "", || Message::Jump(Jump::Left)),
    bind(Place::Field, &[Code(KeyCode::Right)], "Right", "move to the right", "", || Message::Jump(Jump::Right)),
    bind(Place::Field, &[HOME, Ctrl('a')], "Home", "move to the start", "", || Message::Jump(Jump::Start)),
    bind(Place::Field, &[END, Ctrl('e')], "End", "move to the end", "", || Message::Jump(Jump::End)),
    bind(Place::Field, &[F1], "F1", "show these keys", "keys", || Message::Help),
    bind(Place::Field, &[ESC], "Esc", "back, or cancel what is running", "back", || Message::Back),

    bind(Place::Question, &[Char('y')], "y", "copy the same code again", "same again", || Message::Confirm),
    bind(Place::Question, &[Char('w')], "w", "wait, and copy the next code when it comes", "wait", || Message::Wait),
    bind(Place::Question, &[Char('n'), ESC, ENTER, Char('q')], "n", "copy nothing", "no", || Message::Back),

    bind(Place::Told, &[Char('j'), DOWN], "j", "further down", "down", || Message::Move(1)),
    bind(Place::Told, &[Char('k'), UP], "k", "further up", "up", || Message::Move(-1)),
    bind(Place::Told, &[ENTER, ESC, Char('q'), Char(' ')], "Enter", "close", "close", || Message::Back),

    bind(Place::Help, &[Char('j'), DOWN], "j", "further down", "down", || Message::Move(1)),
    bind(Place::Help, &[Char('k'), UP], "k", "further up", "up", || Message::Move(-1)),
    bind(Place::Help, &[Char('?'), Char('q'), ESC, F1, ENTER], "?", "close", "close", || Message::Help),
];

/// Keys that work everywhere.
pub const EVERYWHERE: [(&str, &str); 2] =
    [("Ctrl-c", "leave at once"), ("Ctrl-z", "lock, and suspend to the shell")];

/// Where the keys of a model go.
pub fn place(model: &Model) -> Place {
    match &model.dialog {
        Some(Dialog::Help { .. }) => return Place::Help,
        Some(Dialog::CopyAgain { .. }) => return Place::Question,
        Some(Dialog::Failure { .. }) => return Place::Told,
        None => {}
    }
    screen_place(model)
}

/// Where the keys of the screen under the dialogs go.
pub fn screen_place(model: &Model) -> Place {
    match model.screen {
        Screen::FirstRun => Place::FirstRun,
        Screen::List if model.list.filtering => Place::Filter,
        Screen::List => Place::List,
        Screen::Add(_) | Screen::Clock(_) | Screen::NewVault(_) | Screen::Restore(_) | Screen::Unlock(_) => {
            Place::Field
        }
    }
}

/// What a key means where the person is; `None` when it means nothing.
pub fn translate(model: &Model, key: KeyEvent) -> Option<Message> {
    // Nothing is bound to Alt and the like; taken for the bare key, Alt-q would leave.
    if key.modifiers.intersects(KeyModifiers::ALT | KeyModifiers::SUPER | KeyModifiers::META) {
        return None;
    }
    let ctrl = key.modifiers.contains(KeyModifiers::CONTROL);
    match key.code {
        KeyCode::Char('c') if ctrl => return Some(Message::Quit),
        KeyCode::Char('z') if ctrl => return Some(Message::Suspend),
        _ => {}
    }
    let place = place(model);
    let bound = BINDINGS.iter().filter(|binding| binding.place == place).find(|binding| {
        binding.keys.iter().any(|wanted| match wanted {
            Char(c) => !ctrl && key.code == KeyCode::Char(*c),
            Ctrl(c) => ctrl && key.code == KeyCode::Char(*c),
            Code(code) => key.code == *code,
        })
    });
    if let Some(binding) = bound {
        return Some((binding.message)());
    }
    match (place, key.code) {
        (Place::Field | Place::Filter, KeyCode::Char(c)) if !ctrl => Some(Message::Typed(Typed(c))),
        _ => None,
    }
}
