//! QR codes: read from a picture that lies on this machine, and made of an entry's seed.

use std::path::Path;

use super::context::Context;
use super::failure::{Failure, Kind, Unchanged, shown_path};
use super::session::Session;
use super::{add, show};
use crate::entry::EntryId;
use crate::interchange::{otpauth, qr_draw, qr_read, registry};
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
    texts_of(path, &picture)
}

fn texts_of(path: &Path, picture: &SecretBytes) -> Result<Vec<SecretText>, Failure> {
    qr_read::texts(picture.expose()).map_err(|error| {
        Failure::new(Kind::UnknownFormat, "no account came out of the picture")
            .because(error)
            .unchanged(Unchanged::OnlyRead(path.to_owned()))
            .next("cut the picture to the QR code, or give the secret below the code as text")
    })
}

/// The accounts that the QR codes of a picture hold, each as a text of its own: an export's code has several.
///
/// # Errors
///
/// As [`texts`], and when an export is damaged.
pub fn accounts(ctx: &Context, path: &Path) -> Result<Vec<SecretText>, Failure> {
    let mut accounts = Vec::new();
    for text in texts(ctx, path)? {
        accounts.append(&mut add::accounts(&text)?);
    }
    if accounts.is_empty() { Err(add::not_one(0)) } else { Ok(accounts) }
}

/// The QR codes of a picture that hold accounts as a list, one a line, and what is to be said of the others.
///
/// # Errors
///
/// As [`texts`], and when none holds an account.
pub(super) fn list(path: &Path, picture: &SecretBytes) -> Result<(SecretBytes, Option<String>), Failure> {
    let texts = texts_of(path, picture)?;
    let (accounts, others): (Vec<_>, Vec<_>) =
        (1_usize..).zip(&texts).partition(|(_, text)| registry::detect(text.expose().as_bytes()).is_ok());
    if accounts.is_empty() {
        return Err(Failure::new(Kind::UnknownFormat, "no account came out of the picture")
            .because(format!("what its QR codes hold is no account; {} could be read", texts.len()))
            .unchanged(Unchanged::OnlyRead(path.to_owned()))
            .next("take a picture of the code that the service or the app shows for setting up"));
    }
    let mut list = SecretBytes::with_capacity(accounts.iter().map(|(_, text)| text.len() + 1).sum());
    for (_, text) in &accounts {
        // Whatever a code holds, it stays one line.
        let one_line = text.expose().bytes().map(|byte| if byte == b'\n' { b' ' } else { byte });
        list.expose_mut().extend(one_line);
        list.expose_mut().push(b'\n');
    }
    // By their numbers alone: what a code of something else holds may be as secret.
    let numbers: Vec<String> = others.iter().map(|(number, _)| number.to_string()).collect();
    let told = (!numbers.is_empty()).then(|| {
        let numbers = numbers.join(", ");
        format!(
            "of the picture's {} QR codes, read as a page is, these hold no account: {numbers}",
            texts.len()
        )
    });
    Ok((list, told))
}

/// The seed of an entry as the dark modules of a QR code, row by row, without the light border around it.
///
/// What the URI says by default is left out where the code is larger than `most_modules` otherwise: every phone
/// reads it so too. The log is written before it is given out.
///
/// # Errors
///
/// When the entry is gone, or its names are too long for any QR code; exit 3 of a sealed one.
pub fn of_seed(
    ctx: &Context,
    session: &mut Session,
    id: EntryId,
    most_modules: usize,
) -> Result<Vec<Vec<bool>>, Failure> {
    let full = show::reveal(ctx, session, id)?;
    let short = session.vault.entry(id).and_then(otpauth::write_shortest).ok_or(VaultError::Gone(id))?;
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
