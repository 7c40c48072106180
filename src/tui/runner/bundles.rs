//! Bundles: listed, made, looked at, checked, restored into a new vault or into the open one.

mod kit;
mod opening;
mod told;

use std::sync::Arc;

pub(super) use self::told::overdue;
use self::told::{about, row, told_made, told_merged, told_restored};
use super::Runner;
use super::jobs::{Outcome, Wait, credentials, new_slot, typed_path, with_cost};
use crate::app::bundle::{self, BundleRequest, BundleShares, SealedBundle, look_at_bundle};
use crate::app::restore;
use crate::app::status::count;
use crate::app::{Context, Failure, Kind, Session, Unchanged, find, key_file, share_set, unlock};
use crate::entry::EntryId;
use crate::envelope::Passphrase;
use crate::secret::SecretText;
use crate::tui::effect::{BundleEffect, NewBundleOrder, Selection};
use crate::tui::message::{BundleMessage, Message};
use crate::tui::model::OpenedBy;

impl Runner {
    /// Does what update wants done about it.
    pub(super) fn for_bundle(&mut self, effect: BundleEffect) -> Vec<Message> {
        match effect {
            BundleEffect::AcceptMaker => self.accept_maker(),
            BundleEffect::AddShare(share) => vec![self.add_share(share)],
            BundleEffect::AddShareFile(path) => self.add_share_file(&path),
            BundleEffect::CheckOutput(path, selection) => {
                let path = typed_path(&path);
                let asks_vault = match self.asks_vault() {
                    Ok(asks) => asks,
                    Err(failure) => return vec![failed(failure)],
                };
                self.with_session(move |ctx, session| {
                    let seen = check_output(ctx, &session, &path, &selection, asks_vault);
                    Outcome::Used(session, vec![seen.unwrap_or_else(failed)])
                })
            }
            BundleEffect::Create(order) => {
                let cost = self.ctx.kdf.bundle;
                let derives = order.passphrase.is_some();
                let cost = format!("{} MiB, {} passes", cost.memory_mib(), cost.passes);
                let what = "Sealing, reading back and opening the bundle";
                let what = with_cost(what, if derives { &cost } else { "" });
                self.with_session_for(&what, Wait::Long, move |ctx, mut session| {
                    let made = create(ctx, &mut session, *order);
                    Outcome::Used(session, vec![made.unwrap_or_else(failed)])
                })
            }
            BundleEffect::Forget => {
                self.forget();
                Vec::new()
            }
            BundleEffect::List => self.read(listed),
            BundleEffect::MakeKit { folder, names } => self.make_kit(&folder, names),
            BundleEffect::Merge => {
                let Some(opened) = self.opened.clone() else { return Vec::new() };
                self.with_session(move |ctx, mut session| {
                    let merged = restore::merge(ctx, &mut session, &opened, None, false);
                    let done =
                        merged.map(|merged| Message::Bundle(BundleMessage::Done(told_merged(&merged))));
                    Outcome::Used(session, vec![done.unwrap_or_else(failed)])
                })
            }
            BundleEffect::OpenByShares { only_check } => self.open_by_shares(only_check),
            BundleEffect::Prove(typed) => {
                let ctx = Arc::clone(&self.ctx);
                let key_file = self.key_file.clone();
                let cost = unlock::look(&ctx).map(|vault| vault.cost()).unwrap_or_default();
                self.spawn(
                    &with_cost("Checking the vault's passphrase", &cost),
                    Wait::Cancellable,
                    move || {
                        let proven = credentials(&ctx, typed, key_file.as_deref())
                            .and_then(|credentials| unlock::prove(&ctx, &credentials));
                        let answer = proven.map(|()| Message::Bundle(BundleMessage::Proven));
                        Outcome::Answered(vec![answer.unwrap_or_else(failed)])
                    },
                )
            }
            BundleEffect::Verify { passphrase, key_file } => self.verify(passphrase, &key_file),
        }
    }

    /// Drops what was looked at or opened.
    pub(super) fn forget(&mut self) {
        self.bundle = None;
        self.opened = None;
        self.opening = None;
        self.drill = None;
        self.new_set = None;
        self.file = None;
        self.pass = None;
    }

    /// Whether the vault's passphrase is to be asked for before something is made that outlasts the sitting.
    /// A key file that is at hand is enough where it is enough for opening the vault.
    ///
    /// # Errors
    ///
    /// When only a key file opens the vault, and a kept key has opened it without one.
    pub(super) fn asks_vault(&self) -> Result<bool, Failure> {
        let vault = unlock::look(&self.ctx)?;
        if self.key_file.is_some() && vault.opens_with_key_file_alone() {
            return Ok(false);
        }
        if vault.wants_passphrase() {
            return Ok(true);
        }
        Err(Failure::new(Kind::NoCredential, "the vault is opened by a key file, and none was named")
            .unchanged(Unchanged::NothingTouched)
            .next("lock it (L) and name the key file; then try again"))
    }

    pub(super) fn look_at_bundle(&mut self, path: &str) -> Vec<Message> {
        self.forget();
        let ctx = Arc::clone(&self.ctx);
        let path = typed_path(path);
        let work = move || Outcome::Bundle(look_at_bundle(&ctx, &path).map(Box::new));
        self.spawn("Reading the bundle", Wait::Cancellable, work)
    }

    /// A bundle was looked at.
    pub(super) fn bundle_seen(&mut self, bundle: Box<SealedBundle>) -> Message {
        let message = seen(&bundle);
        self.bundle = Some(Arc::from(bundle));
        message
    }

    pub(super) fn restore_new(&mut self, typed: SecretText) -> Vec<Message> {
        let Some(opened) = self.opened.take().and_then(Arc::into_inner) else { return Vec::new() };
        let ctx = Arc::clone(&self.ctx);
        let work = move || {
            let restored = restore::into_new_vault_opened(&ctx, opened, &new_slot(typed), None);
            Outcome::Session(
                restored.map(|(session, restored)| (Box::new(session), Some(told_restored(&restored)))),
            )
        };
        self.spawn("Restoring", Wait::Long, work)
    }
}

/// What stands outside a bundle, and what opens it.
pub(super) fn seen(bundle: &SealedBundle) -> Message {
    let (about, facts) = about(bundle);
    let by = OpenedBy {
        passphrase: bundle.wants_passphrase(),
        key_file: bundle.wants_key_file() || bundle.opens_with_key_file_alone(),
        needs_key_file: bundle.wants_key_file(),
        shares: bundle.quorum().map(|quorum| (share_set::name(quorum.set), quorum.threshold)),
    };
    Message::BundleSeen { about, facts, by }
}

pub(super) fn failed(failure: Failure) -> Message {
    Message::Failed(Box::new(failure))
}

pub(super) fn entries(n: usize) -> String {
    count(n, "entry", "entries")
}

/// The entries of a selection that are in the vault.
pub(super) fn selected(session: &Session, selection: &Selection) -> Vec<EntryId> {
    let mut ids: Vec<EntryId> =
        find::select(session, None, &selection.tags).into_iter().map(|entry| entry.id).collect();
    if let Some(wanted) = &selection.ids {
        let wanted: std::collections::BTreeSet<&EntryId> = wanted.iter().collect();
        ids.retain(|id| wanted.contains(id));
    }
    ids
}

/// Whether something lies at an output.
///
/// # Errors
///
/// When nothing is selected that could be written there.
pub(super) fn output(
    ctx: &Context,
    session: &Session,
    path: &std::path::Path,
    selection: &Selection,
) -> Result<(bool, Vec<EntryId>), Failure> {
    let ids = selected(session, selection);
    if ids.is_empty() {
        let words =
            if selection.tags.is_empty() { "there is no entry to write" } else { "no entry has these tags" };
        return Err(Failure::new(Kind::NoEntry, words)
            .unchanged(Unchanged::OutputNotCreated(path.to_owned()))
            .next("choose other entries"));
    }
    bundle::refuse_vault(ctx, session, path)?;
    match bundle::refuse_existing_output(ctx, path, false) {
        Ok(()) => Ok((false, ids)),
        Err(failure) if failure.kind == Kind::FileExists => Ok((true, ids)),
        Err(failure) => Err(failure),
    }
}

fn check_output(
    ctx: &Context,
    session: &Session,
    path: &std::path::Path,
    selection: &Selection,
    asks_vault: bool,
) -> Result<Message, Failure> {
    let (exists, ids) = output(ctx, session, path, selection)?;
    let n_entries = ids.len();
    Ok(Message::Bundle(BundleMessage::OutputSeen { exists, n_entries, asks_vault }))
}

fn create(ctx: &Context, session: &mut Session, order: NewBundleOrder) -> Result<Message, Failure> {
    let path = typed_path(&order.path);
    let selection = &order.selection;
    let is_selection = selection.ids.is_some() || !selection.tags.is_empty();
    let selection = is_selection.then(|| selected(session, selection));
    let passphrase = order.passphrase.map(Passphrase::new);
    let own = (!order.vault_passphrase.is_empty()).then(|| Passphrase::new(order.vault_passphrase));
    // A weak one can be insisted on; the vault's own one cannot.
    let is_own = own.as_ref().zip(passphrase.as_ref()).is_some_and(|(own, given)| own.same_as(given));
    let key_path = (!order.key_file.is_empty()).then(|| typed_path(&order.key_file));
    let makes_key_file = key_path.as_ref().filter(|path| key_file::is_absent(ctx, path)).cloned();
    let key_file = key_path.as_deref().map(|path| bundle::key_file_for(ctx, path)).transpose()?;
    let request = BundleRequest {
        output: &path,
        force: order.force,
        selection,
        review_seconds: order.review_seconds,
        label: Some(order.label),
        passphrase,
        key_file,
        shares: order.share_set.map(BundleShares::Set),
        allow_weak: order.allow_weak && !is_own,
        vault_passphrase: own.as_ref(),
    };
    let made = bundle::create(ctx, session, request).map_err(|failure| match &makes_key_file {
        Some(path) => key_file::told_as_made(failure, path),
        None => failure,
    })?;
    Ok(Message::Bundle(BundleMessage::Done(told_made(&made, key_path.as_deref()))))
}

/// The bundles that were made from this vault.
fn listed(ctx: &Context, session: &Session) -> Message {
    let rows = bundle::list(ctx, session).iter().map(row).collect();
    Message::Bundle(BundleMessage::Listed(rows))
}
