//! Everything that is known about one entry, without a secret.

use super::context::Context;
use super::history::{self, Happened};
use super::seal;
use super::session::Session;
use crate::entry::{EntryId, Label, Provenance, UnixSeconds};
use crate::otp::{Otp, Seed};
use crate::wire::entry_v1;

/// What is known about an entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Details {
    /// The entry.
    pub id: EntryId,
    /// The service.
    pub issuer: Label,
    /// The account.
    pub account: Label,
    /// Its name, safe to show.
    pub title: String,
    /// Kind of code and its numbers.
    pub otp: Otp,
    /// Length of the seed; not known of a sealed one.
    pub seed_bits: Option<usize>,
    /// What opens the seed, in words, where it is sealed.
    pub sealed: Option<String>,
    /// Until when a sealed seed lay open in this vault, if it did and is still the same.
    pub known_before: Option<UnixSeconds>,
    /// Tags, in the order they were given.
    pub tags: Vec<Label>,
    /// Free text.
    pub note: String,
    /// Shown first.
    pub favourite: bool,
    /// Opens something privileged.
    pub privileged: bool,
    /// When it was added here.
    pub created: UnixSeconds,
    /// When anything of it was last changed.
    pub updated: UnixSeconds,
    /// When its seed was last replaced.
    pub rotated: Option<UnixSeconds>,
    /// When the service last accepted a code of it.
    pub proven: Option<UnixSeconds>,
    /// How the seed came here.
    pub provenance: Option<Provenance>,
    /// How many recovery codes are stored.
    pub n_recovery_codes: usize,
    /// How many of them were not handed out yet.
    pub n_recovery_codes_left: usize,
    /// The bundles that hold it, newest first.
    pub bundles: Vec<InBundle>,
    /// What happened to it, newest first, as far as the end of the log goes; empty where that was not asked for.
    pub history: Vec<Happened>,
}

/// A bundle that holds an entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InBundle {
    /// When it was made.
    pub created: UnixSeconds,
    /// Where it was written.
    pub path: Label,
    /// The label that can be read without opening it.
    pub label: Label,
    /// Whether it holds the entry as it is now.
    pub is_current: bool,
}

/// Gathers it; the log is read only if `with_history`. `None` when the entry is gone.
pub fn details(ctx: &Context, session: &Session, id: EntryId, with_history: bool) -> Option<Details> {
    let entry = session.vault.entry(id)?;
    let digest = entry_v1::digest(entry);
    let bundles = session
        .vault
        .bundles
        .iter()
        .rev()
        .filter_map(|record| {
            let bundled = record.contents.iter().find(|bundled| bundled.id == id)?;
            Some(InBundle {
                created: record.created,
                path: record.path.clone(),
                label: record.label.clone(),
                is_current: bundled.digest == digest,
            })
        })
        .collect();
    Some(Details {
        id,
        issuer: entry.issuer.clone(),
        account: entry.account.clone(),
        title: entry.title(),
        otp: entry.otp,
        seed_bits: entry.seed().map(Seed::bits),
        sealed: entry.secret.sealed().map(seal::in_words),
        known_before: entry.known_before,
        tags: entry.tags.clone(),
        note: entry.note.clone(),
        favourite: entry.favourite,
        privileged: entry.privileged,
        created: entry.created,
        updated: entry.updated,
        rotated: entry.rotated,
        proven: entry.proven,
        provenance: entry.provenance.clone(),
        n_recovery_codes: entry.recovery_codes.len(),
        n_recovery_codes_left: entry.recovery_codes_left(),
        bundles,
        history: if with_history { history::of_entry(ctx, session, id) } else { Vec::new() },
    })
}
