//! Loses each thing, and sets of things, and names each account that can then no longer be reached.
//!
//! The search is exact: it reports every set of losses up to its depth that takes an account away while no part of the
//! set does. A set of which a part does it already says nothing new.

use super::graph::Graph;
use super::standing::{Scratch, Standing};

/// Most findings of one search. What lies beyond is counted.
const MOST_FINDINGS: usize = 10_000;

/// A smallest set of losses, and the accounts that it takes away.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LossFinding {
    /// What is lost, by numbers, rising.
    pub losses: Vec<usize>,
    /// The accounts, by numbers, rising, that the whole set takes away and no part of it does.
    pub accounts: Vec<usize>,
}

/// What a search found.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Searched {
    /// The accounts that cannot be reached even now.
    pub unreachable_now: Vec<usize>,
    /// The sets of losses, smaller ones first, then in the plan's order.
    pub findings: Vec<LossFinding>,
    /// How many more there are.
    pub n_more: usize,
    /// How many sets were looked at.
    pub n_looked_at: u64,
}

/// Loses every set of up to `depth` things, one to three, out of those that `is_losable` says yes to.
///
/// The loss of an account itself is none for it: an account that is closed is nothing that a way in could open.
pub fn search(
    graph: &Graph,
    accounts: &[usize],
    is_losable: impl Fn(usize) -> bool,
    depth: usize,
) -> Searched {
    search_while(graph, accounts, is_losable, depth, &|| true).unwrap_or_default()
}

/// As [`search`], while `goes_on` says yes; `None` once it has said no. It is asked every few hundred sets.
pub fn search_while(
    graph: &Graph,
    accounts: &[usize],
    is_losable: impl Fn(usize) -> bool,
    depth: usize,
    goes_on: &dyn Fn() -> bool,
) -> Option<Searched> {
    let standing = Standing::after(graph, &[]);
    let mut is_account = vec![false; graph.len()];
    for account in accounts {
        if let Some(slot) = is_account.get_mut(*account) {
            *slot = true;
        }
    }
    let mut search = Search {
        graph,
        is_account,
        losable: (0..graph.len()).filter(|thing| standing.is_there(*thing) && is_losable(*thing)).collect(),
        killers: vec![Vec::new(); graph.len()],
        found: Searched {
            unreachable_now: accounts
                .iter()
                .copied()
                .filter(|account| !standing.is_there(*account))
                .collect(),
            ..Searched::default()
        },
        scratch: Scratch::default(),
        goes_on,
    };
    for size in 1..=depth.clamp(1, 3) {
        search.sets_of(size, &mut standing.clone(), &mut Vec::new(), 0)?;
    }
    Some(search.found)
}

struct Search<'a> {
    graph: &'a Graph,
    is_account: Vec<bool>,
    /// What is there, and can be lost.
    losable: Vec<usize>,
    /// The sets that take each account away, of the sizes before this one.
    killers: Vec<Vec<Vec<usize>>>,
    found: Searched,
    scratch: Scratch,
    goes_on: &'a dyn Fn() -> bool,
}

impl Search<'_> {
    /// Goes through the sets of a size that begin with some losses, which have happened in `standing`.
    /// `None` once it was told not to go on.
    fn sets_of(
        &mut self,
        size: usize,
        standing: &mut Standing,
        losses: &mut Vec<usize>,
        from: usize,
    ) -> Option<()> {
        if !(self.goes_on)() {
            return None;
        }
        for place in from..self.losable.len() {
            let Some(loss) = self.losable.get(place).copied() else { return Some(()) };
            if losses.len() + 1 == size {
                self.found.n_looked_at += 1;
                standing.lost_with(self.graph, loss, &mut self.scratch);
                if !self.scratch.gone.is_empty() {
                    losses.push(loss);
                    self.take(losses);
                    losses.pop();
                }
                continue;
            }
            let mut after = standing.clone();
            after.lose(self.graph, loss, &mut self.scratch);
            losses.push(loss);
            self.sets_of(size, &mut after, losses, place + 1)?;
            losses.pop();
        }
        Some(())
    }

    /// Takes down what a set takes away and none of its parts does.
    fn take(&mut self, losses: &[usize]) {
        let mut accounts: Vec<usize> = Vec::new();
        for gone in &self.scratch.gone {
            let is_account = self.is_account.get(*gone).copied().unwrap_or(false);
            let killers = self.killers.get(*gone).map_or(&[][..], Vec::as_slice);
            let by_a_part = || killers.iter().any(|part| part.iter().all(|loss| losses.contains(loss)));
            if is_account && !losses.contains(gone) && !by_a_part() {
                accounts.push(*gone);
            }
        }
        if accounts.is_empty() {
            return;
        }
        accounts.sort_unstable();
        for account in &accounts {
            if let Some(killers) = self.killers.get_mut(*account) {
                killers.push(losses.to_vec());
            }
        }
        if self.found.findings.len() < MOST_FINDINGS {
            self.found.findings.push(LossFinding { losses: losses.to_vec(), accounts });
        } else {
            self.found.n_more += 1;
        }
    }
}
