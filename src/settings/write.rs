//! Writes the settings file: whole from the table of keys, or one value of a text that somebody wrote.

use std::ops::Range;

use toml::de::{DeTable, DeValue};

use super::keys::{Key, Unfit, Value};
use super::read::{Warning, document, line_of, parse};
use super::{LARGEST, Settings};

/// Columns of a comment.
const WIDTH: usize = 79;

/// Says why a text was left as it is.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NotChanged {
    /// Something stands where the value would: a table, or a value in the place of its table.
    #[error("line {line}: something else stands in the place of {}", key.path())]
    InTheWay {
        /// The line, from 1.
        line: usize,
        /// What was to be set.
        key: Key,
    },
    /// It is no TOML.
    #[error("{0}")]
    NotToml(Warning),
    /// It would be larger than what is read.
    #[error("it would be larger than the {LARGEST} bytes that are read")]
    TooLarge,
    /// The key does not take the value.
    #[error(transparent)]
    Unfit(#[from] Unfit),
}

/// The whole file with every key commented out at its default. It reads as the defaults.
pub fn template() -> String {
    let mut text = wrapped(
        "Settings of Lifeboat; lifeboat.toml(5) describes them. A setting that stands after a # shows what holds \
         without it: take the # away to change it. What is not understood keeps its default, and `lifeboat doctor` \
         says on which line. Nothing in here weakens how the vault is kept.",
    );
    let mut table = None;
    for key in Key::ALL {
        text.push('\n');
        if key.table() != table {
            table = key.table();
            text.push_str(&format!("[{}]\n", table.unwrap_or_default()));
        }
        text.push_str(&wrapped(key.does()));
        text.push_str(&wrapped(&format!("Takes {}.", key.kind())));
        text.push_str(&commented_out(key));
        text.push('\n');
    }
    text
}

/// The line of the template that can be turned on.
fn commented_out(key: Key) -> String {
    format!("#{} = {}", key.name(), key.value(&Settings::default()).in_file())
}

fn wrapped(words: &str) -> String {
    let mut text = String::new();
    let mut line = "#".to_owned();
    for word in words.split(' ') {
        if line.len() + 1 + word.len() > WIDTH {
            text.push_str(&line);
            text.push('\n');
            "#".clone_into(&mut line);
        }
        line.push(' ');
        line.push_str(word);
    }
    text + &line + "\n"
}

/// Changes one value and nothing else: every comment, every unknown key, the order and the line ends stay.
///
/// A key that is not set yet takes the place of its commented-out line of the template, else a line beside
/// its neighbours. What comes out was read again, and reads as before but for that key.
///
/// # Errors
///
/// [`NotChanged`] says why not.
pub fn with_value(text: &str, key: Key, value: &Value) -> Result<String, NotChanged> {
    let (mut expected, _) = parse(text.as_bytes());
    key.set(&mut expected, value)?;
    let before = document(text).map_err(NotChanged::NotToml)?;
    let is_right = |candidate: &String| {
        parse(candidate.as_bytes()).0 == expected
            && document(candidate).is_ok_and(|after| is_same_but_for(&before, &after, key))
    };
    let candidates = match places(text, &before, key)? {
        Places::Value(span) => vec![spliced(text, span, &value.in_file())],
        Places::Absent(table) => insertions(text, &before, table, key, value),
    };
    let n_bytes = candidates.iter().map(String::len).min().unwrap_or_default();
    let in_the_way = || NotChanged::InTheWay { line: line_of(text, 0), key };
    let too_large = || if n_bytes > LARGEST { NotChanged::TooLarge } else { in_the_way() };
    candidates.into_iter().find(is_right).ok_or_else(too_large)
}

enum Places<'t, 'i> {
    /// The bytes of the present value.
    Value(Range<usize>),
    /// It is not set; its table, where that is there.
    Absent(Option<(Range<usize>, &'t DeTable<'i>)>),
}

fn places<'t, 'i>(text: &str, root: &'t DeTable<'i>, key: Key) -> Result<Places<'t, 'i>, NotChanged> {
    let in_the_way = |at| NotChanged::InTheWay { line: line_of(text, at), key };
    let table = match key.table().map(|table| root.get(table)) {
        None => Some((0..0, root)),
        Some(None) => return Ok(Places::Absent(None)),
        Some(Some(item)) => {
            let table = item.get_ref().as_table().ok_or_else(|| in_the_way(item.span().start))?;
            Some((item.span(), table))
        }
    };
    let found = table.as_ref().and_then(|(_, table)| table.get(key.name()));
    match found {
        Some(item) if is_table(item.get_ref()) && !text_at(text, item.span()).starts_with('{') => {
            Err(in_the_way(item.span().start))
        }
        Some(item) => Ok(Places::Value(item.span())),
        None => Ok(Places::Absent(table)),
    }
}

/// A table, or a list of tables.
fn is_table(item: &DeValue<'_>) -> bool {
    let is_one = |item: &DeValue<'_>| matches!(item, DeValue::Table(_));
    is_one(item) || item.as_array().is_some_and(|items| items.iter().any(|item| is_one(item.get_ref())))
}

fn text_at(text: &str, span: Range<usize>) -> &str {
    text.get(span).unwrap_or_default()
}

/// The text with a key put into each place where it may be right, the nicest first.
fn insertions(
    text: &str,
    root: &DeTable<'_>,
    table: Option<(Range<usize>, &DeTable<'_>)>,
    key: Key,
    value: &Value,
) -> Vec<String> {
    let end = if text.contains("\r\n") { "\r\n" } else { "\n" };
    let line = format!("{} = {}", key.name(), value.in_file());
    let mut candidates = Vec::new();
    let commented_out = commented_out(key);
    let mut at = 0;
    for whole in text.split_inclusive('\n') {
        let shown = whole.trim_end();
        if shown == commented_out {
            candidates.push(spliced(text, at..at + shown.len(), &line));
            break;
        }
        at += whole.len();
    }
    let mut after = |place: usize, line: &str| candidates.push(with_line(text, place, line, end));
    let Some((span, table)) = table else {
        let name = key.table().unwrap_or_default();
        let blank = if text.is_empty() { "" } else { end };
        after(text.len(), &format!("{blank}[{name}]{end}{line}"));
        return candidates;
    };
    if let Some(last) = last_value(text, table) {
        after(last, &line);
        after(last, &format!("{} = {}", key.path(), value.in_file()));
    }
    if std::ptr::eq(table, root) {
        // Above everything; what marks a text as UTF-8 stays in front.
        let start = if text.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 };
        candidates.push(spliced(text, start..start, &format!("{line}{end}")));
        return candidates;
    }
    after(span.end, &line);
    after(text.len(), &format!("{end}[{}]{end}{line}", key.table().unwrap_or_default()));
    if text_at(text, span.clone()).starts_with('{') {
        let comma = if table.is_empty() { " " } else { "," };
        candidates.push(spliced(text, span.start + 1..span.start + 1, &format!(" {line}{comma}")));
    }
    candidates
}

/// The end of the last value that stands in the lines of a table itself.
fn last_value(text: &str, table: &DeTable<'_>) -> Option<usize> {
    let values = table
        .values()
        .filter(|item| !text_at(text, item.span()).starts_with('[') || !is_table(item.get_ref()));
    values.map(|item| item.span().end).max()
}

/// The text with a line of its own after the line of a place.
fn with_line(text: &str, place: usize, line: &str, end: &str) -> String {
    let rest = text.get(place..).unwrap_or_default();
    match rest.find('\n') {
        Some(to_end) => spliced(text, place + to_end + 1..place + to_end + 1, &format!("{line}{end}")),
        None if text.is_empty() || text.ends_with('\n') => format!("{text}{line}{end}"),
        None => format!("{text}{end}{line}{end}"),
    }
}

fn spliced(text: &str, span: Range<usize>, instead: &str) -> String {
    let before = text.get(..span.start).unwrap_or_default();
    let after = text.get(span.end..).unwrap_or_default();
    [before, instead, after].concat()
}

/// Tells whether two files differ in that key alone. Nothing that somebody wrote may get lost, whether it
/// is understood or not.
fn is_same_but_for(before: &DeTable<'_>, after: &DeTable<'_>, key: Key) -> bool {
    let (before, after) = (without(before, key), without(after, key));
    is_same_table(&before, &after)
}

fn without<'i>(root: &DeTable<'i>, key: Key) -> DeTable<'i> {
    let mut root = root.clone();
    let Some(name) = key.table() else {
        let _set = root.remove(key.name());
        return root;
    };
    let is_empty = match root.get_mut(name).map(toml::Spanned::get_mut) {
        Some(DeValue::Table(table)) => {
            let _set = table.remove(key.name());
            table.is_empty()
        }
        _ => false,
    };
    // An empty table says as much as none.
    if is_empty {
        let _empty = root.remove(name);
    }
    root
}

fn is_same_table(one: &DeTable<'_>, other: &DeTable<'_>) -> bool {
    let same_item = |((name, item), (other_name, other_item)): (Item<'_, '_>, Item<'_, '_>)| {
        name == other_name && is_same(item.get_ref(), other_item.get_ref())
    };
    one.len() == other.len() && one.iter().zip(other.iter()).all(same_item)
}

type Item<'t, 'i> = (&'t toml::Spanned<toml::de::DeString<'i>>, &'t toml::Spanned<DeValue<'i>>);

fn is_same(one: &DeValue<'_>, other: &DeValue<'_>) -> bool {
    match (one, other) {
        (DeValue::String(one), DeValue::String(other)) => one == other,
        (DeValue::Integer(one), DeValue::Integer(other)) => one.to_string() == other.to_string(),
        (DeValue::Float(one), DeValue::Float(other)) => one.as_str() == other.as_str(),
        (DeValue::Boolean(one), DeValue::Boolean(other)) => one == other,
        (DeValue::Datetime(one), DeValue::Datetime(other)) => one == other,
        (DeValue::Array(one), DeValue::Array(other)) => {
            let same = |(one, other): (&toml::Spanned<_>, &toml::Spanned<_>)| {
                is_same(one.get_ref(), other.get_ref())
            };
            one.len() == other.len() && one.iter().zip(other.iter()).all(same)
        }
        (DeValue::Table(one), DeValue::Table(other)) => is_same_table(one, other),
        _ => false,
    }
}
