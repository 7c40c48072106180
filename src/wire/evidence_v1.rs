//! The report for auditors as the JSON of `evidence.json`; lifeboat-evidence(7) describes it field by field.
//!
//! Canonical: keys in alphabetical order, two spaces of indentation, a line feed at each line's end, every field there
//! though it may be null, numbers whole, times as RFC 3339 in UTC to the second. The same report is the same bytes.
//!
//! A part that joined later is an `Option` that this version always fills. A report from before has not got the field,
//! says nothing of that part, and its pages are made without it.

mod policy;
mod recovery;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::entry::label;

pub use policy::{Application, ApplicationEntry, Policy};
pub use recovery::{ExceptionWithEnd, Incident, Pass, Plan, PlanCheck, PlanFlag, Task, WeakAccount};

/// The name of this form.
pub const SCHEMA: &str = "lifeboat.evidence/1";

/// A report. It holds no secret.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Report {
    /// [`SCHEMA`].
    pub schema: String,
    /// What made it.
    pub tool: Tool,
    /// What it speaks of.
    pub period: Period,
    /// Names are pseudonyms.
    pub redacted: bool,
    /// The vault.
    pub vault: VaultFacts,
    /// Its log.
    pub log: LogFacts,
    /// Counts of what the rest says.
    pub summary: Summary,
    /// Drills of the period, oldest first.
    pub drills: Vec<Drill>,
    /// Every bundle that was made from the vault, newest first.
    pub bundles: Vec<Bundle>,
    /// Every share set, oldest first.
    pub share_sets: Vec<ShareSet>,
    /// Acknowledgements that were brought home in the period, oldest first.
    pub acknowledgements: Vec<Acknowledgement>,
    /// Coverage of the privileged accounts.
    pub privileged: Vec<Account>,
    /// Entries of which no service was ever seen to accept a code.
    pub never_proven: Vec<Unproven>,
    /// Entries whose proof is older than a year.
    pub proven_long_ago: Vec<Unproven>,
    /// Passphrases typed from memory and shares checked in the period, oldest first.
    pub rehearsals: Vec<Item>,
    /// What was enrolled, rotated, removed and so on in the period, oldest first.
    pub changes: Vec<Item>,
    /// What weakens something: what holds now, then what happened in the period. Nobody has set an end to these.
    pub exceptions: Vec<Item>,
    /// Exceptions that somebody answers for, with an end, which were open in the period, oldest first.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub exceptions_with_end: Option<Vec<ExceptionWithEnd>>,
    /// Incidents that were open in the period, oldest first.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub incidents: Option<Vec<Incident>>,
    /// Passes that were open in the period, oldest first.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub passes: Option<Vec<Pass>>,
    /// The recovery plan.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub plan: Option<Plan>,
    /// The policy, where one was given.
    pub policy: Option<Policy>,
}

/// What made a report.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tool {
    /// `lifeboat`.
    pub name: String,
    /// Its version.
    pub version: String,
}

/// The time that a report speaks of.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Period {
    /// Its first second.
    pub from: String,
    /// The moment that the report is made for: its last second, from which ages are counted.
    pub to: String,
    /// Its length in seconds, as it was asked for.
    pub seconds: u64,
}

/// The vault, as it was when the report was made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct VaultFacts {
    /// Its id, 32 hexadecimal digits.
    pub id: String,
    /// When it was made.
    pub created: String,
    /// How often it was saved.
    pub generation: u64,
    /// Fingerprint of the key that signs its reports.
    pub key: String,
    /// How many entries it has.
    pub entries: u64,
    /// How many lie in the trash.
    pub in_trash: u64,
    /// How many cannot be read.
    pub unreadable: u64,
    /// How many exceptions, incidents, passes and runbooks a newer version wrote, so that this one could not read them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub items_unread: Option<u64>,
}

/// The log, whole, as it was before the report was made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LogFacts {
    /// The number of its last record.
    pub count: u64,
    /// Head of its chain after that, 64 hexadecimal digits.
    pub head: String,
    /// The number of records that the vault knew of at its last save.
    pub anchored: u64,
    /// Records of the period.
    pub in_period: u64,
    /// Failed attempts to open the vault that were taken into the chain in the period.
    pub failed_unlocks: u64,
    /// Times in the period at which records could not be written.
    pub gaps: u64,
    /// Nothing is wrong with it, as `audit verify` looks for it: the chain, and what the vault knew of it.
    pub whole: bool,
    /// What is wrong.
    pub findings: Vec<LogFinding>,
    /// Numbers of the records that are missing or cannot be read.
    pub unread: Vec<Range>,
}

/// One thing that is wrong with the log.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LogFinding {
    /// Its sort, as `audit verify --json` calls it.
    pub kind: String,
    /// The records that it is about, where it is about any.
    pub records: Option<Range>,
}

/// Numbers that follow one another.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Range {
    /// The first.
    pub from: u64,
    /// The last.
    pub to: u64,
}

/// Counts of what the rest of a report says.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Summary {
    /// Drills of the period.
    pub drills: u64,
    /// Those of them that found something.
    pub drills_with_findings: u64,
    /// When a drill of each level was last held, of whatever bundle.
    pub last_drills: Vec<LastDrill>,
    /// Bundles.
    pub bundles: u64,
    /// The newest one of all entries, by its id.
    pub newest_bundle: Option<String>,
    /// Bundles whose review date has passed.
    pub reviews_overdue: u64,
    /// Shares of the sets that were not replaced.
    pub shares: u64,
    /// Those of them without an acknowledgement of the last 90 days.
    pub shares_not_acknowledged: u64,
    /// Privileged entries.
    pub privileged: u64,
    /// Those of them that were never proven.
    pub privileged_never_proven: u64,
    /// Those of them that the newest bundle of all entries lacks, or holds with an older seed.
    pub privileged_not_in_newest_bundle: u64,
    /// Those of them that no drill of level L3 has ever signed in with.
    pub privileged_never_accepted: u64,
    /// Entries that were never proven.
    pub never_proven: u64,
    /// Entries whose proof is older than a year.
    pub proven_long_ago: u64,
    /// Applications that the policy names; null without a policy.
    pub applications: Option<u64>,
    /// Those of them that no entry fits.
    pub applications_without_entry: Option<u64>,
    /// Exceptions without an end: what weakens something.
    pub exceptions: u64,
    /// Exceptions with an end that nobody has ended.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub exceptions_with_end_open: Option<u64>,
    /// Those of them whose end has come.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub exceptions_with_end_past: Option<u64>,
    /// Incidents that are open.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub incidents_open: Option<u64>,
    /// How many things they leave to be done.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub incident_tasks_left: Option<u64>,
    /// Passes that are open.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub passes_open: Option<u64>,
    /// Those of them whose window is over.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub passes_past: Option<u64>,
}

/// An entry that is named.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Named {
    /// Its id, or its pseudonym.
    pub id: String,
    /// `issuer:account`, or its pseudonym; null when the vault knows it no more.
    pub name: Option<String>,
}

/// One drill.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Drill {
    /// The number of its record in the log.
    pub number: u64,
    /// When it began, by the clock of the machine that it ran on.
    pub at: String,
    /// When it came into the log.
    pub logged: String,
    /// The bundle's id.
    pub bundle: String,
    /// `L0` to `L3`.
    pub level: String,
    /// What opened the bundle, in words.
    pub opened_with: String,
    /// A person typed it.
    pub typed: bool,
    /// The live vault was on the same machine; otherwise a report was brought home.
    pub beside_vault: bool,
    /// Who ran it.
    pub user: String,
    /// The machine that it ran on.
    pub host: String,
    /// What was found, by verdict.
    pub found: Vec<Found>,
    /// Nothing was missing, stale, different or off.
    pub clean: bool,
    /// Seconds by which its clock was ahead, where it was off.
    pub clock_off_seconds: Option<i64>,
    /// Milliseconds from the start to the first code.
    pub first_code_ms: Option<u64>,
    /// Milliseconds from the start to the end.
    pub total_ms: u64,
    /// Who signed in with what, as they said.
    pub attested: Vec<Attested>,
    /// SHA-256 of the drill's own report, 64 hexadecimal digits.
    pub report_sha256: Option<String>,
}

/// The entries of one verdict.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Found {
    /// `same`, `missing`, `stale`, `different`, `extra`, `unreadable` or `not-compared`.
    pub verdict: String,
    /// How many entries have it.
    pub count: u64,
    /// Which, as far as the log names them: a hundred at most, and none that are the same.
    pub entries: Vec<Named>,
}

/// A code that a service accepted in a drill.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attested {
    /// The entry.
    pub entry: Named,
    /// Where that is written down.
    pub reference: String,
}

/// The last drill that reached a level.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LastDrill {
    /// The level. A drill holds all levels before its own.
    pub level: String,
    /// When.
    pub at: String,
    /// Nothing was found.
    pub clean: bool,
    /// The number of its record.
    pub number: u64,
}

/// One bundle.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Bundle {
    /// Its id, 32 hexadecimal digits.
    pub id: String,
    /// The label that can be read without opening it; empty for none.
    pub label: String,
    /// Where it was written.
    pub path: String,
    /// When it was made.
    pub created: String,
    /// SHA-256 of its file, 64 hexadecimal digits.
    pub sha256: String,
    /// How many entries it holds.
    pub entries: u64,
    /// It holds a selection of the entries.
    pub selected: bool,
    /// The share set that opens it; null where a passphrase or a key file does.
    pub share_set: Option<String>,
    /// That set was replaced.
    pub share_set_replaced: bool,
    /// After this moment every opening warns.
    pub review: Option<String>,
    /// That moment has passed.
    pub review_overdue: bool,
    /// Entries that the vault has and it has not; of a selection always 0.
    pub added: u64,
    /// Entries that are different now.
    pub changed: u64,
    /// Entries that the vault has no more.
    pub removed: u64,
    /// The last drill of each level that was reached, whenever it was.
    pub last_drills: Vec<LastDrill>,
}

/// One share set.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ShareSet {
    /// Its name, which the first two words of each share say.
    pub name: String,
    /// How many shares are needed.
    pub needed: u64,
    /// How many there are.
    pub of: u64,
    /// When it was made.
    pub created: String,
    /// By when each custodian was first to check their share.
    pub check_by: String,
    /// When another set took its place.
    pub replaced: Option<String>,
    /// The name of that set.
    pub replaced_by: Option<String>,
    /// Who holds the shares, in the order of their numbers.
    pub custodians: Vec<Custodian>,
}

/// Who holds a share.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Custodian {
    /// The share's number.
    pub share: u64,
    /// Who holds it.
    pub name: String,
    /// When they typed words of the card back.
    pub typed_back: Option<String>,
    /// The date of their newest acknowledgement.
    pub acknowledged: Option<String>,
}

/// An acknowledgement that was brought home.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Acknowledgement {
    /// The number of its record in the log.
    pub number: u64,
    /// When it was brought home.
    pub at: String,
    /// The share set.
    pub share_set: String,
    /// The share's number.
    pub share: u64,
    /// Its own date.
    pub date: String,
}

/// One privileged account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Account {
    /// The entry.
    pub entry: Named,
    /// `enrolled`: the service knows this vault as a factor of its own; `copied`: the seed lies elsewhere too; null: not said.
    pub provenance: Option<String>,
    /// The other device.
    pub device: Option<String>,
    /// When it was added.
    pub created: String,
    /// When its seed was last replaced.
    pub rotated: Option<String>,
    /// When the service last accepted a code.
    pub proven: Option<String>,
    /// Whole days since then.
    pub proven_days_ago: Option<u64>,
    /// How the newest bundle of all entries holds it: `as-it-is`; with the `same-seed`, and something else has changed;
    /// with an `older-seed`, which was replaced since; `not`. Null without such a bundle.
    pub newest_bundle: Option<String>,
    /// Bundles that hold it as it is now.
    pub bundles: u64,
    /// When a drill of level L3 last signed in with it.
    pub accepted: Option<String>,
    /// Recovery codes that were not handed out; null where they are sealed with the seed.
    pub recovery_codes_left: Option<u64>,
    /// The seed takes more than the vault to open.
    pub sealed: bool,
    /// `good`, `short` (less than is advised today) or `sealed` (not known).
    pub seed: String,
}

/// An entry whose proof is missing or old.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Unproven {
    /// The entry.
    pub entry: Named,
    /// Opens something privileged.
    pub privileged: bool,
    /// When it was added.
    pub created: String,
    /// When the service last accepted a code.
    pub proven: Option<String>,
}

/// Something that happened, or that holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Item {
    /// The number of its record in the log; null for what holds now.
    pub number: Option<u64>,
    /// When, where that is known.
    pub at: Option<String>,
    /// What, in the log's word or in one of the manual's.
    pub event: String,
    /// The entry that it is about.
    pub entry: Option<Named>,
    /// The operating system's name of the person.
    pub user: Option<String>,
    /// The machine.
    pub host: Option<String>,
    /// The way by which the vault was opened, as the eight hexadecimal digits of its slot.
    pub way: Option<String>,
    /// Why, where somebody said so.
    pub reason: Option<String>,
    /// Of a change of the vault: `saved`, `not-saved` or `unknown`; null otherwise.
    pub outcome: Option<String>,
    /// What else is known, by name.
    pub details: BTreeMap<String, String>,
}

/// Writes a report.
pub fn encode(report: &Report) -> Vec<u8> {
    // By way of a value, whose fields are sorted. Nothing in a report can fail to become one.
    let value = serde_json::to_value(report).unwrap_or_default();
    let mut text = label::escaped_json(&format!("{value:#}"));
    text.push('\n');
    text.into_bytes()
}

/// Reads a report; `None` for anything else, and for one of a schema that this version does not know. What a later
/// version has added to this schema is passed over.
pub fn parse(bytes: &[u8]) -> Option<Report> {
    let report: Report = serde_json::from_slice(bytes).ok()?;
    (report.schema == SCHEMA).then_some(report)
}

#[cfg(test)]
mod tests;
