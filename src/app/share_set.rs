//! Share sets: drawn with their custodians, kept by their public half, found by their name.

pub mod typed_back;

use super::context::Context;
use super::failure::{Failure, Kind, Unchanged};
use super::session::Session;
use super::time::day;
use super::{incident, log, vault_file};
use crate::audit::{Event, Record};
use crate::custody::{self, Expected, Quorum, SetId, Share};
use crate::entry::{Entry, EntryId, Label, UnixSeconds};
use crate::envelope::{QuorumLock, RecoverySecret, ReplacedSet};
use crate::recovery::incident::Happened;
use crate::secret::SecretBytes;
use crate::vault::{BundleRecord, Replacement, ShareRecord, ShareSet, Vault};

/// After so many seconds a custodian is to check their share: 90 days, as guidance for emergency access has it.
pub const CHECK_SECONDS: u64 = 90 * 86_400;
/// Most characters of a custodian's name.
const LONGEST_NAME: usize = 100;
/// How often an id is drawn that is not taken, out of 32 768.
const MOST_DRAWS: usize = 100;

/// A set that was drawn and that the vault does not know yet. It holds the shares, and not the secret they give.
#[derive(Debug)]
pub struct NewShareSet {
    set: ShareSet,
    shares: Vec<Share>,
    /// Whether cards were written to files; the log says so.
    in_files: bool,
}

impl NewShareSet {
    /// What the vault will know of it.
    pub fn set(&self) -> &ShareSet {
        &self.set
    }

    /// Its shares, in the order of their numbers.
    pub fn shares(&self) -> &[Share] {
        &self.shares
    }

    /// Notes that the custodian of a share has typed words of the card back.
    pub fn typed_back(&mut self, number: u8, at: UnixSeconds) {
        let share = usize::from(number).checked_sub(1).and_then(|idx| self.set.shares.get_mut(idx));
        if let Some(share) = share {
            share.typed_back = Some(at);
        }
    }

    /// Notes that its cards were written to files.
    pub(super) fn written_to_files(&mut self) {
        self.in_files = true;
    }

    /// What as many shares as are needed give, the last ones first: a proof of the shares.
    pub(super) fn recovery_secret(&self) -> Result<RecoverySecret, Failure> {
        let chosen: Vec<&Share> = self.shares.iter().rev().take(usize::from(self.set.threshold)).collect();
        let secret = custody::combine(&chosen).map_err(|error| {
            Failure::new(Kind::Io, "the shares that were made do not open").because(error)
        })?;
        RecoverySecret::from_secret(secret).ok_or_else(|| {
            Failure::new(Kind::Io, "the shares that were made give a secret of another length")
        })
    }

    /// The public half, for a slot in a bundle of this vault.
    pub(super) fn lock(&self, vault: &Vault) -> QuorumLock {
        lock(vault, &self.set)
    }
}

/// What speaks for another quorum, in words; nothing is refused for it.
pub fn doubts(quorum: Quorum) -> Option<String> {
    let (needed, all) = (quorum.threshold(), quorum.n_shares());
    if quorum.spare() == 0 {
        return Some(format!(
            "all {all} shares are needed: one lost card, or one custodian who cannot come, locks everybody out"
        ));
    }
    (needed == Quorum::LEAST_THRESHOLD && all > 5)
        .then(|| format!("any {needed} of {all} people can open it together, which is many pairs"))
}

/// Reads two numbers as a quorum.
///
/// # Errors
///
/// Exit 8: fewer than two needed, more needed than there are, more than sixteen.
pub fn quorum(threshold: u8, n_shares: u8) -> Result<Quorum, Failure> {
    Quorum::new(threshold, n_shares).map_err(|error| {
        let next = if threshold < Quorum::LEAST_THRESHOLD {
            "for one person alone take a passphrase; shares are for people who open it together"
        } else {
            "name it as NEEDED-of-ALL, for example --quorum 2-of-3"
        };
        Failure::new(Kind::Refused, format!("{threshold} of {n_shares} is no quorum"))
            .because(error)
            .unchanged(Unchanged::NothingTouched)
            .next(next)
    })
}

/// Draws a set for these custodians, one share for each. Nothing is written.
///
/// # Errors
///
/// Exit 8 when the names do not fit the quorum, or two are the same.
pub fn draw(
    ctx: &Context,
    session: &Session,
    quorum: Quorum,
    custodians: &[String],
) -> Result<NewShareSet, Failure> {
    let custodians = names(quorum, custodians)?;
    let secret = SecretBytes::from_slice(&ctx.random_bytes::<{ custody::SECRET_BYTES }>()?);
    let mut random = SecretBytes::new(vec![0; quorum.n_random_bytes()]);
    ctx.random
        .fill(random.expose_mut())
        .map_err(|error| Failure::new(Kind::Io, "nothing can be made without random bytes").because(error))?;
    let id = free_id(ctx, &session.vault)?;
    let made = |cause: String| Failure::new(Kind::Io, "no shares were made").details([cause]);
    let shares = custody::split(&secret, id, quorum, &random).map_err(|error| made(error.to_string()))?;
    let secret =
        RecoverySecret::from_secret(secret).ok_or_else(|| made("the secret is too short".to_owned()))?;
    let created = ctx.clock.now();
    let records = custodians.into_iter().zip(&shares).map(|(custodian, share)| {
        Ok(ShareRecord {
            custodian,
            fingerprint: share.fingerprint(),
            acknowledge_key: super::acknowledge::key(share)?.public().0,
            typed_back: None,
            acknowledged: None,
        })
    });
    let set = ShareSet {
        id: id.number(),
        threshold: quorum.threshold(),
        public_key: secret.public(),
        created,
        check_by: created.saturating_add(CHECK_SECONDS),
        shares: records.collect::<Result<_, Failure>>()?,
        replaced: None,
    };
    Ok(NewShareSet { set, shares, in_files: false })
}

fn free_id(ctx: &Context, vault: &Vault) -> Result<SetId, Failure> {
    for _ in 0..MOST_DRAWS {
        let id = SetId::from_random(ctx.random_bytes()?);
        if vault.share_set(id.number()).is_none() {
            return Ok(id);
        }
    }
    Err(Failure::new(Kind::Io, "no name is left for another share set"))
}

fn names(quorum: Quorum, custodians: &[String]) -> Result<Vec<Label>, Failure> {
    let refuse = |what: String| {
        Err(Failure::new(Kind::Refused, what)
            .unchanged(Unchanged::NothingTouched)
            .next("name each custodian once: --custodian Ana --custodian Ben …"))
    };
    if custodians.len() != usize::from(quorum.n_shares()) {
        return refuse(format!(
            "{quorum} needs the names of {} custodians, and {} were given",
            quorum.n_shares(),
            custodians.len()
        ));
    }
    let mut names: Vec<Label> = Vec::with_capacity(custodians.len());
    for name in custodians {
        let name = Label::new(name.trim());
        if name.is_empty() || name.raw().chars().count() > LONGEST_NAME {
            return refuse(format!("a custodian's name has 1 to {LONGEST_NAME} characters"));
        }
        if names.iter().any(|other| other.raw().to_lowercase() == name.raw().to_lowercase()) {
            return refuse(format!("two custodians are called {name}: nobody could tell their cards apart"));
        }
        names.push(name);
    }
    Ok(names)
}

/// Puts a new set into the vault's content, and says so to the log.
pub(super) fn add(ctx: &Context, vault: &mut Vault, new: &NewShareSet) -> Result<Record, Failure> {
    let set = &new.set;
    if vault.share_set(set.id).is_some() {
        return Err(Failure::new(
            Kind::Refused,
            "another process has made a share set of the same name just now",
        )
        .unchanged(Unchanged::NothingTouched)
        .next("run the command again, and destroy the cards that were shown"));
    }
    vault.share_sets.push(set.clone());
    let mut record = log::record(ctx, Event::ShareSetMade);
    record.facts = vec![
        ("share set".into(), name(set.id)),
        ("quorum".into(), format!("{} of {}", set.threshold, set.n_shares())),
        ("cards".into(), if new.in_files { "files".into() } else { "screen".into() }),
    ];
    Ok(record)
}

/// Keeps a new set in the vault, in the place of an older one where that is named.
///
/// # Errors
///
/// What saving can fail with.
pub fn keep(
    ctx: &Context,
    session: &mut Session,
    new: &NewShareSet,
    replaces: Option<u16>,
) -> Result<(), Failure> {
    vault_file::change(ctx, session, |vault| {
        let mut records = vec![add(ctx, vault, new)?];
        if let Some(old) = replaces {
            let set = vault.share_sets.iter_mut().find(|set| set.id == old);
            if let Some(set) = set {
                set.replaced = Some(Replacement { at: ctx.clock.now(), by: new.set.id });
            }
            let mut record = log::record(ctx, Event::ShareSetReplaced);
            record.facts = vec![("share set".into(), name(old)), ("by".into(), name(new.set.id))];
            records.push(record);
            records.extend(incident::tick(ctx, vault, &Happened::SharesReplaced(name(old))));
        }
        Ok(((), records))
    })
}

/// Fingerprint of the key that signs the bundles of a vault. Each card names it.
///
/// # Errors
///
/// When the vault's key is not valid.
pub fn maker(session: &Session) -> Result<String, Failure> {
    Ok(session.signing_key()?.public().fingerprint())
}

/// How a share stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ShareState {
    /// Acknowledged within the last 90 days.
    Acknowledged(UnixSeconds),
    /// Acknowledged, and that is longer ago.
    Overdue(UnixSeconds),
    /// Never acknowledged; its custodian has typed words of the card back.
    TypedBack(UnixSeconds),
    /// Neither: whether the card can be read is not known.
    NeverSeen,
    /// Its set was replaced: it opens nothing new.
    Replaced,
}

impl ShareState {
    /// The words for people.
    pub fn in_words(self) -> String {
        match self {
            Self::Acknowledged(at) => format!("{}, acknowledged", day(at)),
            Self::Overdue(at) => format!("{}, acknowledged: DUE again", day(at)),
            Self::TypedBack(at) => format!("{}, typed back when it was made", day(at)),
            Self::NeverSeen => "never: not typed back, not acknowledged".to_owned(),
            Self::Replaced => "to be destroyed: the set was replaced".to_owned(),
        }
    }

    /// Tells whether its custodian should check it.
    pub fn is_due(self, set: &ShareSet, now: UnixSeconds) -> bool {
        match self {
            Self::Acknowledged(_) | Self::Replaced => false,
            Self::Overdue(_) => true,
            Self::NeverSeen | Self::TypedBack(_) => now >= set.check_by,
        }
    }
}

/// How the share of a number stands.
pub fn state(set: &ShareSet, number: u8, now: UnixSeconds) -> ShareState {
    if set.replaced.is_some() {
        return ShareState::Replaced;
    }
    let share = set.share(number);
    match (share.and_then(|share| share.acknowledged), share.and_then(|share| share.typed_back)) {
        (Some(at), _) if at.saturating_add(CHECK_SECONDS) > now => ShareState::Acknowledged(at),
        (Some(at), _) => ShareState::Overdue(at),
        (None, Some(at)) => ShareState::TypedBack(at),
        (None, None) => ShareState::NeverSeen,
    }
}

/// The shares that are to be checked by now, in words; those of replaced sets are not.
pub(super) fn due(vault: &Vault, now: UnixSeconds) -> Vec<String> {
    let mut due = Vec::new();
    for set in &vault.share_sets {
        for (number, share) in (1..).zip(&set.shares) {
            if state(set, number, now).is_due(set, now) {
                due.push(format!("share {number} of {}, {}", name(set.id), share.custodian));
            }
        }
    }
    due
}

/// What stays behind when a set is replaced.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Aftermath {
    /// The bundles that its cards still open.
    pub bundles: Vec<BundleRecord>,
    /// The entries in them that the vault still has with the same seed as then, the privileged ones first.
    pub entries: Vec<Exposed>,
}

/// An entry that lies in a bundle of a replaced set.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Exposed {
    /// The entry.
    pub id: EntryId,
    /// Its name, safe to show.
    pub title: String,
    /// Opens something privileged.
    pub privileged: bool,
}

/// What the cards of a set still open, as far as this vault knows.
pub fn aftermath(vault: &Vault, id: u16) -> Aftermath {
    let bundles: Vec<BundleRecord> =
        vault.bundles.iter().filter(|record| record.share_set == Some(id)).cloned().collect();
    let is_exposed = |entry: &&Entry| {
        bundles.iter().any(|record| {
            // A seed that was rotated since the bundle was made is another one.
            record.contents.iter().any(|bundled| bundled.id == entry.id)
                && entry.rotated.is_none_or(|rotated| rotated <= record.created)
        })
    };
    let mut entries: Vec<Exposed> = vault
        .entries
        .iter()
        .filter(is_exposed)
        .map(|entry| Exposed { id: entry.id, title: entry.title(), privileged: entry.privileged })
        .collect();
    entries.sort_by_key(|entry| !entry.privileged);
    Aftermath { bundles, entries }
}

/// Refuses a set that another one has taken the place of.
///
/// # Errors
///
/// Exit 8.
pub fn refuse_replaced(set: &ShareSet) -> Result<(), Failure> {
    let Some(replaced) = set.replaced else { return Ok(()) };
    let (old, new) = (name(set.id), name(replaced.by));
    Err(Failure::new(
        Kind::Refused,
        format!("the share set {old} was replaced by {new} on {}", day(replaced.at)),
    )
    .unchanged(Unchanged::NothingTouched)
    .next(format!("take the new one: {}", new.replace(' ', "-"))))
}

/// The name of a set: the first two words of each of its shares.
pub fn name(id: u16) -> String {
    SetId::new(id).map_or_else(|| format!("number {id}"), SetId::name)
}

/// Finds a set by its name, or by as much of it as tells it from the others.
///
/// # Errors
///
/// Exit 4 when none or several fit.
pub fn find<'a>(vault: &'a Vault, typed: &str) -> Result<&'a ShareSet, Failure> {
    let words: Vec<String> = typed
        .split(|c: char| !c.is_alphanumeric())
        .filter(|w| !w.is_empty())
        .map(str::to_uppercase)
        .collect();
    let fits = |set: &&ShareSet| {
        let name = name(set.id);
        !words.is_empty() && name.split(' ').zip(&words).all(|(word, typed)| word.starts_with(typed.as_str()))
    };
    let found: Vec<&ShareSet> = vault.share_sets.iter().filter(fits).collect();
    match found.as_slice() {
        [set] => Ok(set),
        [] => Err(Failure::new(
            Kind::NoEntry,
            format!("there is no share set \"{}\"", Label::new(typed).shown()),
        )
        .unchanged(Unchanged::NothingTouched)
        .next("`lifeboat share list` names them")
        .next("a new one is made with a bundle: --quorum 2-of-3 --custodian NAME (once for each custodian)")),
        several => Err(Failure::new(Kind::NoEntry, "more than one share set fits")
            .details(several.iter().map(|set| name(set.id)))
            .unchanged(Unchanged::NothingTouched)
            .next("name it with both words")),
    }
}

/// The public half of a set that may seal something new.
///
/// # Errors
///
/// Exit 4 when there is none, exit 8 when it was replaced.
pub(super) fn lock_of(vault: &Vault, id: u16) -> Result<QuorumLock, Failure> {
    let set = vault.share_set(id).ok_or_else(|| {
        Failure::new(Kind::NoEntry, format!("there is no share set {}", name(id)))
            .next("`lifeboat share list` names them")
    })?;
    refuse_replaced(set)?;
    Ok(lock(vault, set))
}

fn lock(vault: &Vault, set: &ShareSet) -> QuorumLock {
    let replaced = vault.replaced_by(set.id).into_iter();
    QuorumLock {
        set: set.id,
        threshold: set.threshold,
        fingerprints: set.shares.iter().map(|share| share.fingerprint).collect(),
        replaced: replaced
            .map(|(set, replacement)| ReplacedSet { set: set.id, at: replacement.at })
            .collect(),
        public: set.public_key,
    }
}

/// What shares of a set must look like, from its public part; `None` for numbers that no set has.
pub(super) fn expected(set: u16, threshold: u8, fingerprints: &[[u8; 4]]) -> Option<Expected> {
    let n_shares = u8::try_from(fingerprints.len()).ok()?;
    Expected::new(SetId::new(set)?, Quorum::new(threshold, n_shares).ok()?, fingerprints.to_vec())
}
