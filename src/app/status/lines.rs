//! What the state of a vault comes to: lines under six words, each with what it is about and what to do about it.

use super::{NamedEntry, OpenIncident, OpenPass, Status, count};
use crate::app::bundle::ListedBundle;
use crate::app::exception::{ListedException, Standing as ExceptionStanding};
use crate::app::plan::{PlanBrief, SinglePoint};
use crate::app::time::{day, shown};
use crate::entry::UnixSeconds;
use crate::recovery::rehearsal::Standing;

/// Most characters of names that a line shows before it says how many more there are.
const MOST_SHOWN: usize = 110;

/// A group of lines. A day for each that nobody looks at it is worse in the order in which they stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Group {
    /// Accounts that cannot be reached, and what alone would take some away.
    Unreachable,
    /// Incidents and passes that nobody has closed.
    Open,
    /// What is to be done now, exceptions past their end among it.
    Due,
    /// Entries whose service was not seen to accept a code.
    Unproven,
    /// Bundles of which a drill is due.
    Undrilled,
    /// What ends within 14 days.
    Expiring,
}

impl Group {
    /// Every group, the most urgent first.
    pub const ALL: [Self; 6] =
        [Self::Unreachable, Self::Open, Self::Due, Self::Unproven, Self::Undrilled, Self::Expiring];

    /// Its word.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Unreachable => "unreachable",
            Self::Open => "open",
            Self::Due => "due",
            Self::Unproven => "unproven",
            Self::Undrilled => "undrilled",
            Self::Expiring => "expiring",
        }
    }
}

/// One thing to see to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// Where it stands.
    pub group: Group,
    /// What it is, in words.
    pub what: String,
    /// What to do about it; empty where that is said already.
    pub next: String,
    /// What it is about: all of it, safe to show.
    pub names: Vec<String>,
    /// `status --check` ends with 7 because of it.
    pub counts: bool,
}

impl Line {
    fn new(group: Group, what: impl Into<String>, next: impl Into<String>) -> Self {
        // What lies ahead is told in time, and is nothing that somebody has missed.
        let counts = group != Group::Expiring;
        Self { group, what: what.into(), next: next.into(), names: Vec::new(), counts }
    }

    fn named(mut self, names: impl IntoIterator<Item = String>) -> Self {
        self.names = names.into_iter().collect();
        self
    }

    /// What it is, and what to do about it.
    pub fn in_words(&self) -> String {
        if self.next.is_empty() { self.what.clone() } else { format!("{}: {}", self.what, self.next) }
    }
}

/// As many names as one or two lines of a screen hold, and how many more there are.
pub fn cut_names(names: &[String]) -> String {
    // Some of them have commas of their own.
    let separator = if names.iter().any(|name| name.contains(", ")) { "; " } else { ", " };
    let mut words = String::new();
    for (idx, name) in names.iter().enumerate() {
        if idx > 0 && words.chars().count() + name.chars().count() > MOST_SHOWN {
            return format!("{words} and {} more", names.len() - idx);
        }
        words.push_str(if idx > 0 { separator } else { "" });
        words.push_str(name);
    }
    words
}

/// All lines, a group after the other.
pub(super) fn of(status: &Status, log_unreadable: Option<String>, now: UnixSeconds) -> Vec<Line> {
    let mut lines = Vec::new();
    plan(status, &mut lines);
    incidents(status, now, &mut lines);
    passes(&status.passes, &mut lines);
    exceptions_past(&status.exceptions, &mut lines);
    vault(status, &mut lines);
    bundles(status, &mut lines);
    rehearsals(status, now, &mut lines);
    proofs(status, &mut lines);
    let drills = status.drills_due.iter().filter_map(|bundle| bundle.in_words(now));
    lines.extend(drills.map(|words| Line::new(Group::Undrilled, words, "")));
    lines.extend(
        log_unreadable
            .map(|why| Line::new(Group::Undrilled, format!("{why}: when a drill is due is not known"), "")),
    );
    expiring(status, &mut lines);
    // Each part keeps its own order.
    lines.sort_by_key(|line| line.group);
    lines
}

fn plan(status: &Status, lines: &mut Vec<Line>) {
    if let Some(why) = &status.plan_unchecked {
        let what = format!("the plan cannot be checked, so that it is not known what is reached: {why}");
        lines.push(Line::new(Group::Unreachable, what, ""));
    }
    let Some(PlanBrief { unreachable, single_points, circles }) = &status.plan else { return };
    if !unreachable.is_empty() {
        let what =
            format!("{} be reached now", count(unreachable.len(), "account cannot", "accounts cannot"));
        let next = "`lifeboat plan check` says why";
        lines.push(Line::new(Group::Unreachable, what, next).named(unreachable.iter().cloned()));
    }
    // Nearly every plan has some: they are told, and whoever wants to be held to them has `plan check`.
    let told = |line: Line| Line { counts: false, ..line };
    if !circles.is_empty() {
        let what = format!("{} in the plan", count(circles.len(), "circle is", "circles are"));
        let line = Line::new(Group::Unreachable, what, "`lifeboat plan check` says what closes each");
        lines.push(told(line.named(circles.iter().cloned())));
    }
    if !single_points.is_empty() {
        let points = count(single_points.len(), "thing takes", "things take");
        let name = |point: &SinglePoint| {
            format!("{} ({})", point.name, count(point.n_accounts, "account", "accounts"))
        };
        let what = format!("{points} accounts away when lost alone");
        let line = Line::new(Group::Unreachable, what, "`lifeboat plan check --depth 1`");
        lines.push(told(line.named(single_points.iter().map(name))));
    }
}

fn incidents(status: &Status, now: UnixSeconds, lines: &mut Vec<Line>) {
    let left = |incident: &OpenIncident| match (incident.n_tasks, incident.n_left) {
        (0, _) => "no list yet".to_owned(),
        (_, n_left) => count(n_left, "thing left", "things left"),
    };
    let is_session = |incident: &&OpenIncident| incident.is_session();
    for session in status.incidents.iter().filter(is_session) {
        let (id, until) = (session.id, session.until.map(shown).unwrap_or_default());
        let what = if session.is_running(now) {
            format!("a break-glass session runs until {until}, {}", left(session))
        } else {
            format!("a break-glass session ended on {until} and is not closed, {}", left(session))
        };
        lines.push(Line::new(Group::Open, what, format!("`lifeboat incident show {id}`")));
    }
    let others: Vec<&OpenIncident> = status.incidents.iter().filter(|other| !other.is_session()).collect();
    let (what, next) = match others[..] {
        [] => return,
        [only] => ("1 incident is open".to_owned(), format!("`lifeboat incident show {}`", only.id)),
        _ => (format!("{} incidents are open", others.len()), "`lifeboat incident show ID`".to_owned()),
    };
    let n_left = others.iter().map(|incident| incident.n_left).sum();
    let what = format!("{what}, {} to do", count(n_left, "thing", "things"));
    let name = |incident: &&OpenIncident| {
        let OpenIncident { id, kind, subject, .. } = incident;
        let subject = if subject.is_empty() { String::new() } else { format!(" {subject}") };
        format!("{id} {}{subject}, {}", kind.name(), left(incident))
    };
    lines.push(Line::new(Group::Open, what, next).named(others.iter().map(name)));
}

fn passes(passes: &[OpenPass], lines: &mut Vec<Line>) {
    let name = |pass: &&OpenPass| {
        let verb = if pass.is_live { "until" } else { "ended" };
        format!("{} {} to {}, {verb} {}", pass.id, pass.name, pass.to, shown(pass.until))
    };
    let (live, ended): (Vec<&OpenPass>, Vec<&OpenPass>) = passes.iter().partition(|pass| pass.is_live);
    if !ended.is_empty() {
        let what = format!("{} ended and not closed", count(ended.len(), "pass has", "passes have"));
        let next = "when new methods are registered and old ones removed, `lifeboat pass close ID`";
        lines.push(Line::new(Group::Open, what, next).named(ended.iter().map(name)));
    }
    if !live.is_empty() {
        let what = format!("{} given out and not ended", count(live.len(), "pass is", "passes are"));
        lines.push(Line::new(Group::Open, what, "`lifeboat pass list`").named(live.iter().map(name)));
    }
}

fn exceptions_past(exceptions: &[ListedException], lines: &mut Vec<Line>) {
    let is_past = |listed: &&ListedException| listed.standing == ExceptionStanding::Past;
    let past: Vec<String> = exceptions.iter().filter(is_past).map(ListedException::in_words).collect();
    if !past.is_empty() {
        let its = if past.len() == 1 { "its" } else { "their" };
        let what = format!("{} past {its} end", count(past.len(), "exception is", "exceptions are"));
        let next = "end what it allowed, then `lifeboat exception end ID`";
        lines.push(Line::new(Group::Due, what, next).named(past));
    }
}

fn vault(status: &Status, lines: &mut Vec<Line>) {
    let mut due = |what: String, next: &str| lines.push(Line::new(Group::Due, what, next));
    if let Some(newer) = status.older_copy {
        due(
            format!("this vault is an older copy: generation {newer} was seen on this machine"),
            "look for the newer file",
        );
    }
    if !status.quarantined.is_empty() {
        let n = count(status.quarantined.len(), "entry", "entries");
        due(format!("{n} cannot be read and were set aside"), "`lifeboat edit NAME` repairs one");
    }
    if status.n_not_understood > 0 {
        let n = count(status.n_not_understood, "item of a newer version is", "items of a newer version are");
        let what = format!("{n} not understood: an incident, a pass or an exception");
        due(what, "look at them with that version");
    }
    if !status.copies_without_end.is_empty() {
        let n = count(status.copies_without_end.len(), "entry is a copy", "entries are copies");
        let what = format!("{n} of a seed on another device, with no end to that");
        let next = "`lifeboat exception add NAME clone --until DATE --owner NAME`";
        lines.push(Line::new(Group::Due, what, next).named(titles(&status.copies_without_end)));
    }
    if !status.recovery_codes_spent.is_empty() {
        let n = count(status.recovery_codes_spent.len(), "entry has", "entries have");
        let next = "`lifeboat edit NAME --recovery-codes FILE` takes new ones";
        let line = Line::new(Group::Due, format!("{n} no unused recovery code left"), next);
        lines.push(line.named(titles(&status.recovery_codes_spent)));
    }
}

fn bundles(status: &Status, lines: &mut Vec<Line>) {
    let mut due = |what: String, next: &str| lines.push(Line::new(Group::Due, what, next));
    match &status.newest_bundle {
        None if status.n_entries > 0 => {
            due("there is no bundle of this vault".to_owned(), "`lifeboat bundle create -o FILE` makes one");
        }
        Some(listed) if listed.added + listed.changed > 0 => {
            let what = format!(
                "the newest bundle lacks {} and holds {} as they were",
                count(listed.added, "new entry", "new entries"),
                count(listed.changed, "changed entry", "changed entries"),
            );
            due(what, "make a new one, `lifeboat bundle create -o FILE`");
        }
        _ => {}
    }
    for listed in &status.reviews_due {
        let what = format!("the review of a bundle is due: {}", bundle_name(listed));
        due(what, "`lifeboat bundle create -o FILE --review 90d` makes a new one");
    }
    for share in &status.shares_due {
        let next = "has it been checked? `lifeboat share acknowledge`, then `lifeboat share record FILE`";
        due(share.clone(), next);
    }
    if let Some(set) = &status.bundle_of_replaced_set {
        let what = format!("the newest bundle opens with the cards of {set}, which was replaced");
        due(what, "make a new one, `lifeboat bundle create -o FILE`");
    }
}

fn rehearsals(status: &Status, now: UnixSeconds, lines: &mut Vec<Line>) {
    if let Some(standing) = status.passphrase.filter(|standing| standing.due() <= now) {
        lines.push(Line::new(Group::Due, passphrase_due(&standing), "`lifeboat rehearse`"));
    }
    if let Some(why) = &status.log_unread {
        let what = format!("the log cannot be read, so that it is not known what was rehearsed: {why}");
        lines.push(Line::new(Group::Due, what, ""));
    }
}

fn proofs(status: &Status, lines: &mut Vec<Line>) {
    let next = "sign in with a code, then `lifeboat prove NAME`";
    for (entries, words) in
        [(&status.never_proven, "never proven"), (&status.proof_aged, "proven more than a year ago")]
    {
        if !entries.is_empty() {
            let what = format!("{} {words}", count(entries.len(), "entry was", "entries were"));
            lines.push(Line::new(Group::Unproven, what, next).named(titles(entries)));
        }
    }
}

fn expiring(status: &Status, lines: &mut Vec<Line>) {
    let is_near = |listed: &&ListedException| listed.standing == ExceptionStanding::Expiring;
    let near: Vec<String> = status.exceptions.iter().filter(is_near).map(ListedException::in_words).collect();
    if !near.is_empty() {
        let what = format!("{} within 14 days", count(near.len(), "exception ends", "exceptions end"));
        lines.push(Line::new(Group::Expiring, what, "`lifeboat exception list`").named(near));
    }
    for listed in &status.reviews_expiring {
        let on = listed.record.review.map(day).unwrap_or_default();
        let what = format!("the review of a bundle is due on {on}: {}", bundle_name(listed));
        let next = "`lifeboat bundle create -o FILE --review 90d` makes a new one";
        lines.push(Line::new(Group::Expiring, what, next));
    }
}

fn titles(entries: &[NamedEntry]) -> impl Iterator<Item = String> {
    entries.iter().map(|entry| entry.title.clone())
}

fn bundle_name(listed: &ListedBundle) -> String {
    let record = &listed.record;
    if record.label.is_empty() { record.path.shown() } else { record.label.shown() }
}

fn passphrase_due(standing: &Standing) -> String {
    match (standing.failed, standing.recalled) {
        (Some(failed), _) => format!("the vault's passphrase was not recalled on {}", day(failed)),
        (None, Some(recalled)) => {
            format!("the vault's passphrase was last typed from memory on {}", day(recalled))
        }
        (None, None) => {
            format!("the vault's passphrase, of {}, was never typed from memory", day(standing.since))
        }
    }
}
