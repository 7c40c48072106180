//! A passphrase typed from memory, or a share checked, to see that it can be done.

use std::path::Path;

use serde_json::{Map, Value, json};

use super::super::args::Rehearse;
use super::super::render::{self, fields};
use super::super::{ask, credentials, shares, time};
use super::Run;
use crate::app::bundle::SealedBundle;
use crate::app::rehearse::{self, Home};
use crate::app::share_set::name;
use crate::app::unlock::{self, SealedVault};
use crate::app::{Exit, Failure, Kind, Session, Unchanged, key_file};
use crate::envelope::{Credentials, Passphrase};
use crate::platform::terminal::NoAnswer;
use crate::recovery::Subject;
use crate::secret::SecretText;
use crate::vault::VaultId;

/// How often a passphrase may be typed.
const TRIES: usize = 3;
/// What helps where nobody can be asked.
const TYPE_IT: &str = "type it at a terminal: that it is in your head, and in no file, is what is rehearsed";

pub(super) fn rehearse(run: &mut Run<'_, '_>, args: &Rehearse) -> Result<Exit, Failure> {
    match &args.bundle {
        None => vault(run),
        Some(path) => bundle(run, path, args),
    }
}

fn vault(run: &mut Run<'_, '_>) -> Result<Exit, Failure> {
    if run.global.passphrase_fd.is_some() || run.global.passphrase_file.is_some() {
        return Err(Failure::new(
            Kind::Refused,
            "a passphrase is rehearsed from memory, and a file was named for it",
        )
        .details([
            "--passphrase-file, --passphrase-fd or LIFEBOAT_PASSPHRASE_FILE: a file's memory is not yours"
                .to_owned(),
        ])
        .unchanged(Unchanged::NothingTouched)
        .next(
            "lifeboat rehearse; with the variable set: env -u LIFEBOAT_PASSPHRASE_FILE lifeboat rehearse",
        ));
    }
    let sealed = unlock::look(run.ctx)?;
    rehearse::refuse(&sealed, run.global.key_file.is_some())?;
    if run.ctx.kept.as_ref().is_some_and(|look| look.key().is_some()) {
        run.tell("lifeboat: the key in the kernel's keyring is not used for this: the passphrase is typed");
    }
    let key_file = run.global.key_file.clone();
    let recalled = recall(
        run,
        "Passphrase of the vault, from memory: ",
        key_file.as_deref(),
        |run, typed, n_failed| {
            let cost = sealed.cost();
            let Run { global, ctx, io } = run;
            credentials::working(global, io, true, "Trying it", &cost, || {
                rehearse::vault(ctx, &sealed, typed, n_failed)
            })
        },
    )?;
    let recalled = match recalled {
        Tried::Right(recalled) => recalled,
        Tried::Wrong { n_tries, .. } => {
            let help = rehearse::not_recalled(run.ctx, Subject::Vault, n_tries);
            for notice in &help.notices {
                run.tell(&format!("lifeboat: {}", notice.0));
            }
            return Err(rehearse::failed(run.ctx, &sealed, n_tries, &help));
        }
    };
    for notice in &recalled.notices {
        run.tell(&format!("lifeboat: {}", notice.0));
    }
    let standing = recalled.standing;
    let json = fields([
        ("what", json!(Subject::Vault.name())),
        ("right", json!(true)),
        ("typed", json!(true)),
        ("noted", json!(recalled.noted)),
        ("in_a_row", json!(standing.n_in_a_row)),
        ("interval_days", json!(standing.interval_days())),
        ("due", json!(standing.due())),
    ]);
    let lines = [
        ("passphrase", "it opens the vault, which is closed again".to_owned()),
        ("noted", if recalled.noted { "in the log" } else { "nowhere" }.to_owned()),
        ("next time", format!("{}, in {} days", time::day(standing.due()), standing.interval_days())),
    ];
    run.result("rehearse", &json, &render::table(&lines))
}

fn bundle(run: &mut Run<'_, '_>, path: &Path, args: &Rehearse) -> Result<Exit, Failure> {
    let sealed = run.bundle(path)?;
    if args.share.is_some() || !sealed.wants_passphrase() && sealed.quorum().is_some() {
        return share(run, &sealed, args.share.as_deref());
    }
    refuse(&sealed, args.bundle_key_file.is_some())?;
    let subject = Subject::Bundle { bundle: sealed.id() };
    let prompt = "Passphrase of the bundle, from memory: ";
    let tried = recall(run, prompt, args.bundle_key_file.as_deref(), |run, typed, _| {
        let cost = sealed.inspect().cost;
        let Run { global, ctx, io } = run;
        credentials::working(global, io, true, "Trying it", &cost, || rehearse::bundle(ctx, &sealed, typed))
    })?;
    let made_from = match tried {
        Tried::Right(made_from) => made_from,
        Tried::Wrong { failure, n_tries } => {
            let help = rehearse::not_recalled(run.ctx, subject, n_tries);
            for notice in &help.notices {
                run.tell(&format!("lifeboat: {}", notice.0));
            }
            return Err(failure
                .next("if it is lost: whoever opens the vault makes a new bundle, with a new passphrase"));
        }
    };
    let info = sealed.inspect();
    let json = fields([("bundle", json!(info.id))]);
    let lines = [
        ("passphrase", "it opens the bundle, which is closed again".to_owned()),
        ("bundle", format!("{}, made {}", info.id, time::day(info.created))),
    ];
    let paper = "`lifeboat drill run BUNDLE --report FILE` makes a report for whoever keeps the vault";
    finish(run, Some(made_from), subject, true, json, &lines, paper)
}

fn share(run: &mut Run<'_, '_>, sealed: &SealedBundle, file: Option<&Path>) -> Result<Exit, Failure> {
    let quorum = crate::app::shares::quorum_of(sealed)?;
    let share = shares::one(run.global, run.ctx, run.io, quorum, file)?;
    let subject = rehearse::share(sealed, &share)?;
    let n_shares = quorum.n_shares();
    let set = name(quorum.set);
    let json = fields([
        ("bundle", json!(sealed.inspect().id)),
        ("set", json!(set)),
        ("share", json!(share.number())),
        ("of", json!(n_shares)),
    ]);
    let lines = [
        (
            "share",
            format!(
                "{} of {n_shares}, of the set {set}: whole and current; nothing was opened",
                share.number()
            ),
        ),
        ("bundle", format!("{}, made {}", sealed.inspect().id, time::day(sealed.inspect().created))),
    ];
    let paper = "`lifeboat share acknowledge BUNDLE -o FILE` says so, signed, to whoever keeps the vault";
    finish(run, None, subject, file.is_none(), json, &lines, paper)
}

/// Refuses a bundle whose passphrase cannot be rehearsed, before anybody types one.
fn refuse(sealed: &SealedBundle, has_key_file: bool) -> Result<(), Failure> {
    if !sealed.wants_passphrase() {
        return Err(Failure::new(
            Kind::Refused,
            "no passphrase opens this bundle, so there is none to recall",
        )
        .details([format!("what opens it: {}", sealed.inspect().ways.join(", or "))])
        .unchanged(Unchanged::NothingTouched)
        .next("lifeboat bundle verify FILE --bundle-key-file PATH sees whether its key file opens it"));
    }
    if sealed.wants_key_file() && !has_key_file {
        return Err(Failure::new(
            Kind::NoCredential,
            "the bundle is opened by a passphrase and a key file together, and no key file was named",
        )
        .unchanged(Unchanged::NothingTouched)
        .next("name it with --bundle-key-file PATH; the passphrase is typed"));
    }
    Ok(())
}

/// What came of typing a passphrase.
enum Tried<T> {
    Right(T),
    Wrong { failure: Failure, n_tries: usize },
}

/// Has a passphrase typed until it is the right one, three times at most. An empty line stops.
fn recall<T>(
    run: &mut Run<'_, '_>,
    prompt: &str,
    key_file: Option<&Path>,
    attempt: impl Fn(&mut Run<'_, '_>, &Credentials, usize) -> Result<T, Failure>,
) -> Result<Tried<T>, Failure> {
    let key_file = key_file.map(|path| key_file::read_key_file(run.ctx, path)).transpose()?;
    let mut typed = Credentials { key_file, ..Credentials::default() };
    let mut wrong = None;
    for n_failed in 0..TRIES {
        let text = ask::hidden(run.global, run.io, prompt, TYPE_IT)?;
        if text.is_empty() {
            break;
        }
        typed.passphrase = Some(Passphrase::new(text));
        match attempt(run, &typed, n_failed) {
            Ok(right) => return Ok(Tried::Right(right)),
            Err(failure) if failure.kind == Kind::WrongPassphrase => {
                wrong = Some(Tried::Wrong { failure, n_tries: n_failed + 1 });
                if n_failed + 1 < TRIES {
                    run.io.tell("lifeboat: that is not it; once more, or nothing to stop");
                }
            }
            Err(failure) => return Err(failure),
        }
    }
    wrong.ok_or_else(|| {
        Failure::new(Kind::NoCredential, "nothing was typed, so nothing was rehearsed")
            .unchanged(Unchanged::NothingTouched)
            .next("lifeboat rehearse, when there is a quiet moment")
    })
}

/// Dates a rehearsal where that can be done, and says what came of it.
fn finish(
    run: &mut Run<'_, '_>,
    made_from: Option<VaultId>,
    subject: Subject,
    typed: bool,
    more: Map<String, Value>,
    lines: &[(&str, String)],
    paper: &str,
) -> Result<Exit, Failure> {
    let what = subject.name();
    let (not_noted, failure) = match note(run, made_from, subject, typed) {
        Ok(()) => (None, None),
        Err(NotNoted::Because(why)) => (Some(why), None),
        Err(NotNoted::Failed(failure)) if failure.kind == Kind::Interrupted => return Err(failure),
        Err(NotNoted::Failed(failure)) => (Some(failure.to_string()), Some(failure)),
    };
    let mut json = fields([
        ("what", json!(what)),
        ("right", json!(true)),
        ("typed", json!(typed)),
        ("noted", json!(not_noted.is_none())),
        ("not_noted", json!(not_noted)),
    ]);
    json.extend(more);
    let mut text = render::table(lines);
    let noted =
        not_noted.as_ref().map_or_else(|| "in the vault's log".to_owned(), |why| format!("nowhere: {why}"));
    text.push_str(&render::table(&[("noted", noted)]));
    run.result("rehearse", &json, &text)?;
    if let Some(failure) = failure {
        return Err(failure);
    }
    if not_noted.is_some() {
        run.tell(&format!("next: {paper}"));
    }
    Ok(Exit::Done)
}

/// Why a rehearsal is not dated.
enum NotNoted {
    /// Nothing is wrong with that.
    Because(String),
    /// It was asked for and did not work.
    Failed(Failure),
}

impl From<Failure> for NotNoted {
    fn from(failure: Failure) -> Self {
        Self::Failed(failure)
    }
}

fn note(
    run: &mut Run<'_, '_>,
    made_from: Option<VaultId>,
    subject: Subject,
    typed: bool,
) -> Result<(), NotNoted> {
    let vault = match rehearse::home(run.ctx, made_from) {
        Home::Here(vault) => vault,
        Home::Elsewhere(why) => return Err(NotNoted::Because(why)),
    };
    let mut session = open(run, vault)?;
    let noted = rehearse::note_in(run.ctx, &mut session, subject, typed);
    run.tell_notices(&mut session);
    noted.map_err(NotNoted::Because)
}

/// Opens the vault for the one record: with a key that is kept, with what was named, or with what is typed now.
fn open(run: &mut Run<'_, '_>, vault: SealedVault) -> Result<Session, NotNoted> {
    let is_given = credentials::is_given(run.global);
    if let Some(key) = run.ctx.kept.as_ref().and_then(|look| look.key()).filter(|_| !is_given) {
        return Ok(unlock::unlock_kept_unnoted(run.ctx, vault, key)?);
    }
    let at_hand = if is_given {
        credentials::for_vault(run.global, run.ctx, run.io, &vault)?
    } else if !vault.wants_passphrase() || vault.wants_key_file() {
        let why = "the vault takes a key file: name it with --key-file PATH to have it noted";
        return Err(NotNoted::Because(why.to_owned()));
    } else {
        Credentials { passphrase: Some(Passphrase::new(asked(run)?)), ..Credentials::default() }
    };
    let cost = vault.cost();
    let Run { global, ctx, io } = run;
    let opened =
        credentials::working(global, io, at_hand.passphrase.is_some(), "Opening the vault", &cost, || {
            unlock::unlock_unnoted(ctx, vault, &at_hand)
        });
    Ok(opened?)
}

/// The vault's passphrase, from whoever wants the rehearsal noted.
fn asked(run: &mut Run<'_, '_>) -> Result<SecretText, NotNoted> {
    let not_opened = |why: &str| Err(NotNoted::Because(format!("the vault was not opened for it ({why})")));
    if run.global.no_input {
        return not_opened("--no-input");
    }
    let question = "Passphrase of the vault, to note the rehearsal in its log (empty: do not note): ";
    match run.io.person.ask(question, true) {
        Ok(text) if text.is_empty() => not_opened("nothing was typed"),
        Ok(text) => Ok(text),
        Err(NoAnswer::NoTerminal(_)) => not_opened("there is no terminal to ask at"),
        Err(NoAnswer::Interrupted) => Err(ask::interrupted().into()),
    }
}
