//! The YAML that `totp-cli dump` prints: a list of namespaces with a list of accounts in each, and nothing else of YAML.
//! What is written in another of YAML's ways is refused with its line, and never guessed.

use serde_json::{Map, Value};

use crate::interchange::ImportError;
use crate::interchange::json::LARGEST_FILE;

/// Tells whether a text is such a list.
pub(super) fn recognises(text: &[u8]) -> bool {
    let begins = text.starts_with(b"- ") || text.starts_with(b"---\n") || text.starts_with(b"---\r\n");
    let has = |key: &[u8]| {
        let mut lines = text.split(|byte| *byte == b'\n').map(<[u8]>::trim_ascii);
        lines.any(|line| line.strip_prefix(b"- ").unwrap_or(line).trim_ascii_start().starts_with(key))
    };
    begins && has(b"accounts:") && has(b"token:")
}

/// Where the keys of the current namespace and of its accounts stand; they are as far in as the first of them.
#[derive(Default)]
struct Columns {
    namespace: Option<usize>,
    account: Option<usize>,
}

/// Reads such a list as what its JSON would be, all values as texts.
///
/// # Errors
///
/// [`ImportError::TooLarge`], and [`ImportError::Damaged`] with the line.
pub(super) fn parse(bytes: &[u8]) -> Result<Value, ImportError> {
    if bytes.len() > LARGEST_FILE {
        return Err(ImportError::TooLarge);
    }
    let text = std::str::from_utf8(bytes).map_err(|_| super::damaged("it is not text"))?;
    let mut namespaces: Vec<Map<String, Value>> = Vec::new();
    let mut columns = Columns::default();
    let mut lines = text.trim_start_matches('\u{feff}').lines().enumerate().peekable();
    while let Some((idx, line)) = lines.next() {
        let bad = || ImportError::Damaged { at: format!("line {} is not as totp-cli writes it", idx + 1) };
        let content = line.trim();
        if content.is_empty() || content.starts_with('#') || matches!(content, "---" | "..." | "[]") {
            continue;
        }
        let (column, is_item, field) = place(line);
        let (key, value) = field.split_once(':').ok_or_else(bad)?;
        // What is too long for a line goes on further in.
        let mut value = value.trim().to_owned();
        while let Some((_, more)) = lines.next_if(|(_, next)| goes_on(next, column)) {
            value.push(' ');
            value.push_str(more.trim());
        }
        let namespace_column = *columns.namespace.get_or_insert(column);
        if column == namespace_column {
            if is_item {
                namespaces.push(Map::new());
                columns.account = None;
            }
            let namespace = namespaces.last_mut().ok_or_else(bad)?;
            let value = match key {
                "accounts" if matches!(value.as_str(), "" | "[]" | "null" | "~") => Value::Array(Vec::new()),
                "accounts" => return Err(bad()),
                _ => scalar(&value).ok_or_else(bad)?,
            };
            namespace.insert(key.to_owned(), value);
        } else {
            if column != *columns.account.get_or_insert(column) || column < namespace_column {
                return Err(bad());
            }
            let accounts = namespaces.last_mut().and_then(|one| one.get_mut("accounts"));
            let accounts = accounts.and_then(Value::as_array_mut).ok_or_else(bad)?;
            if is_item {
                accounts.push(Value::Object(Map::new()));
            }
            let account = accounts.last_mut().and_then(Value::as_object_mut).ok_or_else(bad)?;
            account.insert(key.to_owned(), scalar(&value).ok_or_else(bad)?);
        }
    }
    Ok(Value::Array(namespaces.into_iter().map(Value::Object).collect()))
}

/// The column of a line's key, whether it begins an item of a list, and the rest of the line.
fn place(line: &str) -> (usize, bool, &str) {
    let indented = line.trim_start_matches(' ');
    let field = indented.strip_prefix("- ").map_or(indented, |field| field.trim_start_matches(' '));
    (line.len() - field.len(), field.len() < indented.len(), field)
}

/// Tells whether a line is further in than a key and is no field itself.
fn goes_on(line: &str, column: usize) -> bool {
    let (begins_at, is_item, field) = place(line);
    let key = field.split_once(':').map_or("", |(key, _)| key);
    let is_field = !key.is_empty() && key.bytes().all(|byte| byte.is_ascii_alphanumeric());
    begins_at > column && !is_item && !is_field && !field.trim().is_empty()
}

/// A value; `None` where it is written in one of the ways that are not read.
fn scalar(value: &str) -> Option<Value> {
    if matches!(value, "" | "null" | "~") {
        return Some(Value::Null);
    }
    if let Some(quoted) = value.strip_prefix('"') {
        return unescaped(quoted.strip_suffix('"')?).map(Value::String);
    }
    if let Some(quoted) = value.strip_prefix('\'') {
        let inside = quoted.strip_suffix('\'')?;
        return inside.split("''").all(|part| !part.contains('\'')).then(|| inside.replace("''", "'").into());
    }
    let is_other = value.starts_with(['|', '>', '[', '{', '&', '*', '!', '%', '@', '`']);
    let plain = value.split(" #").next().unwrap_or_default().trim_end();
    (!is_other).then(|| plain.into())
}

/// The text between double quotes.
fn unescaped(text: &str) -> Option<String> {
    let mut plain = String::with_capacity(text.len());
    let mut letters = text.chars();
    while let Some(letter) = letters.next() {
        if letter == '"' {
            return None;
        }
        if letter != '\\' {
            plain.push(letter);
            continue;
        }
        let n_digits = match letters.next()? {
            'x' => 2,
            'u' => 4,
            'U' => 8,
            letter => {
                plain.push(match letter {
                    '"' | '\\' | '/' | ' ' => letter,
                    'n' => '\n',
                    't' => '\t',
                    'r' => '\r',
                    '0' => '\0',
                    'e' => '\u{1b}',
                    '_' => '\u{a0}',
                    _ => return None,
                });
                continue;
            }
        };
        let digits: String = letters.by_ref().take(n_digits).collect();
        let is_whole = digits.len() == n_digits;
        plain.push(u32::from_str_radix(&digits, 16).ok().filter(|_| is_whole).and_then(char::from_u32)?);
    }
    Some(plain)
}
