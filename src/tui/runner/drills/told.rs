//! What is known of drills, in words.

use crate::app::clock::signed;
use crate::app::drill::{
    self, BundleDue, LoggedDrill, OpenedWith, Outcome, Recorded, ReportedEntry, Running, Standing,
};
use crate::app::failure::shown_path;
use crate::app::status::count;
use crate::app::time::{self, day};
use crate::app::{Context, Failure, Session};
use crate::entry::UnixSeconds;
use crate::entry::label::shown;
use crate::recovery::due::{LevelDue, Why};
use crate::recovery::{Drill, Level, Verdict};
use crate::tui::model::{Done, DrillRow, DrillsKnown, DueRow, LevelCell};
use crate::vault::Vault;

use super::super::bundles::overdue;

type Facts = Vec<(&'static str, String)>;

/// What is due, and what was drilled.
pub(super) fn known(ctx: &Context, session: &Session) -> Result<DrillsKnown, Failure> {
    let now = ctx.clock.now();
    let mut bundles = drill::due(ctx, session)?;
    // Those that are due stand first, and those that are never due last; else the newest first, as they came.
    bundles.sort_by_key(|bundle| (bundle.due(now).next().is_none(), bundle.levels.is_empty()));
    let mut history = drill::history(ctx, session)?;
    history.reverse();
    Ok(DrillsKnown {
        due: bundles.iter().filter_map(|bundle| due_line(bundle, now)).collect(),
        bundles: bundles.iter().map(|bundle| due_row(bundle, now)).collect(),
        history: history.iter().map(|logged| drill_row(session.vault(), logged)).collect(),
    })
}

/// The levels of a bundle that are due, since when, and why.
fn due_line(bundle: &BundleDue, now: UnixSeconds) -> Option<String> {
    let first = bundle.due(now).next()?;
    let levels: Vec<&str> = bundle.due(now).map(|due| due.level.name()).collect();
    Some(format!("{} of {}: DUE since {}: {}", levels.join(", "), bundle.name, day(first.next), why(first)))
}

fn why(level: &LevelDue) -> String {
    match &level.why {
        // It is due since then: the day stands there.
        Why::Changed(change) => change.what.to_owned(),
        Why::Interval => "the last drill counts until then".to_owned(),
        Why::Never if level.level == Level::Opens => "no person has opened it in a drill yet".to_owned(),
        Why::Never => "not reached yet".to_owned(),
    }
}

fn standing_in_words(standing: &Standing) -> String {
    match standing {
        Standing::Current => "it is the newest of its kind".to_owned(),
        Standing::OfReplacedSet(set) => {
            format!("never due: it opens with the cards of {set}, which was replaced")
        }
        Standing::Replaced { by, made } => format!("never due: replaced by {by} of {}", day(*made)),
    }
}

fn due_row(bundle: &BundleDue, now: UnixSeconds) -> DueRow {
    let standing = standing_in_words(&bundle.standing);
    let mut facts: Facts =
        bundle.levels.iter().map(|level| (level.level.name(), in_words(level, now))).collect();
    facts.push(("made", day(bundle.created)));
    facts.push(("file", bundle.path.shown()));
    if bundle.levels.is_empty() {
        facts.push(("due", standing.clone()));
    }
    DueRow {
        name: bundle.name.clone(),
        path: bundle.path.raw().to_owned(),
        levels: bundle
            .levels
            .iter()
            .map(|level| LevelCell { day: day(level.next), is_due: level.is_due(now) })
            .collect(),
        standing,
        facts,
    }
}

fn in_words(level: &LevelDue, now: UnixSeconds) -> String {
    let last = level.last.map_or_else(|| "never".to_owned(), day);
    let next = if level.is_due(now) { "DUE since" } else { "next" };
    format!("{}: last {last}, {next} {}: {}", level.level.in_words(), day(level.next), why(level))
}

fn drill_row(vault: &Vault, logged: &LoggedDrill) -> DrillRow {
    let drill = &logged.drill;
    let bundle = drill::bundle_name(vault, &drill.bundle);
    let mut facts: Facts = vec![
        ("level", format!("{}: {}", drill.level, drill.level.in_words())),
        ("when", time::shown(drill.at)),
        ("by", format!("{} on {}", shown(&drill.user), shown(&drill.host))),
        (
            "where",
            if drill.beside_vault { "beside the vault" } else { "elsewhere; its report was brought home" }
                .to_owned(),
        ),
    ];
    facts.extend(opened_in_words(&drill.opened_with, drill.typed).map(|words| ("opened with", words)));
    facts.extend(found_facts(vault, drill));
    facts.extend(drill.attested.iter().map(|attested| {
        let title = vault.entry(attested.entry).map(crate::entry::Entry::title);
        let title = title.unwrap_or_else(|| attested.entry.to_string());
        ("attested", format!("{title}: {}", shown(&attested.reference)))
    }));
    facts.extend(times(drill.first_code_millis, drill.total_millis));
    if let Some(sha256) = &drill.report {
        facts.push(("report", format!("SHA-256 {}", shown(sha256))));
    }
    facts.push(("record", format!("{}, of {}", logged.number, time::shown(logged.logged))));
    DrillRow {
        day: day(drill.at),
        level: drill.level.name(),
        found: found_in_words(drill),
        has_findings: drill.has_findings(),
        bundle,
        facts,
    }
}

/// What was found, each verdict with the entries that the vault still knows by name.
fn found_facts(vault: &Vault, drill: &Drill) -> Facts {
    let mut facts: Facts = Vec::new();
    for found in drill.found.iter().filter(|found| found.count > 0) {
        let names: Vec<String> = found
            .entries
            .iter()
            .map(|id| vault.entry(*id).map_or_else(|| id.to_string(), crate::entry::Entry::title))
            .collect();
        let names = if names.is_empty() { String::new() } else { format!(": {}", names.join(", ")) };
        let name = if found.verdict.is_finding() { "found" } else { "" };
        facts.push((name, format!("{} {}{names}", found.count, found.verdict.name())));
    }
    facts.extend(drill.clock_off.map(|off| ("found", format!("clock off {}", signed(off)))));
    facts
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

fn opened_in_words(with: &str, typed: bool) -> Option<String> {
    let words = if typed { "typed" } else { "not typed by anybody" };
    (!with.is_empty()).then(|| format!("{}, {words}", shown(with)))
}

fn seconds(millis: u64) -> String {
    format!("{}.{} s", millis / 1000, millis % 1000 / 100)
}

fn times(first_code: Option<u64>, total: u64) -> Facts {
    let first = first_code.map(|millis| ("first code", format!("after {}", seconds(millis))));
    first.into_iter().chain([("total", seconds(total))]).collect()
}

fn n(entries: &[ReportedEntry], verdict: Verdict) -> usize {
    entries.iter().filter(|entry| entry.verdict == verdict).count()
}

fn finding_lines(entries: &[ReportedEntry]) -> Vec<String> {
    let mut found: Vec<&ReportedEntry> = entries.iter().filter(|entry| entry.verdict.is_finding()).collect();
    found.sort_by_key(|entry| entry.verdict);
    let line = |entry: &ReportedEntry| {
        let detail =
            if entry.detail.is_empty() { String::new() } else { format!(": {}", shown(&entry.detail)) };
        format!("{}  {}{detail}", entry.verdict.name().to_uppercase(), shown(&entry.title))
    };
    found.into_iter().map(line).collect()
}

fn same_facts(entries: &[ReportedEntry], is_compared: bool) -> Facts {
    let mut facts: Facts = Vec::new();
    if is_compared {
        facts.push(("same", count(n(entries, Verdict::Same), "entry", "entries")));
    }
    if is_compared && n(entries, Verdict::NotCompared) > 0 {
        facts.push(("left out", count(n(entries, Verdict::NotCompared), "entry", "entries")));
    }
    facts
}

/// What the comparison with the open vault has found.
pub(super) fn compared(
    ctx: &Context,
    running: &Running,
    with: &OpenedWith,
    is_of: bool,
    entries: &[ReportedEntry],
) -> Done {
    let mut warnings = finding_lines(entries);
    let n_findings = warnings.len();
    let what = if !is_of {
        "It opens (L1). It is of another vault, and was compared with nothing.".to_owned()
    } else if n_findings > 0 {
        let words = count(n_findings, "finding keeps", "findings keep");
        format!("It opens (L1). It was compared with this vault: {words} it from L2.")
    } else {
        format!(
            "It opens (L1), and every seed is this vault's (L2): {}.",
            count(running.n_entries(), "entry", "entries")
        )
    };
    warnings.extend(running.overdue(ctx).map(overdue));
    let mut facts: Facts =
        opened_in_words(&with.words, with.typed).map(|words| ("opened with", words)).into_iter().collect();
    facts.extend(same_facts(entries, is_of));
    let next = vec!["Enter goes on to the clock.".to_owned()];
    Done { name: "", what, warnings, facts, next, offset: 0 }
}

/// Facts that a drill's report and one that is brought home share.
fn report_facts(report: &drill::DrillReport, is_compared: bool) -> Facts {
    let label = if report.bundle.label.is_empty() {
        String::new()
    } else {
        format!(", {}", shown(&report.bundle.label))
    };
    let mut facts: Facts = vec![(
        "bundle",
        format!(
            "made {}{label}, {}",
            day(report.bundle.created),
            data_encoding::HEXLOWER.encode(&report.bundle.id)
        ),
    )];
    facts.extend(opened_in_words(&report.opened_with, report.typed).map(|words| ("opened with", words)));
    facts.extend(same_facts(&report.entries, is_compared));
    let with = shown(&report.clock.compared_with);
    facts.push((
        "clock",
        match report.clock.off_seconds {
            Some(off) => format!("OFF by {}, compared with {with}", signed(off)),
            None if with.is_empty() => "not compared".to_owned(),
            None if report.beside_vault && report.clock.compared_with == drill::SAME_CLOCK => {
                format!("{with}: no test of another machine's clock")
            }
            None => format!("right, compared with {with}"),
        },
    ));
    facts.extend(report.attested.iter().map(|attested| {
        let entry = report.entries.iter().find(|entry| entry.id == Some(attested.entry));
        let title = entry.map(|entry| shown(&entry.title)).unwrap_or_default();
        ("attested", format!("{title}: {}", shown(&attested.reference)))
    }));
    facts.extend(times(report.first_code_millis, report.total_millis));
    facts.extend(
        report.not_tested.iter().map(|not| ("not tested", format!("{}: {}", not.level, shown(&not.what)))),
    );
    facts
}

fn clock_warning(report: &drill::DrillReport) -> Option<String> {
    let off = report.clock.off_seconds?;
    let way = if off < 0 { "behind" } else { "ahead" };
    Some(format!("CLOCK OFF  {} ({way})", signed(off)))
}

/// A drill that has just ended.
pub(super) fn told_ended(outcome: &Outcome) -> Done {
    let report = &outcome.report;
    let mut warnings = finding_lines(&report.entries);
    warnings.extend(clock_warning(report));
    let n_findings = warnings.len();
    let kept = if report.level == Level::Opens && n_findings > 0 {
        format!(" {} it from L2.", count(n_findings, "finding keeps", "findings keep"))
    } else {
        String::new()
    };
    let what = format!("The drill has reached {}: {}.{kept}", report.level, report.level.in_words());
    let mut facts = report_facts(report, report.beside_vault);
    if let Some(written) = &outcome.written {
        facts.push(("report", shown_path(&written.path)));
        facts.push(("sha256", data_encoding::HEXLOWER.encode(&written.sha256)));
        let key =
            if written.by_vault { "the vault's key" } else { "a key made for this drill alone: note it" };
        facts.push(("signed by", format!("{}, {key}", written.signed_by)));
    }
    warnings.extend(outcome.not_written.as_ref().map(|failure| {
        let causes = failure.causes().join(": ");
        let because = if causes.is_empty() { String::new() } else { format!(": {causes}") };
        format!("the report was not written: {}{because}", failure.what)
    }));
    let next = if outcome.logged {
        "The log has a record of it; nothing else was changed."
    } else if report.beside_vault {
        warnings.push("the log has no record of it".to_owned());
        "Nothing else was changed."
    } else if outcome.written.is_some() {
        "It is of another vault: this one's log has no record of it. At its own vault, b in the drills brings the report home."
    } else {
        "It is of another vault: this one's log has no record of it, and nothing was written."
    };
    Done { name: "Drill", what, warnings, facts, next: vec![next.to_owned()], offset: 0 }
}

/// A drill that could not be ended. It is over all the same: what it had opened is gone.
pub(super) fn told_not_ended(failure: &Failure) -> Done {
    Done {
        name: "Drill",
        what: "The drill could not be ended; nothing was written.".to_owned(),
        warnings: std::iter::once(failure.what.clone()).chain(failure.causes()).collect(),
        facts: Vec::new(),
        next: vec!["Run it once more: r in the drills.".to_owned()],
        offset: 0,
    }
}

/// A report that was brought home.
pub(super) fn told_recorded(recorded: &Recorded) -> Done {
    let report = &recorded.report;
    let mut warnings = finding_lines(&report.entries);
    warnings.extend(clock_warning(report));
    warnings.extend(recorded.remarks.iter().map(|remark| format!("NOT BELIEVED  {remark}")));
    // What no proof has shown is a claim.
    let claim = if n(&report.entries, Verdict::Same) > 0 { "" } else { ", as the report says" };
    let believed = if report.level < recorded.said {
        format!(" The report says {}.", recorded.said)
    } else {
        String::new()
    };
    let what = format!(
        "The drill of {} reached {}: {}{claim}.{believed}",
        recorded.bundle,
        report.level,
        report.level.in_words()
    );
    let mut facts: Facts = vec![(
        "drilled",
        format!("{} by {} on {}", time::shown(report.began), shown(&report.user), shown(&report.host)),
    )];
    facts.extend(report_facts(report, report.level >= Level::Opens));
    facts.push(("sha256", data_encoding::HEXLOWER.encode(&recorded.sha256)));
    let key = if recorded.by_vault {
        "this vault's key"
    } else {
        "a key of that drill: compare it with what was noted there"
    };
    facts.push(("signed by", format!("{}, {key}", recorded.signed_by)));
    let next = if recorded.again {
        "The log has this report already; nothing was written."
    } else if recorded.logged {
        "The log has a record of it; the vault is as it was before."
    } else {
        warnings.push("the log has no record of it".to_owned());
        "Nothing else was changed."
    };
    Done { name: "Report", what, warnings, facts, next: vec![next.to_owned()], offset: 0 }
}
