//! The card of a share being typed: numbered rows of five that fill up, and the words that begin so.

use ratatui::style::Style;
use ratatui::text::Span;

use super::parts::{Page, cut};
use crate::tui::model::{Model, ShareEntry};
use crate::tui::update::still_needed;

/// Words of a row on a card.
const ROW: usize = 5;
/// Columns of a word with its number.
pub(super) const CELL: usize = 12;

pub(super) fn draw(page: &mut Page<'_>, model: &Model, entry: &ShareEntry, wrong: Option<&str>) {
    page.text(&format!(
        "Any {} shares of the set {} open it; {}.",
        entry.needed,
        entry.set,
        still_needed(entry.missing)
    ));
    if !entry.numbers.is_empty() {
        let numbers: Vec<String> = entry.numbers.iter().map(u8::to_string).collect();
        let s = if numbers.len() == 1 { "" } else { "s" };
        page.text(&format!("Taken: share{s} {}.", numbers.join(", ")));
        // Whoever goes for the next card should know how long the others wait.
        let minutes = model.prefs.idle_seconds / 60;
        page.quiet(&format!("After {minutes} minutes without a key all that was brought is dropped."));
    }
    page.blank();
    if entry.missing == 0 {
        page.key("Enter ", "opens it");
        page.focus();
        page.wrong(wrong);
        return;
    }
    page.quiet("One card now; the others look away. Four letters of a word are enough.");
    if model.hides_codes() {
        page.quiet("The words are hidden while the keyboard is elsewhere.");
        page.focus();
        return;
    }
    rows(page, model, entry);
    page.blank();
    page.field(&format!("Word {}: ", entry.place() + 1), &entry.field);
    // What is to be read first stands right below the word: on a small screen nothing else is seen.
    if let Some(remark) = &entry.remark {
        page.wrong(Some(remark.expose()));
        return;
    }
    page.wrong(wrong);
    page.styled(&cut(&about_word(entry), page.width(), model.ascii), model.theme.quiet());
    if let Some(told) = &entry.told {
        page.text(told);
    }
}

/// Rows of five where there is room, so that they stand as on the card.
fn rows(page: &mut Page<'_>, model: &Model, entry: &ShareEntry) {
    let words: Vec<&str> = entry.words().collect();
    let in_row = (page.width() / CELL).clamp(1, ROW);
    for (row, words) in words.chunks(in_row).enumerate() {
        let spans = words.iter().enumerate().map(|(column, word)| {
            let place = row * in_row + column;
            let is_here = place == entry.place();
            let mark = if is_here { '>' } else { ' ' };
            let style = if is_here { model.theme.key() } else { Style::new() };
            Span::styled(format!("{mark}{:>2} {word:<8}", place + 1), style)
        });
        page.spans(spans.collect());
    }
}

/// What the word that is being typed may become.
fn about_word(entry: &ShareEntry) -> String {
    match entry.candidates() {
        _ if entry.field.is_empty() && !entry.word_here().is_empty() => {
            "What is typed takes the place of the word that stands there.".to_owned()
        }
        _ if entry.field.is_empty() => "Its first letters; Space or Tab takes the word.".to_owned(),
        [] => "no word of the list begins so".to_owned(),
        [word] => format!("= {word}   Space or Tab takes it"),
        several => several.join(" "),
    }
}
