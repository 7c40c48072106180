//! Why something is not there, and how to get to what is.

use std::cmp::Reverse;
use std::collections::{BinaryHeap, HashSet};

use super::graph::{Edge, Graph};
use super::standing::Standing;

/// Why one thing is not there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reason {
    /// The thing.
    pub thing: usize,
    /// It is lost itself; then there is nothing more to say.
    pub lost: bool,
    /// What it needs always and is not there.
    pub needs: Vec<usize>,
    /// For each of its ways in, in the plan's order, what is missing of it.
    pub ways: Vec<Vec<usize>>,
}

/// Why something is not there: the thing itself first, then what it lacks, each once; and the circles among them.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Why {
    /// The reasons, each before those that it leads to.
    pub reasons: Vec<Reason>,
    /// Things of which each needs the next, and the last the first.
    pub circles: Vec<Vec<usize>>,
}

/// Says why a thing is not there; nothing for one that is.
pub fn why(graph: &Graph, standing: &Standing, thing: usize) -> Why {
    let mut walk = Walk { graph, standing, seen: HashSet::new(), path: Vec::new(), why: Why::default() };
    if !standing.is_there(thing) {
        walk.visit(thing);
    }
    walk.why
}

struct Walk<'a> {
    graph: &'a Graph,
    standing: &'a Standing,
    seen: HashSet<usize>,
    path: Vec<usize>,
    why: Why,
}

impl Walk<'_> {
    // As deep as the plan has things, which are few thousand at most; a frame is small.
    fn visit(&mut self, thing: usize) {
        if let Some(start) = self.path.iter().position(|on_path| *on_path == thing) {
            self.why.circles.push(self.path.get(start..).unwrap_or_default().to_vec());
            return;
        }
        if !self.seen.insert(thing) {
            return;
        }
        let lost = self.standing.is_lost(thing);
        let missing = |of: &[usize]| -> Vec<usize> {
            of.iter().copied().filter(|other| !self.standing.is_there(*other)).collect()
        };
        let (needs, ways) = if lost {
            (Vec::new(), Vec::new())
        } else {
            let gates = self.graph.gates_of.get(thing).into_iter().flatten();
            let ways =
                gates.filter_map(|gate| self.graph.gates.get(*gate)).map(|gate| missing(&gate.members));
            (missing(self.graph.needs.get(thing).map_or(&[][..], Vec::as_slice)), ways.collect())
        };
        let further: Vec<usize> = needs.iter().chain(ways.iter().flatten()).copied().collect();
        self.why.reasons.push(Reason { thing, lost, needs, ways });
        self.path.push(thing);
        for other in further {
            self.visit(other);
        }
        self.path.pop();
    }
}

/// A step on the way to something.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// What is reached by it.
    pub thing: usize,
    /// What it takes, all of it reached before.
    pub by: Vec<usize>,
}

/// The shortest way to a thing that is there, in the order in which it is gone: each step uses only what stands before
/// it. Nothing for a thing that is not there.
///
/// The length of a way is the number of its steps, where what two branches share counts for both (Knuth's
/// generalisation of Dijkstra's algorithm, 1977; the shortest with shared steps counted once is not to be had in a
/// reasonable time).
pub fn bootstrap(graph: &Graph, standing: &Standing, thing: usize) -> Vec<Step> {
    let mut taken: Vec<Option<Vec<usize>>> = vec![None; graph.len()];
    let mut costs: Vec<u64> = vec![0; graph.len()];
    let mut queue = BinaryHeap::new();
    let nothing_first = |owner: &usize| graph.needs.get(*owner).is_none_or(Vec::is_empty);
    for start in (0..graph.len()).filter(nothing_first) {
        offer(graph, standing, start, &taken, &costs, &mut queue);
    }
    while let Some(Reverse((cost, reached, by))) = queue.pop() {
        let Some(slot @ None) = taken.get_mut(reached) else { continue };
        *slot = Some(by);
        if let Some(slot) = costs.get_mut(reached) {
            *slot = cost;
        }
        if reached == thing {
            break;
        }
        for edge in graph.edges.get(reached).into_iter().flatten() {
            let owner = match *edge {
                Edge::Need(owner) => Some(owner),
                Edge::Member(gate) => graph.gates.get(gate).map(|gate| gate.owner),
            };
            if let Some(owner) = owner {
                offer(graph, standing, owner, &taken, &costs, &mut queue);
            }
        }
    }
    let mut steps = Vec::new();
    in_order(thing, &taken, &mut HashSet::new(), &mut steps);
    steps
}

type Queue = BinaryHeap<Reverse<(u64, usize, Vec<usize>)>>;

/// Puts the cheapest way to a thing into the queue, out of what was reached so far; nothing when there is none yet.
fn offer(
    graph: &Graph,
    standing: &Standing,
    thing: usize,
    taken: &[Option<Vec<usize>>],
    costs: &[u64],
    queue: &mut Queue,
) {
    let is_taken = |other: usize| taken.get(other).is_some_and(Option::is_some);
    let needs = graph.needs.get(thing).map_or(&[][..], Vec::as_slice);
    if standing.is_lost(thing) || is_taken(thing) || !needs.iter().all(|need| is_taken(*need)) {
        return;
    }
    let cost_of = |other: &usize| costs.get(*other).copied().unwrap_or(u64::MAX);
    let gates = graph.gates_of.get(thing).map_or(&[][..], Vec::as_slice);
    let open = gates.iter().filter_map(|gate| graph.gates.get(*gate)).filter_map(|gate| {
        let mut reached: Vec<usize> =
            gate.members.iter().copied().filter(|member| is_taken(*member)).collect();
        // The cheapest of them are enough.
        reached.sort_by_key(|member| (cost_of(member), *member));
        reached.truncate(gate.at_least);
        (reached.len() == gate.at_least).then_some(reached)
    });
    let length = |by: &Vec<usize>| by.iter().map(cost_of).fold(0, u64::saturating_add);
    let carried = if gates.is_empty() { Some(Vec::new()) } else { open.min_by_key(length) };
    let Some(carried) = carried else { return };
    let mut by = needs.to_vec();
    by.extend(carried.into_iter().filter(|member| !needs.contains(member)));
    queue.push(Reverse((length(&by).saturating_add(1), thing, by)));
}

fn in_order(thing: usize, taken: &[Option<Vec<usize>>], done: &mut HashSet<usize>, steps: &mut Vec<Step>) {
    let Some(Some(by)) = taken.get(thing) else { return };
    if !done.insert(thing) {
        return;
    }
    for other in by {
        in_order(*other, taken, done, steps);
    }
    steps.push(Step { thing, by: by.clone() });
}
