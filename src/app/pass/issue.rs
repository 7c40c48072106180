//! Issuing a pass: what speaks against it, its words, its codes, its file, and the item that the vault keeps of it.

use std::path::{Path, PathBuf};

use super::{ROTATE, file, record};
use crate::app::bundle::{not_written, refuse_existing_output, refuse_vault, sha256};
use crate::app::context::Context;
use crate::app::failure::{Failure, Kind, Unchanged, shown_path};
use crate::app::init::{NewSlot, make_slot};
use crate::app::reason;
use crate::app::session::Session;
use crate::app::{passphrase, time, vault_file};
use crate::audit::Event;
use crate::entry::{Entry, EntryId, Label, UnixSeconds};
use crate::envelope::{self, Credentials, MasterKey, Passphrase, Sealed, ToSeal};
use crate::otp::{Code, Period, Strength, TimeStep};
use crate::recovery::ItemId;
use crate::recovery::pass::{IssuedPass, LONGEST_NAME, MOST_SECONDS, SHORTEST_SEED_BITS};
use crate::secret::{SecretBytes, SecretText};
use crate::settings::{NotTaken, Rule};
use crate::storage::atomic::{self, Existing};
use crate::vault::{Vault, VaultError};
use crate::wire::entry_v1;
use crate::wire::pass_v1::{self, CodeKind, PassDocument};

/// The pass that is wanted.
#[derive(Debug)]
pub struct PassRequest<'a> {
    /// The entry.
    pub id: EntryId,
    /// Its first moment; now when it is not said.
    pub from: Option<UnixSeconds>,
    /// How long it lasts.
    pub seconds: u64,
    /// Whom it is for.
    pub to: &'a str,
    /// Issue it of an entry that opens something privileged too.
    pub privileged_ok: bool,
    /// Where it is written; as a picture where the name ends in `.png`.
    pub output: &'a Path,
}

/// A pass against which nothing speaks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asked {
    /// The entry's name, safe to show.
    pub title: String,
    /// Its first moment.
    pub from: UnixSeconds,
    /// The moment after its last.
    pub until: UnixSeconds,
    /// What is to be thought of, in words, a line each.
    pub doubts: Vec<String>,
}

/// What somebody said of whoever gets it; `None` where nobody said.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Said {
    /// How the person was identified.
    pub identified: Option<String>,
    /// The channel by which the words go.
    pub channel: Option<String>,
}

/// A pass that is sealed, and of which nothing was written yet.
#[derive(Debug)]
pub struct Prepared {
    title: String,
    pass: IssuedPass,
    bytes: SecretBytes,
    output: PathBuf,
    words: SecretText,
    entry: SecretBytes,
    n_codes: usize,
    codes_from: UnixSeconds,
    codes_until: UnixSeconds,
}

impl Prepared {
    /// The words that open it. They are nowhere else.
    pub fn words(&self) -> &SecretText {
        &self.words
    }
}

/// A pass that was issued.
#[derive(Debug)]
pub struct Issued {
    /// What the vault remembers of it.
    pub pass: IssuedPass,
    /// The entry's name, safe to show.
    pub title: String,
    /// Where it lies.
    pub output: PathBuf,
    /// Length of the file in bytes.
    pub len: usize,
    /// How many codes are in it.
    pub n_codes: usize,
    /// First second of the first of them.
    pub codes_from: UnixSeconds,
    /// First second after the last of them.
    pub codes_until: UnixSeconds,
    /// False when the disk did not confirm that it survives a power cut.
    pub durable: bool,
}

/// Looks at what is asked for, before anybody is asked for anything.
///
/// # Errors
///
/// Exit 8 for what a rule forbids, exit 2 for a name or a time that is none; nothing was touched.
pub fn check(ctx: &Context, session: &Session, request: &PassRequest<'_>) -> Result<Asked, Failure> {
    refuse_vault(ctx, session, request.output)?;
    refuse_existing(ctx, request.output)?;
    let from = request.from.unwrap_or_else(|| ctx.code_time());
    let until = window(ctx, from, request.seconds)?;
    let to = request.to.trim();
    if to.is_empty() || to.len() > LONGEST_NAME {
        let what = format!("whom the pass is for is said in 1 to {LONGEST_NAME} bytes");
        return Err(Failure::new(Kind::Usage, what).unchanged(Unchanged::NothingTouched));
    }
    let (entry, (_, period)) = allowed(ctx, &session.vault, request)?;
    if !pass_v1::is_time_of_a_pass(from, until, period) {
        return Err(Failure::new(Kind::Refused, "a pass cannot have that time")
            .unchanged(Unchanged::NothingTouched)
            .next("say when it begins with --from, or leave that out for now"));
    }
    let mut doubts = Vec::new();
    if let Some(Strength::Short(bits)) = entry.seed().map(crate::otp::Seed::strength) {
        doubts.push(format!(
            "the seed of {} has {bits} bits: from the codes of a pass it could be found by trying, with much effort; \
             112 bits are advised",
            entry.title()
        ));
    }
    if entry.privileged {
        doubts
            .push(format!("{} is privileged: what it opens is open to whoever has the pass", entry.title()));
    }
    Ok(Asked { title: entry.title(), from, until, doubts })
}

/// Refuses an output that exists, before anybody types a passphrase for it.
///
/// # Errors
///
/// Exit 8 when something is there: no pass is written over another one, whose words would open nothing then.
pub fn refuse_existing(ctx: &Context, output: &Path) -> Result<(), Failure> {
    refuse_existing_output(ctx, output, false).map_err(|mut failure| {
        failure.next = vec!["name another file with -o".to_owned()];
        failure
    })
}

/// The end of its time.
fn window(ctx: &Context, from: UnixSeconds, seconds: u64) -> Result<UnixSeconds, Failure> {
    if seconds == 0 {
        return Err(Failure::new(Kind::Usage, "a pass lasts one second at least")
            .unchanged(Unchanged::NothingTouched)
            .next("say how long with --for, for example --for 1h"));
    }
    if seconds > MOST_SECONDS {
        return Err(Failure::new(
            Kind::Refused,
            format!("a pass lasts {} hours at most", MOST_SECONDS / 3600),
        )
        .unchanged(Unchanged::NothingTouched)
        .next("issue it for a shorter time, and another one when that is over"));
    }
    let until = from.saturating_add(seconds);
    if until <= ctx.code_time() {
        return Err(Failure::new(Kind::Refused, "the pass would have ended already")
            .details([format!("it would be good from {} until {}", time::shown(from), time::shown(until))])
            .unchanged(Unchanged::NothingTouched)
            .next("say when it begins with --from, or leave that out for now"));
    }
    Ok(until)
}

/// The entry and how its codes look, where a pass of it may be issued to that person.
fn allowed<'v>(
    ctx: &Context,
    vault: &'v Vault,
    request: &PassRequest<'_>,
) -> Result<(&'v Entry, (CodeKind, Period)), Failure> {
    let entry = vault.entry(request.id).ok_or(VaultError::Gone(request.id))?;
    let title = entry.title();
    let refuse = |what: String| Failure::new(Kind::Refused, what).unchanged(Unchanged::NothingTouched);
    let Some(codes) = CodeKind::of(entry.otp).zip(entry.otp.period()) else {
        return Err(refuse(format!("{title} counts, and its codes have no time to end"))
            .next("a pass is of an entry whose codes follow the clock (TOTP or Steam)")
            .next("say one code yourself: lifeboat code NAME"));
    };
    let Some(seed) = entry.seed() else {
        return Err(refuse(format!("{title} is sealed, and nobody gives its codes away alone"))
            .next("open it for one code with whoever opens it, and say that code: lifeboat code NAME --share FILE --reason TEXT")
            .next("or take the seal away first, together: lifeboat unseal NAME"));
    };
    if seed.bits() < SHORTEST_SEED_BITS {
        return Err(refuse(format!(
            "the seed of {title} has {} bits, and could be found from its codes",
            seed.bits()
        ))
        .details([format!("a pass is of a seed of {SHORTEST_SEED_BITS} bits at least")])
        .next(format!("give the service a new seed, then: {ROTATE}"))
        .next("or say one code yourself: lifeboat code NAME"));
    }
    if entry.privileged && !request.privileged_ok {
        return Err(refuse(format!("{title} is privileged, and its codes are not given away")).next(
            "if there is no other way: the same command with --privileged-ok, and a reason that says why",
        ));
    }
    let now = ctx.clock.now();
    let mut others = vault.items.open_passes(entry.id).filter(|pass| pass.is_live(now));
    if let Some(other) = others.find(|pass| pass.is_for(request.to)) {
        return Err(refuse(format!("{} has a pass of {title} that has not ended", other.to.shown()))
            .details([format!("{}, until {}", other.id, time::shown(other.until))])
            .next(format!("when new methods are registered: lifeboat pass close {}", other.id)));
    }
    Ok((entry, codes))
}

/// What is asked before a pass is issued: a reason as the settings want it of this entry, or any.
pub fn reason_asked(ctx: &Context, session: &Session, id: EntryId) -> reason::Asked {
    crate::app::seal::reason_asked(ctx, session, id)
}

/// The failure of a reason that was not given, or is not taken.
pub fn no_reason(title: &str, not_taken: Option<NotTaken>) -> Failure {
    let what = format!("a pass of {title} is issued for a reason that the log keeps");
    let failure = Failure::new(Kind::Refused, what)
        .unchanged(Unchanged::NothingTouched)
        .next("say it with --reason TEXT");
    match not_taken {
        Some(not_taken) => failure.because(not_taken),
        None => failure,
    }
}

/// The reason in the context, if it may stand in the log.
fn given_reason(ctx: &Context, session: &Session, entry: &Entry) -> Result<String, Failure> {
    reason::check(ctx, session, &[entry.id])?;
    let given = ctx.reason.as_deref().map(|reason| Rule::new("").take(reason).map(str::to_owned));
    match given {
        Some(Ok(reason)) => Ok(reason),
        Some(Err(not_taken)) => Err(no_reason(&entry.title(), Some(not_taken))),
        None => Err(no_reason(&entry.title(), None)),
    }
}

/// Makes the words and seals the codes under them. Nothing is written: without a file, words are nothing.
///
/// # Errors
///
/// As [`check`]; exit 8 without a reason.
pub fn prepare(
    ctx: &Context,
    session: &Session,
    request: &PassRequest<'_>,
    asked: &Asked,
    said: Said,
) -> Result<Prepared, Failure> {
    let (entry, (kind, period)) = allowed(ctx, &session.vault, request)?;
    let reason = given_reason(ctx, session, entry)?;
    let mut id = ItemId::from_bytes(ctx.random_bytes()?);
    while session.vault.items.has(id) {
        id = ItemId::from_bytes(ctx.random_bytes()?);
    }
    let to = Label::new(request.to.trim());
    let document = PassDocument {
        id,
        title: Label::new(cut(entry.title())),
        to: to.clone(),
        kind,
        period,
        from: asked.from,
        until: asked.until,
        codes: codes(entry, asked.from, asked.until, period).ok_or(VaultError::Gone(entry.id))?,
    };
    // What could keep it from that was looked at when it was asked for.
    let json = pass_v1::encode(&document).ok_or_else(|| {
        Failure::new(Kind::Io, "the pass was not made").unchanged(Unchanged::NothingTouched)
    })?;
    let words = passphrase::generate(ctx)?;
    let container = seal(ctx, &json, &words)?;
    let pass = IssuedPass {
        id,
        entry: entry.id,
        to,
        reason,
        identified: said.identified,
        channel: said.channel,
        issued: ctx.clock.now(),
        from: asked.from,
        until: asked.until,
        privileged: entry.privileged,
        sha256: sha256(&container),
        closed: None,
    };
    let first = TimeStep::at(document.first().saturating_mul(u64::from(period.seconds())), period);
    let bytes = if file::is_picture(request.output) {
        file::picture(&container, request.output)?
    } else {
        SecretBytes::new(container)
    };
    let last = pass_v1::last_step(asked.until, period);
    Ok(Prepared {
        title: entry.title(),
        pass,
        bytes,
        output: request.output.to_owned(),
        words,
        entry: entry_v1::encode(entry),
        n_codes: document.codes.len(),
        codes_from: first.starts(),
        codes_until: last.saturating_add(1).saturating_mul(u64::from(period.seconds())),
    })
}

/// The codes of each step of a time, and of one step before and behind it.
pub(super) fn codes(
    entry: &Entry,
    from: UnixSeconds,
    until: UnixSeconds,
    period: Period,
) -> Option<Vec<Code>> {
    let steps = pass_v1::first_step(from, period)..=pass_v1::last_step(until, period);
    let of = |index: u64| {
        let starts = index.checked_mul(u64::from(period.seconds()))?;
        entry.code_of(TimeStep::at(starts, period))
    };
    steps.map(of).collect()
}

/// A name with no more bytes than a pass has room for.
fn cut(mut name: String) -> String {
    if name.len() > LONGEST_NAME {
        let room = LONGEST_NAME - '…'.len_utf8();
        let end = (0..=room).rev().find(|end| name.is_char_boundary(*end)).unwrap_or_default();
        name.truncate(end);
        name.push('…');
    }
    name
}

/// Seals a document under words, and opens what came of it once more.
fn seal(ctx: &Context, json: &SecretBytes, words: &SecretText) -> Result<Vec<u8>, Failure> {
    let kind = envelope::Kind::Pass;
    let id: [u8; 16] = ctx.random_bytes()?;
    let master = MasterKey::from_bytes(ctx.random_bytes()?);
    let new_slot = NewSlot { passphrase: Some(Passphrase::new(words.duplicate())), key_file: None };
    let slots = [make_slot(ctx, kind, &id, &master, &new_slot, ctx.kdf.vault)?];
    let to_seal = ToSeal { kind, id, slots: &slots, info: None, json: json.expose(), signature: &[] };
    let bytes = envelope::seal(&to_seal, &master, &ctx.random_bytes()?).map_err(|error| {
        Failure::new(Kind::Refused, "the pass was not made")
            .because(error)
            .unchanged(Unchanged::NothingTouched)
    })?;
    drop(master);
    let credentials = Credentials { passphrase: new_slot.passphrase, ..Credentials::default() };
    let opened = Sealed::parse(bytes.clone(), kind).and_then(|sealed| {
        let (master, _) = sealed.unlock(&credentials, ctx.kdf.ceiling)?;
        sealed.open(&master)
    });
    let unproven = || {
        Failure::new(Kind::Io, "the pass does not open again, and was not written")
            .unchanged(Unchanged::NothingTouched)
            .next("run the command again; if it happens twice, check the memory of this machine")
    };
    match opened {
        Ok(payload) if payload.json() == json.expose() => Ok(bytes),
        Ok(_) => Err(unproven()),
        Err(error) => Err(unproven().because(error)),
    }
}

impl Prepared {
    /// Writes the file, and notes the pass in the vault and in the log. One that cannot be noted is taken back.
    ///
    /// # Errors
    ///
    /// As [`check`], where another process was faster; what writing and saving can fail with.
    pub fn issue(self, ctx: &Context, session: &mut Session) -> Result<Issued, Failure> {
        let mut durability = None;
        let Self { pass, bytes, output, .. } = &self;
        let noted = vault_file::change(ctx, session, |vault| {
            let request = PassRequest {
                id: pass.entry,
                from: None,
                seconds: 0,
                to: pass.to.raw(),
                privileged_ok: pass.privileged,
                output,
            };
            // Deriving a key and saying words take a while, and nobody else was kept from the vault meanwhile.
            let (entry, _) = allowed(ctx, vault, &request)?;
            if !entry_v1::encode(entry).same_as(&self.entry) || vault.items.has(pass.id) {
                return Err(Failure::new(Kind::Busy, format!("{} was changed meanwhile", entry.title()))
                    .unchanged(Unchanged::OutputNotCreated(output.clone()))
                    .next("run the command again; the words that were shown open nothing"));
            }
            let token = ctx.token()?;
            let written = atomic::create(ctx.disk.as_ref(), output, bytes.expose(), &token, Existing::Refuse);
            durability = Some(written.map_err(|error| not_written(output, "pass", error))?);
            vault.items.passes.push(pass.clone());
            let mut record = record(ctx, Event::PassIssued, pass);
            record.reason = Some(pass.reason.clone());
            let times = [("from", pass.from), ("until", pass.until)];
            record.facts.extend(times.map(|(name, at)| (name.into(), time::shown(at))));
            Ok(((), vec![record]))
        });
        if let Err(failure) = noted {
            return Err(if durability.is_some() { taken_back(ctx, output, failure) } else { failure });
        }
        Ok(Issued {
            len: self.bytes.len(),
            n_codes: self.n_codes,
            codes_from: self.codes_from,
            codes_until: self.codes_until,
            durable: durability == Some(atomic::Durability::Confirmed),
            title: self.title,
            pass: self.pass,
            output: self.output,
        })
    }
}

/// Removes a file that the vault could not note: nobody would know of it.
fn taken_back(ctx: &Context, output: &Path, mut failure: Failure) -> Failure {
    if ctx.disk.remove(output).is_ok() {
        failure.details.push("the pass that was written is removed again".to_owned());
    } else {
        let path = shown_path(output);
        failure.details.push(format!("the pass that was written could not be removed again: {path}"));
        failure.next.push(format!("delete it: rm '{path}'"));
    }
    failure
}

#[cfg(test)]
mod tests;
