//! Makes and opens bundles for shares through the library: for `quorum.py` and `mutations.py`.
//!
//! `quorum make SECRET SIGNING-SEED SET M FINGERPRINT,…` makes one of the document on standard input; the secret is
//! used for its public half alone. `quorum open SECRET` opens the files whose paths stand on standard input, a line
//! each, and says of each its exit status and why, as the program does.
#![allow(
    clippy::panic,
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "a test program that fails by panicking"
)]

use std::io::{self, Read as _, Write as _};

use data_encoding::HEXLOWER;
use lifeboat::envelope::{
    Ceiling, Credentials, Info, Kind, MasterKey, OpenError, QuorumLock, RecoverySecret, Sealed, Slot,
    SlotRandom, ToSeal, seal, signed_message,
};
use lifeboat::secret::SecretBytes;
use lifeboat::signature::{self, SigningKey};
use lifeboat::wire::bundle_v1;

const NAMESPACE: &str = "lifeboat-bundle";

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [what, secret, rest @ ..] = arguments.as_slice() else { panic!("quorum make|open SECRET …") };
    let secret = RecoverySecret::from_secret(bytes(secret)).unwrap();
    match (what.as_str(), rest) {
        ("make", [seed, set, threshold, fingerprints]) => {
            let lock = QuorumLock {
                set: set.parse().unwrap(),
                threshold: threshold.parse().unwrap(),
                fingerprints: fingerprints.split(',').map(|hex| array(&bytes(hex))).collect(),
                replaced: Vec::new(),
                public: secret.public(),
            };
            let mut json = Vec::new();
            io::stdin().read_to_end(&mut json).unwrap();
            io::stdout()
                .write_all(&make(&lock, &SigningKey::from_seed(&bytes(seed)).unwrap(), &json))
                .unwrap();
        }
        ("open", []) => {
            let brought = Credentials { recovery_secret: Some(secret), ..Credentials::default() };
            for path in io::stdin().lines() {
                match open(std::fs::read(path.unwrap()).unwrap(), &brought) {
                    Ok(()) => println!("0"),
                    Err(error) => println!("{} {error}", status(&error)),
                }
            }
        }
        other => panic!("{other:?}"),
    }
}

fn bytes(hex: &str) -> SecretBytes {
    SecretBytes::new(HEXLOWER.decode(hex.as_bytes()).unwrap())
}

fn array<const N: usize>(bytes: &SecretBytes) -> [u8; N] {
    bytes.expose().try_into().unwrap()
}

fn make(lock: &QuorumLock, key: &SigningKey, json: &[u8]) -> Vec<u8> {
    let (kind, id, master) = (Kind::Bundle, [0x5a; 16], MasterKey::from_bytes([7; 32]));
    let random = SlotRandom { sid: [1; 4], salt: [2; 32], kdf_salt: [0; 16] };
    let slot = Slot::for_quorum(kind, &id, &master, lock, &[3; 32], &random).unwrap();
    let info = Some(Info { created: 1_700_000_000, label: None });
    let signature = key.sign(NAMESPACE, &signed_message(kind, &id, json));
    let to_seal = ToSeal { kind, id, slots: &[slot], info, json, signature: &signature };
    seal(&to_seal, &master, &[4; 32]).unwrap()
}

fn open(file: Vec<u8>, brought: &Credentials) -> Result<(), OpenError> {
    let altered = OpenError::Altered { part: "the signature" };
    let sealed = Sealed::parse(file, Kind::Bundle)?;
    let (master, _) = sealed.unlock(brought, Ceiling::USUAL)?;
    let payload = sealed.open(&master)?;
    let Ok(maker) = signature::verify(payload.signature(), NAMESPACE, &sealed.signed_message(&payload))
    else {
        return Err(altered);
    };
    let content = bundle_v1::parse(payload.json()).unwrap();
    if content.public_key == maker { Ok(()) } else { Err(altered) }
}

fn status(error: &OpenError) -> u8 {
    if matches!(error, OpenError::NoFittingSlot | OpenError::WrongCredential { .. }) { 3 } else { 5 }
}
