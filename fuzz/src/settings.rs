//! A settings file. Bytes: which key is changed, to which value, then the file.

use std::time::Duration;

use lifeboat::settings::{Key, Kind, NotChanged, Settings, Value, parse, template, with_value};
use toml::de::{DeTable, DeValue};

use super::shared::assert_message;

/// The lines that are told at most, and one that counts the others.
const MOST_WARNINGS: usize = 21;

pub fn run(data: &[u8]) {
    let [key, number, file @ ..] = data else { return };
    let key = Key::ALL[usize::from(*key) % Key::ALL.len()];
    let value = value(key, *number, file);
    let (settings, warnings) = parse(file);
    let n_lines = String::from_utf8_lossy(file).lines().count().max(1);
    assert!(warnings.len() <= MOST_WARNINGS, "{} warnings", warnings.len());
    for warning in &warnings {
        assert_message(&warning.to_string());
        assert!(warning.words.len() < 8 << 10, "a warning of {} bytes", warning.words.len());
        assert!(warning.line.is_none_or(|line| 1 <= line && line <= n_lines), "{warning} of {n_lines}");
    }
    assert!(warnings.is_sorted_by_key(|warning| warning.line.unwrap_or(usize::MAX)));
    for key in Key::ALL {
        let value = key.value(&settings);
        key.set(&mut settings.clone(), &value).expect("what was read can be set");
    }
    if let Ok(text) = std::str::from_utf8(file) {
        check_change(text, &settings, key, &value);
    }
    check_change(&template(), &Settings::default(), key, &value);
}

/// The value is set, once and for all, and nothing else is.
fn check_change(text: &str, before: &Settings, key: Key, value: &Value) {
    let mut expected = before.clone();
    let fits = key.set(&mut expected, value).is_ok();
    match with_value(text, key, value) {
        Ok(changed) => {
            assert!(fits);
            assert_eq!(parse(changed.as_bytes()).0, expected);
            assert_eq!(with_value(&changed, key, value).as_ref(), Ok(&changed));
            check_kept(text, &changed, key);
        }
        Err(NotChanged::Unfit(_)) => assert!(!fits),
        Err(NotChanged::NotToml(warning)) => {
            assert_eq!(*before, Settings::default());
            assert_eq!(parse(text.as_bytes()).1, [warning]);
        }
        Err(error @ NotChanged::InTheWay { .. }) => {
            assert_message(&error.to_string());
            assert!(is_in_the_way(text, key), "{error}");
        }
        Err(NotChanged::TooLarge) => assert!(text.len() > 60 << 10),
    }
}

/// What was taken out is the old value, or a commented-out line of the template, or nothing.
fn check_kept(before: &str, after: &str, key: Key) {
    let (one, other) = (before.as_bytes(), after.as_bytes());
    let start = one.iter().zip(other).take_while(|(one, other)| one == other).count();
    let same = one[start..].iter().rev().zip(other[start..].iter().rev()).take_while(|(a, b)| a == b).count();
    let gone = start..one.len() - same;
    let root = DeTable::parse(before).expect("it was read before").into_inner();
    let table = key.table().map_or(Some(&root), |name| root.get(name)?.get_ref().as_table());
    let is_kept = match table.and_then(|table| table.get(key.name())) {
        _ if gone.is_empty() => true,
        Some(item) => item.span().start <= gone.start && gone.end <= item.span().end,
        None => one[gone.start] == b'#' && !one[gone].contains(&b'\n'),
    };
    assert!(is_kept, "{before:?} became {after:?}");
}

/// A table where the value would stand, or something else than a table where its table would.
fn is_in_the_way(text: &str, key: Key) -> bool {
    let root = DeTable::parse(text).expect("it was read before").into_inner();
    let holds_tables = |item: &DeValue<'_>| {
        let list = item.as_array().into_iter().flatten();
        item.is_table() || list.into_iter().any(|item| item.get_ref().is_table())
    };
    let table = match key.table() {
        None => &root,
        Some(name) => match root.get(name).map(|item| item.get_ref().as_table()) {
            None => return false,
            Some(None) => return true,
            Some(Some(table)) => table,
        },
    };
    table.get(key.name()).is_some_and(|item| holds_tables(item.get_ref()))
}

fn value(key: Key, number: u8, file: &[u8]) -> Value {
    match key.kind() {
        Kind::Flag => Value::Flag(number % 2 == 1),
        Kind::Choice(names) => Value::Choice(names[usize::from(number) % names.len()]),
        Kind::Time { .. } => Value::Time(Duration::from_secs(u64::from(number) * 40)),
        Kind::Command => {
            let text = String::from_utf8_lossy(&file[..file.len().min(usize::from(number))]);
            Value::Command(text.split(' ').map(str::to_owned).collect())
        }
        Kind::Pattern | Kind::Text { .. } => {
            Value::Text(String::from_utf8_lossy(&file[..file.len().min(usize::from(number))]).into_owned())
        }
    }
}
