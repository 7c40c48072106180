//! Unlock once: the vault's key in the kernel's keyring, for a time that a person chose.
//!
//! What is kept is the least that opens the vault: its master key, with the ids of the vault and of the
//! slot that gave it, and from when to when. It is never on a disk. The keyring is looked into once, by
//! [`look`], before anything else is done; [`unlock`](unlock()) and [`lock`] write to it. Nothing that
//! outlasts the time is done with a kept key: see `DECISIONS.md`, "Unlock once".

use std::path::PathBuf;

use super::context::Context;
use super::failure::{Failure, Kind, Unchanged, shown_path};
use super::session::Session;
use super::{log, vault_file};
use crate::audit::Event;
use crate::entry::UnixSeconds;
use crate::envelope::MasterKey;
use crate::envelope::keys::KEY_BYTES;
use crate::platform::keyring::{KeyringError, Place, proof};
use crate::secret::{SecretBytes, same_bytes};
use crate::storage::atomic;

/// How long a key is kept when nobody says: 15 minutes.
pub const USUAL_SECONDS: u64 = 15 * 60;
/// The longest that a key is kept: 12 hours, a working day with its breaks.
pub const LONGEST_SECONDS: u64 = 12 * 3600;

/// First byte of what is kept.
const VERSION: u8 = 1;
/// Version, vault, slot, from, until, key.
const KEPT_BYTES: usize = 1 + 16 + 4 + 8 + 8 + KEY_BYTES;

/// A key that was found in the keyring.
#[derive(Debug)]
pub struct KeptKey {
    pub(super) vault: [u8; 16],
    pub(super) slot: [u8; 4],
    pub(super) master: MasterKey,
    from: UnixSeconds,
    until: UnixSeconds,
}

impl KeptKey {
    /// The first second in which it is no longer kept.
    pub fn until(&self) -> UnixSeconds {
        self.until
    }

    /// Makes a second copy, which is wiped on its own.
    #[must_use]
    pub fn duplicate(&self) -> Self {
        Self { master: self.master.duplicate(), ..*self }
    }

    fn encode(&self) -> SecretBytes {
        let mut bytes = SecretBytes::with_capacity(KEPT_BYTES);
        let buffer = bytes.expose_mut();
        buffer.push(VERSION);
        buffer.extend_from_slice(&self.vault);
        buffer.extend_from_slice(&self.slot);
        buffer.extend_from_slice(&self.from.to_be_bytes());
        buffer.extend_from_slice(&self.until.to_be_bytes());
        buffer.extend_from_slice(self.master.expose());
        bytes
    }

    fn parse(bytes: &SecretBytes) -> Option<Self> {
        let (version, rest) = bytes.expose().split_first()?;
        let (vault, rest) = rest.split_first_chunk()?;
        let (slot, rest) = rest.split_first_chunk()?;
        let (from, rest) = rest.split_first_chunk()?;
        let (until, key) = rest.split_first_chunk()?;
        let master = MasterKey::from_secret(SecretBytes::from_slice(key))?;
        let (from, until) = (u64::from_be_bytes(*from), u64::from_be_bytes(*until));
        (*version == VERSION).then_some(Self { vault: *vault, slot: *slot, master, from, until })
    }
}

/// What the one look into the keyring has brought.
#[derive(Debug)]
pub struct Look {
    /// The keyring, or why there is none.
    pub place: Result<Place, KeyringError>,
    /// What was found in it.
    pub found: Found,
}

/// What was found in the keyring.
#[derive(Debug)]
pub enum Found {
    /// A key that opens the vault as it is now.
    Key(KeptKey),
    /// Nothing.
    Nothing,
    /// A key that no longer opens the vault, or that a changed clock makes doubtful. It was dropped.
    Useless,
}

impl Look {
    /// The key, if one was found.
    pub fn key(&self) -> Option<&KeptKey> {
        match &self.found {
            Found::Key(key) => Some(key),
            Found::Nothing | Found::Useless => None,
        }
    }
}

/// Looks into the keyring, once: a second look does nothing.
///
/// Everything about the keyring that a command does besides `unlock` and `lock` is done here, so that the
/// kernel can be asked to refuse its calls from then on. The vault file is read only where a key lies
/// there, to see whether it still fits.
pub fn look(ctx: &mut Context) {
    if ctx.kept.is_some() {
        return;
    }
    let place = ctx.keyring.place();
    let found = if place.is_ok() { find(ctx) } else { Found::Nothing };
    ctx.kept = Some(Look { place, found });
}

/// Drops the key that is kept, instead of looking for it: the vault is about to get another one.
pub fn drop_and_look(ctx: &mut Context) {
    let place = ctx.keyring.place();
    let dropped = place.is_ok() && ctx.keyring.forget(&name(ctx)).unwrap_or(false);
    let found = if dropped { Found::Useless } else { Found::Nothing };
    ctx.kept = Some(Look { place, found });
}

fn find(ctx: &Context) -> Found {
    let name = name(ctx);
    let Ok(Some(bytes)) = ctx.keyring.read(&name) else { return Found::Nothing };
    let key = KeptKey::parse(&bytes);
    // The kernel counts by the same clock. One that was set back would lengthen the time.
    let now = ctx.clock.now();
    if let Some(key) = key.filter(|key| (key.from..key.until).contains(&now)) {
        // A file that cannot be read now is told when the vault is to be opened.
        let Ok(Some(sealed)) = vault_file::read_sealed(ctx, &ctx.paths.vault) else { return Found::Nothing };
        if sealed.header().id == key.vault && sealed.is_sealed_with(&key.master) {
            return Found::Key(key);
        }
    }
    let _dropped = ctx.keyring.forget(&name);
    Found::Useless
}

/// What the vault's key is called in the keyring: it goes by the real place of the file, so that it can be
/// dropped when the file is damaged or gone.
fn name(ctx: &Context) -> String {
    use sha2::Digest as _;
    let path = real_path(ctx);
    let digest = sha2::Sha256::digest(path.as_os_str().as_encoded_bytes());
    let (start, _) = digest.split_at(16);
    format!("lifeboat:{}", data_encoding::HEXLOWER.encode(start))
}

/// The real place of the vault file: with its folder's links followed, and its own.
fn real_path(ctx: &Context) -> PathBuf {
    let path = &ctx.paths.vault;
    let path = atomic::target_of(ctx.disk.as_ref(), path).unwrap_or_else(|_| path.clone());
    let absolute = std::path::absolute(&path).unwrap_or(path);
    let folder = absolute.parent().and_then(|folder| ctx.disk.resolve(folder).ok());
    match (folder, absolute.file_name()) {
        (Some(folder), Some(name)) => folder.join(name),
        _ => absolute,
    }
}

/// What came of keeping a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Kept {
    /// Where.
    pub place: Place,
    /// For how many seconds.
    pub seconds: u64,
    /// The first second in which it is gone.
    pub until: UnixSeconds,
}

/// Refuses what cannot be kept, before anybody is asked for a passphrase.
///
/// # Errors
///
/// Exit 2 for no time at all, exit 8 for more than [`LONGEST_SECONDS`], exit 1 where there is no keyring.
pub fn can_keep(ctx: &Context, seconds: u64) -> Result<(), Failure> {
    if seconds == 0 {
        return Err(Failure::new(Kind::Usage, "a key cannot be kept for no time")
            .unchanged(Unchanged::NothingTouched)
            .next("choose a time, for example --for 15m; `lifeboat lock` drops the key"));
    }
    if seconds > LONGEST_SECONDS {
        return Err(Failure::new(
            Kind::Refused,
            format!("a key is kept for {} at most", in_words(LONGEST_SECONDS)),
        )
        .unchanged(Unchanged::NothingTouched)
        .next("choose --for 12h or less, and unlock again when it is over"));
    }
    ctx.keyring.place().map(drop).map_err(|error| no_keyring(ctx, error, "the vault cannot be kept unlocked"))
}

/// Keeps the key of an open vault for so many seconds.
///
/// It is read back by this process and by a second one before this returns; otherwise nothing is kept.
///
/// # Errors
///
/// As [`can_keep`], and exit 1 when the key is not to be found where it was put.
pub fn unlock(ctx: &Context, session: &mut Session, seconds: u64) -> Result<Kept, Failure> {
    can_keep(ctx, seconds)?;
    let from = ctx.clock.now();
    let until = from.saturating_add(seconds);
    let key = KeptKey {
        vault: session.vault.id.0,
        slot: session.opened_by,
        master: session.master.duplicate(),
        from,
        until,
    };
    let name = name(ctx);
    let nonce = ctx.random_bytes()?;
    let place = keep(ctx, &name, &key.encode(), seconds, &nonce).map_err(|error| {
        let _dropped = ctx.keyring.forget(&name);
        no_keyring(ctx, error, "the vault's key was not kept")
    })?;
    let mut record = log::record(ctx, Event::KeyKept);
    record.facts = vec![("seconds".into(), seconds.to_string()), ("keyring".into(), place.name().to_owned())];
    log::append(ctx, session, vec![record]);
    Ok(Kept { place, seconds, until })
}

fn keep(
    ctx: &Context,
    name: &str,
    secret: &SecretBytes,
    seconds: u64,
    nonce: &[u8; 32],
) -> Result<Place, KeyringError> {
    let place = ctx.keyring.place()?;
    ctx.keyring.keep(name, secret, u32::try_from(seconds).unwrap_or(u32::MAX))?;
    let found = ctx.keyring.read(name)?;
    if !found.is_some_and(|found| found.same_as(secret)) {
        return Err(KeyringError::Unreadable);
    }
    let answer = ctx.keyring.read_elsewhere(name, nonce)?;
    if same_bytes(&answer, &proof(nonce, secret)) { Ok(place) } else { Err(KeyringError::Unreadable) }
}

/// Drops the key of the vault at its place. Says whether there was one.
///
/// It asks for no passphrase and needs no vault file. Where there is no keyring, nothing can lie there.
///
/// # Errors
///
/// Exit 1 when the kernel does not say that the key is gone.
pub fn lock(ctx: &Context) -> Result<bool, Failure> {
    match ctx.keyring.forget(&name(ctx)) {
        Err(KeyringError::Unsupported) => Ok(false),
        outcome => outcome.map_err(|error| {
            Failure::new(
                Kind::Io,
                format!("it is not certain that no key of {} is kept", shown_path(&ctx.paths.vault)),
            )
            .because(error)
            .unchanged(Unchanged::NothingTouched)
            .next("end the session: its keyring goes with it")
        }),
    }
}

fn no_keyring(ctx: &Context, error: KeyringError, what: &str) -> Failure {
    Failure::new(Kind::Io, what)
        .because(error)
        .unchanged(Unchanged::VaultKept(ctx.paths.vault.clone()))
        .next("go on without it: no key is kept, and every command asks for the passphrase or takes --passphrase-file PATH")
}

/// A length of time for people: `40 s`, `15 min`, `2 h 5 min`, `3 days`.
pub fn in_words(seconds: u64) -> String {
    let (minutes, hours) = (seconds / 60, seconds / 3600);
    match (hours, minutes) {
        (0, 0) => format!("{seconds} s"),
        (0, _) if seconds < 600 && !seconds.is_multiple_of(60) => format!("{minutes} min {} s", seconds % 60),
        (0, _) => format!("{minutes} min"),
        (48.., _) => format!("{} days", hours / 24),
        _ if minutes.is_multiple_of(60) => format!("{hours} h"),
        _ => format!("{hours} h {} min", minutes % 60),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_kept_key_is_read_as_it_was_written_and_nothing_else_is() {
        let key = KeptKey {
            vault: [1; 16],
            slot: [2; 4],
            master: MasterKey::from_bytes([3; 32]),
            from: 5,
            until: 9,
        };
        let bytes = key.encode();
        assert_eq!(bytes.len(), KEPT_BYTES);
        let read = KeptKey::parse(&bytes).unwrap();
        assert_eq!((read.vault, read.slot, read.from, read.until), ([1; 16], [2; 4], 5, 9));
        assert_eq!(read.master.expose(), [3; 32]);
        for length in 0..KEPT_BYTES {
            assert!(
                KeptKey::parse(&SecretBytes::from_slice(&bytes.expose()[..length])).is_none(),
                "{length}"
            );
        }
        let mut other = bytes.duplicate();
        other.expose_mut()[0] = 2;
        assert!(KeptKey::parse(&other).is_none(), "a newer version");
        other.expose_mut()[0] = VERSION;
        other.expose_mut().push(0);
        assert!(KeptKey::parse(&other).is_none(), "a longer one");
    }

    #[test]
    fn times_are_told_as_people_say_them() {
        let told =
            [(0, "0 s"), (40, "40 s"), (900, "15 min"), (899, "14 min"), (61, "1 min 1 s"), (120, "2 min")];
        let longer = [(7500, "2 h 5 min"), (43_200, "12 h"), (200_000, "2 days")];
        for (seconds, words) in told.into_iter().chain(longer) {
            assert_eq!(in_words(seconds), words);
        }
    }
}
