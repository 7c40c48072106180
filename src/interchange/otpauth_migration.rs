//! `otpauth-migration://` URIs: what Google Authenticator's "Transfer accounts" draws as QR codes.
//!
//! A code holds about ten accounts; more of them are spread over several codes, each of which says how many
//! there are and which one it is. Old versions of the app number an export as well, new ones do not. One URI is
//! read here; `otpauth_list` reads a file of them, in any order, and `batches` knows which ones are missing.

mod account;
mod batches;
mod protobuf;

use data_encoding::{BASE64, BASE64_NOPAD};
use percent_encoding::{NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};

pub use self::account::Account;
pub use self::batches::Batches;
use self::protobuf::{Fields, Malformed, Value};
use crate::secret::{SecretBytes, SecretText};

/// Longest URI that is read, in bytes. Real ones have about 900; a QR code cannot hold 5 000.
const LONGEST_URI: usize = 16 << 10;
const SCHEME: &str = "otpauth-migration://";

/// Why a text is no code of an export. No part of it is repeated.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum MigrationError {
    /// Its data are no base64 of such a message.
    #[error("the export is damaged or cut off")]
    Damaged,
    /// It has no `data`.
    #[error("the export holds nothing")]
    Empty,
    /// Another scheme.
    #[error("it does not start with {SCHEME}")]
    NotMigration,
    /// It is longer than any real one.
    #[error("the URI is longer than {LONGEST_URI} bytes")]
    TooLong,
}

/// What one code says: its accounts, and its place among the codes of the export.
#[derive(Debug)]
pub struct Part {
    /// The accounts in their order, each by itself good or not.
    pub accounts: Vec<Account>,
    /// Which part of which export it is.
    pub place: Place,
}

/// The place of a code among those of its export.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    version: i32,
    /// New versions of the app leave it out.
    id: Option<i32>,
    size: i32,
    index: i32,
}

impl Place {
    /// Its number from 1 and how many there are, where there are several.
    pub fn of_several(&self) -> Option<(u32, u32)> {
        let (size, index) = (u32::try_from(self.size).ok()?, u32::try_from(self.index).ok()?);
        (size > 1 && index < size).then_some((index + 1, size))
    }
}

/// Tells whether a text starts as such a URI does.
pub fn recognises(text: &str) -> bool {
    text.trim_start().get(..SCHEME.len()).is_some_and(|start| start.eq_ignore_ascii_case(SCHEME))
}

/// Reads one URI.
///
/// # Errors
///
/// [`MigrationError`] when nothing in it can be read; a bad account is told in its place.
pub fn parse(uri: &str) -> Result<Part, MigrationError> {
    let message = message(uri)?;
    let mut part = Part { accounts: Vec::new(), place: Place::default() };
    for field in Fields::of(message.expose()) {
        match field? {
            (1, Value::Bytes(account)) => part.accounts.push(Account::read(account)),
            (2, Value::Number(version)) => part.place.version = protobuf::int32(version),
            (3, Value::Number(size)) => part.place.size = protobuf::int32(size),
            (4, Value::Number(index)) => part.place.index = protobuf::int32(index),
            (5, Value::Number(id)) => part.place.id = Some(protobuf::int32(id)),
            _ => {}
        }
    }
    Ok(part)
}

/// Takes a URI apart into one for each of its accounts, so that one of them can be chosen. They are copied as they
/// stand, the bad ones too, with what this program does not know.
///
/// # Errors
///
/// As [`parse`].
pub fn split(uri: &str) -> Result<Vec<SecretText>, MigrationError> {
    let message = message(uri)?;
    let mut uris = Vec::new();
    for field in Fields::of(message.expose()) {
        if let (1, Value::Bytes(account)) = field? {
            uris.push(alone(account));
        }
    }
    Ok(uris)
}

/// A URI that holds one account.
fn alone(account: &[u8]) -> SecretText {
    let mut message = SecretBytes::with_capacity(account.len() + 12);
    protobuf::put_bytes(message.expose_mut(), 1, account);
    let data = SecretText::new(BASE64.encode(message.expose()));
    let mut uri = SecretText::with_capacity(SCHEME.len() + 16 + 3 * data.len());
    uri.expose_mut().push_str(SCHEME);
    uri.expose_mut().push_str("offline?data=");
    utf8_percent_encode(data.expose(), NON_ALPHANUMERIC).for_each(|part| uri.expose_mut().push_str(part));
    uri
}

/// The message that a URI carries.
fn message(uri: &str) -> Result<SecretBytes, MigrationError> {
    let uri = uri.trim();
    if !recognises(uri) {
        return Err(MigrationError::NotMigration);
    }
    if uri.len() > LONGEST_URI {
        return Err(MigrationError::TooLong);
    }
    let (_, query) = uri.split_once('?').ok_or(MigrationError::Empty)?;
    let mut parameters = query.split('&').filter_map(|parameter| parameter.split_once('='));
    let (_, data) =
        parameters.find(|(name, _)| name.eq_ignore_ascii_case("data")).ok_or(MigrationError::Empty)?;
    // A plus that somebody has decoded as if the query were a form has become a space; base64 has none. Not
    // everybody writes the padding, or percent-encodes.
    let mut symbols = SecretBytes::with_capacity(data.len());
    let trimmed = SecretBytes::new(percent_decode_str(data).collect());
    let trimmed = trimmed.expose().trim_ascii();
    symbols.expose_mut().extend(trimmed.iter().map(|byte| if *byte == b' ' { b'+' } else { *byte }));
    while symbols.expose().last() == Some(&b'=') {
        symbols.expose_mut().pop();
    }
    if symbols.is_empty() {
        return Err(MigrationError::Empty);
    }
    BASE64_NOPAD.decode(symbols.expose()).map(SecretBytes::new).map_err(|_| MigrationError::Damaged)
}

impl From<Malformed> for MigrationError {
    fn from(_: Malformed) -> Self {
        Self::Damaged
    }
}

#[cfg(test)]
mod tests;
