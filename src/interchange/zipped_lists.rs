//! Archives with a list of otpauth URIs: those of `WinAuth` and of Authenticator Plus.

use super::ImportError;
use super::archive::{self, Sealed};
use super::otpauth_list;
use super::registry::{Format, Import, Source};

/// The format of Authenticator Plus.
pub const AUTHENTICATOR_PLUS: Format = Format {
    id: "authenticator-plus",
    name: "Authenticator Plus",
    help: "Authenticator Plus, Settings, Export as text: the zip archive, with its password",
    import: Some(Import {
        recognises: |look| archive::has(look.bytes, ACCOUNTS),
        open: |bytes| open(bytes, ACCOUNTS),
    }),
    export: None,
};

/// The format of `WinAuth`.
pub const WINAUTH: Format = Format {
    id: "winauth",
    name: "WinAuth",
    help: "WinAuth, Export: the text file, or the zip archive with its password",
    import: Some(Import {
        recognises: |look| {
            let names = archive::names(look.bytes);
            matches!(&names[..], [name] if name.ends_with(TEXT) && !name.ends_with(ACCOUNTS))
        },
        open: |bytes| open(bytes, TEXT),
    }),
    export: None,
};

const ACCOUNTS: &str = "Accounts.txt";
const TEXT: &str = ".txt";

fn open(bytes: &[u8], end: &'static str) -> Result<Source, ImportError> {
    if archive::is_encrypted(bytes, end) {
        let sealed = Sealed { bytes: bytes.to_vec(), end, content: otpauth_list::import };
        return Ok(Source::Sealed(Box::new(sealed)));
    }
    otpauth_list::import(archive::read(bytes, end, None)?.expose()).map(Source::Plain)
}
