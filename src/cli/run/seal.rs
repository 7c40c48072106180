//! Dual control: sealing an entry once more, taking the seal away, and opening it for one use.

use serde_json::json;

use super::super::args::{Seal, SealOpening, Unseal};
use super::super::render::{self, fields};
use super::super::{ask, credentials, shares, time};
use super::{Run, ways};
use crate::app::edit::Edit;
use crate::app::find::find;
use crate::app::seal::{self, Brought, Opened, SealTo, Ways};
use crate::app::{Exit, Failure, Kind, Session, Unchanged, share_set};
use crate::entry::{Entry, EntryId};
use crate::vault::VaultError;

pub(super) fn seal(run: &mut Run<'_, '_>, args: &Seal) -> Result<Exit, Failure> {
    let (mut session, at_hand) = if args.share_set.is_some() {
        (run.open()?, None)
    } else {
        // The two passphrases are compared, so the vault's own has to be given.
        let (session, at_hand) = credentials::open_vault_keeping(run.global, run.ctx, run.io)?;
        (session, at_hand.passphrase)
    };
    let id = find(&session, &args.entry.query)?;
    let to = if let Some(name) = &args.share_set {
        SealTo::Set(share_set::find(session.vault(), name)?.id)
    } else {
        refuse_sealed(&session, id)?;
        let file = args.seal_passphrase_file.as_deref();
        let new = credentials::new_for_seal(run.global, run.ctx, run.io, file)?;
        SealTo::Passphrase { new, vault: at_hand.as_ref() }
    };
    let derives = args.share_set.is_none();
    let cost = run.ctx.kdf.vault;
    let done = ways::making(run, derives, "Sealing, and opening it once more", cost, |ctx| {
        seal::seal(ctx, &mut session, id, to)
    })?;
    run.tell_notices(&mut session);
    let json = fields([
        ("id", json!(id.to_string())),
        ("name", json!(done.title)),
        ("opened_by", json!(done.by)),
        ("known_before", json!(done.known_before)),
        ("previous_generations", json!(done.n_previous)),
        ("bundles", json!(done.n_bundles)),
    ]);
    let lines = [
        ("sealed", done.title.clone()),
        ("opened by", done.by.clone()),
        ("checked", "opened once more before the vault was saved, and compared".to_owned()),
        ("known before", time::shown(done.known_before)),
    ];
    run.result("seal", &json, &render::table(&lines))?;
    for line in seal::advice(&done) {
        run.tell(&line);
    }
    Ok(Exit::Done)
}

/// Before anybody thinks of a passphrase for it.
fn refuse_sealed(session: &Session, id: EntryId) -> Result<(), Failure> {
    let entry = session.vault().entry(id).ok_or(VaultError::Gone(id))?;
    seal::refuse_sealed(entry)
}

pub(super) fn unseal(run: &mut Run<'_, '_>, args: &Unseal) -> Result<Exit, Failure> {
    let mut session = run.open_proven()?;
    let id = find(&session, &args.entry.query)?;
    let title = session.vault().entry(id).map(Entry::title).unwrap_or_default();
    let Some(opened) = opened(run, &mut session, id, &args.opening)? else {
        return Err(Failure::new(Kind::Refused, format!("{title} is not sealed"))
            .unchanged(Unchanged::NothingTouched)
            .next("`lifeboat show NAME` says what opens an entry"));
    };
    let title = seal::unseal(run.ctx, &mut session, &opened)?;
    run.tell_notices(&mut session);
    let json =
        fields([("id", json!(id.to_string())), ("name", json!(title)), ("opened_by", json!(opened.by()))]);
    run.result("unseal", &json, "")?;
    run.tell(&format!("{title} is no longer sealed: whoever opens the vault has its seed"));
    Ok(Exit::Done)
}

/// Opens a sealed entry with what is named, asking for what is missing and for a reason; `None` where the entry is not
/// sealed.
pub(super) fn opened(
    run: &mut Run<'_, '_>,
    session: &mut Session,
    id: EntryId,
    args: &SealOpening,
) -> Result<Option<Opened>, Failure> {
    let Some(ways) = seal::ways(session, id)? else {
        if args.is_given() {
            run.tell("lifeboat: the entry is not sealed; what was given to open it was not used");
        }
        return Ok(None);
    };
    if run.global.no_input && !args.is_given() {
        let entry = session.vault().entry(id).ok_or(VaultError::Gone(id))?;
        return Err(seal::needed(entry));
    }
    seal_reason(run, session, id, &ways.title)?;
    let entry = session.vault().entry(id).ok_or(VaultError::Gone(id))?;
    let brought = match brought(run, entry, &ways, args) {
        Err(failure) if failure.kind == Kind::WrongShare => {
            seal::note_refused(run.ctx, session, id, "shares");
            run.tell_notices(session);
            return Err(failure);
        }
        brought => brought?,
    };
    let derives = matches!(brought, Brought::Passphrase(_));
    let Run { global, ctx, io } = run;
    let opened = credentials::working(global, io, derives, "Opening the entry", &ways.cost, || {
        seal::open(ctx, session, id, brought)
    })?;
    Ok(Some(opened))
}

/// Opens a sealed entry where a change needs that: for other recovery codes, and for a new seed where only what opens
/// it can seal that too. Without opening it, recovery codes may be lost, which is asked about.
pub(super) fn opened_to_change(
    run: &mut Run<'_, '_>,
    session: &mut Session,
    id: EntryId,
    change: &mut Edit,
    args: &SealOpening,
) -> Result<Option<Opened>, Failure> {
    if change.seed.is_none() && change.recovery_codes.is_none() {
        return Ok(None);
    }
    let Some(ways) = seal::ways(session, id)? else { return Ok(None) };
    if args.is_given() || change.seed.is_none() || ways.passphrase {
        return opened(run, session, id, args);
    }
    if change.recovery_codes.is_none() {
        let question = format!(
            "Recovery codes that are sealed with the old seed of {}, if there are any, are lost with it unless its shares \
             are given (--share FILE). Go on without them?",
            ways.title
        );
        ask::confirm(run.global, run.io, &question)?;
        change.drops_sealed_codes = true;
    }
    Ok(None)
}

fn brought(
    run: &mut Run<'_, '_>,
    entry: &Entry,
    ways: &Ways,
    args: &SealOpening,
) -> Result<Brought, Failure> {
    let does_not = |kind, what: &str| {
        Failure::new(kind, format!("{what} {}", ways.title))
            .details([format!("what opens it: {}", ways.in_words)])
            .unchanged(Unchanged::NothingTouched)
    };
    if let Some(path) = &args.seal_passphrase_file {
        if !ways.passphrase {
            return Err(does_not(Kind::WrongPassphrase, "no passphrase opens")
                .next("give its shares, once for each: --share FILE"));
        }
        return credentials::from_file(run.ctx, run.io, path).map(Brought::Passphrase);
    }
    if args.share.is_empty() && ways.passphrase {
        let or_shares = ways.quorum.is_some();
        let typed = credentials::seal_passphrase(run.global, run.io, &ways.title, or_shares)?;
        if let Some(passphrase) = typed {
            return Ok(Brought::Passphrase(passphrase));
        }
    }
    let Some(quorum) = &ways.quorum else {
        return Err(if args.share.is_empty() {
            seal::needed(entry)
        } else {
            does_not(Kind::WrongShare, "no shares open")
                .next("give its passphrase: --seal-passphrase-file PATH")
        });
    };
    let opening = shares::gather(run.global, run.ctx, run.io, quorum, &args.share)?;
    Ok(Brought::Shares { secret: opening.secret()?, numbers: opening.numbers() })
}

/// Takes the reason that was given, or asks for one: nothing sealed is opened without.
fn seal_reason(run: &mut Run<'_, '_>, session: &Session, id: EntryId, title: &str) -> Result<(), Failure> {
    let asked = seal::reason_asked(run.ctx, session, id);
    let question = format!("{title} is sealed. Why is it opened? The log keeps the reason.\n");
    ask::because(run.global, run.ctx, run.io, &asked, question, |not_taken| seal::no_reason(title, not_taken))
}
