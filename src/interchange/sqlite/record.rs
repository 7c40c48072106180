//! Rows of a table: values of their own types, one behind the other, with a list of the types before them.

use super::{Encoding, varint};
use crate::interchange::account::Number;
use crate::secret::{SecretBytes, SecretText};

/// Most columns of a table; the limit of `SQLite` too.
const MOST_COLUMNS: usize = 32_767;

/// The content of a row.
#[derive(Debug)]
pub(super) struct Record {
    content: SecretBytes,
    /// Kind, start and end of each value.
    values: Vec<(Kind, usize, usize)>,
    encoding: Encoding,
}

/// What a value is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Blob,
    Float,
    Integer,
    Null,
    One,
    Text,
    Zero,
}

impl Record {
    /// `None` where it is damaged.
    pub(super) fn parse(content: SecretBytes, encoding: Encoding) -> Option<Self> {
        let mut header = content.expose();
        let n_header = usize::try_from(varint(&mut header)?).ok()?;
        let n_length = content.len() - header.len();
        let mut header = header.get(..n_header.checked_sub(n_length)?)?;
        let mut values = Vec::new();
        let mut start = n_header;
        while !header.is_empty() {
            let (kind, length) = match varint(&mut header)? {
                0 => (Kind::Null, 0),
                n @ 1..=4 => (Kind::Integer, n),
                5 => (Kind::Integer, 6),
                6 => (Kind::Integer, 8),
                7 => (Kind::Float, 8),
                8 => (Kind::Zero, 0),
                9 => (Kind::One, 0),
                10 | 11 => return None,
                n if n % 2 == 0 => (Kind::Blob, (n - 12) / 2),
                n => (Kind::Text, (n - 13) / 2),
            };
            let end = start.checked_add(usize::try_from(length).ok()?)?;
            if end > content.len() || values.len() >= MOST_COLUMNS {
                return None;
            }
            values.push((kind, start, end));
            start = end;
        }
        Some(Self { content, values, encoding })
    }

    /// A text; numbers are none.
    pub(super) fn text(&self, idx: usize) -> Option<SecretText> {
        let (kind, start, end) = *self.values.get(idx)?;
        let bytes = self.content.expose().get(start..end)?;
        // A blob where a text belongs is text in UTF-8 that an app has handed over as bytes.
        let encoding = match kind {
            Kind::Text => self.encoding,
            Kind::Blob => Encoding::Utf8,
            Kind::Float | Kind::Integer | Kind::Null | Kind::One | Kind::Zero => return None,
        };
        let word: fn([u8; 2]) -> u16 = match encoding {
            Encoding::Utf8 => return Some(SecretText::new(String::from_utf8_lossy(bytes).into_owned())),
            Encoding::Utf16Be => u16::from_be_bytes,
            Encoding::Utf16Le => u16::from_le_bytes,
        };
        let words = bytes.as_chunks::<2>().0.iter().map(|chunk| word(*chunk));
        let mut text = SecretText::with_capacity(bytes.len() * 2);
        char::decode_utf16(words)
            .for_each(|letter| text.expose_mut().push(letter.unwrap_or(char::REPLACEMENT_CHARACTER)));
        Some(text)
    }

    /// A whole number.
    pub(super) fn integer(&self, idx: usize) -> Option<i64> {
        let (kind, start, end) = *self.values.get(idx)?;
        match kind {
            Kind::Zero => Some(0),
            Kind::One => Some(1),
            Kind::Integer => {
                let bytes = self.content.expose().get(start..end)?;
                let negative = bytes.first().is_some_and(|byte| byte & 0x80 != 0);
                let begin = if negative { -1 } else { 0 };
                Some(bytes.iter().fold(begin, |number: i64, byte| number << 8 | i64::from(*byte)))
            }
            Kind::Blob | Kind::Float | Kind::Null | Kind::Text => None,
        }
    }

    fn is_null(&self, idx: usize) -> bool {
        self.values.get(idx).is_none_or(|(kind, ..)| *kind == Kind::Null)
    }
}

/// A row whose columns have names.
#[derive(Debug)]
pub(in super::super) struct Row<'a> {
    columns: &'a [String],
    record: &'a Record,
}

impl<'a> Row<'a> {
    pub(super) fn new(columns: &'a [String], record: &'a Record) -> Self {
        Self { columns, record }
    }

    /// The text in a column; empty where there is none.
    pub(in super::super) fn text(&self, column: &str) -> String {
        self.secret(column).map(|text| text.expose().to_owned()).unwrap_or_default()
    }

    /// The secret text in a column; `None` where there is none, or an empty one.
    pub(in super::super) fn secret(&self, column: &str) -> Option<SecretText> {
        self.record.text(self.place(column)?).filter(|text| !text.expose().trim().is_empty())
    }

    /// The number in a column, which some apps write as text.
    pub(in super::super) fn number(&self, column: &str) -> Number {
        // A row that is older than a column has nothing there.
        let Some(idx) = self.place(column).filter(|idx| !self.record.is_null(*idx)) else {
            return Number::Missing;
        };
        let written = self.record.text(idx).and_then(|text| text.expose().trim().parse().ok());
        let stored = self.record.integer(idx).and_then(|number| u64::try_from(number).ok());
        stored.or(written).map_or(Number::Bad, Number::Is)
    }

    fn place(&self, column: &str) -> Option<usize> {
        self.columns.iter().position(|name| name.eq_ignore_ascii_case(column))
    }
}
