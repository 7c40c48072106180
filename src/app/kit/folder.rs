//! The folder of a kit: made for its owner alone, written file by file, and read back before it is called made.

use std::path::{Path, PathBuf};

use super::super::bundle::{COPIES, sha256};
use super::super::context::Context;
use super::super::failure::{Failure, Kind, Unchanged, shown_path};
use super::super::{files, vault_file};
use super::{HTML, PROGRAM, READER, SUMS, TEXT};
use crate::storage::atomic::{self, Durability, Existing};
use crate::storage::disk::FileKind;
use crate::storage::{Step, StorageError};

const NAMES: [&str; 5] = [PROGRAM, READER, HTML, TEXT, SUMS];
const PROGRAM_MODE: u32 = 0o700;

/// A file of a kit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KitFile {
    /// Its name in the folder.
    pub name: &'static str,
    /// Its length in bytes.
    pub len: usize,
    /// Its SHA-256.
    pub sha256: [u8; 32],
}

/// What came of writing a kit.
pub(super) struct Written {
    pub(super) files: Vec<KitFile>,
    pub(super) durable: bool,
    pub(super) is_executable: bool,
}

/// How the folder was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Found {
    /// It is not there.
    Absent,
    /// It is there, with nothing in it.
    Empty,
    /// A kit lies in it, or a part of one, and nothing else.
    Kit,
}

/// Looks at the folder that is to become a kit.
///
/// # Errors
///
/// Exit 8 when something else lies there, or a kit that may not be replaced.
pub(super) fn look(ctx: &Context, folder: &Path, force: bool) -> Result<Found, Failure> {
    let cannot = |error| {
        Failure::new(Kind::Io, format!("cannot look at {}", shown_path(folder)))
            .because(error)
            .unchanged(Unchanged::NothingTouched)
            .next("check the path and its permissions, then run the command again")
    };
    let real = match ctx.disk.facts(folder).map_err(cannot)? {
        None => return files::no_folder_above(ctx, folder).map_err(cannot)?.map_or(Ok(Found::Absent), Err),
        Some(facts) if facts.kind == FileKind::Link => ctx.disk.resolve(folder).map_err(cannot)?,
        Some(_) => folder.to_owned(),
    };
    if ctx.disk.facts(&real).map_err(cannot)?.is_none_or(|facts| facts.kind != FileKind::Folder) {
        return Err(Failure::new(Kind::FileExists, format!("{} is there and no folder", shown_path(folder)))
            .unchanged(Unchanged::NothingTouched)
            .next("name a folder that does not exist yet with -o"));
    }
    let found = ctx.disk.list(&real).map_err(cannot)?;
    if found.is_empty() {
        return Ok(Found::Empty);
    }
    let is_whole = found.iter().any(|path| path.file_name().is_some_and(|name| name == SUMS));
    let foreign = found.iter().filter(|path| !is_of_a_kit(path)).count();
    if foreign == 0 && force {
        return Ok(Found::Kit);
    }
    let failure = match (foreign, is_whole) {
        (0, true) => Failure::new(Kind::FileExists, format!("{} holds a kit already", shown_path(folder)))
            .next("name another folder with -o, or make this kit anew with --force"),
        (0, false) => Failure::new(
            Kind::FileExists,
            format!("{} holds a kit that was begun and never finished", shown_path(folder)),
        )
        .next("make it anew with --force, or remove the folder"),
        (_, _) => Failure::new(Kind::FileExists, format!("{} is not empty", shown_path(folder)))
            .next("name a folder that does not exist yet with -o, on the medium for example: -o MEDIUM/kit"),
    };
    Err(failure.unchanged(Unchanged::NothingTouched))
}

/// Tells whether a kit has a file of this name, or leaves one when it is interrupted.
fn is_of_a_kit(path: &Path) -> bool {
    COPIES.iter().chain(&NAMES).any(|name| {
        let whole = path.file_name().is_some_and(|file| file == *name);
        whole || atomic::is_temporary_of(&path.with_file_name(name), path)
    })
}

/// Writes the files, the sums last: a folder without them is no whole kit. What was written is taken away again when
/// one of them fails.
pub(super) fn write(
    ctx: &Context,
    folder: &Path,
    found: Found,
    files: &[(&'static str, &[u8])],
) -> Result<Written, Failure> {
    let mut done = Vec::new();
    write_all(ctx, folder, found, files, &mut done).map_err(|error| {
        let mut failure = vault_file::not_saved(folder, error);
        "the kit was not made".clone_into(&mut failure.what);
        failure.unchanged = Some(take_away(ctx, folder, found, &done));
        failure.next =
            vec!["check the path, its permissions and the space on the medium, then run it again".to_owned()];
        failure
    })
}

fn write_all(
    ctx: &Context,
    folder: &Path,
    found: Found,
    files: &[(&'static str, &[u8])],
    done: &mut Vec<PathBuf>,
) -> Result<Written, StorageError> {
    let disk = ctx.disk.as_ref();
    let mut durable = true;
    match found {
        Found::Absent => {
            disk.create_folder(folder)
                .map_err(|error| StorageError::new(Step::CreateFolder, folder, error))?;
            // Else a power cut could take the folder with everything in it.
            let above = folder.parent().filter(|above| !above.as_os_str().is_empty());
            durable &= disk.sync_folder(above.unwrap_or(Path::new("."))).is_ok();
        }
        Found::Empty => {}
        Found::Kit => {
            // From here to the end it is no whole kit.
            let sums = folder.join(SUMS);
            match disk.remove(&sums) {
                Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                    return Err(StorageError::new(Step::Remove, &sums, error));
                }
                _ => {}
            }
        }
    }
    let listed: Vec<KitFile> =
        files.iter().map(|(name, bytes)| KitFile { name, len: bytes.len(), sha256: sha256(bytes) }).collect();
    let sums = sums(&listed);
    let existing = if found == Found::Kit { Existing::Replace } else { Existing::Refuse };
    let mut is_executable = true;
    for (name, bytes) in files.iter().copied().chain([(SUMS, sums.as_bytes())]) {
        let path = folder.join(name);
        let token = ctx.token().map_err(|_| {
            StorageError::new(Step::CreateTemporary, &path, std::io::Error::other("no random bytes"))
        })?;
        let durability = atomic::create(disk, &path, bytes, &token, existing)?;
        done.push(path.clone());
        durable &= durability == Durability::Confirmed;
        if name == PROGRAM {
            // A stick's file system may know no modes; then it is told.
            let _set = disk.set_mode(&path, PROGRAM_MODE);
            is_executable =
                cfg!(not(unix)) || matches!(disk.facts(&path), Ok(Some(facts)) if facts.mode & 0o100 != 0);
        }
    }
    read_back(ctx, folder, files, sums.as_bytes())?;
    Ok(Written { files: listed, durable, is_executable })
}

/// Reads everything once more where it lies now, when all of it is there.
fn read_back(
    ctx: &Context,
    folder: &Path,
    files: &[(&'static str, &[u8])],
    sums: &[u8],
) -> Result<(), StorageError> {
    for (name, bytes) in files.iter().copied().chain([(SUMS, sums)]) {
        let path = folder.join(name);
        let len = u64::try_from(bytes.len()).unwrap_or(u64::MAX);
        let found =
            ctx.disk.read(&path, len).map_err(|error| StorageError::new(Step::ReadBack, &path, error))?;
        if found != bytes {
            let differs = std::io::Error::new(
                std::io::ErrorKind::InvalidData,
                "the disk holds something else than was written",
            );
            return Err(StorageError::new(Step::ReadBack, &path, differs));
        }
    }
    Ok(())
}

/// The lines that `sha256sum -c` reads.
fn sums(files: &[KitFile]) -> String {
    files
        .iter()
        .map(|file| format!("{}  {}\n", data_encoding::HEXLOWER.encode(&file.sha256), file.name))
        .collect()
}

fn take_away(ctx: &Context, folder: &Path, found: Found, done: &[PathBuf]) -> Unchanged {
    let part = format!("a part of a kit lies in {}; it must not be given to anybody", shown_path(folder));
    if found == Found::Kit {
        // The earlier kit is spoiled in any case; what is whole in it stays.
        return Unchanged::Partly(part);
    }
    let gone =
        done.iter().all(|path| ctx.disk.remove(path).is_ok() || matches!(ctx.disk.facts(path), Ok(None)));
    let gone = gone
        && (found == Found::Empty
            || ctx.disk.remove_folder(folder).is_ok()
            || matches!(ctx.disk.facts(folder), Ok(None)));
    if gone { Unchanged::OutputNotCreated(folder.to_owned()) } else { Unchanged::Partly(part) }
}
