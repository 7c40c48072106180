//! One screen of what there is to see to.

use serde_json::{Map, Value, json};

use super::super::render::fields;
use super::super::time;
use super::super::{io, render};
use super::Run;
use super::exception::exception_json;
use crate::app::exception::Standing as ExceptionStanding;
use crate::app::status::{self, Group, Line, NamedEntry, OpenIncident, OpenPass, Status, count, cut_names};
use crate::app::{Exit, Failure, Session, keyring};
use crate::recovery::rehearsal::{Rehearsal, Standing};

/// Most rehearsals, and most entries that were set aside, that have a line of their own.
const MOST_LISTED: usize = 3;

pub(super) fn status(run: &mut Run<'_, '_>, check: bool) -> Result<Exit, Failure> {
    let session = run.open()?;
    let status = status::status(run.ctx, &session);
    let now = run.ctx.clock.now();
    let columns = run.io.out_is_terminal.then_some(run.io.columns);
    let color = io::colored(run.global.color, run.io.out_is_terminal);
    let mut text: String = facts(&session, &status, now)
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

/// What is known of the vault, a line each.
fn facts(session: &Session, status: &Status, now: u64) -> Vec<(&'static str, String)> {
    let bundle = status.newest_bundle.as_ref().map_or_else(
        || "none of all entries".to_owned(),
        |listed| format!("{}, {}", time::day(listed.record.created), listed.changes()),
    );
    let mut facts = vec![
        ("vault", format!("{}, generation {}", status.path, status.generation)),
        (
            "entries",
            format!(
                "{}, {} privileged, {} in the trash",
                status.n_entries, status.n_privileged, status.n_trash
            ),
        ),
        ("previous", count(status.n_previous, "generation kept", "generations kept")),
        ("bundle", bundle),
    ];
    if let Some(until) = status.kept_until {
        let left = keyring::in_words(until.saturating_sub(now));
        let words = format!("for {left} by its key in the kernel's keyring; `lifeboat lock` drops it");
        facts.push(("unlocked", words));
    }
    for (heading, entries) in [
        ("short seed", &status.short_seeds),
        ("sealed", &status.sealed),
        ("known before", &status.known_before),
    ] {
        if !entries.is_empty() {
            let titles: Vec<String> = entries.iter().map(|entry| entry.title.clone()).collect();
            facts.push((heading, cut_names(&titles)));
        }
    }
    let holding = status.exceptions.iter().filter(|listed| listed.standing != ExceptionStanding::Past);
    let holding: Vec<u64> = holding.map(|listed| listed.exception.until).collect();
    if let Some(next) = holding.first() {
        let n = count(holding.len(), "holds", "hold");
        facts.push((
            "exceptions",
            format!("{n}, the next end is on {}: `lifeboat exception list`", time::day(*next)),
        ));
    }
    if let Some(standing) = status.passphrase {
        let last = standing.recalled.map_or_else(
            || "never typed from memory".to_owned(),
            |at| format!("last typed from memory on {}", time::day(at)),
        );
        facts.push(("passphrase", format!("{last}; the next time on {}", time::day(standing.due()))));
    }
    let rehearsed = status.rehearsed.iter().map(|rehearsal| status::rehearsed_in_words(session, rehearsal));
    let set_aside = status.quarantined.iter().map(|(title, reason)| format!("{title}: {reason}"));
    facts.extend(listed("rehearsed", rehearsed.collect()));
    facts.extend(listed("set aside", set_aside.collect()));
    facts
}

/// The first few of a list, a line each, and how many more there are.
fn listed(heading: &'static str, words: Vec<String>) -> Vec<(&'static str, String)> {
    let n_more = words.len().saturating_sub(MOST_LISTED);
    let more = (n_more > 0).then(|| (heading, format!("and {n_more} more")));
    words.into_iter().take(MOST_LISTED).map(|words| (heading, words)).chain(more).collect()
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
