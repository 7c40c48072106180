//! The texts of the QR codes in a picture. Pictures are input from strangers: their size is bounded
//! before a pixel is decoded.

use std::collections::HashSet;
use std::io::Cursor;

use image::{ImageReader, Limits};
use rxing::{DecodeHints, helpers};

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
    let reader =
        || ImageReader::new(Cursor::new(picture)).with_guessed_format().map_err(|_| QrError::NotAPicture);
    let (width, height) = reader()?.into_dimensions().map_err(|_| QrError::NotAPicture)?;
    if u64::from(width) * u64::from(height) > MOST_PIXELS {
        return Err(QrError::TooLarge);
    }
    let mut reader = reader()?;
    let mut limits = Limits::default();
    limits.max_alloc = Some(MOST_BYTES);
    reader.limits(limits);
    let mut rgba = reader.decode().map_err(|_| QrError::NotAPicture)?.into_rgba8();
    // What is transparent lies on white, as every viewer shows it.
    for pixel in rgba.pixels_mut() {
        let [red, green, blue, alpha] = pixel.0;
        let over_white = |channel: u8| {
            let (channel, alpha) = (u32::from(channel), u32::from(alpha));
            u8::try_from((channel * alpha + 255 * (255 - alpha)) / 255).unwrap_or(u8::MAX)
        };
        pixel.0 = [over_white(red), over_white(green), over_white(blue), u8::MAX];
    }
    let luma = image::DynamicImage::ImageRgba8(rgba).into_luma8().into_raw();
    let mut found = find(luma.clone(), width, height);
    if found.is_empty() {
        found = find(stretched(luma), width, height);
    }
    let mut seen = HashSet::new();
    let texts: Vec<SecretText> =
        found.into_iter().filter(|text| seen.insert(text.clone())).map(SecretText::new).collect();
    for copy in seen {
        drop(SecretText::new(copy));
    }
    if texts.is_empty() { Err(QrError::NoCode) } else { Ok(texts) }
}

fn find(luma: Vec<u8>, width: u32, height: u32) -> Vec<String> {
    let mut hints = DecodeHints { TryHarder: Some(true), AlsoInverted: Some(true), ..DecodeHints::default() };
    helpers::detect_multiple_in_luma_with_hints(luma, width, height, &mut hints)
        .map(|results| {
            results
                .iter()
                .filter(|result| *result.getBarcodeFormat() == rxing::BarcodeFormat::QR_CODE)
                .map(|result| result.getText().to_owned())
                .collect()
        })
        .unwrap_or_default()
}

/// The full range of grey, for a faint photograph.
fn stretched(mut luma: Vec<u8>) -> Vec<u8> {
    let darkest = luma.iter().copied().min().unwrap_or(0);
    let brightest = luma.iter().copied().max().unwrap_or(u8::MAX);
    let range = u32::from(brightest.saturating_sub(darkest)).max(1);
    for value in &mut luma {
        let scaled = u32::from(value.saturating_sub(darkest)) * 255 / range;
        *value = u8::try_from(scaled).unwrap_or(u8::MAX);
    }
    luma
}
