//! One of several is chosen: a scenario whose losses are marked, or a template to start from.

use super::WhatIf;
use crate::app::plan::{self, TEMPLATES};
use crate::app::status::count;
use crate::entry::Label;

/// What is chosen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Choosing {
    /// Losses with a name.
    Scenario,
    /// A plan to start from.
    Template,
}

/// One of several, to be chosen.
#[derive(Debug)]
pub struct PlanChoice {
    /// What is chosen.
    pub what: Choosing,
    /// A row each.
    pub rows: Vec<PlanChoiceRow>,
    /// The selected one.
    pub selected: usize,
}

/// One that can be chosen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlanChoiceRow {
    /// Its name, safe to show.
    pub name: String,
    /// What is known of it.
    pub facts: Vec<(&'static str, String)>,
    /// What a scenario loses.
    pub lose: Vec<Label>,
    /// The name of a template.
    pub template: Option<&'static str>,
}

impl PlanChoice {
    /// The losses of a plan that have a name. What each would take away is worked out at once.
    pub fn of_scenarios(what_if: &WhatIf) -> Self {
        let at_hand = what_if.at_hand();
        let row = |named: plan::NamedLoss| {
            let after = at_hand.after(&named.lose);
            let taken = at_hand.taken_away(&after, &named.lose);
            let takes = if taken.is_empty() {
                "no account: every one is still reached".to_owned()
            } else {
                let n = count(taken.len(), "account", "accounts");
                format!("{n}: {}", what_if.names(taken))
            };
            let things = named.lose.iter().filter_map(|number| what_if.thing(*number));
            PlanChoiceRow {
                facts: vec![("loses", what_if.names(named.lose.iter().copied())), ("takes away", takes)],
                lose: things.map(|thing| thing.name.clone()).collect(),
                name: named.name,
                template: None,
            }
        };
        let rows = at_hand.named_losses().into_iter().map(row).collect();
        Self { what: Choosing::Scenario, rows, selected: 0 }
    }

    /// The templates.
    pub fn of_templates() -> Self {
        let row = |template: plan::Template| {
            let things =
                plan::read_toml(template.toml.as_bytes()).map(|plan| plan.things).unwrap_or_default();
            let names: Vec<String> = things.iter().map(|thing| thing.name.shown()).collect();
            PlanChoiceRow {
                name: template.name.to_owned(),
                facts: vec![
                    ("for", template.what.to_owned()),
                    ("holds", count(things.len(), "thing", "things")),
                    ("", names.join(", ")),
                ],
                lose: Vec::new(),
                template: Some(template.name),
            }
        };
        Self { what: Choosing::Template, rows: TEMPLATES.into_iter().map(row).collect(), selected: 0 }
    }

    /// The selected row.
    pub fn row(&self) -> Option<&PlanChoiceRow> {
        self.rows.get(self.selected)
    }

    /// Moves the selection.
    pub fn move_by(&mut self, by: isize) {
        self.selected = self.selected.saturating_add_signed(by).min(self.rows.len().saturating_sub(1));
    }

    pub(super) const fn name(&self) -> &'static str {
        match self.what {
            Choosing::Scenario => "Scenarios",
            Choosing::Template => "Templates",
        }
    }
}
