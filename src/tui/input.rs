//! The terminal's bytes made into keys and pastes. Pure: no terminal, no clock.
//!
//! The interface reads by itself, because what crossterm reads stays in buffers that nobody wipes. The bytes
//! of a sequence may come in any pieces; only a pause tells the key Esc from the start of a sequence.
//! A sequence that is not known means nothing, and is never taken for typed text.

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use zeroize::{Zeroize as _, Zeroizing};

use crate::secret::{SecretBytes, SecretText};

/// Longest text that is taken from one paste, in bytes: what a secret field holds. A longer one is refused
/// whole, because half a passphrase is worse than none.
pub const LONGEST_PASTE: usize = 8192;

/// Longest run of parameters in a known sequence; xterm's longest has five bytes.
const LONGEST_PARAMETERS: usize = 16;

const ESC: u8 = 0x1b;
const PASTE_ENDS: &[u8] = b"\x1b[201~";

/// What a person did at the terminal.
pub enum Input {
    /// The first mouse button was pressed over a cell.
    Click {
        /// Its column, from 0.
        column: u16,
        /// Its row, from 0.
        row: u16,
    },
    /// The terminal has the keyboard, or has it no longer.
    Focus(bool),
    /// A key.
    Key(KeyEvent),
    /// A text was pasted.
    Paste(SecretText),
    /// A text was pasted that cannot be taken, with the reason.
    Refused(&'static str),
    /// The wheel was turned: rows to move by.
    Wheel(isize),
}

impl std::fmt::Debug for Input {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Input(redacted)")
    }
}

/// Where in the grammar of ECMA-48 §5.4 the bytes are.
#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    /// After `ESC [ [`: a function key of the Linux console.
    Console,
    /// After `ESC [`: parameters, then one byte that ends it.
    Control,
    /// After `ESC`.
    Escape,
    /// Text, or nothing.
    Ground,
    /// After `ESC [ M`: so many bytes of an old mouse report.
    Mouse(u8),
    /// Between the marks of a paste.
    Paste,
    /// After `ESC O`: a function key or an arrow.
    Single,
    /// A string for programs (OSC, DCS, PM, APC, SOS), to its end.
    Words,
}

/// Collects the terminal's bytes into inputs. Whatever it holds is wiped.
pub struct Decoder {
    state: State,
    /// Alt was held, or Esc pressed before: the next character belongs to it.
    alt: bool,
    parameters: Vec<u8>,
    too_many_parameters: bool,
    /// The bytes of one character of UTF-8 that has begun.
    character: Zeroizing<[u8; 4]>,
    character_len: usize,
    paste: SecretBytes,
    too_long: bool,
}

impl std::fmt::Debug for Decoder {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Decoder(redacted)")
    }
}

impl Default for Decoder {
    fn default() -> Self {
        Self {
            state: State::Ground,
            alt: false,
            parameters: Vec::with_capacity(LONGEST_PARAMETERS),
            too_many_parameters: false,
            character: Zeroizing::new([0; 4]),
            character_len: 0,
            paste: SecretBytes::with_capacity(0),
            too_long: false,
        }
    }
}

impl Decoder {
    /// Takes bytes as they came; gives what they complete.
    #[inline(never)]
    pub fn feed(&mut self, bytes: &[u8]) -> Vec<Input> {
        let mut inputs = Vec::new();
        for byte in bytes {
            self.step(*byte, &mut inputs);
        }
        inputs
    }

    /// Takes the news that nothing came for a while: what was begun is no sequence. A paste goes on, however
    /// slowly it comes, because its rest must not be taken for keys.
    pub fn pause(&mut self) -> Option<Input> {
        let pressed = self.state == State::Escape;
        if self.state != State::Paste {
            self.rest();
        }
        pressed.then(|| key(KeyCode::Esc, KeyModifiers::NONE))
    }

    /// Tells whether a pause would mean something.
    pub fn awaits(&self) -> bool {
        !matches!(self.state, State::Ground | State::Paste) || self.character_len > 0
    }

    fn rest(&mut self) {
        self.state = State::Ground;
        self.alt = false;
        self.character.zeroize();
        self.character_len = 0;
    }

    fn step(&mut self, byte: u8, inputs: &mut Vec<Input>) {
        match self.state {
            State::Ground => self.text(byte, inputs),
            State::Escape => self.after_escape(byte, inputs),
            State::Control => self.control(byte, inputs),
            State::Paste => self.pasted(byte, inputs),
            State::Single | State::Console => {
                let console = self.state == State::Console;
                self.rest();
                match byte {
                    ..0x20 | 0x7f.. => self.text(byte, inputs),
                    b'A'..=b'E' if console => inputs.push(function(byte - b'A' + 1, KeyModifiers::NONE)),
                    _ if console => {}
                    b'M' => inputs.push(key(KeyCode::Enter, KeyModifiers::NONE)),
                    _ => inputs.extend(letter(byte).map(|code| key(code, KeyModifiers::NONE))),
                }
            }
            State::Mouse(left) => {
                self.state = if left > 1 { State::Mouse(left - 1) } else { State::Ground };
            }
            // BEL ends it, and so does ESC \, whose second byte is then an unknown sequence.
            State::Words => match byte {
                0x07 => self.rest(),
                ESC => self.state = State::Escape,
                _ => {}
            },
        }
    }

    fn after_escape(&mut self, byte: u8, inputs: &mut Vec<Input>) {
        match byte {
            b'[' => {
                self.state = State::Control;
                self.parameters.clear();
                self.too_many_parameters = false;
            }
            b'O' => self.state = State::Single,
            b']' | b'P' | b'X' | b'^' | b'_' => self.state = State::Words,
            // Pressed twice: the second may begin a sequence of its own.
            ESC => inputs.push(key(KeyCode::Esc, KeyModifiers::NONE)),
            _ => {
                self.state = State::Ground;
                self.alt = true;
                self.text(byte, inputs);
            }
        }
    }

    fn control(&mut self, byte: u8, inputs: &mut Vec<Input>) {
        match byte {
            b'[' if self.parameters.is_empty() => self.state = State::Console,
            b'M' if self.parameters.is_empty() => self.state = State::Mouse(3),
            // Parameters, and the intermediate bytes that no key has.
            0x20..=0x3f => {
                self.too_many_parameters |= self.parameters.len() == LONGEST_PARAMETERS;
                if !self.too_many_parameters {
                    self.parameters.push(byte);
                }
            }
            0x40..=0x7e => {
                self.rest();
                if !self.too_many_parameters {
                    self.controlled(byte, inputs);
                }
            }
            // Broken off: what comes is something else.
            _ => {
                self.rest();
                self.text(byte, inputs);
            }
        }
    }

    /// A whole control sequence. Kitty's and any other report means nothing.
    fn controlled(&mut self, end: u8, inputs: &mut Vec<Input>) {
        if let Some(report) = self.parameters.strip_prefix(b"<") {
            inputs.extend(mouse(report, end));
            return;
        }
        if let (b'I' | b'O', true) = (end, self.parameters.is_empty()) {
            inputs.push(Input::Focus(end == b'I'));
            return;
        }
        let Some((number, modifiers)) = numbers(&self.parameters) else { return };
        let code = match (end, number) {
            (b'~', 200) => {
                self.state = State::Paste;
                self.too_long = false;
                // Made at once and never moved, with room for the mark at the end.
                self.paste = SecretBytes::with_capacity(LONGEST_PASTE + PASTE_ENDS.len());
                return;
            }
            (b'~', number) => numbered(number),
            // With two parameters it reports a place on the screen.
            (b'R', _) => None,
            (_, ..2) => letter(end),
            _ => None,
        };
        inputs.extend(code.map(|code| key(code, modifiers)));
    }

    fn pasted(&mut self, byte: u8, inputs: &mut Vec<Input>) {
        let paste = self.paste.expose_mut();
        if paste.len() == LONGEST_PASTE + PASTE_ENDS.len() {
            self.too_long = true;
            // Only the end is looked for now.
            let kept = PASTE_ENDS.len() - 1;
            let kept_from = paste.len() - kept;
            paste.copy_within(kept_from.., 0);
            paste.truncate(kept);
        }
        paste.push(byte);
        if !paste.ends_with(PASTE_ENDS) {
            return;
        }
        paste.truncate(paste.len() - PASTE_ENDS.len());
        let text = std::mem::replace(&mut self.paste, SecretBytes::with_capacity(0)).into_text();
        self.rest();
        inputs.push(match text {
            _ if self.too_long => Input::Refused("it is longer than 8192 bytes"),
            Ok(text) => Input::Paste(text),
            Err(_) => Input::Refused("it is not UTF-8 text"),
        });
    }

    /// A byte outside of any sequence: a character, a part of one, or a control key.
    fn text(&mut self, byte: u8, inputs: &mut Vec<Input>) {
        if self.character_len > 0 && byte & 0xc0 != 0x80 {
            // The character that was begun is not finished.
            self.character.zeroize();
            self.character_len = 0;
        }
        let held = if self.alt { KeyModifiers::ALT } else { KeyModifiers::NONE };
        let pressed = match byte {
            ESC => {
                self.rest();
                self.state = State::Escape;
                return;
            }
            b'\r' => key(KeyCode::Enter, held),
            b'\t' => key(KeyCode::Tab, held),
            0x08 | 0x7f => key(KeyCode::Backspace, held),
            // Ctrl with a letter; Ctrl with anything else is bound to nothing.
            0x01..=0x1a => key(KeyCode::Char(char::from(byte - 1 + b'a')), held.union(KeyModifiers::CONTROL)),
            ..0x20 => {
                self.alt = false;
                return;
            }
            0x20..0x7f => key(KeyCode::Char(char::from(byte)), held),
            0x80.. => match self.character(byte) {
                Some(c) => key(KeyCode::Char(c), held),
                None => return,
            },
        };
        self.alt = false;
        inputs.push(pressed);
    }

    /// The character that a byte completes. Bytes that are no UTF-8 mean nothing.
    fn character(&mut self, byte: u8) -> Option<char> {
        let begins = byte & 0xc0 != 0x80;
        if begins == (self.character_len > 0) {
            return None;
        }
        *self.character.get_mut(self.character_len)? = byte;
        self.character_len += 1;
        let length = match self.character.first()? {
            0xc2..=0xdf => 2,
            0xe0..=0xef => 3,
            0xf0..=0xf4 => 4,
            _ => 1,
        };
        if self.character_len < length {
            return None;
        }
        let whole = self.character.get(..self.character_len);
        let c = whole.and_then(|bytes| std::str::from_utf8(bytes).ok()).and_then(|text| text.chars().next());
        self.character.zeroize();
        self.character_len = 0;
        c
    }
}

/// The first parameter, and the keys held that the second one tells; none where they are anything else.
fn numbers(parameters: &[u8]) -> Option<(u16, KeyModifiers)> {
    let text = std::str::from_utf8(parameters).ok()?;
    let (first, second) = text.split_once(';').unwrap_or((text, ""));
    let number = |text: &str, absent: u16| {
        if text.is_empty() { Some(absent) } else { text.parse().ok().filter(|_| !text.starts_with('+')) }
    };
    // xterm's encoding: one more than the sum of what is held.
    let held = number(second, 1)?.checked_sub(1)?;
    let names = [
        KeyModifiers::SHIFT,
        KeyModifiers::ALT,
        KeyModifiers::CONTROL,
        KeyModifiers::SUPER,
        KeyModifiers::HYPER,
        KeyModifiers::META,
    ];
    let mut modifiers = KeyModifiers::NONE;
    for (idx, name) in names.into_iter().enumerate() {
        modifiers.set(name, held >> idx & 1 == 1);
    }
    Some((number(first, 0)?, modifiers))
}

/// A mouse report in the form of mode 1006: what was pressed, column and row from 1. Only the first button
/// and the wheel mean something, and only when they are pressed.
fn mouse(report: &[u8], end: u8) -> Option<Input> {
    let text = std::str::from_utf8(report).ok().filter(|text| end == b'M' && !text.contains('+'))?;
    let mut numbers = text.split(';').map(str::parse::<u16>);
    let (button, column, row) = (numbers.next()?.ok()?, numbers.next()?.ok()?, numbers.next()?.ok()?);
    match button {
        0 => Some(Input::Click { column: column.checked_sub(1)?, row: row.checked_sub(1)? }),
        64 => Some(Input::Wheel(-3)),
        65 => Some(Input::Wheel(3)),
        _ => None,
    }
}

/// The key of `ESC [ … ~`.
fn numbered(number: u16) -> Option<KeyCode> {
    let number = u8::try_from(number).ok()?;
    Some(match number {
        1 | 7 => KeyCode::Home,
        2 => KeyCode::Insert,
        3 => KeyCode::Delete,
        4 | 8 => KeyCode::End,
        5 => KeyCode::PageUp,
        6 => KeyCode::PageDown,
        // The numbers leave gaps after every fifth or sixth key.
        11..=15 => KeyCode::F(number - 10),
        17..=21 => KeyCode::F(number - 11),
        23 | 24 => KeyCode::F(number - 12),
        _ => return None,
    })
}

/// The key of a sequence that ends in a letter.
fn letter(end: u8) -> Option<KeyCode> {
    Some(match end {
        b'A' => KeyCode::Up,
        b'B' => KeyCode::Down,
        b'C' => KeyCode::Right,
        b'D' => KeyCode::Left,
        b'F' => KeyCode::End,
        b'H' => KeyCode::Home,
        b'P'..=b'S' => KeyCode::F(end - b'P' + 1),
        b'Z' => KeyCode::BackTab,
        _ => return None,
    })
}

fn function(number: u8, modifiers: KeyModifiers) -> Input {
    key(KeyCode::F(number), modifiers)
}

fn key(code: KeyCode, modifiers: KeyModifiers) -> Input {
    Input::Key(KeyEvent::new(code, modifiers))
}
