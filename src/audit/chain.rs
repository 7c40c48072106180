//! The lines of the log file and the hash chain over them.
//!
//! ```text
//! L1 <number> <head before it, 64 hex digits> <base64 of salt, ciphertext and tag>
//! U1 <unix seconds> <event>
//! ```
//!
//! An `L1` line is sealed and chained over its sealed bytes, so the chain can be followed without
//! a key. A `U1` line was written without the vault being open (a failed unlock): it stands in
//! clear, anybody could have written or removed it, and the next unlock seals its count and hash.

use data_encoding::{BASE64, HEXLOWER};
use sha2::{Digest as _, Sha256};

/// One line of the log file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Line {
    /// A line in clear.
    Open {
        /// Unix seconds.
        at: u64,
        /// What happened, in one word of lower-case letters and hyphens.
        event: String,
    },
    /// A sealed record.
    Sealed(SealedLine),
}

/// A sealed record as it stands in the file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SealedLine {
    /// Its number, from 1.
    pub number: u64,
    /// The head of the chain before it.
    pub previous: [u8; 32],
    /// Salt, ciphertext and tag.
    pub sealed: Vec<u8>,
}

impl SealedLine {
    /// What the record is bound to: everything of its line but the sealed bytes.
    pub fn binding(number: u64, previous: &[u8; 32]) -> String {
        format!("L1 {number} {} ", HEXLOWER.encode(previous))
    }

    /// The line, without its line end.
    pub fn encode(&self) -> String {
        let mut line = Self::binding(self.number, &self.previous);
        BASE64.encode_append(&self.sealed, &mut line);
        line
    }
}

impl Line {
    /// Reads a line without its line end; `None` for anything that no writer makes.
    pub fn parse(line: &str) -> Option<Self> {
        let mut words = line.split(' ');
        let parsed = match words.next()? {
            "L1" => {
                let number = words.next()?.parse().ok()?;
                let previous = HEXLOWER.decode(words.next()?.as_bytes()).ok()?.try_into().ok()?;
                let sealed = BASE64.decode(words.next()?.as_bytes()).ok()?;
                Self::Sealed(SealedLine { number, previous, sealed })
            }
            "U1" => {
                let (at, event) = (words.next()?.parse().ok()?, words.next()?);
                let is_word =
                    |event: &str| event.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'-');
                Self::Open { at, event: Some(event).filter(|event| is_word(event))?.to_owned() }
            }
            _ => return None,
        };
        // A number may be spelt in several ways, and a writer has one: what is read must be what was written.
        (parsed.encode() == line).then_some(parsed)
    }

    /// The line, without its line end.
    fn encode(&self) -> String {
        match self {
            Self::Open { at, event } => Self::open(*at, event),
            Self::Sealed(sealed) => sealed.encode(),
        }
    }

    /// A line in clear.
    pub fn open(at: u64, event: &str) -> String {
        format!("U1 {at} {event}")
    }
}

/// The head of an empty chain, which belongs to one vault.
pub fn start(vault: &[u8; 16]) -> [u8; 32] {
    let mut hash = Sha256::new_with_prefix(b"lifeboat/1/log\0");
    hash.update(vault);
    hash.finalize().into()
}

/// The head after one more sealed line (without its line end).
pub fn advance(head: &[u8; 32], line: &str) -> [u8; 32] {
    let mut hash = Sha256::new_with_prefix(b"lifeboat/1/log/record\0");
    hash.update(head);
    hash.update(line.as_bytes());
    hash.finalize().into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_read_as_it_was_written() {
        let sealed = SealedLine { number: 7, previous: [3; 32], sealed: vec![1, 2, 3] };
        assert_eq!(Line::parse(&sealed.encode()), Some(Line::Sealed(sealed)));
        let open = Line::open(1_700_000_000, "failed-unlock");
        assert_eq!(Line::parse(&open), Some(Line::Open { at: 1_700_000_000, event: "failed-unlock".into() }));
    }

    #[test]
    fn what_no_writer_makes_is_no_line() {
        for line in
            ["", "L1", "L1 x y z", "L2 1 00 AA==", "U1 soon failed-unlock", "U1 1 a b", " U1 1 a", "U1 1 A1"]
        {
            assert_eq!(Line::parse(line), None, "{line:?}");
        }
    }

    #[test]
    fn a_number_spelt_in_another_way_is_no_line() {
        let sealed = SealedLine { number: 7, previous: [3; 32], sealed: vec![1, 2, 3] }.encode();
        for number in ["+7", "07"] {
            assert_eq!(Line::parse(&sealed.replacen('7', number, 1)), None, "{number}");
            assert_eq!(Line::parse(&format!("U1 {number} failed-unlock")), None, "{number}");
        }
    }

    #[test]
    fn the_head_depends_on_the_vault_and_on_every_line_in_order() {
        let (one, two) = (start(&[1; 16]), start(&[2; 16]));
        assert_ne!(one, two);
        assert_ne!(advance(&advance(&one, "a"), "b"), advance(&advance(&one, "b"), "a"));
    }
}
