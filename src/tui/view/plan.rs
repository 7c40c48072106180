//! The plan: its things with how each stands, what is marked as lost and what that takes away, and all that is known of
//! the selected one. Colour is never the only signal: what cannot be reached says so in capitals.

mod pages;

use ratatui::Frame;
use ratatui::layout::{Position, Rect};
use ratatui::style::Style;
use ratatui::text::{Line, Span};
use ratatui::widgets::Paragraph;
use unicode_width::UnicodeWidthStr as _;

use super::parts::{Page, cut, padded, wrap};
use super::report;
use super::window::Window;
use crate::app::status::count;
use crate::entry::label;
use crate::recovery::plan::ThingKind;
use crate::tui::message::{Message, PlanMessage};
use crate::tui::model::{COMPACT_COLUMNS, Model, PlanKnown, PlanPage, PlanStep, Stands, WhatIf};

/// Columns of a kind, of whose a thing is, and of how it stands.
const KIND: usize = 19;
const KIND_IN_FULL: usize = 36;
/// Columns of a list from which a kind is told in full.
const ROOMY: usize = 90;
const WHOSE: usize = 7;
const STANDS: usize = 12;
/// Columns of the marks before a name.
const MARKS: usize = 4;
/// Lines from which the selected thing is told below the list, and how much of them it may take.
const TALL: usize = 14;
/// Lines from which a plan that has nothing yet says what one is for.
const TALL_INTRODUCTION: usize = 16;
/// Most lines of the accounts that could not be reached.
const MOST_TAKEN: usize = 2;
/// Fewest columns of the list where the selected thing stands beside it.
const LIST_BESIDE_PANEL: u16 = 64;

/// What is done with the plan wherever one is: it is about no thing.
pub(super) fn is_of_vault(message: &Message) -> bool {
    matches!(message, Message::Plan(PlanMessage::Add | PlanMessage::Check(_)))
}

pub(super) fn draw(model: &Model, page: &PlanPage, frame: &mut Frame<'_>, area: Rect) {
    match &page.doing {
        PlanStep::List => list(model, page, frame, area),
        PlanStep::Choose(choice) => pages::choice(model, choice, frame, area),
        PlanStep::Findings => pages::findings(model, page, frame, area),
        PlanStep::Form(form) => pages::form(model, form, frame, area),
        PlanStep::Told { done, .. } => report::done(model, done, frame, area),
    }
}

/// Where the rows are; `None` where there are none.
pub(super) fn window(model: &Model, page: &PlanPage, area: Rect) -> Option<Window> {
    match &page.doing {
        PlanStep::List => layout(model, page, area).map(|layout| layout.window),
        PlanStep::Choose(choice) => pages::choice_window(model, choice, area),
        PlanStep::Findings => pages::findings_window(model, page, area),
        PlanStep::Form(_) | PlanStep::Told { .. } => None,
    }
}

/// Where the rows are, and what stands around them.
struct Layout {
    above: Vec<Line<'static>>,
    window: Window,
    list: Rect,
    panel: Option<Rect>,
    details: Vec<Line<'static>>,
}

fn layout(model: &Model, page: &PlanPage, area: Rect) -> Option<Layout> {
    let (what_if, number) = page.what_if().zip(page.selected_number())?;
    let facts = what_if.facts(number);
    let n_rows = page.shown.len();
    let height = usize::from(area.height);
    if model.is_wide() {
        let width = LIST_BESIDE_PANEL.max(area.width / 5 * 3).min(area.width);
        let list = Rect { width, ..area };
        let panel = Rect { x: area.x + width + 2, width: area.width.saturating_sub(width + 2), ..area };
        let mut details = vec![Line::styled(
            cut(&what_if.name(number), usize::from(panel.width), model.ascii),
            model.theme.title(),
        )];
        details.extend(report::facts(model, &facts, usize::from(panel.width)));
        shorten(model, &mut details, height);
        let above = above(model, page, what_if, list);
        let window = Window::new(
            usize::from(area.y) + above.len(),
            n_rows,
            height.saturating_sub(above.len()),
            page.selected,
        );
        return Some(Layout { above, window, list, panel: Some(panel), details });
    }
    let above = above(model, page, what_if, area);
    let room = height.saturating_sub(above.len());
    let mut details = Vec::new();
    if room >= TALL {
        details = report::facts(model, &facts, usize::from(area.width));
        // The list is what one moves in: it keeps more than half of the room.
        shorten(model, &mut details, room * 2 / 5);
        details.insert(0, Line::default());
    }
    let window = Window::new(
        usize::from(area.y) + above.len(),
        n_rows,
        room.saturating_sub(details.len()),
        page.selected,
    );
    Some(Layout { above, window, list: area, panel: None, details })
}

/// Cuts what is known to so many lines, and says where the rest stands.
fn shorten(model: &Model, details: &mut Vec<Line<'static>>, most: usize) {
    if details.len() > most && most > 1 {
        details.truncate(most - 1);
        details.push(Line::styled("Enter shows all of it", model.theme.quiet()));
    }
    details.truncate(most);
}

fn list(model: &Model, page: &PlanPage, frame: &mut Frame<'_>, area: Rect) {
    frame.set_cursor_position(Position { x: area.x, y: area.y });
    if let Some(PlanKnown::NotRead(lines)) = &page.known {
        return not_read(model, lines, frame, area);
    }
    let Some(Layout { above, window, list, panel, details }) = layout(model, page, area) else {
        return nothing(model, page, frame, area);
    };
    let Some(what_if) = page.what_if() else { return };
    let mut lines = above;
    for place in window.skipped..window.skipped + window.n_seen {
        let Some(number) = page.shown.get(place).copied() else { break };
        let is_selected = place == page.selected;
        if is_selected && let Ok(y) = u16::try_from(lines.len()) {
            frame.set_cursor_position(Position { x: area.x, y: area.y + y });
        }
        lines.push(row(model, what_if, number, is_selected, usize::from(list.width)));
    }
    if let Some(panel) = panel {
        frame.render_widget(Paragraph::new(details), panel);
    } else {
        lines.extend(details);
    }
    filter_cursor(page, frame, area);
    frame.render_widget(Paragraph::new(lines), list);
}

/// The terminal's cursor stands where the filter is typed.
fn filter_cursor(page: &PlanPage, frame: &mut Frame<'_>, area: Rect) {
    if page.filtering {
        let column = u16::try_from(1 + label::shown(&page.filter).width()).unwrap_or(u16::MAX);
        let x = area.x + column.min(area.width.saturating_sub(1));
        frame.set_cursor_position(Position { x, y: area.y });
    }
}

/// What stands above the rows: how much there is, what is marked, and what that takes away.
fn above(model: &Model, page: &PlanPage, what_if: &WhatIf, area: Rect) -> Vec<Line<'static>> {
    let width = usize::from(area.width);
    let is_low = usize::from(area.height) < TALL;
    let mut lines = vec![heading(model, page, what_if, width)];
    if what_if.n_own() == 0 && what_if.marked().is_empty() && page.filter.is_empty() && !page.filtering {
        lines.extend(introduction(model, area));
        return lines;
    }
    let quiet = |words: &str| Line::styled(cut(words, width, model.ascii), model.theme.quiet());
    if !what_if.marked().is_empty() {
        let marked = what_if.names(what_if.marked().iter().copied());
        lines.push(Line::styled(cut(&format!("if lost: {marked}"), width, model.ascii), model.theme.key()));
        if what_if.taken_away().is_empty() {
            lines.push(quiet("every account is still reached"));
        }
    } else if !is_low && what_if.not_now().is_empty() {
        lines.push(quiet("Space loses a thing in thought: what is left? Nothing is saved."));
    }
    lines.extend(wrong(model, what_if.taken_away(), what_if, "could not be reached", width, is_low));
    lines.extend(wrong(model, what_if.not_now(), what_if, "cannot be reached even now", width, is_low));
    if !is_low {
        lines.push(Line::default());
    }
    lines
}

/// So many accounts could not be reached: these.
fn wrong(
    model: &Model,
    accounts: &[usize],
    what_if: &WhatIf,
    words: &str,
    width: usize,
    is_low: bool,
) -> Vec<Line<'static>> {
    if accounts.is_empty() {
        return Vec::new();
    }
    let n = count(accounts.len(), "account", "accounts");
    let text = format!("! {n} {words}: {}", what_if.names(accounts.iter().copied()));
    let most = if is_low { 1 } else { MOST_TAKEN };
    let mut lines = wrap(&text, width);
    if lines.len() > most {
        let last = cut(&lines.split_off(most - 1).join(" "), width, model.ascii);
        lines.push(last);
    }
    lines.into_iter().map(|line| Line::styled(line, model.theme.wrong())).collect()
}

/// What a plan is for, while there is none, and how to begin.
fn introduction(model: &Model, area: Rect) -> Vec<Line<'static>> {
    let width = usize::from(area.width);
    if usize::from(area.height) < TALL_INTRODUCTION {
        let words = "No plan of yours yet: t begins one, a adds a thing.";
        return vec![Line::styled(cut(words, width, model.ascii), model.theme.key())];
    }
    let what = "A plan says what each account is reached through, and what that needs in turn: devices, places, \
                people, passwords. Space loses a thing in thought, and what could no longer be reached says so. \
                Below is what the vault knows by itself.";
    let mut lines: Vec<Line<'static>> = wrap(what, width).into_iter().map(Line::from).collect();
    for (key, words) in [("t", "begin with a template for a common set-up"), ("a", "add the first thing")] {
        lines.push(Line::from(vec![
            Span::styled(format!("  {key}  "), model.theme.key()),
            cut(words, width.saturating_sub(5), model.ascii).into(),
        ]));
    }
    lines.push(Line::default());
    lines
}

fn heading(model: &Model, page: &PlanPage, what_if: &WhatIf, width: usize) -> Line<'static> {
    let n_things = what_if.at_hand().things().len();
    if page.filtering || !page.filter.is_empty() {
        let words = format!("/{}   {} of {n_things} shown", label::shown(&page.filter), page.shown.len());
        return Line::styled(cut(&words, width, model.ascii), model.theme.key());
    }
    let words = format!(
        "{}, {} of them yours; {}",
        count(n_things, "thing", "things"),
        what_if.n_own(),
        count(what_if.at_hand().accounts().len(), "account", "accounts"),
    );
    Line::styled(cut(&words, width, model.ascii), model.theme.quiet())
}

fn row(model: &Model, what_if: &WhatIf, number: usize, is_selected: bool, width: usize) -> Line<'static> {
    let kind = what_if.thing(number).map_or(ThingKind::Other, |thing| thing.kind);
    let stands = what_if.stands(number);
    let is_wrong = stands.is_cut_off() && kind == ThingKind::Account || stands == Stands::Lost;
    let word_style = if is_wrong {
        model.theme.wrong()
    } else if stands == Stands::There {
        model.theme.quiet()
    } else {
        model.theme.key()
    };
    let style = if is_selected {
        model.theme.selected()
    } else if is_wrong {
        model.theme.wrong()
    } else {
        Style::new()
    };
    let marker = if is_selected { "> " } else { "  " };
    let mark = match stands {
        Stands::Marked => "x ",
        Stands::Lost => "L ",
        Stands::TakenAway | Stands::NotNow if is_wrong => "! ",
        Stands::There | Stands::TakenAway | Stands::NotNow => "  ",
    };
    let name = what_if.name(number);
    let is_compact = width < usize::from(COMPACT_COLUMNS);
    let kind_columns = if width < ROOMY { KIND } else { KIND_IN_FULL };
    let others = if is_compact { STANDS } else { kind_columns + WHOSE + STANDS };
    let room = width.saturating_sub(MARKS + others).max(1);
    let start = format!("{marker}{mark}{}", padded(&name, room, model.ascii));
    let mut spans = vec![Span::styled(start, style)];
    if !is_compact {
        let is_privileged = what_if.thing(number).is_some_and(|thing| thing.privileged);
        let is_account = kind == ThingKind::Account;
        let kind = if is_account && is_privileged { "privileged account" } else { kind.name() };
        spans.push(Span::raw(padded(kind, kind_columns, model.ascii)));
        spans.push(Span::styled(padded(what_if.whose(number), WHOSE, model.ascii), model.theme.quiet()));
    }
    spans.push(Span::styled(cut(stands.word(kind), STANDS, model.ascii), word_style));
    Line::from(spans)
}

/// No thing is shown: it was not read yet, or the filter fits none.
fn nothing(model: &Model, page: &PlanPage, frame: &mut Frame<'_>, area: Rect) {
    let width = usize::from(area.width);
    let lines = match page.what_if() {
        None => vec![Line::styled("Reading the plan.", model.theme.quiet())],
        Some(what_if) => vec![
            heading(model, page, what_if, width),
            Line::from(cut(
                "Nothing fits the filter, so nothing is selected. Esc clears it.",
                width,
                model.ascii,
            )),
        ],
    };
    filter_cursor(page, frame, area);
    frame.render_widget(Paragraph::new(lines), area);
}

/// A plan that this version does not understand is not shown in part, and not changed.
fn not_read(model: &Model, lines: &[String], frame: &mut Frame<'_>, area: Rect) {
    let mut page = Page::new(model, area);
    for (idx, line) in lines.iter().enumerate() {
        if idx == 0 {
            page.styled(line, model.theme.wrong());
        } else {
            page.text(line);
        }
    }
    page.blank();
    page.quiet("It is not changed here, and stays in the vault as it is.");
    page.draw_from(0, frame, area);
}
