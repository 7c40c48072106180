//! Opening a KDBX database, versions 2 to 4: key, blocks, cipher, compression, and the XML inside.
//!
//! Written here and not taken from a library, so that costs and sizes are bounded before they are paid: DECISIONS.md
//! has the reasons.

use std::io::Read as _;

use data_encoding::BASE64;

use super::crypt::{Inner, aes_kdf, sha512_of};
use super::header::{Body, Cursor, Header, Kdf};
use super::{key_file, xml};
use crate::interchange::cipher::{Argon2, argon2_of, hmac_sha256_fits, sha256, sha256_of};
use crate::interchange::json::{LARGEST_FILE, damaged};
use crate::interchange::registry::SealedFile;
use crate::interchange::{ImportError, Imported};
use crate::secret::{SecretBytes, SecretText, same_bytes};

/// Most fields of the header inside; attachments are among them.
const MOST_FIELDS: usize = 100_000;
/// Under this number the header is authenticated, as if it were a block.
const HEADER: u64 = u64::MAX;

/// A database whose outside was read.
#[derive(Debug)]
pub(super) struct Sealed {
    header: Header,
    bytes: Vec<u8>,
    /// The 32 bytes of the key file, where one was given.
    key_file: Option<SecretBytes>,
}

impl Sealed {
    /// Reads the outside of a database, and whether its blocks are all there.
    ///
    /// # Errors
    ///
    /// As [`Header::parse`]; [`ImportError::TooLarge`] for more than 64 MiB.
    pub(super) fn parse(bytes: &[u8]) -> Result<Self, ImportError> {
        if bytes.len() > LARGEST_FILE {
            return Err(ImportError::TooLarge);
        }
        let header = Header::parse(bytes)?;
        let sealed = Self { header, bytes: bytes.to_vec(), key_file: None };
        let length = match &sealed.header.body {
            Body::Three { .. } => sealed.body().len(),
            Body::Four { .. } => {
                let mut length = 0;
                each_block(sealed.body(), |_, block| {
                    length += block.data.len();
                    Ok(())
                })?;
                length
            }
        };
        if sealed.header.cipher.takes(length) { Ok(sealed) } else { Err(damaged("the body is cut off")) }
    }

    fn body(&self) -> &[u8] {
        self.bytes.get(self.header.body_at..).unwrap_or_default()
    }

    /// What the passphrase and the key file become by the key derivation.
    fn derived(&self, passphrase: Option<&SecretText>) -> Result<SecretBytes, ImportError> {
        let password = passphrase.map(|passphrase| sha256(passphrase.expose().as_bytes()));
        let parts: Vec<&[u8]> = password.iter().chain(&self.key_file).map(SecretBytes::expose).collect();
        let composite = sha256_of(&parts);
        match &self.header.kdf {
            Kdf::Aes { seed, rounds } => aes_kdf(&composite, seed, *rounds),
            Kdf::Argon2 { kind, version, salt, argon2 } => {
                argon2_of(*kind, *version, composite.expose(), salt, argon2)
            }
        }
    }

    fn open_with(&self, passphrase: Option<&SecretText>) -> Result<Imported, ImportError> {
        let derived = self.derived(passphrase)?;
        match &self.header.body {
            Body::Three { start, stream, stream_key } => {
                self.open_three(&derived, start, Inner::new(*stream, stream_key)?)
            }
            Body::Four { mac } => self.open_four(&derived, mac),
        }
    }

    /// The body as the cipher leaves it, without its padding.
    fn decrypted(
        &self,
        derived: &SecretBytes,
        mut text: SecretBytes,
        is_right: impl FnOnce(&SecretBytes) -> bool,
    ) -> Result<SecretBytes, ImportError> {
        let Header { cipher, nonce, seed, .. } = &self.header;
        let key = sha256_of(&[seed, derived.expose()]);
        cipher.decrypt(&key, nonce, &mut text).ok_or_else(|| damaged("the body is cut off"))?;
        if !is_right(&text) {
            return Err(ImportError::WrongPassphraseOrKeyFile);
        }
        cipher.unpad(&mut text).ok_or_else(|| damaged("the end of the body"))?;
        Ok(text)
    }

    fn inflated(&self, text: SecretBytes) -> Result<SecretBytes, ImportError> {
        if !self.header.is_compressed {
            return Ok(text);
        }
        let mut inflated = SecretBytes::with_capacity(text.len().saturating_mul(4).min(LARGEST_FILE));
        let most = u64::try_from(LARGEST_FILE).unwrap_or(u64::MAX);
        let reader = flate2::read::GzDecoder::new(text.expose());
        reader
            .take(most + 1)
            .read_to_end(inflated.expose_mut())
            .map_err(|_| damaged("the compressed body"))?;
        if inflated.len() > LARGEST_FILE { Err(ImportError::TooLarge) } else { Ok(inflated) }
    }

    fn open_three(
        &self,
        derived: &SecretBytes,
        start: &[u8],
        mut stream: Inner,
    ) -> Result<Imported, ImportError> {
        let is_right = |text: &SecretBytes| {
            !start.is_empty()
                && text.expose().get(..start.len()).is_some_and(|found| same_bytes(found, start))
        };
        let text = self.decrypted(derived, SecretBytes::from_slice(self.body()), is_right)?;
        let mut rest = Cursor(text.expose().get(start.len()..).unwrap_or_default());
        let mut whole = SecretBytes::with_capacity(text.len());
        loop {
            let _number: [u8; 4] = rest.array("the body")?;
            let hash: [u8; 32] = rest.array("the body")?;
            let length = u32::from_le_bytes(rest.array("the body")?);
            let data = rest.take(length, "the body")?;
            if length == 0 {
                break;
            }
            if sha256(data).expose() != hash {
                return Err(damaged("a block of the body does not fit its hash"));
            }
            whole.expose_mut().extend_from_slice(data);
        }
        let document = self.inflated(whole)?;
        let header = self.bytes.get(..self.header.length).unwrap_or_default();
        // Versions 2 and 3.0 have no such hash, and nothing else binds the header to the body.
        xml::read(document.expose(), &mut stream, &|hash| {
            BASE64.decode(hash.trim().as_bytes()).is_ok_and(|hash| hash == sha256(header).expose())
        })
    }

    fn open_four(&self, derived: &SecretBytes, mac: &[u8; 32]) -> Result<Imported, ImportError> {
        let key = sha512_of(&[&self.header.seed, derived.expose(), &[1]]);
        let key_of = |number: u64| sha512_of(&[&number.to_le_bytes(), key.expose()]);
        let header = self.bytes.get(..self.header.length).unwrap_or_default();
        // The header fits its plain hash, so that it is not damaged.
        if !hmac_sha256_fits(&key_of(HEADER), &[header], mac) {
            return Err(ImportError::WrongPassphraseOrKeyFile);
        }
        let mut whole = SecretBytes::with_capacity(self.body().len());
        each_block(self.body(), |number, block| {
            let length = u32::try_from(block.data.len()).unwrap_or(u32::MAX).to_le_bytes();
            let parts = [&number.to_le_bytes()[..], &length, block.data];
            if !hmac_sha256_fits(&key_of(number), &parts, block.mac) {
                return Err(damaged("a block of the body does not fit its authenticator"));
            }
            whole.expose_mut().extend_from_slice(block.data);
            Ok(())
        })?;
        let text = self.inflated(self.decrypted(derived, whole, |_| true)?)?;
        let mut rest = Cursor(text.expose());
        let (mut stream, mut stream_key) = (0, &[][..]);
        for _ in 0..MOST_FIELDS {
            let [kind] = rest.array("the header inside")?;
            let length = u32::from_le_bytes(rest.array("the header inside")?);
            let value = rest.take(length, "the header inside")?;
            match kind {
                0 => {
                    let mut stream = Inner::new(stream, stream_key)?;
                    return xml::read(rest.0, &mut stream, &|_| true);
                }
                1 => stream = value.first_chunk().copied().map_or(u32::MAX, u32::from_le_bytes),
                2 => stream_key = value,
                // Attachments.
                _ => {}
            }
        }
        Err(damaged("the header inside"))
    }
}

impl SealedFile for Sealed {
    fn cost(&self) -> String {
        match &self.header.kdf {
            Kdf::Aes { .. } => "1 MiB".to_owned(),
            Kdf::Argon2 { argon2, .. } => Argon2::cost(argon2),
        }
    }

    fn may_have_key_file(&self) -> bool {
        true
    }

    fn take_key_file(&mut self, bytes: &SecretBytes) -> Result<(), ImportError> {
        self.key_file = Some(key_file::key(bytes)?);
        Ok(())
    }

    fn open(self: Box<Self>, passphrase: &SecretText) -> Result<Imported, ImportError> {
        if self.key_file.is_some() && passphrase.is_empty() {
            // A key file alone has no passphrase in its key, not even an empty one; some databases have that besides.
            let alone = self.open_with(None);
            if !matches!(alone, Err(ImportError::WrongPassphraseOrKeyFile)) {
                return alone;
            }
        }
        self.open_with(Some(passphrase))
    }
}

/// A block of KDBX 4.
struct Block<'a> {
    mac: &'a [u8],
    data: &'a [u8],
}

/// Hands over each block with its number; the empty one at the end too, so that a body which was cut there is found.
fn each_block(
    body: &[u8],
    mut take: impl FnMut(u64, Block<'_>) -> Result<(), ImportError>,
) -> Result<(), ImportError> {
    let mut rest = Cursor(body);
    let mut number = 0;
    loop {
        let mac = rest.take(32, "the body")?;
        let length = u32::from_le_bytes(rest.array("the body")?);
        let data = rest.take(length, "the body")?;
        take(number, Block { mac, data })?;
        if length == 0 {
            return Ok(());
        }
        number += 1;
    }
}
