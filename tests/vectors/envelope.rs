//! Sealed containers made by another implementation: whole, or with one defect.

use std::path::Path;

use data_encoding::HEXLOWER;
use lifeboat::envelope::{
    Ceiling, Credentials, KeyFile, Kind, OpenError, Passphrase, RecoverySecret, Sealed,
};
use lifeboat::secret::{SecretBytes, SecretText};
use lifeboat::wire::{WireError, bundle_v1, vault_v1};
use sha2::{Digest as _, Sha256};

use crate::file::{Outcome, Vector, same};

const HEADERS: [&str; 7] =
    ["comment", "expect", "key-file-hex", "kind", "passphrase", "payload-sha256", "recovery-secret-hex"];

pub(crate) fn run(_: &Path, text: String) -> Outcome {
    let vector = Vector::parse(&text, &HEADERS)?;
    vector.want("comment")?;
    let kind = match vector.want("kind")? {
        "vault" => Kind::Vault,
        "bundle" => Kind::Bundle,
        "sealed entry" => Kind::SealedEntry,
        other => return Err(format!("kind: {other}").into()),
    };
    let key_file = vector.get("key-file-hex").map(|text| HEXLOWER.decode(text.as_bytes())).transpose()?;
    let key_file = key_file.map(<[u8; 32]>::try_from).transpose().map_err(|_| "a key file has 32 bytes")?;
    let recovery_secret =
        vector.get("recovery-secret-hex").map(|text| HEXLOWER.decode(text.as_bytes())).transpose()?;
    let recovery_secret = recovery_secret.map(SecretBytes::new);
    let credentials = Credentials {
        passphrase: vector.get("passphrase").map(|text| Passphrase::new(SecretText::new(text.to_owned()))),
        key_file: key_file.map(KeyFile::from_bytes),
        recovery_secret: recovery_secret.and_then(RecoverySecret::from_secret),
    };
    let hex: String = vector.body.lines().collect();
    let opened = open(HEXLOWER.decode(hex.as_bytes())?, kind, &credentials);
    let class = opened.as_ref().map_or_else(class, |(_, class)| class);
    // The whole error is told too, as two errors may share a class.
    same("the outcome", (class, opened.as_ref().err()), (vector.want("expect")?, opened.as_ref().err()))?;
    match opened {
        Ok((hash, "success")) => same("the payload's hash", hash.as_str(), vector.want("payload-sha256")?),
        Ok(_) | Err(_) => same("the payload's hash", None, vector.get("payload-sha256")),
    }
}

/// The hash of the payload's document, and its class.
fn open(bytes: Vec<u8>, kind: Kind, credentials: &Credentials) -> Result<(String, &'static str), OpenError> {
    let sealed = Sealed::parse(bytes, kind)?;
    let (master, _) = sealed.unlock(credentials, Ceiling::USUAL)?;
    let payload = sealed.open(&master)?;
    let understood = match kind {
        Kind::Vault => vault_v1::parse(payload.json()).map(|_| ()),
        Kind::Bundle => bundle_v1::parse(payload.json()).map(|_| ()),
        Kind::SealedEntry => Ok(()),
    };
    // Vectors of the container alone hold less than a vault does.
    let class = if understood == Err(WireError::KeyTwice) { "bad content" } else { "success" };
    Ok((HEXLOWER.encode(&Sha256::digest(payload.json())), class))
}

/// What an error tells a person to do, which is what vectors agree on.
fn class(error: &OpenError) -> &'static str {
    match error {
        OpenError::Altered { .. } => "altered",
        OpenError::BadHeader { .. } => "bad header",
        OpenError::Damaged { .. } => "damaged",
        OpenError::Kdf(_) => "kdf refused",
        OpenError::NoFittingSlot => "no slot",
        OpenError::NotAnEnvelope => "not an envelope",
        OpenError::UnsupportedFeature { .. } | OpenError::UnsupportedVersion { .. } => "unsupported version",
        OpenError::WrongCredential { .. } => "wrong credential",
        OpenError::WrongKind { .. } => "wrong kind",
        _ => "an error without a class",
    }
}
