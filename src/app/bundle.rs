//! Bundles: made, looked at from outside, checked, listed with what has changed since.

mod copies;
mod create;
mod list;

use std::path::{Path, PathBuf};

use super::context::Context;
use super::failure::{Failure, Kind, Unchanged, reading, shown_path};
use super::session::Session;
use super::unlock::{cost_in_words, enough_memory};
use super::{key_file, share_set, vault_file};
use crate::entry::{Label, UnixSeconds};
use crate::envelope::{self, Credentials, KeyFile, MasterKey, Quorum, Sealed, Slot};
use crate::signature::{self, PublicKey};
use crate::vault::VaultId;
use crate::wire::bundle_v1::{self, BundlePayload};

pub use copies::COPIES;
use copies::SpoiledCopy;
pub use create::{BundleMade, BundleRequest, BundleShares, create, refuse};
pub use list::{ListedBundle, list};

/// What a bundle's signature is for; signatures for anything else do not fit.
pub(super) const SIGNED_AS: &str = "lifeboat-bundle";

/// A bundle file whose outside was checked and that nobody has opened yet.
#[derive(Debug)]
pub struct SealedBundle {
    pub(super) sealed: Sealed,
    pub(super) path: PathBuf,
    spoiled: Vec<SpoiledCopy>,
}

/// What stands outside the encryption of a bundle. It is not proven until the bundle is opened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BundleInfo {
    /// Its id, as 32 hexadecimal digits.
    pub id: String,
    /// When it says that it was made.
    pub created: UnixSeconds,
    /// Its label, if it has one.
    pub label: Option<Label>,
    /// The ways of opening it, in words.
    pub ways: Vec<String>,
    /// SHA-256 of the file.
    pub sha256: [u8; 32],
    /// Memory and rough time that a passphrase costs, in words; empty for none.
    pub cost: String,
    /// The shares that open it, if shares do.
    pub quorum: Option<Quorum>,
}

impl SealedBundle {
    /// Its id.
    pub fn id(&self) -> [u8; 16] {
        self.sealed.header().id
    }

    /// Where it lies: of a kit's copies, the one that was taken.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// What can be read without opening it.
    pub fn inspect(&self) -> BundleInfo {
        let header = self.sealed.header();
        BundleInfo {
            id: data_encoding::HEXLOWER.encode(&header.id),
            created: header.info.as_ref().map_or(0, |info| info.created),
            label: header.info.as_ref().and_then(|info| info.label.clone()).map(Label::new),
            ways: header.slots.iter().map(way).collect(),
            sha256: self.sealed.sha256(),
            cost: self.sealed.cost().map(cost_in_words).unwrap_or_default(),
            quorum: self.sealed.quorum().cloned(),
        }
    }

    /// Tells whether a passphrase opens it, alone or with a key file.
    pub fn wants_passphrase(&self) -> bool {
        self.sealed.wants_passphrase()
    }

    /// Tells whether it cannot be opened without a key file.
    pub fn wants_key_file(&self) -> bool {
        self.sealed.wants_key_file()
    }

    /// The shares that open it, if shares do.
    pub fn quorum(&self) -> Option<&Quorum> {
        self.sealed.quorum()
    }

    /// Tells whether a key file alone opens it.
    pub fn opens_with_key_file_alone(&self) -> bool {
        self.sealed.opens_with_key_file_alone()
    }

    /// Opens it.
    ///
    /// # Errors
    ///
    /// A credential that does not fit (exit 3), damage (exit 5), a derivation past the ceiling (exit 8).
    pub fn open(&self, ctx: &Context, credentials: &Credentials) -> Result<OpenedBundle, Failure> {
        self.open_this(ctx, credentials)
            .map_err(|failure| copies::naming_the_others(ctx, &self.path, failure))
    }

    /// As [`SealedBundle::open`], by a passphrase alone, with a key file where it takes both.
    pub(super) fn open_by_passphrase(
        &self,
        ctx: &Context,
        typed: &Credentials,
    ) -> Result<OpenedBundle, Failure> {
        enough_memory(ctx, self.sealed.cost())?;
        let unlocked = self.sealed.unlock_by_passphrase(typed, ctx.kdf.ceiling);
        unlocked
            .map_err(|error| vault_file::cannot_open(&self.path, "bundle", error))
            .and_then(|(master, sid)| self.open_with(&master, sid))
            .map_err(|failure| copies::naming_the_others(ctx, &self.path, failure))
    }

    fn open_this(&self, ctx: &Context, credentials: &Credentials) -> Result<OpenedBundle, Failure> {
        if credentials.passphrase.is_some() {
            enough_memory(ctx, self.sealed.cost())?;
        }
        let unlocked = self.sealed.unlock(credentials, ctx.kdf.ceiling);
        let (master, sid) = unlocked.map_err(|error| vault_file::cannot_open(&self.path, "bundle", error))?;
        self.open_with(&master, sid)
    }

    fn open_with(&self, master: &MasterKey, sid: [u8; 4]) -> Result<OpenedBundle, Failure> {
        let cannot_open = |error| vault_file::cannot_open(&self.path, "bundle", error);
        let sealed_payload = self.sealed.open(master).map_err(cannot_open)?;
        // Before the content is looked at: what nobody signed is not read.
        let signed_by = match self.sealed.quorum() {
            None => None,
            Some(_) => Some(self.signer(&sealed_payload)?),
        };
        let payload = bundle_v1::parse(sealed_payload.json())
            .map_err(|error| vault_file::not_understood(&self.path, error))?;
        if signed_by.is_some_and(|key| key != payload.public_key) {
            return Err(
                self.altered("it is signed by another key than that of the vault it names".to_owned())
            );
        }
        let by_shares = self.sealed.slot(sid).is_some_and(|slot| slot.kind.quorum().is_some());
        Ok(OpenedBundle {
            payload,
            id: self.sealed.header().id,
            signed_by,
            trust: if by_shares { Trust::NotYet } else { Trust::Sealed },
        })
    }

    /// Whose signature stands behind the document.
    fn signer(&self, payload: &envelope::Payload) -> Result<PublicKey, Failure> {
        signature::verify(payload.signature(), SIGNED_AS, &self.sealed.signed_message(payload))
            .map_err(|error| self.altered(error.to_string()))
    }

    fn altered(&self, cause: String) -> Failure {
        let what = format!("the bundle {} is not as its maker made it", shown_path(&self.path));
        Failure::new(Kind::Damaged, what)
            .details([cause])
            .unchanged(Unchanged::OnlyRead(self.path.clone()))
            .next("take another copy of the bundle, and tell whoever keeps the vault")
    }
}

/// A way of opening it, in words; shares by the name of their set.
fn way(slot: &Slot) -> String {
    match slot.kind.quorum() {
        Some(quorum) => format!("{} of the set {}", slot.kind.in_words(), share_set::name(quorum.set)),
        None => slot.kind.in_words(),
    }
}

/// An opened bundle.
#[derive(Debug)]
pub struct OpenedBundle {
    pub(super) payload: BundlePayload,
    pub(super) id: [u8; 16],
    signed_by: Option<PublicKey>,
    trust: Trust,
}

/// Why what is in a bundle may be believed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Trust {
    /// Somebody has compared the maker's fingerprint with the card.
    Compared,
    /// Not at all yet: shares opened it, and whoever has seen the public half of their set could have made it.
    NotYet,
    /// It is sealed with what only its maker and its reader know.
    Sealed,
}

impl OpenedBundle {
    /// What is in it.
    pub fn payload(&self) -> &BundlePayload {
        &self.payload
    }

    /// Fingerprint of the key that signed it, where shares open it.
    pub fn signed_by(&self) -> Option<String> {
        self.signed_by.map(|key| key.fingerprint())
    }

    /// The fingerprint that somebody has to compare with a card before anything in it is believed: shares opened it,
    /// and this vault, if there is one, is not its maker.
    pub fn unknown_maker(&self, own: Option<&Session>) -> Option<String> {
        let own = own.and_then(|session| session.signing_key().ok()).map(|key| key.public());
        let is_own = self.signed_by.is_some() && self.signed_by == own;
        if self.trust == Trust::NotYet && !is_own { self.signed_by() } else { None }
    }

    /// Takes the maker for the right one, after somebody said that the fingerprint is that of the card.
    pub fn accept_maker(&mut self) {
        self.trust = Trust::Compared;
    }

    /// Refuses what nobody vouches for.
    pub(super) fn refuse_unknown_maker(&self, own: Option<&Session>) -> Result<(), Failure> {
        let Some(fingerprint) = self.unknown_maker(own) else { return Ok(()) };
        Err(Failure::new(Kind::Refused, "nobody has said that the maker of this bundle is the right one")
            .details([format!("it is signed by {fingerprint}")])
            .unchanged(Unchanged::NothingTouched)
            .next("compare it with the fingerprint on the card; if it is the same, run the command again with --yes"))
    }

    /// How many seconds its review date lies back; `None` before it. It warns and never refuses: a clock
    /// may be wrong and the night is long.
    pub fn overdue(&self, now: UnixSeconds) -> Option<u64> {
        self.payload.review.and_then(|review| now.checked_sub(review)).filter(|late| *late > 0)
    }
}

/// Reads a bundle file and checks its outside. Of a kit's folder, the first copy that is whole is taken.
///
/// # Errors
///
/// Exit 4 when there is no file, exit 5 when it is damaged or something else.
pub fn look_at_bundle(ctx: &Context, path: &Path) -> Result<SealedBundle, Failure> {
    match ctx.disk.read(path, envelope::LARGEST_FILE) {
        Err(error) if error.kind() == std::io::ErrorKind::IsADirectory => copies::first_whole(ctx, path),
        read => look_at(path, read).map_err(|failure| copies::naming_the_others(ctx, path, failure)),
    }
}

/// As [`look_at_bundle`], for a file alone.
fn look_at_file(ctx: &Context, path: &Path) -> Result<SealedBundle, Failure> {
    look_at(path, ctx.disk.read(path, envelope::LARGEST_FILE))
}

/// As [`look_at_bundle`], for what was read of a file.
pub(super) fn look_at(path: &Path, read: std::io::Result<Vec<u8>>) -> Result<SealedBundle, Failure> {
    let bytes = read.map_err(|error| {
        Failure::new(reading(&error), format!("cannot read the bundle {}", shown_path(path)))
            .because(error)
            .unchanged(Unchanged::NothingTouched)
            .next("check the path, and that the medium it lies on is there")
    })?;
    let sealed = Sealed::parse(bytes, envelope::Kind::Bundle)
        .map_err(|error| vault_file::cannot_open(path, "bundle", error))?;
    Ok(SealedBundle { sealed, path: path.to_owned(), spoiled: Vec::new() })
}

/// Reads the key file of a bundle, or makes it where there is none.
///
/// # Errors
///
/// As reading and making a key file.
pub fn key_file_for(ctx: &Context, path: &Path) -> Result<KeyFile, Failure> {
    match ctx.disk.facts(path) {
        Ok(None) => key_file::make_key_file(ctx, path),
        Ok(Some(_)) => key_file::read_key_file(ctx, path),
        // Only "not found" means that there is none.
        Err(error) => Err(Failure::new(Kind::Io, format!("cannot look at {}", shown_path(path)))
            .because(error)
            .unchanged(Unchanged::NothingTouched)
            .next("check the path and its permissions, then run the command again")),
    }
}

/// What a check of a bundle found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BundleChecked {
    /// What stands outside.
    pub info: BundleInfo,
    /// The vault that it was made from.
    pub vault: VaultId,
    /// That vault's generation.
    pub generation: u64,
    /// How many entries it holds.
    pub n_entries: usize,
    /// How many of them cannot be read.
    pub n_quarantined: usize,
    /// Its review date.
    pub review: Option<UnixSeconds>,
    /// How many seconds that lies back.
    pub overdue: Option<u64>,
    /// True when it holds a selection.
    pub selected: bool,
    /// The program that made it.
    pub tool: String,
    /// Fingerprint of the vault's signing key.
    pub key_fingerprint: String,
    /// True when it is signed with that key, as every bundle is that shares open.
    pub is_signed: bool,
}

/// Opens a bundle and checks everything in it; changes nothing.
///
/// # Errors
///
/// As opening it.
pub fn verify(
    ctx: &Context,
    bundle: &SealedBundle,
    credentials: &Credentials,
) -> Result<BundleChecked, Failure> {
    let opened = bundle.open(ctx, credentials)?;
    let overdue = opened.overdue(ctx.clock.now());
    let is_signed = opened.signed_by.is_some();
    let payload = opened.payload;
    Ok(BundleChecked {
        info: bundle.inspect(),
        vault: payload.vault,
        generation: payload.generation,
        n_entries: payload.entries.len(),
        n_quarantined: payload.quarantine.len(),
        review: payload.review,
        overdue,
        selected: payload.selected,
        tool: payload.tool,
        key_fingerprint: payload.public_key.fingerprint(),
        is_signed,
    })
}

pub(super) fn sha256(bytes: &[u8]) -> [u8; 32] {
    use sha2::Digest as _;
    sha2::Sha256::digest(bytes).into()
}

/// Refuses the vault itself as an output, however its path is spelled.
///
/// # Errors
///
/// Exit 8 when the output is the vault's file.
pub fn refuse_vault(ctx: &Context, session: &Session, output: &Path) -> Result<(), Failure> {
    let is_there = |path: &Path| ctx.disk.resolve(path).ok();
    let is_vault = output == session.path
        || is_there(output).is_some_and(|real| is_there(&session.path).is_some_and(|vault| vault == real));
    if !is_vault {
        return Ok(());
    }
    Err(Failure::new(Kind::Refused, "nothing is written over the vault")
        .unchanged(Unchanged::VaultKept(session.path.clone()))
        .next("name another file with -o"))
}

/// Refuses an output that exists, before anybody types a passphrase for it.
///
/// # Errors
///
/// Exit 8 when something is there and `force` is not set. Writing it checks again.
pub fn refuse_existing_output(ctx: &Context, path: &Path, force: bool) -> Result<(), Failure> {
    match ctx.disk.facts(path) {
        Ok(Some(_)) if !force => Err(exists_already(path)),
        // What cannot be looked at is told when it cannot be written.
        _ => Ok(()),
    }
}

fn exists_already(path: &Path) -> Failure {
    Failure::new(Kind::FileExists, format!("{} exists already", shown_path(path)))
        .unchanged(Unchanged::NothingTouched)
        .next("name another file with -o, or replace it with --force")
}

/// What a failed output means.
pub(super) fn not_written(path: &Path, what: &str, error: crate::storage::StorageError) -> Failure {
    if error.is_already_exists() {
        return exists_already(path);
    }
    let mut failure = vault_file::not_saved(path, error);
    failure.what = format!("the {what} was not written");
    failure.unchanged = Some(Unchanged::OutputNotCreated(path.to_owned()));
    failure.next =
        vec!["check the path, its permissions and the space on the medium, then run it again".to_owned()];
    failure
}
