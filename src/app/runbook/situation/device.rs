//! The device that a runbook is about: found by its name in the plan, or in what entries say of where their seeds lie.

use std::collections::BTreeSet;

use super::named;
use crate::app::failure::{Failure, Kind, Unchanged};
use crate::entry::Label;
use crate::recovery::plan::{PhoneKind, Plan, Thing, ThingKind};
use crate::vault::Vault;

/// The device.
#[derive(Debug)]
pub(in crate::app::runbook) struct Device {
    /// Its name, safe to show.
    pub(in crate::app::runbook) name: String,
    /// Its name as it is.
    pub(in crate::app::runbook) label: Label,
    /// What of the plan goes with it: itself, and the device that carries it or the authenticators on it.
    pub(super) things: Vec<usize>,
    /// The kinds of the authenticators on it, each once.
    pub(in crate::app::runbook) kinds: Vec<PhoneKind>,
    /// Notes of those things, safe to show.
    pub(in crate::app::runbook) notes: Vec<String>,
    /// Whether the plan has it.
    pub(in crate::app::runbook) in_plan: bool,
    /// What entries may call it, in small letters.
    names: BTreeSet<String>,
}

impl Device {
    /// Finds it.
    ///
    /// # Errors
    ///
    /// Exit 4 when nothing has the name, or several things do.
    pub(super) fn find(plan: &Plan, vault: &Vault, typed: &str, may_be_new: bool) -> Result<Self, Failure> {
        if let Some(number) = in_plan(plan, typed)? {
            return Ok(Self::of_plan(plan, number));
        }
        let known = of_entries(vault);
        let lowered = typed.trim().to_lowercase();
        let found = known.iter().find(|label| label.raw().trim().to_lowercase() == lowered);
        let new = || (may_be_new && !lowered.is_empty()).then(|| Label::new(typed.trim()));
        match found.map(|label| (*label).clone()).or_else(new) {
            Some(label) => Ok(Self {
                name: named(&label),
                names: [lowered].into(),
                label,
                things: Vec::new(),
                kinds: Vec::new(),
                notes: Vec::new(),
                in_plan: false,
            }),
            None => Err(unknown(plan, &known, typed)),
        }
    }

    fn of_plan(plan: &Plan, number: usize) -> Self {
        let mut things = vec![number];
        let at = |number: usize| plan.things.get(number);
        let named_by = |number: usize, name: &Label| {
            at(number).is_some_and(|thing| {
                thing.needs.contains(name) || thing.ways.iter().any(|way| way.of.contains(name))
            })
        };
        let is_factor = |thing: &Thing| {
            matches!(thing.kind, ThingKind::Authenticator(_) | ThingKind::Sms | ThingKind::Passkey)
        };
        let label = at(number).map(|thing| thing.name.clone()).unwrap_or_default();
        let others = plan.things.iter().enumerate().filter(|(other, thing)| match at(number) {
            // The phone with all that is on it; the authenticator with the phone that carries it.
            Some(one) if one.kind == ThingKind::Device => is_factor(thing) && thing.needs.contains(&label),
            Some(_) => thing.kind == ThingKind::Device && *other != number && named_by(number, &thing.name),
            None => false,
        });
        things.extend(others.map(|(other, _)| other));
        let all = || things.iter().filter_map(|number| at(*number));
        let mut kinds = Vec::new();
        for thing in all() {
            if let ThingKind::Authenticator(kind) = thing.kind
                && !kinds.contains(&kind)
            {
                kinds.push(kind);
            }
        }
        let noted = all().filter(|thing| !thing.note.trim().is_empty());
        Self {
            name: named(&label),
            kinds,
            notes: noted.map(super::noted).collect(),
            in_plan: true,
            names: all().map(|thing| thing.name.raw().trim().to_lowercase()).collect(),
            label,
            things: things.clone(),
        }
    }

    /// Whether an entry's word for a device means this one.
    pub(super) fn is_called(&self, name: &Label) -> bool {
        self.names.contains(&name.raw().trim().to_lowercase())
    }
}

/// Tells whether a runbook can be about such a thing.
const fn is_device(kind: ThingKind) -> bool {
    matches!(
        kind,
        ThingKind::Authenticator(_)
            | ThingKind::Device
            | ThingKind::HardwareKey
            | ThingKind::Passkey
            | ThingKind::Sms
    )
}

/// The thing of the plan with a name: in any case, else the one device, else the one thing, that holds it.
fn in_plan(plan: &Plan, typed: &str) -> Result<Option<usize>, Failure> {
    let lowered = typed.trim().to_lowercase();
    let things = plan.things.iter().enumerate().filter(|(_, thing)| is_device(thing.kind));
    let lower = |thing: &Thing| thing.name.raw().trim().to_lowercase();
    if let Some((number, _)) = things.clone().find(|(_, thing)| lower(thing) == lowered) {
        return Ok(Some(number));
    }
    let holds: Vec<(usize, &Thing)> =
        things.filter(|(_, thing)| !lowered.is_empty() && lower(thing).contains(&lowered)).collect();
    let devices: Vec<&(usize, &Thing)> =
        holds.iter().filter(|(_, thing)| thing.kind == ThingKind::Device).collect();
    match (devices.as_slice(), holds.as_slice()) {
        ([(number, _)], _) | ([], [(number, _)]) => Ok(Some(*number)),
        (_, []) => Ok(None),
        _ => Err(Failure::new(
            Kind::SeveralEntries,
            format!("{} things of the plan fit \"{}\"", holds.len(), Label::new(typed)),
        )
        .details(holds.iter().map(|(_, thing)| thing.name.shown()))
        .unchanged(Unchanged::NothingTouched)
        .next("give more of the name")),
    }
}

/// The devices that entries name, each once, in the entries' order.
fn of_entries(vault: &Vault) -> Vec<&Label> {
    let mut known: Vec<&Label> = Vec::new();
    for entry in &vault.entries {
        let device = entry.provenance.as_ref().and_then(|provenance| provenance.device.as_ref());
        if let Some(device) = device.filter(|device| !known.contains(device)) {
            known.push(device);
        }
    }
    known
}

fn unknown(plan: &Plan, of_entries: &[&Label], typed: &str) -> Failure {
    let mut names: Vec<String> =
        plan.things.iter().filter(|thing| is_device(thing.kind)).map(|thing| thing.name.shown()).collect();
    names.extend(of_entries.iter().map(|label| label.shown()));
    names.dedup();
    let typed = Label::new(typed);
    let mut failure = Failure::new(Kind::NoEntry, format!("no device is named \"{typed}\""))
        .unchanged(Unchanged::NothingTouched);
    failure.details = names;
    failure
        .next("without --device the runbook holds for any phone")
        .next("to put it into the plan: lifeboat plan add NAME --kind device")
}
