//! What this machine remembers of a vault between two commands: never a secret, never needed to open it.
//!
//! The newest generation seen makes an older copy noticed (format manual, "Rollback"); whoever can
//! write these files can make it be forgotten, and the manual says so.

use std::io;
use std::path::PathBuf;
use std::time::Duration;

use super::context::Context;
use crate::entry::EntryId;
use crate::storage::atomic::{self, Keep};
use crate::storage::lock;
use crate::vault::VaultId;
use crate::wire::state_v1::{self, LocalState};

const LARGEST_STATE: u64 = 1 << 20;
/// Copied codes are remembered this long, which is longer than the longest period.
const COPIED_KEPT_SECONDS: u64 = 90_000;
/// A writer waits so often and so long for another one of the state, then does without.
const LOCK_ATTEMPTS: u32 = 400;
const LOCK_POLL: Duration = Duration::from_millis(5);

/// What is remembered of a vault, and what stood in the way of reading it.
#[derive(Debug, Default)]
pub(super) struct Remembered {
    /// The state; empty where there is none or it could not be read.
    pub(super) state: LocalState,
    /// Why it could not be read, where there is one.
    pub(super) trouble: Option<io::Error>,
}

/// The state of a vault on this machine. Only "not found" means that there is none: an error that
/// passes must not make the newest generation be forgotten.
pub(super) fn read(ctx: &Context, vault: VaultId) -> Remembered {
    let bytes = match ctx.disk.read(&path(ctx, vault), LARGEST_STATE) {
        Ok(bytes) => bytes,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Remembered::default(),
        Err(error) => return Remembered { trouble: Some(error), ..Remembered::default() },
    };
    let state = state_v1::parse(&bytes);
    let trouble = state.is_none().then(|| io::Error::new(io::ErrorKind::InvalidData, "it is damaged"));
    Remembered { state: state.unwrap_or_default(), trouble }
}

/// Notes that a generation was seen or written. A failure is of no consequence for the vault.
pub(super) fn note_generation(ctx: &Context, vault: VaultId, generation: u64, sha256: [u8; 32]) {
    let Remembered { state: before, trouble } = read(ctx, vault);
    let now = ctx.clock.now();
    // The moment alone is not worth a write at every reading.
    let same = before.generation == generation && before.sha256 == sha256;
    if trouble.is_none() && same && now.saturating_sub(before.last_seen) < 3600 {
        return;
    }
    update(ctx, vault, |state| {
        if generation < state.generation {
            return false;
        }
        state.generation = generation;
        state.sha256 = sha256;
        state.last_seen = now.max(state.last_seen);
        true
    });
}

/// When the code of the step that starts at `valid_from` was copied, if it was.
pub(super) fn copied_before(ctx: &Context, vault: VaultId, entry: EntryId, valid_from: u64) -> Option<u64> {
    let id = entry.to_string();
    let state = read(ctx, vault).state;
    state.copied.iter().find(|(of, from, _)| *of == id && *from == valid_from).map(|(_, _, at)| *at)
}

/// Notes that the code of the step that starts at `valid_from` was copied.
pub(super) fn mark_copied(ctx: &Context, vault: VaultId, entry: EntryId, valid_from: u64) {
    let id = entry.to_string();
    let now = ctx.clock.now();
    update(ctx, vault, |state| {
        // The code of the next step may have been copied before that of this one: each step is remembered.
        let same = |of: &String, from: u64| *of == id && from == valid_from;
        state
            .copied
            .retain(|(of, from, at)| !same(of, *from) && now.saturating_sub(*at) < COPIED_KEPT_SECONDS);
        state.copied.push((id, valid_from, now));
        true
    });
}

/// Remembers records that the log did not take.
pub(super) fn remember_gap(ctx: &Context, vault: VaultId, n_records: u64) {
    let now = ctx.clock.now();
    update(ctx, vault, |state| {
        let (count, since) = state.log_gap.unwrap_or((0, now));
        state.log_gap = Some((count.saturating_add(n_records), since));
        true
    });
}

/// The remembered gap: how many records, and since when.
pub(super) fn gap(ctx: &Context, vault: VaultId) -> Option<(u64, u64)> {
    read(ctx, vault).state.log_gap
}

/// Forgets the remembered gap once it is in the log.
pub(super) fn forget_gap(ctx: &Context, vault: VaultId) {
    update(ctx, vault, |state| state.log_gap.take().is_some());
}

/// Changes the state under its lock: of two writers that read the same, the later one would take back
/// what the earlier one noted. `change` says whether there is anything to write.
///
/// What is lost by a failure is a convenience; a read-only medium must not get in the way of a code.
fn update(ctx: &Context, vault: VaultId, change: impl FnOnce(&mut LocalState) -> bool) {
    let disk = ctx.disk.as_ref();
    let path = path(ctx, vault);
    let lock = lock::acquire(disk, &path, &mut |attempt| {
        (ctx.pause)(LOCK_POLL);
        attempt < LOCK_ATTEMPTS
    });
    let Ok(_lock) = lock else { return };
    // Left behind by a crash.
    let _swept = atomic::sweep(disk, &path);
    let Remembered { mut state, trouble } = read(ctx, vault);
    // What is damaged can only start anew. What could not be read just now is still there, and stays.
    if trouble.is_some_and(|error| error.kind() != io::ErrorKind::InvalidData) || !change(&mut state) {
        return;
    }
    let Ok(token) = ctx.token() else { return };
    let _written = atomic::replace(disk, &path, &state_v1::encode(&state), &token, Keep::Nothing, &|_| true);
}

fn path(ctx: &Context, vault: VaultId) -> PathBuf {
    ctx.paths.state_dir.join(format!("{vault}.state"))
}
