//! What passes between this process and its broker, byte for byte. Both are the same program.

use super::{Cleared, Ready};
use crate::secret::SecretBytes;

/// What the broker is asked for.
#[derive(Debug)]
pub(super) enum Request {
    /// Clear what was copied, if it is still there.
    Clear,
    /// Copy a text.
    Copy {
        /// Whether it is overwritten in the end where nobody can see if it is still there.
        overwrite: bool,
        /// The text.
        text: SecretBytes,
    },
}

/// Bytes before the text of a request: its sort, a switch, and the length of the text.
pub(super) const HEAD: usize = 4;

const CLEAR: u8 = b'K';
const COPY: u8 = b'C';

impl Request {
    /// As bytes, in a buffer that is wiped.
    pub(super) fn encode(&self) -> SecretBytes {
        let (sort, switch, text): (u8, bool, &[u8]) = match self {
            Self::Clear => (CLEAR, false, &[]),
            Self::Copy { overwrite, text } => (COPY, *overwrite, text.expose()),
        };
        let [low, high] = u16::try_from(text.len()).unwrap_or(u16::MAX).to_le_bytes();
        let mut bytes = SecretBytes::with_capacity(HEAD + text.len());
        bytes.expose_mut().extend_from_slice(&[sort, u8::from(switch), low, high]);
        bytes.expose_mut().extend_from_slice(text);
        bytes
    }

    /// How many bytes of text follow a head.
    pub(super) fn text_len(head: [u8; HEAD]) -> usize {
        let [_, _, low, high] = head;
        usize::from(u16::from_le_bytes([low, high]))
    }

    /// Reads one back; `None` for anything else.
    pub(super) fn parse(head: [u8; HEAD], text: SecretBytes) -> Option<Self> {
        match head {
            [CLEAR, 0, ..] if text.is_empty() => Some(Self::Clear),
            [COPY, switch @ (0 | 1), ..] if !text.is_empty() => {
                Some(Self::Copy { overwrite: switch == 1, text })
            }
            _ => None,
        }
    }
}

/// What the broker answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Answer {
    /// How clearing has ended.
    Cleared(Cleared),
    /// It was copied.
    Copied {
        /// And sent on to the terminal.
        passed_on: bool,
    },
    /// It was not done.
    Failed(Fault),
    /// The first answer, before anything was asked.
    Ready(Ready),
}

/// Why something was not done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fault {
    /// The program ended with a status.
    Ended(i32),
    /// It did not end in time.
    Hung,
    /// A signal ended it.
    Killed(i32),
    /// It could not be started; the number of the error.
    NotStarted(i32),
    /// What was cleared is there again.
    StillThere,
}

/// Bytes of an answer: its sort, a detail, and a number.
pub(super) const ANSWER: usize = 6;

const CLEARED: [Cleared; 5] =
    [Cleared::Gone, Cleared::Left, Cleared::Nothing, Cleared::NotOurs, Cleared::Overwritten];

impl Answer {
    /// As bytes.
    pub(super) fn encode(self) -> [u8; ANSWER] {
        let (sort, detail, number) = match self {
            Self::Cleared(how) => {
                let place =
                    CLEARED.iter().position(|one| *one == how).and_then(|place| u8::try_from(place).ok());
                (b'K', place.unwrap_or_default(), 0)
            }
            Self::Copied { passed_on } => (b'C', u8::from(passed_on), 0),
            Self::Failed(fault) => match fault {
                Fault::Ended(status) => (b'F', 0, status),
                Fault::Hung => (b'F', 1, 0),
                Fault::Killed(signal) => (b'F', 2, signal),
                Fault::NotStarted(error) => (b'F', 3, error),
                Fault::StillThere => (b'F', 4, 0),
            },
            Self::Ready(ready) => {
                let marks = ready.marks.map_or(0, |marks| if marks { 2 } else { 1 });
                (b'R', marks, i32::from(ready.calls_refused) | i32::from(ready.paths_refused) << 1)
            }
        };
        let [a, b, c, d] = number.to_le_bytes();
        [sort, detail, a, b, c, d]
    }

    /// Reads one back; `None` for anything else.
    pub(super) fn parse(bytes: [u8; ANSWER]) -> Option<Self> {
        let [sort, detail, number @ ..] = bytes;
        let number = i32::from_le_bytes(number);
        Some(match (sort, detail) {
            (b'K', place) => Self::Cleared(*CLEARED.get(usize::from(place))?),
            (b'C', passed_on @ (0 | 1)) => Self::Copied { passed_on: passed_on == 1 },
            (b'F', 0) => Self::Failed(Fault::Ended(number)),
            (b'F', 1) => Self::Failed(Fault::Hung),
            (b'F', 2) => Self::Failed(Fault::Killed(number)),
            (b'F', 3) => Self::Failed(Fault::NotStarted(number)),
            (b'F', 4) => Self::Failed(Fault::StillThere),
            (b'R', marks @ 0..3) => Self::Ready(Ready {
                marks: [None, Some(false), Some(true)].get(usize::from(marks)).copied()?,
                calls_refused: number & 1 != 0,
                paths_refused: number & 2 != 0,
            }),
            _ => return None,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(bytes: &[u8]) -> Option<Request> {
        let (head, text) = bytes.split_at(HEAD);
        Request::parse(head.try_into().unwrap(), SecretBytes::from_slice(text))
    }

    #[test]
    fn a_request_is_read_back_as_it_was() {
        let request = Request::Copy { overwrite: true, text: SecretBytes::from_slice(b"123456") };
        let bytes = request.encode();
        assert_eq!(Request::text_len(bytes.expose()[..HEAD].try_into().unwrap()), 6);
        let Some(Request::Copy { overwrite, text }) = parsed(bytes.expose()) else { panic!() };
        assert!(overwrite && text.expose() == b"123456");
        assert!(matches!(parsed(Request::Clear.encode().expose()), Some(Request::Clear)));
    }

    #[test]
    fn what_is_no_request_is_refused() {
        for bytes in [b"C\0\0\0".as_slice(), b"C\x02\x01\0x", b"K\x01\0\0", b"K\0\x01\0x", b"X\0\0\0"] {
            assert!(parsed(bytes).is_none(), "{bytes:?}");
        }
    }

    #[test]
    fn every_answer_is_read_back_as_it_was() {
        let mut answers: Vec<Answer> = CLEARED.into_iter().map(Answer::Cleared).collect();
        answers.extend([false, true].map(|passed_on| Answer::Copied { passed_on }));
        let faults =
            [Fault::Ended(3), Fault::Hung, Fault::Killed(9), Fault::NotStarted(-2), Fault::StillThere];
        answers.extend(faults.map(Answer::Failed));
        for marks in [None, Some(false), Some(true)] {
            answers.extend([false, true].map(|refused| {
                Answer::Ready(Ready { marks, calls_refused: refused, paths_refused: !refused })
            }));
        }
        for answer in answers {
            assert_eq!(Answer::parse(answer.encode()), Some(answer));
        }
        assert_eq!(Answer::parse(*b"x\0\0\0\0\0"), None);
        assert_eq!(Answer::parse(*b"K\x09\0\0\0\0"), None);
    }
}
