//! Making a vault.

use super::context::Context;
use super::failure::{Failure, Kind, Unchanged, shown_path};
use super::session::Session;
use super::{log, vault_file};
use crate::audit::Event;
use crate::envelope::{self, KdfParameters, KeyFile, MasterKey, Passphrase, Slot};
use crate::secret::SecretBytes;
use crate::storage::atomic::{self, Existing};
use crate::vault::{Vault, VaultId, VaultKeys};

/// One way of opening that is to be made: a passphrase, a key file, or both together.
#[derive(Debug, Default)]
pub struct NewSlot {
    /// The passphrase.
    pub passphrase: Option<Passphrase>,
    /// The key file's bytes.
    pub key_file: Option<KeyFile>,
}

/// Makes an empty vault at the context's place.
///
/// # Errors
///
/// Exit 8 when something is there already: nothing is ever made over an existing file.
pub fn init(ctx: &Context, slot: &NewSlot) -> Result<Session, Failure> {
    let now = ctx.clock.now();
    let keys = VaultKeys {
        log: SecretBytes::from_slice(&ctx.random_bytes::<32>()?),
        signing: SecretBytes::from_slice(&ctx.random_bytes::<32>()?),
    };
    let vault = Vault::new(VaultId(ctx.random_bytes()?), keys, now);
    create(ctx, vault, slot, Event::Made)
}

/// Writes a new vault with a new master key; used by `init` and by `restore`.
pub(super) fn create(
    ctx: &Context,
    mut vault: Vault,
    slot: &NewSlot,
    event: Event,
) -> Result<Session, Failure> {
    let path = ctx.paths.vault.clone();
    refuse_existing(ctx)?;
    let master = MasterKey::from_bytes(ctx.random_bytes()?);
    let slot = make_slot(ctx, envelope::Kind::Vault, &vault.id.0, &master, slot, ctx.kdf.vault)?;
    let slots = vec![slot];

    make_folders(ctx)?;
    let (_lock, notice) = vault_file::lock_path(ctx, &path)?;
    refuse_existing(ctx)?;
    vault.generation = 1;
    let mut made = log::record(ctx, event);
    made.generation = Some(1);
    let records: Vec<_> = [made].into_iter().chain(log::sandbox_off(ctx)).collect();
    let n_records = u64::try_from(records.len()).unwrap_or(u64::MAX);
    let anchor = log::append_for(ctx, &path, &vault, records);
    let gap = anchor.map(|appended| vault.log_anchor = appended.anchor).err();
    let bytes = vault_file::seal(ctx, &vault, &slots, &master)?;
    atomic::create(ctx.disk.as_ref(), &path, &bytes, &ctx.token()?, Existing::Refuse).map_err(|error| {
        if error.is_already_exists() { there_already(&path) } else { vault_file::not_saved(&path, error) }
    })?;
    let sid = slots.first().map(|slot| slot.sid).unwrap_or_default();
    let mut session = vault_file::read_sealed(ctx, &path)
        .and_then(|sealed| sealed.ok_or_else(|| there_already(&path)))
        .and_then(|sealed| vault_file::start_session(ctx, &path, &sealed, master, sid))
        .map_err(|failure| made_all_the_same(&path, failure))?;
    if let Some(notice) = notice {
        session.tell(notice);
    }
    if let Some(error) = gap {
        log::tell_gap(ctx, &mut session, n_records, &error);
    }
    let mut saved = log::record(ctx, Event::Saved);
    saved.generation = Some(1);
    log::append(ctx, &mut session, vec![saved]);
    Ok(session)
}

/// Makes a slot with this context's randomness.
pub(super) fn make_slot(
    ctx: &Context,
    kind: envelope::Kind,
    id: &[u8; 16],
    master: &MasterKey,
    new: &NewSlot,
    cost: KdfParameters,
) -> Result<Slot, Failure> {
    if new.passphrase.is_some() {
        super::unlock::enough_memory(ctx, Some(cost))?;
    }
    let random = ctx.slot_random()?;
    let slot = Slot::new(kind, id, master, new.passphrase.as_ref(), new.key_file.as_ref(), cost, &random)
        .map_err(|error| {
            Failure::new(Kind::Io, "the key derivation failed")
                .because(error)
                .unchanged(Unchanged::NothingTouched)
        })?;
    slot.ok_or_else(|| {
        Failure::new(Kind::NoCredential, "a passphrase or a key file is needed to seal it with")
            .unchanged(Unchanged::NothingTouched)
            .next("give a passphrase at the prompt or with --new-passphrase-file, or --new-key-file PATH")
    })
}

fn make_folders(ctx: &Context) -> Result<(), Failure> {
    for folder in [ctx.paths.vault.parent(), Some(ctx.paths.state_dir.as_path())].into_iter().flatten() {
        let made = atomic::make_folder(ctx.disk.as_ref(), folder);
        // The state folder is a convenience; the vault's own is not.
        if let (Err(error), true) = (made, Some(folder) == ctx.paths.vault.parent()) {
            return Err(vault_file::not_saved(&ctx.paths.vault, error));
        }
    }
    Ok(())
}

fn refuse_existing(ctx: &Context) -> Result<(), Failure> {
    match super::unlock::presence(ctx)? {
        super::unlock::Presence::Absent => Ok(()),
        super::unlock::Presence::Present => Err(there_already(&ctx.paths.vault)),
    }
}

/// The file is in place and was read back; what failed is the opening after that.
fn made_all_the_same(path: &std::path::Path, mut failure: Failure) -> Failure {
    let words = format!("the vault {} was made, and could not be opened after it", shown_path(path));
    failure.unchanged = Some(Unchanged::Partly(words));
    failure.next = vec!["check the disk, then open the vault with `lifeboat list`".to_owned()];
    failure
}

fn there_already(path: &std::path::Path) -> Failure {
    Failure::new(Kind::FileExists, format!("there is something at {} already", shown_path(path)))
        .unchanged(Unchanged::VaultKept(path.to_owned()))
        .next("to use it, just run `lifeboat`; to make another vault, name it with --vault PATH")
        .next("to bring a bundle's entries into it: `lifeboat restore BUNDLE --merge`")
}
