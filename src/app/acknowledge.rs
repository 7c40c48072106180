//! Acknowledgements: a custodian says, signed and dated, that a share is there and whole, and the vault counts it.
//!
//! The key that signs comes from the share itself, so nobody else can say it, and the vault, which knows the public
//! half of that key alone, can check it and make none.

use std::path::Path;

use super::bundle::{SealedBundle, not_written};
use super::context::Context;
use super::failure::{Failure, Kind, Unchanged, reading, shown_path};
use super::session::Session;
use super::{log, share_set, shares, vault_file};
use crate::audit::Event;
use crate::custody::Share;
use crate::entry::{Label, UnixSeconds};
use crate::envelope::aead;
use crate::secret::SecretBytes;
use crate::signature::{self, PublicKey, SigningKey};
use crate::storage::atomic::{self, Existing};
use crate::vault::ShareSet;
use crate::wire::acknowledgement_v1::{self, Acknowledgement};

/// What the signature of an acknowledgement is for.
const SIGNED_AS: &str = "lifeboat-share";
/// Label of the derivation, before the set and the number.
const KEY_INFO: &[u8] = b"lifeboat/1/share-acknowledge\0";
/// Most bytes of an acknowledgement's file.
const LARGEST: u64 = 16 << 10;

/// The key by which the holder of a share acknowledges it.
pub(super) fn key(share: &Share) -> Result<SigningKey, Failure> {
    let mut info = KEY_INFO.to_vec();
    info.extend_from_slice(&share.set().number().to_be_bytes());
    info.push(share.number());
    let mut seed = SecretBytes::new(vec![0; 32]);
    aead::expand(share.value().expose(), None, &info, seed.expose_mut());
    SigningKey::from_seed(&seed).ok_or_else(|| Failure::new(Kind::Io, "the share gives no key"))
}

/// Checks a share against a bundle and writes a dated acknowledgement of it.
///
/// # Errors
///
/// As [`shares::check`], exit 8 when the output exists, and what writing can fail with.
pub fn write(
    ctx: &Context,
    bundle: &SealedBundle,
    share: &Share,
    output: &Path,
    force: bool,
) -> Result<Acknowledgement, Failure> {
    shares::check(bundle, share)?;
    let acknowledgement = Acknowledgement {
        set: share.set().number(),
        share: share.number(),
        date: ctx.clock.now(),
        bundle: bundle.id(),
    };
    let message = acknowledgement_v1::message(&acknowledgement);
    let text = acknowledgement_v1::encode(&message, &key(share)?.sign(SIGNED_AS, message.as_bytes()));
    let existing = if force { Existing::Replace } else { Existing::Refuse };
    atomic::create(ctx.disk.as_ref(), output, text.as_bytes(), &ctx.token()?, existing)
        .map_err(|error| not_written(output, "acknowledgement", error))?;
    Ok(acknowledgement)
}

/// What was recorded of an acknowledgement, and how the set stands with it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recorded {
    /// The set's id.
    pub set: u16,
    /// The share's number.
    pub share: u8,
    /// Who holds it.
    pub custodian: Label,
    /// The date that counts: its own, or today where its maker's clock is ahead.
    pub date: UnixSeconds,
    /// True when the maker's clock is ahead of this one by more than a minute.
    pub from_ahead: bool,
    /// True when a newer one is recorded already; nothing was changed.
    pub is_older: bool,
    /// How many shares of the set were acknowledged within the last 90 days.
    pub n_recent: usize,
    /// How many shares there are.
    pub n_shares: usize,
    /// How many are needed.
    pub threshold: u8,
}

/// Brings an acknowledgement home: checks that the holder of the share made it, and keeps its date.
///
/// # Errors
///
/// Exit 4 without such a file, exit 5 for another one or one that was altered, exit 8 for a set that was replaced.
pub fn record(ctx: &Context, session: &mut Session, path: &Path) -> Result<Recorded, Failure> {
    let said = read(ctx, session, path)?;
    let now = ctx.clock.now();
    let date = said.date.min(now);
    let set_name = share_set::name(said.set);
    let set = session.vault.share_set(said.set);
    let known = set.and_then(|set| set.share(said.share)).and_then(|share| share.acknowledged);
    let is_older = known.is_some_and(|known| known >= date);
    if !is_older {
        vault_file::change(ctx, session, |vault| {
            let sets = vault.share_sets.iter_mut().filter(|set| set.id == said.set);
            for share in sets.filter_map(|set| set.shares.get_mut(usize::from(said.share) - 1)) {
                share.acknowledged = share.acknowledged.max(Some(date));
            }
            let mut record = log::record(ctx, Event::ShareAcknowledged);
            record.facts = vec![
                ("share set".into(), set_name),
                ("share".into(), said.share.to_string()),
                ("date".into(), said.date.to_string()),
            ];
            Ok(((), vec![record]))
        })?;
    }
    let set = session.vault.share_set(said.set);
    Ok(Recorded {
        set: said.set,
        share: said.share,
        custodian: set
            .and_then(|set| set.share(said.share))
            .map(|share| share.custodian.clone())
            .unwrap_or_default(),
        date,
        from_ahead: said.date > now.saturating_add(60),
        is_older,
        n_recent: set.map_or(0, |set| set.n_acknowledged_since(now.saturating_sub(share_set::CHECK_SECONDS))),
        n_shares: set.map_or(0, ShareSet::n_shares),
        threshold: set.map_or(0, |set| set.threshold),
    })
}

fn read(ctx: &Context, session: &Session, path: &Path) -> Result<Acknowledgement, Failure> {
    let bytes = ctx.disk.read(path, LARGEST).map_err(|error| {
        Failure::new(reading(&error), format!("cannot read the acknowledgement {}", shown_path(path)))
            .because(error)
            .unchanged(Unchanged::NothingTouched)
    })?;
    let refuse = |kind, cause: String| {
        Failure::new(kind, format!("{} was not recorded", shown_path(path)))
            .details([cause])
            .unchanged(Unchanged::VaultKept(session.path.clone()))
    };
    let parsed = std::str::from_utf8(&bytes).ok().and_then(acknowledgement_v1::parse);
    let Some((said, message, signature)) = parsed else {
        return Err(refuse(Kind::UnknownFormat, "it is not an acknowledgement of a share".to_owned())
            .next("a custodian makes one with: lifeboat share acknowledge BUNDLE --share - -o FILE"));
    };
    let name = share_set::name(said.set);
    let Some(set) = session.vault.share_set(said.set) else {
        return Err(refuse(Kind::NoEntry, format!("this vault has no share set {name}"))
            .next("`lifeboat share list` names them"));
    };
    let Some(share) = set.share(said.share) else {
        return Err(refuse(Kind::Damaged, format!("the set {name} has no share {}", said.share)));
    };
    let signed_by = signature::verify(&signature, SIGNED_AS, message.as_bytes());
    if signed_by != Ok(PublicKey(share.acknowledge_key)) {
        let cause = format!("it was not made with share {} of {name}, or was altered since", said.share);
        return Err(refuse(Kind::Damaged, cause)
            .next(format!("ask {} to make it again, with the card at hand", share.custodian)));
    }
    if let Some(replaced) = set.replaced {
        let cause = format!(
            "the set {name} was replaced by {}: its cards are to be destroyed",
            share_set::name(replaced.by)
        );
        return Err(refuse(Kind::Refused, cause));
    }
    Ok(said)
}
