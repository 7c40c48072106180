//! Drills, step by step at the command line.

mod told;

use std::path::Path;

use super::super::args::{Attestation, Drill, DrillRun};
use super::super::{ask, credentials};
use super::{Run, bundles};
use crate::app::drill::{self, Live, Running};
use crate::app::failure::shown_path;
use crate::app::keyring::Found;
use crate::app::unlock::{self, SealedVault};
use crate::app::{Exit, Failure, Kind, Session, Unchanged};
use crate::entry::{EntryId, label};
use crate::platform::terminal::NoAnswer;
use crate::secret::SecretText;

/// How often a code of another device may be typed.
const ATTEMPTS: usize = 3;

pub(super) fn drill(run: &mut Run<'_, '_>, args: &Drill) -> Result<Exit, Failure> {
    match args {
        Drill::Run(args) => rehearse(run, args),
        Drill::Record { report } => record(run, report),
        Drill::List => list(run),
        Drill::Due { check } => due(run, *check),
    }
}

fn rehearse(run: &mut Run<'_, '_>, args: &DrillRun) -> Result<Exit, Failure> {
    // What cannot be right is said before anybody types anything.
    for attestation in &args.attest {
        drill::reference_of(&attestation.reference)?;
    }
    if let Some(report) = &args.report {
        drill::refuse_report(run.ctx, report)?;
    }
    let mut running = Running::begin(run.ctx, &args.file)?;
    for line in running.bundle().passed_over() {
        run.tell(&format!("lifeboat: {line}"));
    }
    run.tell("the file is whole (L0)");
    for doubt in running.clock_doubts() {
        run.tell(&format!("lifeboat: {doubt}"));
    }
    if let Err(failure) = open(run, &mut running, args) {
        return ended(run, running, None, args, Some(failure));
    }
    run.tell(&format!("it opens (L1): {}", bundles::entries(running.n_entries())));
    bundles::overdue(run, running.overdue(run.ctx));
    let (mut live, failure) = match live(run, &running) {
        Ok(live) => (live, None),
        Err(failure) if failure.kind == Kind::Interrupted => return Err(failure),
        Err(failure) => (None, Some(failure)),
    };
    if let Err(failure) = vouched_for(run, &mut running, live.as_ref()) {
        return ended(run, running, live, args, Some(failure));
    }
    if let Some(session) = &mut live {
        run.tell_notices(session);
        running.compare(session)?;
    } else {
        ask_clock(run, &mut running)?;
    }
    for attestation in &args.attest {
        attest(run, &mut running, live.as_ref(), attestation)?;
    }
    ended(run, running, live, args, failure)
}

fn record(run: &mut Run<'_, '_>, path: &Path) -> Result<Exit, Failure> {
    let mut session = run.open()?;
    let recorded = drill::record(run.ctx, &mut session, path)?;
    run.tell_notices(&mut session);
    told::recorded(run, &recorded)?;
    Ok(if recorded.has_findings() && !recorded.again { Exit::CheckFailed } else { Exit::Done })
}

fn list(run: &mut Run<'_, '_>) -> Result<Exit, Failure> {
    let session = run.open()?;
    let mut drills = drill::history(run.ctx, &session)?;
    drills.reverse();
    told::drills(run, &session, &drills)
}

fn due(run: &mut Run<'_, '_>, check: bool) -> Result<Exit, Failure> {
    let session = run.open()?;
    let bundles = drill::due(run.ctx, &session)?;
    let now = run.ctx.clock.now();
    told::due(run, &bundles, now)?;
    let is_due = bundles.iter().any(|bundle| bundle.due(now).next().is_some());
    Ok(if check && is_due { Exit::CheckFailed } else { Exit::Done })
}

/// Ends the drill, says what came of it, and after that what went wrong on the way.
fn ended(
    run: &mut Run<'_, '_>,
    running: Running,
    mut live: Option<Session>,
    args: &DrillRun,
    failure: Option<Failure>,
) -> Result<Exit, Failure> {
    // Ctrl-C leaves everything as it was.
    if let Some(failure) = failure.as_ref().filter(|failure| failure.kind == Kind::Interrupted) {
        return Err(Failure::new(failure.kind, failure.what.clone()));
    }
    let outcome = running.finish(run.ctx, live.as_mut(), args.report.as_deref())?;
    if let Some(session) = &mut live {
        run.tell_notices(session);
    }
    let path = shown_path(&args.file);
    told::outcome(run, &outcome, &path)?;
    let has_findings = outcome.has_findings();
    match (failure, outcome.not_written) {
        (Some(failure), _) => Err(match &outcome.written {
            // What is said to be unharmed was said before there was a report.
            Some(written) => failure.unchanged(Unchanged::Partly(format!(
                "the report {} was written, with its signature; nothing else was touched",
                shown_path(&written.path)
            ))),
            None => failure,
        }),
        (None, Some(failure)) => Err(failure),
        (None, None) if has_findings => Ok(Exit::CheckFailed),
        (None, None) => Ok(Exit::Done),
    }
}

/// Opens the bundle with what the person gives.
fn open(run: &mut Run<'_, '_>, running: &mut Running, args: &DrillRun) -> Result<(), Failure> {
    let (at_hand, with) =
        credentials::for_drill(run.global, run.ctx, run.io, running.bundle(), &args.opening)?;
    let cost = running.bundle().inspect().cost;
    let Run { global, ctx, io } = run;
    credentials::working(global, io, at_hand.passphrase.is_some(), "Opening the bundle", &cost, || {
        running.open(ctx, &at_hand, with)
    })
}

/// Has the maker's fingerprint compared with the cards, where shares opened the bundle and this vault did not make it.
fn vouched_for(run: &mut Run<'_, '_>, running: &mut Running, live: Option<&Session>) -> Result<(), Failure> {
    let Some(fingerprint) = running.unknown_maker(live) else { return Ok(()) };
    if let Err(failure) = bundles::confirm_maker(run, &fingerprint) {
        running.refuse_maker();
        return Err(failure);
    }
    running.accept_maker();
    Ok(())
}

/// Opens the live vault, where it is on this machine, and writes nothing by that.
fn live(run: &mut Run<'_, '_>, running: &Running) -> Result<Option<Session>, Failure> {
    let shown = shown_path(&run.ctx.paths.vault);
    match running.live(run.ctx) {
        Live::Absent => Ok(None),
        Live::Unusable(why) => {
            run.tell(&format!(
                "lifeboat: the drill goes on without the vault {shown}: {}",
                label::shown_message(&why)
            ));
            Ok(None)
        }
        Live::Own(vault) => {
            let opened = unnoted(run, vault, Ask::Person)?;
            if opened.is_none() {
                run.tell(&format!(
                    "the vault of this bundle is on this machine ({shown}) and was not opened: nothing was given that \
                     opens it; the drill goes on without it"
                ));
            }
            Ok(opened)
        }
        Live::Other(vault) => {
            // Whether it has to do with the bundle is not known: a failure to open it is none of the drill.
            let opened = unnoted(run, vault, Ask::Nobody).unwrap_or_else(|failure| {
                run.tell(&format!("lifeboat: the drill goes on without the vault {shown}: {failure}"));
                None
            });
            let is_of = opened.filter(|session| running.is_of(session));
            if is_of.is_none() {
                run.tell(&format!(
                    "the vault on this machine ({shown}) is not known to be the one of this bundle"
                ));
            }
            Ok(is_of)
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Ask {
    Nobody,
    Person,
}

/// Opens a vault with a kept key or with what is given; `None` where nothing is.
fn unnoted(run: &mut Run<'_, '_>, vault: SealedVault, ask: Ask) -> Result<Option<Session>, Failure> {
    let is_given = credentials::is_given(run.global);
    if !is_given && let Some(Found::Key(key)) = run.ctx.kept.as_ref().map(|look| &look.found) {
        match unlock::unlock_kept_unnoted(run.ctx, vault, key) {
            Ok(session) => return Ok(Some(session)),
            Err(failure) if failure.kind == Kind::NoCredential => {}
            Err(failure) => return Err(failure),
        }
        return match ask {
            Ask::Person => unnoted_by_person(run, unlock::look(run.ctx)?),
            Ask::Nobody => Ok(None),
        };
    }
    let global = run.global;
    let has_passphrase = global.passphrase_fd.is_some() || global.passphrase_file.is_some();
    let is_enough = has_passphrase || (global.key_file.is_some() && vault.opens_with_key_file_alone());
    match ask {
        Ask::Nobody if !is_enough => Ok(None),
        Ask::Nobody | Ask::Person => unnoted_by_person(run, vault),
    }
}

fn unnoted_by_person(run: &mut Run<'_, '_>, vault: SealedVault) -> Result<Option<Session>, Failure> {
    if !credentials::is_given(run.global) && !run.global.no_input {
        run.tell("the vault of this bundle is on this machine; opened, the drill compares the two (empty: it goes on without)");
    }
    let credentials = match credentials::for_vault(run.global, run.ctx, run.io, &vault) {
        Ok(credentials) => credentials,
        Err(failure) if failure.kind == Kind::NoCredential && !credentials::is_given(run.global) => {
            return Ok(None);
        }
        Err(failure) => return Err(failure),
    };
    let cost = vault.cost();
    let Run { global, ctx, io } = run;
    credentials::working(global, io, credentials.passphrase.is_some(), "Opening the vault", &cost, || {
        unlock::unlock_unnoted(ctx, vault, &credentials)
    })
    .map(Some)
}

/// Whether a question that may as well be left can be put to somebody.
fn somebody_is_there(run: &Run<'_, '_>) -> bool {
    let global = run.global;
    !global.no_input && !global.yes && !global.json && run.io.err_is_terminal
}

/// Compares the clock with a code that the live vault or another device shows, where somebody has one at hand.
fn ask_clock(run: &mut Run<'_, '_>, running: &mut Running) -> Result<(), Failure> {
    let Some(entry) = running.clock_entry().filter(|_| somebody_is_there(run)) else { return Ok(()) };
    let mut prompt = format!(
        "Type the code that the live vault or another device shows now for {} (empty: the clock is not tested): ",
        entry.title
    );
    for attempt in 1..=ATTEMPTS {
        let answer = match run.io.person.ask(&prompt, false) {
            Ok(answer) => answer,
            Err(NoAnswer::Interrupted) => return Err(ask::interrupted()),
            Err(NoAnswer::NoTerminal(_)) => return Ok(()),
        };
        if answer.expose().trim().is_empty() {
            return Ok(());
        }
        match running.compare_clock(run.ctx, entry.id, answer.expose().trim()) {
            Ok(offset) => {
                run.tell(&offset.to_string());
                return Ok(());
            }
            Err(failure) if attempt < ATTEMPTS => {
                prompt =
                    format!("{failure}. Type the one that is shown now (empty: the clock is not tested): ");
            }
            Err(_) => running.code_fits_nowhere(entry.id),
        }
    }
    Ok(())
}

/// Takes an attestation. Where somebody is there, the code to sign in with is shown first, and the flag alone counts
/// for nothing.
fn attest(
    run: &mut Run<'_, '_>,
    running: &mut Running,
    live: Option<&Session>,
    attestation: &Attestation,
) -> Result<(), Failure> {
    let entry = running.find(&attestation.query)?;
    if !somebody_is_there(run) {
        return running.attest(entry.id, &attestation.reference);
    }
    let wants = asked(run, &format!("Show the code of {} to sign in with? [Y/n] ", entry.title))?;
    if !matches!(wants.as_str(), "n" | "no") {
        show_code(run, running, live, entry.id)?;
    }
    let accepted =
        asked(run, &format!("Did the service accept the code of {}? [y/n, empty: not tried] ", entry.title))?;
    match accepted.as_str() {
        "y" | "yes" => running.attest(entry.id, &attestation.reference),
        "n" | "no" => {
            running.not_accepted(entry.id);
            Ok(())
        }
        _ => Ok(()),
    }
}

fn show_code(
    run: &mut Run<'_, '_>,
    running: &mut Running,
    live: Option<&Session>,
    id: EntryId,
) -> Result<(), Failure> {
    if let Some(why) = running.reason_asked(run.ctx, live, id) {
        let head =
            format!("{} is privileged. Why is its code shown? The log keeps the reason.\n", why.names());
        ask::because(run.global, run.ctx, run.io, &why, head, |not_taken| why.refused(not_taken))?;
    }
    let code = running.code(run.ctx, id)?;
    let mut line = SecretText::with_capacity(120);
    line.expose_mut().push_str("    ");
    line.expose_mut().push_str(code.code.expose());
    line.expose_mut().push_str(&code.seconds_left.map_or_else(
        || "    (of a counter: the service moves on by it, the bundle and the vault do not)\n".to_owned(),
        |seconds| format!("    {seconds} s left\n"),
    ));
    run.io.person.show(line.expose()).map_err(|error| {
        Failure::new(Kind::NoCredential, "there is no terminal to show a code at").because(error)
    })
}

/// The answer to a question, trimmed and in lower case.
fn asked(run: &mut Run<'_, '_>, question: &str) -> Result<String, Failure> {
    match run.io.person.ask(question, false) {
        Ok(answer) => Ok(answer.expose().trim().to_lowercase()),
        Err(NoAnswer::Interrupted) => Err(ask::interrupted()),
        Err(NoAnswer::NoTerminal(_)) => Ok(String::new()),
    }
}
