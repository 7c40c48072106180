//! Writing entries in another program's format. Plaintext only when somebody asked for it by name.

mod pictures;

use std::path::{Path, PathBuf};

use super::bundle::{not_written, refuse_vault};
use super::context::Context;
use super::failure::{Failure, Kind, Unchanged};
use super::session::Session;
use super::{log, reason, time};
use crate::audit::Event;
use crate::entry::{Entry, EntryId};
pub use crate::interchange::registry::LeftOut;
use crate::interchange::registry::{self, Format};
use crate::secret::{SecretBytes, SecretText};
use crate::storage::atomic::{self, Existing};

/// Most entries of a reason that a failure names, and most characters of a name where many stand in a line.
const MOST_NAMED: usize = 10;
const LONGEST_NAMED: usize = 60;
const SEALED: &str = "sealed; it is unsealed first with `lifeboat unseal NAME`";

/// What is to be exported, and how.
#[derive(Debug)]
pub struct ExportRequest<'a> {
    /// The format's id.
    pub format: &'a str,
    /// The entries.
    pub entries: Vec<EntryId>,
    /// Where it is written. A format of QR codes is drawn where the name ends in `.png`.
    pub output: &'a Path,
    /// Replace what is there.
    pub force: bool,
    /// Write it in clear.
    pub plaintext: bool,
    /// The passphrase of the file, for formats that are encrypted.
    pub passphrase: Option<&'a SecretText>,
}

/// What was exported.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExportDone {
    /// The format's id.
    pub format: &'static str,
    /// Where it lies: one file, or a picture for each QR code.
    pub paths: Vec<PathBuf>,
    /// How many entries.
    pub n_entries: usize,
    /// True when the file is encrypted.
    pub encrypted: bool,
    /// What the format cannot say, in words.
    pub lossy: Vec<String>,
    /// Entries that the format cannot hold; they were left out.
    pub left_out: Vec<LeftOut>,
    /// Entries that were left out because they are sealed, by their names, safe to show.
    pub sealed: Vec<String>,
}

/// Whether a format is encrypted, and what it cannot say of the entries.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExportPreview {
    /// The format's id.
    pub format: &'static str,
    /// True when the format has an encrypted form.
    pub can_encrypt: bool,
    /// How many entries would be written.
    pub n_entries: usize,
    /// What the format cannot say, in words.
    pub lossy: Vec<String>,
    /// Entries that the format cannot hold; they are left out.
    pub left_out: Vec<LeftOut>,
    /// Entries that are left out because they are sealed, by their names, safe to show.
    pub sealed: Vec<String>,
}

/// QR codes that are to be shown.
#[derive(Debug)]
pub struct QrCodes {
    /// Their texts, in the order in which they are scanned.
    pub texts: Vec<SecretText>,
    /// What was exported; it lies nowhere.
    pub done: ExportDone,
}

/// A format that can be written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Writable {
    /// The format's id.
    pub id: &'static str,
    /// The name for people.
    pub name: &'static str,
    /// What the names of such files end in, without a full stop.
    pub ending: &'static str,
    /// True when the format has an encrypted form.
    pub can_encrypt: bool,
    /// True when it can be drawn as QR codes.
    pub is_of_qr_codes: bool,
}

/// The formats that can be written, by id.
pub fn formats() -> Vec<Writable> {
    let writable = registry::FORMATS.iter().filter_map(|format| Some((format, format.export?)));
    writable
        .map(|(format, export)| Writable {
            id: format.id,
            name: format.name,
            ending: export.ending,
            can_encrypt: export.encrypts,
            is_of_qr_codes: format.is_of_qr_codes(),
        })
        .collect()
}

/// Says what an export would be like, before anything is written.
///
/// # Errors
///
/// Exit 2 for a format that is not known or cannot be written; exit 4 where there is no entry, and exit 8 where all that
/// were chosen are sealed or nothing that the format can hold, so that nobody types a passphrase for nothing.
pub fn preview(session: &Session, format: &str, entries: &[EntryId]) -> Result<ExportPreview, Failure> {
    let (format, writer) = writable(format)?;
    let Judged { held, left_out, sealed } = judge(session, format, writer, entries)
        .map_err(|failure| failure.unchanged(Unchanged::NothingTouched))?;
    Ok(ExportPreview {
        format: format.id,
        can_encrypt: writer.encrypts,
        n_entries: held.len(),
        lossy: registry::lossy(writer, &held),
        left_out,
        sealed,
    })
}

/// The files that an export would make: the one that is named, or a picture for each QR code.
///
/// # Errors
///
/// Exit 2 for a format that is not known or cannot be written.
pub fn outputs(
    session: &Session,
    format: &str,
    entries: &[EntryId],
    output: &Path,
) -> Result<Vec<PathBuf>, Failure> {
    let (format, writer) = writable(format)?;
    if !pictures::are_meant(format, output) {
        return Ok(vec![output.to_owned()]);
    }
    let (entries, _) = chosen(session, entries);
    let (entries, _) = registry::held(writer, &entries);
    // What is random in them changes nothing about how many there are.
    let codes = (writer.write)(&entries, None, &mut |bytes| bytes.fill(0), "");
    let n_codes = codes.map_or(0, |codes| pictures::texts(&codes).count());
    Ok(pictures::paths(output, n_codes))
}

/// Whether a format can be shown as QR codes instead of being written to a file.
///
/// # Errors
///
/// Exit 2 for a format that is not known or cannot be written.
pub fn is_of_qr_codes(format: &str) -> Result<bool, Failure> {
    writable(format).map(|(format, _)| format.is_of_qr_codes())
}

/// Exports entries. The log is written before the file is.
///
/// # Errors
///
/// Exit 8 when it would be plaintext and that was not asked for or a reason is missing, when the output exists, or when
/// all the entries are sealed or nothing that the format can hold. Such an entry among others is left out and named.
/// Where one of several pictures could not be written, those before it are there and named.
pub fn export(
    ctx: &Context,
    session: &mut Session,
    request: &ExportRequest<'_>,
) -> Result<ExportDone, Failure> {
    let (format, _) = writable(request.format)?;
    refuse_vault(ctx, session, request.output)?;
    let nothing_written = || Unchanged::OutputNotCreated(request.output.to_owned());
    let made = make(ctx, session, request, &nothing_written)?;
    let existing = if request.force { Existing::Replace } else { Existing::Refuse };
    if pictures::are_meant(format, request.output) {
        let files = pictures::draw(ctx, session, &made.bytes, request.output, existing)?;
        made.announce(ctx, session);
        pictures::write(ctx, &files, existing)?;
        return Ok(made.done(files.into_iter().map(|(path, _)| path).collect()));
    }
    made.announce(ctx, session);
    atomic::create(ctx.disk.as_ref(), request.output, made.bytes.expose(), &ctx.token()?, existing)
        .map_err(|error| not_written(request.output, "export", error))?;
    Ok(made.done(vec![request.output.to_owned()]))
}

/// An export that goes to whoever reads this program's output: its bytes, and no file. The log is written before they are
/// given out.
///
/// # Errors
///
/// As [`export`].
pub fn handed_out(
    ctx: &Context,
    session: &mut Session,
    request: &ExportRequest<'_>,
) -> Result<(SecretBytes, ExportDone), Failure> {
    let mut made = make(ctx, session, request, &|| Unchanged::NothingTouched)?;
    made.announce(ctx, session);
    let bytes = std::mem::replace(&mut made.bytes, SecretBytes::new(Vec::new()));
    Ok((bytes, made.done(Vec::new())))
}

/// The QR codes of an export, to be shown. The log is written before they are given out.
///
/// # Errors
///
/// Exit 2 for a format without QR codes; else as [`export`].
pub fn qr_codes(
    ctx: &Context,
    session: &mut Session,
    format: &str,
    entries: Vec<EntryId>,
    plaintext: bool,
) -> Result<QrCodes, Failure> {
    if !is_of_qr_codes(format)? {
        return Err(needs_file(format));
    }
    // No file is made: what is said of one is replaced.
    let output = Path::new("");
    let request = ExportRequest { format, entries, output, force: false, plaintext, passphrase: None };
    let made = make(ctx, session, &request, &|| Unchanged::NothingTouched)?;
    made.announce(ctx, session);
    let texts = pictures::texts(&made.bytes).map(|text| SecretText::new(text.to_owned())).collect();
    Ok(QrCodes { texts, done: made.done(Vec::new()) })
}

/// Says that a format is written to a file, and that none was named.
pub fn needs_file(format: &str) -> Failure {
    Failure::new(Kind::Usage, format!("the format {format} is written to a file, and none is named"))
        .unchanged(Unchanged::NothingTouched)
        .next("name it with -o FILE")
}

/// What an export consists of, before it goes anywhere.
struct Made {
    format: Format,
    bytes: SecretBytes,
    /// The entry in it, where it is one.
    only: Option<EntryId>,
    n_entries: usize,
    encrypted: bool,
    lossy: Vec<String>,
    left_out: Vec<LeftOut>,
    sealed: Vec<String>,
}

impl Made {
    /// Writes into the log that it is about to be handed out.
    fn announce(&self, ctx: &Context, session: &mut Session) {
        let mut record = log::record(ctx, Event::Exported);
        record.facts = vec![
            ("format".into(), self.format.id.into()),
            ("entries".into(), self.n_entries.to_string()),
            ("plaintext".into(), (!self.encrypted).to_string()),
        ];
        // So that an incident need not take every entry of the vault for the one that got out.
        record.entry = self.only.map(|id| id.to_string());
        log::append(ctx, session, vec![record]);
    }

    fn done(self, paths: Vec<PathBuf>) -> ExportDone {
        ExportDone {
            format: self.format.id,
            paths,
            n_entries: self.n_entries,
            encrypted: self.encrypted,
            lossy: self.lossy,
            left_out: self.left_out,
            sealed: self.sealed,
        }
    }
}

fn make(
    ctx: &Context,
    session: &Session,
    request: &ExportRequest<'_>,
    unchanged: &dyn Fn() -> Unchanged,
) -> Result<Made, Failure> {
    let (format, writer) = writable(request.format)?;
    let encrypted = writer.encrypts && !request.plaintext;
    if !writer.encrypts && !request.plaintext {
        return Err(Failure::new(
            Kind::Refused,
            format!("the format {} has no encryption: every seed would stand there in clear", format.id),
        )
        .unchanged(unchanged())
        .next("if that is meant, run it again with --plaintext, and destroy the file after use")
        .next("`lifeboat bundle create` makes an encrypted file that Lifeboat restores"));
    }
    if encrypted && request.passphrase.is_none() {
        return Err(Failure::new(Kind::NoCredential, "an encrypted export needs a passphrase of its own")
            .unchanged(unchanged())
            .next("give it at the prompt, or with --file-passphrase-file PATH"));
    }
    if !encrypted {
        reason::check(ctx, session, &request.entries).map_err(|failure| failure.unchanged(unchanged()))?;
    }
    let Judged { held: entries, left_out, sealed } =
        judge(session, format, writer, &request.entries).map_err(|failure| failure.unchanged(unchanged()))?;
    let passphrase = if encrypted { request.passphrase } else { None };
    let mut no_randomness = false;
    let mut random = |bytes: &mut [u8]| no_randomness |= ctx.random.fill(bytes).is_err();
    let bytes = (writer.write)(&entries, passphrase, &mut random, &time::day(ctx.clock.now()));
    if no_randomness {
        return Err(Failure::new(Kind::Io, "nothing can be made without random bytes").unchanged(unchanged()));
    }
    let bytes = bytes.map_err(|error| {
        Failure::new(Kind::Refused, "nothing was exported").because(error).unchanged(unchanged())
    })?;
    let (n_entries, lossy) = (entries.len(), registry::lossy(writer, &entries));
    let only = match entries.as_slice() {
        [only] => Some(only.id),
        _ => None,
    };
    Ok(Made { format, bytes, only, n_entries, encrypted, lossy, left_out, sealed })
}

/// What is left out, a line for each reason, with the names of at most so many entries and how many more there are. All
/// of it is safe to show.
pub fn told_left_out<'a>(
    left_out: &'a [LeftOut],
    sealed: &'a [String],
    most_named: usize,
) -> impl Iterator<Item = String> {
    let mut reasons: Vec<(&str, Vec<&str>)> = Vec::new();
    let sealed = sealed.iter().map(|name| (name.as_str(), SEALED));
    for (name, reason) in left_out.iter().map(|one| (one.name.as_str(), one.reason)).chain(sealed) {
        match reasons.iter_mut().find(|(other, _)| *other == reason) {
            Some((_, names)) => names.push(name),
            None => reasons.push((reason, vec![name])),
        }
    }
    reasons.into_iter().map(move |(reason, names)| {
        let more = names.len().saturating_sub(most_named);
        let shown: Vec<String> = names.iter().take(most_named).map(|name| shortened(name)).collect();
        let more = if more > 0 { format!(" and {more} more") } else { String::new() };
        format!("{}{more}: {reason}", shown.join(", "))
    })
}

/// A name that is safe to show, without its end where it is long.
fn shortened(name: &str) -> String {
    match name.char_indices().nth(LONGEST_NAMED) {
        Some((at, _)) => format!("{}…", name.get(..at).unwrap_or_default()),
        None => name.to_owned(),
    }
}

/// What becomes of the entries of an export.
struct Judged<'a> {
    held: Vec<&'a Entry>,
    left_out: Vec<LeftOut>,
    sealed: Vec<String>,
}

/// Parts entries into those that are written and those that are not, and fails where nothing would be.
fn judge<'a>(
    session: &'a Session,
    format: Format,
    writer: registry::Export,
    ids: &[EntryId],
) -> Result<Judged<'a>, Failure> {
    let (entries, sealed) = chosen(session, ids);
    if entries.is_empty() && !sealed.is_empty() {
        return Err(Failure::new(Kind::Refused, "nothing was exported: what was chosen is sealed")
            .details(sealed)
            .next("unseal it first: lifeboat unseal NAME")
            .next("`lifeboat bundle create` carries sealed entries as they are"));
    }
    if entries.is_empty() {
        return Err(Failure::new(Kind::NoEntry, "there is no entry to export"));
    }
    let (held, left_out) = registry::held(writer, &entries);
    if held.is_empty() {
        let what = format!("nothing was exported: the format {} cannot hold what was chosen", format.id);
        return Err(Failure::new(Kind::Refused, what)
            .details(told_left_out(&left_out, &[], MOST_NAMED))
            .next("`lifeboat export --to otpauth` and `--to aegis` hold every entry"));
    }
    Ok(Judged { held, left_out, sealed })
}

/// The entries that can be exported, and the names of those that are sealed.
fn chosen<'a>(session: &'a Session, ids: &[EntryId]) -> (Vec<&'a Entry>, Vec<String>) {
    let wanted: std::collections::BTreeSet<&EntryId> = ids.iter().collect();
    let (sealed, open): (Vec<&Entry>, Vec<&Entry>) = session
        .vault
        .entries
        .iter()
        .filter(|entry| wanted.contains(&entry.id))
        .partition(|entry| entry.is_sealed());
    (open, sealed.into_iter().map(Entry::title).collect())
}

/// The format with a name, and how it is written.
fn writable(name: &str) -> Result<(Format, registry::Export), Failure> {
    registry::by_id(name).and_then(|format| Some((format, format.export?))).ok_or_else(|| unknown(name))
}

fn unknown(name: &str) -> Failure {
    let known: Vec<&str> = formats().iter().map(|format| format.id).collect();
    Failure::new(
        Kind::Usage,
        format!("no format \"{}\" can be exported to", crate::entry::label::shown(name)),
    )
    .unchanged(Unchanged::NothingTouched)
    .next(format!("formats that can be exported to: {}", known.join(", ")))
}
