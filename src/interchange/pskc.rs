//! PSKC (RFC 6030): an XML format of the makers of hardware tokens, for what goes between a maker and a server.

mod export;

use super::registry::{Export, Format};

/// The format.
pub const FORMAT: Format = Format {
    id: "pskc",
    name: "PSKC",
    help: "Portable Symmetric Key Container (RFC 6030), as token makers and servers exchange it",
    import: None,
    export: Some(Export {
        encrypts: true,
        keeps: &[],
        refuses: export::refuses,
        write: |entries, passphrase, random, _| export::export(entries, passphrase, random),
    }),
};
