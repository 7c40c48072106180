//! Incidents, exceptions with an end, passes and the recovery plan, on the pages. Of a report that was made before these
//! parts existed nothing is said of them.

use super::content::{Said, in_words_of};
use super::tables::{day, moment, name, section, shown, yes};
use super::{Block, Cell};
use crate::app::status::count as in_words;
use crate::wire::evidence_v1::{
    ExceptionWithEnd, Incident, Pass, Plan, PlanCheck, PlanFlag, Report, Task, WeakAccount,
};

/// Things to do of one incident that are written out; evidence.json has the rest.
const MOST_TASKS: usize = 100;
/// Names of accounts that are written out for one flag.
const MOST_NAMED: usize = 10;

/// What needs attention, and what is in order, the most urgent first.
pub(super) fn verdict(report: &Report, said: &mut Said) {
    let unread = report.vault.items_unread.unwrap_or(0);
    let words = in_words_of(unread, "item", "items");
    said.put(
        unread > 0,
        || {
            format!(
                "{words} that a newer version wrote (exceptions, incidents, passes, runbooks) could not be read, and \
                 the report does not speak of them."
            )
        },
        String::new,
    );
    incidents_verdict(report, said);
    exceptions_verdict(report, said);
    passes_verdict(report, said);
    if let Some(plan) = &report.plan {
        plan_verdict(plan, said);
    }
}

fn incidents_verdict(report: &Report, said: &mut Said) {
    let Some(incidents) = &report.incidents else { return };
    let open = report.summary.incidents_open.unwrap_or(0);
    let left = in_words_of(report.summary.incident_tasks_left.unwrap_or(0), "thing is", "things are");
    let words = in_words_of(open, "incident is", "incidents are");
    let closed = incidents.iter().filter(|incident| incident.closed.is_some()).count();
    said.put(
        open > 0,
        || format!("{words} open, and {left} left to do."),
        || match in_words(closed, "incident was", "incidents were") {
            _ if closed == 0 => none_of(report, "No incident in the period, and none is open."),
            words => format!("No incident is open; {words} closed in the period."),
        },
    );
}

fn exceptions_verdict(report: &Report, said: &mut Said) {
    if report.exceptions_with_end.is_none() {
        return;
    }
    let open = report.summary.exceptions_with_end_open.unwrap_or(0);
    let past = report.summary.exceptions_with_end_past.unwrap_or(0);
    let words = in_words_of(past, "exception is past its end", "exceptions are past their ends");
    said.put(past > 0, || format!("{words}, and still open."), String::new);
    let holds = open.saturating_sub(past);
    let words = in_words_of(holds, "exception holds", "exceptions hold");
    if holds > 0 {
        said.put(false, String::new, || format!("{words}, with an owner and an end that has not come."));
    } else if past == 0 {
        said.put(false, String::new, || none_of(report, "No exception holds."));
    }
}

fn passes_verdict(report: &Report, said: &mut Said) {
    let Some(passes) = &report.passes else { return };
    let open = report.summary.passes_open.unwrap_or(0);
    let past = report.summary.passes_past.unwrap_or(0);
    let words = in_words_of(past, "pass is", "passes are");
    said.put(
        past > 0,
        || {
            format!(
                "{words} over and still open: nobody has said that new methods were registered and old ones removed."
            )
        },
        String::new,
    );
    let live = open.saturating_sub(past);
    let words = in_words_of(live, "pass is", "passes are");
    said.put(live > 0, || format!("{words} live: codes are in somebody else's hands."), String::new);
    if open == 0 {
        said.put(false, String::new, || none_of(report, "No pass is open."));
    }
    let unidentified = passes.iter().filter(|pass| pass.identified.is_none()).count();
    let words = in_words(unidentified, "pass", "passes");
    said.put(
        unidentified > 0,
        || format!("Of {words} nobody has said how the person was identified."),
        String::new,
    );
}

/// What is said where there is nothing; nothing where something could not be read.
fn none_of(report: &Report, words: &str) -> String {
    if report.vault.items_unread.unwrap_or(0) > 0 { String::new() } else { words.to_owned() }
}

fn plan_verdict(plan: &Plan, said: &mut Said) {
    let Some(check) = &plan.check else {
        said.put(true, || why_unchecked(plan).to_owned(), String::new);
        return;
    };
    if check.accounts == 0 {
        said.put(true, || "The recovery plan has no account in it.".to_owned(), String::new);
        return;
    }
    let words = in_words_of(check.unreachable, "account", "accounts");
    said.put(
        check.unreachable > 0,
        || format!("By the recovery plan {words} cannot be reached even now."),
        || "By the recovery plan every account can be reached.".to_owned(),
    );
    let accounts = in_words_of(check.accounts_at_one_loss, "account", "accounts");
    let points = in_words_of(check.single_points, "thing is a single point", "things are single points");
    let privileged = check.privileged_at_one_loss;
    said.put(
        check.single_points > 0,
        || {
            format!(
                "By the recovery plan a single loss takes away {accounts} ({privileged} privileged): {points} of failure."
            )
        },
        || "By the recovery plan no single loss takes an account away.".to_owned(),
    );
    let unwise: u64 = check.flags.iter().map(|flag| flag.count).sum();
    let words = in_words_of(unwise, "thing", "things");
    said.put(
        unwise > 0,
        || format!("The recovery plan has {words} that are unwise without any loss."),
        String::new,
    );
}

fn why_unchecked(plan: &Plan) -> &'static str {
    match plan.state.as_str() {
        "none" => "There is no recovery plan: what each account depends on is not known.",
        "unread" => "The recovery plan was written by a newer version, and could not be checked.",
        _ => {
            "The recovery plan could not be checked: together with what the vault knows now it means nothing."
        }
    }
}

/// The sections.
pub(super) fn sections(report: &Report, blocks: &mut Vec<Block>) {
    let none = |words: &'static str| {
        if report.vault.items_unread.unwrap_or(0) > 0 { "None that this version could read." } else { words }
    };
    if let Some(incidents) = &report.incidents {
        incidents_section(incidents, none("None in the period."), blocks);
    }
    if let Some(exceptions) = &report.exceptions_with_end {
        section(
            blocks,
            "Exceptions with an owner and an end",
            none("None in the period."),
            &["Account", "What", "Owner", "Since", "Until", "State"],
            open_first(exceptions, |one| one.state != "ended").map(exception).collect(),
        );
    }
    if let Some(passes) = &report.passes {
        section(
            blocks,
            "Passes that were issued",
            none("None in the period."),
            &["Account", "To, and why", "Identified by", "Words went by", "Window", "State"],
            open_first(passes, |one| one.state != "closed").map(pass).collect(),
        );
    }
    if let Some(plan) = &report.plan {
        plan_section(plan, blocks);
    }
}

fn open_first<T>(all: &[T], is_open: impl Fn(&T) -> bool + Copy) -> impl Iterator<Item = &T> {
    all.iter().filter(move |one| is_open(one)).chain(all.iter().filter(move |one| !is_open(one)))
}

fn words(name: &str) -> String {
    shown(name).replace('-', " ")
}

fn because(reason: Option<&String>) -> String {
    reason.map(|reason| format!(", because {}", shown(reason))).unwrap_or_default()
}

fn incidents_section(incidents: &[Incident], none: &str, blocks: &mut Vec<Block>) {
    let in_order = || open_first(incidents, |one| one.closed.is_none());
    section(
        blocks,
        "Incidents",
        none,
        &["Incident", "What", "Opened", "Done", "Closed"],
        in_order().map(incident).collect(),
    );
    let rows: Vec<Vec<Cell>> = in_order().flat_map(tasks).collect();
    if !rows.is_empty() {
        blocks.push(Block::Says("What they left to do, and when it was done:".to_owned()));
        blocks.push(Block::Table { headings: vec!["Incident", "To do", "About", "Done"], rows });
    }
}

fn incident(incident: &Incident) -> Vec<Cell> {
    let subject = incident.subject.as_ref().map(|subject| format!(": {}", shown(subject)));
    let until = incident.until.as_ref().map(|until| format!(", until {}", moment(until)));
    let all = incident.tasks.len();
    let done = all.saturating_sub(usize::try_from(incident.left).unwrap_or(usize::MAX));
    vec![
        Cell::of(shown(&incident.id)),
        Cell::of(format!(
            "{}{}{}{}",
            words(&incident.kind),
            subject.unwrap_or_default(),
            because(incident.reason.as_ref()),
            until.unwrap_or_default()
        )),
        Cell::of(moment(&incident.opened)),
        Cell::warning_if(incident.left > 0, format!("{done} of {all}")),
        incident.closed.as_deref().map_or_else(|| Cell::warning("open"), |at| Cell::of(moment(at))),
    ]
}

/// What an incident left to do, what is still to be done first.
fn tasks(incident: &Incident) -> Vec<Vec<Cell>> {
    let told = open_first(&incident.tasks, |task| task.done.is_none());
    let mut rows: Vec<Vec<Cell>> = told.take(MOST_TASKS).map(|one| task(incident, one)).collect();
    let more = incident.tasks.len().saturating_sub(rows.len());
    if more > 0 {
        let nothing = || Cell::of("");
        let words = format!("{more} more, which evidence.json has");
        rows.push(vec![Cell::of(shown(&incident.id)), Cell::of(words), nothing(), nothing()]);
    }
    rows
}

fn task(incident: &Incident, task: &Task) -> Vec<Cell> {
    let about = match (&task.entry, &task.about) {
        (Some(_), Some(about)) => format!("{}, gone for good", shown(about)),
        (Some(entry), None) => name(entry).text,
        (None, Some(about)) => shown(about),
        (None, None) => String::new(),
    };
    let privileged = if task.privileged { " (privileged)" } else { "" };
    let note = |note: &Option<String>| note.as_ref().map(|note| format!("; {}", shown(note)));
    let about = format!("{about}{privileged}{}", note(&task.note).unwrap_or_default());
    let done = task.done.as_deref().map(|at| {
        let by = if task.by_itself == Some(true) { ", as Lifeboat saw" } else { ", as somebody said" };
        format!("{}{by}{}", moment(at), note(&task.done_note).unwrap_or_default())
    });
    vec![
        Cell::of(shown(&incident.id)),
        Cell::of(step_in_words(&task.step)),
        Cell::of(about.trim_start_matches("; ")),
        done.map_or_else(|| Cell::warning("not yet"), Cell::of),
    ]
}

fn exception(exception: &ExceptionWithEnd) -> Vec<Cell> {
    let state = match (exception.state.as_str(), &exception.ended) {
        ("holds", _) => Cell::of("holds"),
        ("past", _) => Cell::warning("past its end"),
        (_, ended) => Cell::of(format!("ended {}", ended.as_deref().map(day).unwrap_or_default())),
    };
    vec![
        name(&exception.entry),
        Cell::of(format!("{}{}", kind_in_words(&exception.kind), because(exception.reason.as_ref()))),
        Cell::of(shown(&exception.owner)),
        Cell::of(day(&exception.added)),
        Cell::of(day(&exception.until)),
        state,
    ]
}

fn pass(pass: &Pass) -> Vec<Cell> {
    let privileged = if pass.privileged { " (privileged)" } else { "" };
    let answer = |answer: &Option<String>| match answer {
        Some(answer) => Cell::of(shown(answer)),
        None => Cell::warning("not said"),
    };
    let state = match (pass.state.as_str(), &pass.closed) {
        ("live", _) => Cell::warning("open, and live"),
        ("past", _) => Cell::warning("open, and over"),
        (_, closed) => Cell::of(format!("closed {}", closed.as_deref().map(day).unwrap_or_default())),
    };
    vec![
        Cell::of(format!("{}{privileged}", name(&pass.entry).text)),
        Cell::of(format!("{}{}", shown(&pass.to), because(pass.reason.as_ref()))),
        answer(&pass.identified),
        answer(&pass.channel),
        Cell::of(format!("{} to {}", moment(&pass.from), moment(&pass.until))),
        state,
    ]
}

fn plan_section(plan: &Plan, blocks: &mut Vec<Block>) {
    blocks.push(Block::Heading("Recovery plan"));
    let changed = plan.last_changed.as_deref().map_or_else(|| "not in the log".to_owned(), moment);
    let Some(check) = &plan.check else {
        blocks.push(Block::Says(why_unchecked(plan).to_owned()));
        if plan.last_changed.is_some() {
            blocks.push(Block::Facts(vec![("Last changed", changed)]));
        }
        return;
    };
    blocks.push(Block::Says(
        "What each account can be reached through is written down in the vault, and was checked for this report: as it is \
         now, and without each single thing. The plan says what depends on what; that is no part of a report."
            .to_owned(),
    ));
    blocks.push(Block::Facts(plan_facts(plan, check, changed)));
    let rows: Vec<Vec<Cell>> = check.weak_accounts.iter().map(weak_account).collect();
    if !rows.is_empty() {
        blocks.push(Block::Says(
            "Accounts that cannot be reached, or that a single loss takes away:".to_owned(),
        ));
        let headings = vec!["Account", "Privileged", "Can be reached now", "Taken away by"];
        blocks.push(Block::Table { headings, rows });
    }
    let rows: Vec<Vec<Cell>> = check.flags.iter().map(plan_flag).collect();
    if !rows.is_empty() {
        blocks.push(Block::Says("Unwise before anything is lost:".to_owned()));
        blocks.push(Block::Table { headings: vec!["What", "How often", "Accounts"], rows });
    }
}

fn plan_facts(plan: &Plan, check: &PlanCheck, changed: String) -> Vec<(&'static str, String)> {
    vec![
        ("Last changed", changed),
        (
            "Looks at",
            format!(
                "{}; {} written down, and what the vault knows by itself",
                in_words_of(check.accounts, "account", "accounts"),
                in_words_of(plan.things, "thing", "things")
            ),
        ),
        ("Cannot be reached now", in_words_of(check.unreachable, "account", "accounts")),
        (
            "Single points of failure",
            format!(
                "{}, for {}",
                in_words_of(check.single_points, "thing", "things"),
                in_words_of(check.accounts_at_one_loss, "account", "accounts")
            ),
        ),
        (
            "Named losses",
            format!(
                "{} of {} (places, people, networks and the person's own) take an account away",
                check.scenarios_with_loss, check.scenarios
            ),
        ),
    ]
}

fn weak_account(account: &WeakAccount) -> Vec<Cell> {
    let losses = in_words_of(account.single_points, "single loss", "single losses");
    vec![
        Cell::of(shown(&account.name)),
        Cell::warning_if(account.privileged, yes(account.privileged)),
        Cell::warning_if(!account.reachable, yes(account.reachable)),
        Cell::of(if account.single_points == 0 { String::new() } else { losses }),
    ]
}

fn plan_flag(flag: &PlanFlag) -> Vec<Cell> {
    let named: Vec<String> = flag.accounts.iter().take(MOST_NAMED).map(|account| shown(account)).collect();
    let more = flag.accounts.len().saturating_sub(named.len());
    let more = if more > 0 { format!(" and {more} more") } else { String::new() };
    vec![
        Cell::of(flag_in_words(&flag.kind)),
        Cell::of(flag.count.to_string()),
        Cell::of(format!("{}{more}", named.join(", "))),
    ]
}

/// A step of an incident.
fn step_in_words(step: &str) -> String {
    let in_words = match step {
        "change-passphrase" => "change the passphrase",
        "prove" => "see that a code is accepted",
        "re-bundle" => "make a new bundle",
        "re-register" => "register the new method",
        "remove-old-method" => "remove the old method",
        "replace-shares" => "make a new share set",
        "review" => "look through what was shown",
        "rotate-seed" => "rotate the seed",
        "verify-identity" => "verify the identity",
        "way-in-meanwhile" => "a way in meanwhile",
        other => return words(other),
    };
    in_words.to_owned()
}

/// What an exception allows.
fn kind_in_words(kind: &str) -> String {
    let in_words = match kind {
        "clone" => "the seed lies on another device too",
        "no-second-factor" => "the account is without its second factor",
        "not-drilled" => "drills do not look at it",
        "skipped-proof" => "no code has to be seen to be accepted",
        other => return words(other),
    };
    in_words.to_owned()
}

fn flag_in_words(kind: &str) -> String {
    let words = match kind {
        "one-factor" => "privileged, with one factor only",
        "none-resists-phishing" => "privileged, with no factor that resists phishing",
        "sms-only" => "the only second factor is SMS",
        "sms-beside" => "the only other way in is SMS",
        "shares-together" => "enough shares of one quorum in one place or with one person",
        "same-place" => "the vault and an authenticator in one place",
        "old-bundle" => "a bundle that is older than its entries",
        "on-lost-device" => "a factor on a device that is marked as lost",
        "lost" => "marked as lost",
        "names-nothing" => "named by the plan, and not there any more",
        "switching-off" => "switching the second factor off as a way in",
        "without-second-factor" => "without its second factor, by an exception",
        other => return words(other),
    };
    words.to_owned()
}

/// What these parts do not prove.
pub(super) fn not_proven(report: &Report) -> Vec<String> {
    if report.plan.is_none() {
        return Vec::new();
    }
    [
        "What was done about an incident, that a pass was followed by new methods and the end of old ones, and how \
         somebody was identified, is what a person said, except where the program saw it.",
        "A pass that was closed is not taken back: who has its file and its words can read the codes of its window.",
        "The recovery plan is what somebody wrote down. Whether the things are where it says was not looked at.",
    ]
    .map(str::to_owned)
    .to_vec()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::plan::FlagKind;
    use crate::recovery::exception::ExceptionKind;
    use crate::recovery::incident::TaskStep;

    #[test]
    fn every_step_every_exception_and_every_flag_has_words() {
        for step in TaskStep::ALL {
            // One word says it as it is.
            assert!(step.name() == "review" || step_in_words(step.name()) != words(step.name()), "{step:?}");
        }
        for kind in ExceptionKind::ALL {
            assert_ne!(kind_in_words(kind.name()), words(kind.name()));
        }
        for kind in FlagKind::ALL {
            assert_ne!(flag_in_words(kind.name()), words(kind.name()));
        }
    }

    #[test]
    fn what_a_later_version_has_is_told_by_its_name() {
        assert_eq!(flag_in_words("two-desks"), "two desks");
        assert_eq!(step_in_words("call-the-bank"), "call the bank");
    }
}
