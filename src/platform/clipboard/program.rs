//! What is run to copy, to read back and to clear, for each sort of program, and with which environment.

use std::ffi::OsString;
use std::time::Duration;

use super::choice::Kind;
use crate::platform::sandbox::Reach;

/// The name of our buffer in tmux, so that it can be read and deleted among those of others.
pub(super) const BUFFER: &str = "lifeboat";

/// How a copy is cleared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Clearing {
    /// The program that copies is run with these arguments and without a text.
    By(&'static [&'static str]),
    /// There is no way: only another text can take its place.
    ByAnotherText,
    /// The process that holds it is ended: it holds it for as long as it lives.
    ByEnding,
}

impl Kind {
    /// The arguments with which the program takes a text from its standard input.
    pub(super) const fn copying(self) -> &'static [&'static str] {
        match self {
            Self::Command | Self::Macos | Self::Windows => &[],
            // It would ask xdg-mime for the type otherwise.
            Self::Wayland => &["--type", "text/plain"],
            Self::Tmux => &["load-buffer", "-b", BUFFER, "-"],
            Self::Xclip => &["-selection", "clipboard", "-in"],
            // It would write a log into the home otherwise.
            Self::Xsel => &["--clipboard", "--input", "--logfile", "/dev/null"],
        }
    }

    /// The same, so that the program marks the text as a secret, where it may know how.
    pub(super) const fn copying_marked(self) -> Option<&'static [&'static str]> {
        match self {
            Self::Wayland => Some(&["--type", "text/plain", "--sensitive"]),
            Self::Command | Self::Macos | Self::Windows | Self::Tmux | Self::Xclip | Self::Xsel => None,
        }
    }

    /// The same, so that the text goes on to the terminal, where the program may know how (tmux 3.2).
    pub(super) const fn copying_onwards(self) -> Option<&'static [&'static str]> {
        match self {
            Self::Tmux => Some(&["load-buffer", "-w", "-b", BUFFER, "-"]),
            Self::Command | Self::Macos | Self::Windows | Self::Wayland | Self::Xclip | Self::Xsel => None,
        }
    }

    /// The arguments with which the other program gives back what the clipboard holds.
    pub(super) const fn reading(self) -> &'static [&'static str] {
        match self {
            Self::Command | Self::Macos => &[],
            Self::Windows => &["-NoProfile", "-NonInteractive", "-Command", "Get-Clipboard -Raw"],
            Self::Wayland => &["--no-newline", "--type", "text/plain"],
            Self::Tmux => &["save-buffer", "-b", BUFFER, "-"],
            Self::Xclip => &["-selection", "clipboard", "-out"],
            Self::Xsel => &["--clipboard", "--output"],
        }
    }

    /// How a copy is cleared.
    pub(super) const fn clearing(self) -> Clearing {
        match self {
            Self::Command => Clearing::ByAnotherText,
            // With nothing on its standard input.
            Self::Macos | Self::Windows => Clearing::By(&[]),
            Self::Wayland => Clearing::By(&["--clear"]),
            Self::Tmux => Clearing::By(&["delete-buffer", "-b", BUFFER]),
            Self::Xclip => Clearing::ByEnding,
            Self::Xsel => Clearing::By(&["--clipboard", "--clear"]),
        }
    }

    /// Whether a process of the program stays to hand the text out.
    pub(super) const fn stays(self) -> bool {
        matches!(self, Self::Wayland | Self::Xclip | Self::Xsel)
    }

    /// How long one run of the program may take.
    pub(super) const fn patience(self) -> Duration {
        match self {
            // Another system has to be woken for it.
            Self::Windows => Duration::from_secs(10),
            Self::Command | Self::Macos | Self::Tmux | Self::Wayland | Self::Xclip | Self::Xsel => {
                Duration::from_secs(2)
            }
        }
    }

    /// What the program reaches, and its broker with it.
    pub(super) const fn reach(self) -> Reach {
        match self {
            // What a person's own program does is not known, and other systems have their own ways.
            Self::Command | Self::Macos | Self::Windows => Reach::Anything,
            Self::Tmux | Self::Wayland => Reach::Local,
            // An X server may be at the other end of a connection.
            Self::Xclip | Self::Xsel => Reach::Connected,
        }
    }

    /// The variables that the program needs.
    const fn variables(self) -> &'static [&'static str] {
        match self {
            Self::Command => &[
                "DBUS_SESSION_BUS_ADDRESS",
                "DISPLAY",
                "LOGNAME",
                "SSH_AUTH_SOCK",
                "SSH_CONNECTION",
                "SSH_TTY",
                "STY",
                "SWAYSOCK",
                "TERM",
                "TMUX",
                "TMUX_PANE",
                "USER",
                "WAYLAND_DISPLAY",
                "WSL_INTEROP",
                "XAUTHORITY",
                "XDG_RUNTIME_DIR",
                "XDG_SESSION_TYPE",
            ],
            Self::Macos => &["__CF_USER_TEXT_ENCODING"],
            Self::Tmux => &["TMUX", "TMUX_PANE", "TMUX_TMPDIR"],
            Self::Wayland => &["WAYLAND_DISPLAY", "XDG_RUNTIME_DIR"],
            Self::Windows => &["SYSTEMROOT", "WSL_DISTRO_NAME", "WSL_INTEROP"],
            Self::Xclip | Self::Xsel => &["DISPLAY", "XAUTHORITY", "XDG_RUNTIME_DIR"],
        }
    }
}

/// What every program gets.
const COMMON: [&str; 5] = ["HOME", "LANG", "LC_ALL", "PATH", "TMPDIR"];

/// The environment of a program: what it needs of this one's, and nothing else.
pub fn environment(kind: Kind, variable: impl Fn(&str) -> Option<OsString>) -> Vec<(&'static str, OsString)> {
    let names = COMMON.iter().chain(kind.variables());
    let mut environment: Vec<_> = names.filter_map(|name| Some((*name, variable(name)?))).collect();
    // wl-copy keeps a text in a file. In there that is in memory, and for this user alone.
    if kind == Kind::Wayland
        && let Some(memory) = variable("XDG_RUNTIME_DIR")
    {
        environment.retain(|(name, _)| *name != "TMPDIR");
        environment.push(("TMPDIR", memory));
    }
    environment
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_program_gets_what_it_needs_of_the_environment_and_nothing_else() {
        let all = |name: &str| Some(OsString::from(name));
        let names = |kind| {
            let mut names: Vec<_> = environment(kind, all).into_iter().map(|(name, _)| name).collect();
            names.sort_unstable();
            names.join(" ")
        };
        assert_eq!(names(Kind::Tmux), "HOME LANG LC_ALL PATH TMPDIR TMUX TMUX_PANE TMUX_TMPDIR");
        assert_eq!(names(Kind::Xclip), "DISPLAY HOME LANG LC_ALL PATH TMPDIR XAUTHORITY XDG_RUNTIME_DIR");
        assert!(!Kind::ALL.into_iter().any(|kind| names(kind).contains("LIFEBOAT")));
        assert!(environment(Kind::Command, |_| None).is_empty());
    }

    #[test]
    fn what_wl_copy_keeps_in_a_file_is_kept_in_memory() {
        let environment = environment(Kind::Wayland, |name| Some(format!("/{name}").into()));
        let places: Vec<_> = environment.iter().filter(|(name, _)| *name == "TMPDIR").collect();
        assert_eq!(places, [&("TMPDIR", OsString::from("/XDG_RUNTIME_DIR"))]);
    }
}
