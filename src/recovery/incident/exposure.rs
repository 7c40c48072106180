//! Which seeds were on a device or seen by a person, how, and since when at least.
//!
//! Three sources say it: how each seed came here, the plan, and the log. None of them knows everything, so that each
//! date is a "since at least", and what could not be looked at is said in the basis.

mod seen;

use std::collections::{BTreeSet, HashMap, HashSet};
use std::fmt;

use seen::{PerEntry, Seen};
pub use seen::{entry_of, is_reveal};

use super::subject::{self, Subject, folded};
use crate::audit::Record;
use crate::entry::{Entry, EntryId, Label, ProvenanceKind, UnixSeconds};
use crate::recovery::plan::{Plan, ThingKind};

/// Most names of hosts or people that are told where the one that was asked for is not among them.
const MOST_OTHERS: usize = 8;

/// How certain it is that something of an account got out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Certainty {
    /// Its seed could have been read.
    CouldRead,
    /// A method of the account is there; its seed here is another one.
    Method,
    /// A code or a recovery code was shown, or an export may have held the seed.
    CodeShown,
    /// The seed is there: copied, typed in, shown or exported.
    SeedKnown,
}

/// An account of which something was there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Exposed {
    /// The entry; `None` of an account that only the plan knows.
    pub entry: Option<EntryId>,
    /// Its name, as it is shown.
    pub about: Label,
    /// Its name in the plan, where it stands there alone.
    pub in_plan: Option<Label>,
    /// It opens something privileged.
    pub privileged: bool,
    /// How certain it is.
    pub certainty: Certainty,
    /// A method of the account is there: at the service it is to be removed.
    pub has_method: bool,
    /// The seed was copied or exported to it, so that it lies there whoever has it.
    pub is_copied: bool,
    /// How, and since when at least, in words.
    pub words: Vec<String>,
}

/// A bundle that the vault knows of.
#[derive(Debug, Clone)]
pub struct KnownBundle {
    /// Its name in the plan.
    pub name: String,
    /// It takes shares to open it.
    pub by_shares: bool,
    /// The entries in it.
    pub entries: Vec<EntryId>,
}

/// A share that the vault knows of.
#[derive(Debug, Clone)]
pub struct KnownShare {
    /// Its name in the plan.
    pub name: String,
    /// The name of its set.
    pub set: String,
    /// Who holds it.
    pub custodian: Label,
}

/// What is known, out of which it is found.
pub struct Known<'a> {
    /// What the incident is about.
    pub subject: &'a Subject,
    /// The entries.
    pub entries: &'a [Entry],
    /// Names of the entries in the plan, of those that stand there alone.
    pub names: &'a HashMap<EntryId, Label>,
    /// The plan, with what the vault knows by itself.
    pub plan: &'a Plan,
    /// The log, oldest first; `None` where it cannot be read.
    pub records: Option<&'a [Record]>,
    /// The bundles.
    pub bundles: &'a [KnownBundle],
    /// The shares of sets that were not replaced.
    pub shares: &'a [KnownShare],
    /// A moment as a day.
    pub day: &'a dyn Fn(UnixSeconds) -> String,
}

impl fmt::Debug for Known<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Known").field("subject", &self.subject).finish_non_exhaustive()
    }
}

/// What was there.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Exposure {
    /// The accounts, in no order.
    pub accounts: Vec<Exposed>,
    /// Whoever has it could open the vault, or a copy of it.
    pub vault: bool,
    /// Passwords and passphrases of others that lie there, safe to show.
    pub passwords: Vec<String>,
    /// Share sets of which a share lies there.
    pub share_sets: Vec<String>,
    /// What this was made from and what it cannot know, in words, safe to show.
    pub basis: Vec<String>,
}

/// Finds what was on a device or seen by a person; of nobody in particular, everything that is not sealed.
pub fn find(known: &Known<'_>) -> Exposure {
    let held = subject::held(known.plan, known.subject);
    let mut looking = Looking {
        known,
        held_names: held
            .iter()
            .filter_map(|place| known.plan.things.get(*place))
            .map(|t| t.name.raw())
            .collect(),
        devices: devices(known, &held),
        found: Exposure::default(),
    };
    let seen = looking.log();
    let vault_by_plan = looking.plan(&held);
    looking.found.vault = vault_by_plan || seen.first.is_some() || *known.subject == Subject::Nobody;
    looking.entries(&seen, vault_by_plan);
    looking.accounts(&held);
    looking.shares();
    looking.found
}

/// Names by which provenance and hosts are matched: the subject's own, and those of devices and authenticators there.
fn devices(known: &Known<'_>, held: &[usize]) -> HashSet<String> {
    let things = held.iter().filter_map(|place| known.plan.things.get(*place));
    let of_plan = things
        .filter(|thing| matches!(thing.kind, ThingKind::Device | ThingKind::Authenticator(_)))
        .map(|thing| folded(thing.name.raw()));
    let own = match known.subject {
        Subject::Device(name) => Some(folded(name.raw())),
        Subject::Nobody | Subject::Person(_) => None,
    };
    of_plan.chain(own).collect()
}

struct Looking<'a> {
    known: &'a Known<'a>,
    held_names: HashSet<&'a str>,
    devices: HashSet<String>,
    found: Exposure,
}

impl Looking<'_> {
    fn basis(&mut self, line: impl Into<String>) {
        self.found.basis.push(line.into());
    }

    /// What the log says of the device or the person.
    fn log(&mut self) -> Seen {
        if *self.known.subject == Subject::Nobody {
            self.basis(
                "nobody knows to whom seeds may be known: every entry that is not sealed is in the list",
            );
            return Seen::default();
        }
        let Some(records) = self.known.records else {
            self.basis("the log could not be read: the list is by plan and provenance alone");
            return Seen::default();
        };
        let seen = Seen::of(records, self.known.subject, &self.devices);
        if let Some(first) = seen.first {
            let matched = seen.matched.iter().cloned().collect::<Vec<_>>().join(", ");
            let first = (self.known.day)(first);
            self.basis(format!(
                "the log was matched by {matched}: at least since {first}; before that nothing is known"
            ));
        } else {
            let (what, others) = match self.known.subject {
                Subject::Person(_) => ("user or way of opening", &seen.other_users),
                Subject::Device(_) | Subject::Nobody => ("host", &seen.other_hosts),
            };
            self.basis(format!("no {what} of that name in the log; there are: {}", few(others)));
        }
        if seen.n_bundles_made > 0 {
            let n = seen.n_bundles_made;
            let words =
                if n == 1 { "1 bundle or kit was".to_owned() } else { format!("{n} bundles or kits were") };
            self.basis(format!("{words} made there: who knows what opens them reads what was in them"));
        }
        seen
    }

    /// What lies there by the plan. Tells whether the vault does.
    fn plan(&mut self, held: &[usize]) -> bool {
        let Some(name) = self.known.subject.name() else { return false };
        let things: Vec<_> = held.iter().filter_map(|place| self.known.plan.things.get(*place)).collect();
        if things.iter().any(|thing| subject::same(thing.name.raw(), name.raw())) {
            let names: BTreeSet<String> = things
                .iter()
                .filter(|thing| !subject::same(thing.name.raw(), name.raw()))
                .map(|thing| thing.name.shown())
                .collect();
            if !names.is_empty() {
                self.basis(format!("by the plan there lie: {}", few(&names)));
            }
        } else {
            self.basis("the plan has nothing of that name");
        }
        for thing in &things {
            if thing.kind == ThingKind::Password {
                self.found.passwords.push(thing.name.shown());
            }
        }
        things.iter().any(|thing| thing.kind == ThingKind::Vault)
    }

    fn entries(&mut self, seen: &Seen, vault_by_plan: bool) {
        let bundles: Vec<&KnownBundle> = self
            .known
            .bundles
            .iter()
            .filter(|bundle| self.held_names.contains(bundle.name.as_str()))
            .collect();
        let bundled: HashMap<EntryId, &str> = bundles
            .iter()
            .filter(|bundle| !bundle.by_shares)
            .flat_map(|bundle| bundle.entries.iter().map(|entry| (*entry, bundle.name.as_str())))
            .collect();
        let of_shares: Vec<String> = bundles
            .iter()
            .filter(|bundle| bundle.by_shares)
            .map(|bundle| {
                format!("{} lies there too: it takes its shares to open it", Label::new(&bundle.name))
            })
            .collect();
        self.found.basis.extend(of_shares);
        for entry in self.known.entries {
            let mut found = Exposed {
                entry: Some(entry.id),
                about: Label::new(entry.title()),
                in_plan: self.known.names.get(&entry.id).cloned(),
                privileged: entry.privileged,
                certainty: Certainty::CouldRead,
                has_method: false,
                is_copied: false,
                words: Vec::new(),
            };
            self.by_provenance(entry, &mut found);
            if let Some(seen) = seen.entries.get(&entry.id) {
                self.by_log(entry, seen, &mut found);
            }
            self.by_export(entry, seen, &mut found);
            if found.certainty < Certainty::CodeShown {
                self.by_reading(entry, seen.first, vault_by_plan, &bundled, &mut found);
            }
            if !found.words.is_empty() {
                self.found.accounts.push(found);
            }
        }
    }

    fn by_provenance(&self, entry: &Entry, found: &mut Exposed) {
        let Some(provenance) = &entry.provenance else { return };
        let Some(device) = &provenance.device else { return };
        if !self.devices.contains(&folded(device.raw())) {
            return;
        }
        found.has_method = true;
        let since = (self.known.day)(born(entry));
        let device = Label::new(device.raw().trim());
        match provenance.how {
            ProvenanceKind::Copied => {
                (found.certainty, found.is_copied) = (Certainty::SeedKnown, true);
                found.words.push(format!("copied to {device}, at least since {since}"));
            }
            ProvenanceKind::Enrolled => {
                found.certainty = Certainty::Method;
                found.words.push(format!(
                    "{device} is enrolled besides, at least since {since}; its seed should be another one"
                ));
            }
        }
    }

    fn by_log(&self, entry: &Entry, seen: &PerEntry, found: &mut Exposed) {
        for (what, certainty) in seen::KINDS {
            // What was shown before the seed was replaced was another seed.
            let Some(first) = seen.first_since(what, born(entry)) else { continue };
            // Through a device that a seed was brought in at it only went, as any other in the vault; a person had it.
            if what == seen::What::SeedTyped && !self.known.subject.is_person() {
                continue;
            }
            found.certainty = found.certainty.max(certainty);
            found.is_copied |= what == seen::What::Exported;
            found.words.push(format!("{}, at least since {} (log)", what.words(), (self.known.day)(first)));
        }
    }

    /// An export whose record does not name its entries may have held any that lay open then.
    fn by_export(&self, entry: &Entry, seen: &Seen, found: &mut Exposed) {
        let first = seen.unnamed_exports.iter().copied().filter(|at| *at >= born(entry)).min();
        if let Some(at) = first.filter(|_| !entry.is_sealed()) {
            found.certainty = found.certainty.max(Certainty::CodeShown);
            found.is_copied = true;
            found.words.push(format!("may have been in the export of {} (log)", (self.known.day)(at)));
        }
    }

    fn by_reading(
        &self,
        entry: &Entry,
        first: Option<UnixSeconds>,
        vault_by_plan: bool,
        bundled: &HashMap<EntryId, &str>,
        found: &mut Exposed,
    ) {
        let day = self.known.day;
        let is_open_to = vault_by_plan || *self.known.subject == Subject::Nobody;
        let before = found.words.len();
        if entry.is_sealed() {
            // Only what lay open before it was sealed could be read without opening the seal.
            if let Some(until) = entry.known_before
                && (is_open_to || first.is_some_and(|first| first <= until))
            {
                found.words.push(format!("lay open in the vault until {}; sealed since", day(until)));
            }
        } else if let Some(first) = first {
            let since = day(first.max(born(entry)));
            found.words.push(format!("could have been read, at least since {since}"));
        } else if is_open_to {
            found.words.push("could have been read; since when is not known".to_owned());
        } else if let Some(bundle) = bundled.get(&entry.id) {
            let bundle = Label::new(*bundle);
            found.words.push(format!("could have been read in {bundle}, with what opens it"));
        }
        if found.words.len() > before {
            found.certainty = found.certainty.max(Certainty::CouldRead);
        }
    }

    /// Accounts whose ways in name a factor that lies there.
    fn accounts(&mut self, held: &[usize]) {
        let factors: HashMap<&str, ThingKind> = held
            .iter()
            .filter_map(|place| self.known.plan.things.get(*place))
            .filter(|thing| {
                thing.kind.is_factor()
                    && !matches!(thing.kind, ThingKind::Code | ThingKind::HelpdeskAccess | ThingKind::Vault)
            })
            .map(|thing| (thing.name.raw(), thing.kind))
            .collect();
        if factors.is_empty() {
            return;
        }
        for account in self.known.plan.things.iter().filter(|thing| thing.kind == ThingKind::Account) {
            let mut words: Vec<String> = Vec::new();
            for name in account.ways.iter().flat_map(|way| &way.of) {
                let Some(kind) = factors.get(name.raw()) else { continue };
                let word = if *kind == ThingKind::RecoveryCodes {
                    format!("its recovery codes lie there ({name}): make new ones")
                } else {
                    format!("its method {name} is there, by the plan")
                };
                if !words.contains(&word) {
                    words.push(word);
                }
            }
            if !words.is_empty() {
                self.found.accounts.push(Exposed {
                    entry: None,
                    about: account.name.clone(),
                    in_plan: Some(account.name.clone()),
                    privileged: account.privileged,
                    certainty: Certainty::Method,
                    has_method: true,
                    is_copied: false,
                    words,
                });
            }
        }
    }

    fn shares(&mut self) {
        let mut sets = BTreeSet::new();
        for share in self.known.shares {
            let is_theirs = match self.known.subject {
                Subject::Person(name) => subject::same(share.custodian.raw(), name.raw()),
                Subject::Device(_) | Subject::Nobody => false,
            };
            if is_theirs || self.held_names.contains(share.name.as_str()) {
                sets.insert(share.set.clone());
            }
        }
        self.found.share_sets = sets.into_iter().collect();
    }
}

/// When the seed that an entry has now came here.
fn born(entry: &Entry) -> UnixSeconds {
    entry.rotated.unwrap_or(entry.created)
}

fn few(names: &BTreeSet<String>) -> String {
    if names.is_empty() {
        return "none".to_owned();
    }
    let mut told: Vec<String> = names.iter().take(MOST_OTHERS).cloned().collect();
    let more = names.len().saturating_sub(MOST_OTHERS);
    if more > 0 {
        told.push(format!("{more} more"));
    }
    told.join(", ")
}
