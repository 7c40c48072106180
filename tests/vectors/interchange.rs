//! `vectors/interchange`: files of other programs' formats, all holding the canonical accounts.

use std::fs;
use std::path::Path;

use lifeboat::entry::Label;
use lifeboat::interchange::registry::{self, Source};
use lifeboat::interchange::{Drafted, Imported};
use lifeboat::secret::SecretText;

use crate::otpauth;

/// The passphrase of every encrypted fixture, as the README says.
const PASSPHRASE: &str = "correct horse battery staple";

/// Reads a fixture as a person would and compares it with `canonical.txt`.
pub(crate) fn fixture(path: &Path, bytes: Vec<u8>) -> datatest_stable::Result<()> {
    let folder = path.parent().and_then(Path::file_name).ok_or("a fixture lies in its format's folder")?;
    let folder = folder.to_string_lossy();
    // What nothing tells apart before it is opened is opened as `--from` would.
    let is_named = path.file_name().is_some_and(|name| name.to_string_lossy().starts_with("named-"));
    let format =
        if is_named { registry::by_id(&folder).ok_or("no such format")? } else { registry::detect(&bytes)? };
    assert_eq!(format.id, folder, "the format is recognised by content");
    let imported = match registry::open(format, &bytes)? {
        Source::Plain(imported) => imported,
        Source::Sealed(sealed) => sealed.open(&SecretText::new(PASSPHRASE.to_owned()))?,
    };
    assert!(imported.skipped.is_empty(), "nothing is skipped: {:?}", imported.skipped);
    // A format that cannot hold most of the canonical accounts has a list of its own beside them.
    let own = Path::new("vectors/interchange").join(format.id).with_extension("txt");
    let canonical = match fs::read_to_string(own) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            fs::read_to_string("vectors/interchange/canonical.txt")?
        }
        read => read?,
    };
    let expected: Vec<&str> =
        canonical.lines().filter(|line| !line.is_empty() && !line.starts_with('#')).collect();
    // Lists of URIs and of Google's codes have no tags, notes and favourites; version 1 of Aegis' database no
    // favourites and notes.
    let columns = match path.file_name().and_then(|name| name.to_str()) {
        Some("list.txt" | "one-line.txt") => 7,
        _ if format.id == "google" => 7,
        Some("v1-plain.json" | "v1-encrypted.json") => 8,
        _ => 10,
    };
    let expected: Vec<String> = expected.iter().map(|line| first(line, columns)).collect();
    let found: Vec<String> = lines(imported).iter().map(|line| first(line, columns)).collect();
    assert_eq!(found, expected);
    Ok(())
}

fn first(line: &str, columns: usize) -> String {
    line.split('|').take(columns).collect::<Vec<_>>().join("|")
}

/// The accounts as `canonical.txt` has them.
fn lines(imported: Imported) -> Vec<String> {
    let line = |drafted: Drafted| {
        let draft = drafted.draft;
        let numbers = draft.otp.period().map_or(0, |period| period.seconds().into());
        let numbers: u64 = draft.otp.counter().unwrap_or(numbers);
        let tags: Vec<&str> = draft.tags.iter().map(Label::raw).collect();
        let fields = [
            draft.issuer.raw().to_owned(),
            draft.account.raw().to_owned(),
            format!("{} {} {}", draft.otp.type_name(), draft.otp.algorithm(), draft.otp.digits()),
            numbers.to_string(),
            draft.seed.to_base32().expose().to_owned(),
            draft.seed.bits().to_string(),
        ];
        let (tags, favourite, note) = (tags.join(","), draft.favourite.to_string(), draft.note.clone());
        format!("{}|{}|{tags}|{favourite}|{note}", fields.join("|"), otpauth::code(draft))
    };
    imported.drafts.into_iter().map(line).collect()
}
