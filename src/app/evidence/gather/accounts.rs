//! How far each account is provided for: whether its codes were ever accepted, and from what they could be restored.

use std::collections::{HashMap, HashSet};

use super::super::policy::PolicyFile;
use super::super::redact::Sort;
use super::{Material, count, moment};
use crate::app::status;
use crate::entry::{Entry, EntryId, Label, UnixSeconds};
use crate::otp::{Seed, Strength};
use crate::recovery::Level;
use crate::vault::find::{self, FindError};
use crate::wire::entry_v1;
use crate::wire::evidence_v1::{Account, Application, ApplicationEntry, Policy, Unproven};

/// How the newest bundle of all entries holds an entry: whole, with other names or dates, with a seed that was replaced
/// since, or not at all.
const AS_IT_IS: &str = "as-it-is";
const SAME_SEED: &str = "same-seed";
const OLDER_SEED: &str = "older-seed";
const NOT: &str = "not";

const DAY_SECONDS: u64 = 86_400;

/// The entries, with what else is known of them.
pub(super) struct Coverage<'a> {
    material: &'a Material<'a>,
    /// When a drill of level L3 last signed in with an entry.
    accepted: HashMap<EntryId, UnixSeconds>,
    /// When the newest bundle of all entries was made, and what it holds; `None` without one.
    newest: Option<(UnixSeconds, HashMap<EntryId, [u8; 4]>)>,
}

impl<'a> Coverage<'a> {
    pub(super) fn of(material: &'a Material<'a>) -> Self {
        let mut accepted: HashMap<EntryId, UnixSeconds> = HashMap::new();
        for logged in material.drills.iter().filter(|logged| logged.drill.level == Level::Accepted) {
            for attested in &logged.drill.attested {
                let last = accepted.entry(attested.entry).or_default();
                *last = (*last).max(logged.at());
            }
        }
        let newest = material.newest_bundle().map(|listed| {
            let contents = listed.record.contents.iter().map(|bundled| (bundled.id, bundled.digest));
            (listed.record.created, contents.collect())
        });
        Self { material, accepted, newest }
    }

    fn entries(&self) -> impl Iterator<Item = &'a Entry> + Clone + use<'a> {
        self.material.session.vault.entries.iter()
    }

    pub(super) fn privileged(&self) -> Vec<Account> {
        self.entries().filter(|entry| entry.privileged).map(|entry| self.account(entry)).collect()
    }

    fn account(&self, entry: &Entry) -> Account {
        let digest = entry_v1::digest(entry);
        let bundles = self.material.bundles.iter().filter(|listed| {
            listed.record.contents.iter().any(|bundled| bundled.id == entry.id && bundled.digest == digest)
        });
        let provenance = entry.provenance.as_ref();
        let device = provenance.and_then(|provenance| provenance.device.as_ref()).map(Label::raw);
        let names = &self.material.names;
        Account {
            entry: names.entry(entry.id),
            provenance: provenance.map(|provenance| provenance.how.name().to_owned()),
            device: device.map(|device| names.of(Sort::Text, device)),
            created: moment(entry.created),
            rotated: entry.rotated.map(moment),
            proven: entry.proven.map(moment),
            proven_days_ago: entry.proven.map(|at| self.material.at.saturating_sub(at) / DAY_SECONDS),
            newest_bundle: self.newest_bundle(entry, digest),
            bundles: count(bundles.count()),
            accepted: self.accepted.get(&entry.id).copied().map(moment),
            recovery_codes_left: (!entry.is_sealed()).then(|| count(entry.recovery_codes_left())),
            sealed: entry.is_sealed(),
            seed: seed(entry.seed()).to_owned(),
        }
    }

    fn newest_bundle(&self, entry: &Entry, digest: [u8; 4]) -> Option<String> {
        let (made, contents) = self.newest.as_ref()?;
        let words = match contents.get(&entry.id) {
            Some(bundled) if *bundled == digest => AS_IT_IS,
            Some(_) if entry.rotated.is_none_or(|rotated| rotated < *made) => SAME_SEED,
            Some(_) => OLDER_SEED,
            None => NOT,
        };
        Some(words.to_owned())
    }

    pub(super) fn never_proven(&self) -> Vec<Unproven> {
        self.entries().filter(|entry| entry.proven.is_none()).map(|entry| self.unproven(entry)).collect()
    }

    pub(super) fn proven_long_ago(&self) -> Vec<Unproven> {
        let is_old = |at| status::is_old(at, self.material.at);
        let old = self.entries().filter(|entry| entry.proven.is_some_and(is_old));
        old.map(|entry| self.unproven(entry)).collect()
    }

    fn unproven(&self, entry: &Entry) -> Unproven {
        Unproven {
            entry: self.material.names.entry(entry.id),
            privileged: entry.privileged,
            created: moment(entry.created),
            proven: entry.proven.map(moment),
        }
    }

    /// The entries that a query names: as everywhere, and all of them where several fit.
    fn fitting(&self, query: &str) -> Vec<&'a Entry> {
        match find::find(self.entries(), query) {
            Ok(entry) => vec![entry],
            Err(FindError::Several(ids)) => {
                let ids: HashSet<EntryId> = ids.into_iter().collect();
                self.entries().filter(|entry| ids.contains(&entry.id)).collect()
            }
            Err(_) => Vec::new(),
        }
    }
}

/// Tells whether a restored bundle would give an account's codes.
pub(super) fn is_in_newest_bundle(account: &Account) -> bool {
    matches!(account.newest_bundle.as_deref(), Some(AS_IT_IS | SAME_SEED))
}

fn seed(seed: Option<&Seed>) -> &'static str {
    match seed.map(Seed::strength) {
        Some(Strength::Good) => "good",
        Some(Strength::Short(_)) => "short",
        None => "sealed",
    }
}

/// The policy, with the entries of each sensitive application that it names.
pub(super) fn policy(coverage: &Coverage<'_>, file: &PolicyFile) -> Policy {
    let names = &coverage.material.names;
    let applications = file.applications.iter().map(|named| {
        let entries = coverage.fitting(&named.query).into_iter().map(|entry| ApplicationEntry {
            entry: names.entry(entry.id),
            privileged: entry.privileged,
            proven: entry.proven.map(moment),
            newest_bundle: coverage.newest_bundle(entry, entry_v1::digest(entry)),
        });
        Application {
            name: names.of(Sort::Text, &named.name),
            query: names.of(Sort::Text, &named.query),
            entries: entries.collect(),
        }
    });
    Policy {
        sha256: file.sha256.clone(),
        applications: applications.collect(),
        text: (!names.are_pseudonyms()).then(|| file.text.clone()),
    }
}
