//! Rehearsals: a passphrase is typed from memory, or one share is checked alone. Nothing is opened for use.
//!
//! What was opened to see that it opens is dropped at once. Where the vault is at hand, its log keeps the date.

use std::collections::BTreeMap;

use super::bundle::SealedBundle;
use super::context::Context;
use super::failure::{Failure, Kind, Unchanged, shown_path};
use super::session::{Notice, Session};
use super::unlock::{self, Presence, SealedVault};
use super::{log, shares};
use crate::audit::Event;
use crate::custody::Share;
use crate::entry::UnixSeconds;
use crate::envelope::Credentials;
use crate::recovery::rehearsal::{Rehearsal, Standing, Subject};
use crate::vault::{Vault, VaultId};

/// What came of the vault's passphrase.
#[derive(Debug)]
pub struct Recalled {
    /// Whether the log has it.
    pub noted: bool,
    /// How it stands with the passphrase now.
    pub standing: Standing,
    /// What is to be told besides.
    pub notices: Vec<Notice>,
}

/// Refuses a vault whose passphrase cannot be rehearsed, before anybody types one.
///
/// # Errors
///
/// Exit 8 when no passphrase opens it, exit 3 when it takes a key file besides and none was named.
pub fn refuse(vault: &SealedVault, has_key_file: bool) -> Result<(), Failure> {
    if !vault.wants_passphrase() {
        return Err(Failure::new(
            Kind::Refused,
            "no passphrase opens this vault, so there is none to recall",
        )
        .details([format!("what opens it: {}", vault.ways().join(", or "))])
        .unchanged(Unchanged::NothingTouched)
        .next("see that the key file is where you think it is: lifeboat list --key-file PATH"));
    }
    if vault.wants_key_file() && !has_key_file {
        return Err(Failure::new(
            Kind::NoCredential,
            "the vault is opened by a passphrase and a key file together, and no key file was named",
        )
        .unchanged(Unchanged::NothingTouched)
        .next("name it with --key-file PATH; the passphrase is typed"));
    }
    Ok(())
}

/// Sees whether a passphrase that was typed from memory opens the vault, closes it again, and notes the date.
/// `n_failed` is how often another one was typed just before.
///
/// # Errors
///
/// As [`unlock::unlock`]. A wrong passphrase is noted as a failed attempt.
pub fn vault(
    ctx: &Context,
    vault: &SealedVault,
    typed: &Credentials,
    n_failed: usize,
) -> Result<Recalled, Failure> {
    let mut session = unlock::by_passphrase(ctx, vault, typed)?;
    let noted =
        note(ctx, &mut session, Said { subject: Subject::Vault, is_right: true, typed: true }, n_failed);
    let before =
        log::whole(ctx, &session.path, &session.vault).map(|whole| whole.records).unwrap_or_default();
    let standing = Standing::of(session.vault.created, before.iter().map(|(_, record)| record));
    Ok(Recalled { noted, standing, notices: session.take_notices() })
}

/// Sees whether a passphrase that was typed from memory opens a bundle, and closes it again. Says which vault it was
/// made from.
///
/// # Errors
///
/// As opening it; exit 8 when no passphrase does.
pub fn bundle(ctx: &Context, bundle: &SealedBundle, typed: &Credentials) -> Result<VaultId, Failure> {
    bundle.open_by_passphrase(ctx, typed).map(|opened| opened.payload().vault)
}

/// Checks one share alone against a bundle, and says what was rehearsed by that.
///
/// # Errors
///
/// As [`shares::check`].
pub fn share(bundle: &SealedBundle, share: &Share) -> Result<Subject, Failure> {
    shares::check(bundle, share)?;
    Ok(Subject::Share { bundle: bundle.id(), set: share.set().number(), share: share.number() })
}

/// Whether a rehearsal of a bundle can be dated here.
#[derive(Debug)]
pub enum Home {
    /// There is a vault, and it may be the one that the bundle was made from.
    Here(SealedVault),
    /// No vault of whose bundles it could be one; why, in words.
    Elsewhere(String),
}

/// Looks whether the vault of a bundle is on this machine. `made_from` is its id, where the bundle was opened.
///
/// What stands in the way of looking does not take back what was rehearsed: it is the reason why it is not dated.
pub fn home(ctx: &Context, made_from: Option<VaultId>) -> Home {
    match unlock::presence(ctx) {
        Ok(Presence::Absent) => return Home::Elsewhere("there is no vault on this machine".to_owned()),
        Ok(Presence::Present) => {}
        Err(failure) => return Home::Elsewhere(failure.to_string()),
    }
    match unlock::look(ctx) {
        Ok(vault) if made_from.is_none_or(|id| id == vault.id()) => Home::Here(vault),
        Ok(_) => Home::Elsewhere("the vault on this machine is not the one that it was made from".to_owned()),
        Err(failure) => Home::Elsewhere(failure.to_string()),
    }
}

/// Dates the rehearsal of a bundle in the log of the vault that it was made from.
///
/// # Errors
///
/// Why it is not dated, in words.
pub fn note_in(ctx: &Context, session: &mut Session, subject: Subject, typed: bool) -> Result<(), String> {
    if !is_of(&session.vault, &subject) {
        return Err("the vault on this machine is not the one that it was made from".to_owned());
    }
    let said = Said { subject, is_right: true, typed };
    if note(ctx, session, said, 0) { Ok(()) } else { Err("the log could not be written".to_owned()) }
}

/// What may help somebody who does not recall a passphrase, as far as a key that the keyring keeps can tell.
#[derive(Debug, Default)]
pub struct Help {
    /// Whether the log has the failure.
    pub noted: bool,
    /// What is to be told besides.
    pub notices: Vec<Notice>,
    /// Until when the vault opens without the passphrase.
    pub open_until: Option<UnixSeconds>,
    /// Where the newest bundle of all entries was written, and when; the place is safe to show.
    pub newest_bundle: Option<(String, UnixSeconds)>,
}

/// Notes that a passphrase was not recalled in so many tries, if the keyring keeps a key that opens the vault: without one nothing can
/// be sealed. What a bundle of another vault is opened by is not noted.
pub fn not_recalled(ctx: &Context, subject: Subject, n_tries: usize) -> Help {
    let Some(key) = ctx.kept.as_ref().and_then(|look| look.key()) else { return Help::default() };
    let session = unlock::look(ctx).and_then(|vault| unlock::unlock_kept_unnoted(ctx, vault, key));
    let Ok(mut session) = session else { return Help::default() };
    Help { open_until: Some(key.until()), ..not_recalled_in(ctx, &mut session, subject, n_tries) }
}

/// As [`not_recalled`], in a vault that is open.
pub fn not_recalled_in(ctx: &Context, session: &mut Session, subject: Subject, n_tries: usize) -> Help {
    let bundles = session.vault.bundles.iter().rev();
    let newest = bundles.filter(|record| !record.selected).max_by_key(|record| record.created);
    let newest_bundle = newest.map(|record| (record.path.shown(), record.created));
    // Of a bundle's tries the vault knows nothing.
    let n_own = if subject == Subject::Vault { n_tries } else { 0 };
    let said = Said { subject, is_right: false, typed: true };
    let noted = is_of(&session.vault, &said.subject) && note(ctx, session, said, n_own);
    Help { noted, notices: session.take_notices(), open_until: None, newest_bundle }
}

/// The failure of a passphrase that was not recalled.
pub fn failed(ctx: &Context, vault: &SealedVault, n_tries: usize, help: &Help) -> Failure {
    let path = &ctx.paths.vault;
    let tries = super::status::count(n_tries, "try", "tries");
    let mut failure = Failure::new(
        Kind::WrongPassphrase,
        format!("what was typed does not open the vault {} ({tries})", shown_path(path)),
    )
    .unchanged(Unchanged::OnlyRead(path.clone()))
    .next(
        "try again when you are rested; look at Caps Lock and the keyboard layout first: lifeboat rehearse",
    );
    if vault.opens_with_key_file_alone() {
        failure = failure.next(
            "a key file opens it too: with that, `lifeboat slot add --key-file PATH` makes a new passphrase",
        );
    }
    if let Some(until) = help.open_until {
        let left = super::keyring::in_words(until.saturating_sub(ctx.clock.now()));
        failure = failure.next(format!(
            "for {left} codes can still be read without it (lifeboat code NAME): enrol another factor while you can"
        ));
    }
    failure.next(match &help.newest_bundle {
        Some((place, created)) => format!(
            "the newest bundle, of {}, was written to {place}: lifeboat restore FILE --vault PATH",
            super::time::day(*created)
        ),
        None => {
            "find the newest bundle and what opens it: lifeboat restore BUNDLE --vault PATH makes a new vault"
                .to_owned()
        }
    })
}

/// What the log knows of rehearsals.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Known {
    /// How it stands with the vault's passphrase; `None` where none opens it.
    pub vault: Option<Standing>,
    /// The last rehearsal of each bundle's passphrase and of each share, the newest first.
    pub others: Vec<Rehearsal>,
}

/// Reads what the log knows.
///
/// # Errors
///
/// When the log cannot be read.
pub fn known(ctx: &Context, session: &Session) -> Result<Known, Failure> {
    let whole = log::whole(ctx, &session.path, &session.vault).map_err(|error| {
        Failure::new(Kind::Io, "the log cannot be read").because(error).unchanged(Unchanged::NothingTouched)
    })?;
    let records = || whole.records.iter().map(|(_, record)| record);
    let has_passphrase = session.slots.iter().any(|slot| slot.kind.derivation().is_some());
    let mut others = BTreeMap::new();
    for rehearsal in records().filter_map(Rehearsal::of_record) {
        let key = match rehearsal.subject {
            Subject::Bundle { bundle } => (bundle, None),
            Subject::Share { bundle, set, share } => (bundle, Some((set, share))),
            Subject::Vault => continue,
        };
        others.insert(key, rehearsal);
    }
    let mut others: Vec<Rehearsal> = others.into_values().collect();
    others.sort_by_key(|rehearsal| std::cmp::Reverse(rehearsal.at));
    let vault = has_passphrase.then(|| Standing::of(session.vault.created, records()));
    Ok(Known { vault, others })
}

/// Tells whether a vault has to do with what was rehearsed.
fn is_of(vault: &Vault, subject: &Subject) -> bool {
    let made = |id: &[u8; 16]| vault.bundles.iter().any(|record| record.id == *id);
    match subject {
        Subject::Bundle { bundle } => made(bundle),
        Subject::Share { bundle, set, .. } => made(bundle) || vault.share_set(*set).is_some(),
        Subject::Vault => true,
    }
}

/// What a record is to say.
struct Said {
    subject: Subject,
    is_right: bool,
    typed: bool,
}

/// Appends the record; false where the log did not take it. `n_own` failed attempts were made just now.
fn note(ctx: &Context, session: &mut Session, said: Said, n_own: usize) -> bool {
    unlock::tell_failed_attempts(ctx, session, n_own);
    let Said { subject, is_right, typed } = said;
    let mut record = log::record(ctx, Event::Rehearsed);
    record.facts = Rehearsal { at: record.at, subject, is_right, typed }.facts();
    let records: Vec<_> = [record].into_iter().chain(log::sandbox_off(ctx)).collect();
    // A log that did not take it stands where it stood at the last save.
    log::append(ctx, session, records) != session.vault.log_anchor
}
