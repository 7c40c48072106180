//! A report that is brought home: what the vault can tell of it by its own seeds, and one record in the log.

use std::collections::{HashMap, HashSet};
use std::path::Path;

use super::compare::{IN_TRASH, NOT_THERE, is_expected, kept_out, missing_since, other_seed};
use super::finish::{drill_of, has_findings, level, proven, signature_of};
use super::running::LEEWAY_SECONDS;
use super::{SIGNED_AS, bundle_name, compare, history};
use crate::app::bundle::sha256;
use crate::app::context::Context;
use crate::app::failure::{Failure, Kind, Unchanged, reading, shown_path};
use crate::app::proof::{self, Challenge};
use crate::app::session::Session;
use crate::app::status::count;
use crate::app::{incident, log};
use crate::audit::Event;
use crate::entry::{Entry, EntryId, UnixSeconds};
use crate::recovery::{Level, Verdict};
use crate::signature::{self, PublicKey};
use crate::vault::{BundleRecord, Vault};
use crate::wire::drill_report_v1::{self, DrillReport, NotTested, Proofs, ReportedEntry};

/// Most bytes of a signature's file.
const LARGEST_SIGNATURE: u64 = 16 << 10;

/// A report that was brought home.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recorded {
    /// The report, with the level, the findings and what was not tested as the vault sees them.
    pub report: DrillReport,
    /// The level that the report says.
    pub said: Level,
    /// What the bundle is called here, safe to show.
    pub bundle: String,
    /// SHA-256 of the report.
    pub sha256: [u8; 32],
    /// Fingerprint of the key that signed it.
    pub signed_by: String,
    /// True for this vault's own key.
    pub by_vault: bool,
    /// What of the report is not believed, and why; in words.
    pub remarks: Vec<String>,
    /// True when the log has it already: nothing was written.
    pub again: bool,
    /// True when the log has a record of it now.
    pub logged: bool,
}

impl Recorded {
    /// Tells whether anything is missing, stale or different, or not to be believed.
    pub fn has_findings(&self) -> bool {
        has_findings(&self.report) || !self.remarks.is_empty()
    }
}

/// Brings a report home: checks its signature, holds its proofs against the vault's seeds, and writes one record into the
/// log. The vault file stays as it is.
///
/// Nothing is believed that the proofs do not show, but for what no proof can: that the file was whole, that it opened,
/// and what people attest.
///
/// # Errors
///
/// Exit 4 without such a file and for a report of another vault's bundle, exit 5 for what is no report, was altered, or
/// is not signed.
pub fn record(ctx: &Context, session: &mut Session, path: &Path) -> Result<Recorded, Failure> {
    let (report, digest) = read(ctx, path)?;
    let digits = data_encoding::HEXLOWER.encode(&digest);
    let by_vault = session.signing_key()?.public() == report.signer;
    let bundle = known_bundle(session, &report, path)?;
    let again = history(ctx, session)?.iter().any(|logged| logged.drill.report.as_ref() == Some(&digits));
    let said = report.level;
    let mut remarks = Vec::new();
    // What the vault's own key has signed was compared beside the vault.
    let report = if report.beside_vault && by_vault {
        report
    } else {
        judged(ctx, &session.vault, report, bundle.as_ref(), &mut remarks)
    };
    let mut recorded = Recorded {
        said,
        bundle: bundle_name(&session.vault, &report.bundle.id),
        sha256: digest,
        signed_by: report.signer.fingerprint(),
        by_vault,
        remarks,
        again,
        logged: false,
        report,
    };
    if !again {
        let mut record = log::record(ctx, Event::DrillRecorded);
        record.facts = drill_of(&recorded.report, Some(digest)).facts();
        let before = session.vault.log_anchor;
        recorded.logged = log::append(ctx, session, vec![record]) != before;
        let proven = proven(&recorded.report, session.vault());
        incident::tick_proven(ctx, session, &proven);
    }
    Ok(recorded)
}

/// Reads a report and checks that its signature is that of the key it names.
fn read(ctx: &Context, path: &Path) -> Result<(DrillReport, [u8; 32]), Failure> {
    let shown = shown_path(path);
    let cannot = |error: std::io::Error, path: &Path| {
        Failure::new(reading(&error), format!("cannot read {}", shown_path(path)))
            .because(error)
            .unchanged(Unchanged::NothingTouched)
    };
    let refuse = |kind: Kind, cause: String| {
        Failure::new(kind, format!("{shown} was not recorded"))
            .details([cause])
            .unchanged(Unchanged::NothingTouched)
    };
    let bytes = ctx.disk.read(path, drill_report_v1::LARGEST).map_err(|error| cannot(error, path))?;
    let Some(report) = drill_report_v1::parse(&bytes) else {
        return Err(refuse(Kind::UnknownFormat, "it is not a report of a drill".to_owned())
            .next("one is made with: lifeboat drill run BUNDLE --report FILE"));
    };
    let beside = signature_of(path);
    let signature = match ctx.disk.read(&beside, LARGEST_SIGNATURE) {
        Ok(signature) => signature,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            return Err(refuse(Kind::Damaged, format!("its signature {} is not there", shown_path(&beside)))
                .next("bring both files: the report is of no use without its signature"));
        }
        Err(error) => return Err(cannot(error, &beside)),
    };
    let blob = std::str::from_utf8(&signature).ok().and_then(signature::dearmor);
    let signed_by: Result<PublicKey, String> = match blob {
        None => Err(format!("{} is no signature", shown_path(&beside))),
        Some(blob) => signature::verify(&blob, SIGNED_AS, &bytes).map_err(|error| error.to_string()),
    };
    let cause = match signed_by {
        Ok(key) if key == report.signer => return Ok((report, sha256(&bytes))),
        Ok(_) => "it is signed by another key than the one that it names".to_owned(),
        Err(cause) => cause,
    };
    Err(refuse(Kind::Damaged, cause).next("bring the two files as the drill has written them"))
}

/// What the vault knows of the bundle of a report; nothing of one that it does not remember.
fn known_bundle(
    session: &Session,
    report: &DrillReport,
    path: &Path,
) -> Result<Option<BundleRecord>, Failure> {
    let vault = &session.vault;
    let continues = vault.continues.as_ref();
    if let Some(record) = vault.bundles.iter().find(|record| record.id == report.bundle.id) {
        if record.sha256 != report.bundle.sha256 {
            return Err(Failure::new(Kind::Damaged, format!("{} was not recorded", shown_path(path)))
                .details(["the file that was drilled has the id of a bundle of this vault, and other bytes"
                    .to_owned()])
                .unchanged(Unchanged::NothingTouched)
                .next("look at that file: `lifeboat bundle verify FILE`; take another copy of the bundle"));
        }
        return Ok(Some(record.clone()));
    }
    let of = report.bundle.of.map(|(vault, _)| vault);
    let is_ours = of == Some(vault.id)
        || continues
            .is_some_and(|continues| of == Some(continues.vault) || continues.bundle == report.bundle.id);
    if is_ours {
        return Ok(None);
    }
    let id = data_encoding::HEXLOWER.encode(&report.bundle.id);
    let of = of.map_or_else(
        || "it does not say of which vault, because it was not opened".to_owned(),
        |vault| format!("it was made from the vault {vault}"),
    );
    Err(Failure::new(Kind::NoEntry, format!("{} is of no bundle of this vault", shown_path(path)))
        .details([format!("the bundle {id}: {of}")])
        .unchanged(Unchanged::NothingTouched)
        .next("open the vault that it was made from: --vault PATH"))
}

/// A report as the vault sees it.
fn judged(
    ctx: &Context,
    vault: &Vault,
    mut report: DrillReport,
    bundle: Option<&BundleRecord>,
    remarks: &mut Vec<String>,
) -> DrillReport {
    // What it says of a vault beside it, anybody could say.
    report.beside_vault = false;
    let created = bundle.map_or(report.bundle.created, |record| record.created);
    report.bundle.created = created;
    test_clock(ctx, &mut report, created);
    let proofs =
        report.proofs.take().filter(|proofs| report.level >= Level::Opens && proofs.at == report.ended);
    let Some(proofs) = proofs else {
        if report.level >= Level::Opens {
            remarks.push("it has no proofs of this drill: nothing shows that the bundle was open".to_owned());
        }
        report.level = report.level.min(Level::Whole);
        report.entries = Vec::new();
        report.attested = Vec::new();
        report.not_tested = not_tested(&report, 0, false);
        return report;
    };
    let challenge = Challenge { nonce: proofs.nonce, at: proofs.at, signer: report.signer };
    let kept_out = kept_out(vault, ctx.clock.now());
    let (entries, n_proven) = held_against(vault, &report, &proofs, bundle, &challenge, created, &kept_out);
    report.entries = entries;
    if n_proven == 0 && !proofs.entries.is_empty() {
        remarks.push(
            "none of its proofs is of a seed that this vault has now: whoever made it may not have had the bundle open"
                .to_owned(),
        );
        // Seeds that were all replaced since then explain it: then it says what it says.
        let stale = with(&report.entries, Verdict::Stale);
        if !proofs.entries.iter().all(|(id, _)| stale.contains(id)) {
            report.level = Level::Whole;
            report.attested = Vec::new();
            report.not_tested = not_tested(&report, 0, false);
            return report;
        }
    }
    let same = with(&report.entries, Verdict::Same);
    let n_attested = report.attested.len();
    report.attested.retain(|attested| same.contains(&attested.entry));
    if report.attested.len() < n_attested {
        let left = count(n_attested - report.attested.len(), "attestation is", "attestations are");
        remarks.push(format!("{left} not counted: the seed of the entry is not proven to be the vault's"));
    }
    let reached = level(true, has_findings(&report), &report.entries, &report.attested);
    let n_entries = report.entries.iter().filter(|entry| entry.id.is_some()).count();
    report.level = reached;
    report.not_tested = not_tested(&report, n_entries, true);
    report
}

/// The ids of the entries that have a verdict.
fn with(entries: &[ReportedEntry], verdict: Verdict) -> HashSet<EntryId> {
    entries.iter().filter(|entry| entry.verdict == verdict).filter_map(|entry| entry.id).collect()
}

/// What is certain to have passed between the making of the bundle, the drill, and now.
fn test_clock(ctx: &Context, report: &mut DrillReport, bundle_created: UnixSeconds) {
    let now = ctx.clock.now();
    let seconds = |seconds: UnixSeconds| i64::try_from(seconds).unwrap_or(i64::MAX);
    let (off, than) = if report.ended > now.saturating_add(LEEWAY_SECONDS) {
        (
            seconds(report.ended - now),
            "the clock of the vault's machine, where the report came after the drill",
        )
    } else if report.began.saturating_add(LEEWAY_SECONDS) < bundle_created {
        (-seconds(bundle_created - report.began), "the making of the bundle")
    } else {
        return;
    };
    // What another device's code has shown is more exact.
    if report.clock.off_seconds.is_none_or(|said| said.signum() != off.signum()) {
        report.clock.off_seconds = Some(off);
        than.clone_into(&mut report.clock.compared_with);
    }
}

/// The entries with what the proofs show of them, and how many proofs fit.
fn held_against(
    vault: &Vault,
    report: &DrillReport,
    proofs: &Proofs,
    bundle: Option<&BundleRecord>,
    challenge: &Challenge,
    created: UnixSeconds,
    kept_out: &HashMap<EntryId, String>,
) -> (Vec<ReportedEntry>, usize) {
    let said: HashMap<EntryId, &ReportedEntry> =
        report.entries.iter().filter_map(|entry| Some((entry.id?, entry))).collect();
    let is_said_different =
        |id: EntryId| said.get(&id).is_some_and(|found| found.verdict == Verdict::Different);
    let proven: HashMap<EntryId, [u8; 16]> = proofs.entries.iter().copied().collect();
    let live: HashSet<EntryId> = vault.entries.iter().map(|entry| entry.id).collect();
    let mut entries = Vec::with_capacity(vault.entries.len());
    let mut n_proven = 0;
    for entry in &vault.entries {
        let (verdict, detail) = match (said.get(&entry.id), proven.get(&entry.id)) {
            (None, _) if is_expected(entry.id, report.bundle.selected, bundle) => {
                (Verdict::Missing, missing_since(entry, created))
            }
            (None, _) => continue,
            // What a person said of the service, or another device's code, was found there and is found here.
            (Some(found), _) if found.verdict == Verdict::Different => {
                (Verdict::Different, found.detail.clone())
            }
            (Some(_), proof) => judge(entry, proof.copied(), challenge, created),
        };
        // What was found there of itself stays found; nothing is judged here of what an exception keeps out.
        let (verdict, detail) = match kept_out.get(&entry.id) {
            Some(words) if verdict != Verdict::Different || !is_said_different(entry.id) => {
                (Verdict::NotCompared, words.clone())
            }
            Some(_) | None => (verdict, detail),
        };
        if let (Some(proof), Some(own)) = (proven.get(&entry.id), proof::of(entry, challenge)) {
            n_proven += usize::from(*proof == own);
        }
        entries.push(ReportedEntry { id: Some(entry.id), title: entry.title(), verdict, detail });
    }
    let trash: HashMap<EntryId, &Entry> =
        vault.trash.iter().map(|trashed| (trashed.entry.id, &trashed.entry)).collect();
    for (id, found) in report.entries.iter().filter_map(|entry| Some((entry.id?, entry))) {
        if live.contains(&id) {
            continue;
        }
        let (title, detail) = match trash.get(&id) {
            Some(entry) => (entry.title(), IN_TRASH),
            None => (crate::entry::label::shown(&found.title), NOT_THERE),
        };
        if let (Some(proof), Some(entry)) = (proven.get(&id), trash.get(&id)) {
            n_proven += usize::from(proof::of(entry, challenge) == Some(*proof));
        }
        entries.push(ReportedEntry {
            id: Some(id),
            title,
            verdict: Verdict::Extra,
            detail: detail.to_owned(),
        });
    }
    let unreadable = report.entries.iter().filter(|entry| entry.id.is_none());
    entries.extend(unreadable.map(|entry| ReportedEntry { verdict: Verdict::Unreadable, ..entry.clone() }));
    (entries, n_proven)
}

/// What a proof, or the lack of one, says of an entry that both have.
fn judge(
    live: &Entry,
    proof: Option<[u8; 16]>,
    challenge: &Challenge,
    bundle_created: UnixSeconds,
) -> (Verdict, String) {
    match (proof, proof::of(live, challenge)) {
        (Some(proof), Some(own)) if proof == own => (Verdict::Same, String::new()),
        (Some(_), None) if live.is_sealed() => {
            (Verdict::NotCompared, "sealed in the vault, and not in the bundle".to_owned())
        }
        // Also where there is a proof of a seed that gives none here: it is another one.
        (Some(_), _) => other_seed(live, bundle_created),
        (None, None) => (Verdict::NotCompared, "no proof is made of its seed".to_owned()),
        (None, Some(_)) => match other_seed(live, bundle_created) {
            (Verdict::Stale, detail) => (Verdict::Stale, detail),
            (_, _) => {
                (Verdict::Different, "there is no proof of it, and the vault's seed gives one".to_owned())
            }
        },
    }
}

fn not_tested(report: &DrillReport, n_entries: usize, opened: bool) -> Vec<NotTested> {
    let mut list: Vec<NotTested> = Vec::new();
    let mut not = |level: Level, what: String| list.push(NotTested { level, what });
    if !opened {
        return super::finish::nothing_opened();
    }
    if !report.typed {
        not(
            Level::Opens,
            "that a person knows or holds what opens it: it came from a file, and nobody typed it".to_owned(),
        );
    }
    let (n_kept_out, kept_out) = compare::not_tested(&report.entries);
    if let Some(NotTested { level, what }) = kept_out {
        not(level, what);
    }
    let not_compared = report.entries.iter().filter(|entry| entry.verdict == Verdict::NotCompared);
    let n_not = not_compared.count().saturating_sub(n_kept_out);
    if n_not > 0 {
        let entries = count(n_not, "entry", "entries");
        not(Level::Restored, format!("the seeds of {entries}, of which no proof is made"));
    }
    if report.clock.compared_with.is_empty() {
        not(
            Level::Restored,
            "the clock, but that it lies between the making of the bundle and now: no code of another device was \
             compared"
                .to_owned(),
        );
    }
    if report.attested.is_empty() {
        not(Level::Accepted, "that services accept its codes".to_owned());
    } else if report.attested.len() < n_entries {
        let others = count(n_entries - report.attested.len(), "other entry", "other entries");
        not(Level::Accepted, format!("that services accept the codes of {others}"));
    }
    list
}
