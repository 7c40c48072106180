//! The files that are to be imported: read, recognised, and those brought together of which one opens the other.

use std::path::{Path, PathBuf};

use super::{importable, not_imported, unknown_format};
use crate::app::context::Context;
use crate::app::failure::{Failure, Kind, Unchanged, reading, shown_path};
use crate::app::picture;
use crate::entry::Label;
use crate::interchange::Notice;
use crate::interchange::otpauth_migration::Batches;
use crate::interchange::outcome::Imported;
use crate::interchange::registry::{self, Format, Source};
use crate::interchange::steam::{self, Companion};
use crate::secret::SecretBytes;
use crate::storage::disk::FileKind;

/// Larger files are no list of accounts, in bytes.
pub const LARGEST_FILE: u64 = 64 << 20;

/// A file that was recognised.
#[derive(Debug)]
pub struct RecognisedFile {
    pub(super) source: Source,
    pub(super) file_name: Label,
    pub(super) format: &'static str,
    /// What is to be said besides, of a picture.
    pub(super) told: Option<String>,
}

impl RecognisedFile {
    /// The format's name; the names of several where it shows only when the file is opened.
    pub fn format(&self) -> &'static str {
        match &self.source {
            Source::Plain(_) => self.format,
            Source::Sealed(sealed) => sealed.may_be().unwrap_or(self.format),
        }
    }

    /// Whether a key file may open it, with its passphrase or alone.
    pub fn may_have_key_file(&self) -> bool {
        matches!(&self.source, Source::Sealed(sealed) if sealed.may_have_key_file())
    }

    /// Takes the key file that belongs to it.
    ///
    /// # Errors
    ///
    /// Exit 4 when there is no such file, exit 5 when it is damaged, exit 8 for a format that has none and for a file
    /// that is not encrypted.
    pub fn take_key_file(&mut self, ctx: &Context, path: &Path) -> Result<(), Failure> {
        let Source::Sealed(sealed) = &mut self.source else {
            return Err(Failure::new(Kind::Refused, format!("{} is not encrypted", self.file_name))
                .unchanged(Unchanged::NothingTouched)
                .next("leave --file-key-file out"));
        };
        let key_file = read(ctx, path.to_owned())?;
        sealed.take_key_file(&key_file.bytes).map_err(|error| not_imported(path, error))
    }

    /// What opening it costs, in words, when it is encrypted; `None` when it is not.
    pub fn wants_passphrase(&self) -> Option<String> {
        match &self.source {
            Source::Plain(_) => None,
            Source::Sealed(sealed) => Some(sealed.cost()),
        }
    }
}

/// What is to be imported.
#[derive(Debug)]
pub enum Input {
    /// A regular file, as the interface finds them.
    File(PathBuf),
    /// A file as the command line names it, which may be a pipe: a shell's `<(command)` is one. It is read to its end.
    Named(PathBuf),
    /// What came through a pipe, which has no name.
    Piped(SecretBytes),
}

/// A file, or what was piped, that was read.
struct Read {
    path: PathBuf,
    bytes: SecretBytes,
}

impl Read {
    fn name(&self) -> Label {
        if self.path == Path::new("-") {
            return Label::new("standard input");
        }
        // Its last part, a number, would say nothing.
        if [Path::new("/dev"), Path::new("/dev/fd")].map(Some).contains(&self.path.parent()) {
            return Label::new(self.path.to_string_lossy());
        }
        Label::new(self.path.file_name().unwrap_or_default().to_string_lossy())
    }
}

/// As [`recognise_all`], of one file.
///
/// # Errors
///
/// As [`recognise_all`].
pub fn recognise(ctx: &Context, path: &Path, format: Option<&str>) -> Result<RecognisedFile, Failure> {
    let mut recognised = recognise_all(ctx, vec![Input::File(path.to_owned())], format)?;
    recognised.pop().ok_or_else(|| Failure::new(Kind::NoFile, "no file was named"))
}

/// Reads files and recognises their formats, by their content or as `format` says. Where one of them says how others
/// are opened, their order does not matter; and it is looked for beside a file that cannot be opened without it.
///
/// # Errors
///
/// Exit 4 when there is no file, or none of those without which another cannot be opened; exit 5 when one is damaged or
/// of no known format.
pub fn recognise_all(
    ctx: &Context,
    inputs: Vec<Input>,
    format: Option<&str>,
) -> Result<Vec<RecognisedFile>, Failure> {
    let named = format.map(|name| registry::by_id(name).ok_or_else(|| unknown_format(name))).transpose()?;
    let mut files = Vec::with_capacity(inputs.len());
    for input in inputs {
        files.push(match input {
            Input::Named(path) if is_special(ctx, &path) => read_special(ctx, path)?,
            Input::File(path) | Input::Named(path) => read(ctx, path)?,
            Input::Piped(bytes) => Read { path: PathBuf::from("-"), bytes },
        });
    }
    // A format that the person names goes before what stands in a manifest.
    let may_be_steam = named.is_none_or(|named| named.id == steam::FORMAT.id);
    let mut companions = Vec::new();
    for file in files.iter().filter(|_| may_be_steam) {
        companions.extend(companion(file)?.map(|companion| (file.path.clone(), companion)));
    }
    let mut opened = Vec::with_capacity(files.len());
    for file in &files {
        opened.push(if may_be_steam { opened_with(ctx, &companions, file)? } else { None });
    }
    let was_used = opened.iter().any(Option::is_some);
    let recognised = files.into_iter().zip(opened);
    let recognised = recognised.map(|(file, opened)| match opened {
        Some(source) => {
            Ok(RecognisedFile { source, file_name: file.name(), format: steam::FORMAT.id, told: None })
        }
        None => alone(file, named, was_used),
    });
    let mut recognised = recognised.collect::<Result<Vec<_>, _>>()?;
    join_parts(&mut recognised);
    Ok(recognised)
}

/// Of an export whose codes stand in several files, what is missing is what is in none of them; the last one says it.
fn join_parts(files: &mut [RecognisedFile]) {
    let mut with_parts: Vec<&mut Imported> = files
        .iter_mut()
        .filter_map(|file| match &mut file.source {
            Source::Plain(imported) if !imported.parts.is_empty() => Some(imported),
            Source::Plain(_) | Source::Sealed(_) => None,
        })
        .collect();
    let mut all = Batches::default();
    for imported in &mut with_parts {
        imported.notices.retain(|notice| !matches!(notice, Notice::MissingParts { .. }));
        all.join(&imported.parts);
    }
    if let Some(last) = with_parts.last_mut() {
        last.notices.extend(all.missing());
    }
}

fn read(ctx: &Context, path: PathBuf) -> Result<Read, Failure> {
    let bytes = ctx.disk.read(&path, LARGEST_FILE);
    taken(path, bytes)
}

/// Whether it is neither a regular file nor a folder. A link is judged by what reading it says.
fn is_special(ctx: &Context, path: &Path) -> bool {
    ctx.disk
        .facts(path)
        .ok()
        .flatten()
        .is_some_and(|facts| matches!(facts.kind, FileKind::Link | FileKind::Other))
}

fn read_special(ctx: &Context, path: PathBuf) -> Result<Read, Failure> {
    let bytes = ctx.disk.read_special(&path, LARGEST_FILE);
    taken(path, bytes)
}

fn taken(path: PathBuf, bytes: std::io::Result<Vec<u8>>) -> Result<Read, Failure> {
    let bytes = bytes.map_err(|error| {
        Failure::new(reading(&error), format!("cannot read {}", shown_path(&path)))
            .because(error)
            .unchanged(Unchanged::NothingTouched)
            .next("check the path, and that the medium it lies on is there")
    })?;
    Ok(Read { path, bytes: SecretBytes::new(bytes) })
}

fn companion(file: &Read) -> Result<Option<Companion>, Failure> {
    Companion::of(file.bytes.expose()).transpose().map_err(|error| not_imported(&file.path, error))
}

/// A file that another says how to open: one of those given, the one in its own folder first, or the one that lies
/// beside it.
fn opened_with(
    ctx: &Context,
    companions: &[(PathBuf, Companion)],
    file: &Read,
) -> Result<Option<Source>, Failure> {
    let name = file.path.file_name().unwrap_or_default().to_string_lossy();
    let bytes = file.bytes.expose();
    let mut given: Vec<&(PathBuf, Companion)> = companions.iter().collect();
    given.sort_by_key(|(path, _)| path.parent() != file.path.parent());
    let opened = given.into_iter().find_map(|(_, companion)| companion.open(&name, bytes));
    if opened.is_some() || !Companion::is_needed_by(&name, bytes) {
        return Ok(opened);
    }
    let beside = file.path.with_file_name(Companion::NAME);
    if ctx.disk.facts(&beside).is_ok_and(|facts| facts.is_some())
        && let Some(found) = companion(&read(ctx, beside)?)?
        && let Some(source) = found.open(&name, bytes)
    {
        return Ok(Some(source));
    }
    let what = format!(
        "{} is an encrypted .maFile, and no {} says how to open it",
        shown_path(&file.path),
        Companion::NAME
    );
    Err(Failure::new(Kind::NoFile, what).unchanged(Unchanged::OnlyRead(file.path.clone())).next(format!(
        "copy {} out of the same folder, then: lifeboat import {0} {}",
        Companion::NAME,
        shown_path(&file.path)
    )))
}

/// A file that needs no other. What a manifest is for need not be said where it has just been used.
fn alone(file: Read, named: Option<Format>, was_used: bool) -> Result<RecognisedFile, Failure> {
    let file_name = file.name();
    let Read { path, mut bytes } = file;
    let mut told = None;
    if let Some(text) = registry::from_utf16(bytes.expose()) {
        bytes = text;
    }
    if registry::is_picture(bytes.expose()) {
        (bytes, told) = picture::list(&path, &bytes)?;
    }
    let format = match named {
        Some(named) => named,
        None => registry::detect(bytes.expose()).map_err(|error| {
            Failure::new(Kind::UnknownFormat, format!("{} is of no known format", shown_path(&path)))
                .because(error)
                .unchanged(Unchanged::OnlyRead(path.clone()))
                .next(format!("formats that can be imported: {}", importable().join(", ")))
                .next("name the format with --from if you know it")
        })?,
    };
    let mut source = registry::open(format, bytes.expose()).map_err(|error| not_imported(&path, error))?;
    if let (Source::Plain(imported), true) = (&mut source, was_used) {
        imported.notices.retain(|notice| !matches!(notice, Notice::Manifest(_)));
    }
    Ok(RecognisedFile { source, file_name, format: format.id, told })
}
