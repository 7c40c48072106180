//! The incidents: all of them, one with its things to do, and a new one being written down.

mod form;

use crate::app::incident::words::Group;
use crate::entry::Label;
use crate::recovery::ItemId;
use crate::recovery::incident::IncidentKind;
use crate::tui::form::Form;
use crate::tui::keymap::Scope;

pub use form::IncidentForm;

/// The incidents, and what is done with them.
#[derive(Debug, Default)]
pub struct IncidentsPage {
    /// What was read; `None` until it was.
    pub known: Option<IncidentsKnown>,
    /// The selected one.
    pub selected: usize,
    /// What is being done.
    pub doing: IncidentStep,
}

/// What is being done with the incidents.
#[derive(Debug, Default)]
pub enum IncidentStep {
    /// One is chosen.
    #[default]
    List,
    /// A new one is written down.
    Form(Box<IncidentForm>),
    /// One is worked off.
    Told(Box<IncidentTold>),
}

/// What could be read.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct IncidentsKnown {
    /// Those that are open first.
    pub rows: Vec<IncidentRow>,
    /// Devices that the vault or its plan names.
    pub devices: Vec<Label>,
    /// People that its plan names.
    pub persons: Vec<Label>,
}

/// One incident of the list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IncidentRow {
    /// Its id.
    pub id: ItemId,
    /// What happened.
    pub kind: IncidentKind,
    /// What it is about, where it is about something.
    pub subject: Option<Label>,
    /// The day on which it was opened.
    pub opened: String,
    /// How it stands, in words.
    pub state: String,
    /// It is a break-glass session that has not ended.
    pub is_running: bool,
    /// Nobody has closed it.
    pub is_open: bool,
    /// Why, or what is known; safe to show.
    pub reason: String,
}

/// Everything about one incident, safe to show.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IncidentShown {
    /// Its id.
    pub id: ItemId,
    /// Its kind, and what it is about.
    pub title: String,
    /// What it is and what it rests on.
    pub facts: Vec<(&'static str, String)>,
    /// Of a break-glass session: what was revealed.
    pub revealed: Option<Vec<String>>,
    /// Its things to do.
    pub groups: Vec<Group>,
    /// Nobody has closed it.
    pub is_open: bool,
    /// A break-glass session whose list is not stored yet: when it ends, in words.
    pub ends: Option<Ends>,
    /// Entries of the list were removed.
    pub is_away: bool,
}

/// When a break-glass session ends, in words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Ends {
    /// It runs until then.
    At(String),
    /// It has ended, and its list is to be made.
    Ended,
}

/// What stands on the page of an incident: one of it has the cursor.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum IncidentBlock<'a> {
    /// A fact.
    Fact(&'static str, &'a str),
    /// A line that stands by itself.
    Line(&'a str),
    /// What the things below it are about.
    Group(&'a Group),
    /// A thing to do: its group, and its place in it.
    Task(&'a Group, usize),
}

/// One incident that is being worked off.
#[derive(Debug)]
pub struct IncidentTold {
    /// It.
    pub shown: IncidentShown,
    /// The block that has the cursor.
    pub selected: usize,
    /// First line shown.
    pub offset: usize,
}

/// What a yes to a question about an incident means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum IncidentQuestion {
    /// End the session, or make its list.
    End(ItemId),
    /// Leave the form although something was typed.
    LeaveForm,
    /// Tick a thing off by its number.
    Tick(ItemId, usize),
}

impl IncidentShown {
    /// What stands on its page, in order.
    pub fn blocks(&self) -> Vec<IncidentBlock<'_>> {
        let mut blocks: Vec<IncidentBlock<'_>> =
            self.facts.iter().map(|(name, text)| IncidentBlock::Fact(name, text)).collect();
        match self.revealed.as_deref() {
            None => {}
            Some([]) => {
                blocks.extend([IncidentBlock::Line(""), IncidentBlock::Line("nothing was revealed in it")]);
            }
            Some(lines) => {
                blocks.extend([IncidentBlock::Line(""), IncidentBlock::Line("revealed in it:")]);
                blocks.extend(lines.iter().map(|line| IncidentBlock::Line(line)));
            }
        }
        for group in &self.groups {
            blocks.push(IncidentBlock::Line(""));
            blocks.push(IncidentBlock::Group(group));
            blocks.extend((0..group.tasks.len()).map(|place| IncidentBlock::Task(group, place)));
        }
        blocks
    }

    /// The block of a thing to do.
    fn block_of(&self, number: usize) -> Option<usize> {
        self.blocks().iter().position(|block| block.task().is_some_and(|task| task.number == number))
    }

    /// The first block of something that is not done.
    fn first_left(&self) -> Option<usize> {
        self.blocks().iter().position(|block| block.task().is_some_and(|task| !task.is_done))
    }
}

impl<'a> IncidentBlock<'a> {
    /// The thing to do.
    pub fn task(self) -> Option<&'a crate::app::incident::words::ToDo> {
        if let Self::Task(group, place) = self { group.tasks.get(place) } else { None }
    }

    /// The cursor goes there.
    fn is_stop(self) -> bool {
        !matches!(self, Self::Line("") | Self::Group(_))
    }
}

impl IncidentTold {
    /// Shows an incident with the cursor on the first thing that is left.
    pub fn new(shown: IncidentShown) -> Self {
        let selected = shown.first_left().unwrap_or(0);
        Self { shown, selected, offset: 0 }
    }

    /// The same incident as it is by now; the cursor stays on the thing that it was on.
    pub fn renew(&mut self, shown: IncidentShown) {
        let number = self.block(|block| block.task().map(|task| task.number)).flatten();
        self.selected = match number {
            Some(number) => shown.block_of(number).unwrap_or(0),
            // Of a session that was ended the list is worked off next.
            None if self.shown.ends.is_some() && shown.ends.is_none() => shown.first_left().unwrap_or(0),
            None => self.selected.min(shown.blocks().len().saturating_sub(1)),
        };
        self.shown = shown;
    }

    /// Looks at the block that has the cursor.
    pub fn block<T>(&self, look: impl FnOnce(IncidentBlock<'_>) -> T) -> Option<T> {
        self.shown.blocks().get(self.selected).copied().map(look)
    }

    /// Moves the cursor by a block, or the lines under the window where more of its block is to be read. `heights` are
    /// the lines of each block, `height` those of the window.
    pub fn step(&mut self, forward: bool, heights: &[usize], height: usize) {
        self.keep_in_view(heights, height);
        let (start, end) = bounds(&self.shown, heights, self.selected);
        if forward {
            if end > self.offset + height {
                self.offset += 1;
                return;
            }
            let blocks = self.shown.blocks();
            let next = (self.selected + 1..blocks.len())
                .find(|place| blocks.get(*place).is_some_and(|block| block.is_stop()));
            let Some(next) = next else { return };
            self.selected = next;
            let (start, end) = bounds(&self.shown, heights, self.selected);
            self.offset = self.offset.max(end.saturating_sub(height).min(start));
        } else {
            if start < self.offset {
                self.offset -= 1;
                return;
            }
            let blocks = self.shown.blocks();
            let before = (0..self.selected)
                .rev()
                .find(|place| blocks.get(*place).is_some_and(|block| block.is_stop()));
            let Some(before) = before else { return };
            self.selected = before;
            let (start, end) = bounds(&self.shown, heights, self.selected);
            self.offset = self.offset.min(start.max(end.saturating_sub(height)));
        }
    }

    /// The cursor to the first block, or the last.
    pub fn jump(&mut self, to_end: bool, heights: &[usize], height: usize) {
        if to_end {
            self.selected = heights.len().saturating_sub(1);
            self.offset = heights.iter().sum::<usize>().saturating_sub(height);
        } else {
            (self.selected, self.offset) = (0, 0);
        }
    }

    /// Moves the lines so that the block with the cursor is seen, from wherever they are.
    pub fn keep_in_view(&mut self, heights: &[usize], height: usize) {
        self.offset = in_view(self, heights, height);
    }
}

/// The first line shown, so that the block with the cursor is seen.
pub fn in_view(told: &IncidentTold, heights: &[usize], height: usize) -> usize {
    let (start, end) = bounds(&told.shown, heights, told.selected);
    let most = heights.iter().sum::<usize>().saturating_sub(height);
    let fits = end - start <= height;
    let offset = told.offset.min(most);
    if fits {
        offset.min(start).max(end.saturating_sub(height))
    } else {
        offset.clamp(start, end.saturating_sub(height))
    }
}

/// First line of a block and the line after it; what a thing to do is about is seen with the first of them.
fn bounds(shown: &IncidentShown, heights: &[usize], place: usize) -> (usize, usize) {
    let end: usize = heights.iter().take(place + 1).sum();
    let above = place.checked_sub(1);
    let is_first = above.and_then(|above| shown.blocks().get(above).copied());
    let first = above.filter(|_| matches!(is_first, Some(IncidentBlock::Group(_)))).unwrap_or(place);
    (heights.iter().take(first).sum(), end)
}

impl IncidentsPage {
    /// The selected one.
    pub fn row(&self) -> Option<&IncidentRow> {
        self.known.as_ref()?.rows.get(self.selected)
    }

    /// Puts what was read in; the selection stays on the one that it was on.
    pub fn fill(&mut self, known: IncidentsKnown) {
        let id = self.row().map(|row| row.id);
        self.known = Some(known);
        let rows = self.known.iter().flat_map(|known| &known.rows);
        let place = rows.clone().position(|row| Some(row.id) == id);
        self.selected = place.unwrap_or_else(|| self.selected.min(rows.count().saturating_sub(1)));
    }

    /// Moves the selection.
    pub fn move_by(&mut self, by: isize) {
        let n_rows = self.known.as_ref().map_or(0, |known| known.rows.len());
        self.selected = self.selected.saturating_add_signed(by).min(n_rows.saturating_sub(1));
    }

    /// Selects one by its id, where it is there.
    pub fn select(&mut self, id: ItemId) {
        let place = self.known.as_ref().and_then(|known| known.rows.iter().position(|row| row.id == id));
        self.selected = place.unwrap_or(self.selected);
    }

    /// The one that is worked off.
    pub fn told(&self) -> Option<&IncidentTold> {
        if let IncidentStep::Told(told) = &self.doing { Some(told) } else { None }
    }

    /// What is being done, in the title.
    pub fn name(&self) -> &'static str {
        match &self.doing {
            IncidentStep::List => "Incidents",
            IncidentStep::Form(_) => "Open an incident",
            IncidentStep::Told(_) => "Incident",
        }
    }

    /// Where its keys go.
    pub fn scope(&self) -> Scope {
        match &self.doing {
            IncidentStep::List => Scope::Incidents,
            IncidentStep::Form(_) => Scope::Field,
            IncidentStep::Told(_) => Scope::Incident,
        }
    }

    /// The form that is being filled in.
    pub fn form(&self) -> Option<&Form> {
        if let IncidentStep::Form(form) = &self.doing { Some(&form.form) } else { None }
    }
}
