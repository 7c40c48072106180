//! Makes a report of a vault and its log. What it says depends on these, on what was asked for, and on nothing else.

mod accounts;
mod bundles;
mod events;
mod items;
mod plan;

use super::policy::PolicyFile;
use super::redact::Names;
use crate::app::audit::{Reported, Verified};
use crate::app::bundle::{self, ListedBundle};
use crate::app::context::Context;
use crate::app::log::Whole;
use crate::app::session::Session;
use crate::app::share_set::CHECK_SECONDS;
use crate::audit::{Event, Record};
use crate::entry::UnixSeconds;
use crate::recovery::Drill;
use crate::vault::{LogAnchor, ShareSet};
use crate::wire::evidence_v1::{
    self, LogFacts, LogFinding, Period, Range, Report, Summary, Tool, VaultFacts,
};

/// The last second that RFC 3339 can say and every reader takes.
const LAST_MOMENT: UnixSeconds = 253_402_207_199;

/// What is asked for.
pub(super) struct Asked<'a> {
    /// The moment that the report is made for.
    pub(super) at: UnixSeconds,
    /// Length of the period before it.
    pub(super) since: u64,
    /// Pseudonyms in the place of names.
    pub(super) redact: bool,
    pub(super) policy: Option<&'a PolicyFile>,
}

/// A drill, with the number and the time of its record.
struct Logged {
    number: u64,
    noted: UnixSeconds,
    drill: Drill,
}

impl Logged {
    /// When it was, as far as it counts: a clock that was ahead counts as the moment at which it came into the log.
    fn at(&self) -> UnixSeconds {
        self.drill.at.min(self.noted)
    }
}

/// What all parts of a report are made of.
struct Material<'a> {
    session: &'a Session,
    names: Names<'a>,
    from: UnixSeconds,
    at: UnixSeconds,
    /// The records until then.
    records: Vec<(u64, &'a Record)>,
    drills: Vec<Logged>,
    /// Newest first.
    bundles: Vec<ListedBundle>,
}

impl Material<'_> {
    fn is_in_period(&self, moment: UnixSeconds) -> bool {
        (self.from..=self.at).contains(&moment)
    }

    fn records_in_period(&self) -> impl Iterator<Item = (u64, &Record)> {
        self.records.iter().copied().filter(|(_, record)| self.is_in_period(record.at))
    }

    /// The newest bundle of all entries.
    fn newest_bundle(&self) -> Option<&ListedBundle> {
        self.bundles.iter().find(|listed| !listed.record.selected)
    }
}

/// Makes the report.
pub(super) fn gather(
    ctx: &Context,
    session: &Session,
    whole: &Whole,
    verified: &Verified,
    key: String,
    asked: &Asked<'_>,
) -> Report {
    let records: Vec<(u64, &Record)> = whole
        .records
        .iter()
        .filter(|(_, record)| record.at <= asked.at)
        .map(|(number, record)| (*number, record))
        .collect();
    let drills = records.iter().filter_map(|(number, record)| {
        Some(Logged { number: *number, noted: record.at, drill: Drill::of_record(record)? })
    });
    let material = Material {
        session,
        names: Names::new(session, asked.redact),
        from: asked.at.saturating_sub(asked.since),
        at: asked.at,
        drills: drills.collect(),
        records,
        bundles: bundle::list(ctx, session),
    };
    let coverage = accounts::Coverage::of(&material);
    let mut report = Report {
        schema: evidence_v1::SCHEMA.to_owned(),
        tool: Tool { name: "lifeboat".to_owned(), version: env!("CARGO_PKG_VERSION").to_owned() },
        period: Period { from: moment(material.from), to: moment(material.at), seconds: asked.since },
        redacted: asked.redact,
        vault: vault_facts(session, key),
        log: log_facts(&material, whole, verified),
        summary: Summary::default(),
        drills: bundles::drills(&material),
        bundles: bundles::bundles(&material),
        share_sets: bundles::share_sets(&material),
        acknowledgements: bundles::acknowledgements(&material),
        privileged: coverage.privileged(),
        never_proven: coverage.never_proven(),
        proven_long_ago: coverage.proven_long_ago(),
        rehearsals: events::rehearsals(&material),
        changes: events::changes(&material),
        exceptions: events::exceptions(&material),
        exceptions_with_end: Some(items::exceptions(&material)),
        incidents: Some(items::incidents(&material)),
        passes: Some(items::passes(&material)),
        plan: Some(plan::plan(ctx, &material)),
        policy: asked.policy.map(|policy| accounts::policy(&coverage, policy)),
    };
    report.summary = summary(&material, &report);
    report
}

fn vault_facts(session: &Session, key: String) -> VaultFacts {
    let vault = &session.vault;
    VaultFacts {
        id: vault.id.to_string(),
        created: moment(vault.created),
        generation: vault.generation,
        key,
        entries: count(vault.entries.len()),
        in_trash: count(vault.trash.len()),
        unreadable: count(vault.quarantine.len()),
        items_unread: Some(count(vault.items.unread.len())),
    }
}

fn log_facts(material: &Material<'_>, whole: &Whole, verified: &Verified) -> LogFacts {
    let LogAnchor { count: last, head } = whole.anchor;
    let anchored = material.session.vault.log_anchor.count;
    let numbers = whole.records.iter().map(|(number, _)| *number);
    let unread = missing(numbers, anchored.max(last));
    let of_event = |event| material.records_in_period().filter(move |(_, record)| record.event == event);
    let failed_unlocks = of_event(Event::Absorbed).filter_map(|(_, record)| number(record, "lines")).sum();
    LogFacts {
        count: last,
        head: hex(&head),
        anchored,
        in_period: count(material.records_in_period().count()),
        failed_unlocks,
        gaps: count(of_event(Event::Gap).count()),
        whole: !verified.is_wrong() && unread.is_empty(),
        findings: verified.found.iter().filter(|found| found.is_wrong).map(finding).collect(),
        unread,
    }
}

/// Without its words, in which names of files stand.
fn finding(found: &Reported) -> LogFinding {
    let records = found.records.map(|(from, to)| Range { from, to });
    LogFinding { kind: found.kind.to_owned(), records }
}

/// The numbers from one to the last that are not there, as ranges.
fn missing(numbers: impl Iterator<Item = u64>, last: u64) -> Vec<Range> {
    let mut numbers: Vec<u64> = numbers.collect();
    numbers.sort_unstable();
    let mut ranges = Vec::new();
    let mut expected = 1;
    for number in numbers.into_iter().chain([last.saturating_add(1)]) {
        if number > expected {
            ranges.push(Range { from: expected, to: number - 1 });
        }
        expected = expected.max(number.saturating_add(1));
    }
    ranges
}

fn summary(material: &Material<'_>, report: &Report) -> Summary {
    let sets = || material.session.vault.share_sets.iter().filter(|set| set.replaced.is_none());
    let recent = material.at.saturating_sub(CHECK_SECONDS);
    let shares: usize = sets().map(ShareSet::n_shares).sum();
    let acknowledged: usize = sets().map(|set| set.n_acknowledged_since(recent)).sum();
    let accounts = |fits: fn(&evidence_v1::Account) -> bool| {
        count(report.privileged.iter().filter(|account| fits(account)).count())
    };
    let applications = report.policy.as_ref().map(|policy| &policy.applications);
    Summary {
        drills: count(report.drills.len()),
        drills_with_findings: count(report.drills.iter().filter(|drill| !drill.clean).count()),
        last_drills: bundles::last_drills(material, None),
        bundles: count(report.bundles.len()),
        newest_bundle: material.newest_bundle().map(|listed| hex(&listed.record.id)),
        reviews_overdue: count(report.bundles.iter().filter(|bundle| bundle.review_overdue).count()),
        shares: count(shares),
        shares_not_acknowledged: count(shares.saturating_sub(acknowledged)),
        privileged: accounts(|_| true),
        privileged_never_proven: accounts(|account| account.proven.is_none()),
        privileged_not_in_newest_bundle: accounts(|account| !accounts::is_in_newest_bundle(account)),
        privileged_never_accepted: accounts(|account| account.accepted.is_none()),
        never_proven: count(report.never_proven.len()),
        proven_long_ago: count(report.proven_long_ago.len()),
        applications: applications.map(|applications| count(applications.len())),
        applications_without_entry: applications.map(|applications| {
            count(applications.iter().filter(|application| application.entries.is_empty()).count())
        }),
        exceptions: count(report.exceptions.len()),
        exceptions_with_end_open: counted(report.exceptions_with_end.as_ref(), |one| one.state != "ended"),
        exceptions_with_end_past: counted(report.exceptions_with_end.as_ref(), |one| one.state == "past"),
        incidents_open: counted(report.incidents.as_ref(), |one| one.closed.is_none()),
        incident_tasks_left: report
            .incidents
            .as_ref()
            .map(|incidents| incidents.iter().filter(|one| one.closed.is_none()).map(|one| one.left).sum()),
        passes_open: counted(report.passes.as_ref(), |one| one.state != "closed"),
        passes_past: counted(report.passes.as_ref(), |one| one.state == "past"),
    }
}

/// How many of a part fit; `None` where a report has not got the part.
fn counted<T>(part: Option<&Vec<T>>, fits: impl Fn(&T) -> bool) -> Option<u64> {
    part.map(|part| count(part.iter().filter(|one| fits(one)).count()))
}

/// RFC 3339 in UTC.
fn moment(seconds: UnixSeconds) -> String {
    crate::app::time::shown(seconds.min(LAST_MOMENT))
}

fn hex(bytes: &[u8]) -> String {
    data_encoding::HEXLOWER.encode(bytes)
}

fn count(n: usize) -> u64 {
    u64::try_from(n).unwrap_or(u64::MAX)
}

/// A fact of a record.
fn fact<'r>(record: &'r Record, name: &str) -> Option<&'r str> {
    record.facts.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
}

/// A fact that is a number.
fn number(record: &Record, name: &str) -> Option<u64> {
    fact(record, name)?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ranges(numbers: &[u64], last: u64) -> Vec<(u64, u64)> {
        missing(numbers.iter().copied(), last).into_iter().map(|range| (range.from, range.to)).collect()
    }

    #[test]
    fn records_that_are_missing_are_named_wherever_they_are() {
        assert_eq!(ranges(&[], 0), []);
        assert_eq!(ranges(&[1, 2, 3], 3), []);
        assert_eq!(ranges(&[3, 4, 8], 9), [(1, 2), (5, 7), (9, 9)]);
        assert_eq!(ranges(&[], 2), [(1, 2)]);
        assert_eq!(ranges(&[2, 1, 2], 2), []);
    }
}
