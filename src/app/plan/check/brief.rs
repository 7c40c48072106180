//! What `status` tells of a plan: the losses of single things, without the scenarios and what is unwise.

use super::{Asking, SinglePoint, meaningless};
use crate::app::failure::Failure;
use crate::app::plan::{known, own};
use crate::app::session::Session;
use crate::recovery::plan::{self, Graph, Plan, Standing};

/// Most single points whose chains are looked through for circles: the worst ones.
const MOST_LOOKED_THROUGH: usize = 50;

/// What a plan comes to, in short.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlanBrief {
    /// Accounts that cannot be reached even now, safe to show, privileged ones first.
    pub unreachable: Vec<String>,
    /// What alone takes accounts away, the worst first.
    pub single_points: Vec<SinglePoint>,
    /// The circles among the reasons of both, in words, each once.
    pub circles: Vec<String>,
}

/// Loses each single thing. `None` where the person has made no plan: what the vault knows by itself always hangs on the
/// vault and its bundles.
///
/// # Errors
///
/// As [`check`](super::check).
pub fn brief(session: &Session) -> Result<Option<PlanBrief>, Failure> {
    if own(&session.vault)? == Plan::default() {
        return Ok(None);
    }
    let plan = known::whole(&session.vault)?;
    let graph = Graph::new(&plan).map_err(|errors| meaningless(&errors))?;
    let asking = Asking { plan: &plan, graph: &graph };
    let accounts = asking.accounts();
    let searched = plan::search(&graph, &accounts, |thing| asking.is_losable(thing), 1);
    let n_privileged =
        |accounts: &[usize]| accounts.iter().filter(|account| asking.is_privileged(**account)).count();
    let mut findings = searched.findings;
    findings.sort_by_key(|found| std::cmp::Reverse((n_privileged(&found.accounts), found.accounts.len())));
    let mut unreachable = searched.unreachable_now;
    unreachable.sort_by_key(|account| !asking.is_privileged(*account));

    let mut circles: Vec<String> = Vec::new();
    let mut look_through = |losses: &[usize], accounts: &[usize]| {
        let Some(first) = accounts.first() else { return };
        let why = plan::why(&graph, &Standing::after(&graph, losses), *first);
        for circle in why.circles.iter().map(|circle| asking.circle(circle)) {
            if !circles.contains(&circle) {
                circles.push(circle);
            }
        }
    };
    look_through(&[], &unreachable);
    for found in findings.iter().take(MOST_LOOKED_THROUGH) {
        look_through(&found.losses, &found.accounts);
    }
    let single_points = findings.iter().map(|found| SinglePoint {
        name: found.losses.iter().map(|loss| asking.name(*loss)).collect(),
        n_accounts: found.accounts.len(),
        n_privileged: n_privileged(&found.accounts),
    });
    Ok(Some(PlanBrief {
        single_points: single_points.collect(),
        unreachable: unreachable.iter().map(|account| asking.name(*account)).collect(),
        circles,
    }))
}
