//! Where the chain stands: read from the end of the log before anything is added to it.

use std::io;
use std::path::Path;

use super::super::context::Context;
use super::places;
use super::sealer::Sealer;
use crate::audit::trail::{self, InClear};
use crate::audit::{self, Line, SealedLine};
use crate::storage::{Step, StorageError, append};
use crate::vault::LogAnchor;

/// The end of a file that holds its last sealed line; a record is far smaller.
pub(super) const TAIL_BYTES: u64 = 64 << 10;
/// Most of a file that is looked through for it where lines in clear have filled that end: more than a million.
const LARGEST_TAIL: u64 = 64 << 20;

/// What the end of the log says.
pub(super) struct End {
    /// Where the chain stands.
    pub(super) anchor: LogAnchor,
    /// Lines in clear after the last record.
    pub(super) in_clear: InClear,
    /// The last write was cut short.
    pub(super) is_torn: bool,
    /// The last record stands in the file that is written to, and not in one that was put aside.
    pub(super) is_current: bool,
    /// The log is not the one that the vault knows.
    pub(super) broken: Option<Broken>,
}

/// The log is not the one that the vault was last saved with: its end is missing, or its records are others.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Broken {
    /// Records that the log has.
    pub(super) found: u64,
    /// Records that it had at the last save.
    pub(super) expected: u64,
}

impl End {
    /// Where the next record goes on from. In a broken log it goes on from what the vault knows and leaves out the
    /// numbers that are missing: it must not look whole to whoever checks it later.
    pub(super) fn goes_on_from(&self, known: LogAnchor) -> LogAnchor {
        match self.broken {
            Some(broken) => LogAnchor { count: broken.found.max(known.count), head: known.head },
            None => self.anchor,
        }
    }
}

/// A part of the log: its lines, and whether the last one has its end.
struct Part {
    bytes: Vec<u8>,
}

struct Parsed<'a> {
    text: &'a str,
    line: Option<Line>,
}

impl Part {
    fn parsed(&self) -> (Vec<Parsed<'_>>, bool) {
        let (whole, cut) = trail::ended(&self.bytes);
        let parsed = |bytes| {
            let text = str::from_utf8(bytes).unwrap_or_default();
            Parsed { text, line: Line::parse(text) }
        };
        (trail::lines(whole).map(parsed).collect(), !cut.is_empty())
    }
}

/// Finds where the chain stands, from the end of the file or, where lines in clear have filled that, from much more of
/// it; where it holds no record of this vault, from the newest of the files that were put aside and do. Without any the
/// chain starts: the files may be those of a vault that is gone. A file of which not all was looked through may hold
/// one, so it is no place to start.
pub(super) fn read(
    ctx: &Context,
    log: &Path,
    sealer: &Sealer,
    known: LogAnchor,
) -> Result<End, StorageError> {
    let (current, last) = last_in(ctx, log, sealer)?;
    let mut end = End {
        anchor: sealer.start(),
        in_clear: InClear::default(),
        is_torn: false,
        is_current: true,
        broken: None,
    };
    if let Some(last) = last {
        end.anchor = last.anchor;
        end.broken = last.broken(sealer, known);
        end.take_rest(&current, last.place + 1);
        return Ok(end);
    }
    end.is_current = false;
    for path in places::rotated(ctx, log)?.iter().rev() {
        let (part, last) = last_in(ctx, path, sealer)?;
        if let Some(last) = last {
            end.anchor = last.anchor;
            end.broken = last.broken(sealer, known);
            end.take_rest(&part, last.place + 1);
            break;
        }
    }
    if end.anchor.count < known.count {
        end.broken = Some(Broken { found: end.anchor.count, expected: known.count });
    }
    end.take_rest(&current, 0);
    Ok(end)
}

/// The last record of this vault in a part of a file.
struct Last {
    place: usize,
    anchor: LogAnchor,
    /// The sealed lines of the part, this vault's or not.
    sealed: Vec<(String, SealedLine)>,
}

impl Last {
    /// Compares with what the vault knows, as far as the part reaches back.
    fn broken(&self, sealer: &Sealer, known: LogAnchor) -> Option<Broken> {
        let broken = Broken { found: self.anchor.count, expected: known.count };
        if self.anchor.count < known.count {
            return Some(broken);
        }
        if known.count == 0 || self.anchor == known {
            return None;
        }
        // A log that was found broken before goes on from what the vault knows.
        let goes_on = |(_, line): &(String, SealedLine)| line.previous == known.head && sealer.is_own(line);
        if self.sealed.iter().any(goes_on) {
            return None;
        }
        let stands_there =
            |(_, line): &(String, SealedLine)| line.number == known.count && sealer.is_own(line);
        let there = self.sealed.iter().find(|pair| stands_there(pair))?;
        (audit::advance(&there.1.previous, &there.0) != known.head).then_some(broken)
    }
}

fn last_in(ctx: &Context, path: &Path, sealer: &Sealer) -> Result<(Part, Option<Last>), StorageError> {
    let mut part = Part { bytes: Vec::new() };
    for most in [TAIL_BYTES, LARGEST_TAIL] {
        let Some(bytes) = append::tail(ctx.disk.as_ref(), path, most)? else { break };
        part.bytes = bytes;
        // A line that was cut and then closed off can still read like one; it does not open.
        let found = part.parsed().0.iter().enumerate().rev().find_map(|(place, parsed)| match &parsed.line {
            Some(Line::Sealed(line)) if sealer.is_own(line) => {
                let head = audit::advance(&line.previous, parsed.text);
                Some((place, LogAnchor { count: line.number, head }))
            }
            _ => None,
        });
        if let Some((place, anchor)) = found {
            let sealed = part.parsed().0.into_iter().filter_map(|parsed| match parsed.line {
                Some(Line::Sealed(line)) => Some((parsed.text.to_owned(), line)),
                _ => None,
            });
            let last = Last { place, anchor, sealed: sealed.collect() };
            return Ok((part, Some(last)));
        }
    }
    let facts = ctx.disk.facts(path).map_err(|error| StorageError::new(Step::Look, path, error))?;
    if facts.is_some_and(|facts| facts.len > LARGEST_TAIL) {
        let error =
            io::Error::new(io::ErrorKind::FileTooLarge, "its last 64 MiB hold no record of this vault");
        return Err(StorageError::new(Step::Read, path, error));
    }
    Ok((part, None))
}

impl End {
    /// Takes what stands behind the last record: lines in clear, and lines that a crash has cut short. One of those that
    /// is followed by a line in clear was closed off by whoever wrote that, and could not tell of it.
    fn take_rest(&mut self, part: &Part, from: usize) {
        let (parsed, is_cut) = part.parsed();
        let mut is_spoiled = false;
        for parsed in parsed.into_iter().skip(from) {
            match parsed.line {
                Some(Line::Open { at, event }) => {
                    self.in_clear.push(at, &event);
                    self.is_torn |= std::mem::take(&mut is_spoiled);
                }
                Some(Line::Sealed(line)) => {
                    is_spoiled = line.number == self.anchor.count.saturating_add(1)
                        && line.previous == self.anchor.head;
                }
                None => is_spoiled = true,
            }
        }
        self.is_torn |= is_cut;
    }
}
