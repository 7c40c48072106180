//! What an incident is about, and what of the plan lies on that device or with that person.

use std::collections::HashSet;

use crate::entry::Label;
use crate::recovery::plan::{Plan, Thing, ThingKind};

/// The device or the person that an incident is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Subject {
    /// A device.
    Device(Label),
    /// Neither: something may be known to somebody, and nobody knows to whom.
    Nobody,
    /// A person.
    Person(Label),
}

impl Subject {
    /// Its name, where it has one.
    pub const fn name(&self) -> Option<&Label> {
        match self {
            Self::Device(name) | Self::Person(name) => Some(name),
            Self::Nobody => None,
        }
    }

    /// Tells whether it is a person.
    pub const fn is_person(&self) -> bool {
        matches!(self, Self::Person(_))
    }
}

/// Tells whether two names are the same without case and without the blanks around them.
pub fn same(one: &str, other: &str) -> bool {
    folded(one) == folded(other)
}

pub(super) fn folded(name: &str) -> String {
    name.trim().to_lowercase()
}

/// What of a plan lies on a device or with a person: the places of the things in [`Plan::things`], in their order.
///
/// A thing lies there when it needs the subject, or something that lies there. An account, a service or a place that
/// needs a device does not lie on it. A factor or a vault lies also where one of its ways in leads through what lies
/// there; for a vault a device that has its passphrase alone is none.
pub fn held(plan: &Plan, subject: &Subject) -> Vec<usize> {
    let Some(wanted) = subject.name().map(|name| folded(name.raw())) else { return Vec::new() };
    let is_root = |thing: &Thing| folded(thing.name.raw()) == wanted;
    let mut is_held: Vec<bool> = plan.things.iter().map(is_root).collect();
    loop {
        let names: HashSet<&str> = each(plan, &is_held).map(|thing| thing.name.raw()).collect();
        let carriers: HashSet<&str> = each(plan, &is_held)
            .filter(|thing| subject.is_person() || thing.kind != ThingKind::Password)
            .map(|thing| thing.name.raw())
            .collect();
        let lies_there = |thing: &Thing| {
            let through = if thing.kind == ThingKind::Vault { &carriers } else { &names };
            let by_way = || thing.ways.iter().flat_map(|way| &way.of).any(|of| through.contains(of.raw()));
            moves_along(thing.kind) && thing.needs.iter().any(|need| names.contains(need.raw()))
                || is_carried(thing.kind) && by_way()
        };
        let further: Vec<usize> = plan
            .things
            .iter()
            .enumerate()
            .filter(|(place, thing)| !is_held.get(*place).copied().unwrap_or(true) && lies_there(thing))
            .map(|(place, _)| place)
            .collect();
        if further.is_empty() {
            break;
        }
        for place in further {
            if let Some(slot) = is_held.get_mut(place) {
                *slot = true;
            }
        }
    }
    is_held.iter().enumerate().filter(|(_, is_held)| **is_held).map(|(place, _)| place).collect()
}

fn each<'a>(plan: &'a Plan, is_held: &'a [bool]) -> impl Iterator<Item = &'a Thing> {
    plan.things.iter().zip(is_held).filter(|(_, is_held)| **is_held).map(|(thing, _)| thing)
}

/// Kinds that are where the thing is that they need.
const fn moves_along(kind: ThingKind) -> bool {
    !matches!(
        kind,
        ThingKind::Account
            | ThingKind::Code
            | ThingKind::HelpdeskAccess
            | ThingKind::IdentityProvider
            | ThingKind::Network
            | ThingKind::Person
            | ThingKind::Place
            | ThingKind::Service
            | ThingKind::ShareSet
    )
}

/// Kinds whose ways in may lead through what carries them.
const fn is_carried(kind: ThingKind) -> bool {
    matches!(
        kind,
        ThingKind::Authenticator(_)
            | ThingKind::HardwareKey
            | ThingKind::Passkey
            | ThingKind::RecoveryCodes
            | ThingKind::Sms
            | ThingKind::Vault
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::recovery::plan::{PhoneKind, Way};

    fn thing(name: &str, kind: ThingKind, needs: &[&str], ways: &[&[&str]]) -> Thing {
        let labels = |names: &[&str]| names.iter().map(|name| Label::new(*name)).collect::<Vec<_>>();
        let mut thing = Thing::new(name, kind);
        thing.needs = labels(needs);
        thing.ways = ways.iter().map(|of| Way { of: labels(of), at_least: None }).collect();
        thing
    }

    fn names(plan: &Plan, subject: &Subject) -> Vec<String> {
        held(plan, subject).into_iter().map(|place| plan.things[place].name.shown()).collect()
    }

    #[test]
    fn what_needs_a_device_lies_on_it_and_accounts_do_not() {
        let phone = ThingKind::Authenticator(PhoneKind::Android);
        let plan = Plan {
            things: vec![
                thing("Laptop ", ThingKind::Device, &["Ana"], &[]),
                thing("file", ThingKind::Other, &["Laptop "], &[]),
                thing("words", ThingKind::Password, &["notebook"], &[]),
                thing("notebook", ThingKind::Device, &[], &[]),
                thing("vault", ThingKind::Vault, &[], &[&["file", "words"]]),
                thing("app", phone, &[], &[&["Laptop "]]),
                thing("code", ThingKind::Code, &[], &[&["vault"]]),
                thing("AWS", ThingKind::Account, &["Laptop "], &[&["app"], &["code"]]),
                thing("Ana", ThingKind::Person, &[], &[]),
            ],
            scenarios: Vec::new(),
        };
        let device = |name: &str| Subject::Device(Label::new(name));
        assert_eq!(names(&plan, &device(" laptop")), ["Laptop ", "file", "vault", "app"]);
        assert_eq!(names(&plan, &device("notebook")), ["words", "notebook"]);
        assert_eq!(
            names(&plan, &Subject::Person(Label::new("ANA"))),
            ["Laptop ", "file", "vault", "app", "Ana"]
        );
        assert!(names(&plan, &device("phone")).is_empty());
        assert!(names(&plan, &Subject::Nobody).is_empty());
    }
}
