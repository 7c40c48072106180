//! Bringing entries from another program's file, and taking the last import back.

mod files;

use std::collections::BTreeSet;
use std::path::Path;

use super::context::Context;
use super::failure::{Failure, Kind, Unchanged, shown_path};
use super::session::Session;
use super::{log, vault_file};
use crate::audit::Event;
use crate::entry::{Entry, EntryDraft, EntryId, Label};
use crate::interchange::outcome::Imported;
use crate::interchange::registry::{self, Source};
use crate::interchange::{ImportError, outcome};
use crate::secret::SecretText;
use crate::vault::ImportRecord;
use crate::vault::merge::{self, Verdict};

/// Most bytes of the names of files that were imported together.
const LONGEST_NAMES: usize = 400;

pub use files::{Input, LARGEST_FILE, RecognisedFile, recognise, recognise_all};

/// The names, for people, of the formats that can be read.
pub fn formats() -> Vec<&'static str> {
    registry::FORMATS.iter().filter(|format| format.import.is_some()).map(|format| format.name).collect()
}

fn importable() -> Vec<&'static str> {
    registry::FORMATS.iter().filter(|format| format.import.is_some()).map(|format| format.id).collect()
}

fn unknown_format(name: &str) -> Failure {
    Failure::new(Kind::Usage, format!("no format is named \"{}\"", crate::entry::label::shown(name)))
        .unchanged(Unchanged::NothingTouched)
        .next(format!("formats that can be imported: {}", importable().join(", ")))
}

fn not_imported(path: &Path, error: ImportError) -> Failure {
    let next = match error {
        ImportError::WrongPassphrase => "it is the passphrase of that file, set in the app that wrote it",
        ImportError::WrongPassphraseOrKeyFile => {
            "if it needs a key file, give that too: --file-key-file PATH; if it needs a security key, save a copy without \
             that need in KeePassXC"
        }
        ImportError::OpensAsNothing => {
            "if one of them wrote it, try its passphrase again; if not (as with Authenticator Plus' own database), export it \
             anew, as text, from the app that did"
        }
        ImportError::Damaged { .. } | ImportError::TooLarge => {
            "export it again from the app, or copy it again in binary mode"
        }
        ImportError::TooCostly { .. } | ImportError::TooManyRounds { .. } => {
            "export it again from the app, with its usual settings"
        }
        ImportError::Unsupported { .. } => {
            "export it from the app in another form, for example as a list of otpauth URIs"
        }
    };
    let kind = match error {
        ImportError::WrongPassphrase
        | ImportError::WrongPassphraseOrKeyFile
        | ImportError::OpensAsNothing => Kind::WrongPassphrase,
        ImportError::TooCostly { .. } | ImportError::TooManyRounds { .. } => Kind::KdfTooCostly,
        ImportError::Unsupported { .. } => Kind::UnknownVersion,
        ImportError::Damaged { .. } | ImportError::TooLarge => Kind::Damaged,
    };
    Failure::new(kind, format!("nothing was imported from {}", shown_path(path)))
        .because(error)
        .unchanged(Unchanged::OnlyRead(path.to_owned()))
        .next(next)
}

/// What becomes, or would become, of one entry of the file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReportedEntry {
    /// Its place in the file, from 1.
    pub position: usize,
    /// Its name, safe to show.
    pub title: String,
    /// What becomes of it.
    pub verdict: Verdict,
    /// What is worth knowing about it, in words.
    pub warnings: Vec<String>,
}

/// An entry of the file that cannot be taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RefusedEntry {
    /// Its place in the file, from 1.
    pub position: usize,
    /// Its name as far as it has one, safe to show.
    pub title: String,
    /// Why, without its seed.
    pub reason: String,
}

/// The report of an import.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ImportReport {
    /// The format's id.
    pub format: &'static str,
    /// The file's name.
    pub file: Label,
    /// Every entry that could be read, in the file's order.
    pub entries: Vec<ReportedEntry>,
    /// Every entry that could not.
    pub refused: Vec<RefusedEntry>,
    /// What the format says and Lifeboat does not use, once per kind.
    pub notices: Vec<String>,
    /// True when nothing was written.
    pub dry_run: bool,
}

impl ImportReport {
    /// How many entries were, or would be, taken.
    pub fn n_taken(&self) -> usize {
        self.entries.iter().filter(|entry| !matches!(entry.verdict, Verdict::AlreadyThere(_))).count()
    }

    /// The entries that cannot be taken, a line each.
    pub fn refusals(&self) -> Vec<String> {
        let line = |refused: &RefusedEntry| {
            let title =
                if refused.title.is_empty() { String::new() } else { format!(" \"{}\"", refused.title) };
            format!("entry {}{title}: {}", refused.position, refused.reason)
        };
        self.refused.iter().map(line).collect()
    }
}

/// How an import is to be done.
#[derive(Debug, Clone, Copy, Default)]
pub struct ImportOptions {
    /// Say what would be done, and write nothing.
    pub dry_run: bool,
    /// Take what is good when some entries cannot be taken.
    pub allow_skipped: bool,
    /// Another file of the same command was taken before: both are taken back together.
    pub goes_on: bool,
}

/// A file whose entries were read. Nothing of it is in the vault.
#[derive(Debug)]
pub struct ReadFile {
    drafts: Vec<EntryDraft>,
    about: About,
}

/// What is to be said about a file that was read.
#[derive(Debug)]
struct About {
    format: &'static str,
    file: Label,
    /// Place in the file, name, and what is worth knowing, for each draft.
    drafts: Vec<(usize, String, Vec<String>)>,
    refused: Vec<RefusedEntry>,
    notices: Vec<String>,
}

impl About {
    fn report(&self, verdicts: &[Verdict], dry_run: bool) -> ImportReport {
        let entry = |((position, title, warnings), verdict): (&(usize, String, Vec<String>), &Verdict)| {
            ReportedEntry {
                position: *position,
                title: title.clone(),
                verdict: *verdict,
                warnings: warnings.clone(),
            }
        };
        ImportReport {
            format: self.format,
            file: self.file.clone(),
            entries: self.drafts.iter().zip(verdicts).map(entry).collect(),
            refused: self.refused.clone(),
            notices: self.notices.clone(),
            dry_run,
        }
    }
}

/// Reads the entries of a recognised file. The key derivation of an encrypted one runs here.
///
/// # Errors
///
/// Exit 3 for a wrong passphrase of the file, or for none; exit 5 for damage.
pub fn read(file: RecognisedFile, passphrase: Option<&SecretText>) -> Result<ReadFile, Failure> {
    let name = Path::new(file.file_name.raw()).to_owned();
    let Imported { drafts, skipped, notices, n_trashed, format: shown, parts: _ } =
        match (file.source, passphrase) {
            (Source::Plain(imported), _) => imported,
            (Source::Sealed(sealed), Some(passphrase)) => {
                sealed.open(passphrase).map_err(|error| not_imported(&name, error))?
            }
            (Source::Sealed(sealed), None) => {
                let what = match sealed.may_be() {
                    Some(formats) => format!("{} looks encrypted, and may be of {formats}", file.file_name),
                    None => format!("{} is encrypted", file.file_name),
                };
                return Err(Failure::new(Kind::NoCredential, what)
                    .unchanged(Unchanged::NothingTouched)
                    .next("give its passphrase at the prompt, or with --file-passphrase-file PATH"));
            }
        };
    let mut about = About {
        format: shown.unwrap_or(file.format),
        file: file.file_name,
        drafts: Vec::with_capacity(drafts.len()),
        refused: skipped.iter().map(refused).collect(),
        notices: notices
            .iter()
            .map(ToString::to_string)
            .chain(left_in_trash(n_trashed))
            .chain(file.told)
            .collect(),
    };
    let mut incoming = Vec::with_capacity(drafts.len());
    for drafted in drafts {
        let warnings = drafted.warnings.iter().map(ToString::to_string).collect();
        about.drafts.push((drafted.position, drafted.draft.title(), warnings));
        incoming.push(drafted.draft);
    }
    Ok(ReadFile { drafts: incoming, about })
}

fn left_in_trash(n_trashed: usize) -> Option<String> {
    let entries = super::status::count(n_trashed, "entry lies", "entries lie");
    (n_trashed > 0).then(|| format!("{entries} in the trash of that app, and stayed there"))
}

/// Says what taking a file that was read would do. Nothing is written.
pub fn preview(session: &Session, file: &ReadFile) -> ImportReport {
    file.about.report(&merge::plan(&session.vault.entries, &file.drafts), true)
}

/// Takes the entries of a file that was read, as one step that can be taken back; together with the import before it
/// where `goes_on` says that both belong to one command.
///
/// # Errors
///
/// Exit 8, with every refused entry named, when some cannot be taken and `allow_skipped` is not set. Then
/// nothing is imported.
pub fn take(
    ctx: &Context,
    session: &mut Session,
    file: ReadFile,
    allow_skipped: bool,
    goes_on: bool,
) -> Result<ImportReport, Failure> {
    let ReadFile { drafts: incoming, about } = file;
    let planned = about.report(&merge::plan(&session.vault.entries, &incoming), false);
    if !planned.refused.is_empty() && !allow_skipped {
        return Err(Failure::new(
            Kind::Refused,
            format!(
                "nothing was imported: {} of {} entries of {} cannot be taken",
                planned.refused.len(),
                planned.refused.len() + planned.entries.len(),
                planned.file
            ),
        )
        .details(planned.refusals())
        .unchanged(Unchanged::VaultKept(session.path.clone()))
        .next("to import the others: run it again with --allow-skipped, then add these by hand"));
    }
    if planned.n_taken() == 0 {
        return Ok(planned);
    }
    let now = ctx.clock.now();
    let mut ids = Vec::with_capacity(incoming.len());
    for _ in &incoming {
        ids.push(EntryId::from_bytes(ctx.random_bytes()?));
    }
    let verdicts = vault_file::change(ctx, session, |vault| {
        let verdicts = merge::plan(&vault.entries, &incoming);
        let mut added = Vec::new();
        for ((draft, verdict), id) in incoming.into_iter().zip(&verdicts).zip(ids) {
            if !matches!(verdict, Verdict::AlreadyThere(_)) {
                vault.entries.push(Entry::from_draft(draft, id, now));
                added.push(id);
            }
        }
        let mut record = log::record(ctx, Event::Imported);
        record.facts =
            vec![("format".into(), about.format.into()), ("entries".into(), added.len().to_string())];
        let (format, file) = (about.format.to_owned(), about.file.clone());
        vault.last_import = Some(match vault.last_import.take().filter(|_| goes_on) {
            None => ImportRecord { at: now, format, file, added },
            Some(mut before) => {
                let files = format!("{}, {}", before.file.raw(), file.raw());
                // Several hundred files are no name any more.
                if files.len() <= LONGEST_NAMES {
                    before.file = Label::new(files);
                }
                before.added.extend(added);
                before
            }
        });
        Ok((verdicts, vec![record]))
    })?;
    Ok(about.report(&verdicts, false))
}

/// Imports a recognised file, or only says what that would do.
///
/// # Errors
///
/// As [`read`] and [`take`].
pub fn import(
    ctx: &Context,
    session: &mut Session,
    file: RecognisedFile,
    passphrase: Option<&SecretText>,
    options: ImportOptions,
) -> Result<ImportReport, Failure> {
    let file = read(file, passphrase)?;
    if options.dry_run {
        Ok(preview(session, &file))
    } else {
        take(ctx, session, file, options.allow_skipped, options.goes_on)
    }
}

fn refused(skipped: &outcome::Skipped) -> RefusedEntry {
    RefusedEntry {
        position: skipped.position,
        title: skipped.title.shown(),
        reason: skipped.reason.to_string(),
    }
}

/// What taking an import back did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Undone {
    /// The file it had come from.
    pub file: Label,
    /// Entries moved to the trash.
    pub n_removed: usize,
    /// Entries that are gone or were changed since; they stay as they are.
    pub n_kept: usize,
}

/// Takes the last import back: what it added goes to the trash, unless it was changed since.
///
/// # Errors
///
/// Exit 4 when there is no import to take back.
pub fn undo(ctx: &Context, session: &mut Session) -> Result<Undone, Failure> {
    let now = ctx.clock.now();
    vault_file::change(ctx, session, |vault| {
        let import = vault.last_import.take().ok_or_else(|| {
            Failure::new(Kind::NoEntry, "there is no import to take back")
                .unchanged(Unchanged::NothingTouched)
                .next("`lifeboat remove NAME` moves one entry to the trash")
        })?;
        let untouched: BTreeSet<EntryId> = vault
            .entries
            .iter()
            .filter(|entry| entry.updated == entry.created && entry.created >= import.at)
            .map(|entry| entry.id)
            .collect();
        let mut n_removed = 0;
        for id in import.added.iter().filter(|id| untouched.contains(id)) {
            vault.remove(*id, now)?;
            n_removed += 1;
        }
        let mut record = log::record(ctx, Event::ImportUndone);
        record.facts = vec![("entries".into(), n_removed.to_string())];
        let undone = Undone { file: import.file, n_removed, n_kept: import.added.len() - n_removed };
        Ok((undone, vec![record]))
    })
}
