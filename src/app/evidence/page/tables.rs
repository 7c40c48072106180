//! The sections of the pages, a table each, and how times, hashes and names stand in them.

use super::{Block, Cell};
use crate::entry::label;
use crate::wire::evidence_v1::{
    Account, Application, Bundle, Drill, Found, Item, LastDrill, Named, Report, ShareSet, Unproven,
};

/// Names of one finding that are written out; evidence.json has the rest.
const MOST_NAMED: usize = 10;
/// The heading of what weakens something, and has neither an owner nor an end.
const WEAKENED: &str = "What else weakens something";

pub(super) fn sections(report: &Report, blocks: &mut Vec<Block>) {
    drills(report, blocks);
    section(
        blocks,
        "Bundles",
        "No bundle was made.",
        &["Bundle", "Written to", "Made", "Entries", "Opened by", "Since then", "Review", "Last drills"],
        report.bundles.iter().map(bundle).collect(),
    );
    section(
        blocks,
        "Share sets and custodians",
        "There is no share set.",
        &["Set", "Share", "Custodian", "Typed back", "Acknowledged"],
        report.share_sets.iter().flat_map(share_set).collect(),
    );
    acknowledgements(report, blocks);
    section(
        blocks,
        "Privileged accounts",
        "No entry is marked as privileged.",
        &[
            "Account",
            "How it came here",
            "Added",
            "Proven",
            "In the newest bundle",
            "Accepted in a drill",
            "Seed",
        ],
        report.privileged.iter().map(account).collect(),
    );
    if let Some(policy) = &report.policy {
        section(
            blocks,
            "Sensitive applications",
            "The policy names none.",
            &["Application", "Entry", "Privileged", "Proven", "In the newest bundle"],
            policy.applications.iter().flat_map(application).collect(),
        );
    }
    section(
        blocks,
        "Never proven",
        "Every entry was proven.",
        &["Account", "Privileged", "Added"],
        report.never_proven.iter().map(|unproven| unproven_row(unproven, false)).collect(),
    );
    section(
        blocks,
        "Proven more than a year ago",
        "None.",
        &["Account", "Privileged", "Added", "Proven"],
        report.proven_long_ago.iter().map(|unproven| unproven_row(unproven, true)).collect(),
    );
    items(blocks, "Rehearsals", "None in the period.", &report.rehearsals);
    items(blocks, "Changes", "None in the period.", &report.changes);
    // Before there were exceptions with an end, these had the word for themselves.
    let heading = if report.exceptions_with_end.is_none() { "Exceptions" } else { WEAKENED };
    items(blocks, heading, "None.", &report.exceptions);
    policy(report, blocks);
}

/// A heading with a table, or with the words for an empty one.
pub(super) fn section(
    blocks: &mut Vec<Block>,
    heading: &'static str,
    none: &str,
    headings: &[&'static str],
    rows: Vec<Vec<Cell>>,
) {
    blocks.push(Block::Heading(heading));
    if rows.is_empty() {
        blocks.push(Block::Says(none.to_owned()));
    } else {
        blocks.push(Block::Table { headings: headings.to_vec(), rows });
    }
}

fn drills(report: &Report, blocks: &mut Vec<Block>) {
    section(
        blocks,
        "Drills",
        "No drill was held in the period.",
        &["When", "Level", "Bundle", "By", "Opened with", "Found", "Took"],
        report.drills.iter().map(|drill| drill_row(report, drill)).collect(),
    );
    let attested = report.drills.iter().flat_map(|drill| {
        let of_one = |attested: &crate::wire::evidence_v1::Attested| {
            vec![Cell::of(moment(&drill.at)), name(&attested.entry), Cell::of(shown(&attested.reference))]
        };
        drill.attested.iter().map(of_one)
    });
    let rows: Vec<Vec<Cell>> = attested.collect();
    if !rows.is_empty() {
        blocks.push(Block::Says("Signed in with a code from the bundle, as somebody attests:".to_owned()));
        blocks.push(Block::Table { headings: vec!["Drill", "Account", "Reference"], rows });
    }
}

fn drill_row(report: &Report, drill: &Drill) -> Vec<Cell> {
    let bundle = report.bundles.iter().find(|bundle| bundle.id == drill.bundle);
    let brought = if drill.beside_vault {
        String::new()
    } else {
        format!(" (report brought home {})", day(&drill.logged))
    };
    let typed = if drill.typed { ", typed by a person" } else { "" };
    let opened = if drill.opened_with.is_empty() {
        "not opened".to_owned()
    } else {
        format!("{}{typed}", shown(&drill.opened_with))
    };
    vec![
        Cell::of(moment(&drill.at)),
        Cell::of(shown(&drill.level)),
        Cell::of(bundle.map_or_else(|| short(&drill.bundle), bundle_name)),
        Cell::of(format!("{} on {}{brought}", shown(&drill.user), shown(&drill.host))),
        Cell::of(opened),
        Cell::warning_if(!drill.clean, found(drill)),
        Cell::of(took(drill)),
    ]
}

fn took(drill: &Drill) -> String {
    let first = drill.first_code_ms.map(|millis| format!("{} to the first code, ", duration(millis)));
    format!("{}{} in all", first.unwrap_or_default(), duration(drill.total_ms))
}

fn found(drill: &Drill) -> String {
    let of_one = |found: &Found| {
        let named: Vec<String> =
            found.entries.iter().take(MOST_NAMED).map(|entry| name(entry).text).collect();
        let more = found.count.saturating_sub(u64::try_from(named.len()).unwrap_or(u64::MAX));
        let more = if named.is_empty() || more == 0 { String::new() } else { format!(" and {more} more") };
        let names = if named.is_empty() { String::new() } else { format!(": {}{more}", named.join(", ")) };
        format!("{} {}{names}", found.count, shown(&found.verdict).replace('-', " "))
    };
    let mut parts: Vec<String> = drill.found.iter().map(of_one).collect();
    parts.extend(drill.clock_off_seconds.map(|seconds| format!("clock off by {seconds} s")));
    if parts.is_empty() { "nothing compared".to_owned() } else { parts.join("; ") }
}

fn bundle_name(bundle: &Bundle) -> String {
    let label = if bundle.label.is_empty() { String::new() } else { format!("{}, ", shown(&bundle.label)) };
    format!("{label}{}", short(&bundle.id))
}

fn bundle(bundle: &Bundle) -> Vec<Cell> {
    let of_set = |name: &String| format!("shares of {}", shown(name));
    let opened = bundle.share_set.as_ref().map_or_else(|| "passphrase or key file".to_owned(), of_set);
    let replaced = if bundle.share_set_replaced { " (replaced)" } else { "" };
    let selection = if bundle.selected { ", a selection" } else { "" };
    let last = |last: &LastDrill| {
        let found = if last.clean { "" } else { ", with findings" };
        format!("{} {}{found}", shown(&last.level), day(&last.at))
    };
    // A drill holds the levels before its own: it is told once, with its highest.
    let drills =
        bundle.last_drills.iter().enumerate().filter(|(idx, last)| {
            bundle.last_drills.get(idx + 1).is_none_or(|next| next.number != last.number)
        });
    let drills: Vec<String> = drills.map(|(_, drill)| last(drill)).collect();
    vec![
        Cell::of(bundle_name(bundle)),
        Cell::of(shown(&bundle.path)),
        Cell::of(day(&bundle.created)),
        Cell::of(format!("{}{selection}", bundle.entries)),
        Cell::warning_if(bundle.share_set_replaced, format!("{opened}{replaced}")),
        Cell::of(changes(bundle)),
        Cell::warning_if(
            bundle.review_overdue,
            bundle.review.as_deref().map_or_else(|| "no date".to_owned(), day),
        ),
        if drills.is_empty() { Cell::warning("never") } else { Cell::of(drills.join(", ")) },
    ]
}

/// What has changed since a bundle was made.
pub(super) fn changes(bundle: &Bundle) -> String {
    let parts: Vec<String> =
        [(bundle.added, "new"), (bundle.changed, "changed"), (bundle.removed, "removed")]
            .into_iter()
            .filter(|(n, _)| *n > 0)
            .map(|(n, what)| format!("{n} {what}"))
            .collect();
    if parts.is_empty() { "current".to_owned() } else { parts.join(", ") }
}

fn share_set(set: &ShareSet) -> Vec<Vec<Cell>> {
    let replaced = set.replaced.as_ref().map(|at| {
        format!(", replaced {} by {}", day(at), shown(set.replaced_by.as_deref().unwrap_or_default()))
    });
    let title = format!(
        "{}, {} of {}{}",
        shown(&set.name),
        set.needed,
        set.of,
        replaced.as_deref().unwrap_or_default()
    );
    let of_one = |custodian: &crate::wire::evidence_v1::Custodian| {
        let moment = |at: &Option<String>, warns: bool| match at {
            Some(at) => Cell::of(day(at)),
            None => Cell::warning_if(warns, "never"),
        };
        let is_seen = custodian.typed_back.is_some() || custodian.acknowledged.is_some();
        vec![
            Cell::of(title.clone()),
            Cell::of(custodian.share.to_string()),
            Cell::of(shown(&custodian.name)),
            moment(&custodian.typed_back, !is_seen && replaced.is_none()),
            moment(&custodian.acknowledged, replaced.is_none()),
        ]
    };
    set.custodians.iter().map(of_one).collect()
}

fn acknowledgements(report: &Report, blocks: &mut Vec<Block>) {
    let rows: Vec<Vec<Cell>> = report
        .acknowledgements
        .iter()
        .map(|said| {
            let share = format!("{} of {}", said.share, shown(&said.share_set));
            vec![Cell::of(share), Cell::of(day(&said.date)), Cell::of(moment(&said.at))]
        })
        .collect();
    if !rows.is_empty() {
        blocks.push(Block::Says("Acknowledgements that were brought home in the period:".to_owned()));
        blocks.push(Block::Table { headings: vec!["Share", "Dated", "Brought home"], rows });
    }
}

fn account(account: &Account) -> Vec<Cell> {
    let device = account.device.as_ref().map(|device| format!(" ({})", shown(device)));
    let provenance = account.provenance.as_ref().map_or_else(|| "not said".to_owned(), |how| shown(how));
    let rotated = account.rotated.as_ref().map(|at| format!(", seed replaced {}", day(at)));
    let days = account.proven_days_ago.map(|days| match days {
        0 => ", today".to_owned(),
        1 => ", 1 day ago".to_owned(),
        days => format!(", {days} days ago"),
    });
    let codes = account.recovery_codes_left.filter(|left| *left > 0);
    let codes = codes.map(|left| format!(", {left} recovery codes left")).unwrap_or_default();
    vec![
        name(&account.entry),
        Cell::of(format!("{provenance}{}", device.unwrap_or_default())),
        Cell::of(format!("{}{}", day(&account.created), rotated.unwrap_or_default())),
        account.proven.as_deref().map_or_else(
            || Cell::warning("never"),
            |at| Cell::of(format!("{}{}", day(at), days.unwrap_or_default())),
        ),
        in_newest(account.newest_bundle.as_deref()),
        account.accepted.as_deref().map_or_else(|| Cell::warning("never"), |at| Cell::of(day(at))),
        Cell::warning_if(account.seed == "short", format!("{}{codes}", shown(&account.seed))),
    ]
}

fn in_newest(word: Option<&str>) -> Cell {
    match word {
        Some("as-it-is") => Cell::of("as it is now"),
        Some("same-seed") => Cell::of("with this seed"),
        Some("older-seed") => Cell::warning("with an older seed"),
        Some(_) => Cell::warning("no"),
        None => Cell::warning("there is none"),
    }
}

fn application(application: &Application) -> Vec<Vec<Cell>> {
    let title = shown(&application.name);
    if application.entries.is_empty() {
        let nothing = || Cell::of("");
        return vec![vec![Cell::of(title), Cell::warning("none"), nothing(), nothing(), nothing()]];
    }
    let of_one = |fits: &crate::wire::evidence_v1::ApplicationEntry| {
        vec![
            Cell::of(title.clone()),
            name(&fits.entry),
            Cell::of(yes(fits.privileged)),
            fits.proven.as_deref().map_or_else(|| Cell::warning("never"), |at| Cell::of(day(at))),
            in_newest(fits.newest_bundle.as_deref()),
        ]
    };
    application.entries.iter().map(of_one).collect()
}

fn unproven_row(unproven: &Unproven, with_proof: bool) -> Vec<Cell> {
    let mut row = vec![
        name(&unproven.entry),
        Cell::warning_if(unproven.privileged, yes(unproven.privileged)),
        Cell::of(day(&unproven.created)),
    ];
    if with_proof {
        row.push(Cell::of(unproven.proven.as_deref().map(day).unwrap_or_default()));
    }
    row
}

fn items(blocks: &mut Vec<Block>, heading: &'static str, none: &str, items: &[Item]) {
    let rows = items.iter().map(|item| {
        let who = match (&item.user, &item.host) {
            (Some(user), Some(host)) => format!("{} on {}", shown(user), shown(host)),
            _ => String::new(),
        };
        let way = item.way.as_ref().map(|way| format!(", by way {}", shown(way))).unwrap_or_default();
        let outcome = item.outcome.as_deref().filter(|outcome| *outcome != "saved");
        let mut about: Vec<String> =
            item.details.iter().map(|(name, value)| format!("{}: {}", shown(name), shown(value))).collect();
        about.extend(item.reason.as_ref().map(|reason| format!("because {}", shown(reason))));
        let outcome = outcome.map(|outcome| format!(" ({})", shown(outcome).replace('-', " ")));
        let event =
            format!("{}{}", shown(&item.event).replace('-', " "), outcome.as_deref().unwrap_or_default());
        vec![
            Cell::of(item.at.as_deref().map_or_else(|| "now".to_owned(), moment)),
            Cell::warning_if(outcome.is_some() || has_failed(item), event),
            item.entry.as_ref().map_or_else(|| Cell::of(""), name),
            Cell::of(format!("{who}{way}")),
            Cell::of(about.join("; ")),
        ]
    });
    section(blocks, heading, none, &["When", "What", "Account", "By", "More"], rows.collect());
}

/// A rehearsal in which what was typed, or the share, was not right.
pub(super) fn has_failed(item: &Item) -> bool {
    item.details.get("ok").is_some_and(|ok| ok == "no")
}

fn policy(report: &Report, blocks: &mut Vec<Block>) {
    let Some(policy) = &report.policy else { return };
    blocks.push(Block::Heading("Policy"));
    blocks.push(Block::Facts(vec![("SHA-256", digest(&policy.sha256))]));
    match &policy.text {
        Some(text) => blocks.push(Block::Verbatim(label::shown_lines(text))),
        None => blocks.push(Block::Says("Its text is left out, as it may hold names.".to_owned())),
    }
}

/// The name of an entry.
pub(super) fn name(entry: &Named) -> Cell {
    match &entry.name {
        Some(name) => Cell::of(shown(name)),
        None => Cell::of(format!("gone for good, {}", short(&entry.id))),
    }
}

/// A text as it may be shown.
pub(super) fn shown(text: &str) -> String {
    label::shown(text)
}

/// The day of a moment.
pub(super) fn day(moment: &str) -> String {
    shown(moment).chars().take(10).collect()
}

/// A moment to the minute.
pub(super) fn moment(moment: &str) -> String {
    shown(moment).chars().take(16).collect::<String>().replace('T', " ")
}

/// A hash, whole.
pub(super) fn digest(hex: &str) -> String {
    shown(hex)
}

/// The start of an id.
fn short(id: &str) -> String {
    shown(id).chars().take(8).collect()
}

/// `yes` or `no`.
pub(super) fn yes(is_so: bool) -> String {
    if is_so { "yes" } else { "no" }.to_owned()
}

/// `850 ms`, `4.2 s`, `12 min 5 s`, `3 h 20 min`.
fn duration(millis: u64) -> String {
    let seconds = millis / 1000;
    match seconds {
        0 => format!("{millis} ms"),
        1..=59 => format!("{seconds}.{} s", millis % 1000 / 100),
        60..=3599 => format!("{} min {} s", seconds / 60, seconds % 60),
        _ => format!("{} h {} min", seconds / 3600, seconds % 3600 / 60),
    }
}
