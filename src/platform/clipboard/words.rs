//! How a copy went, in words: through what, what nobody confirms, and what becomes of it.

use std::fmt;

use super::choice::Kind;
use super::program::BUFFER;
use super::{Cleared, Sent, Then, Through};

impl fmt::Display for Sent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}", self.through, self.then)?;
        match (self.then, &self.through) {
            (Then::Cleared(_), Through::Program { kind: Kind::Tmux, passed_on: true, .. }) => {
                f.write_str("; what the terminal has is left to expire with the code")
            }
            (Then::Cleared(_) | Then::Expires | Then::Overwritten(_), _) => Ok(()),
        }
    }
}

impl fmt::Display for Through {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self::Program { kind, name, marked, passed_on } = self else {
            let Self::Terminal(multiplexer) = self else { return Ok(()) };
            return write!(f, "sent through OSC 52; the terminal does not confirm it{}", multiplexer.hint());
        };
        match kind {
            Kind::Command => write!(f, "given to {name}; nobody can see here whether it copied it"),
            Kind::Macos | Kind::Windows => write!(f, "copied with {name}; every program can read it"),
            Kind::Tmux if *passed_on => write!(
                f,
                "copied into tmux's buffer {BUFFER} (prefix = lists it) and sent on to the terminal, which does not confirm it"
            ),
            Kind::Tmux => write!(
                f,
                "copied into tmux's buffer {BUFFER} (prefix = lists it); this tmux sends nothing on to the terminal"
            ),
            Kind::Wayland if *marked => {
                write!(
                    f,
                    "copied with {name}, marked as a secret; other programs of this desktop can read it"
                )
            }
            Kind::Wayland => write!(
                f,
                "copied with {name}, which is too old to mark it as a secret; other programs of this desktop can read it"
            ),
            Kind::Xclip | Kind::Xsel => write!(
                f,
                "copied with {name}, which cannot mark it as a secret; other programs of this desktop can read it"
            ),
        }
    }
}

impl fmt::Display for Then {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Cleared(after) => {
                write!(f, "; cleared in {} s unless something else is copied", after.as_secs())
            }
            Self::Expires => f.write_str("; left to expire with the code"),
            Self::Overwritten(after) => {
                write!(f, "; something is written over it in {} s", after.as_secs())
            }
        }
    }
}

impl fmt::Display for Cleared {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Gone => "the clipboard is cleared; a history of this desktop may have kept the code",
            Self::Left => "the code is left in the clipboard, to expire",
            Self::Nothing => "there was nothing left to clear",
            Self::NotOurs => "the clipboard holds something else by now, and was left alone",
            Self::Overwritten => "asked to overwrite it; that is not confirmed either",
        })
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::platform::clipboard::Multiplexer;

    fn program(kind: Kind, name: &str) -> Through {
        Through::Program { kind, name: name.to_owned(), marked: false, passed_on: false }
    }

    #[test]
    fn it_is_told_through_what_and_what_nobody_confirms() {
        let after = Duration::from_secs(30);
        let said = |through, then| Sent { through, then }.to_string();
        assert_eq!(
            said(Through::Terminal(Multiplexer::Tmux), Then::Expires),
            "sent through OSC 52; the terminal does not confirm it; tmux passes it on with `set -g set-clipboard on`; \
             left to expire with the code"
        );
        assert_eq!(
            said(program(Kind::Xclip, "xclip"), Then::Cleared(after)),
            "copied with xclip, which cannot mark it as a secret; other programs of this desktop can read it; \
             cleared in 30 s unless something else is copied"
        );
        let onwards =
            Through::Program { kind: Kind::Tmux, name: "tmux".into(), marked: false, passed_on: true };
        assert!(
            said(onwards, Then::Cleared(after))
                .ends_with("what the terminal has is left to expire with the code")
        );
        assert!(
            said(program(Kind::Command, "pick"), Then::Overwritten(after))
                .contains("written over it in 30 s")
        );
    }
}
