//! Writing Ente Auth's export: its plain text, or that text encrypted.

use data_encoding::BASE64;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde::Serialize;

use super::display::PARAMETER;
use crate::entry::{Entry, Label};
use crate::interchange::cipher::{key_for_writing, seal_secret_stream};
use crate::interchange::written::{each_refused, json, taken_for_steam};
use crate::interchange::{ExportError, otpauth};
use crate::secret::{SecretBytes, SecretText};

/// Argon2id as libsodium's "moderate" has it: 256 MiB and 3 passes. Ente's own files ask for one gibibyte; its app reads
/// what a file says.
const COST: (u32, u32, u32) = (256 << 10, 3, 1);

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Display<'a> {
    pinned: bool,
    trashed: bool,
    last_used_at: u64,
    tap_count: u64,
    tags: Vec<&'a str>,
    note: &'a str,
    position: usize,
    icon_src: &'static str,
    #[serde(rename = "iconID")]
    icon_id: &'static str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct File {
    version: u8,
    kdf_params: Kdf,
    encrypted_data: String,
    encryption_nonce: String,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Kdf {
    mem_limit: u64,
    ops_limit: u32,
    salt: String,
}

/// What readers of its lines do not take, or take for something else.
pub(super) fn refuses(entries: &[&Entry]) -> Vec<Option<&'static str>> {
    each_refused(entries, |entry| {
        let is_too_long = || line(0, entry).is_some_and(|line| line.len() > otpauth::LONGEST_URI);
        taken_for_steam(entry)
            .or_else(|| is_too_long().then_some("with its note and tags it is longer than one line can be"))
    })
}

/// Writes entries, encrypted where a passphrase is given.
///
/// # Errors
///
/// [`ExportError::Cipher`] when the derivation or the cipher fails.
pub(super) fn export(
    entries: &[&Entry],
    passphrase: Option<&SecretText>,
    random: &mut dyn FnMut(&mut [u8]),
) -> Result<SecretBytes, ExportError> {
    let lines: Vec<SecretText> =
        entries.iter().enumerate().filter_map(|(idx, entry)| line(idx, entry)).collect();
    let mut text = SecretBytes::with_capacity(lines.iter().map(|line| line.len() + 1).sum());
    for line in &lines {
        text.expose_mut().extend_from_slice(line.expose().as_bytes());
        text.expose_mut().push(b'\n');
    }
    let Some(passphrase) = passphrase else { return Ok(text) };
    let (mut salt, mut header) = ([0; 16], [0; 24]);
    random(&mut salt);
    random(&mut header);
    let key = key_for_writing(passphrase.expose().as_bytes(), &salt, COST)?;
    let message = seal_secret_stream(&key, &header, text)?;
    json(&File {
        version: 1,
        kdf_params: Kdf {
            mem_limit: u64::from(COST.0) * 1024,
            ops_limit: COST.1,
            salt: BASE64.encode(&salt),
        },
        encrypted_data: BASE64.encode(&message),
        encryption_nonce: BASE64.encode(&header),
    })
}

/// A URI, with what is said beside the code in a parameter of it. Its commas are encoded, as Ente wants them.
fn line(position: usize, entry: &Entry) -> Option<SecretText> {
    // A URI that came from Ente by another way has the parameter already, and readers take the first.
    let is_displayed = entry.uri_parameters.iter().any(|(name, _)| name == PARAMETER);
    let uri = if is_displayed {
        let mut bare = entry.duplicate();
        bare.uri_parameters.retain(|(name, _)| name != PARAMETER);
        otpauth::write_entry(&bare)?
    } else {
        otpauth::write_entry(entry)?
    };
    let said = Display {
        pinned: entry.favourite,
        trashed: false,
        last_used_at: 0,
        tap_count: 0,
        tags: entry.tags.iter().map(Label::raw).collect(),
        note: &entry.note,
        position,
        icon_src: "",
        icon_id: "",
    };
    let said = serde_json::to_string(&said).ok()?;
    let said = utf8_percent_encode(&said, NON_ALPHANUMERIC).to_string();
    let mut line = SecretText::with_capacity(uri.len() + said.len() + PARAMETER.len() + 2);
    for part in [uri.expose(), "&", PARAMETER, "=", &said] {
        line.expose_mut().push_str(part);
    }
    Some(line)
}
