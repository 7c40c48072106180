//! The files of every other program. Bytes: one that chooses the format, or none of them; then the file. Where
//! `LIFEBOAT_FUZZ_FORMAT` names a format, all bytes are a file of it: so each importer is a target of its own without
//! thirty programs that differ in one word.
//!
//! No key derivation runs here: of an encrypted file the outside is read, and what is inside is a plain file's.

use std::sync::LazyLock;

use lifeboat::entry::{Entry, EntryId};
use lifeboat::interchange::registry::{self, FORMATS, Format, Source};

use super::shared::{NOW, assert_message, make_codes};

static NAMED: LazyLock<Option<Format>> = LazyLock::new(|| {
    let id = std::env::var("LIFEBOAT_FUZZ_FORMAT").ok()?;
    Some(registry::by_id(&id).unwrap_or_else(|| panic!("no format {id}")))
});

pub fn run(data: &[u8]) {
    if let Some(format) = *NAMED {
        let _ = registry::detect(data);
        return read(format, data);
    }
    let Some((choice, file)) = data.split_first() else { return };
    let recognised = registry::detect(file);
    if let Err(error) = &recognised {
        assert_message(&error.to_string());
    }
    // Beyond the table: whatever is recognised.
    let format = match FORMATS.get(usize::from(*choice)) {
        Some(format) => *format,
        None => match recognised {
            Ok(format) => format,
            Err(_) => return,
        },
    };
    read(format, file);
}

fn read(format: Format, file: &[u8]) {
    let imported = match registry::open(format, file) {
        Ok(Source::Plain(imported)) => imported,
        Ok(Source::Sealed(sealed)) => return assert_message(&sealed.cost()),
        Err(error) => return assert_message(&error.to_string()),
    };
    for skipped in &imported.skipped {
        assert!(skipped.position > 0);
        assert_message(&skipped.title.shown());
        assert_message(&skipped.reason.to_string());
    }
    for notice in &imported.notices {
        assert_message(&notice.to_string());
    }
    for drafted in imported.drafts {
        assert!(drafted.position > 0);
        for warning in &drafted.warnings {
            assert_message(&warning.to_string());
        }
        assert_message(&drafted.draft.title());
        make_codes(&Entry::from_draft(drafted.draft, EntryId::from_bytes([1; 16]), NOW));
    }
}
