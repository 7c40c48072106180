//! Questions to the person: confirmations, hidden answers, and what `--no-input` makes of them.

use super::args::Global;
use super::io::Io;
use crate::app::{Context, Failure, Kind, Session, Unchanged, incident, reason};
use crate::entry::{EntryId, label};
use crate::platform::terminal::NoAnswer;
use crate::secret::SecretText;
use crate::settings::NotTaken;

/// How often a reason may be typed.
const ATTEMPTS: usize = 3;

/// Asks for something secret.
pub(super) fn hidden(
    global: &Global,
    io: &mut Io<'_>,
    prompt: &str,
    instead: &str,
) -> Result<SecretText, Failure> {
    if global.no_input {
        return Err(Failure::new(
            Kind::NoCredential,
            "a question would have to be asked, and --no-input forbids it",
        )
        .details([format!("the question: {}", prompt.trim_end_matches([' ', ':']))])
        .unchanged(Unchanged::NothingTouched)
        .next(instead));
    }
    io.person.ask(prompt, true).map_err(|no_answer| match no_answer {
        NoAnswer::Interrupted => interrupted(),
        NoAnswer::NoTerminal(error) => Failure::new(Kind::NoCredential, "there is no terminal to ask at")
            .because(error)
            .details([format!("the question: {}", prompt.trim_end_matches([' ', ':']))])
            .unchanged(Unchanged::NothingTouched)
            .next(instead),
    })
}

/// Asks for the reason that the settings want before something of these entries is shown, unless one was given.
pub(super) fn reason(
    global: &Global,
    ctx: &mut Context,
    io: &mut Io<'_>,
    session: &Session,
    ids: &[EntryId],
) -> Result<(), Failure> {
    let Some(asked) = reason::asked(ctx, session, ids) else { return Ok(()) };
    if ctx.reason.is_none()
        && let Some((incident, running)) = incident::running_reason(ctx, session)
        && let Ok(taken) = asked.rule.take(&running)
    {
        if !global.quiet {
            io.tell(&format!("the reason is that of the break-glass session {incident}"));
        }
        ctx.reason = Some(taken.to_owned());
        return Ok(());
    }
    let head = format!("{} is privileged. Why is it shown? The log keeps the reason.\n", asked.names());
    because(global, ctx, io, &asked, head, |not_taken| asked.refused(not_taken))
}

/// Asks for a reason that is wanted, unless one was given. `question` is what is asked, and `refused` the failure of
/// one that is missing or not taken.
pub(super) fn because(
    global: &Global,
    ctx: &mut Context,
    io: &mut Io<'_>,
    asked: &reason::Asked,
    mut question: String,
    refused: impl Fn(Option<NotTaken>) -> Failure,
) -> Result<(), Failure> {
    if let Some(given) = &ctx.reason {
        let taken = asked.rule.take(given).map(str::to_owned).map_err(|error| refused(Some(error)))?;
        ctx.reason = Some(taken);
        return Ok(());
    }
    if global.no_input {
        return Err(refused(None));
    }
    if let Some(pattern) = asked.rule.pattern() {
        question.push_str(&format!("It has to match {} as a whole.\n", label::shown(pattern)));
    }
    for (idx, recent) in asked.recent.iter().enumerate() {
        question.push_str(&format!("  {}  {}\n", idx + 1, label::shown(recent)));
    }
    question.push_str(if asked.recent.is_empty() { "Reason: " } else { "Reason, or the number of one: " });
    for _ in 0..ATTEMPTS {
        let answer = io.person.ask(&question, false).map_err(|no_answer| match no_answer {
            NoAnswer::Interrupted => interrupted(),
            NoAnswer::NoTerminal(_) => refused(None),
        })?;
        match asked.take(answer.expose()) {
            Ok(taken) => {
                ctx.reason = Some(taken);
                return Ok(());
            }
            // Nothing typed is a way out.
            Err(NotTaken::Blank) => break,
            Err(error) => question = format!("Not taken: {error}.\nReason: "),
        }
    }
    Err(refused(None))
}

/// What Ctrl-C at a question means.
pub(super) fn interrupted() -> Failure {
    Failure::new(Kind::Interrupted, "interrupted").unchanged(Unchanged::NothingTouched)
}

/// Asks for a yes. `--yes` is one; without it `--no-input` refuses (exit 8).
pub(super) fn confirm(global: &Global, io: &mut Io<'_>, question: &str) -> Result<(), Failure> {
    if global.yes {
        return Ok(());
    }
    let refused = |what: &str| {
        Err(Failure::new(Kind::Refused, what.to_owned())
            .details([format!("the question: {question}")])
            .unchanged(Unchanged::NothingTouched)
            .next("to answer it with yes, run the command again with --yes"))
    };
    if global.no_input {
        return refused("it needs a yes, and --no-input forbids the question");
    }
    match io.person.ask(&format!("{question} [y/N] "), false) {
        Ok(answer) if matches!(answer.expose().trim().to_lowercase().as_str(), "y" | "yes") => Ok(()),
        Ok(_) => refused("not confirmed"),
        Err(NoAnswer::Interrupted) => Err(interrupted()),
        Err(NoAnswer::NoTerminal(_)) => refused("it needs a yes, and there is no terminal to ask at"),
    }
}

/// Offers something that may as well be left. `--yes` does not take it up: it answers what has to be confirmed.
pub(super) fn offer(global: &Global, io: &mut Io<'_>, question: &str) -> bool {
    if global.no_input || global.yes || global.json || !io.err_is_terminal {
        return false;
    }
    let answer = io.person.ask(&format!("{question} [y/N] "), false);
    answer.is_ok_and(|answer| matches!(answer.expose().trim().to_lowercase().as_str(), "y" | "yes"))
}
