//! The file of proofs: made from a vault, written, and read.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use super::{Challenge, of};
use crate::app::context::Context;
use crate::app::failure::{Failure, Kind, Unchanged, reading, shown_path};
use crate::app::session::Session;
use crate::app::{bundle, time};
use crate::entry::EntryId;
use crate::signature;
use crate::storage::atomic::{self, Existing};
use crate::vault::{Vault, VaultId};
use crate::wire::proof_v1::{self, NotProofs, Proofs};

/// What the signature of a file of proofs is for.
const SIGNED_AS: &str = "lifeboat-proof";
/// Most bytes of such a file: more than 200 000 entries.
const LARGEST: u64 = 16 << 20;

/// The proofs of a vault's entries, and the entries without one.
pub(super) fn all(vault: &Vault, challenge: &Challenge) -> Proofs {
    let mut proofs = Proofs {
        at: challenge.at,
        time: time::shown(challenge.at),
        vault: vault.id,
        generation: vault.generation,
        key: challenge.signer,
        nonce: challenge.nonce,
        entries: BTreeMap::new(),
        sealed: BTreeSet::new(),
        short: BTreeSet::new(),
    };
    for entry in &vault.entries {
        match of(entry, challenge) {
            Some(proof) => drop(proofs.entries.insert(entry.id, proof)),
            None if entry.is_sealed() => drop(proofs.sealed.insert(entry.id)),
            None => drop(proofs.short.insert(entry.id)),
        }
    }
    proofs
}

/// Makes the proofs of the vault's entries now and writes them, signed.
///
/// # Errors
///
/// Exit 8 when the output exists or is the vault, exit 4 when no entry can be proven; what writing can fail with.
pub fn write(ctx: &Context, session: &Session, output: &Path) -> Result<Proofs, Failure> {
    refuse_existing(ctx, output)?;
    let key = session.signing_key()?;
    let challenge = Challenge { nonce: ctx.random_bytes()?, at: ctx.clock.now(), signer: key.public() };
    let proofs = all(&session.vault, &challenge);
    if proofs.entries.is_empty() {
        return Err(super::nothing_to_prove(&session.vault));
    }
    let message = proof_v1::message(&proofs);
    let text = proof_v1::encode(&message, &key.sign(SIGNED_AS, message.as_bytes()));
    atomic::create(ctx.disk.as_ref(), output, text.as_bytes(), &ctx.token()?, Existing::Refuse).map_err(
        |error| {
            if error.is_already_exists() {
                exists_already(output)
            } else {
                bundle::not_written(output, "file of proofs", error)
            }
        },
    )?;
    Ok(proofs)
}

/// Refuses an output that exists, before anybody types a passphrase for it.
///
/// # Errors
///
/// Exit 8 when something is there.
pub fn refuse_existing(ctx: &Context, output: &Path) -> Result<(), Failure> {
    match ctx.disk.facts(output) {
        Ok(Some(_)) => Err(exists_already(output)),
        // What cannot be looked at is told when it cannot be written.
        Ok(None) | Err(_) => Ok(()),
    }
}

fn exists_already(output: &Path) -> Failure {
    Failure::new(Kind::FileExists, format!("{} exists already", shown_path(output)))
        .unchanged(Unchanged::NothingTouched)
        .next("name another file with -o: proofs are of one moment, and an old one tells of an old one")
}

/// A file of proofs whose signature fits what it says.
#[derive(Debug)]
pub struct Brought(pub(super) Proofs);

/// Reads a file of proofs, before anybody types a passphrase for comparing it.
///
/// # Errors
///
/// Exit 4 without such a file, exit 5 for another one or one that was altered.
pub fn look(ctx: &Context, path: &Path) -> Result<Brought, Failure> {
    let bytes = ctx.disk.read(path, LARGEST).map_err(|error| {
        Failure::new(reading(&error), format!("cannot read the proofs {}", shown_path(path)))
            .because(error)
            .unchanged(Unchanged::NothingTouched)
            .next("check the path, and that the medium it lies on is there")
    })?;
    let refuse = |kind, cause: String| {
        Failure::new(kind, format!("{} was not compared", shown_path(path)))
            .details([cause])
            .unchanged(Unchanged::NothingTouched)
    };
    let parsed = std::str::from_utf8(&bytes).map_err(|_| NotProofs::Other).and_then(proof_v1::parse);
    let (proofs, message, signature) = parsed.map_err(|error| match error {
        NotProofs::Newer => refuse(Kind::UnknownVersion, error.to_string())
            .next("compare it with the version of Lifeboat that wrote it, or a newer one"),
        NotProofs::Other => refuse(Kind::UnknownFormat, error.to_string())
            .next("the other machine makes one with: lifeboat proof -o FILE"),
    })?;
    let altered = |cause: String| {
        refuse(Kind::Damaged, cause).next("have the other machine make it again, and bring it another way")
    };
    let signed_by = signature::verify(&signature, SIGNED_AS, message.as_bytes())
        .map_err(|error| altered(error.to_string()))?;
    if signed_by != proofs.key {
        return Err(altered("it is signed by another key than the one it names".to_owned()));
    }
    if proofs.time != time::shown(proofs.at) {
        return Err(altered("the two times in it are not the same".to_owned()));
    }
    Ok(Brought(proofs))
}

/// What stands in a file of proofs besides them, for comparing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Origin {
    /// The vault.
    pub vault: VaultId,
    /// Its generation.
    pub generation: u64,
    /// Fingerprint of the key that signed it.
    pub fingerprint: String,
}

impl Origin {
    pub(super) fn of(proofs: &Proofs) -> Self {
        Self { vault: proofs.vault, generation: proofs.generation, fingerprint: proofs.key.fingerprint() }
    }
}

/// Why an entry stands in a file without a proof, or would.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Side {
    /// It has a proof.
    Proof([u8; 16]),
    /// Its seed is sealed.
    Sealed,
    /// Its seed is too short for one.
    Short,
}

/// What a file, or this vault, has of an entry; `None` where there is no such entry.
pub(super) fn side(proofs: &Proofs, id: EntryId) -> Option<Side> {
    if let Some(proof) = proofs.entries.get(&id) {
        return Some(Side::Proof(*proof));
    }
    match (proofs.sealed.contains(&id), proofs.short.contains(&id)) {
        (true, _) => Some(Side::Sealed),
        (false, true) => Some(Side::Short),
        (false, false) => None,
    }
}
