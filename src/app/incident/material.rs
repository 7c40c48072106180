//! Brings together what the vault, its plan and its log know of a device or a person.

use std::collections::HashMap;
use std::path::Path;

use super::records_of;
use crate::app::context::Context;
use crate::app::status::count;
use crate::app::{log, plan, share_set, time};
use crate::entry::{EntryId, Label};
use crate::recovery::incident::exposure::{self, Known, KnownBundle, KnownShare};
use crate::recovery::incident::meanwhile::Meanwhile;
use crate::recovery::incident::subject::same;
use crate::recovery::incident::{IncidentKind, Subject, todo};
use crate::recovery::plan::Plan;
use crate::vault::Vault;

/// The list of things to do, and what it was made from, in words.
pub(super) fn list(
    ctx: &Context,
    path: &Path,
    vault: &Vault,
    kind: IncidentKind,
    subject: &Subject,
) -> (todo::List, Vec<String>) {
    let mut remarks = Vec::new();
    let (plan, names) = plan::whole_with_names(vault).unwrap_or_else(|_| {
        remarks.push("the plan was written by a newer version: what it says is not in the list".to_owned());
        (Plan::default(), Vec::new())
    });
    let names: HashMap<EntryId, Label> = names.into_iter().collect();
    let records = log::whole(ctx, path, vault).ok().map(records_of);
    if let Some(records) = &records {
        let n_records = u64::try_from(records.len()).unwrap_or(u64::MAX);
        let n_missing = vault.log_anchor.count.saturating_sub(n_records);
        if n_missing > 0 {
            remarks.push(format!(
                "{n_missing} records of the log are not there, and what they said is not known"
            ));
        }
    }
    if let Some(continues) = &vault.continues {
        let day = time::day(continues.restored);
        remarks.push(format!("this vault was restored on {day}: the log from before is not here"));
    }
    let known = Known {
        subject,
        entries: &vault.entries,
        names: &names,
        plan: &plan,
        records: records.as_deref(),
        bundles: &bundles(vault),
        shares: &shares(vault),
        day: &time::day,
    };
    let mut exposure = exposure::find(&known);
    let losses: Vec<usize> = plan
        .things
        .iter()
        .enumerate()
        .filter(|(_, thing)| subject.name().is_some_and(|name| same(thing.name.raw(), name.raw())))
        .map(|(place, _)| place)
        .collect();
    let ways = Meanwhile::after(&plan, &losses);
    if !ways.is_known() {
        remarks.push("the plan could not be judged: what it says of ways in is not in the list".to_owned());
    }
    for (n, words) in [
        (vault.trash.len(), "in the trash is not in the list"),
        (vault.quarantine.len(), "that cannot be read is not in the list"),
    ] {
        if n > 0 {
            let are = if n == 1 { words.to_owned() } else { words.replace(" is ", " are ") };
            remarks.push(format!("{} {are}", count(n, "entry", "entries")));
        }
    }
    exposure.basis.extend(remarks);
    let list = todo::list(kind, subject, &exposure, &ways);
    (list, exposure.basis)
}

fn bundles(vault: &Vault) -> Vec<KnownBundle> {
    let all = plan::bundles(vault).into_iter().map(|(name, record)| KnownBundle {
        name,
        by_shares: record.share_set.is_some(),
        entries: record.contents.iter().map(|bundled| bundled.id).collect(),
    });
    all.collect()
}

fn shares(vault: &Vault) -> Vec<KnownShare> {
    let in_use = vault.share_sets.iter().filter(|set| set.replaced.is_none());
    let all = in_use.flat_map(|set| {
        let named = plan::share_names(set).into_iter().zip(&set.shares);
        named.map(|(name, share)| KnownShare {
            name: name.raw().to_owned(),
            set: share_set::name(set.id),
            custodian: share.custodian.clone(),
        })
    });
    all.collect()
}
