//! Reads the QR codes of pictures, for `qr_pictures.py`, with the program's own reading and with rxing's.
//!
//! Names of pictures come line by line; what was read of each goes out as a line of JSON.

use std::error::Error;
use std::io::{BufRead as _, Write as _, stdin, stdout};
use std::path::Path;
use std::time::Instant;

use lifeboat::interchange::qr_read;
use rxing::helpers::detect_multiple_in_luma_with_hints;
use rxing::{DecodeHintValue, DecodeHints};

/// A way of reading: the bytes of a picture's file in, the texts out.
type Read = fn(&[u8]) -> Vec<String>;

const METHODS: [(&str, Read); 2] = [("lifeboat", ours), ("rxing alone", rxings)];

fn main() -> Result<(), Box<dyn Error>> {
    let place = std::env::args().nth(1).ok_or("where are the pictures?")?;
    let mut out = stdout().lock();
    for line in stdin().lock().lines() {
        let file = line?;
        let picture = std::fs::read(Path::new(&place).join(&file))?;
        for (method, read) in METHODS {
            let start = Instant::now();
            let texts = read(&picture);
            let ms = start.elapsed().as_secs_f64() * 1000.0;
            let answer = serde_json::json!({ "method": method, "file": file, "texts": texts, "ms": ms });
            writeln!(out, "{answer}")?;
        }
    }
    Ok(())
}

fn ours(picture: &[u8]) -> Vec<String> {
    qr_read::texts(picture).unwrap_or_default().iter().map(|text| text.expose().to_owned()).collect()
}

/// As rxing's documentation reads several codes, trying harder and inverted too.
fn rxings(picture: &[u8]) -> Vec<String> {
    let Ok(picture) = image::load_from_memory(picture) else { return Vec::new() };
    let (width, height) = (picture.width(), picture.height());
    let mut hints = DecodeHints::default()
        .with(DecodeHintValue::TryHarder(true))
        .with(DecodeHintValue::AlsoInverted(true));
    let found =
        detect_multiple_in_luma_with_hints(picture.into_luma8().into_raw(), width, height, &mut hints);
    found.unwrap_or_default().iter().map(|code| code.getText().to_owned()).collect()
}
