//! What the machine is like, and completions for the shell.

use serde_json::json;

use super::super::args::Doctor;
use super::super::render::{self, fields};
use super::super::time;
use super::Run;
use crate::app::clock;
use crate::app::doctor::{self, Surroundings, Verdict};
use crate::app::find::find;
use crate::app::protection;
use crate::app::{Context, Exit, Failure, settings};
use crate::platform::sandbox::{Action, Landlock, Protection, Seccomp};

pub(super) fn doctor(run: &mut Run<'_, '_>, args: &Doctor) -> Result<Exit, Failure> {
    if let (Some(code), Some(query)) = (&args.compare, &args.with) {
        return compare(run, code, query);
    }
    let recorders = ["TMUX", "STY", "ASCIINEMA_REC", "SCRIPT"]
        .into_iter()
        .filter(|name| std::env::var_os(name).is_some())
        .map(str::to_owned)
        .collect();
    let around = Surroundings { terminal: run.io.out_is_terminal, recorders };
    let findings = doctor::doctor(run.ctx, &around);
    let word = |verdict: Verdict| match verdict {
        Verdict::Note => "note",
        Verdict::Right => "ok",
        Verdict::Wrong => "WRONG",
    };
    let json: Vec<_> = findings
        .iter()
        .map(|finding| json!({ "what": finding.what, "verdict": word(finding.verdict).to_lowercase(), "words": finding.words }))
        .collect();
    let rows: Vec<Vec<String>> = findings
        .iter()
        .map(|finding| vec![word(finding.verdict).to_owned(), finding.what.to_owned(), finding.words.clone()])
        .collect();
    run.result(
        "doctor",
        &fields([
            ("findings", json!(json)),
            ("settings", settings_json(run.ctx)),
            ("sandbox", sandbox_json(&run.ctx.protection)),
        ]),
        &render::rows(&["", "WHAT", "HOW IT IS"], &rows, None),
    )?;
    let wrong = findings.iter().any(|finding| finding.verdict == Verdict::Wrong);
    Ok(if wrong { Exit::CheckFailed } else { Exit::Done })
}

/// Where the settings file lies and what of it is not taken, for scripts.
fn settings_json(ctx: &Context) -> serde_json::Value {
    let loaded = settings::load(ctx);
    let warnings: Vec<_> = loaded
        .warnings
        .iter()
        .map(|warning| json!({ "line": warning.line, "words": warning.words }))
        .collect();
    json!({
        "path": loaded.path.map(|path| path.to_string_lossy().into_owned()),
        "is_there": loaded.is_there,
        "warnings": warnings,
    })
}

/// What is in force, for scripts.
fn sandbox_json(protection: &Protection) -> serde_json::Value {
    let (action, refuses) = match &protection.seccomp {
        Seccomp::InForce { action: Action::Refuse, refuses } => (Some("refuse"), refuses.as_slice()),
        Seccomp::InForce { action: Action::Kill, refuses } => (Some("kill"), refuses.as_slice()),
        Seccomp::NotAsked | Seccomp::NotHere | Seccomp::Refused(_) => (None, [].as_slice()),
    };
    let abi = match &protection.landlock {
        Landlock::InForce { abi, .. } => Some(*abi),
        Landlock::Missing(_) | Landlock::NotAsked | Landlock::NotHere => None,
    };
    let rules: Vec<_> = protection::rules(&protection.landlock)
        .iter()
        .map(|rule| json!({ "rule": rule.what, "in_force": rule.in_force }))
        .collect();
    json!({
        "system": protection.system,
        "mode": protection.mode.name(),
        "complete": protection.is_complete(),
        "core_dumps_off": protection.core_dumps_off,
        "undumpable": protection.undumpable,
        "no_new_privileges": protection.no_new_privileges,
        "seccomp": { "in_force": action.is_some(), "action": action, "refuses": refuses },
        "landlock": { "in_force": abi.is_some(), "abi": abi, "rules": rules },
    })
}

fn compare(run: &mut Run<'_, '_>, code: &str, query: &str) -> Result<Exit, Failure> {
    let mut session = run.open()?;
    let id = find(&session, query)?;
    let offset = clock::compare(run.ctx, &mut session, id, code)?;
    run.tell_notices(&mut session);
    let json = fields([("steps", json!(offset.steps)), ("seconds", json!(offset.seconds()))]);
    run.result("doctor", &json, &format!("{offset}\n"))?;
    if offset.steps == 0 {
        return Ok(Exit::Done);
    }
    let right = time::shown(run.ctx.clock.now().saturating_add_signed(offset.seconds()));
    run.tell(&format!(
        "next: set the clock right; a code for the right time meanwhile: lifeboat code NAME --at {right}"
    ));
    run.tell("      or in the terminal interface: T corrects the clock for that run");
    Ok(Exit::CheckFailed)
}

pub(super) fn completions(run: &mut Run<'_, '_>, shell: clap_complete::Shell) -> Result<Exit, Failure> {
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut super::super::command(), "lifeboat", &mut script);
    run.io.print(&String::from_utf8_lossy(&script))?;
    Ok(Exit::Done)
}
