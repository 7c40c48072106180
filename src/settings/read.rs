//! Reads the settings file: each key alone, so that one mistake costs one setting.

use std::fmt;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::keys::{Key, Kind, Value};
use super::{LARGEST, Provider, Settings, duration, reason};
use crate::entry::label;

/// More of them help nobody; the last one says how many more there are.
const MOST_WARNINGS: usize = 20;

/// Says what in the file is not taken, and where. Safe to show.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Warning {
    /// The line, from 1; `None` for what is not about one line.
    pub line: Option<usize>,
    /// What is wrong and what holds instead.
    pub words: String,
}

impl fmt::Display for Warning {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.line {
            Some(line) => write!(f, "line {line}: {}", self.words),
            None => f.write_str(&self.words),
        }
    }
}

/// Reads the bytes of a settings file. What it does not set keeps its default, and so does every key
/// whose value does not fit. Bytes that are no TOML at all give one warning and all defaults.
pub fn parse(bytes: &[u8]) -> (Settings, Vec<Warning>) {
    let parsed = text_of(bytes).and_then(|text| document(text).map(|document| (text, document)));
    match parsed {
        Err(warning) => (Settings::default(), vec![warning]),
        Ok((text, document)) => {
            let mut reading = Reading::default();
            reading.root(&document);
            let (settings, line) = (reading.settings, |at| Some(line_of(text, at)));
            let mut found = reading.found;
            found.sort_by_key(|(at, _)| *at);
            let n_more = found.len().saturating_sub(MOST_WARNINGS);
            let warning = |(at, words)| Warning { line: line(at), words };
            let mut warnings: Vec<Warning> = found.into_iter().take(MOST_WARNINGS).map(warning).collect();
            if n_more > 0 {
                warnings.push(Warning {
                    line: None,
                    words: format!("{n_more} more of its lines are not understood"),
                });
            }
            (settings, warnings)
        }
    }
}

/// The text of a file's bytes.
pub(super) fn text_of(bytes: &[u8]) -> Result<&str, Warning> {
    if bytes.len() > LARGEST {
        let words = format!(
            "it is larger than the {LARGEST} bytes that can be right; all settings keep their defaults"
        );
        return Err(Warning { line: None, words });
    }
    std::str::from_utf8(bytes).map_err(|error| {
        let whole = bytes.get(..error.valid_up_to()).unwrap_or_default();
        let line = Some(line_of(&String::from_utf8_lossy(bytes), whole.len()));
        Warning { line, words: "it is no text in UTF-8; all settings keep their defaults".to_owned() }
    })
}

/// The tables and values of a text.
pub(super) fn document(text: &str) -> Result<DeTable<'_>, Warning> {
    DeTable::parse(text).map(Spanned::into_inner).map_err(|error| {
        let at = error.span().map_or(0, |span| span.start);
        let said = label::shown_message(&error.message().replace('\n', ", "));
        Warning {
            line: Some(line_of(text, at)),
            words: format!("not TOML: {said}; all settings keep their defaults"),
        }
    })
}

/// The line of a place, from 1. The end of a file belongs to its last line.
pub(super) fn line_of(text: &str, at: usize) -> usize {
    let before = text.bytes().take(at).filter(|byte| *byte == b'\n').count();
    (before + 1).min(text.lines().count().max(1))
}

/// Reads a command as it stands in the file.
pub(super) fn command(text: &str) -> Option<Value> {
    value(&Kind::Command, DeValue::parse(text).ok()?.get_ref())
}

#[derive(Default)]
struct Reading {
    settings: Settings,
    /// Where something is wrong, and what.
    found: Vec<(usize, String)>,
}

impl Reading {
    fn root(&mut self, root: &DeTable<'_>) {
        for (name, item) in root {
            let at = name.span().start;
            let name: &str = name.get_ref();
            if !Key::TABLES.contains(&name) {
                self.key(at, None, name, item.get_ref());
            } else if let Some(table) = item.get_ref().as_table() {
                for (key, item) in table {
                    self.key(key.span().start, Some(name), key.get_ref(), item.get_ref());
                }
                self.provider(table);
            } else {
                let words =
                    format!("{name} is a table: write [{name}] on a line of its own, and its keys below it");
                self.found.push((at, words));
            }
        }
    }

    fn key(&mut self, at: usize, table: Option<&str>, name: &str, item: &DeValue<'_>) {
        let Some(key) = Key::ALL.into_iter().find(|key| key.table() == table && key.name() == name) else {
            return self.found.push((at, unknown(table, name)));
        };
        let set = value(&key.kind(), item).is_some_and(|value| key.set(&mut self.settings, &value).is_ok());
        if !set {
            let (path, kind) = (key.path(), key.kind());
            let words = match (&kind, item.as_str()) {
                // A mistake here must not switch the question off, and says so.
                (Kind::Pattern, pattern) => {
                    let why = pattern.and_then(|pattern| reason::compile(pattern).err());
                    let why = why.map(|why| format!(" ({})", label::shown_message(&why))).unwrap_or_default();
                    format!("{path} takes {kind}{why}; any reason that is not blank is taken")
                }
                _ => format!("{path} takes {kind}; it stays {}", key.value(&Settings::default()).in_file()),
            };
            self.found.push((at, words));
        }
    }

    /// A command that is chosen and not named.
    fn provider(&mut self, table: &DeTable<'_>) {
        let clipboard = &self.settings.clipboard;
        if let (Provider::Command, true, Some((name, _))) =
            (clipboard.provider, clipboard.command.is_empty(), table.get_key_value(Key::Provider.name()))
        {
            let words = format!("{} names no program, so nothing is copied", Key::Command.path());
            self.found.push((name.span().start, words));
        }
    }
}

/// What is said of a name that is none of a setting, with its right place if it has one.
fn unknown(table: Option<&str>, name: &str) -> String {
    let path = table.map_or_else(|| label::shown(name), |table| format!("{table}.{}", label::shown(name)));
    match Key::ALL.into_iter().find(|key| key.name() == name).map(Key::table) {
        Some(Some(table)) => format!("{path} is no setting here: it belongs below [{table}]"),
        Some(None) => format!("{path} is no setting here: it belongs above all tables"),
        None => format!("{path} is no setting of this version"),
    }
}

fn value(kind: &Kind, item: &DeValue<'_>) -> Option<Value> {
    let value = match kind {
        Kind::Flag => Value::Flag(item.as_bool()?),
        Kind::Choice(names) => {
            let text = item.as_str()?;
            Value::Choice(names.iter().find(|name| **name == text)?)
        }
        Kind::Time { .. } => Value::Time(duration::parse(item.as_str()?)?),
        Kind::Pattern | Kind::Text { .. } => Value::Text(item.as_str()?.to_owned()),
        Kind::Command => {
            let words = item.as_array()?.iter().map(|word| word.get_ref().as_str().map(str::to_owned));
            Value::Command(words.collect::<Option<_>>()?)
        }
    };
    kind.fits(&value).then_some(value)
}
