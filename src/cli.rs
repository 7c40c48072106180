//! The command line: arguments in, one use case called, text or JSON out.
//!
//! Results go to standard output and everything else to standard error. Nothing here decides what
//! is done: that is [`crate::app`]. Nothing here is read from or written to but through [`Io`], so
//! that a test can run the whole of it in its own process.

mod args;
mod ask;
mod ceremony;
mod credentials;
pub mod io;
mod render;
mod run;
mod shares;
mod sheet;
use crate::app::time;

use std::ffi::OsString;
use std::path::Path;
use std::sync::Arc;

use clap::error::{ContextKind, ContextValue};
use clap::{CommandFactory as _, Parser as _};

pub use args::Cli;
pub use io::{Io, Person};

use self::args::{Bundle, Command, Environment, Init, Passwd, PlanCommand, Restore, Slot};
use crate::app::{Context, Failure, key_file, keyring, settings};
use crate::entry::label;

/// The definition of the command line, for the manual page and the completions.
pub fn command() -> clap::Command {
    Cli::command()
}

/// What the arguments ask for.
#[derive(Debug)]
pub enum Parsed {
    /// A command, or the terminal interface when there is none.
    Run(Box<Cli>),
    /// A text to print (help or version), and nothing else to do.
    Print(String),
    /// The arguments are not understood; the words for standard error.
    Usage(String),
}

/// Reads the arguments. A secret among them is refused before anything could repeat it.
pub fn parse(arguments: impl IntoIterator<Item = OsString>) -> Parsed {
    let arguments: Vec<OsString> = arguments.into_iter().collect();
    // Whoever reads JSON wants it for a misspelt option too, which clap reports before it knows of --json.
    let json = arguments.iter().any(|argument| argument == "--json");
    if let Some(refusal) = secret_among(&arguments) {
        return Parsed::Usage(if json {
            render::failure_json(&refusal)
        } else {
            render::failure_text(&refusal, false)
        });
    }
    match Cli::try_parse_from(&arguments) {
        Ok(cli) => Parsed::Run(Box::new(cli)),
        Err(error) if !error.use_stderr() => Parsed::Print(error.render().to_string()),
        Err(error) => {
            let error = repeating_safely(error);
            Parsed::Usage(if json {
                render::failure_json(&misunderstood(&error))
            } else {
                error.render().to_string().lines().map(|line| label::shown_message(line) + "\n").collect()
            })
        }
    }
}

/// Makes the arguments that clap repeats in a report safe to show.
fn repeating_safely(mut error: clap::Error) -> clap::Error {
    let safe = |text: &dyn std::fmt::Display| label::shown(&text.to_string());
    let repeated: Vec<(ContextKind, ContextValue)> = error
        .context()
        .filter_map(|(kind, value)| {
            let value = match value {
                ContextValue::String(text) => ContextValue::String(safe(text)),
                ContextValue::Strings(texts) => {
                    ContextValue::Strings(texts.iter().map(|text| safe(text)).collect())
                }
                // Tips: a line each, with the argument in them.
                ContextValue::StyledStrs(tips) => {
                    ContextValue::StyledStrs(tips.iter().map(|tip| safe(tip).into()).collect())
                }
                // The usage line is ours.
                ContextValue::None
                | ContextValue::Bool(_)
                | ContextValue::StyledStr(_)
                | ContextValue::Number(_)
                | _ => return None,
            };
            Some((kind, value))
        })
        .collect();
    for (kind, value) in repeated {
        drop(error.insert(kind, value));
    }
    error
}

/// Turns clap's report into a failure: its first paragraph is what happened, the tips are what to do.
fn misunderstood(error: &clap::Error) -> Failure {
    let text = error.render().to_string();
    let mut paragraphs =
        text.split("\n\n").map(|paragraph| paragraph.lines().map(str::trim).collect::<Vec<_>>().join(" "));
    let what = paragraphs.next().unwrap_or_default();
    let what = what.strip_prefix("error: ").unwrap_or(&what).to_owned();
    let failure =
        Failure::new(crate::app::Kind::Usage, what).unchanged(crate::app::Unchanged::NothingTouched);
    paragraphs
        .map(|paragraph| paragraph.trim().to_owned())
        .filter(|paragraph| !paragraph.is_empty())
        .fold(failure, Failure::next)
}

/// Arguments stand in the process list and in the shell's history.
fn secret_among(arguments: &[OsString]) -> Option<Failure> {
    let schemes = ["otpauth://", "otpauth-migration://", "steam://", "motp://"];
    let has_secret = arguments.iter().skip(1).any(|argument| {
        let text = argument.to_string_lossy().to_ascii_lowercase();
        schemes.iter().any(|scheme| text.contains(scheme))
    });
    if !has_secret {
        return None;
    }
    let failure = Failure::new(
        crate::app::Kind::Usage,
        "a secret is not taken as an argument: it would stand in the process list and the shell's history",
    )
    .unchanged(crate::app::Unchanged::NothingTouched)
    .next("type it at the hidden prompt: lifeboat add")
    .next("or send it through a pipe: lifeboat add - < FILE")
    .next("the service's secret is in your shell's history now: delete that line");
    Some(failure)
}

impl Cli {
    /// True when no command was given: the terminal interface is wanted.
    pub fn wants_interface(&self) -> bool {
        self.command.is_none()
    }

    /// The key file that was named.
    pub fn key_file(&self) -> Option<std::path::PathBuf> {
        self.global.key_file.clone()
    }

    /// Takes over what the settings file says, where neither the command line nor the environment says something
    /// else, and puts what then holds into the context. `main` calls it once, before the sandbox closes.
    pub fn take_settings(&mut self, ctx: &mut Context) {
        let environment = Environment { no_color: no_color(), no_motion: is_set("NO_MOTION") };
        let mut settings = settings::load(ctx).settings;
        self.global.settle(&mut settings, environment);
        ctx.settings = Arc::new(settings);
    }

    /// The vault that was named.
    pub fn vault(&self) -> Option<std::path::PathBuf> {
        self.global.vault.clone()
    }

    /// Makes ready what copies a code, where the command may copy one or is to say how. `main` calls it once,
    /// before the sandbox closes: a program that copies needs a process that can start it.
    pub fn open_clipboard(&self, ctx: &mut Context) {
        let copies = match &self.command {
            None => true,
            Some(Command::Code(code)) => code.copy,
            Some(Command::Doctor(doctor)) => doctor.compare.is_none(),
            Some(_) => false,
        };
        if copies {
            crate::app::clipboard::open(ctx, self.global.sandbox.into());
        }
    }

    /// Makes a person's editor ready, where the command is to run one. `main` calls it once, before the sandbox closes.
    ///
    /// # Errors
    ///
    /// Exit 8 where there is no terminal or no folder in memory, exit 4 where there is no such editor.
    pub fn open_editor(&self, ctx: &mut Context) -> Result<(), Failure> {
        let Some(Command::Plan(PlanCommand::Edit)) = &self.command else { return Ok(()) };
        if self.global.no_input || !std::io::IsTerminal::is_terminal(&std::io::stderr()) {
            // What there is instead is said when the command runs.
            return Ok(());
        }
        crate::app::plan::editor::open(ctx, self.global.sandbox.into())
    }

    /// Closes the sandbox for good, as the options and the command ask. `main` calls it once, before
    /// any thread runs; a test that runs commands in its own process doesn't.
    ///
    /// # Errors
    ///
    /// Exit 8 when the kernel doesn't take what is asked of it.
    pub fn close_sandbox(&self, ctx: &mut Context) -> Result<(), Failure> {
        let mode = self.global.sandbox.into();
        if self.writes_keyring() {
            return crate::app::sandbox::leave_open(ctx, mode);
        }
        crate::app::sandbox::close(ctx, mode, self.outputs().as_deref())
    }

    /// The key file that the command makes where there is none.
    fn new_key_file(&self) -> Option<&Path> {
        let command = self.command.as_ref()?;
        if let Command::Init(Init { new, .. })
        | Command::Passwd(Passwd { new, .. })
        | Command::Slot(Slot::Add(new))
        | Command::Restore(Restore { new, .. }) = command
        {
            return new.new_key_file.as_deref();
        }
        let Command::Bundle(Bundle::Create { credential, .. }) = command else { return None };
        credential.bundle_key_file.as_deref()
    }

    /// Puts what the global options say into a context, and looks into the kernel's keyring, once.
    ///
    /// Whatever asks the kernel to refuse keyctl(2) comes after this.
    pub fn apply_to(&self, ctx: &mut Context) {
        ctx.reason.clone_from(&self.global.reason);
        if self.global.allow_kdf_cost {
            ctx.kdf.ceiling = crate::envelope::Ceiling::RAISED;
        }
        match &self.command {
            // Whatever happens then, the key of before is not left behind.
            Some(Command::Passwd(_) | Command::Slot(Slot::Remove { .. })) if ctx.kept.is_none() => {
                keyring::drop_and_look(ctx);
            }
            command if command.as_ref().is_none_or(Command::may_use_kept_key) => keyring::look(ctx),
            _ => {}
        }
    }

    /// True for what writes to the kernel's keyring: it needs keyctl(2), and one execve(2) of this program,
    /// until it is done.
    fn writes_keyring(&self) -> bool {
        matches!(self.command, Some(Command::Unlock(_) | Command::Lock))
    }
}

/// <https://no-color.org>: set and not empty.
fn no_color() -> bool {
    is_set("NO_COLOR")
}

fn is_set(variable: &str) -> bool {
    std::env::var_os(variable).is_some_and(|value| !value.is_empty())
}

/// Runs a command and gives its exit status.
pub fn run(cli: &Cli, ctx: &mut Context, io: &mut Io<'_>) -> u8 {
    cli.apply_to(ctx);
    let new_key_file = cli.new_key_file().filter(|path| key_file::is_absent(ctx, path));
    let outcome = run::dispatch(cli, ctx, io);
    match (outcome, new_key_file) {
        (Ok(exit), _) => exit.status(),
        (Err(failure), Some(path)) if !key_file::is_absent(ctx, path) => {
            fail(cli, &key_file::told_as_made(failure, path), io)
        }
        (Err(failure), _) => fail(cli, &failure, io),
    }
}

/// Reports a failure and gives its exit status.
pub fn fail(cli: &Cli, failure: &Failure, io: &mut Io<'_>) -> u8 {
    report(cli, failure, io);
    failure.exit().status()
}

/// Writes a failure to standard error, as text or as JSON.
pub fn report(cli: &Cli, failure: &Failure, io: &mut Io<'_>) {
    report_to(&cli.global, failure, io);
}

fn report_to(global: &args::Global, failure: &Failure, io: &mut Io<'_>) {
    let text = if global.json {
        render::failure_json(failure)
    } else {
        render::failure_text(failure, io::colored(global.color, io.err_is_terminal))
    };
    // Where standard error is closed there is nobody left to tell.
    let _written = io.err.write_all(text.as_bytes()).and_then(|()| io.err.flush());
}
