//! A drill while it runs: what was reached so far, and the questions that a face may ask in between.

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Arc;

use super::compare;
use crate::app::bundle::{BundleInfo, OpenedBundle, SealedBundle, look_at_bundle};
use crate::app::clock::{self, ClockOffset, Doubt};
use crate::app::context::Context;
use crate::app::failure::{Failure, Kind, Unchanged};
use crate::app::find;
use crate::app::keyring::in_words;
use crate::app::reason::{self, Asked};
use crate::app::session::Session;
use crate::app::status::NamedEntry;
use crate::app::unlock::{self, Presence, SealedVault};
use crate::entry::{Entry, EntryId, UnixSeconds, label};
use crate::envelope::Credentials;
use crate::otp::{Code, TimeStep};
use crate::recovery::Verdict;
use crate::recovery::drill::Attested;
use crate::wire::BundlePayload;
use crate::wire::drill_report_v1::{ReportedClock, ReportedEntry};

/// Longest reference of an attestation, in characters.
const LONGEST_REFERENCE: usize = 200;
/// Clocks may differ by so many seconds before one is called wrong by what is certain to have passed.
pub(super) const LEEWAY_SECONDS: u64 = 60;

/// What opened the bundle of a drill.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpenedWith {
    /// In words: `passphrase`, `2 shares of ACID BUMPY`. [`KEY_FILE_ALONE`](crate::recovery::drill::KEY_FILE_ALONE) where nothing else opens it.
    pub words: String,
    /// True when a person typed it, now.
    pub typed: bool,
}

/// Whether the live vault of a bundle is on this machine.
#[derive(Debug)]
pub enum Live {
    /// There is no vault here.
    Absent,
    /// The vault that the bundle was made from: worth asking a person for what opens it.
    Own(SealedVault),
    /// Another vault. It may continue the bundle's, which only shows when it is open: worth opening where nobody has to
    /// be asked.
    Other(SealedVault),
    /// Something is there that cannot be read as a vault; why, in words.
    Unusable(String),
}

/// A code that a drill gives, to sign in with.
#[derive(Debug)]
pub struct ShownCode {
    /// The code.
    pub code: Code,
    /// For how many more seconds it is valid; `None` where codes follow a counter.
    pub seconds_left: Option<u64>,
}

/// When a drill began.
#[derive(Debug, Clone, Copy)]
struct Start {
    at: UnixSeconds,
    millis: u64,
    boot_millis: Option<u64>,
}

impl Start {
    fn now(ctx: &Context) -> Self {
        let boot_millis = ctx.clock.since_boot().map(|boot| boot.millis);
        Self { at: ctx.clock.now(), millis: millis(ctx), boot_millis }
    }

    /// Milliseconds since then, by the machine's own time where it has one: a clock that is set meanwhile is none.
    fn elapsed(self, ctx: &Context) -> u64 {
        let boot_millis = ctx.clock.since_boot().map(|boot| boot.millis);
        match (boot_millis, self.boot_millis) {
            (Some(now), Some(then)) => now.saturating_sub(then),
            _ => millis(ctx).saturating_sub(self.millis),
        }
    }
}

fn millis(ctx: &Context) -> u64 {
    ctx.clock.now().saturating_mul(1000).saturating_add(u64::from(ctx.clock.subsecond_millis()))
}

/// A drill that was begun. It holds the bundle's entries in memory from [`Running::open`] on, until it is dropped.
#[derive(Debug)]
pub struct Running {
    start: Start,
    sealed: Arc<SealedBundle>,
    pub(super) info: BundleInfo,
    pub(super) opened: Option<OpenedBundle>,
    pub(super) with: Option<OpenedWith>,
    pub(super) first_code_millis: Option<u64>,
    pub(super) compared: Option<Vec<ReportedEntry>>,
    pub(super) clock: ReportedClock,
    pub(super) attested: Vec<Attested>,
    pub(super) not_accepted: BTreeSet<EntryId>,
    pub(super) codes_shown: BTreeSet<EntryId>,
    /// An entry whose code on another device fits no time near this clock.
    pub(super) other_code: Option<EntryId>,
}

impl Running {
    /// Begins a drill: reads a bundle, or the first whole copy in a kit's folder, and checks its outside. That is L0.
    ///
    /// # Errors
    ///
    /// As [`look_at_bundle`].
    pub fn begin(ctx: &Context, path: &Path) -> Result<Self, Failure> {
        let start = Start::now(ctx);
        let sealed = look_at_bundle(ctx, path)?;
        let mut clock = ReportedClock::default();
        let info = sealed.inspect();
        doubt(&mut clock, ctx.clock.now(), info.created);
        Ok(Self {
            start,
            sealed: Arc::new(sealed),
            info,
            opened: None,
            with: None,
            first_code_millis: None,
            compared: None,
            clock,
            attested: Vec::new(),
            not_accepted: BTreeSet::new(),
            codes_shown: BTreeSet::new(),
            other_code: None,
        })
    }

    /// The bundle: what opens it, and which copies of a kit were passed over.
    pub fn bundle(&self) -> &SealedBundle {
        &self.sealed
    }

    /// As [`Self::bundle`], for whoever opens it on another thread and hands it over with [`Self::opened`].
    pub fn shared_bundle(&self) -> Arc<SealedBundle> {
        Arc::clone(&self.sealed)
    }

    /// What speaks against this machine's clock by what is certain to have passed, in words.
    pub fn clock_doubts(&self) -> &[String] {
        &self.clock.doubts
    }

    /// Opens the bundle. That is L1, and the time of the first code.
    ///
    /// # Errors
    ///
    /// As [`SealedBundle::open`]; the drill stays at L0.
    pub fn open(
        &mut self,
        ctx: &Context,
        credentials: &Credentials,
        with: OpenedWith,
    ) -> Result<(), Failure> {
        let opened = self.sealed.open(ctx, credentials)?;
        self.opened(ctx, opened, with);
        Ok(())
    }

    /// Takes the drill's own bundle, which was opened elsewhere; see [`Self::open`].
    pub fn opened(&mut self, ctx: &Context, opened: OpenedBundle, with: OpenedWith) {
        let has_code = opened.payload().entries.iter().any(|entry| gives_code(ctx, entry));
        self.first_code_millis = has_code.then(|| self.start.elapsed(ctx));
        self.opened = Some(opened);
        self.with = Some(with);
    }

    /// How many entries the bundle holds; none before it is open.
    pub fn n_entries(&self) -> usize {
        self.payload().map_or(0, |payload| payload.entries.len())
    }

    /// The maker's fingerprint that somebody has to compare with a card before the drill goes on; see
    /// [`OpenedBundle::unknown_maker`].
    pub fn unknown_maker(&self, own: Option<&Session>) -> Option<String> {
        self.opened.as_ref().and_then(|opened| opened.unknown_maker(own))
    }

    /// Takes the maker for the right one, after somebody said that the fingerprint is that of the card.
    pub fn accept_maker(&mut self) {
        if let Some(opened) = &mut self.opened {
            opened.accept_maker();
        }
    }

    /// Forgets what was opened, because nobody vouches for its maker: what is left is L0.
    pub fn refuse_maker(&mut self) {
        self.opened = None;
        self.with = None;
        self.first_code_millis = None;
    }

    /// How many seconds the bundle's review date lies back.
    pub fn overdue(&self, ctx: &Context) -> Option<u64> {
        self.opened.as_ref().and_then(|opened| opened.overdue(ctx.clock.now()))
    }

    /// Looks for the vault that the bundle was made from at the place of this context. Opens nothing.
    pub fn live(&self, ctx: &Context) -> Live {
        let Some(payload) = self.payload() else { return Live::Absent };
        match unlock::presence(ctx) {
            Ok(Presence::Absent) => Live::Absent,
            Ok(Presence::Present) => match unlock::look(ctx) {
                Ok(sealed) if sealed.id() == payload.vault => Live::Own(sealed),
                Ok(sealed) => Live::Other(sealed),
                Err(failure) => Live::Unusable(failure.what),
            },
            Err(failure) => Live::Unusable(failure.what),
        }
    }

    /// Tells whether a vault is the one that the bundle was made from, or goes on from it: by its id, by what it was
    /// restored from, or by an entry that both have.
    pub fn is_of(&self, session: &Session) -> bool {
        let Some(payload) = self.payload() else { return false };
        let vault = &session.vault;
        let own: BTreeSet<EntryId> = vault.entries.iter().map(|entry| entry.id).collect();
        vault.id == payload.vault
            || vault.continues.as_ref().is_some_and(|continues| continues.vault == payload.vault)
            || payload.entries.iter().any(|entry| own.contains(&entry.id))
    }

    /// Holds the bundle against the live vault: every seed, and how codes are made of it. That is L2 if all of it fits.
    ///
    /// # Errors
    ///
    /// Exit 8 while nobody vouches for the bundle's maker.
    pub fn compare(&mut self, session: &Session) -> Result<(), Failure> {
        let Some(opened) = &self.opened else { return Ok(()) };
        opened.refuse_unknown_maker(Some(session))?;
        let record = session.vault.bundles.iter().find(|record| record.id == opened.id);
        self.compared = Some(compare::compare(&session.vault, opened.payload(), record, self.start.at));
        Ok(())
    }

    /// An entry with whose code the clock can be compared: the first one whose codes follow the clock.
    pub fn clock_entry(&self) -> Option<NamedEntry> {
        let mut entries = self.payload()?.entries.iter();
        let entry = entries.find(|entry| entry.otp.period().is_some() && !entry.is_sealed())?;
        Some(NamedEntry { id: entry.id, title: entry.title() })
    }

    /// Compares this machine's clock with that of the live vault or of another device, by a code that it shows now.
    ///
    /// # Errors
    ///
    /// As [`clock::compare`]: exit 7 when no step near this clock has that code; nothing is found by that yet, because
    /// it may have been mistyped.
    pub fn compare_clock(&mut self, ctx: &Context, id: EntryId, code: &str) -> Result<ClockOffset, Failure> {
        let entry = self.entry(id)?;
        let offset = clock::steps_apart(entry, ctx.clock.now(), code)?;
        let title = entry.title();
        self.clock.compared_with = format!("a code of {title} that another device showed");
        // What the offset says is to be added; what is kept is how far ahead this clock is.
        self.clock.off_seconds = (offset.steps != 0).then(|| offset.seconds().saturating_neg());
        Ok(offset)
    }

    /// Takes it for found that another device's code of an entry fits no time near this clock: the seeds differ, or the
    /// clocks do by more than can be told.
    pub fn code_fits_nowhere(&mut self, id: EntryId) {
        self.other_code = Some(id);
    }

    /// The entry of the bundle that a query names.
    ///
    /// # Errors
    ///
    /// Exit 4 when none or several fit.
    pub fn find(&self, query: &str) -> Result<NamedEntry, Failure> {
        let entries = self.payload().map(|payload| payload.entries.as_slice()).unwrap_or_default();
        let id = find::find_in_bundle(entries, query)?;
        let entry = self.entry(id)?;
        Ok(NamedEntry { id, title: entry.title() })
    }

    /// The code of an entry of the bundle, to sign in with. A counter is not advanced: the bundle stays as it is.
    ///
    /// # Errors
    ///
    /// Exit 3 of a sealed entry, exit 8 without the reason that the settings ask for.
    pub fn code(&mut self, ctx: &Context, id: EntryId) -> Result<ShownCode, Failure> {
        if let Some(asked) = self.reason_asked(ctx, None, id) {
            match ctx.reason.as_deref().map(|given| asked.rule.take(given)) {
                Some(Ok(_)) => {}
                Some(Err(error)) => return Err(asked.refused(Some(error))),
                None => return Err(asked.refused(None)),
            }
        }
        let now = ctx.code_time();
        let entry = self.entry(id)?;
        let shown = match entry.otp.period() {
            Some(period) => {
                let step = TimeStep::at(now, period);
                entry.code_of(step).map(|code| (code, Some(step.ends().saturating_sub(now))))
            }
            None => entry.counter_code().map(|code| (code, None)),
        };
        let (code, seconds_left) = shown.ok_or_else(|| sealed(entry))?;
        self.codes_shown.insert(id);
        Ok(ShownCode { code, seconds_left })
    }

    /// Tells whether the settings ask for a reason before a code of this entry is shown.
    pub fn reason_asked(&self, ctx: &Context, live: Option<&Session>, id: EntryId) -> Option<Asked> {
        let rule = ctx.settings.reasons.rule()?;
        let entry = self.entry(id).ok().filter(|entry| entry.privileged)?;
        let recent = live.map(|session| reason::recent(ctx, session, &rule)).unwrap_or_default();
        Some(Asked { rule, titles: vec![entry.title()], recent })
    }

    /// Takes what a person says: the service accepted a code of this entry, and this is where it is written down.
    ///
    /// # Errors
    ///
    /// Exit 2 for a reference that is empty or no line of at most 200 characters, exit 3 for a sealed entry.
    pub fn attest(&mut self, id: EntryId, reference: &str) -> Result<(), Failure> {
        let reference = reference_of(reference)?;
        let entry = self.entry(id)?;
        if entry.is_sealed() {
            return Err(sealed(entry));
        }
        self.attested.retain(|attested| attested.entry != id);
        self.attested.push(Attested { entry: id, reference });
        self.not_accepted.remove(&id);
        Ok(())
    }

    /// Takes what a person says: the service did not accept the code of this entry.
    pub fn not_accepted(&mut self, id: EntryId) {
        self.attested.retain(|attested| attested.entry != id);
        self.not_accepted.insert(id);
    }

    /// The entries of the bundle, in its order; none before it is open.
    pub fn bundled(&self) -> &[Entry] {
        self.payload().map(|payload| payload.entries.as_slice()).unwrap_or_default()
    }

    pub(super) fn payload(&self) -> Option<&BundlePayload> {
        self.opened.as_ref().map(OpenedBundle::payload)
    }

    pub(super) fn began(&self) -> UnixSeconds {
        self.start.at
    }

    pub(super) fn elapsed(&self, ctx: &Context) -> u64 {
        self.start.elapsed(ctx)
    }

    fn entry(&self, id: EntryId) -> Result<&Entry, Failure> {
        let entries = self.payload().map(|payload| payload.entries.as_slice()).unwrap_or_default();
        entries.iter().find(|entry| entry.id == id).ok_or_else(|| {
            Failure::new(Kind::NoEntry, "the bundle has no such entry").unchanged(Unchanged::NothingTouched)
        })
    }

    /// The entries with what was found of them, with what a person and another device's code have added to that.
    pub fn entries(&self) -> Vec<ReportedEntry> {
        let mut entries = match (&self.compared, self.payload()) {
            (Some(compared), _) => compared.clone(),
            (None, Some(payload)) => compare::alone(payload),
            (None, None) => Vec::new(),
        };
        for entry in &mut entries {
            let Some(id) = entry.id.filter(|_| !entry.verdict.is_finding()) else { continue };
            let words = if self.not_accepted.contains(&id) {
                "the service did not accept its code"
            } else if self.other_code == Some(id) {
                "a code of it on another device fits no time near this clock: the seeds differ, or the clocks do by far"
            } else {
                continue;
            };
            entry.verdict = Verdict::Different;
            words.clone_into(&mut entry.detail);
        }
        entries
    }
}

/// Reads a reference: one line that says something.
///
/// # Errors
///
/// Exit 2 for an empty one, one of several lines, or a longer one than 200 characters.
pub fn reference_of(text: &str) -> Result<String, Failure> {
    let text = text.trim();
    let wrong = if text.is_empty() {
        "an attestation needs a reference: where it is written down that the service accepted the code"
    } else if text.chars().count() > LONGEST_REFERENCE || text.chars().any(char::is_control) {
        "a reference is one line of at most 200 characters"
    } else {
        return Ok(text.to_owned());
    };
    Err(Failure::new(Kind::Usage, wrong)
        .unchanged(Unchanged::NothingTouched)
        .next("--attest QUERY=REFERENCE, for example --attest aws:root=INC-4711"))
}

/// What speaks against the clock: the making of this program, and the making of the bundle.
fn doubt(clock: &mut ReportedClock, now: UnixSeconds, bundle_created: UnixSeconds) {
    if let Some(doubt @ Doubt::BeforeBuild) = clock::doubt(now, None) {
        clock.doubts.push(doubt.to_string());
    }
    if now.saturating_add(LEEWAY_SECONDS) < bundle_created {
        let behind = bundle_created - now;
        clock.doubts.push(format!(
            "this machine's clock is {} before the making of this bundle: it is behind by at least that, unless the clock \
             that dated the bundle was ahead",
            in_words(behind)
        ));
        clock.off_seconds = Some(i64::try_from(behind).map_or(i64::MIN, |behind| -behind));
        "the making of the bundle".clone_into(&mut clock.compared_with);
    }
}

/// Tells whether an entry gives a code, by computing it.
fn gives_code(ctx: &Context, entry: &Entry) -> bool {
    entry.code_at(ctx.code_time()).is_some() || entry.counter_code().is_some()
}

fn sealed(entry: &Entry) -> Failure {
    Failure::new(Kind::NoCredential, format!("{} is sealed: a drill gives no code of it", entry.title()))
        .unchanged(Unchanged::NothingTouched)
        .next("`lifeboat code NAME` with what opens the seal gives one from the vault")
}

/// A text of a person or a report as a record of the log keeps it: one line that is safe to show, of bounded length.
pub(super) fn kept(text: &str) -> String {
    label::shown(text)
}
