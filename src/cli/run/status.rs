//! One screen of what there is to see to.

use serde_json::{Map, Value, json};

use super::super::render::fields;
use super::super::{io, render};
use super::Run;
use super::exception::exception_json;
use crate::app::status::{self, Group, Line, NamedEntry, OpenIncident, OpenPass, Status, cut_names};
use crate::app::{Exit, Failure};
use crate::recovery::rehearsal::{Rehearsal, Standing};

pub(super) fn status(run: &mut Run<'_, '_>, check: bool) -> Result<Exit, Failure> {
    let session = run.open()?;
    let status = status::status(run.ctx, &session);
    let now = run.ctx.clock.now();
    let columns = run.io.out_is_terminal.then_some(run.io.columns);
    let color = io::colored(run.global.color, run.io.out_is_terminal);
    let mut text: String = status::facts(&session, &status, now)
        .iter()
        .map(|(name, words)| render::wrapped(name, words, columns, None))
        .collect();
    if !status.lines.is_empty() {
        text.push('\n');
    }
    let mut last = None;
    for line in &status.lines {
        let heading = if last == Some(line.group) { String::new() } else { line.group.name().to_uppercase() };
        last = Some(line.group);
        text.push_str(&render::wrapped(&heading, &line.in_words(), columns, color.then(|| colour_of(line))));
        if !line.names.is_empty() {
            text.push_str(&render::wrapped("", &format!("  {}", cut_names(&line.names)), columns, None));
        }
    }
    if status.due.is_empty() {
        text.push_str("nothing is due\n");
    }
    run.result("status", &document(&status, now), &text)?;
    Ok(if check && !status.due.is_empty() { Exit::CheckFailed } else { Exit::Done })
}

/// Red is what counts, yellow what is told in time. The words say the same without either.
const fn colour_of(line: &Line) -> &'static str {
    if line.counts { "\x1b[1;31m" } else { "\x1b[1;33m" }
}

fn document(status: &Status, now: u64) -> Map<String, Value> {
    let named = |entries: &[NamedEntry]| -> Value {
        entries.iter().map(|entry| json!({ "id": entry.id.to_string(), "name": entry.title })).collect()
    };
    let exceptions =
        status.exceptions.iter().map(|one| exception_json(&one.exception, &one.name, one.standing));
    let plan = status.plan.as_ref().map(|plan| {
        let points = plan.single_points.iter().map(|point| {
            json!({ "name": point.name, "accounts": point.n_accounts, "privileged": point.n_privileged })
        });
        json!({
            "unreachable_now": plan.unreachable,
            "single_points": points.collect::<Vec<_>>(),
            "circles": plan.circles,
        })
    });
    let reviews = status.reviews_expiring.iter().map(|listed| {
        json!({ "path": listed.record.path.raw(), "label": listed.record.label.raw(), "review": listed.record.review })
    });
    fields([
        ("vault", json!(status.path)),
        ("generation", json!(status.generation)),
        ("entries", json!(status.n_entries)),
        ("privileged", json!(status.n_privileged)),
        ("trash", json!(status.n_trash)),
        ("previous_generations", json!(status.n_previous)),
        ("never_proven", named(&status.never_proven)),
        ("proof_aged", named(&status.proof_aged)),
        ("copies_without_end", named(&status.copies_without_end)),
        ("short_seeds", named(&status.short_seeds)),
        ("sealed", named(&status.sealed)),
        ("known_before", named(&status.known_before)),
        ("recovery_codes_spent", named(&status.recovery_codes_spent)),
        ("set_aside", json!(status.quarantined)),
        ("not_understood", json!(status.n_not_understood)),
        ("kept_until", json!(status.kept_until)),
        ("shares_due", json!(status.shares_due)),
        ("reviews_expiring", reviews.collect()),
        ("passphrase", status.passphrase.as_ref().map_or(Value::Null, standing_json)),
        ("rehearsed", status.rehearsed.iter().map(rehearsal_json).collect()),
        ("drills_due", status.drills_due.iter().map(|bundle| bundle.name.as_str()).collect()),
        ("exceptions", exceptions.map(Value::Object).collect()),
        ("incidents", status.incidents.iter().map(|incident| incident_json(incident, now)).collect()),
        ("passes", status.passes.iter().map(pass_json).collect()),
        ("plan", plan.unwrap_or(Value::Null)),
        ("groups", groups_json(&status.lines)),
        ("due", json!(status.due)),
    ])
}

/// The lines of each group; one that has none is an empty list.
fn groups_json(lines: &[Line]) -> Value {
    let of_group = |group: Group| {
        let lines = lines.iter().filter(|line| line.group == group).map(|line| {
            json!({ "what": line.what, "next": line.next, "names": line.names, "counts": line.counts })
        });
        (group.name().to_owned(), lines.collect::<Value>())
    };
    Value::Object(Group::ALL.into_iter().map(of_group).collect())
}

fn incident_json(incident: &OpenIncident, now: u64) -> Value {
    json!({
        "id": incident.id.to_string(),
        "kind": incident.kind.name(),
        "subject": incident.subject,
        "opened": incident.opened,
        "until": incident.until,
        "running": incident.is_running(now),
        "tasks": incident.n_tasks,
        "left": incident.n_left,
    })
}

fn pass_json(pass: &OpenPass) -> Value {
    json!({
        "id": pass.id.to_string(),
        "entry": pass.entry.to_string(),
        "name": pass.name,
        "to": pass.to,
        "from": pass.from,
        "until": pass.until,
        "live": pass.is_live,
    })
}

/// How it stands with the vault's passphrase, for scripts.
fn standing_json(standing: &Standing) -> Value {
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
fn rehearsal_json(rehearsal: &Rehearsal) -> Value {
    let mut fields: Map<String, Value> =
        rehearsal.facts().into_iter().map(|(name, value)| (name.replace(' ', "_"), json!(value))).collect();
    fields.insert("at".to_owned(), json!(rehearsal.at));
    json!(fields)
}
