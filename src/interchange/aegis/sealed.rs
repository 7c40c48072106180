//! What is encrypted in an Aegis file, and opening it.
//!
//! scrypt over the password gives a key that opens a slot, the slot holds the master key, and that opens
//! the database, both with AES-256-GCM. The header is not authenticated, so everything in it is bounded
//! before any work is done for it.

use data_encoding::{BASE64, HEXLOWER_PERMISSIVE};
use serde::Deserialize;

use super::entries;
use crate::interchange::cipher::aes256_gcm_detached;
use crate::interchange::json::damaged;
use crate::interchange::registry::SealedFile;
use crate::interchange::{ImportError, Imported};
use crate::secret::{SecretBytes, SecretText};

/// Most memory that a slot's scrypt may ask for. Aegis' own choice is 32 MiB.
const MOST_MEMORY_BYTES: u64 = 1 << 30;
/// Most memory that all slots together may run through, which bounds the time of a wrong passphrase.
const MOST_WORK_BYTES: u64 = 8 << 30;
/// Most password slots; Aegis makes one, and a second for its automatic backups.
const MOST_SLOTS: usize = 16;
/// Most scrypt lanes. Aegis' own choice is 1.
const MOST_LANES: u64 = 16;
const PASSWORD_SLOT: u64 = 1;
/// Up to this length the slots of old versions derive the same key as those marked `repaired`.
const LONGEST_UNREPAIRED_PASSWORD: usize = 64;

#[derive(Deserialize)]
pub(super) struct Header {
    slots: Option<Vec<ListedSlot>>,
    params: Option<GcmParams>,
}

#[derive(Deserialize)]
struct ListedSlot {
    #[serde(rename = "type")]
    kind: u64,
    key: String,
    key_params: GcmParams,
    n: Option<u64>,
    r: Option<u64>,
    p: Option<u64>,
    salt: Option<String>,
    #[serde(default)]
    repaired: bool,
}

#[derive(Deserialize)]
struct GcmParams {
    nonce: String,
    tag: String,
}

/// An encrypted file whose outside was read.
#[derive(Debug)]
pub struct Sealed {
    slots: Vec<Slot>,
    nonce: [u8; 12],
    tag: [u8; 16],
    ciphertext: Vec<u8>,
}

#[derive(Debug)]
struct Slot {
    scrypt: scrypt::Params,
    memory_bytes: u64,
    work_bytes: u64,
    salt: Vec<u8>,
    key: [u8; 32],
    nonce: [u8; 12],
    tag: [u8; 16],
    repaired: bool,
}

impl Sealed {
    pub(super) fn parse(header: Header, db: &SecretText) -> Result<Self, ImportError> {
        let params = header.params.ok_or_else(|| damaged("header.params"))?;
        let listed = header.slots.unwrap_or_default();
        let listed: Vec<ListedSlot> = listed.into_iter().filter(|slot| slot.kind == PASSWORD_SLOT).collect();
        if listed.is_empty() {
            return Err(unsupported("an Aegis file without a password slot"));
        }
        if listed.len() > MOST_SLOTS {
            return Err(unsupported("an Aegis file with more than 16 password slots"));
        }
        let slots = listed.into_iter().map(Slot::parse).collect::<Result<Vec<_>, _>>()?;
        let work_bytes = slots.iter().map(|slot| slot.work_bytes).sum();
        if work_bytes > MOST_WORK_BYTES {
            return Err(too_costly(work_bytes, MOST_WORK_BYTES));
        }
        Ok(Self {
            slots,
            nonce: hex(&params.nonce, "header.params.nonce")?,
            tag: hex(&params.tag, "header.params.tag")?,
            ciphertext: BASE64.decode(db.expose().as_bytes()).map_err(|_| damaged("db"))?,
        })
    }
}

impl SealedFile for Sealed {
    fn cost(&self) -> String {
        let most = self.slots.iter().map(|slot| slot.memory_bytes).max().unwrap_or(0);
        format!("{} MiB", (most >> 20).max(1))
    }

    /// Every password slot is tried. A damaged slot looks the same as a wrong passphrase.
    fn open(self: Box<Self>, passphrase: &SecretText) -> Result<Imported, ImportError> {
        let Some(master) = self.slots.iter().find_map(|slot| slot.unwrap_key(passphrase)) else {
            // Old versions of Aegis derived another key from long passwords; that fault is not imitated.
            let is_long = passphrase.len() > LONGEST_UNREPAIRED_PASSWORD;
            return Err(if is_long && self.slots.iter().any(|slot| !slot.repaired) {
                unsupported("a password over 64 bytes in a file of an old Aegis version")
            } else {
                ImportError::WrongPassphrase
            });
        };
        let mut text = SecretBytes::new(self.ciphertext);
        if !aes256_gcm_detached(&master, &self.nonce, &self.tag, &mut text) {
            return Err(damaged("the database does not belong to the key that opened its slot"));
        }
        let text = std::str::from_utf8(text.expose()).map_err(|_| damaged("db"))?;
        entries::import(text)
    }
}

impl Slot {
    fn parse(listed: ListedSlot) -> Result<Self, ImportError> {
        let number = |value: Option<u64>, at| value.ok_or_else(|| damaged(at));
        let n = number(listed.n, "header.slots.n")?;
        let r = number(listed.r, "header.slots.r")?;
        let p = number(listed.p, "header.slots.p")?;
        // scrypt holds n blocks and one for each lane, each of 128 · r bytes (RFC 7914 §6).
        let memory_bytes = n.saturating_add(p).saturating_mul(r).saturating_mul(128);
        if memory_bytes > MOST_MEMORY_BYTES {
            return Err(too_costly(memory_bytes, MOST_MEMORY_BYTES));
        }
        if p > MOST_LANES {
            return Err(unsupported("a scrypt parallelism of more than 16"));
        }
        if !n.is_power_of_two() || n < 2 {
            return Err(damaged("header.slots.n"));
        }
        let log_n = u8::try_from(n.trailing_zeros()).map_err(|_| damaged("header.slots.n"))?;
        let small = |value: u64, at| u32::try_from(value).map_err(|_| damaged(at));
        let scrypt = scrypt::Params::new(log_n, small(r, "header.slots.r")?, small(p, "header.slots.p")?)
            .map_err(|_| damaged("header.slots"))?;
        let salt = listed.salt.ok_or_else(|| damaged("header.slots.salt"))?;
        Ok(Self {
            scrypt,
            memory_bytes,
            work_bytes: memory_bytes.saturating_mul(p),
            salt: HEXLOWER_PERMISSIVE.decode(salt.as_bytes()).map_err(|_| damaged("header.slots.salt"))?,
            key: hex(&listed.key, "header.slots.key")?,
            nonce: hex(&listed.key_params.nonce, "header.slots.key_params.nonce")?,
            tag: hex(&listed.key_params.tag, "header.slots.key_params.tag")?,
            repaired: listed.repaired,
        })
    }

    fn unwrap_key(&self, passphrase: &SecretText) -> Option<SecretBytes> {
        let mut derived = SecretBytes::new(vec![0; 32]);
        scrypt::scrypt(passphrase.expose().as_bytes(), &self.salt, &self.scrypt, derived.expose_mut())
            .ok()?;
        let mut key = SecretBytes::from_slice(&self.key);
        aes256_gcm_detached(&derived, &self.nonce, &self.tag, &mut key).then_some(key)
    }
}

fn hex<const N: usize>(text: &str, at: &'static str) -> Result<[u8; N], ImportError> {
    let bytes = HEXLOWER_PERMISSIVE.decode(text.as_bytes()).map_err(|_| damaged(at))?;
    bytes.try_into().map_err(|_| damaged(at))
}

fn too_costly(asked_bytes: u64, limit_bytes: u64) -> ImportError {
    ImportError::TooCostly { asked_mib: asked_bytes >> 20, limit_mib: limit_bytes >> 20 }
}

fn unsupported(what: &str) -> ImportError {
    ImportError::Unsupported { what: what.to_owned() }
}

#[cfg(test)]
mod tests;
