//! PSKC (RFC 6030): an XML format of the makers of hardware tokens, for what goes between a maker and a server.

mod export;

use super::registry::{Change, Export, Format};

/// The format.
pub const FORMAT: Format = Format {
    id: "pskc",
    name: "PSKC",
    help: "Portable Symmetric Key Container (RFC 6030), as token makers and servers exchange it",
    import: None,
    export: Some(Export {
        ending: "xml",
        encrypts: true,
        keeps: &[],
        changes: &[Change::NamesInClear],
        refuses: export::refuses,
        write: |entries, passphrase, random, _| export::export(entries, passphrase, random),
    }),
};
