//! Key files: read as what they are, made once, never overwritten.

use std::path::Path;

use super::context::Context;
use super::failure::{Failure, Kind, Unchanged, reading, shown_path};
use super::vault_file;
use crate::envelope::KeyFile;
use crate::storage::atomic::{self, Existing};

/// Two short lines; whatever is larger is no key file.
const LARGEST_KEY_FILE: u64 = 4096;

/// Reads a key file.
///
/// # Errors
///
/// Exit 4 when it is not there, exit 5 when it is something else.
pub fn read_key_file(ctx: &Context, path: &Path) -> Result<KeyFile, Failure> {
    let bytes = ctx.disk.read(path, LARGEST_KEY_FILE).map_err(|error| {
        Failure::new(reading(&error), format!("cannot read the key file {}", shown_path(path)))
            .because(error)
            .unchanged(Unchanged::NothingTouched)
            .next("check the path, and that the medium it lies on is there")
    })?;
    let bytes = crate::secret::SecretBytes::new(bytes);
    KeyFile::parse(bytes.expose()).map_err(|error| {
        Failure::new(Kind::UnknownFormat, format!("{} cannot be used as a key file", shown_path(path)))
            .because(error)
            .unchanged(Unchanged::OnlyRead(path.to_owned()))
            .next("`lifeboat init --new-key-file PATH` makes one; no other file is ever taken for a key")
    })
}

/// Makes a key file.
///
/// # Errors
///
/// Exit 8 when something is there already.
pub fn make_key_file(ctx: &Context, path: &Path) -> Result<KeyFile, Failure> {
    let key_file = KeyFile::from_bytes(ctx.random_bytes()?);
    let text = key_file.encode();
    atomic::create(ctx.disk.as_ref(), path, text.expose().as_bytes(), &ctx.token()?, Existing::Refuse)
        .map_err(|error| {
            if error.is_already_exists() {
                Failure::new(Kind::FileExists, format!("there is something at {} already", shown_path(path)))
                    .unchanged(Unchanged::NothingTouched)
                    .next("name a path that does not exist yet")
            } else {
                let mut failure = vault_file::not_saved(path, error);
                failure.what = format!("the key file {} was not made", shown_path(path));
                failure.unchanged = Some(Unchanged::OutputNotCreated(path.to_owned()));
                failure
            }
        })?;
    Ok(key_file)
}

/// Tells whether nothing lies at the path of a key file that is to be made.
pub fn is_absent(ctx: &Context, path: &Path) -> bool {
    matches!(ctx.disk.facts(path), Ok(None))
}

/// Corrects a failure that came after the key file was made: what it says of the other files stays true, and
/// the new one is told. It opens nothing yet, or no more than was said.
#[must_use]
pub fn told_as_made(mut failure: Failure, path: &Path) -> Failure {
    let others = match failure.unchanged.take() {
        None => String::new(),
        Some(Unchanged::NothingTouched) => "no other file was touched; ".to_owned(),
        Some(Unchanged::OutputNotCreated(output)) => format!("{} was not written; ", shown_path(&output)),
        Some(unchanged) => format!("{unchanged}; "),
    };
    failure.unchanged =
        Some(Unchanged::Partly(format!("{others}the key file {} was made", shown_path(path))));
    failure
}
