//! The report of a drill: one JSON document in one form, so that the same content is the same bytes, with a signature
//! in a file of its own beside it.
//!
//! Keys are sorted, two spaces indent, one line end closes it. It is written by this program and comes back from
//! machines that nobody here has seen: what is read is bounded and checked, and proven by nothing but its proofs.

use data_encoding::HEXLOWER;
use serde_json::{Map, Value, json};

use super::residue::{Object, from_hex};
use super::strict::Strict;
use crate::entry::{EntryId, UnixSeconds};
use crate::recovery::drill::{Attested, Level, Verdict};
use crate::signature::PublicKey;
use crate::vault::{LogAnchor, VaultId};

/// The value of `schema`.
pub const SCHEMA: &str = "lifeboat.drill-report/1";
/// Most bytes of a report.
pub const LARGEST: u64 = 64 << 20;
/// Longest text in it, in bytes: a title that is shown is never as long.
const LONGEST_TEXT: usize = 8192;
/// Most sentences and most attestations.
const MOST_SAID: usize = 10_000;
/// A clock that is further off than so many seconds (three thousand years) is a mistake.
const FURTHEST_OFF: i64 = 100_000_000_000;

/// What a drill did and found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DrillReport {
    /// The bundle.
    pub bundle: ReportedBundle,
    /// How far it went.
    pub level: Level,
    /// What opened the bundle, in words; empty at L0.
    pub opened_with: String,
    /// True when a person typed what opened it, during the drill.
    pub typed: bool,
    /// True when the live vault was on the same machine.
    pub beside_vault: bool,
    /// When it began, by the clock of the machine that it ran on.
    pub began: UnixSeconds,
    /// When it ended.
    pub ended: UnixSeconds,
    /// Milliseconds from the start to the first code; `None` where none was reached.
    pub first_code_millis: Option<u64>,
    /// Milliseconds from the start to the end.
    pub total_millis: u64,
    /// Who ran it.
    pub user: String,
    /// On which machine.
    pub host: String,
    /// The program that made the report.
    pub tool: String,
    /// What is known of the clock.
    pub clock: ReportedClock,
    /// What was found of each entry.
    pub entries: Vec<ReportedEntry>,
    /// What was not tested.
    pub not_tested: Vec<NotTested>,
    /// What was attested.
    pub attested: Vec<Attested>,
    /// Proofs of the seeds, where the live vault was not at hand.
    pub proofs: Option<Proofs>,
    /// The key that signs the report.
    pub signer: PublicKey,
}

/// The bundle of a drill.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReportedBundle {
    /// Its id.
    pub id: [u8; 16],
    /// SHA-256 of the file.
    pub sha256: [u8; 32],
    /// Its label, safe to show; empty for none.
    pub label: String,
    /// When it says that it was made.
    pub created: UnixSeconds,
    /// The vault that it was made from, and where that vault's log stood; known once it is open.
    pub of: Option<(VaultId, LogAnchor)>,
    /// True when it holds a selection of the vault's entries.
    pub selected: bool,
}

/// What is known of the clock of a drill.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ReportedClock {
    /// Seconds by which it was ahead of the clock that it was compared with, where it was off.
    pub off_seconds: Option<i64>,
    /// What it was compared with, in words; empty for nothing.
    pub compared_with: String,
    /// What speaks against it, in words.
    pub doubts: Vec<String>,
}

/// What a drill found of one entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReportedEntry {
    /// The entry; `None` of one that cannot be read.
    pub id: Option<EntryId>,
    /// Its name, safe to show.
    pub title: String,
    /// What was found.
    pub verdict: Verdict,
    /// More about it, in words; empty for nothing.
    pub detail: String,
}

/// Something that a drill did not test.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NotTested {
    /// The level that it belongs to.
    pub level: Level,
    /// What, in words.
    pub what: String,
}

/// Proofs of seeds, each a MAC that its seed alone gives.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proofs {
    /// Drawn for this drill.
    pub nonce: [u8; 16],
    /// When they were made: the end of the drill.
    pub at: UnixSeconds,
    /// The proofs, by entry, in the order of the ids.
    pub entries: Vec<(EntryId, [u8; 16])>,
    /// The entries of which there can be none: sealed, or a seed below 80 bits.
    pub not_provable: Vec<EntryId>,
}

/// Writes a report. `shown` writes a time as RFC 3339, for people; readers take the seconds.
pub fn encode(report: &DrillReport, shown: &dyn Fn(UnixSeconds) -> String) -> String {
    let DrillReport { bundle, clock, .. } = report;
    let log = bundle.of.map(|(_, log)| json!({ "count": log.count, "head": HEXLOWER.encode(&log.head) }));
    let entries: Vec<Value> = report.entries.iter().map(entry_json).collect();
    let not_tested: Vec<Value> =
        report.not_tested.iter().map(|not| json!({ "level": not.level.name(), "what": not.what })).collect();
    let attested: Vec<Value> = report
        .attested
        .iter()
        .map(|attested| json!({ "entry": attested.entry.to_string(), "reference": attested.reference }))
        .collect();
    let document = json!({
        "attested": attested,
        "began": report.began,
        "began_at": shown(report.began),
        "beside_vault": report.beside_vault,
        "bundle": {
            "created": bundle.created,
            "created_at": shown(bundle.created),
            "id": HEXLOWER.encode(&bundle.id),
            "label": bundle.label,
            "log": log,
            "selected": bundle.selected,
            "sha256": HEXLOWER.encode(&bundle.sha256),
            "vault": bundle.of.map(|(vault, _)| vault.to_string()),
        },
        "clock": {
            "compared_with": clock.compared_with,
            "doubts": clock.doubts,
            "off_seconds": clock.off_seconds,
        },
        "ended": report.ended,
        "ended_at": shown(report.ended),
        "entries": entries,
        "first_code_millis": report.first_code_millis,
        "host": report.host,
        "level": report.level.name(),
        "not_tested": not_tested,
        "opened_with": report.opened_with,
        "proofs": report.proofs.as_ref().map(proofs_json),
        "public_key": HEXLOWER.encode(&report.signer.0),
        "public_key_fingerprint": report.signer.fingerprint(),
        "schema": SCHEMA,
        "tool": report.tool,
        "total_millis": report.total_millis,
        "typed": report.typed,
        "user": report.user,
    });
    // A value that was built a moment ago is always written.
    let mut text = serde_json::to_string_pretty(&document).unwrap_or_default();
    text.push('\n');
    text
}

fn entry_json(entry: &ReportedEntry) -> Value {
    json!({
        "detail": entry.detail,
        "id": entry.id.map(|id| id.to_string()),
        "title": entry.title,
        "verdict": entry.verdict.name(),
    })
}

fn proofs_json(proofs: &Proofs) -> Value {
    let entries: Map<String, Value> = proofs
        .entries
        .iter()
        .map(|(id, proof)| (id.to_string(), Value::String(HEXLOWER.encode(proof))))
        .collect();
    let not_provable: Vec<String> = proofs.not_provable.iter().map(EntryId::to_string).collect();
    json!({
        "at": proofs.at,
        "entries": entries,
        "nonce": HEXLOWER.encode(&proofs.nonce),
        "not_provable": not_provable,
    })
}

/// Reads a report; `None` when it is none. Fields that are not known are passed over, and so are those that are there
/// for people alone: the times in words and the fingerprint.
///
/// Texts are given back as they stand in it: whoever shows one escapes it.
pub fn parse(bytes: &[u8]) -> Option<DrillReport> {
    if u64::try_from(bytes.len()).ok()? > LARGEST {
        return None;
    }
    let Strict(value) = serde_json::from_slice(bytes).ok()?;
    let mut object = Object::of(value, "report").ok()?;
    if text(&mut object, "schema")? != SCHEMA {
        return None;
    }
    let report = DrillReport {
        bundle: bundle(object.object("bundle").ok()?)?,
        level: Level::parse(&text(&mut object, "level")?)?,
        opened_with: text(&mut object, "opened_with")?,
        typed: flag(&mut object, "typed")?,
        beside_vault: flag(&mut object, "beside_vault")?,
        began: object.number("began").ok()?,
        ended: object.number("ended").ok()?,
        first_code_millis: nullable(&mut object, "first_code_millis", Value::as_u64)?,
        total_millis: object.number("total_millis").ok()?,
        user: text(&mut object, "user")?,
        host: text(&mut object, "host")?,
        tool: text(&mut object, "tool")?,
        clock: clock(object.object("clock").ok()?)?,
        entries: list(&mut object, "entries", usize::MAX, entry)?,
        not_tested: list(&mut object, "not_tested", MOST_SAID, not_tested)?,
        attested: list(&mut object, "attested", MOST_SAID, attested)?,
        proofs: nullable(&mut object, "proofs", |value| proofs(Object::of(value.clone(), "proofs").ok()?))?,
        signer: PublicKey(object.hex("public_key").ok()?),
    };
    is_whole(&report).then_some(report)
}

/// Tells whether its parts fit one another: no entry twice, and each proof of an entry that it names.
fn is_whole(report: &DrillReport) -> bool {
    use std::collections::BTreeSet;
    let named: Vec<EntryId> = report.entries.iter().filter_map(|entry| entry.id).collect();
    let names: BTreeSet<EntryId> = named.iter().copied().collect();
    let is_known = |id: &EntryId| names.contains(id);
    let proofs_fit = report.proofs.as_ref().is_none_or(|proofs| {
        let proven: BTreeSet<EntryId> = proofs.entries.iter().map(|(id, _)| *id).collect();
        let others: BTreeSet<EntryId> = proofs.not_provable.iter().copied().collect();
        others.len() == proofs.not_provable.len()
            && proven.iter().chain(&others).all(is_known)
            && proven.is_disjoint(&others)
    });
    let attested: BTreeSet<EntryId> = report.attested.iter().map(|attested| attested.entry).collect();
    names.len() == named.len()
        && proofs_fit
        && attested.len() == report.attested.len()
        && attested.iter().all(is_known)
        && report.clock.off_seconds.is_none_or(|off| (-FURTHEST_OFF..=FURTHEST_OFF).contains(&off))
}

fn bundle(mut object: Object) -> Option<ReportedBundle> {
    let vault = nullable(&mut object, "vault", |value| Some(VaultId(from_hex(value.as_str()?)?)))?;
    let log = nullable(&mut object, "log", |value| {
        let mut log = Object::of(value.clone(), "log").ok()?;
        Some(LogAnchor { count: log.number("count").ok()?, head: log.hex("head").ok()? })
    })?;
    let of = match (vault, log) {
        (Some(vault), Some(log)) => Some((vault, log)),
        (None, None) => None,
        (Some(_), None) | (None, Some(_)) => return None,
    };
    Some(ReportedBundle {
        id: object.hex("id").ok()?,
        sha256: object.hex("sha256").ok()?,
        label: text(&mut object, "label")?,
        created: object.number("created").ok()?,
        of,
        selected: flag(&mut object, "selected")?,
    })
}

fn clock(mut object: Object) -> Option<ReportedClock> {
    Some(ReportedClock {
        off_seconds: nullable(&mut object, "off_seconds", Value::as_i64)?,
        compared_with: text(&mut object, "compared_with")?,
        doubts: list(&mut object, "doubts", MOST_SAID, |value| short(value.as_str()?))?,
    })
}

fn entry(value: Value) -> Option<ReportedEntry> {
    let mut object = Object::of(value, "entry").ok()?;
    Some(ReportedEntry {
        id: nullable(&mut object, "id", id)?,
        title: text(&mut object, "title")?,
        verdict: Verdict::parse(&text(&mut object, "verdict")?)?,
        detail: text(&mut object, "detail")?,
    })
}

fn not_tested(value: Value) -> Option<NotTested> {
    let mut object = Object::of(value, "not_tested").ok()?;
    Some(NotTested { level: Level::parse(&text(&mut object, "level")?)?, what: text(&mut object, "what")? })
}

fn attested(value: Value) -> Option<Attested> {
    let mut object = Object::of(value, "attested").ok()?;
    let reference = text(&mut object, "reference").filter(|reference| !reference.trim().is_empty())?;
    Some(Attested { entry: id(&object.take("entry")?)?, reference })
}

fn proofs(mut object: Object) -> Option<Proofs> {
    let Value::Object(entries) = object.take("entries")? else { return None };
    let entries = entries
        .into_iter()
        .map(|(name, proof)| Some((id(&Value::String(name))?, from_hex(proof.as_str()?)?)));
    Some(Proofs {
        nonce: object.hex("nonce").ok()?,
        at: object.number("at").ok()?,
        entries: entries.collect::<Option<_>>()?,
        not_provable: list(&mut object, "not_provable", usize::MAX, |value| id(&value))?,
    })
}

/// An id in the one form in which it is written.
fn id(value: &Value) -> Option<EntryId> {
    from_hex(value.as_str()?).map(EntryId::from_bytes)
}

/// A field that may be null; `None` for one that is something else.
#[expect(clippy::option_option, reason = "not of this form, absent, there")]
fn nullable<T>(object: &mut Object, name: &str, read: impl Fn(&Value) -> Option<T>) -> Option<Option<T>> {
    let value = object.take(name)?;
    if value.is_null() { Some(None) } else { read(&value).map(Some) }
}

fn list<T>(
    object: &mut Object,
    name: &'static str,
    most: usize,
    read: impl Fn(Value) -> Option<T>,
) -> Option<Vec<T>> {
    let values = object.list(name).ok().filter(|values| values.len() <= most)?;
    values.into_iter().map(read).collect()
}

fn flag(object: &mut Object, name: &str) -> Option<bool> {
    object.take(name)?.as_bool()
}

fn text(object: &mut Object, name: &'static str) -> Option<String> {
    short(&object.text(name).ok()?)
}

fn short(text: &str) -> Option<String> {
    (text.len() <= LONGEST_TEXT).then(|| text.to_owned())
}
