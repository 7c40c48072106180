//! Opening an encrypted backup of Stratum. The older way has no tag: a wrong password shows in the padding, or in that
//! what comes out is no JSON.

use super::accounts;
use crate::interchange::cipher::{Argon2, aes256_gcm, argon2id, cbc_aes256, pbkdf2_sha1};
use crate::interchange::json::{LARGEST_FILE, damaged};
use crate::interchange::registry::SealedFile;
use crate::interchange::{ImportError, Imported};
use crate::secret::{SecretBytes, SecretText};

/// Argon2id of the newer way: 64 MiB, 3 passes, 4 lanes. Nothing of it stands in the file.
pub(super) const COST: (u32, u32, u32) = (65_536, 3, 4);
/// Rounds of PBKDF2 of the older way.
const ROUNDS: u32 = 64_000;

/// Which way a file is encrypted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    Strong,
    Legacy,
}

impl Form {
    /// By the first sixteen bytes.
    pub(super) fn of(bytes: &[u8]) -> Option<Self> {
        match bytes.first_chunk::<16>()? {
            b"AUTHENTICATORPRO" => Some(Self::Strong),
            b"AuthenticatorPro" => Some(Self::Legacy),
            _ => None,
        }
    }
}

/// An encrypted backup.
#[derive(Debug)]
pub(super) struct Sealed {
    form: Form,
    rest: Vec<u8>,
}

impl Sealed {
    pub(super) fn parse(form: Form, bytes: &[u8]) -> Result<Self, ImportError> {
        if bytes.len() > LARGEST_FILE {
            return Err(ImportError::TooLarge);
        }
        let rest = bytes.get(16..).unwrap_or_default();
        let shortest = match form {
            Form::Strong => 16 + 12 + 16,
            Form::Legacy => 20 + 16 + 16,
        };
        if rest.len() < shortest {
            return Err(damaged("it is cut off"));
        }
        Ok(Self { form, rest: rest.to_vec() })
    }

    fn strong(&self, password: &[u8]) -> Result<Option<SecretBytes>, ImportError> {
        let Some((salt, rest)) = self.rest.split_first_chunk::<16>() else { return Ok(None) };
        let Some((nonce, sealed)) = rest.split_first_chunk::<12>() else { return Ok(None) };
        let (memory_kib, passes, lanes) = COST;
        let key = argon2id(password, salt, &Argon2::new(memory_kib, passes, lanes)?)?;
        let mut text = SecretBytes::from_slice(sealed);
        Ok(aes256_gcm(&key, nonce, &mut text).then_some(text))
    }

    fn legacy(&self, password: &[u8]) -> Option<SecretBytes> {
        let (salt, rest) = self.rest.split_first_chunk::<20>()?;
        let (nonce, sealed) = rest.split_first_chunk::<16>()?;
        cbc_aes256(&pbkdf2_sha1(password, salt, ROUNDS, 32), nonce, sealed)
    }
}

impl SealedFile for Sealed {
    fn cost(&self) -> String {
        if self.form == Form::Strong { "64 MiB" } else { "1 MiB" }.to_owned()
    }

    fn open(self: Box<Self>, passphrase: &SecretText) -> Result<Imported, ImportError> {
        let password = passphrase.expose().as_bytes();
        let text = match self.form {
            Form::Strong => self.strong(password)?,
            Form::Legacy => self.legacy(password).filter(|text| text.expose().starts_with(b"{")),
        };
        accounts(text.ok_or(ImportError::WrongPassphrase)?.expose())
    }
}
