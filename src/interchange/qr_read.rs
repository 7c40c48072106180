//! The texts of the QR codes in a picture. Pictures are input from strangers: their size is bounded
//! before a pixel is decoded.

use std::io::Cursor;

use image::{GrayImage, ImageError, ImageReader, Limits, Luma, LumaA};

use crate::secret::SecretText;

/// Most pixels of a picture: a hundred million, four times a 6K screen.
const MOST_PIXELS: u64 = 100_000_000;
/// A picture of more pixels than this is not enlarged: its codes are large enough.
const MOST_ENLARGED_PIXELS: u64 = 16_000_000;
/// Most bytes that decoding may take.
const MOST_BYTES: u64 = 512 << 20;

/// Why no text came out of a picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum QrError {
    /// There is no QR code in it that could be read.
    #[error("no QR code was found in the picture")]
    NoCode,
    /// The bytes are no PNG, JPEG or WebP picture.
    #[error("the file is no PNG, JPEG or WebP picture that can be read")]
    NotAPicture,
    /// It has more pixels than any screen.
    #[error("the picture has more than {} million pixels", MOST_PIXELS / 1_000_000)]
    TooLarge,
}

/// The texts of all QR codes in a picture.
///
/// # Errors
///
/// [`QrError`] says whether it is no picture, too large, or without a code.
pub fn texts(picture: &[u8]) -> Result<Vec<SecretText>, QrError> {
    let luma = grey(picture)?;
    let mut texts = Vec::new();
    // As it is, then with its full range of grey, then larger, and each of them inverted: a faint
    // photograph, a tiny code on a large screen, and a dark theme are all read by one of these.
    for picture in [Prepared::Plain, Prepared::Stretched, Prepared::Enlarged] {
        let Some(prepared) = picture.of(&luma) else { continue };
        texts = find(&prepared, false);
        if texts.is_empty() {
            texts = find(&prepared, true);
        }
        if !texts.is_empty() {
            break;
        }
    }
    if texts.is_empty() { Err(QrError::NoCode) } else { Ok(texts) }
}

/// The picture in grey. Its size is read, and refused, before memory is taken for it.
fn grey(picture: &[u8]) -> Result<GrayImage, QrError> {
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
        return Ok(decoded.into_luma8());
    }
    // What is transparent lies on white, as every viewer shows it.
    let with_alpha = decoded.into_luma_alpha8();
    Ok(GrayImage::from_fn(width, height, |x, y| {
        let LumaA([grey, alpha]) = *with_alpha.get_pixel(x, y);
        let (grey, alpha) = (u32::from(grey), u32::from(alpha));
        Luma([u8::try_from((grey * alpha + 255 * (255 - alpha)) / 255).unwrap_or(u8::MAX)])
    }))
}

fn refused(error: &ImageError) -> QrError {
    if matches!(error, ImageError::Limits(_)) { QrError::TooLarge } else { QrError::NotAPicture }
}

/// What is done to a picture before codes are looked for.
enum Prepared {
    Enlarged,
    Plain,
    Stretched,
}

impl Prepared {
    fn of(&self, luma: &GrayImage) -> Option<GrayImage> {
        match self {
            Self::Plain => Some(luma.clone()),
            Self::Stretched => Some(stretched(luma.clone())),
            Self::Enlarged => {
                let (width, height) = (luma.width().checked_mul(2)?, luma.height().checked_mul(2)?);
                let small = u64::from(width) * u64::from(height) <= MOST_ENLARGED_PIXELS;
                small.then(|| {
                    image::imageops::resize(luma, width, height, image::imageops::FilterType::Nearest)
                })
            }
        }
    }
}

/// The texts of all codes, each once.
fn find(luma: &GrayImage, inverted: bool) -> Vec<SecretText> {
    let (Ok(width), Ok(height)) = (usize::try_from(luma.width()), usize::try_from(luma.height())) else {
        return Vec::new();
    };
    let pixels = luma.as_raw();
    let grey = |x: usize, y: usize| {
        let value = pixels.get(y * width + x).copied().unwrap_or(u8::MAX);
        if inverted { u8::MAX - value } else { value }
    };
    let mut prepared = rqrr::PreparedImage::prepare_from_greyscale(width, height, grey);
    let mut texts: Vec<SecretText> = Vec::new();
    for grid in prepared.detect_grids() {
        if let Ok((_, text)) = grid.decode() {
            let text = SecretText::new(text);
            if !texts.iter().any(|other| other.same_as(&text)) {
                texts.push(text);
            }
        }
    }
    texts
}

/// The full range of grey, for a faint photograph.
fn stretched(mut luma: GrayImage) -> GrayImage {
    let darkest = luma.iter().copied().min().unwrap_or(0);
    let brightest = luma.iter().copied().max().unwrap_or(u8::MAX);
    let range = u32::from(brightest.saturating_sub(darkest)).max(1);
    for value in luma.iter_mut() {
        let scaled = u32::from(value.saturating_sub(darkest)) * 255 / range;
        *value = u8::try_from(scaled).unwrap_or(u8::MAX);
    }
    luma
}

#[cfg(test)]
mod tests;
