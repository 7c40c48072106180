//! The share sets, the form of a new one, and its cards.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::text::{Line, Span};

use super::listed::{self, Layout};
use super::parts::{Page, cut, padded};
use super::report;
use super::share_entry::CELL;
use super::window::Window;
use crate::app::share_set;
use crate::tui::model::{
    COMPACT_COLUMNS, CardStep, Ceremony, CustodiansPage, Keeping, Model, NewSetForm, SetRow,
};

/// Columns of a set's name, its numbers and its day.
const NAME: usize = 20;
const QUORUM: usize = 10;
const MADE: usize = 12;
/// Words of a row on a card.
const ROW: usize = 5;

pub(super) fn draw(model: &Model, page: &CustodiansPage, frame: &mut Frame<'_>, area: Rect) {
    match &page.doing {
        Keeping::List => list(model, page, frame, area),
        Keeping::Record(record) => {
            let mut page = Page::new(model, area);
            page.blank();
            page.text("Which file? A custodian makes one with `lifeboat share acknowledge`, from the card.");
            page.quiet(
                "It says, signed and dated, that the share is there and whole. It holds nothing secret.",
            );
            page.blank();
            page.form(&record.form);
            page.wrong(record.wrong.as_deref());
            page.draw(frame, area);
        }
        Keeping::New(new) => new_set(model, new, frame, area),
        Keeping::Ceremony(ceremony) => cards(model, ceremony, frame, area),
        Keeping::Told(done) => report::done(model, done, frame, area),
    }
}

fn list(model: &Model, page: &CustodiansPage, frame: &mut Frame<'_>, area: Rect) {
    let Some(rows) = &page.rows else { return };
    let Some(layout) = layout(model, page, area) else { return empty(model, frame, area) };
    let width = usize::from(area.width);
    let lines = rows.iter().enumerate().map(|(idx, row)| line(model, row, idx == page.selected, width));
    listed::draw(frame, area, layout, page.selected, heading(model, width), lines);
}

fn layout(model: &Model, page: &CustodiansPage, area: Rect) -> Option<Layout> {
    let facts = page.selected_row().map(|row| row.facts.as_slice());
    listed::layout(model, page.rows.as_ref().map(Vec::len), page.selected, facts, area)
}

/// Where the rows are; `None` where there are none.
pub(super) fn window(model: &Model, page: &CustodiansPage, area: Rect) -> Option<Window> {
    layout(model, page, area).map(|layout| layout.window)
}

fn is_compact(width: usize) -> bool {
    width < usize::from(COMPACT_COLUMNS)
}

fn heading(model: &Model, width: usize) -> Line<'static> {
    let words = if is_compact(width) {
        format!("  {}STATE", padded("SET", NAME, model.ascii))
    } else {
        format!(
            "  {}{}{}STATE",
            padded("SET", NAME, model.ascii),
            padded("NEEDED", QUORUM, model.ascii),
            padded("MADE", MADE, model.ascii)
        )
    };
    Line::styled(cut(&words, width, model.ascii), model.theme.quiet())
}

fn line(model: &Model, row: &SetRow, is_selected: bool, width: usize) -> Line<'static> {
    let marker = if is_selected { "> " } else { "  " };
    let style = if is_selected { model.theme.selected() } else { Style::new() };
    let mut spans = vec![Span::styled(format!("{marker}{}", padded(&row.name, NAME, model.ascii)), style)];
    if !is_compact(width) {
        spans.push(padded(&row.quorum, QUORUM, model.ascii).into());
        spans.push(padded(&row.made, MADE, model.ascii).into());
    }
    let used: usize = spans.iter().map(Span::width).sum();
    let style = if row.is_due { model.theme.banner() } else { Style::new() };
    spans.push(Span::styled(cut(&row.state, width.saturating_sub(used), model.ascii), style));
    Line::from(spans)
}

fn empty(model: &Model, frame: &mut Frame<'_>, area: Rect) {
    let mut page = Page::new(model, area);
    page.blank();
    page.text("There is no share set yet.");
    page.blank();
    page.text(
        "Custodians are people who open a bundle together: any two of three, say. Each keeps a card with twenty words, which alone open nothing and say nothing.",
    );
    page.blank();
    page.key("  n  ", "make a share set: everybody sits here, and one after the other writes a card");
    page.key("  a  ", "bring an acknowledgement home, once there is one");
    page.key(" Esc ", "back to the bundles");
    page.draw(frame, area);
}

fn new_set(model: &Model, new: &NewSetForm, frame: &mut Frame<'_>, area: Rect) {
    let mut page = Page::new(model, area);
    page.blank();
    match &new.replaces {
        None => page.text("People who open bundles together. Have them here, each with a pen and a card."),
        Some((_, name)) => {
            page.text(&format!("New cards in the place of {name}. Take out who leaves, add who comes."));
        }
    }
    // Above the fields: however many there are, it is seen together with the first ones.
    page.wrong(new.wrong.as_deref());
    match new.quorum() {
        _ if new.wrong.is_some() => {}
        Ok(quorum) => {
            page.text(&format!(
                "Any {} of these {} open it together; {} may be missing.",
                quorum.threshold(),
                quorum.n_shares(),
                quorum.spare()
            ));
            if let Some(doubt) = share_set::doubts(quorum) {
                page.styled(&format!("! {doubt}"), model.theme.banner());
            }
        }
        Err(_) => page.quiet("From two to sixteen custodians; at least two of them are needed."),
    }
    page.blank();
    page.form(&new.form);
    page.draw(frame, area);
}

fn cards(model: &Model, ceremony: &Ceremony, frame: &mut Frame<'_>, area: Rect) {
    let mut page = Page::new(model, area);
    page.blank();
    let about = &ceremony.about;
    let (number, of, custodian) = (ceremony.number(), about.custodians.len(), ceremony.custodian());
    match &ceremony.step {
        CardStep::Alone => {
            if let Some(told) = &ceremony.told {
                page.text(told);
                page.blank();
            }
            page.styled(
                &format!("Share {number} of {of}: only {custodian} looks at the screen now."),
                model.theme.title(),
            );
            page.text("The others look away. Twenty words come next, to be written onto the card.");
            page.blank();
            page.key("Enter ", &format!("when nobody but {custodian} sees the screen"));
            page.focus();
        }
        CardStep::Card { words, .. } if !model.hides_codes() => {
            card(&mut page, model, ceremony, words.expose());
            return page.draw_from(ceremony.scroll, frame, area);
        }
        CardStep::Card { .. } => {
            page.text("The words are hidden while the keyboard is elsewhere.");
        }
        CardStep::TypingBack { asked, field } => {
            page.text(&format!(
                "Share {number} of {of}, {custodian}: from the card, so that it is known that it can be read."
            ));
            page.quiet(&format!(
                "{} to go. Four letters are enough. An empty answer leaves that out, and it is remembered.",
                crate::app::status::count(asked.len(), "word", "words")
            ));
            page.blank();
            let place = asked.first().copied().unwrap_or(1);
            if model.hides_codes() {
                page.text("What is typed is hidden while the keyboard is elsewhere.");
            } else {
                page.field(&format!("Word {place}: "), field);
            }
        }
        CardStep::Wrong(place) => {
            page.wrong(Some(&format!("that is not word {place} of the card")));
            page.text(&format!(
                "{custodian} compares the card with the screen once more; the others look away."
            ));
            page.blank();
            page.key("Enter ", "shows the card again");
            page.focus();
        }
        CardStep::Keeping(wrong) => {
            if let Some(told) = &ceremony.told {
                page.text(told);
            }
            page.text("All cards were shown.");
            page.wrong(wrong.as_deref());
            if wrong.is_some() {
                page.blank();
                page.key("Enter ", "tries again to keep the share set");
                page.key("Esc   ", "leaves; the cards open nothing then, and are to be destroyed");
                page.focus();
            }
        }
    }
    page.draw(frame, area);
}

/// One card: four rows of five words, and what else is to be written down.
fn card(page: &mut Page<'_>, model: &Model, ceremony: &Ceremony, words: &str) {
    let about = &ceremony.about;
    let (number, of) = (ceremony.number(), about.custodians.len());
    page.styled(&format!("Share {number} of {of}, for {}", ceremony.custodian()), model.theme.title());
    let words: Vec<&str> = words.split(' ').collect();
    let in_row = (page.width() / CELL).clamp(1, ROW);
    for (row, words) in words.chunks(in_row).enumerate() {
        let line: Vec<String> = words
            .iter()
            .enumerate()
            .map(|(column, word)| format!("{:>3} {word:<8}", row * in_row + column + 1))
            .collect();
        page.spans(vec![Span::styled(line.concat(), model.theme.code())]);
    }
    page.blank();
    page.text(&format!("Set {}; any {} of {of} open it together.", about.set, about.needed));
    page.text(&format!("Made {}, check by {}.", about.made, about.check_by));
    page.text(&format!("Maker {}", about.maker));
    page.blank();
    page.key("Enter ", "when all of it is on the card");
    let minutes = model.prefs.idle_seconds / 60;
    page.quiet(&format!(
        "Space keeps it on the screen: after {minutes} minutes without a key the vault locks."
    ));
}
