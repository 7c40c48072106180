use image::{GrayImage, ImageEncoder as _, Luma, codecs::png::PngEncoder};

use super::*;
use crate::interchange::{qr_draw, registry};

const URI: &str = "otpauth://totp/Bank:ana?secret=JBSWY3DPEHPK3PXP&issuer=Bank";
const OTHER: &str = "otpauth://hotp/Post:ben?secret=KRUGS43JONQXG3DP&counter=3";

/// A picture of a code, as such pages have it.
fn picture(text: &str) -> String {
    let modules = qr_draw::modules(&SecretText::new(text.to_owned())).unwrap();
    let side = u32::try_from((modules.len() + 8) * 4).unwrap();
    let drawn = GrayImage::from_fn(side, side, |x, y| {
        let module = |at: u32| usize::try_from(at / 4).unwrap().wrapping_sub(4);
        let dark = modules.get(module(y)).and_then(|row| row.get(module(x))).is_some_and(|dark| *dark);
        Luma([if dark { 0 } else { 255 }])
    });
    png(&drawn)
}

fn png(picture: &GrayImage) -> String {
    let mut bytes = Vec::new();
    let (width, height) = picture.dimensions();
    PngEncoder::new(&mut bytes)
        .write_image(picture.as_raw(), width, height, image::ExtendedColorType::L8)
        .unwrap();
    format!("<img src=\"data:image/png;base64,{}\">", BASE64.encode(&bytes))
}

fn page(body: &str) -> String {
    format!("<!DOCTYPE html>\n<html><body><table>{body}</table></body></html>")
}

#[test]
fn an_account_that_is_written_and_drawn_is_taken_once() {
    let page = page(&format!("<td><code>{URI}</code></td><td>{}</td>", picture(URI)));
    assert_eq!(registry::detect(page.as_bytes()).unwrap().id, "html");
    let imported = open(page.as_bytes()).unwrap();
    assert_eq!((imported.drafts.len(), imported.skipped.len()), (1, 0));
    assert_eq!(imported.drafts[0].draft.title(), "Bank:ana");
    assert!(imported.notices.is_empty(), "{:?}", imported.notices);
}

#[test]
fn an_account_that_is_drawn_in_other_words_than_written_is_taken_once() {
    let page = page(&format!("<code>{URI}&amp;digits=6</code>{}", picture(URI)));
    assert_eq!(open(page.as_bytes()).unwrap().drafts.len(), 1);
}

#[test]
fn accounts_that_are_only_drawn_are_taken_behind_the_written_ones() {
    let page = page(&format!("<CODE class='x'> {URI} </CODE><code>no URI</code>{}", picture(OTHER)));
    let imported = open(page.as_bytes()).unwrap();
    let titles: Vec<(usize, String)> =
        imported.drafts.iter().map(|one| (one.position, one.draft.title())).collect();
    assert_eq!(titles, [(1, "Bank:ana".to_owned()), (2, "Post:ben".to_owned())]);
    assert_eq!(imported.drafts[1].draft.otp.counter(), Some(3));
    assert_eq!(imported.notices, [Notice::PicturesOfAPage]);
}

#[test]
fn a_picture_without_a_code_in_a_page_of_pictures_is_told() {
    let blank = png(&GrayImage::from_pixel(40, 40, Luma([200])));
    let page = page(&format!("{}{blank}<img src='data:image/png;base64,AAAA'>", picture(OTHER)));
    let imported = open(page.as_bytes()).unwrap();
    assert_eq!(imported.notices, [Notice::PicturesOfAPage, Notice::PicturesWithoutCode(2)]);
}

#[test]
fn entities_are_resolved_and_a_bare_ampersand_is_not() {
    for (cell, text) in [
        ("a&b", "a&b"),
        ("a&amp;b&#38;c&#x26;d", "a&b&c&d"),
        ("&lt;&gt;&quot;&apos;&#39;", "<>\"''"),
        ("a&secret=b;c", "a&secret=b;c"),
        ("&#xD800;&;&", "&#xD800;&;&"),
    ] {
        assert_eq!(unescaped(cell).expose(), text, "{cell}");
    }
}

#[test]
fn pictures_of_more_pixels_than_any_page_has_are_refused_before_they_are_decoded() {
    let mut header = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR".to_vec();
    header.extend([0, 0, 0x40, 0, 0, 0, 0x40, 0]);
    let page = page(&format!("<img src=\"data:image/png;base64,{}\">", BASE64.encode(&header)));
    assert_eq!(open(page.as_bytes()).unwrap_err(), ImportError::TooLarge);
}

#[test]
fn a_page_that_holds_no_account_is_not_recognised_or_says_so() {
    let page = page("<p>hello</p>");
    assert!(registry::detect(page.as_bytes()).is_err());
    assert!(open(page.as_bytes()).unwrap_err().to_string().contains("no otpauth URI and no QR code"));
}
