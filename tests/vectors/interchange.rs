//! `vectors/interchange`: files of other programs' formats, all holding the canonical accounts.

use std::fs;
use std::path::Path;

use lifeboat::entry::Label;
use lifeboat::interchange::registry::{self, Source};
use lifeboat::interchange::{Drafted, ImportError, Imported};
use lifeboat::secret::SecretText;

use crate::otpauth;

/// The passphrase of every encrypted fixture, as the README says.
const PASSPHRASE: &str = "correct horse battery staple";

/// Reads a fixture as a person would and compares it with the list that it must yield.
pub(crate) fn fixture(path: &Path, bytes: Vec<u8>) -> datatest_stable::Result<()> {
    let (folder, name) = folder_and_name(path)?;
    let imported = read(&folder, &bytes)?.map_err(|error| error.to_string())?;
    assert!(imported.skipped.is_empty(), "nothing is skipped: {:?}", imported.skipped);
    let expected = expected(&folder, &name)?;
    let columns = match name.as_str() {
        // Lists of URIs have no tags, notes and favourites; version 1 of Aegis' database no favourites and notes.
        "list.txt" | "one-line.txt" => 7,
        "v1-plain.json" | "v1-encrypted.json" if folder == "aegis" => 8,
        // A list of a format's own has the columns that are compared.
        _ => expected.first().map_or(0, |line| line.split('|').count()),
    };
    let expected: Vec<String> = expected.iter().map(|line| first(line, columns)).collect();
    let found: Vec<String> = lines(imported).iter().map(|line| first(line, columns)).collect();
    assert_eq!(found, expected);
    Ok(())
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
        ImportError::Unsupported { .. } => "unsupported",
        ImportError::WrongPassphrase => "wrong passphrase",
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
    let read = registry::open(format, bytes).and_then(|source| match source {
        Source::Plain(imported) => Ok(imported),
        Source::Sealed(sealed) => sealed.open(&SecretText::new(PASSPHRASE.to_owned())),
    });
    // Of a file that says nothing of itself the format shows when it is opened.
    let shown = read.as_ref().ok().and_then(|imported| imported.format);
    assert_eq!(shown.unwrap_or(format.id), folder, "the format is recognised by content");
    Ok(read)
}

/// The accounts that a file must yield: of a list named after its format and the first word of its name, else of one
/// named after its format, else of the canonical ones.
fn expected(folder: &str, name: &str) -> datatest_stable::Result<Vec<String>> {
    let word = name.split(['-', '.']).next().unwrap_or_default();
    for list in [format!("{folder}.{word}.txt"), format!("{folder}.txt"), "canonical.txt".to_owned()] {
        match fs::read_to_string(Path::new("vectors/interchange").join(list)) {
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {}
            read => {
                let is_account = |line: &&str| !line.is_empty() && !line.starts_with('#');
                return Ok(read?.lines().filter(is_account).map(str::to_owned).collect());
            }
        }
    }
    Err("canonical.txt is there".into())
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
