//! The two forms of a pass: its container as it is, and as the text of one QR code in a picture.

use std::path::Path;

use data_encoding::BASE32_NOPAD;

use crate::app::context::Context;
use crate::app::failure::{Failure, Kind, Unchanged, reading, shown_path};
use crate::envelope::MAGIC;
use crate::interchange::{qr_draw, qr_read};
use crate::secret::{SecretBytes, SecretText};

/// What the text of a pass begins with. It and base32 are what a QR code has small signs for.
const PREFIX: &str = "LIFEBOAT-PASS:";
/// Most bytes of a file that is read: of a picture.
const LARGEST: u64 = 64 << 20;
/// Most characters of a text that is taken for a pass: more than one QR code holds.
const LONGEST_TEXT: usize = 8192;

/// Whether a file's name asks for a picture.
pub(super) fn is_picture(output: &Path) -> bool {
    output.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("png"))
}

/// A container as the picture of one QR code.
///
/// # Errors
///
/// Exit 8 when it has more bytes than one code holds.
pub(super) fn picture(container: &[u8], output: &Path) -> Result<SecretBytes, Failure> {
    let text = SecretText::new(format!("{PREFIX}{}", BASE32_NOPAD.encode(container)));
    qr_draw::png(&text).map_err(|_| {
        Failure::new(Kind::Refused, "the pass is too large for one QR code")
            .details([format!("it has {} bytes", container.len())])
            .unchanged(Unchanged::OutputNotCreated(output.to_owned()))
            .next("issue it for a shorter time: --for 30m")
            .next("or as a file: a name that does not end in .png")
    })
}

/// The container in a file: the file itself, the text of a QR code, or a picture of one.
///
/// # Errors
///
/// Exit 4 without such a file. What is something else comes out as it is: opening it says what it is.
pub(super) fn read(ctx: &Context, path: &Path) -> Result<Vec<u8>, Failure> {
    let bytes = ctx.disk.read(path, LARGEST).map_err(|error| {
        Failure::new(reading(&error), format!("cannot read the pass {}", shown_path(path)))
            .because(error)
            .unchanged(Unchanged::NothingTouched)
            .next("check the path, and that the medium it lies on is there")
    })?;
    if bytes.starts_with(&MAGIC) {
        return Ok(bytes);
    }
    if let Some(container) = std::str::from_utf8(&bytes).ok().and_then(of_text) {
        return Ok(container);
    }
    match qr_read::texts(&bytes) {
        Ok(texts) => {
            let containers: Vec<Vec<u8>> = texts.iter().filter_map(|text| of_text(text.expose())).collect();
            let n_containers = containers.len();
            let mut containers = containers.into_iter();
            match (containers.next(), n_containers) {
                (Some(container), 1) => Ok(container),
                _ => Err(not_one(path, n_containers)),
            }
        }
        Err(qr_read::QrError::NotAPicture) => Ok(bytes),
        Err(error) => Err(Failure::new(Kind::UnknownFormat, "no pass came out of the picture")
            .because(error)
            .unchanged(Unchanged::OnlyRead(path.to_owned()))
            .next("take the picture as it was made, or cut it to the QR code")),
    }
}

fn not_one(path: &Path, n_containers: usize) -> Failure {
    let what = if n_containers == 0 {
        "no QR code of the picture is a pass".to_owned()
    } else {
        format!("the picture has {n_containers} passes")
    };
    Failure::new(Kind::UnknownFormat, what)
        .unchanged(Unchanged::OnlyRead(path.to_owned()))
        .next("cut the picture to the one QR code of the pass")
}

fn of_text(text: &str) -> Option<Vec<u8>> {
    let text = text.trim();
    let encoded = text.strip_prefix(PREFIX).filter(|_| text.len() <= LONGEST_TEXT)?;
    BASE32_NOPAD.decode(encoded.as_bytes()).ok()
}
