//! Reads the log: its end for what is worth telling, all of it for whoever lists or checks it.

use std::collections::BTreeSet;
use std::io;
use std::path::{Path, PathBuf};

use super::super::context::Context;
use super::end::TAIL_BYTES;
use super::sealer::Sealer;
use super::{FAILED_UNLOCK, places};
use crate::audit::Record;
use crate::audit::trail::{self, Read, Seen};
use crate::storage::{Step, StorageError, append};
use crate::vault::{LogAnchor, Vault};

/// A file of the log that is larger is none: it goes on in a new one at a fraction of this.
const LARGEST_FILE: u64 = 256 << 20;

/// What the end of the log says, as far back as it is read.
pub(in crate::app) struct Recent {
    /// Records of this vault, newest last.
    pub(in crate::app) records: Vec<Record>,
    /// How many unlocks have failed since the newest of them, and when the last one did.
    pub(in crate::app) failed_unlocks: Option<(usize, u64)>,
}

/// Reads the end of the log, across the files that it has filled where the newest is short. What cannot be read is
/// passed over.
pub(in crate::app) fn recent(ctx: &Context, vault_path: &Path, vault: &Vault) -> Recent {
    let log = places::current(ctx, vault_path);
    let sealer = Sealer::of(vault);
    let mut parts: Vec<Vec<Read>> = Vec::new();
    let mut left = TAIL_BYTES;
    let rotated = || places::rotated(ctx, &log).unwrap_or_default().into_iter().rev();
    let paths = std::iter::once((log.clone(), true));
    for (path, is_current) in paths.chain(std::iter::once_with(rotated).flatten().map(|path| (path, false))) {
        // A file that was just begun must not hide what came before, and half of the bytes are enough.
        if left < TAIL_BYTES / 2 {
            break;
        }
        let Ok(Some(bytes)) = append::tail(ctx.disk.as_ref(), &path, left) else { continue };
        let reads = trail::read(&bytes, &|line| sealer.open(line));
        let has_own = reads.iter().any(|read| matches!(read.seen, Seen::Own(_)));
        // A file of a vault that is gone takes no room, and its failed unlocks were not tried on this one.
        if has_own || is_current {
            left = left.saturating_sub(u64::try_from(bytes.len()).unwrap_or(u64::MAX));
            parts.push(reads);
        }
    }
    let mut recent = Recent { records: Vec::new(), failed_unlocks: None };
    for read in parts.into_iter().rev().flatten() {
        match read.seen {
            Seen::Own(own) => {
                recent.records.extend(own.record);
                recent.failed_unlocks = None;
            }
            Seen::Open { at, event } if event == FAILED_UNLOCK => {
                let before = recent.failed_unlocks.map_or(0, |(count, _)| count);
                recent.failed_unlocks = Some((before + 1, at));
            }
            Seen::Cut { .. } | Seen::Foreign { .. } | Seen::Open { .. } | Seen::Spoiled => {}
        }
    }
    recent
}

/// A file of the log, with its lines as this vault sees them.
pub(in crate::app) struct LogFile {
    /// Where it lies.
    pub(in crate::app) path: PathBuf,
    /// Its lines, or what stands in the way of reading them.
    pub(in crate::app) reads: Result<Vec<Read>, StorageError>,
    /// It is the one that is written to.
    pub(in crate::app) is_current: bool,
}

/// Reads every file of the log, those that it has filled first. The one that is written to is last, if it is there.
///
/// # Errors
///
/// When it cannot be told which files there are.
pub(in crate::app) fn files(
    ctx: &Context,
    vault_path: &Path,
    vault: &Vault,
) -> Result<Vec<LogFile>, StorageError> {
    let log = places::current(ctx, vault_path);
    let sealer = Sealer::of(vault);
    let rotated = places::rotated(ctx, &log)?;
    let all = rotated.into_iter().map(|path| (path, false)).chain([(log, true)]);
    let read = |(path, is_current): (PathBuf, bool)| {
        let reads = match content(ctx, &path) {
            Ok(None) => return None,
            Ok(Some(bytes)) => Ok(trail::read(&bytes, &|line| sealer.open(line))),
            Err(error) => Err(error),
        };
        Some(LogFile { path, reads, is_current })
    };
    Ok(all.filter_map(read).collect())
}

fn content(ctx: &Context, path: &Path) -> Result<Option<Vec<u8>>, StorageError> {
    let facts = ctx.disk.facts(path).map_err(|error| StorageError::new(Step::Look, path, error))?;
    if facts.is_some_and(|facts| facts.len > LARGEST_FILE) {
        let error = io::Error::new(io::ErrorKind::FileTooLarge, "it is larger than any log");
        return Err(StorageError::new(Step::Read, path, error));
    }
    append::tail(ctx.disk.as_ref(), path, LARGEST_FILE)
}

/// Every record of this vault that can be read, in the order of the files and their lines, each once. What cannot be
/// read is passed over: whether the chain is whole is for [`super::super::audit`] to tell.
pub(in crate::app) struct Whole {
    /// The records with their numbers, oldest first.
    pub(in crate::app) records: Vec<(u64, Record)>,
    /// Where the chain stands after the newest of them, or after a newer one that only a newer version understands.
    pub(in crate::app) anchor: LogAnchor,
}

/// Reads the whole log.
///
/// # Errors
///
/// When a file of it cannot be read. A log that is not there has no records.
pub(in crate::app) fn whole(ctx: &Context, vault_path: &Path, vault: &Vault) -> Result<Whole, StorageError> {
    let mut whole = Whole { records: Vec::new(), anchor: Sealer::of(vault).start() };
    let mut seen = BTreeSet::new();
    for file in files(ctx, vault_path, vault)? {
        for read in file.reads? {
            let Seen::Own(own) = read.seen else { continue };
            if !seen.insert((own.number, own.head)) {
                continue;
            }
            if own.number >= whole.anchor.count {
                whole.anchor = LogAnchor { count: own.number, head: own.head };
            }
            whole.records.extend(own.record.map(|record| (own.number, record)));
        }
    }
    Ok(whole)
}
