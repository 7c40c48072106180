//! A person's Markdown taken apart for a page to print: headings, boxes, lists, code and paragraphs. Marks within a line
//! are left out, and what is not known is text.

use super::super::page::{Item, Part, Step, Writing};
use super::super::typed::Typed;
use super::fill::{Fences, Values};
use crate::entry::label;

/// Most characters of the line that stands in the list.
const FIRST_LINE: usize = 60;

/// The first line that says something, safe to show.
pub(super) fn first_line(text: &str) -> String {
    let line = text
        .lines()
        .map(|line| plain(line.trim_start_matches(['#', ' '])))
        .find(|line| !line.trim().is_empty());
    let line = line.unwrap_or_default();
    let shown = label::shown(line.trim());
    match shown.char_indices().nth(FIRST_LINE) {
        Some((end, _)) => format!("{}…", shown.get(..end).unwrap_or_default()),
        None => shown,
    }
}

/// What a line is.
enum Line<'a> {
    Heading(&'a str),
    Box(usize, &'a str),
    Bullet(usize, &'a str),
    Rule,
    Text(usize, &'a str),
    Nothing,
}

fn read(line: &str) -> Line<'_> {
    let trimmed = line.trim_start_matches([' ', '\t', '>']);
    let indent = line.len() - trimmed.len();
    let trimmed = trimmed.trim_end();
    if trimmed.is_empty() {
        return Line::Nothing;
    }
    if trimmed.len() >= 3 && ['-', '*', '_', '='].iter().any(|c| trimmed.chars().all(|other| other == *c)) {
        return Line::Rule;
    }
    let heading = trimmed.trim_start_matches('#');
    if heading.len() < trimmed.len() && heading.starts_with(' ') {
        return Line::Heading(heading.trim_end_matches('#').trim());
    }
    let bullet = ["- ", "* ", "+ "].iter().find_map(|mark| trimmed.strip_prefix(mark));
    let numbered = || {
        let digits = trimmed.trim_start_matches(|c: char| c.is_ascii_digit());
        let rest = digits.strip_prefix(". ").or_else(|| digits.strip_prefix(") "))?;
        (digits.len() < trimmed.len()).then_some(rest)
    };
    let Some(rest) = bullet.or_else(numbered) else { return Line::Text(indent, trimmed) };
    let rest = rest.trim_start();
    let boxed = ["[ ]", "[x]", "[X]"].iter().find_map(|mark| rest.strip_prefix(mark));
    match boxed {
        Some(rest) => Line::Box(indent, rest.trim_start()),
        None => Line::Bullet(indent, rest),
    }
}

/// The title, where the text begins with one, and the parts.
pub(super) fn parts(text: &str, values: &Values) -> (Option<String>, Vec<Part>) {
    let mut writing = Writing::default();
    let (mut title, mut is_first) = (None, true);
    let mut paragraph: Option<Item> = None;
    let mut fences = Fences::default();
    for line in text.lines() {
        let (in_code, is_fence) = fences.line(line);
        if is_fence {
            flush(&mut writing, &mut paragraph);
            continue;
        }
        let parsed = read(line);
        if in_code && !matches!(parsed, Line::Box(..) | Line::Bullet(..) | Line::Nothing) {
            let filled = values.lines(line.trim(), true, str::to_owned);
            for command in filled.iter().map(|line| Typed::whole(label::escaped(line))) {
                match &mut paragraph {
                    Some(Item::Step(step)) => step.commands.push(command),
                    Some(Item::Types(commands)) => commands.push(command),
                    _ => {
                        flush(&mut writing, &mut paragraph);
                        paragraph = Some(Item::Types(vec![command]));
                    }
                }
            }
            continue;
        }
        match parsed {
            Line::Nothing => {
                // A step goes on below a blank line, where what follows stands in.
                if !matches!(paragraph, Some(Item::Step(_) | Item::Lines(_))) {
                    flush(&mut writing, &mut paragraph);
                }
            }
            Line::Rule => flush(&mut writing, &mut paragraph),
            Line::Heading(text) => {
                flush(&mut writing, &mut paragraph);
                let heading = filled(values, text).join(", ");
                if is_first {
                    title = Some(heading);
                } else {
                    writing.part(heading);
                }
            }
            Line::Box(indent, text) => {
                for text in filled(values, text) {
                    match &mut paragraph {
                        Some(Item::Step(step)) if indent >= 2 => step.ticks.push(text),
                        _ => {
                            flush(&mut writing, &mut paragraph);
                            paragraph = Some(Item::Step(Step::new(text)));
                        }
                    }
                }
            }
            Line::Bullet(indent, text) => {
                for text in filled(values, text) {
                    match &mut paragraph {
                        Some(Item::Step(step)) if indent >= 2 => step.notes.push(text),
                        Some(Item::Lines(lines)) => lines.push(text),
                        _ => {
                            flush(&mut writing, &mut paragraph);
                            paragraph = Some(Item::Lines(vec![text]));
                        }
                    }
                }
            }
            Line::Text(indent, text) => {
                for text in filled(values, text) {
                    goes_on(&mut writing, &mut paragraph, indent, text);
                }
            }
        }
        is_first = is_first && matches!(read(line), Line::Nothing);
    }
    flush(&mut writing, &mut paragraph);
    (title, writing.finish())
}

/// A line of text: it goes on with what it stands below.
fn goes_on(writing: &mut Writing, paragraph: &mut Option<Item>, indent: usize, text: String) {
    match paragraph {
        Some(Item::Step(step)) if indent >= 2 => {
            let is_text = step.notes.is_empty() && step.ticks.is_empty() && step.commands.is_empty();
            if is_text { join(&mut step.text, &text) } else { step.notes.push(text) }
        }
        Some(Item::Says(said)) => join(said, &text),
        Some(Item::Lines(lines)) if indent >= 2 => match lines.last_mut() {
            Some(line) => join(line, &text),
            None => lines.push(text),
        },
        _ => {
            flush(writing, paragraph);
            *paragraph = Some(Item::Says(text));
        }
    }
}

fn join(text: &mut String, more: &str) {
    text.push(' ');
    text.push_str(more);
}

fn flush(writing: &mut Writing, paragraph: &mut Option<Item>) {
    match paragraph.take() {
        None => {}
        Some(Item::Step(step)) => {
            writing.step(step);
        }
        Some(item) => {
            writing.item(item);
        }
    }
}

/// A line without its marks, filled in, each safe to show.
fn filled(values: &Values, text: &str) -> Vec<String> {
    let lines = values.lines(&plain(text), false, str::to_owned);
    lines.iter().map(|line| label::escaped(line)).collect()
}

/// A line without marks for bold, code and escapes.
fn plain(text: &str) -> String {
    let text = text.replace("**", "").replace('`', "");
    let mut out = String::with_capacity(text.len());
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        let escapes = c == '\\' && chars.peek().is_some_and(char::is_ascii_punctuation);
        if !escapes {
            out.push(c);
        }
    }
    out
}
