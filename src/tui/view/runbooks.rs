//! The runbooks, what one is asked for, and one filled in: the same that the command prints, for a screen.

use ratatui::Frame;
use ratatui::layout::{Position, Rect};
use ratatui::style::Style;
use ratatui::text::{Line, Span};
use ratatui::widgets::Paragraph;
use unicode_width::UnicodeWidthStr as _;

use super::listed::{self, Layout};
use super::parts::{Page, cut, padded, wrap};
use super::window::Window;
use crate::app::runbook::{Item, Runbook, Step, Typed};
use crate::app::time;
use crate::tui::model::{FilledIn, Model, RunbookStep, RunbooksPage, Screen};

/// Columns of a name in the list.
const NAME: usize = 18;
/// How far what belongs to a step stands in, and how far commands do.
const INDENT: usize = 4;
const COMMAND: usize = 6;

pub(super) fn draw(model: &Model, page: &RunbooksPage, frame: &mut Frame<'_>, area: Rect) {
    match &page.doing {
        RunbookStep::List => list(model, page, frame, area),
        RunbookStep::Ask(ask) => {
            let mut page = Page::new(model, area);
            page.text(&format!("{}: what is it about? Both may stay empty.", ask.shown));
            page.blank();
            page.form(&ask.form);
            page.wrong(ask.wrong.as_deref());
            page.draw(frame, area);
        }
        RunbookStep::Shown(shown) => read(model, shown, frame, area),
        RunbookStep::Write(shown, form, wrong) => {
            let mut page = Page::new(model, area);
            page.text(&format!("{}: where is it written?", title(&shown.runbook)));
            page.quiet("It is a map for an attacker: print it, lock it away, and destroy the file.");
            page.blank();
            page.form(form);
            page.wrong(wrong.as_deref());
            page.draw(frame, area);
        }
    }
}

/// Where the rows are; `None` where there are none.
pub(super) fn window(model: &Model, page: &RunbooksPage, area: Rect) -> Option<Window> {
    match page.doing {
        RunbookStep::List => layout(model, page, area).map(|layout| layout.window),
        RunbookStep::Ask(_) | RunbookStep::Shown(_) | RunbookStep::Write(..) => None,
    }
}

fn layout(model: &Model, page: &RunbooksPage, area: Rect) -> Option<Layout> {
    let facts = page.row().map(|row| {
        let whose = if row.own { "your own" } else { "every vault has it" };
        vec![("runbook", row.shown.clone()), ("for", row.what.clone()), ("whose", whose.to_owned())]
    });
    listed::layout(model, page.rows.as_ref().map(Vec::len), page.selected, facts.as_deref(), area)
}

fn list(model: &Model, page: &RunbooksPage, frame: &mut Frame<'_>, area: Rect) {
    let Some(rows) = &page.rows else { return };
    let Some(layout) = layout(model, page, area) else { return };
    let width = usize::from(area.width);
    let words = "What to do, step by step, filled in from this vault and its plan.";
    let heading = Line::styled(cut(words, width, model.ascii), model.theme.quiet());
    let lines = rows.iter().enumerate().map(|(idx, row)| {
        let is_selected = idx == page.selected;
        let marker = if is_selected { "> " } else { "  " };
        let style = if is_selected { model.theme.selected() } else { Style::new() };
        let columns = NAME.min(width / 2);
        let name = Span::styled(format!("{marker}{}", padded(&row.shown, columns, model.ascii)), style);
        let room = width.saturating_sub(columns + 2);
        Line::from(vec![name, Span::raw(cut(&row.what, room, model.ascii))])
    });
    listed::draw(frame, area, layout, page.selected, heading, lines);
}

fn read(model: &Model, shown: &FilledIn, frame: &mut Frame<'_>, area: Rect) {
    let lines = lines(model, &shown.runbook, usize::from(area.width));
    let most = lines.len().saturating_sub(usize::from(area.height));
    frame.set_cursor_position(Position { x: area.x, y: area.y });
    let seen: Vec<Line<'_>> = lines.into_iter().skip(shown.offset.min(most)).collect();
    frame.render_widget(Paragraph::new(seen), area);
}

/// How many lines of the runbook can lie above a screen that shows its end.
pub fn most_above_runbook(model: &Model) -> usize {
    let Screen::Runbooks(RunbooksPage { doing: RunbookStep::Shown(shown), .. }) = &model.screen else {
        return 0;
    };
    // Title, notice and footer take a line each.
    let height = usize::from(model.size.1).saturating_sub(3);
    lines(model, &shown.runbook, usize::from(model.size.0)).len().saturating_sub(height)
}

fn title(runbook: &Runbook) -> String {
    match &runbook.about {
        Some(about) => format!("{}: {about}", runbook.title),
        None => runbook.title.clone(),
    }
}

/// The lines of a runbook, wrapped.
struct Lines<'m> {
    model: &'m Model,
    width: usize,
    drawn: Vec<Line<'static>>,
}

fn lines(model: &Model, runbook: &Runbook, width: usize) -> Vec<Line<'static>> {
    let mut page = Lines { model, width, drawn: Vec::new() };
    page.put("", 0, &title(runbook), model.theme.title());
    let made =
        format!("{}, filled in on {} (UTC). w writes it to a file.", runbook.name, time::day(runbook.made));
    page.put("", 0, &made, model.theme.quiet());
    let own = runbook.own_markdown.as_deref().unwrap_or_default().trim();
    if !own.is_empty() {
        page.blank();
        own.lines().for_each(|line| page.put("", 0, line, Style::new()));
    }
    // Of a person's own the text says the rest, as on paper.
    let n_parts = if own.is_empty() { runbook.parts.len() } else { 1 };
    for part in runbook.parts.iter().take(n_parts) {
        if !part.heading.is_empty() {
            page.blank();
            page.put("", 0, &part.heading, model.theme.title());
        }
        for item in &part.items {
            page.blank();
            page.item(item);
        }
    }
    page.drawn
}

impl Lines<'_> {
    fn blank(&mut self) {
        self.drawn.push(Line::default());
    }

    /// A text behind a mark; continued lines stand under the words.
    fn put(&mut self, mark: &str, indent: usize, text: &str, style: Style) {
        let mark = format!("{:indent$}{mark}", "");
        let column = mark.width();
        for (idx, line) in wrap(text, self.width.saturating_sub(column)).into_iter().enumerate() {
            let mark = if idx == 0 { mark.clone() } else { " ".repeat(column) };
            self.drawn.push(Line::from(vec![Span::raw(mark), Span::styled(line, style)]));
        }
    }

    fn item(&mut self, item: &Item) {
        match item {
            Item::Fill(fields) => self.fill(0, fields),
            Item::Lines(lines) => lines.iter().for_each(|line| self.put("- ", 0, line, Style::new())),
            Item::Says(text) => self.put("", 0, text, Style::new()),
            Item::Step(step) => self.step(step),
            Item::Types(commands) => self.types(INDENT, commands),
            Item::Warns(text) => self.put("! ", 0, text, self.model.theme.wrong()),
        }
    }

    fn step(&mut self, step: &Step) {
        self.put(&format!("[ ] {}. ", step.number), 0, &step.text, Style::new());
        for note in &step.notes {
            self.put("", INDENT, note, self.model.theme.quiet());
        }
        self.types(COMMAND, &step.commands);
        for tick in &step.ticks {
            self.put("[ ] ", INDENT, tick, Style::new());
        }
        self.fill(INDENT, &step.fill);
    }

    fn types(&mut self, indent: usize, commands: &[Typed]) {
        let room = self.width.saturating_sub(indent).max(1);
        for line in commands.iter().flat_map(|command| command.lines(room)) {
            self.put("", indent, &line, self.model.theme.key());
        }
    }

    fn fill(&mut self, indent: usize, fields: &[String]) {
        for field in fields {
            self.put("", indent, &format!("{field}: ........"), self.model.theme.quiet());
        }
    }
}
