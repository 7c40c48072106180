//! A plan in numbers: names looked up once, everything that could make it meaningless refused by name.

use std::collections::HashMap;

use super::{LONGEST_NAME, MOST_TOGETHER, MOST_TOLD_AND_KNOWN, MOST_WAYS, Plan};
use crate::entry::Label;

/// What makes a plan meaningless. All of a plan's are reported together.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum PlanError {
    /// Two things have one name.
    #[error("two things have the name \"{0}\"")]
    NameTwice(Label),
    /// A name is empty or longer than [`LONGEST_NAME`].
    #[error("thing {0} has an empty name, or one of more than {LONGEST_NAME} bytes")]
    BadName(usize),
    /// A name that nothing has.
    #[error("\"{thing}\" names \"{unknown}\", and nothing in the plan has that name")]
    Unknown {
        /// The thing, or the scenario, that names it.
        thing: Label,
        /// The name.
        unknown: Label,
    },
    /// A way in without anything in it would always be open.
    #[error("a way in of \"{0}\" is empty")]
    EmptyWay(Label),
    /// One thing stands twice in a way in.
    #[error("a way in of \"{thing}\" names \"{member}\" twice")]
    MemberTwice {
        /// The thing.
        thing: Label,
        /// What it names twice.
        member: Label,
    },
    /// A quorum of none, or of more than there are.
    #[error("a way in of \"{thing}\" asks for {at_least} of {of}")]
    BadQuorum {
        /// The thing.
        thing: Label,
        /// How many it asks for.
        at_least: u8,
        /// How many there are.
        of: usize,
    },
    /// More than a plan may hold.
    #[error("{0}")]
    TooMuch(Label),
}

/// A gate of a thing: it opens when enough of its members are there.
#[derive(Debug)]
pub(super) struct Gate {
    pub(super) owner: usize,
    pub(super) members: Vec<usize>,
    pub(super) at_least: usize,
}

/// What becomes nearer when a thing is there.
#[derive(Debug, Clone, Copy)]
pub(super) enum Edge {
    /// This thing needs it always.
    Need(usize),
    /// It is a member of this gate.
    Member(usize),
}

/// A plan in numbers. A thing's number is its place in [`Plan::things`].
#[derive(Debug)]
pub struct Graph {
    /// What each thing needs always.
    pub(super) needs: Vec<Vec<usize>>,
    /// The gates of each thing, by their numbers.
    pub(super) gates_of: Vec<Vec<usize>>,
    pub(super) gates: Vec<Gate>,
    /// What each thing brings nearer.
    pub(super) edges: Vec<Vec<Edge>>,
    /// What is lost today.
    pub(super) lost: Vec<usize>,
    /// What each scenario loses.
    scenarios: Vec<Vec<usize>>,
}

impl Graph {
    /// Reads a plan.
    ///
    /// # Errors
    ///
    /// Everything that is wrong with it, in the plan's order.
    pub fn new(plan: &Plan) -> Result<Self, Vec<PlanError>> {
        let mut errors = Vec::new();
        if plan.things.len() > MOST_TOLD_AND_KNOWN {
            let words = format!("the plan has more than {MOST_TOLD_AND_KNOWN} things");
            return Err(vec![PlanError::TooMuch(Label::new(words))]);
        }
        let mut numbers = HashMap::with_capacity(plan.things.len());
        for (number, thing) in plan.things.iter().enumerate() {
            let name = thing.name.raw();
            if name.trim().is_empty() || name.len() > LONGEST_NAME {
                errors.push(PlanError::BadName(number + 1));
            } else if numbers.insert(name, number).is_some() {
                errors.push(PlanError::NameTwice(thing.name.clone()));
            }
        }
        let n = plan.things.len();
        let mut graph = Self {
            needs: vec![Vec::new(); n],
            gates_of: vec![Vec::new(); n],
            gates: Vec::new(),
            edges: vec![Vec::new(); n],
            lost: (0..n).filter(|number| plan.things.get(*number).is_some_and(|thing| thing.lost)).collect(),
            scenarios: Vec::with_capacity(plan.scenarios.len()),
        };
        for (number, thing) in plan.things.iter().enumerate() {
            let mut look_up = |names: &[Label]| look_up(&numbers, &thing.name, names, &mut errors);
            let needs = look_up(&thing.needs);
            let ways: Vec<Vec<usize>> = thing.ways.iter().map(|way| look_up(&way.of)).collect();
            if needs.len() > MOST_TOGETHER || ways.len() > MOST_WAYS {
                let words = format!(
                    "\"{}\" has more than {MOST_WAYS} ways in, or needs more than {MOST_TOGETHER} things",
                    thing.name
                );
                errors.push(PlanError::TooMuch(Label::new(words)));
                continue;
            }
            for (way, members) in thing.ways.iter().zip(ways) {
                match judge(&thing.name, &way.of, way.at_least) {
                    Ok(at_least) => graph.add_gate(Gate { owner: number, members, at_least }),
                    Err(error) => errors.push(error),
                }
            }
            graph.set_needs(number, needs);
        }
        for scenario in &plan.scenarios {
            graph.scenarios.push(look_up(&numbers, &scenario.name, &scenario.lose, &mut errors));
        }
        if errors.is_empty() { Ok(graph) } else { Err(errors) }
    }

    /// How many things there are.
    pub fn len(&self) -> usize {
        self.edges.len()
    }

    /// Tells whether there is nothing.
    pub fn is_empty(&self) -> bool {
        self.edges.is_empty()
    }

    /// What a scenario loses, by its place in [`Plan::scenarios`].
    pub fn scenario(&self, number: usize) -> &[usize] {
        self.scenarios.get(number).map_or(&[], Vec::as_slice)
    }

    fn set_needs(&mut self, owner: usize, mut needs: Vec<usize>) {
        needs.sort_unstable();
        needs.dedup();
        for need in &needs {
            if let Some(edges) = self.edges.get_mut(*need) {
                edges.push(Edge::Need(owner));
            }
        }
        if let Some(slot) = self.needs.get_mut(owner) {
            *slot = needs;
        }
    }

    fn add_gate(&mut self, gate: Gate) {
        let number = self.gates.len();
        for member in &gate.members {
            if let Some(edges) = self.edges.get_mut(*member) {
                edges.push(Edge::Member(number));
            }
        }
        if let Some(gates) = self.gates_of.get_mut(gate.owner) {
            gates.push(number);
        }
        self.gates.push(gate);
    }
}

/// The numbers of names; one that nothing has is reported and left out.
fn look_up(
    numbers: &HashMap<&str, usize>,
    of: &Label,
    names: &[Label],
    errors: &mut Vec<PlanError>,
) -> Vec<usize> {
    let mut found = Vec::with_capacity(names.len());
    for name in names {
        match numbers.get(name.raw()) {
            Some(number) => found.push(*number),
            None => errors.push(PlanError::Unknown { thing: of.clone(), unknown: name.clone() }),
        }
    }
    found
}

/// How many members of a way in have to be there.
fn judge(thing: &Label, of: &[Label], at_least: Option<u8>) -> Result<usize, PlanError> {
    if of.is_empty() {
        return Err(PlanError::EmptyWay(thing.clone()));
    }
    if of.len() > MOST_TOGETHER {
        let words = format!("a way in of \"{thing}\" needs more than {MOST_TOGETHER} things together");
        return Err(PlanError::TooMuch(Label::new(words)));
    }
    let mut sorted: Vec<&Label> = of.iter().collect();
    sorted.sort_unstable();
    let twice = sorted.windows(2).find_map(|pair| match pair {
        [one, next] if one == next => Some(*one),
        _ => None,
    });
    if let Some(member) = twice {
        return Err(PlanError::MemberTwice { thing: thing.clone(), member: member.clone() });
    }
    match at_least {
        None => Ok(of.len()),
        Some(k) if k == 0 || usize::from(k) > of.len() => {
            Err(PlanError::BadQuorum { thing: thing.clone(), at_least: k, of: of.len() })
        }
        Some(k) => Ok(usize::from(k)),
    }
}
