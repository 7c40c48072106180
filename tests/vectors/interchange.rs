//! `vectors/interchange`: files of other programs' formats, all holding the canonical accounts.

use std::fs;
use std::io::ErrorKind;
use std::path::Path;

use lifeboat::entry::Label;
use lifeboat::interchange::registry::{self, Format, Source};
use lifeboat::interchange::{Drafted, ImportError, Imported};
use lifeboat::secret::SecretText;

use crate::otpauth;

/// The passphrase of every encrypted fixture, as the README says.
const PASSPHRASE: &str = "correct horse battery staple";

/// Reads a fixture as a person would and compares it with its list.
pub(crate) fn fixture(path: &Path, bytes: Vec<u8>) -> datatest_stable::Result<()> {
    let (folder, name) = folder_and_name(path)?;
    let list = list_of(&folder, &name)?;
    let said = |what: &str| list.lines().find_map(|line| line.strip_prefix(&format!("# {what}: ")));
    let passphrase = said("passphrase").unwrap_or(PASSPHRASE);
    let named = registry::by_id(&folder).ok_or("the folder is named after a format")?;
    // What nothing tells apart before it is opened is opened as `--from` would.
    let recognised = if name.starts_with("named-") { named } else { registry::detect(&bytes)? };
    let imported = open(recognised, &bytes, passphrase)?;
    // Of a file that says nothing of itself the format shows when it is opened.
    let shown = imported.format.unwrap_or(recognised.id);
    assert_eq!(shown, said("recognised as").unwrap_or(&folder), "the format is recognised by content");
    // What looks like another format is read as that, and as its own where the person has named it.
    let mut read = vec![(shown, imported)];
    match said("read only as") {
        Some(id) => read = vec![(id, open(registry::by_id(id).ok_or("a format")?, &bytes, passphrase)?)],
        None if shown == named.id => {}
        None => read.push((named.id, open(named, &bytes, passphrase)?)),
    }
    let expected: Vec<&str> =
        list.lines().filter(|line| !line.is_empty() && !line.starts_with('#')).collect();
    let columns = columns(&folder, &name, &expected);
    let expected: Vec<String> = expected.iter().map(|line| first(line, columns)).collect();
    for (id, imported) in read {
        let n_skipped = imported.skipped.len().to_string();
        assert_eq!(n_skipped, said("skipped").unwrap_or("0"), "skipped: {:?}", imported.skipped);
        let found: Vec<String> = lines(imported).iter().map(|line| first(line, columns)).collect();
        assert_eq!(found, expected, "as {id}");
    }
    Ok(())
}

fn open(format: Format, bytes: &[u8], passphrase: &str) -> Result<Imported, ImportError> {
    match registry::open(format, bytes)? {
        Source::Plain(imported) => Ok(imported),
        Source::Sealed(sealed) => sealed.open(&SecretText::new(passphrase.to_owned())),
    }
}
/// Reads a file that must be refused, whole or in part, and compares why with `refused/refused.txt`.
pub(crate) fn refused(path: &Path, bytes: Vec<u8>) -> datatest_stable::Result<()> {
    let (folder, name) = folder_and_name(path)?;
    let table = fs::read_to_string("vectors/interchange/refused/refused.txt")?;
    let mut rows = table.lines().filter(|line| !line.starts_with('#')).map(|line| line.split('|'));
    let row = rows.find(|row| row.clone().next() == Some(&format!("{folder}/{name}")));
    let row: Vec<&str> = row.ok_or("refused.txt has a line for every file")?.collect();
    let &[_, how, words] = &row[..] else { return Err("a line is file, how, words".into()) };
    let (found, said) = match read(&folder, &bytes)? {
        Ok(imported) => {
            let reasons: Vec<String> = imported.skipped.iter().map(|one| one.reason.to_string()).collect();
            let n_taken = imported.drafts.len();
            (format!("{n_taken} taken, {} skipped", reasons.len()), reasons.join("; "))
        }
        Err(error) => (kind(&error).to_owned(), error.to_string()),
    };
    assert_eq!(found, how, "{said}");
    assert!(said.contains(words), "{said}");
    Ok(())
}

/// What the command line makes an exit status of.
fn kind(error: &ImportError) -> &'static str {
    match error {
        ImportError::Damaged { .. } => "damaged",
        ImportError::OpensAsNothing => "opens as nothing",
        ImportError::TooCostly { .. } => "too costly",
        ImportError::TooLarge => "too large",
        ImportError::TooManyRounds { .. } => "too many rounds",
        ImportError::Unsupported { .. } => "unsupported",
        ImportError::WrongPassphrase | ImportError::WrongPassphraseOrKeyFile => "wrong passphrase",
        _ => "another error",
    }
}

fn folder_and_name(path: &Path) -> datatest_stable::Result<(String, String)> {
    let folder = path.parent().and_then(Path::file_name).ok_or("a fixture lies in its format's folder")?;
    let name = path.file_name().ok_or("a fixture has a name")?;
    Ok((folder.to_string_lossy().into_owned(), name.to_string_lossy().into_owned()))
}

/// Opens a file, which must be recognised as the format after which its folder is named.
fn read(folder: &str, bytes: &[u8]) -> datatest_stable::Result<Result<Imported, ImportError>> {
    let format = registry::detect(bytes)?;
    let read = open(format, bytes, PASSPHRASE);
    // Of a file that says nothing of itself the format shows when it is opened.
    let shown = read.as_ref().ok().and_then(|imported| imported.format);
    assert_eq!(shown.unwrap_or(format.id), folder, "the format is recognised by content");
    Ok(read)
}

/// What a fixture must yield: a list of its own, or one for the files whose names begin with the same word, or that of
/// its format, which cannot hold the canonical accounts, or these.
fn list_of(format: &str, file: &str) -> std::io::Result<String> {
    let stem = file.rsplit_once('.').map_or(file, |(stem, _)| stem);
    let word = file.split(['-', '.']).next().unwrap_or_default();
    let names = [format!("{format}.{stem}.txt"), format!("{format}.{word}.txt"), format!("{format}.txt")];
    let mut names = names.into_iter();
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
fn columns(format: &str, file: &str, expected: &[&str]) -> usize {
    match file {
        "list.txt" | "one-line.txt" if format == "otpauth" => 7,
        "v1-plain.json" | "v1-encrypted.json" if format == "aegis" => 8,
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
        let (tags, favourite, note) =
            (tags.join(","), draft.favourite.to_string(), draft.note.replace('\n', "\\n"));
        format!("{}|{}|{tags}|{favourite}|{note}", fields.join("|"), otpauth::code(draft))
    };
    imported.drafts.into_iter().map(line).collect()
}
