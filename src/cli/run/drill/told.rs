//! What came of drills, as text and as JSON.

use serde_json::{Map, Value, json};

use super::super::super::render::{self, fields};
use super::super::super::time;
use super::Run;
use crate::app::clock::signed;
use crate::app::drill::{
    self, BundleDue, DrillReport, LoggedDrill, NotTested, Outcome, Recorded, ReportedEntry, Standing,
};
use crate::app::failure::shown_path;
use crate::app::status::count;
use crate::app::{Exit, Failure, Session};
use crate::entry::UnixSeconds;
use crate::entry::label::shown;
use crate::recovery::due::{LevelDue, Why};
use crate::recovery::{Drill, Level, Verdict};

/// The outcome of a drill that has just ended.
pub(super) fn outcome(run: &mut Run<'_, '_>, outcome: &Outcome, file: &str) -> Result<Exit, Failure> {
    let report = &outcome.report;
    let mut json = report_json(report);
    let written = outcome.written.as_ref();
    json.insert(
        "report".to_owned(),
        written.map_or(Value::Null, |written| {
            json!({
                "file": written.path.display().to_string(),
                "sha256": data_encoding::HEXLOWER.encode(&written.sha256),
                "signed_by": written.signed_by,
                "vault_key": written.by_vault,
            })
        }),
    );
    json.insert("logged".to_owned(), json!(outcome.logged));
    let mut lines = vec![("level", level_in_words(report))];
    lines.push(("bundle", bundle_in_words(report)));
    lines.push(("file", file.to_owned()));
    lines.extend(opened_in_words(report).map(|words| ("opened with", words)));
    lines.extend(same_in_words(&report.entries, report.beside_vault));
    let mut text = render::table(&lines);
    text.push_str(&findings(&report.entries));
    text.push_str(&render::table(&after_findings(report)));
    if let Some(written) = written {
        let key =
            if written.by_vault { "the vault's key" } else { "a key made for this drill alone: note it" };
        text.push_str(&render::table(&[
            ("report", shown_path(&written.path)),
            ("sha256", data_encoding::HEXLOWER.encode(&written.sha256)),
            ("signed by", format!("{}, {key}", written.signed_by)),
        ]));
    }
    run.result("drill", &json, &text)?;
    if outcome.logged {
        run.tell("the vault's log has a record of it; nothing else was changed");
    } else if written.is_some() && report.level >= Level::Opens && !report.beside_vault {
        run.tell("next: take the report and its signature to the vault: `lifeboat drill record FILE` there tests L2");
    } else if !report.beside_vault && report.level >= Level::Opens {
        run.tell("nothing was written; with --report FILE, `lifeboat drill record FILE` at the vault could test L2");
    }
    Ok(Exit::Done)
}

/// A report that was brought home.
pub(super) fn recorded(run: &mut Run<'_, '_>, recorded: &Recorded) -> Result<Exit, Failure> {
    let report = &recorded.report;
    let mut json = report_json(report);
    for (name, value) in fields([
        ("said_level", json!(recorded.said.name())),
        ("bundle_name", json!(recorded.bundle)),
        (
            "report",
            json!({
                "sha256": data_encoding::HEXLOWER.encode(&recorded.sha256),
                "signed_by": recorded.signed_by,
                "vault_key": recorded.by_vault,
            }),
        ),
        ("remarks", json!(recorded.remarks)),
        ("recorded_before", json!(recorded.again)),
        ("logged", json!(recorded.logged)),
    ]) {
        json.insert(name, value);
    }
    let believed = if report.level < recorded.said {
        format!(" (the report says {})", recorded.said)
    } else {
        String::new()
    };
    // What no proof has shown is a claim.
    let is_shown = report.entries.iter().any(|entry| entry.verdict == Verdict::Same);
    let claim = if is_shown { "" } else { ", as the report says" };
    let mut lines = vec![
        ("level", format!("{}{claim}{believed}", level_in_words(report))),
        ("bundle", format!("{}, made {}", recorded.bundle, time::day(report.bundle.created))),
        (
            "drilled",
            format!("{} by {} on {}", time::shown(report.began), shown(&report.user), shown(&report.host)),
        ),
    ];
    lines.extend(opened_in_words(report).map(|words| ("opened with", words)));
    lines.extend(same_in_words(&report.entries, report.level >= Level::Opens));
    let mut text = render::table(&lines);
    text.push_str(&findings(&report.entries));
    text.push_str(&render::table(&after_findings(report)));
    for remark in &recorded.remarks {
        text.push_str(&render::table(&[("NOT BELIEVED", remark.clone())]));
    }
    let key = if recorded.by_vault {
        "this vault's key"
    } else {
        "a key of that drill: compare it with what was noted there"
    };
    text.push_str(&render::table(&[("signed by", format!("{}, {key}", recorded.signed_by))]));
    run.result("drill", &json, &text)?;
    if recorded.again {
        run.tell("the log has this report already; nothing was written");
    } else if recorded.logged {
        run.tell("the vault's log has a record of it; the vault is as it was before");
    }
    Ok(Exit::Done)
}

/// The drills that the log knows.
pub(super) fn drills(
    run: &mut Run<'_, '_>,
    session: &Session,
    drills: &[LoggedDrill],
) -> Result<Exit, Failure> {
    if drills.is_empty() && !run.global.json {
        run.tell("no drill was recorded yet: `lifeboat drill run BUNDLE` rehearses a restore");
        return Ok(Exit::Done);
    }
    let vault = session.vault();
    let json: Vec<Value> = drills
        .iter()
        .map(|logged| {
            let drill = &logged.drill;
            let found = drill.found.iter().map(|found| (found.verdict.name().to_owned(), json!(found.count)));
            json!({
                "record": logged.number,
                "logged": logged.logged,
                "at": drill.at,
                "level": drill.level.name(),
                "bundle": data_encoding::HEXLOWER.encode(&drill.bundle),
                "bundle_name": drill::bundle_name(vault, &drill.bundle),
                "user": drill.user,
                "host": drill.host,
                "opened_with": drill.opened_with,
                "typed": drill.typed,
                "beside_vault": drill.beside_vault,
                "found": found.collect::<Map<_, _>>(),
                "findings": drill.has_findings(),
                "clock_off_seconds": drill.clock_off,
                "first_code_millis": drill.first_code_millis,
                "total_millis": drill.total_millis,
                "attested": drill.attested.iter().map(|attested| json!({
                    "entry": attested.entry.to_string(), "reference": attested.reference,
                })).collect::<Vec<_>>(),
                "report": drill.report,
            })
        })
        .collect();
    let rows: Vec<Vec<String>> = drills
        .iter()
        .map(|logged| {
            let drill = &logged.drill;
            vec![
                time::day(drill.at),
                drill.level.to_string(),
                found_in_words(drill),
                seconds(drill.total_millis),
                drill::bundle_name(vault, &drill.bundle),
                format!("{} on {}", shown(&drill.user), shown(&drill.host)),
                if drill.beside_vault { "beside the vault" } else { "elsewhere" }.to_owned(),
            ]
        })
        .collect();
    let text = run.rows(&["DRILLED", "LEVEL", "FOUND", "TOOK", "BUNDLE", "BY", "WHERE"], &rows);
    run.result("drill", &fields([("drills", json!(json))]), &text)
}

fn found_in_words(drill: &Drill) -> String {
    let mut parts: Vec<String> = drill
        .found
        .iter()
        .filter(|found| found.count > 0 && found.verdict.is_finding())
        .map(|found| format!("{} {}", found.count, found.verdict.name()))
        .collect();
    parts.extend(drill.clock_off.map(|off| format!("clock off {}", signed(off))));
    if parts.is_empty() { "nothing".to_owned() } else { parts.join(", ") }
}

/// When each bundle is to be drilled next.
pub(super) fn due(run: &mut Run<'_, '_>, bundles: &[BundleDue], now: UnixSeconds) -> Result<Exit, Failure> {
    if bundles.is_empty() && !run.global.json {
        run.tell("there is no bundle of this vault yet: `lifeboat bundle create -o FILE` makes one");
        return Ok(Exit::Done);
    }
    let json: Vec<Value> = bundles
        .iter()
        .map(|bundle| {
            let levels: Vec<Value> = bundle
                .levels
                .iter()
                .map(|level| {
                    json!({
                        "level": level.level.name(),
                        "last": level.last,
                        "next": level.next,
                        "due": level.is_due(now),
                        "why": why(level),
                    })
                })
                .collect();
            let standing = standing_in_words(&bundle.standing);
            json!({
                "bundle": data_encoding::HEXLOWER.encode(&bundle.id),
                "name": bundle.name,
                "file": bundle.path.raw(),
                "created": bundle.created,
                "current": bundle.standing == Standing::Current,
                "standing": standing,
                "levels": levels,
            })
        })
        .collect();
    let mut rows: Vec<Vec<String>> = Vec::new();
    for bundle in bundles {
        for level in &bundle.levels {
            let next = if level.is_due(now) {
                format!("DUE since {}", time::day(level.next))
            } else {
                time::day(level.next)
            };
            rows.push(vec![
                bundle.name.clone(),
                level.level.to_string(),
                level.last.map_or_else(|| "never".to_owned(), time::day),
                next,
                why(level),
            ]);
        }
        if bundle.levels.is_empty() {
            let standing = standing_in_words(&bundle.standing);
            rows.push(vec![bundle.name.clone(), String::new(), String::new(), String::new(), standing]);
        }
    }
    let text = run.rows(&["BUNDLE", "LEVEL", "LAST", "NEXT", "WHY"], &rows);
    let is_due = bundles.iter().any(|bundle| bundle.due(now).next().is_some());
    run.result("drill", &fields([("due", json!(is_due)), ("bundles", json!(json))]), &text)?;
    for words in bundles.iter().filter_map(|bundle| bundle.in_words(now)) {
        run.tell(&words);
    }
    Ok(Exit::Done)
}

fn why(level: &LevelDue) -> String {
    match &level.why {
        Why::Changed(change) => format!("{} on {}", change.what, time::day(change.at)),
        Why::Interval => "the last drill counts until then".to_owned(),
        Why::Never if level.level == Level::Opens => "no person has opened it in a drill yet".to_owned(),
        Why::Never => "not reached yet".to_owned(),
    }
}

fn standing_in_words(standing: &Standing) -> String {
    match standing {
        Standing::Current => "current".to_owned(),
        Standing::OfReplacedSet(set) => {
            format!("never: it opens with the cards of {set}, which was replaced")
        }
        Standing::Replaced { by, made } => format!("never: replaced by {by} of {}", time::day(*made)),
    }
}

/// The level, and what keeps it from the next one.
fn level_in_words(report: &DrillReport) -> String {
    let n_clock = usize::from(report.clock.off_seconds.is_some());
    let n = report.entries.iter().filter(|entry| entry.verdict.is_finding()).count() + n_clock;
    let words = format!("{}: {}", report.level, report.level.in_words());
    match (report.level, n) {
        (Level::Opens, 1..) => format!("{words}; {} it from L2", count(n, "finding keeps", "findings keep")),
        _ => words,
    }
}

/// The content of a report, for scripts.
pub(super) fn report_json(report: &DrillReport) -> Map<String, Value> {
    let entries: Vec<Value> = report.entries.iter().map(entry_json).collect();
    let attested: Vec<Value> = report
        .attested
        .iter()
        .map(|attested| json!({ "entry": attested.entry.to_string(), "reference": attested.reference }))
        .collect();
    fields([
        ("level", json!(report.level.name())),
        ("findings", json!(report.entries.iter().filter(|entry| entry.verdict.is_finding()).count())),
        (
            "bundle",
            json!({
                "id": data_encoding::HEXLOWER.encode(&report.bundle.id),
                "sha256": data_encoding::HEXLOWER.encode(&report.bundle.sha256),
                "label": report.bundle.label,
                "created": report.bundle.created,
                "vault": report.bundle.of.map(|(vault, _)| vault.to_string()),
                "selected": report.bundle.selected,
            }),
        ),
        ("opened_with", json!(report.opened_with)),
        ("typed", json!(report.typed)),
        ("beside_vault", json!(report.beside_vault)),
        ("began", json!(report.began)),
        ("ended", json!(report.ended)),
        ("first_code_millis", json!(report.first_code_millis)),
        ("total_millis", json!(report.total_millis)),
        ("user", json!(report.user)),
        ("host", json!(report.host)),
        (
            "clock",
            json!({
                "off_seconds": report.clock.off_seconds,
                "compared_with": report.clock.compared_with,
                "doubts": report.clock.doubts,
            }),
        ),
        ("entries", json!(entries)),
        ("attested", json!(attested)),
        ("not_tested", json!(report.not_tested.iter().map(not_tested_json).collect::<Vec<_>>())),
    ])
}

pub(super) fn entry_json(entry: &ReportedEntry) -> Value {
    json!({
        "id": entry.id.map(|id| id.to_string()),
        "title": entry.title,
        "verdict": entry.verdict.name(),
        "detail": entry.detail,
    })
}

pub(super) fn not_tested_json(not: &NotTested) -> Value {
    json!({ "level": not.level.name(), "what": not.what })
}

pub(super) fn bundle_in_words(report: &DrillReport) -> String {
    let id = data_encoding::HEXLOWER.encode(&report.bundle.id);
    let label = if report.bundle.label.is_empty() {
        String::new()
    } else {
        format!(", {}", shown(&report.bundle.label))
    };
    format!("{id}, made {}{label}", time::day(report.bundle.created))
}

/// What opened the bundle, and whether somebody typed it.
pub(super) fn opened_in_words(report: &DrillReport) -> Option<String> {
    let with = shown(&report.opened_with);
    match (report.opened_with.is_empty(), report.typed) {
        (true, _) => None,
        (false, true) => Some(format!("{with}, typed")),
        (false, false) => Some(format!("{with}: what a file held; nobody typed it")),
    }
}

/// How many entries are the same, and how many were not compared.
pub(super) fn same_in_words(entries: &[ReportedEntry], compared: bool) -> Vec<(&'static str, String)> {
    let n = |verdict: Verdict| entries.iter().filter(|entry| entry.verdict == verdict).count();
    let mut lines = Vec::new();
    if compared {
        lines.push(("same", count(n(Verdict::Same), "entry", "entries")));
    }
    if n(Verdict::NotCompared) > 0 {
        lines.push(("not compared", count(n(Verdict::NotCompared), "entry", "entries")));
    }
    lines
}

/// A line for each entry of which something was found.
pub(super) fn findings(entries: &[ReportedEntry]) -> String {
    let mut found: Vec<&ReportedEntry> = entries.iter().filter(|entry| entry.verdict.is_finding()).collect();
    found.sort_by_key(|entry| entry.verdict);
    let lines = found.iter().map(|entry| {
        let detail =
            if entry.detail.is_empty() { String::new() } else { format!(": {}", shown(&entry.detail)) };
        format!("{:<12} {}{detail}\n", entry.verdict.name().to_uppercase(), shown(&entry.title))
    });
    lines.collect()
}

fn after_findings(report: &DrillReport) -> Vec<(&'static str, String)> {
    let mut lines = vec![clock_in_words(report)];
    lines.extend(report.attested.iter().map(|attested| {
        let entry = report.entries.iter().find(|entry| entry.id == Some(attested.entry));
        let title = entry.map(|entry| shown(&entry.title)).unwrap_or_default();
        ("attested", format!("{title}: {}", shown(&attested.reference)))
    }));
    lines.extend(report.first_code_millis.map(|millis| ("first code", format!("after {}", seconds(millis)))));
    lines.push(("total", seconds(report.total_millis)));
    lines.extend(not_tested_in_words(&report.not_tested));
    lines
}

pub(super) fn clock_in_words(report: &DrillReport) -> (&'static str, String) {
    let with = shown(&report.clock.compared_with);
    match report.clock.off_seconds {
        Some(off) => {
            let way = if off < 0 { "behind" } else { "ahead" };
            ("CLOCK OFF", format!("{} ({way}), compared with {with}", signed(off)))
        }
        None if with.is_empty() => ("clock", "not compared".to_owned()),
        None if report.beside_vault && report.clock.compared_with == drill::SAME_CLOCK => {
            ("clock", format!("{with}: not a test of another machine's clock"))
        }
        None => ("clock", format!("right, compared with {with}")),
    }
}

pub(super) fn not_tested_in_words(list: &[NotTested]) -> Vec<(&'static str, String)> {
    list.iter().map(|not| ("not tested", format!("{}: {}", not.level, shown(&not.what)))).collect()
}

/// `12.3 s`
pub(super) fn seconds(millis: u64) -> String {
    format!("{}.{} s", millis / 1000, millis % 1000 / 100)
}
