//! What is due in the vault, what the machine is like, and completions for the shell.

use serde_json::json;

use super::super::args::Doctor;
use super::super::render::{self, fields};
use super::super::time;
use super::Run;
use crate::app::clock;
use crate::app::doctor::{self, Surroundings, Verdict};
use crate::app::find::find;
use crate::app::protection;
use crate::app::status::{self, NamedEntry};
use crate::app::{Context, Exit, Failure, keyring, settings};
use crate::platform::sandbox::{Action, Landlock, Protection, Seccomp};
use crate::recovery::rehearsal::{Rehearsal, Standing};

pub(super) fn status(run: &mut Run<'_, '_>, check: bool) -> Result<Exit, Failure> {
    let session = run.open()?;
    let status = status::status(run.ctx, &session);
    let named = |entries: &[NamedEntry]| {
        json!(
            entries
                .iter()
                .map(|entry| json!({ "id": entry.id.to_string(), "name": entry.title }))
                .collect::<Vec<_>>()
        )
    };
    let json = fields([
        ("vault", json!(status.path)),
        ("generation", json!(status.generation)),
        ("entries", json!(status.n_entries)),
        ("privileged", json!(status.n_privileged)),
        ("trash", json!(status.n_trash)),
        ("previous_generations", json!(status.n_previous)),
        ("never_proven", named(&status.never_proven)),
        ("proof_aged", named(&status.proof_aged)),
        ("short_seeds", named(&status.short_seeds)),
        ("sealed", named(&status.sealed)),
        ("known_before", named(&status.known_before)),
        ("recovery_codes_spent", named(&status.recovery_codes_spent)),
        ("set_aside", json!(status.quarantined)),
        ("kept_until", json!(status.kept_until)),
        ("shares_due", json!(status.shares_due)),
        ("passphrase", status.passphrase.as_ref().map_or(serde_json::Value::Null, standing_json)),
        ("rehearsed", json!(status.rehearsed.iter().map(rehearsal_json).collect::<Vec<_>>())),
        (
            "drills_due",
            json!(status.drills_due.iter().map(|bundle| bundle.name.as_str()).collect::<Vec<_>>()),
        ),
        ("due", json!(status.due)),
    ]);
    let mut text = render::table(&[
        ("vault", format!("{}, generation {}", status.path, status.generation)),
        (
            "entries",
            format!(
                "{}, {} privileged, {} in the trash",
                status.n_entries, status.n_privileged, status.n_trash
            ),
        ),
        ("previous", status::count(status.n_previous, "generation kept", "generations kept")),
        (
            "bundle",
            status.newest_bundle.as_ref().map_or_else(
                || "none of all entries".to_owned(),
                |listed| format!("{}, {}", time::day(listed.record.created), listed.changes()),
            ),
        ),
    ]);
    if let Some(until) = status.kept_until {
        let left = keyring::in_words(until.saturating_sub(run.ctx.clock.now()));
        let words = format!("for {left} by its key in the kernel's keyring; `lifeboat lock` drops it");
        text.push_str(&render::table(&[("unlocked", words)]));
    }
    for (heading, entries) in [
        ("never proven", &status.never_proven),
        ("proof aged", &status.proof_aged),
        ("short seed", &status.short_seeds),
        ("sealed", &status.sealed),
        ("known before", &status.known_before),
        ("codes spent", &status.recovery_codes_spent),
    ] {
        for entry in entries {
            text.push_str(&render::table(&[(heading, entry.title.clone())]));
        }
    }
    if let Some(standing) = status.passphrase {
        let last = standing.recalled.map_or_else(
            || "never typed from memory".to_owned(),
            |at| format!("last typed from memory on {}", time::day(at)),
        );
        let words = format!("{last}; the next time on {}", time::day(standing.due()));
        text.push_str(&render::table(&[("passphrase", words)]));
    }
    for rehearsal in &status.rehearsed {
        text.push_str(&render::table(&[("rehearsed", status::rehearsed_in_words(&session, rehearsal))]));
    }
    for (title, reason) in &status.quarantined {
        text.push_str(&render::table(&[("set aside", format!("{title}: {reason}"))]));
    }
    for due in &status.due {
        text.push_str(&render::table(&[("DUE", due.clone())]));
    }
    if status.due.is_empty() {
        text.push_str("nothing is due\n");
    }
    run.result("status", &json, &text)?;
    Ok(if check && !status.due.is_empty() { Exit::CheckFailed } else { Exit::Done })
}

/// How it stands with the vault's passphrase, for scripts.
fn standing_json(standing: &Standing) -> serde_json::Value {
    json!({
        "since": standing.since,
        "recalled": standing.recalled,
        "failed": standing.failed,
        "in_a_row": standing.n_in_a_row,
        "interval_days": standing.interval_days(),
        "due": standing.due(),
    })
}

/// A rehearsal of a bundle or a share, for scripts.
fn rehearsal_json(rehearsal: &Rehearsal) -> serde_json::Value {
    let mut fields: serde_json::Map<String, serde_json::Value> =
        rehearsal.facts().into_iter().map(|(name, value)| (name.replace(' ', "_"), json!(value))).collect();
    fields.insert("at".to_owned(), json!(rehearsal.at));
    json!(fields)
}

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
