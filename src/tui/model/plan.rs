//! The plan: its things, what would be left of it after losses, what a check has found, and a thing being written down.
//!
//! What is marked as lost is a mark of this page: it goes with the page, and the vault never learns of it.

mod choice;
mod findings;
mod form;

use std::collections::BTreeSet;

use super::report::Done;
use crate::app::plan::AtHand;
use crate::entry::Label;
use crate::recovery::plan::{Standing, Thing, ThingKind};
use crate::tui::form::Form;
use crate::tui::keymap::Scope;

pub use choice::{Choosing, PlanChoice, PlanChoiceRow};
pub use findings::{PlanFinding, PlanFindings};
pub use form::{NotAThing, ThingForm, WAY_KEYS};

/// Most names in one line of what uses a thing; the others are counted.
const MOST_USERS: usize = 12;

/// The plan, and what is done with it.
#[derive(Debug, Default)]
pub struct PlanPage {
    /// What was read; `None` until it was.
    pub known: Option<PlanKnown>,
    /// Numbers of the things that the filter keeps, in the order in which they stand.
    pub shown: Vec<usize>,
    /// Place among the shown ones; there is no selection where nothing is shown.
    pub selected: usize,
    /// The filter's text.
    pub filter: String,
    /// True while it is being typed.
    pub filtering: bool,
    /// What the last check has found, until the plan changes.
    pub findings: Option<PlanFindings>,
    /// What is being done.
    pub doing: PlanStep,
}

/// What could be read.
#[derive(Debug)]
pub enum PlanKnown {
    /// A plan.
    Read(Box<WhatIf>),
    /// None that this version understands: why, a line each.
    NotRead(Vec<String>),
}

/// What is being done with the plan.
#[derive(Debug, Default)]
pub enum PlanStep {
    /// A thing is looked at.
    #[default]
    List,
    /// A scenario or a template is chosen.
    Choose(PlanChoice),
    /// What a check has found is looked at.
    Findings,
    /// A thing is written down.
    Form(Box<ThingForm>),
    /// All that is known of a thing, or of a finding.
    Told {
        /// What is told.
        done: Done,
        /// It is about a finding, to which one returns.
        of_finding: bool,
    },
}

/// What a yes to a question about the plan means.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PlanQuestion {
    /// Leave the form although something was typed.
    LeaveForm,
    /// Mark a thing as lost in the vault, or no longer.
    Lost(Label, bool),
    /// Take a thing out of the plan.
    Remove(Label),
    /// Say more about something that the vault knows by itself.
    SayMore(Label),
    /// Start from a template.
    Start(&'static str),
}

/// A plan with some of its things marked as lost, and what is left of it then.
#[derive(Debug)]
pub struct WhatIf {
    at_hand: AtHand,
    /// Numbers of all things: accounts first, then the others by their kind.
    order: Vec<usize>,
    /// What of each thing the filter looks at, in lower case.
    texts: Vec<String>,
    marked: BTreeSet<usize>,
    after: Standing,
    taken_away: Vec<usize>,
    not_now: Vec<usize>,
}

/// How a thing stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stands {
    /// It is there, and an account can be reached.
    There,
    /// It is marked as lost, to see what would be left.
    Marked,
    /// It is lost, and the plan says so.
    Lost,
    /// What is marked takes it away.
    TakenAway,
    /// It is not there even without any mark.
    NotNow,
}

impl WhatIf {
    /// Takes a plan, with nothing marked.
    pub fn of(at_hand: AtHand) -> Self {
        let things = at_hand.things();
        let mut order: Vec<usize> = (0..things.len()).collect();
        let rank = |number: &usize| {
            let thing = things.get(*number);
            let kind = thing.map_or(ThingKind::Other, |thing| thing.kind);
            (kind != ThingKind::Account, kind.name(), thing.is_some_and(|thing| !thing.privileged))
        };
        order.sort_by_key(rank);
        let texts = (0..things.len()).map(|number| text(&at_hand, number)).collect();
        let now = at_hand.now().clone();
        let not_now = at_hand.accounts().into_iter().filter(|account| !now.is_there(*account)).collect();
        Self { order, texts, marked: BTreeSet::new(), after: now, taken_away: Vec::new(), not_now, at_hand }
    }

    /// The plan itself.
    pub fn at_hand(&self) -> &AtHand {
        &self.at_hand
    }

    /// A thing.
    pub fn thing(&self, number: usize) -> Option<&Thing> {
        self.at_hand.things().get(number)
    }

    /// A thing's name, safe to show.
    pub fn name(&self, number: usize) -> String {
        self.thing(number).map(|thing| thing.name.shown()).unwrap_or_default()
    }

    /// The names of things, safe to show.
    pub fn names(&self, numbers: impl IntoIterator<Item = usize>) -> String {
        numbers.into_iter().map(|number| self.name(number)).collect::<Vec<_>>().join(", ")
    }

    /// How many things the person wrote down.
    pub fn n_own(&self) -> usize {
        self.at_hand.own().things.len()
    }

    /// What is marked as lost, by numbers.
    pub fn marked(&self) -> &BTreeSet<usize> {
        &self.marked
    }

    /// The accounts that what is marked takes away, privileged ones first.
    pub fn taken_away(&self) -> &[usize] {
        &self.taken_away
    }

    /// The accounts that cannot be reached even without any mark.
    pub fn not_now(&self) -> &[usize] {
        &self.not_now
    }

    /// Marks a thing as lost, or no longer.
    pub fn toggle(&mut self, number: usize) {
        if !self.marked.remove(&number) {
            self.marked.insert(number);
        }
        self.settle();
    }

    /// Marks these things and no others. A name that nothing has is left out.
    pub fn mark_only(&mut self, names: &[Label]) {
        self.marked = names.iter().filter_map(|name| self.at_hand.number_of(name)).collect();
        self.settle();
    }

    /// Loses what is marked. It is done at every mark: a plan of thousands of things is there in a frame.
    fn settle(&mut self) {
        let losses: Vec<usize> = self.marked.iter().copied().collect();
        self.after = self.at_hand.after(&losses);
        self.taken_away = self.at_hand.taken_away(&self.after, &losses);
    }

    /// The names of what is marked, as they stand in the plan.
    pub fn marks(&self) -> Vec<Label> {
        self.marked.iter().filter_map(|number| self.thing(*number)).map(|thing| thing.name.clone()).collect()
    }

    /// How a thing stands.
    pub fn stands(&self, number: usize) -> Stands {
        if self.at_hand.now().is_lost(number) {
            Stands::Lost
        } else if self.marked.contains(&number) {
            Stands::Marked
        } else if self.after.is_there(number) {
            Stands::There
        } else if self.at_hand.now().is_there(number) {
            Stands::TakenAway
        } else {
            Stands::NotNow
        }
    }

    /// Whose a thing is, in a word.
    pub fn whose(&self, number: usize) -> &'static str {
        whose(&self.at_hand, number)
    }

    /// All that is known of a thing: first whether it is there and why not, then its ways in, then the rest.
    pub fn facts(&self, number: usize) -> Vec<(&'static str, String)> {
        let Some(thing) = self.thing(number) else { return Vec::new() };
        let privileged = if thing.privileged { ", privileged" } else { "" };
        let mut facts = vec![("kind", format!("{}{privileged}", thing.kind.name()))];
        let stands = self.stands(number);
        facts.push(("now", stands.in_words(thing.kind).to_owned()));
        if matches!(stands, Stands::TakenAway | Stands::NotNow) {
            let because = self.at_hand.because(&self.after, number);
            facts.extend(named("why", because.chains));
            facts.extend(because.circle.map(|circle| ("a circle", circle)));
        }
        if !thing.needs.is_empty() {
            let needs: Vec<String> = thing.needs.iter().map(Label::shown).collect();
            facts.push(("needs", needs.join(" and ")));
        }
        for (idx, way) in thing.ways.iter().enumerate() {
            facts.push((if idx == 0 { "way in" } else { "or" }, way.shown()));
        }
        let steps = self.at_hand.steps(&self.after, number);
        // Of what is simply there the one step says nothing new.
        if steps.len() > 1 {
            let numbered = steps.into_iter().zip(1..).map(|(step, number)| format!("{number}. {step}"));
            facts.extend(named("reached by", numbered.collect()));
        }
        for (idx, line) in crate::entry::label::shown_lines(&thing.note).into_iter().enumerate() {
            facts.push((if idx == 0 { "note" } else { "" }, line));
        }
        let users = self.at_hand.users(number);
        if !users.is_empty() {
            let more = users.len().saturating_sub(MOST_USERS);
            let more = if more > 0 { format!(" and {more} more") } else { String::new() };
            let named: Vec<String> = users.into_iter().take(MOST_USERS).collect();
            facts.push(("used by", format!("{}{more}", named.join(", "))));
        }
        facts.push(("whose", self.whose_in_words(number).to_owned()));
        facts
    }

    fn whose_in_words(&self, number: usize) -> &'static str {
        match (self.at_hand.as_written(number).is_some(), self.at_hand.is_known(number)) {
            (true, false) => "your own",
            (true, true) => "known by the vault, and you say more about it",
            (false, _) => "known by the vault; e says more about it",
        }
    }
}

/// A name before the first of several lines.
fn named(name: &'static str, lines: Vec<String>) -> Vec<(&'static str, String)> {
    let lines = lines.into_iter().enumerate();
    lines.map(|(idx, line)| (if idx == 0 { name } else { "" }, line)).collect()
}

fn whose(at_hand: &AtHand, number: usize) -> &'static str {
    if at_hand.as_written(number).is_some() { "yours" } else { "vault" }
}

/// What the filter looks at.
fn text(at_hand: &AtHand, number: usize) -> String {
    let Some(thing) = at_hand.things().get(number) else { return String::new() };
    let marks = [(thing.privileged, "privileged"), (thing.lost, "lost")];
    let marks = marks.into_iter().filter(|(holds, _)| *holds).map(|(_, word)| word);
    let parts = [thing.name.raw(), thing.kind.name(), whose(at_hand, number), thing.note.as_str()];
    parts.into_iter().chain(marks).collect::<Vec<_>>().join("\n").to_lowercase()
}

impl Stands {
    /// True where an account cannot be reached, or a thing is not there although nobody lost it.
    pub const fn is_cut_off(self) -> bool {
        matches!(self, Self::TakenAway | Self::NotNow)
    }

    /// In a word or two, for the list.
    pub const fn word(self, kind: ThingKind) -> &'static str {
        let is_account = matches!(kind, ThingKind::Account);
        match self {
            Self::There if is_account => "reached",
            Self::There => "there",
            Self::Marked => "if lost",
            Self::Lost => "LOST",
            Self::TakenAway | Self::NotNow if is_account => "NOT REACHED",
            Self::TakenAway | Self::NotNow => "not there",
        }
    }

    const fn in_words(self, kind: ThingKind) -> &'static str {
        let is_account = matches!(kind, ThingKind::Account);
        match self {
            Self::There if is_account => "it can be reached",
            Self::There => "it is there",
            Self::Marked => "marked as lost, to see what would be left; Space takes the mark away",
            Self::Lost => "lost, as the plan says; l takes that back",
            Self::TakenAway if is_account => "COULD NOT BE REACHED without what is marked",
            Self::TakenAway => "it would not be there without what is marked",
            Self::NotNow if is_account => "CANNOT BE REACHED, whatever is marked",
            Self::NotNow => "it is not there, whatever is marked",
        }
    }
}

impl PlanPage {
    /// The plan, where one was read.
    pub fn what_if(&self) -> Option<&WhatIf> {
        if let Some(PlanKnown::Read(what_if)) = &self.known { Some(what_if) } else { None }
    }

    /// As [`Self::what_if`], to mark in it.
    pub fn what_if_mut(&mut self) -> Option<&mut WhatIf> {
        if let Some(PlanKnown::Read(what_if)) = &mut self.known { Some(what_if) } else { None }
    }

    /// The number of the selected thing.
    pub fn selected_number(&self) -> Option<usize> {
        self.shown.get(self.selected).copied()
    }

    /// The selected thing.
    pub fn selected_thing(&self) -> Option<&Thing> {
        self.what_if()?.thing(self.selected_number()?)
    }

    /// Puts a plan in. Marks and the selection stay where what they are about is still there; what a check has found
    /// is about another plan then, where it is another.
    pub fn fill(&mut self, known: PlanKnown) {
        let marks = self.what_if().map(WhatIf::marks).unwrap_or_default();
        let is_begun = self.what_if().is_some_and(|what_if| what_if.n_own() == 0);
        // A plan that was just begun is looked at from its beginning.
        let is_begun = is_begun && matches!(&known, PlanKnown::Read(what_if) if what_if.n_own() > 1);
        let selected = self.selected_thing().map(|thing| thing.name.clone()).filter(|_| !is_begun);
        let is_same = match (self.what_if(), &known) {
            (Some(before), PlanKnown::Read(after)) => before.at_hand().things() == after.at_hand().things(),
            _ => false,
        };
        self.known = Some(known);
        if let Some(what_if) = self.what_if_mut() {
            what_if.mark_only(&marks);
        }
        if !is_same {
            self.findings = None;
        }
        let is_gone = match &self.doing {
            PlanStep::Findings => self.findings.is_none(),
            PlanStep::Told { of_finding, .. } => *of_finding && self.findings.is_none(),
            PlanStep::Choose(_) => !is_same,
            PlanStep::Form(_) => self.what_if().is_none(),
            PlanStep::List => false,
        };
        if is_gone {
            self.doing = PlanStep::List;
        }
        let place = if is_begun { 0 } else { self.selected };
        self.refilter();
        // What follows a thing that is gone stands in its place.
        self.selected = place.min(self.shown.len().saturating_sub(1));
        if let Some(selected) = selected {
            self.select(&selected);
        }
    }

    /// Applies the filter: every word of it stands in what is known of a thing. The first one that fits is selected.
    pub fn refilter(&mut self) {
        let words: Vec<String> = self.filter.split_whitespace().map(str::to_lowercase).collect();
        let fits = |what_if: &WhatIf, number: usize| {
            let text = what_if.texts.get(number).map(String::as_str).unwrap_or_default();
            words.iter().all(|word| text.contains(word.as_str()))
        };
        self.shown = self
            .what_if()
            .map(|what_if| what_if.order.iter().copied().filter(|number| fits(what_if, *number)).collect())
            .unwrap_or_default();
        self.selected = 0;
    }

    /// Moves the selection.
    pub fn move_by(&mut self, by: isize) {
        self.selected = self.selected.saturating_add_signed(by).min(self.shown.len().saturating_sub(1));
    }

    /// Selects a thing by its name, where it is shown.
    pub fn select(&mut self, name: &Label) {
        let number = self.what_if().and_then(|what_if| what_if.at_hand().number_of(name));
        if let Some(number) = number {
            self.select_number(number);
        }
    }

    /// As [`Self::select`], by its number.
    pub fn select_number(&mut self, number: usize) {
        if let Some(place) = self.shown.iter().position(|shown| *shown == number) {
            self.selected = place;
        }
    }

    /// The next account after the selected thing that cannot be reached; the first one after the last.
    pub fn next_cut_off(&self) -> Option<usize> {
        let what_if = self.what_if()?;
        let is_it = |number: &usize| {
            let is_account = what_if.thing(*number).is_some_and(|thing| thing.kind == ThingKind::Account);
            is_account && what_if.stands(*number).is_cut_off()
        };
        let (before, after) = self.shown.split_at(self.shown.len().min(self.selected + 1));
        after.iter().chain(before).copied().find(is_it)
    }

    /// What is being done, in the title.
    pub fn name(&self) -> &'static str {
        match &self.doing {
            PlanStep::List => "",
            PlanStep::Choose(choice) => choice.name(),
            PlanStep::Findings => "Check",
            PlanStep::Form(form) => form.name(),
            PlanStep::Told { done, .. } => done.name,
        }
    }

    /// Where its keys go.
    pub fn scope(&self) -> Scope {
        match &self.doing {
            PlanStep::List if self.filtering => Scope::PlanFilter,
            PlanStep::List => Scope::Plan,
            PlanStep::Choose(_) => Scope::PlanChoice,
            PlanStep::Findings => Scope::PlanCheck,
            PlanStep::Form(_) => Scope::Field,
            PlanStep::Told { .. } => Scope::Done,
        }
    }

    /// The form that is being filled in.
    pub fn form(&self) -> Option<&Form> {
        if let PlanStep::Form(form) = &self.doing { Some(&form.form) } else { None }
    }
}
