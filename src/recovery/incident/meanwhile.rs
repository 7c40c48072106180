//! The way in until the rest is done: what of the plan still stands after the loss.

use std::cell::Cell;
use std::collections::HashMap;

use crate::recovery::plan::{Graph, Plan, Standing, ThingKind, bootstrap};

/// For so many accounts the shortest way is looked for; that there is one is known of all.
const MOST_TOLD: usize = 500;
/// Most things that a way in names.
const MOST_NAMED: usize = 6;

/// A way in after the loss.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum WayIn {
    /// None stands, by the plan.
    Gone,
    /// The plan does not say.
    NotKnown,
    /// One stands; what it takes, in words, safe to show; empty where it was not looked for.
    Stands(String),
}

/// The plan after the loss.
#[derive(Debug)]
pub struct Meanwhile<'a> {
    plan: &'a Plan,
    found: Option<(Graph, Standing)>,
    by_name: HashMap<&'a str, usize>,
    n_left: Cell<usize>,
}

impl<'a> Meanwhile<'a> {
    /// Loses things of a plan, by their places. Of a plan that means nothing no way in is known.
    pub fn after(plan: &'a Plan, losses: &[usize]) -> Self {
        let found = Graph::new(plan).ok().map(|graph| {
            let standing = Standing::after(&graph, losses);
            (graph, standing)
        });
        let by_name = plan.things.iter().enumerate().map(|(place, thing)| (thing.name.raw(), place));
        Self { plan, found, by_name: by_name.collect(), n_left: Cell::new(MOST_TOLD) }
    }

    /// Tells whether the plan could be looked at.
    pub const fn is_known(&self) -> bool {
        self.found.is_some()
    }

    /// The way into an account, by its name in the plan.
    pub fn way_into(&self, account: &str) -> WayIn {
        let (Some((graph, standing)), Some(place)) = (&self.found, self.by_name.get(account)) else {
            return WayIn::NotKnown;
        };
        if !standing.is_there(*place) {
            return WayIn::Gone;
        }
        if self.n_left.get() == 0 {
            return WayIn::Stands(String::new());
        }
        self.n_left.set(self.n_left.get() - 1);
        let steps = bootstrap(graph, standing, *place);
        let by_of =
            |thing: usize| steps.iter().find(|step| step.thing == thing).map(|step| step.by.as_slice());
        let mut names: Vec<String> = Vec::new();
        for thing in by_of(*place).unwrap_or_default() {
            if self.plan.things.get(*thing).is_some_and(|thing| thing.kind == ThingKind::Code) {
                // What makes the code says more than its name, which is the account's.
                let makers: Vec<String> =
                    by_of(*thing).unwrap_or_default().iter().map(|maker| self.name(*maker)).collect();
                names.push(format!("a code of {}", makers.join(" and ")));
            } else {
                names.push(self.name(*thing));
            }
        }
        let more = names.len().saturating_sub(MOST_NAMED);
        names.truncate(MOST_NAMED);
        if more > 0 {
            names.push(format!("{more} more"));
        }
        WayIn::Stands(names.join(" and "))
    }

    fn name(&self, thing: usize) -> String {
        self.plan.things.get(thing).map(|thing| thing.name.shown()).unwrap_or_default()
    }
}
