//! A plan and what a check of it found, as text and as JSON.

use serde_json::{Map, Value, json};

use crate::app::plan::{Found, PlanChecked, ScenarioFound};
use crate::app::status::count;
use crate::cli::render::fields;
use crate::entry::Label;
use crate::recovery::plan::{Scenario, Thing};

/// Most losses of one size that the text names; `--json` has all of them.
const MOST_NAMED: usize = 10;
/// Most accounts that a line names.
const MOST_ACCOUNTS: usize = 4;

/// A thing, and a line for each way in.
pub(super) fn thing(thing: &Thing, is_own: bool) -> String {
    let marks = [(thing.privileged, "privileged"), (thing.lost, "LOST"), (!is_own, "known by the vault")];
    let marks = marks.into_iter().filter(|(holds, _)| *holds).map(|(_, words)| words);
    let what: Vec<&str> = std::iter::once(thing.kind.name()).chain(marks).collect();
    let mut text = format!("{}  ({})\n", thing.name, what.join(", "));
    if !thing.needs.is_empty() {
        text.push_str(&format!("    needs    {}\n", names(&thing.needs, " and ")));
    }
    for way in &thing.ways {
        text.push_str(&format!("    way in   {}\n", way.shown()));
    }
    if !thing.note.is_empty() {
        text.push_str(&format!("    note     {}\n", Label::new(thing.note.as_str())));
    }
    text
}

fn names(names: &[Label], between: &str) -> String {
    names.iter().map(Label::shown).collect::<Vec<_>>().join(between)
}

pub(super) fn scenario(scenario: &Scenario) -> String {
    format!("scenario {}\n    loses    {}\n", scenario.name, names(&scenario.lose, ", "))
}

pub(super) fn thing_json(thing: &Thing, is_own: bool) -> Value {
    let ways = thing.ways.iter().map(|way| json!({ "of": raw(&way.of), "at_least": way.at_least }));
    json!({
        "name": thing.name.raw(),
        "kind": thing.kind.name(),
        "needs": raw(&thing.needs),
        "ways": ways.collect::<Vec<_>>(),
        "privileged": thing.privileged,
        "lost": thing.lost,
        "note": thing.note,
        "own": is_own,
    })
}

pub(super) fn scenario_json(scenario: &Scenario) -> Value {
    json!({ "name": scenario.name.raw(), "lose": raw(&scenario.lose) })
}

fn raw(names: &[Label]) -> Vec<&str> {
    names.iter().map(Label::raw).collect()
}

/// What a check found, the worst first.
pub(super) fn checked(checked: &PlanChecked) -> String {
    let mut text = String::new();
    if let Some(found) = &checked.unreachable_now {
        text.push_str("cannot be reached even now\n");
        text.push_str(&self::found(found, "  "));
    }
    let is_one_case = checked.n_looked_at == 0;
    for scenario in &checked.scenarios {
        text.push_str(&scenario_found(scenario, is_one_case));
    }
    for (size, heading) in
        [(1, "losing one thing"), (2, "losing two things together"), (3, "losing three things together")]
    {
        let of_size: Vec<&Found> =
            checked.findings.iter().filter(|found| found.losses.len() == size).collect();
        if of_size.is_empty() {
            continue;
        }
        text.push_str(&format!("{heading} ({})\n", count(of_size.len(), "case", "cases")));
        let mut worst_first = of_size;
        worst_first.sort_by_key(|found| std::cmp::Reverse((found.n_privileged, found.accounts.len())));
        for found in worst_first.iter().take(MOST_NAMED) {
            text.push_str(&self::found(found, "  "));
        }
        if let Some(more) = worst_first.len().checked_sub(MOST_NAMED).filter(|more| *more > 0) {
            text.push_str(&format!("  and {more} more, which --json names\n"));
        }
    }
    if !checked.flags.is_empty() {
        text.push_str("unwise without any loss\n");
        for flag in &checked.flags {
            text.push_str(&format!("  {}: {}\n", flag.about, flag.words));
        }
    }
    let of = format!(
        "checked {} with {}",
        count(checked.n_things, "thing", "things"),
        count(checked.n_accounts, "account", "accounts")
    );
    let more = match checked.n_more {
        0 => String::new(),
        n => format!("; {n} more cases were counted and not kept"),
    };
    let cases = match usize::try_from(checked.n_looked_at) {
        Ok(0) => "one case of loss".to_owned(),
        n => count(n.unwrap_or(usize::MAX), "case of loss", "cases of loss"),
    };
    text.push_str(&format!("{of}: {cases}{more}\n"));
    text
}

fn found(found: &Found, indent: &str) -> String {
    let mut accounts: Vec<&str> = found.accounts.iter().take(MOST_ACCOUNTS).map(String::as_str).collect();
    let more = found.accounts.len().saturating_sub(MOST_ACCOUNTS);
    let more_words = format!("{more} more");
    if more > 0 {
        accounts.push(&more_words);
    }
    let n = count(found.accounts.len(), "account", "accounts");
    let privileged =
        if found.n_privileged > 0 { format!(", {} privileged", found.n_privileged) } else { String::new() };
    let losses =
        if found.losses.is_empty() { String::new() } else { format!("{}: ", found.losses.join(" and ")) };
    let mut text = format!("{indent}{losses}{n}{privileged}: {}\n", accounts.join(", "));
    for chain in &found.why {
        text.push_str(&format!("{indent}    {chain}\n"));
    }
    if let Some(circle) = &found.circle {
        text.push_str(&format!("{indent}    a circle: {circle}\n"));
    }
    text
}

fn scenario_found(scenario: &ScenarioFound, is_one_case: bool) -> String {
    let mut text = match &scenario.found {
        None => format!("{}: every account is still reached\n", scenario.name),
        Some(found) => format!("{}: takes accounts away\n{}", scenario.name, self::found(found, "  ")),
    };
    // Where nothing is lost the ways are as they were, and --json tells them.
    let told = if scenario.found.is_some() || is_one_case { scenario.reached.as_slice() } else { &[] };
    for reached in told.iter().take(MOST_ACCOUNTS) {
        text.push_str(&format!("  reached: {}\n", reached.account));
        for (step, number) in reached.steps.iter().zip(1..) {
            text.push_str(&format!("    {number}. {step}\n"));
        }
    }
    text
}

/// What to do next.
pub(super) fn next(checked: &PlanChecked) -> Vec<String> {
    let mut lines = Vec::new();
    if let Some(worst) = checked.single_points.first() {
        lines.push(format!(
            "next: \"{}\" alone takes {} away: give each of them a way in that does not need it",
            worst.name,
            count(worst.n_accounts, "account", "accounts")
        ));
    }
    if checked.n_accounts == 0 {
        lines.push(
            "next: the plan has no account yet: lifeboat plan new, or lifeboat plan add NAME --kind account"
                .to_owned(),
        );
    }
    lines
}

pub(super) fn checked_json(checked: &PlanChecked) -> Map<String, Value> {
    let scenario = |scenario: &ScenarioFound| {
        let reached = scenario.reached.iter();
        let reached = reached.map(|reached| json!({ "account": reached.account, "steps": reached.steps }));
        json!({
            "name": scenario.name,
            "takes_away": scenario.found.as_ref().map(found_json),
            "reached": reached.collect::<Vec<_>>(),
        })
    };
    let point = checked.single_points.iter().map(
        |point| json!({ "name": point.name, "accounts": point.n_accounts, "privileged": point.n_privileged }),
    );
    let flags = checked.flags.iter().map(|flag| json!({ "about": flag.about, "words": flag.words }));
    fields([
        ("wrong", json!(checked.is_wrong())),
        ("things", json!(checked.n_things)),
        ("accounts", json!(checked.n_accounts)),
        ("cases", json!(checked.n_looked_at)),
        ("unreachable_now", json!(checked.unreachable_now.as_ref().map(found_json))),
        ("single_points", point.collect()),
        ("findings", checked.findings.iter().map(found_json).collect()),
        ("not_kept", json!(checked.n_more)),
        ("scenarios", checked.scenarios.iter().map(scenario).collect()),
        ("flags", flags.collect()),
    ])
}

fn found_json(found: &Found) -> Value {
    json!({
        "lost": found.losses,
        "accounts": found.accounts,
        "privileged": found.n_privileged,
        "why": found.why,
        "circle": found.circle,
    })
}
