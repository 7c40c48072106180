use image::{GrayImage, ImageFormat, Luma};
use std::io::Cursor;

use super::*;
use crate::interchange::qr_read;

const URI: &str = "otpauth://totp/Example:alice?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=Example&algorithm=SHA1&digits=6&period=30";

/// What a camera sees: characters of a terminal as pixels, two columns or half a row to a module.
fn seen(lines: &[SecretText], ascii: bool, light_ground: bool) -> Vec<u8> {
    let mut rows: Vec<Vec<bool>> = Vec::new();
    for line in lines {
        if ascii {
            rows.push(line.expose().chars().step_by(2).map(|c| c == '#').collect());
        } else {
            rows.push(line.expose().chars().map(|c| matches!(c, '█' | '▀')).collect());
            rows.push(line.expose().chars().map(|c| matches!(c, '█' | '▄')).collect());
        }
    }
    let (width, height) = (rows[0].len(), rows.len());
    let side = |n: usize| u32::try_from((n + 8) * 4).unwrap();
    let picture = GrayImage::from_fn(side(width), side(height), |x, y| {
        let at = |n: u32| usize::try_from(n / 4).unwrap().wrapping_sub(4);
        let drawn = rows.get(at(y)).and_then(|row| row.get(at(x))).copied().unwrap_or(false);
        Luma([if drawn == light_ground { 0 } else { 255 }])
    });
    let mut bytes = Cursor::new(Vec::new());
    picture.write_to(&mut bytes, ImageFormat::Png).unwrap();
    bytes.into_inner()
}

#[test]
fn what_is_drawn_is_read_again_in_every_style() {
    for ascii in [false, true] {
        for inverse in [false, true] {
            let lines = terminal(&SecretText::new(URI.to_owned()), Style { ascii, inverse }).unwrap();
            let found = qr_read::texts(&seen(&lines, ascii, inverse)).unwrap();
            assert_eq!(found.len(), 1);
            assert_eq!(found[0].expose(), URI, "ascii {ascii}, inverse {inverse}");
        }
    }
}

#[test]
fn an_ordinary_uri_fits_a_terminal_of_eighty_columns() {
    let lines = terminal(&SecretText::new(URI.to_owned()), Style::default()).unwrap();
    assert!(lines.iter().all(|line| line.expose().chars().count() <= 80));
    assert!(lines.len() <= 27, "{} lines", lines.len());
}

#[test]
fn nothing_is_drawn_on_the_ground_below_the_code() {
    for inverse in [false, true] {
        let lines = terminal(&SecretText::new(URI.to_owned()), Style { ascii: false, inverse }).unwrap();
        let last = lines.last().unwrap().expose();
        // The border is light: drawn on a dark ground, and left out on a light one.
        let border = if inverse { ' ' } else { '▀' };
        assert!(last.chars().all(|c| c == border), "{last}");
    }
}

#[test]
fn a_text_that_no_code_holds_is_refused() {
    let text = SecretText::new("x".repeat(2954));
    assert_eq!(terminal(&text, Style::default()).unwrap_err(), TooLong);
}
