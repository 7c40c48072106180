//! Sealed containers made by another implementation: whole, or with one defect.

use std::path::Path;

use data_encoding::HEXLOWER;
use lifeboat::envelope::{
    Ceiling, Credentials, KeyFile, Kind, OpenError, Passphrase, Payload, RecoverySecret, Sealed,
};
use lifeboat::secret::{SecretBytes, SecretText};
use lifeboat::signature::{self, PublicKey};
use lifeboat::wire::{WireError, bundle_v1, vault_v1};
use sha2::{Digest as _, Sha256};

use crate::file::{Outcome, Vector, same};

const HEADERS: [&str; 9] = [
    "comment",
    "expect",
    "key-file-hex",
    "kind",
    "passphrase",
    "payload-sha256",
    "recovery-secret-hex",
    "share",
    "signed-by",
];
/// What a bundle's signature is for.
const NAMESPACE: &str = "lifeboat-bundle";

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
    let class = opened.as_ref().map_or_else(class, |opened| opened.class);
    // The whole error is told too, as two errors may share a class.
    same("the outcome", (class, opened.as_ref().err()), (vector.want("expect")?, opened.as_ref().err()))?;
    let opened = opened.ok().filter(|opened| opened.class == "success");
    same("the payload's hash", opened.as_ref().map(|o| o.sha256.as_str()), vector.get("payload-sha256"))?;
    same("its maker", opened.and_then(|o| o.signed_by).as_deref(), vector.get("signed-by"))
}

struct Opened {
    /// The hash of the payload's document.
    sha256: String,
    class: &'static str,
    /// The fingerprint of the key that signed it, where one had to.
    signed_by: Option<String>,
}

fn open(bytes: Vec<u8>, kind: Kind, credentials: &Credentials) -> Result<Opened, OpenError> {
    let sealed = Sealed::parse(bytes, kind)?;
    let (master, _) = sealed.unlock(credentials, Ceiling::USUAL)?;
    let payload = sealed.open(&master)?;
    let signed_by = signed_by(&sealed, &payload)?;
    let understood = match kind {
        Kind::Vault => vault_v1::parse(payload.json()).map(|_| ()),
        Kind::Bundle => match (bundle_v1::parse(payload.json()), signed_by) {
            (Ok(content), Some(key)) if content.public_key != key => {
                return Err(OpenError::Altered { part: "the signature" });
            }
            (content, _) => content.map(|_| ()),
        },
        Kind::Pass | Kind::SealedEntry => Ok(()),
    };
    // Vectors of the container alone hold less than a vault does.
    let class = if understood == Err(WireError::KeyTwice) { "bad content" } else { "success" };
    let sha256 = HEXLOWER.encode(&Sha256::digest(payload.json()));
    Ok(Opened { sha256, class, signed_by: signed_by.map(|key| key.fingerprint()) })
}

/// Who signed a bundle that shares open, whatever it was opened with; nothing else is signed.
fn signed_by(sealed: &Sealed, payload: &Payload) -> Result<Option<PublicKey>, OpenError> {
    if sealed.kind() != Kind::Bundle || sealed.quorum().is_none() {
        return Ok(None);
    }
    let signer = signature::verify(payload.signature(), NAMESPACE, &sealed.signed_message(payload));
    signer.map(Some).map_err(|_| OpenError::Altered { part: "the signature" })
}

/// What an error tells a person to do, which is what vectors agree on.
pub(crate) fn class(error: &OpenError) -> &'static str {
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
