//! What the vault and its plan know of the day that a runbook is for: the device, the accounts that used it, what still
//! opens them without it, and who is there to help.

mod device;

use std::collections::{BTreeSet, HashMap};

use super::super::card::fitted;
use super::Asked;
use super::page::Writing;
use super::typed::Typed;
use crate::app::context::Context;
use crate::app::failure::{Failure, Kind, Unchanged};
use crate::app::plan;
use crate::app::session::Session;
use crate::entry::{Entry, Label, UnixSeconds};
use crate::otp::Otp;
use crate::recovery::plan::{Graph, PhoneKind, Plan, Standing, Thing, ThingKind, Way};
use crate::vault::Vault;

pub(super) use device::Device;

/// Most columns of a name in a runbook: so that a line on paper holds more than a name.
const WIDEST_NAME: usize = 48;
/// Seeds shorter than these many bits are in no pass.
const SHORTEST_FOR_A_PASS: usize = 80;

/// An account, as the page speaks of it.
#[derive(Debug)]
pub(super) struct Account<'a> {
    /// Its name, safe to show.
    pub(super) name: String,
    /// Opens something privileged.
    pub(super) privileged: bool,
    /// Its entry, where the vault has one.
    pub(super) entry: Option<&'a Entry>,
    /// How it has to do with the device, in words.
    pub(super) uses: Vec<String>,
    /// Its seed lies on the device too.
    pub(super) seed_is_there: bool,
    /// The ways in that stand without the device, in words.
    pub(super) ways: Vec<String>,
}

impl Account<'_> {
    /// Its name, marked where it is privileged.
    pub(super) fn marked(&self) -> String {
        if self.privileged { format!("{} (privileged)", self.name) } else { self.name.clone() }
    }

    /// Its name, with how it has to do with the device.
    pub(super) fn with_uses(&self) -> String {
        if self.uses.is_empty() {
            return self.marked();
        }
        format!("{}: {}", self.marked(), self.uses.join("; "))
    }

    /// Its entry, where a pass of it can be made; else why not.
    pub(super) fn for_a_pass(&self) -> Result<&Entry, Option<&'static str>> {
        let entry = self.entry.ok_or(None)?;
        if matches!(entry.otp, Otp::Hotp { .. }) {
            return Err(Some("its codes follow a counter"));
        }
        match entry.seed() {
            None => Err(Some("its seed is sealed")),
            Some(seed) if seed.bits() < SHORTEST_FOR_A_PASS => Err(Some("its seed is too short")),
            Some(_) => Ok(entry),
        }
    }
}

/// What of the devices a runbook starts from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Day {
    /// The device that is named may be one that nobody has written down yet.
    OneIsNew,
    /// The device that is named, or else every phone, is not to be counted on.
    OneIsGone,
    /// Everything is there, unless a device is named.
    NothingIsGone,
}

/// What is known.
#[derive(Debug)]
pub(super) struct Situation<'a> {
    pub(super) vault: &'a Vault,
    /// Now.
    pub(super) now: UnixSeconds,
    /// The person's plan with what the vault knows.
    pub(super) plan: &'a Plan,
    /// The device, where one was named.
    pub(super) device: Option<Device>,
    /// The accounts that have to do with the device, or with any phone where none was named; the one that was asked for
    /// where one was. Privileged ones first.
    pub(super) accounts: Vec<Account<'a>>,
    /// Whether one account alone was asked for.
    pub(super) for_one: bool,
    /// What is there without the device, or without any phone.
    after: Standing,
    numbers: HashMap<&'a str, usize>,
}

/// The plan that a runbook is filled in from, and what is wrong with the person's own where it cannot be used.
pub(super) fn usable_plan(vault: &Vault, writing: &mut Writing) -> Result<(Plan, Graph), Failure> {
    let alone = || plan::known(vault);
    let whole = plan::whole(vault).unwrap_or_else(|_| {
        writing.lacks("The vault's plan was written by a newer Lifeboat: it is not in this page.", None);
        alone()
    });
    if let Ok(graph) = Graph::new(&whole) {
        return Ok((whole, graph));
    }
    writing.lacks(
        "The vault's plan means nothing as it is, so that it is not in this page:",
        Some(Typed::new("lifeboat plan check")),
    );
    let alone = alone();
    let graph = Graph::new(&alone).map_err(|_| {
        Failure::new(Kind::Io, "what the vault knows by itself makes no plan")
            .unchanged(Unchanged::NothingTouched)
    })?;
    Ok((alone, graph))
}

impl<'a> Situation<'a> {
    /// Looks at everything.
    ///
    /// # Errors
    ///
    /// Exit 4 when nothing has the device's name, unless it may be a new one, or no account fits the query.
    pub(super) fn new(
        ctx: &Context,
        session: &'a Session,
        (plan, graph): (&'a Plan, &'a Graph),
        asked: &Asked,
        day: Day,
    ) -> Result<Self, Failure> {
        let vault = session.vault();
        let device = asked.device.as_deref();
        let device = device.map(|name| Device::find(plan, vault, name, day != Day::OneIsGone)).transpose()?;
        let losses: Vec<usize> = match &device {
            Some(device) => device.things.clone(),
            None if day == Day::NothingIsGone => Vec::new(),
            None => every_phone(plan),
        };
        let (before, after) = (Standing::after(graph, &[]), Standing::after(graph, &losses));
        let mut situation = Self {
            vault,
            now: ctx.clock.now(),
            plan,
            device,
            accounts: Vec::new(),
            for_one: asked.query.is_some(),
            after,
            numbers: plan.things.iter().zip(0..).map(|(thing, number)| (thing.name.raw(), number)).collect(),
        };
        let all = situation.all_accounts(&before);
        let counts = |account: &Account<'_>| match (day, &situation.device) {
            (Day::NothingIsGone, None) => account.privileged,
            // A new person's accounts are not those of the people whose phones are in the plan.
            (Day::OneIsNew, None) => false,
            _ => !account.uses.is_empty(),
        };
        situation.accounts = match &asked.query {
            None => all.into_iter().filter(counts).collect(),
            Some(query) => vec![one(session, all, query)?],
        };
        situation.accounts.sort_by_key(|account| !account.privileged);
        Ok(situation)
    }

    /// Every account of the plan, which has those of the entries too, in its order.
    fn all_accounts(&self, before: &Standing) -> Vec<Account<'a>> {
        let mut taken = BTreeSet::new();
        let mut accounts: Vec<Account<'a>> = Vec::new();
        for thing in self.plan.things.iter().filter(|thing| thing.kind == ThingKind::Account) {
            let entry = self.vault.entries.iter().find(|entry| is_account_of(thing, entry));
            let entry = entry.filter(|entry| taken.insert(entry.id));
            let mut uses = self.uses(thing, before);
            let seed_is_there = entry.is_some_and(|entry| self.has_seed_of(entry));
            if seed_is_there {
                uses.insert(0, "its seed lies there too".to_owned());
            }
            accounts.push(Account {
                name: named(&thing.name),
                privileged: thing.privileged || entry.is_some_and(|entry| entry.privileged),
                entry,
                uses,
                seed_is_there,
                ways: thing.ways.iter().filter_map(|way| self.way_in_words(way)).collect(),
            });
        }
        // Of very many entries the plan tells only some one by one.
        let others = self.vault.entries.iter().filter(|entry| !taken.contains(&entry.id));
        accounts.extend(others.map(|entry| Account {
            name: named(&Label::new(entry.title())),
            privileged: entry.privileged,
            entry: Some(entry),
            uses: if self.has_seed_of(entry) {
                vec!["its seed lies there too".to_owned()]
            } else {
                Vec::new()
            },
            seed_is_there: self.has_seed_of(entry),
            ways: if self.is_there(plan::VAULT) {
                vec!["a code from this vault".to_owned()]
            } else {
                Vec::new()
            },
        }));
        accounts
    }

    /// Whether an entry's seed was noted to lie on the device; on any, where none was named.
    fn has_seed_of(&self, entry: &Entry) -> bool {
        let Some(on) = entry.provenance.as_ref().and_then(|provenance| provenance.device.as_ref()) else {
            return false;
        };
        self.device.as_ref().is_none_or(|device| device.is_called(on))
    }

    /// What of an account's ways in is gone without the device: the things that its ways name.
    fn uses(&self, account: &Thing, before: &Standing) -> Vec<String> {
        let mut seen = BTreeSet::new();
        let members = account.needs.iter().chain(account.ways.iter().flat_map(|way| &way.of));
        let is_gone = |number: usize| {
            (before.is_there(number) && !self.after.is_there(number))
                || self.device.as_ref().is_some_and(|device| device.things.contains(&number))
        };
        // A code that another source still makes came from one that is gone.
        let had_a_source_that_is_gone = |number: usize| {
            let code = self.plan.things.get(number).filter(|thing| thing.kind == ThingKind::Code);
            let sources = code.into_iter().flat_map(|code| &code.ways).flat_map(|way| &way.of);
            sources.filter_map(|name| self.number(name.raw())).any(is_gone)
        };
        let gone = members.filter_map(|name| self.number(name.raw())).filter(|number| {
            (is_gone(*number) || had_a_source_that_is_gone(*number)) && seen.insert(*number)
        });
        let words = gone.filter_map(|number| self.plan.things.get(number)).map(|thing| {
            if thing.kind == ThingKind::Code {
                "its code".to_owned()
            } else if thing.kind == ThingKind::Account {
                format!("needs {}", named(&thing.name))
            } else {
                named(&thing.name)
            }
        });
        words.collect()
    }

    /// A way in that stands, in words; `None` for one that does not.
    fn way_in_words(&self, way: &Way) -> Option<String> {
        let is_there = |name: &&Label| self.is_there(name.raw());
        let there: Vec<&Label> = way.of.iter().filter(is_there).collect();
        let enough = way.at_least.map_or(way.of.len(), usize::from);
        if there.len() < enough {
            return None;
        }
        let words: Vec<String> = there.into_iter().map(|name| self.member_in_words(name)).collect();
        Some(match way.at_least {
            Some(enough) => format!("{enough} of: {}", words.join(", ")),
            None => words.join(" + "),
        })
    }

    /// What a way in needs, with the place where it lies or the person who holds it.
    fn member_in_words(&self, name: &Label) -> String {
        let Some(thing) = self.thing(name.raw()) else { return named(name) };
        let makes_codes = matches!(thing.kind, ThingKind::Code | ThingKind::Vault);
        if makes_codes && self.is_there(plan::VAULT) {
            return "a code from this vault".to_owned();
        }
        if thing.kind == ThingKind::Code {
            let mut bundles = thing.ways.iter().flat_map(|way| &way.of);
            if let Some(bundle) = bundles.find(|bundle| self.is_there(bundle.raw())) {
                return format!("a code from {}, restored first", named(bundle));
            }
        }
        let held = thing.needs.iter().filter(|need| {
            self.thing(need.raw())
                .is_some_and(|need| matches!(need.kind, ThingKind::Place | ThingKind::Person))
        });
        let held: Vec<String> = held.map(named).collect();
        if held.is_empty() { named(name) } else { format!("{} ({})", named(name), held.join(", ")) }
    }

    /// The thing of a name.
    pub(super) fn thing(&self, name: &str) -> Option<&'a Thing> {
        self.number(name).and_then(|number| self.plan.things.get(number))
    }

    fn number(&self, name: &str) -> Option<usize> {
        self.numbers.get(name).copied()
    }

    /// Whether a thing is there without the device.
    pub(super) fn is_there(&self, name: &str) -> bool {
        self.number(name).is_some_and(|number| self.after.is_there(number))
    }

    /// The things of a kind, in the plan's order.
    pub(super) fn of_kind(&self, kind: ThingKind) -> impl Iterator<Item = &'a Thing> {
        self.plan.things.iter().filter(move |thing| thing.kind == kind)
    }

    /// The authenticators on phones, with their kind.
    pub(super) fn phones(&self) -> impl Iterator<Item = (&'a Thing, PhoneKind)> {
        self.plan.things.iter().filter_map(|thing| {
            let ThingKind::Authenticator(kind) = thing.kind else { return None };
            Some((thing, kind))
        })
    }

    /// The phone that carries an authenticator, where the plan has it; else the authenticator itself.
    pub(super) fn carrier(&self, thing: &'a Thing) -> &'a Label {
        let is_device =
            |name: &&Label| self.thing(name.raw()).is_some_and(|thing| thing.kind == ThingKind::Device);
        thing.needs.iter().find(is_device).unwrap_or(&thing.name)
    }

    /// What the device is, as far as it is known: it is called a phone unless nothing says so.
    pub(super) fn word(&self) -> &'static str {
        let is_phone = self.device.as_ref().is_none_or(|device| !device.kinds.is_empty());
        if is_phone { "phone" } else { "device" }
    }

    /// Whether the vault went with the device.
    pub(super) fn vault_is_gone(&self) -> bool {
        !self.is_there(plan::VAULT)
    }

    /// Whether the device is a computer: it took the vault with it, and no authenticator is on it.
    pub(super) fn is_computer(&self) -> bool {
        let device = self.device.as_ref();
        device.is_some_and(|device| device.in_plan && device.kinds.is_empty()) && self.vault_is_gone()
    }

    /// What to call the device.
    pub(super) fn device_name(&self) -> String {
        self.device.as_ref().map_or_else(|| "the phone".to_owned(), |device| device.name.clone())
    }
}

/// A name as a runbook shows it.
pub(super) fn named(name: &Label) -> String {
    fitted(name, WIDEST_NAME)
}

/// The account of a plan that is an entry's: it has its name, or its id where that was taken already.
fn is_account_of(thing: &Thing, entry: &Entry) -> bool {
    let (issuer, account) = (entry.issuer.raw().trim(), entry.account.raw().trim());
    let name = thing.name.raw();
    let is_title = match (issuer.is_empty(), account.is_empty()) {
        (false, false) => name.strip_prefix(issuer).and_then(|rest| rest.strip_prefix(':')) == Some(account),
        (true, false) => name == account,
        (false, true) => name == issuer,
        (true, true) => name == entry.id.to_string(),
    };
    is_title || (name.ends_with(')') && name.ends_with(&format!("({})", entry.id)))
}

/// Every authenticator on a phone, with the phones that carry them.
fn every_phone(plan: &Plan) -> Vec<usize> {
    let is_phone = |thing: &&Thing| matches!(thing.kind, ThingKind::Authenticator(_) | ThingKind::Sms);
    let names: BTreeSet<&str> = plan
        .things
        .iter()
        .filter(is_phone)
        .flat_map(|thing| std::iter::once(&thing.name).chain(&thing.needs))
        .map(Label::raw)
        .collect();
    let goes = |thing: &Thing| {
        matches!(thing.kind, ThingKind::Authenticator(_) | ThingKind::Sms | ThingKind::Device)
            && names.contains(thing.name.raw())
    };
    plan.things.iter().enumerate().filter(|(_, thing)| goes(thing)).map(|(number, _)| number).collect()
}

/// The one account that a query names: an entry's, or one that the plan alone knows.
fn one<'a>(session: &Session, all: Vec<Account<'a>>, query: &str) -> Result<Account<'a>, Failure> {
    let found = crate::app::find::find(session, query);
    if let Ok(id) = found {
        let of_it = all.into_iter().find(|account| account.entry.is_some_and(|entry| entry.id == id));
        return of_it.ok_or_else(|| Failure::new(Kind::NoEntry, "the entry is there no more"));
    }
    let lowered = query.trim().to_lowercase();
    let is = |account: &&Account<'_>| account.name.to_lowercase() == lowered;
    let holds =
        |account: &&Account<'_>| !lowered.is_empty() && account.name.to_lowercase().contains(&lowered);
    let fits: Vec<String> = match all.iter().filter(is).count() {
        0 => all.iter().filter(holds).map(|account| account.name.clone()).collect(),
        _ => all.iter().filter(is).map(|account| account.name.clone()).collect(),
    };
    match fits.as_slice() {
        // Of entries it is said better what fits.
        [] => match found {
            Err(failure) => Err(failure.next("`lifeboat plan show` lists the accounts of the plan")),
            Ok(_) => Err(Failure::new(Kind::NoEntry, "no account fits")),
        },
        [name] if !matches!(&found, Err(failure) if failure.kind == Kind::SeveralEntries) => {
            let name = name.clone();
            all.into_iter()
                .find(|account| account.name == name)
                .ok_or_else(|| Failure::new(Kind::NoEntry, "no account fits"))
        }
        _ => Err(Failure::new(
            Kind::SeveralEntries,
            format!("{} accounts fit \"{}\"", fits.len(), Label::new(query)),
        )
        .details(fits)
        .unchanged(Unchanged::NothingTouched)
        .next("give more of the name")),
    }
}

/// A thing with its note.
pub(super) fn noted(thing: &Thing) -> String {
    format!("{}: {}", named(&thing.name), Label::new(thing.note.as_str()))
}
