//! Pages for printing that programs export: Stratum's, with the URIs as text, and those of Aegis and Ente, with nothing
//! but pictures of them.
//!
//! A page is looked through and not parsed: `<code>` cells that hold a URI, and QR codes in pictures that are part of
//! the page. Nothing is fetched, and no script is anything but text.

use std::collections::BTreeSet;

use data_encoding::BASE64;

use super::json::{LARGEST_FILE, damaged};
use super::outcome::{Imported, Notice};
use super::registry::{Format, Import, Look, Source};
use super::{ImportError, otpauth_list, qr_read};
use crate::secret::{SecretBytes, SecretText};

/// The format.
pub const FORMAT: Format = Format {
    id: "html",
    name: "HTML page",
    help: "Stratum, Aegis or Ente Auth, Export as HTML: the page with its QR codes",
    import: Some(Import { recognises, open: |bytes| open(bytes).map(Source::Plain) }),
    export: None,
};

/// What a picture in a page begins with; its bytes follow in base64.
const PICTURE: &[u8] = b"data:image/png;base64,";
/// What a URI in a cell may begin with.
const SCHEMES: [&str; 4] = ["otpauth://", "otpauth-migration://", "motp://", "steam://"];
/// Most pixels of all pictures together, as of one that is a file by itself.
const MOST_PIXELS: u64 = 100_000_000;

fn recognises(look: &Look<'_>) -> bool {
    let start = look.text.get(..look.text.len().min(1024)).unwrap_or_default();
    let is_page = start.starts_with(b"<")
        && (find(start, b"<html").is_some() || find(start, b"<!doctype html").is_some());
    is_page && (find(look.text, PICTURE).is_some() || find(look.text, b"<code").is_some())
}

/// Reads a page.
///
/// # Errors
///
/// [`ImportError`] when it is no text, too large, or holds no account.
pub fn open(bytes: &[u8]) -> Result<Imported, ImportError> {
    if bytes.len() > LARGEST_FILE {
        return Err(ImportError::TooLarge);
    }
    let text = std::str::from_utf8(bytes).map_err(|_| damaged("it is not text"))?;
    let cells = cells(text);
    let mut imported = otpauth_list::import(list(&cells).expose())?;
    let written: BTreeSet<&str> = cells.iter().map(SecretText::expose).collect();
    let (codes, n_without) = codes(bytes)?;
    let drawn: Vec<SecretText> = codes.into_iter().filter(|code| !written.contains(code.expose())).collect();
    let pictures = otpauth_list::import(list(&drawn).expose())?;
    // A page has most accounts twice, as text and as a picture of it.
    let is_new = |drafted: &super::Drafted| {
        imported.drafts.iter().all(|known| {
            let (new, known) = (&drafted.draft, &known.draft);
            new.otp != known.otp || !new.seed.bytes().same_as(known.seed.bytes())
        })
    };
    let new: Vec<_> = pictures.drafts.into_iter().filter(is_new).collect();
    let n_cells = cells.len();
    if !new.is_empty() {
        imported.notice(Notice::PicturesOfAPage);
    }
    imported.drafts.extend(new.into_iter().map(|mut drafted| {
        drafted.position += n_cells;
        drafted
    }));
    imported.skipped.extend(pictures.skipped.into_iter().map(|mut skipped| {
        skipped.position += n_cells;
        skipped
    }));
    pictures.notices.into_iter().for_each(|notice| imported.notice(notice));
    imported.n_trashed += pictures.n_trashed;
    if imported.drafts.is_empty() && imported.skipped.is_empty() && imported.n_trashed == 0 {
        return Err(damaged("no otpauth URI and no QR code is in the page"));
    }
    // Beside written URIs a picture may be anything.
    if n_without > 0 && n_cells == 0 {
        imported.notice(Notice::PicturesWithoutCode(n_without));
    }
    Ok(imported)
}

/// The URIs in `<code>` cells, in the page's order.
fn cells(page: &str) -> Vec<SecretText> {
    let mut cells = Vec::new();
    let mut rest = page;
    while let Some(at) = find(rest.as_bytes(), b"<code") {
        rest = rest.get(at..).unwrap_or_default();
        let Some((_, behind)) = rest.split_once('>') else { break };
        let end = find(behind.as_bytes(), b"</code").unwrap_or(behind.len());
        let (cell, behind) = behind.split_at(end);
        rest = behind;
        let uri = unescaped(cell.trim());
        let is_uri = |scheme: &str| {
            uri.expose().get(..scheme.len()).is_some_and(|start| start.eq_ignore_ascii_case(scheme))
        };
        if SCHEMES.iter().any(|scheme| is_uri(scheme)) {
            cells.push(uri);
        }
    }
    cells
}

/// A cell's text as one line. Stratum writes `&` as it is, others as HTML asks; no parameter of a URI is called as an
/// entity with a semicolon is.
fn unescaped(cell: &str) -> SecretText {
    let mut text = SecretText::with_capacity(cell.len());
    let mut rest = cell;
    while let Some(at) = rest.find('&') {
        let (before, entity) = rest.split_at(at);
        text.expose_mut().push_str(before);
        let name = entity.get(1..).unwrap_or_default().split_once(';').map_or("", |(name, _)| name);
        let letter = match name {
            "amp" => Some('&'),
            "lt" => Some('<'),
            "gt" => Some('>'),
            "quot" => Some('"'),
            "apos" => Some('\''),
            _ => name.strip_prefix('#').and_then(|number| match number.strip_prefix(['x', 'X']) {
                Some(digits) => u32::from_str_radix(digits, 16).ok().and_then(char::from_u32),
                None => number.parse().ok().and_then(char::from_u32),
            }),
        };
        let n_taken = letter.map_or(1, |_| name.len() + 2);
        text.expose_mut().push(letter.unwrap_or('&'));
        rest = entity.get(n_taken..).unwrap_or_default();
    }
    text.expose_mut().push_str(rest);
    text.expose_mut().retain(|letter| letter != '\n' && letter != '\r');
    text
}

/// The texts of the QR codes in a page's pictures, and how many pictures have none.
fn codes(page: &[u8]) -> Result<(Vec<SecretText>, usize), ImportError> {
    let (mut texts, mut n_without, mut n_pixels) = (Vec::new(), 0, 0_u64);
    let mut rest = page;
    while let Some(at) = find(rest, PICTURE) {
        rest = rest.get(at + PICTURE.len()..).unwrap_or_default();
        let is_symbol = |byte: &u8| byte.is_ascii_alphanumeric() || b"+/= \t\r\n".contains(byte);
        let end = rest.iter().position(|byte| !is_symbol(byte)).unwrap_or(rest.len());
        let (symbols, behind) = rest.split_at(end);
        rest = behind;
        let symbols: Vec<u8> = symbols.iter().copied().filter(|byte| !byte.is_ascii_whitespace()).collect();
        let picture = BASE64.decode(&symbols).map(SecretBytes::new);
        let pixels = picture.as_ref().ok().and_then(|picture| pixels(picture.expose()));
        let (Ok(picture), Some(pixels)) = (picture, pixels) else {
            n_without += 1;
            continue;
        };
        n_pixels = n_pixels.saturating_add(pixels);
        if n_pixels > MOST_PIXELS {
            return Err(ImportError::TooLarge);
        }
        match qr_read::texts(picture.expose()) {
            Ok(found) => texts.extend(found),
            Err(_) => n_without += 1,
        }
    }
    Ok((texts, n_without))
}

/// How many pixels a PNG picture says that it has.
fn pixels(picture: &[u8]) -> Option<u64> {
    let (width, rest) = picture.get(16..)?.split_first_chunk::<4>()?;
    let height = rest.first_chunk::<4>()?;
    Some(u64::from(u32::from_be_bytes(*width)) * u64::from(u32::from_be_bytes(*height)))
}

fn list(uris: &[SecretText]) -> SecretBytes {
    let mut list = SecretBytes::with_capacity(uris.iter().map(|uri| uri.len() + 1).sum());
    for uri in uris {
        let one_line = uri.expose().bytes().map(|byte| if byte == b'\n' { b' ' } else { byte });
        list.expose_mut().extend(one_line);
        list.expose_mut().push(b'\n');
    }
    list
}

/// Where a text stands in another, in either case.
fn find(bytes: &[u8], what: &[u8]) -> Option<usize> {
    let (first, n) = (what.first()?.to_ascii_lowercase(), what.len());
    let mut at = 0;
    loop {
        let rest = bytes.get(at..)?;
        at += rest.iter().position(|byte| byte.to_ascii_lowercase() == first)?;
        if bytes.get(at..at + n)?.eq_ignore_ascii_case(what) {
            return Some(at);
        }
        at += 1;
    }
}

#[cfg(test)]
mod tests;
