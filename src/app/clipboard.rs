//! Copying for a person: which way it is done here, and what is said when it is not.

use std::ffi::OsString;
use std::io::{self, IsTerminal as _};
use std::path::PathBuf;
use std::sync::Arc;

use super::context::Context;
use super::doctor::{Finding, Verdict, finding};
use super::failure::{Failure, Kind, Unchanged};
use crate::entry::label;
use crate::platform::clipboard::choice::{self, Terminal};
use crate::platform::clipboard::{
    self, Chosen, ClipboardError, Multiplexer, NotAtAll, Nothing, Program, Surroundings, ThroughProgram,
    ThroughTerminal, Way,
};
use crate::platform::sandbox::Mode;
use crate::platform::terminal;

/// Decides how a code is copied in this place.
pub fn look(ctx: &Context) -> Chosen {
    choice::choose(&ctx.settings.clipboard, &surroundings(), &find)
}

/// Makes the way of copying ready. What needs a program has its broker started here: nothing can start one once
/// the sandbox is closed.
pub fn open(ctx: &mut Context, mode: Mode) {
    ctx.clipboard = match look(ctx).way {
        Way::Nothing(why) => Arc::new(NotAtAll(why)),
        Way::Terminal(multiplexer) => Arc::new(ThroughTerminal::new(multiplexer, to_terminal)),
        Way::Program(program) => {
            let environment = clipboard::environment(program.kind, variable);
            match ThroughProgram::start(program, mode, &environment) {
                Ok(through) => Arc::new(through),
                Err(error) => Arc::new(NotAtAll(Nothing::NotStarted(error.to_string()))),
            }
        }
    };
}

/// Standard output stands in for the controlling terminal where it is a terminal and there is no such.
fn to_terminal(request: &str) -> io::Result<()> {
    terminal::write(request).or_else(|error| {
        if io::stdout().is_terminal() { terminal::write_out(request.as_bytes()) } else { Err(error) }
    })
}

fn variable(name: &str) -> Option<OsString> {
    std::env::var_os(name).filter(|value| !value.is_empty())
}

fn find(name: &str) -> Option<PathBuf> {
    clipboard::find(&variable("PATH").unwrap_or_default(), name)
}

fn surroundings() -> Surroundings {
    let is_set = |name| variable(name).is_some();
    let text = |name| variable(name).unwrap_or_default().to_string_lossy().into_owned();
    Surroundings {
        system: std::env::consts::OS,
        wsl: cfg!(target_os = "linux") && (is_set("WSL_DISTRO_NAME") || is_set("WSL_INTEROP")),
        wayland: is_set("WAYLAND_DISPLAY"),
        x11: is_set("DISPLAY"),
        ssh: is_set("SSH_CONNECTION") || is_set("SSH_TTY"),
        multiplexer: Multiplexer::detect(),
        terminal: Terminal::of(&text("TERM"), &text("TERM_PROGRAM"), is_set("VTE_VERSION")),
    }
}

/// Finds out whether anything can be copied, before a code is made for it.
///
/// # Errors
///
/// Exit 8 where copying is switched off, else exit 1; nothing was made then.
pub fn ready(ctx: &Context) -> Result<(), Failure> {
    ctx.clipboard.ready().map(drop).map_err(|error| not_copied(error, Unchanged::NothingTouched))
}

/// The failure of a copy whose code was made.
pub fn failed(error: ClipboardError, counts: bool) -> Failure {
    let unchanged = if counts {
        "the counter has moved on, and that is saved: the next code is another one"
    } else {
        "no entry was changed; the log has it that a code was shown"
    };
    not_copied(error, Unchanged::Partly(unchanged.to_owned()))
}

fn not_copied(error: ClipboardError, unchanged: Unchanged) -> Failure {
    let instead = "`lifeboat code NAME` prints it, and Space shows it in the terminal interface";
    let next = match &error {
        ClipboardError::NoTerminal(_) => Some("run it at a terminal".to_owned()),
        ClipboardError::Nothing(nothing) => remedy(nothing),
        ClipboardError::BrokerGone | ClipboardError::BrokerHangs => {
            Some("leave, and start again: it is started with the program".to_owned())
        }
        ClipboardError::Ended { .. }
        | ClipboardError::Hung { .. }
        | ClipboardError::Killed { .. }
        | ClipboardError::ProgramNotStarted { .. }
        | ClipboardError::StillThere
        | ClipboardError::TooLong => Some("`lifeboat doctor` says what copies here, and why".to_owned()),
    };
    let is_forbidden = matches!(error, ClipboardError::Nothing(Nothing::Off));
    let kind = if is_forbidden { Kind::Refused } else { Kind::Io };
    let failure = if let ClipboardError::NoTerminal(cause) = error {
        Failure::new(kind, "the code was not copied: there is no terminal to copy through").because(cause)
    } else {
        Failure::new(kind, "the code was not copied").because(error)
    };
    next.into_iter().fold(failure.unchanged(unchanged), Failure::next).next(instead)
}

/// What helps where nothing copies.
fn remedy(nothing: &Nothing) -> Option<String> {
    Some(match nothing {
        Nothing::NoProgram(_) | Nothing::Shown(_) => {
            "install wl-clipboard (Wayland) or xclip (X11), or set another `provider` in the settings".to_owned()
        }
        Nothing::NoDesktop(_) => "`provider = \"auto\"` in the settings takes what is here".to_owned(),
        Nothing::WithoutCommand => {
            "name it: `command = [\"PROGRAM\", \"ARGUMENT\"]` in the settings, in a file that others cannot write".to_owned()
        }
        Nothing::NotStarted(_) | Nothing::NotWanted | Nothing::Off => return None,
    })
}

/// What is told when a copy was not taken back.
pub fn not_cleared(error: &ClipboardError) -> String {
    let cause = std::error::Error::source(error).map(|cause| format!(": {cause}")).unwrap_or_default();
    format!("the code may still be in the clipboard: {error}{cause}")
}

/// How copying is, for `doctor`. The broker is asked whether it is there.
pub(super) fn findings(ctx: &Context) -> Vec<Finding> {
    let Chosen { way, why } = look(ctx);
    let (verdict, words) = match way {
        Way::Nothing(nothing) => {
            let verdict = if nothing == Nothing::Off { Verdict::Note } else { Verdict::Wrong };
            let next = remedy(&nothing).map(|next| format!(": {next}")).unwrap_or_default();
            (verdict, format!("nothing is copied: {nothing}{next}"))
        }
        Way::Terminal(multiplexer) => (
            Verdict::Note,
            format!(
                "a code is copied through the terminal (OSC 52), which does not confirm it and cannot be read back{}; {why}",
                multiplexer.hint()
            ),
        ),
        Way::Program(program) => through_program(ctx, &program, &why),
    };
    let known = choice::known_programs();
    let found: Vec<&str> = known.iter().copied().filter(|name| find(name).is_some()).collect();
    let found = if found.is_empty() {
        format!("none of {} was found in PATH", known.join(", "))
    } else {
        format!("found in PATH: {}", found.join(", "))
    };
    vec![finding("clipboard", verdict, words), finding("clipboard programs", Verdict::Note, found)]
}

fn through_program(ctx: &Context, program: &Program, why: &str) -> (Verdict, String) {
    let path = label::shown(&program.copies.to_string_lossy());
    let ready = match ctx.clipboard.ready() {
        Ok(ready) => ready,
        Err(error) => {
            return (Verdict::Wrong, format!("{path} would copy a code, and cannot: {error}; {why}"));
        }
    };
    let cleared = if program.can_be_read() {
        "what it holds can be read back, and is cleared if it is still ours"
    } else {
        "what it holds cannot be read back here: a copy is left to expire, or overwritten with `clear = \"always\"`"
    };
    let marked = match ready.marks {
        None => "",
        Some(false) => "; it is too old to mark a secret",
        Some(true) => "; it marks a code as a secret",
    };
    let refused = match (ready.calls_refused, ready.paths_refused) {
        (false, false) => "in no sandbox of its own",
        (true, false) => "in a sandbox of its own (system calls)",
        (false, true) => "in a sandbox of its own (paths)",
        (true, true) => "in a sandbox of its own (system calls, paths)",
    };
    let words = format!(
        "{path} copies a code, started by a process {refused}; {cleared}{marked}; other programs of the desktop can read it; {why}"
    );
    (Verdict::Note, words)
}
