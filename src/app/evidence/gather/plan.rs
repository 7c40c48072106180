//! The recovery plan, as far as a report may tell it.
//!
//! The plan says where everything lies, who holds it and what falls with what: to somebody who wants in it is a map. So a
//! report has the names of accounts and counts, and neither the things nor the chains between them.

use std::collections::BTreeMap;

use super::events::Outcomes;
use super::{Material, count, moment};
use crate::app::context::Context;
use crate::app::plan::{CheckOptions, Flag, FlagKind, PlanChecked, check};
use crate::audit::Event;
use crate::vault::StoredPlan;
use crate::wire::evidence_v1::{Plan, PlanCheck, PlanFlag, WeakAccount};

/// What is known of the plan.
pub(super) fn plan(ctx: &Context, material: &Material<'_>) -> Plan {
    let (state, things, check) = match &material.session.vault.plan {
        StoredPlan::Unread(_) => ("unread", 0, None),
        StoredPlan::Read(own) if !own.things.is_empty() => {
            let options = CheckOptions { depth: 1, lose: Vec::new() };
            match check(ctx, material.session, &options) {
                Ok(checked) => ("checked", own.things.len(), Some(told(material, &checked))),
                Err(_) => ("not-checkable", own.things.len(), None),
            }
        }
        // Of what the vault knows by itself the other parts of a report tell.
        StoredPlan::None | StoredPlan::Read(_) => ("none", 0, None),
    };
    Plan { state: state.to_owned(), last_changed: last_changed(material), things: count(things), check }
}

/// When a change of the plan last reached the disk.
fn last_changed(material: &Material<'_>) -> Option<String> {
    let outcomes = Outcomes::of(&material.records);
    let changes = material.records.iter().filter(|(_, record)| record.event == Event::PlanChanged);
    let saved = changes.filter(|(number, _)| outcomes.of_record(*number) != Some("not-saved"));
    saved.map(|(_, record)| record.at).max().map(moment)
}

fn told(material: &Material<'_>, checked: &PlanChecked) -> PlanCheck {
    let weak = Weak::of(checked);
    let at_one_loss = |privileged_only: bool| {
        let fits = |account: &&Account| account.single_points > 0 && (account.privileged || !privileged_only);
        count(weak.accounts.values().filter(fits).count())
    };
    PlanCheck {
        accounts: count(checked.n_accounts),
        unreachable: count(checked.unreachable_now.as_ref().map_or(0, |found| found.accounts.len())),
        single_points: count(checked.single_points.len()),
        accounts_at_one_loss: at_one_loss(false),
        privileged_at_one_loss: at_one_loss(true),
        scenarios: count(checked.scenarios.len()),
        scenarios_with_loss: count(checked.scenarios.iter().filter(|one| one.found.is_some()).count()),
        weak_accounts: weak.told(material),
        flags: flags(material, &checked.flags),
    }
}

/// What is weak about an account.
#[derive(Debug, Clone, Copy, Default)]
struct Account {
    privileged: bool,
    unreachable: bool,
    single_points: usize,
}

/// The accounts of which something is weak, by name.
struct Weak<'a> {
    accounts: BTreeMap<&'a str, Account>,
}

impl<'a> Weak<'a> {
    fn of(checked: &'a PlanChecked) -> Self {
        let mut accounts: BTreeMap<&str, Account> = BTreeMap::new();
        let single = checked.findings.iter().filter(|found| found.losses.len() == 1);
        for found in checked.unreachable_now.iter().chain(single) {
            // Privileged ones come first in what was found.
            for (name, place) in found.accounts.iter().zip(0..) {
                let account = accounts.entry(name).or_default();
                account.privileged |= place < found.n_privileged;
                account.unreachable |= found.losses.is_empty();
                account.single_points += found.losses.len();
            }
        }
        Self { accounts }
    }

    /// Privileged ones first, then those that cannot be reached, then those that most losses take away.
    fn told(&self, material: &Material<'_>) -> Vec<WeakAccount> {
        let mut accounts: Vec<(&str, Account)> =
            self.accounts.iter().map(|(name, account)| (*name, *account)).collect();
        accounts.sort_by_key(|(_, account)| {
            (!account.privileged, !account.unreachable, std::cmp::Reverse(account.single_points))
        });
        let told = accounts.into_iter().map(|(name, account)| WeakAccount {
            name: material.names.account(name),
            privileged: account.privileged,
            reachable: !account.unreachable,
            single_points: count(account.single_points),
        });
        told.collect()
    }
}

/// What is unwise, by its sort, with the names of accounts and of nothing else.
fn flags(material: &Material<'_>, flags: &[Flag]) -> Vec<PlanFlag> {
    let mut by_kind: BTreeMap<FlagKind, Vec<&Flag>> = BTreeMap::new();
    for flag in flags {
        by_kind.entry(flag.kind).or_default().push(flag);
    }
    let told = by_kind.into_iter().map(|(kind, flags)| PlanFlag {
        kind: kind.name().to_owned(),
        count: count(flags.len()),
        accounts: if kind.is_about_account() {
            flags.iter().map(|flag| material.names.account(&flag.about)).collect()
        } else {
            Vec::new()
        },
    });
    told.collect()
}
