//! What there is to restore from, who holds what opens it, and how it was rehearsed.

use super::super::redact::Sort;
use super::{Logged, Material, count, fact, hex, moment, number};
use crate::app::bundle::ListedBundle;
use crate::app::share_set;
use crate::audit::Event;
use crate::recovery::Level;
use crate::vault::ShareSet as Set;
use crate::wire::evidence_v1::{
    Acknowledgement, Attested, Bundle, Custodian, Drill, Found, LastDrill, ShareSet,
};

/// The drills of the period.
pub(super) fn drills(material: &Material<'_>) -> Vec<Drill> {
    let in_period = material.drills.iter().filter(|logged| material.is_in_period(logged.at()));
    in_period.map(|logged| drill(material, logged)).collect()
}

fn drill(material: &Material<'_>, logged: &Logged) -> Drill {
    let (names, drill) = (&material.names, &logged.drill);
    let found = drill.found.iter().map(|found| Found {
        verdict: found.verdict.name().to_owned(),
        count: count(found.count),
        entries: found.entries.iter().map(|id| names.entry(*id)).collect(),
    });
    let attested = drill.attested.iter().map(|attested| Attested {
        entry: names.entry(attested.entry),
        reference: names.of(Sort::Text, &attested.reference),
    });
    Drill {
        number: logged.number,
        at: moment(drill.at),
        logged: moment(logged.noted),
        bundle: hex(&drill.bundle),
        level: drill.level.name().to_owned(),
        opened_with: names.opened_with(&drill.opened_with),
        typed: drill.typed,
        beside_vault: drill.beside_vault,
        user: names.of(Sort::Person, &drill.user),
        host: names.of(Sort::Host, &drill.host),
        found: found.collect(),
        clean: !drill.has_findings(),
        clock_off_seconds: drill.clock_off,
        first_code_ms: drill.first_code_millis,
        total_ms: drill.total_millis,
        attested: attested.collect(),
        report_sha256: drill.report.clone(),
    }
}

/// The last drill of each level that was reached, of one bundle or of any.
pub(super) fn last_drills(material: &Material<'_>, bundle: Option<[u8; 16]>) -> Vec<LastDrill> {
    let of_level = |level: Level| {
        let fitting = material.drills.iter().filter(|logged| {
            logged.drill.level >= level && bundle.is_none_or(|bundle| logged.drill.bundle == bundle)
        });
        let last = fitting.max_by_key(|logged| (logged.at(), logged.number))?;
        Some(LastDrill {
            level: level.name().to_owned(),
            at: moment(last.at()),
            clean: !last.drill.has_findings(),
            number: last.number,
        })
    };
    Level::ALL.into_iter().filter_map(of_level).collect()
}

/// Every bundle, newest first.
pub(super) fn bundles(material: &Material<'_>) -> Vec<Bundle> {
    material.bundles.iter().map(|listed| bundle(material, listed)).collect()
}

fn bundle(material: &Material<'_>, listed: &ListedBundle) -> Bundle {
    let (names, record) = (&material.names, &listed.record);
    let set = record.share_set.and_then(|id| material.session.vault.share_set(id));
    Bundle {
        id: hex(&record.id),
        label: names.of(Sort::Text, record.label.raw()),
        path: names.of(Sort::Place, record.path.raw()),
        created: moment(record.created),
        sha256: hex(&record.sha256),
        entries: count(record.contents.len()),
        selected: record.selected,
        share_set: record.share_set.map(share_set::name),
        share_set_replaced: set.is_some_and(|set| set.replaced.is_some()),
        review: record.review.map(moment),
        review_overdue: record.review.is_some_and(|review| review <= material.at),
        added: count(listed.added),
        changed: count(listed.changed),
        removed: count(listed.removed),
        last_drills: last_drills(material, Some(record.id)),
    }
}

/// Every share set, oldest first.
pub(super) fn share_sets(material: &Material<'_>) -> Vec<ShareSet> {
    material.session.vault.share_sets.iter().map(|set| share_set(material, set)).collect()
}

fn share_set(material: &Material<'_>, set: &Set) -> ShareSet {
    let custodians = set.shares.iter().zip(1..).map(|(share, number)| Custodian {
        share: number,
        name: material.names.of(Sort::Person, share.custodian.raw()),
        typed_back: share.typed_back.map(moment),
        acknowledged: share.acknowledged.map(moment),
    });
    ShareSet {
        name: share_set::name(set.id),
        needed: u64::from(set.threshold),
        of: count(set.n_shares()),
        created: moment(set.created),
        check_by: moment(set.check_by),
        replaced: set.replaced.map(|replaced| moment(replaced.at)),
        replaced_by: set.replaced.map(|replaced| share_set::name(replaced.by)),
        custodians: custodians.collect(),
    }
}

/// The acknowledgements that were brought home in the period.
pub(super) fn acknowledgements(material: &Material<'_>) -> Vec<Acknowledgement> {
    let records = material.records_in_period().filter(|(_, record)| record.event == Event::ShareAcknowledged);
    let told = records.filter_map(|(line, record)| {
        Some(Acknowledgement {
            number: line,
            at: moment(record.at),
            share_set: fact(record, "share set")?.to_owned(),
            share: number(record, "share")?,
            date: moment(number(record, "date")?),
        })
    });
    told.collect()
}
