//! The instructions as plain text, for any screen and any printer.

use unicode_width::UnicodeWidthStr as _;

use super::Part;
use crate::app::paragraph::Paragraph;

/// Columns of a line: what a page of A4 or Letter takes in the smallest type that is easily read.
const COLUMNS: usize = 76;
/// How far a step's text and what is typed stand in.
const INDENT: usize = 4;
/// Columns of a name that has its text beside it.
const WIDEST_NAME: usize = 24;

pub(super) fn page(parts: &[Part]) -> String {
    let mut page = String::new();
    for part in parts {
        match part {
            Part::Title(title, below) => {
                page.push_str(&format!("{title}\n{}\n\n", "=".repeat(title.width())));
                paragraph(&mut page, "", below, 0);
            }
            Part::Heading(heading) => {
                page.push_str(&format!("\n{heading}\n{}\n\n", "-".repeat(heading.width())));
            }
            Part::Says(text) => paragraph(&mut page, "", text, 0),
            Part::Warns(text) => paragraph(&mut page, "!!  ", text, INDENT),
            Part::Step(number, text) => paragraph(&mut page, &format!("{number:>2}. "), text, INDENT),
            Part::Types(lines) => block(&mut page, lines, INDENT * 2),
            Part::Lines(lines) => block(&mut page, lines, INDENT),
            Part::Table(rows) => table(&mut page, rows),
            Part::Fill(word) => {
                let rule = "_".repeat(COLUMNS.saturating_sub(word.width() + 1));
                page.push_str(&format!("{word} {rule}\n\n"));
            }
        }
    }
    page
}

/// Two columns, or each name above its text where a name takes too much of the width.
fn table(page: &mut String, rows: &[(String, String)]) {
    let widest = rows.iter().map(|(name, _)| name.width()).max().unwrap_or_default();
    for (name, what) in rows {
        if widest > WIDEST_NAME {
            page.push_str(&format!("  {name}:\n"));
            wrapped(page, &" ".repeat(INDENT), what, INDENT);
        } else {
            let gap = " ".repeat(widest.saturating_sub(name.width()) + 2);
            wrapped(page, &format!("  {name}{gap}"), what, widest + INDENT);
        }
    }
    page.push('\n');
}

fn block(page: &mut String, lines: &[String], indent: usize) {
    for line in lines {
        page.push_str(&format!("{}{line}\n", " ".repeat(indent)));
    }
    page.push('\n');
}

fn paragraph(page: &mut String, first: &str, text: &str, indent: usize) {
    wrapped(page, first, text, indent);
    page.push('\n');
}

fn wrapped(page: &mut String, first: &str, text: &str, indent: usize) {
    Paragraph { first, indent, columns: COLUMNS }.write(page, text, str::to_owned);
}
