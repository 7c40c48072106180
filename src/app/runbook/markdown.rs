//! A runbook as Markdown: lines of 80 columns, boxes to tick, and no name in it can become markup.

use unicode_width::UnicodeWidthStr as _;

use super::page::{Item, Part, Runbook, Step};
use super::typed::Typed;
use crate::app::paragraph::Paragraph;
use crate::app::time::day;

/// Columns of a line.
const COLUMNS: usize = 80;
/// How far what belongs to a step stands in: it is then a part of the step to every reader of Markdown.
const INDENT: usize = 2;
/// How far a command stands in below a step: four more make it one.
const COMMAND: usize = 6;

pub(super) fn page(runbook: &Runbook) -> String {
    let mut page = String::new();
    let own = runbook.own_markdown.as_deref().unwrap_or_default().trim();
    // A person's own may begin with its title; a label that was filled in cannot.
    if !own.starts_with("# ") {
        page.push_str(&format!("# {}\n\n", escaped(&title(runbook))));
    }
    if !own.is_empty() {
        page.push_str(own);
        page.push_str("\n\n");
    }
    let made = format!("Runbook {}, filled in on {} (UTC).", runbook.name, day(runbook.made));
    paragraph(&mut page, "", 0, &made);
    // Of a person's own the text says the rest; what stands above every other runbook stands below it.
    let n_parts = if own.is_empty() { runbook.parts.len() } else { 1 };
    runbook.parts.iter().take(n_parts).for_each(|part| self::part(&mut page, part));
    page
}

/// The title with what it is about.
pub(super) fn title(runbook: &Runbook) -> String {
    match &runbook.about {
        Some(about) => format!("{}: {about}", runbook.title),
        None => runbook.title.clone(),
    }
}

fn part(page: &mut String, part: &Part) {
    if !part.heading.is_empty() {
        page.push_str(&format!("\n## {}\n", escaped(&part.heading)));
    }
    for item in &part.items {
        page.push('\n');
        match item {
            Item::Fill(fields) => fill(page, 0, fields),
            Item::Lines(lines) => lines.iter().for_each(|line| paragraph(page, "- ", 2, line)),
            Item::Says(text) => paragraph(page, "", 0, text),
            Item::Step(step) => self::step(page, step),
            Item::Types(commands) => types(page, commands),
            Item::Warns(text) => bold(page, text),
        }
    }
}

/// Words that must not be overlooked: those up to the first colon or full stop are bold, so that lines can be broken.
fn bold(page: &mut String, text: &str) {
    let end = text.find([':', '.']).map_or(text.len(), |at| at + 1);
    let (loud, rest) = text.split_at_checked(end).unwrap_or((text, ""));
    wrapped(page, "", 0, &format!("**{}**{}", words(loud), words(rest)));
}

/// Commands, one below the other. Nothing that stands in by so much can end it.
fn types(page: &mut String, commands: &[Typed]) {
    for line in commands.iter().flat_map(|command| command.lines(COLUMNS - COMMAND)) {
        page.push_str(&format!("{}{line}\n", " ".repeat(COMMAND)));
    }
}

fn step(page: &mut String, step: &Step) {
    wrapped(page, "- [ ] ", INDENT, &format!("**{}.** {}", step.number, words(&step.text)));
    for note in &step.notes {
        page.push('\n');
        paragraph(page, "  ", INDENT, note);
    }
    // Before the boxes: behind them it would be taken for a part of the last one.
    if !step.commands.is_empty() {
        page.push('\n');
    }
    types(page, &step.commands);
    if !step.ticks.is_empty() {
        page.push('\n');
    }
    for tick in &step.ticks {
        paragraph(page, "  - [ ] ", INDENT + 2, tick);
    }
    if !step.fill.is_empty() {
        page.push('\n');
        fill(page, INDENT, &step.fill);
    }
}

/// Lines to write on, two beside each other where they are short.
fn fill(page: &mut String, indent: usize, fields: &[String]) {
    let room = COLUMNS - 2 - indent;
    let one = |field: &String, room: usize| {
        format!("{}: {}", escaped(field), "_".repeat(room.saturating_sub(field.width() + 2).max(10)))
    };
    for (idx, pair) in fields.chunks(2).enumerate() {
        if idx > 0 {
            page.push('\n');
        }
        let half = room.saturating_sub(2) / 2;
        let line = match pair {
            [one_field] => one(one_field, room),
            fields => fields.iter().map(|field| one(field, half)).collect::<Vec<_>>().join("  "),
        };
        page.push_str(&format!("{}{line}\n", " ".repeat(indent)));
    }
}

fn paragraph(page: &mut String, first: &str, indent: usize, text: &str) {
    wrapped(page, first, indent, &words(text));
}

/// Breaks a written text at its spaces. What a line begins with is never the mark of a heading or a list.
fn wrapped(page: &mut String, first: &str, indent: usize, text: &str) {
    Paragraph { first, indent, columns: COLUMNS }.write(page, text, at_beginning);
}

/// A text each of whose words is written so that it is no markup.
fn words(text: &str) -> String {
    text.split(' ').map(inline).collect::<Vec<_>>().join(" ")
}

/// A text on one line that no name can turn into markup, wherever it stands.
pub(super) fn escaped(text: &str) -> String {
    at_beginning(&words(text))
}

/// A word that is no markup within a line, with the escapes that every reader of Markdown knows. An address is no link.
fn inline(word: &str) -> String {
    let mut out = String::with_capacity(word.len());
    let mut chars = word.chars().peekable();
    while let Some(c) = chars.next() {
        let is_markup = matches!(
            c,
            '\\' | '`' | '*' | '_' | '{' | '}' | '[' | ']' | '<' | '>' | '|' | '~' | '&' | '!' | '$'
        );
        let links = (c == ':' && chars.peek() == Some(&'/'))
            || (c == '.' && out.to_ascii_lowercase().ends_with("www"));
        if is_markup || links {
            out.push('\\');
        }
        out.push(c);
    }
    out
}

/// A written text that can begin a line: `#`, `-` and the like are escaped there, and `7.` and `7)`.
fn at_beginning(written: &str) -> String {
    if written.starts_with(['#', '+', '-', '=']) {
        return format!("\\{written}");
    }
    let digits = written.bytes().take_while(u8::is_ascii_digit).count();
    let (number, rest) = written.split_at_checked(digits).unwrap_or((written, ""));
    let is_number = digits > 0 && rest.starts_with(['.', ')']);
    let ends = rest.chars().nth(1).is_none_or(char::is_whitespace);
    if is_number && ends { format!("{number}\\{rest}") } else { written.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_name_is_markup_wherever_its_line_is_broken() {
        for (name, written) in [
            ("AWS:root ana@example.com", "AWS:root ana@example.com"),
            ("- [ ] forged", "\\- \\[ \\] forged"),
            ("# a # b", "\\# a # b"),
            ("12. y --- ===", "12\\. y --- ==="),
            (
                "[x](https://y) <b> `c` **d** __e__",
                "\\[x\\](https\\://y) \\<b\\> \\`c\\` \\*\\*d\\*\\* \\_\\_e\\_\\_",
            ),
        ] {
            assert_eq!(escaped(name), written);
        }
        let mut page = String::new();
        paragraph(&mut page, "", 0, &"- # 1. + === ".repeat(40));
        for line in page.lines() {
            assert!(!line.starts_with(['-', '#', '+', '=']) && !line.starts_with("1. "), "{page}");
        }
    }

    #[test]
    fn no_line_is_wider_than_a_terminal_where_words_are_not() {
        let mut page = String::new();
        paragraph(&mut page, "- [ ] ", 2, &"seventeen green lanterns ".repeat(20));
        assert!(page.lines().all(|line| line.width() <= COLUMNS), "{page}");
        assert!(page.lines().skip(1).all(|line| line.starts_with("  ")), "{page}");
    }
}
