//! Which way a code is copied: from the setting, what is known of the place, and which programs are there.
//!
//! Pure, so that every machine can be tried on this one. The rules stand in `DECISIONS.md`.

use std::fmt;
use std::path::PathBuf;

use super::Multiplexer;
use crate::settings::{self, Provider};

/// What is known of the place where the program runs.
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "each is known by itself")]
pub struct Surroundings {
    /// `linux`, `macos`, as the standard library names it.
    pub system: &'static str,
    /// Linux inside of Windows.
    pub wsl: bool,
    /// A Wayland desktop is named.
    pub wayland: bool,
    /// An X server is named.
    pub x11: bool,
    /// The terminal is at the other end of a connection.
    pub ssh: bool,
    /// What stands between the program and the terminal.
    pub multiplexer: Multiplexer,
    /// What is known of the terminal.
    pub terminal: Terminal,
}

/// What is known of a terminal and OSC 52. Nothing can be asked: the answer would come as if it were typed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Terminal {
    /// It is of a make that passes the request over.
    Ignores(&'static str),
    /// It would show the request, and with it the code; its TERM.
    Shows(String),
    /// Nothing speaks against it.
    Takes,
}

impl Terminal {
    /// Judges by the variables that terminals set.
    pub fn of(term: &str, program: &str, has_vte: bool) -> Self {
        if matches!(term, "" | "dumb" | "unknown") || term.starts_with("linux") || term.starts_with("emacs") {
            Self::Shows(term.to_owned())
        } else if program == "Apple_Terminal" {
            Self::Ignores("Terminal.app")
        } else if has_vte && term.starts_with("xterm") {
            Self::Ignores("a terminal built on VTE, as GNOME's is,")
        } else {
            Self::Takes
        }
    }
}

/// A way of copying, and why it is this one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Chosen {
    /// The way.
    pub way: Way,
    /// Why, in words.
    pub why: String,
}

/// A way of copying.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Way {
    /// None.
    Nothing(Nothing),
    /// Through a program.
    Program(Program),
    /// Through the terminal.
    Terminal(Multiplexer),
}

/// A program that copies.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Program {
    /// Which sort.
    pub kind: Kind,
    /// The program that takes the text.
    pub copies: PathBuf,
    /// The one that gives it back, where there is one.
    pub reads: Option<PathBuf>,
    /// Arguments of the person's choice.
    pub arguments: Vec<String>,
}

impl Program {
    /// Its name, as it may be shown.
    pub fn name(&self) -> String {
        self.copies.file_name().unwrap_or_default().to_string_lossy().into_owned()
    }

    /// Whether it can be seen that a copy is still there.
    pub fn can_be_read(&self) -> bool {
        self.reads.is_some()
    }
}

/// A sort of program.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// One of the person's choice.
    Command,
    /// `pbcopy` and `pbpaste`.
    Macos,
    /// The buffers of tmux.
    Tmux,
    /// `wl-copy` and `wl-paste`.
    Wayland,
    /// `clip.exe` and PowerShell.
    Windows,
    /// `xclip`.
    Xclip,
    /// `xsel`.
    Xsel,
}

impl Kind {
    /// Every sort.
    pub const ALL: [Self; 7] =
        [Self::Command, Self::Macos, Self::Tmux, Self::Wayland, Self::Windows, Self::Xclip, Self::Xsel];

    /// The word for it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Command => "command",
            Self::Macos => "macos",
            Self::Tmux => "tmux",
            Self::Wayland => "wayland",
            Self::Windows => "windows",
            Self::Xclip => "xclip",
            Self::Xsel => "xsel",
        }
    }

    /// Reads that word.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }

    /// What copies and what reads, by name.
    const fn programs(self) -> Option<(&'static str, &'static str)> {
        match self {
            Self::Command => None,
            Self::Macos => Some(("pbcopy", "pbpaste")),
            Self::Tmux => Some(("tmux", "tmux")),
            Self::Wayland => Some(("wl-copy", "wl-paste")),
            Self::Windows => Some(("clip.exe", "powershell.exe")),
            Self::Xclip => Some(("xclip", "xclip")),
            Self::Xsel => Some(("xsel", "xsel")),
        }
    }
}

/// Why nothing is copied.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Nothing {
    /// The setting names a desktop that is not here; the variable that would name it.
    NoDesktop(&'static str),
    /// None of these programs was found.
    NoProgram(String),
    /// The program was found, and the process that would start it could not be started; why.
    NotStarted(String),
    /// This run has no use for it.
    NotWanted,
    /// The setting says so.
    Off,
    /// The terminal would show the request; its TERM.
    Shown(String),
    /// The setting names a command, and there is none, or none that may be run.
    WithoutCommand,
}

impl fmt::Display for Nothing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoDesktop(variable) => write!(f, "{variable} is not set: no such desktop is here"),
            Self::NoProgram(names) => write!(f, "{names} was not found in any folder of PATH"),
            Self::NotStarted(why) => write!(f, "the process that copies could not be started: {why}"),
            Self::NotWanted => f.write_str("nothing is copied in this run"),
            Self::Off => f.write_str("copying is switched off in the settings (provider = \"none\")"),
            Self::Shown(term) if term.is_empty() => f.write_str(
                "TERM is not set, so that the terminal might show the code, and no program was found that copies",
            ),
            Self::Shown(term) => {
                write!(
                    f,
                    "this terminal (TERM={term}) would show the code, and no program was found that copies"
                )
            }
            Self::WithoutCommand => f.write_str(
                "the settings want a command to copy (provider = \"command\"), and name none that may be run",
            ),
        }
    }
}

/// Gives the absolute path of a program, where there is one that may be run.
pub type Find<'a> = &'a dyn Fn(&str) -> Option<PathBuf>;

/// Decides.
pub fn choose(settings: &settings::Clipboard, around: &Surroundings, find: Find<'_>) -> Chosen {
    let first = |kinds: &[Kind]| first(kinds, find).map_or_else(Way::Nothing, Way::Program);
    let without = |variable| Way::Nothing(Nothing::NoDesktop(variable));
    let way = match settings.provider {
        Provider::Auto => return automatic(around, find),
        Provider::Wayland if !around.wayland => without("WAYLAND_DISPLAY"),
        Provider::Wayland => first(&[Kind::Wayland]),
        Provider::X11 if !around.x11 => without("DISPLAY"),
        Provider::X11 => first(&[Kind::Xclip, Kind::Xsel]),
        Provider::Macos => first(&[Kind::Macos]),
        Provider::Windows => first(&[Kind::Windows]),
        Provider::Tmux if around.multiplexer != Multiplexer::Tmux => without("TMUX"),
        Provider::Tmux => first(&[Kind::Tmux]),
        Provider::Osc52 => Way::Terminal(around.multiplexer),
        Provider::Command => command(&settings.command, find),
        Provider::None => Way::Nothing(Nothing::Off),
    };
    Chosen { way, why: format!("the settings say so (provider = \"{}\")", settings.provider.name()) }
}

/// The names of all programs that are known, for `doctor`.
pub fn known_programs() -> Vec<&'static str> {
    let mut names: Vec<_> = Kind::ALL
        .iter()
        .filter_map(|kind| kind.programs())
        .flat_map(|(copies, reads)| [copies, reads])
        .collect();
    names.dedup();
    names
}

/// The first of several sorts whose program is there.
fn first(kinds: &[Kind], find: Find<'_>) -> Result<Program, Nothing> {
    let known = || kinds.iter().filter_map(|kind| Some((*kind, kind.programs()?)));
    let program = |(kind, (copies, reads))| {
        Some(Program { kind, copies: find(copies)?, reads: find(reads), arguments: Vec::new() })
    };
    let names = || known().map(|(_, (copies, _))| copies).collect::<Vec<_>>().join(" or ");
    known().find_map(program).ok_or_else(|| Nothing::NoProgram(names()))
}

fn command(words: &[String], find: Find<'_>) -> Way {
    let Some((name, arguments)) = words.split_first().filter(|(name, _)| !name.is_empty()) else {
        return Way::Nothing(Nothing::WithoutCommand);
    };
    find(name).map_or_else(
        || Way::Nothing(Nothing::NoProgram(name.clone())),
        |copies| {
            let arguments = arguments.to_vec();
            Way::Program(Program { kind: Kind::Command, copies, reads: None, arguments })
        },
    )
}

/// The terminal, which works over SSH and needs nothing, unless it is known not to take it: then a program of
/// the desktop.
fn automatic(around: &Surroundings, find: Find<'_>) -> Chosen {
    let by_terminal = (
        Way::Terminal(around.multiplexer),
        "chosen by itself: it works over SSH and needs no program".to_owned(),
    );
    let (way, why) = match &around.terminal {
        Terminal::Takes => by_terminal,
        // A multiplexer takes the request itself, and which terminals look into it may change.
        Terminal::Ignores(_) if around.multiplexer != Multiplexer::None => by_terminal,
        Terminal::Shows(term) => match desktop(around, find) {
            Some(program) => {
                let why = format!("chosen by itself: this terminal (TERM={term}) would show the code");
                (Way::Program(program), why)
            }
            None => (Way::Nothing(Nothing::Shown(term.clone())), "chosen by itself".to_owned()),
        },
        Terminal::Ignores(make) => match desktop(around, find) {
            Some(program) => (Way::Program(program), format!("chosen by itself: {make} passes OSC 52 over")),
            None => (
                Way::Terminal(around.multiplexer),
                format!("no program that copies was found; {make} is known to pass OSC 52 over"),
            ),
        },
    };
    Chosen { way, why }
}

/// A program of the desktop that the person sits at. Over SSH that is not the one of this machine.
fn desktop(around: &Surroundings, find: Find<'_>) -> Option<Program> {
    if around.ssh {
        return None;
    }
    let kinds = [
        (around.system == "macos", Kind::Macos),
        (around.wsl || around.system == "windows", Kind::Windows),
        (around.wayland, Kind::Wayland),
        (around.x11, Kind::Xclip),
        (around.x11, Kind::Xsel),
    ];
    let here: Vec<Kind> = kinds.into_iter().filter(|(is_here, _)| *is_here).map(|(_, kind)| kind).collect();
    first(&here, find).ok()
}

#[cfg(test)]
mod tests;
