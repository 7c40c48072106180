use image::{ImageFormat, Luma, RgbaImage};
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

/// A picture of some side, whose pixels lie where `on_code` says in the pixels of a code; outside it is grey.
#[expect(
    clippy::as_conversions,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "the numbers are pixels of the code, as was just compared"
)]
fn seen(code: &GrayImage, side: u32, on_code: impl Fn(f64, f64) -> (f64, f64)) -> GrayImage {
    let at = |x: f64, y: f64| {
        let inside = x >= 0.0 && y >= 0.0 && x < f64::from(code.width()) && y < f64::from(code.height());
        if inside { u32::from(code.get_pixel(x as u32, y as u32).0[0]) } else { 190 }
    };
    GrayImage::from_fn(side, side, |x, y| {
        let mut sum = 0;
        for (dx, dy) in [(0.25, 0.25), (0.75, 0.25), (0.25, 0.75), (0.75, 0.75)] {
            let (x, y) = on_code(f64::from(x) + dx, f64::from(y) + dy);
            sum += at(x, y);
        }
        Luma([u8::try_from(sum / 4).unwrap()])
    })
}

/// A code turned around its middle by an angle in degrees.
fn turned(code: &GrayImage, degrees: f64) -> GrayImage {
    let (sin, cos) = degrees.to_radians().sin_cos();
    let side = code.width() * 3 / 2;
    let (middle, from) = (f64::from(side) / 2.0, f64::from(code.width()) / 2.0);
    seen(code, side, |x, y| {
        let (x, y) = (x - middle, y - middle);
        (x * cos + y * sin + from, y * cos - x * sin + from)
    })
}

/// A picture full of things that are no code: lines of bars of made-up lengths, as text is.
fn page(width: u32, height: u32) -> GrayImage {
    GrayImage::from_fn(width, height, |x, y| {
        let ink = (x / 3).wrapping_mul(2_654_435_761).wrapping_add((y / 20).wrapping_mul(40_503)) >> 13;
        Luma([if y % 20 < 12 && ink % 3 == 0 { 20 } else { 240 }])
    })
}

fn put(page: &mut GrayImage, code: &GrayImage, x: i64, y: i64) {
    image::imageops::overlay(page, code, x, y);
}

#[test]
fn a_code_is_read_from_every_kind_of_picture_at_every_size() {
    use ImageFormat::{Bmp, Gif, Jpeg, Png, WebP};
    for pixels in [1, 2, 3, 8] {
        for format in [Png, Jpeg, WebP, Gif, Bmp] {
            // A module of one pixel does not survive what JPEG does to it.
            if (pixels, format) != (1, Jpeg) {
                let picture = DynamicImage::ImageLuma8(drawn(URI, pixels)).into_rgb8();
                assert_eq!(read(&file(picture, format)), [URI], "{pixels} {format:?}");
            }
        }
    }
}

#[test]
fn a_code_is_read_however_it_is_turned() {
    for degrees in [7.0, 30.0, 45.0, 90.0, 133.0, 180.0, 251.0, 340.0] {
        assert_eq!(read(&file(turned(&drawn(URI, 4), degrees), ImageFormat::Png)), [URI], "{degrees}");
    }
}

#[test]
fn a_code_that_was_photographed_at_an_angle_is_read() {
    for strength in [0.0002, 0.0005, 0.0008] {
        let code = drawn(URI, 6);
        let side = f64::from(code.width());
        // The upper edge and the left one lie farther away than the others.
        let picture = seen(&code, code.width() * 3 / 2, |x, y| {
            let depth = 1.0 - strength * (x + 0.6 * y);
            ((x - side * 0.1) / depth * 0.8, (y - side * 0.1) / depth * 0.8)
        });
        assert_eq!(read(&file(picture, ImageFormat::Jpeg)), [URI], "{strength}");
    }
}

#[test]
fn a_small_code_on_a_large_screen_is_read() {
    for (pixels, inverted) in [(1, false), (2, true), (3, false)] {
        let mut screen = page(1920, 1080);
        put(&mut screen, &drawn(URI, pixels), 1431, 607);
        if inverted {
            image::imageops::invert(&mut screen);
        }
        assert_eq!(read(&file(screen, ImageFormat::Png)), [URI], "{pixels} {inverted}");
    }
}

#[test]
fn a_light_code_on_a_dark_ground_is_read() {
    let mut picture = drawn(URI, 3);
    image::imageops::invert(&mut picture);
    assert_eq!(read(&file(picture, ImageFormat::Png)), [URI]);
}

#[test]
fn a_code_that_is_out_of_focus_is_read() {
    let picture = image::imageops::blur(&drawn(URI, 5), 3.0);
    assert_eq!(read(&file(picture, ImageFormat::Png)), [URI]);
}

#[test]
fn a_code_under_coarse_grain_is_read() {
    let mut picture = drawn(URI, 6);
    let mut state = 1_u32;
    for pixel in picture.pixels_mut() {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        // One pixel in sixteen is black or white, whatever it was.
        if state >> 28 == 0 {
            pixel.0[0] = if state >> 27 & 1 == 0 { 0 } else { 255 };
        }
    }
    assert_eq!(read(&file(picture, ImageFormat::Png)), [URI]);
}

#[test]
fn a_code_half_in_the_shadow_is_read() {
    let mut picture = drawn(URI, 6);
    let half = picture.width() / 2;
    for (x, _, pixel) in picture.enumerate_pixels_mut() {
        pixel.0[0] = if x < half { pixel.0[0] / 5 } else { pixel.0[0] / 2 + 120 };
    }
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
fn light_modules_on_nothing_are_read() {
    let code = drawn(URI, 4);
    let light = GrayAlphaImage::from_fn(code.width(), code.height(), |x, y| {
        LumaA([255, 255 - code.get_pixel(x, y).0[0]])
    });
    assert_eq!(read(&file(light, ImageFormat::Png)), [URI]);
}

#[test]
fn codes_come_in_the_order_in_which_a_page_is_read() {
    let texts: Vec<String> =
        (0..9).map(|at| format!("otpauth://totp/{at}?secret=JBSWY3DPEHPK3PXP")).collect();
    let mut screen = page(1000, 1000);
    for (at, text) in (0..).zip(&texts) {
        let mut code = drawn(text, 5);
        // Dark and light grounds on one page, none exactly in its line.
        if at % 2 == 1 {
            image::imageops::invert(&mut code);
        }
        put(&mut screen, &code, at % 3 * 320 + 11, at / 3 * 320 + (at * 7) % 13);
    }
    assert_eq!(read(&file(screen, ImageFormat::Png)), texts);
}

#[test]
fn codes_of_several_sizes_are_read_beside_one_that_cannot_be() {
    let (small, large) = (drawn(URI, 2), drawn("otpauth://totp/b?secret=JBSWY3DPEHPK3PXP", 9));
    let mut broken = drawn("otpauth://totp/c?secret=JBSWY3DPEHPK3PXP", 4);
    for y in 60..120 {
        (60..120).for_each(|x| broken.put_pixel(x, y, Luma([255])));
    }
    let mut screen = GrayImage::from_pixel(900, 500, Luma([255]));
    put(&mut screen, &small, 30, 100);
    put(&mut screen, &large, 250, 20);
    put(&mut screen, &broken, 680, 100);
    assert_eq!(read(&file(screen, ImageFormat::Png)), [URI, "otpauth://totp/b?secret=JBSWY3DPEHPK3PXP"]);
}

#[test]
fn a_text_without_a_word_on_its_encoding_is_utf_8() {
    for text in ["otpauth://totp/Zoë:日本語?secret=JBSWY3DPEHPK3PXP", "https://example.org/é"] {
        assert_eq!(read(&file(drawn(text, 4), ImageFormat::Png)), [text]);
    }
}

#[test]
fn a_picture_of_nothing_but_corners_is_given_up() {
    // Sixteen thousand of them; each set of three would be tried otherwise.
    let corner = |x: u32, y: u32| {
        let (x, y) = ((x % 9).abs_diff(4), (y % 9).abs_diff(4));
        x.max(y) != 2 && x.max(y) < 4
    };
    let picture = GrayImage::from_fn(1152, 1152, |x, y| Luma([if corner(x, y) { 0 } else { 255 }]));
    assert_eq!(texts(&file(picture, ImageFormat::Png)).unwrap_err(), QrError::NoCode);
}

#[test]
fn all_codes_of_a_picture_are_read_and_each_once() {
    let (one, two) = (drawn(URI, 4), drawn("otpauth://totp/b?secret=JBSWY3DPEHPK3PXP", 4));
    let mut page = GrayImage::from_pixel(one.width() * 3, one.height(), Luma([255]));
    image::imageops::overlay(&mut page, &one, 0, 0);
    image::imageops::overlay(&mut page, &two, one.width().into(), 0);
    image::imageops::overlay(&mut page, &one, (one.width() * 2).into(), 0);
    assert_eq!(read(&file(page, ImageFormat::Png)), [URI, "otpauth://totp/b?secret=JBSWY3DPEHPK3PXP"]);
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

/// The headers of pictures of 30 000 × 30 000, or as large as the format can be, with no pixels behind them.
fn headers() -> [Vec<u8>; 5] {
    let mut header = b"IHDR\x00\x00\x75\x30\x00\x00\x75\x30\x08\x06\x00\x00\x00".to_vec();
    header.extend_from_slice(&crc32(&header).to_be_bytes());
    let png =
        [b"\x89PNG\r\n\x1a\n\x00\x00\x00\x0d".as_slice(), &header, b"\x00\x00\x00\x00IDAT\x35\xaf\x06\x1e"];
    let gif = b"GIF89a\x30\x75\x30\x75\x00\x00\x00\x2c\x00\x00\x00\x00\x30\x75\x30\x75\x00";
    let mut bmp = b"BM\x36\x00\x00\x00\x00\x00\x00\x00\x36\x00\x00\x00\x28\x00\x00\x00".to_vec();
    bmp.extend_from_slice(b"\x30\x75\x00\x00\x30\x75\x00\x00\x01\x00\x18\x00");
    bmp.resize(54, 0);
    // WebP has 14 bits for a side: 16 383 is too large as well.
    let webp =
        b"RIFF\x18\x00\x00\x00WEBPVP8L\x0c\x00\x00\x00\x2f\xfe\xbf\xff\x0f\x00\x00\x00\x00\x00\x00\x00";
    let jpeg = b"\xff\xd8\xff\xc0\x00\x0b\x08\x75\x30\x75\x30\x01\x01\x11\x00\xff\xda\x00\x08\x01\x01\x00\x00\x3f\x00";
    [png.concat(), gif.to_vec(), bmp, webp.to_vec(), jpeg.to_vec()]
}

#[test]
fn a_picture_of_too_many_pixels_is_refused_by_its_header() {
    for header in headers() {
        assert_eq!(texts(&header).unwrap_err(), QrError::TooLarge, "{:?}", &header[..4]);
    }
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
        for format in [ImageFormat::Png, ImageFormat::Jpeg, ImageFormat::WebP, ImageFormat::Gif, ImageFormat::Bmp] {
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
        drop(looks::all_codes(&picture));
    }
}
