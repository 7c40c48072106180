//! QR codes for a phone to scan from a terminal.

use qrcode::{Color, EcLevel, QrCode};

use crate::secret::SecretText;

/// Light modules around the code. The standard asks for four; phones read two, and 80 columns are few.
const BORDER: usize = 2;

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
