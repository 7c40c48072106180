//! A runbook as data: parts under headings, steps with boxes. What it is written as is decided elsewhere.

use crate::entry::UnixSeconds;

use super::typed::Typed;

/// Most boxes below one step; what is more is counted.
pub(super) const MOST_TICKS: usize = 60;

/// What to do, step by step. All texts are safe to show on one line, and not yet written for any markup.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Runbook {
    /// Its name on the command line, safe to show.
    pub name: String,
    /// Its title.
    pub title: String,
    /// The device or the account that it is about, where it is about one.
    pub about: Option<String>,
    /// When it was filled in.
    pub made: UnixSeconds,
    /// Its parts, in the order in which they are gone through.
    pub parts: Vec<Part>,
    /// Of a person's own runbook: its Markdown as it was written, filled in.
    pub own_markdown: Option<String>,
}

impl Runbook {
    /// Its steps, with the heading of the part that each stands in.
    pub fn steps(&self) -> impl Iterator<Item = (&str, &Step)> {
        self.parts.iter().flat_map(|part| {
            part.items.iter().filter_map(|item| match item {
                Item::Step(step) => Some((part.heading.as_str(), step)),
                Item::Fill(_) | Item::Lines(_) | Item::Says(_) | Item::Types(_) | Item::Warns(_) => None,
            })
        })
    }
}

/// A part under a heading.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part {
    /// The heading; empty at the top of a page.
    pub heading: String,
    /// What stands in it.
    pub items: Vec<Item>,
}

/// A piece of a part.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Item {
    /// Lines to write on, each with what goes there.
    Fill(Vec<String>),
    /// Sentences, each on its own.
    Lines(Vec<String>),
    /// A paragraph.
    Says(String),
    /// One step with its box.
    Step(Step),
    /// What is typed at a terminal.
    Types(Vec<Typed>),
    /// A paragraph that must not be overlooked.
    Warns(String),
}

/// One step with its box.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Step {
    /// Its number, counted from 1 through the whole runbook.
    pub number: usize,
    /// What to do.
    pub text: String,
    /// What to know for it.
    pub notes: Vec<String>,
    /// What is ticked off one by one within it, each with a box.
    pub ticks: Vec<String>,
    /// What is typed at a terminal.
    pub commands: Vec<Typed>,
    /// What is written down of it by hand.
    pub fill: Vec<String>,
}

impl Step {
    /// Something to do.
    pub(super) fn new(text: impl Into<String>) -> Self {
        Self { text: text.into(), ..Self::default() }
    }

    /// Adds something to know.
    pub(super) fn note(mut self, note: impl Into<String>) -> Self {
        self.notes.push(note.into());
        self
    }

    /// Adds something to know, where there is something.
    pub(super) fn notes(mut self, notes: impl IntoIterator<Item = String>) -> Self {
        self.notes.extend(notes);
        self
    }

    /// Adds boxes, of very many the first.
    pub(super) fn ticks(mut self, ticks: impl IntoIterator<Item = String>) -> Self {
        let mut ticks = ticks.into_iter();
        self.ticks.extend(ticks.by_ref().take(MOST_TICKS));
        let n_more = ticks.count();
        if n_more > 0 {
            self.notes.push(format!("And {n_more} more, for which there is no room here: lifeboat list."));
        }
        self
    }

    /// Adds what is typed.
    pub(super) fn types(mut self, command: Typed) -> Self {
        self.commands.push(command);
        self
    }

    /// Adds lines to write on.
    pub(super) fn fill(mut self, fields: &[&str]) -> Self {
        self.fill.extend(fields.iter().map(|field| (*field).to_owned()));
        self
    }
}

/// Writes a runbook down part by part, and counts its steps.
#[derive(Debug, Default)]
pub(super) struct Writing {
    parts: Vec<Part>,
    n_steps: usize,
    /// What is not known, with what would make it known.
    unknown: Vec<(String, Option<Typed>)>,
}

impl Writing {
    /// Begins a part.
    pub(super) fn part(&mut self, heading: impl Into<String>) -> &mut Self {
        self.parts.push(Part { heading: heading.into(), items: Vec::new() });
        self
    }

    /// Adds a piece to the part that was begun last.
    pub(super) fn item(&mut self, item: Item) -> &mut Self {
        if self.parts.is_empty() {
            self.part("");
        }
        if let Some(part) = self.parts.last_mut() {
            part.items.push(item);
        }
        self
    }

    /// Adds a paragraph.
    pub(super) fn says(&mut self, text: impl Into<String>) -> &mut Self {
        self.item(Item::Says(text.into()))
    }

    /// Adds a paragraph that must not be overlooked.
    pub(super) fn warns(&mut self, text: impl Into<String>) -> &mut Self {
        self.item(Item::Warns(text.into()))
    }

    /// Adds sentences.
    pub(super) fn lines(&mut self, lines: impl IntoIterator<Item = String>) -> &mut Self {
        let lines: Vec<String> = lines.into_iter().collect();
        if lines.is_empty() { self } else { self.item(Item::Lines(lines)) }
    }

    /// Adds the next step.
    pub(super) fn step(&mut self, mut step: Step) -> &mut Self {
        self.n_steps += 1;
        step.number = self.n_steps;
        self.item(Item::Step(step))
    }

    /// Notes that something is not known.
    pub(super) fn lacks(&mut self, what: impl Into<String>, add: Option<Typed>) {
        let what = what.into();
        if !self.unknown.iter().any(|(known, _)| *known == what) {
            self.unknown.push((what, add));
        }
    }

    /// The parts, the last of which says what is not known.
    pub(super) fn finish(mut self) -> Vec<Part> {
        if !self.unknown.is_empty() {
            self.part("What this page does not know");
            self.says("It can be used as it is, with a pen. Put in what is missing when there is time:");
            for (what, add) in std::mem::take(&mut self.unknown) {
                self.lines([upper_first(&what)]);
                if let Some(add) = add {
                    self.item(Item::Types(vec![add]));
                }
            }
        }
        // What numbers a part counts those with a heading.
        self.parts.retain(|part| !part.items.is_empty());
        self.parts
    }
}

/// A text with a capital at its beginning.
pub(super) fn upper_first(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
}
