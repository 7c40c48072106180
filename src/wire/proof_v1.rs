//! A file of proofs: one line that names the format, one of JSON, and a signature of that line.
//!
//! ```text
//! lifeboat-proof/1
//! {"at":<Unix seconds>,"entries":{"<id>":"<32 hex>",…},"generation":<number>,"key":"<64 hex>",
//!  "left_out":{"sealed":["<id>",…],"short":[…]},"nonce":"<32 hex>","schema":"lifeboat.proof-file/1",
//!  "time":"<RFC 3339>","vault":"<32 hex>"}
//! -----BEGIN SSH SIGNATURE-----
//! …
//! -----END SSH SIGNATURE-----
//! ```
//!
//! It names entries by their ids and nobody by a name. A reader takes no other bytes than a writer would have written
//! for the same content, but for line ends that a mail has changed.

use std::collections::{BTreeMap, BTreeSet};

use data_encoding::HEXLOWER;
use serde_json::{Map, Value, json};

use super::residue::{Object, from_hex};
use super::strict::Strict;
use crate::entry::{EntryId, UnixSeconds};
use crate::signature::{self, PublicKey};
use crate::vault::VaultId;

/// First line of the file, up to its version.
const MAGIC: &str = "lifeboat-proof/";
const VERSION: &str = "1";
/// What the signed line says that it is.
const SCHEMA: &str = "lifeboat.proof-file/1";

/// What a file of proofs says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proofs {
    /// When they were made, by the clock of that machine.
    pub at: UnixSeconds,
    /// The same for people: RFC 3339 in UTC. Whether it is the same is for the reader to see.
    pub time: String,
    /// The vault that they were made from.
    pub vault: VaultId,
    /// Its generation.
    pub generation: u64,
    /// The key that signs them, over which they are made too.
    pub key: PublicKey,
    /// What was drawn for them.
    pub nonce: [u8; 16],
    /// The proof of each entry that has one.
    pub entries: BTreeMap<EntryId, [u8; 16]>,
    /// Entries without one: their seed is sealed.
    pub sealed: BTreeSet<EntryId>,
    /// Entries without one: their seed is too short.
    pub short: BTreeSet<EntryId>,
}

/// Why bytes are no file of proofs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NotProofs {
    /// It has a version that this program does not know.
    #[error("it is of a newer version")]
    Newer,
    /// It is something else, or was damaged.
    #[error("it is not a file of proofs, or was changed")]
    Other,
}

/// The line that is signed.
pub fn message(proofs: &Proofs) -> String {
    let entries: Map<String, Value> = proofs
        .entries
        .iter()
        .map(|(id, proof)| (id.to_string(), Value::String(HEXLOWER.encode(proof))))
        .collect();
    let ids = |ids: &BTreeSet<EntryId>| ids.iter().map(EntryId::to_string).collect::<Vec<_>>();
    json!({
        "at": proofs.at,
        "entries": entries,
        "generation": proofs.generation,
        "key": HEXLOWER.encode(&proofs.key.0),
        "left_out": { "sealed": ids(&proofs.sealed), "short": ids(&proofs.short) },
        "nonce": HEXLOWER.encode(&proofs.nonce),
        "schema": SCHEMA,
        "time": proofs.time,
        "vault": proofs.vault.to_string(),
    })
    .to_string()
}

/// The file of a line and its signature.
pub fn encode(message: &str, signature: &[u8]) -> String {
    format!("{MAGIC}{VERSION}\n{message}\n{}", signature::armor(signature))
}

/// Takes a file apart: what it says, the line that is signed, and the signature, which is not checked yet.
///
/// # Errors
///
/// [`NotProofs`] for anything but what [`encode`] gives.
pub fn parse(text: &str) -> Result<(Proofs, String, Vec<u8>), NotProofs> {
    let text = text.replace("\r\n", "\n");
    let version = text.strip_prefix(MAGIC).and_then(|rest| rest.split('\n').next());
    if version.is_some_and(|version| version != VERSION && version.parse::<u32>().is_ok()) {
        return Err(NotProofs::Newer);
    }
    let parsed = read(&text).filter(|(proofs, line, signature)| {
        message(proofs) == *line && encode(line, signature) == text && are_apart(proofs)
    });
    parsed.ok_or(NotProofs::Other)
}

fn read(text: &str) -> Option<(Proofs, String, Vec<u8>)> {
    let (_, rest) = text.split_once('\n')?;
    let (line, armored) = rest.split_once('\n')?;
    let Strict(value) = serde_json::from_str(line).ok()?;
    let mut object = Object::of(value, "proofs").ok()?;
    let mut left_out = object.object("left_out").ok()?;
    let entries = match object.take("entries")? {
        Value::Object(entries) => entries.into_iter().map(entry).collect::<Option<_>>()?,
        Value::Array(_) | Value::Bool(_) | Value::Null | Value::Number(_) | Value::String(_) => return None,
    };
    let proofs = Proofs {
        at: object.number("at").ok()?,
        time: object.text("time").ok()?,
        vault: VaultId(object.hex("vault").ok()?),
        generation: object.number("generation").ok()?,
        key: PublicKey(object.hex("key").ok()?),
        nonce: object.hex("nonce").ok()?,
        entries,
        sealed: ids(&mut left_out, "sealed")?,
        short: ids(&mut left_out, "short")?,
    };
    Some((proofs, line.to_owned(), signature::dearmor(armored)?))
}

fn entry((id, proof): (String, Value)) -> Option<(EntryId, [u8; 16])> {
    Some((EntryId::parse(&id)?, from_hex(proof.as_str()?)?))
}

fn ids(object: &mut Object, name: &'static str) -> Option<BTreeSet<EntryId>> {
    let list = object.list(name).ok()?;
    list.iter().map(|id| EntryId::parse(id.as_str()?)).collect()
}

/// No entry both has a proof and is left out, or is left out for two reasons.
fn are_apart(proofs: &Proofs) -> bool {
    let is_proven = |id: &EntryId| proofs.entries.contains_key(id);
    proofs.sealed.is_disjoint(&proofs.short) && !proofs.sealed.iter().chain(&proofs.short).any(is_proven)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn id(byte: u8) -> EntryId {
        EntryId::from_bytes([byte; 16])
    }

    fn proofs() -> Proofs {
        Proofs {
            at: 1_700_000_000,
            time: "2023-11-14T22:13:20Z".to_owned(),
            vault: VaultId([1; 16]),
            generation: 7,
            key: PublicKey([2; 32]),
            nonce: [3; 16],
            entries: BTreeMap::from([(id(0xb0), [4; 16]), (id(0xa0), [5; 16])]),
            sealed: BTreeSet::from([id(0xd0), id(0xc0)]),
            short: BTreeSet::from([id(0xe0)]),
        }
    }

    #[test]
    fn keys_and_ids_are_sorted_and_there_is_no_space() {
        let hex = |byte: u8, n: usize| format!("{byte:02x}").repeat(n);
        let expected = format!(
            r#"{{"at":1700000000,"entries":{{"{}":"{}","{}":"{}"}},"generation":7,"key":"{}","left_out":{{"sealed":["{}","{}"],"short":["{}"]}},"nonce":"{}","schema":"lifeboat.proof-file/1","time":"2023-11-14T22:13:20Z","vault":"{}"}}"#,
            hex(0xa0, 16),
            hex(5, 16),
            hex(0xb0, 16),
            hex(4, 16),
            hex(2, 32),
            hex(0xc0, 16),
            hex(0xd0, 16),
            hex(0xe0, 16),
            hex(3, 16),
            hex(1, 16),
        );
        assert_eq!(message(&proofs()), expected);
    }

    #[test]
    fn what_was_written_is_read_with_any_line_ends() {
        let line = message(&proofs());
        let text = encode(&line, b"signed");
        for text in [text.clone(), text.replace('\n', "\r\n")] {
            assert_eq!(parse(&text), Ok((proofs(), line.clone(), b"signed".to_vec())));
        }
    }

    #[test]
    fn what_a_writer_would_not_have_written_is_no_file_of_proofs() {
        let text = encode(&message(&proofs()), b"signed");
        let (sealed, short) = (id(0xd0).to_string(), id(0xe0).to_string());
        let proven = id(0xa0).to_string();
        for (from, to) in [
            ("lifeboat-proof/1\n", "lifeboat-proof/1 \n"),
            ("lifeboat-proof/1\n", "lifeboat-proof/01\n"),
            ("lifeboat-proof/1\n", "lifeboat-share-acknowledgement/1\n"),
            ("proof-file/1", "proof-file/2"),
            (r#""at":1700000000"#, r#""at":01700000000"#),
            (r#""at":1700000000"#, r#""at":1.7e9"#),
            (r#""at":1700000000"#, r#""at":-1"#),
            (r#""generation":7"#, r#""generation": 7"#),
            (r#""generation":7"#, r#""generation":7,"generation":7"#),
            (r#""generation":7"#, r#""generation":7,"more":1"#),
            (r#""generation":7,"#, ""),
            ("\"key\":\"02", "\"key\":\"0"),
            ("a0a0", "A0A0"),
            (&sealed, &short),
            (&short, &proven),
            (&sealed, "d0"),
            ("-----END", "----END"),
            ("-----\n", "-----\n\n"),
            ("\n{", "\n\n{"),
            ("{\"at", "[\"at"),
        ] {
            let wrong = text.replacen(from, to, 1);
            assert_ne!(wrong, text, "{from}");
            assert!(matches!(parse(&wrong), Err(NotProofs::Other | NotProofs::Newer)), "{from} → {to}");
        }
        assert_eq!(parse(&text.replacen("proof/1\n", "proof/2\n", 1)), Err(NotProofs::Newer));
        assert_eq!(parse(""), Err(NotProofs::Other));
        assert_eq!(parse(&text.repeat(2)), Err(NotProofs::Other));
        assert_eq!(parse(text.trim_end()), Err(NotProofs::Other));
    }
}
