//! The log: its records, filtered; what a check of it has found; evidence, and the passphrase typed from memory.

use std::collections::BTreeSet;

use super::bundles::VaultProof;
use super::report::Done;
use crate::app::audit::{self, Standing};
use crate::app::time;
use crate::entry::EntryId;
use crate::tui::form::{Field, Form};
use crate::tui::keymap::Scope;

/// Any kind of record, among the values of the field.
const ANY: &str = "any";
/// Values of the field that says whether names become pseudonyms.
const NO: &str = "no";
const YES: &str = "yes";
/// The period of a report, where none is said.
const USUAL_PERIOD: &str = "90d";

/// The log, and what is done with it.
#[derive(Debug, Default)]
pub struct LogPage {
    /// What was read; `None` until it was.
    pub records: Option<LogRecords>,
    /// Places among the records that the typed filter keeps.
    pub shown: Vec<usize>,
    /// Place among the shown ones; there is no selection where nothing is shown.
    pub selected: usize,
    /// The filter's text.
    pub filter: String,
    /// True while it is being typed.
    pub filtering: bool,
    /// Which records were read.
    pub wanted: LogFilter,
    /// Kinds that the whole log has.
    pub kinds: BTreeSet<String>,
    /// What is being done.
    pub doing: LogStep,
}

/// Records of the log, newest first, with what is looked through in them. Made where they are read, since there may be
/// tens of thousands.
#[derive(Debug, Default)]
pub struct LogRecords {
    rows: Vec<LogRow>,
    /// What of each row the typed filter looks at, in lower case.
    texts: Vec<String>,
    /// The kinds that there are.
    kinds: BTreeSet<String>,
}

/// One record of the log, or a line in clear; safe to show.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogRow {
    /// How it stands in the log.
    pub standing: Standing,
    /// When, in Unix seconds.
    pub at: u64,
    /// What happened, by its word in the log.
    pub event: String,
    /// The entry that it is about.
    pub entry: Option<EntryId>,
    /// That entry's name as it is now; `gone` where it was destroyed, empty where it is about none.
    pub title: String,
    /// The system's user; empty of a line in clear.
    pub user: String,
    /// The machine; empty of a line in clear.
    pub host: String,
    /// The way by which the vault was open; empty where that is not known.
    pub way: String,
    /// Why, where somebody said so.
    pub reason: Option<String>,
    /// The generation that a change leads to.
    pub generation: Option<u64>,
    /// Further facts, by name.
    pub facts: Vec<(String, String)>,
}

/// Which records are wanted, as it was typed; empty for all.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct LogFilter {
    /// The kind, by its word in the log.
    pub kind: String,
    /// Since when: so long ago, or a moment.
    pub since: String,
    /// By or about whom.
    pub person: String,
    /// About which entry.
    pub entry: String,
}

/// What is being done with the log.
#[derive(Debug, Default)]
pub enum LogStep {
    /// A record is looked at.
    #[default]
    List,
    /// A report for auditors is planned.
    Evidence(EvidenceForm),
    /// The passphrase is typed from memory.
    Rehearse(RehearseForm),
    /// What was found or done.
    Told(Done),
}

/// A report for auditors that is to be made.
#[derive(Debug)]
pub struct EvidenceForm {
    /// The fields.
    pub form: Form,
    /// What is wrong with them.
    pub wrong: Option<String>,
}

/// The passphrase, typed from memory.
#[derive(Debug, Default)]
pub struct RehearseForm {
    /// Its field, and what is wrong with what was typed.
    pub proof: VaultProof,
    /// How many others were typed before.
    pub n_failed: usize,
}

impl LogRecords {
    /// Takes records, newest first.
    pub fn of(rows: Vec<LogRow>) -> Self {
        let texts = rows.iter().map(LogRow::text).collect();
        let events: BTreeSet<&str> = rows.iter().map(|row| row.event.as_str()).collect();
        // A line in clear may have a word of its own, which nobody can ask for.
        let kinds = events.into_iter().filter(|word| audit::kind(word).is_ok()).map(str::to_owned).collect();
        Self { rows, texts, kinds }
    }

    /// How many there are.
    pub fn count(&self) -> usize {
        self.rows.len()
    }
}

impl LogRow {
    /// The number in the list; in words where it has none of its own.
    pub fn number(&self) -> String {
        match self.standing {
            Standing::Sealed(number) => number.to_string(),
            Standing::TakenIn(number) => format!("in {number}"),
            Standing::NotSealed => "clear".to_owned(),
        }
    }

    /// `ana@workstation`; empty of a line in clear.
    pub fn who(&self) -> String {
        if self.user.is_empty() { String::new() } else { format!("{}@{}", self.user, self.host) }
    }

    /// All that is known of it.
    pub fn facts(&self) -> Vec<(&'static str, String)> {
        let stands = match self.standing {
            Standing::Sealed(number) => format!("record {number}, sealed"),
            Standing::TakenIn(number) => format!("in clear; record {number} has sealed its hash since"),
            Standing::NotSealed => {
                "in clear, and no record has taken it in yet: anybody could have written it".to_owned()
            }
        };
        let mut facts = vec![
            ("stands", stands),
            ("time", time::shown(self.at)),
            ("event", format!("{}: {}", self.event, audit::in_words(&self.event))),
        ];
        if let Some(id) = self.entry {
            facts.push(("entry", format!("{}  ({id})", self.title)));
        } else if !self.title.is_empty() {
            facts.push(("entry", self.title.clone()));
        }
        if !self.user.is_empty() {
            facts.push(("who", self.user.clone()));
            facts.push(("machine", self.host.clone()));
        }
        if !self.way.is_empty() {
            facts.push(("opened by", self.way.clone()));
        }
        facts.extend(self.reason.iter().map(|reason| ("reason", reason.clone())));
        facts.extend(self.generation.map(|generation| ("generation", generation.to_string())));
        for (idx, (name, value)) in self.facts.iter().enumerate() {
            facts.push((if idx == 0 { "facts" } else { "" }, format!("{name}: {value}")));
        }
        facts
    }

    /// What the typed filter looks at.
    fn text(&self) -> String {
        let facts = self.facts.iter().map(|(name, value)| format!("{name} {value}"));
        let words = audit::in_words(&self.event);
        let reason = self.reason.as_deref().unwrap_or_default();
        let (number, at, who) = (self.number(), time::shown(self.at), self.who());
        let parts = [&number, &at, &self.event, words, &self.title, &who, &self.way, reason];
        let text = parts.into_iter().map(str::to_owned).chain(facts).collect::<Vec<_>>().join("\n");
        text.to_lowercase()
    }
}

impl LogFilter {
    /// True when all records are wanted.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// What is wanted, in words; what was typed is raw in them.
    pub fn in_words(&self) -> String {
        let parts =
            [("kind", &self.kind), ("since", &self.since), ("person", &self.person), ("entry", &self.entry)];
        let said = parts.into_iter().filter(|(_, value)| !value.is_empty());
        said.map(|(name, value)| format!("{name} {value}")).collect::<Vec<_>>().join(", ")
    }

    /// The fields that ask for one; `kinds` are those that there are to choose from.
    pub fn form(&self, kinds: &BTreeSet<String>) -> Form {
        let mut values = vec![ANY.into()];
        values.extend(kinds.iter().map(|kind| kind.clone().into()));
        let chosen = if self.kind.is_empty() { ANY } else { &self.kind };
        Form::new(vec![
            Field::choice_of(
                "kind",
                "Kind: ",
                "Left and Right choose among those that the log has.",
                values,
                chosen,
            ),
            Field::text(
                "since",
                "Since: ",
                "So long ago, as 90d or 12h, or a time as 2026-11-24T02:00:00Z.",
                &self.since,
            ),
            Field::text(
                "person",
                "Person: ",
                "The system's user, user@machine, a custodian, or the name of a way of opening, in full.",
                &self.person,
            ),
            Field::text(
                "entry",
                "Entry: ",
                "Its issuer:account, a unique part of that, or its id.",
                &self.entry,
            ),
        ])
    }

    /// What was typed into such fields.
    pub fn of(form: &Form) -> Self {
        let typed = |key: &str| form.value(key).trim().to_owned();
        let kind = Some(typed("kind")).filter(|kind| kind != ANY).unwrap_or_default();
        Self { kind, since: typed("since"), person: typed("person"), entry: typed("entry") }
    }
}

impl LogPage {
    /// The selected record.
    pub fn selected_row(&self) -> Option<&LogRow> {
        self.row(self.selected)
    }

    /// The record at a place among the shown ones.
    pub fn row(&self, place: usize) -> Option<&LogRow> {
        self.records.as_ref()?.rows.get(*self.shown.get(place)?)
    }

    /// Puts records in. The selected one stays so, if it is still there.
    pub fn fill(&mut self, wanted: LogFilter, records: LogRecords) {
        let selected = self.selected_row().cloned();
        if wanted.is_empty() {
            self.kinds.clone_from(&records.kinds);
        }
        self.wanted = wanted;
        self.records = Some(records);
        self.refilter();
        if let Some(selected) = selected {
            let is_it = |place: &usize| self.row(*place) == Some(&selected);
            self.selected = (0..self.shown.len()).find(is_it).unwrap_or(0);
        }
    }

    /// Applies the typed filter: every word of it stands in what is shown. The newest one that fits is selected.
    pub fn refilter(&mut self) {
        let words: Vec<String> = self.filter.split_whitespace().map(str::to_lowercase).collect();
        let fits = |text: &String| words.iter().all(|word| text.contains(word.as_str()));
        let texts = self.records.iter().flat_map(|records| &records.texts);
        let fitting = texts.enumerate().filter(|(_, text)| fits(text));
        self.shown = fitting.map(|(place, _)| place).collect();
        self.selected = 0;
    }

    /// Moves the selection.
    pub fn move_by(&mut self, by: isize) {
        self.selected = self.selected.saturating_add_signed(by).min(self.shown.len().saturating_sub(1));
    }

    /// What is being done, in the title.
    pub fn name(&self) -> &'static str {
        match &self.doing {
            LogStep::List => "",
            LogStep::Evidence(_) => "Evidence",
            LogStep::Rehearse(_) => "Rehearse",
            LogStep::Told(done) => done.name,
        }
    }

    /// Where its keys go.
    pub fn scope(&self) -> Scope {
        match &self.doing {
            LogStep::List if self.filtering => Scope::LogFilter,
            LogStep::List => Scope::Log,
            LogStep::Evidence(_) | LogStep::Rehearse(_) => Scope::Field,
            LogStep::Told(_) => Scope::Done,
        }
    }

    /// The form that is being filled in.
    pub fn form(&self) -> Option<&Form> {
        if let LogStep::Evidence(evidence) = &self.doing { Some(&evidence.form) } else { None }
    }

    /// As [`Self::form`], to be filled in.
    pub fn form_mut(&mut self) -> Option<&mut Form> {
        if let LogStep::Evidence(evidence) = &mut self.doing { Some(&mut evidence.form) } else { None }
    }

    /// True while the vault's passphrase is asked for.
    pub fn asks_vault(&self) -> bool {
        matches!(self.doing, LogStep::Rehearse(_))
    }

    /// True while a passphrase can be read on it.
    pub fn shows_secret(&self) -> bool {
        matches!(&self.doing, LogStep::Rehearse(form) if form.proof.field.is_shown() && !form.proof.field.is_empty())
    }
}

impl EvidenceForm {
    /// Asks for the folder, the period and whether names stand in it.
    pub fn begin() -> Self {
        let folder = "A folder that holds no report yet; it is made where it is not there. Ctrl-f shows the folders; Tab takes one.";
        let since = "How far back it goes, as 90d: days (d), hours (h), minutes (m).";
        let redact = "Yes: names of accounts, people, machines and places become pseudonyms.";
        let policy = "A policy of yours that is to be a part of it; may be left empty.";
        let fields = vec![
            Field::path("folder", "Folder: ", folder, ""),
            Field::text("since", "Period: ", since, USUAL_PERIOD),
            Field::choice("redact", "Pseudonyms: ", redact, &[NO, YES], NO),
            Field::path("policy", "Policy file: ", policy, ""),
        ];
        Self { form: Form::new(fields), wrong: None }
    }

    /// Whether names become pseudonyms.
    pub fn redact(&self) -> bool {
        self.form.value("redact") == YES
    }
}
