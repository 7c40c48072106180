//! What this machine remembers of a vault between two commands: never a secret, never needed to open it.
//!
//! The newest generation seen makes an older copy noticed (format manual, "Rollback"); whoever can
//! write these files can make it be forgotten, and the manual says so.

use std::path::PathBuf;

use super::context::Context;
use crate::entry::EntryId;
use crate::storage::atomic::{self, Keep};
use crate::vault::VaultId;
use crate::wire::state_v1::{self, LocalState};

const LARGEST_STATE: u64 = 1 << 20;
/// Copied codes are remembered this long, which is longer than the longest period.
const COPIED_KEPT_SECONDS: u64 = 90_000;

/// The state of a vault on this machine; an empty one when there is none that can be read.
pub(super) fn read(ctx: &Context, vault: VaultId) -> LocalState {
    let bytes = ctx.disk.read(&path(ctx, vault), LARGEST_STATE).ok();
    bytes.and_then(|bytes| state_v1::parse(&bytes)).unwrap_or_default()
}

/// Notes that a generation was seen or written. A failure is of no consequence for the vault.
pub(super) fn note_generation(ctx: &Context, vault: VaultId, generation: u64, sha256: [u8; 32]) {
    let before = read(ctx, vault);
    let now = ctx.clock.now();
    // The moment alone is not worth a write at every reading.
    let same = before.generation == generation && before.sha256 == sha256;
    if same && now.saturating_sub(before.last_seen) < 3600 {
        return;
    }
    if generation >= before.generation {
        write(ctx, vault, &LocalState { generation, sha256, last_seen: now.max(before.last_seen), ..before });
    }
}

/// When the code of the step that starts at `valid_from` was copied, if it was.
pub(super) fn copied_before(ctx: &Context, vault: VaultId, entry: EntryId, valid_from: u64) -> Option<u64> {
    let id = entry.to_string();
    let state = read(ctx, vault);
    state.copied.iter().find(|(of, from, _)| *of == id && *from == valid_from).map(|(_, _, at)| *at)
}

/// Notes that the code of the step that starts at `valid_from` was copied.
pub(super) fn mark_copied(ctx: &Context, vault: VaultId, entry: EntryId, valid_from: u64) {
    let id = entry.to_string();
    let now = ctx.clock.now();
    let mut state = read(ctx, vault);
    // The code of the next step may have been copied before that of this one: each step is remembered.
    let same = |of: &String, from: u64| *of == id && from == valid_from;
    state.copied.retain(|(of, from, at)| !same(of, *from) && now.saturating_sub(*at) < COPIED_KEPT_SECONDS);
    state.copied.push((id, valid_from, now));
    write(ctx, vault, &state);
}

/// Remembers records that the log did not take.
pub(super) fn remember_gap(ctx: &Context, vault: VaultId, n_records: u64) {
    let mut state = read(ctx, vault);
    let (count, since) = state.log_gap.unwrap_or((0, ctx.clock.now()));
    state.log_gap = Some((count.saturating_add(n_records), since));
    write(ctx, vault, &state);
}

/// The remembered gap: how many records, and since when.
pub(super) fn gap(ctx: &Context, vault: VaultId) -> Option<(u64, u64)> {
    read(ctx, vault).log_gap
}

/// Forgets the remembered gap once it is in the log.
pub(super) fn forget_gap(ctx: &Context, vault: VaultId) {
    let mut state = read(ctx, vault);
    state.log_gap = None;
    write(ctx, vault, &state);
}

fn write(ctx: &Context, vault: VaultId, state: &LocalState) {
    let path = path(ctx, vault);
    let Ok(token) = ctx.token() else { return };
    // What is lost here is a convenience; a read-only medium must not get in the way of a code.
    let _written =
        atomic::replace(ctx.disk.as_ref(), &path, &state_v1::encode(state), &token, Keep::Nothing, &|_| true);
}

fn path(ctx: &Context, vault: VaultId) -> PathBuf {
    ctx.paths.state_dir.join(format!("{vault}.state"))
}
