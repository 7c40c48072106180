//! The texts of the QR codes in a picture. Pictures are input from strangers: their size is bounded
//! before a pixel is decoded, and the looking for codes by what it counts.
//!
//! The texts may hold seeds. What is given out is wiped by its type. On the way there the picture itself, its grey and
//! black-and-white copies, rxing's modules, codewords and bytes of a text lie in blocks that these types cannot reach;
//! each is freed before the text is given out, and the program's allocator wipes what is freed (`main.rs`).

mod codes;
mod looks;

use std::io::Cursor;

use image::{DynamicImage, GrayAlphaImage, GrayImage, ImageError, ImageReader, Limits, LumaA};

use crate::secret::SecretText;

/// Most pixels of a picture: a hundred million, four times a 6K screen.
const MOST_PIXELS: u64 = 100_000_000;
/// Most bytes that decoding may take.
const MOST_BYTES: u64 = 512 << 20;

/// Why no text came out of a picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum QrError {
    /// There is no QR code in it that could be read.
    #[error("no QR code was found in the picture")]
    NoCode,
    /// The bytes are no picture of a kind that is read.
    #[error("the file is no PNG, JPEG, WebP, GIF or BMP picture that can be read")]
    NotAPicture,
    /// It has more pixels than any screen.
    #[error("the picture has more than {} million pixels", MOST_PIXELS / 1_000_000)]
    TooLarge,
}

/// The texts of all QR codes in a picture, each once, line by line from the top and from the left.
///
/// # Errors
///
/// [`QrError`] says whether it is no picture, too large, or without a code.
pub fn texts(picture: &[u8]) -> Result<Vec<SecretText>, QrError> {
    let mut codes = Vec::new();
    match opened(picture)? {
        Opened::Opaque(grey) => codes = looks::all_codes(&grey),
        // What is transparent lies on white, as every viewer shows it. White modules lie on something dark.
        Opened::Transparent(with_alpha) => {
            for ground in [u8::MAX, 0] {
                if codes.is_empty() {
                    codes = looks::all_codes(&on_ground(&with_alpha, ground));
                }
            }
        }
    }
    let mut texts: Vec<SecretText> = Vec::with_capacity(codes.len());
    for code in codes {
        if !texts.iter().any(|other| other.same_as(&code.text)) {
            texts.push(code.text);
        }
    }
    if texts.is_empty() { Err(QrError::NoCode) } else { Ok(texts) }
}

/// A picture without its colours.
enum Opened {
    Opaque(GrayImage),
    Transparent(GrayAlphaImage),
}

/// The picture in grey. Its size is read, and refused, before memory is taken for it.
fn opened(picture: &[u8]) -> Result<Opened, QrError> {
    let reader =
        || ImageReader::new(Cursor::new(picture)).with_guessed_format().map_err(|_| QrError::NotAPicture);
    let (width, height) = reader()?.into_dimensions().map_err(|error| refused(&error))?;
    if u64::from(width) * u64::from(height) > MOST_PIXELS {
        return Err(QrError::TooLarge);
    }
    let mut reader = reader()?;
    let mut limits = Limits::default();
    limits.max_alloc = Some(MOST_BYTES);
    reader.limits(limits);
    let decoded = reader.decode().map_err(|error| refused(&error))?;
    if !decoded.has_alpha() {
        return Ok(Opened::Opaque(decoded.into_luma8()));
    }
    let with_alpha = decoded.into_luma_alpha8();
    if with_alpha.pixels().any(|LumaA([_, alpha])| *alpha != u8::MAX) {
        return Ok(Opened::Transparent(with_alpha));
    }
    Ok(Opened::Opaque(DynamicImage::ImageLumaA8(with_alpha).into_luma8()))
}

fn refused(error: &ImageError) -> QrError {
    if matches!(error, ImageError::Limits(_)) { QrError::TooLarge } else { QrError::NotAPicture }
}

/// The picture on a ground of one grey.
fn on_ground(with_alpha: &GrayAlphaImage, ground: u8) -> GrayImage {
    let mixed = |LumaA([grey, alpha]): &LumaA<u8>| {
        let (grey, alpha, ground) = (u32::from(*grey), u32::from(*alpha), u32::from(ground));
        u8::try_from((grey * alpha + ground * (255 - alpha)) / 255).unwrap_or(u8::MAX)
    };
    let pixels = with_alpha.pixels().map(mixed).collect();
    GrayImage::from_raw(with_alpha.width(), with_alpha.height(), pixels).unwrap_or_default()
}

#[cfg(test)]
mod tests;
