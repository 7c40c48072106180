//! Drills: what is due, what was run, and one that is being run.
//!
//! The bundle that a drill has opened is the runner's. Here is what is told of it, and the one code that is shown.

use super::forms::BundleForm;
use super::report::Done;
use crate::entry::EntryId;
use crate::secret::SecretText;
use crate::tui::form::{Field, Form};
use crate::tui::keymap::Scope;
use crate::tui::secret_field::SecretField;

/// The drills, and what is done with them.
#[derive(Debug, Default)]
pub struct DrillsPage {
    /// What the log and the vault know; `None` until it was read.
    pub known: Option<DrillsKnown>,
    /// The selected row.
    pub selected: usize,
    /// What is being done.
    pub doing: Drilling,
}

/// What is due, and what was drilled.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct DrillsKnown {
    /// What is due now, a line each; safe to show.
    pub due: Vec<String>,
    /// The bundles, those that are due first.
    pub bundles: Vec<DueRow>,
    /// The drills that the log knows, newest first.
    pub history: Vec<DrillRow>,
}

/// A bundle with what is due of it; safe to show but for its path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DueRow {
    /// Its label, or the name of its file.
    pub name: String,
    /// Where it was written. Raw: it is shown escaped.
    pub path: String,
    /// The levels that a drill can reach, with the day from which on each is due.
    pub levels: Vec<LevelCell>,
    /// Whether it is one that would be taken, in words.
    pub standing: String,
    /// All that is known of it.
    pub facts: Vec<(&'static str, String)>,
}

/// When one level of a bundle is due.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LevelCell {
    /// The day.
    pub day: String,
    /// That day has come.
    pub is_due: bool,
}

/// A drill that was run; safe to show.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DrillRow {
    /// The day.
    pub day: String,
    /// How far it went.
    pub level: &'static str,
    /// What it found, in words.
    pub found: String,
    /// Whether that is anything.
    pub has_findings: bool,
    /// The bundle.
    pub bundle: String,
    /// All that is known of it.
    pub facts: Vec<(&'static str, String)>,
}

/// What is being done in the place of drills.
#[derive(Debug, Default)]
pub enum Drilling {
    /// A bundle is chosen from what is due.
    #[default]
    List,
    /// A drill is chosen from those that were run.
    History,
    /// The file of a report is named.
    Record(ReportForm),
    /// A drill is being run.
    Run(Box<DrillRun>),
    /// What is known, or what was done.
    Told(Done),
}

/// A path of a report: one that is brought home, or one that is to be written.
#[derive(Debug)]
pub struct ReportForm {
    /// The path.
    pub form: Form,
    /// What is wrong with it.
    pub wrong: Option<String>,
}

/// A drill that is being run, step by step.
#[derive(Debug)]
pub struct DrillRun {
    /// What is on the screen.
    pub step: DrillStep,
    /// What is known of the opened bundle; nothing before it is open.
    pub opened: DrillOpened,
}

/// What is known of a bundle that a drill has opened; safe to show.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DrillOpened {
    /// What the comparison with the open vault has found.
    pub compared: Done,
    /// The entry with whose code the clock can be compared, if there is one.
    pub clock_entry: Option<String>,
    /// Its entries.
    pub entries: Vec<DrillEntry>,
    /// The open vault is its own, or goes on from it: the log gets a record.
    pub is_of_vault: bool,
    /// The key that would sign a report, in words.
    pub signer: String,
}

/// An entry of a bundle that a drill has opened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DrillEntry {
    /// Its id.
    pub id: EntryId,
    /// Its name, safe to show.
    pub title: String,
    /// What the comparison says of it, in a word.
    pub verdict: &'static str,
    /// True where a reason may be asked for before its code is shown.
    pub privileged: bool,
    /// What somebody said of its code.
    pub said: Option<Said>,
}

/// What somebody said of a code.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Said {
    /// The service accepted it; the reference, safe to show.
    Accepted(String),
    /// The service did not accept it.
    NotAccepted,
}

/// The steps of a drill.
#[derive(Debug)]
pub enum DrillStep {
    /// Which bundle; then what opens it.
    Bundle(Box<BundleForm>),
    /// What the comparison has found.
    Compared,
    /// The clock.
    Clock(DrillClock),
    /// Codes to sign in with.
    Attest(Attesting),
    /// The report, and the end.
    End(ReportForm),
}

/// The clock, compared with another device.
#[derive(Debug)]
pub struct DrillClock {
    /// The code that the other device shows.
    pub field: SecretField,
    /// What came of it. The step is done then.
    pub told: Option<String>,
    /// Why nothing came of it.
    pub wrong: Option<String>,
}

/// Codes are shown and attested, entry by entry.
#[derive(Debug, Default)]
pub struct Attesting {
    /// The selected row.
    pub selected: usize,
    /// The code that is shown.
    pub shown: Option<DrillCode>,
}

/// A code that is shown, to sign in with.
#[derive(Debug)]
pub struct DrillCode {
    /// The entry.
    pub id: EntryId,
    /// The code, grouped.
    pub code: SecretText,
    /// First second after its step; `None` for a counter.
    pub ends: Option<u64>,
    /// When it is hidden.
    pub hide_at: u64,
    /// The one after it was asked for.
    pub is_over: bool,
}

/// How many steps a drill has.
pub const DRILL_STEPS: usize = 6;

impl DrillsPage {
    /// How many rows the list on the screen has.
    pub fn n_rows(&self) -> Option<usize> {
        let known = self.known.as_ref()?;
        Some(if matches!(self.doing, Drilling::History) { known.history.len() } else { known.bundles.len() })
    }

    /// What is known of the selected row.
    pub fn selected_facts(&self) -> Option<&[(&'static str, String)]> {
        let known = self.known.as_ref()?;
        if matches!(self.doing, Drilling::History) {
            return known.history.get(self.selected).map(|row| row.facts.as_slice());
        }
        known.bundles.get(self.selected).map(|row| row.facts.as_slice())
    }

    /// What is being done, in the title; empty for the list.
    pub fn name(&self) -> &'static str {
        match &self.doing {
            Drilling::List => "",
            Drilling::History => "History",
            Drilling::Record(_) => "Report",
            Drilling::Run(run) => run.step.name(),
            Drilling::Told(done) => done.name,
        }
    }

    /// Where its keys go.
    pub fn scope(&self) -> Scope {
        match &self.doing {
            Drilling::List | Drilling::History => Scope::Drills,
            Drilling::Record(_) => Scope::Field,
            Drilling::Run(run) => match &run.step {
                DrillStep::Bundle(bundle) => bundle.scope(),
                DrillStep::Clock(clock) if clock.told.is_none() && run.opened.clock_entry.is_some() => {
                    Scope::Field
                }
                DrillStep::Compared | DrillStep::Clock(_) => Scope::DrillStep,
                DrillStep::Attest(_) => Scope::DrillAttest,
                DrillStep::End(_) => Scope::Field,
            },
            Drilling::Told(_) => Scope::Done,
        }
    }

    /// The drill that is being run.
    pub fn run(&self) -> Option<&DrillRun> {
        if let Drilling::Run(run) = &self.doing { Some(run) } else { None }
    }

    /// As [`Self::run`], to go on with it.
    pub fn run_mut(&mut self) -> Option<&mut DrillRun> {
        if let Drilling::Run(run) = &mut self.doing { Some(run) } else { None }
    }

    /// The bundle that is being named or opened.
    pub fn bundle(&self) -> Option<&BundleForm> {
        match self.run().map(|run| &run.step) {
            Some(DrillStep::Bundle(bundle)) => Some(bundle),
            _ => None,
        }
    }

    /// As [`Self::bundle`], to be filled in.
    pub fn bundle_mut(&mut self) -> Option<&mut BundleForm> {
        match self.run_mut().map(|run| &mut run.step) {
            Some(DrillStep::Bundle(bundle)) => Some(bundle),
            _ => None,
        }
    }

    /// The form that is being filled in.
    pub fn form(&self) -> Option<&Form> {
        match &self.doing {
            Drilling::Record(record) => Some(&record.form),
            Drilling::Run(run) => match &run.step {
                DrillStep::Bundle(bundle) => Some(&bundle.form),
                DrillStep::End(end) => Some(&end.form),
                DrillStep::Compared | DrillStep::Clock(_) | DrillStep::Attest(_) => None,
            },
            Drilling::List | Drilling::History | Drilling::Told(_) => None,
        }
    }

    /// As [`Self::form`], to be filled in.
    pub fn form_mut(&mut self) -> Option<&mut Form> {
        match &mut self.doing {
            Drilling::Record(record) => Some(&mut record.form),
            Drilling::Run(run) => match &mut run.step {
                DrillStep::Bundle(bundle) => Some(&mut bundle.form),
                DrillStep::End(end) => Some(&mut end.form),
                DrillStep::Compared | DrillStep::Clock(_) | DrillStep::Attest(_) => None,
            },
            Drilling::List | Drilling::History | Drilling::Told(_) => None,
        }
    }

    /// The code that is shown.
    pub fn code(&self) -> Option<&DrillCode> {
        match self.run().map(|run| &run.step) {
            Some(DrillStep::Attest(attesting)) => attesting.shown.as_ref(),
            _ => None,
        }
    }

    /// True while seconds run on it.
    pub fn shows_seconds(&self) -> bool {
        self.code().is_some() || self.run().is_some_and(|run| matches!(run.step, DrillStep::Clock(_)))
    }

    /// An entry of the opened bundle.
    pub fn entry(&self, id: EntryId) -> Option<&DrillEntry> {
        self.run()?.opened.entries.iter().find(|entry| entry.id == id)
    }
}

impl DrillRun {
    /// Asks for the bundle.
    pub fn begin(path: &str) -> Self {
        Self {
            step: DrillStep::Bundle(Box::new(BundleForm::new(path, None))),
            opened: DrillOpened::nothing(),
        }
    }
}

impl DrillOpened {
    /// Before the bundle is open.
    fn nothing() -> Self {
        let compared = Done {
            name: "",
            what: String::new(),
            warnings: Vec::new(),
            facts: Vec::new(),
            next: Vec::new(),
            offset: 0,
        };
        Self { compared, clock_entry: None, entries: Vec::new(), is_of_vault: false, signer: String::new() }
    }
}

impl DrillStep {
    /// Its place among the steps, from 1.
    pub fn number(&self) -> usize {
        match self {
            Self::Bundle(bundle) if bundle.about.is_none() => 1,
            Self::Bundle(_) => 2,
            Self::Compared => 3,
            Self::Clock(_) => 4,
            Self::Attest(_) => 5,
            Self::End(_) => DRILL_STEPS,
        }
    }

    /// What it is called in the title.
    pub fn name(&self) -> &'static str {
        match self.number() {
            1 => "Drill, step 1 of 6",
            2 => "Drill, step 2 of 6",
            3 => "Drill, step 3 of 6",
            4 => "Drill, step 4 of 6",
            5 => "Drill, step 5 of 6",
            _ => "Drill, step 6 of 6",
        }
    }
}

impl DrillClock {
    /// Asks for a code.
    pub fn begin() -> Self {
        Self { field: SecretField::plain(), told: None, wrong: None }
    }
}

impl ReportForm {
    /// Asks for a report that is brought home.
    pub fn home() -> Self {
        let help = "The report; its signature has to lie beside it, as .sig. Ctrl-f chooses the file.";
        Self { form: Form::new(vec![Field::path("path", "File: ", help, "")]), wrong: None }
    }

    /// Asks whether a report is to be written, and where.
    pub fn end() -> Self {
        let help = "Leave it empty for no report. Its signature is written beside it, as .sig.";
        Self { form: Form::new(vec![Field::path("path", "Report: ", help, "")]), wrong: None }
    }
}
