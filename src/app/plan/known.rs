//! What of a plan the vault knows by itself: its entries and their codes, its bundles, its share sets.
//!
//! Each becomes a thing under a name that stays the same as long as what it names does. A thing of the person's own plan
//! with the same name says more about it: where it lies, who holds it, what else opens it. Its kind, marks and note hold
//! then; what both need is needed; its ways in take the place of the known ones where it has any.

use std::collections::{BTreeSet, HashMap, HashSet};

use crate::app::failure::Failure;
use crate::app::share_set;
use crate::entry::{Entry, EntryId, Label};
use crate::recovery::plan::{LONGEST_NAME, MOST_THINGS, MOST_WAYS, Plan, Thing, ThingKind, Way};
use crate::vault::{BundleRecord, ShareSet, Vault};

/// The vault itself, as a thing of its plan.
pub const VAULT: &str = "this vault";
/// Its file: where that lies only a person can say.
const VAULT_FILE: &str = "vault file";
/// More entries than these are not told one by one.
const MOST_ENTRIES: usize = 300;
/// Longest title that is the name of a thing, in bytes: an id may stand behind it, and `code ` before it.
const LONGEST_TITLE: usize = 120;
/// What opens it.
const VAULT_PASSPHRASE: &str = "vault passphrase";

/// The person's plan together with what the vault knows by itself.
///
/// # Errors
///
/// As [`own`](super::own).
pub fn whole(vault: &Vault) -> Result<Plan, Failure> {
    super::own(vault).map(|plan| join(&plan, vault).plan)
}

/// A person's plan together with what the vault knows by itself.
pub(super) struct Joined {
    /// What the person wrote down alone comes first, in the person's order; then what the vault knows.
    pub(super) plan: Plan,
    /// Place of the first thing that the vault knows.
    pub(super) known_from: usize,
    /// Names of entries that stand together as one thing, until the person's plan names one of them.
    pub(super) together: Vec<Label>,
    /// Names of the entries whose accounts stand alone.
    pub(super) names: Vec<(EntryId, Label)>,
    /// What the person's plan names and nothing has any more: an entry that was removed. Each stands at the end as a
    /// thing that is lost, so that the rest of the plan can still be asked.
    pub(super) missing: Vec<Label>,
}

/// As [`whole`], with the names of those entries whose accounts stand in it alone.
///
/// # Errors
///
/// As [`whole`].
pub(in crate::app) fn whole_with_names(vault: &Vault) -> Result<(Plan, Vec<(EntryId, Label)>), Failure> {
    super::own(vault).map(|plan| {
        let joined = join(&plan, vault);
        (joined.plan, joined.names)
    })
}

/// Joins a plan with what a vault knows.
pub(super) fn join(own: &Plan, vault: &Vault) -> Joined {
    let told = own.things.iter().flat_map(|thing| {
        let named = thing.needs.iter().chain(thing.ways.iter().flat_map(|way| &way.of));
        std::iter::once(&thing.name).chain(named)
    });
    let told = told.chain(own.scenarios.iter().flat_map(|scenario| &scenario.lose));
    let mut together = Vec::new();
    let (mut known, names) = of(vault, &told.map(Label::raw).collect(), &mut together);
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
    let known_from = things.len();
    things.append(&mut known);
    let missing = missing(own, &things);
    things.extend(missing.iter().map(|name| {
        let mut thing = Thing::new(name.raw(), ThingKind::Other);
        thing.lost = true;
        "neither the plan nor the vault has it any more".clone_into(&mut thing.note);
        thing
    }));
    Joined { plan: Plan { things, scenarios: own.scenarios.clone() }, known_from, together, names, missing }
}

/// The names that stand in a plan and that nothing has, each once, in its order.
fn missing(own: &Plan, things: &[Thing]) -> Vec<Label> {
    let there: HashSet<&str> = things.iter().map(|thing| thing.name.raw()).collect();
    let of_things = own
        .things
        .iter()
        .flat_map(|thing| thing.needs.iter().chain(thing.ways.iter().flat_map(|way| &way.of)));
    let named = of_things.chain(own.scenarios.iter().flat_map(|scenario| &scenario.lose));
    let mut missing: Vec<Label> = Vec::new();
    for name in named {
        // One that no thing can have stays a fault of the plan.
        let is_name = !name.raw().trim().is_empty() && name.raw().len() <= LONGEST_NAME;
        if is_name && !there.contains(name.raw()) && !missing.contains(name) && missing.len() < MOST_THINGS {
            missing.push(name.clone());
        }
    }
    missing
}

/// The things that a vault knows. Of many entries only those stand alone that are privileged, or that the person's plan
/// names; the others are one thing, since one loss takes all of them or none. Says the names of those that stand alone.
fn of(vault: &Vault, own: &HashSet<&str>, together: &mut Vec<Label>) -> (Vec<Thing>, Vec<(EntryId, Label)>) {
    let mut known = vec![
        Thing::new(VAULT_FILE, ThingKind::Other),
        Thing::new(VAULT_PASSPHRASE, ThingKind::Password),
        with_ways(Thing::new(VAULT, ThingKind::Vault), vec![all([VAULT_FILE, VAULT_PASSPHRASE])]),
    ];
    let bundles = bundles(vault);
    let opens_one = |id: u16| bundles.iter().any(|(_, record)| record.share_set == Some(id));
    // A set that another has replaced still opens the bundles that were made for it.
    for set in vault.share_sets.iter().filter(|set| set.replaced.is_none() || opens_one(set.id)) {
        known.extend(shares_of(set));
    }
    let is_known = |id: u16| vault.share_sets.iter().any(|set| set.id == id);
    let unknown: BTreeSet<u16> =
        bundles.iter().filter_map(|(_, record)| record.share_set).filter(|id| !is_known(*id)).collect();
    known.extend(unknown.into_iter().map(|id| Thing::new(set_name(id), ThingKind::ShareSet)));
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
    let mut names = Names(known.iter().map(|thing| thing.name.raw().to_owned()).collect());
    let mut named = Vec::new();
    for entry in &vault.entries {
        let name = names.of(entry);
        let code = format!("code {name}");
        let is_told = || own.contains(name.as_str()) || own.contains(code.as_str());
        if vault.entries.len() > MOST_ENTRIES && !entry.privileged && !is_told() {
            together.extend([Label::new(name), Label::new(code)]);
            continue;
        }
        let holds = |record: &BundleRecord| record.contents.iter().any(|bundled| bundled.id == entry.id);
        let sources =
            bundles.iter().filter(|(_, record)| holds(record)).map(|(name, _)| all([name.as_str()]));
        let ways: Vec<Way> = std::iter::once(all([VAULT])).chain(sources).take(MOST_WAYS).collect();
        known.push(with_ways(Thing::new(code.clone(), ThingKind::Code), ways));
        let mut account = with_ways(Thing::new(name, ThingKind::Account), vec![all([code])]);
        account.privileged = entry.privileged;
        named.push((entry.id, account.name.clone()));
        known.push(account);
    }
    // An account and its code each.
    let n_others = together.len() / 2;
    if n_others > 0 {
        let whole =
            bundles.iter().filter(|(_, record)| !record.selected).map(|(name, _)| all([name.as_str()]));
        let ways = std::iter::once(all([VAULT])).chain(whole).take(MOST_WAYS).collect();
        known.push(with_ways(Thing::new(format!("{n_others} other entries"), ThingKind::Account), ways));
    }
    (known, named)
}

/// The names of things, each once and none too long.
struct Names(HashSet<String>);

impl Names {
    /// The name of an entry's account. Where something has it already, and where it is too long, the id tells it apart.
    fn of(&mut self, entry: &Entry) -> String {
        let title = title(entry);
        let mut name = cut(&title, LONGEST_TITLE).to_owned();
        if name.len() < title.len() || self.0.contains(&name) || self.0.contains(&format!("code {name}")) {
            name = format!("{name} ({})", entry.id);
        }
        self.0.insert(name.clone());
        self.0.insert(format!("code {name}"));
        name
    }
}

/// The beginning of a text, in whole characters.
fn cut(text: &str, most_bytes: usize) -> &str {
    let mut end = most_bytes.min(text.len());
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    text.get(..end).unwrap_or_default()
}

/// A share set that is in use: its quorum, and each share.
fn shares_of(set: &ShareSet) -> Vec<Thing> {
    let name = set_name(set.id);
    let mut taken = HashSet::new();
    let mut shares: Vec<Thing> = set
        .shares
        .iter()
        .zip(1..)
        .map(|(share, number): (_, u8)| {
            let mut share_name = format!("share of {} ({name})", cut(share.custodian.raw(), LONGEST_TITLE));
            if share.custodian.raw().trim().is_empty() || !taken.insert(share_name.clone()) {
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

/// The names of a set's shares in the plan, in the order of their numbers.
pub(in crate::app) fn share_names(set: &ShareSet) -> Vec<Label> {
    shares_of(set).into_iter().take(set.n_shares()).map(|thing| thing.name).collect()
}

fn set_name(id: u16) -> String {
    format!("share set {}", share_set::name(id))
}

/// The bundles that a vault knows of: of those that were written to one place the newest, since it took the others'.
pub(in crate::app) fn bundles(vault: &Vault) -> Vec<(String, &BundleRecord)> {
    let mut by_path: Vec<&BundleRecord> = Vec::new();
    for record in &vault.bundles {
        by_path.retain(|other| other.path != record.path);
        by_path.push(record);
    }
    let mut taken = HashSet::new();
    let named = by_path.into_iter().map(|record| {
        let path = record.path.raw();
        let file = path.rsplit(['/', '\\']).next().unwrap_or(path);
        let mut name = format!("bundle {}", cut(file, LONGEST_TITLE));
        if !taken.insert(name.clone()) {
            let id = data_encoding::HEXLOWER.encode(&record.id);
            name = format!("{name} ({id})");
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
