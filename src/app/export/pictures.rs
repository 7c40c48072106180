//! An export of QR codes as pictures: a PNG file for each code.

use std::path::{Path, PathBuf};

use crate::app::bundle::{not_written, refuse_existing_output, refuse_vault};
use crate::app::context::Context;
use crate::app::failure::{Failure, Kind, Unchanged, shown_path};
use crate::app::session::Session;
use crate::interchange::qr_draw;
use crate::interchange::registry::Format;
use crate::secret::{SecretBytes, SecretText};
use crate::storage::atomic::{self, Existing};

/// Whether a file's name asks for pictures.
pub(super) fn are_meant(format: Format, output: &Path) -> bool {
    let ends_so = output.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("png"));
    format.is_of_qr_codes() && ends_so
}

/// The texts of the codes of an export.
pub(super) fn texts(codes: &SecretBytes) -> impl Iterator<Item = &str> {
    std::str::from_utf8(codes.expose()).unwrap_or_default().lines()
}

/// Where the pictures of so many codes lie: `NAME-1-of-3.png`, or the name itself for one.
pub(super) fn paths(output: &Path, n_codes: usize) -> Vec<PathBuf> {
    if n_codes <= 1 {
        return vec![output.to_owned()];
    }
    let part = |part: Option<&std::ffi::OsStr>| part.unwrap_or_default().to_owned();
    let numbered = |number: usize| {
        let mut name = part(output.file_stem());
        name.push(format!("-{number}-of-{n_codes}."));
        name.push(part(output.extension()));
        output.with_file_name(name)
    };
    (1..=n_codes).map(numbered).collect()
}

/// Draws the codes, and looks whether all of them can be written where they are to lie.
pub(super) fn draw(
    ctx: &Context,
    session: &Session,
    codes: &SecretBytes,
    output: &Path,
    existing: Existing,
) -> Result<Vec<(PathBuf, SecretBytes)>, Failure> {
    let texts: Vec<SecretText> = texts(codes).map(|text| SecretText::new(text.to_owned())).collect();
    let paths = paths(output, texts.len());
    for path in &paths {
        refuse_vault(ctx, session, path)?;
        refuse_existing_output(ctx, path, existing == Existing::Replace)?;
    }
    let pictures = texts.iter().map(|text| {
        qr_draw::png(text).map_err(|error| {
            Failure::new(Kind::Refused, "the QR codes cannot be drawn")
                .because(error)
                .unchanged(Unchanged::OutputNotCreated(output.to_owned()))
        })
    });
    paths.into_iter().zip(pictures).map(|(path, picture)| Ok((path, picture?))).collect()
}

/// Writes the pictures. What was written before one that could not be stays, and is named.
pub(super) fn write(
    ctx: &Context,
    files: &[(PathBuf, SecretBytes)],
    existing: Existing,
) -> Result<(), Failure> {
    for (idx, (path, picture)) in files.iter().enumerate() {
        let token = ctx.token()?;
        let written = atomic::create(ctx.disk.as_ref(), path, picture.expose(), &token, existing);
        written.map_err(|error| {
            let there: Vec<String> = files.iter().take(idx).map(|(path, _)| shown_path(path)).collect();
            partly(not_written(path, "export", error), path, &there, files.len())
        })?;
    }
    Ok(())
}

/// Says which of the pictures are there.
fn partly(mut failure: Failure, path: &Path, there: &[String], n_files: usize) -> Failure {
    if there.is_empty() {
        return failure;
    }
    failure.what = format!("{} was not written, picture {} of {n_files}", shown_path(path), there.len() + 1);
    failure.details.extend(there.iter().map(|path| format!("written already: {path}")));
    let words = format!("{} of {n_files} pictures are there and hold seeds in clear", there.len());
    failure.unchanged = Some(Unchanged::Partly(words));
    failure.next = vec![
        "destroy those that are there, or make all of them anew with --force".to_owned(),
        "check the path, its permissions and the space on the medium first".to_owned(),
    ];
    failure
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_picture_of_several_has_its_number_in_its_name_and_one_alone_has_none() {
        let paths = |output: &str, n_codes| {
            let paths = paths(Path::new(output), n_codes).into_iter();
            paths.map(|path| path.to_string_lossy().into_owned()).collect::<Vec<_>>()
        };
        assert_eq!(paths("/media/usb/a.png", 1), ["/media/usb/a.png"]);
        assert_eq!(
            paths("/media/usb/a.b.PNG", 2),
            ["/media/usb/a.b-1-of-2.PNG", "/media/usb/a.b-2-of-2.PNG"]
        );
        assert_eq!(paths("codes.png", 3), ["codes-1-of-3.png", "codes-2-of-3.png", "codes-3-of-3.png"]);
    }
}
