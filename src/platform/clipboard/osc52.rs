//! Copying through the terminal: OSC 52, which works over SSH and can be neither read back nor confirmed.

use data_encoding::BASE64;

use crate::secret::SecretText;

/// The bytes that ask a terminal to copy a text.
///
/// Inside tmux and screen the request is sent plain, for a multiplexer that forwards it itself, and
/// once more wrapped, so that it passes through to the outer terminal.
pub fn copy(text: &str, multiplexer: Multiplexer) -> SecretText {
    let mut plain = SecretText::with_capacity(16 + text.len() * 2);
    plain.expose_mut().push_str("\x1b]52;c;");
    BASE64.encode_append(text.as_bytes(), plain.expose_mut());
    plain.expose_mut().push('\x07');
    let (start, end) = match multiplexer {
        Multiplexer::None => return plain,
        Multiplexer::Screen => ("\x1bP", "\x1b\\"),
        Multiplexer::Tmux => ("\x1bPtmux;", "\x1b\\"),
    };
    let mut both = SecretText::with_capacity(plain.len() * 3 + 16);
    both.expose_mut().push_str(plain.expose());
    both.expose_mut().push_str(start);
    for c in plain.expose().chars() {
        if c == '\x1b' && multiplexer == Multiplexer::Tmux {
            both.expose_mut().push('\x1b');
        }
        both.expose_mut().push(c);
    }
    both.expose_mut().push_str(end);
    both
}

/// The bytes that ask a terminal to forget a copied text: a space takes its place.
///
/// An empty text would be the honest request, and tmux passes it over.
pub fn overwrite(multiplexer: Multiplexer) -> SecretText {
    copy(" ", multiplexer)
}

/// What stands between the program and the terminal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Multiplexer {
    /// Nothing that is known.
    None,
    /// GNU screen.
    Screen,
    /// tmux.
    Tmux,
}

impl Multiplexer {
    /// Reads it off the environment.
    pub fn detect() -> Self {
        if std::env::var_os("TMUX").is_some() {
            Self::Tmux
        } else if std::env::var_os("STY").is_some() {
            Self::Screen
        } else {
            Self::None
        }
    }

    /// What the person has to set for the copy to arrive; empty where nothing.
    pub const fn hint(self) -> &'static str {
        match self {
            Self::None => "",
            Self::Screen => "; screen passes it on to the outer terminal",
            Self::Tmux => "; tmux passes it on with `set -g set-clipboard on`",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_request_is_sent_plain_and_wrapped_inside_tmux() {
        assert_eq!(copy("123", Multiplexer::None).expose(), "\x1b]52;c;MTIz\x07");
        let tmux = copy("123", Multiplexer::Tmux);
        assert_eq!(tmux.expose(), "\x1b]52;c;MTIz\x07\x1bPtmux;\x1b\x1b]52;c;MTIz\x07\x1b\\");
    }
}
