//! Battle.net's authenticator: the preferences of its app, from a phone whose files can be read.

use data_encoding::HEXLOWER_PERMISSIVE;

use super::ImportError;
use super::account::{self, Codes, Judged, Number};
use super::outcome::{Imported, SkippedReason};
use super::prefs::{self, Prefs};
use super::registry::{Format, Import, Look, Source};
use crate::secret::SecretBytes;

/// The format.
pub const FORMAT: Format = Format {
    id: "battlenet",
    name: "Battle.net",
    help: "Battle.net has no export; the app's preferences from a phone whose files can be read",
    import: Some(Import { recognises, open: |bytes| open(bytes).map(Source::Plain) }),
    export: None,
};

const SECRET: &str = "com.blizzard.messenger.AUTHENTICATOR_DEVICE_SECRET";
const SERIAL: &str = "com.blizzard.messenger.AUTHENTICATOR_SERIAL";

/// What the app hides both under, byte by byte; it is the same in every copy of it.
const MASK: &[u8] =
    b"398e27fc50276a656065b0e525f4c06c04c61075286b8e7aeda59da9813b5dd6c80d2fb38068773fa59ba47c17ca6c6479015c1d5b8b8f6b9a";

fn recognises(look: &Look<'_>) -> bool {
    prefs::has(look.text, SECRET)
}

/// Reads the preferences.
///
/// # Errors
///
/// [`ImportError`] when they are damaged or too large.
pub fn open(bytes: &[u8]) -> Result<Imported, ImportError> {
    let prefs = Prefs::parse(Look::new(bytes).text)?;
    let shown = |name: &str| prefs.get(name).and_then(|text| unmask(text.expose()));
    let serial = shown(SERIAL).and_then(|serial| serial.into_text().ok());
    let serial = serial.map(|serial| serial.expose().to_owned()).unwrap_or_default();
    let mut imported = Imported::default();
    imported.take(1, account::title("Battle.net", &serial), judge(shown(SECRET), &serial));
    Ok(imported)
}

fn judge(secret: Option<SecretBytes>, serial: &str) -> Judged {
    let hex = secret.ok_or(SkippedReason::Field("the secret"))?;
    let bytes = HEXLOWER_PERMISSIVE.decode(hex.expose()).map_err(|_| SkippedReason::Field("the secret"))?;
    let seed = account::bytes(SecretBytes::new(bytes))?;
    account::draft("Battle.net", serial, seed, Codes { digits: Number::Is(8), ..Codes::USUAL })
}

/// Takes the mask away; `None` where it is no text in hexadecimal digits, or longer than the mask.
fn unmask(hex: &str) -> Option<SecretBytes> {
    let mask = HEXLOWER_PERMISSIVE.decode(MASK).ok()?;
    let mut bytes = SecretBytes::new(HEXLOWER_PERMISSIVE.decode(hex.trim().as_bytes()).ok()?);
    if bytes.len() > mask.len() {
        return None;
    }
    bytes.expose_mut().iter_mut().zip(mask).for_each(|(byte, mask)| *byte ^= mask);
    Some(bytes)
}
