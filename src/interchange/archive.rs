//! Zip archives that programs export: which files are in one, and one of them, plain or encrypted (AES as `WinZip` has
//! it, or the old cipher of zip).

use std::fmt;
use std::io::{Cursor, Read as _};

use zip::ZipArchive;
use zip::result::ZipError;

use super::json::{LARGEST_FILE, damaged};
use super::registry::SealedFile;
use super::{ImportError, Imported};
use crate::secret::{SecretBytes, SecretText};

/// First bytes of an archive.
pub(super) const MAGIC: &[u8] = b"PK\x03\x04";
/// Archives of more files are not looked through.
const MOST_FILES: usize = 10_000;

/// The names of the files in an archive; none where it is no archive, or damaged.
pub(super) fn names(bytes: &[u8]) -> Vec<String> {
    let Ok(archive) = open(bytes) else { return Vec::new() };
    let names = archive.file_names().filter_map(Result::ok);
    names.map(std::borrow::Cow::into_owned).collect()
}

/// Tells whether it is an archive that holds a file whose name ends in this.
pub(super) fn has(bytes: &[u8], end: &str) -> bool {
    bytes.starts_with(MAGIC) && names(bytes).iter().any(|name| name.ends_with(end))
}

fn open(bytes: &[u8]) -> Result<ZipArchive<Cursor<&[u8]>>, ImportError> {
    if bytes.len() > LARGEST_FILE {
        return Err(ImportError::TooLarge);
    }
    let archive = ZipArchive::new(Cursor::new(bytes)).map_err(|_| damaged("the archive"))?;
    if archive.len() > MOST_FILES { Err(ImportError::TooLarge) } else { Ok(archive) }
}

/// Unpacks one file, however large the archive says that it is: more than a list of accounts has is not read.
///
/// # Errors
///
/// [`ImportError::WrongPassphrase`] where it is encrypted and the password is not the one, or none is given.
pub(super) fn read(
    bytes: &[u8],
    end: &str,
    password: Option<&SecretText>,
) -> Result<SecretBytes, ImportError> {
    let mut archive = open(bytes)?;
    let name =
        names(bytes).into_iter().find(|name| name.ends_with(end)).ok_or_else(|| damaged("the archive"))?;
    let told = |error: ZipError| {
        let is_of_password = matches!(
            error,
            ZipError::InvalidPassword | ZipError::UnsupportedArchive(ZipError::PASSWORD_REQUIRED)
        );
        if is_of_password { ImportError::WrongPassphrase } else { damaged("the archive") }
    };
    let file = match password {
        Some(password) => archive.by_name_decrypt(&name, password.expose().as_bytes()),
        None => archive.by_name(&name),
    };
    let mut content = SecretBytes::with_capacity(64 << 10);
    let most = u64::try_from(LARGEST_FILE).unwrap_or(u64::MAX);
    let n_read = file.map_err(told)?.take(most + 1).read_to_end(content.expose_mut());
    match n_read {
        Ok(_) if content.len() > LARGEST_FILE => Err(ImportError::TooLarge),
        Ok(_) => Ok(content),
        // The old cipher has no other sign of a wrong password than a sum that does not fit.
        Err(_) if password.is_some() => Err(ImportError::WrongPassphrase),
        Err(_) => Err(damaged("the archive")),
    }
}

/// Tells whether a file of an archive is encrypted.
pub(super) fn is_encrypted(bytes: &[u8], end: &str) -> bool {
    read(bytes, end, None).is_err_and(|error| error == ImportError::WrongPassphrase)
}

/// An archive with a password.
pub(super) struct Sealed {
    pub(super) bytes: Vec<u8>,
    /// How the name of the file in it ends.
    pub(super) end: &'static str,
    /// Reads what is in it.
    pub(super) content: fn(&[u8]) -> Result<Imported, ImportError>,
}

impl fmt::Debug for Sealed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Sealed").field("end", &self.end).finish_non_exhaustive()
    }
}

impl SealedFile for Sealed {
    fn cost(&self) -> String {
        "1 MiB".to_owned()
    }

    fn open(self: Box<Self>, passphrase: &SecretText) -> Result<Imported, ImportError> {
        (self.content)(read(&self.bytes, self.end, Some(passphrase))?.expose())
    }
}
