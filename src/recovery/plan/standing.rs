//! What of a plan is there after losses.
//!
//! It is the least fixed point: a thing is there only when what carries it was there before it, so that a circle carries
//! nothing. Every thing that is there remembers which of its gates carried it. When one more thing is lost, only what
//! was carried by it, however far away, is looked at again; this is what makes losing every pair affordable.

use super::graph::{Edge, Graph};

/// No gate carries the thing: it has none.
const NO_GATE: usize = usize::MAX;

/// What is there after some losses.
#[derive(Debug, Clone)]
pub struct Standing {
    /// Whether each thing is there.
    is_there: Vec<bool>,
    /// Which gate carries each thing that is there.
    carried_by: Vec<usize>,
    /// What is lost itself.
    is_lost: Vec<bool>,
}

impl Standing {
    /// Loses things, together with what is lost today.
    pub fn after(graph: &Graph, losses: &[usize]) -> Self {
        let n = graph.len();
        let mut standing =
            Self { is_there: vec![false; n], carried_by: vec![NO_GATE; n], is_lost: vec![false; n] };
        for loss in graph.lost.iter().chain(losses) {
            set(&mut standing.is_lost, *loss, true);
        }
        let all: Vec<usize> = (0..n).collect();
        standing.derive(graph, &all, &mut Vec::new());
        standing
    }

    /// Tells whether a thing is there.
    pub fn is_there(&self, thing: usize) -> bool {
        self.is_there.get(thing).copied().unwrap_or(false)
    }

    /// Tells whether a thing is lost itself.
    pub fn is_lost(&self, thing: usize) -> bool {
        self.is_lost.get(thing).copied().unwrap_or(true)
    }

    /// What is there no longer when one more thing is lost, that thing among it. The standing itself stays as it is.
    pub(super) fn lost_with(&mut self, graph: &Graph, loss: usize, scratch: &mut Scratch) {
        scratch.gone.clear();
        if !self.is_there(loss) {
            return;
        }
        let was_lost = self.is_lost(loss);
        self.take_away(graph, loss, scratch);
        // Back to what it was: what was derived anew, and what is gone.
        for (thing, gate) in scratch.before.drain(..) {
            set(&mut self.is_there, thing, true);
            set(&mut self.carried_by, thing, gate);
        }
        set(&mut self.is_lost, loss, was_lost);
    }

    /// Loses one more thing for good.
    pub(super) fn lose(&mut self, graph: &Graph, loss: usize, scratch: &mut Scratch) {
        if self.is_there(loss) {
            self.take_away(graph, loss, scratch);
        }
        set(&mut self.is_lost, loss, true);
    }

    /// Takes a thing away that is there, and all that it carried, and looks what of that is carried otherwise.
    fn take_away(&mut self, graph: &Graph, loss: usize, scratch: &mut Scratch) {
        scratch.before.clear();
        scratch.gone.clear();
        scratch.doubtful.clear();
        self.doubt(loss, scratch);
        set(&mut self.is_lost, loss, true);
        let mut next = 0;
        while let Some(thing) = scratch.doubtful.get(next).copied() {
            next += 1;
            for edge in graph.edges.get(thing).into_iter().flatten() {
                let owner = match *edge {
                    Edge::Need(owner) => owner,
                    Edge::Member(gate) => {
                        let Some(owner) = graph.gates.get(gate).map(|gate| gate.owner) else { continue };
                        // A gate that does not carry its thing changes nothing when it closes.
                        if self.carried_by.get(owner) != Some(&gate) {
                            continue;
                        }
                        owner
                    }
                };
                if self.is_there(owner) {
                    self.doubt(owner, scratch);
                }
            }
        }
        let doubtful = std::mem::take(&mut scratch.doubtful);
        self.derive(graph, &doubtful, &mut scratch.queue);
        scratch.gone.extend(doubtful.iter().copied().filter(|thing| !self.is_there(*thing)));
        scratch.doubtful = doubtful;
    }

    fn doubt(&mut self, thing: usize, scratch: &mut Scratch) {
        let gate = self.carried_by.get(thing).copied().unwrap_or(NO_GATE);
        scratch.before.push((thing, gate));
        scratch.doubtful.push(thing);
        set(&mut self.is_there, thing, false);
        set(&mut self.carried_by, thing, NO_GATE);
    }

    /// Looks which of these things are there, given those that surely are.
    fn derive(&mut self, graph: &Graph, doubtful: &[usize], queue: &mut Vec<usize>) {
        queue.clear();
        queue.extend_from_slice(doubtful);
        while let Some(thing) = queue.pop() {
            if self.is_there(thing) || self.is_lost(thing) {
                continue;
            }
            let Some(gate) = self.carrier(graph, thing) else { continue };
            set(&mut self.is_there, thing, true);
            set(&mut self.carried_by, thing, gate);
            for edge in graph.edges.get(thing).into_iter().flatten() {
                let owner = match *edge {
                    Edge::Need(owner) => Some(owner),
                    Edge::Member(gate) => graph.gates.get(gate).map(|gate| gate.owner),
                };
                queue.extend(owner.filter(|owner| !self.is_there(*owner)));
            }
        }
    }

    /// A gate that is open, of a thing whose needs are there; [`NO_GATE`] of one that has no gates.
    fn carrier(&self, graph: &Graph, thing: usize) -> Option<usize> {
        let needs = graph.needs.get(thing)?;
        if !needs.iter().all(|need| self.is_there(*need)) {
            return None;
        }
        let gates = graph.gates_of.get(thing)?;
        if gates.is_empty() {
            return Some(NO_GATE);
        }
        gates.iter().copied().find(|gate| self.is_open(graph, *gate))
    }

    /// Tells whether enough members of a gate are there.
    pub(super) fn is_open(&self, graph: &Graph, gate: usize) -> bool {
        let Some(gate) = graph.gates.get(gate) else { return false };
        gate.members.iter().filter(|member| self.is_there(**member)).take(gate.at_least).count()
            == gate.at_least
    }
}

/// Room that is used again from one loss to the next.
#[derive(Debug, Default)]
pub(super) struct Scratch {
    /// What is there no longer.
    pub(super) gone: Vec<usize>,
    before: Vec<(usize, usize)>,
    doubtful: Vec<usize>,
    queue: Vec<usize>,
}

fn set<T>(slots: &mut [T], number: usize, value: T) {
    if let Some(slot) = slots.get_mut(number) {
        *slot = value;
    }
}
