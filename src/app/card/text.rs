//! The card as plain text, for a printer with one font.

use super::content::{self, Item, Section};
use super::{Card, ROW, wrapped};
use crate::secret::SecretText;

const COLUMNS: usize = 72;
/// Columns of the names of facts.
const NAMES: usize = 13;
/// Bytes of a page with the longest names; the buffer never moves.
const ROOM: usize = 16 << 10;

pub(super) fn page(card: &Card<'_>) -> SecretText {
    let mut page = SecretText::with_capacity(ROOM);
    let out = page.expose_mut();
    let (title, subtitle) = (content::title().to_uppercase(), content::subtitle(card));
    out.push_str(&format!("{title}{subtitle:>width$}\n", width = COLUMNS - title.len()));
    out.push_str(&format!("{}\n", "=".repeat(COLUMNS)));
    for section in &content::outside(card) {
        write(out, section);
    }
    out.push('\n');
    for (name, value) in content::facts(card) {
        for (idx, line) in wrapped(&value, COLUMNS - NAMES).into_iter().enumerate() {
            let name = if idx == 0 { name } else { "" };
            out.push_str(&format!("{name:<NAMES$}{line}\n"));
        }
    }
    for section in &content::inside(card) {
        write(out, section);
    }
    out.push_str(&format!("\n{:-^COLUMNS$}\n\n", " fold here, so that the words are inside "));
    let words = card.share.words();
    for (word, place) in words.expose().split(' ').zip(1..) {
        let is_last = place % ROW == 0;
        let width = if is_last { 0 } else { 9 };
        out.push_str(&format!("{place:>4} {word:<width$}{}", if is_last { "\n" } else { "" }));
    }
    page
}

fn write(out: &mut String, section: &Section) {
    out.push_str(&format!("\n{}\n", section.heading.to_uppercase()));
    let mut number = 0;
    for item in &section.items {
        match item {
            Item::Command(command) => out.push_str(&format!("         {command}\n")),
            Item::Fill(fields) => fill(out, fields),
            Item::Never(text) => hang(out, "  - ", text),
            Item::Step(text) => {
                number += 1;
                hang(out, &format!("  {number}. "), text);
            }
            Item::Text(text) => hang(out, "  ", text),
        }
    }
}

/// A text whose first line begins with a mark, and whose others stand below the text.
fn hang(out: &mut String, mark: &str, text: &str) {
    for (idx, line) in wrapped(text, COLUMNS - mark.len()).into_iter().enumerate() {
        let mark = if idx == 0 { mark.to_owned() } else { " ".repeat(mark.len()) };
        out.push_str(&format!("{mark}{line}\n"));
    }
}

/// Lines to write on: those with a name below each other, the others side by side.
fn fill(out: &mut String, fields: &[&str]) {
    out.push('\n');
    if fields.iter().all(|field| field.is_empty()) {
        let lines = fields.iter().map(|_| "_".repeat(14));
        out.push_str(&format!("  {}\n", lines.collect::<Vec<_>>().join("   ")));
        return;
    }
    for field in fields {
        out.push_str(&format!("  {field:<10} {}\n", "_".repeat(COLUMNS - 13)));
    }
}
