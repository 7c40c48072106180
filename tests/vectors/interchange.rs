//! `vectors/interchange`: files of other programs' formats, all holding the canonical accounts.

use std::fs;
use std::io::ErrorKind;
use std::path::Path;

use lifeboat::entry::Label;
use lifeboat::interchange::registry::{self, Source};
use lifeboat::interchange::{Drafted, Imported};
use lifeboat::secret::SecretText;

use crate::otpauth;

/// The passphrase of every encrypted fixture, as the README says.
const PASSPHRASE: &str = "correct horse battery staple";

/// Reads a fixture as a person would and compares it with its list.
pub(crate) fn fixture(path: &Path, bytes: Vec<u8>) -> datatest_stable::Result<()> {
    let folder = path.parent().and_then(Path::file_name).ok_or("a fixture lies in its format's folder")?;
    let folder = folder.to_string_lossy();
    let list = list_of(path, &folder)?;
    let said = |what: &str| list.lines().find_map(|line| line.strip_prefix(&format!("# {what}: ")));
    let recognised = registry::detect(&bytes)?;
    assert_eq!(
        recognised.id,
        said("recognised as").unwrap_or(&folder),
        "the format is recognised by content"
    );
    // What looks like another format is read as that, and as its own where the person has named it.
    let named = registry::by_id(&folder).ok_or("the folder is named after a format")?;
    let formats = match said("read only as") {
        Some(id) => vec![registry::by_id(id).ok_or("a format")?],
        None if named.id == recognised.id => vec![named],
        None => vec![recognised, named],
    };
    let expected: Vec<&str> =
        list.lines().filter(|line| !line.is_empty() && !line.starts_with('#')).collect();
    let columns = columns(path, &folder, &expected);
    let expected: Vec<String> = expected.iter().map(|line| first(line, columns)).collect();
    for format in formats {
        let imported = match registry::open(format, &bytes)? {
            Source::Plain(imported) => imported,
            Source::Sealed(sealed) => {
                let passphrase = said("passphrase").unwrap_or(PASSPHRASE);
                sealed.open(&SecretText::new(passphrase.to_owned()))?
            }
        };
        let n_skipped = imported.skipped.len().to_string();
        assert_eq!(n_skipped, said("skipped").unwrap_or("0"), "skipped: {:?}", imported.skipped);
        let found: Vec<String> = lines(imported).iter().map(|line| first(line, columns)).collect();
        assert_eq!(found, expected, "as {}", format.id);
    }
    Ok(())
}

/// What a fixture must yield: a list of its own, or that of its format, which cannot hold the canonical accounts, or
/// these.
fn list_of(path: &Path, format: &str) -> std::io::Result<String> {
    let stem = path.file_stem().unwrap_or_default().to_string_lossy();
    let mut names = [format!("{format}.{stem}.txt"), format!("{format}.txt")].into_iter();
    loop {
        let name = names.next();
        let list = Path::new("vectors/interchange").join(name.as_deref().unwrap_or("canonical.txt"));
        match fs::read_to_string(list) {
            Err(error) if error.kind() == ErrorKind::NotFound && name.is_some() => {}
            read => return read,
        }
    }
}

/// How many columns are compared: as many as the list has. Of the canonical accounts, lists of URIs have no tags, notes
/// and favourites; version 1 of Aegis' database no favourites and notes.
fn columns(path: &Path, format: &str, expected: &[&str]) -> usize {
    match path.file_name().and_then(|name| name.to_str()) {
        Some("list.txt" | "one-line.txt") if format == "otpauth" => 7,
        Some("v1-plain.json" | "v1-encrypted.json") if format == "aegis" => 8,
        _ => expected.first().map_or(10, |line| line.split('|').count()),
    }
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
