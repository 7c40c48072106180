//! A plan that was read out of a vault once and is asked many times: what is left after losses, why something is not
//! there, and how the rest is reached. Nothing here changes the vault.

use std::collections::BTreeSet;

use super::check::Asking;
use super::known::{self, Joined};
use super::meaningless;
use crate::app::failure::Failure;
use crate::entry::Label;
use crate::recovery::plan::{self, Graph, Plan, Standing, Thing};
use crate::vault::Vault;

/// A plan together with what the vault knows by itself, read and in numbers. A thing's number is its place in
/// [`AtHand::things`].
#[derive(Debug)]
pub struct AtHand {
    own: Plan,
    whole: Plan,
    graph: Graph,
    now: Standing,
    known_from: usize,
    together: BTreeSet<Label>,
}

/// Why something is not there, in words.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Because {
    /// A chain for each of its ways in, down to a loss or to where it began.
    pub chains: Vec<String>,
    /// A circle, when one is among the reasons.
    pub circle: Option<String>,
}

/// A loss that has a name: one of the plan's scenarios, or that of a place, a person, a network or an identity provider.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NamedLoss {
    /// Its name, safe to show.
    pub name: String,
    /// What is lost, by numbers.
    pub lose: Vec<usize>,
}

impl AtHand {
    /// Reads the plan of a vault.
    ///
    /// # Errors
    ///
    /// Exit 2 when it means nothing, exit 5 when a newer version wrote it.
    pub fn of(vault: &Vault) -> Result<Self, Failure> {
        let own = super::own(vault)?;
        let Joined { plan: whole, known_from, together, .. } = known::join(&own, vault);
        let graph = Graph::new(&whole).map_err(|errors| meaningless(&errors))?;
        let now = Standing::after(&graph, &[]);
        Ok(Self { own, whole, graph, now, known_from, together: together.into_iter().collect() })
    }

    /// The person's own part.
    pub fn own(&self) -> &Plan {
        &self.own
    }

    /// All things, the person's own first.
    pub fn things(&self) -> &[Thing] {
        &self.whole.things
    }

    /// The number of the thing with a name.
    pub fn number_of(&self, name: &Label) -> Option<usize> {
        self.things().iter().position(|thing| thing.name == *name)
    }

    /// Tells whether something may be named in the plan: a thing, or an entry that stands together with others until
    /// it is named.
    pub fn has(&self, name: &Label) -> bool {
        self.together.contains(name) || self.number_of(name).is_some()
    }

    /// Tells whether the vault knows a thing by itself, whatever the person says of it besides.
    pub fn is_known(&self, thing: usize) -> bool {
        thing >= self.known_from
    }

    /// The thing as the person wrote it down, without what the vault adds; `None` for what the vault alone knows.
    pub fn as_written(&self, thing: usize) -> Option<&Thing> {
        let name = &self.things().get(thing)?.name;
        self.own.things.iter().find(|own| own.name == *name)
    }

    /// What is there now.
    pub fn now(&self) -> &Standing {
        &self.now
    }

    /// What is there after losses.
    pub fn after(&self, losses: &[usize]) -> Standing {
        Standing::after(&self.graph, losses)
    }

    /// The accounts, by numbers.
    pub fn accounts(&self) -> Vec<usize> {
        self.asking().accounts()
    }

    /// The accounts that losses take away, by numbers, privileged ones first. One that is lost itself is none of them.
    pub fn taken_away(&self, after: &Standing, losses: &[usize]) -> Vec<usize> {
        self.asking().taken_away(&self.now, after, losses)
    }

    /// Why something is not there; nothing for what is.
    pub fn because(&self, standing: &Standing, thing: usize) -> Because {
        let why = plan::why(&self.graph, standing, thing);
        let asking = self.asking();
        Because {
            chains: asking.chains(&why, thing),
            circle: why.circles.first().map(|circle| asking.circle(circle)),
        }
    }

    /// The shortest way to something that is there, a step each; nothing for what is not.
    pub fn steps(&self, standing: &Standing, thing: usize) -> Vec<String> {
        self.asking().reached(standing, thing).steps
    }

    /// The names, safe to show, of the things that need something or have a way in through it, and of the scenarios
    /// that lose it.
    pub fn users(&self, thing: usize) -> Vec<String> {
        self.things().get(thing).map(|thing| users_in(&self.whole, &thing.name)).unwrap_or_default()
    }

    /// As [`Self::users`], of the person's own plan alone: they keep a thing from being removed.
    pub fn own_users(&self, thing: usize) -> Vec<String> {
        self.things().get(thing).map(|thing| users_in(&self.own, &thing.name)).unwrap_or_default()
    }

    /// Losses that have a name, the plan's own scenarios first.
    pub fn named_losses(&self) -> Vec<NamedLoss> {
        let named = self.asking().named_losses().into_iter();
        named.map(|(name, lose)| NamedLoss { name, lose }).collect()
    }

    fn asking(&self) -> Asking<'_> {
        Asking { plan: &self.whole, graph: &self.graph }
    }
}

/// Tells whether a thing names another.
fn names(thing: &Thing, name: &Label) -> bool {
    thing.needs.contains(name) || thing.ways.iter().any(|way| way.of.contains(name))
}

/// Who names something in a plan, safe to show.
pub(super) fn users_in(plan: &Plan, name: &Label) -> Vec<String> {
    let things = plan.things.iter().filter(|thing| names(thing, name)).map(|thing| thing.name.shown());
    let scenarios = plan.scenarios.iter().filter(|scenario| scenario.lose.contains(name));
    things.chain(scenarios.map(|scenario| scenario.name.shown())).collect()
}
