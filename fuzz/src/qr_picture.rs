//! A picture that may hold a QR code.
//!
//! Bytes: one that chooses, then either a picture's file, or what a code is drawn from: a size, some pixels
//! that are changed, and the text.

use std::io::Cursor;

use arbitrary::{Result, Unstructured};
use image::{GrayImage, ImageFormat, ImageReader, Luma};
use lifeboat::interchange::otpauth_list;
use lifeboat::interchange::qr_read::{QrError, texts};

use super::shared::assert_message;

/// Most pixels that the target lets be decoded. The program's own bound is a hundred million.
const MOST_PIXELS: u64 = 1 << 16;

pub fn run(data: &[u8]) {
    let Some((first, rest)) = data.split_first() else { return };
    if first & 1 == 0 {
        file(rest);
    } else {
        // Too few bytes are no failure.
        let _enough = drawn(&mut Unstructured::new(rest));
    }
}

fn file(bytes: &[u8]) {
    let reader = ImageReader::new(Cursor::new(bytes)).with_guessed_format().expect("memory can be read");
    let size = reader.into_dimensions();
    if size.is_ok_and(|(width, height)| u64::from(width) * u64::from(height) > MOST_PIXELS) {
        return;
    }
    match texts(bytes) {
        Ok(texts) => {
            assert!(!texts.is_empty());
            for (idx, text) in texts.iter().enumerate() {
                assert!(!texts[..idx].iter().any(|other| other.same_as(text)), "a text stands there once");
                let _imported = otpauth_list::import(text.expose().as_bytes());
            }
        }
        Err(error) => assert_message(&error.to_string()),
    }
}

fn drawn(input: &mut Unstructured<'_>) -> Result<()> {
    let pixels = input.int_in_range(1..=4_u32)?;
    let n_changed = usize::from(input.arbitrary::<u8>()? >> 4);
    let mut changed = Vec::new();
    for _ in 0..n_changed {
        changed.push(input.arbitrary::<(u16, u16, u8)>()?);
    }
    let Ok(text) = std::str::from_utf8(input.bytes(input.len())?) else { return Ok(()) };
    // Up to version 10 or so; a larger one costs time and shows nothing new.
    if text.is_empty() || text.len() > 200 {
        return Ok(());
    }
    let mut picture = picture(text, pixels);
    for (x, y, value) in &changed {
        let (x, y) = (u32::from(*x) % picture.width(), u32::from(*y) % picture.height());
        picture.put_pixel(x, y, Luma([*value]));
    }
    let mut bytes = Cursor::new(Vec::new());
    picture.write_to(&mut bytes, ImageFormat::Png).expect("a picture is written");
    match texts(bytes.get_ref()) {
        Ok(texts) if changed.is_empty() => {
            assert!(texts.iter().any(|found| found.expose() == text), "{text:?} was read as another text");
        }
        Ok(_) | Err(QrError::NoCode) => {}
        Err(other) => panic!("{other}"),
    }
    Ok(())
}

/// A code drawn with some pixels a module and a light border of four modules.
fn picture(text: &str, pixels: u32) -> GrayImage {
    let code = qrcode::QrCode::new(text).expect("the text is short");
    let width = u32::try_from(code.width()).unwrap();
    let side = (width + 8) * pixels;
    GrayImage::from_fn(side, side, |x, y| {
        let (x, y) = ((x / pixels).wrapping_sub(4), (y / pixels).wrapping_sub(4));
        let at = (usize::try_from(x).unwrap(), usize::try_from(y).unwrap());
        let dark = x < width && y < width && code[at] == qrcode::Color::Dark;
        Luma([if dark { 0 } else { 255 }])
    })
}
