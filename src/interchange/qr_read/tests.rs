use image::{DynamicImage, GrayAlphaImage, ImageFormat, RgbaImage};
use proptest::prelude::*;

use super::*;

const URI: &str =
    "otpauth://totp/Example:alice?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=Example&period=30";

/// A code drawn with some pixels a module and a light border of four modules.
fn drawn(text: &str, pixels: u32) -> GrayImage {
    let code = qrcode::QrCode::new(text).unwrap();
    let width = u32::try_from(code.width()).unwrap();
    let side = (width + 8) * pixels;
    GrayImage::from_fn(side, side, |x, y| {
        let (x, y) = ((x / pixels).wrapping_sub(4), (y / pixels).wrapping_sub(4));
        let inside = x < width && y < width;
        let at = (usize::try_from(x).unwrap(), usize::try_from(y).unwrap());
        Luma([if inside && code[at] == qrcode::Color::Dark { 0 } else { 255 }])
    })
}

fn file(picture: impl Into<DynamicImage>, format: ImageFormat) -> Vec<u8> {
    let mut bytes = Cursor::new(Vec::new());
    picture.into().write_to(&mut bytes, format).unwrap();
    bytes.into_inner()
}

fn read(bytes: &[u8]) -> Vec<String> {
    texts(bytes).unwrap().iter().map(|text| text.expose().to_owned()).collect()
}

#[test]
fn a_code_is_read_from_every_kind_of_picture_at_every_size() {
    for pixels in [1, 2, 3, 8] {
        for format in [ImageFormat::Png, ImageFormat::Jpeg, ImageFormat::WebP] {
            // A module of one pixel does not survive what JPEG does to it.
            if (pixels, format) != (1, ImageFormat::Jpeg) {
                let picture = DynamicImage::ImageLuma8(drawn(URI, pixels)).into_rgb8();
                assert_eq!(read(&file(picture, format)), [URI], "{pixels} {format:?}");
            }
        }
    }
}

#[test]
fn a_light_code_on_a_dark_ground_is_read() {
    let mut picture = drawn(URI, 3);
    image::imageops::invert(&mut picture);
    assert_eq!(read(&file(picture, ImageFormat::Png)), [URI]);
}

#[test]
fn a_faint_code_is_read() {
    let mut picture = drawn(URI, 4);
    picture.pixels_mut().for_each(|pixel| pixel.0[0] = 120 + pixel.0[0] / 20);
    assert_eq!(read(&file(picture, ImageFormat::Png)), [URI]);
}

#[test]
fn what_is_transparent_counts_as_white() {
    let code = drawn(URI, 4);
    let grey = GrayAlphaImage::from_fn(code.width(), code.height(), |x, y| {
        LumaA([0, 255 - code.get_pixel(x, y).0[0]])
    });
    assert_eq!(read(&file(grey.clone(), ImageFormat::Png)), [URI]);
    let colour: RgbaImage = DynamicImage::ImageLumaA8(grey).into_rgba8();
    assert_eq!(read(&file(colour, ImageFormat::Png)), [URI]);
}

#[test]
fn all_codes_of_a_picture_are_read_and_each_once() {
    let (one, two) = (drawn(URI, 4), drawn("otpauth://totp/b?secret=JBSWY3DPEHPK3PXP", 4));
    let mut page = GrayImage::from_pixel(one.width() * 3, one.height(), Luma([255]));
    image::imageops::overlay(&mut page, &one, 0, 0);
    image::imageops::overlay(&mut page, &two, one.width().into(), 0);
    image::imageops::overlay(&mut page, &one, (one.width() * 2).into(), 0);
    let mut found = read(&file(page, ImageFormat::Png));
    found.sort();
    assert_eq!(found, [URI, "otpauth://totp/b?secret=JBSWY3DPEHPK3PXP"]);
}

#[test]
fn what_is_no_picture_and_what_holds_no_code_are_told_apart() {
    assert_eq!(texts(b"otpauth://totp/a").unwrap_err(), QrError::NotAPicture);
    assert_eq!(texts(b"").unwrap_err(), QrError::NotAPicture);
    let blank = GrayImage::from_pixel(64, 64, Luma([255]));
    assert_eq!(texts(&file(blank, ImageFormat::Png)).unwrap_err(), QrError::NoCode);
    let whole = file(drawn(URI, 2), ImageFormat::Png);
    assert_eq!(texts(&whole[..whole.len() / 2]).unwrap_err(), QrError::NotAPicture);
}

#[test]
fn a_picture_of_too_many_pixels_is_refused_by_its_header() {
    // A PNG header that says 30 000 × 30 000, with its checksum, and no pixels behind it.
    let mut header = b"IHDR\x00\x00\x75\x30\x00\x00\x75\x30\x08\x06\x00\x00\x00".to_vec();
    header.extend_from_slice(&crc32(&header).to_be_bytes());
    let mut png = b"\x89PNG\r\n\x1a\n\x00\x00\x00\x0d".to_vec();
    png.extend_from_slice(&header);
    png.extend_from_slice(b"\x00\x00\x00\x00IDAT\x35\xaf\x06\x1e");
    assert_eq!(texts(&png).unwrap_err(), QrError::TooLarge);
}

fn crc32(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(u32::MAX, |crc, byte| {
        (0..8).fold(crc ^ u32::from(*byte), |crc, _| (crc >> 1) ^ (0xedb8_8320 & 0_u32.wrapping_sub(crc & 1)))
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_damaged_picture_never_panics(changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..40)) {
        for format in [ImageFormat::Png, ImageFormat::Jpeg, ImageFormat::WebP] {
            let picture = DynamicImage::ImageLuma8(drawn("otpauth://totp/a?secret=JBSWY3DP", 2)).into_rgb8();
            let mut bytes = file(picture, format);
            for (at, value) in &changes {
                let at = at.index(bytes.len());
                bytes[at] = *value;
            }
            drop(texts(&bytes));
        }
    }

    #[test]
    fn a_code_with_changed_pixels_never_panics(changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..400)) {
        let mut picture = drawn(URI, 1);
        for (at, value) in &changes {
            let at = at.index(picture.len());
            let bytes: &mut [u8] = picture.as_mut();
            bytes[at] = *value;
        }
        find(&picture, false);
        find(&picture, true);
    }
}
