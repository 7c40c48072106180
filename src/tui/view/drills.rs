//! The drills: what is due, what was run, and the steps of one.

use ratatui::Frame;
use ratatui::layout::{Position, Rect};
use ratatui::style::Style;
use ratatui::text::{Line, Span};
use ratatui::widgets::Paragraph;

use super::listed::{self, Layout};
use super::parts::{Page, cut, padded, wrap};
use super::window::Window;
use super::{big, forms, report};
use crate::app::status::count;
use crate::app::time;
use crate::tui::model::{
    Attesting, BundleForm, COMPACT_COLUMNS, DRILL_STEPS, DrillClock, DrillCode, DrillEntry, DrillRow,
    DrillRun, DrillStep, Drilling, DrillsPage, DueRow, ENDING_SECONDS, Model, ReportForm, Said,
};

/// Columns of a level with its day.
const LEVEL: usize = 16;
/// Columns of a day, of a level's name, of what was found.
const DAY: usize = 12;
const REACHED: usize = 7;
const FOUND: usize = 26;
/// Columns of what was said of a code, and of what was found of its entry.
const SAID: usize = 14;
/// Most lines that say what is due.
const MOST_DUE: usize = 3;
/// Lines below which figures are small.
const TALL: usize = 10;

pub(super) fn draw(model: &Model, page: &DrillsPage, frame: &mut Frame<'_>, area: Rect) {
    match &page.doing {
        Drilling::List | Drilling::History => list(model, page, frame, area),
        Drilling::Record(record) => {
            let mut lines = Page::new(model, area);
            lines.blank();
            lines.text("Which report? A drill on another machine makes one: `lifeboat drill run BUNDLE --report FILE`.");
            lines.quiet(
                "Its proofs are checked with the seeds of this vault, and the log gets one record of it.",
            );
            lines.blank();
            lines.form(&record.form);
            lines.wrong(record.wrong.as_deref());
            lines.draw(frame, area);
        }
        Drilling::Run(run) => {
            banner(model, run, frame, area);
            step(model, run, frame, below_banner(area));
        }
        Drilling::Told(done) => report::done(model, done, frame, area),
    }
}

/// Where the rows are; `None` where there are none.
pub(super) fn window(model: &Model, page: &DrillsPage, area: Rect) -> Option<Window> {
    match &page.doing {
        Drilling::List | Drilling::History => {
            layout(model, page, below_due(model, page, area)).map(|layout| layout.window)
        }
        Drilling::Run(run) => match &run.step {
            DrillStep::Attest(attesting) => {
                let area = below_banner(area);
                Some(attest_window(model, run, attesting, area))
            }
            DrillStep::Bundle(_) | DrillStep::Compared | DrillStep::Clock(_) | DrillStep::End(_) => None,
        },
        Drilling::Record(_) | Drilling::Told(_) => None,
    }
}

fn below(area: Rect, n_lines: usize) -> Rect {
    let n_lines = u16::try_from(n_lines).unwrap_or(u16::MAX).min(area.height);
    Rect { y: area.y + n_lines, height: area.height - n_lines, ..area }
}

/// What is due now, a line each, with a mark that needs no colour.
fn due_lines(model: &Model, page: &DrillsPage, area: Rect) -> Vec<Line<'static>> {
    let Some(known) = page.known.as_ref().filter(|_| matches!(page.doing, Drilling::List)) else {
        return Vec::new();
    };
    let width = usize::from(area.width);
    if known.due.is_empty() {
        let words = if known.bundles.is_empty() { return Vec::new() } else { "No drill is due." };
        return vec![Line::styled(words, model.theme.quiet()), Line::default()];
    }
    let most = if usize::from(area.height) < TALL { 1 } else { MOST_DUE };
    let mut lines: Vec<Line<'static>> = Vec::new();
    for (idx, due) in known.due.iter().take(most).enumerate() {
        let others = known.due.len() - most.min(known.due.len());
        let more =
            if idx + 1 == most && others > 0 { format!(" (and {others} more)") } else { String::new() };
        let room = width.saturating_sub(more.len());
        let words = cut(&format!("! {due}"), room, model.ascii);
        lines.push(Line::styled(format!("{words}{more}"), model.theme.wrong()));
    }
    if usize::from(area.height) >= TALL {
        lines.push(Line::default());
    }
    lines
}

fn below_due(model: &Model, page: &DrillsPage, area: Rect) -> Rect {
    below(area, due_lines(model, page, area).len())
}

fn layout(model: &Model, page: &DrillsPage, area: Rect) -> Option<Layout> {
    listed::layout(model, page.n_rows(), page.selected, page.selected_facts(), area)
}

fn list(model: &Model, page: &DrillsPage, frame: &mut Frame<'_>, area: Rect) {
    let Some(known) = &page.known else {
        let dots = if model.ascii { "..." } else { "…" };
        let words = format!("Reading the log{dots}");
        return frame.render_widget(Paragraph::new(Line::styled(words, model.theme.quiet())), area);
    };
    frame.render_widget(Paragraph::new(due_lines(model, page, area)), area);
    let area = below_due(model, page, area);
    let is_history = matches!(page.doing, Drilling::History);
    let Some(layout) = layout(model, page, area) else { return empty(model, is_history, frame, area) };
    let width = usize::from(area.width);
    if is_history {
        let lines = known.history.iter().enumerate();
        let lines = lines.map(|(idx, row)| drilled(model, row, idx == page.selected, width));
        return listed::draw(frame, area, layout, page.selected, history_heading(model, width), lines);
    }
    let lines = known.bundles.iter().enumerate();
    let lines = lines.map(|(idx, row)| bundle_line(model, row, idx == page.selected, width));
    listed::draw(frame, area, layout, page.selected, heading(model, width), lines);
}

fn is_compact(width: usize) -> bool {
    width < usize::from(COMPACT_COLUMNS)
}

/// Columns of a bundle's name.
fn name_columns(width: usize) -> usize {
    width.saturating_sub(2 + 3 * LEVEL).clamp(12, 40)
}

fn heading(model: &Model, width: usize) -> Line<'static> {
    let words = if is_compact(width) {
        "  BUNDLE, AND WHAT IS DUE".to_owned()
    } else {
        let level = |words| padded(words, LEVEL, model.ascii);
        let name = padded("BUNDLE", name_columns(width), model.ascii);
        format!("  {name}{}{}L3 ACCEPTED", level("L1 OPENS"), level("L2 RESTORED"))
    };
    Line::styled(cut(&words, width, model.ascii), model.theme.quiet())
}

fn bundle_line(model: &Model, row: &DueRow, is_selected: bool, width: usize) -> Line<'static> {
    let marker = if is_selected { "> " } else { "  " };
    let style = if is_selected { model.theme.selected() } else { Style::new() };
    if is_compact(width) {
        let due: Vec<&str> = ["L1", "L2", "L3"]
            .into_iter()
            .zip(&row.levels)
            .filter_map(|(level, cell)| cell.is_due.then_some(level))
            .collect();
        let (words, due_style) = if due.is_empty() {
            (String::new(), Style::new())
        } else {
            (format!("  DUE {}", due.join(" ")), model.theme.wrong())
        };
        let room = width.saturating_sub(2 + words.len());
        let name = Span::styled(format!("{marker}{}", cut(&row.name, room, model.ascii)), style);
        return Line::from(vec![name, Span::styled(words, due_style)]);
    }
    let name = padded(&row.name, name_columns(width), model.ascii);
    let mut spans = vec![Span::styled(format!("{marker}{name}"), style)];
    for cell in &row.levels {
        let (words, style) = if cell.is_due {
            (format!("DUE {}", cell.day), model.theme.wrong())
        } else {
            (cell.day.clone(), Style::new())
        };
        let room = LEVEL - 2;
        spans.push(Span::styled(cut(&words, room, model.ascii), style));
        let n_spaces = LEVEL.saturating_sub(spans.last().map_or(0, Span::width));
        spans.push(" ".repeat(n_spaces).into());
    }
    if row.levels.is_empty() {
        let used: usize = spans.iter().map(Span::width).sum();
        let words = cut(&row.standing, width.saturating_sub(used), model.ascii);
        spans.push(Span::styled(words, model.theme.quiet()));
    }
    Line::from(spans)
}

fn history_heading(model: &Model, width: usize) -> Line<'static> {
    let column = |words, columns| padded(words, columns, model.ascii);
    let words = format!(
        "  {}{}{}{}",
        column("DRILLED", DAY),
        column("LEVEL", REACHED),
        column("FOUND", FOUND.min(width / 3)),
        "BUNDLE"
    );
    Line::styled(cut(&words, width, model.ascii), model.theme.quiet())
}

fn drilled(model: &Model, row: &DrillRow, is_selected: bool, width: usize) -> Line<'static> {
    let marker = if is_selected { "> " } else { "  " };
    let style = if is_selected { model.theme.selected() } else { Style::new() };
    let found_style = if row.has_findings { model.theme.wrong() } else { Style::new() };
    let mark = if row.has_findings { "! " } else { "" };
    let found_columns = FOUND.min(width / 3);
    let mut spans = vec![
        Span::styled(format!("{marker}{}", padded(&row.day, DAY, model.ascii)), style),
        padded(row.level, REACHED, model.ascii).into(),
        Span::styled(padded(&format!("{mark}{}", row.found), found_columns, model.ascii), found_style),
    ];
    let used: usize = spans.iter().map(Span::width).sum();
    spans.push(cut(&row.bundle, width.saturating_sub(used), model.ascii).into());
    Line::from(spans)
}

fn empty(model: &Model, is_history: bool, frame: &mut Frame<'_>, area: Rect) {
    let mut page = Page::new(model, area);
    page.blank();
    if is_history {
        page.text("No drill was run yet: the log has a record of each.");
        page.blank();
    }
    page.text(
        "A drill is a rehearsed restore: a bundle is opened with what would open it on the day, and compared with the vault. It changes nothing.",
    );
    page.blank();
    page.key("  r  ", "run one: have the bundle at hand, and what opens it");
    page.key("  b  ", "bring the report of one home that was run on another machine");
    if !is_history {
        page.key("  2  ", "the bundles: without one there is nothing to rehearse");
    }
    page.draw(frame, area);
}

/// So that nobody takes it for the restore itself: in words, in reverse.
fn banner(model: &Model, run: &DrillRun, frame: &mut Frame<'_>, area: Rect) {
    let words = match &run.step {
        DrillStep::Bundle(bundle) if bundle.about.is_none() => "which bundle",
        DrillStep::Bundle(_) => "open it",
        DrillStep::Compared => "what it holds",
        DrillStep::Clock(_) => "the clock",
        DrillStep::Attest(_) => "codes that services accept",
        DrillStep::End(_) => "the end",
    };
    let tag = " DRILL ";
    let room = usize::from(area.width).saturating_sub(tag.len() + 2);
    let words = format!("step {} of {DRILL_STEPS}: {words}; nothing is restored", run.step.number());
    let line = Line::from(vec![
        Span::styled(tag, model.theme.banner()),
        Span::raw("  "),
        Span::styled(cut(&words, room, model.ascii), model.theme.title()),
    ]);
    frame.render_widget(Paragraph::new(line), Rect { height: area.height.min(1), ..area });
}

fn below_banner(area: Rect) -> Rect {
    below(area, 1)
}

fn step(model: &Model, run: &DrillRun, frame: &mut Frame<'_>, area: Rect) {
    match &run.step {
        DrillStep::Bundle(bundle) => at_bundle(model, bundle, frame, area),
        DrillStep::Compared => report::done(model, &run.opened.compared, frame, area),
        DrillStep::Clock(clock) => at_clock(model, run, clock, frame, area),
        DrillStep::Attest(attesting) => at_codes(model, run, attesting, frame, area),
        DrillStep::End(end) => at_end(model, run, end, frame, area),
    }
}

fn at_bundle(model: &Model, bundle: &BundleForm, frame: &mut Frame<'_>, area: Rect) {
    let mut page = Page::new(model, area);
    page.blank();
    page.text(match bundle.about {
        None => "Which bundle is rehearsed? Take it from where it would be taken on the day.",
        Some(_) => "The file is whole (L0). It says of itself:",
    });
    forms::bundle(&mut page, model, bundle, "  ");
    page.draw(frame, area);
}

fn at_clock(model: &Model, run: &DrillRun, clock: &DrillClock, frame: &mut Frame<'_>, area: Rect) {
    let is_tall = usize::from(area.height) >= TALL;
    let mut page = Page::new(model, area);
    // The machine's own clock, whatever is corrected for codes.
    let now = model.now.saturating_add_signed(model.clock.correction.saturating_neg());
    let shown = time::shown(now);
    let (day, rest) = shown.split_once('T').unwrap_or((shown.as_str(), ""));
    let clock_text = rest.get(..8).unwrap_or_default();
    if is_tall {
        page.blank();
    }
    let fits = usize::from(area.height) > big::ROWS;
    match big::rows(clock_text, page.width().saturating_sub(2), model.ascii).filter(|_| fits) {
        Some(rows) => {
            for row in rows {
                page.spans(vec![Span::styled(format!("  {}", row.trim_end()), model.theme.title())]);
            }
        }
        None => page.styled(&format!("  {clock_text}"), model.theme.title()),
    }
    if is_tall {
        page.text(&format!("  {day}, UTC"));
        page.blank();
        page.text("Codes are made by this clock. Compare it with one that is certainly right: a phone, a radio clock.");
    }
    match (&clock.told, &run.opened.clock_entry) {
        (Some(told), _) => {
            page.text(told);
            page.key("Enter ", "goes on");
            page.focus();
        }
        (None, Some(title)) => {
            if is_tall {
                page.quiet(&format!(
                    "Better still: the code that another device shows now for {title}. Empty: it is not tested."
                ));
                page.blank();
            }
            page.field("Its code: ", &clock.field);
            page.wrong(clock.wrong.as_deref());
        }
        (None, None) => {
            page.quiet("No entry of this bundle makes codes by the clock that could be compared.");
            page.key("Enter ", "goes on");
            page.focus();
        }
    }
    page.draw(frame, area);
}

/// What stands above the entries: the code that is shown, or what to do.
fn above_codes(model: &Model, run: &DrillRun, attesting: &Attesting, area: Rect) -> Vec<Line<'static>> {
    let width = usize::from(area.width);
    let is_tall = usize::from(area.height) >= TALL + big::ROWS;
    let mut lines = if is_tall { vec![Line::default()] } else { Vec::new() };
    if let Some(code) = &attesting.shown {
        let title = run.opened.entries.iter().find(|entry| entry.id == code.id);
        let title = title.map(|entry| entry.title.as_str()).unwrap_or_default();
        lines.extend(code_lines(model, code, title, width, is_tall));
    } else {
        let words = "Sign in somewhere with a code of this bundle, where that can be undone or does no harm. Any number of services, or none.";
        let quiet = wrap(words, width).into_iter().map(|line| Line::styled(line, model.theme.quiet()));
        lines.extend(quiet.take(if is_tall { 3 } else { 1 }));
    }
    if is_tall {
        lines.push(Line::default());
    }
    lines
}

fn code_lines(
    model: &Model,
    code: &DrillCode,
    title: &str,
    width: usize,
    is_tall: bool,
) -> Vec<Line<'static>> {
    let seconds = code.ends.map(|ends| ends.saturating_sub(model.now));
    let is_ending = seconds.is_some_and(|seconds| seconds <= ENDING_SECONDS);
    let left = match seconds {
        Some(seconds) => format!("{}{seconds} s left", if is_ending { "! " } else { "" }),
        None => "of a counter: the service moves on by it".to_owned(),
    };
    let heading = cut(&format!("{title}   {left}"), width, model.ascii);
    if model.hides_codes() {
        return vec![Line::from(heading), Line::from("The code is hidden while the keyboard is elsewhere.")];
    }
    let style = if is_ending { model.theme.ending() } else { model.theme.code() };
    let mut lines = vec![Line::from(heading)];
    let large = big::rows(code.code.expose(), width.saturating_sub(2), model.ascii).filter(|_| is_tall);
    match large {
        Some(rows) => {
            lines.extend(
                rows.into_iter().map(|row| Line::from(vec![Span::raw("  "), Span::styled(row, style)])),
            );
        }
        None => lines.push(Line::styled(format!("  {}", code.code.expose()), style)),
    }
    lines
}

fn attest_window(model: &Model, run: &DrillRun, attesting: &Attesting, area: Rect) -> Window {
    let n_above = above_codes(model, run, attesting, area).len();
    let height = usize::from(area.height).saturating_sub(n_above).max(1);
    Window::new(usize::from(area.y) + n_above, run.opened.entries.len(), height, attesting.selected)
}

fn at_codes(model: &Model, run: &DrillRun, attesting: &Attesting, frame: &mut Frame<'_>, area: Rect) {
    let width = usize::from(area.width);
    let mut lines = above_codes(model, run, attesting, area);
    let window = attest_window(model, run, attesting, area);
    for (idx, entry) in run.opened.entries.iter().enumerate().skip(window.skipped).take(window.n_seen) {
        let is_selected = idx == attesting.selected;
        if is_selected && let Ok(y) = u16::try_from(lines.len()) {
            frame.set_cursor_position(Position { x: area.x, y: area.y + y });
        }
        lines.push(entry_line(model, entry, is_selected, width));
    }
    if run.opened.entries.is_empty() {
        lines.push(Line::from("There is no entry in this bundle that gives a code."));
    }
    frame.render_widget(Paragraph::new(lines), area);
}

fn entry_line(model: &Model, entry: &DrillEntry, is_selected: bool, width: usize) -> Line<'static> {
    let marker = if is_selected { "> " } else { "  " };
    let style = if is_selected { model.theme.selected() } else { Style::new() };
    let (said, said_style) = match &entry.said {
        Some(Said::Accepted(_)) => ("ACCEPTED", model.theme.code()),
        Some(Said::NotAccepted) => ("NOT ACCEPTED", model.theme.wrong()),
        None => ("-", model.theme.quiet()),
    };
    let name_columns = (width / 2).min(44);
    let mut spans = vec![
        Span::styled(format!("{marker}{}", padded(&entry.title, name_columns, model.ascii)), style),
        Span::styled(padded(said, SAID, model.ascii), said_style),
    ];
    let used: usize = spans.iter().map(Span::width).sum();
    let rest = match &entry.said {
        Some(Said::Accepted(reference)) => reference.as_str(),
        Some(Said::NotAccepted) | None => entry.verdict,
    };
    spans.push(Span::raw(cut(rest, width.saturating_sub(used), model.ascii)));
    Line::from(spans)
}

fn at_end(model: &Model, run: &DrillRun, end: &ReportForm, frame: &mut Frame<'_>, area: Rect) {
    let mut page = Page::new(model, area);
    page.blank();
    let accepted = run.opened.entries.iter().filter(|entry| matches!(entry.said, Some(Said::Accepted(_))));
    let ends = if run.opened.is_of_vault {
        "Enter ends the drill: one record goes into the log."
    } else {
        "Enter ends the drill. It is of another vault: this one's log gets no record, and a report is all that stays."
    };
    page.text(&format!("{} attested. {ends}", count(accepted.count(), "code is", "codes are")));
    page.text(
        "A report is for somebody else: what was done and found, signed. It holds no seed and no code.",
    );
    page.blank();
    page.form(&end.form);
    page.quiet(&format!("Signed by {}.", run.opened.signer));
    page.wrong(end.wrong.as_deref());
    page.draw(frame, area);
}
