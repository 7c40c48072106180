//! Opening what is sealed, for one use; and unsealing it for good.

use super::super::context::Context;
use super::super::failure::{Failure, Kind, Unchanged};
use super::super::reason::{self, Asked};
use super::super::session::Session;
use super::super::unlock::{cost_in_words, enough_memory};
use super::super::{log, share_set, vault_file};
use super::{changed_meanwhile, in_words, remake};
use crate::audit::{Event, Record};
use crate::entry::{Entry, EntryId, SealedSecret};
use crate::envelope::{self, Credentials, MasterKey, OpenError, Passphrase, Quorum, RecoverySecret, Sealed};
use crate::settings::{NotTaken, Rule};
use crate::vault::VaultError;
use crate::wire::sealed_v1::{self, SealedDocument};

/// What opens a sealed entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ways {
    /// The entry's name, safe to show.
    pub title: String,
    /// What opens it, in words.
    pub in_words: String,
    /// True when a passphrase does.
    pub passphrase: bool,
    /// The shares that do, if shares do.
    pub quorum: Option<Quorum>,
    /// Memory and rough time that the passphrase costs, in words; empty for none.
    pub cost: String,
}

/// What somebody brings to open a sealed entry.
#[derive(Debug)]
pub enum Brought {
    /// The seal passphrase.
    Passphrase(Passphrase),
    /// What enough shares have given.
    Shares {
        /// The recovery secret.
        secret: RecoverySecret,
        /// The numbers of the shares, for the log.
        numbers: Vec<u8>,
    },
}

/// What was sealed, opened for one use: it is wiped when this is dropped, and nothing of it is ever saved open but by
/// [`unseal`].
#[derive(Debug)]
pub struct Opened {
    id: EntryId,
    container: SealedSecret,
    sealed: Sealed,
    master: MasterKey,
    document: SealedDocument,
    by: String,
}

impl Opened {
    /// The entry.
    pub fn id(&self) -> EntryId {
        self.id
    }

    /// What opened it, in words, as the log says it.
    pub fn by(&self) -> &str {
        &self.by
    }

    /// The entry with its seed, if it holds what was opened.
    fn of(&self, entry: &Entry) -> Result<Entry, Failure> {
        self.still_in(entry)?;
        let mut open = entry.duplicate();
        self.document.open_into(&mut open);
        Ok(open)
    }

    fn still_in(&self, entry: &Entry) -> Result<(), Failure> {
        let is_it = entry.id == self.id && entry.secret.sealed() == Some(&self.container);
        if is_it { Ok(()) } else { Err(changed_meanwhile(entry)) }
    }

    /// Seals a document in the place of what was opened, for whoever could open that.
    pub(in crate::app) fn reseal(
        &self,
        ctx: &Context,
        entry: &mut Entry,
        change: impl FnOnce(&mut SealedDocument),
    ) -> Result<(), Failure> {
        self.still_in(entry)?;
        let mut document = self.document.duplicate();
        change(&mut document);
        let sealed = remake(ctx, &self.sealed, &self.master, &sealed_v1::encode(&document))?;
        sealed_v1::seal_into(entry, sealed);
        Ok(())
    }

    /// What was sealed.
    pub(in crate::app) fn document(&self) -> &SealedDocument {
        &self.document
    }
}

/// What opens an entry; `None` where it is not sealed.
///
/// # Errors
///
/// When the entry is gone.
pub fn ways(session: &Session, id: EntryId) -> Result<Option<Ways>, Failure> {
    let entry = session.vault.entry(id).ok_or(VaultError::Gone(id))?;
    let Some(secret) = entry.secret.sealed() else { return Ok(None) };
    let sealed = parse(entry, secret)?;
    Ok(Some(Ways {
        title: entry.title(),
        in_words: in_words(secret),
        passphrase: sealed.header().slots.iter().any(|slot| slot.kind.type_name() == "passphrase"),
        quorum: sealed.quorum().cloned(),
        cost: sealed.cost().map(cost_in_words).unwrap_or_default(),
    }))
}

/// Opens a sealed entry for one use. The log is written by what uses it; that it was tried in vain is written here.
///
/// # Errors
///
/// Exit 8 without a reason, which the log is to keep; exit 3 for what does not fit; exit 5 for a container that is
/// damaged or belongs to another entry.
pub fn open(ctx: &Context, session: &mut Session, id: EntryId, brought: Brought) -> Result<Opened, Failure> {
    let (credentials, by) = match brought {
        Brought::Passphrase(passphrase) => {
            let credentials = Credentials { passphrase: Some(passphrase), ..Credentials::default() };
            (credentials, With::Passphrase)
        }
        Brought::Shares { secret, numbers } => {
            let credentials = Credentials { recovery_secret: Some(secret), ..Credentials::default() };
            (credentials, With::Shares(numbers))
        }
    };
    let opened = open_with(ctx, session, id, &credentials, &by);
    if opened.as_ref().is_err_and(|failure| failure.kind == Kind::WrongPassphrase) {
        note_refused(ctx, session, id, if by == With::Passphrase { "seal passphrase" } else { "shares" });
    }
    opened
}

/// Logs that a sealed entry did not open, and what was tried.
pub fn note_refused(ctx: &Context, session: &mut Session, id: EntryId, tried: &str) {
    let mut record = log::about(ctx, Event::SealRefused, id);
    record.facts = vec![("tried".into(), tried.into())];
    log::append(ctx, session, vec![record]);
}

#[derive(PartialEq, Eq)]
enum With {
    Passphrase,
    Shares(Vec<u8>),
}

fn open_with(
    ctx: &Context,
    session: &Session,
    id: EntryId,
    credentials: &Credentials,
    by: &With,
) -> Result<Opened, Failure> {
    let entry = session.vault.entry(id).ok_or(VaultError::Gone(id))?;
    let Some(secret) = entry.secret.sealed() else {
        return Err(Failure::new(Kind::Refused, format!("{} is not sealed", entry.title()))
            .unchanged(Unchanged::NothingTouched));
    };
    let reason = ctx.reason.as_deref().map(|reason| Rule::new("").take(reason));
    match reason {
        Some(Ok(_)) => {}
        Some(Err(not_taken)) => return Err(no_reason(&entry.title(), Some(not_taken))),
        None => return Err(no_reason(&entry.title(), None)),
    }
    let sealed = parse(entry, secret)?;
    let by = match by {
        With::Passphrase => {
            enough_memory(ctx, sealed.cost())?;
            "the seal passphrase".to_owned()
        }
        With::Shares(numbers) => {
            let set = sealed.quorum().map(|quorum| share_set::name(quorum.set)).unwrap_or_default();
            let numbers: Vec<String> = numbers.iter().map(u8::to_string).collect();
            format!("shares {} of {set}", numbers.join(", "))
        }
    };
    let cannot = |error| cannot_open(entry, secret, error);
    let (master, _) = sealed.unlock(credentials, ctx.kdf.ceiling).map_err(cannot)?;
    let payload = sealed.open(&master).map_err(cannot)?;
    let document = sealed_v1::parse(payload.json()).map_err(|error| {
        damaged(entry)
            .because(error)
            .next("open it with the version of Lifeboat that wrote it, or a newer one")
    })?;
    if document.entry != id {
        return Err(damaged(entry)
            .details(["what is sealed in it belongs to another entry".to_owned()])
            .next("`lifeboat restore --previous` puts back a previous generation; somebody has changed this one"));
    }
    Ok(Opened { id, container: secret.clone(), sealed, master, document, by })
}

/// The reason that is asked for before an entry is opened: one as the settings want it where they want one, else any.
pub fn reason_asked(ctx: &Context, session: &Session, id: EntryId) -> Asked {
    reason::asked(ctx, session, &[id]).unwrap_or_else(|| {
        let rule = Rule::new("");
        let recent = reason::recent(ctx, session, &rule);
        let titles = session.vault.entry(id).map(Entry::title).into_iter().collect();
        Asked { rule, titles, recent }
    })
}

/// The failure of a reason that was not given, or is not taken.
pub fn no_reason(title: &str, not_taken: Option<NotTaken>) -> Failure {
    let failure = Failure::new(
        Kind::Refused,
        format!("{title} is sealed, and is opened for a reason that the log keeps"),
    )
    .unchanged(Unchanged::NothingTouched)
    .next("say it with --reason TEXT");
    match not_taken {
        Some(not_taken) => failure.because(not_taken),
        None => failure,
    }
}

/// The failure of a sealed entry where nothing was brought that opens it.
pub fn needed(entry: &Entry) -> Failure {
    let Some(secret) = entry.secret.sealed() else { return VaultError::Gone(entry.id).into() };
    let failure = Failure::new(
        Kind::NoCredential,
        format!("{} is sealed: it takes {} to open it", entry.title(), in_words(secret)),
    )
    .unchanged(Unchanged::NothingTouched);
    let next = if super::set_name(secret).is_some() {
        "give the shares to the command, once for each: lifeboat code NAME --share FILE --reason TEXT"
    } else {
        "give its passphrase: lifeboat code NAME --seal-passphrase-file PATH --reason TEXT"
    };
    failure.next(next)
}

fn parse(entry: &Entry, secret: &SealedSecret) -> Result<Sealed, Failure> {
    let sealed = Sealed::parse(secret.container().to_vec(), envelope::Kind::SealedEntry);
    sealed.map_err(|error| cannot_open(entry, secret, error))
}

fn damaged(entry: &Entry) -> Failure {
    Failure::new(Kind::Damaged, format!("what is sealed of {} cannot be used", entry.title()))
        .unchanged(Unchanged::NothingTouched)
}

fn cannot_open(entry: &Entry, secret: &SealedSecret, error: OpenError) -> Failure {
    let title = entry.title();
    let wrong = |kind, next: &str| {
        Failure::new(kind, format!("{title} stays sealed: what was given does not open it"))
            .details([format!("what opens it: {}", in_words(secret))])
            .unchanged(Unchanged::NothingTouched)
            .next(next)
    };
    match error {
        OpenError::WrongCredential { .. } | OpenError::NoFittingSlot => wrong(
            Kind::WrongPassphrase,
            "check Caps Lock and the keyboard layout; it is the entry's own passphrase, not the vault's",
        ),
        OpenError::Kdf(cause @ envelope::KdfError::TooCostly { .. }) => {
            Failure::new(Kind::KdfTooCostly, format!("{title} was not opened"))
                .because(cause)
                .unchanged(Unchanged::NothingTouched)
                .next("if you know who sealed it, run the command again with --allow-kdf-cost")
        }
        OpenError::Kdf(cause) => Failure::new(Kind::Io, format!("{title} could not be opened"))
            .because(cause)
            .unchanged(Unchanged::NothingTouched)
            .next("close other programs, or open it on a machine with more memory"),
        cause @ (OpenError::Altered { .. }
        | OpenError::BadHeader { .. }
        | OpenError::Damaged { .. }
        | OpenError::NotAnEnvelope
        | OpenError::UnsupportedFeature { .. }
        | OpenError::UnsupportedVersion { .. }
        | OpenError::WrongKind { .. }) => damaged(entry).because(cause).next(
            "`lifeboat restore --previous` puts back a previous generation, or restore it from a bundle",
        ),
    }
}

/// Refuses a sealed entry that was not opened, or is not the one that was.
pub(in crate::app) fn check(entry: &Entry, opened: Option<&Opened>) -> Result<(), Failure> {
    match (entry.is_sealed(), opened) {
        (false, _) => Ok(()),
        (true, Some(opened)) => opened.still_in(entry),
        (true, None) => Err(needed(entry)),
    }
}

/// Lends an entry with its seed: as it is, or with what was opened for this.
pub(in crate::app) fn read<T>(
    entry: &Entry,
    opened: Option<&Opened>,
    look: impl FnOnce(&Entry) -> T,
) -> Result<T, Failure> {
    match (entry.is_sealed(), opened) {
        (false, _) => Ok(look(entry)),
        (true, Some(opened)) => opened.of(entry).map(|open| look(&open)),
        (true, None) => Err(needed(entry)),
    }
}

/// Starts a record about an entry, with what opened it where it was sealed.
pub(in crate::app) fn about(ctx: &Context, event: Event, id: EntryId, opened: Option<&Opened>) -> Record {
    let mut record = log::about(ctx, event, id);
    record.facts.extend(
        opened.filter(|opened| opened.id == id).map(|opened| ("opened by".into(), opened.by.clone())),
    );
    record
}

/// Takes the seal away: the seed lies open in the vault again.
///
/// # Errors
///
/// When it was changed since it was opened; what saving can fail with.
pub fn unseal(ctx: &Context, session: &mut Session, opened: &Opened) -> Result<String, Failure> {
    let id = opened.id;
    let now = ctx.clock.now();
    vault_file::change(ctx, session, |vault| {
        let entry = vault.entry_mut(id)?;
        opened.still_in(entry)?;
        opened.document.open_into(entry);
        entry.known_before = None;
        entry.updated = now;
        let title = entry.title();
        Ok((title, vec![about(ctx, Event::Unsealed, id, Some(opened))]))
    })
}
