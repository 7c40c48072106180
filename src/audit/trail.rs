//! The lines of the log's files as they look to whoever has the vault's key, and what stands in clear between two records.

use data_encoding::HEXLOWER;
use sha2::{Digest as _, Sha256};

use super::chain::{Line, SealedLine, advance};
use super::record::Record;

/// A line in its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Read {
    /// Its number in the file, from 1.
    pub line: u64,
    /// What it is.
    pub seen: Seen,
}

/// What a line is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Seen {
    /// The last line, without its end: a write that a crash cut short is no record, however it reads. `over` is the
    /// number of a record of this vault that it is but for its last byte.
    Cut {
        /// That record.
        over: Option<u64>,
    },
    /// A record that this vault did not seal, or that is not any more what it sealed.
    Foreign {
        /// The number that it claims.
        number: u64,
        /// The head that it claims to go on from.
        previous: [u8; 32],
    },
    /// A line in clear.
    Open {
        /// Unix seconds.
        at: u64,
        /// What happened, in one word.
        event: String,
    },
    /// A record that this vault sealed.
    Own(Box<Own>),
    /// Nothing that a writer makes.
    Spoiled,
}

/// A record that this vault sealed, at this number and after this head.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Own {
    /// Its number, from 1.
    pub number: u64,
    /// The head of the chain before it.
    pub previous: [u8; 32],
    /// The head of the chain after it.
    pub head: [u8; 32],
    /// What it says; `None` when a newer version wrote it.
    pub record: Option<Record>,
}

/// What a line says that this vault sealed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Content {
    /// Something that only a newer version understands.
    Newer,
    /// A record.
    Record(Record),
}

impl Content {
    /// The record, if it is one that this version understands.
    pub fn record(self) -> Option<Record> {
        match self {
            Self::Newer => None,
            Self::Record(record) => Some(record),
        }
    }
}

/// Opens a sealed line: `None` when this vault did not seal it at this place of the chain.
pub type Open<'a> = &'a dyn Fn(&SealedLine) -> Option<Content>;

/// Reads a file of the log.
pub fn read(bytes: &[u8], open: Open<'_>) -> Vec<Read> {
    let (whole, cut) = ended(bytes);
    let numbered = (1..).zip(lines(whole));
    let mut reads: Vec<Read> = numbered.map(|(line, bytes)| Read { line, seen: seen(bytes, open) }).collect();
    if !cut.is_empty() {
        let line = u64::try_from(reads.len()).unwrap_or(u64::MAX).saturating_add(1);
        let over = cut.split_last().and_then(|(_, but_last)| match seen(but_last, open) {
            Seen::Own(own) => Some(own.number),
            Seen::Cut { .. } | Seen::Foreign { .. } | Seen::Open { .. } | Seen::Spoiled => None,
        });
        reads.push(Read { line, seen: Seen::Cut { over } });
    }
    reads
}

fn seen(bytes: &[u8], open: Open<'_>) -> Seen {
    let Ok(text) = str::from_utf8(bytes) else { return Seen::Spoiled };
    match Line::parse(text) {
        None => Seen::Spoiled,
        Some(Line::Open { at, event }) => Seen::Open { at, event },
        Some(Line::Sealed(sealed)) => match open(&sealed) {
            None => Seen::Foreign { number: sealed.number, previous: sealed.previous },
            Some(content) => Seen::Own(Box::new(Own {
                number: sealed.number,
                previous: sealed.previous,
                head: advance(&sealed.previous, text),
                record: content.record(),
            })),
        },
    }
}

/// The lines that have their end, and what stands behind the last end.
pub fn ended(bytes: &[u8]) -> (&[u8], &[u8]) {
    let end = bytes.iter().rposition(|byte| *byte == b'\n').map_or(0, |at| at + 1);
    bytes.split_at_checked(end).unwrap_or((bytes, &[]))
}

/// The lines of bytes that end in a line end, or are none.
pub fn lines(whole: &[u8]) -> impl Iterator<Item = &[u8]> {
    whole.split_inclusive(|byte| *byte == b'\n').map(|line| line.strip_suffix(b"\n").unwrap_or(line))
}

/// Lines in clear, which the next record takes in by their count and their hash.
#[derive(Debug, Clone, Default)]
pub struct InClear {
    count: u64,
    hash: Sha256,
}

impl InClear {
    /// Takes one more.
    pub fn push(&mut self, at: u64, event: &str) {
        self.count += 1;
        self.hash.update(Line::open(at, event).as_bytes());
        self.hash.update(b"\n");
    }

    /// How many they are.
    pub fn count(&self) -> u64 {
        self.count
    }

    /// What the record says of them; `None` where there are none.
    pub fn facts(self) -> Option<Vec<(String, String)>> {
        let Self { count, hash } = self;
        (count > 0).then(|| {
            let sha256 = HEXLOWER.encode(&hash.finalize());
            vec![("lines".to_owned(), count.to_string()), ("sha256".to_owned(), sha256)]
        })
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn nobody(_: &SealedLine) -> Option<Content> {
        None
    }

    #[test]
    fn every_line_is_seen_for_what_it_is_in_its_place() {
        let own = SealedLine { number: 1, previous: [1; 32], sealed: vec![1] }.encode();
        let foreign = SealedLine { number: 2, previous: [2; 32], sealed: vec![2] }.encode();
        let open = |line: &SealedLine| (line.number == 1).then_some(Content::Newer);
        let text = format!("{own}\nU1 5 failed-unlock\n\n{foreign}\n\u{1f}\n{own}=");
        let seen: Vec<Seen> = read(text.as_bytes(), &open).into_iter().map(|read| read.seen).collect();
        let head = advance(&[1; 32], &own);
        let expected = [
            Seen::Own(Box::new(Own { number: 1, previous: [1; 32], head, record: None })),
            Seen::Open { at: 5, event: "failed-unlock".into() },
            Seen::Spoiled,
            Seen::Foreign { number: 2, previous: [2; 32] },
            Seen::Spoiled,
            Seen::Cut { over: Some(1) },
        ];
        assert_eq!(seen, expected);
        let last = read(own.as_bytes(), &open).pop().unwrap();
        assert_eq!(last, Read { line: 1, seen: Seen::Cut { over: None } }, "without its end it is no record");
    }

    proptest! {
        #[test]
        fn no_bytes_are_too_odd_for_a_line(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
            let reads = read(&bytes, &nobody);
            // What is behind the last end is a line where it is not empty.
            let pieces = bytes.split(|byte| *byte == b'\n').count();
            let is_ended = bytes.last().is_none_or(|byte| *byte == b'\n');
            prop_assert_eq!(reads.len(), pieces - usize::from(is_ended));
        }

        #[test]
        fn whatever_is_read_as_a_line_is_written_as_it_was(
            text in prop_oneof!["[LU]1 [+0-9]{1,22} [0-9a-fA-F]{60,66}( [A-Za-z0-9+/=]{0,12})?", "U1 [0-9]{1,21} [a-z -]{0,9}", ".*"],
        ) {
            match Line::parse(&text) {
                Some(Line::Sealed(sealed)) => prop_assert_eq!(sealed.encode(), text),
                Some(Line::Open { at, event }) => prop_assert_eq!(Line::open(at, &event), text),
                None => {}
            }
        }

        #[test]
        fn a_sealed_line_is_read_as_it_was_written(
            number in any::<u64>(), previous in any::<[u8; 32]>(), sealed in prop::collection::vec(any::<u8>(), 0..99),
        ) {
            let line = SealedLine { number, previous, sealed };
            prop_assert_eq!(Line::parse(&line.encode()), Some(Line::Sealed(line)));
        }
    }
}
