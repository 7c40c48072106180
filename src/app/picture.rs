//! QR codes: read from a picture that lies on this machine, and made of an entry's seed.

use std::path::Path;

use super::context::Context;
use super::failure::{Failure, Kind, Unchanged, shown_path};
use super::session::Session;
use super::show;
use crate::entry::EntryId;
use crate::interchange::{otpauth, qr_draw, qr_read};
use crate::secret::{SecretBytes, SecretText};
use crate::vault::VaultError;

/// Most bytes of a picture file.
const LARGEST_PICTURE: u64 = 64 << 20;

/// The texts of all QR codes in a picture.
///
/// # Errors
///
/// When the file cannot be read, is no picture, or holds no code.
pub fn texts(ctx: &Context, path: &Path) -> Result<Vec<SecretText>, Failure> {
    let picture = ctx.disk.read(path, LARGEST_PICTURE).map(SecretBytes::new).map_err(|error| {
        let kind = if error.kind() == std::io::ErrorKind::NotFound { Kind::NoFile } else { Kind::Io };
        Failure::new(kind, format!("cannot read {}", shown_path(path)))
            .because(error)
            .unchanged(Unchanged::NothingTouched)
    })?;
    qr_read::texts(picture.expose()).map_err(|error| {
        Failure::new(Kind::UnknownFormat, "no account came out of the picture")
            .because(error)
            .unchanged(Unchanged::OnlyRead(path.to_owned()))
            .next("cut the picture to the QR code, or give the secret below the code as text")
    })
}

/// The seed of an entry as the dark modules of a QR code, row by row, without the light border around it.
///
/// What the URI says by default is left out where the code is larger than `most_modules` otherwise: every phone
/// reads it so too. The log is written before it is given out.
///
/// # Errors
///
/// When the entry is gone, or its names are too long for any QR code.
pub fn of_seed(
    ctx: &Context,
    session: &mut Session,
    id: EntryId,
    most_modules: usize,
) -> Result<Vec<Vec<bool>>, Failure> {
    let full = show::reveal(ctx, session, id)?;
    let short = otpauth::write_shortest(session.vault.entry(id).ok_or(VaultError::Gone(id))?);
    let full = qr_draw::modules(&full);
    let modules = match full {
        Ok(modules) if modules.len() <= most_modules => Ok(modules),
        _ => qr_draw::modules(&short),
    };
    modules.map_err(|error| {
        Failure::new(Kind::Refused, "the seed cannot be drawn as a QR code")
            .because(error)
            .unchanged(Unchanged::NothingTouched)
            .next("shorten the names of the entry, or take the URI as text: lifeboat show NAME --reveal")
    })
}
