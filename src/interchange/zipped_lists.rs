//! Lists of otpauth URIs as `WinAuth` and Authenticator Plus write them, mostly in archives.

use super::archive::{self, Sealed};
use super::otpauth_list;
use super::registry::{Format, Import, Source};
use super::{ImportError, Imported};
use crate::entry::Label;
use crate::secret::SecretBytes;

/// The format of Authenticator Plus.
pub const AUTHENTICATOR_PLUS: Format = Format {
    id: "authenticator-plus",
    name: "Authenticator Plus",
    help: "Authenticator Plus, Settings, Export as text: the zip archive, with its password",
    import: Some(Import {
        recognises: |look| archive::has(look.bytes, ACCOUNTS),
        open: |bytes| open(bytes, ACCOUNTS, otpauth_list::import),
    }),
    export: None,
};

/// The format of `WinAuth`. Its text without an archive is a list of URIs like others, and recognised as one.
pub const WINAUTH: Format = Format {
    id: "winauth",
    name: "WinAuth",
    help: "WinAuth, Export: the text file, or the zip archive with its password",
    import: Some(Import {
        recognises: |look| {
            look.bytes.starts_with(archive::MAGIC)
                && matches!(&archive::names(look.bytes)[..], [name] if name.ends_with(TEXT) && !name.ends_with(ACCOUNTS))
        },
        open: |bytes| {
            if bytes.starts_with(archive::MAGIC) {
                open(bytes, TEXT, win_auth)
            } else {
                win_auth(bytes).map(Source::Plain)
            }
        },
    }),
    export: None,
};

const ACCOUNTS: &str = "Accounts.txt";
const TEXT: &str = ".txt";

fn open(
    bytes: &[u8],
    end: &'static str,
    content: fn(&[u8]) -> Result<Imported, ImportError>,
) -> Result<Source, ImportError> {
    if archive::is_encrypted(bytes, end) {
        return Ok(Source::Sealed(Box::new(Sealed { bytes: bytes.to_vec(), end, content })));
    }
    content(archive::read(bytes, end, None)?.expose()).map(Source::Plain)
}

/// `WinAuth` writes a plus for a space in a label, and a plus as `%2B`; an account of Battle.net may have its serial
/// number for a name.
fn win_auth(bytes: &[u8]) -> Result<Imported, ImportError> {
    let mut imported = otpauth_list::import(spaced(bytes).expose())?;
    for draft in imported.drafts.iter_mut().map(|drafted| &mut drafted.draft) {
        let serial = draft.uri_parameters.iter().find(|(name, _)| name.eq_ignore_ascii_case("serial"));
        if let Some((_, serial)) = serial.filter(|_| draft.account.is_empty()) {
            draft.account = Label::new(serial.as_str());
        }
    }
    Ok(imported)
}

/// The text with the pluses of its labels as encoded spaces.
fn spaced(bytes: &[u8]) -> SecretBytes {
    // A plus becomes three bytes, and a buffer that holds seeds must not grow.
    let pluses = bytes.split(|byte| *byte == b'+').count();
    let mut text = SecretBytes::with_capacity(bytes.len() + 2 * pluses);
    for line in bytes.split_inclusive(|byte| *byte == b'\n') {
        let n_path = line.iter().position(|byte| *byte == b'?').unwrap_or_default();
        let (path, query) = line.split_at(n_path);
        for byte in path {
            match byte {
                b'+' => text.expose_mut().extend_from_slice(b"%20"),
                other => text.expose_mut().push(*other),
            }
        }
        text.expose_mut().extend_from_slice(query);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_plus_in_a_label_of_winauth_is_a_space_and_a_serial_number_names_what_has_no_name() {
        let text =
            b"# mine\r\notpauth://totp/Air+Canada:a+b%2Bc?secret=JBSWY3DPEHPK3PXP&issuer=Air+Canada\r\n\
            otpauth://totp/BattleNet:?secret=JBSWY3DPEHPK3PXP&digits=8&serial=EU123";
        let Ok(Source::Plain(imported)) = WINAUTH.import.map(|import| (import.open)(text)).unwrap() else {
            panic!("it is plain")
        };
        let named: Vec<(&str, &str)> =
            imported.drafts.iter().map(|one| (one.draft.issuer.raw(), one.draft.account.raw())).collect();
        assert_eq!(named, [("Air Canada", "a b+c"), ("BattleNet", "EU123")]);
    }
}
