//! The outside of a KDBX database: which version, which ciphers, what the key derivation costs. Nothing of it is
//! authenticated before the key is known, so that everything is bounded here, before any work is done for it.

use super::crypt::Outer;
use crate::interchange::ImportError;
use crate::interchange::cipher::{Argon2, Argon2Kind, sha256};
use crate::interchange::json::damaged;

/// First bytes of every KeePass database, of version 1 too.
pub(super) const MAGIC: &[u8] = b"\x03\xd9\xa2\x9a";
/// What follows in a KDBX database; version 1 and KeePass 2.0's alpha versions have other bytes here.
pub(super) const KDBX: &[u8] = b"\x67\xfb\x4b\xb5";
/// Most rounds of the older key derivation, some ten seconds. KeePass has always asked for what takes one second.
const MOST_ROUNDS: u64 = 500_000_000;
/// Most items of the header and of the list of parameters in it; real ones have under fifteen.
const MOST_ITEMS: usize = 256;

/// How the key is derived. Its seed and its salt are no secrets: they stand in clear in the file.
#[derive(Debug)]
pub(super) enum Kdf {
    /// AES-256 over and over.
    Aes { seed: [u8; 32], rounds: u64 },
    /// Argon2.
    Argon2 { kind: Argon2Kind, version: u32, salt: Vec<u8>, argon2: Argon2 },
}

/// What versions 3 and 4 have apart; version 2 is as 3. The stream's key of version 3 stands in clear in the file; that of version 4, which
/// is encrypted, is never here.
#[derive(Debug)]
pub(super) enum Body {
    /// KDBX 2 and 3: what stands at the start of the decrypted body, and the stream of protected values.
    Three { start: Vec<u8>, stream: u32, stream_key: Vec<u8> },
    /// KDBX 4: its authenticator over the header.
    Four { mac: [u8; 32] },
}

/// A header that was read: all of it stands in clear in the file.
#[derive(Debug)]
pub(super) struct Header {
    pub(super) cipher: Outer,
    pub(super) is_compressed: bool,
    pub(super) seed: Vec<u8>,
    pub(super) nonce: Vec<u8>,
    pub(super) kdf: Kdf,
    pub(super) body: Body,
    /// Length of the header itself, in bytes.
    pub(super) length: usize,
    /// Where the encrypted body begins.
    pub(super) body_at: usize,
}

#[derive(Default)]
struct Fields<'a> {
    cipher: Option<Outer>,
    compression: Option<u32>,
    seed: Option<&'a [u8]>,
    transform_seed: Option<&'a [u8]>,
    rounds: Option<u64>,
    nonce: Option<&'a [u8]>,
    stream_key: Option<&'a [u8]>,
    start: Option<&'a [u8]>,
    stream: Option<u32>,
    kdf: Option<&'a [u8]>,
}

impl Header {
    /// Reads the header of a database.
    ///
    /// # Errors
    ///
    /// [`ImportError::Unsupported`] for another version or cipher, [`ImportError::TooCostly`] and
    /// [`ImportError::TooManyRounds`] for a key derivation beyond the limits, [`ImportError::Damaged`] otherwise.
    pub(super) fn parse(bytes: &[u8]) -> Result<Self, ImportError> {
        let mut rest = Cursor(bytes);
        if rest.take(4, "the first bytes")? != MAGIC || rest.take(4, "the first bytes")? != KDBX {
            return Err(unsupported(
                "a database of KeePass 1 (open it in KeePassXC, which saves it as .kdbx)",
            ));
        }
        rest.take(2, "the version")?;
        let version = u16::from_le_bytes(rest.array("the version")?);
        if !matches!(version, 2..=4) {
            return Err(unsupported(&format!("version {version} of a KeePass database")));
        }
        let fields = fields(&mut rest, version)?;
        let length = bytes.len() - rest.0.len();
        let missing = |at: &str| damaged(&format!("the header has no {at}"));
        let cipher = fields.cipher.ok_or_else(|| missing("cipher"))?;
        let nonce = fields.nonce.ok_or_else(|| missing("nonce"))?;
        if nonce.len() != cipher.nonce_length() {
            return Err(damaged("the nonce in the header"));
        }
        let is_compressed = match fields.compression {
            Some(0) => false,
            Some(1) => true,
            _ => return Err(damaged("the kind of compression")),
        };
        let seed = fields.seed.ok_or_else(|| missing("seed"))?;
        let (kdf, body) = if version < 4 {
            let rounds = fields.rounds.ok_or_else(|| missing("number of rounds"))?;
            let transform = fields.transform_seed.ok_or_else(|| missing("seed of the key derivation"))?;
            let body = Body::Three {
                start: fields.start.ok_or_else(|| missing("start of the body"))?.to_vec(),
                stream: fields.stream.ok_or_else(|| missing("cipher of protected values"))?,
                stream_key: fields.stream_key.ok_or_else(|| missing("key of protected values"))?.to_vec(),
            };
            (aes(transform, rounds)?, body)
        } else {
            let header = bytes.get(..length).unwrap_or_default();
            if sha256(header).expose() != rest.take(32, "the header's hash")? {
                return Err(damaged("the header does not fit its hash"));
            }
            let body = Body::Four { mac: rest.array("the header's authenticator")? };
            (kdf(fields.kdf.ok_or_else(|| missing("key derivation"))?)?, body)
        };
        let body_at = bytes.len() - rest.0.len();
        Ok(Self {
            cipher,
            is_compressed,
            seed: seed.to_vec(),
            nonce: nonce.to_vec(),
            kdf,
            body,
            length,
            body_at,
        })
    }
}

fn fields<'a>(rest: &mut Cursor<'a>, version: u16) -> Result<Fields<'a>, ImportError> {
    let mut fields = Fields::default();
    for _ in 0..MOST_ITEMS {
        let [kind] = rest.array("the header")?;
        let length = if version < 4 {
            u16::from_le_bytes(rest.array("the header")?).into()
        } else {
            u32::from_le_bytes(rest.array("the header")?)
        };
        let value = rest.take(length, "the header")?;
        let number = || value.first_chunk().copied().map(u32::from_le_bytes);
        match kind {
            0 => return Ok(fields),
            2 => {
                let cipher = Outer::by_id(value).ok_or_else(|| unsupported("the cipher of this database"))?;
                fields.cipher = Some(cipher);
            }
            3 => fields.compression = number(),
            4 => fields.seed = Some(value),
            5 => fields.transform_seed = Some(value),
            6 => fields.rounds = value.first_chunk().copied().map(u64::from_le_bytes),
            7 => fields.nonce = Some(value),
            8 => fields.stream_key = Some(value),
            9 => fields.start = Some(value),
            10 => fields.stream = number(),
            11 => fields.kdf = Some(value),
            // A comment, what plugins have put there, and what later versions may add.
            _ => {}
        }
    }
    Err(damaged("the header"))
}

fn aes(seed: &[u8], rounds: u64) -> Result<Kdf, ImportError> {
    if rounds > MOST_ROUNDS {
        return Err(ImportError::TooManyRounds { asked: rounds, limit: MOST_ROUNDS });
    }
    let seed = seed.try_into().map_err(|_| damaged("the seed of the key derivation"))?;
    Ok(Kdf::Aes { seed, rounds })
}

/// Reads the parameters of a key derivation.
fn kdf(bytes: &[u8]) -> Result<Kdf, ImportError> {
    let parameters = Parameters::parse(bytes)?;
    let at = |name: &str| damaged(&format!("the key derivation's parameter {name}"));
    let kind = match parameters.bytes("$UUID").ok_or_else(|| at("$UUID"))? {
        b"\xc9\xd9\xf3\x9a\x62\x8a\x44\x60\xbf\x74\x0d\x08\xc1\x8a\x4f\xea"
        | b"\x7c\x02\xbb\x82\x79\xa7\x4a\xc0\x92\x7d\x11\x4a\x00\x64\x82\x38" => {
            let rounds = parameters.number("R").ok_or_else(|| at("R"))?;
            return aes(parameters.bytes("S").ok_or_else(|| at("S"))?, rounds);
        }
        b"\xef\x63\x6d\xdf\x8c\x29\x44\x4b\x91\xf7\xa9\xa4\x03\xe3\x0a\x0c" => Argon2Kind::D,
        b"\x9e\x29\x8b\x19\x56\xdb\x47\x73\xb2\x3d\xfc\x3e\xc6\xf0\xa1\xe6" => Argon2Kind::Id,
        _ => return Err(unsupported("the key derivation of this database")),
    };
    // No program writes them; with them another key would come out.
    if ["K", "A"].iter().any(|name| parameters.bytes(name).is_some_and(|value| !value.is_empty())) {
        return Err(unsupported("a database whose key derivation has a secret of its own"));
    }
    // What is beyond 32 bits is beyond every limit too.
    let number = |name: &str| parameters.number(name).ok_or_else(|| at(name));
    let capped = |value: u64| u32::try_from(value).unwrap_or(u32::MAX);
    let (memory_bytes, passes, lanes) = (number("M")?, number("I")?, number("P")?);
    let argon2 = Argon2::new(capped(memory_bytes / 1024), capped(passes), capped(lanes))?;
    let version = capped(number("V")?);
    if !matches!(version, 0x10 | 0x13) {
        return Err(unsupported("the version of this database's Argon2"));
    }
    Ok(Kdf::Argon2 { kind, version, salt: parameters.bytes("S").ok_or_else(|| at("S"))?.to_vec(), argon2 })
}

/// A list of named values of several types, as KDBX 4 has them in its header.
struct Parameters<'a>(Vec<(&'a [u8], u8, &'a [u8])>);

impl<'a> Parameters<'a> {
    fn parse(bytes: &'a [u8]) -> Result<Self, ImportError> {
        const AT: &str = "the key derivation's parameters";
        let mut rest = Cursor(bytes);
        let [_, major] = rest.array(AT)?;
        if major != 1 {
            return Err(unsupported("the version of this database's parameters"));
        }
        let mut values = Vec::new();
        for _ in 0..MOST_ITEMS {
            let [kind] = rest.array(AT)?;
            if kind == 0 {
                return Ok(Self(values));
            }
            let name_length = u32::from_le_bytes(rest.array(AT)?);
            let name = rest.take(name_length, AT)?;
            let length = u32::from_le_bytes(rest.array(AT)?);
            values.push((name, kind, rest.take(length, AT)?));
        }
        Err(damaged(AT))
    }

    fn get(&self, name: &str) -> Option<(u8, &'a [u8])> {
        let found = self.0.iter().find(|(other, ..)| *other == name.as_bytes());
        found.map(|(_, kind, value)| (*kind, *value))
    }

    fn bytes(&self, name: &str) -> Option<&'a [u8]> {
        self.get(name).filter(|(kind, _)| *kind == 0x42).map(|(_, value)| value)
    }

    /// Of 32 or 64 bits. A negative one is far beyond every limit here.
    fn number(&self, name: &str) -> Option<u64> {
        match self.get(name)? {
            (0x04 | 0x0c, value) => Some(u32::from_le_bytes(value.try_into().ok()?).into()),
            (0x05 | 0x0d, value) => Some(u64::from_le_bytes(value.try_into().ok()?)),
            _ => None,
        }
    }
}

/// Bytes that are still to be read.
pub(super) struct Cursor<'a>(pub(super) &'a [u8]);

impl<'a> Cursor<'a> {
    /// The next bytes.
    ///
    /// # Errors
    ///
    /// [`ImportError::Damaged`] at the place where it is cut off.
    pub(super) fn take(&mut self, length: u32, at: &str) -> Result<&'a [u8], ImportError> {
        let cut_off = || damaged(&format!("{at} is cut off"));
        let length = usize::try_from(length).map_err(|_| cut_off())?;
        let (taken, rest) = self.0.split_at_checked(length).ok_or_else(cut_off)?;
        self.0 = rest;
        Ok(taken)
    }

    /// As [`Cursor::take`], as an array.
    ///
    /// # Errors
    ///
    /// As [`Cursor::take`].
    pub(super) fn array<const N: usize>(&mut self, at: &str) -> Result<[u8; N], ImportError> {
        let (taken, rest) = self.0.split_first_chunk().ok_or_else(|| damaged(&format!("{at} is cut off")))?;
        self.0 = rest;
        Ok(*taken)
    }
}

fn unsupported(what: &str) -> ImportError {
    ImportError::Unsupported { what: what.to_owned() }
}
