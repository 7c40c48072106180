//! Loses things, and says in words which accounts could then no longer be reached, and why.

mod brief;

pub use brief::{PlanBrief, brief};

use super::flags::{self, Flag};
use super::{known, meaningless};
use crate::app::context::Context;
use crate::app::failure::{Failure, Kind, Unchanged};
use crate::app::session::Session;
use crate::entry::Label;
use crate::recovery::plan::{self, Graph, Plan, Standing, ThingKind, Why};

/// What is checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CheckOptions {
    /// How many things are lost together at most: 1 to 3.
    pub depth: usize,
    /// Things that are lost for this run, by name: one case instead of all.
    pub lose: Vec<String>,
}

/// Losses, and what they take away.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// The names of what is lost, safe to show.
    pub losses: Vec<String>,
    /// The same names as they stand in the plan.
    pub lost: Vec<Label>,
    /// The accounts, safe to show, privileged ones first.
    pub accounts: Vec<String>,
    /// How many of them are privileged.
    pub n_privileged: usize,
    /// Why the first of them cannot be reached: a chain in words for each of its ways in.
    pub why: Vec<String>,
    /// A circle, in words, when one is among the reasons.
    pub circle: Option<String>,
}

/// Something whose loss alone takes accounts away.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SinglePoint {
    /// Its name, safe to show.
    pub name: String,
    /// How many accounts it takes away.
    pub n_accounts: usize,
    /// How many of them are privileged.
    pub n_privileged: usize,
}

/// A named loss, and what it leaves.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ScenarioFound {
    /// Its name, safe to show.
    pub name: String,
    /// What is lost in it, as it stands in the plan.
    pub lost: Vec<Label>,
    /// What it takes away; `None` when every account can still be reached.
    pub found: Option<Found>,
    /// How each privileged account is reached in it, or each where none is privileged.
    pub reached: Vec<Reached>,
}

/// How an account is reached, step by step.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reached {
    /// The account, safe to show.
    pub account: String,
    /// The steps in order, in words.
    pub steps: Vec<String>,
}

/// What a check found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlanChecked {
    /// How many things the plan has, with those that the vault knows.
    pub n_things: usize,
    /// How many of them are accounts.
    pub n_accounts: usize,
    /// Accounts that cannot be reached even now.
    pub unreachable_now: Option<Found>,
    /// Smallest sets of losses, single ones first.
    pub findings: Vec<Found>,
    /// How many more there are.
    pub n_more: usize,
    /// How many sets were looked at.
    pub n_looked_at: u64,
    /// What alone takes accounts away, the worst first.
    pub single_points: Vec<SinglePoint>,
    /// The named losses.
    pub scenarios: Vec<ScenarioFound>,
    /// What is unwise without any loss; nothing where one case was asked for.
    pub flags: Vec<Flag>,
}

impl PlanChecked {
    /// Tells whether something is wrong that a person has to see to: an account that one loss takes away or that cannot
    /// be reached, a scenario that takes one away, or a flag. That two losses together take an account away is so for
    /// every account with two ways in, and is told without being counted here.
    pub fn is_wrong(&self) -> bool {
        self.unreachable_now.is_some()
            || !self.single_points.is_empty()
            || self.scenarios.iter().any(|scenario| scenario.found.is_some())
            || !self.flags.is_empty()
    }
}

/// A plan that is ready to be checked. It holds no secret and no vault, so that a search can go on elsewhere.
#[derive(Debug)]
pub struct ToCheck {
    plan: Plan,
    graph: Graph,
    flags: Vec<Flag>,
}

/// Checks the plan.
///
/// # Errors
///
/// Exit 2 when it means nothing, exit 4 when nothing has a name that is to be lost, exit 5 when a newer version wrote
/// it.
pub fn check(ctx: &Context, session: &Session, options: &CheckOptions) -> Result<PlanChecked, Failure> {
    let checked = ToCheck::of(ctx, session)?.check(options, &|| true)?;
    checked.ok_or_else(|| Failure::new(Kind::Io, "the check did not come to its end"))
}

impl ToCheck {
    /// Takes the plan out of a vault, with what is unwise without any loss.
    ///
    /// # Errors
    ///
    /// Exit 2 when it means nothing, exit 5 when a newer version wrote it.
    pub fn of(ctx: &Context, session: &Session) -> Result<Self, Failure> {
        let plan = known::whole(&session.vault)?;
        let graph = Graph::new(&plan).map_err(|errors| meaningless(&errors))?;
        let flags = flags::of(ctx, session, &plan, &graph);
        Ok(Self { plan, graph, flags })
    }

    /// Checks it while `goes_on` says yes; `None` once it has said no.
    ///
    /// # Errors
    ///
    /// Exit 4 when nothing has a name that is to be lost.
    pub fn check(
        &self,
        options: &CheckOptions,
        goes_on: &dyn Fn() -> bool,
    ) -> Result<Option<PlanChecked>, Failure> {
        let Self { plan, graph, flags } = self;
        let asking = Asking { plan, graph };
        let accounts = asking.accounts();
        let (searched, mut scenarios) = if options.lose.is_empty() {
            let is_losable = |thing| asking.is_losable(thing);
            let searched = plan::search_while(graph, &accounts, is_losable, options.depth, goes_on);
            let Some(searched) = searched else { return Ok(None) };
            (searched, asking.named_scenarios(&accounts))
        } else {
            (plan::Searched::default(), vec![asking.one_case(&accounts, &options.lose)?])
        };
        let now = Standing::after(graph, &[]);
        let unreachable: Vec<usize> =
            accounts.iter().copied().filter(|account| !now.is_there(*account)).collect();
        let mut findings = Vec::with_capacity(searched.findings.len());
        for finding in &searched.findings {
            // Putting ten thousand of them into words takes a while too.
            if !goes_on() {
                return Ok(None);
            }
            findings.push(asking.found(&finding.losses, &finding.accounts));
        }
        scenarios.sort_by_key(|scenario| scenario.found.is_none());
        Ok(Some(PlanChecked {
            n_things: plan.things.len(),
            n_accounts: accounts.len(),
            unreachable_now: (!unreachable.is_empty()).then(|| asking.found(&[], &unreachable)),
            single_points: single_points(&findings),
            findings,
            n_more: searched.n_more,
            n_looked_at: searched.n_looked_at,
            scenarios,
            flags: if options.lose.is_empty() { flags.clone() } else { Vec::new() },
        }))
    }
}

/// What alone takes accounts away, the worst first.
fn single_points(findings: &[Found]) -> Vec<SinglePoint> {
    let alone = findings.iter().filter(|found| found.losses.len() == 1);
    let mut points: Vec<SinglePoint> = alone
        .map(|found| SinglePoint {
            name: found.losses.concat(),
            n_accounts: found.accounts.len(),
            n_privileged: found.n_privileged,
        })
        .collect();
    points.sort_by_key(|point| std::cmp::Reverse((point.n_privileged, point.n_accounts)));
    points
}

/// A plan with what is asked of it.
pub(super) struct Asking<'a> {
    pub(super) plan: &'a Plan,
    pub(super) graph: &'a Graph,
}

impl Asking<'_> {
    pub(super) fn accounts(&self) -> Vec<usize> {
        let things = self.plan.things.iter().enumerate();
        things.filter(|(_, thing)| thing.kind == ThingKind::Account).map(|(number, _)| number).collect()
    }

    fn name(&self, thing: usize) -> String {
        self.plan.things.get(thing).map(|thing| thing.name.shown()).unwrap_or_default()
    }

    fn labels(&self, of: &[usize]) -> Vec<Label> {
        of.iter().filter_map(|thing| self.plan.things.get(*thing)).map(|thing| thing.name.clone()).collect()
    }

    fn is_privileged(&self, thing: usize) -> bool {
        self.plan.things.get(thing).is_some_and(|thing| thing.privileged)
    }

    /// A code is not lost by itself, but with what makes it.
    fn is_losable(&self, thing: usize) -> bool {
        self.plan.things.get(thing).is_some_and(|thing| thing.kind != ThingKind::Code)
    }

    fn found(&self, losses: &[usize], accounts: &[usize]) -> Found {
        let mut accounts = accounts.to_vec();
        accounts.sort_by_key(|account| !self.is_privileged(*account));
        let standing = Standing::after(self.graph, losses);
        let first = accounts.first().copied();
        let why = first.map(|first| plan::why(self.graph, &standing, first)).unwrap_or_default();
        Found {
            losses: losses.iter().map(|loss| self.name(*loss)).collect(),
            lost: self.labels(losses),
            n_privileged: accounts.iter().filter(|account| self.is_privileged(**account)).count(),
            accounts: accounts.iter().map(|account| self.name(*account)).collect(),
            why: first.map(|first| self.chains(&why, first)).unwrap_or_default(),
            circle: why.circles.first().map(|circle| self.circle(circle)),
        }
    }

    /// A chain for each way in of a thing, each down to a loss or to where it began.
    pub(super) fn chains(&self, why: &Why, thing: usize) -> Vec<String> {
        let reason_of = |thing: usize| why.reasons.iter().find(|reason| reason.thing == thing);
        let Some(reason) = reason_of(thing) else { return Vec::new() };
        if reason.lost {
            return vec![format!("{} is lost", self.name(thing))];
        }
        let starts = reason.needs.first().into_iter().chain(reason.ways.iter().filter_map(|way| way.first()));
        let chain = |start: usize| {
            let mut words = format!("{} needs {}", self.name(thing), self.name(start));
            let (mut at, mut passed) = (start, vec![thing]);
            while let Some(reason) = reason_of(at) {
                if reason.lost {
                    words.push_str(", which is lost");
                    break;
                }
                passed.push(at);
                let further = reason.needs.iter().chain(reason.ways.iter().flatten());
                // Towards a loss where there is one: it says more than a circle, which has words of its own.
                let fresh = further.clone().find(|next| !passed.contains(next));
                let lost = further
                    .clone()
                    .find(|next| reason_of(**next).is_some_and(|reason| reason.lost))
                    .or(fresh);
                let Some(next) = lost.or_else(|| further.clone().next()) else { break };
                words.push_str(&format!(" · {} needs {}", self.name(at), self.name(*next)));
                if passed.contains(next) {
                    words.push_str(", where this began");
                    break;
                }
                at = *next;
            }
            words
        };
        let mut chains: Vec<String> = Vec::new();
        for words in starts.map(|start| chain(*start)) {
            // Several ways in that lack the same thing are one reason.
            if !chains.contains(&words) {
                chains.push(words);
            }
        }
        chains
    }

    /// A circle in words, once around.
    pub(super) fn circle(&self, circle: &[usize]) -> String {
        let needs = |(place, thing): (usize, &usize)| {
            let next = circle.get((place + 1) % circle.len()).copied().unwrap_or(*thing);
            format!("{} needs {}", self.name(*thing), self.name(next))
        };
        circle.iter().enumerate().map(needs).collect::<Vec<_>>().join(" · ")
    }

    /// Losses with a name: the person's own, every place and person, every network and identity provider.
    pub(super) fn named_losses(&self) -> Vec<(String, Vec<usize>)> {
        let own = self
            .plan
            .scenarios
            .iter()
            .enumerate()
            .map(|(number, scenario)| (scenario.name.shown(), self.graph.scenario(number).to_vec()));
        let things = self.plan.things.iter().enumerate().filter_map(|(number, thing)| {
            let name = thing.name.shown();
            let is = |kinds: &[ThingKind]| kinds.contains(&thing.kind);
            let words = if is(&[ThingKind::IdentityProvider, ThingKind::Network]) {
                format!("{name} is down")
            } else if is(&[ThingKind::Person]) {
                format!("{name} leaves")
            } else if is(&[ThingKind::Place]) {
                format!("{name} is lost, with all that lies there")
            } else {
                return None;
            };
            Some((words, vec![number]))
        });
        own.chain(things).collect()
    }

    fn named_scenarios(&self, accounts: &[usize]) -> Vec<ScenarioFound> {
        let named = self.named_losses().into_iter();
        named.map(|(name, losses)| self.scenario(name, accounts, &losses)).collect()
    }

    /// The accounts that losses take away, privileged ones first. One that is lost itself is none of them.
    pub(super) fn taken_away(&self, before: &Standing, after: &Standing, losses: &[usize]) -> Vec<usize> {
        let is_gone = |account: &usize| before.is_there(*account) && !after.is_there(*account);
        let accounts = self.accounts().into_iter();
        let mut gone: Vec<usize> =
            accounts.filter(|account| is_gone(account) && !losses.contains(account)).collect();
        gone.sort_by_key(|account| !self.is_privileged(*account));
        gone
    }

    fn one_case(&self, accounts: &[usize], lose: &[String]) -> Result<ScenarioFound, Failure> {
        let mut losses = Vec::with_capacity(lose.len());
        for name in lose {
            losses.push(number_of(self.plan, name)?);
        }
        let names: Vec<String> = losses.iter().map(|loss| self.name(*loss)).collect();
        Ok(self.scenario(format!("without {}", names.join(", ")), accounts, &losses))
    }

    fn scenario(&self, name: String, accounts: &[usize], losses: &[usize]) -> ScenarioFound {
        let after = Standing::after(self.graph, losses);
        let before = Standing::after(self.graph, &[]);
        let gone = self.taken_away(&before, &after, losses);
        let there: Vec<usize> = accounts.iter().copied().filter(|account| after.is_there(*account)).collect();
        let any_privileged = there.iter().any(|account| self.is_privileged(*account));
        let told = there.into_iter().filter(|account| !any_privileged || self.is_privileged(*account));
        ScenarioFound {
            name,
            lost: self.labels(losses),
            found: (!gone.is_empty()).then(|| self.found(losses, &gone)),
            reached: told.map(|account| self.reached(&after, account)).collect(),
        }
    }

    pub(super) fn reached(&self, standing: &Standing, account: usize) -> Reached {
        let step = |step: &plan::Step| {
            let by: Vec<String> = step.by.iter().map(|thing| self.name(*thing)).collect();
            let name = self.name(step.thing);
            if by.is_empty() { name } else { format!("{name}, with {}", by.join(" and ")) }
        };
        let steps = plan::bootstrap(self.graph, standing, account);
        Reached { account: self.name(account), steps: steps.iter().map(step).collect() }
    }
}

/// The thing with a name, or the one thing whose name holds it, whatever its case.
fn number_of(plan: &Plan, name: &str) -> Result<usize, Failure> {
    let wanted = Label::new(name);
    if let Some(number) = plan.things.iter().position(|thing| thing.name == wanted) {
        return Ok(number);
    }
    let needle = name.to_lowercase();
    let fits = plan.things.iter().enumerate();
    let fits: Vec<usize> = fits
        .filter(|(_, thing)| thing.name.raw().to_lowercase().contains(&needle))
        .map(|(number, _)| number)
        .collect();
    match fits[..] {
        [number] => Ok(number),
        [] => Err(Failure::new(Kind::NoEntry, format!("nothing in the plan is named \"{wanted}\""))
            .unchanged(Unchanged::NothingTouched)
            .next("`lifeboat plan show` lists the names")),
        _ => {
            let names = fits.iter().filter_map(|number| plan.things.get(*number));
            Err(Failure::new(Kind::SeveralEntries, format!("{} things fit \"{wanted}\"", fits.len()))
                .details(names.map(|thing| thing.name.shown()))
                .unchanged(Unchanged::NothingTouched)
                .next("give more of the name"))
        }
    }
}
