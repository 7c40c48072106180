//! KeePass and KeePassXC: a database (KDBX 2 to 4), and the exports of it as XML and as CSV.
//!
//! **Names.** Another program's copy of title and user name stands inside an otpauth URI, and may be stale. What the URI
//! says is taken, since it is what the code was enrolled under, and where it says nothing the entry's own title and user
//! name. `KeePassXC` and `none`, which KeePassXC writes for an empty title and an empty user name, give way to what the
//! entry says by now. A title or a user name that is lost by that stands as a line of its own above the note.
//!
//! **Codes.** An entry may hold its seed by several conventions at once: `codes.rs` has their order. It may hold several
//! codes too; each becomes an entry here, under the same place in the file.
//!
//! **Key files.** The command line has no way to give one, and a database does not say whether it needs one, so that a
//! passphrase alone looks like a wrong one there. The failure says so, and how to do without.
//!
//! Entries in the recycle bin are counted and left there, old versions of an entry are passed over, and a group's path
//! (without the group around all others) becomes a tag.

pub(super) mod codes;
mod crypt;
mod export;
mod header;
mod kdbx;
mod key_file;
mod table;
mod xml;

use super::ImportError;
use super::outcome::Imported;
use super::registry::{Export, Format, Import, Look, Source, Trait};

/// The database itself.
pub const FORMAT: Format = Format {
    id: "keepass",
    name: "KeePass or KeePassXC",
    help: "KeePass or KeePassXC: the database (.kdbx), which a passphrase, a key file or both open",
    import: Some(Import {
        recognises: |look| {
            look.bytes.starts_with(header::MAGIC) && look.bytes.get(4..8) == Some(header::KDBX)
        },
        open: |bytes| kdbx::Sealed::parse(bytes).map(|sealed| Source::Sealed(Box::new(sealed))),
    }),
    export: None,
};

/// The table that KeePassXC exports.
pub const TABLE: Format = Format {
    id: "keepassxc-csv",
    name: "KeePassXC (CSV)",
    help: "KeePassXC, Database, Export, CSV (and Import, CSV): it leaves out the codes that KeePass 2 keeps in its own way",
    import: Some(Import {
        recognises: table::recognises,
        open: |bytes| table::import(bytes).map(Source::Plain),
    }),
    export: Some(Export {
        ending: "csv",
        encrypts: false,
        keeps: &[Trait::Tags, Trait::Notes],
        changes: &[],
        refuses: export::table_refuses,
        write: |entries, _, _, _| Ok(export::table(entries)),
    }),
};

/// The document that both programs export.
pub const DOCUMENT: Format = Format {
    id: "keepassxc-xml",
    name: "KeePassXC or KeePass 2 (XML)",
    help: "KeePassXC, Database, Export, XML; KeePass 2, File, Export, KeePass XML (2.x)",
    import: Some(Import { recognises, open: |bytes| open(bytes).map(Source::Plain) }),
    export: Some(Export {
        ending: "xml",
        encrypts: false,
        keeps: &[Trait::Tags, Trait::FurtherTags, Trait::Notes],
        changes: &[],
        refuses: export::document_refuses,
        write: |entries, _, random, _| Ok(export::document(entries, random)),
    }),
};

fn recognises(look: &Look<'_>) -> bool {
    const MARK: &[u8] = b"<KeePassFile";
    let start = look.text.get(..look.text.len().min(4096)).unwrap_or_default();
    start.starts_with(b"<") && start.windows(MARK.len()).any(|window| window == MARK)
}

fn open(bytes: &[u8]) -> Result<Imported, ImportError> {
    if bytes.len() > super::json::LARGEST_FILE {
        return Err(ImportError::TooLarge);
    }
    xml::read_plain(Look::new(bytes).text)
}

#[cfg(test)]
mod tests;
