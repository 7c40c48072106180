//! What a check of the plan has found, what is chosen, and a thing being written down.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::text::{Line, Span};
use ratatui::widgets::Paragraph;
use unicode_width::UnicodeWidthStr as _;

use super::super::listed::{self, Layout};
use super::super::parts::{Page, cut, padded};
use super::super::window::Window;
use crate::app::status::count;
use crate::tui::model::{
    COMPACT_COLUMNS, Choosing, Model, PlanChoice, PlanFinding, PlanFindings, PlanPage, ThingForm,
};

/// Columns of the word that says what sort of finding it is.
const SORT: usize = 10;
/// Lines from which there is room below the fields of a thing.
const TALL_FORM: u16 = 12;
/// Most columns of what is lost, and of a name that is chosen.
const ABOUT: usize = 44;

pub(super) fn choice_window(model: &Model, choice: &PlanChoice, area: Rect) -> Option<Window> {
    choice_layout(model, choice, area).map(|layout| layout.window)
}

fn choice_layout(model: &Model, choice: &PlanChoice, area: Rect) -> Option<Layout> {
    let facts = choice.row().map(|row| row.facts.as_slice());
    listed::layout(model, Some(choice.rows.len()), choice.selected, facts, area)
}

pub(super) fn choice(model: &Model, choice: &PlanChoice, frame: &mut Frame<'_>, area: Rect) {
    let width = usize::from(area.width);
    let Some(layout) = choice_layout(model, choice, area) else { return };
    let words = match choice.what {
        Choosing::Scenario => "Which losses are to be marked, in the place of others? Nothing is saved.",
        Choosing::Template => "Which set-up is most like yours? Its names are changed afterwards.",
    };
    let heading = Line::styled(cut(words, width, model.ascii), model.theme.quiet());
    let longest = choice.rows.iter().map(|row| row.name.width()).max().unwrap_or_default();
    let columns = (longest + 2).min(ABOUT).min(width.saturating_sub(2) / 2);
    let rows = choice.rows.iter().enumerate().map(|(idx, row)| {
        let is_selected = idx == choice.selected;
        let marker = if is_selected { "> " } else { "  " };
        let style = if is_selected { model.theme.selected() } else { Style::new() };
        let name = Span::styled(format!("{marker}{}", padded(&row.name, columns, model.ascii)), style);
        let says = match choice.what {
            Choosing::Scenario => row.facts.get(1),
            Choosing::Template => row.facts.first(),
        };
        let says = says.map(|(_, words)| words.as_str()).unwrap_or_default();
        let room = width.saturating_sub(name.width());
        Line::from(vec![name, Span::raw(cut(says, room, model.ascii))])
    });
    listed::draw(frame, area, layout, choice.selected, heading, rows);
}

pub(super) fn findings_window(model: &Model, page: &PlanPage, area: Rect) -> Option<Window> {
    findings_layout(model, page.findings.as_ref()?, area).map(|layout| layout.window)
}

fn findings_layout(model: &Model, findings: &PlanFindings, area: Rect) -> Option<Layout> {
    let facts = findings.row().map(|row| row.facts.as_slice());
    // The rows keep half of a screen that is not high, and more of one that is.
    let most = usize::from(area.height) / 2;
    listed::layout_within(model, Some(findings.rows.len()), findings.selected, facts, area, most)
}

pub(super) fn findings(model: &Model, page: &PlanPage, frame: &mut Frame<'_>, area: Rect) {
    let Some(findings) = &page.findings else { return };
    let width = usize::from(area.width);
    let n_wrong = findings.rows.iter().filter(|row| row.is_wrong).count();
    let Some(layout) = findings_layout(model, findings, area) else {
        let mut page = Page::new(model, area);
        page.blank();
        page.text("Nothing was found: there is no account that a loss could take away.");
        page.quiet(&findings.heading);
        return page.draw_from(0, frame, area);
    };
    let words = match n_wrong {
        0 => format!("Nothing is to be seen to. {}", findings.heading),
        n => format!(
            "{n} to be seen to, of {}. {}",
            count(findings.rows.len(), "finding", "findings"),
            findings.heading
        ),
    };
    let heading = Line::styled(cut(&words, width, model.ascii), model.theme.quiet());
    // Of thousands of rows those that are seen are drawn, and no others.
    let seen = layout.window;
    let rows = findings.rows.iter().enumerate().map(|(idx, row)| {
        let is_seen = seen.skipped <= idx && idx < seen.skipped + seen.n_seen;
        if is_seen { finding(model, row, idx == findings.selected, width) } else { Line::default() }
    });
    listed::draw(frame, area, layout, findings.selected, heading, rows);
}

fn finding(model: &Model, row: &PlanFinding, is_selected: bool, width: usize) -> Line<'static> {
    let marker = if is_selected { "> " } else { "  " };
    let mark = if row.is_wrong { "! " } else { "  " };
    let style = match (is_selected, row.is_wrong) {
        (true, _) => model.theme.selected(),
        (false, true) => model.theme.wrong(),
        (false, false) => Style::new(),
    };
    let is_compact = width < usize::from(COMPACT_COLUMNS);
    let sort = if is_compact {
        padded(row.sort, SORT - 1, model.ascii)
    } else {
        padded(row.sort, SORT, model.ascii)
    };
    let start = Span::styled(format!("{marker}{mark}{sort}"), style);
    let left = width.saturating_sub(start.width());
    let about = padded(&row.about, ABOUT.min(left / 2), model.ascii);
    let says = cut(&row.says, left.saturating_sub(about.width()), model.ascii);
    Line::from(vec![start, Span::raw(about), Span::styled(says, model.theme.quiet())])
}

pub(super) fn form(model: &Model, form: &ThingForm, frame: &mut Frame<'_>, area: Rect) {
    if area.height < TALL_FORM {
        return low_form(model, form, frame, area);
    }
    let mut page = Page::new(model, area);
    if let Some(about) = &form.about {
        page.text(&format!("More about {about}, which the vault knows by itself."));
    } else if let Some(name) = &form.changes {
        page.text(&format!("{name}: a new name is taken over wherever it is named."));
    } else {
        page.text("A thing that can be lost or reached, and what it takes to get to it.");
    }
    page.blank();
    page.form(&form.form);
    if let Some(offered) = offered(form) {
        page.text(&offered);
    }
    for hint in &form.hints {
        page.wrong(Some(hint));
    }
    page.wrong(form.wrong.as_deref());
    page.draw(frame, area);
}

/// Where there is no room below the fields, what is to be said of them stands in the last two lines.
fn low_form(model: &Model, form: &ThingForm, frame: &mut Frame<'_>, area: Rect) {
    let below = area.height.min(2);
    let mut page = Page::new(model, area);
    page.fields(&form.form);
    page.draw(frame, Rect { height: area.height - below, ..area });
    let wrong = form.hints.iter().map(String::as_str).chain(form.wrong.as_deref()).map(|words| (words, true));
    let offered = offered(form);
    let said = wrong.chain(offered.as_deref().map(|words| (words, false)));
    let lines = said.take(usize::from(below)).map(|(words, is_wrong)| {
        let first = words.lines().next().unwrap_or_default();
        let (mark, style) = if is_wrong { ("! ", model.theme.wrong()) } else { ("", Style::new()) };
        Line::styled(cut(&format!("{mark}{first}"), usize::from(area.width), model.ascii), style)
    });
    let y = area.y + (area.height - below);
    frame.render_widget(Paragraph::new(lines.collect::<Vec<_>>()), Rect { y, height: below, ..area });
}

/// The names that fit what is typed of one.
fn offered(form: &ThingForm) -> Option<String> {
    let (first, others) = form.offered.split_first()?;
    let others: Vec<String> = others.iter().map(ToString::to_string).collect();
    let others = if others.is_empty() { String::new() } else { format!("; also {}", others.join(", ")) };
    Some(format!("Right takes {first}{others}"))
}
