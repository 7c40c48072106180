//! The passes, one being filled in, and its words.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::text::{Line, Span};
use ratatui::widgets::Paragraph;

use super::listed::{self, Layout};
use super::parts::{Page, cut, padded, wrap};
use super::window::Window;
use super::{forms, report};
use crate::app::status::count;
use crate::tui::model::{COMPACT_COLUMNS, Model, PassForm, PassStep, PassesPage};

/// Columns of the state, and of the end of the time.
const STATE: usize = 8;
const UNTIL: usize = 24;
/// Lines from which there is room below the fields of a new one.
const TALL_FORM: u16 = 16;
/// What is still to be done about one.
const WAITS: &str = "waits for close";

pub(super) fn draw(model: &Model, page: &PassesPage, frame: &mut Frame<'_>, area: Rect) {
    match &page.doing {
        PassStep::List => list(model, page, frame, area),
        PassStep::Issue(pass) => issue(model, pass, frame, area),
        PassStep::Told(done) => report::done(model, done, frame, area),
        PassStep::Vault(pass, proof) => {
            let mut page = Page::new(model, area);
            page.text(&format!("A pass of {}.", title(pass)));
            page.text("The vault's passphrase, once more.");
            page.quiet("A pass outlasts this sitting: whoever sits here has to know it.");
            page.blank();
            forms::vault_proof(&mut page, model, proof);
            page.draw(frame, area);
        }
        PassStep::Words(pass, words) => {
            let mut page = Page::new(model, area);
            let to = pass.form.value("to").trim();
            page.styled(&format!("The words of the pass of {} for {to}:", title(pass)), model.theme.title());
            page.blank();
            if model.hides_codes() {
                page.text("The words are hidden while the keyboard is elsewhere.");
            } else {
                page.styled(&format!("    {}", words.expose()), model.theme.code());
            }
            page.focus();
            page.blank();
            page.text(
                "They are shown this once, and stored nowhere. Say them to that person, by another way than the file goes. \
                 Each is known by its first four letters.",
            );
            page.blank();
            page.key("Enter ", "when they are said or written down: the pass is written then");
            page.key("Esc   ", "issues nothing");
            page.draw(frame, area);
        }
    }
}

/// The entry's name, as far as it is known.
fn title(pass: &PassForm) -> String {
    match &pass.checked {
        Some(Ok(asked)) => asked.title.clone(),
        _ => pass.form.value("entry").trim().to_owned(),
    }
}

/// Where the rows are; `None` where there are none.
pub(super) fn window(model: &Model, page: &PassesPage, area: Rect) -> Option<Window> {
    match page.doing {
        PassStep::List => layout(model, page, area).map(|layout| layout.window),
        PassStep::Issue(_) | PassStep::Told(_) | PassStep::Vault(..) | PassStep::Words(..) => None,
    }
}

fn layout(model: &Model, page: &PassesPage, area: Rect) -> Option<Layout> {
    let facts = page.row().map(|row| row.facts.as_slice());
    listed::layout(model, page.rows.as_ref().map(Vec::len), page.selected, facts, area)
}

fn list(model: &Model, page: &PassesPage, frame: &mut Frame<'_>, area: Rect) {
    let Some(rows) = &page.rows else { return };
    let width = usize::from(area.width);
    let Some(layout) = layout(model, page, area) else {
        let mut page = Page::new(model, area);
        page.blank();
        page.text("No pass was issued.");
        page.quiet(
            "A pass has the codes of one entry for a while, and never its seed: for whoever has to sign in before new \
             methods are registered. n issues one.",
        );
        return page.draw(frame, area);
    };
    let n_open = rows.iter().filter(|row| row.is_open).count();
    let words = match n_open {
        0 => format!("{}, none of them open", count(rows.len(), "pass", "passes")),
        n => format!("{}; {} for close (c)", count(rows.len(), "pass", "passes"), count(n, "waits", "wait")),
    };
    let heading = Line::styled(cut(&words, width, model.ascii), model.theme.quiet());
    let is_compact = width < usize::from(COMPACT_COLUMNS);
    let others = STATE + if is_compact { 0 } else { UNTIL + WAITS.len() };
    let room = width.saturating_sub(others + 2).max(1);
    let lines = rows.iter().enumerate().map(|(idx, row)| {
        let is_selected = idx == page.selected;
        let marker = if is_selected { "> " } else { "  " };
        let style = if is_selected { model.theme.selected() } else { Style::new() };
        let state_style = if row.is_open { model.theme.ending() } else { model.theme.quiet() };
        let name = format!("{}, for {}", row.title, row.to);
        let mut spans = vec![
            Span::styled(format!("{marker}{}", padded(&name, room, model.ascii)), style),
            Span::styled(padded(row.state, STATE, model.ascii), state_style),
        ];
        if !is_compact {
            spans.push(Span::raw(padded(&row.until, UNTIL, model.ascii)));
            spans.push(Span::styled(if row.is_open { WAITS } else { "" }, state_style));
        }
        Line::from(spans)
    });
    listed::draw(frame, area, layout, page.selected, heading, lines);
}

fn issue(model: &Model, pass: &PassForm, frame: &mut Frame<'_>, area: Rect) {
    let said = said(pass);
    if area.height < TALL_FORM {
        // Where there is no room below the fields, what is to be said of them stands in the last two lines.
        let below = area.height.min(2);
        let mut page = Page::new(model, area);
        page.fields(&pass.form);
        page.draw(frame, Rect { height: area.height - below, ..area });
        let width = usize::from(area.width);
        let lines = said.iter().flat_map(|(words, is_wrong)| {
            let style = if *is_wrong { model.theme.wrong() } else { Style::new() };
            wrap(words, width).into_iter().map(move |line| Line::styled(line, style))
        });
        let lines: Vec<Line<'_>> = lines.take(usize::from(below)).collect();
        let y = area.y + (area.height - below);
        return frame.render_widget(Paragraph::new(lines), Rect { y, height: below, ..area });
    }
    let mut page = Page::new(model, area);
    page.text("The codes of one entry for a while, without its seed. It cannot be taken back.");
    page.blank();
    page.form(&pass.form);
    for (words, is_wrong) in said {
        page.styled(&words, if is_wrong { model.theme.wrong() } else { Style::new() });
    }
    page.draw(frame, area);
}

/// What is to be said of the fields, and whether it is wrong; the most urgent first.
fn said(pass: &PassForm) -> Vec<(String, bool)> {
    let mut said: Vec<(String, bool)> =
        pass.wrong.iter().flat_map(|words| words.lines()).map(|line| (format!("! {line}"), true)).collect();
    match &pass.checked {
        Some(Ok(asked)) => {
            let until = crate::app::time::shown(asked.until);
            said.push((format!("Of {}, until {until}.", asked.title), false));
            said.extend(asked.doubts.iter().map(|doubt| (format!("! {doubt}"), true)));
        }
        Some(Err(words)) if pass.wrong.is_none() => said.push((format!("! {words}"), true)),
        Some(Err(_)) | None => {}
    }
    said
}
