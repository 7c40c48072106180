//! Coming back: a bundle into a new vault, a bundle merged into this one, a previous generation put back.

use std::collections::BTreeSet;

use super::bundle::{OpenedBundle, SealedBundle};
use super::context::Context;
use super::failure::{Failure, Kind, Unchanged, shown_path};
use super::init::{self, NewSlot};
use super::session::Session;
use super::status::count;
use super::{log, state, vault_file};
use crate::audit::Event;
use crate::entry::{Entry, EntryId, Label, UnixSeconds};
use crate::envelope::{self, Credentials, Sealed};
use crate::recovery::Items;
use crate::secret::SecretBytes;
use crate::storage::previous::{self, Previous};
use crate::vault::merge::{MergeVerdict, plan_by_id};
use crate::vault::{Continues, StoredPlan, Vault, VaultId, VaultKeys, find};
use crate::wire::entry_v1;

/// What came of a restore.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Restored {
    /// How many entries there are now from the bundle.
    pub n_entries: usize,
    /// How many of the bundle's entries cannot be read; they were set aside.
    pub n_quarantined: usize,
    /// The vault that the bundle was made from.
    pub from_vault: VaultId,
    /// That vault's generation.
    pub generation: u64,
    /// When the bundle was made.
    pub bundle_created: UnixSeconds,
    /// How many seconds its review date lies back.
    pub overdue: Option<u64>,
}

/// Restores a bundle into a new vault with keys of its own. Its log says what it continues.
///
/// `select` keeps the entries whose name holds it.
///
/// # Errors
///
/// Exit 8 when there is a vault already; as opening the bundle; exit 4 when nothing is selected.
pub fn into_new_vault(
    ctx: &Context,
    bundle: &SealedBundle,
    credentials: &Credentials,
    slot: &NewSlot,
    select: Option<&str>,
) -> Result<(Session, Restored), Failure> {
    if super::unlock::presence(ctx)? == super::unlock::Presence::Present {
        return Err(Failure::new(
            Kind::FileExists,
            format!("there is a vault at {} already", shown_path(&ctx.paths.vault)),
        )
        .unchanged(Unchanged::VaultKept(ctx.paths.vault.clone()))
        .next("to bring the bundle's entries into it: add --merge (and --dry-run to see first)")
        .next("to restore beside it: --vault PATH with a path that does not exist yet"));
    }
    let opened = bundle.open(ctx, credentials)?;
    into_new_vault_opened(ctx, opened, slot, select)
}

/// As [`into_new_vault`], for a bundle that is open already: the person has seen that it opens
/// before being asked for the new vault's passphrase.
///
/// # Errors
///
/// As [`into_new_vault`], without those of opening.
pub fn into_new_vault_opened(
    ctx: &Context,
    opened: OpenedBundle,
    slot: &NewSlot,
    select: Option<&str>,
) -> Result<(Session, Restored), Failure> {
    opened.refuse_unknown_maker(None)?;
    let now = ctx.clock.now();
    let overdue = opened.overdue(now);
    let OpenedBundle { payload, id, .. } = opened;
    let keys = VaultKeys {
        log: SecretBytes::from_slice(&ctx.random_bytes::<32>()?),
        signing: SecretBytes::from_slice(&ctx.random_bytes::<32>()?),
    };
    let mut vault = Vault::new(VaultId(ctx.random_bytes()?), keys, now);
    vault.continues = Some(Continues {
        vault: payload.vault,
        generation: payload.generation,
        bundle: id,
        log_head: payload.log_anchor.head,
        restored: now,
    });
    vault.plan = payload.plan;
    if select.is_none() {
        vault.items = payload.items;
    }
    let wanted = wanted(&payload.entries, select)?;
    vault.entries = payload.entries.into_iter().filter(|entry| wanted.contains(&entry.id)).collect();
    if select.is_none() {
        vault.quarantine = payload.quarantine;
    }
    let restored = Restored {
        n_entries: vault.entries.len(),
        n_quarantined: vault.quarantine.len(),
        from_vault: payload.vault,
        generation: payload.generation,
        bundle_created: payload.created,
        overdue,
    };
    let session = init::create(ctx, vault, slot, Event::Restored)?;
    Ok((session, restored))
}

/// What a merge does, or would do, to one entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MergedEntry {
    /// The entry.
    pub id: EntryId,
    /// Its name, safe to show.
    pub title: String,
    /// What becomes of it.
    pub verdict: MergeVerdict,
}

/// What a merge did, or would do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Merged {
    /// Every entry of the bundle, in its order.
    pub entries: Vec<MergedEntry>,
    /// What is not an entry and comes along, in words: a plan, incidents, passes.
    pub besides: Vec<String>,
    /// True when nothing was written.
    pub dry_run: bool,
    /// How many seconds the bundle's review date lies back.
    pub overdue: Option<u64>,
}

/// Merges a bundle's entries into the open vault by their ids. Entries that are newer here stay, and
/// what lies in the trash stays there: nothing is rolled back.
///
/// # Errors
///
/// Exit 4 when nothing is selected; what saving can fail with.
pub fn merge(
    ctx: &Context,
    session: &mut Session,
    opened: &OpenedBundle,
    select: Option<&str>,
    dry_run: bool,
) -> Result<Merged, Failure> {
    opened.refuse_unknown_maker(Some(session))?;
    let wanted = wanted(&opened.payload.entries, select)?;
    let incoming: Vec<Entry> = opened
        .payload
        .entries
        .iter()
        .filter(|entry| wanted.contains(&entry.id))
        .map(Entry::duplicate)
        .collect();
    let overdue = opened.overdue(ctx.clock.now());
    let verdicts = verdicts(&session.vault, &incoming);
    let besides = Besides::of(&session.vault, opened, select);
    if dry_run || !verdicts.iter().any(|verdict| writes(*verdict)) && besides.is_nothing() {
        let entries = named(&incoming, &verdicts);
        return Ok(Merged { entries, besides: besides.in_words(), dry_run, overdue });
    }
    let bundle = data_encoding::HEXLOWER.encode(&opened.id);
    let (entries, besides) = vault_file::change(ctx, session, |vault| {
        // Judged again on what the file holds now.
        let verdicts = self::verdicts(vault, &incoming);
        let report = named(&incoming, &verdicts);
        let besides = Besides::of(vault, opened, select);
        let besides_in_words = besides.in_words();
        if let Some(plan) = besides.plan {
            vault.plan = plan;
        }
        vault.items.append(besides.items);
        let mut n_written = 0;
        for (entry, verdict) in incoming.into_iter().zip(&verdicts) {
            match verdict {
                MergeVerdict::Added => vault.entries.push(entry),
                MergeVerdict::Newer => {
                    let id = entry.id;
                    *vault.entry_mut(id)? = entry;
                }
                MergeVerdict::InTrash | MergeVerdict::Older | MergeVerdict::Same => continue,
            }
            n_written += 1;
        }
        let mut record = log::record(ctx, Event::Restored);
        record.facts = vec![("bundle".into(), bundle), ("entries".into(), n_written.to_string())];
        Ok(((report, besides_in_words), vec![record]))
    })?;
    Ok(Merged { entries, besides, dry_run, overdue })
}

/// What a merge takes from a bundle besides its entries.
struct Besides {
    /// A vault that has a plan keeps its own: two plans are two maps, and only a person can say which one is right.
    plan: Option<StoredPlan>,
    /// Exceptions, incidents, passes and runbooks that the vault does not have.
    items: Items,
}

impl Besides {
    /// Who takes a selection takes no more than that.
    fn of(vault: &Vault, opened: &OpenedBundle, select: Option<&str>) -> Self {
        if select.is_some() {
            return Self { plan: None, items: Items::default() };
        }
        let plan = (vault.plan == StoredPlan::None && opened.payload.plan != StoredPlan::None)
            .then(|| opened.payload.plan.clone());
        Self { plan, items: vault.items.lacking(&opened.payload.items) }
    }

    fn is_nothing(&self) -> bool {
        self.plan.is_none() && self.items.is_empty()
    }

    fn in_words(&self) -> Vec<String> {
        let mut words: Vec<String> =
            self.plan.iter().map(|_| "the recovery plan of the bundle".to_owned()).collect();
        let lists = [
            (self.items.exceptions.len(), "exception", "exceptions"),
            (self.items.incidents.len(), "incident", "incidents"),
            (self.items.passes.len(), "pass", "passes"),
            (self.items.runbooks.len(), "runbook", "runbooks"),
            (self.items.unread.len(), "item of a newer version", "items of a newer version"),
        ];
        let there = lists.into_iter().filter(|(n, ..)| *n > 0);
        words.extend(there.map(|(n, one, several)| count(n, one, several)));
        words
    }
}

/// Tells whether a verdict changes the vault.
pub fn writes(verdict: MergeVerdict) -> bool {
    matches!(verdict, MergeVerdict::Added | MergeVerdict::Newer)
}

fn verdicts(vault: &Vault, incoming: &[Entry]) -> Vec<MergeVerdict> {
    let trashed: BTreeSet<EntryId> = vault.trash.iter().map(|trashed| trashed.entry.id).collect();
    plan_by_id(&vault.entries, &trashed, incoming, |left, right| {
        entry_v1::encode(left).same_as(&entry_v1::encode(right))
    })
}

fn named(incoming: &[Entry], verdicts: &[MergeVerdict]) -> Vec<MergedEntry> {
    let named = incoming.iter().zip(verdicts);
    named
        .map(|(entry, verdict)| MergedEntry { id: entry.id, title: entry.title(), verdict: *verdict })
        .collect()
}

fn wanted(entries: &[Entry], select: Option<&str>) -> Result<BTreeSet<EntryId>, Failure> {
    let found: BTreeSet<EntryId> =
        find::matching(entries.iter(), select.unwrap_or_default()).map(|entry| entry.id).collect();
    match select {
        Some(query) if found.is_empty() => Err(Failure::new(
            Kind::NoEntry,
            format!("no entry of the bundle fits \"{}\"", Label::new(query).shown()),
        )
        .unchanged(Unchanged::NothingTouched)
        .next("`lifeboat restore FILE --merge --dry-run` lists what is in it")),
        _ => Ok(found),
    }
}

/// The previous generations beside the vault, newest first.
///
/// # Errors
///
/// When the folder cannot be looked at.
pub fn previous_generations(ctx: &Context) -> Result<Vec<Previous>, Failure> {
    previous::list(ctx.disk.as_ref(), &ctx.paths.vault)
        .map_err(|error| vault_file::not_saved(&ctx.paths.vault, error))
}

/// A previous generation that was looked at and not opened yet.
#[derive(Debug)]
pub struct SealedPrevious {
    sealed: Sealed,
    previous: Previous,
    passed_over: Vec<PassedOver>,
}

/// A previous generation that is newer than the one that was found, and cannot be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PassedOver {
    /// Which one.
    pub number: u32,
    /// Why, in words.
    pub why: String,
}

impl SealedPrevious {
    /// Which one it is.
    pub fn previous(&self) -> &Previous {
        &self.previous
    }

    /// The newer ones that cannot be read, newest first.
    pub fn passed_over(&self) -> &[PassedOver] {
        &self.passed_over
    }

    /// Tells whether a passphrase opens it, alone or with a key file.
    pub fn wants_passphrase(&self) -> bool {
        self.sealed.wants_passphrase()
    }
}

/// Finds the previous generation `number`, or the newest that is whole when none is named. What it passes
/// over on the way is named in what it finds.
///
/// # Errors
///
/// Exit 4 when there is none, exit 5 when the named one is damaged.
pub fn look_at_previous(ctx: &Context, number: Option<u32>) -> Result<SealedPrevious, Failure> {
    let found = previous_generations(ctx)?;
    let (mut first_failure, mut passed_over) = (None, Vec::new());
    for previous in found {
        if number.is_some_and(|number| number != previous.number) {
            continue;
        }
        match vault_file::read_sealed(ctx, &previous.path) {
            Ok(Some(sealed)) => return Ok(SealedPrevious { sealed, previous, passed_over }),
            Ok(None) => {}
            Err(failure) => {
                let why = failure.causes().first().cloned().unwrap_or_else(|| failure.to_string());
                passed_over.push(PassedOver { number: previous.number, why });
                first_failure = first_failure.or(Some(failure));
            }
        }
    }
    Err(first_failure.unwrap_or_else(|| {
        Failure::new(
            Kind::NoFile,
            format!("there is no such previous generation beside {}", shown_path(&ctx.paths.vault)),
        )
        .unchanged(Unchanged::NothingTouched)
        .next("`lifeboat restore BUNDLE` restores from a bundle")
    }))
}

/// Puts a previous generation back. The file that is there becomes a previous generation itself.
///
/// # Errors
///
/// As opening and saving a vault.
pub fn put_back_previous(
    ctx: &Context,
    previous: &SealedPrevious,
    credentials: &Credentials,
) -> Result<Session, Failure> {
    let path = ctx.paths.vault.clone();
    if credentials.passphrase.is_some() {
        super::unlock::enough_memory(ctx, previous.sealed.cost())?;
    }
    let (master, opened_by) = previous
        .sealed
        .unlock(credentials, ctx.kdf.ceiling)
        .map_err(|error| vault_file::cannot_open(&previous.previous.path, "vault", error))?;
    let mut vault = vault_file::decode(&previous.previous.path, &previous.sealed, &master)?;
    let (_lock, notice) = vault_file::lock_path(ctx, &path)?;
    let seen = state::read(ctx, vault.id).state.generation;
    let present = ctx.disk.read(&path, envelope::LARGEST_FILE).ok();
    vault.previous = present.as_deref().map(super::bundle::sha256);
    // The file that is replaced counts as well: what this machine remembers may not be readable just now.
    let replaced = present
        .and_then(|bytes| Sealed::parse(bytes, envelope::Kind::Vault).ok())
        .and_then(|sealed| vault_file::decode(&path, &sealed, &master).ok());
    // The log is compared with the newest that is known of it.
    let anchors = [Some(vault.log_anchor), replaced.as_ref().map(|replaced| replaced.log_anchor)];
    let anchor = anchors.into_iter().flatten().max_by_key(|anchor| anchor.count);
    let replaced = replaced.map_or(0, |replaced| replaced.generation);
    let mut session = Session {
        vault: Vault::new(
            vault.id,
            VaultKeys { log: vault.keys.log.duplicate(), signing: vault.keys.signing.duplicate() },
            vault.created,
        ),
        master,
        slots: previous.sealed.header().slots.clone(),
        opened_by,
        path,
        sha256: previous.sealed.sha256(),
        // The new file counts on from the newest generation that was seen anywhere.
        newer_seen: Some(seen.max(replaced)),
        older_accepted: true,
        notices: Vec::new(),
        clock_doubt: None,
    };
    session.vault.log_anchor = anchor.unwrap_or(vault.log_anchor);
    if let Some(notice) = notice {
        session.tell(notice);
    }
    let mut record = log::record(ctx, Event::Restored);
    record.facts = vec![("from generation".into(), vault.generation.to_string())];
    let records = [record].into_iter().chain(log::sandbox_off(ctx)).collect();
    vault_file::save(ctx, &mut session, vault, records)?;
    Ok(session)
}
