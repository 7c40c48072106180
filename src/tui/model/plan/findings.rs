//! What a check of the plan has found, a row each, the worst first.

use std::collections::BTreeSet;

use crate::app::plan::{Found, PlanChecked, ScenarioFound};
use crate::app::status::count;
use crate::entry::Label;

/// What a check has found.
#[derive(Debug, Default)]
pub struct PlanFindings {
    /// What was checked, in words.
    pub heading: String,
    /// How many things were lost together at most.
    pub depth: usize,
    /// A row each.
    pub rows: Vec<PlanFinding>,
    /// The selected one.
    pub selected: usize,
}

/// One thing that was found, safe to show.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlanFinding {
    /// What sort of finding it is, in a word.
    pub sort: &'static str,
    /// What is lost, or what it is about.
    pub about: String,
    /// What that takes away, or what is unwise.
    pub says: String,
    /// Everything that is known of it.
    pub facts: Vec<(&'static str, String)>,
    /// What is lost, as it stands in the plan.
    pub lost: Vec<Label>,
    /// It is something to see to.
    pub is_wrong: bool,
}

impl PlanFindings {
    /// Puts a check into rows: what is wrong now; what alone takes accounts away, ranked; named losses that do; circles;
    /// what is unwise; what takes accounts away together; and named losses that take nothing away.
    pub fn of(checked: &PlanChecked, depth: usize) -> Self {
        let mut rows: Vec<PlanFinding> = Vec::new();
        rows.extend(checked.unreachable_now.as_ref().map(|found| of_losses("now", found)));
        rows.extend(of_size(checked, 1).map(|found| of_losses("one", found)));
        let (bad, good): (Vec<_>, Vec<_>) =
            checked.scenarios.iter().partition(|scenario| scenario.found.is_some());
        rows.extend(bad.into_iter().map(of_scenario));
        rows.extend(circles(checked));
        rows.extend(checked.flags.iter().map(|flag| PlanFinding {
            sort: "unwise",
            about: flag.about.clone(),
            says: flag.words.clone(),
            facts: vec![("about", flag.about.clone()), ("unwise", flag.words.clone())],
            lost: Vec::new(),
            is_wrong: true,
        }));
        for (size, sort) in [(2, "two"), (3, "three")] {
            rows.extend(of_size(checked, size).map(|found| PlanFinding {
                // So it is for every account with two ways in, and nothing to see to by itself.
                is_wrong: false,
                ..of_losses(sort, found)
            }));
        }
        rows.extend(good.into_iter().map(of_scenario));
        Self { heading: heading(checked), depth, rows, selected: 0 }
    }

    /// The selected row.
    pub fn row(&self) -> Option<&PlanFinding> {
        self.rows.get(self.selected)
    }

    /// Moves the selection.
    pub fn move_by(&mut self, by: isize) {
        self.selected = self.selected.saturating_add_signed(by).min(self.rows.len().saturating_sub(1));
    }
}

fn heading(checked: &PlanChecked) -> String {
    let cases = count(usize::try_from(checked.n_looked_at).unwrap_or(usize::MAX), "case", "cases");
    let of = format!(
        "{} with {}: {cases} of loss",
        count(checked.n_things, "thing", "things"),
        count(checked.n_accounts, "account", "accounts"),
    );
    match checked.n_more {
        0 => of,
        n => format!("{of}; {n} more findings were counted and not kept"),
    }
}

/// The findings of so many losses together, the worst first.
fn of_size(checked: &PlanChecked, size: usize) -> impl Iterator<Item = &Found> {
    let mut found: Vec<&Found> = checked.findings.iter().filter(|found| found.losses.len() == size).collect();
    found.sort_by_key(|found| std::cmp::Reverse((found.n_privileged, found.accounts.len())));
    found.into_iter()
}

fn accounts(found: &Found) -> String {
    let privileged = match found.n_privileged {
        0 => String::new(),
        n => format!(", {n} privileged"),
    };
    let n = count(found.accounts.len(), "account", "accounts");
    format!("{n}{privileged}: {}", found.accounts.join(", "))
}

fn of_losses(sort: &'static str, found: &Found) -> PlanFinding {
    let about = if found.losses.is_empty() { "nothing is lost".to_owned() } else { found.losses.join(" + ") };
    let mut facts = vec![("lost", about.clone()), ("takes away", accounts(found))];
    let first = found.accounts.first().map(String::as_str).unwrap_or_default();
    // Of several accounts the reasons are those of the first.
    if found.accounts.len() > 1 && !found.why.is_empty() {
        facts.push(("why", format!("of {first}:")));
    }
    for (idx, chain) in found.why.iter().enumerate() {
        facts.push((if idx == 0 && found.accounts.len() == 1 { "why" } else { "" }, chain.clone()));
    }
    facts.extend(found.circle.iter().map(|circle| ("a circle", circle.clone())));
    PlanFinding { sort, about, says: accounts(found), facts, lost: found.lost.clone(), is_wrong: true }
}

fn of_scenario(scenario: &ScenarioFound) -> PlanFinding {
    let sort = "scenario";
    let mut row = match &scenario.found {
        Some(found) => of_losses(sort, found),
        None => PlanFinding {
            sort,
            about: String::new(),
            says: "every account is still reached".to_owned(),
            facts: vec![
                ("lost", scenario.lost.iter().map(Label::shown).collect::<Vec<_>>().join(" + ")),
                ("takes away", "no account".to_owned()),
            ],
            lost: Vec::new(),
            is_wrong: false,
        },
    };
    row.about.clone_from(&scenario.name);
    row.lost.clone_from(&scenario.lost);
    for reached in &scenario.reached {
        row.facts.push(("reached", reached.account.clone()));
        let steps = reached.steps.iter().zip(1..);
        row.facts.extend(steps.map(|(step, number)| ("", format!("{number}. {step}"))));
    }
    row
}

/// Each circle once, however many losses end in it; with the first of them.
fn circles(checked: &PlanChecked) -> Vec<PlanFinding> {
    let mut seen: BTreeSet<Vec<&str>> = BTreeSet::new();
    let named = checked.scenarios.iter().filter_map(|scenario| scenario.found.as_ref());
    let all = checked.unreachable_now.iter().chain(&checked.findings).chain(named);
    let mut rows = Vec::new();
    for found in all {
        let Some(circle) = &found.circle else { continue };
        // Where one begins to go around it is of no account.
        let mut links: Vec<&str> = circle.split(" · ").collect();
        links.sort_unstable();
        if seen.insert(links) {
            let of = of_losses("circle", found);
            rows.push(PlanFinding { about: of.about.clone(), says: circle.clone(), ..of });
        }
    }
    rows
}
