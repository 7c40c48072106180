//! The end of a drill: the level that holds, what was not tested, the report and the one record of the log.

use std::path::{Path, PathBuf};

use super::running::{Running, kept};
use super::{SIGNED_AS, compare};
use crate::app::bundle::{not_written, sha256};
use crate::app::context::Context;
use crate::app::failure::{Failure, Kind, Unchanged, shown_path};
use crate::app::proof::{self, Challenge};
use crate::app::session::Session;
use crate::app::status::count;
use crate::app::{incident, log, time};
use crate::audit::Event;
use crate::entry::{Entry, EntryId, Label};
use crate::recovery::drill::{Attested, Found};
use crate::recovery::{Drill, Level, Verdict};
use crate::secret::SecretBytes;
use crate::signature::{self, SigningKey};
use crate::storage::atomic::{self, Existing};
use crate::vault::Vault;
use crate::wire::BundlePayload;
use crate::wire::drill_report_v1::{self, DrillReport, NotTested, Proofs, ReportedBundle, ReportedEntry};

/// Version of this program, for reports.
const TOOL: &str = concat!("lifeboat ", env!("CARGO_PKG_VERSION"));

/// What a clock was compared with beside the vault, where nobody brought another device's code.
pub const SAME_CLOCK: &str = "one machine, one clock";

/// What came of a drill.
#[derive(Debug)]
pub struct Outcome {
    /// What it did and found: the content of its report.
    pub report: DrillReport,
    /// The report, where one was asked for and written.
    pub written: Option<Written>,
    /// Why it was not written, where it was asked for. The drill was done all the same.
    pub not_written: Option<Failure>,
    /// True when the live vault's log has a record of it.
    pub logged: bool,
}

/// A report that was written and signed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Written {
    /// The report; its signature lies beside it, with `.sig` behind its name.
    pub path: PathBuf,
    /// SHA-256 of the report.
    pub sha256: [u8; 32],
    /// Fingerprint of the key that signed it.
    pub signed_by: String,
    /// True for the live vault's key, false for one that was made for this drill alone.
    pub by_vault: bool,
}

impl Outcome {
    /// Tells whether anything is missing, stale or different.
    pub fn has_findings(&self) -> bool {
        has_findings(&self.report)
    }

    /// How many entries have a verdict.
    pub fn count(&self, verdict: Verdict) -> usize {
        self.report.entries.iter().filter(|entry| entry.verdict == verdict).count()
    }
}

impl Running {
    /// Ends the drill: says which level holds, writes the report where one is asked for, and one record into the log of
    /// the live vault where that is at hand. Nothing else is written.
    ///
    /// # Errors
    ///
    /// Without random bytes, for a report of a machine without the vault. That a report could not be written is part of
    /// the outcome.
    pub fn finish(
        self,
        ctx: &Context,
        mut live: Option<&mut Session>,
        report_to: Option<&Path>,
    ) -> Result<Outcome, Failure> {
        let key = match &live {
            Some(session) => session.signing_key()?,
            None => key_of_this_drill(ctx)?,
        };
        let codes_shown = self.codes_shown.iter().copied().collect::<Vec<_>>();
        let report = self.report(ctx, &key)?;
        let written = report_to.map(|path| write(ctx, &report, &key, live.is_some(), path)).transpose();
        let (written, not_written) = match written {
            Ok(written) => (written, None),
            Err(failure) => (None, Some(failure)),
        };
        let logged = match &mut live {
            Some(session) => {
                let sha256 = written.as_ref().map(|written| written.sha256);
                let logged = note(ctx, session, &report, sha256, &codes_shown);
                let proven = proven(&report, session.vault());
                incident::tick_proven(ctx, session, &proven);
                logged
            }
            None => false,
        };
        Ok(Outcome { report, written, not_written, logged })
    }

    fn report(&self, ctx: &Context, key: &SigningKey) -> Result<DrillReport, Failure> {
        let entries = self.entries();
        let ended = ctx.clock.now();
        let beside_vault = self.compared.is_some();
        let proofs = match self.payload() {
            Some(payload) if !beside_vault => Some(proofs(payload, &ctx.random_bytes()?, ended, key)),
            _ => None,
        };
        let mut clock = self.clock.clone();
        if beside_vault && clock.compared_with.is_empty() {
            SAME_CLOCK.clone_into(&mut clock.compared_with);
        }
        let payload = self.payload();
        let mut report = DrillReport {
            bundle: ReportedBundle {
                id: self.bundle().id(),
                sha256: self.info.sha256,
                label: self.info.label.as_ref().map(Label::shown).unwrap_or_default(),
                created: payload.map_or(self.info.created, |payload| payload.created),
                of: payload.map(|payload| (payload.vault, payload.log_anchor)),
                selected: payload.is_some_and(|payload| payload.selected),
            },
            level: Level::Whole,
            opened_with: self.with.as_ref().map(|with| with.words.clone()).unwrap_or_default(),
            typed: self.with.as_ref().is_some_and(|with| with.typed),
            beside_vault,
            began: self.began(),
            ended,
            first_code_millis: self.first_code_millis,
            total_millis: self.elapsed(ctx),
            user: ctx.who.user.clone(),
            host: ctx.who.host.clone(),
            tool: TOOL.to_owned(),
            clock,
            entries,
            not_tested: Vec::new(),
            attested: self.attested.clone(),
            proofs,
            signer: key.public(),
        };
        report.level = match payload {
            None => Level::Whole,
            Some(_) => level(beside_vault, has_findings(&report), &report.entries, &report.attested),
        };
        report.not_tested = not_tested(&report, payload);
        Ok(report)
    }
}

/// How far a drill of an opened bundle went. Each level holds all before it: where something is missing, stale or
/// different, the seeds are not the live vault's.
pub(super) fn level(
    compared: bool,
    findings: bool,
    entries: &[ReportedEntry],
    attested: &[Attested],
) -> Level {
    let is_same =
        |id: EntryId| entries.iter().any(|entry| entry.id == Some(id) && entry.verdict == Verdict::Same);
    let restored = compared && !findings && entries.iter().any(|entry| entry.verdict == Verdict::Same);
    let accepted = !attested.is_empty() && attested.iter().all(|attested| is_same(attested.entry));
    match (restored, accepted) {
        (true, true) => Level::Accepted,
        (true, false) => Level::Restored,
        (false, _) => Level::Opens,
    }
}

/// Tells whether anything is missing, stale or different.
pub(super) fn has_findings(report: &DrillReport) -> bool {
    report.clock.off_seconds.is_some() || report.entries.iter().any(|entry| entry.verdict.is_finding())
}

/// What a record of the log keeps of a report.
pub(super) fn drill_of(report: &DrillReport, sha256: Option<[u8; 32]>) -> Drill {
    let found = |verdict: Verdict| {
        let of_it: Vec<&ReportedEntry> =
            report.entries.iter().filter(|entry| entry.verdict == verdict).collect();
        let entries =
            of_it.iter().filter(|_| verdict != Verdict::Same).filter_map(|entry| entry.id).collect();
        (!of_it.is_empty()).then_some(Found { verdict, count: of_it.len(), entries })
    };
    Drill {
        at: report.began,
        user: kept(&report.user),
        host: kept(&report.host),
        bundle: report.bundle.id,
        level: report.level,
        opened_with: kept(&report.opened_with),
        typed: report.typed,
        beside_vault: report.beside_vault,
        found: Verdict::ALL.into_iter().filter_map(found).collect(),
        clock_off: report.clock.off_seconds,
        first_code_millis: report.first_code_millis,
        total_millis: report.total_millis,
        attested: report
            .attested
            .iter()
            .map(|attested| Attested { entry: attested.entry, reference: kept(&attested.reference) })
            .collect(),
        report: sha256.map(|sha256| data_encoding::HEXLOWER.encode(&sha256)),
    }
}

/// Refuses a report that exists, or whose signature does, before anybody types anything.
///
/// # Errors
///
/// Exit 8. Writing it checks again.
pub fn refuse_report(ctx: &Context, path: &Path) -> Result<(), Failure> {
    for path in [path.to_owned(), signature_of(path)] {
        if let Ok(Some(_)) = ctx.disk.facts(&path) {
            return Err(exists(&path));
        }
    }
    Ok(())
}

fn exists(path: &Path) -> Failure {
    Failure::new(Kind::FileExists, format!("{} exists already", shown_path(path)))
        .unchanged(Unchanged::NothingTouched)
        .next("name another file with --report: no report is written over another")
}

/// Where the signature of a report lies.
pub fn signature_of(path: &Path) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(".sig");
    PathBuf::from(name)
}

/// A key that signs one report and is forgotten: it shows that the report is as it was made, and binds the proofs to it.
fn key_of_this_drill(ctx: &Context) -> Result<SigningKey, Failure> {
    let seed = SecretBytes::from_slice(&*zeroize::Zeroizing::new(ctx.random_bytes::<32>()?));
    SigningKey::from_seed(&seed).ok_or_else(|| Failure::new(Kind::Io, "no key could be made for the report"))
}

fn proofs(payload: &BundlePayload, nonce: &[u8; 16], at: u64, key: &SigningKey) -> Proofs {
    let challenge = Challenge { nonce: *nonce, at, signer: key.public() };
    let mut proofs = Proofs { nonce: *nonce, at, entries: Vec::new(), not_provable: Vec::new() };
    let mut entries: Vec<&Entry> = payload.entries.iter().collect();
    entries.sort_by_key(|entry| entry.id);
    for entry in entries {
        match proof::of(entry, &challenge) {
            Some(proof) => proofs.entries.push((entry.id, proof)),
            None => proofs.not_provable.push(entry.id),
        }
    }
    proofs
}

fn write(
    ctx: &Context,
    report: &DrillReport,
    key: &SigningKey,
    by_vault: bool,
    path: &Path,
) -> Result<Written, Failure> {
    refuse_report(ctx, path)?;
    let text = drill_report_v1::encode(report, &time::shown);
    let signature = signature::armor(&key.sign(SIGNED_AS, text.as_bytes()));
    let create = |path: &Path, text: &str| {
        atomic::create(ctx.disk.as_ref(), path, text.as_bytes(), &ctx.token()?, Existing::Refuse).map_err(
            |error| if error.is_already_exists() { exists(path) } else { not_written(path, "report", error) },
        )
    };
    create(path, &text)?;
    create(&signature_of(path), &signature).map_err(|failure| Failure {
        unchanged: Some(Unchanged::Partly(format!(
            "{} was written, and nothing signs it: do not rely on it",
            shown_path(path)
        ))),
        ..failure
    })?;
    Ok(Written {
        path: path.to_owned(),
        sha256: sha256(text.as_bytes()),
        signed_by: key.public().fingerprint(),
        by_vault,
    })
}

/// Writes the one record of a drill beside its vault. Says whether the log took it.
fn note(
    ctx: &Context,
    session: &mut Session,
    report: &DrillReport,
    sha256: Option<[u8; 32]>,
    codes_shown: &[EntryId],
) -> bool {
    let mut record = log::record(ctx, Event::Drilled);
    record.facts = drill_of(report, sha256).facts();
    if !codes_shown.is_empty() {
        let ids: Vec<String> = codes_shown.iter().map(EntryId::to_string).collect();
        record.facts.push(("codes shown".to_owned(), ids.join(",")));
    }
    let records = std::iter::once(record).chain(log::sandbox_off(ctx)).collect();
    let before = session.vault.log_anchor;
    log::append(ctx, session, records) != before
}

/// The entries whose service has accepted a code of the seed that the vault has now, as people attest.
pub(super) fn proven(report: &DrillReport, vault: &Vault) -> Vec<EntryId> {
    let is_same = |id: EntryId| {
        report.entries.iter().any(|entry| entry.id == Some(id) && entry.verdict == Verdict::Same)
    };
    // A seed that was replaced since was not the one that was tried.
    let is_of_now = |id: EntryId| {
        vault.entry(id).is_some_and(|entry| entry.rotated.is_none_or(|rotated| rotated <= report.began))
    };
    let attested = report.attested.iter().map(|attested| attested.entry);
    attested.filter(|id| is_same(*id) && is_of_now(*id)).collect()
}

/// What a drill did not test that opened nothing.
pub(super) fn nothing_opened() -> Vec<NotTested> {
    let not = |level, what: &str| NotTested { level, what: what.to_owned() };
    vec![
        not(Level::Opens, "that it opens"),
        not(Level::Restored, "that its seeds and the clock are the live vault's"),
        not(Level::Accepted, "that services accept its codes"),
    ]
}

/// What a drill did not test, the nearest level first.
fn not_tested(report: &DrillReport, payload: Option<&BundlePayload>) -> Vec<NotTested> {
    let mut list: Vec<NotTested> = Vec::new();
    let mut not = |level: Level, what: String| list.push(NotTested { level, what });
    let Some(payload) = payload else {
        return nothing_opened();
    };
    if !report.typed {
        not(
            Level::Opens,
            "that a person knows or holds what opens it: it came from a file, and nobody typed it".to_owned(),
        );
    }
    if report.beside_vault {
        not(
            Level::Restored,
            "that another machine can open it, and that machine's clock: this is the vault's own".to_owned(),
        );
    } else {
        not(Level::Restored, "that its seeds are the live vault's: that vault was not at hand".to_owned());
        if report.clock.compared_with.is_empty() {
            not(Level::Restored, "the clock: no code of another device was compared".to_owned());
        }
    }
    let of = |fits: &dyn Fn(&Entry) -> bool| payload.entries.iter().filter(|entry| fits(entry)).count();
    let (n_kept_out, kept_out) = compare::not_tested(&report.entries);
    if let Some(NotTested { level, what }) = kept_out {
        not(level, what);
    }
    let n_sealed = if report.beside_vault {
        let not_compared = |entry: &&ReportedEntry| entry.verdict == Verdict::NotCompared;
        report.entries.iter().filter(not_compared).count().saturating_sub(n_kept_out)
    } else {
        of(&Entry::is_sealed)
    };
    if n_sealed > 0 {
        let entries = count(n_sealed, "entry whose seed is", "entries whose seeds are");
        not(Level::Restored, format!("{entries} sealed: a drill opens no seal"));
    }
    let n_short = of(&|entry| entry.seed().is_some_and(|seed| seed.bits() < proof::SHORTEST_SEED_BITS));
    if !report.beside_vault && n_short > 0 {
        let entries = count(n_short, "entry whose seed is", "entries whose seeds are");
        not(Level::Restored, format!("{entries} below 80 bits: a proof of such a seed would give it away"));
    }
    let n_counting = of(&|entry| entry.otp.counter().is_some());
    if n_counting > 0 {
        let entries = count(n_counting, "counting entry", "counting entries");
        not(Level::Accepted, format!("that the service still takes the counter of {entries}"));
    }
    if report.attested.is_empty() {
        not(Level::Accepted, "that services accept its codes".to_owned());
    } else if report.attested.len() < payload.entries.len() {
        let others = count(payload.entries.len() - report.attested.len(), "other entry", "other entries");
        not(Level::Accepted, format!("that services accept the codes of {others}"));
    }
    list
}
