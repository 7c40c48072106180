//! What of a plan the vault knows by itself: its entries and their codes, its bundles, its share sets.
//!
//! Each becomes a thing under a name that stays the same as long as what it names does. A thing of the person's own plan
//! with the same name says more about it: where it lies, who holds it, what else opens it. Its kind, marks and note hold
//! then; what both need is needed; its ways in take the place of the known ones where it has any.

use std::collections::{HashMap, HashSet};

use crate::app::failure::Failure;
use crate::entry::{Entry, Label};
use crate::recovery::plan::{Plan, Thing, ThingKind, Way};
use crate::vault::{BundleRecord, ShareSet, Vault};

/// The vault itself, as a thing of its plan.
pub const VAULT: &str = "this vault";
/// Its file: where that lies only a person can say.
const VAULT_FILE: &str = "vault file";
/// What opens it.
const VAULT_PASSPHRASE: &str = "vault passphrase";

/// The person's plan together with what the vault knows by itself.
///
/// # Errors
///
/// As [`own`](super::own).
pub fn whole(vault: &Vault) -> Result<Plan, Failure> {
    super::own(vault).map(|plan| join(&plan, vault))
}

/// Joins a plan with what a vault knows.
pub(super) fn join(own: &Plan, vault: &Vault) -> Plan {
    let mut known = of(vault);
    let places: HashMap<Label, usize> =
        known.iter().enumerate().map(|(place, thing)| (thing.name.clone(), place)).collect();
    let mut things = Vec::with_capacity(known.len() + own.things.len());
    for thing in &own.things {
        let Some(slot) = places.get(&thing.name).and_then(|place| known.get_mut(*place)) else {
            things.push(thing.clone());
            continue;
        };
        let mut joined = thing.clone();
        joined.needs.extend(slot.needs.iter().filter(|need| !thing.needs.contains(need)).cloned());
        if joined.ways.is_empty() {
            joined.ways.clone_from(&slot.ways);
        }
        joined.privileged |= slot.privileged;
        *slot = joined;
    }
    // What the person wrote down comes first, in the person's order.
    things.append(&mut known);
    Plan { things, scenarios: own.scenarios.clone() }
}

/// The things that a vault knows.
fn of(vault: &Vault) -> Vec<Thing> {
    let mut known = vec![
        Thing::new(VAULT_FILE, ThingKind::Other),
        Thing::new(VAULT_PASSPHRASE, ThingKind::Password),
        with_ways(Thing::new(VAULT, ThingKind::Vault), vec![all([VAULT_FILE, VAULT_PASSPHRASE])]),
    ];
    for set in vault.share_sets.iter().filter(|set| set.replaced.is_none()) {
        known.extend(share_set(set));
    }
    let bundles = bundles(vault);
    for (name, record) in &bundles {
        let opened_by = match record.share_set {
            Some(set) => set_name(set),
            None => format!("passphrase of {name}"),
        };
        if record.share_set.is_none() {
            known.push(Thing::new(opened_by.clone(), ThingKind::Password));
        }
        known.push(with_ways(Thing::new(name.clone(), ThingKind::Bundle), vec![all([opened_by])]));
    }
    let mut titles = HashMap::new();
    for entry in &vault.entries {
        *titles.entry(title(entry)).or_insert(0_usize) += 1;
    }
    for entry in &vault.entries {
        let mut name = title(entry);
        if titles.get(&name).is_some_and(|n| *n > 1) {
            name = format!("{name} ({})", entry.id);
        }
        let code = format!("code {name}");
        let holds = |record: &BundleRecord| record.contents.iter().any(|bundled| bundled.id == entry.id);
        let sources =
            bundles.iter().filter(|(_, record)| holds(record)).map(|(name, _)| all([name.as_str()]));
        let ways: Vec<Way> = std::iter::once(all([VAULT])).chain(sources).take(most_ways()).collect();
        known.push(with_ways(Thing::new(code.clone(), ThingKind::Code), ways));
        let mut account = with_ways(Thing::new(name, ThingKind::Account), vec![all([code])]);
        account.privileged = entry.privileged;
        known.push(account);
    }
    known
}

const fn most_ways() -> usize {
    crate::recovery::plan::MOST_WAYS
}

/// A share set that is in use: its quorum, and each share.
fn share_set(set: &ShareSet) -> Vec<Thing> {
    let name = set_name(set.id);
    let mut taken = HashSet::new();
    let mut shares: Vec<Thing> = set
        .shares
        .iter()
        .zip(1..)
        .map(|(share, number): (_, u8)| {
            let mut share_name = format!("share of {} ({name})", share.custodian.raw());
            if share.custodian.is_empty() || !taken.insert(share.custodian.raw()) {
                share_name = format!("share {number} ({name})");
            }
            Thing::new(share_name, ThingKind::Share)
        })
        .collect();
    let of = shares.iter().map(|share| share.name.clone()).collect();
    let quorum = Way { of, at_least: Some(set.threshold) };
    shares.push(with_ways(Thing::new(name, ThingKind::ShareSet), vec![quorum]));
    shares
}

fn set_name(id: u16) -> String {
    format!("share set {id}")
}

/// The bundles that a vault knows of: of those that were written to one place the newest, since it took the others'.
pub(super) fn bundles(vault: &Vault) -> Vec<(String, &BundleRecord)> {
    let mut by_path: Vec<&BundleRecord> = Vec::new();
    for record in &vault.bundles {
        by_path.retain(|other| other.path != record.path);
        by_path.push(record);
    }
    let mut taken = HashSet::new();
    let named = by_path.into_iter().map(|record| {
        let path = record.path.raw();
        let file = path.rsplit(['/', '\\']).next().unwrap_or(path);
        let mut name = format!("bundle {file}");
        if !taken.insert(name.clone()) {
            name = format!("bundle {path}");
            taken.insert(name.clone());
        }
        (name, record)
    });
    named.collect()
}

/// The name of an entry's account in the plan, as it is.
fn title(entry: &Entry) -> String {
    let (issuer, account) = (entry.issuer.raw().trim(), entry.account.raw().trim());
    match (issuer.is_empty(), account.is_empty()) {
        (false, false) => format!("{issuer}:{account}"),
        (true, false) => account.to_owned(),
        (false, true) => issuer.to_owned(),
        (true, true) => entry.id.to_string(),
    }
}

fn all<T: Into<String>>(of: impl IntoIterator<Item = T>) -> Way {
    Way { of: of.into_iter().map(Label::new).collect(), at_least: None }
}

fn with_ways(mut thing: Thing, ways: Vec<Way>) -> Thing {
    thing.ways = ways;
    thing
}
