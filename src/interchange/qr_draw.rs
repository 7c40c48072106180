//! QR codes for a phone to scan: from a terminal, from a page, from a picture.

use image::ImageEncoder as _;
use image::codecs::png::PngEncoder;
use qrcode::{Color, EcLevel, QrCode};

use crate::secret::{SecretBytes, SecretText};

/// Light modules around the code. The standard asks for four; phones read two, and 80 columns are few.
const BORDER: usize = 2;
/// Light modules around a code on paper and in a picture, as the standard asks for.
const QUIET: usize = 4;
/// Pixels of a module in a picture.
const PIXELS: u32 = 8;
/// Bytes of a PNG file around its pixels.
const ROOM_OF_PNG: usize = 64 << 10;
/// Most modules of a code on a page for which a stronger correction is worth smaller ones.
const MOST_ON_PAGE: usize = 77;

/// How a code is drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Style {
    /// `##` and spaces instead of half blocks.
    pub ascii: bool,
    /// Dark and light exchanged, for a terminal with dark text on a light ground.
    pub inverse: bool,
}

/// Says that a text is longer than a QR code can hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the text is too long for a QR code")]
pub struct TooLong;

/// The modules of a text's QR code, row by row: true is dark. The light border around it is not among them.
///
/// # Errors
///
/// [`TooLong`] over 2 953 bytes.
pub fn modules(text: &SecretText) -> Result<Vec<Vec<bool>>, TooLong> {
    with_correction(text, EcLevel::L)
}

/// As [`modules`], for paper that gets old: a quarter of them may be lost.
///
/// # Errors
///
/// [`TooLong`] over 1 663 bytes.
pub fn printed(text: &SecretText) -> Result<Vec<Vec<bool>>, TooLong> {
    with_correction(text, EcLevel::Q)
}

/// As [`modules`], for a page whose codes have different lengths: with the strongest correction that leaves the modules
/// large enough for a telephone.
///
/// # Errors
///
/// [`TooLong`] over 2 953 bytes.
pub fn on_page(text: &SecretText) -> Result<Vec<Vec<bool>>, TooLong> {
    let strong = [EcLevel::Q, EcLevel::M].into_iter().filter_map(|level| with_correction(text, level).ok());
    let strong = strong.into_iter().find(|modules| modules.len() <= MOST_ON_PAGE);
    strong.map_or_else(|| modules(text), Ok)
}

/// A text's QR code as a PNG file in grey, with the light border that the standard asks for.
///
/// # Errors
///
/// [`TooLong`] over 2 953 bytes.
pub fn png(text: &SecretText) -> Result<SecretBytes, TooLong> {
    let modules = with_correction(text, EcLevel::M).or_else(|_| modules(text))?;
    let side = u32::try_from(modules.len() + 2 * QUIET).unwrap_or_default() * PIXELS;
    let is_dark = |x: u32, y: u32| {
        let module = |pixel: u32| usize::try_from(pixel / PIXELS).ok()?.checked_sub(QUIET);
        let row = module(y).and_then(|y| modules.get(y));
        row.zip(module(x)).and_then(|(row, x)| row.get(x)).copied().unwrap_or(false)
    };
    let picture =
        image::GrayImage::from_fn(side, side, |x, y| image::Luma([if is_dark(x, y) { 0 } else { 255 }]));
    // A pixel takes less than a byte in the file, and the file is not to move.
    let mut file = SecretBytes::with_capacity(picture.len() + ROOM_OF_PNG);
    let encoder = PngEncoder::new(file.expose_mut());
    let written = encoder.write_image(picture.as_raw(), side, side, image::ExtendedColorType::L8);
    zeroize::Zeroize::zeroize(&mut picture.into_raw());
    // Nothing but its size can be wrong with it.
    written.map(|()| file).map_err(|_| TooLong)
}

/// Draws modules as SVG with the light border that the standard asks for: a rectangle for each run of dark ones in a row.
pub fn svg(out: &mut String, modules: &[Vec<bool>], attributes: &str) {
    let side = modules.len() + 2 * QUIET;
    out.push_str(&format!(
        "<svg viewBox=\"0 0 {side} {side}\" shape-rendering=\"crispEdges\" {attributes}>\
         <rect width=\"{side}\" height=\"{side}\" fill=\"#fff\"/><path fill=\"#000\" d=\""
    ));
    for (row, y) in modules.iter().zip(QUIET..) {
        let mut x = QUIET;
        for run in row.chunk_by(|one, other| one == other) {
            if run.first() == Some(&true) {
                out.push_str(&format!("M{x} {y}h{}v1h-{}z", run.len(), run.len()));
            }
            x += run.len();
        }
    }
    out.push_str("\"/></svg>");
}

fn with_correction(text: &SecretText, level: EcLevel) -> Result<Vec<Vec<bool>>, TooLong> {
    let code = QrCode::with_error_correction_level(text.expose().as_bytes(), level).map_err(|_| TooLong)?;
    let width = code.width();
    Ok((0..width).map(|y| (0..width).map(|x| code[(x, y)] == Color::Dark).collect()).collect())
}

/// Draws a text as lines for a terminal whose ground is dark.
///
/// # Errors
///
/// [`TooLong`] over 2 953 bytes.
pub fn terminal(text: &SecretText, style: Style) -> Result<Vec<SecretText>, TooLong> {
    let modules = modules(text)?;
    let side = modules.len() + 2 * BORDER;
    // A light module is drawn, a dark one is left: on a dark ground that is the code's own colours.
    let drawn = |x: usize, y: usize| {
        let inside = |n: usize| n.checked_sub(BORDER);
        let row = inside(y).and_then(|y| modules.get(y));
        let is_dark = row.zip(inside(x)).and_then(|(row, x)| row.get(x)).copied().unwrap_or(false);
        is_dark == style.inverse
    };
    let step = if style.ascii { 1 } else { 2 };
    let mut lines = Vec::with_capacity(side / step + 1);
    for y in (0..side).step_by(step) {
        let mut line = SecretText::with_capacity(side * 4);
        for x in 0..side {
            let upper = drawn(x, y);
            if style.ascii {
                line.expose_mut().push_str(if upper { "##" } else { "  " });
                continue;
            }
            // Below an odd last row lies the terminal's own ground.
            let lower = y + 1 < side && drawn(x, y + 1);
            line.expose_mut().push(match (upper, lower) {
                (true, true) => '█',
                (true, false) => '▀',
                (false, true) => '▄',
                (false, false) => ' ',
            });
        }
        lines.push(line);
    }
    Ok(lines)
}

#[cfg(test)]
mod tests;
